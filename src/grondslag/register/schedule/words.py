"""A schedule in plain words, Dutch or English: for a privacy statement (AVG 13 lid 2 onder a)."""

from __future__ import annotations

from collections.abc import Iterator

from grondslag.locale import event, word
from grondslag.register.schedule.reading import ANY, UNKNOWN, Row, Schedule


def told(schedule: Schedule, lang: str) -> Iterator[tuple[str, str]]:
    """For each row its purpose and what is told of it."""
    for row in schedule.rows:
        yield word("keeping", row.purpose, lang), " ".join(_sentences(row, schedule.threshold, lang))


def _sentences(row: Row, threshold: int, lang: str) -> Iterator[str]:
    what = ", ".join(_kinds(row, lang))
    yield f"{what[:1].upper()}{what[1:]}."
    start, (unit, count) = word("starts", row.start, lang), row.period
    if unit == "months" and count % 12 == 0:
        unit, count = "years", count // 12
    period = word("periods", unit if count != 1 else unit.removesuffix("s"), lang).format(count=count)
    yield word("retention", "after" if count else "until", lang).format(period=period, start=start)
    yield row.reason[lang]
    if row.blocked:
        yield word("retention", "blocked", lang)
    end = "anonymised" if row.anonymise else "destroyed"
    yield word("retention", end, lang).format(threshold=threshold)
    yield word("retention", "law", lang).format(law=row.law)


def _kinds(row: Row, lang: str) -> Iterator[str]:
    """What a row covers, as far as its conditions can be told."""
    if row.entries is None:
        yield word("kept", ANY, lang)
    for kind, conditions in (row.entries or {}).items():
        said = [
            event(kind, {field: [value]}, lang)
            for field, values in conditions.items()
            for value in values
            if value != UNKNOWN and kind in _TOLD
        ]
        yield from said or [word("kept", kind, lang)]


_TOLD = ("relation", "recorded")
"""Kinds whose words say what the condition is."""
