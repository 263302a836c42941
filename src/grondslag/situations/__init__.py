"""Situation files: the casebook, an organisation's policy tests, and the body of a request.

A file (``docs/situation-format.md``) is read strictly: an unknown word, an impossible date or two
records that contradict each other are refused, with place and remedy, because a typing error that is
passed over would count as *unknown* and change an answer without a word.  YAML is read as its plain
core, so that it says the same as JSON: only ``true`` and ``false`` are booleans, a date is text until
the format says otherwise, and anchors, tags and merge keys are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from .. import vocabulary as v
from ..question import Act, Case, Event
from .clashes import clashes, doubles, unknown_rules
from .errors import REPORTED, BadSituations, refusal, refuse
from .findings import structure
from .reading import SIZE_LIMIT, plain, read
from .schema import schema

__all__ = [
    "SIZE_LIMIT",
    "BadSituations",
    "Example",
    "Expect",
    "dump",
    "load",
    "loads",
    "on_day",
    "parse",
    "parse_case",
    "schema",
    "typed",
]


@dataclass(frozen=True, slots=True)
class Expect:
    """The answer that the author of a situation expects: may it be done, or is it so."""

    answer: bool
    rule: str | None = None
    duties: tuple[str, ...] = ()
    by_profile: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """One situation: a case, and what its author says of it (a request may have no ``id``: it is empty)."""

    id: str
    title: str
    profile: str
    case: Case
    expect: Expect | None = None
    why: str = ""
    source: tuple[str, ...] = ()
    confidence: str | None = None
    contested: bool = False

    @property
    def later(self) -> tuple[int, ...]:
        """The places of the events dated after the act: on file, but they do not count yet."""
        return tuple(event.place for event in self.case.history if event.date > self.case.act.date)


def load(path: Path | str) -> tuple[Example, ...]:
    """The situations of a file, YAML or (``.json``) JSON.

    :raises BadSituations: if it cannot be read or does not follow the format.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise refusal(str(path), f"cannot be opened ({reason})", "name a file that can be read") from None
    return loads(content, str(path))


def loads(text: str | bytes, name: str = "situations.yaml") -> tuple[Example, ...]:
    """:func:`load` for a text; ``name`` stands in the errors, and tells YAML from JSON."""
    tree = read(text, name)
    findings = structure(tree, "file")
    examples: list[Example] = []
    # A fault at the top, or faults everywhere, leave nothing that is worth a second look.
    if len(findings) <= REPORTED and all(len(at) > 1 for at, _, _ in findings):
        faulty = {at[1] for at, _, _ in findings}
        for number, data in enumerate(tree["situations"]):
            if number not in faulty:
                examples.append(_example(data))
                wrong = (*clashes(examples[-1].case), *unknown_rules(data.get("expect", {})))
                for at, problem, remedy in wrong:
                    findings.append((("situations", number, *at), problem, remedy))
        findings += doubles(tree["situations"])
    refuse(name, tree, findings)
    return tuple(examples)


def parse(request: object, name: str = "request") -> Example:
    """One situation without ``expect``, as a mapping of plain objects: the body of a request.

    :raises BadSituations: if it does not follow the format.
    """
    tree = plain(request, name)
    refuse(name, tree, structure(tree, "request"))
    example = _example(tree)
    refuse(name, tree, list(clashes(example.case)))
    return example


def parse_case(request: object, name: str = "request") -> Case:
    """The case of :func:`parse`; a ``profile`` in the request is for the caller to read."""
    return parse(request, name).case


def on_day(example: Example, day: date, name: str = "situations") -> Example:
    """The same situation with its act on another day.

    :raises BadSituations: for what cannot be true on that day.
    """
    moved = replace(example, case=replace(example.case, act=replace(example.case.act, date=day)))
    found = [(("situations", 0, *at), problem, remedy) for at, problem, remedy in clashes(moved.case)]
    refuse(name, dump(moved), found)
    return moved


def dump(*examples: Example) -> dict[str, Any]:
    """The file that holds these examples, as plain JSON: :func:`loads` gives the same examples back."""
    return {"version": 1, "situations": [plain(_written(example), example.id) for example in examples]}


_LABELS: Final = ("id", "title", "profile", "why", "source", "confidence", "contested")


def _example(data: Mapping[str, Any]) -> Example:
    """The example that sound plain data stand for."""
    history = []
    for place, entry in enumerate(data["history"]):
        ((kind, fields),) = ((kind, fields) for kind, fields in entry.items() if kind != "date")
        history.append(Event(date.fromisoformat(entry["date"]), kind, typed(fields, v.EVENTS[kind]), place))
    act = dict(data["act"])
    day, do = date.fromisoformat(act.pop("date")), act.pop("do")
    case = Case(
        controller=typed(data.get("controller", {}), v.CONTROLLER),
        person=typed(data.get("person", {}), v.PERSON),
        history=tuple(sorted(history, key=lambda event: event.date)),
        act=Act(day, do, typed(act, v.ACTS[do])),
    )
    return Example(
        id=data.get("id", ""),
        title=data.get("title", ""),
        profile=data.get("profile", "strict"),
        case=case,
        expect=_expect(data["expect"]) if "expect" in data else None,
        why=data.get("why", ""),
        source=tuple(data.get("source", ())),
        confidence=data.get("confidence"),
        contested=data.get("contested", False),
    )


def typed(record: Mapping[str, Any], fields: v.Fields) -> dict[str, object]:
    """The record with each date as a date, and each whole number (JSON may write 2.0) as an int."""
    found = dict(record)
    for name, value in record.items():
        match fields[name].type:
            case v.Day():
                found[name] = date.fromisoformat(value)
            case v.Number():
                found[name] = int(value)
            case v.Object(inner):
                found[name] = typed(value, inner)
    return found


def _expect(data: Mapping[str, Any]) -> Expect:
    by_profile = {name: answer in ("allow", True) for name, answer in data.get("by_profile", {}).items()}
    return Expect(
        data["answer"] in ("allow", True), data.get("rule"), tuple(data.get("duties", ())), by_profile
    )


def _written(example: Example) -> dict[str, Any]:
    """The example as a file writes it."""
    case, expect = example.case, example.expect
    record: dict[str, Any] = {name: getattr(example, name) for name in _LABELS}
    record |= {"controller": case.controller, "person": case.person}
    if expect:
        words = {True: True, False: False} if case.act.do == "judge" else {True: "allow", False: "deny"}
        by_profile = {name: words[answer] for name, answer in expect.by_profile.items()}
        said = {"rule": expect.rule, "duties": expect.duties, "by_profile": by_profile}
        record["expect"] = {"answer": words[expect.answer]} | {
            name: each for name, each in said.items() if each
        }
    as_filed = sorted(case.history, key=lambda event: event.place)
    return {name: value for name, value in record.items() if value} | {
        "history": [{"date": event.date, event.kind: event.fields} for event in as_filed],
        "act": {"date": case.act.date, "do": case.act.do, **case.act.fields},
    }
