"""The records of an organisation as typed tables, one for each kind of event, and what was unreadable.

A folder of records holds files named after the kinds of the situation format: ``consent.csv``,
``objection.parquet`` …, and ``person.csv``.  Their columns are ``subject``, ``date`` (not for ``person``)
and the fields of the format.  A list is written with ``|`` between its items in CSV, as a list in
Parquet; ``verified`` is the two columns ``verified_date`` and ``verified_by``.  An empty cell is *left
out*.  A row that cannot be read counts for nothing, and for everybody named in it the answer is no.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import ibis

from grondslag.errors import BadCase
from grondslag.screening.cells import LIST, SUBJECT, typed
from grondslag.screening.tables import FORMATS, Cells, Source, cells_of, kept, read, source
from grondslag.vocabulary import EVENTS, Day, Object, Type, fields_of

PERSON: Final = "person"
KINDS: Final = (PERSON, *EVENTS)
REFUSALS: Final = ("objection", "withdrawal")
"""Kinds that only ever say no: a row of these that names nobody may be anybody's."""


@dataclass(frozen=True, slots=True)
class Records:
    """What is on file.

    :ivar tables: kind → typed table of the rows that could be read, for every kind on file.
    :ivar rejects: the rows that could not: ``file``, ``line``, ``reason``, ``kind``, ``subject`` if that is
        certain, else ``named``: whatever in the row may be a subject.
    :ivar sources: the files that were read; none for tables that a program handed over.
    """

    tables: Mapping[str, Any]
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
        if path.name.startswith(".") or (kind not in KINDS and not known):
            continue
        if not known:
            raise BadCase(path.name, "is no CSV or Parquet file", f"save it as {kind}.csv or {kind}.parquet")
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


def load(con: Any, folder: Path, workplace: Path) -> Records:
    """The records in a folder.

    :param con: an Ibis connection to DuckDB.
    :param workplace: a folder for temporary copies.
    """
    given, sources = {}, []
    for kind, path in files_in(folder).items():
        file = source(path, workplace)
        sources.append(file)
        needed = ("subject",) if kind == PERSON else ("subject", "date")
        cells = read(con, file, f"raw_{kind}", needed)
        given[kind] = _read(kind, file.name, cells)
    return _kept(con, given, tuple(sources))


def of_tables(con: Any, tables: Mapping[str, Any]) -> Records:
    """Records from Ibis tables, held to the same format; a column ``line`` keeps the order of equal days."""
    given = {}
    for kind, table in tables.items():
        if kind not in KINDS:
            raise BadCase(kind, "is no kind of record", f"use one of {', '.join(KINDS)}")
        line = table.line if "line" in table.columns else ibis.row_number() + 1
        names = [name for name in table.columns if name != "line"]
        given[kind] = _read(kind, kind, cells_of(table, line, names))
    return _kept(con, given, ())


def _kept(con: Any, given: Mapping[str, Any], sources: tuple[Source, ...]) -> Records:
    """Runs the reading once: the good rows in a table of each kind, the others in one table of rejects."""
    tables, rejects = {}, []
    for kind, found in given.items():
        rows = kept(con, f"records_{kind}", found, kind)
        if kind == PERSON:
            rows = con.create_table("records_person_once", _contradictions(rows))
        tables[kind] = rows.filter(rows.reason.isnull()).drop("file", "reason", "named")
        bad = rows.filter(rows.reason.notnull())
        rejects.append(bad.select("file", "line", "reason", "subject", "named", kind=ibis.literal(kind)))
    every = con.create_table("rejects", ibis.union(*rejects) if len(rejects) > 1 else rejects[0])
    return Records(tables, every, sources)


def _read(kind: str, place: str, cells: Cells) -> Any:
    """The typed rows of one kind.

    :raises BadCase: for a column that the format does not know; passed over, it would be a fact forgotten.
    """
    wanted: dict[str, Type] = {
        "subject": SUBJECT,
        **({} if kind == PERSON else {"date": Day()}),
        **columns_of(kind),
    }
    for column in cells.columns:
        if column not in wanted:
            near = get_close_matches(column, wanted, 1)
            hint = f"did you mean {near[0]}? " if near else ""
            raise BadCase(place, f"{column!r} is no column of {kind}", f"{hint}use: {', '.join(wanted)}")
    return typed(cells, wanted, place)


def _contradictions(persons: Any) -> Any:
    """Two rows on one person that differ: neither can be believed."""
    names: Sequence[str] = list(columns_of(PERSON))
    said = persons.mutate(
        said=ibis.literal("").concat(*(persons[n].cast("string").fill_null("") + LIST for n in names))
    )
    window = ibis.window(group_by=said.subject)
    differ = (said.said.min().over(window) != said.said.max().over(window)) & said.subject.notnull()
    told = "another row says something else of the same subject"
    reason = ibis.coalesce(said.reason, differ.ifelse(told, None))
    return said.mutate(reason=reason).drop("said")
