"""What the register itself enters: whom it took for one person, what was decided, what was destroyed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from grondslag.ledger.canonical import compact
from grondslag.register.entries import DUTCH_TIME
from grondslag.register.sealing import committed, randoms, sealed
from grondslag.register.store import PLACES, Store
from grondslag.register.vault import Vault

Made = tuple[str, int | None, dict[str, Any]]
"""Kind; the number of the person whose key seals it, none for what is about nobody; and fields."""


def recorded_at(store: Store, now: int) -> int:
    """The moment of recording: never before what was recorded last, whatever the clock says."""
    last = "SELECT max(recorded) FROM batch WHERE number > (SELECT max(number) FROM batch) - 64"
    return max(now, store.rows(last)[0][0] or 0)


def enter(
    vault: Vault, made: Sequence[tuple[str, int | None, dict[str, Any]]], now: int
) -> list[tuple[uuid.UUID, int]]:
    """Record, in a transaction, what the register itself has to say: whom it merged, what it destroyed …

    :returns: for each its id in the log, and its number.
    """
    store = vault.store
    now = recorded_at(store, now)
    day = datetime.fromtimestamp(now, DUTCH_TIME).date().isoformat()
    ciphers = vault.ciphers([subject for _, subject, _ in made if subject], lock=True)
    (batch,) = store.numbers("batch", 1)
    rows, written = [], []
    for place, ((kind, subject, fields), (id_, salt, nonce)) in enumerate(
        zip(made, randoms(len(made)), strict=True)
    ):
        own = f"{kind}:{uuid.UUID(bytes=id_)}"
        body = compact({"id": own, "date": day, kind: fields})
        payload = sealed(ciphers[subject] if subject else None, nonce, salt + body, id_)
        number = batch << PLACES | place
        rows.append((number, now, subject, kind, vault.client(own), id_, committed(salt, body), payload))
        written.append((uuid.UUID(bytes=id_), number))
    store.insert("entry", rows)
    store.insert("batch", [(batch, len(rows), now)])
    store.insert("pending", [(batch,)])
    return written
