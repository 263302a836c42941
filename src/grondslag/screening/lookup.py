"""Which rows of an audience stand for whom, as numbers of a snapshot.

By subject a row stands for one person, by a contact detail for all who share it.  Whoever is not on file has
the number -1.  Rows that stand for the same people repeat each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from grondslag.screening.audience import Audience
from grondslag.screening.patterns import NAME

Numbers = npt.NDArray[Any]

NOBODY: Final = -1
ASKED: Final = "asked"
"""How the readable rows of the audience are called in the engine: ``line``, ``given``, ``subject``."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """The readable rows of an audience, in their order.

    :ivar lines: the line of each row.
    :ivar rows: for each match its row; a row has one match, or one for each person who shares its detail.
    :ivar numbers: for each match the number of the person.
    :ivar firsts: for each row the first row that stands for the same people.
    :ivar alone: whether every row has one match, and stands in the engine as it does here.
    """

    lines: Numbers
    rows: Numbers
    numbers: Numbers
    firsts: Numbers
    alone: bool

    def __len__(self) -> int:
        return len(self.lines)

    def worst(self, of_match: Numbers, good: Numbers) -> Numbers:
        """For each row what holds for one of its matches: a bad one if there is any."""
        found = np.empty(len(self.lines), of_match.dtype)
        found[self.rows[good]] = of_match[good]
        found[self.rows[~good]] = of_match[~good]
        return found

    def least(self, of_match: Numbers) -> Numbers:
        """For each row the least of what holds for its matches."""
        if len(self.rows) == len(self.lines):
            return of_match
        found = np.full(len(self.lines), np.iinfo(of_match.dtype).max, of_match.dtype)
        np.minimum.at(found, self.rows, of_match)
        return found


def look_up(con: Any, audience: Audience, people: int) -> Lookup:
    """Find everybody of an audience in the snapshot that is attached to a connection.

    :param people: how many there are in the snapshot.
    """
    con.create_view(ASKED, audience.table, overwrite=True)
    alone = audience.by.is_subject and not audience.by.hashed
    every = "SELECT line FROM" if alone else "SELECT DISTINCT line FROM"
    lines = _array(con, f"{every} {ASKED} ORDER BY line" if not alone else f"{every} {ASKED}", "line")
    join = "JOIN" if alone else "LEFT JOIN"
    found = con.con.sql(
        f"SELECT a.line, coalesce(s.number, {NOBODY}) AS number FROM {ASKED} AS a"
        f" {join} {NAME}.subjects AS s ON a.subject = s.subject"
    ).fetchnumpy()
    places = np.searchsorted(lines, found["line"])
    if alone:
        numbers = np.full(len(lines), NOBODY, np.int32)
        numbers[places] = found["number"]
        rows = np.arange(len(lines))
    else:
        rows, numbers = places, found["number"].astype(np.int32)
    return Lookup(lines, rows, numbers, _firsts(con, lines, rows, numbers, people), alone)


def _array(con: Any, sql: str, name: str) -> Numbers:
    found: Numbers = con.con.sql(sql).fetchnumpy()[name]
    return found


def _firsts(con: Any, lines: Numbers, rows: Numbers, numbers: Numbers, people: int) -> Numbers:
    """For each row the first that stands for the same people, or, for who is not on file, gives the same."""
    who = np.full(len(lines), NOBODY, np.int64)
    who[rows] = numbers
    next_ = people
    several = np.flatnonzero(np.bincount(rows, minlength=len(lines)) > 1)
    if len(several):
        groups: dict[int, set[int]] = {}
        shared = np.isin(rows, several)
        for row, number in zip(rows[shared].tolist(), numbers[shared].tolist(), strict=True):
            groups.setdefault(row, set()).add(number)
        seen: dict[frozenset[int], int] = {}
        for row, group in groups.items():
            who[row] = seen.setdefault(frozenset(group), next_ + len(seen))
        next_ += len(seen)
    strangers = np.flatnonzero(who == NOBODY)
    if len(strangers):
        con.con.register("strange", pa.table({"line": lines[strangers]}))
        given = con.con.sql(
            f"SELECT first(dense) AS dense FROM (SELECT line, dense_rank() OVER (ORDER BY given) AS dense"
            f" FROM {ASKED} SEMI JOIN strange USING (line)) GROUP BY line ORDER BY line"
        ).fetchnumpy()["dense"]
        con.con.unregister("strange")
        who[strangers] = next_ + given
        next_ += int(given.max())
    first = np.empty(next_ + 1, np.int64)
    # Where somebody stands several times the last assignment counts: from the end, that is the first row.
    first[who[::-1]] = np.arange(len(who) - 1, -1, -1)
    found: Numbers = first[who]
    return found
