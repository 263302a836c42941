"""The records of an organisation as typed tables, one for each kind of event, and what was unreadable.

A folder of records holds files named after the kinds of the situation format: ``consent.csv``,
``objection.parquet`` …, and ``person.csv``.  Their columns are ``subject``, ``date`` (not for ``person``)
and the fields of the format.  A list is written with ``|`` between its items in CSV, as a list in JSON
lines and Parquet; ``verified`` is the two columns ``verified_date`` and ``verified_by``.  An empty cell is
*left out*.  A row that cannot be read counts for nothing, and for everybody named in it the answer is no.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import ibis
import pyarrow as pa

from grondslag.errors import BadCase
from grondslag.screening.cells import SUBJECT, Cells, typed
from grondslag.screening.contacts import LONGEST
from grondslag.screening.contents import DAYS, READ, Contents
from grondslag.screening.engine import count, kept
from grondslag.screening.identifiers import ADDRESS, EMAIL, PARTS, PHONE
from grondslag.screening.sources import LINES, Source, source, stem_and_format
from grondslag.screening.tables import of_memory, read
from grondslag.situations.births import IMPOSSIBLE, OWN_ACTS, is_before_birth
from grondslag.vocabulary import EVENTS, Day, Object, Text, Type, fields_of

PERSON: Final = "person"
KINDS: Final = (PERSON, *EVENTS)
CONTACT: Final = "contact"
"""The table of who has which contact detail: it says nothing about what may be done."""
TABLES: Final = (*KINDS, CONTACT)
_DATELESS: Final = (PERSON, CONTACT)
REFUSALS: Final = ("objection", "withdrawal")
"""Kinds that only ever say no: a row of these that names nobody may be anybody's."""


@dataclass(frozen=True, slots=True)
class Records:
    """What is on file.

    :ivar tables: kind → the rows that could be read: ``subject``, ``content`` (the number of what it says),
        ``day``, ``other`` (the second day of a record that has one) and ``line``.
    :ivar contents: what those numbers stand for.
    :ivar rejects: the rows that could not: ``file``, ``line``, ``reason``, ``kind``, ``subject`` if that is
        certain, else ``named``: whatever in the row may be a subject.
    :ivar sources: the files that were read; none for tables that a program handed over.
    :ivar contacts: every row of the table of contact details, typed, with its ``reason`` if it is unreadable.
        A bad detail is no bad file: who has one is only not found by it.
    """

    tables: Mapping[str, Any]
    contents: Contents
    rejects: Any
    sources: tuple[Source, ...] = ()
    contacts: Any = None


@dataclass(frozen=True, slots=True)
class Known:
    """Who is on file, and by what they are found.

    :ivar subjects: a table with every ``subject``, each once.
    :ivar contacts: as in :class:`Records`.
    """

    subjects: Any
    contacts: Any = None


def columns_of(kind: str) -> dict[str, Type]:
    """The columns of a table beside ``subject`` and ``date``, with what each may hold."""
    if kind == CONTACT:
        return {
            **{name: Text(LONGEST[name]) for name in (EMAIL, PHONE, ADDRESS)},
            **dict.fromkeys(PARTS, Text(20)),
        }
    if kind == PERSON:
        return {name: each.type for name, each in fields_of(PERSON).items()}
    found: dict[str, Type] = {}
    for name, each in fields_of(kind).items():
        if isinstance(each.type, Object):
            found |= {f"{name}_{inner}": part.type for inner, part in each.type.fields.items()}
        else:
            found[name] = each.type
    return found


def files_in(folder: Path) -> dict[str, Path]:
    """Kind → file.

    :raises BadCase: when there is none, when a file bears no kind's name, or a kind has two files.
    """
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        remedy = "name the folder with the records"
        raise BadCase(str(folder), f"cannot be opened ({error.strerror})", remedy) from None
    found: dict[str, Path] = {}
    for path in entries:
        kind, format_ = stem_and_format(path)
        # A backup or a copy of a kind is no file to pass over in silence.
        begins = path.name.lstrip(".").split(".")[0].split(" ")[0]
        if begins not in TABLES and (path.name.startswith(".") or format_ == LINES):
            continue
        if format_ == LINES or path.name.startswith("."):
            kind = begins
            remedy = f"save it as {kind}.csv, {kind}.jsonl or {kind}.parquet"
            raise BadCase(path.name, "is no CSV, JSON lines or Parquet file", remedy)
        if kind not in TABLES:
            near = get_close_matches(kind, TABLES, 1)
            hint = f"did you mean {path.name.replace(kind, near[0], 1)}? " if near else ""
            raise BadCase(
                path.name, "bears the name of no kind of record", f"{hint}use one of {', '.join(TABLES)}"
            )
        if kind in found:
            raise BadCase(path.name, f"there is also {found[kind].name}", "keep one of them")
        found[kind] = path
    if not found:
        raise BadCase(str(folder), "holds no records", f"add a file such as {KINDS[1]}.csv")
    return found


