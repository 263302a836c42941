"""Reads files and tables in memory into the engine as they are, row by row; judges nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import duckdb
import ibis
import ibis.expr.operations as ops
import pyarrow as pa

from grondslag.errors import BadCase
from grondslag.screening import csv_rows, json_rows
from grondslag.screening.cells import Cells, cells_of
from grondslag.screening.csv_rows import require_different
from grondslag.screening.dialects import Dialect, dialects
from grondslag.screening.engine import lines, path, problem_of, put, unreadable
from grondslag.screening.sources import CSV, JSON_LINES, Source


def read(con: Any, file: Source, name: str, needed: Iterable[str]) -> Cells:
    """A file with a line that names its columns.

    :param name: the name of the table in the engine.
    :raises BadCase: when a column that is needed is missing, or the file cannot be read at all.
    """
    dialect = _dialect(file, set(needed)) if file.format == CSV else None
    cells = read_as(con, file, name, dialect)
    for column in needed:
        if column not in cells.columns:
            raise BadCase(file.name, f"has no column {column!r}", f"it has: {', '.join(cells.columns)}")
    return cells


def read_as(con: Any, file: Source, name: str, dialect: Dialect | None = None) -> Cells:
    """A CSV file in a dialect, or JSON lines, or Parquet."""
    try:
        if dialect:
            return csv_rows.read(con, file, name, dialect)
        if file.format == JSON_LINES:
            return json_rows.read(con, file, name)
        return _parquet(con, file, name)
    except duckdb.Error as error:
        raise unreadable(file.name, error) from None


def _dialect(file: Source, needed: set[str]) -> Dialect:
    """The dialect in which the first line names what is needed."""
    found = dialects(file)
    for each in found:
        if needed <= set(each.columns):
            return each
    most = max(found, key=lambda each: len(needed & set(each.columns)))
    missing = ", ".join(repr(name) for name in sorted(needed - set(most.columns)))
    # A first line that names nothing we know may be a row: what stands in it is not told.
    shown = needed & set(most.columns)
    remedy = (
        f"its first line names: {', '.join(most.columns)}" if shown else "name the columns in the first line"
    )
    raise BadCase(file.name, f"has no column {missing}", remedy)


def read_lines(con: Any, file: Source, name: str, column: str, header: bool) -> Cells:
    """A file with one value on each line.

    :param column: what the values are; the first line names it if there is a ``header``.
    """
    try:
        con.raw_sql(
            f"CREATE OR REPLACE VIEW {name} AS"
            f" SELECT line, {problem_of('text')} AS problem, NULL::VARCHAR[] AS named,"
            f" nullif(trim(text), '') AS c0 FROM {lines(con, file, name)}"
            f" WHERE line > {int(header)} AND trim(text) <> ''"
        )
        return Cells(con.table(name), (column,), source=replace(file, columns=(column,) if header else ()))
    except duckdb.Error as error:
        raise unreadable(file.name, error) from None


def of_memory(con: Any, given: Any, name: str) -> Cells:
    """A table that a program hands over: of Ibis, or anything that speaks Arrow.

    DuckDB, pyarrow, pandas and Polars do; what can be read only once is kept in the engine.

    :param name: of the table in the engine, and in messages.
    :raises BadCase: when it is none of these, or holds what Arrow cannot carry.
    """
    table = given if _is_on(con, given) else _kept(con, given, f"{name}_given", name)
    line = table.line if "line" in table.columns else ibis.row_number() + 1
    columns = tuple(column for column in table.columns if column != "line")
    require_different(name, columns)
    return cells_of(table, line, columns)


def _is_on(con: Any, given: Any) -> bool:
    """Whether it can be read where it is; what Ibis itself holds in memory is on no connection yet."""
    if not isinstance(given, ibis.Table):
        return False
    return con.name != "duckdb" or (ibis.get_backend(given) is con and not given.op().find(ops.InMemoryTable))


def _kept(con: Any, given: Any, name: str, place: str) -> Any:
    if not hasattr(given, "__arrow_c_stream__"):
        raise BadCase(
            place, f"is a {type(given).__name__}", "give a table of DuckDB, Arrow, pandas or Polars"
        )
    try:
        of_ibis = isinstance(given, ibis.Table)
        rows = given.to_pyarrow_batches() if of_ibis else pa.RecordBatchReader.from_stream(given)
        return put(con, name, rows)
    except (pa.ArrowException, TypeError, ValueError) as error:
        # Arrow's own words quote what stood in the cell.
        problem = f"has a column of more than one type ({type(error).__name__})"
        raise BadCase(place, problem, "give every column one type") from None
    except duckdb.Error as error:
        raise unreadable(place, error) from None


def _parquet(con: Any, file: Source, name: str) -> Cells:
    con.raw_sql(
        f"CREATE OR REPLACE VIEW {name} AS"
        f" SELECT * FROM read_parquet({path(file.path)}, file_row_number = true)"
    )
    rows = con.table(name)
    columns = tuple(column for column in rows.columns if column != "file_row_number")
    require_different(file.name, columns)
    found = cells_of(rows, rows.file_row_number + 1, columns)
    return replace(found, source=replace(file, columns=columns), cheap=True)
