"""A screening from files to files: what ``grondslag screen`` does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
import ibis

from grondslag.law.profiles import STRICT, Profile
from grondslag.question import Case, Event, Fields
from grondslag.screening import audience as audiences
from grondslag.screening import campaign as campaigns
from grondslag.screening import outputs
from grondslag.screening import records as on_file
from grondslag.screening.audience import How
from grondslag.screening.campaign import Campaign
from grondslag.screening.engine import failed
from grondslag.screening.records import PERSON
from grondslag.screening.screen import Progress, screened
from grondslag.screening.sources import Source, require_unchanged, source
from grondslag.screening.summary import ScreeningSummary, summary

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
    progress: Progress = lambda _: None,
    how: How | None = None,
    found: Progress = lambda _: None,
) -> ScreeningSummary:
    """Screens the audience in a file and writes the outcome to a folder: all of it, or nothing.

    :param records: a folder with a table for each kind of record.
    :param force: replace the outcome of an earlier screening in ``out``.
    :param progress: is told what is being done.
    :param how: by what the audience names people.
    :param found: is told what each input was taken for.
    :raises BadCase: when a file does not follow the format, or ``out`` may not be written.
    :raises NoLawInForce: when the day lies before the law that the rulebook holds.
    """
    plan = campaigns.load(campaign)
    with outputs.workplace(out, force) as (made, rest), _engine(rest, out) as con:
        progress("reading the records")
        on_records = on_file.load(con, records, rest)
        progress("reading the audience")
        people = audiences.load(con, audience, rest, on_records, how)
        for file in (*on_records.sources, *people.sources):
            found(f"{file.name}: {file.read_as}")
        found(f"people by {people.by.name}, in {' '.join(people.by.columns)}")
        screening = screened(plan, on_records, people, at, profile, con, progress)
        told = summary(screening)
        progress("writing the outcome")
        inputs: dict[str, Source] = {f"records/{file.name}": file for file in on_records.sources}
        inputs |= {"campaign": source(campaign, rest), "audience": people.sources[0]}
        outputs.write(screening, told, made, inputs)
        require_unchanged(inputs.values())
    return replace(told, out=out)


@contextmanager
def _engine(folder: Path, place: Path) -> Iterator[Any]:
    """An engine that keeps its tables in a folder, so that memory stays small.

    :param place: what an error is told of.
    """
    # What follows a question mark in the path of a database is an option to DuckDB.
    path = ":memory:" if "?" in str(folder) else folder / "engine.duckdb"
    try:
        con = ibis.duckdb.connect(path, temp_directory=folder / "spill", memory_limit=MEMORY)
        try:
            yield con
        finally:
            con.disconnect()
    except duckdb.Error as error:
        remedy = "screen again; if it happens again, report it"
        raise failed(str(place), error, "the engine stopped", remedy) from None


def cases_of(campaign: Campaign, records: Path, subjects: Iterable[str], at: date) -> dict[str, Case]:
    """The cases of some subjects, as a screening sees them: what ``draw``, ``decide`` and ``explain`` take.

    :param records: a folder with a table for each kind of record.
    """
    wanted = list(subjects)
    persons: dict[str, Fields] = {}
    events: dict[str, list[Event]] = {subject: [] for subject in wanted}
    with TemporaryDirectory() as folder, _engine(Path(folder), records) as con:
        on_records = on_file.load(con, records, Path(folder))
        for kind, table in on_records.tables.items():
            rows = table.filter(table.subject.isin(wanted)).order_by("line")
            for row in con.to_pyarrow(rows).to_pylist():
                subject, fields = row["subject"], _fields(row)
                if kind == PERSON:
                    persons[subject] = fields
                else:
                    events[subject].append(Event(fields.pop("date"), kind, fields))
        require_unchanged(on_records.sources)
    return {subject: campaign.case(persons.get(subject, {}), events[subject], at) for subject in wanted}


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    """A row as fields of the situation format; what is left out is not there."""
    fields: dict[str, Any] = {}
    for name, value in row.items():
        if value is None or name in ("line", "subject"):
            continue
        if name in ("verified_date", "verified_by"):
            fields.setdefault("verified", {})[name.removeprefix("verified_")] = value
        elif name == "listed":
            fields[name] = {"true": True, "false": False}.get(value, value)
        else:
            fields[name] = value
    return fields
