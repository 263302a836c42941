"""What comes of an export, checked entry by entry; touches no database, so that another process can do it."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from grondslag.errors import BadCase
from grondslag.register import imports
from grondslag.register.entries import Entry, checked

_ENVELOPE: Final = ("id", "subject", "date", "time", "proof")


class Handed(NamedTuple):
    """An entry that comes of a row of an export.

    :ivar evidence: how strong that of a consent is.
    :ivar entry: or what is wrong with it.
    """

    kind: str
    evidence: str
    entry: Entry | BadCase


def exported(
    path: Path, format: imports.Format | None, at: date
) -> Generator[tuple[imports.Row, list[Handed]]]:
    """The rows of an export (see :func:`grondslag.register.imports.read`), each with its entries apart."""
    for row in imports.read(path, format, at):
        yield (
            row._replace(entries=()),
            [_handed(entry, f"{row.file}, line {row.line}") for entry in row.entries],
        )


def _handed(entry: dict[str, Any], name: str) -> Handed:
    kind = next(reversed([field for field in entry if field not in _ENVELOPE]))
    evidence = entry[kind].get("evidence", "none") if kind == "consent" else ""
    return Handed(kind, evidence, checked(entry, name))
