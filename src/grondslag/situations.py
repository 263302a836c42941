"""Situation files: the casebook, an organisation's policy tests, and the body of a request.

A file (``docs/situation-format.md``) is read strictly: an unknown word, an impossible date or two
records that contradict each other are refused, with place and remedy, because a typing error that is
passed over would count as *unknown* and change an answer without a word.  YAML is read as its plain
core, so that it says the same as JSON: only ``true`` and ``false`` are booleans, a date is text until
the format says otherwise, and anchors, tags and merge keys are refused.

``python -m grondslag.situations`` prints the JSON schema.
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
from typing import Any, Final, cast

import yaml
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.protocols import Validator

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
        raise _refusal(str(path), f"cannot be opened ({reason})", "name a file that can be read") from None
    return loads(content, str(path))


def loads(text: str | bytes, name: str = "situations.yaml") -> tuple[Example, ...]:
    """:func:`load` for a text; ``name`` stands in the errors, and tells YAML from JSON."""
    tree = _read(text, name)
    findings = _structure(tree, "file")
    examples: list[Example] = []
    # A fault at the top, or faults everywhere, leave nothing that is worth a second look.
    if len(findings) <= REPORTED and all(len(at) > 1 for at, _, _ in findings):
        faulty = {at[1] for at, _, _ in findings}
        for number, data in enumerate(tree["situations"]):
            if number not in faulty:
                examples.append(_example(data))
                for at, problem, remedy in _clashes(examples[-1].case):
                    findings.append((("situations", number, *at), problem, remedy))
        findings += _doubles(tree["situations"])
    _refuse(name, tree, findings)
    return tuple(examples)


def parse(request: object, name: str = "request") -> Example:
    """One situation without ``expect``, as a mapping of plain objects: the body of a request.

    :raises BadSituations: if it does not follow the format.
    """
    tree = _plain(request, name)
    _refuse(name, tree, _structure(tree, "request"))
    example = _example(tree)
    _refuse(name, tree, list(_clashes(example.case)))
    return example


def parse_case(request: object, name: str = "request") -> Case:
    """The case of :func:`parse`; a ``profile`` in the request is for the caller to read."""
    return parse(request, name).case


def dump(*examples: Example) -> dict[str, Any]:
    """The file that holds these examples, as plain JSON: :func:`loads` gives the same examples back."""
    return {"version": 1, "situations": [_plain(_written(example), example.id) for example in examples]}


# ---- From plain data to examples, and back

_LABELS: Final = ("id", "title", "profile", "why", "source", "confidence", "contested")


def _example(data: Mapping[str, Any]) -> Example:
    """The example that sound plain data stand for."""
    history = []
    for place, entry in enumerate(data["history"]):
        ((kind, fields),) = ((kind, fields) for kind, fields in entry.items() if kind != "date")
        history.append(Event(date.fromisoformat(entry["date"]), kind, _typed(fields, v.EVENTS[kind]), place))
    act = dict(data["act"])
    day, do = date.fromisoformat(act.pop("date")), act.pop("do")
    case = Case(
        controller=_typed(data.get("controller", {}), v.CONTROLLER),
        person=_typed(data.get("person", {}), v.PERSON),
        history=tuple(sorted(history, key=lambda event: event.date)),
        act=Act(day, do, _typed(act, v.ACTS[do])),
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


def _typed(record: Mapping[str, Any], fields: v.Fields) -> dict[str, object]:
    """The record with each date as a date, and each whole number (JSON may write 2.0) as an int."""
    typed = dict(record)
    for name, value in record.items():
        match fields[name].type:
            case v.Day():
                typed[name] = date.fromisoformat(value)
            case v.Number():
                typed[name] = int(value)
            case v.Object(inner):
                typed[name] = _typed(value, inner)
    return typed


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


# ---- What contradicts itself

_OWN_ACTS: Final = v.one_of(
    "relation consent withdrawal objection published asked interaction request dispute"
).values
"""The events that are a person's own doing, and so do not come before being born."""

_ONE_OF_TWO: Final = "correct one of the two dates"


def _clashes(case: Case) -> Iterator[Finding]:
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


