"""How one cell of an export is read.

A reader takes text without space around it and gives a value, None when it says nothing, or
:data:`UNREADABLE`.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

from grondslag.register.entries import dutch_day
from grondslag.vocabulary import Day

from .rows import Said

Reader = Callable[[str], Any]
_SAME_DAY: Final = 22
"""Before this hour in UTC it is the same day in Amsterdam."""


class Unreadable:
    """What stands in a cell that should hold something else."""


UNREADABLE: Final = Unreadable()


class Moment(NamedTuple):
    """:ivar day: in Amsterdam. :ivar time: RFC 3339 in UTC, empty when only the day is known."""

    day: str
    time: str = ""


_GO: Final = re.compile(r"([0-9-]{10}) ([0-9:]{8}(?:\.[0-9]+)?) ([+-][0-9]{4}) [A-Z]{1,5}")
"""How Go prints a time: 2024-03-14 09:12:31.000000 +0000 UTC."""
_ISO: Final = re.compile(
    r"[0-9]{4}(?:-[0-9]{2}-[0-9]{2}|[0-9]{4})(?:[T ][0-9:]{4,8}(?:\.[0-9]+)?(?:Z|[+-][0-9:]{2,5})?)?"
)
_DAY_FIRST: Final = re.compile(
    r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})(?:,? ([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?))?"
)
_NEVER: Final = "0000-00-00"
"""How MySQL writes that there is no date."""
_DAY_ONLY: Final = 10
_FIRST, _LAST = Day.FIRST.isoformat(), Day.LAST.isoformat()
_BYTE: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4: Final = re.compile(rf"{_BYTE}(?:\.{_BYTE}){{3}}")


def time(text: str) -> Moment | Unreadable | None:
    """ISO 8601, basic or extended, or as Go prints it; without a zone it is UTC, wherever this runs."""
    if _ISO.fullmatch(text):
        return None if text.startswith(_NEVER) else _moment(text)
    if found := _GO.fullmatch(text):
        return _moment("{}T{}{}".format(*found.groups()))
    return UNREADABLE


def day_first(text: str) -> Moment | Unreadable | None:
    """As in 13-04-2022 10:00."""
    if not (found := _DAY_FIRST.fullmatch(text)):
        return UNREADABLE
    day, month, year, hour = found.groups()
    return _moment(f"{year}-{month:0>2}-{day:0>2}" + (f"T{hour:0>5}" if hour else ""))


def _moment(text: str) -> Moment | Unreadable:
    try:
        if len(text) <= _DAY_ONLY:
            day, time = date.fromisoformat(text).isoformat(), ""
        else:
            told = datetime.fromisoformat(text)
            if told.tzinfo is not None:
                told = told.astimezone(UTC).replace(tzinfo=None)
            time = f"{told.isoformat(timespec='seconds')}Z"
            day = time[:_DAY_ONLY]
            if told.hour >= _SAME_DAY:
                day = dutch_day(told.replace(tzinfo=UTC)).isoformat()
    except (ValueError, OverflowError):
        return UNREADABLE
    return Moment(day, time) if _FIRST <= day <= _LAST else UNREADABLE


_YES_NO: Final = {
    **dict.fromkeys(("yes", "true", "1", "y", "t", "ja", "j", "waar", "x"), True),
    **dict.fromkeys(("no", "false", "0", "n", "f", "nee", "onwaar"), False),
}


def yes_no(text: str) -> bool | Unreadable:
    return _YES_NO.get(text.casefold(), UNREADABLE)


def ip(text: str) -> str | Unreadable:
    if _IPV4.fullmatch(text):
        return text
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return UNREADABLE


def without_apostrophe(text: str) -> str | None:
    """A spreadsheet takes what begins with an apostrophe for text."""
    return text.removeprefix("'").strip() or None


def words(known: Sequence[str]) -> Reader:
    """One of a closed list of words; an unknown word may mean anything."""
    folded = {word.casefold(): word.casefold() for word in known}
    return lambda text: folded.get(text.casefold(), UNREADABLE)


def inside(key: str) -> Reader:
    """A text, number or boolean in an object in JSON."""

    def read(text: str) -> str | Unreadable | None:
        try:
            held = json.loads(text)
        except (ValueError, RecursionError):
            return UNREADABLE
        value = held.get(key) if isinstance(held, dict) else UNREADABLE
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str | int):
            return str(value).strip() or None
        return None if value is None else UNREADABLE

    return read


READERS: Final[dict[str, tuple[Reader, Said]]] = {
    "time": (time, Said("a moment as in 2024-03-14 09:12:31", "tijdstip zoals 2024-03-14 09:12:31")),
    "day-first": (day_first, Said("a moment as in 14-03-2024 09:12", "tijdstip zoals 14-03-2024 09:12")),
    "yes-no": (yes_no, Said("yes or no", "ja of nee")),
    "ip": (ip, Said("an IP address", "IP-adres")),
    "apostrophe": (without_apostrophe, Said("text", "tekst")),
}
"""The readers by the name that a mapping gives them, and what they want."""
JSON: Final = "json"
"""A column that holds objects in JSON: ``column.key`` is what stands in it."""
MOMENTS: Final = ("time", "day-first")
EXPECTED_JSON: Final = Said("JSON", "JSON")
EXPECTED_WORD: Final = Said("a word that the mapping knows", "woord dat de indeling kent")
