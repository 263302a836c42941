"""Whom a campaign wants to reach: rows that name people by id, e-mail address, telephone or postal address.

Contact details are looked up in the table ``contact`` of the records.  A detail that several people share
stands for all of them; one that is nobody's, or somebody's whose id cannot be read, stands for an unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import duckdb
import ibis

from grondslag.errors import BadCase
from grondslag.screening import tables
from grondslag.screening.cells import SUBJECT as SUBJECT_TEXT
from grondslag.screening.cells import Cells, cell_of, form_of, sound
from grondslag.screening.dialects import dialects
from grondslag.screening.engine import as_sql, count, kept, unreadable
from grondslag.screening.identifiers import HASH, SUBJECT, By, by_name, by_value
from grondslag.screening.matching import matched
from grondslag.screening.records import Known
from grondslag.screening.sources import CSV, LINES, PARQUET, Source, source
from grondslag.spellings import EMAIL
from grondslag.vocabulary import Text

ASKING: Final = "asking"
"""Where the rows of an audience are kept that it would take long to read again: in memory."""
_WIDEST: Final = Text(400)
"""What a row may give; a contact detail is held to its own rules as well."""
_REJECTS: Final = ibis.schema({"file": "string", "line": "int64", "reason": "string"})
_DIGEST: Final = Text(64, "^[0-9a-fA-F]{64}$", "a keyed hash, 64 hexadecimal digits")


@dataclass(frozen=True, slots=True)
class How:
    """How the audience names its people, as far as the user says so.

    :ivar by: see :func:`.identifiers.by_name`; empty to go by the names of the columns.
    :ivar secret: the key of the hashes.
    """

    by: str = ""
    secret: bytes | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """The people to decide on.

    :ivar table: an Ibis table: ``line``, ``given`` (what stood there: text, or a whole number) and
        ``subject``, the id in the records, or null for a contact detail that is nobody's.  A line has a row
        for each subject of its detail.  Nothing is taken together: a subject may stand on several lines.
    :ivar rejects: ``file``, ``line``, ``reason`` of rows that name nobody, and of bad cells of ``contact``.
    :ivar rows: how many rows were given.
    :ivar rejected: how many of them could not be read.
    """

    table: Any
    rejects: Any
    rows: int
    rejected: int
    by: By
    sources: tuple[Source, ...] = ()

    @property
    def is_parquet(self) -> bool:
        return any(source.format == PARQUET for source in self.sources)


def load(con: Any, path: Path, workplace: Path, records: Known, how: How | None = None) -> Audience:
    """The audience in a CSV, JSON lines or Parquet file, or any other file with one value on a line.

    :raises BadCase: when it cannot be opened, has no column to go by, or has no rows.
    """
    how = how or How()
    cells, by = _read(con, source(path, workplace), how.by)
    return _found(con, cells, by, records, how.secret)


def of_memory(con: Any, table: Any, records: Known, how: How | None = None) -> Audience:
    """The audience in a table of Ibis, DuckDB, Arrow, pandas or Polars."""
    how = how or How()
    cells = tables.of_memory(con, table, "audience")
    if by := by_name(cells.columns, how.by):
        return _found(con, cells, by, records, how.secret)
    raise _nothing_to_go_by("audience", how.by)


def _read(con: Any, file: Source, wanted: str) -> tuple[Cells, By]:
    name, plain = "raw_audience", file.format == LINES
    if file.format not in (CSV, LINES):
        cells = tables.read_as(con, file, name)
        if by := by_name(cells.columns, wanted, file.name):
            return cells, by
        raise _nothing_to_go_by(file.name, wanted)
    found = dialects(file)
    for each in found:
        if by := by_name(each.columns, wanted, file.name):
            if plain and len(each.columns) == 1:
                return tables.read_lines(con, file, name, each.columns[0], header=True), by
            return tables.read_as(con, file, name, each), by
    if plain and "=" not in wanted:
        kind = wanted.removesuffix(HASH) or (EMAIL if "@" in "".join(found[-1].first) else SUBJECT)
        by = By(kind, ("column1",), wanted.endswith(HASH))
        return tables.read_lines(con, file, name, by.columns[0], header=False), by
    widest = found[0]
    if by := by_value(widest.first, wanted):
        return tables.read_as(con, file, name, replace(widest, header=False)), by
    raise _nothing_to_go_by(file.name, wanted)


def _nothing_to_go_by(place: str, wanted: str) -> BadCase:
    sought = wanted.partition("=")[2] or wanted or SUBJECT
    also = "" if wanted else ", nor one with an e-mail address, telephone number or postal address"
    remedy = f"name it in the first line, or say --by {wanted.partition('=')[0] or EMAIL}=COLUMN"
    return BadCase(place, f"has no column {sought[:100]!r}{also}", remedy)


def _found(con: Any, cells: Cells, by: By, records: Known, secret: bytes | None) -> Audience:
    place = cells.source.name if cells.source else "audience"
    rows = rows_of(cells, by, place)
    if not cells.cheap:
        rows = kept(con, "audience_rows", rows.drop("file"), place, ASKING)
        rows = rows.mutate(file=ibis.literal(place))
    rows = with_reasons(rows, by)
    try:
        told = rows.aggregate(rows=rows.count(), bad=rows.reason.count())
        ((total, bad),) = con.raw_sql(as_sql(told)).fetchall()
        if not total:
            raise BadCase(place, "names nobody", "list at least one subject")
        good, unread, details = rows, list[Any](), list[Any]()
        if bad:
            good = rows.filter(rows.reason.isnull())
            unread.append(rows.filter(rows.reason.notnull()).select("file", "line", "reason"))
        if by.is_subject:
            table = good.select("line", "given", subject=good.given.cast("string"))
        else:
            table, unmatched, details = matched(con, good, by, records, secret)
            unread += unmatched
        rejects = con.create_table("audience_rejects", schema=_REJECTS, overwrite=True)
        for each in unread:
            con.insert("audience_rejects", each)
        rejected = count(con, rejects)
        for each in details:
            con.insert("audience_rejects", each)
    except duckdb.Error as error:
        raise unreadable(place, error) from None
    sources = (cells.source,) if cells.source else ()
    return Audience(table, rejects, total, rejected, by, sources)


def rows_of(cells: Cells, by: By, place: str) -> Any:
    """What each row gave; a broken one has a ``problem``."""
    given = _given(cells, by, place)
    return cells.table.select("line", given=given, problem=cells.table.problem, file=ibis.literal(place))


def _given(cells: Cells, by: By, place: str) -> Any:
    """What stood there: a whole number, or text; the parts of an address behind each other."""
    if by.is_subject and (number := cells[by.columns[0]]).type().is_integer():
        return number
    first, *others = (cell_of(cells, column, _WIDEST, place) for column in by.columns)
    for other in others:
        first = first.concat(ibis.literal(" ").concat(other).fill_null(""))
    return first


def with_reasons(rows: Any, by: By) -> Any:
    """The rows of :func:`rows_of` with why one names nobody."""
    reasons = [rows.problem, rows.given.isnull().ifelse(f"{by.name} is left out", None)]
    if rows.given.type().is_string():
        type_ = _DIGEST if by.hashed else SUBJECT_TEXT if by.is_subject else _WIDEST
        reasons.append((~sound(rows.given, type_)).ifelse(f"{by.name} is not {form_of(type_)}", None))
    return rows.mutate(reason=ibis.coalesce(*reasons)).drop("problem")