def load(con: Any, folder: Path, workplace: Path, at: date, contents: Contents | None = None) -> Records:
    """The records in a folder.

    :param con: an Ibis connection to DuckDB.
    :param workplace: a folder for temporary copies.
    :param at: the day on which people have the age that is on file.
    :param contents: those known already, to be added to.
    """
    given, sources = {}, []
    for kind, path in files_in(folder).items():
        file = source(path, workplace)
        needed = ("subject",) if kind in _DATELESS else ("subject", "date")
        cells = read(con, file, f"raw_{kind}", needed)
        sources.append(cells.source or file)
        given[kind] = (file.name, cells)
    records = _kept(con, given, contents or Contents(), at)
    return replace(records, sources=tuple(sources))


def of_tables(con: Any, tables: Mapping[str, Any], at: date, contents: Contents | None = None) -> Records:
    """Records from tables in memory, held to the same format.

    A column ``line`` keeps the order of equal days.
    """
    given = {}
    for kind, table in tables.items():
        if kind not in TABLES:
            raise BadCase(kind, "is no kind of record", f"use one of {', '.join(TABLES)}")
        given[kind] = (kind, of_memory(con, table, kind))
    return _kept(con, given, contents or Contents(), at)


def _kept(con: Any, given: Mapping[str, tuple[str, Cells]], contents: Contents, at: date) -> Records:
    """Runs the reading once: the good rows in a table of each kind, the others in one table of rejects."""
    every: dict[str, Any] = {}
    contacts = None
    for kind, (place, cells) in given.items():
        wanted = _wanted(kind, place, cells.columns)
        if kind == CONTACT:
            contacts = kept(con, "records_contact", typed(cells, wanted, place), place)
            continue
        rows = kept(con, f"records_{kind}", _read(con, kind, place, cells, contents), place)
        if kind == PERSON:
            rows = con.create_table("records_person_once", _contradictions(rows), overwrite=True)
        elif pairs := contents.contradicting(kind):
            rows = con.create_table(f"records_{kind}_once", _told_once(rows, pairs), overwrite=True)
        every[kind] = rows
    if not every:
        raise BadCase("records", "hold contact details only", f"add a file such as {KINDS[1]}.csv")
    for kind, rows in _unborn(con, every, contents.ages(), at).items():
        every[kind] = con.create_table(f"records_{kind}_born", rows, overwrite=True)
    tables, rejects = {}, []
    for kind, rows in every.items():
        good, bad = rows.filter(rows.reason.isnull()), rows.filter(rows.reason.notnull())
        tables[kind] = good.select("subject", "content", "day", "other", "line")
        rejects.append(bad.select("file", "line", "reason", "subject", "named", kind=ibis.literal(kind)))
    union = ibis.union(*rejects) if len(rejects) > 1 else rejects[0]
    return Records(tables, contents, con.create_table("rejects", union, overwrite=True), contacts=contacts)


def _read(con: Any, kind: str, place: str, cells: Cells, contents: Contents) -> Any:
    """The rows of one kind: whose, what it says by number, and its days.

    What a row says beside its subject and days is read once for all the rows that say just this.
    """
    wanted = _wanted(kind, place, cells.columns)
    days = [name for name in ("date", DAYS.get(kind, "")) if name in wanted]
    apart = ("subject", *days)
    says = {name: wanted[name] for name in cells.columns if name not in apart and kind in READ}
    rows = typed(cells, {name: wanted[name] for name in apart}, place, keep=says)
    said = _said(con, kind, cells, says, contents)
    both = rows.left_join(
        said, [rows[f"raw_{name}"].identical_to(said[f"said_{name}"]) for name in says] or True
    )
    return both.select(
        *("line", "subject", "file", "named", "content"),
        day=both.date if "date" in days else ibis.null("date"),
        other=both[days[1]] if len(days) > 1 else ibis.null("date"),
        reason=ibis.coalesce(both.reason, both.fault),
    )


