"""Forgetting a person: the key is destroyed, and what a duty keeps is kept apart and blocked.

What stays of somebody who was forgotten: entries that nobody can read and whose proofs still check; what the
law has the organisation keep, under a key of its own and until a day; and a keyed hash of each contact
detail, with channels and day, so that an objection is honoured for ever.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from grondslag.register.entries import DUTCH_TIME
from grondslag.register.history import Known, entries_of, given, known
from grondslag.register.own import enter, recorded_at
from grondslag.register.people import members
from grondslag.register.sealing import randoms, sealed, unsealed
from grondslag.register.store import Busy, Row, Store
from grondslag.register.vault import Vault
from grondslag.register.vocabulary import REFUSALS

GROUNDS: Final = ("request", "objection", "withdrawal", "retention")
"""Why somebody is forgotten.  Only the last says nothing about being approached again."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Why an entry stays, and until when.

    :ivar reason: the duty, e.g. ``K-02: tax records, 7 years (AWR 52 lid 4)``.
    :ivar until: the last day.
    """

    reason: str
    until: date


Holds = Callable[[Known], Hold | None]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was destroyed and what was kept, without a word about whom.

    :ivar id: of the entry in the log that says the same.
    :ivar erased: kind → how many entries cannot be read any more.
    :ivar held: kind, reason, last day → how many are kept, blocked.
    :ivar attachments: how many files were destroyed.
    :ivar suppressed: how many contact details are suppressed.
    """

    id: uuid.UUID
    day: date
    ground: str
    erased: dict[str, int]
    held: dict[tuple[str, str, date], int]
    attachments: int
    suppressed: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What forgetting a person comes to, before anything is destroyed."""

    subjects: Sequence[int]
    entries: Sequence[Known]
    held: Sequence[tuple[Known, Hold]]

    @property
    def erased(self) -> list[Known]:
        """The entries that nobody will be able to read."""
        kept = {entry.number for entry, _ in self.held}
        return [entry for entry in self.entries if entry.number not in kept]


def plan(vault: Vault, subjects: Sequence[int], holds: Holds) -> Plan:
    """What would be destroyed, and what stays, why and until when."""
    entries = entries_of(vault, subjects)
    held = [(entry, hold) for entry in entries if (hold := holds(entry)) is not None]
    return Plan(subjects, entries, held)


def erase(vault: Vault, subjects: Sequence[int], holds: Holds, ground: str, at: datetime) -> Certificate:
    """Forget a person, in one transaction.

    :param subjects: the numbers of the person, the root first (:func:`grondslag.register.people.members`).
    :param ground: one of :data:`GROUNDS`.
    :raises Busy: when they are not that any more: look them up again.
    """
    store = vault.store
    if ground not in GROUNDS:
        raise ValueError(f"{ground!r} is none of {GROUNDS}")
    with store.writing():
        vault.current()
        # Nobody records for this person meanwhile: they are waited for and seen, or find the key gone.
        if not vault.ciphers(subjects, alone=True) or members(store, subjects[0]) != list(subjects):
            raise Busy("this person was forgotten, merged or split meanwhile")
        certificate = _erase(vault, plan(vault, subjects, holds), ground, int(at.timestamp()))
    store.scrub()
    return certificate


def _erase(vault: Vault, what: Plan, ground: str, now: int) -> Certificate:
    store = vault.store
    day = datetime.fromtimestamp(recorded_at(store, now), DUTCH_TIME).date()
    kept = _hold(vault, what)
    suppressed, refused = _suppress(vault, what, ground, day)
    attachments = _destroy(store, what)
    erased = Counter(entry.kind for entry in what.erased)
    held = Counter((entry.kind, hold.reason, hold.until) for entry, hold in what.held)
    told: dict[str, Any] = {
        "ground": ground,
        "entries": dict(sorted(erased.items())),
        "held": [
            {"kind": kind, "reason": reason, "until": until.isoformat(), "entries": count}
            for (kind, reason, until), count in sorted(held.items())
        ],
        "attachments": attachments,
        "suppressed": suppressed,
        "index": vault.sum_of(kept + refused),
    }
    ((id_, _),) = enter(vault, [("erased", None, told)], now)
    return Certificate(id_, day, ground, dict(erased), dict(held), attachments, suppressed)


def _hold(vault: Vault, what: Plan) -> list[Row]:
    """What stays is sealed anew, under the key of a keeper whom only the held index leads to.

    :returns: that index: keeper and hash.
    """
    store = vault.store
    if not what.held:
        return []
    (keeper,) = store.numbers("subject", 1)
    ((row, cipher),) = vault.new_keys([keeper])
    store.insert("subject_key", [row])
    ciphers = vault.ciphers(what.subjects)
    where, values = store.within("number", [entry.number for entry, _ in what.held])
    stored = {number: (subject, bytes(seal), bytes(id_)) for number, subject, seal, id_ in store.rows(
        f"SELECT number, subject, sealed, uuid FROM entry WHERE {where}", *values)}  # fmt: skip
    rows = []
    for (entry, hold), (_, _, nonce) in zip(what.held, randoms(len(what.held)), strict=True):
        subject, seal, id_ = stored[entry.number]
        payload = b"".join(unsealed(ciphers[subject], seal, id_))
        anew = sealed(cipher, nonce, payload, id_)
        rows.append((entry.number, keeper, hold.reason, hold.until.isoformat(), anew))
    store.insert("held", rows)
    spelled = {each for entry in what.entries for each in given(entry)}
    hashes = [vault.index(f"held {kind}", text) for kind, text in sorted(spelled)]
    taken = _taken(store, hashes)
    store.insert("identifier", [(hash_, taken.get(hash_, 0), keeper) for hash_ in hashes])
    return [(keeper, hash_) for hash_ in hashes]


def _taken(store: Store, hashes: Sequence[bytes]) -> dict[bytes, int]:
    where, values = store.within("hash", hashes)
    sql = f"SELECT hash, max(nth) + 1 FROM identifier WHERE {where} GROUP BY hash"
    return {bytes(hash_): nth for hash_, nth in store.rows(sql, *values)} if hashes else {}


def _suppress(vault: Vault, what: Plan, ground: str, day: date) -> tuple[int, list[Row]]:
    """Keep a keyed hash of each contact detail of somebody who is not to be approached.

    :returns: how many there are, and the rows that are new.
    """
    store = vault.store
    channels = "all" if ground != "retention" else _refused(what.entries)
    if not channels:
        return 0, []
    details = {each for entry in what.entries for each in given(entry) if each[0] != "id"}
    hashes = [vault.index(*each) for each in sorted(details)]
    where, values = store.within("hash", hashes)
    sql = f"SELECT hash FROM suppression WHERE {where} AND channels = ? AND day = ?"
    there = (
        {bytes(row[0]) for row in store.rows(sql, *values, channels, day.isoformat())} if hashes else set()
    )
    fresh: list[Row] = [(each, channels, day.isoformat()) for each in hashes if each not in there]
    store.insert("suppression", fresh)
    return len(hashes), fresh


def _refused(entries: Sequence[Known]) -> str:
    """The channels that a person ever refused; all of them when one refusal names none."""
    refusals = [entry.tree[entry.kind].get("channels", "all") for entry in entries if entry.kind in REFUSALS]
    if "all" in refusals:
        return "all"
    return " ".join(sorted({channel for each in refusals for channel in each}))


def _destroy(store: Store, what: Plan) -> int:
    """Delete what leads to the person: keys, index, attachments."""
    numbers = [entry.number for entry in what.entries]
    where, values = store.within("entry", numbers)
    blobs = store.rows(f"SELECT count(*) FROM blob WHERE {where}", *values)[0][0] if numbers else 0
    if blobs:
        store.rows(f"DELETE FROM blob WHERE {where}", *values)
    where, values = store.within("subject", what.subjects)
    store.rows(f"DELETE FROM subject_key WHERE {where}", *values)
    store.rows(f"DELETE FROM identifier WHERE {where}", *values)
    return int(blobs)


def held_of(vault: Vault, spelled: Sequence[tuple[str, str]]) -> list[tuple[Known, Hold]]:
    """What is kept of somebody who was forgotten: for who has to answer for it, never to approach."""
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


def release(vault: Vault, at: datetime) -> dict[tuple[str, str], int]:
    """Destroy what no duty keeps any longer.

    :returns: kind and reason → how many.
    """
    store = vault.store
    with store.writing():
        vault.current()
        now = recorded_at(store, int(at.timestamp()))
        day = datetime.fromtimestamp(now, DUTCH_TIME).date().isoformat()
        sql = "SELECT kind, reason, count(*) FROM held h JOIN entry e ON e.number = h.entry WHERE until < ?"
        due = {
            (kind, reason): count
            for kind, reason, count in store.rows(f"{sql} GROUP BY kind, reason ORDER BY kind, reason", day)
        }
        if due:
            keepers = {
                each for (each,) in store.rows("SELECT DISTINCT keeper FROM held WHERE until < ?", day)
            }
            store.rows("DELETE FROM held WHERE until < ?", day)
            keepers -= {each for (each,) in store.rows("SELECT DISTINCT keeper FROM held")}
            where, values = store.within("subject", keepers)
            gone = store.rows(f"SELECT subject, hash FROM identifier WHERE {where}", *values)
            for table in ("subject_key", "identifier"):
                store.change(f"DELETE FROM {table} WHERE subject = ?", [(each,) for each in sorted(keepers)])
            told = [
                {"kind": kind, "reason": reason, "entries": count} for (kind, reason), count in due.items()
            ]
            enter(vault, [("retained", None, {"index": vault.sum_of(gone), "released": told})], now)
    store.scrub()
    return due
