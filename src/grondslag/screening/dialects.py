"""How a CSV file may be written, by its first line."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Final

from grondslag.screening.encodings import LONGEST_LINE, opened
from grondslag.screening.sources import Source

DELIMITERS: Final = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file writes its rows.

    :ivar first: the cells of the first line.
    :ivar header: whether these name the columns.
    """

    delimiter: str
    first: tuple[str, ...]
    header: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        return self.first if self.header else tuple(f"column{n}" for n, _ in enumerate(self.first, 1))


def dialects(file: Source) -> tuple[Dialect, ...]:
    """What the first line may be, the likeliest first."""
    with opened(file.readable) as raw, io.TextIOWrapper(raw, "utf-8-sig", errors="replace") as text:
        first = text.readline(LONGEST_LINE).rstrip("\r\n")
    split = {sign: next(csv.reader([first], delimiter=sign), []) for sign in DELIMITERS}
    order = sorted(DELIMITERS, key=lambda sign: -len(split[sign]))
    return tuple(Dialect(sign, tuple(cell.strip() for cell in split[sign])) for sign in order)
