"""The casebook passes whole: every answer, with the rule that decides and the duties that are open."""

from __future__ import annotations

from dataclasses import is_dataclass
from enum import Enum

import pytest

from grondslag.decide import Decision, decide, permitted
from grondslag.facts import draw
from grondslag.law import acts, rights_terms, situation
from grondslag.law.profiles import Profile
from grondslag.situations import Example
from tests.casebook import EXAMPLES


def decided(example: Example, profile: str) -> Decision:
    return decide(draw(example.case), at=example.case.act.date, profile=Profile.parse(profile))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)
def test_the_law_answers_as_the_casebook_says(example: Example):
    assert example.expect is not None
    decision = decided(example, example.profile)
    assert decision.allowed == example.expect.answer, decision.rules
    assert example.expect.rule in decision.rules
    assert set(example.expect.duties) <= set(decision.duties)


@pytest.mark.parametrize(
    ("example", "profile"),
    [(e, profile) for e in EXAMPLES if e.expect for profile in e.expect.by_profile],
    ids=lambda value: value.id if isinstance(value, Example) else value,
)
def test_a_contested_situation_is_answered_by_the_profile(example: Example, profile: str):
    assert example.expect is not None
    decision = decided(example, profile)
    assert decision.allowed == example.expect.by_profile[profile], decision.rules
    assert example.expect.rule in decision.rules


def test_asking_only_whether_it_is_permitted_gives_the_same_answer():
    """The short way, which the search for remedies takes by the thousand."""
    for example in EXAMPLES:
        decision = decided(example, example.profile)
        may = permitted(decision.situation, at=decision.at, profile=decision.profile)
        assert may is decision.allowed, example.id


def test_what_drawing_leaves_out_decides_nothing(monkeypatch: pytest.MonkeyPatch):
    """Facts that an act does not draw have a value by default: another changes no answer, rule or duty."""

    def told() -> list[tuple[bool, tuple[str, ...], tuple[str, ...]]]:
        decisions = [decided(example, example.profile) for example in EXAMPLES]
        return [(decision.allowed, decision.rules, decision.duties) for decision in decisions]

    before, changed = told(), 0
    places = (vars(place).values() for place in (situation, acts, rights_terms))
    kinds = {kind for values in places for kind in values if isinstance(kind, type) and is_dataclass(kind)}
    for make in [vars(kind)["__init__"] for kind in kinds]:
        defaults = make.__defaults__ or ()
        others = tuple(other(value) if isinstance(value, Enum) else value for value in defaults)
        monkeypatch.setattr(make, "__defaults__", others)
        changed += others != defaults
    assert changed > 10
    assert told() == before


def other(value: Enum) -> Enum:
    members = list(type(value))
    return members[(members.index(value) + 1) % len(members)]


def test_no_profile_forbids_what_a_stricter_one_allows():
    order = ("strict", "balanced", "permissive")
    for example in EXAMPLES:
        answers = [decided(example, profile).allowed for profile in order]
        assert answers == sorted(answers), example.id


def test_leaving_a_fact_out_never_turns_a_no_into_a_yes():
    """Drop each field of each event, the person and the act: unknown never helps the sender.

    An event that only speaks against the controller (an objection, a withdrawal, a listing) and a
    restriction are not left out: what nobody recorded did not happen.
    """
    from dataclasses import replace

    from grondslag.question import Act

    checked = 0
    for example in EXAMPLES:
        if decided(example, example.profile).allowed or example.case.act.do == "judge":
            continue
        case = example.case
        for name in case.act.fields:
            # A reply or a service message advertises nobody, unless the act says so.
            answers = case.act.fields.get("content") in ("reply", "mixed")
            if name in HARMFUL or (answers and name == "advertises"):
                continue
            fields = {key: value for key, value in case.act.fields.items() if key != name}
            fewer = replace(case, act=Act(case.act.date, case.act.do, fields))
            decision = decide(draw(fewer), at=case.act.date, profile=Profile.parse(example.profile))
            assert not decision.allowed, (example.id, name)
            checked += 1
        for place, event in enumerate(case.history):
            if event.kind in ("objection", "withdrawal", "register", "assessed", "dispute", "request"):
                continue
            for name in event.fields:
                if name in HARMFUL:
                    continue
                fields = {key: value for key, value in event.fields.items() if key != name}
                history = (*case.history[:place], replace(event, fields=fields), *case.history[place + 1 :])
                fewer = replace(case, history=history)
                decision = decide(draw(fewer), at=case.act.date, profile=Profile.parse(example.profile))
                assert not decision.allowed, (example.id, event.kind, name)
                checked += 1
    assert checked > 500


HARMFUL = {
    # What is said against the act itself or the person's relation: left out, it did not happen.
    "special_category", "on_behalf_of", "message", "call", "forward", "until", "cancelled", "months",
    "with", "opt_out_used", "by", "to", "charge", "card_data", "for_marketing", "incentive",
    "answer_names", "received", "answered", "outcome",
    # Informing within the month, and apart, is still to be done: left out, the duty is open.
    "informed_14_on", "separate",
    # It says why a request was refused; a notice of extension on file stands for its own reasons.
    "reasons_given",
}  # fmt: skip
