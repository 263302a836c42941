"""Reads CSV and Parquet files into the engine as they are, row by row with their line; judges nothing.

A CSV row is one line: no cell may hold a line break, so a quote that is never closed spoils one row and
not the rest of the file.  What cannot be read as a row keeps its cells and a ``problem``, so that nobody
named in it is forgotten.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import ibis

from grondslag.errors import BadCase

FORMATS: Final = (".csv", ".parquet")
DELIMITERS: Final = (",", ";", "\t")
CHUNK: Final = 1 << 20
LONGEST_LINE: Final = 1 << 20

_NOWHERE: Final = "\x01\x02\x01\x02"
"""A delimiter that occurs in no file, so that a line is read as one cell."""
_UNREADABLE: Final = "\N{REPLACEMENT CHARACTER}"
_INSIDE: Final = "\x1f"
"""Stands for a delimiter inside quotes while a line is being split."""


@dataclass(frozen=True, slots=True)
class Source:
    """One input file: what a receipt says of it."""

    path: Path
    sha256: str
    size: int
    readable: Path
    """The file itself, or a copy in which what is not UTF-8 has been marked."""
    plain: bool = False
    """A CSV that is UTF-8 and holds no quote, so that a delimiter is always a delimiter."""

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(frozen=True, slots=True)
class Cells:
    """A file in the engine.

    :ivar table: ``line``, ``problem``, and the cells, without space around them and null when empty.
    :ivar by_name: whether each cell is in a column of its own; else all of a row are in the list ``cells``,
        which may be longer or shorter than ``columns`` where there is a ``problem``.
    """

    table: Any
    columns: tuple[str, ...]
    by_name: bool = True


def cells_of(table: Any, line: Any, columns: Iterable[str]) -> Cells:
    """The cells of an Ibis table."""
    names = tuple(columns)
    tidy = {name: _tidy(table[name]) if table[name].type().is_string() else table[name] for name in names}
    return Cells(table.select(line=line, problem=ibis.null("string"), **tidy), names)


def _tidy(text: Any) -> Any:
    return text.strip().nullif("")


def source(path: Path, workplace: Path) -> Source:
    """The hash of a file, and a copy with marks if it is a CSV that is not all UTF-8.

    :raises BadCase: when it cannot be opened, is empty, or is text of another sort.
    """
    digest, size, sound, quoted = hashlib.sha256(), 0, True, False
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_text = path.suffix.lower() != ".parquet"
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                if size == 0 and is_text and chunk[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                    raise BadCase(path.name, "is UTF-16 text", "save it as CSV UTF-8")
                digest.update(chunk)
                size += len(chunk)
                quoted = quoted or b'"' in chunk
                sound = sound and (not is_text or _decodes(decoder, chunk))
            sound = sound and (not is_text or _decodes(decoder, b"", final=True))
    except OSError as error:
        raise BadCase(
            str(path), f"cannot be opened ({error.strerror})", "name a file that can be read"
        ) from None
    if size == 0:
        raise BadCase(path.name, "is empty", "a table begins with a line that names its columns")
    readable = path if sound else _marked(path, workplace)
    return Source(path, digest.hexdigest(), size, readable, plain=is_text and sound and not quoted)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        return "\0" not in decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False


def _marked(path: Path, workplace: Path) -> Path:
    copy = workplace / f"marked-{len(list(workplace.iterdir()))}.csv"
    with (
        path.open(encoding="utf-8", errors="replace", newline="") as file,
        copy.open("w", newline="", encoding="utf-8") as to,
    ):
        while chunk := file.read(CHUNK):
            to.write(chunk.replace("\0", _UNREADABLE))
    return copy


def read(con: Any, file: Source, name: str, needed: Iterable[str]) -> Cells:
    """A CSV or Parquet file with a line that names its columns.

    :param name: the name of the table in the engine.
    :raises BadCase: when a column that is needed is missing, or the file cannot be read at all.
    """
    try:
        if file.path.suffix.lower() == ".parquet":
            cells = _parquet(con, file, name)
        else:
            delimiter, columns = _header(file, tuple(needed))
            _lines(con, file, f"{name}_lines")
            regular = file.plain and _regular(con, f"{name}_lines", delimiter, len(columns))
            cells = (_plain_csv if regular else _csv)(con, file, name, delimiter, columns)
    except duckdb.Error as error:
        problem = f"cannot be read ({_first_line(error)})"
        raise BadCase(file.name, problem, "write it anew as CSV UTF-8 or Parquet") from None
    for column in needed:
        if column not in cells.columns:
            raise BadCase(file.name, f"has no column {column!r}", f"it has: {', '.join(cells.columns)}")
    return cells


def read_lines(con: Any, file: Source, name: str, column: str) -> Cells:
    """A file with one value on each line; the first line may be the column's name."""
    try:
        _lines(con, file, f"{name}_lines")
    except duckdb.Error as error:
        raise BadCase(
            file.name, f"cannot be read ({_first_line(error)})", "write one value on a line"
        ) from None
    con.raw_sql(
        f"CREATE VIEW {name} AS SELECT line, {_not_utf8('text')} AS problem, [trim(text)] AS cells"
        f" FROM {name}_lines WHERE trim(text) <> '' AND NOT (line = 1 AND trim(text) = {quoted(column)})"
    )
    return Cells(con.table(name), (column,), by_name=False)


def kept(con: Any, name: str, rows: Any, place: str) -> Any:
    """Runs a query once and keeps its rows.

    :raises BadCase: when the file behind it cannot be read after all.
    """
    try:
        return con.create_table(name, rows, overwrite=True)
    except duckdb.Error as error:
        problem = f"cannot be read ({_first_line(error)})"
        raise BadCase(place, problem, "write it anew as CSV UTF-8 or Parquet") from None


