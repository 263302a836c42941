"""The plain words of Grondslag, in Dutch (B1) and English.

``rules.json`` says each rule and ``clauses.json`` each condition, ``guidance.json`` has the English
names of guidance, ``events.json`` tells what is on file, ``screening.json`` is for the page about an
audience, ``proof.json`` for the report of a proof pack, ``retention.json`` for what is kept and destroyed,
``words.json`` and ``headings.json`` hold the
rest.  A test sees to it that nothing is missing.

The words of one article can ask different things in different rules: the key ``rule|words`` goes
before the key ``words``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final

Texts = Mapping[str, Any]
_WORDS: Final = ("headings", "words", "screening", "proof", "retention")
"""The files of single words and phrases, by group."""

_KEPT: Final = 1 << 12
"""Words that are kept to be looked up again, of each function."""


@cache
def _texts(name: str) -> Texts:
    file = resources.files(__name__) / f"{name}.json"
    found: Texts = json.loads(file.read_text("utf-8"))
    return found


def rule(slug: str, lang: str) -> str:
    """What a rule says, in one or two short sentences."""
    return str(_texts("rules")[slug][lang])


def law(cited: str, lang: str) -> str:
    """A place in the law as people cite it: a statute by its Dutch name, guidance in their own language."""
    return str(_texts("guidance").get(cited, cited)) if lang == "en" else cited


@lru_cache(maxsize=_KEPT)
def clause(slug: str, words: str, law_id: str, lang: str, answer: str = "yes") -> str:
    """What a condition comes to, as a true statement.

    :param answer: ``yes``, ``no`` or ``unknown``, as an ``Answer`` has it; of what is not known, the
        statement is the one that a yes would make true.
    """
    texts = _texts("clauses")
    for key in (f"{slug}|{words}|{law_id}", f"{slug}|{words}", words):
        if key in texts:
            told = texts[key]
            return str(told.get("no", told)[lang] if answer == "no" else told[lang])
    raise KeyError(f"no plain words for the clause {words!r} of {slug}")


@lru_cache(maxsize=_KEPT)
def word(group: str, value: str, lang: str) -> str:
    """The word for a value of the format, e.g. ``channels`` and ``email``; else the value itself."""
    texts: Texts = next((_texts(name)[group] for name in _WORDS if group in _texts(name)), {})
    return str(texts[value][lang]) if value in texts else value


def event(kind: str, fields: Mapping[str, object], lang: str) -> str:
    """What happened, e.g. 'aankoop (betaald)'; free text, such as a name, is never shown."""
    told = _texts("events")[kind]
    name, said = str(told[lang]), []
    for field, known in told["values"].items():
        if fields.get(field) is None:
            continue
        phrases = list(_phrases(known, fields[field], lang))
        if field == told.get("head") and phrases:
            name = phrases[0]
        else:
            said += phrases
    return f"{name} ({', '.join(said)})" if said else name


def _phrases(known: Texts | str, given: object, lang: str) -> Iterator[str]:
    """The words for what a field holds: by its values, by a group of words.json, or by a pattern."""
    texts: Texts = _texts("words")[known] if isinstance(known, str) else known
    for item in given if isinstance(given, list | tuple) else [given]:
        key = str(item).lower() if isinstance(item, bool) else item
        if isinstance(key, str) and key in texts:
            yield str(texts[key][lang])
        elif "*" in texts and isinstance(key, date | int):
            yield str(texts["*"][lang]).format(day(key, lang) if isinstance(key, date) else key)


@lru_cache(maxsize=_KEPT)
def day(value: date, lang: str) -> str:
    """A date in full: 1 november 2026, 1 November 2026."""
    return f"{value.day} {word('months', str(value.month), lang)} {value.year}"


def number(value: int, lang: str) -> str:
    """A whole number with its thousands apart: 4.372, 4,372."""
    return f"{value:,}".replace(",", "." if lang == "nl" else ",")


def share(part: int, whole: int, lang: str) -> str:
    """A part in percent with one decimal: 64,1%, 64.1%; what would round to nothing is less than 0.1%."""
    percent = 100 * part / whole if whole else 0.0
    said = f"{percent:.1f}%" if not 0 < percent < 0.1 else "< 0.1%"
    return said.replace(".", "," if lang == "nl" else ".")
