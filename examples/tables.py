"""Writes what an example has on file, as the tables of a screening."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Rows = Iterable[tuple[str, dict[str, Any]]]
"""What is on file of somebody: the kind of each record, and its fields."""


def write(everybody: Iterable[tuple[object, Rows]], folder: Path) -> None:
    """A table for each kind of record."""
    found: dict[str, list[dict[str, Any]]] = {}
    for subject, rows in everybody:
        for kind, fields in rows:
            found.setdefault(kind, []).append({"subject": subject, **fields})
    for kind, told in found.items():
        columns = list(dict.fromkeys(name for row in told for name in row))
        with (folder / f"{kind}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(told)


def write_audience(subjects: Iterable[object], folder: Path) -> None:
    with (folder / "audience.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["subject"], *([str(subject)] for subject in subjects)])


def emptied(folder: Path) -> Path:
    """A folder for records, with nothing of an earlier run in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    return folder
