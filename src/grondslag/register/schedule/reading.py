"""A schedule and its rows, as they are read from YAML: the one that is carried, or a controller's own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Final

from grondslag.errors import BadCase
from grondslag.facts.reading import add_months, term
from grondslag.law.keeping import governing
from grondslag.law.rights_terms import Kept, KeptFor, Retention
from grondslag.situations.errors import refuse
from grondslag.situations.reading import SIZE_LIMIT
from grondslag.situations.reading import read as read_plain

CARRIED: Final = "schedule.yaml"
ANY: Final = "any"
UNKNOWN: Final = "unknown"
"""In a condition: the field is left out."""
DUTIES: Final = ("tax", "legal-duty", "claims", "proof")
"""Purposes for which an entry is kept apart, blocked, once nothing has it in use any more."""

Conditions = Mapping[str, Sequence[Any]]
"""Field → the values of which it must have one."""


@dataclass(frozen=True, slots=True)
class Row:
    """One purpose for which entries are kept, and how long.

    :ivar entries: kind → conditions; None: every kind.
    :ivar start: from what the period counts; the words are in :data:`.checks.STARTS`.
    :ivar period: months or days, and how many.
    """

    name: str
    purpose: str
    category: str
    entries: Mapping[str, Conditions] | None
    start: str
    period: tuple[str, int]
    law: str
    reason: Mapping[str, str]
    anonymise: bool

    @property
    def rule(self) -> str:
        """The row of section 11 of ``docs/law.md`` that governs it."""
        if self.category == "client-file":
            return "K-10"
        return governing(Retention(what=term(Kept, self.category), purpose=term(KeptFor, self.purpose)))

    @property
    def blocked(self) -> bool:
        """Whether it keeps entries only for whoever must answer for them."""
        return self.purpose in DUTIES

    @property
    def told(self) -> str:
        """Why an entry is held by it, in one line."""
        return f"{self.rule}: {self.name} ({self.law})"

    def covers(self, kind: str, fields: Mapping[str, Any]) -> bool:
        """Whether an entry comes under it."""
        if self.entries is None:
            return True
        wanted = self.entries.get(kind)
        return wanted is not None and all(_meets(fields.get(name), each) for name, each in wanted.items())

    def last(self, start: date) -> date:
        """The last day of a period that begins with that day."""
        unit, count = self.period
        return start + timedelta(days=count) if unit == "days" else add_months(start, count)


def _meets(value: object, wanted: Sequence[Any]) -> bool:
    if value is None:
        return UNKNOWN in wanted
    return any(each in wanted for each in (value if isinstance(value, list) else [value]))


@dataclass(frozen=True)
class Schedule:
    """How long a controller keeps what.

    :ivar threshold: the fewest people that an anonymous figure may be about.
    :ivar hash: of the text that it was read from.
    :ivar warnings: what the law allows only with an argument, and what may have been forgotten.
    """

    rows: tuple[Row, ...]
    threshold: int
    hash: str
    warnings: tuple[str, ...]

    @cached_property
    def by_kind(self) -> Mapping[str, Sequence[Row]]:
        """Kind of entry → the rows that may cover it."""
        kinds = {kind for row in self.rows for kind in row.entries or ()}
        return {
            kind: [row for row in self.rows if row.entries is None or kind in row.entries] for kind in kinds
        }


def load(path: Path) -> Schedule:
    """The schedule in a file of the user.

    :raises BadCase: with the line of everything that is wrong, and what to do.
    """
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or "not a path"
        raise BadCase("--schedule", f"cannot be read ({told})", "name a file with a schedule") from None
    return read(content, path.name)


@cache
def carried() -> Schedule:
    """The schedule that comes with the program."""
    return read(text(), CARRIED)


def text() -> bytes:
    """The text of that."""
    return (resources.files(__package__) / CARRIED).read_bytes()


def read(content: bytes, name: str) -> Schedule:
    """The schedule in a text."""
    from grondslag.register.schedule.checks import against_schema, against_the_law, warnings

    if not content.strip():
        raise BadCase(name, "is empty", "begin with version: 1 and a list under rows:")
    tree = read_plain(content, name)
    refuse(name, tree, against_schema(tree))
    rows = tuple(map(_row, tree["rows"]))
    refuse(name, tree, list(against_the_law(tree, rows)))
    digest = "sha256:" + hashlib.sha256(content).hexdigest()
    return Schedule(rows, tree["threshold"], digest, tuple(warnings(tree, rows)))


def _row(tree: Mapping[str, Any]) -> Row:
    ((unit, count),) = tree["period"].items()
    entries = tree["entries"]
    return Row(
        name=tree["name"],
        purpose=tree["purpose"],
        category=tree["category"],
        entries=None
        if entries == ANY
        else {kind: {} if each == ANY else each for kind, each in entries.items()},
        start=tree["from"],
        period=("days", count) if unit == "days" else ("months", count * (12 if unit == "years" else 1)),
        law=tree["law"],
        reason=tree["reason"],
        anonymise=tree["end"] == "anonymise",
    )
