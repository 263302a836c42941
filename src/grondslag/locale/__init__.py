"""The plain words of Grondslag, in Dutch (B1) and English.

``rules.json`` says each rule, ``clauses.json`` each condition, ``events.json`` what is on file,
``words.json`` and ``headings.json`` the rest.  A test sees to it that nothing is missing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

Texts = Mapping[str, Any]


@cache
def _texts(name: str) -> Texts:
    file = resources.files(__name__) / f"{name}.json"
    found: Texts = json.loads(file.read_text("utf-8"))
    return found


def rule(slug: str, lang: str) -> str:
    """What a rule says, in one sentence."""
    return str(_texts("rules")[slug][lang])


def clause(slug: str, words: str, law_id: str, lang: str) -> str:
    """What a condition asks, as a statement that is true when the answer is yes."""
    texts = _texts("clauses")
    for key in (f"{slug}|{words}|{law_id}", f"{words}|{law_id}", words):
        if key in texts:
            return str(texts[key][lang])
    raise KeyError(f"no plain words for the clause {words!r} of {slug}")


def word(group: str, value: str, lang: str) -> str:
    """The word for a value of the format, e.g. ``channels`` and ``email``; the value itself when it has none."""
    texts = _texts("headings").get(group) or _texts("words").get(group, {})
    return str(texts[value][lang]) if value in texts else value


def event(kind: str, fields: Mapping[str, object], lang: str) -> str:
    """What happened, e.g. 'aankoop (betaald)'; free text of a person is never shown."""
    told = _texts("events")[kind]
    values = told.get("values", {})
    said = []
    for name, known in values.items():
        given = fields.get(name)
        for item in given if isinstance(given, list | tuple) else [given]:
            key = str(item).lower() if isinstance(item, bool) else item
            if key in known:
                said.append(str(known[key][lang]))
    return f"{told[lang]} ({', '.join(said)})" if said else str(told[lang])


def day(value: date, lang: str) -> str:
    """A date in full: 1 november 2026, 1 November 2026."""
    return f"{value.day} {word('months', str(value.month), lang)} {value.year}"
