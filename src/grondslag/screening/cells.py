"""From cells to typed columns: what a column of the situation format may hold, as the engine checks it.

A bad cell spoils its row and nothing else; the reason never repeats what stood in the cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import ibis
import ibis.expr.datatypes as dt

from grondslag.errors import BadCase
from grondslag.screening.sources import Source
from grondslag.vocabulary import Day, Flag, ListOf, ListOr, Number, OneOf, Text, Type

SUBJECT: Final = Text(200)
LIST: Final = "|"
"""Stands between the items of a list in CSV."""

_NEEDED: Final = ("subject", "date")
_READABLE: Final = (dt.String, dt.Boolean, dt.Integer, dt.Date, dt.Null)
"""Types of a column that can be read as text; a moment in time or a fraction is no day or number."""
_CONTROL: Final = r"[\x00-\x1f\x7f]"


@dataclass(frozen=True, slots=True)
class Cells:
    """A table in the engine as it was given.

    :ivar table: ``line``, ``problem``, the cells in ``c0``, ``c1`` …, without space around them and null when
        empty, and ``named``: every text in a row that has a ``problem``, for its cells may have shifted.
    :ivar columns: what the cells are called.
    :ivar source: the file, with what was found in it; none for a table in memory.
    :ivar cheap: whether it can be read more than once at little cost, and in the same order.
    """

    table: Any
    columns: tuple[str, ...]
    source: Source | None = None
    cheap: bool = False

    def __getitem__(self, column: str) -> Any:
        return self.table[f"c{self.columns.index(column)}"]


def cells_of(table: Any, line: Any, columns: Iterable[str]) -> Cells:
    """The cells of an Ibis table."""
    names = tuple(columns)
    tidy = {f"c{n}": _tidy(table[name]) for n, name in enumerate(names)}
    nothing = {"problem": ibis.null("string"), "named": ibis.null("array<string>")}
    return Cells(table.select(line=line, **nothing, **tidy), names)


def _tidy(cell: Any) -> Any:
    return _trim(cell).nullif("") if cell.type().is_string() else cell


@ibis.udf.scalar.builtin(name="trim")  # type: ignore[untyped-decorator]
def _trim(text: str) -> str:
    """Without spaces around it (the engine's own function)."""
    raise NotImplementedError


def typed(cells: Cells, wanted: Mapping[str, Type], place: str, keep: Iterable[str] = ()) -> Any:
    """The rows with the wanted columns, typed, and in ``raw_…`` those to keep as they are.

    A bad row has a ``reason``.  Its ``subject`` is null when it cannot be trusted; ``named`` then holds what
    else may be one, for cells may have shifted in a row that is broken.
    """
    row = cells.table
    values: dict[str, Any] = {}
    problems = [row.problem]
    for column, type_ in wanted.items():
        if column in cells.columns:
            cell = cell_of(cells, column, type_, place)
            values[column], is_sound, form = _value(cell, type_)
            # A comparison with nothing says nothing: what is not certainly sound is a problem.
            wrong = cell.notnull() & ~is_sound.fill_null(False)
            problems.append(wrong.ifelse(f"{column} is not {form}", None))
            if column == "subject":
                values[column] = (row.problem.isnull() & ~wrong).ifelse(cell, None)
        elif column in _NEEDED:
            raise BadCase(place, f"has no column {column!r}", f"it has: {', '.join(cells.columns)}")
        else:
            values[column] = ibis.null(engine_type(type_))
    problems += [
        values[column].isnull().ifelse(f"{column} is left out", None)
        for column in _NEEDED
        if column in values
    ]
    problems += [wrong.ifelse(told, None) for wrong, told in _contradicting(values)]
    raw = {f"raw_{name}": cells[name] for name in keep}
    return row.select(
        "line", **values, **raw, file=ibis.literal(place), reason=ibis.coalesce(*problems), named=row.named
    )


def cell_of(cells: Cells, column: str, type_: Type, place: str) -> Any:
    """A cell as text, or a list of texts; a day that already is one stays one."""
    given = cells[column]
    kind, many = given.type(), isinstance(type_, ListOf | ListOr)
    if not (kind.is_array() if many and kind.is_array() else isinstance(kind, _READABLE)):
        raise BadCase(place, f"column {column!r} is of type {kind}", f"make it {form_of(type_)}")
    if kind.is_array():
        items = given.cast("array<string>")
        return (items.length() > 0).ifelse(items, None)
    if isinstance(type_, Day) and kind.is_date():
        return given
    text = given.cast("string")
    # As a pattern, since some engines know no other way to split.
    return text.re_split(f"[{LIST}]").map(_trim) if many else text


def _value(cell: Any, type_: Type) -> tuple[Any, Any, str]:
    """The typed value of a cell, whether the cell is sound, and what it should have been."""
    form = form_of(type_)
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
            day = cell if cell.type().is_date() else cell.try_cast("date")
            within = day.between(ibis.literal(Day.FIRST), ibis.literal(Day.LAST))
            return day, within if cell.type().is_date() else (day.cast("string") == cell) & within, form
        case Number(least, most):
            number = cell.try_cast("int64")
            return number, (number.cast("string") == cell) & number.between(least, most), form
        case ListOf(item) | ListOr(_, ListOf(item)):
            one = type_.word if isinstance(type_, ListOr) else None
            faults = cell.filter(lambda each: ~sound(each, item).fill_null(False)).length()
            alone = (cell.length() == 1) & (cell[0] == one) if one else ibis.literal(False)
            return cell, (faults == 0) | alone, form
        case _:
            return cell, sound(cell, type_), form


def sound(text: Any, type_: Type) -> Any:
    if isinstance(type_, OneOf):
        return text.isin(type_.values)
    assert isinstance(type_, Text), type_
    ordinary = (text.length() <= type_.most) & ~text.re_search(_CONTROL) & (text != "")
    # The pattern of ordinary text says no more than the line above, in a way that the engine cannot read.
    return ordinary if type_.pattern == SUBJECT.pattern else ordinary & text.re_search(type_.pattern)


def form_of(type_: Type) -> str:
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
            return f"{word}, or {form_of(items)}"
        case ListOf(item):
            return f"a list ({LIST} between the items) of {form_of(item).removeprefix('one of ')}"
        case Text(most, _, form):
            return f"{form} of at most {most} characters"
        case _:
            return "readable"


def _contradicting(values: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    """Two days in one row that cannot both be true; the reader of situation files refuses them too."""
    if "date" not in values:
        return
    day = values["date"]
    for column in ("until", "verified_date"):
        if column in values:
            yield (values[column] < day).fill_null(False), f"{column} is earlier than date"
    if "checked" in values:
        yield (values["checked"] > day).fill_null(False), "checked is later than date"


def engine_type(type_: Type) -> str:
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
