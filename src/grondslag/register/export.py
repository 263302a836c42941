"""The register as the tables that a screening reads: one row an event, each person as the history has it.

Decrypting streams; the engine of the screening does the rest.  Nearly everybody's entries are rows as they
are.  Whoever was corrected, merged, has changed a contact detail or comes under a suppression is put together
by :func:`grondslag.register.history.history`, so that there is one reading of what is on file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from grondslag import vocabulary as v
from grondslag.register.history import Known, entries_of, history, seconds
from grondslag.register.people import members, roots
from grondslag.register.register import Register
from grondslag.register.sealing import unsealed
from grondslag.register.store import chunks
from grondslag.screening.cells import engine_type
from grondslag.screening.engine import quoted
from grondslag.screening.progress import Progress, silent
from grondslag.screening.records import CONTACT, PERSON, TABLES, columns_of
from grondslag.screening.workplace import workplace

CHUNK: Final = 20_000
"""Entries opened at a time."""
DETAILS: Final = ("email", "phone", "address")
_TOLD: Final = pa.schema(
    [
        ("person", pa.int64()),
        ("recorded", pa.int64()),
        ("number", pa.int64()),
        ("kind", pa.string()),
        ("body", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    :ivar rows: table → rows.
    :ivar entries: how many entries were read.
    :ivar people: how many people are on file.
    :ivar apart: of how many the history was put together one by one.
    """

    rows: Mapping[str, int]
    entries: int
    people: int
    apart: int


def export(
    register: Register,
    out: Path,
    *,
    at: date,
    known: datetime | None = None,
    progress: Progress = silent,
) -> Exported:
    """Write a Parquet table for each kind of record, all or none.

    A person goes by the id that was recorded, or ``#`` and a number; who has several ids has his rows under
    each of them.

    :param at: events up to and including this day; contact details and ages are of this day.
    :param known: what was recorded up to this moment.
    :param out: an earlier export in it is replaced.
    :raises BadCase: when the folder holds anything else than an earlier export.
    """
    names = [f"{table}.parquet" for table in TABLES]
    with (
        register.store.reading(),
        workplace(out, True, names) as (made, rest),
        closing(duckdb.connect(str(rest / "told.duckdb"))) as con,
    ):
        return _Export(register, con, at, seconds(known), progress).write(made)


def opened(register: Register, until: int) -> Iterator[pa.RecordBatch]:
    """Everything that can be read, in the order of the entries, a batch at a time."""
    into = roots(
        register.store,
        {subject for (subject,) in register.store.rows("SELECT DISTINCT subject FROM same_person")},
        until,
    )
    sql = (
        "SELECT recorded, number, kind, uuid, subject, sealed FROM readable"
        " WHERE subject IS NOT NULL AND recorded <= ? ORDER BY number"
    )
    for chunk in chunks(register.store.stream(sql, until), CHUNK):
        yield _batch(register, chunk, into)


def _batch(register: Register, chunk: list[Any], into: Mapping[int, int]) -> pa.RecordBatch:
    ciphers = register.vault.ciphers({row[4] for row in chunk})
    rows = [
        (into.get(subject, subject), recorded, number, kind, unsealed(cipher, stored, id_)[1])
        for recorded, number, kind, id_, subject, stored in chunk
        if (cipher := ciphers.get(subject))
    ]
    columns = zip(*rows, strict=True) if rows else [()] * len(_TOLD)
    bodies: Any
    *others, bodies = columns
    arrays = [pa.array(each, field.type) for each, field in zip(others, _TOLD, strict=False)]
    return pa.record_batch([*arrays, pa.array(bodies, pa.binary()).cast(pa.string())], schema=_TOLD)


