"""Whom a campaign wants to reach: a list of subjects, each decided once however often it stands there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis

from grondslag.errors import BadCase
from grondslag.screening.cells import SUBJECT, typed
from grondslag.screening.tables import FORMATS, Cells, Source, cells_of, kept, read, read_lines, source


@dataclass(frozen=True, slots=True)
class Audience:
    """The people to decide on.

    :ivar table: ``subject`` and the first ``line`` on which it stands, each subject once.
    :ivar rejects: the rows that name nobody: ``file``, ``line``, ``reason``.
    :ivar rows: how many rows were given.
    :ivar distinct: how many different subjects they name.
    :ivar rejected: how many rows could not be read.
    """

    table: Any
    rejects: Any
    rows: int
    distinct: int
    rejected: int
    sources: tuple[Source, ...] = ()

    @property
    def duplicates(self) -> int:
        """How many rows name a subject that stood there before."""
        return self.rows - self.distinct - self.rejected


def load(con: Any, path: Path, workplace: Path) -> Audience:
    """The audience in a CSV or Parquet file with a column ``subject``, or any other file with one on a line.

    :raises BadCase: when it cannot be opened, lacks the column, or names nobody.
    """
    file = source(path, workplace)
    if path.suffix.lower() in FORMATS:
        cells = read(con, file, "raw_audience", ("subject",))
    else:
        cells = read_lines(con, file, "raw_audience", "subject")
    return _once(con, cells, file.name, (file,))


def of_table(con: Any, table: Any) -> Audience:
    """The audience in an Ibis table with a column ``subject``."""
    line = table.line if "line" in table.columns else ibis.row_number() + 1
    return _once(con, cells_of(table, line, ["subject"]), "audience", ())


def _once(con: Any, cells: Cells, place: str, sources: tuple[Source, ...]) -> Audience:
    rows = kept(con, "audience_rows", typed(cells, {"subject": SUBJECT}, place), place)
    good, bad = rows.filter(rows.reason.isnull()), rows.filter(rows.reason.notnull())
    once = con.create_table("audience", good.group_by("subject").agg(line=good.line.min()))
    given, distinct, rejected = (int(con.execute(table.count())) for table in (rows, once, bad))
    if distinct == 0:
        raise BadCase(place, "names nobody", "list at least one subject")
    return Audience(once, bad.select("file", "line", "reason"), given, distinct, rejected, sources)
