"""The records of an organisation as typed tables, one for each kind of event, and what was unreadable.

A folder of records holds files named after the kinds of the situation format: ``consent.csv``,
``objection.parquet`` …, and ``person.csv``.  Their columns are ``subject``, ``date`` (not for ``person``)
and the fields of the format.  A list is written with ``|`` between its items in CSV, as a list in
Parquet; ``verified`` is the two columns ``verified_date`` and ``verified_by``.  An empty cell is *left
out*.  A row that cannot be read counts for nothing, and for everybody named in it the answer is no.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import reduce
from pathlib import Path
from typing import Any, Final

import ibis

from grondslag.errors import BadCase
from grondslag.screening.tables import FORMATS, Cells, Source, kept, read, source
from grondslag.vocabulary import (
    EVENTS,
    Day,
    Flag,
    ListOf,
    ListOr,
    Number,
    Object,
    OneOf,
    Text,
    Type,
    fields_of,
)

PERSON: Final = "person"
KINDS: Final = (PERSON, *EVENTS)
REFUSALS: Final = ("objection", "withdrawal")
"""Kinds that only ever say no: a row of these that names nobody may be anybody's."""
LIST: Final = "|"
SUBJECT: Final = Text(200)

_CONTROL: Final = r"[\x00-\x1f\x7f]"
_DAY: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_PLAIN: Final = r"^[0-9]{1,9}$"
_REJECTS: Final = {"file": "string", "line": "int64", "reason": "string", "kind": "string", "named": "array<string>"}


