"""What makes decisions fast gives the answers of what is slow, and never takes more than so much memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest

from grondslag import locale
from grondslag.decide import Decision, _decide, _deciding, concerning, decide, in_force, permitted
from grondslag.facts import Approaches, _by, _the_one, draw
from grondslag.facts.reading import add_months, full_years
from grondslag.law.profiles import Profile
from grondslag.law.terms import Channel
from grondslag.moves import MOVES, _open_to
from grondslag.neighbours import Neighbours, _rules
from grondslag.question import Act
from tests.casebook import EXAMPLES

PROFILES = ("strict", "balanced", "permissive")


def decided(example, profile: str = "strict") -> Decision:
    return decide(draw(example.case), at=example.case.act.date, profile=Profile.parse(profile))


def said(decision: Decision):
    return [(f.rule.slug, [clause.answer for clause in f.clauses]) for f in decision.findings]


@pytest.mark.parametrize("profile", PROFILES)
def test_what_is_permitted_is_what_is_decided(profile: str):
    for example in EXAMPLES:
        found = decided(example, profile)
        asked = permitted(found.situation, at=found.at, profile=found.profile)
        assert asked == found.allowed, example.id


@pytest.mark.parametrize("profile", PROFILES)
def test_a_neighbour_is_allowed_when_the_moved_situation_is(profile: str):
    for example in EXAMPLES:
        refused = decided(example, profile)
        if refused.allowed:
            continue
        near = Neighbours(refused)
        for moves in (*combinations(near.moves, 1), *combinations(near.moves[-4:], 2)):
            situation = refused.situation
            for move in moves:
                situation = move.apply(situation) or situation
            after = decide(situation, at=refused.at, profile=refused.profile)
            assert near.allows(*moves) == after.allowed, (example.id, [move.slug for move in moves])
            if len(moves) == 1:
                assert near.tells(*moves) == (said(after) != said(refused)), (example.id, moves[0].slug)


def test_no_two_moves_set_the_same_fact_of_the_same_act():
    for example in EXAMPLES:
        situation = draw(example.case)
        changes = [change for move in MOVES if (change := move.change(situation)) is not None]
        facts = [fact for change in changes for fact in change.facts - {"consents"}]
        assert len(facts) == len(set(facts)), example.id


def test_a_person_approached_by_any_channel_is_the_person_that_is_drawn():
    for example in EXAMPLES:
        case, at = example.case, example.case.act.date
        approaches = Approaches(case, at)
        for content in ("promotional", "consent-request"):
            fields = {**case.act.fields, "content": content}
            for channel, situation in approaches.by(Channel, fields):
                act = Act(at, "contact", {**fields, "channel": channel.value})
                assert situation == draw(replace(case, act=act)), (example.id, channel)


def test_a_situation_that_is_drawn_again_is_the_one_that_was_drawn_before():
    for example in EXAMPLES:
        assert draw(example.case) is draw(replace(example.case)), example.id


def test_full_years_are_the_birthdays_that_have_passed():
    for born in (date(2008, 2, 29), date(2009, 12, 31), date(2010, 6, 15)):
        for at in (born + timedelta(days=days) for days in range(0, 3000, 13)):
            passed = sum(1 for years in range(1, 20) if add_months(born, 12 * years) <= at)
            assert full_years(born, at) == passed


@pytest.mark.parametrize(
    "kept",
    [
        *(_decide, _deciding, concerning, in_force, _the_one, _by, _open_to, _rules),
        *(locale.word, locale.clause, locale.day),
    ],
)
def test_what_is_remembered_has_a_bound(kept):
    assert kept.cache_info().maxsize is not None
