"""What cannot all be true of one case, though each field by itself may stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any, Final

from ..law.rulebook import ids
from ..question import Case, Event
from .births import IMPOSSIBLE, OWN_ACTS, is_before_birth
from .contradictions import contradictions
from .errors import Finding, shown

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
    for first, second, field in contradictions(case.history):
        problem = f"contradicts history[{first.place}].{first.kind}.{field} of the same day"
        yield ("history", second.place, second.kind, field), problem, "keep the entry that is right"
    for field, problem, remedy in _act_clashes(case):
        yield ("act", field), problem, remedy


def _event_clashes(event: Event, case: Case) -> Iterator[Finding]:
    """What cannot be true of one event by itself, or of this person."""
    match event.kind, event.fields:
        case "relation" | "dispute", {"until": date() as until} if until < event.date:
            yield ("until",), "is earlier than the date of the entry", _ONE_OF_TWO
        case "consent", {"verified": {"date": date() as verified}} if verified < event.date:
            yield ("verified", "date"), "is earlier than the consent that it verifies", _ONE_OF_TWO
        case "register", {"checked": date() as checked} if checked > event.date:
            yield ("checked",), "is later than the date of the entry", _ONE_OF_TWO
    match event.kind in OWN_ACTS, case.person.get("age"), event.date:
        case True, int() as age, day if is_before_birth(day.year, day.month, day.day, age, case.act.date):
            yield (), IMPOSSIBLE, "correct the date, or the age"


def _act_clashes(case: Case) -> Iterator[tuple[str, str, str]]:
    """The fields of the act that cannot be true, of this day and of what is on file."""
    match case.act.do, case.act.fields:
        case "contact", {"content": "factual", "advertises": whose} if whose != "own":
            remedy = "write content: mixed or promotional, or leave advertises out"
            yield "advertises", "is the advertising of another, in a message that is only factual", remedy
        case "keep", {"since": date() as since} if since > case.act.date:
            yield "since", "is later than the act: the term has not begun", _ONE_OF_TWO
        case "respond", _:
            yield from _answer_clashes(case)


def _answer_clashes(case: Case) -> Iterator[tuple[str, str, str]]:
    """A request came in on a day that is on file, was then answered, and then the answer is judged."""
    act = case.act
    on_file = [event.date for event in case.history if event.kind == "request" and event.date <= act.date]
    received = act.fields.get("received")
    if isinstance(received, date) and received > act.date:
        yield "received", "is later than the act", _ONE_OF_TWO
    elif on_file and received not in (None, *on_file):
        remedy = "write the day of the request that is answered, or add that request to the history"
        yield "received", "is the day of no request on file", remedy
    came_in = received or max(on_file, default=date.min)
    for name in ("extension_notice", "answered"):
        moment = act.fields.get(name)
        if isinstance(moment, date) and moment > act.date:
            yield name, "is later than the act", f"{_ONE_OF_TWO}, or leave out what is still to come"
        elif isinstance(moment, date) and isinstance(came_in, date) and moment < came_in:
            yield name, "is earlier than the day on which the request came in", _ONE_OF_TWO


def unknown_rules(expect: Mapping[str, Any]) -> Iterator[Finding]:
    """Rules that are expected to decide or to be a duty, and that docs/law.md does not have."""
    duties = [(("expect", "duties", place), name) for place, name in enumerate(expect.get("duties", ()))]
    for at, name in [(("expect", "rule"), expect.get("rule")), *duties]:
        if name is not None and name not in ids():
            near = "".join(f"did you mean {each}? " for each in get_close_matches(name.upper(), ids(), 1))
            yield at, f"there is no rule {shown(name)}", f"{near}take an id of docs/law.md"


def doubles(situations: Sequence[Any]) -> Iterator[Finding]:
    """Situations of a file that bear the id of an earlier one."""
    first: dict[str, int] = {}
    for number, situation in enumerate(situations):
        name = situation.get("id") if isinstance(situation, dict) else None
        if isinstance(name, str) and first.setdefault(name, number) != number:
            problem = f"is also the id of situation {first[name] + 1} of this file"
            yield ("situations", number, "id"), problem, "give each situation an id of its own"