def _doubles(situations: Sequence[Any]) -> Iterator[Finding]:
    """Situations of a file that bear the id of an earlier one."""
    first: dict[str, int] = {}
    for number, situation in enumerate(situations):
        name = situation.get("id") if isinstance(situation, dict) else None
        if isinstance(name, str) and first.setdefault(name, number) != number:
            problem = f"is also the id of situation {first[name] + 1} of this file"
            yield ("situations", number, "id"), problem, "give each situation an id of its own"


# ---- The JSON schema; in every part of it `title` says in words what is expected, and errors quote that


def schema() -> dict[str, Any]:
    """The format as a JSON schema (draft 2020-12), drawn from :mod:`grondslag.vocabulary`."""
    day, do = _type_schema(v.DAY), _type_schema(v.OneOf(tuple(v.ACTS)))
    situations = {
        "title": "a list of one or more situations",
        "type": "array",
        "items": _ref("situation"),
        "minItems": 1,
    }
    judging, other = v.expect_fields(v.FLAG), v.expect_fields(v.one_of("allow deny"))
    events = {kind: _object(f"the event {kind}", _properties(each)) for kind, each in v.EVENTS.items()}
    acts = {
        kind: _object(f"the act {kind}", {"date": day, "do": do} | _properties(each), "date", "do")
        for kind, each in v.ACTS.items()
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:grondslag:situations:1",
        **_object(
            "a situation file",
            {"version": {"enum": [1]}, "situations": situations},
            "version",
            "situations",
        ),
        "$defs": {
            "request": _object("a request", _case_properties(day, do), "history", "act"),
            "situation": {
                **_object("a situation", _case_properties(day, do) | {"expect": {}}, "id", "history", "act"),
                "if": {"properties": {"act": _does("judge")}},
                "then": {"properties": {"expect": _object("expect", _properties(judging), "answer")}},
                "else": {"properties": {"expect": _object("expect", _properties(other), "answer")}},
            },
            **{f"event-{kind}": each for kind, each in events.items()},
            **{f"act-{kind}": each for kind, each in acts.items()},
        },
    }


