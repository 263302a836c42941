"""From what was read in a row to entries: a refusal always, a consent only when nothing is amiss."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from grondslag.register.vocabulary import ON_IMPORT
from grondslag.screening.encodings import UNREADABLE

from .binding import Columns, Condition, Values, columns_of, expanded, referred
from .checks import REFUSALS, reference
from .formats import Format, Rule
from .lines import Line
from .readers import Moment
from .rows import GARBLED, NOBODY, UNDATED, UNREACHED, Row, Said
from .subjects import Subjects, reach

_encoded: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_LONGEST: Final = 200
"""Characters in a text that comes out of a cell: what the situation format allows."""


class _Bound:
    """A rule of a format, ready for the rows of a file."""

    def __init__(self, rule: Rule, program: str) -> None:
        self.rule, self.condition = rule, Condition(rule.when)
        self.holds = self.condition.holds
        self.is_refusal = rule.kind in REFUSALS
        self.needs = reach(rule.fields.get("channels")) if rule.kind == "consent" else frozenset[str]()
        self.by_phone = self.is_refusal and "phone" in reach(rule.fields.get("channels"))
        self._fields, self._proof = _filler(rule.fields), _filler(rule.proof)
        self._constant = _encoded((program, rule.kind, rule.fields, rule.proof))
        self._filled = [*referred(rule.fields), *referred(rule.proof)]

    def content(self, values: Values) -> tuple[Mapping[str, Any], Mapping[str, Any], str]:
        """The fields and the proof that a row gives, and text that is the same for the same."""
        if not self._filled:
            return self.rule.fields, self.rule.proof, self._constant
        fields = self._fields(values) if self._fields else self.rule.fields
        proof = self._proof(values) if self._proof else self.rule.proof
        filled = [_CELLS[how](values[column]) or "" for how, column in self._filled]
        return fields, proof, "\0".join((self._constant, *filled))


class Entries:
    """Makes the entries of the rows of one file."""

    def __init__(self, format: Format, header: Sequence[str], file: str, at: date) -> None:
        """:param at: the day of the import: nothing can be later, and a refusal without a day is of then."""
        groups = list(expanded(format.rules, header))
        self._columns = Columns(format, header, columns_of(format, groups), at.isoformat())
        self._groups = [[_Bound(rule, format.program) for rule in group] for group in groups]
        self._subjects = Subjects(format)
        self._format, self._file, self._at, self._header = format, file, at.isoformat(), header

    def look_through(self, lines: Iterator[Line]) -> None:
        """Look at the rows before any is read, for the rules that ask what all of them have in common."""
        conditions = [
            bound.condition for group in self._groups for bound in group if bound.condition.unsettled
        ]
        wanted = [column for condition in conditions for column in condition.columns]
        columns = Columns(self._format, self._header, wanted, self._at)
        while conditions and (line := next(lines, None)):
            if not line.problem:
                values = columns.read(line.cells, [])
                for condition in conditions:
                    condition.look(values)
            conditions = [each for each in conditions if each.unsettled]

    def row(self, line: Line) -> Row:
        name = self._format.name
        if line.problem:
            return Row(line.number, self._file, name, problem=line.problem, raw=line.raw)
        cells, problems, notes = line.cells, list[Said](), list[Said]()
        if not line.raw.isascii() and UNREADABLE in line.raw:
            # A refusal whose own cells are beyond doubt still counts.
            problems.append(GARBLED)
            cells = [
                cell if cell.isascii() else "" for cell in (cells[0].removeprefix(UNREADABLE), *cells[1:])
            ]
        values = self._columns.read(cells, problems)
        subject, further = self._subjects.read(values, problems, notes)
        if not subject:
            return Row(line.number, self._file, name, problem=NOBODY, raw=line.raw)
        entries: dict[str, dict[str, Any]] = {}
        for group in self._groups:
            for bound in group:
                if not bound.holds(values):
                    continue
                if bound.rule.note:
                    notes.append(bound.rule.note)
                if bound.rule.kind and (bound.is_refusal or not problems):
                    for entry in self._of(bound, values, subject, further, notes):
                        entry["proof"]["source"]["line"] = line.number
                        entries[entry["id"]] = entry
                break
        told = tuple(dict.fromkeys(notes)) if notes else ()
        problem = problems[0] if problems else None
        return Row(line.number, self._file, name, tuple(entries.values()), problem, line.raw, told)

    def _of(
        self,
        bound: _Bound,
        values: Values,
        subject: dict[str, str],
        further: Sequence[str],
        notes: list[Said],
    ) -> Iterator[dict[str, Any]]:
        """The entry of a rule, and of a refusal by telephone one for each further number."""
        moment = _moment(bound.rule, values, self._at)
        if moment is None and not bound.is_refusal:
            notes.append(UNDATED)
        elif bound.needs and not bound.needs & subject.keys():
            notes.append(UNREACHED)
        else:
            yield self._entry(bound, values, subject, moment)
            for number in further if bound.by_phone else ():
                yield self._entry(bound, values, {**subject, "phone": number}, moment)

    def _entry(
        self, bound: _Bound, values: Values, subject: dict[str, str], moment: Moment | None
    ) -> dict[str, Any]:
        fields, proof, content = bound.content(values)
        # What tells two facts apart: neither the file, nor the line, nor the day on which it was imported.
        changed = values[self._format.changed] if moment is None and self._format.changed else None
        key = values[self._format.key] if self._format.key else None
        parts = (
            content,
            *(f"{kind}={detail}" for kind, detail in subject.items()),
            *(moment or (f"{changed}",)),
            f"{key}",
        )
        # No cell holds a NUL.
        digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
        entry: dict[str, Any] = {"id": f"{self._format.program}:{digest}", "subject": subject}
        entry["date"] = moment.day if moment else self._at
        if moment and moment.time:
            entry["time"] = moment.time
        entry[bound.rule.kind] = fields
        source = {"file": self._file, "line": 0, "format": self._format.name, **proof.get("source", {})}
        act = {} if moment else {"act": ON_IMPORT}
        entry["proof"] = {**act, **proof, "source": source, "by": "import"}
        return entry


def _moment(rule: Rule, values: Values, at: str) -> Moment | None:
    """The first day that can be read and is not still to come."""
    for column in rule.dated:
        if isinstance(found := values[column], Moment) and found.day <= at:
            return found
    return None


Filler = Callable[[Values], Any]


def _filler(value: Any) -> Filler | None:
    """Fills in what stands in the columns that a value names; None when it names none."""
    if found := reference(value):
        how, column = found
        read = _CELLS[how]
        return lambda values: read(values[column])
    if not isinstance(value, Mapping):
        return None
    fillers = [(key, filler) for key, each in value.items() if (filler := _filler(each))]

    def fill(values: Values) -> dict[str, Any]:
        """What stands nowhere is left out."""
        filled = dict(value)
        for key, filler in fillers:
            if (found := filler(values)) is None:
                del filled[key]
            else:
                filled[key] = found
        return filled

    return fill if fillers else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.isprintable() and len(value) <= _LONGEST else None


def _day(value: Any) -> str | None:
    return value.day if isinstance(value, Moment) else None


def _time(value: Any) -> str | None:
    return value.time or None if isinstance(value, Moment) else None


_CELLS: Final = {"text": _text, "day": _day, "time": _time}
