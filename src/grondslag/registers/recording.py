"""To record entries in a register."""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grondslag.errors import BadCase, BadEntry
from grondslag.registers.opening import (
    FAR,
    FROM_FILE,
    JSON,
    KEY,
    QUIET,
    REGISTER,
    now,
    opened,
    progress,
    register_package,
    today,
)
from grondslag.registers.tally import REJECTS, Tally

if TYPE_CHECKING:
    from grondslag.register.register import Register


@click.command()
@REGISTER
@click.argument("files", nargs=-1, type=click.File("rb"), metavar="[FILE]...")
@click.option(
    "--tables", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR",
    help="Instead of FILE, the tables that a screening reads: so who kept such tables begins a register.",
)  # fmt: skip
@KEY
@REJECTS
@click.option("--dry-run", "dry", is_flag=True, help="Only tell what would be recorded.")
@JSON
@QUIET
def record(
    place: str, files: tuple[Any, ...], tables: Path | None, key: Path | None, rejects: Path | None,
    dry: bool, as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Record the entries in FILE (JSON lines; standard input when left out) in REGISTER.

    An entry that was recorded before is passed over, so a file may be sent again after whatever stopped it;
    so is a row of a table that stands there twice.
    What cannot be recorded goes to the rejects, and the rest goes on.

    Exit code: 0 all recorded, 1 some rejected, 2 nothing could be done.
    """
    if tables and files:
        raise BadCase("--tables", "stands beside FILE", "name the files, or the folder with tables")
    lines = _rows(tables) if tables else _lines(files or (sys.stdin.buffer,))
    with opened(place, key, None) as register:
        tally = Tally(rejects, dry=dry)
        _record(register, lines, tally, quiet=quiet)
    if as_json:
        click.echo(json.dumps(tally.told, ensure_ascii=False))
    elif not quiet:
        tally.say()
    sys.exit(tally.code)


def _lines(files: tuple[Any, ...]) -> Iterator[tuple[str, str, object]]:
    """Name, text and content of each line; what is no JSON is an error in its place."""
    for file in files:
        name = Path(getattr(file, "name", "") or "stdin").name
        for n, line in enumerate(file, 1):
            if line.strip():
                text = line.decode("utf-8", "replace").rstrip("\r\n")
                yield f"{name}, line {n}", text, _json(line, f"{name}, line {n}")


def _rows(folder: Path) -> Iterator[tuple[str, str, object]]:
    """The same of each row of the tables in a folder."""
    for name, entry in register_package("tabled").entries(folder, today()):
        yield name, "" if isinstance(entry, BadCase) else json.dumps(entry, ensure_ascii=False), entry


def _json(line: bytes, place: str) -> object:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(found := dict(pairs)) != len(pairs):
            raise BadEntry(place, "has a field twice in one object", "keep one of them")
        return found

    try:
        return json.loads(line.decode("utf-8-sig"), object_pairs_hook=once, parse_constant=_no_number)
    except BadEntry as wrong:
        return wrong
    except (ValueError, RecursionError):
        return BadEntry(place, "is no JSON in UTF-8", "write one object on each line")


def _no_number(text: str) -> object:
    raise ValueError(text)


def _record(
    register: Register, lines: Iterator[tuple[str, str, object]], tally: Tally, *, quiet: bool
) -> None:
    waiting: deque[str] = deque()

    def stream() -> Iterator[tuple[str, object]]:
        for name, text, content in lines:
            waiting.append(text)
            yield name, content

    with closing(tally), progress().on_terminal(quiet) as far:
        outcomes = register.ingest(stream(), now(), dry=tally.dry, batch=FROM_FILE)
        for n, (name, outcome) in enumerate(outcomes, 1):
            tally.outcome(name, waiting.popleft(), outcome)
            if n % FAR == 0:
                far(f"Recording: {n:,} entries")
