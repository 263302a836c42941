"""Whom a campaign wants to reach: a list of subjects, each decided once however often it stands there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis

from grondslag.errors import BadCase
from grondslag.screening.cells import SUBJECT, spread, typed
from grondslag.screening.tables import FORMATS, Cells, Source, cells_of, kept, read, read_lines, source


@dataclass(frozen=True, slots=True)
class Audience:
    """The people to decide on.

    :ivar name: the table in the engine with ``line`` and ``subject`` of the rows that could be read.
    :ivar rejects: the rows that name nobody: ``file``, ``line``, ``reason``.
    :ivar kept: how many rows could be read.
    :ivar rejected: how many could not.
    """

    name: str
    rejects: Any
    kept: int
    rejected: int
    sources: tuple[Source, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows were given."""
        return self.kept + self.rejected


def load(con: Any, path: Path, workplace: Path) -> Audience:
    """The audience in a CSV or Parquet file with a column ``subject``, or any other file with one on a line.

    :raises BadCase: when it cannot be opened, lacks the column, or names nobody.
    """
    file = source(path, workplace)
    if path.suffix.lower() in FORMATS:
        cells = read(con, file, "raw_audience", ("subject",))
    else:
        cells = read_lines(con, file, "raw_audience", "subject")
    return _read(con, cells, file.name, (file,))


def of_table(con: Any, table: Any) -> Audience:
    """The audience in an Ibis table with a column ``subject``."""
    line = table.line if "line" in table.columns else ibis.row_number() + 1
    return _read(con, cells_of(table, line, ["subject"]), "audience", ())


def _read(con: Any, cells: Cells, place: str, sources: tuple[Source, ...]) -> Audience:
    rows = typed(spread(cells), {"subject": SUBJECT}, place)
    good, bad = rows.filter(rows.reason.isnull()), rows.filter(rows.reason.notnull())
    kept(con, "audience", good.select("line", "subject"), place)
    con.create_table("audience_rejects", bad.select("file", "line", "reason"), overwrite=True)
    read, rejected = (int(con.execute(con.table(name).count())) for name in ("audience", "audience_rejects"))
    if read == 0:
        raise BadCase(place, "names nobody", "list at least one subject")
    return Audience("audience", con.table("audience_rejects"), read, rejected, sources)
