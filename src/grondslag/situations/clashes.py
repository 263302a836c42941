"""What cannot all be true of one case, though each field by itself may stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from .. import vocabulary as v
from ..question import Case, Event
from .errors import Finding

_OWN_ACTS: Final = v.one_of(
    "relation consent withdrawal objection published asked interaction request dispute"
).values
"""The events that are a person's own doing, and so do not come before being born."""

_ONE_OF_TWO: Final = "correct one of the two dates"


def clashes(case: Case) -> Iterator[Finding]:
    """What cannot all be true of one case, though each field by itself may stand."""
    consented = min((event.date for event in case.history if event.kind == "consent"), default=date.max)
    for event in case.history:
        for at, problem, remedy in _event_clashes(event, case):
            yield ("history", event.place, event.kind, *at), problem, remedy
        if event.kind == "withdrawal" and event.date < consented:
            problem = "withdraws a consent, and there is none on or before its date"
            remedy = "record it as an objection, or add the consent that it withdraws"
            yield ("history", event.place, event.kind), problem, remedy
    yield from _register_clashes(case.history)
    received = case.act.fields.get("received")
    if isinstance(received, date):
        if received > case.act.date:
            yield ("act", "received"), "is later than the act", _ONE_OF_TWO
        for name in ("extension_notice", "answered"):
            moment = case.act.fields.get(name)
            if isinstance(moment, date) and moment < received:
                yield ("act", name), "is earlier than the day on which the request came in", _ONE_OF_TWO


def _event_clashes(event: Event, case: Case) -> Iterator[Finding]:
    """What cannot be true of one event by itself, or of this person."""
    match event.kind, event.fields:
        case "relation" | "dispute", {"until": date() as until} if until < event.date:
            yield ("until",), "is earlier than the date of the entry", _ONE_OF_TWO
        case "consent", {"verified": {"date": date() as verified}} if verified < event.date:
            yield ("verified", "date"), "is earlier than the consent that it verifies", _ONE_OF_TWO
        case "register", {"checked": date() as checked} if checked > event.date:
            yield ("checked",), "is later than the date of the entry", _ONE_OF_TWO
    if event.kind in _OWN_ACTS and _is_before_birth(event.date, case):
        yield (), "is dated before a person of this age was born", "correct the date, or the age"


def _is_before_birth(day: date, case: Case) -> bool:
    """Whether the day is certainly before the person, if of known age, was born.

    Who has an age on the day of the act was born less than that age plus one year before it.
    """
    age, act = case.person.get("age"), case.act.date
    return isinstance(age, int) and (day.year + age + 1, day.month, day.day) <= (act.year, act.month, act.day)


def _register_clashes(history: Sequence[Event]) -> Iterator[Finding]:
    """Two looks at one register on one day with different outcomes."""
    seen: dict[tuple[object, object], object] = {}
    for event in history:
        match event.kind, event.fields:
            case "register", {"name": name, "listed": listed} if (
                seen.setdefault((event.date, name), listed) != listed
            ):
                problem = "contradicts another entry for this register on the same day"
                yield ("history", event.place, "register", "listed"), problem, "keep the entry that is right"


def doubles(situations: Sequence[Any]) -> Iterator[Finding]:
    """Situations of a file that bear the id of an earlier one."""
    first: dict[str, int] = {}
    for number, situation in enumerate(situations):
        name = situation.get("id") if isinstance(situation, dict) else None
        if isinstance(name, str) and first.setdefault(name, number) != number:
            problem = f"is also the id of situation {first[name] + 1} of this file"
            yield ("situations", number, "id"), problem, "give each situation an id of its own"