@dataclass(slots=True)
class _Export:
    register: Register
    con: duckdb.DuckDBPyConnection
    at: date
    until: int
    progress: Progress

    def write(self, made: Path) -> Exported:
        subject = '{"id": "VARCHAR", "email": "VARCHAR", "phone": "VARCHAR", "address": "VARCHAR"}'
        shape = f'{{"date": "DATE", "corrects": "VARCHAR", "subject": {subject}}}'
        read = f"SELECT *, from_json(body, {quoted(shape)}) AS t FROM opened"
        self.con.register("opened", _TOLD.empty_table())
        self.con.execute(f"CREATE TABLE told AS {read}")
        ((total,),) = self.register.store.rows("SELECT coalesce(sum(entries), 0) FROM batch")
        done = 0
        for batch in opened(self.register, self.until):
            # Not as one stream: the engine would pull it from its own thread, and SQLite knows only this one.
            self.con.register("opened", pa.Table.from_batches([batch]))
            self.con.execute(f"INSERT INTO told {read}")
            done += len(batch)
            self.progress("Opening the entries", done, total)
        self._people()
        apart = self._apart()
        self.progress("Writing the tables")
        counts = {}
        for table in TABLES:
            file = made / f"{table}.parquet"
            rows = f"SELECT * FROM ({self._plain(table)}) UNION ALL BY NAME SELECT * FROM apart_{table}"
            self.con.execute(f"COPY ({rows}) TO {quoted(str(file))} (FORMAT parquet, COMPRESSION zstd)")
            ((counts[table],),) = self.con.execute(f"SELECT count(*) FROM {quoted(str(file))}").fetchall()
            if not counts[table]:
                file.unlink()
        ((entries, people),) = self.con.execute(
            "SELECT count(*), count(DISTINCT person) FROM told"
        ).fetchall()
        return Exported({table: count for table, count in counts.items() if count}, entries, people, apart)

    def _people(self) -> None:
        """Each person with an id, and whether the entries are not simply rows."""
        several = " OR ".join(f"count(DISTINCT t.subject.{each}) > 1" for each in ("id", *DETAILS))
        details = ", ".join(f"any_value(t.subject.{each}) AS {each}" for each in DETAILS)
        self.con.execute(
            "CREATE TABLE people AS SELECT person,"
            " coalesce(any_value(t.subject.id), '#' || person) AS subject,"
            f" {details}, {several} OR bool_or(t.corrects IS NOT NULL)"
            " OR bool_or(kind IN ('contact', 'merged', 'person')) AS apart FROM told GROUP BY person"
        )
        # Who has the contact detail of somebody who was forgotten.
        sql = "SELECT DISTINCT subject FROM suppression s JOIN identifier i ON i.hash = s.hash WHERE day <= ?"
        found = [(number,) for (number,) in self.register.store.rows(sql, self.at.isoformat())]
        into = roots(self.register.store, {number for (number,) in found}, self.until) if found else {}
        for (number,) in found:
            self.con.execute("UPDATE people SET apart = true WHERE person = ?", [into.get(number, number)])

    def _plain(self, table: str) -> str:
        """The rows of those whose entries are rows, as a query."""
        if table == CONTACT:
            rows = f"SELECT subject, {', '.join(DETAILS)} FROM people WHERE NOT apart"
            return f"{rows} AND coalesce({', '.join(DETAILS)}) IS NOT NULL"
        columns = columns_of(table)
        chosen = ", ".join(_column(table, name, type_) for name, type_ in columns.items())
        date_ = "" if table == PERSON else "t.date AS date, "
        rows = (
            f"SELECT *, from_json(body, {quoted(_shape(table))}) AS e FROM told"
            f" WHERE kind = {quoted(table)} AND t.date <= DATE '{self.at}'"
        )
        return f"SELECT p.subject, {date_}{chosen} FROM ({rows}) JOIN people p USING (person) WHERE NOT apart"

    def _apart(self) -> int:
        """The rows of the others, put together one person at a time."""
        for table in TABLES:
            columns = ", ".join(f'"{name}" {_sql_type(type_)}' for name, type_ in _all_columns(table).items())
            self.con.execute(f"CREATE TABLE apart_{table} ({columns})")
        people = self.con.execute("SELECT person FROM people WHERE apart").fetchall()
        rows: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
        for n, (person,) in enumerate(people, 1):
            self._put_together(person, rows)
            if n % 1000 == 0 or n == len(people):
                self._keep(rows)
        return len(people)

    def _put_together(self, person: int, rows: dict[str, list[dict[str, Any]]]) -> None:
        numbers = members(self.register.store, person, self.until)
        entries = entries_of(self.register.vault, numbers, self.until)
        found = history(entries, self.register.suppressions(entries, {}, self.at), self.at)
        for subject in _ids(entries) or [f"#{person}"]:
            for event in found.events:
                rows[event.kind].append({"subject": subject, "date": event.date, **_flat(event.fields)})
            if found.person:
                rows[PERSON].append({"subject": subject, **found.person})
            if found.details:
                rows[CONTACT].append({"subject": subject, **found.details})

    def _keep(self, rows: dict[str, list[dict[str, Any]]]) -> None:
        for table, some in rows.items():
            if some:
                columns = _all_columns(table)
                schema = pa.schema([(name, _arrow(type_)) for name, type_ in columns.items()])
                self.con.register("fresh", pa.Table.from_pylist(some, schema))
                self.con.execute(f"INSERT INTO apart_{table} SELECT * FROM fresh")
                some.clear()


