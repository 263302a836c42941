"""What the register itself enters: whom it took for one person, what was decided, what was destroyed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from grondslag.ledger.canonical import compact
from grondslag.register.appending import New, append
from grondslag.register.entries import day_of
from grondslag.register.sealing import randoms
from grondslag.register.store import Store
from grondslag.register.vault import Vault

Made = tuple[str, int | None, dict[str, Any]]
"""Kind; the number of the person whose key seals it, none for what is about nobody; and fields."""


def recorded_at(store: Store, now: int) -> int:
    """The moment of recording: never before what was recorded last, whatever the clock says."""
    last = "SELECT max(recorded) FROM batch WHERE number > (SELECT max(number) FROM batch) - 64"
    return max(now, store.rows(last)[0][0] or 0)


def enter(
    vault: Vault, made: Sequence[Made], now: int, ids: Sequence[str] = ()
) -> list[tuple[uuid.UUID, int]]:
    """Record, in a transaction, what the register itself has to say: whom it merged, what it destroyed …

    :param ids: an own id for each, so that it is recorded once; drawn at random when left out.
    :returns: for each its id in the log, and its number.
    """
    now = recorded_at(vault.store, now)
    day = day_of(now).isoformat()
    ciphers = vault.ciphers([subject for _, subject, _ in made if subject], lock=True)
    entries: list[New] = []
    for n, ((kind, subject, fields), drawn) in enumerate(zip(made, randoms(len(made), now), strict=True)):
        own = ids[n] if ids else f"{kind}:{uuid.UUID(bytes=drawn[0])}"
        body = compact({"id": own, "date": day, kind: fields})
        cipher = ciphers[subject] if subject else None
        entries.append((drawn, subject, kind, vault.client(own), body, cipher))
    numbers = append(vault.store, entries, now)
    return [(uuid.UUID(bytes=drawn[0]), number) for (drawn, *_), number in zip(entries, numbers, strict=True)]
