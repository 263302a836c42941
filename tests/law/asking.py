"""One question to the rulebook, in a line: the act, the day, and what is on file."""

from __future__ import annotations

from datetime import date
from typing import Any

from grondslag.decide import Decision, decide
from grondslag.facts import draw
from grondslag.law.profiles import Profile
from grondslag.question import Act, Case, Event

SHOP = {"name": "Zilverreiger Webwinkels BV", "kind": "company"}
CONSUMER = {"kind": "consumer"}

On = tuple[str, str, dict[str, Any]]
"""A day, the kind of event, and its fields."""


def asked(
    do: str,
    day: str,
    *history: On,
    profile: str = "strict",
    controller: dict[str, Any] = SHOP,
    person: dict[str, Any] = CONSUMER,
    **fields: Any,
) -> Decision:
    """The decision about one act of the shop; dates may be written as text."""
    events = [Event(date.fromisoformat(on), kind, _dated(what)) for on, kind, what in history]
    ordered = sorted(events, key=lambda event: event.date)
    placed = tuple(Event(e.date, e.kind, e.fields, place) for place, e in enumerate(ordered))
    act = Act(date.fromisoformat(day), do, _dated(fields))
    case = Case(controller, person, placed, act)
    return decide(draw(case), at=act.date, profile=Profile.of(profile))


_DATES = ("since", "until", "received", "answered", "extension_notice", "checked")


def _dated(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: date.fromisoformat(v) if name in _DATES else v for name, v in fields.items()}
