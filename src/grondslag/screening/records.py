"""The records of an organisation as typed tables, one for each kind of event, and what was unreadable.

A folder of records holds files named after the kinds of the situation format: ``consent.csv``,
``objection.parquet`` …, and ``person.csv``.  Their columns are ``subject``, ``date`` (not for ``person``)
and the fields of the format.  A list is written with ``|`` between its items in CSV, as a list in JSON
lines and Parquet; ``verified`` is the two columns ``verified_date`` and ``verified_by``.  An empty cell is
*left out*.  A row that cannot be read counts for nothing, and for everybody named in it the answer is no.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import ibis
import pyarrow as pa

from grondslag.errors import BadCase
from grondslag.screening.cells import SUBJECT, Cells, cell_of, sound, typed
from grondslag.screening.contents import DAYS, READ, Contents
from grondslag.screening.engine import count, fetched, kept, put
from grondslag.screening.identifiers import PARTS
from grondslag.screening.sources import LINES, Source, source, stem_and_format
from grondslag.screening.tables import of_memory, read
from grondslag.situations.births import IMPOSSIBLE, OWN_ACTS, is_before_birth
from grondslag.spellings import ADDRESS, EMAIL, LONGEST, PHONE
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
    :ivar subjects: kind → the ``subject`` of each of these rows, for less than the rows cost.
    :ivar contents: what those numbers stand for.
    :ivar rejects: the rows that could not: ``file``, ``line``, ``reason``, ``kind``, ``subject`` if that is
        certain, else ``named``: whatever in the row may be a subject.
    :ivar sources: the files that were read; none for tables that a program handed over.
    :ivar contacts: every row of the table of contact details, typed, with its ``reason`` if it is unreadable.
        A bad detail is no bad file: who has one is only not found by it.
    """

    tables: Mapping[str, Any]
    subjects: Mapping[str, Any]
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


def load(  # noqa: PLR0913 - each is a question of its own
    con: Any, folder: Path, workplace: Path, at: date, contents: Contents | None = None, only: Any = None
) -> Records:
    """The records in a folder.

    :param con: an Ibis connection to DuckDB.
    :param workplace: a folder for temporary copies.
    :param at: the day on which people have the age that is on file.
    :param contents: those known already, to be added to.
    :param only: a column with the subjects whose rows are read, beside rows of which it is unknown whose
        they are; everybody's when left out.
    """
    given, sources = {}, []
    for kind, path in files_in(folder).items():
        file = source(path, workplace)
        needed = ("subject",) if kind in _DATELESS else ("subject", "date")
        cells = read(con, file, f"raw_{kind}", needed)
        sources.append(cells.source or file)
        if only is not None:
            whose = cells["subject"].cast("string")
            some = cells.table.filter(whose.isin(only) | ~sound(whose, SUBJECT).fill_null(False))
            cells = replace(cells, table=kept(con, f"some_{kind}", some, file.name))
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
        rows = _read(con, kind, place, cells, contents)
        every[kind] = rows if cells.cheap else kept(con, f"records_{kind}", rows, place)
    if not every:
        raise BadCase("records", "hold contact details only", f"add a file such as {KINDS[1]}.csv")
    for faults in (_contradictions, _unborn):
        for kind, found in faults(con, every, contents, at):
            every[kind] = _marked(con, f"{faults.__name__[1:]}_{kind}", every[kind], found, given[kind][0])
    tables, subjects, rejects = {}, {}, []
    for kind, rows in every.items():
        place, cells = given[kind]
        bad = rows.filter(rows.reason.notnull())
        bad = bad.select("file", "line", "reason", "subject", "named", kind=ibis.literal(kind))
        rejects.append(kept(con, f"rejects_{kind}", bad, place))
        some_bad = count(con, rejects[-1]) > 0
        good = rows.filter(rows.reason.isnull()) if some_bad else rows
        tables[kind] = good.select("subject", "content", "day", "other", "line")
        # Rows that are read anew each time are not needed for it where nothing is bad: the cells say it.
        cell = cells.table.select(subject=cell_of(cells, "subject", SUBJECT, place))
        subjects[kind] = cell if cells.cheap and not some_bad else good.select("subject")
    union = ibis.union(*rejects) if len(rejects) > 1 else rejects[0]
    return Records(tables, subjects, contents, put(con, "rejects", union), contacts=contacts)


