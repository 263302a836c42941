"""The files that are recorded, read and checked; touches no database, so that another process can do it."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from grondslag.errors import BadCase, BadEntry
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


def lines(path: Path) -> Generator[tuple[str, str, Entry | BadCase]]:
    """The same as :func:`lines_of`, of a file."""
    with path.open("rb") as file:
        yield from lines_of(file, path.name)


def lines_of(file: Iterable[bytes], of: str) -> Iterator[tuple[str, str, Entry | BadCase]]:
    """Lines of JSON: the name by which errors call each, its text, and the entry or what is wrong with it."""
    for n, line in enumerate(file, 1):
        if line.strip():
            name = f"{of}, line {n}"
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            yield name, text, checked(_json(line, name), name)


def _json(line: bytes, name: str) -> object:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(found := dict(pairs)) != len(pairs):
            raise BadEntry(name, "has a field twice in one object", "keep one of them")
        return found

    try:
        return json.loads(line.decode("utf-8-sig"), object_pairs_hook=once, parse_constant=_no_number)
    except BadEntry as wrong:
        return wrong
    except (ValueError, RecursionError):
        return BadEntry(name, "is no JSON in UTF-8", "write one object on each line")


def _no_number(text: str) -> object:
    raise ValueError(text)
