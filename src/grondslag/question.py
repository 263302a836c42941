"""What is asked: a case, that is one act, one person, and what is on file about that person.

A :class:`Case` holds the records as they are, with their dates and names.  The rules never read
a case: :mod:`grondslag.facts` draws from it a *situation*, in which every fact is discrete.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

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


@dataclass(frozen=True, slots=True)
class Act:
    """What the organisation is about to do: ``contact``, ``share``, ``keep`` …"""

    date: date
    do: str
    fields: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """One act, the controller who is about to do it, the person, and what is on file."""

    controller: Fields
    person: Fields
    history: tuple[Event, ...]
    act: Act
