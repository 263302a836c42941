"""To record entries in a register."""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from grondslag.errors import BadCase
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


_FILE: Final = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
_STDIN: Final = Path("-")


@click.command()
@REGISTER
@click.argument("files", nargs=-1, type=_FILE, metavar="[FILE]...")
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
    place: str, files: tuple[Path, ...], tables: Path | None, key: Path | None, rejects: Path | None,
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
    tally = Tally(rejects, dry=dry)
    with opened(place, key, None) as register, closing(tally), progress().on_terminal(quiet) as far:
        for given in _given(files, tables):
            with given as lines:
                _record(register, lines, tally, far)
    if as_json:
        click.echo(json.dumps(tally.told, ensure_ascii=False))
    elif not quiet:
        tally.say()
    sys.exit(tally.code)


Lines = Iterator[tuple[str, str, object]]
"""Name, text and content of each entry; what cannot be read is an error in its place."""


def _given(files: tuple[Path, ...], tables: Path | None) -> Iterator[AbstractContextManager[Lines]]:
    """Each of what is handed in, still to be opened."""
    read = register_package("files")
    if tables:
        yield nullcontext(_rows(tables))
        return
    for file in files or (_STDIN,):
        if file == _STDIN:
            yield nullcontext(read.lines_of(sys.stdin.buffer, "stdin"))
        else:
            yield closing(read.lines(file))


def _rows(folder: Path) -> Lines:
    """Each row of the tables in a folder."""
    for name, entry in register_package("tabled").entries(folder, today()):
        yield name, "" if isinstance(entry, BadCase) else json.dumps(entry, ensure_ascii=False), entry


def _record(register: Register, lines: Lines, tally: Tally, far: Any) -> None:
    waiting: deque[str] = deque()

    def stream() -> Iterator[tuple[str, object]]:
        for name, text, content in lines:
            waiting.append(text)
            yield name, content

    for name, outcome in register.ingest(stream(), now(), dry=tally.dry, batch=FROM_FILE):
        tally.outcome(name, waiting.popleft(), outcome)
        if (done := tally.counts.total()) % FAR == 0:
            far(f"Recording: {done:,} entries")
