"""Reads CSV row by row with its line; judges nothing.

A row is one line: no cell may hold a line break, so a quote that is never closed spoils one row and not the
rest of the file.  What cannot be read as a row keeps its cells and a ``problem``, so that nobody named in it
is forgotten.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import duckdb

from grondslag.errors import BadCase
from grondslag.screening.cells import Cells
from grondslag.screening.dialects import Dialect
from grondslag.screening.engine import MOST_BYTES, lines, path, problem_of, quoted
from grondslag.screening.sources import Source

_INSIDE: Final = "\x1f"
"""Stands for a delimiter inside quotes while a line is being split."""


def read(con: Any, file: Source, name: str, dialect: Dialect) -> Cells:
    """The rows of a file.

    :raises BadCase: when two columns bear one name.
    """
    require_different(file.name, dialect.columns)
    found = replace(file, delimiter=dialect.delimiter, columns=dialect.columns if dialect.header else ())
    regular = file.plain and _regular(con, file, dialect)
    (_regular_rows if regular else _any_rows)(con, file, name, dialect)
    return Cells(con.table(name), dialect.columns, found)


def require_different(place: str, columns: tuple[str, ...]) -> None:
    folded = [name.casefold() for name in columns]
    if twice := next((name for name in columns if folded.count(name.casefold()) > 1), None):
        raise BadCase(place, f"has the column {twice!r} twice", "keep one of them")


def _by_engine(file: Source, dialect: Dialect) -> str:
    types = ", ".join(f"r{n}: 'VARCHAR'" for n, _ in enumerate(dialect.columns))
    quote = quoted('"' if file.quotes else "")
    return (
        f"read_csv({path(file.readable)}, columns = {{{types}}}, auto_detect = false, strict_mode = true,"
        f" header = {str(dialect.header).lower()}, delim = {quoted(dialect.delimiter)}, quote = {quote},"
        f" escape = {quote}, max_line_size = {MOST_BYTES})"
    )


def _regular(con: Any, file: Source, dialect: Dialect) -> bool:
    """Whether every line has as many cells as the first; then the engine's own reader is to be trusted.

    Except with a quote or a line break inside a cell: there it is less strict.
    """
    odd = "count(*) < 0"
    if file.quotes:
        cells = [f"regexp_matches(r{n}, '[\"\\r\\n]')" for n, _ in enumerate(dialect.columns)]
        odd = f"coalesce(bool_or({' OR '.join(cells)}), false)"
    try:
        return not con.raw_sql(f"SELECT {odd} FROM {_by_engine(file, dialect)}").fetchone()[0]
    except duckdb.InvalidInputException:
        return False


def _regular_rows(con: Any, file: Source, name: str, dialect: Dialect) -> None:
    """The same as :func:`_any_rows` for a file of which every line is sound, and much faster."""
    width = range(len(dialect.columns))
    cells = ", ".join(f"nullif(trim(r{n}), '') AS c{n}" for n in width)
    filled = " OR ".join(f"trim(r{n}) <> ''" for n in width)
    con.raw_sql(
        f"CREATE OR REPLACE VIEW {name} AS"
        f" SELECT line, NULL::VARCHAR AS problem, NULL::VARCHAR[] AS named, {cells} FROM"
        f" (SELECT row_number() OVER () + {int(dialect.header)} AS line, * FROM {_by_engine(file, dialect)})"
        f" WHERE {filled}"
    )


def _any_rows(con: Any, file: Source, name: str, dialect: Dialect) -> None:
    sep, inside, width = quoted(dialect.delimiter), quoted(_INSIDE), len(dialect.columns)
    simple = f"string_split(text, {sep})"
    broken = f"string_split(replace(text, chr(34), ''), {sep})"
    quoting = (
        "string_split(array_to_string(list_transform(string_split(text, chr(34)), lambda part, place:"
        f" CASE WHEN place % 2 = 0 THEN replace(part, {sep}, {inside}) ELSE part END), chr(34)), {sep})"
    )
    whole = "trim(cell) LIKE '\"%\"' AND length(trim(cell)) > 1"
    bare = "replace(substr(trim(cell), 2, length(trim(cell)) - 2), '\"\"', '\"')"
    cell = f"replace(CASE WHEN {whole} THEN {bare} ELSE cell END, {inside}, {sep})"
    stray = f"len(list_filter({quoting}, lambda cell: contains(cell, chr(34)) AND NOT ({whole}))) > 0"
    columns = ", ".join(f"cells[{n + 1}] AS c{n}" for n in range(width))
    con.raw_sql(
        f"""
        CREATE OR REPLACE VIEW {name} AS
        SELECT line, problem, {columns},
            CASE WHEN problem IS NOT NULL THEN list_filter(cells, lambda cell: cell IS NOT NULL) END AS named
        FROM (
            SELECT line, cells, CASE
                WHEN fault IS NOT NULL THEN fault
                WHEN quotes % 2 = 1 THEN 'a quote is opened and not closed on this line'
                WHEN quotes > 0 AND {stray} THEN 'a quote stands inside a cell that is not quoted'
                WHEN len(cells) <> {width} THEN 'has ' || len(cells) || ' cells and not {width}'
                END AS problem
            FROM (
                SELECT line, text, fault, quotes, CASE
                    WHEN quotes = 0 THEN {_tidy(simple)}
                    WHEN quotes % 2 = 1 THEN {_tidy(broken)}
                    ELSE {_tidy(quoting, cell)} END AS cells
                FROM (
                    SELECT line, text, {problem_of("text")} AS fault,
                        length(text) - length(replace(text, chr(34), '')) AS quotes
                    FROM {lines(con, file, name)}
                    WHERE line > {int(dialect.header)} AND trim(replace(text, {sep}, '')) <> '')))
        """
    )


def _tidy(cells: str, cell: str = "cell") -> str:
    return f"list_transform({cells}, lambda cell: nullif(trim({cell}), ''))"