def _said(con: Any, kind: str, cells: Cells, says: Mapping[str, Type], contents: Contents) -> Any:
    """Each different thing that the rows say, with its number or its fault."""
    if not says:
        number = contents.number(kind, {}) if kind in READ else None
        only = {"content": pa.array([number], pa.int32()), "fault": pa.array([None], pa.string())}
        return ibis.memtable(pa.table(only))
    sound = cells.table.filter(cells.table.problem.isnull())
    given = {f"c{n}": sound[f"c{cells.columns.index(name)}"] for n, name in enumerate(says)}
    different = con.to_pyarrow(sound.select(**given).distinct())
    numbered = different.append_column("line", pa.array(range(len(different)), pa.int64()))
    table = con.create_table(f"said_{kind}", numbered, overwrite=True)
    nothing = {"problem": ibis.null("string"), "named": ibis.null("array<string>")}
    read_ = typed(Cells(table.mutate(**nothing), tuple(says)), says, kind)
    numbers: dict[str, list[Any]] = {"line": [], "content": [], "fault": []}
    for row in con.to_pyarrow(read_).to_pylist():
        fields = {name: row[name] for name in says if row[name] is not None}
        numbers["line"].append(row["line"])
        numbers["content"].append(None if row["reason"] else contents.number(kind, fields))
        numbers["fault"].append(row["reason"])
    schema = pa.schema({"line": pa.int64(), "content": pa.int32(), "fault": pa.string()})
    told = con.create_table(f"numbers_{kind}", pa.table(numbers, schema=schema), overwrite=True)
    each = table.rename({f"said_{name}": f"c{n}" for n, name in enumerate(says)})
    return each.join(told, "line").drop("line")


def _wanted(kind: str, place: str, columns: tuple[str, ...]) -> dict[str, Type]:
    """What the columns of one kind may hold.

    :raises BadCase: for a column that the format does not know; passed over, it would be a fact forgotten.
    """
    wanted: dict[str, Type] = {
        "subject": SUBJECT,
        **({} if kind in _DATELESS else {"date": Day()}),
        **columns_of(kind),
    }
    for column in columns:
        if column not in wanted:
            near = get_close_matches(column, wanted, 1)
            hint = f"did you mean {near[0]}? " if near else ""
            raise BadCase(place, f"{column!r} is no column of {kind}", f"{hint}use: {', '.join(wanted)}")
    return wanted


def _told_once(rows: Any, pairs: Sequence[tuple[int, int]]) -> Any:
    """Rows of one day on one person that cannot both be true: neither can be believed."""
    both = [*pairs, *((second, first) for first, second in pairs)]
    schema = pa.schema({"this": pa.int32(), "that": pa.int32()})
    clashing = ibis.memtable(pa.Table.from_pylist([{"this": a, "that": b} for a, b in both], schema=schema))
    said = rows.filter(rows.reason.isnull(), rows.content.isin(sorted({one for one, _ in both})))
    others = said.select(who="subject", when="day", that="content")
    met = said.join(clashing, said.content == clashing.this).join(
        others, [("subject", "who"), ("day", "when"), "that"]
    )
    told = met.select(
        "line", clash=ibis.literal("another row says something else of the same thing that day")
    )
    each = rows.left_join(told.distinct(), "line").drop("line_right")
    return each.mutate(reason=ibis.coalesce(each.reason, each.clash)).drop("clash")


def _contradictions(persons: Any) -> Any:
    """Two rows on one person that differ: neither can be believed."""
    window = ibis.window(group_by=persons.subject)
    several = persons.content.min().over(window) != persons.content.max().over(window)
    told = (several & persons.subject.notnull()).ifelse(
        "another row says something else of the same subject", None
    )
    return persons.mutate(reason=ibis.coalesce(persons.reason, told))


def _unborn(con: Any, every: Mapping[str, Any], ages: Mapping[int, int], at: date) -> dict[str, Any]:
    """The tables that hold acts of people before they were born, with the reason beside these."""
    found: dict[str, Any] = {}
    if not ages or PERSON not in every:
        return found
    persons = every[PERSON].filter(every[PERSON].reason.isnull())
    table = pa.table({"content": list(ages), "age": list(ages.values())})
    aged = persons.join(ibis.memtable(table), "content").select(who="subject", age="age").distinct()
    for kind in set(every) & set(OWN_ACTS):
        rows = every[kind]
        # Hardly any record is so old that it could be.
        if not count(con, rows.filter(before_birth(rows.day, min(ages.values()), at))):
            continue
        both = rows.left_join(aged, rows.subject == aged.who)
        impossible = before_birth(both.day, both.age, at).fill_null(False).ifelse(IMPOSSIBLE, None)
        found[kind] = both.mutate(reason=ibis.coalesce(both.reason, impossible)).drop("who", "age")
    return found


def before_birth(day: Any, age: Any, at: date) -> Any:
    """:func:`.births.is_before_birth` of columns."""
    return is_before_birth(day.year(), day.month(), day.day(), age, at)
