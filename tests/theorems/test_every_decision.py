"""The theorems once more, of decide() itself: in situations of a yes, and one or two facts away from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache

import pytest

from grondslag.answers import NO, UNKNOWN, YES
from grondslag.decide import Decision, _decide, decide
from grondslag.law.explore import facts
from grondslag.law.graph import Value
from grondslag.law.profiles import PERMISSIVE
from grondslag.law.rulebook import DUTCH
from grondslag.law.rules import PERMITS, REQUIRES, Rule
from grondslag.law.situation import Collection, Consent, Message, Relation
from grondslag.law.terms import CALLS, ELECTRONIC_MESSAGES, MARKETING, Channel
from tests.theorems.counting import decided
from tests.theorems.exceptions import BY_DEFAULT, COUNTS_AS, NOT_ON_FILE, WORSE
from tests.theorems.worlds import PROFILES, Book, books, situation, values, yes_world

OTHER_ACTS = sorted({rule.do for rule in DUTCH.rules} - {"contact", "judge"})
EVERY_BOOK = books() + [book for do in OTHER_ACTS for book in books(do, (None,))]
_ONCE = {(book.rules, book.profile.name): book for book in reversed(EVERY_BOOK)}
DIFFERENT = [book for book in reversed(_ONCE.values()) if book.last.year > 2026 or book.profile == PERMISSIVE]
"""Channels that share their rules, such as e-mail and text messages, are tried once, and the law of
former days in the profile with the most permissions.  The proofs by parts leave nothing out."""
TODAY = [book for book in DIFFERENT if book.last.year > 2026]


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    """Decisions are kept to be looked up again; here they would only fill the memory."""
    yield
    _decide.cache_clear()


def permissions(book: Book) -> list[Rule]:
    """The permissions of a book, but for one that is never given: it says what is missing."""
    return [rule for rule in book.rules if rule.effect == PERMITS and rule.slug != "request"]


@lru_cache(maxsize=16)
def one_away(book: Book, permission: Rule) -> dict[str, dict[Value, Decision]]:
    """For each fact what is decided with each of its values, all else as in the situation of the yes."""
    world = yes_world(book, permission)
    return {
        fact: {value: book.decide({**world, fact: value}) for value in those}
        for fact, those in values(book).items()
    }


# --- A yes, and what it carries -------------------------------------------------------------------


@pytest.mark.parametrize("book", EVERY_BOOK, ids=str)
def test_every_permission_gives_a_yes_on_the_first_day_and_the_last(book: Book):
    for permission in permissions(book):
        world = yes_world(book, permission)
        for day in (book.first, book.last):
            decision = book.decide(world, day)
            assert decision.allowed
            assert permission in [finding.rule for finding in decision.granted]


def duties_of_marketing(channel: Channel | None, at: date) -> set[str]:
    """What every message or call must offer, say and show, by channel and day (D-08, D-09, T-07 to T-15)."""
    since = {
        "D-08": (ELECTRONIC_MESSAGES | {Channel.FAX}, date.min),
        "D-09": (ELECTRONIC_MESSAGES, date.min),
        "T-07": ({Channel.PHONE}, date.min),
        "T-08": (CALLS, date(2020, 3, 1)),
        "T-09": ({Channel.PHONE}, date(2014, 6, 13)),
        "T-15": ({Channel.PHONE}, date(2024, 10, 15)),
    }
    return {duty for duty, (over, first) in since.items() if channel in over and first <= at}


@pytest.mark.parametrize("book", [book for book in DIFFERENT if book.do == "contact"], ids=str)
def test_every_yes_lists_its_duties(book: Book):
    """Identity, a way out, the number, the objection: each is met by the act or listed as open."""
    told = {fact for rule in book.rules if rule.effect == REQUIRES for fact in facts(rule)}
    wanted = duties_of_marketing(book.channel, book.first)
    for permission in permissions(book):
        world = yes_world(book, permission)
        for fact in told & set(values(book)):
            for value in values(book)[fact]:
                decision = book.decide({**world, fact: value})
                act = decision.situation.act
                if decision.allowed and isinstance(act, Message) and act.content in MARKETING:
                    duties = {f.rule.ids[0]: f.answer for f in decision.findings if f.rule.effect == REQUIRES}
                    assert wanted <= set(duties)
                    assert NO not in duties.values()
                    assert {duty for duty in duties if duties[duty] is UNKNOWN} == set(decision.duties)


# --- One fact away --------------------------------------------------------------------------------


def objections_that_help(table: dict[str, dict[Value, bool]]) -> list[str]:
    """Facts that speak against the sender, and yet turn his no into a yes."""
    found = []
    for fact in set(table) & set(WORSE):
        steps = [{table[fact][value] for value in step if value in table[fact]} for step in WORSE[fact]]
        for place, step in enumerate(steps):
            if True in set().union(*steps[place + 1 :]) and False in step:
                found.append(fact)
    return found


def broken_duty(decision: Decision) -> bool:
    """Whether nothing but a broken duty is in the way."""
    return bool(decision.granted) and {finding.rule.effect for finding in decision.barred} == {REQUIRES}


def doubts_that_help(book: Book, table: dict[str, dict[Value, Decision]]) -> list[str]:
    """Facts of which it is better for the sender to know nothing."""
    found = []
    for fact, by_value in table.items():
        doubt = next((value for value in by_value if getattr(value, "name", "") == "UNKNOWN"), None)
        if doubt is None or fact in NOT_ON_FILE or not by_value[doubt].allowed:
            continue
        if book.do != "contact" and fact.startswith("act."):
            continue
        if any((finding.rule.slug, fact) in BY_DEFAULT for finding in by_value[doubt].granted):
            continue
        known = {COUNTS_AS[fact]} & set(by_value) if fact in COUNTS_AS else set(by_value) - {doubt}
        found += [
            f"{fact}: {value}"
            for value in known
            if not (by_value[value].allowed or broken_duty(by_value[value]))
        ]
    return found


@pytest.mark.parametrize("book", DIFFERENT, ids=str)
def test_neither_doubt_nor_an_objection_turns_a_no_into_a_yes(book: Book):
    for permission in permissions(book):
        table = one_away(book, permission)
        allowed = {fact: {v: d.allowed for v, d in by_value.items()} for fact, by_value in table.items()}
        assert objections_that_help(allowed) == [], permission.slug
        assert doubts_that_help(book, table) == [], permission.slug


@pytest.mark.parametrize("book", [book for book in TODAY if book.profile == PROFILES[0]], ids=str)
def test_a_more_permissive_profile_never_forbids_what_a_stricter_one_allows(book: Book):
    for permission in permissions(book):
        for by_value in one_away(book, permission).values():
            for decision in by_value.values():
                if decision.allowed:
                    for profile in PROFILES[1:]:
                        decided()
                        assert decide(decision.situation, at=decision.at, profile=profile).allowed


EXCEPTED = {
    "processors": "who only follows instructions decides nothing; what is done with the data is judged again",
    "audiences-of-all-contacts": "P-AUDIENCE permissive: objectors may be uploaded to be left out",
    "audiences-of-informed-customers": "is beside that one in the permissive profile",
    "proof-of-consent-per-person": "once a consent is on file, that one is judged instead",
}
"""Permissions that do not ask themselves whether there was an objection, and why."""


@pytest.mark.parametrize("book", TODAY, ids=str)
def test_a_consent_of_which_nothing_is_known_opens_nothing(book: Book):
    """Not even one of today; nor does it close anything, for one consent that suffices is enough.

    The same goes for another collection or relation of which nothing is known.
    """
    later = Consent(exists=YES, after_objection=YES)
    for permission in permissions(book):
        if permission.slug in EXCEPTED:
            continue
        world = yes_world(book, permission)
        for fact in (fact for fact in values(book) if fact.startswith("person.")):
            for value in values(book)[fact]:
                here = situation(book, {**world, fact: value})
                more = replace(
                    here,
                    consents=(*here.consents, later),
                    collections=(*here.collections, Collection()),
                    relations=(*here.relations, Relation()),
                )
                decided(2)
                alone, beside = (decide(s, at=book.first, profile=book.profile) for s in (here, more))
                assert alone.allowed == beside.allowed, (permission.slug, fact, value)


# --- Two facts away -------------------------------------------------------------------------------

PAIRED = [
    (book, permission)
    for book in TODAY
    if book.channel in (Channel.EMAIL, Channel.PHONE, Channel.POST) and book.profile == PROFILES[-1]
    for permission in permissions(book)
]


@pytest.mark.parametrize(("book", "permission"), PAIRED, ids=lambda value: getattr(value, "slug", str(value)))
def test_what_one_fact_forbids_neither_doubt_nor_an_objection_allows(book: Book, permission: Rule):
    """From each no that is one fact away: the other facts in doubt, or worse, in turn."""
    world = yes_world(book, permission)
    table = one_away(book, permission)
    worse = {
        fact: {value for step in WORSE[fact][1:] for value in step} & set(by_value)
        for fact, by_value in table.items()
        if fact in WORSE
    }
    doubt = {
        fact: {value for value in by_value if getattr(value, "name", "") == "UNKNOWN"}
        for fact, by_value in table.items()
        if fact not in {*NOT_ON_FILE, *COUNTS_AS, "person.legitimate_interest"}
    }
    for broken, by_value in table.items():
        for value, decision in by_value.items():
            if decision.allowed or broken_duty(decision):
                continue
            for fact in set(worse) | set(doubt):
                if fact != broken:
                    for other in worse.get(fact, set()) | doubt.get(fact, set()):
                        if other != world.get(fact):
                            assert not book.allows({**world, broken: value, fact: other}), (
                                broken,
                                value,
                                fact,
                                other,
                            )
