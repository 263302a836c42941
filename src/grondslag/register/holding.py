"""What a duty keeps of somebody: apart, under the key of a keeper, blocked for anything else, until a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from grondslag.register.entries import day_of
from grondslag.register.history import Known, given, known
from grondslag.register.own import enter, recorded_at
from grondslag.register.resealing import reseal
from grondslag.register.sealing import unsealed
from grondslag.register.store import Row, Store
from grondslag.register.vault import Vault


@dataclass(frozen=True, slots=True)
class Hold:
    """Why an entry stays, and until when.

    :ivar reason: the duty, e.g. ``K-02: tax (AWR art. 52 lid 4)``.
    :ivar until: the last day.
    """

    reason: str
    until: date


Holds = Callable[[Sequence[Known]], Mapping[int, Hold]]
"""From everything that is on file of a person: number of an entry → why it stays."""


def hold(vault: Vault, entries: Sequence[Known], held: Sequence[tuple[Known, Hold]]) -> list[Row]:
    """Seal what stays, in a transaction, under the key of a keeper whom only the held index leads to.

    There is a keeper for each last day: when that has passed, the key goes.

    :param entries: everything that is on file of the person: by what it names he is found.
    :returns: the index of it: keeper and hash.
    """
    store, days = vault.store, sorted({each.until for _, each in held})
    if not days:
        return []
    keys = vault.new_keys(store.numbers("subject", len(days)))
    store.insert("subject_key", [row for row, _ in keys])
    keeper = {day: (row[0], cipher) for day, (row, cipher) in zip(days, keys, strict=True)}
    anew = reseal(vault, {entry.number: keeper[each.until][1] for entry, each in held})
    store.insert("held", [
        (entry.number, keeper[each.until][0], each.reason, each.until.isoformat(), anew[entry.number])
        for entry, each in held
    ])  # fmt: skip
    spelled = sorted({each for entry in entries for each in given(entry)})
    hashes = [vault.index(f"held {kind}", text) for kind, text in spelled]
    taken = _taken(store, hashes)
    store.insert("identifier", [
        (hash_, taken.get(hash_, 0) + n, number)
        for hash_ in hashes
        for n, (number, _) in enumerate(keeper.values())
    ])  # fmt: skip
    return [(number, hash_) for hash_ in hashes for number, _ in keeper.values()]


def _taken(store: Store, hashes: Sequence[bytes]) -> dict[bytes, int]:
    where, values = store.within("hash", hashes)
    sql = f"SELECT hash, max(nth) + 1 FROM identifier WHERE {where} GROUP BY hash"
    return {bytes(hash_): nth for hash_, nth in store.rows(sql, *values)} if hashes else {}


def held_of(vault: Vault, spelled: Sequence[tuple[str, str]]) -> list[tuple[Known, Hold]]:
    """What is kept of somebody, blocked: for who has to answer for it, never to approach."""
    store = vault.store
    hashes = [vault.index(f"held {kind}", text) for kind, text in spelled]
    where, values = store.within("hash", hashes)
    keepers = {keeper for (keeper,) in store.rows(f"SELECT subject FROM identifier WHERE {where}", *values)}
    ciphers = vault.ciphers(keepers)
    where, values = store.within("keeper", keepers)
    rows = store.rows(
        "SELECT recorded, number, kind, uuid, keeper, h.sealed, reason, until"
        f" FROM held h JOIN entry e ON e.number = h.entry WHERE {where} ORDER BY recorded, number",
        *values,
    )
    found = []
    for recorded, number, kind, id_, keeper, stored, reason, until in rows:
        _, body = unsealed(ciphers[keeper], bytes(stored), bytes(id_))
        entry = known(id_, number, recorded, kind, body)
        found.append((entry, Hold(reason, date.fromisoformat(until))))
    return found


def told(held: Mapping[tuple[str, str, date], int]) -> list[dict[str, Any]]:
    """What is held, by kind, reason and last day, as plain JSON."""
    return [
        {"kind": kind, "reason": reason, "until": until.isoformat(), "entries": count}
        for (kind, reason, until), count in sorted(held.items())
    ]


def released(found: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    """What is held no longer, by kind and reason, as plain JSON."""
    return [{"kind": kind, "reason": reason, "entries": count} for (kind, reason), count in found.items()]


def due(store: Store, day: date) -> dict[tuple[str, str], int]:
    """What no duty keeps on that day any longer: kind and reason → how many."""
    rows = store.rows(
        "SELECT kind, reason, count(*) FROM held h JOIN entry e ON e.number = h.entry WHERE until < ?"
        " GROUP BY kind, reason ORDER BY kind, reason",
        day.isoformat(),
    )
    return {(kind, reason): count for kind, reason, count in rows}


def release(vault: Vault, at: datetime) -> dict[tuple[str, str], int]:
    """Destroy what no duty keeps any longer, attachments too.

    :returns: kind and reason → how many.
    """
    store = vault.store
    with store.writing():
        vault.current()
        now = recorded_at(store, int(at.timestamp()))
        day = day_of(now)
        found = due(store, day)
        if found:
            gone = vault.sum_of(_release(store, day))
            enter(vault, [("retained", None, {"index": gone, "released": released(found)})], now)
    store.scrub()
    return found


def _release(store: Store, day: date) -> list[Row]:
    """:returns: what is gone of the index: keeper and hash."""
    over = "SELECT DISTINCT keeper FROM held WHERE until < ?"
    keepers = [(each,) for (each,) in store.rows(over, day.isoformat())]
    gone = store.rows(f"SELECT subject, hash FROM identifier WHERE subject IN ({over})", day.isoformat())
    store.rows("DELETE FROM blob WHERE entry IN (SELECT entry FROM held WHERE until < ?)", day.isoformat())
    store.rows("DELETE FROM held WHERE until < ?", day.isoformat())
    for table in ("subject_key", "identifier"):
        store.change(f"DELETE FROM {table} WHERE subject = ?", keepers)
    return gone
