"""Asking about one person without a channel: what is on file, the act, and on which day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from grondslag.decide import Decision, decide
from grondslag.facts import draw
from grondslag.law.profiles import Profile
from grondslag.question import Act, Case, Event

SHOP = {"name": "Tuincentrum Wilgenzwaan BV", "kind": "company"}
ANNA = {"kind": "consumer"}

SALE = {
    "details": ["email", "address"],
    "in": "sale",
    "opt_out_offered": "separately",
    "opt_out_used": False,
    "informed": True,
    "interest_told": True,
}
BALANCED = {"kind": "legitimate-interest", "outcome": "pass", "on_record": True}
YES_PLEASE = {
    "naming": "named",
    "by": "ticked-box",
    "conditional": False,
    "incentive": "none",
    "informed": True,
    "given_by": "person",
    "evidence": "full",
}

Record = tuple[str, str, dict[str, object]]


def ask(  # noqa: PLR0913 - whatever differs from Anna, the shop and the strict reading
    day: str,
    do: str,
    act: Mapping[str, object],
    *history: Record,
    controller: Mapping[str, object] = SHOP,
    person: Mapping[str, object] = ANNA,
    profile: str = "strict",
) -> Decision:
    """The decision about an act on a day, with these records on file, oldest first."""
    events = tuple(
        Event(date.fromisoformat(on), kind, fields, place) for place, (on, kind, fields) in enumerate(history)
    )
    at = date.fromisoformat(day)
    case = Case(controller, person, events, Act(at, do, act))
    return decide(draw(case), at=at, profile=Profile.of(profile))
