"""Exports that a test writes, and what is read in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from grondslag.register.imports import Row, load, read

AT = date(2026, 11, 25)
SAMPLES = Path(__file__).parents[2] / "data" / "import_formats"

Imported = Callable[..., list[Row]]


@pytest.fixture
def imported(tmp_path: Path) -> Imported:
    """Writes a file and reads it: lines of text or bytes, under a name, as a format or a mapping in YAML."""

    def do(text: str | bytes, format: str = "", name: str = "export.csv", at: date = AT) -> list[Row]:
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        if "\n" in format:
            (tmp_path / "mapping.yaml").write_text(format, "utf-8")
            format = str(tmp_path / "mapping.yaml")
        return list(read(file, load(format) if format else None, at))

    return do


def header(stem: str) -> list[str]:
    """The columns of a sample."""
    return (SAMPLES / f"{stem}.csv").read_text("utf-8-sig").splitlines()[0].replace('"', "").split(",")


def line(stem: str, **cells: str) -> str:
    """A header and one row under it: the columns are named with underscores for spaces."""
    columns = header(stem)
    named = {name.replace(" ", "_").replace("/", "_"): name for name in columns}
    row = dict.fromkeys(columns, "")
    for name, cell in cells.items():
        row[named[name]] = cell
    return "\n".join(
        [",".join(f'"{column}"' for column in columns), ",".join(f'"{cell}"' for cell in row.values())]
    )


def kinds(row: Row) -> list[str]:
    """What the entries of a row are, in their order."""
    return [kind for entry in row.entries for kind in entry if kind not in ABOUT]


ABOUT = ("id", "subject", "date", "time", "proof")


def first(row: Row, kind: str) -> dict[str, Any]:
    return next(entry for entry in row.entries if kind in entry)
