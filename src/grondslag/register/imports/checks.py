"""What a mapping may hold, as a JSON schema, and what cannot be meant though each part may stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from jsonschema import Draft202012Validator

from grondslag.situations.errors import Finding, refuse
from grondslag.situations.findings import against, structure
from grondslag.vocabulary import EVENTS

from .readers import JSON, MOMENTS, READERS

REFUSALS: Final = ("objection", "withdrawal", "request")
"""Kinds that count for the person: recorded whatever is wrong with the row, if need be on the day of import."""
DETAILS: Final = ("id", "own", "email", "phone", "address")
SHARED, VARIED, FILLED, EMPTY = "shared", "varied", "filled", "empty"
_REFERENCES: Final = ("day", "time", "text")
_IN_BRACES: Final = re.compile(r"\{([^{}]*)\}")


def columns_in(template: str) -> list[str]:
    """The columns that a text names in braces; a text without braces is a column itself."""
    return _IN_BRACES.findall(template) or [template]


def _text(title: str) -> dict[str, Any]:
    return {"title": title, "type": "string", "minLength": 1, "maxLength": 1000}


def _list(title: str, items: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": title, "type": "array", "items": items, "minItems": 1}


def _object(title: str, properties: Mapping[str, Any], *required: str) -> dict[str, Any]:
    closed = {"properties": properties, "required": [*required], "additionalProperties": False}
    return {"title": title, "type": "object", **closed}


def _map(title: str, each: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": title, "type": "object", "additionalProperties": each, "minProperties": 1}


def _or_list(title: str, one: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": title, "type": ["string", "array"], "items": one, "minLength": 1, "minItems": 1}


_COLUMN: Final = _text("the name of a column")
_COLUMNS: Final = _list("a list of columns", _COLUMN)
_SAID: Final = {
    **_object("a sentence, or {en: …, nl: …}", {"en": _text("a sentence"), "nl": _text("a sentence")}, "en", "nl"),
    "type": ["object", "string"],
}
_WORD: Final = {"title": "a word", "type": ["string", "boolean", "integer"]}
_CONDITION: Final = {
    **_object(
        "a value, a list of values, filled, empty, shared, varied, {has: …} or {after: COLUMN}",
        {"has": _or_list("a word or a list of words", _text("a word")), "after": _COLUMN},
    ),
    "type": ["string", "boolean", "integer", "array", "object"],
    "items": _WORD,
    "minItems": 1,
    "minProperties": 1,
    "maxProperties": 1,
}
_READ: Final = {
    "title": f"one of {', '.join([*READERS, JSON])}, or a list of words",
    "type": ["string", "array"],
    "items": _text("a word"),
    "minItems": 1,
}
_PROOF: Final = _object(
    "a proof",
    {
        "act": _text("a sentence"),
        "source": _object("a source", {"point": _text("a text"), "ip": {}, "agent": {}}),
        "verification": _object(
            "a verification", {"method": _text("a word"), "requested": {}, "confirmed": {}, "ip": {}}
        ),
    },
)
_RULE_KEYS: Final = {
    "when": _map("columns with their conditions", _CONDITION),
    "dated": _or_list("a column, or a list of columns", _COLUMN),
    "record": {"title": "one event, such as consent: {…}", "type": "object", "minProperties": 1, "maxProperties": 1,
        "properties": {kind: {"type": "object", "title": f"the event {kind}"} for kind in EVENTS},
        "additionalProperties": False},
    "proof": _PROOF,
    "note": _SAID,
}  # fmt: skip
_RULE: Final = {
    **_object("a rule", {**_RULE_KEYS, "first": _list("a list of rules", _object("a rule", _RULE_KEYS))}),
    "minProperties": 1,
}
MAPPING: Final = {
    **_object(
        "a mapping",
        {
            "version": {"enum": [1]},
            "format": {"title": "a name of small letters, digits and hyphens", "type": "string",
                "pattern": "^[a-z][a-z0-9-]{0,39}$(?!\\n)"},
            "program": {"title": "a name of small letters, digits and hyphens", "type": "string",
                "pattern": "^[a-z][a-z0-9-]{0,39}$(?!\\n)"},
            "like": _text("the name of a format that is carried"),
            "title": _text("a title"),
            "proves": _SAID,
            "left_out": _map("columns with the reason", _text("a sentence")),
            "source": _text("a text"),
            "needs": _COLUMNS,
            "recognise": _COLUMNS,
            "files": _text("a regular expression"),
            "read": _map("columns with how they are read", _READ),
            "subject": {
                **_object("a subject", {each: _or_list("a column, or a list of columns", _COLUMN) if each == "phone"
                    else _COLUMN for each in DETAILS}),
                "minProperties": 1,
            },
            "key": _COLUMN,
            "changed": _COLUMN,
            "rules": {"title": "a list of rules", "type": "array", "items": _RULE},
        },
        "version",
        "format",
    ),
}  # fmt: skip


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(MAPPING)


def require_sound(name: str, tree: Any) -> None:
    """Checks a mapping as it was read from YAML.

    :raises BadCase: with everything that is wrong, the places and what to do.
    """
    findings = against(_validator(), tree)
    if not findings:
        findings = list(_meant(tree))
    refuse(name, tree, findings)


def _meant(tree: Mapping[str, Any]) -> Iterator[Finding]:
    for column, how in tree.get("read", {}).items():
        if isinstance(how, str) and how not in (*READERS, JSON):
            yield ("read", column), "is no way to read a cell", f"write one of {', '.join([*READERS, JSON])}"
    if {"id", "own"} <= set(tree.get("subject", {})):
        yield ("subject", "own"), "stands beside id", "keep id for numbers of your own, own for theirs"
    if "files" in tree and not _compiles(tree["files"]):
        yield ("files",), "is no regular expression", "write one as Python knows them, or leave it out"
    if "like" not in tree:
        for key in ("subject", "needs", "rules"):
            if key not in tree:
                yield (), f"has no {key}", f"add {key}"
    for place, each in enumerate(tree.get("rules", ())):
        if "first" in each and len(each) > 1:
            yield ("rules", place, "first"), "stands beside other keys", "put these in the rules of the list"
        for at, rule in _alternatives(each):
            yield from ((("rules", place, *at, *steps), *said) for steps, *said in _rule(rule, tree))


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def _alternatives(each: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    if "first" not in each:
        yield (), each
    for place, rule in enumerate(each.get("first", ())):
        yield ("first", place), rule


def _rule(rule: Mapping[str, Any], tree: Mapping[str, Any]) -> Iterator[Finding]:
    if not {"record", "note"} & set(rule):
        yield (), "records nothing and notes nothing", "add record or note"
    read, when, needs = tree.get("read", {}), rule.get("when", {}), set(tree.get("needs", ()))
    dated = rule.get("dated", [])
    for column in [dated] if isinstance(dated, str) else dated:
        if "like" not in tree and read.get(column) not in MOMENTS:
            yield ("dated",), "names a column that is not read as a moment", f"add it under read: {MOMENTS[0]}"
    for kind, fields in rule.get("record", {}).items():
        for steps, *said in structure(_sample(fields), f"event-{kind}"):
            yield (("record", kind, *steps), *said) if _stands(fields, steps) else (("record", kind), *said)
        if kind not in REFUSALS and not dated:
            yield ("record", kind), "has no day", "add dated with the column of its day; a day is never invented"
        # What is missing from the file would count as empty, and an empty cell must not help the sender.
        for column in when if kind not in REFUSALS and "like" not in tree else ():
            if column not in needs:
                remedy = "add it under needs: a file without it tells less than it seems"
                yield ("when", column), "may be missing from the file", remedy


def _stands(fields: Any, steps: tuple[str | int, ...]) -> bool:
    """Whether the place of a finding is one in the file itself, and not in a sample."""
    for step in steps:
        if not (isinstance(fields, dict) and step in fields or isinstance(fields, list) and isinstance(step, int)):
            return False
        fields = fields[step]
    return True


def reference(value: Any) -> tuple[str, str] | None:
    """``{day: COLUMN}``, ``{time: COLUMN}`` or ``{text: COLUMN}``: what stands in that column."""
    if isinstance(value, dict) and len(value) == 1:
        ((how, column),) = value.items()
        if how in _REFERENCES and isinstance(column, str):
            return how, column
    return None


def _sample(value: Any) -> Any:
    """The fields with a sample in each place that is filled from a column."""
    if found := reference(value):
        return "2024-01-01" if found[0] == "day" else "a text"
    if isinstance(value, dict):
        return {key: _sample(each) for key, each in value.items()}
    return [_sample(each) for each in value] if isinstance(value, list) else value
