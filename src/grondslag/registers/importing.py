"""To import what other programs export, and to tell which programs those are."""

from __future__ import annotations

import json
import sys
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from grondslag.errors import BadCase, printable
from grondslag.options import FILE, LANG, Day, say
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
from grondslag.registers.tally import REASONS, REJECTS, Tally

if TYPE_CHECKING:
    from grondslag.register.files import Handed
    from grondslag.register.imports import Format, Row
    from grondslag.register.register import Register

LARGE: Final = 1 << 23
"""Bytes of a file from which on it pays to let another process read it."""
_STRENGTHS: Final = ("full", "metadata-only", "process-only", "none")


@click.command("import")
@REGISTER
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@click.option(
    "--as", "as_", metavar="FORMAT",
    help="What the files are: a format of `grondslag formats`, or a mapping of your own in YAML."
    " Their columns tell it when it is left out.",
)  # fmt: skip
@click.option(
    "--date", "day", type=Day(),
    help="The day of the export, when it is an older one: a refusal without a day is of this day, and nothing"
    " in it is later.  Today when left out.",
)  # fmt: skip
@KEY
@REJECTS
@click.option(
    "--notes", is_flag=True, help="Tell all that is not recorded, and how often, not the most only."
)
@click.option("--dry-run", "dry", is_flag=True, help="Only tell what would be recorded.")
@JSON
@QUIET
def import_(
    place: str, files: tuple[Path, ...], as_: str | None, day: date | None, key: Path | None,
    rejects: Path | None, notes: bool, dry: bool, as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Record in REGISTER what FILE, the export of another program, is evidence of, and no more than that.

    Nobody is brought back: a consent of somebody who refused or was forgotten is left out, and told.  What
    was imported before is passed over, so the same command goes on after whatever stopped it.  What cannot be
    read goes to the rejects: mend it in FILE and import that again.

    Exit code: 0 all recorded, 1 some rejected or left out, 2 nothing could be done.
    """
    imports = register_package("imports")
    at = day or today()
    if at > today():
        raise BadCase("--date", "is still to come", "give the day of the export")
    format = imports.load(as_) if as_ else None
    with opened(place, key, None) as register:
        done = _Import(register, Tally(rejects, dry=dry))
        done.run(files, format, at, quiet=quiet)
    if as_json:
        click.echo(json.dumps(done.told, ensure_ascii=False))
    elif not quiet:
        done.say(None if notes else REASONS)
    sys.exit(done.tally.code)


class _Import:
    """One import: what was read, and what became of it.

    :ivar read: file and format → rows.
    :ivar kinds: kind of entry and what became of it → how many.
    :ivar evidence: strength → how many consents of it were recorded now.
    :ivar notes: what is not recorded → how often.
    """

    def __init__(self, register: Register, tally: Tally) -> None:
        self.register, self.tally = register, tally
        self.read: Counter[tuple[str, str]] = Counter()
        self.kinds: Counter[tuple[str, str]] = Counter()
        self.evidence: Counter[str] = Counter()
        self.notes: Counter[str] = Counter()

    def run(self, files: Iterable[Path], format: Format | None, at: date, *, quiet: bool) -> None:
        """Import the files, one after the other."""
        with closing(self.tally), progress().on_terminal(quiet) as far:
            for file in files:
                with _read(file, format, at) as rows:
                    self._file(file, rows, far)

    def _file(self, file: Path, rows: Iterator[tuple[Row, Sequence[Handed]]], far: Any) -> None:
        waiting: deque[tuple[Row, Handed]] = deque()
        size, length, count = _size(file), 0, 0

        def stream() -> Iterator[tuple[str, object]]:
            nonlocal length, count
            for row, entries in rows:
                self._row(row)
                length, count = length + len(row.raw), count + 1
                if count % FAR == 0:
                    # How many rows there are is told by how long they are.
                    total = max(count, count * size // length) if size and length else None
                    far(f"Importing {printable(row.file)} as {row.format}", count, total)
                for each in entries:
                    waiting.append((row, each))
                    yield f"{row.file}, line {row.line}", each.entry

        for name, outcome in self.register.ingest(stream(), now(), dry=self.tally.dry, batch=FROM_FILE):
            row, each = waiting.popleft()
            became = self.tally.outcome(name, row.raw, outcome)
            self.kinds[each.kind, became] += 1
            if each.evidence and became == "recorded":
                self.evidence[each.evidence] += 1

    def _row(self, row: Row) -> None:
        self.read[row.file, row.format] += 1
        for note in row.notes:
            self.notes[note.en] += 1
        if row.problem:
            self.tally.reject(f"{row.file}, line {row.line}", row.raw, (row.problem.en, ""))

    @property
    def told(self) -> dict[str, Any]:
        """What was read and what became of it, as plain JSON."""
        kinds: dict[str, dict[str, int]] = {}
        for (kind, became), count in sorted(self.kinds.items()):
            kinds.setdefault(kind, {})[became] = count
        read = [{"file": file, "format": as_, "rows": rows} for (file, as_), rows in self.read.items()]
        told = {"kinds": kinds, "evidence": dict(self.evidence), "notes": dict(self.notes.most_common())}
        return {"files": read, **self.tally.told, **told}

    def say(self, most: int | None) -> None:
        """The same, for people.

        :param most: notes that are told; all when None.
        """
        load = register_package("imports").load
        for (file, name), rows in self.read.items():
            title = f", {load(name).told['title']}" if name in register_package("imports").NAMES else ""
            say(f"{rows:>12,}  rows of {file}, read as {name}{title}")
        self.tally.say()
        new = {kind: count for (kind, became), count in sorted(self.kinds.items()) if became == "recorded"}
        for kind, count in new.items():
            by = ", ".join(f"{self.evidence[each]:,} {each}" for each in _STRENGTHS if self.evidence[each])
            say(f"{count:>18,}  {kind}" + (f", with evidence {by}" if kind == "consent" else ""))
        if self.notes:
            say(f"{self.notes.total():>12,}  notes on what is not recorded")
        for note, count in self.notes.most_common(most):
            say(f"{count:>18,}  {note}")


def _read(
    file: Path, format: Format | None, at: date
) -> AbstractContextManager[Iterator[tuple[Row, Sequence[Handed]]]]:
    """The rows of an export; a large one is read by another process meanwhile."""
    exported = register_package("files").exported
    if file.stat().st_size < LARGE:
        return closing(exported(file, format, at))
    found: AbstractContextManager[Any] = register_package("ahead").ahead(exported, file, format, at)
    return found


def _size(file: Path) -> int | None:
    """Of a file whose size tells how much there is to read."""
    return None if file.suffix.lower() in (".gz", ".zip") else file.stat().st_size


@click.command()
@LANG
@JSON
def formats(lang: str, as_json: bool) -> None:
    """The exports that `grondslag import` knows, and what each proves."""
    imports = register_package("imports")
    for name in imports.NAMES:
        told = imports.load(name).told
        proves = told["proves"][lang]
        if as_json:
            found = {"format": name, "title": told["title"], "proves": proves}
            click.echo(json.dumps(found | {"recognised": "recognise" in told}, ensure_ascii=False))
        else:
            say(f"{name}\n    {told['title']}\n    {proves}")
