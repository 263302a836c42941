"""What other programs export, as entries of the register; touches no database.

::

    for row in read(Path("export.zip"), None, date(2026, 11, 25)):
        row.entries, row.problem, row.notes

A format is a mapping in YAML: columns to the details of a person, and rules that say what a row is evidence
of, and how strong.  What a column does not say is not recorded: a status without a day is no consent, and a
refusal without a day is of the day of the import, for then it certainly is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from grondslag.errors import BadCase
from grondslag.screening.dialects import Dialect, dialects
from grondslag.screening.sources import CSV, PARQUET, Source, source

from .binding import columns_of, expanded
from .entries import Entries
from .formats import NAMES, Format, load, recognise
from .lines import lines
from .packed import is_zip, unpacked
from .rows import Row, Said

__all__ = ["NAMES", "Format", "Row", "Said", "load", "read", "recognise"]

_SHOWN: Final = 12
"""Columns that an error names."""


def read(path: Path, format: Format | None, at: date) -> Iterator[Row]:
    """The rows of an export, in the order of the file, with what each comes to.

    Every row is told once: blank lines apart, also those that come to nothing.

    :param path: CSV in any encoding and with any delimiter, packed with gzip or not, or a ZIP of such files.
    :param format: as what to read it; None when the columns tell.  A file in a ZIP that is another format of
        the same program is read as that one.
    :param at: the day of the import.
    :raises BadCase: when it is no such file, or of another format.
    """
    with TemporaryDirectory(prefix="grondslag-") as folder:
        workplace = Path(folder)
        if not is_zip(path):
            yield from _rows(_source(path, workplace), format, at)
            return
        for place, file in enumerate(unpacked(path, workplace)):
            copies = workplace / f"copies-{place}"
            copies.mkdir()
            found = _source(file, copies)
            yield from _rows(found, _as_its_own(found, format), at)


def _source(path: Path, workplace: Path) -> Source:
    found = source(path, workplace)
    if found.format == PARQUET:
        raise BadCase(found.name, "is Parquet by its name", "export it as CSV UTF-8")
    return replace(found, format=CSV)


def _rows(file: Source, wanted: Format | None, at: date) -> Iterator[Row]:
    format, dialect = _format(file, wanted)
    made = Entries(format, dialect.first, file.name, at)
    made.look_through(lines(file, dialect.delimiter, len(dialect.first)))
    for line in lines(file, dialect.delimiter, len(dialect.first)):
        yield made.row(line)


def _recognised(file: Source) -> tuple[Format, Dialect] | None:
    return next(
        ((format, each) for each in dialects(file) if (format := recognise(each.first, file.name))), None
    )


def _as_its_own(file: Source, wanted: Format | None) -> Format | None:
    """As what to read a file in a ZIP: the three files of one export are three formats."""
    told = _recognised(file)
    own = told and wanted and wanted.name in NAMES and told[0].program == wanted.program
    return told[0] if told and own else wanted


def _format(file: Source, wanted: Format | None) -> tuple[Format, Dialect]:
    """As what to read a file, and the dialect in which its first line names what is needed."""
    told = _recognised(file)
    if wanted is not None:
        found = wanted, _fitting(file, wanted, told[0].name if told else "")
    elif told is not None:
        found = told
    else:
        remedy = f"say --as: a file with a mapping, or one of {', '.join(NAMES)}"
        raise BadCase(file.name, "is of no format that its columns tell", remedy)
    _require_once(file.name, *found)
    return found


def _fitting(file: Source, format: Format, looks_like: str) -> Dialect:
    missing: list[str] = list(format.needs)
    for each in dialects(file):
        columns = {column.casefold() for column in each.first}
        lacks = [column for column in format.needs if column.casefold() not in columns]
        if not lacks:
            return each
        missing = min(missing, lacks, key=len)
    # The first line may be a row: what stands in it is not told.
    shown = ", ".join(map(repr, missing[:_SHOWN]))
    remedy = (
        f"it looks like {looks_like}" if looks_like else "export it with these columns, or say another --as"
    )
    raise BadCase(file.name, f"is not {format.name}: it has no column {shown}", remedy)


def _require_once(place: str, format: Format, dialect: Dialect) -> None:
    """Two columns of one name may say two things."""
    columns = [column.casefold() for column in dialect.first]
    for column in columns_of(format, list(expanded(format.rules, dialect.first))):
        if columns.count(column.casefold()) > 1:
            raise BadCase(place, f"has the column {column!r} twice", "keep one of them")
