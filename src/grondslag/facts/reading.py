"""Reading single values of a case as terms and answers; dates become spans here, once."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any, Final, TypeVar

from grondslag.answers import NO, UNKNOWN, YES, Answer
from grondslag.law.terms import Span, Term
from grondslag.question import Fields

T = TypeVar("T", bound=Term)


def add_months(day: date, months: int) -> date:
    """The same day some months on; the last day of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = day.day if day.day <= 28 else min(day.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, last)


def full_years(since: date, at: date) -> int:
    """How many whole years have passed; none before the day itself."""
    years = at.year - since.year
    return max(0, years if add_months(since, 12 * years) <= at else years - 1)


_SPANS: Final = (
    (12, Span.WITHIN_12_MONTHS),
    (24, Span.WITHIN_24_MONTHS),
    (36, Span.WITHIN_36_MONTHS),
)


def span(since: date, at: date) -> Span:
    """How long ago, in the spans that the law tells apart; the last day still counts."""
    elapsed = 12 * (at.year - since.year) + at.month - since.month
    for months, term in _SPANS:
        # Only in the last month does the day of the month count.
        if elapsed < months or (elapsed == months and at <= add_months(since, months)):
            return term
    return Span.LONGER


def term(kind: type[T], value: object) -> T:
    """The member with that value; anything else is the kind's UNKNOWN."""
    members: Mapping[str, T] = _members(kind)
    return members[value] if isinstance(value, str) and value in members else members["unknown"]


@cache
def _members(kind: Any) -> Mapping[str, Any]:
    return {member.value: member for member in kind}


def flag(fields: Fields, name: str) -> Answer:
    """A field that is yes or no; left out is unknown."""
    value = fields.get(name)
    return YES if value is True else NO if value is False else UNKNOWN


def text(fields: Fields, name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) else None


def number(fields: Fields, name: str) -> int | None:
    value = fields.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def day(fields: Fields, name: str) -> date | None:
    value = fields.get(name)
    return value if isinstance(value, date) else None


def part(fields: Fields, name: str) -> Fields:
    """A nested object, such as ``message`` or ``to``; empty when left out."""
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def listed(fields: Fields, name: str) -> tuple[str, ...] | None:
    """A list of words; None when left out, one word counts as a list of one."""
    value = fields.get(name)
    if isinstance(value, str):
        return (value,)
    return tuple(map(str, value)) if isinstance(value, (list, tuple)) else None


def same_party(one: str | None, other: str | None) -> bool:
    """Whether two names are the same legal entity, case and spacing aside."""
    if one is None or other is None:
        return False
    if one == other:
        return True
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def some(answers: Iterable[Answer]) -> Answer:
    """Yes when one is yes, unknown when one may be, no otherwise (also for none at all)."""
    found = set(answers)
    return YES if YES in found else UNKNOWN if UNKNOWN in found else NO
