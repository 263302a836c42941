"""The JSON schema of a mapping; ``title`` says what is expected, and errors quote it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from grondslag.situations.schema import object_of
from grondslag.vocabulary import EVENTS

from .readers import JSON, READERS

DETAILS: Final = ("id", "own", "email", "phone", "address")
REFERENCES: Final = ("day", "time", "text")
"""``{day: COLUMN}`` and so on: what stands in that column."""


def _text(title: str) -> dict[str, Any]:
    return {"title": title, "type": "string", "minLength": 1, "maxLength": 1000}


def _list(title: str, items: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": title, "type": "array", "items": items, "minItems": 1}


def _map(title: str, each: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": title, "type": "object", "additionalProperties": each, "minProperties": 1}


def _or_list(title: str, one: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": title, "type": ["string", "array"], "items": one, "minLength": 1, "minItems": 1}


_COLUMN: Final = _text("the name of a column")
_NAME: Final = {
    "title": "a name of small letters, digits and hyphens",
    "type": "string",
    "pattern": "^[a-z][a-z0-9-]{0,39}$(?!\\n)",
}
_PHONES: Final = _or_list("a column, or a list of columns", _COLUMN)
_COLUMNS: Final = _list("a list of columns", _COLUMN)
_SAID: Final = {
    **object_of(
        "a sentence, or {en: …, nl: …}", {"en": _text("a sentence"), "nl": _text("a sentence")}, "en", "nl"
    ),
    "type": ["object", "string"],
}
_WORD: Final = {"title": "a word", "type": ["string", "boolean", "integer"]}
_CONDITION: Final = {
    **object_of(
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
_VALUE: Final = {
    **object_of("a text, or {text: COLUMN}", dict.fromkeys(REFERENCES, _COLUMN)),
    "type": ["string", "object"],
    "minProperties": 1,
    "maxProperties": 1,
    "minLength": 1,
    "maxLength": 1000,
}
_PROOF: Final = object_of(
    "a proof",
    {
        "notice": object_of("a notice", dict.fromkeys(("id", "version", "language", "hash"), _VALUE), "id"),
        "act": _VALUE,
        "source": object_of("a source", dict.fromkeys(("point", "ip", "agent"), _VALUE)),
        "verification": object_of(
            "a verification", dict.fromkeys(("method", "requested", "confirmed", "ip"), _VALUE)
        ),
    },
)
_RULE_KEYS: Final = {
    "when": _map("columns with their conditions", _CONDITION),
    "dated": _or_list("a column, or a list of columns", _COLUMN),
    "record": {
        **object_of(
            "one event, such as consent: {…}",
            {kind: {"type": "object", "title": f"the event {kind}"} for kind in EVENTS},
        ),
        "minProperties": 1,
        "maxProperties": 1,
    },
    "proof": _PROOF,
    "note": _SAID,
}
_RULE: Final = {
    **object_of("a rule", {**_RULE_KEYS, "first": _list("a list of rules", object_of("a rule", _RULE_KEYS))}),
    "minProperties": 1,
}
MAPPING: Final = {
    **object_of(
        "a mapping",
        {
            "version": {"enum": [1]},
            "format": _NAME,
            "program": _NAME,
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
                **object_of("a subject", {**dict.fromkeys(DETAILS, _COLUMN), "phone": _PHONES}),
                "minProperties": 1,
            },
            "key": _COLUMN,
            "changed": _COLUMN,
            "rules": {"title": "a list of rules", "type": "array", "items": _RULE},
        },
        "version",
        "format",
    ),
}