@dataclass(frozen=True, slots=True)
class Records:
    """What is on file.

    :ivar tables: kind → typed table of the rows that could be read, for every kind.
    :ivar rejects: the rows that could not: ``file``, ``line``, ``reason``, ``kind``, and ``named``, everything
        in the row that may be a subject.
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
            raise BadCase(path.name, "bears the name of no kind of record", f"{hint}use one of {', '.join(KINDS)}")
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
        columns = tuple(name for name in table.columns if name != "line")
        line = table.line if "line" in table.columns else ibis.row_number() + 1
        cells = table.select(line=line, problem=ibis.null("string"), **{name: table[name] for name in columns})
        given[kind] = _read(kind, kind, Cells(cells, columns))
    return _kept(con, given, ())


def _kept(con: Any, given: Mapping[str, Any], sources: tuple[Source, ...]) -> Records:
    """Runs the reading once: the good rows in a table of each kind, the others in one table of rejects."""
    tables, rejects = {}, []
    for kind in KINDS:
        if kind in given:
            rows = kept(con, f"records_{kind}", given[kind], kind)
            if kind == PERSON:
                rows = con.create_table("records_person_once", _contradictions(rows))
        else:
            rows = con.create_table(f"records_{kind}", schema=_schema(kind))
        tables[kind] = rows.filter(rows.reason.isnull()).drop("file", "reason", "named")
        bad = rows.filter(rows.reason.notnull())
        rejects.append(bad.select("file", "line", "reason", kind=ibis.literal(kind), named=bad.named))
    every = con.create_table("rejects", reduce(lambda one, other: one.union(other), rejects))
    return Records(tables, every, sources)


def _schema(kind: str) -> Any:
    typed = {name: _engine_type(type_) for name, type_ in columns_of(kind).items()}
    day = {} if kind == PERSON else {"date": "date"}
    ours = {"file": "string", "reason": "string", "named": "array<string>"}
    return ibis.schema({"line": "int64", "subject": "string", **day, **typed, **ours})


def _engine_type(type_: Type) -> str:
    match type_:
        case Flag():
            return "boolean"
        case Day():
            return "date"
        case Number():
            return "int64"
        case ListOf() | ListOr():
            return "array<string>"
        case _:
            return "string"


# --- From cells to typed columns -----------------------------------------------------------------------


def _read(kind: str, place: str, cells: Cells) -> Any:
    """The typed rows of one kind.

    :raises BadCase: for a column that the format does not know; passed over, it would be a fact forgotten.
    """
    wanted: dict[str, Type] = {"subject": SUBJECT, **({} if kind == PERSON else {"date": Day()}), **columns_of(kind)}
    for column in cells.columns:
        if column not in wanted:
            near = get_close_matches(column, wanted, 1)
            hint = f"did you mean {near[0]}? " if near else ""
            raise BadCase(place, f"{column!r} is no column of {kind}", f"{hint}use: {', '.join(wanted)}")
    return typed(cells, wanted, place)


def typed(cells: Cells, wanted: Mapping[str, Type], place: str) -> Any:
    """The rows with the wanted columns, typed; each bad one with a ``reason`` and whom it may have ``named``."""
    row = cells.table
    values: dict[str, Any] = {}
    problems = [row.problem]
    for column, type_ in wanted.items():
        if column in cells.columns:
            cell = _cell(row, cells, column, type_, place)
            values[column], sound, form = _value(cell, type_)
            # A comparison with nothing says nothing: what is not certainly sound is a problem.
            problems.append((cell.notnull() & ~sound.fill_null(False)).ifelse(f"{column} is not {form}", None))
        elif column in ("subject", "date"):
            raise BadCase(place, f"has no column {column!r}", f"it has: {', '.join(cells.columns)}")
        else:
            values[column] = ibis.null(_engine_type(type_))
    for column in ("subject", "date"):
        if column in values:
            problems.append(values[column].isnull().ifelse(f"{column} is left out", None))
    problems += [wrong.ifelse(told, None) for wrong, told in _contradicting(values)]
    reason = ibis.coalesce(*problems)
    named = reason.notnull().ifelse(_named(row, cells, values["subject"]), None)
    return row.select("line", **values, file=ibis.literal(place), reason=reason, named=named)


def _cell(row: Any, cells: Cells, column: str, type_: Type, place: str) -> Any:
    """A cell as text without space around it (a list as a list of these); null when it is empty."""
    if "cells" in row.columns and column not in row.columns:
        given = row.cells[cells.columns.index(column)]
    else:
        given = row[column]
    kind = given.type()
    if kind.is_timestamp() or kind.is_floating() or not (
        kind.is_string() or kind.is_boolean() or kind.is_integer() or kind.is_date() or kind.is_array() or kind.is_null()
    ):
        raise BadCase(place, f"column {column!r} is of type {kind}", f"make it {_form(type_)}")
    many = isinstance(type_, ListOf | ListOr)
    if kind.is_array():
        if not many:
            raise BadCase(place, f"column {column!r} holds lists", f"make it {_form(type_)}")
        items = given.cast("array<string>")
        return (items.length() > 0).ifelse(items, None)
    text = given.cast("string").strip().nullif("")
    return text.split(LIST).map(lambda item: item.strip()) if many else text


def _value(cell: Any, type_: Type) -> tuple[Any, Any, str]:
    """The typed value of a cell, whether the cell is sound, and what it should have been."""
    form = _form(type_)
    match type_:
        case Flag():
            low = cell.lower()
            return low == "true", low.isin(("true", "false")), form
        case OneOf(values, or_flag):
            if or_flag:
                cell = cell.lower().isin(("true", "false")).ifelse(cell.lower(), cell)
            return cell, cell.isin((*values, "true", "false") if or_flag else values), form
        case Day():
            # Text that is no day of the calendar becomes nothing, and nothing is not sound.
            day = cell.try_cast("date")
            return day, cell.re_search(_DAY) & day.between(ibis.literal(Day.FIRST), ibis.literal(Day.LAST)), form
        case Number(least, most):
            number = cell.try_cast("int64")
            return number, cell.re_search(_PLAIN) & number.between(least, most), form
        case ListOf(item) | ListOr(_, ListOf(item)):
            one = type_.word if isinstance(type_, ListOr) else None
            faults = cell.filter(lambda each: ~_sound(each, item).fill_null(False)).length()
            alone = (cell.length() == 1) & (cell[0] == one) if one else ibis.literal(False)
            return cell, (faults == 0) | alone, form
        case _:
            return cell, _sound(cell, type_), form


def _sound(text: Any, type_: Type) -> Any:
    if isinstance(type_, OneOf):
        return text.isin(type_.values)
    assert isinstance(type_, Text), type_
    sound = (text.length() <= type_.most) & ~text.re_search(_CONTROL) & (text.strip() != "")
    # The pattern of ordinary text says no more than the line above, in a way that the engine cannot read.
    return sound if type_.pattern == SUBJECT.pattern else sound & text.re_search(type_.pattern)


def _form(type_: Type) -> str:
    """What a cell should hold, in words."""
    match type_:
        case Flag():
            return "true or false"
        case Day():
            return f"a day of the calendar as in 2026-07-01, from {Day.FIRST} to {Day.LAST}"
        case Number(least, most):
            return f"a whole number from {least} to {most}"
        case OneOf(values, or_flag):
            return f"one of {', '.join((*values, 'true', 'false') if or_flag else values)}"
        case ListOr(word, items):
            return f"{word}, or {_form(items)}"
        case ListOf(item):
            return f"a list ({LIST} between the items) of {_form(item).removeprefix('one of ')}"
        case Text(most, _, form):
            return f"{form} of at most {most} characters"
        case _:
            return "readable"


def _contradicting(values: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    """Two days in one row that cannot both be true; the reader of situation files refuses them too."""
    for column, wrong, told in (
        ("until", lambda day, until: until < day, "until is earlier than date"),
        ("verified_date", lambda day, verified: verified < day, "verified_date is earlier than date"),
        ("checked", lambda day, checked: checked > day, "checked is later than date"),
    ):
        if column in values and "date" in values:
            yield wrong(values["date"], values[column]).fill_null(False), told


def _named(row: Any, cells: Cells, subject: Any) -> Any:
    """The subject of a row; where the cells of a row may have shifted, everything in it."""
    one = subject.isnull().ifelse(ibis.literal([], type="array<string>"), ibis.array([subject]))
    if "cells" not in row.columns:
        return one
    every = row.cells.map(lambda cell: cell.strip()).filter(lambda cell: cell != "")
    return row.problem.isnull().ifelse(one, every)


def _contradictions(persons: Any) -> Any:
    """Two rows on one person that differ: neither can be believed."""
    names: Sequence[str] = list(columns_of(PERSON))
    said = persons.mutate(said=ibis.literal("").concat(*(persons[n].cast("string").fill_null("") + LIST for n in names)))
    window = ibis.window(group_by=said.subject)
    differ = (said.said.min().over(window) != said.said.max().over(window)) & said.subject.notnull()
    told = "another row says something else of the same subject"
    reason = ibis.coalesce(said.reason, differ.ifelse(told, None))
    named = ibis.coalesce(said.named, differ.ifelse(ibis.array([said.subject]), None))
    return said.mutate(reason=reason, named=named).drop("said")
