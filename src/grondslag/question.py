"""What is asked: a case, that is one act, one person, and what is on file about that person.

A :class:`Case` holds the records as they are, with their dates and names.  The rules never read
a case: :mod:`grondslag.facts` draws from it a *situation*, in which every fact is discrete.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from grondslag.errors import BadCase
from grondslag.vocabulary import Day

Fields = Mapping[str, object]
"""The fields of an event or an act as the situation format names them: str, bool, int,
``datetime.date``, a list of str, or a mapping of these."""


@dataclass(frozen=True, slots=True)
class Event:
    """One entry in the history of a person, e.g. a purchase, a consent or an objection."""

    date: date
    kind: str
    fields: Fields = field(default_factory=dict)
    place: int = 0
    """The position in the history, counted from 0: what an explanation points to."""

    def __post_init__(self) -> None:
        require_days({"date": self.date, **self.fields}, self.kind)


@dataclass(frozen=True, slots=True)
class Act:
    """What the organisation is about to do: ``contact``, ``share``, ``keep`` …"""

    date: date
    do: str
    fields: Fields = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_days({"date": self.date, **self.fields}, "act")


@dataclass(frozen=True, slots=True)
class Case:
    """One act, the controller who is about to do it, the person, and what is on file."""

    controller: Fields
    person: Fields
    history: tuple[Event, ...]
    act: Act


def require_days(fields: Fields, place: str) -> None:
    """Refuse a moment in time, and a day to which a term of the law cannot be added.

    :raises BadCase: with the place of the day.
    """
    for name, value in fields.items():
        if isinstance(value, dict):
            require_days(value, f"{place}.{name}")
        elif isinstance(value, date) and (isinstance(value, datetime) or not Day.FIRST <= value <= Day.LAST):
            remedy = f"take a day from {Day.FIRST} to {Day.LAST}"
            raise BadCase(f"{place}.{name}", f"{value} is no day of the calendar", remedy)
