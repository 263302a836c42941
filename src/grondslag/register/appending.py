"""Entries into the register: sealed, numbered, and waiting for their place in the log."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from grondslag.ledger.verifier import commitment
from grondslag.register.sealing import sealed
from grondslag.register.store import PLACES, Row, Store

New = tuple[tuple[bytes, bytes, bytes], int | None, str, bytes, bytes, AESGCM | None]
"""An entry that is to be stored: its id in the log with salt and nonce
(:func:`~grondslag.register.sealing.randoms`); whom it is about, none for what is about nobody; its kind; the
blind index of its own id; its body; and the key of its person."""


def append(store: Store, entries: Sequence[New], now: int) -> range:
    """Store a batch, in a transaction.

    :param now: the moment of recording, in seconds since 1970.
    :returns: the number of each.
    """
    if not entries:
        return range(0)
    (batch,) = store.numbers("batch", 1)
    numbers = range(batch << PLACES, (batch << PLACES) + len(entries))
    rows: list[Row] = []
    for number, ((id_, salt, nonce), subject, kind, client, body, cipher) in zip(
        numbers, entries, strict=True
    ):
        payload = sealed(cipher, nonce, salt + body, id_)
        rows.append((number, now, subject, kind, client, id_, commitment(salt, body), payload))
    store.insert("entry", rows)
    store.insert("batch", [(batch, len(rows), now)])
    store.insert("pending", [(batch,)])
    return numbers
