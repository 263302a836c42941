"""The commands that check what was kept: verify (is it what it was?), replay (does the same come out?)."""

from __future__ import annotations

import sys
import uuid
import zipfile
from datetime import date
from pathlib import Path
from typing import Final

import click

from grondslag import audiences
from grondslag.errors import BadCase, ReceiptMismatch
from grondslag.ledger import verifier
from grondslag.options import Day, say
from grondslag.receipt import Replay, read, replay
from grondslag.registers.opening import KEY, LEDGER, QUIET, master, opened, register_package

_LOG: Final = ("checkpoint", "vkey", "tile", "manifest.json")
"""One of these stands in the folder of a log, or of a proof pack."""


@click.command()
@click.argument("place", metavar="PATH")
@click.option("--vkey", help="Of evidence: the log's public key, as the organisation published it.")
@click.option("--earlier", metavar="FILE", help="Of a log: a checkpoint that you were given before.")
@click.option("--tsa-ca", metavar="FILE", help="Of evidence: certificates (PEM) of who signs the timestamps.")
@KEY
@LEDGER
@click.option("--date", "day", type=Day(), help="Of an outcome: the day of its use; today when left out.")
@click.option(
    "--records", "deliveries", multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Of a snapshot: the folder of records that it was made from; once for each delivery, in order.",
)  # fmt: skip
@QUIET
def verify(
    place: str, vkey: str | None, earlier: str | None, tsa_ca: str | None, key: Path | None,
    ledger: Path | None, day: date | None, deliveries: tuple[Path, ...], quiet: bool,
) -> None:  # fmt: skip
    """Check that PATH is what it was, and name everything that is wrong with it.

    \b
    PATH is one of:
      a log: a folder with its checkpoint     as `python verifier.py` does, without a key
      a proof, or a proof pack (zip, folder)  the same
      a register                              everything in it is read; needs its key
      the outcome of a screening, a folder    it is whole, unchanged, and may be used on a day
      a snapshot, with --records              it is made anew of the records, and compared

    Exit code: 0 good, 1 something is wrong, 2 it is none of these.
    """
    path = Path(place)
    if not deliveries and _is_register(place, key):
        _register(place, key, ledger)
    elif not path.exists():
        raise BadCase(place, "does not exist", "name what is to be checked")
    elif not deliveries and _is_evidence(path):
        given = {"--vkey": vkey, "--earlier": earlier, "--tsa-ca": tsa_ca}
        sys.exit(verifier.main([place, *(f"{name}={value}" for name, value in given.items() if value)]))
    else:
        audiences.verify(path, day, deliveries, quiet)


def _is_register(place: str, key: Path | None) -> bool:
    path = Path(place)
    if not path.exists():
        return "://" in place
    if path.is_dir():
        return False
    with path.open("rb") as file:
        return bool(key) or file.read(15) == b"SQLite format 3" or Path(f"{place}.key").exists()


def _is_evidence(path: Path) -> bool:
    if path.is_dir():
        return any((path / name).exists() for name in _LOG)
    return path.suffix in (".zip", ".tlog-proof") or zipfile.is_zipfile(path)


def _register(place: str, key: Path | None, ledger: Path | None) -> None:
    """Check a register against itself; what a check cannot tell is told too."""
    checking, good = register_package("checking"), True
    for finding in checking.check_place(place, master(place, key), ledger):
        say(str(finding))
        good = False
    if good:
        say("Not looked at:\n" + "\n".join(f"  - {each}" for each in checking.UNCHECKED))
    say("GOOD" if good else "WRONG")
    sys.exit(0 if good else 1)


@click.command(name="replay")
@click.argument("place", metavar="RECEIPT|REGISTER")
@click.option("--decision", type=click.UUID, help="Of a register: the id under which a decision was kept.")
@KEY
def replay_(place: str, decision: uuid.UUID | None, key: Path | None) -> None:
    """Decide again from RECEIPT and say whether the same comes out, or what has changed since.

    A receipt is what `decide --receipt` wrote, or a decision of a proof pack, entries/ID.json.  With
    --decision the facts are drawn anew too, from the entries in REGISTER that were in view then.

    Exit code: 0 the same decision, 1 another decision, 2 not a receipt.
    """
    if decision:
        with opened(place, key, None) as register:
            redone = register.replay(decision)
        decided, changes, same = redone.decided.decision, redone.changes, redone.same
    else:
        done = _replayed(Path(place))
        decided, changes, same = done.decision, done.changes, done.same
    outcome, verdict = "The same" if same else "Another", "yes" if decided.allowed else "no"
    say(f"{outcome} decision: {verdict}, by {decided.rule or 'no rule'}.")
    for change in changes:
        say(f"  - {change}")
    sys.exit(0 if same else 1)


def _replayed(file: Path) -> Replay:
    try:
        return replay(read(file.read_bytes()))
    except ReceiptMismatch as wrong:
        place = f"{file}, {wrong.place}" if wrong.place else str(file)
        raise ReceiptMismatch(place, wrong.problem, wrong.remedy) from None


COMMANDS: Final = (verify, replay_)
