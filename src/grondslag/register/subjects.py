"""Who is meant: identifiers in one spelling, and the keyed hash (blind index) by which they are found."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Final

from grondslag.errors import BadEntry
from grondslag.spellings import FORMS, spelled

ID: Final = "id"


def identifiers(subject: Mapping[str, str], name: str = "subject") -> Iterator[tuple[str, str]]:
    """Each identifier with its kind, in one spelling.

    :raises BadEntry: for a contact detail that cannot be read.
    """
    for kind, given in subject.items():
        found = unicodedata.normalize("NFC", given.strip()) if kind == ID else spelled(kind, given)
        if not found:
            raise BadEntry(f"{name}, subject.{kind}", "cannot be read", f"write {FORMS.get(kind, 'an id')}")
        yield kind, found


def numbering(id_: str) -> str:
    """Whose numbers an id is one of: ``hubspot:51`` is one of HubSpot's; empty for one without a prefix.

    A number tells somebody apart from whoever has another number of the same numbering; it does not tell
    whether a contact of HubSpot is one of the organisation's own customers.
    """
    return id_.partition(":")[0] if ":" in id_ else ""


def blind(key: bytes, *parts: str) -> bytes:
    """The keyed hash of parts of text (BLAKE2b, RFC 7693; 16 bytes): without the key nobody guesses them."""
    return blake2b("\0".join(parts).encode(), key=key, digest_size=16).digest()
