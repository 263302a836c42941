"""A mapping bound to the columns of one file: from the cells of a row to what was read in them."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from .checks import EMPTY, FILLED, SHARED, VARIED, columns_in, reference
from .formats import Format, Rule
from .readers import EXPECTED_JSON, EXPECTED_WORD, JSON, READERS, UNREADABLE, Moment, Reader, inside, words
from .rows import Said, unreadable

Values = Mapping[str, Any]
"""Column → what was read in it; None when it is empty or missing."""


class Columns:
    """The columns of a file that a format looks at."""

    def __init__(self, format: Format, header: Sequence[str], wanted: Iterable[str]) -> None:
        """:param wanted: what the format names; what the file does not have is empty."""
        places = {name.strip().casefold(): place for place, name in reversed(list(enumerate(header)))}
        self._nothing: dict[str, Any] = dict.fromkeys(wanted)
        self._readers: list[tuple[str, int, Reader | None, Said]] = []
        for name in self._nothing:
            how, base, key = _how(format.read, name, places)
            place = places.get(base.casefold())
            if place is not None:
                self._readers.append((name, place, *_reader(how, key)))

    def read(self, cells: Sequence[str]) -> tuple[dict[str, Any], list[Said]]:
        """What stands in a row, and what cannot be read in it."""
        values, problems = self._nothing.copy(), list[Said]()
        for name, place, reader, form in self._readers:
            text = cells[place].strip()
            if text:
                value = reader(text) if reader else text
                if value is UNREADABLE:
                    problems.append(unreadable(name, form))
                values[name] = value
        return values, problems


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
    return READERS[how] if how in READERS else (None, EXPECTED_WORD)


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
            yield tuple(replace(rule, when={_named(column, name): each for column, each in rule.when.items()})
                for rule in group)  # fmt: skip


def _named(column: str, name: str) -> str:
    return name if "*" in column and matches(name, column) else column


def columns_of(format: Format, groups: Iterable[Iterable[Rule]]) -> list[str]:
    """Every column that a format looks at, but those by pattern that the file does not have."""
    found = [column for texts in format.subject.values() for text in texts for column in columns_in(text)]
    found += [column for column in (format.key, format.changed) if column]
    for rule in (rule for group in groups for rule in group):
        found += [*rule.when, *rule.dated, *_referred(rule.fields), *_referred(rule.proof)]
        found += [each["after"] for each in rule.when.values() if isinstance(each, dict) and "after" in each]
    return list(dict.fromkeys(column for column in found if "*" not in column))


def _referred(value: Any) -> Iterator[str]:
    if found := reference(value):
        yield found[1]
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _referred(each)


# --- Conditions --------------------------------------------------------------------------------------------

_ENOUGH: Final = 2


class Condition:
    """Whether a row meets the ``when`` of a rule.

    ``shared`` and ``varied`` ask whether all rows that meet the rest have one value in a column: the whole
    file is looked through before, until two have been seen.
    """

    def __init__(self, when: Mapping[str, Any]) -> None:
        self._plain = [(column, _test(each)) for column, each in when.items() if each not in (SHARED, VARIED)]
        self._after = [(c, each["after"]) for c, each in when.items() if isinstance(each, dict) and "after" in each]
        self._spread = [(column, each == SHARED) for column, each in when.items() if each in (SHARED, VARIED)]
        self._seen: dict[str, set[Any]] = {column: set() for column, _ in self._spread}

    @property
    def unsettled(self) -> bool:
        return any(len(seen) < _ENOUGH for seen in self._seen.values())

    def look(self, values: Values) -> None:
        """Look at a row before any is read."""
        if self._rest(values):
            for column, seen in self._seen.items():
                if values[column] is not None and len(seen) < _ENOUGH:
                    seen.add(values[column])

    def __call__(self, values: Values) -> bool:
        return self._rest(values) and all(
            values[column] is not None and (len(self._seen[column]) < _ENOUGH) is shared
            for column, shared in self._spread
        )

    def _rest(self, values: Values) -> bool:
        for column, test in self._plain:
            if not test(values[column]):
                return False
        return all(_is_after(values[first], values[second]) for first, second in self._after)


def _test(wanted: Any) -> Any:
    if wanted == FILLED:
        return lambda value: value is not None
    if wanted == EMPTY:
        return lambda value: value is None
    if isinstance(wanted, bool):
        return lambda value: value is wanted
    if isinstance(wanted, dict):
        if "after" in wanted:
            return lambda value: isinstance(value, Moment)
        has = [part.casefold() for part in _listed(wanted["has"])]
        return lambda value: isinstance(value, str) and any(part in value.casefold() for part in has)
    known = {str(word).casefold() for word in _listed(wanted)}
    return lambda value: isinstance(value, str) and value.casefold() in known


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_after(first: Any, second: Any) -> bool:
    """Whether one moment is certainly later than another."""
    if not (isinstance(first, Moment) and isinstance(second, Moment)):
        return False
    return first.time > second.time if first.time and second.time else first.day > second.day
