"""The commands on a register: to make it, record, look up, publish, merge, rotate, take out and read back."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from grondslag.errors import BadCase, BadEntry, GrondslagError, Unopened
from grondslag.options import Day, say
from grondslag.stopping import stoppable

if TYPE_CHECKING:
    from grondslag.register.keys import LocalMaster
    from grondslag.register.register import Register

_FAR: Final = 1000
"""Rows between two words on how far it is."""

KEY = click.option(
    "--key",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file of the master key; REGISTER.key when left out, or GRONDSLAG_KEY in the environment.",
)
LEDGER = click.option(
    "--ledger",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the published log; REGISTER.ledger when left out.",
)
REGISTER = click.argument("place", metavar="REGISTER")
QUIET = click.option("--quiet", is_flag=True, help="No progress bar and no summary.")
JSON = click.option("--json", "as_json", is_flag=True, help="As JSON, and nothing else.")


class Subject(click.ParamType[tuple[str, str]]):
    """id=K-123, email=anna@klant.nl, phone=0612345678 or address="Kerkstraat 1, 3511 AA"."""

    name = "subject"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        kind, found, text = str(value).partition("=")
        if kind not in ("id", "email", "phone", "address") or not found or not text:
            self.fail("write id=…, email=…, phone=… or address=…", param, ctx)
        return kind, text


SUBJECT = click.option(
    "--subject", "subject", type=Subject(), multiple=True, required=True,
    help="Who: id=…, email=…, phone=… or address=…; more than one may be given.",
)  # fmt: skip


def register_package(module: str = "register") -> Any:
    """A module of the register, which is an extra and takes a moment to load."""
    try:
        return import_module(f"grondslag.register.{module}")
    except ModuleNotFoundError as missing:
        raise GrondslagError(
            f"a register needs {missing.name}; install it with: pip install 'grondslag[register]'"
        ) from missing


def _progress() -> Any:
    return import_module("grondslag.screening.progress")


def now() -> datetime:
    """The moment of the command: the one place where the commands on a register read the clock."""
    return datetime.now(UTC)


def master(place: str, key: Path | None) -> LocalMaster:
    """The master key: from the file that is named, the environment, or the file beside the register."""
    keys = register_package("keys")
    given = os.environ.get(keys.IN_ENVIRONMENT)
    found: LocalMaster = keys.key_of(given) if given and key is None else keys.key_in(key or _beside(place))
    return found


def _beside(place: str) -> Path:
    if register_package().is_database(place):
        told = "is not given, and a register in PostgreSQL has none beside it"
        raise Unopened("the key", told, "name it with --key, or put it in GRONDSLAG_KEY")
    return Path(f"{place}.key")


@contextmanager
def opened(place: str, key: Path | None, ledger: Path | None) -> Iterator[Register]:
    """The register, until the command is done."""
    with register_package().Register(place, master(place, key), ledger) as register:
        yield register


@click.command()
@REGISTER
@click.option("--controller", required=True, help="The name of the organisation whose register it is.")
@click.option(
    "--origin", required=True,
    help="The name of its log, for ever: a domain of yours and a path, such as shop.example/register.",
)  # fmt: skip
@KEY
@LEDGER
def new(place: str, controller: str, origin: str, key: Path | None, ledger: Path | None) -> None:
    """Make REGISTER, a file or a PostgreSQL database (postgresql://…), and its master key.

    The key is drawn at random, unless the environment gives one.  Without it nobody can read the register:
    keep a copy apart from the register and its backups.
    """
    keys, package = register_package("keys"), register_package()
    given = os.environ.get(keys.IN_ENVIRONMENT)
    file = None if given and key is None else key or _beside(place)
    if file is not None and not package.is_database(place) and Path(place).exists():
        raise Unopened(place, "exists already", "name another file")
    made = keys.key_of(given) if file is None else keys.new_key(file)
    package.Register.new(place, made, controller=controller, origin=origin, ledger=ledger).close()
    kept = f"; its key is in {file}: keep a copy elsewhere" if file else ""
    say(f"Made a register{kept}.")


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
        progress = _progress()
        waiting: dict[str, str] = {}

        def stream() -> Iterator[tuple[str, object]]:
            for name, text, content in lines:
                waiting[name] = text
                yield name, content

        try:
            with progress.on_terminal(self.quiet) as far:
                for n, (name, outcome) in enumerate(self.register.ingest(stream(), now(), dry=self.dry), 1):
                    text = waiting.pop(name)
                    if isinstance(outcome, BadCase):
                        self.reject(name, text, outcome)
                    else:
                        self.counts["recorded" if outcome.new else "known"] += 1
                    if n % _FAR == 0:
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
            self.file = os.fdopen(_private(self.rejects), "w", encoding="utf-8")
        told = {"at": name, "reason": f"{wrong.problem}; {wrong.remedy}", "row": text}
        self.file.write(json.dumps(told, ensure_ascii=False) + "\n")


def _private(file: Path) -> int:
    """A file that only its owner can read, open to be written anew."""
    return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)


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


@click.command()
@REGISTER
@KEY
@LEDGER
@QUIET
def publish(place: str, key: Path | None, ledger: Path | None, quiet: bool) -> None:
    """Give what was recorded its place in the log of REGISTER, sign a checkpoint, and write its files."""
    with stoppable(partial(say, err=True)), opened(place, key, ledger) as register:
        checkpoint = register.publish(now())
        if not quiet:
            say(f"{checkpoint.origin}: {checkpoint.size:,} entries in the log, in {register.tiles.folder}")


@click.command()
@REGISTER
@SUBJECT
@click.option("--date", "day", type=Day(), help="What was so on this day; today when left out.")
@click.option(
    "--known", type=click.DateTime(), help="What was known at this moment (UTC); now when left out."
)
@KEY
@JSON
def history(
    place: str, subject: tuple[tuple[str, str], ...], day: date | None, known: datetime | None,
    key: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """What is on file in REGISTER about one person: what was so on a day, as far as it was known."""
    with opened(place, key, None) as register:
        moment = known.replace(tzinfo=UTC) if known else None
        found = register.history_of(dict(subject), at=day or now().date(), known=moment)
    for event in found.events:
        entry = found.entries[event.place] if event.place >= 0 else None
        told = {
            "date": event.date.isoformat(), event.kind: dict(event.fields),
            "entry": str(entry.id) if entry else None,
            "recorded": datetime.fromtimestamp(entry.recorded, UTC).isoformat() if entry else None,
        }  # fmt: skip
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False, default=str))
        else:
            fields = ", ".join(f"{name}: {_shown(value)}" for name, value in event.fields.items())
            moment_ = f"recorded {told['recorded']}" if entry else "of somebody who was forgotten"
            say(f"{event.date}  {event.kind:<11} {fields}\n{'':12}{moment_}  {told['entry'] or ''}")
    if not as_json and not found.events:
        say("Nothing is on file.")


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return "yes" if value is True else "no" if value is False else str(value)


@click.command()
@REGISTER
@SUBJECT
@click.option(
    "--into", "into", type=Subject(), multiple=True, required=True, help="The other one, in the same way."
)
@click.option("--reason", required=True, help="Why they are one person.")
@KEY
def merge(
    place: str, subject: tuple[tuple[str, str], ...], into: tuple[tuple[str, str], ...], reason: str,
    key: Path | None,
) -> None:  # fmt: skip
    """Take two people in REGISTER for one from now on; it is recorded, and can be split again."""
    with opened(place, key, None) as register:
        say(f"Recorded as {register.merge(dict(subject), dict(into), reason, now())}.")


@click.command()
@REGISTER
@SUBJECT
@click.option("--reason", required=True, help="Why they are two people.")
@KEY
def split(place: str, subject: tuple[tuple[str, str], ...], reason: str, key: Path | None) -> None:
    """Take somebody in REGISTER who was merged for a person by itself again."""
    with opened(place, key, None) as register:
        say(f"Recorded as {register.split(dict(subject), reason, now())}.")


@click.command()
@REGISTER
@KEY
@click.option(
    "--new-key", "new_key", required=True, type=click.Path(dir_okay=False, path_type=Path),
    help="The file of the new master key; made when it does not exist.",
)  # fmt: skip
def rotate(place: str, key: Path | None, new_key: Path) -> None:
    """Wrap every key of REGISTER with a new master key; the old one then opens nothing.

    Other programs that have the register open must open it again.
    """
    keys = register_package("keys")
    with opened(place, key, None) as register:
        other = keys.key_in(new_key) if new_key.exists() else keys.new_key(new_key)
        count = register.rotate(other, now())
    say(f"{count:,} keys are wrapped anew; use {new_key} from now on.")


@click.command()
@REGISTER
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The folder of the tables that are made."
)
@click.option("--date", "day", type=Day(), help="Events up to and including this day; today when left out.")
@click.option("--known", type=click.DateTime(), help="As far as it was known at this moment (UTC).")
@KEY
@QUIET
def export(
    place: str,
    out: Path,
    day: date | None,
    known: datetime | None,
    key: Path | None,
    quiet: bool,
) -> None:
    """Write REGISTER as the tables that `grondslag screen`, `snapshot` and `forecast` read.

    An earlier export in --out is replaced.  The tables are not encrypted: keep them no longer than needed.
    """
    with stoppable(partial(say, err=True)), opened(place, key, None) as register:
        at, moment = day or now().date(), known.replace(tzinfo=UTC) if known else None
        with _progress().on_terminal(quiet) as far:
            done = register_package("export").export(register, out, at=at, known=moment, progress=far)
        if not quiet:
            say(f"{done.entries:,} entries of {done.people:,} people, in {out}:")
            for table, count in done.rows.items():
                say(f"{count:>12,}  {table}")


@click.command()
@REGISTER
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A new file.")
@KEY
@QUIET
def dump(place: str, out: Path, key: Path | None, quiet: bool) -> None:
    """Write the whole of REGISTER as lines of JSON, from which `grondslag load` makes it again.

    Everything in it can be read by everybody, the keys apart: keep it as you would keep the register open.
    """
    count = 0
    with stoppable(partial(say, err=True)), opened(place, key, None) as register:
        draft = out.with_name(f".{out.name}.draft")
        try:
            with _progress().on_terminal(quiet) as far, os.fdopen(_private(draft), "wb") as file:
                for count, line in enumerate(register_package("lines").dump(register), 1):
                    file.write(line + b"\n")
                    if count % _FAR == 0:
                        far(f"Writing: {count:,} lines")
            draft.replace(out)
        finally:
            draft.unlink(missing_ok=True)
    if not quiet:
        say(f"{count:,} lines in {out}")


@click.command()
@REGISTER
@click.argument("file", type=click.File("rb"))
@KEY
@QUIET
def load(place: str, file: Any, key: Path | None, quiet: bool) -> None:
    """Make REGISTER, in a file or in PostgreSQL, of the lines that `grondslag dump` wrote.

    It is the same register: the same log, under the same master key.  Never record in both.
    """
    with stoppable(partial(say, err=True)):
        count = register_package("lines").load(place, master(place, key), file)
    if not quiet:
        say(f"{count:,} rows are read back.")


COMMANDS: Final[tuple[click.Command, ...]] = (
    new, record, publish, history, merge, split, rotate, export, dump, load,
)  # fmt: skip
"""In the order of their use."""
