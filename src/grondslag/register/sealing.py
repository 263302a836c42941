"""What an entry becomes: a leaf of the log that says nothing about anybody, and a sealed payload.

The *leaf* is public: recording time, kind, a random id and a *commitment* to the entry: a hash, with 32
random bytes (the *salt*) that nobody can guess.  The *payload* is the salt and the entry, sealed under the
key of its person; without that key the leaf is a number that leads nowhere, and its proofs still check.
"""

from __future__ import annotations

import base64
import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from grondslag.errors import Unopened
from grondslag.register.keys import NONCE, opened, unopened
from grondslag.register.vocabulary import SCHEMA

SALT: Final = 32


def randoms(count: int, recorded: int) -> Iterator[tuple[bytes, bytes, bytes]]:
    """For each entry its id, salt and nonce, all drawn at once.

    The id is a UUID of version 7 (RFC 9562): it begins with the moment of recording, as the leaf does.
    """
    size = 16 + SALT + NONCE
    drawn = os.urandom(count * size)
    moment_ = (recorded * 1000).to_bytes(6)
    for at in range(0, len(drawn), size):
        marked = bytearray(drawn[at : at + 16])
        marked[:6] = moment_
        marked[6] = marked[6] & 0x0F | 0x70
        marked[8] = marked[8] & 0x3F | 0x80
        yield bytes(marked), drawn[at + 16 : at + 16 + SALT], drawn[at + 16 + SALT : at + size]


def second_of(id_: uuid.UUID) -> int:
    """When the entry with this id was recorded, in seconds since 1970."""
    return int.from_bytes(id_.bytes[:6]) // 1000


def nonces(count: int) -> list[bytes]:
    """For what is sealed beside an entry, or anew."""
    drawn = os.urandom(count * NONCE)
    return [drawn[at : at + NONCE] for at in range(0, len(drawn), NONCE)]


def leaf(recorded: int, kind: str, id_: bytes, committed: bytes) -> bytes:
    """The entry of the log, in canonical bytes (RFC 8785).

    :param recorded: in seconds since 1970.
    """
    return (
        f'{{"at":"{moment(recorded)}","c":"{base64.b64encode(committed).decode()}",'
        f'"id":"{uuid.UUID(bytes=id_)}","schema":"{SCHEMA}","t":"{kind}","v":1}}'
    ).encode()


def moment(recorded: int) -> str:
    """Seconds since 1970 as ``2026-11-25T04:10:00Z``."""
    return datetime.fromtimestamp(recorded, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sealed(cipher: AESGCM | None, nonce: bytes, payload: bytes, context: bytes) -> bytes:
    """The payload under the key of its person; as it is when it is about nobody."""
    return payload if cipher is None else nonce + cipher.encrypt(nonce, payload, context)


def blob_context(id_: bytes, nth: int) -> bytes:
    """What an attachment is bound to: its entry, and its place there."""
    return b"%s attachment %d" % (id_, nth)


def unsealed(cipher: AESGCM | None, stored: bytes, id_: bytes) -> tuple[bytes, bytes]:
    """Salt and body of an entry.

    :raises Unopened: when it was changed, or the key is another's.
    """
    try:
        payload = stored if cipher is None else opened(cipher, stored, id_, "an entry")
    except Unopened:  # to work out what each is called takes longer than to open it
        raise unopened(f"entry {uuid.UUID(bytes=id_)}") from None
    return payload[:SALT], payload[SALT:]
