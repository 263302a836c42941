"""The records of an organisation as typed tables, one for each kind of event, and what was unreadable.

A folder of records holds files named after the kinds of the situation format: ``consent.csv``,
``objection.parquet`` …, and ``person.csv``.  Their columns are ``subject``, ``date`` (not for ``person``)
and the fields of the format.  A list is written with ``|`` between its items in CSV, as a list in
Parquet; ``verified`` is the two columns ``verified_date`` and ``verified_by``.  An empty cell is *left
out*.  A row that cannot be read counts for nothing, and for everybody named in it the answer is no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import ibis
import pyarrow as pa

from grondslag.errors import BadCase
from grondslag.screening.cells import SUBJECT, spread, typed
from grondslag.screening.contents import DAYS, READ, Contents
from grondslag.screening.tables import FORMATS, Cells, Source, cells_of, kept, read, source
from grondslag.vocabulary import EVENTS, Day, Object, Type, fields_of

PERSON: Final = "person"
KINDS: Final = (PERSON, *EVENTS)
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
    """

    tables: Mapping[str, Any]
    contents: Contents
    rejects: Any
    sources: tuple[Source, ...] = ()


def columns_of(kind: str) -> dict[str, Type]:
    """The columns of a table beside ``subject`` and ``date``, with what each may hold."""
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
        kind, known = path.stem, path.suffix.lower() in FORMATS
        # A copy, a backup or a packed file of a kind is no file to pass over in silence.
        begins = path.name.lstrip(".").split(".")[0].split(" ")[0]
        if begins not in KINDS and (path.name.startswith(".") or not known):
            continue
        if not known or path.name.startswith("."):
            raise BadCase(
                path.name, "is no CSV or Parquet file", f"save it as {begins}.csv or {begins}.parquet"
            )
        if kind not in KINDS:
            near = get_close_matches(kind, KINDS, 1)
            hint = f"did you mean {near[0]}{path.suffix}? " if near else ""
            raise BadCase(
                path.name, "bears the name of no kind of record", f"{hint}use one of {', '.join(KINDS)}"
            )
        if kind in found:
            raise BadCase(path.name, f"there is also {found[kind].name}", "keep one of them")
        found[kind] = path
    if not found:
        raise BadCase(str(folder), "holds no records", f"add a file such as {KINDS[1]}.csv")
    return found


def load(con: Any, folder: Path, workplace: Path, contents: Contents | None = None) -> Records:
    """The records in a folder.

    :param con: an Ibis connection to DuckDB.
    :param workplace: a folder for temporary copies.
    :param contents: those known already, to be added to.
    """
    given, sources = {}, []
    for kind, path in files_in(folder).items():
        file = source(path, workplace)
        sources.append(file)
        needed = ("subject",) if kind == PERSON else ("subject", "date")
        given[kind] = (file.name, read(con, file, f"raw_{kind}", needed))
    return _kept(con, given, contents or Contents(), tuple(sources))


def of_tables(con: Any, tables: Mapping[str, Any], contents: Contents | None = None) -> Records:
    """Records from Ibis tables, held to the same format; a column ``line`` keeps the order of equal days."""
    given = {}
    for kind, table in tables.items():
        if kind not in KINDS:
            raise BadCase(kind, "is no kind of record", f"use one of {', '.join(KINDS)}")
        line = table.line if "line" in table.columns else ibis.row_number() + 1
        names = [name for name in table.columns if name != "line"]
        given[kind] = (kind, cells_of(table, line, names))
    return _kept(con, given, contents or Contents(), ())


def _kept(
    con: Any, given: Mapping[str, tuple[str, Cells]], contents: Contents, sources: tuple[Source, ...]
) -> Records:
    """Runs the reading once: the good rows in a table of each kind, the others in one table of rejects."""
    tables, rejects = {}, []
    for kind, (place, cells) in given.items():
        rows = kept(con, f"records_{kind}", _read(con, kind, place, cells, contents), place)
        if kind == PERSON:
            rows = con.create_table("records_person_once", _contradictions(rows), overwrite=True)
        good, bad = rows.filter(rows.reason.isnull()), rows.filter(rows.reason.notnull())
        tables[kind] = good.select("subject", "content", "day", "other", "line")
        rejects.append(bad.select("file", "line", "reason", "subject", "named", kind=ibis.literal(kind)))
    union = ibis.union(*rejects) if len(rejects) > 1 else rejects[0]
    every = con.create_table("rejects", union, overwrite=True)
    return Records(tables, contents, every, sources)


