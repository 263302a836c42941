"""A mapping bound to the columns of one file: from the cells of a row to what was read in them."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from .checks import EMPTY, FILLED, SHARED, VARIED, columns_in, listed, reference
from .formats import Format, Rule
from .readers import (
    EXPECTED_JSON,
    EXPECTED_WORD,
    JSON,
    MOMENTS,
    READERS,
    UNREADABLE,
    Moment,
    Reader,
    inside,
    words,
)
from .rows import Said, early, unreadable

Values = Mapping[str, Any]
"""Column → what was read in it; None when it is empty or missing."""
Test = Callable[[Values], bool]


class Columns:
    """The columns of a file that a format looks at."""

    def __init__(self, format: Format, header: Sequence[str], wanted: Iterable[str], at: str) -> None:
        """
        :param wanted: what the format names; what the file does not have is empty.
        :param at: the last day that a moment can be of.
        """
        self._at = at
        places = {name.strip().casefold(): place for place, name in reversed(list(enumerate(header)))}
        self._nothing: dict[str, Any] = dict.fromkeys(wanted)
        self._readers: list[tuple[str, int, Reader | None, Said]] = []
        self._moments: list[str] = []
        for name in self._nothing:
            how, base, key = _how(format.read, name, places)
            place = places.get(base.casefold())
            if place is not None:
                self._readers.append((name, place, *_reader(how, key)))
                self._moments += [name] if how in MOMENTS else []

    def read(self, cells: Sequence[str], problems: list[Said]) -> dict[str, Any]:
        """What stands in a row.

        :param problems: is told of what cannot be read in it.
        """
        values = self._nothing.copy()
        for name, place, reader, form in self._readers:
            text = cells[place].strip()
            if text:
                value = reader(text) if reader else text
                if value is UNREADABLE:
                    problems.append(unreadable(name, form))
                values[name] = value
        for name in self._moments:
            if isinstance(moment := values[name], Moment) and moment.day > self._at:
                problems.append(early(name))
        return values


def _how(read: Mapping[str, Any], name: str, places: Mapping[str, int]) -> tuple[Any, str, str]:
    """How a column is read, its name in the file, and the key inside it when it is JSON."""
    base, _, key = name.partition(".")
    if key and name.casefold() not in places and read.get(base) == JSON:
        return JSON, base, key
    for column, how in read.items():
        if column == name or ("*" in column and matches(name, column)):
            return how, name, ""
    return None, name, ""


def _reader(how: Any, key: str) -> tuple[Reader | None, Said]:
    if how == JSON and key:
        return inside(key), EXPECTED_JSON
    if isinstance(how, list):
        return words(how), EXPECTED_WORD
    return READERS.get(how, (None, EXPECTED_WORD))


def matches(name: str, pattern: str) -> bool:
    """Whether a column is of a pattern, in which ``*`` stands for anything."""
    escaped = re.sub(r"([\[?])", r"[\1]", pattern)
    return fnmatch.fnmatchcase(name.casefold(), escaped.casefold())


def expanded(groups: Sequence[Sequence[Rule]], header: Sequence[str]) -> Iterator[tuple[Rule, ...]]:
    """The groups of rules, those of columns by pattern once for each column of the file."""
    for group in groups:
        patterns = {column for rule in group for column in rule.when if "*" in column}
        found = [name.strip() for name in header if any(matches(name.strip(), each) for each in patterns)]
        if not patterns:
            yield tuple(group)
        for name in found:
            yield tuple(_of_column(rule, name) for rule in group)


def _of_column(rule: Rule, name: str) -> Rule:
    when = {name if matches(name, column) else column: each for column, each in rule.when.items()}
    return replace(rule, when=when)


def columns_of(format: Format, groups: Iterable[Iterable[Rule]]) -> list[str]:
    """Every column that a format looks at, but those by pattern that the file does not have."""
    found = [column for texts in format.subject.values() for text in texts for column in columns_in(text)]
    found += [column for column in (format.key, format.changed) if column]
    for rule in (rule for group in groups for rule in group):
        found += [*rule.when, *_compared(rule.when), *rule.dated]
        found += [column for part in (rule.fields, rule.proof) for _, column in referred(part)]
    return list(dict.fromkeys(column for column in found if "*" not in column))


def _compared(when: Mapping[str, Any]) -> list[str]:
    """The other columns of comparisons."""
    return [each["after"] for each in when.values() if isinstance(each, dict) and "after" in each]


def referred(value: Any) -> Iterator[tuple[str, str]]:
    """Each :func:`~.checks.reference` in it."""
    if found := reference(value):
        yield found
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from referred(each)


# --- Conditions --------------------------------------------------------------------------------------------

_ENOUGH: Final = 2


class Condition:
    """Whether a row meets the ``when`` of a rule.

    ``shared`` and ``varied`` ask whether all rows that meet the rest have one value in a column: the whole
    file is looked through before, until two have been seen.

    :ivar holds: tells it of what was read in a row.
    :ivar columns: those that it asks after.
    """

    def __init__(self, when: Mapping[str, Any]) -> None:
        self.columns = [*when, *_compared(when)]
        spread = {column: each == SHARED for column, each in when.items() if each in (SHARED, VARIED)}
        self._seen: dict[str, set[Any]] = {column: set() for column in spread}
        tests = [_test(column, each) for column, each in when.items() if column not in spread]
        self._rest = _all(tests)
        self.holds = _all([*tests, *(self._spread(column, shared) for column, shared in spread.items())])

    @property
    def unsettled(self) -> bool:
        return any(len(seen) < _ENOUGH for seen in self._seen.values())

    def look(self, values: Values) -> None:
        """Look at a row before any is read."""
        if self.unsettled and self._rest(values):
            for column, seen in self._seen.items():
                if values[column] is not None:
                    seen.add(values[column])

    def _spread(self, column: str, shared: bool) -> Test:
        seen = self._seen[column]
        return lambda values: values[column] is not None and (len(seen) < _ENOUGH) is shared


def _all(tests: Sequence[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def meets(values: Values) -> bool:
        for test in tests:  # noqa: SIM110 - a generator takes twice as long
            if not test(values):
                return False
        return True

    return meets


def _test(column: str, wanted: Any) -> Test:
    if wanted == FILLED:
        return lambda values: values[column] is not None
    if wanted == EMPTY:
        return lambda values: values[column] is None
    if isinstance(wanted, bool):
        return lambda values: values[column] is wanted
    if isinstance(wanted, dict) and "after" in wanted:
        other = wanted["after"]
        return lambda values: _is_after(values[column], values[other])
    if isinstance(wanted, dict):
        has = [part.casefold() for part in listed(wanted["has"])]
        return lambda values: bool(text := _folded(values[column])) and any(part in text for part in has)
    known = {str(word).casefold() for word in listed(wanted)}
    return lambda values: _folded(values[column]) in known


def _folded(value: Any) -> str:
    return value.casefold() if isinstance(value, str) else ""


def _is_after(first: Any, second: Any) -> bool:
    """Whether one moment is certainly later than another."""
    if not (isinstance(first, Moment) and isinstance(second, Moment)):
        return False
    return first.time > second.time if first.time and second.time else first.day > second.day
