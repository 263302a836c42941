"""The few words that all readers have with the engine, DuckDB."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import duckdb
import ibis
import ibis.expr.operations as ops
import pyarrow as pa

from grondslag.errors import BadCase
from grondslag.screening.encodings import LONGEST_LINE, TOO_LONG, UNREADABLE
from grondslag.screening.sources import Source

MOST_BYTES: Final = 4 * LONGEST_LINE + 4
"""In one line: no character takes more than four."""

_NOWHERE: Final = "\x01\x02\x01\x02"
"""A delimiter that occurs in no file, so that a line is read as one cell."""
_GIVEN: Final = "given_rows"
_NO_ROOM: Final = ("No space left", "File too large", "Disk quota", "max_temp_directory_size")


def kept(con: Any, name: str, rows: Any, place: str, memory: str = "") -> Any:
    """Runs a query once and keeps its rows.

    :param memory: how a database in memory is called to keep them in; in the connection's own when left out.
    :raises BadCase: when the file behind it cannot be read after all.
    """
    try:
        return put(con, name, rows, memory)
    except duckdb.Error as error:
        raise unreadable(place, error) from None


def put(con: Any, name: str, rows: Any, memory: str = "") -> Any:
    """A table with the rows of a query or of Arrow, in the place of one of that name.

    Ibis's own ``create_table`` needs seven statements for it, and says the query twice.
    """
    if con.name != "duckdb":
        return con.create_table(name, rows)
    if memory:
        con.raw_sql(f"ATTACH IF NOT EXISTS ':memory:' AS {memory}")
    create = f"CREATE OR REPLACE TABLE {f'{memory}.' if memory else ''}{name} AS"
    if isinstance(rows, pa.Table | pa.RecordBatchReader):
        schema = ibis.Schema.from_pyarrow(rows.schema)
        con.con.register(_GIVEN, rows)
        try:
            con.raw_sql(f"{create} FROM {_GIVEN}")
        finally:
            con.con.unregister(_GIVEN)
    else:
        schema = rows.schema()
        con.raw_sql(f"{create} {as_sql(rows)}")
    place = ops.Namespace(catalog=memory, database="main") if memory else ops.Namespace()
    return ops.DatabaseTable(name, schema=schema, source=con, namespace=place).to_expr()


def as_sql(rows: Any) -> str:
    """A query in the words of DuckDB; to find these for the same query once more costs little."""
    return _words(rows.unbind().op())


@lru_cache(maxsize=1 << 10)
def _words(query: Any) -> str:
    return str(ibis.to_sql(query.to_expr(), dialect="duckdb", pretty=False))


def fetched(con: Any, rows: Any) -> pa.Table:
    """The rows of a query: of few that differ, not of everybody."""
    found: pa.Table = (
        con.raw_sql(as_sql(rows)).to_arrow_table() if con.name == "duckdb" else con.to_pyarrow(rows)
    )
    return found


def count(con: Any, rows: Any) -> int:
    """How many rows there are; Ibis's own ``execute`` would load pandas to tell it."""
    if con.name != "duckdb":
        return int(con.count(rows))
    ((found,),) = con.raw_sql(as_sql(rows.aggregate(rows.count()))).fetchall()
    return int(found)


def unreadable(place: str, error: duckdb.Error) -> BadCase:
    """What to tell when the engine cannot read a file."""
    return failed(place, error, "cannot be read", "write it anew as CSV UTF-8, JSON lines or Parquet")


def failed(place: str, error: duckdb.Error, problem: str, remedy: str) -> BadCase:
    """What to tell of an error of the engine; its own words may hold a row, but not where a disk failed."""
    words = str(error).partition("\n")[0]
    if any(sign in str(error) for sign in _NO_ROOM):
        return BadCase(place, "there is no room left on the disk", "make room, or write elsewhere")
    told = words[:200] if isinstance(error, duckdb.IOException) else type(error).__name__
    return BadCase(place, f"{problem} ({told})", remedy)


def lines(con: Any, file: Source, name: str) -> str:
    """A view of every line of a file, numbered from 1; the byte order mark is no part of the first."""
    con.raw_sql(
        f"CREATE OR REPLACE VIEW {name}_lines AS SELECT row_number() OVER () AS line, text FROM read_csv("
        f"{path(file.readable)}, columns = {{'text': 'VARCHAR'}}, auto_detect = false,"
        f" delim = {quoted(_NOWHERE)}, quote = '', escape = '', header = false, strict_mode = false,"
        f" max_line_size = {MOST_BYTES})"
    )
    return f"{name}_lines"


def problem_of(text: str) -> str:
    """What is wrong with a line of text whatever stands in it, as SQL."""
    return (
        f"CASE WHEN {text} = {quoted(TOO_LONG)} THEN 'is longer than {LONGEST_LINE} characters'"
        f" WHEN contains({text}, {quoted(UNREADABLE)}) THEN 'is not text of the encoding of the file' END"
    )


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def database(file: Path) -> Path | str:
    """A file to keep tables in; memory where what follows a question mark would be an option to DuckDB."""
    return ":memory:" if "?" in str(file) else file


def path(file: Path) -> str:
    """A path as SQL writes it, with nothing in it read as a pattern for several files."""
    return quoted("".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(file)))
