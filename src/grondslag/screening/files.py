"""A screening from files to files: what ``grondslag screen`` does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import ibis

from grondslag.law.profiles import STRICT, Profile
from grondslag.question import Case, Event, Fields
from grondslag.screening import audience as audiences
from grondslag.screening import campaign as campaigns
from grondslag.screening import outputs
from grondslag.screening import records as on_file
from grondslag.screening.campaign import Campaign
from grondslag.screening.contents import READ, event
from grondslag.screening.patterns import NAME
from grondslag.screening.progress import Progress, silent
from grondslag.screening.records import PERSON
from grondslag.screening.screen import screened
from grondslag.screening.snapshot import About, Snapshot
from grondslag.screening.summary import ScreeningSummary, summary
from grondslag.screening.tables import source
from grondslag.screening.workplace import workplace

MEMORY: Final = "2GB"
"""What the engine may hold in memory at once; the rest goes to disk beside the outcome."""


def screen_files(  # noqa: PLR0913
    campaign: Path,
    records: Path,
    audience: Path,
    at: date,
    out: Path,
    profile: Profile = STRICT,
    force: bool = False,
    progress: Progress = silent,
) -> ScreeningSummary:
    """Screens the audience in a file and writes the outcome to a folder: all of it, or nothing.

    :param records: a folder with a table for each kind of record, or the file of a snapshot.
    :param force: replace the outcome of an earlier screening in ``out``.
    :param progress: is told what is being done.
    :raises BadCase: when a file does not follow the format, or ``out`` may not be written.
    :raises NoLawInForce: when the day lies before the law that the rulebook holds.
    """
    plan = campaigns.load(campaign)
    plan.require_day(at)
    with workplace(out, force) as (made, rest), engine(rest) as con:
        progress("reading the audience")
        people = audiences.load(con, audience, rest)
        progress("reading the records")
        if records.is_dir():
            snapshot = Snapshot.make(con, at, rest / "snapshot.duckdb")
            snapshot.add(on_file.load(con, records, rest), at, histories=False)
        else:
            snapshot = Snapshot.open(con, records)
        found = screened(plan, snapshot, people, at, profile, progress)
        told = summary(found, progress=progress)
        progress("writing the outcome")
        inputs = {"campaign": source(campaign, rest), "audience": people.sources[0]}
        outputs.write(found, told, made, inputs)
    return replace(told, out=out)


def make_snapshot(records: Path, path: Path, at: date, progress: Progress = silent) -> About:
    """Makes a snapshot of a folder of records, or brings the one in a file up to date with them.

    :param path: the file of the snapshot; when it exists, the records are added to it.
    :raises BadCase: when a file does not follow the format, or the snapshot is of a later day.
    """
    with TemporaryDirectory(prefix=".grondslag-", dir=path.parent) as folder, engine(Path(folder)) as con:
        new = not path.exists()
        file = Path(folder) / path.name if new else path
        snapshot = Snapshot.make(con, at, file) if new else Snapshot.open(con, file, to_change=True)
        progress("reading the records")
        found = on_file.load(con, records, Path(folder), None if new else snapshot.contents())
        progress("weighing everybody")
        snapshot.add(found, at)
        about = snapshot.about
        con.raw_sql(f"DETACH {NAME}")
        if new:
            file.rename(path)
    return about


@contextmanager
def engine(folder: Path) -> Iterator[Any]:
    """An engine that keeps its tables in a folder, so that memory stays small."""
    # What follows a question mark in the path of a database is an option to DuckDB.
    path = ":memory:" if "?" in str(folder) else folder / "engine.duckdb"
    con = ibis.duckdb.connect(path, temp_directory=folder / "spill", memory_limit=MEMORY)
    try:
        yield con
    finally:
        con.disconnect()


def cases_of(campaign: Campaign, records: Path, subjects: Iterable[str], at: date) -> dict[str, Case]:
    """The cases of some subjects, as a screening sees them: what ``draw``, ``decide`` and ``explain`` take.

    :param records: a folder with a table for each kind of record.
    """
    wanted = list(subjects)
    persons: dict[str, Fields] = {}
    events: dict[str, list[Event]] = {subject: [] for subject in wanted}
    with TemporaryDirectory() as folder, engine(Path(folder)) as con:
        found = on_file.load(con, records, Path(folder))
        for kind in READ:
            if (table := found.tables.get(kind)) is None:
                continue
            rows = table.filter(table.subject.isin(wanted)).order_by("line")
            for row in con.to_pyarrow(rows).to_pylist():
                content = found.contents.all[row["content"]]
                if kind == PERSON:
                    persons[row["subject"]] = content.fields
                else:
                    events[row["subject"]].append(event(content, row["day"], row["other"]))
    return {subject: campaign.case(persons.get(subject, {}), events[subject], at) for subject in wanted}