def _ids(entries: list[Known]) -> list[str]:
    return sorted({entry.tree["subject"]["id"] for entry in entries if "id" in entry.tree.get("subject", ())})


def _flat(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as columns: ``verified`` in two, a word that stands for a list as a list of one."""
    flat: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}_{inner}": each for inner, each in value.items()}
        elif name == "listed" and isinstance(value, bool):
            flat[name] = str(value).lower()
        elif isinstance(value, str) and name in ("channels", "about") and value in ("all", "anything"):
            flat[name] = [value]
        else:
            flat[name] = value
    return flat


def _all_columns(table: str) -> dict[str, v.Type]:
    first: dict[str, v.Type] = {"subject": v.TEXT}
    if table not in (PERSON, CONTACT):
        first["date"] = v.DAY
    columns = columns_of(table)
    return first | ({name: columns[name] for name in DETAILS} if table == CONTACT else columns)


def _shape(table: str) -> str:
    """How the engine is to read the fields of an entry."""
    inner = {}
    for name, each in v.EVENTS.get(table, v.PERSON).items():
        match each.type:
            case v.Object(fields):
                inner[name] = (
                    "{" + ", ".join(f'"{n}": "{_sql_type(f.type)}"' for n, f in fields.items()) + "}"
                )
            case v.ListOr() | v.OneOf(or_flag=True):
                inner[name] = '"JSON"'
            case v.ListOf():
                inner[name] = '["VARCHAR"]'
            case type_:
                inner[name] = f'"{_sql_type(type_)}"'
    return f'{{"{table}": {{' + ", ".join(f'"{name}": {shape}' for name, shape in inner.items()) + "}}"


def _column(table: str, name: str, type_: v.Type) -> str:
    """SQL for a column, from the fields as they were read."""
    events = v.EVENTS.get(table, v.PERSON)
    at = f'e."{table}"."{name}"'
    if name not in events:
        outer, _, inner = name.partition("_")
        at = f'e."{table}"."{outer}"."{inner}"'
    match type_:
        case v.ListOr():
            many = f"""from_json({at}, '["VARCHAR"]')"""
            value = f"CASE json_type({at}) WHEN 'VARCHAR' THEN [{at} ->> '$'] ELSE {many} END"
        case v.OneOf(or_flag=True):
            value = f"{at} ->> '$'"
        case _:
            value = at
    return f'{value} AS "{name}"'


def _sql_type(type_: v.Type) -> str:
    return {"boolean": "BOOLEAN", "date": "DATE", "int64": "BIGINT", "array<string>": "VARCHAR[]"}.get(
        engine_type(type_), "VARCHAR"
    )


def _arrow(type_: v.Type) -> pa.DataType:
    return {
        "boolean": pa.bool_(), "date": pa.date32(), "int64": pa.int64(),
        "array<string>": pa.list_(pa.string()),
    }.get(engine_type(type_), pa.string())  # fmt: skip
