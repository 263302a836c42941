"""Whether fields hold what their vocabulary allows: the quick yes, for what is nearly always right.

It agrees with the JSON schema of the same fields (a test holds them together), but for whole numbers that are
written with a decimal point; the schema finds the words for what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date
from typing import Any, Final

from grondslag import vocabulary as v

Check = Callable[[Any], bool]

_DAY: Final = re.compile(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")


def is_day(value: object) -> bool:
    """Whether it is a day of the format, as text."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def fields(of: v.Fields) -> Check:
    """A check of a record with these fields, none of which must be there."""
    checks = {name: check(each.type) for name, each in of.items()}

    def sound(value: Any) -> bool:
        if type(value) is not dict:
            return False
        for name, each in value.items():
            its = checks.get(name)
            if its is None or not its(each):
                return False
        return True

    return sound


def check(of: v.Type) -> Check:
    """A check of one value."""
    match of:
        case v.Flag():
            return lambda value: value is True or value is False
        case v.Text(most, pattern):
            return _text(most, re.compile(pattern).search, plain=pattern == v.TEXT.pattern)
        case v.Day():
            return is_day
        case v.Number(least, most):
            return lambda value: type(value) is int and least <= value <= most
        case v.OneOf(values, or_flag):
            return _one_of(frozenset(values), or_flag)
        case v.ListOf(item, least):
            return _list_of(check(item), least)
        case v.ListOr(word, items):
            listed = check(items)
            return lambda value: value == word or listed(value)
        case v.Object(inner):
            return fields(inner)
        case v.Open():
            raise TypeError("the facts of a judge are no part of an entry")


def _text(most: int, found: Callable[[str], object], *, plain: bool) -> Check:
    def sound(value: Any) -> bool:
        if type(value) is not str or len(value) > most:
            return False
        # Most text shows at a glance that it is one line with something in it.
        return (plain and value.isprintable() and value[:1] > " ") or found(value) is not None

    return sound


def _one_of(values: Collection[str], or_flag: bool) -> Check:
    if or_flag:
        return lambda value: (type(value) is str and value in values) or value is True or value is False
    return lambda value: type(value) is str and value in values


def _list_of(item: Check, least: int) -> Check:
    return lambda value: type(value) is list and len(value) >= least and all(map(item, value))
