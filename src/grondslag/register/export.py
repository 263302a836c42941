"""The register as the tables that a screening reads: one row an event, each person as the history has it.

Opening streams; the engine of the screening does the rest.  Nearly everybody's entries are rows as they are.
Whoever was corrected, merged, has changed a contact detail, has an age or comes under a suppression is put
together by :func:`grondslag.register.history.history`, so that there is one reading of what is on file.

Beside the tables stands what was exported, :class:`Before`: the next export opens only the entries of people
of whom something was recorded or destroyed since, and takes the rows of everybody else as they are.  A
snapshot of the tables is kept up likewise.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from grondslag.register import columns as c
from grondslag.register.before import PEOPLE, STATE, Before, runs
from grondslag.register.entries import day_of
from grondslag.register.history import Known, entries_of, history, seconds
from grondslag.register.people import members, roots
from grondslag.register.register import Register
from grondslag.register.store import PLACES, Row, chunks
from grondslag.register.unsealing import ALL, EACH, KINDS, Some, Unseal, unsealing
from grondslag.screening.engine import database, path, quoted
from grondslag.screening.files import about_of, remove_log
from grondslag.screening.progress import Progress, silent
from grondslag.screening.receipts import hash_of
from grondslag.screening.records import CONTACT, PERSON, TABLES, columns_of
from grondslag.screening.renewing import renew_snapshot
from grondslag.screening.snapshot import About
from grondslag.screening.workplace import workplace

CHUNK: Final = 20_000
"""Entries, or about as many, opened at a time."""
_TOGETHER: Final = 25
"""Files of opened entries of which the people are put down at once."""
_NAMES: Final = (*(f"{table}.parquet" for table in TABLES), PEOPLE, STATE)
_RENEWED: Final = "renewed.parquet"
_GONE: Final = "SELECT name AS subject FROM before SEMI JOIN gone USING (person)"
"""The names that the rows bore of those whose rows are not taken over."""
_NONE: Final = "(SELECT NULL::BIGINT AS subject, NULL::VARCHAR AS body WHERE false)"
_MEMORY: Final = "512MB"
"""What the engine may hold; beyond it, it writes to disk."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    :ivar rows: table → rows.
    :ivar entries: how many entries were opened.
    :ivar people: how many people are on file.
    :ivar apart: of how many the history was put together one by one.
    :ivar anew: of how many the rows were made; those of the others are as they were exported before.
    :ivar weighed: what the snapshot says of itself; none without one, or when nobody is on file.
    :ivar kept_up: whether it was that of the export before, in which the changes were made.
    """

    rows: Mapping[str, int]
    entries: int
    people: int
    apart: int
    anew: int
    weighed: About | None = None
    kept_up: bool = False


def export(  # noqa: PLR0913 - each is a question of its own
    register: Register,
    out: Path,
    *,
    at: date,
    known: datetime | None = None,
    snapshot: Path | None = None,
    workers: int = 1,
    progress: Progress = silent,
) -> Exported:
    """Write a Parquet table for each kind of record, all or none.

    A person goes by the id that was recorded, or ``#`` and a number; who has several ids has his rows under
    each of them.

    :param at: events up to and including this day; contact details and ages are of this day.
    :param known: what was recorded up to this moment.
    :param out: an earlier export in it is replaced, or gone on with if that comes to the same.
    :param snapshot: a file to keep a snapshot of the tables in; one that is not of the earlier export is made
        anew.
    :param workers: processes that open entries; with more than one, the caller's main module must be
        importable, and the master key one that can be given to another process.
    :raises BadCase: when the folder holds anything else than an earlier export, or ``snapshot`` another file.
    """
    weighed = about_of(snapshot) if snapshot and snapshot.exists() else None
    with workplace(out, True, _NAMES) as (made, rest):
        before = Before.found(out, register, at) if known is None else None
        with (
            closing(duckdb.connect(database(rest / "tables.duckdb"))) as con,
            unsealing(register.place, register.vault, seconds(known), workers, rest) as unseal,
        ):
            con.execute(f"SET memory_limit = '{_MEMORY}'")
            con.execute("SET enable_progress_bar = false")
            con.execute(f"SET temp_directory = {quoted(str(rest))}")
            making = _Export(register, con, at, seconds(known), progress, before, out, rest)
            done = making.write(made, unseal)
            kept_up = bool(before and weighed and before.is_in(weighed))
            if kept_up:
                making.renewed(rest / _RENEWED)
        if snapshot is None:
            return done
        if not done.rows.keys() - {CONTACT}:
            snapshot.unlink(missing_ok=True)
            remove_log(snapshot)
            return done
        renewed = rest / _RENEWED if kept_up else None
        weighed = renew_snapshot(snapshot, made, at, renewed, progress)
        return replace(done, weighed=weighed, kept_up=kept_up)


@dataclass(slots=True)
class _Export:
    register: Register
    con: duckdb.DuckDBPyConnection
    at: date
    until: int
    progress: Progress
    before: Before | None
    old: Path
    opened: Path

    def write(self, made: Path, unseal: Unseal) -> Exported:
        batches = self.register.store.rows(
            "SELECT number, entries, recorded FROM batch WHERE recorded <= ? ORDER BY number", self.until
        )
        ((destroyed,),) = self.register.store.rows("SELECT count(*) FROM destroyed")
        suppressed = self.register.suppressed(self.at)
        self._before()
        changed = None if self.before is None else self._changed(batches, destroyed, suppressed)
        entries = self._open(unseal, batches, changed)
        self._people(suppressed)
        apart = self._apart()
        rows = self._write(made)
        self._state(made, batches, rows, destroyed)
        return Exported(
            rows, entries, self._count("SELECT count(DISTINCT person) FROM everybody"), apart,
            self._count("SELECT count(*) FROM people"),
        )  # fmt: skip

    def _count(self, sql: str) -> int:
        ((count,),) = self.con.execute(sql).fetchall()
        return int(count)

    def renewed(self, file: Path) -> None:
        """Write the names of those whose rows may be others than before, or are gone."""
        self._copy(f"{_GONE} UNION SELECT name FROM everybody SEMI JOIN people USING (person)", file)

    # --- What has to be opened -----------------------------------------------------------------------------

    def _before(self) -> None:
        """``before``: the people of the earlier export.  ``gone``: those whose rows are not taken over."""
        told = "subject BIGINT, person BIGINT, name VARCHAR, ages BOOLEAN"
        self.con.execute(f"CREATE TABLE before ({told}); CREATE TABLE gone (person BIGINT)")
        if self.before is not None:
            self.con.execute(f"INSERT INTO before FROM {path(self.old / PEOPLE)}")

    def _changed(self, batches: Sequence[Row], destroyed: int, suppressed: Set[int]) -> list[int]:
        """Every subject of a person of whom the rows may be others than they were."""
        assert self.before is not None
        store = self.register.store
        fresh = [batch for batch in batches if not self.before.has(batch[0])]
        changed = {subject for batch in fresh for subject in self._subjects(batch[0])} | suppressed
        if destroyed != self.before.destroyed:
            sql = "SELECT DISTINCT subject FROM destroyed d JOIN entry e ON e.number = d.entry"
            changed |= {subject for (subject,) in store.rows(sql)}
        self.con.register("keys", pa.table({"n": pa.array(self._keyed(), pa.int64())}))
        ages = "ages OR " if self.before.day < self.at.isoformat() else ""
        sql = (
            f"SELECT DISTINCT subject FROM before WHERE {ages} NOT EXISTS (FROM keys WHERE keys.n = subject)"
        )
        changed |= {subject for (subject,) in self.con.execute(sql).fetchall()}
        # Whoever was one person with one of them, then or now.
        self._gone(changed)
        sql = "SELECT DISTINCT subject FROM before SEMI JOIN gone USING (person)"
        changed |= {subject for (subject,) in self.con.execute(sql).fetchall()}
        into = roots(store, changed, self.until)
        changed |= {each for root in set(into.values()) for each in members(store, root, self.until)}
        self._gone(changed)
        return sorted(changed)

    def _subjects(self, batch: int) -> Iterator[int]:
        """Whom the entries of a batch are about."""
        sql = "SELECT DISTINCT subject FROM entry WHERE number >= ? AND number < ? AND subject IS NOT NULL"
        found = self.register.store.rows(sql, batch << PLACES, (batch + 1) << PLACES)
        return (subject for (subject,) in found)

    def _keyed(self) -> Iterator[int]:
        """Everybody who was not forgotten, in order."""
        sql = "SELECT subject FROM subject_key ORDER BY subject"
        return (subject for (subject,) in self.register.store.stream(sql))

    def _gone(self, subjects: Iterable[int]) -> None:
        self.con.register("changed", pa.table({"subject": pa.array(sorted(subjects), pa.int64())}))
        self.con.execute(
            "INSERT INTO gone SELECT DISTINCT person FROM before SEMI JOIN changed USING (subject)"
        )

    # --- Opening -------------------------------------------------------------------------------------------

    def _open(self, unseal: Unseal, batches: Sequence[Row], changed: Sequence[int] | None) -> int:
        """``told_KIND``: for each entry the subject, the person, and ``body``: what is in it."""
        if changed is None:
            # Whose entries stand together: to make a key ready takes longer than to open an entry.
            total = sum(count for _, count, _ in batches)
            ((people,),) = self.register.store.rows("SELECT count(*) FROM subject_key")
            tasks = [*_all(self._keyed(), people, total)]
        else:
            total, tasks = 0, [*_each(changed)]
        done = 0
        for count in unseal(tasks):
            done += count
            self.progress("Opening the entries", done, max(total, done))
        linked = {
            subject for (subject,) in self.register.store.rows("SELECT DISTINCT subject FROM same_person")
        }
        into = roots(self.register.store, linked, self.until)
        merged = pa.table(
            {"n": pa.array(into.keys(), pa.int64()), "root": pa.array(into.values(), pa.int64())}
        )
        self.con.register("merged", merged)
        self._see(self._files())
        for kind in KINDS:
            self.con.execute(
                f"CREATE VIEW told_{kind} AS SELECT subject, coalesce(root, subject) AS person, body"
                f" FROM opened_{kind} LEFT JOIN merged ON n = subject"
            )
        return done

    def _files(self) -> dict[str, list[Path]]:
        """Kind → the files of opened entries, in the order in which these were asked for."""
        return {kind: sorted((self.opened / kind).glob("*.parquet")) for kind in KINDS}

    def _see(self, files: Mapping[str, Sequence[Path]]) -> None:
        """Let ``opened_KIND`` be what is in these."""
        for kind, some in files.items():
            names = ", ".join(map(path, some))
            rows = f"read_parquet([{names}])" if some else _NONE
            self.con.execute(f"CREATE OR REPLACE VIEW opened_{kind} AS FROM {rows}")

    def _people(self, suppressed: Set[int]) -> None:
        """``people``: each person with a name, and whether the entries are not simply rows."""
        several = " OR ".join(f"min(s.{name}) <> max(s.{name})" for name in ("id", *c.DETAILS))
        details = ", ".join(f"any_value(s.{name}) AS {name}" for name in c.DETAILS)

        def people(whose: str) -> str:
            each = " UNION ALL ".join(
                f"SELECT subject, person, t.subject AS s, t.corrects, {quoted(kind)} AS kind, t.person.age IS"
                f" NOT NULL AS ages FROM {_read(kind, c.HEAD, whose)}"
                for kind in KINDS
            )
            return (
                "SELECT person, coalesce(any_value(s.id), '#' || person) AS subject,"
                f" {details}, bool_or(ages) AS ages, coalesce({several}, false)"
                f" OR bool_or(corrects IS NOT NULL OR ages OR kind = '{CONTACT}' OR person <> subject)"
                f" OR count(*) FILTER (kind = '{PERSON}') > 1 AS apart FROM ({each}) GROUP BY person"
            )

        merged = "person IN (SELECT root FROM merged)"
        self.con.execute(f"CREATE TABLE people AS {people(merged)}")
        # Everything of somebody who was not merged stands in the files of one number; all people at once
        # would not fit in memory.
        files = self._files()
        numbers = sorted({file.name for some in files.values() for file in some})
        for names in chunks(numbers, _TOGETHER):
            first, last = names[0], names[-1]
            self._see(
                {kind: [file for file in some if first <= file.name <= last] for kind, some in files.items()}
            )
            self.con.execute(f"INSERT INTO people {people(f'NOT {merged}')}")
        self._see(files)
        into = roots(self.register.store, suppressed, self.until)
        persons = pa.array(sorted({into.get(subject, subject) for subject in suppressed}), pa.int64())
        self.con.register("suppressed", pa.table({"person": persons}))
        self.con.execute("UPDATE people SET apart = true WHERE person IN (FROM suppressed)")

    # --- Rows ----------------------------------------------------------------------------------------------

    def _plain(self, table: str) -> str:
        """The rows of those whose entries are rows, as a query."""
        if table == CONTACT:
            rows = f"SELECT subject, {', '.join(c.DETAILS)} FROM people WHERE NOT apart"
            return f"{rows} AND coalesce({', '.join(c.DETAILS)}) IS NOT NULL"
        chosen = ", ".join(c.column(table, name, type_) for name, type_ in columns_of(table).items())
        date_ = "" if table == PERSON else "t.date AS date, "
        return (
            f"SELECT p.subject, {date_}{chosen} FROM {_read(table, c.shape(table))}"
            f" JOIN people p USING (person) WHERE NOT apart AND t.date <= DATE '{self.at}'"
        )

    def _apart(self) -> int:
        """The rows of the others, put together one person at a time."""
        for table in TABLES:
            told = ", ".join(f'"{name}" {c.sql_type(type_)}' for name, type_ in c.columns(table).items())
            self.con.execute(f"CREATE TABLE apart_{table} ({told})")
        self.con.execute("CREATE TABLE named (person BIGINT, name VARCHAR)")
        people = self.con.execute("SELECT person FROM people WHERE apart").fetchall()
        for done, some in enumerate(chunks((person for (person,) in people), 1000)):
            self.progress("Putting people together", done * 1000, len(people))
            rows: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
            named = [(person, name) for person in some for name in self._put_together(person, rows)]
            self.con.register(
                "fresh", pa.table(dict(zip(("person", "name"), zip(*named, strict=True), strict=True)))
            )
            self.con.execute("INSERT INTO named FROM fresh")
            for table, found in rows.items():
                if found:
                    self.con.register("fresh", pa.Table.from_pylist(found, c.arrow(table)))
                    self.con.execute(f"INSERT INTO apart_{table} FROM fresh")
        return len(people)

    def _put_together(self, person: int, rows: dict[str, list[dict[str, Any]]]) -> list[str]:
        """:returns: the names that the rows bear."""
        register = self.register
        entries = entries_of(register.vault, members(register.store, person, self.until), self.until)
        found = history(entries, register.suppressions(entries, {}, self.at), self.at)
        names = _ids(entries) or [f"#{person}"]
        for name in names:
            for event in found.events:
                rows[event.kind].append({"subject": name, "date": event.date, **c.row(event.fields)})
            if found.person:
                rows[PERSON].append({"subject": name, **found.person})
            if found.details:
                rows[CONTACT].append({"subject": name, **found.details})
        return names

    def _write(self, made: Path) -> dict[str, int]:
        self.progress("Writing the tables")
        counts = {}
        for table in TABLES:
            rows = f"SELECT * FROM ({self._plain(table)}) UNION ALL BY NAME SELECT * FROM apart_{table}"
            old = self.old / f"{table}.parquet"
            if self.before is not None and old.exists():
                rows += f" UNION ALL BY NAME SELECT * FROM {path(old)} ANTI JOIN ({_GONE}) USING (subject)"
            file = made / f"{table}.parquet"
            counts[table] = self._copy(rows, file)
            if not counts[table]:
                file.unlink()
        return {table: count for table, count in counts.items() if count}

    def _copy(self, rows: str, file: Path) -> int:
        return self._count(f"COPY ({rows}) TO {quoted(str(file))} (FORMAT parquet, COMPRESSION zstd)")

    def _state(self, made: Path, batches: Sequence[Row], tables: Iterable[str], destroyed: int) -> None:
        """What the next export goes on from."""
        each = " UNION ".join(f"SELECT subject, person FROM told_{kind}" for kind in KINDS)
        self.con.execute(
            "CREATE TABLE everybody AS SELECT e.subject, person, coalesce(name, p.subject) AS name, ages"
            f" FROM ({each}) e JOIN people p USING (person) LEFT JOIN named USING (person)"
            " UNION ALL FROM before ANTI JOIN gone USING (person)"
        )
        # From what left out an event or an entry nothing can go on.
        last = max((recorded for *_, recorded in batches), default=0)
        if self.until < seconds(None) or self.at < day_of(last):
            return
        self._copy("FROM everybody", made / PEOPLE)
        files = {name: hash_of(made / name) for name in (*(f"{table}.parquet" for table in tables), PEOPLE)}
        numbers = [number for number, *_ in batches]
        state = Before(self.register.signer.name, self.at.isoformat(), destroyed, runs(numbers), files)
        (made / STATE).write_text(json.dumps(asdict(state)))


def _read(kind: str, shape: str, whose: str = "true") -> str:
    """SQL: the entries of a kind, each with ``t``: what is in it, in this shape."""
    return f"(SELECT subject, person, from_json(body, {quoted(shape)}) AS t FROM told_{kind} WHERE {whose})"


def _all(subjects: Iterable[int], people: int, entries: int) -> Iterator[Some]:
    """:param people: how many these are, about; likewise the ``entries`` that they have."""
    for some in chunks(subjects, max(1, CHUNK * people // max(entries, 1))):
        yield ALL, (some[0], some[-1])


def _each(subjects: Sequence[int]) -> Iterator[Some]:
    for some in chunks(subjects, CHUNK // 4):
        yield EACH, some


def _ids(entries: Sequence[Known]) -> list[str]:
    return sorted({entry.tree["subject"]["id"] for entry in entries if "id" in entry.tree.get("subject", ())})
