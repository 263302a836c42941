"""By what an audience names its people, and in which columns that stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from grondslag.errors import BadCase
from grondslag.spellings import ADDRESS, EMAIL, PHONE

SUBJECT: Final = "subject"
IDENTIFIERS: Final = (SUBJECT, EMAIL, PHONE, ADDRESS)
"""The surest first: the one that is taken when a file has several."""
PARTS: Final = ("postcode", "number", "addition")
"""Of an address that stands in columns of its own; the last may be missing."""
HASH: Final = "_hash"
_VAGUE: Final = "id"
"""A name for the ids of the records, or of the rows of the list itself."""

NAMES: Final = {
    SUBJECT: ("id", "subject_id", "klantnummer", "klantnr", "klant_id", "customer_id", "relatienummer"),
    EMAIL: ("e-mail", "mail", "emailadres", "e-mailadres", "email_address"),
    PHONE: ("telefoon", "telefoonnummer", "tel", "telnr", "mobiel", "mobile", "phone_number", "gsm"),
    ADDRESS: ("adres", "postadres"),
    "postcode": ("postal_code", "zip"),
    "number": ("huisnummer", "huisnr", "house_number"),
    "addition": ("toevoeging", "huisnummertoevoeging", "huisnr_toevoeging", "house_number_addition"),
}
"""What else people call these columns; capitals and ``-_ .`` make no difference."""


@dataclass(frozen=True, slots=True)
class By:
    """:ivar columns: one, or those of the :data:`PARTS` of an address."""

    kind: str
    columns: tuple[str, ...]
    hashed: bool = False

    @property
    def name(self) -> str:
        return self.kind + (HASH if self.hashed else "")

    @property
    def is_subject(self) -> bool:
        """Whether it gives the ids themselves."""
        return self.kind == SUBJECT and not self.hashed


def by_name(columns: Sequence[str], wanted: str = "", place: str = "audience") -> By | None:
    """What the columns of a table name people by, going by their names; None when no name tells.

    :param wanted: empty, or what the user says: ``email``, ``phone_hash``, ``email=column``,
        ``address=column,column,column`` for postcode, number and addition.
    :raises BadCase: when that is nothing known, or several columns may be meant.
    """
    name, _, said = wanted.partition("=")
    if name and name.removesuffix(HASH) not in IDENTIFIERS:
        known = ", ".join((*IDENTIFIERS, *(each + HASH for each in IDENTIFIERS)))
        raise BadCase("--by", f"{name[:40]!r} is nothing to go by", f"use one of {known}")
    kind, hashed = name.removesuffix(HASH), name.endswith(HASH)
    if said:
        chosen = tuple(each.strip() for each in said.split(","))
        if len(chosen) > (len(PARTS) if kind == ADDRESS and not hashed else 1):
            raise BadCase("--by", f"names {len(chosen)} columns", "name one, or for an address the parts")
        return By(kind, chosen, hashed) if set(chosen) <= set(columns) else None
    found = [
        By(each, named, bool(suffix))
        for each in IDENTIFIERS
        for suffix in ("", HASH)
        if name in ("", each + suffix) and (named := _found(columns, each, suffix, place))
    ]
    if len(found) > 1 and _folded(found[0].columns[0]) == _VAGUE:
        # The numbers of the rows of a list are not those of the customers.
        problem = f"has {found[0].columns[0]} and {found[1].columns[0]}"
        remedy = f"say --by {found[0].name} or --by {found[1].name}"
        raise BadCase(place, f"{problem}, and either may say who is meant", remedy)
    return found[0] if found else None


def _found(columns: Sequence[str], kind: str, suffix: str, place: str) -> tuple[str, ...]:
    if one := _named(columns, kind, suffix, place):
        return (one,)
    if kind == ADDRESS and not suffix:
        parts = [_named(columns, part, "", place) for part in PARTS]
        if parts[0] and parts[1]:
            return tuple(part for part in parts if part)
    return ()


def _named(columns: Sequence[str], kind: str, suffix: str, place: str) -> str:
    known = {_folded(each + suffix) for each in (kind, *NAMES[kind])}
    found = [column for column in columns if _folded(column) in known]
    if len(found) > 1:
        shown = " and ".join(found)
        raise BadCase(
            place, f"has {shown}, which may each be the {kind}", f"say --by {kind}{suffix}={found[0]}"
        )
    return found[0] if found else ""


def _folded(name: str) -> str:
    return re.sub(r"[-_ .]", "", unicodedata.normalize("NFKC", name).casefold())


def by_value(first: Sequence[str], wanted: str = "") -> By | None:
    """What a first line names people by when it is a row itself; None when it may be names of columns.

    The columns of such a file are called ``column1``, ``column2`` …
    """
    if not any(_is_value(cell) for cell in first):
        return None
    names = [f"column{n}" for n, _ in enumerate(first, 1)]
    if "=" in wanted:
        return by_name(names, wanted)
    kind, hashed = wanted.removesuffix(HASH), wanted.endswith(HASH)
    addresses = [name for name, cell in zip(names, first, strict=True) if "@" in cell]
    if kind in ("", EMAIL) and not hashed and len(addresses) == 1:
        return By(EMAIL, (addresses[0],))
    return By(kind, (names[0],), hashed) if kind and len(first) == 1 else None


def _is_value(cell: str) -> bool:
    """Whether no column would be called this."""
    return (
        "@" in cell
        or re.fullmatch(r"\+?[0-9][0-9 ().-]*|[0-9A-Fa-f]{64}|[1-9][0-9]{3} ?[A-Z]{2}\b.*", cell) is not None
    )
