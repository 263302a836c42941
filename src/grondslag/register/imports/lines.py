"""Reads the rows of a CSV file one by one, with their lines and their text; judges nothing.

Other than in a screening a cell may hold line breaks, for the notes in an export do.  A quote that is never
closed then takes the rows behind it along: each of those lines is told as broken, and none is read as a row,
for what stands inside quotes was written by anybody.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import IO, Final, NamedTuple

from grondslag.screening import encodings
from grondslag.screening.encodings import LONGEST_LINE
from grondslag.screening.sources import Source

from .rows import BROKEN, TOO_LONG, Said, ragged

_BLANK: Final = '",;|\t\r\n '
"""What a line may hold that says nothing."""


_CELL: Final = csv.field_size_limit()
"""Characters in a cell; a row of several lines is cut off a little later."""


class Line(NamedTuple):
    """One row as it stands in the file, or one line of what cannot be read as rows."""

    number: int
    cells: list[str]
    raw: str
    problem: Said | None = None


class _TooLong(Exception):
    """A row goes on for longer than a row can be."""


class _Feed:
    """The lines of a file; ``taken`` are those since the last row."""

    def __init__(self, file: IO[str]) -> None:
        self._file, self.taken, self._length = file, list[str](), 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._file.readline()
        if not line:
            raise StopIteration
        self.taken.append(line)
        if len(self.taken) > 1:
            self._length += len(line)
            if self._length > LONGEST_LINE:
                raise _TooLong
        return line

    def done(self) -> list[str]:
        taken, self.taken, self._length = self.taken, [], 0
        return taken


def lines(file: Source, delimiter: str, width: int) -> Iterator[Line]:
    """The rows after the first line; blank ones are passed over.

    :param width: how many cells a row has.
    """
    with (
        encodings.opened(file.readable) as raw,
        io.TextIOWrapper(raw, "utf-8-sig", errors="replace", newline="") as text,
    ):
        feed, number, lost = _Feed(text), 1, False
        reader = csv.reader(feed, delimiter=delimiter, strict=True)
        while not lost:
            problem, cells = None, list[str]()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, _TooLong):
                problem = BROKEN
            taken = feed.done()
            # Where quotes end cannot be told any more, so nothing that follows is certainly a row.
            lost = not all(map(_kept, taken)) or (problem is not None and sum(map(len, taken)) > _CELL)
            if number > 1:
                yield from _told(number, taken, cells, problem, delimiter, width)
            number += len(taken)
        for place, line in enumerate(text, number):
            if line.strip(_BLANK):
                yield Line(place, [], _kept(line), BROKEN)


def _told(  # noqa: PLR0913
    number: int, taken: list[str], cells: list[str], problem: Said | None, delimiter: str, width: int
) -> Iterator[Line]:
    if len(cells) == width and len(taken) == 1:
        if taken[0].strip(_BLANK):
            yield Line(number, cells, taken[0])
        return
    if not all(map(_kept, taken)):
        problem = TOO_LONG
    elif problem is None and len(cells) != width:
        problem = ragged(len(cells), width)
    if problem is None:
        yield Line(number, cells, "".join(taken))
    elif len(taken) == 1 and (mended := _with_backslashes(taken[0], delimiter, width)):
        yield Line(number, mended, taken[0])
    else:
        for place, line in enumerate(taken):
            if line.strip(_BLANK):
                yield Line(number + place, [], _kept(line), problem if place == 0 else BROKEN)


def _kept(line: str) -> str:
    return "" if line.rstrip("\r\n") == encodings.TOO_LONG else line


def _with_backslashes(line: str, delimiter: str, width: int) -> list[str] | None:
    """The cells of a row that cannot be read in another way, when it writes a quote in a cell as ``\\"``."""
    if '\\"' not in line:
        return None
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True, escapechar="\\"))
    except (csv.Error, StopIteration):
        return None
    return cells if len(cells) == width else None