def _case_properties(day: dict[str, Any], do: dict[str, Any]) -> dict[str, Any]:
    """The fields that a situation and a request share."""
    entry = _object(
        "an entry of the history", {"date": day} | {kind: _ref(f"event-{kind}") for kind in v.EVENTS}
    )
    entry |= {"required": ["date"], "minProperties": 2, "maxProperties": 2}
    return _properties(v.SITUATION) | {
        "history": {"title": "a list of events", "type": "array", "items": entry},
        "act": {
            "title": "an act",
            "type": "object",
            "properties": {"do": do},
            "required": ["date", "do"],
            "allOf": [{"if": _does(kind), "then": _ref(f"act-{kind}")} for kind in v.ACTS],
        },
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _does(kind: str) -> dict[str, Any]:
    """The condition that an act is of this kind."""
    return {"type": "object", "properties": {"do": {"const": kind}}, "required": ["do"]}


def _object(title: str, properties: Mapping[str, Any], *required: str) -> dict[str, Any]:
    closed = {"properties": properties, "required": [*required], "additionalProperties": False}
    return {"title": title, "type": "object", **closed}


def _properties(fields: v.Fields) -> dict[str, Any]:
    """The schema of each field; a record inside a record goes by the name of its field."""
    named = {
        name: {"title": name} if isinstance(each.type, v.Object) else {} for name, each in fields.items()
    }
    return {
        name: {**_type_schema(each.type), **named[name], "description": each.about}
        for name, each in fields.items()
    }


def _type_schema(type_: v.Type) -> dict[str, Any]:
    match type_:
        case v.Flag():
            return {"title": "true or false", "type": "boolean"}
        case v.Text(most, pattern, form):
            return {"title": form, "type": "string", "maxLength": most, "pattern": pattern}
        case v.Day():
            return {"title": "a date, as in 2026-07-01", "type": "string", "format": "date"}
        case v.Number(least, most):
            title = f"a whole number from {least} to {most}"
            return {"title": title, "type": "integer", "minimum": least, "maximum": most}
        case v.OneOf(values, or_flag):
            return {"enum": [*values, True, False] if or_flag else [*values]}
        case v.ListOf(item, least):
            words = f" of {', '.join(item.values)}" if isinstance(item, v.OneOf) else ", as in [a, b]"
            title = ("a list of one or more" if least else "a list") + words
            return {"title": title, "type": "array", "items": _type_schema(item), "minItems": least}
        case v.ListOr(word, items):
            listed = _type_schema(items)
            either = {"title": f"{word}, or {listed['title']}", "pattern": rf"^{word}$(?!\n)"}
            return listed | either | {"type": ["array", "string"]}
        case v.Object(fields):
            return _object("a record", _properties(fields))
        case v.Open():
            return _facts_schema()


def _facts_schema() -> dict[str, Any]:
    scalars = ["string", "number", "boolean"]
    scalar = {"title": "text, a number, true or false", "type": scalars, "maxLength": 500}
    value = {
        **scalar,
        "title": f"{scalar['title']}, or a list of these",
        "type": [*scalars, "array"],
        "items": scalar,
    }
    names = {**_type_schema(v.LABEL), "title": "facts under names of letters, digits, dots and hyphens"}
    return {"title": "facts", "type": "object", "propertyNames": names, "additionalProperties": value}


# ---- From the findings of the schema to ours


@cache
def _validator(definition: str) -> Validator:
    """The validator of a file or a request."""
    calendar = FormatChecker(formats=())
    calendar.checks("date", raises=ValueError)(_is_day)
    published = schema()
    validator = Draft202012Validator(published, format_checker=calendar)
    return validator if definition == "file" else validator.evolve(schema=published["$defs"][definition])


_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _is_day(value: object) -> bool:
    """Whether text is a date within bounds; ``ValueError`` if the calendar does not have it."""
    if not isinstance(value, str):
        return True
    return bool(_DAY.fullmatch(value)) and v.Day.FIRST <= date.fromisoformat(value) <= v.Day.LAST


def _structure(tree: Any, definition: str) -> list[Finding]:
    """What the schema has against the tree: everything, or more than is reported."""
    findings: dict[Finding, None] = {}  # one missing field may be found several times
    for error in _validator(definition).iter_errors(tree):
        findings |= dict.fromkeys(_findings(error))
        if len(findings) > REPORTED:
            break
    if any(at == ("version",) for at, _, _ in findings):
        # A file of another version may be right in every other respect: say only that.
        return [(("version",), "is not a version of the format that this program reads", "write version: 1")]
    return list(findings)


def _findings(error: ValidationError) -> Iterator[Finding]:
    """One error of the schema in the words of the format; its own words would echo whole values."""
    at, value, part = tuple(error.absolute_path), cast(Any, error.instance), cast(Any, error.schema)
    title, known = part.get("title", ""), part.get("properties", {})
    match error.validator:
        case "additionalProperties":
            for name in islice((name for name in value if name not in known), REPORTED):
                yield (*at, name), f"is not a field of {title}", _choice(name, [*known])
        case "required":
            missing = [name for name in part["required"] if name not in value]
            nothing = " (history: [] when nothing is on file)" if "history" in missing else ""
            yield at, f"{title} lacks {' and '.join(missing)}", f"add it{nothing}"
        case "minProperties" if "date" in value:
            yield at, "has a date and no event", f"add one of {', '.join(v.EVENTS)}"
        case "minProperties":  # the date that is missing has been told
            pass
        case "maxProperties":
            yield at, "has more than one event", "write an entry for each"
        case _:
            yield at, *_wrong_value(str(error.validator), value, part)


_IN_WORDS: Final = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list"}


def _wrong_value(keyword: str, value: object, part: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong with a single value, and the remedy."""
    remedy = f"write {part.get('title')}"
    match keyword:
        case _ if value is None:
            return "is left empty", "leave the field out when it is not known"
        case "enum":
            words = [word if isinstance(word, str) else json.dumps(word) for word in part["enum"]]
            return f"{_shown(value)} may not stand here", _choice(value, words)
        case "maxLength":
            return f"is longer than {part['maxLength']} characters", "shorten it"
        case "format" if _DAY.fullmatch(str(value)):
            return f"{value} is no day of the calendar from {v.Day.FIRST} to {v.Day.LAST}", remedy
        case "format" if _DAY.match(str(value)):
            return "is more than a date", f"{remedy}, without a time of day"
        case "type":
            if part["type"] == "object" and "properties" in part:
                remedy += f" with fields such as {', '.join([*part['properties']][:3])}"
            elif part["type"] == "string" and "format" not in part and isinstance(value, int | float):
                remedy += ", in quotes"
            return f"is {_IN_WORDS.get(type(value), 'a mapping')}", remedy
    return "does not fit", remedy


def _choice(given: object, allowed: Sequence[str]) -> str:
    near = get_close_matches(given[:40], allowed, 1) if isinstance(given, str) else []
    return "".join(f"did you mean {word}? " for word in near) + f"write one of {', '.join(allowed)}"


def _shown(value: object) -> str:
    """A word as it was written.  Anything else may be data of a person, and is not repeated."""
    if isinstance(value, bool):
        return json.dumps(value)
    return (
        value[:40]
        if isinstance(value, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", value)
        else "(not shown)"
    )


def _refuse(name: str, tree: object, findings: Sequence[Finding]) -> None:
    """Raise what was found, if anything, in the order of the situations."""
    ordered = sorted(
        findings, key=lambda finding: [step for step in finding[0][1:2] if isinstance(step, int)]
    )
    if ordered:
        raise BadSituations(name, [BadCase(_place(name, tree, at), *said) for at, *said in ordered])


def _refusal(place: str, problem: str, remedy: str) -> BadSituations:
    return BadSituations(place, [BadCase(place, problem, remedy)])


def _place(name: str, tree: Any, at: Steps) -> str:
    """The file, the line, the situation and the field, as far as they are known."""
    line, node = 0, tree
    for step in at:
        line, node = getattr(node, "lines", {}).get(step, line), node[step]
        if isinstance(step, int):
            line = next(iter(getattr(node, "lines", {}).values()), line)
    place = [name, f"line {line}"] if line else [name]
    if at[:1] == ("situations",) and len(at) > 1:
        situation = tree["situations"][at[1]]
        label = situation.get("id") if isinstance(situation, dict) else None
        sound = isinstance(label, str) and len(label) <= v.LABEL.most and re.search(v.LABEL.pattern, label)
        place.append(str(label) if sound else f"situation {int(at[1]) + 1}")
        at = at[2:]
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{_shown(step)}" for step in at)
    return ", ".join([*place, path.removeprefix(".")] if path else place)


# ---- From text to plain data


def _read(text: str | bytes, name: str) -> Any:
    """The plain data of a text, which may still be anything but a situation file."""
    try:
        content = text if isinstance(text, bytes) else text.encode()
        decoded = content.decode("utf-8-sig")
    except UnicodeError:
        raise _refusal(name, "is not UTF-8 text", "save it as UTF-8") from None
    if len(content) > SIZE_LIMIT:
        raise _refusal(name, f"is larger than {SIZE_LIMIT // 2**20} MiB", "split it into several files")
    tree = (_read_json if name.lower().endswith(".json") else _read_yaml)(decoded, name)
    if tree is None:
        raise _refusal(name, "is empty", "begin with version: 1 and a list under situations:")
    _plain(tree, name)
    return tree


def _plain(value: object, name: str) -> Any:
    """A copy of the value as JSON holds it, with dates as text; refuses what JSON cannot hold."""

    def as_text(other: object) -> str:
        if isinstance(other, date):
            return other.isoformat()
        raise TypeError

    def depth(node: object) -> int:
        inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        return 1 + max(map(depth, inner), default=0)

    try:
        text = json.dumps(value, default=as_text, allow_nan=False, ensure_ascii=False)
        copy = json.loads(text.encode())
        too_deep = depth(copy) > DEPTH_LIMIT
    except RecursionError:
        too_deep = True
    except (TypeError, ValueError):
        remedy = "use text, finite numbers, true, false, dates, lists and mappings"
        raise _refusal(name, "holds a value that JSON cannot hold", remedy) from None
    if too_deep:
        raise _refusal(name, f"is nested more than {DEPTH_LIMIT} levels deep", "write it as the format shows")
    return copy


def _read_json(text: str, name: str) -> Any:
    def entries(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        record: dict[str, Any] = {}
        for key, value in pairs:
            if key in record:
                raise _refusal(name, f"has the key {_shown(key)} twice in one object", "keep one of them")
            record[key] = value
        return record

    try:
        return json.loads(text, object_pairs_hook=entries)
    except json.JSONDecodeError as error:
        raise _refusal(
            f"{name}, line {error.lineno}", f"is not JSON ({error.msg})", "mend it there"
        ) from None
    except (RecursionError, ValueError):
        raise _refusal(
            name, "is nested too deep, or holds too long a number", "write it as the format shows"
        ) from None


_YAML_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_YAML_NUMBER: Final = re.compile(
    r"[-+]?(0|[1-9][0-9]{0,17})(?P<float>(\.[0-9]{1,17})?([eE][-+]?[0-9]{1,3})?)"
)
_YAML_WORDS: Final[Mapping[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class _Entries(dict[str, Any]):
    """A mapping of a YAML file, with the line on which each of its keys stands."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}
        self.key: str | None = None


def _read_yaml(text: str, name: str) -> Any:
    """Plain data from the events of the parser: nothing is expanded, so a small file stays small."""
    top: list[Any] = []
    stack: list[Any] = [top]
    try:
        for event in yaml.parse(text, Loader=_YAML_LOADER):
            if isinstance(event, yaml.CollectionEndEvent):
                stack.pop()
            elif isinstance(event, yaml.NodeEvent):
                mark: Any = event.start_mark
                line, value = mark.line + 1, _yaml_value(event)
                if problem := _yaml_fault(event, stack) or _put(stack[-1], value, line):
                    raise _refusal(f"{name}, line {line}", *problem)
                if isinstance(event, yaml.CollectionStartEvent):
                    stack.append(value)
    except yaml.MarkedYAMLError as error:
        place = name if error.problem_mark is None else f"{name}, line {error.problem_mark.line + 1}"
        raise _refusal(place, f"is not YAML ({error.problem})", "mend it there") from None
    except (yaml.YAMLError, ValueError):
        raise _refusal(name, "holds a character that YAML does not allow", "remove it") from None
    return top[0] if top else None


def _yaml_fault(event: yaml.NodeEvent, stack: Sequence[Any]) -> tuple[str, str] | None:
    """What plain data do not have, and what to do about it."""
    if event.anchor:
        return "has an anchor or an alias", "write the value out"
    if getattr(event, "tag", None):
        return "has a tag", "leave the tag out"
    if len(stack) > DEPTH_LIMIT:
        return f"is nested more than {DEPTH_LIMIT} levels deep", "write it as the format shows"
    if len(stack) == 1 and stack[0]:
        return "begins a second document", "put all situations in one list"
    return None


def _yaml_value(event: yaml.NodeEvent) -> Any:
    if not isinstance(event, yaml.ScalarEvent):
        return _Entries() if isinstance(event, yaml.MappingStartEvent) else []
    text, plain = event.value, event.implicit[0]
    if plain and text in _YAML_WORDS:
        return _YAML_WORDS[text]
    if plain and (number := _YAML_NUMBER.fullmatch(text)):
        return float(text) if number["float"] else int(text)
    return text


def _put(holder: Any, value: Any, line: int) -> tuple[str, str] | None:
    """Add a value to the list or mapping that is being read; tells what is wrong with a key."""
    if isinstance(holder, list):
        holder.append(value)
    elif holder.key is not None:
        holder[holder.key], holder.key = value, None
    elif not isinstance(value, str) or value == "<<":
        return "has a key that is not a word, or a merge key", "write each field out under its own name"
    elif value in holder:
        return f"has the key {_shown(value)} twice", "keep one of them"
    else:
        holder.key = value
        holder.lines[value] = line
    return None


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2))
