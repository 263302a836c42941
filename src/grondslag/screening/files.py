"""A screening from files to files: what ``grondslag screen`` does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
import ibis

from grondslag.errors import BadCase, UnknownProfile
from grondslag.law.profiles import STRICT, Profile
from grondslag.question import Case, Event, Fields
from grondslag.screening import audience as audiences
from grondslag.screening import campaign as campaigns
from grondslag.screening import outputs
from grondslag.screening import records as on_file
from grondslag.screening.audience import How
from grondslag.screening.campaign import Campaign
from grondslag.screening.compare import compare
from grondslag.screening.contents import READ, event
from grondslag.screening.engine import database, failed, quoted
from grondslag.screening.forecast import CHANNELS, Forecast, forecast
from grondslag.screening.lookup import look_up
from grondslag.screening.patterns import NAME
from grondslag.screening.progress import Progress, silent
from grondslag.screening.records import PERSON
from grondslag.screening.snapshot import About, Snapshot
from grondslag.screening.sources import Source, require_unchanged, source
from grondslag.screening.summary import ScreeningSummary, summary
from grondslag.screening.verdicts import screened
from grondslag.screening.workplace import workplace
from grondslag.vocabulary import Day

MEMORY: Final = "2GB"
"""What the engine may hold in memory at once; the rest goes to disk beside the outcome."""
_WEIGHING, _WEIGHED = "500MB", "250MB"
"""The same where a screening weighs everybody first, which takes memory beside it; and when that is done."""


def screen_files(  # noqa: PLR0913
    campaign: Path,
    records: Path,
    audience: Path,
    at: date,
    out: Path,
    profile: Profile = STRICT,
    force: bool = False,
    progress: Progress = silent,
    how: How | None = None,
    found: Callable[[str], None] = lambda _: None,
    against: str | None = None,
) -> ScreeningSummary:
    """Screens the audience in a file and writes the outcome to a folder: all of it, or nothing.

    :param records: a folder with a table for each kind of record, or the file of a snapshot.
    :param force: replace the outcome of an earlier screening in ``out``.
    :param progress: is told what is being done.
    :param how: by what the audience names people.
    :param found: is told what each input was taken for.
    :param against: another day, profile or campaign file to compare the outcome with.
    :raises BadCase: when a file does not follow the format, or ``out`` may not be written.
    :raises NoLawInForce: when the day lies before the law that the rulebook holds.
    """
    plan = campaigns.load(campaign)
    plan.require_day(at)
    with workplace(out, force) as (made, rest), engine(rest, out) as con:
        progress("reading the records")
        snapshot, read = _records(con, records, at, rest, histories=against is not None)
        progress("reading the audience")
        people = audiences.load(con, audience, rest, snapshot.known(), how)
        for name, file in (*read.items(), ("", people.sources[0])):
            found(f"{name or file.name}: {file.read_as}")
        found(f"people by {people.by.name}, in {' '.join(people.by.columns)}")
        screening = screened(plan, snapshot, people, at, profile, progress)
        told, after = summary(screening, progress=progress), None
        if against is not None:
            other, day, reading = _variant(against, plan, at, profile)
            after = screened(other, snapshot, people, day, reading, progress)
            told = replace(told, comparison=compare(screening, after))
        progress("writing the outcome")
        inputs = {**read, "campaign": source(campaign, rest), "audience": people.sources[0]}
        try:
            outputs.write(screening, told, made, inputs, after)
        finally:
            # Also when the engine stumbles: it may have been over a file that is not what it was.
            require_unchanged(inputs.values())
    return replace(told, out=out)


def _records(
    con: Any, records: Path, at: date, workplace: Path, histories: bool
) -> tuple[Snapshot, dict[str, Source]]:
    """A snapshot of a folder of records for this once, or the one in a file; and the files, by name."""
    if not records.is_dir():
        return Snapshot.open(con, records), {}
    _hold(con, _WEIGHING)
    snapshot = Snapshot.make(con, at, workplace / "snapshot.duckdb")
    found = on_file.load(con, records, workplace, at)
    snapshot.add(found, at, histories)
    if not histories:  # else more will be weighed
        _hold(con, _WEIGHED)
    return snapshot, {f"records/{file.name}": file for file in found.sources}


def _variant(against: str, plan: Campaign, at: date, profile: Profile) -> tuple[Campaign, date, Profile]:
    """The campaign, the day and the profile, of which one is another.

    :raises BadCase: when it is none of these.
    """
    with suppress(ValueError):
        return plan, Day.read(against), profile
    if Path(against).is_file():
        return campaigns.load(Path(against)), at, profile
    try:
        return plan, at, Profile.parse(against)
    except UnknownProfile:
        remedy = "name a day (2026-07-01), a profile (balanced) or a campaign file"
        raise BadCase(against[:80], "is nothing to compare with", remedy) from None


def make_snapshot(records: Path, path: Path, at: date, progress: Progress = silent) -> About:
    """Makes a snapshot of a folder of records, or brings the one in a file up to date with them.

    :param path: the file of the snapshot; when it exists, the records are added to it.
    :raises BadCase: when a file does not follow the format, or the snapshot is of a later day.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(prefix=".grondslag-", dir=path.parent) as folder,
        engine(Path(folder), path) as con,
    ):
        new = not path.exists()
        file = Path(folder) / path.name if new else path
        snapshot = Snapshot.make(con, at, file) if new else Snapshot.open(con, file, to_change=True)
        progress("reading the records")
        found = on_file.load(con, records, Path(folder), at, None if new else snapshot.contents())
        progress("weighing everybody")
        snapshot.add(found, at)
        require_unchanged(found.sources)
        about = snapshot.about
        con.raw_sql(f"DETACH {NAME}")
        if new:
            put(file, path)
    return about


