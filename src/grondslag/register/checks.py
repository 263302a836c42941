"""Whether fields hold what their vocabulary allows: the quick yes, for what is nearly always right.

It agrees with the JSON schema of the same fields (a test holds them together), but for whole numbers that are
written with a decimal point; the schema finds the words for what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from grondslag import vocabulary as v

Check = Callable[[Any], bool]


class _Day:
    """What stands for a day of the format, which is text."""


def is_day(value: object) -> bool:
    """Whether it is such a day."""
    try:
        return type(value) is str and bool(v.Day.read(value))
    except ValueError:
        return False


def check(of: Any) -> Check:
    """A check of one value.

    :param of: a type that :mod:`msgspec` reads, as the functions below give it.
    """

    def sound(value: Any) -> bool:
        try:
            msgspec.convert(value, of, dec_hook=_day)
        except (msgspec.ValidationError, RecursionError, UnicodeEncodeError):
            return False
        return True

    return sound


def record(of: v.Fields, **more: Any) -> type[Struct]:
    """A record with these fields, none of which must be there."""
    types = {name: type_of(each.type) for name, each in of.items()} | more
    # Not every name of a field can be one in Python.
    fields = [
        (f"field_{n}", type_ | UnsetType, msgspec.field(default=UNSET, name=name))
        for n, (name, type_) in enumerate(types.items())
    ]
    return msgspec.defstruct("Record", fields, forbid_unknown_fields=True, gc=False)


def type_of(of: v.Type) -> Any:
    """A type of the vocabulary as one of msgspec."""
    match of:
        case v.Flag():
            return bool
        case v.Text(most, pattern):
            return Annotated[str, Meta(max_length=most, pattern=pattern)]
        case v.Day():
            return _Day
        case v.Number(least, most):
            return Annotated[int, Meta(ge=least, le=most)]
        case v.OneOf(values, or_flag):
            return Literal[values] | bool if or_flag else Literal[values]
        case v.ListOf(item, least):
            return Annotated[list[type_of(item)], Meta(min_length=least)]  # type: ignore[misc]
        case v.ListOr(word, items):
            return Literal[word] | type_of(items)
        case v.Object(inner):
            return record(inner)
        case v.Open():
            raise TypeError("the facts of a judge are no part of an entry")


def _day(_: type, value: Any) -> _Day:
    if not is_day(value):
        raise ValueError
    return _Day()
