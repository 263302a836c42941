"""What an example has on file, as entries of a register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from grondslag.question import Case


def entries_of(cases: Mapping[str, Case], first: date) -> Iterator[tuple[str, dict[str, Any]]]:
    """A name and an entry for each record; its id tells the person, the kind and which of these it is.

    :param cases: for each customer number what is on file.
    :param first: the day from which what is known of the person itself is on file.
    """
    for customer, case in cases.items():
        told = [(first, "person", case.person)] if case.person else []
        told += [(event.date, event.kind, event.fields) for event in case.history]
        seen: dict[str, int] = {}
        for day, kind, fields in told:
            nth = seen[kind] = seen.get(kind, 0) + 1
            id_ = f"{customer} {kind} {nth}"
            subject = {"id": customer}
            yield id_, {"id": id_, "subject": subject, "date": day.isoformat(), kind: _plain(fields)}


def _plain(value: object) -> Any:
    """As plain JSON."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