def _hold(con: Any, memory: str) -> None:
    """Let the engine hold no more than this, if it can be brought to that."""
    with suppress(duckdb.OutOfMemoryException):
        con.raw_sql(f"SET memory_limit = {quoted(memory)}")


def put(file: Path, path: Path) -> None:
    """Let a new snapshot take its place; only its owner may read it."""
    file.chmod(0o600)
    remove_log(path)
    file.rename(path)


def remove_log(path: Path) -> None:
    """What a crash left to be added to an earlier snapshot would be added to the next one of that name."""
    Path(f"{path}.wal").unlink(missing_ok=True)


def about_of(path: Path) -> About:
    """What the snapshot in a file says of itself.

    :raises BadCase: when it is no snapshot, or one of another format.
    """
    with (
        TemporaryDirectory(prefix=".grondslag-", dir=path.parent) as folder,
        engine(Path(folder), path) as con,
    ):
        return Snapshot.open(con, path).about


@contextmanager
def engine(folder: Path, place: Path) -> Iterator[Any]:
    """An engine that keeps its tables in a folder, so that memory stays small.

    :param place: what an error is told of.
    """
    try:
        path = database(folder / "engine.duckdb")
        con = ibis.duckdb.connect(path, temp_directory=folder / "spill", memory_limit=MEMORY)
        try:
            yield con
            con.raw_sql("PRAGMA disable_checkpoint_on_shutdown")  # nobody reads these tables later
        finally:
            con.disconnect()
    except duckdb.Error as error:
        remedy = "screen again; if it happens again, report it"
        raise failed(str(place), error, "the engine stopped", remedy) from None


def forecast_files(  # noqa: PLR0913
    campaign: Path,
    records: Path,
    at: date,
    months: int = 12,
    audience: Path | None = None,
    how: How | None = None,
    profile: Profile = STRICT,
    channels: Sequence[str] = CHANNELS,
    progress: Progress = silent,
) -> Forecast:
    """How the reachable audience shrinks, from files.

    :param records: a folder with a table for each kind of record, or the file of a snapshot of that day.
    :param audience: the people to look at; everybody on file when left out.
    :raises BadCase: when a file does not follow the format.
    """
    plan = campaigns.load(campaign)
    with TemporaryDirectory() as folder, engine(Path(folder), records) as con:
        progress("reading the records")
        snapshot, _ = _records(con, records, at, Path(folder), histories=True)
        numbers = None
        if audience is not None:
            people = audiences.load(con, audience, Path(folder), snapshot.known(), how)
            numbers = look_up(con, people, snapshot.about.people).numbers
        return forecast(plan, snapshot, numbers, at, profile, months, channels, progress=progress)


def cases_of(campaign: Campaign, records: Path, subjects: Iterable[str], at: date) -> dict[str, Case]:
    """The cases of some subjects, as a screening sees them: what ``draw``, ``decide`` and ``explain`` take.

    :param records: a folder with a table for each kind of record.
    """
    wanted = list(subjects)
    persons: dict[str, Fields] = {}
    events: dict[str, list[Event]] = {subject: [] for subject in wanted}
    with TemporaryDirectory() as folder, engine(Path(folder), records) as con:
        found = on_file.load(con, records, Path(folder), at)
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
        require_unchanged(found.sources)
    return {subject: campaign.case(persons.get(subject, {}), events[subject], at) for subject in wanted}
