"""From what was read in a row to entries: a refusal always, a consent only when nothing is amiss."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from .binding import Columns, Condition, Values, columns_of, expanded
from .checks import REFUSALS, reference
from .formats import Format, Rule
from .lines import Line
from .readers import Moment
from .rows import NOBODY, UNDATED, UNREACHED, Row, Said, early
from .subjects import Subjects, reach

_encoded: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_LONGEST: Final = 200
"""Characters in a text that comes out of a cell: what the situation format allows."""
Place = tuple[str, int]


class _Bound:
    """A rule of a format, ready for the rows of a file."""

    def __init__(self, rule: Rule) -> None:
        self.rule, self.holds = rule, Condition(rule.when)
        self.is_refusal = rule.kind in REFUSALS
        self.needs = reach(rule.fields.get("channels")) if rule.kind == "consent" else frozenset[str]()
        self.by_phone = self.is_refusal and "phone" in reach(rule.fields.get("channels"))
        self.static = not (_refers(rule.fields) or _refers(rule.proof))


class Entries:
    """Makes the entries of the rows of one file.

    :ivar settled: whether the file need not be looked through before it is read.
    """

    def __init__(self, format: Format, header: Sequence[str], file: str, at: date) -> None:
        """:param at: the day of the import: nothing can be later, and a refusal without a day is of then."""
        groups = list(expanded(format.rules, header))
        self._columns = Columns(format, header, columns_of(format, groups))
        self._rules = [tuple(map(_Bound, group)) for group in groups]
        self._subjects = Subjects(format)
        self._format, self._file, self._at = format, file, at.isoformat()

    @property
    def unsettled(self) -> bool:
        return any(bound.holds.unsettled for group in self._rules for bound in group)

    def look(self, line: Line) -> None:
        """Look at a row before any is read, for the rules that ask what the whole file has in common."""
        values, _ = self._columns.read(line.cells)
        for group in self._rules:
            for bound in group:
                bound.holds.look(values)

    def row(self, line: Line) -> Row:
        if line.problem:
            return Row(line.number, self._file, self._format.name, problem=line.problem, raw=line.raw)
        values, problems = self._columns.read(line.cells)
        subject, further, notes = self._subjects.read(values)
        if not subject:
            return Row(line.number, self._file, self._format.name, problem=NOBODY, raw=line.raw)
        chosen = [bound for group in self._rules for bound in group if _first(group, values) is bound]
        for bound in chosen:
            problems += (early(c) for c in bound.rule.dated if _is_after(values[c], self._at))
        entries: dict[str, dict[str, Any]] = {}
        for bound in chosen:
            if bound.rule.note:
                notes.append(bound.rule.note)
            if not bound.rule.kind or (problems and not bound.is_refusal):
                continue
            for entry in self._of(bound, values, subject, further if bound.by_phone else (), notes):
                entry["proof"]["source"]["line"] = line.number
                entries[entry["id"]] = entry
        return Row(
            line.number,
            self._file,
            self._format.name,
            tuple(entries.values()),
            problems[0] if problems else None,
            line.raw if problems else "",
            tuple(dict.fromkeys(notes)),
        )

    def _of(
        self, bound: _Bound, values: Values, subject: dict[str, str], further: Sequence[str], notes: list[Said]
    ) -> Iterator[dict[str, Any]]:
        """The entry of a rule, and of a refusal one for each further number."""
        moment = _moment(bound.rule, values, self._at)
        if moment is None and not bound.is_refusal:
            notes.append(UNDATED)
        elif bound.needs and not bound.needs & subject.keys():
            notes.append(UNREACHED)
        else:
            yield self._entry(bound, values, subject, moment)
            for number in further:
                yield self._entry(bound, values, {**subject, "phone": number}, moment)

    def _entry(
        self, bound: _Bound, values: Values, subject: dict[str, str], moment: Moment | None
    ) -> dict[str, Any]:
        rule = bound.rule
        fields = rule.fields if bound.static else _filled(rule.fields, values)
        proof = rule.proof if bound.static else _filled(rule.proof, values)
        # What tells two facts apart: neither the file, nor the line, nor the day on which it was imported.
        changed = values[self._format.changed] if moment is None and self._format.changed else None
        key = values[self._format.key] if self._format.key else None
        content = [self._format.program, key, subject, moment or changed, rule.kind, fields, proof]
        digest = hashlib.sha256(_encoded(content).encode()).hexdigest()
        entry: dict[str, Any] = {"id": f"{self._format.program}:{digest}", "subject": subject}
        entry["date"] = moment.day if moment else self._at
        if moment and moment.time:
            entry["time"] = moment.time
        entry[rule.kind] = fields
        source = {"file": self._file, "line": 0, "format": self._format.name, **proof.get("source", {})}
        entry["proof"] = {**proof, "source": source, "by": "import"}
        return entry


def _first(group: tuple[_Bound, ...], values: Values) -> _Bound | None:
    return next((bound for bound in group if bound.holds(values)), None)


def _is_after(value: Any, day: str) -> bool:
    return isinstance(value, Moment) and value.day > day


def _moment(rule: Rule, values: Values, at: str) -> Moment | None:
    """The first day that can be read and is not still to come."""
    for column in rule.dated:
        if isinstance(found := values[column], Moment) and found.day <= at:
            return found
    return None


def _refers(value: Any) -> bool:
    if isinstance(value, Mapping):
        return reference(value) is not None or any(map(_refers, value.values()))
    return False


def _filled(value: Any, values: Values) -> Any:
    """The fields with what stands in the columns that they name; left out when that is nothing."""
    if found := reference(value):
        return _cell(values[found[1]], found[0])
    if isinstance(value, Mapping):
        made = {key: _filled(each, values) for key, each in value.items()}
        return {key: each for key, each in made.items() if each is not None}
    return value


def _cell(value: Any, how: str) -> str | None:
    if isinstance(value, Moment):
        return {"day": value.day, "time": value.time or None}.get(how)
    fits = how == "text" and isinstance(value, str) and value.isprintable() and len(value) <= _LONGEST
    return value if fits else None
