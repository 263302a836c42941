"""To record entries in a register."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from grondslag.errors import BadCase, BadEntry
from grondslag.options import say
from grondslag.registers.opening import FAR, JSON, KEY, QUIET, REGISTER, now, opened, private_file, progress
from grondslag.stopping import stoppable

if TYPE_CHECKING:
    from grondslag.register.register import Register


@click.command()
@REGISTER
@click.argument("files", nargs=-1, type=click.File("rb"), metavar="[FILE]...")
@KEY
@click.option(
    "--rejects", type=click.Path(dir_okay=False, path_type=Path),
    help="Where what cannot be recorded goes, with line and reason; rejects.jsonl when left out.",
)  # fmt: skip
@click.option("--dry-run", "dry", is_flag=True, help="Only tell what would be recorded.")
@JSON
@QUIET
def record(
    place: str, files: tuple[Any, ...], key: Path | None, rejects: Path | None, dry: bool, as_json: bool,
    quiet: bool,
) -> None:  # fmt: skip
    """Record the entries in FILE (JSON lines; standard input when left out) in REGISTER.

    An entry that was recorded before is passed over, so a file may be sent again after whatever stopped it.
    What cannot be recorded goes to the rejects, and the rest goes on.

    Exit code: 0 all recorded, 1 some rejected, 2 nothing could be done.
    """
    sources = files or (sys.stdin.buffer,)
    with stoppable(partial(say, err=True)), opened(place, key, None) as register:
        counts = _Recording(register, rejects or Path("rejects.jsonl"), dry, quiet)
        counts.run(_lines(sources))
    _told(counts, dry, as_json, quiet)


def _lines(files: tuple[Any, ...]) -> Iterator[tuple[str, str, object]]:
    """Name, text and content of each line; what is no JSON is an error in its place."""
    for file in files:
        name = Path(getattr(file, "name", "") or "stdin").name
        for n, line in enumerate(file, 1):
            if line.strip():
                text = line.decode("utf-8", "replace").rstrip("\r\n")
                yield f"{name}, line {n}", text, _json(line, f"{name}, line {n}")


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


class _Recording:
    """Records a stream, keeps count, and writes what is rejected."""

    def __init__(self, register: Register, rejects: Path, dry: bool, quiet: bool) -> None:
        self.register, self.rejects, self.dry, self.quiet = register, rejects, dry, quiet
        self.counts: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.file: TextIO | None = None

    def run(self, lines: Iterator[tuple[str, str, object]]) -> None:
        waiting: dict[str, str] = {}

        def stream() -> Iterator[tuple[str, object]]:
            for name, text, content in lines:
                waiting[name] = text
                yield name, content

        try:
            with progress().on_terminal(self.quiet) as far:
                for n, (name, outcome) in enumerate(self.register.ingest(stream(), now(), dry=self.dry), 1):
                    text = waiting.pop(name)
                    if isinstance(outcome, BadCase):
                        self.reject(name, text, outcome)
                    else:
                        self.counts["recorded" if outcome.new else "known"] += 1
                    if n % FAR == 0:
                        far(f"Recording: {n:,} entries")
        finally:
            if self.file:
                self.file.close()

    def reject(self, name: str, text: str, wrong: BadCase) -> None:
        """Count it, and keep it with its reason."""
        self.counts["rejected"] += 1
        self.reasons[wrong.problem] += 1
        if self.dry:
            return
        if self.file is None:
            # It holds data of people, as they were handed in.
            self.file = os.fdopen(private_file(self.rejects), "w", encoding="utf-8")
        told = {"at": name, "reason": f"{wrong.problem}; {wrong.remedy}", "row": text}
        self.file.write(json.dumps(told, ensure_ascii=False) + "\n")


def _told(done: _Recording, dry: bool, as_json: bool, quiet: bool) -> None:
    counts = {name: done.counts[name] for name in ("recorded", "known", "rejected")}
    if as_json:
        click.echo(json.dumps({**counts, "dry_run": dry, "reasons": dict(done.reasons)}, ensure_ascii=False))
    elif not quiet:
        would = "would be " if dry else ""
        say(f"{counts['recorded']:>12,}  {would}recorded")
        say(f"{counts['known']:>12,}  were recorded before")
        say(f"{counts['rejected']:>12,}  {would}rejected" + (f", in {done.rejects}" if done.file else ""))
        for reason, count in done.reasons.most_common(10):
            say(f"{count:>18,}  {reason}")
    sys.exit(1 if counts["rejected"] else 0)
