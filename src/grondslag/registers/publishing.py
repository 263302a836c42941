"""To publish the log of a register, and to give what screens its tables."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import Final

import click

from grondslag.options import Day, say
from grondslag.registers.opening import (
    KEY,
    LEDGER,
    QUIET,
    REGISTER,
    Moment,
    now,
    opened,
    progress,
    register_package,
    today,
)

_MANY: Final = 200_000
"""Entries from which on it is worth while to begin more processes."""


@click.command()
@REGISTER
@KEY
@LEDGER
@QUIET
def publish(place: str, key: Path | None, ledger: Path | None, quiet: bool) -> None:
    """Give what was recorded its place in the log of REGISTER, sign a checkpoint, and write its files."""
    with opened(place, key, ledger) as register:
        checkpoint = register.publish(now())
        if not quiet:
            say(f"{checkpoint.origin}: {checkpoint.size:,} entries in the log, in {register.tiles.folder}")


@click.command()
@REGISTER
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The folder of the tables that are made."
)
@click.option("--date", "day", type=Day(), help="Events up to and including this day; today when left out.")
@click.option("--known", type=Moment(), help="As far as it was known at this moment (UTC).")
@click.option(
    "--snapshot",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file to keep a snapshot of the tables in.",
)
@KEY
@QUIET
def export(
    place: str,
    out: Path,
    day: date | None,
    known: datetime | None,
    snapshot: Path | None,
    key: Path | None,
    quiet: bool,
) -> None:
    """Write REGISTER as the tables that `grondslag screen`, `snapshot` and `forecast` read.

    An earlier export in --out is gone on with: only of people of whom something was recorded or destroyed
    since, the entries are opened again, and in --snapshot only they are weighed anew.  A snapshot that is not
    of that export is made anew.  Nothing of it is encrypted: keep it no longer than needed.
    """
    with opened(place, key, None) as register:
        with progress().on_terminal(quiet) as far:
            ((entries,),) = register.store.rows("SELECT coalesce(sum(entries), 0) FROM batch")
            workers = os.cpu_count() or 1 if entries > _MANY else 1
            done = register_package("export").export(
                register,
                out,
                at=day or today(),
                known=known,
                snapshot=snapshot,
                workers=workers,
                progress=far,
            )
        if not quiet:
            say(f"{done.people:,} people, in {out}; {done.entries:,} entries of {done.anew:,} were opened:")
            for table, count in done.rows.items():
                say(f"{count:>12,}  {table}")
            if about := done.weighed:
                how = "kept up" if done.kept_up else "made of all the tables"
                say(f"Weighed on {about.day}: {about.people:,} people, in {snapshot}, {how}.")
            elif snapshot:
                say(f"Nothing is on file of anybody: there is no {snapshot}.")
