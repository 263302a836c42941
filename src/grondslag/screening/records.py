"""The records of an organisation as typed tables, one for each kind of event, and what was unreadable.

A folder of records holds files named after the kinds of the situation format: ``consent.csv``,
``objection.parquet`` …, and ``person.csv``.  Their columns are ``subject``, ``date`` (not for ``person``)
and the fields of the format.  A list is written with ``|`` between its items in CSV, as a list in JSON
lines and Parquet; ``verified`` is the two columns ``verified_date`` and ``verified_by``.  An empty cell is
*left out*.  A row that cannot be read counts for nothing, and for everybody named in it the answer is no.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import ibis

from grondslag.errors import BadCase
from grondslag.screening.cells import LIST, SUBJECT, Cells, typed
from grondslag.screening.contacts import LONGEST
from grondslag.screening.engine import kept
from grondslag.screening.identifiers import ADDRESS, EMAIL, PARTS, PHONE
from grondslag.screening.sources import LINES, Source, source, stem_and_format
from grondslag.screening.tables import of_memory, read
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

    :ivar tables: kind → typed table of the rows that could be read, for every kind on file.
    :ivar rejects: the rows that could not: ``file``, ``line``, ``reason``, ``kind``, ``subject`` if that is
        certain, else ``named``: whatever in the row may be a subject.
    :ivar sources: the files that were read; none for tables that a program handed over.
    :ivar contacts: every row of the table of contact details, typed, with its ``reason`` if it is unreadable.
        A bad detail is no bad file: who has one is only not found by it.
    """

    tables: Mapping[str, Any]
    rejects: Any
    sources: tuple[Source, ...] = ()
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
        if path.name.startswith(".") or (kind not in TABLES and format_ == LINES):
            continue
        if format_ == LINES:
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


def load(con: Any, folder: Path, workplace: Path) -> Records:
    """The records in a folder.

    :param con: an Ibis connection to DuckDB.
    :param workplace: a folder for temporary copies.
    """
    given, sources = {}, []
    for kind, path in files_in(folder).items():
        file = source(path, workplace)
        needed = ("subject",) if kind in _DATELESS else ("subject", "date")
        cells = read(con, file, f"raw_{kind}", needed)
        sources.append(cells.source or file)
        given[kind] = _read(kind, file.name, cells)
    return _kept(con, given, tuple(sources))


def of_tables(con: Any, tables: Mapping[str, Any]) -> Records:
    """Records from tables in memory, held to the same format.

    A column ``line`` keeps the order of equal days.
    """
    given = {}
    for kind, table in tables.items():
        if kind not in TABLES:
            raise BadCase(kind, "is no kind of record", f"use one of {', '.join(TABLES)}")
        given[kind] = _read(kind, kind, of_memory(con, table, kind))
    return _kept(con, given, ())


def _kept(con: Any, given: Mapping[str, Any], sources: tuple[Source, ...]) -> Records:
    """Runs the reading once: the good rows in a table of each kind, the others in one table of rejects."""
    tables: dict[str, Any] = {}
    rejects, contacts = [], None
    for kind, found in given.items():
        rows = kept(con, f"records_{kind}", found, kind)
        if kind == CONTACT:
            contacts = rows
            continue
        if kind == PERSON:
            rows = con.create_table("records_person_once", _contradictions(rows))
        tables[kind] = rows.filter(rows.reason.isnull()).drop("file", "reason", "named")
        bad = rows.filter(rows.reason.notnull())
        rejects.append(bad.select("file", "line", "reason", "subject", "named", kind=ibis.literal(kind)))
    if not tables:
        raise BadCase("records", "hold contact details only", f"add a file such as {KINDS[1]}.csv")
    every = con.create_table("rejects", ibis.union(*rejects) if len(rejects) > 1 else rejects[0])
    return Records(tables, every, sources, contacts)


def _read(kind: str, place: str, cells: Cells) -> Any:
    """The typed rows of one kind.

    :raises BadCase: for a column that the format does not know; passed over, it would be a fact forgotten.
    """
    wanted: dict[str, Type] = {
        "subject": SUBJECT,
        **({} if kind in _DATELESS else {"date": Day()}),
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