def _header(file: Source, needed: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The delimiter and the columns, from the first line."""
    with file.readable.open(encoding="utf-8-sig", newline="") as opened:
        first = opened.readline(LONGEST_LINE).rstrip("\r\n")
    for delimiter in DELIMITERS:
        columns = tuple(name.strip() for name in next(csv.reader([first], delimiter=delimiter), []))
        if set(needed) <= set(columns):
            break
    else:
        columns = tuple(name.strip() for name in next(csv.reader([first]), []))
        missing = next(name for name in needed if name not in columns)
        shown = ", ".join(columns)[:200] or "nothing"
        raise BadCase(file.name, f"has no column {missing!r}", f"its first line names: {shown}")
    folded = [name.casefold() for name in columns]
    for name in columns:
        if folded.count(name.casefold()) > 1:
            raise BadCase(file.name, f"has the column {name!r} twice", "keep one of them")
    return delimiter, columns


def _lines(con: Any, file: Source, name: str) -> None:
    """Every line of a file, numbered from 1; the byte order mark is no part of the first."""
    con.raw_sql(
        f"CREATE VIEW {name} AS SELECT row_number() OVER () AS line, text FROM read_csv("
        f"{quoted(_literally(file.readable))}, columns = {{'text': 'VARCHAR'}}, auto_detect = false,"
        f" delim = {quoted(_NOWHERE)}, quote = '', escape = '', header = false, strict_mode = false,"
        f" max_line_size = {LONGEST_LINE})"
    )


def _regular(con: Any, lines: str, delimiter: str, width: int) -> bool:
    """Whether every line has as many cells as the first; then the engine's own reader is to be trusted."""
    sep = quoted(delimiter)
    cells = f"length(text) - length(replace(text, {sep}, '')) = {width - 1}"
    query = f"SELECT bool_and(text IS NOT NULL AND {cells} AND {_not_utf8('text')} IS NULL) FROM {lines}"
    (row,) = con.raw_sql(query).fetchall()
    return bool(row[0])


def _plain_csv(con: Any, file: Source, name: str, delimiter: str, columns: tuple[str, ...]) -> Cells:
    """The same as :func:`_csv` for a file of which every line is sound, and much faster."""
    types = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in columns)
    cells = ", ".join(f'nullif(trim("{column}"), \'\') AS "{column}"' for column in columns)
    con.raw_sql(
        f"CREATE VIEW {name} AS SELECT row_number() OVER () + 1 AS line, NULL::VARCHAR AS problem, {cells}"
        f" FROM read_csv({quoted(_literally(file.readable))}, columns = {{{types}}}, auto_detect = false,"
        f" header = true, delim = {quoted(delimiter)}, quote = '', escape = '', strict_mode = false,"
        f" max_line_size = {LONGEST_LINE})"
    )
    return Cells(con.table(name), columns)


def _csv(con: Any, file: Source, name: str, delimiter: str, columns: tuple[str, ...]) -> Cells:
    sep, inside, width = quoted(delimiter), quoted(_INSIDE), len(columns)
    split_quoted = (
        "string_split(array_to_string(list_transform(string_split(text, '\"'), lambda part, place:"
        f" CASE WHEN place % 2 = 0 THEN replace(part, {sep}, {inside}) ELSE part END), '\"'), {sep})"
    )
    whole = "trim(cell) LIKE '\"%\"' AND length(trim(cell)) > 1"
    bare = "replace(substr(trim(cell), 2, length(trim(cell)) - 2), '\"\"', '\"')"
    cell = f"replace(CASE WHEN {whole} THEN {bare} ELSE cell END, {inside}, {sep})"
    stray = f"len(list_filter(cells, lambda cell: contains(cell, '\"') AND NOT ({whole}))) > 0"
    con.raw_sql(
        f"""
        CREATE VIEW {name} AS
        SELECT line,
            CASE WHEN quotes % 2 = 1 THEN 'a quote is opened and not closed on this line'
                 WHEN {stray} THEN 'a quote stands inside a cell that is not quoted'
                 WHEN len(cells) <> {width} THEN
                     'has ' || len(cells) || ' cells where the first line names {width} columns'
                 ELSE {_not_utf8("text")} END AS problem,
            list_transform(cells, lambda cell: nullif(trim({cell}), '')) AS cells
        FROM (
            SELECT line, text, length(text) - length(replace(text, '"', '')) AS quotes,
                CASE WHEN NOT contains(text, '"') THEN string_split(text, {sep})
                     WHEN (length(text) - length(replace(text, '"', ''))) % 2 = 1
                     THEN string_split(replace(text, '"', ''), {sep})
                     ELSE {split_quoted} END AS cells
            FROM {name}_lines WHERE line > 1 AND trim(replace(text, {sep}, '')) <> '')
        """
    )
    return Cells(con.table(name), columns, by_name=False)


def _parquet(con: Any, file: Source, name: str) -> Cells:
    rows = con.read_parquet(_literally(file.path), table_name=f"{name}_rows", file_row_number=True)
    columns = tuple(column for column in rows.columns if column != "file_row_number")
    folded = {column.casefold() for column in columns}
    if len(folded) < len(columns):
        raise BadCase(file.name, "has a column twice", "keep one of them")
    return cells_of(rows, rows.file_row_number + 1, columns)


def _not_utf8(column: str) -> str:
    return f"CASE WHEN contains({column}, {quoted(_UNREADABLE)}) THEN 'is not UTF-8 text' END"


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _literally(path: Path) -> str:
    """The path as the engine takes it, with nothing in it read as a pattern for several files."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
