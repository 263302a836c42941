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
ASKED: Final = "asking.rows"
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
    # Kept, for it is read again for each file of the outcome; in memory, which takes a third of the time.
    con.create_view("asked", audience.table, overwrite=True)
    con.raw_sql("ATTACH IF NOT EXISTS ':memory:' AS asking")
    con.raw_sql(f"CREATE OR REPLACE TABLE {ASKED} AS FROM asked")
    alone = audience.by.is_subject and not audience.by.hashed
    if alone:
        lines, numbers = _by_id(con, people) or _by_subject(con)
        rows = np.arange(len(lines))
    else:
        lines = _arrays(con, f"SELECT DISTINCT line FROM {ASKED} ORDER BY line")["line"]
        found = _matches(con, "LEFT JOIN")
        rows, numbers = np.searchsorted(lines, found["line"]), found["number"].astype(np.int32)
    return Lookup(lines, rows, numbers, _firsts(con, lines, rows, numbers, people), alone)


def whole_number(column: str) -> str:
    """SQL: an id as the whole number that it is written as; null for any other, such as 007."""
    return f"CASE WHEN TRY_CAST({column} AS BIGINT)::VARCHAR = {column} THEN TRY_CAST({column} AS BIGINT) END"


def _by_id(con: Any, people: int) -> tuple[Numbers, Numbers] | None:
    """Lines and numbers where all ids on file are whole numbers that lie close together: by their place."""
    ((first, last, known),) = con.con.sql(
        f"SELECT min(id), max(id), count(id) FROM {NAME}.subjects"
    ).fetchall()
    if known < people or people == 0 or last - first > 8 * people + 1_000_000:
        return None
    on_file = _arrays(con, f"SELECT number, id FROM {NAME}.subjects")
    places = np.full(last - first + 2, NOBODY, np.int32)
    places[on_file["id"] - first] = on_file["number"]
    # Whoever lies outside is sent to the last place, where nobody is.
    asked = _arrays(con, f"SELECT line, coalesce({whole_number('subject')}, {last + 1}) AS id FROM {ASKED}")
    ids = asked["id"]
    inside = (ids >= first) & (ids <= last)
    return asked["line"], places[np.where(inside, ids - first, -1)]


def _by_subject(con: Any) -> tuple[Numbers, Numbers]:
    lines = _arrays(con, f"SELECT line FROM {ASKED}")["line"]
    found = _matches(con, "JOIN")
    numbers = np.full(len(lines), NOBODY, np.int32)
    numbers[np.searchsorted(lines, found["line"])] = found["number"]
    return lines, numbers


def _matches(con: Any, join: str) -> dict[str, Numbers]:
    return _arrays(
        con,
        f"SELECT a.line, coalesce(s.number, {NOBODY}) AS number FROM {ASKED} AS a"
        f" {join} {NAME}.subjects AS s ON a.subject = s.subject",
    )


def _arrays(con: Any, sql: str) -> dict[str, Numbers]:
    found: dict[str, Numbers] = con.con.sql(sql).fetchnumpy()
    return found


def _firsts(con: Any, lines: Numbers, rows: Numbers, numbers: Numbers, people: int) -> Numbers:
    """For each row the first that stands for the same people, or, for who is not on file, gives the same."""
    who = np.full(len(lines), NOBODY, np.int64)
    who[rows] = numbers
    next_ = people
    several = np.flatnonzero(np.bincount(rows, minlength=len(lines)) > 1) if len(rows) > len(lines) else ()
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