def _read(con: Any, kind: str, place: str, cells: Cells, contents: Contents) -> Any:
    """The rows of one kind: whose, what it says by number, and its days.

    What a row says beside its subject and days is read once for all the rows that say just this.
    """
    wanted = _wanted(kind, place, cells.columns)
    days = [name for name in ("date", DAYS.get(kind, "")) if name in wanted]
    says = [name for name in cells.columns if name != "subject" and name not in days] if kind in READ else []
    raw = spread(cells)
    rows = typed(raw, {name: wanted[name] for name in ("subject", *days)}, place, keep=says)
    said = _said(con, kind, place, raw, {name: wanted[name] for name in says}, contents)
    both = rows.left_join(said, [rows[name].identical_to(said[f"raw_{name}"]) for name in says] or True)
    return both.select(
        *("line", "subject", "file", "named", "content"),
        day=both.date if "date" in days else ibis.null("date"),
        other=both[days[1]] if len(days) > 1 else ibis.null("date"),
        reason=ibis.coalesce(both.reason, both.fault),
    )


def _said(  # noqa: PLR0913
    con: Any, kind: str, place: str, raw: Any, says: Mapping[str, Type], contents: Contents
) -> Any:
    """Each different thing that the rows say, with its number or its fault."""
    if not says:
        number = contents.number(kind, {}) if kind in READ else None
        return ibis.memtable(
            pa.table({"content": pa.array([number], pa.int32()), "fault": pa.array([None], pa.string())})
        )
    sound = raw.filter(raw.problem.isnull())
    different = sound.select(*says).distinct()
    said = con.create_table(f"said_{kind}", different.mutate(line=ibis.row_number()), overwrite=True)
    read = typed(said.mutate(problem=ibis.null("string"), named=ibis.null("array<string>")), says, place)
    numbers: dict[str, list[Any]] = {"line": [], "content": [], "fault": []}
    for row in con.to_pyarrow(read).to_pylist():
        fields = {name: row[name] for name in says if row[name] is not None}
        numbers["line"].append(row["line"])
        numbers["content"].append(None if row["reason"] else contents.number(kind, fields))
        numbers["fault"].append(row["reason"])
    schema = pa.schema({"line": pa.int64(), "content": pa.int32(), "fault": pa.string()})
    told = con.create_table(f"numbers_{kind}", pa.table(numbers, schema=schema), overwrite=True)
    each = said.rename({f"raw_{name}": name for name in says})
    return each.join(told, "line").drop("line")


def _wanted(kind: str, place: str, columns: tuple[str, ...]) -> dict[str, Type]:
    """What the columns of one kind may hold.

    :raises BadCase: for a column that the format does not know; passed over, it would be a fact forgotten.
    """
    wanted: dict[str, Type] = {
        "subject": SUBJECT,
        **({} if kind == PERSON else {"date": Day()}),
        **columns_of(kind),
    }
    for column in columns:
        if column not in wanted:
            near = get_close_matches(column, wanted, 1)
            hint = f"did you mean {near[0]}? " if near else ""
            raise BadCase(place, f"{column!r} is no column of {kind}", f"{hint}use: {', '.join(wanted)}")
    return wanted


def _contradictions(persons: Any) -> Any:
    """Two rows on one person that differ: neither can be believed."""
    window = ibis.window(group_by=persons.subject)
    several = persons.content.min().over(window) != persons.content.max().over(window)
    told = (several & persons.subject.notnull()).ifelse(
        "another row says something else of the same subject", None
    )
    return persons.mutate(reason=ibis.coalesce(persons.reason, told))
