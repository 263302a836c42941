"""The JSON schema of situation files.  In every part `title` says what is expected, and errors quote it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import vocabulary as v


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
    events = {kind: object_of(f"the event {kind}", properties(each)) for kind, each in v.EVENTS.items()}
    acts = {
        kind: object_of(f"the act {kind}", {"date": day, "do": do} | properties(each))
        for kind, each in v.ACTS.items()
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:grondslag:situations:1",
        **object_of(
            "a situation file",
            {"version": {"enum": [1]}, "situations": situations},
            "version",
            "situations",
        ),
        "$defs": {
            "request": object_of("a request", _case_properties(day, do), "history", "act"),
            "situation": {
                **object_of(
                    "a situation", _case_properties(day, do) | {"expect": {}}, "id", "history", "act"
                ),
                "if": {"properties": {"act": _does("judge")}},
                "then": {"properties": {"expect": object_of("expect", properties(judging), "answer")}},
                "else": {"properties": {"expect": object_of("expect", properties(other), "answer")}},
            },
            **{f"event-{kind}": each for kind, each in events.items()},
            **{f"act-{kind}": each for kind, each in acts.items()},
        },
    }


def _case_properties(day: dict[str, Any], do: dict[str, Any]) -> dict[str, Any]:
    """The fields that a situation and a request share."""
    entry = object_of(
        "an entry of the history", {"date": day} | {kind: _ref(f"event-{kind}") for kind in v.EVENTS}
    )
    entry |= {"required": ["date"], "minProperties": 2, "maxProperties": 2}
    return properties(v.SITUATION) | {
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


def object_of(title: str, properties: Mapping[str, Any], *required: str) -> dict[str, Any]:
    closed = {"properties": properties, "required": [*required], "additionalProperties": False}
    return {"title": title, "type": "object", **closed}


def properties(fields: v.Fields) -> dict[str, Any]:
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
            return object_of("a record", properties(fields))
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
