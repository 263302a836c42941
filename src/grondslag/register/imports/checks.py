"""What is wrong with a mapping: against its schema, and what cannot be meant though each part may stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from jsonschema import Draft202012Validator

from grondslag.situations.errors import Finding, refuse
from grondslag.situations.findings import against, structure

from .readers import JSON, MOMENTS, READERS
from .schema import MAPPING, REFERENCES

REFUSALS: Final = ("objection", "withdrawal", "request")
"""Kinds that are recorded whatever is wrong with the row, and if need be on the day of the import."""
SHARED, VARIED, FILLED, EMPTY = "shared", "varied", "filled", "empty"
_OF_ANY: Final = (SHARED, VARIED, FILLED, EMPTY)
"""Conditions that fit a column however it is read."""
_IN_BRACES: Final = re.compile(r"\{([^{}]*)\}")


def columns_in(template: str) -> list[str]:
    """The columns that a text names in braces; a text without braces is a column itself."""
    return _IN_BRACES.findall(template) or [template]


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(MAPPING)


def require_sound(name: str, tree: Any) -> None:
    """Checks a mapping by itself, as it was read from YAML.

    :raises BadCase: with everything that is wrong, the places and what to do.
    """
    refuse(name, tree, against(_validator(), tree))


def require_meaning(name: str, tree: Any, base: Mapping[str, Any]) -> None:
    """Checks a mapping that is sound, with the one that it is like.

    :raises BadCase: with everything that is wrong, the places and what to do.
    """
    refuse(name, tree, list(_meant(tree, base)))


def _meant(tree: Mapping[str, Any], base: Mapping[str, Any]) -> Iterator[Finding]:
    read = {**base.get("read", {}), **tree.get("read", {})}
    needs = {*base.get("needs", ()), *tree.get("needs", ())}
    for column, how in tree.get("read", {}).items():
        if isinstance(how, str) and how not in (*READERS, JSON):
            yield ("read", column), "is no way to read a cell", f"write one of {', '.join([*READERS, JSON])}"
    if {"id", "own"} <= {*base.get("subject", ()), *tree.get("subject", ())}:
        yield (
            ("subject",),
            "has both id and own",
            "keep id for numbers of your own, own for those of the program",
        )
    if "files" in tree and not _compiles(tree["files"]):
        yield ("files",), "is no regular expression", "write one as Python knows them, or leave it out"
    for key in ("subject", "needs", "rules"):
        if key not in tree and key not in base:
            yield (), f"has no {key}", f"add {key}"
    for place, each in enumerate(tree.get("rules", ())):
        if "first" in each and len(each) > 1:
            yield ("rules", place, "first"), "stands beside other keys", "put these in the rules of the list"
        for at, rule in _alternatives(each):
            for steps, problem, remedy in (*_conditions(rule, read), *_records(rule, read, needs)):
                yield ("rules", place, *at, *steps), problem, remedy


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def _alternatives(each: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    if "first" not in each:
        yield (), each
    for place, rule in enumerate(each.get("first", ())):
        yield ("first", place), rule


def _conditions(rule: Mapping[str, Any], read: Mapping[str, Any]) -> Iterator[Finding]:
    """A condition that no cell can meet would leave a refusal out without a word."""
    for column, wanted in rule.get("when", {}).items():
        how, at = read.get(column), ("when", column)
        if isinstance(wanted, str) and wanted in _OF_ANY:
            continue
        if isinstance(wanted, dict) and "after" in wanted:
            if how not in MOMENTS or read.get(wanted["after"]) not in MOMENTS:
                yield at, "compares what is not read as moments", f"add both columns under read: {MOMENTS[0]}"
        elif isinstance(wanted, bool):
            if how != "yes-no":
                yield at, "asks true or false of a column that is not read so", "add it under read: yes-no"
        elif how == "yes-no" or how in MOMENTS or how == JSON:
            yield (
                at,
                f"asks a word of a column that is read as {how}",
                f"ask {FILLED} or {EMPTY}, or true or false",
            )
        elif isinstance(how, list) and not isinstance(wanted, dict):
            known = {word.casefold() for word in how}
            if not {str(word).casefold() for word in listed(wanted)} <= known:
                yield at, "asks a word that its column is not read as", "add it to the list under read"


def _records(rule: Mapping[str, Any], read: Mapping[str, Any], needs: set[str]) -> Iterator[Finding]:
    if not {"record", "note"} & set(rule):
        yield (), "records nothing and notes nothing", "add record or note"
    dated = listed(rule.get("dated", []))
    if any(read.get(column) not in MOMENTS for column in dated):
        yield ("dated",), "names a column that is not read as a moment", f"add it under read: {MOMENTS[0]}"
    for kind, fields in rule.get("record", {}).items():
        for steps, problem, remedy in structure(_sample(fields), f"event-{kind}"):
            yield ("record", kind, *(steps if _stands(fields, steps) else ())), problem, remedy
        if kind in REFUSALS:
            continue
        if not dated:
            remedy = "add dated with the column of its day; a day is never made up"
            yield ("record", kind), "has no day", remedy
        if fields.get("evidence") == "full" and "notice" not in rule.get("proof", {}):
            remedy = "add proof: notice with the columns that tell it, or write metadata-only"
            yield ("record", kind, "evidence"), "is full, and what was shown is not told", remedy
        # What is missing from the file would count as empty, and an empty cell must not help the sender.
        for column in rule.get("when", {}):
            if "*" not in column and not {column, column.partition(".")[0]} & needs:
                remedy = "add it under needs: a file without it tells less than it seems"
                yield ("when", column), "may be missing from the file", remedy


def _stands(fields: Any, steps: tuple[str | int, ...]) -> bool:
    """Whether the place of a finding is one in the file itself, and not in a sample."""
    for step in steps:
        if isinstance(fields, dict) and step not in fields:
            return False
        fields = fields[step]
    return True


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def reference(value: Any) -> tuple[str, str] | None:
    """``{day: COLUMN}``, ``{time: COLUMN}`` or ``{text: COLUMN}``: what stands in that column."""
    if isinstance(value, dict) and len(value) == 1:
        ((how, column),) = value.items()
        if how in REFERENCES and isinstance(column, str):
            return how, column
    return None


def _sample(value: Any) -> Any:
    """The fields with a sample in each place that is filled from a column."""
    if found := reference(value):
        return "2024-01-01" if found[0] == "day" else "a text"
    if isinstance(value, dict):
        return {key: _sample(each) for key, each in value.items()}
    return [_sample(each) for each in value] if isinstance(value, list) else value
