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
        None when every row has one match, and stands in the engine as it does here.
    :ivar numbers: for each match the number of the person.
    :ivar repeats: which rows stand for the same people as an earlier one, in order.
    :ivar firsts: for each of these the first row that does.
    """

    lines: Numbers
    rows: Numbers | None
    numbers: Numbers
    repeats: Numbers
    firsts: Numbers

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def first(self) -> Numbers:
        """For each row whether it is the first that stands for its people."""
        found = np.ones(len(self.lines), bool)
        found[self.repeats] = False
        return found

    def worst(self, of_match: Numbers, is_good: Numbers) -> Numbers:
        """For each row what holds for one of its matches: a bad one if there is any.

        :param is_good: for each thing that may hold.
        """
        if self.rows is None:
            return of_match
        good = is_good[of_match]
        found = np.empty(len(self.lines), of_match.dtype)
        found[self.rows[good]] = of_match[good]
        found[self.rows[~good]] = of_match[~good]
        return found

    def least(self, of_match: Numbers) -> Numbers:
        """For each row the least of what holds for its matches."""
        if self.rows is None:
            return of_match
        found = np.full(len(self.lines), np.iinfo(of_match.dtype).max, of_match.dtype)
        np.minimum.at(found, self.rows, of_match)
        return found


def look_up(con: Any, audience: Audience, people: int) -> Lookup:
    """Find everybody of an audience in the snapshot that is attached to a connection.

    :param people: how many there are in the snapshot.
    """
    con.create_view(ASKED, audience.table, overwrite=True)
    if audience.by.is_subject:
        lines, numbers = _by_id(con, audience, people) or _by_subject(con)
        return Lookup(lines, None, numbers, *_repeats(con, lines, None, numbers, people))
    lines = _arrays(con, f"SELECT DISTINCT line FROM {ASKED} ORDER BY line")["line"]
    found = _matches(con, "LEFT JOIN")
    rows, numbers = np.searchsorted(lines, found["line"]), found["number"].astype(np.int32)
    return Lookup(lines, rows, numbers, *_repeats(con, lines, rows, numbers, people))


def whole_number(column: str) -> str:
    """SQL: an id as the whole number that it is written as; null for any other, such as 007."""
    return f"CASE WHEN TRY_CAST({column} AS BIGINT)::VARCHAR = {column} THEN TRY_CAST({column} AS BIGINT) END"


def _by_id(con: Any, audience: Audience, people: int) -> tuple[Numbers, Numbers] | None:
    """Lines and numbers where all ids on file are whole numbers that lie close together: by their place."""
    ((first, last, known, alike),) = con.con.sql(
        f"SELECT first, last, known, count(*) FILTER (id - first = number) FROM {NAME}.subjects,"
        f" (SELECT min(id) AS first, max(id) AS last, count(id) AS known FROM {NAME}.subjects) GROUP BY ALL"
    ).fetchall() or ((0, 0, 0, 0),)
    if known < people or people == 0 or last - first > 8 * people + 1_000_000:
        return None
    is_number = audience.table.given.type().is_integer()
    id_ = "TRY_CAST(given AS BIGINT)" if is_number else whole_number("subject")
    asked = _arrays(con, f"SELECT line, coalesce({id_}, {last + 1}) AS id FROM {ASKED}")
    ids = asked["id"] - first
    # Whoever lies outside is sent to the last place, where nobody is.
    ids[(ids < 0) | (ids > last - first)] = last - first + 1
    if alike == people:
        ids[ids == people] = NOBODY
        return asked["line"], ids.astype(np.int32)
    on_file = _arrays(con, f"SELECT number, id FROM {NAME}.subjects")
    places = np.full(last - first + 2, NOBODY, np.int32)
    places[on_file["id"] - first] = on_file["number"]
    return asked["line"], places[ids]


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


def _repeats(
    con: Any, lines: Numbers, rows: Numbers | None, numbers: Numbers, people: int
) -> tuple[Numbers, Numbers]:
    """The rows that stand for the same people as an earlier one, or give the same, and the first of these."""
    if rows is None:
        seen = np.zeros(people + 1, bool)
        seen[numbers] = True
        if not seen[NOBODY] and np.count_nonzero(seen) == len(numbers):
            return np.empty(0, np.int64), np.empty(0, np.int64)
    who, most = _who(con, lines, rows, numbers, people)
    first = np.empty(most + 1, np.int32 if len(who) < 1 << 31 else np.int64)
    # Where somebody stands several times the last assignment counts: from the end, that is the first row.
    first[who[::-1]] = np.arange(len(who) - 1, -1, -1)
    firsts = first[who]
    repeats = np.flatnonzero(firsts != np.arange(len(who)))
    return repeats, firsts[repeats]


def _who(
    con: Any, lines: Numbers, rows: Numbers | None, numbers: Numbers, people: int
) -> tuple[Numbers, int]:
    """For each row a number of the people whom it stands for, one for each stranger too; and the most."""
    next_ = people
    if rows is None:
        who = numbers.copy()
    else:
        who = np.full(len(lines), NOBODY, np.int32)
        who[rows] = numbers
        shared = (np.bincount(rows, minlength=len(lines)) > 1)[rows]
        groups: dict[int, set[int]] = {}
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
    return who, next_