def _marked(con: Any, name: str, rows: Any, found: Any, place: str) -> Any:
    """The rows with a reason beside those of some lines; hardly ever are there any.

    :param found: ``line`` and ``fault``, for rows that have no reason yet.
    """
    faults = kept(con, name, found.distinct(), place)
    if not count(con, faults):
        return rows
    both = rows.left_join(faults, "line").drop("line_right")
    return both.mutate(reason=ibis.coalesce(both.reason, both.fault)).drop("fault")


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
        return put(con, f"said_{kind}", pa.table(only))
    sound = cells.table.filter(cells.table.problem.isnull())
    given = {f"c{n}": sound[f"c{cells.columns.index(name)}"] for n, name in enumerate(says)}
    # In order, so that the same records get the same numbers every time.
    different = fetched(con, sound.select(**given).distinct().order_by(list(given)))
    numbered = different.append_column("line", pa.array(range(len(different)), pa.int64()))
    table = put(con, f"said_{kind}", numbered)
    nothing = {"problem": ibis.null("string"), "named": ibis.null("array<string>")}
    read_ = typed(Cells(table.mutate(**nothing), tuple(says)), says, kind)
    numbers: dict[str, list[Any]] = {"line": [], "content": [], "fault": []}
    for row in fetched(con, read_.order_by("line")).to_pylist():
        fields = {name: row[name] for name in says if row[name] is not None}
        numbers["line"].append(row["line"])
        numbers["content"].append(None if row["reason"] else contents.number(kind, fields))
        numbers["fault"].append(row["reason"])
    schema = pa.schema({"line": pa.int64(), "content": pa.int32(), "fault": pa.string()})
    told = put(con, f"numbers_{kind}", pa.table(numbers, schema=schema))
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


def _contradictions(
    con: Any, every: Mapping[str, Any], contents: Contents, at: date
) -> Iterator[tuple[str, Any]]:
    """Rows that cannot both be true, of one person, or of one person and day: neither can be believed."""
    for kind, rows in every.items():
        sound = rows.filter(rows.reason.isnull())
        if kind == PERSON:
            several = sound.group_by("subject").having(sound.content.min() != sound.content.max())
            twice = several.agg(least=sound.content.min()).select("subject")
            fault = ibis.literal("another row says something else of the same subject")
            yield kind, sound.semi_join(twice, "subject").select("line", fault=fault)
        elif pairs := contents.contradicting(kind):
            yield kind, _clashing(con, sound, pairs)


def _clashing(con: Any, rows: Any, pairs: Sequence[tuple[int, int]]) -> Any:
    """The rows of one day on one person of which two contents may not stand together."""
    both = [*pairs, *((second, first) for first, second in pairs)]
    schema = pa.schema({"this": pa.int32(), "that": pa.int32()})
    clashing = put(con, "clashing", pa.Table.from_pylist([{"this": a, "that": b} for a, b in both], schema))
    said = rows.filter(rows.content.isin(sorted({one for one, _ in both})))
    others = said.select(who="subject", when="day", that="content")
    met = said.join(clashing, said.content == clashing.this).join(
        others, [("subject", "who"), ("day", "when"), "that"]
    )
    fault = ibis.literal("another row says something else of the same thing that day")
    return met.select("line", fault=fault)


def _unborn(con: Any, every: Mapping[str, Any], contents: Contents, at: date) -> Iterator[tuple[str, Any]]:
    """Acts of people before they were born."""
    ages = contents.ages()
    if not ages or PERSON not in every:
        return
    persons = every[PERSON].filter(every[PERSON].reason.isnull())
    table = pa.table({"content": list(ages), "age": list(ages.values())})
    aged = persons.join(put(con, "ages", table), "content").select(who="subject", age="age")
    for kind in (kind for kind in every if kind in OWN_ACTS):
        # Hardly any record is so old that it could be.
        old = every[kind].filter(
            every[kind].reason.isnull(), before_birth(every[kind].day, min(ages.values()), at)
        )
        both = old.join(aged, old.subject == aged.who)
        yield (
            kind,
            both.filter(before_birth(both.day, both.age, at)).select("line", fault=ibis.literal(IMPOSSIBLE)),
        )


def before_birth(day: Any, age: Any, at: date) -> Any:
    """:func:`.births.is_before_birth` of columns."""
    return is_before_birth(day.year(), day.month(), day.day(), age, at)
