"""The commands on audiences: screen, snapshot, forecast; and what `verify` does with an outcome."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

import click

from grondslag.errors import GrondslagError
from grondslag.law.profiles import STRICT, Profile
from grondslag.options import FILE, PROFILE, Day, say
from grondslag.stopping import stoppable

IN_ENVIRONMENT: Final = "GRONDSLAG_HASH_KEY"
"""In the environment: the key of keyed hashes itself, as text."""
RECORDS: Final = click.option(
    "--records",
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="Folder with a table per kind of event, or a snapshot of it.",
)
BY: Final = click.option(
    "--by",
    default="",
    metavar="WHAT[=COLUMN]",
    help="What names people there: subject, email, phone, address, or one of these with _hash behind it. "
    "Without it the names of the columns tell.",
)
HASH_KEY: Final = click.option(
    "--hash-key",
    type=FILE,
    metavar="FILE",
    help=f"The key of keyed hashes (HMAC-SHA-256); without it the text in {IN_ENVIRONMENT}.",
)


@click.command()
@click.argument("campaign", type=FILE)
@RECORDS
@click.option("--audience", required=True, type=FILE, help="Whom: CSV, JSON lines, Parquet or plain lines.")
@BY
@HASH_KEY
@click.option("--date", "day", required=True, type=Day(), help="The day on which the campaign goes out.")
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the outcome."
)
@PROFILE
@click.option("--force", is_flag=True, help="Replace the outcome of an earlier screening in --out.")
@click.option(
    "--compare",
    "against",
    metavar="WITH",
    help="Also tell who gains and who loses on another day, by another profile, or with another campaign.",
)
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON, and nothing else.")
@click.option("--quiet", is_flag=True, help="No progress bar and no summary.")
def screen(
    campaign: Path,
    records: Path,
    audience: Path,
    by: str,
    hash_key: Path | None,
    day: date,
    out: Path,
    profile: Profile | None,
    force: bool,
    against: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Screen a whole audience for CAMPAIGN: who may be approached, on what ground, who not and why.

    Writes allowed.csv, refused.csv (reason, remedy and rule per row), repeated.csv, rejects.csv,
    situations.csv, summary.json, report.html and receipt.json to --out, with --compare also changed.csv
    and comparison.json: all of them, or none.
    """
    with stoppable(_say):
        screening = _screening()
        with screening.on_terminal(quiet) as progress:
            told = screening.screen_files(
                campaign,
                records,
                audience,
                day,
                out,
                profile or STRICT,
                force,
                progress,
                _how(screening, by, hash_key),
                (lambda _: None) if quiet or as_json else _found,
                against,
            )
        if as_json:
            click.echo(json.dumps(told.plain(), ensure_ascii=False))
        elif not quiet:
            say(str(told))
            if told.comparison:
                say(f"\n{told.comparison}")


def _how(screening: ModuleType, by: str, hash_key: Path | None) -> object:
    """By what the audience names people, with the key of the hashes."""
    given = os.environ.get(IN_ENVIRONMENT, "")
    secret = screening.secret_in(hash_key) if hash_key else screening.secret_of(given, IN_ENVIRONMENT)
    return screening.How(by, secret)


def _found(what: str) -> None:
    say(f"Found {what}", err=True)


def _say(line: str) -> None:
    click.echo(f"grondslag: {line}", err=True)


def _screening() -> ModuleType:
    """Screening is an extra, and takes a second to load."""
    try:
        return import_module("grondslag.screening")
    except ModuleNotFoundError as missing:
        raise GrondslagError(
            f"screening needs {missing.name}; install it with: pip install 'grondslag[screening]'"
        ) from missing


def verify(made: Path, day: date | None, deliveries: tuple[Path, ...], quiet: bool) -> None:
    """Check an outcome, or a snapshot by its deliveries, and end with 1 when it may not be used."""
    if made.is_dir() == bool(deliveries):
        told = "--records is for a snapshot" if deliveries else "name the records of the snapshot: --records"
        raise click.UsageError(told)
    with stoppable(_say):
        screening = _screening()
        if deliveries:
            with screening.on_terminal(quiet) as progress:
                about, faults = screening.verify_snapshot(made, deliveries, progress)
            good = f"It says what the records say: {about.people:,} people, weighed on {about.day}."
        else:
            receipt, faults = screening.verify(made, day or date.today())
            good = f"Whole and unchanged; to be used from {receipt['day']} until {receipt['expires']}."
    if faults:
        click.echo("Do not use it.")
        for fault in faults:
            click.echo(f"  - {fault}")
        sys.exit(1)
    click.echo(good)


@click.command()
@click.argument("records", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file of the snapshot."
)
@click.option("--date", "day", required=True, type=Day(), help="The day on which everybody is weighed.")
@click.option("--quiet", is_flag=True, help="No progress bar and no word of what was made.")
def snapshot(records: Path, out: Path, day: date, quiet: bool) -> None:
    """Make a snapshot of RECORDS, which screens many times as fast, or add RECORDS to one that exists.

    A file that exists is brought up to date: the rows of RECORDS are added to what is in it.  Work is done
    for whom that changes, and all of it or nothing is written.
    """
    with stoppable(_say):
        screening = _screening()
        with screening.on_terminal(quiet) as progress:
            about = screening.make_snapshot(records, out, day, progress)
        if not quiet:
            say(f"{about.people:,} people and {about.records:,} records, weighed on {about.day}, in {out}")


@click.command()
@click.argument("campaign", type=FILE)
@RECORDS
@click.option("--audience", type=FILE, help="The people to look at; everybody on file when left out.")
@BY
@HASH_KEY
@click.option("--date", "day", required=True, type=Day(), help="The first day.")
@click.option("--months", default=12, show_default=True, type=click.IntRange(1, 120), help="How far ahead.")
@click.option(
    "--channel",
    "channels",
    multiple=True,
    help="Only these channels; e-mail, sms, phone and post when left out.",
)
@PROFILE
@click.option("--json", "as_json", is_flag=True, help="The forecast as JSON, and nothing else.")
def forecast(
    campaign: Path,
    records: Path,
    audience: Path | None,
    by: str,
    hash_key: Path | None,
    day: date,
    months: int,
    channels: tuple[str, ...],
    profile: Profile | None,
    as_json: bool,
) -> None:
    """How the audience that CAMPAIGN may reach shrinks, month by month, when nothing is done.

    For each channel: how many may be approached, why others no longer may, and which lawful change would
    keep most of them.  Whose data are no longer kept by then it tells if CAMPAIGN states the term (policies).
    """
    with stoppable(_say):
        screening = _screening()
        with screening.on_terminal(as_json) as progress:
            told = screening.forecast_files(
                campaign,
                records,
                day,
                months,
                audience,
                _how(screening, by, hash_key),
                profile or STRICT,
                channels or screening.CHANNELS,
                progress,
            )
        if as_json:
            click.echo(json.dumps(told.plain(), ensure_ascii=False, default=str))
        else:
            say(str(told))


COMMANDS: Final = (screen, snapshot, forecast)
