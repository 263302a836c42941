"""The one way to write a JSON value as bytes (RFC 8785, JCS), so that whoever hashes it hashes the same."""

from __future__ import annotations

from typing import Any, NoReturn

import msgspec
import rfc8785

from grondslag.errors import BadEvidence

_LARGEST = 2**53
_ENCODE = msgspec.json.Encoder(order="deterministic").encode


def canonical(value: Any) -> bytes:
    """Any JSON value.

    :raises BadEvidence: the value has no such form: a lone surrogate, a number that JSON or a double cannot
        hold, a type that is not JSON.
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError) as error:
        _refuse(error)


def canonical_entry(value: Any) -> bytes:
    """The same bytes, several times faster, for what an entry holds: text, whole numbers, yes, no, nothing,
    lists and objects. Whatever else it holds goes the slow way.

    The encoder sorts keys by code point, JCS by UTF-16 unit: on ASCII they agree, other keys go the slow way.

    :raises BadEvidence: as `canonical`.
    """
    try:
        if _plain(value):
            return compact(value)
    except (UnicodeError, RecursionError) as error:
        _refuse(error)
    return canonical(value)


def compact(value: Any) -> bytes:
    """The same bytes without looking first: for what is certainly plain, under ASCII keys.

    :raises BadEvidence: for half a sign (a lone surrogate).
    """
    try:
        return _ENCODE(value)
    except UnicodeError as error:
        _refuse(error)


def _plain(value: Any) -> bool:
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if kind is dict:
        return all(type(key) is str and key.isascii() and _plain(inner) for key, inner in value.items())
    if kind is list:
        return all(map(_plain, value))
    return kind is int and -_LARGEST < value < _LARGEST


def _refuse(error: Exception) -> NoReturn:
    """The library's message quotes the value, which may be a person's; only its kind is told."""
    raise BadEvidence(
        "a value",
        f"has no canonical JSON ({type(error).__name__})",
        "use text without lone surrogates, whole numbers within 2^53, and fewer levels",
    ) from None
