"""Situation files: the casebook, an organisation's policy tests, and the body of a request.

A file (``docs/situation-format.md``) is read strictly: an unknown word, an impossible date or two
records that contradict each other are refused, with place and remedy, because a typing error that is
passed over would count as *unknown* and change an answer without a word.  YAML is read as its plain
core, so that it says the same as JSON: only ``true`` and ``false`` are booleans, a date is text until
the format says otherwise, and anchors, tags and merge keys are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

import yaml
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from . import vocabulary as v
from .errors import BadCase
from .question import Act, Case, Event

SIZE_LIMIT: Final = 16 * 2**20
DEPTH_LIMIT: Final = 10
REPORTED: Final = 20

Steps = tuple[str | int, ...]
"""The way from the top of a file, a request or a situation to a field."""
Finding = tuple[Steps, str, str]
"""Where something is wrong, what, and what to do about it."""


class BadSituations(BadCase):
    """Everything that is wrong with a file or a request: ``problems`` holds one error for each."""

    def __init__(self, name: str, problems: Sequence[BadCase]) -> None:
        self.problems = tuple(problems[:REPORTED])
        if len(problems) == 1:
            super().__init__(problems[0].place, problems[0].problem, problems[0].remedy)
        else:
            more = ["and more"] if len(problems) > REPORTED else []
            super().__init__(name, "\n- ".join(["several problems:", *map(str, self.problems), *more]), "")


@dataclass(frozen=True, slots=True)
class Expect:
    """The answer that the author of a situation expects: may it be done, or is it so."""

    answer: bool
    rule: str | None = None
    duties: tuple[str, ...] = ()
    by_profile: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """One situation: a case, and what its author says of it; a request may leave out the ``id``."""

    case: Case
    id: str = ""
    title: str = ""
    profile: str = "strict"
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
        raise _refusal(str(path), f"cannot be opened ({reason})", "name a file that can be read") from None
    return loads(content, str(path))


def loads(text: str | bytes, name: str = "situations.yaml") -> tuple[Example, ...]:
    """:func:`load` for a text; ``name`` stands in the errors, and tells YAML from JSON."""
    tree = _read(text, name)
    findings = _structure(tree, "file")
    examples: list[Example] = []
    # A fault at the top, or faults everywhere, leave nothing that is worth a second look.
    if len(findings) <= REPORTED and all(len(steps) > 1 for steps, _, _ in findings):
        faulty = {steps[1] for steps, _, _ in findings}
        for number, data in enumerate(tree["situations"]):
            if number not in faulty:
                examples.append(_example(data))
                findings += [(("situations", number, *at), *said) for at, *said in _clashes(examples[-1])]
        findings += _doubles(tree["situations"])
    _refuse(name, tree, findings)
    return tuple(examples)


def parse(request: object, name: str = "request") -> Example:
    """One situation without ``expect``, as plain objects: the body of a request.

    :raises BadSituations: if it does not follow the format.
    """
    tree = _plain(request, name)
    _refuse(name, tree, _structure(tree, "request"))
    example = _example(tree)
    _refuse(name, tree, list(_clashes(example)))
    return example


def parse_case(request: object, name: str = "request") -> Case:
    """The case of :func:`parse`; a ``profile`` in the request is for the caller to read."""
    return parse(request, name).case


def dump(*examples: Example) -> dict[str, Any]:
    """The file that holds these examples, as plain JSON: :func:`loads` gives the same examples back."""
    return {"version": 1, "situations": [_plain(_written(example), example.id) for example in examples]}


# From plain data to examples, and back

_LABELS: Final = ("id", "title", "profile", "why", "confidence", "contested")


def _example(data: Mapping[str, Any]) -> Example:
    """The example that sound plain data stand for."""
    act, expect = _typed(data["act"], v.ACTS[data["act"]["do"]]), data.get("expect")
    history = []
    for place, entry in enumerate(data["history"]):
        (kind,) = entry.keys() - {"date"}
        history.append(Event(date.fromisoformat(entry["date"]), kind, _typed(entry[kind], v.EVENTS[kind]), place))
    case = Case(
        controller=_typed(data.get("controller", {}), v.CONTROLLER),
        person=_typed(data.get("person", {}), v.PERSON),
        history=tuple(sorted(history, key=lambda event: event.date)),
        act=Act(date.fromisoformat(act.pop("date")), act.pop("do"), act),
    )
    return Example(
        case,
        expect=_expect(expect) if expect else None,
        source=tuple(data.get("source", ())),
        **{name: data[name] for name in _LABELS if name in data},
    )


def _typed(record: Mapping[str, Any], fields: v.Fields) -> dict[str, Any]:
    """The record with each date as a date."""
    typed = dict(record)
    for name in record.keys() & fields.keys():
        match fields[name].type:
            case v.Day():
                typed[name] = date.fromisoformat(record[name])
            case v.Object(inner):
                typed[name] = _typed(record[name], inner)
    return typed


def _expect(data: Mapping[str, Any]) -> Expect:
    answers = {name: answer in ("allow", True) for name, answer in data.get("by_profile", {}).items()}
    return Expect(data["answer"] in ("allow", True), data.get("rule"), tuple(data.get("duties", ())), answers)


def _written(example: Example) -> dict[str, Any]:
    """The example as a file writes it."""
    case, expect = example.case, example.expect
    record: dict[str, Any] = {name: getattr(example, name) for name in (*_LABELS, "source")}
    record |= {"controller": case.controller, "person": case.person}
    if expect:
        words = {True: True, False: False} if case.act.do == "judge" else {True: "allow", False: "deny"}
        by_profile = {name: words[answer] for name, answer in expect.by_profile.items()}
        said = {"rule": expect.rule, "duties": expect.duties, "by_profile": by_profile}
        record["expect"] = {"answer": words[expect.answer], **{name: each for name, each in said.items() if each}}
    in_file = sorted(case.history, key=lambda event: event.place)
    return {name: value for name, value in record.items() if value} | {
        "history": [{"date": event.date, event.kind: event.fields} for event in in_file],
        "act": {"date": case.act.date, "do": case.act.do, **case.act.fields},
    }


# What contradicts itself

# What a person does, and therefore not before being born.
_OWN_ACTS: Final = frozenset(
    "relation consent withdrawal objection published asked interaction request dispute".split()
)


def _clashes(example: Example) -> Iterator[Finding]:
    """What cannot all be true of one situation, though each field by itself may stand."""
    case = example.case
    for event in case.history:
        for at, problem, remedy in _event_clashes(event, case):
            yield ("history", event.place, event.kind, *at), problem, remedy
    yield from _register_clashes(case.history)
    match case.act.fields:
        case {"received": date() as received, **rest}:
            if received > case.act.date:
                yield ("act", "received"), "is later than the act", "date the act when the answer is weighed"
            for name in ("extension_notice", "answered"):
                moment = rest.get(name)
                if isinstance(moment, date) and moment < received:
                    yield ("act", name), "is earlier than the request was received", "correct one of the two"
    if example.expect:
        answers = {("answer",): example.expect.answer}
        

def _event_clashes(event: Event, case: Case) -> Iterator[Finding]:
    """What cannot be true of one event, given the rest of the case."""
    match event.kind, event.fields:
        case "relation" | "dispute", {"until": date() as until} if until < event.date:
            yield ("until",), "is earlier than the date of the entry", "correct one of the two"
        case "consent", {"verified": {"date": date() as verified}} if verified < event.date:
            yield ("verified", "date"), "is earlier than the consent that it verifies", "correct one of the two"
        case "register", {"checked": date() as checked} if checked > event.date:
            yield ("checked",), "is later than the date of the entry", "date the entry when the register was checked"
        case "withdrawal", _ if not any(
            earlier.kind == "consent" and earlier.date <= event.date for earlier in case.history
        ):
            remedy = "record it as an objection, or add the consent that it withdraws"
            yield (), "withdraws a consent, and there is none on or before its date", remedy
    age = case.person.get("age")
    if isinstance(age, int) and event.kind in _OWN_ACTS:
        # Born later than this many years before the act, so later than the event.
        if (event.date.year + age + 1, event.date.month, event.date.day) <= (case.act.date.year, ...):
            yield (), "is dated before the person, at this age, was born", "correct the date, or the age"
