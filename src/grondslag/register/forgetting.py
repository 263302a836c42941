"""Forgetting a person, or a part: the key is destroyed, and what a duty keeps is kept apart and blocked.

What stays of somebody who was forgotten: entries that nobody can read and whose proofs still check; what the
law has the organisation keep, under a key of its own and until a day; and a keyed hash of each contact
detail, with channels and day, so that an objection is honoured for ever.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from grondslag.register.entries import day_of
from grondslag.register.history import Known, entries_of, given
from grondslag.register.holding import Hold, Holds, hold
from grondslag.register.holding import told as held_told
from grondslag.register.own import enter, recorded_at
from grondslag.register.people import members
from grondslag.register.resealing import renew
from grondslag.register.store import Busy, Store
from grondslag.register.vault import Vault
from grondslag.register.vocabulary import REFUSALS

RETENTION: Final = "retention"
GROUNDS: Final = ("request", "objection", "withdrawal", RETENTION)
"""Why somebody is forgotten.  Only the last says nothing about being approached again."""


@dataclass(slots=True)
class Account:
    """What was destroyed and what was kept, without a word about whom.

    :ivar erased: kind → how many entries cannot be read any more.
    :ivar held: kind, reason, last day → how many are kept, blocked.
    :ivar attachments: how many files were destroyed.
    :ivar suppressed: how many contact details are suppressed.
    :ivar index: what shows that nobody changed them, or by what is found what is held
        (:meth:`~grondslag.register.vault.Vault.sum_of`).
    """

    erased: Counter[str] = field(default_factory=Counter)
    held: Counter[tuple[str, str, date]] = field(default_factory=Counter)
    attachments: int = 0
    suppressed: int = 0
    index: int = 0

    def add(self, other: Account) -> None:
        """Add another account to it."""
        self.erased += other.erased
        self.held += other.held
        self.attachments += other.attachments
        self.suppressed += other.suppressed
        self.index += other.index

    def told(self) -> dict[str, Any]:
        """The account as the log has it."""
        return {
            "entries": dict(sorted(self.erased.items())),
            "held": held_told(self.held),
            "attachments": self.attachments,
            "suppressed": self.suppressed,
            "index": self.index,
        }


@dataclass(frozen=True, slots=True)
class Certificate:
    """That somebody was forgotten; it does not say who.

    :ivar id: of the entry in the log that says the same.
    """

    id: uuid.UUID
    day: date
    ground: str
    account: Account


@dataclass(frozen=True, slots=True)
class Plan:
    """What forgetting a person, or a part, comes to, before anything is destroyed.

    :ivar stays: what can be read and used as before.
    """

    subjects: Sequence[int]
    entries: Sequence[Known]
    held: Sequence[tuple[Known, Hold]]
    stays: Sequence[Known] = ()

    @property
    def erased(self) -> list[Known]:
        """The entries that nobody will be able to read."""
        kept = {entry.number for entry, _ in self.held} | {entry.number for entry in self.stays}
        return [entry for entry in self.entries if entry.number not in kept]

    def account(self) -> Account:
        """What would be destroyed and kept; files and suppressions are counted when it is done."""
        held = Counter((entry.kind, each.reason, each.until) for entry, each in self.held)
        return Account(Counter(entry.kind for entry in self.erased), held)

    def used(self) -> Counter[str]:
        """Kind → how many entries stay in use."""
        return Counter(entry.kind for entry in self.stays)


def plan(vault: Vault, subjects: Sequence[int], holds: Holds) -> Plan:
    """What would be destroyed, and what stays, why and until when."""
    return planned(subjects, entries_of(vault, subjects), holds)


def planned(subjects: Sequence[int], entries: Sequence[Known], holds: Holds) -> Plan:
    """The same, of entries at hand."""
    held = holds(entries)
    return Plan(subjects, entries, [(each, held[each.number]) for each in entries if each.number in held])


def erase(vault: Vault, subjects: Sequence[int], holds: Holds, ground: str, at: datetime) -> Certificate:
    """Forget a person, in one transaction.

    :param subjects: the numbers of the person, the root first (:func:`grondslag.register.people.members`).
    :param ground: one of :data:`GROUNDS`.
    :raises Busy: when they are not that any more: look them up again.
    """
    if ground not in GROUNDS:
        raise ValueError(f"{ground!r} is none of {GROUNDS}")
    store = vault.store
    with store.writing():
        vault.current()
        lock(vault, subjects)
        certificate = certified(vault, plan(vault, subjects, holds), ground, int(at.timestamp()))
    store.scrub()
    return certificate


def lock(vault: Vault, subjects: Sequence[int]) -> None:
    """:func:`locked`, or else.

    :raises Busy: when these are not the numbers of one person any more.
    """
    if not locked(vault, subjects):
        raise Busy("this person was forgotten, merged or split meanwhile")


def locked(vault: Vault, subjects: Sequence[int]) -> bool:
    """In a transaction: nobody records for this person meanwhile; whether these are still its numbers.

    Whoever is recording is waited for and seen, or finds the key gone.
    """
    return bool(vault.ciphers(subjects, alone=True)) and members(vault.store, subjects[0]) == list(subjects)


def certified(vault: Vault, what: Plan, ground: str, now: int) -> Certificate:
    """Do, in a transaction, what was planned, and enter an account of it."""
    now = recorded_at(vault.store, now)
    day, account = day_of(now), Account()
    channels = refused(what.entries) if ground == RETENTION or what.stays else "all"
    carry_out(vault, what, channels, day, account)
    ((id_, _),) = enter(vault, [("erased", None, {"ground": ground, **account.told()})], now)
    return Certificate(id_, day, ground, account)


def carry_out(vault: Vault, what: Plan, channels: str, day: date, account: Account) -> None:
    """Do, in a transaction, what was planned.

    :param channels: by which the person is not to be approached: ``all``, or joined by spaces.
    :param account: to which it is added.
    """
    account.index += vault.sum_of(hold(vault, what.entries, what.held))
    _suppress(vault, what, channels, day, account)
    account.attachments += _destroy(vault, what)
    account.add(what.account())


def _suppress(vault: Vault, what: Plan, channels: str, day: date, account: Account) -> None:
    """Keep a keyed hash of each contact detail by which nobody is found any more."""
    if not channels:
        return
    details = _details(what.entries) - _details(what.stays)
    rows = [(vault.index(*each), channels, day.isoformat()) for each in sorted(details)]
    where, values = vault.store.within("hash", [hash_ for hash_, _, _ in rows])
    sql = f"SELECT hash FROM suppression WHERE {where} AND channels = ? AND day = ?"
    there = (
        {bytes(row[0]) for row in vault.store.rows(sql, *values, channels, day.isoformat())}
        if rows
        else set()
    )
    fresh = [row for row in rows if row[0] not in there]
    vault.store.insert("suppression", fresh)
    account.suppressed += len(rows)
    account.index += vault.sum_of(fresh)


def _details(entries: Iterable[Known]) -> set[tuple[str, str]]:
    return {each for entry in entries for each in given(entry) if each[0] != "id"}


def refused(entries: Sequence[Known]) -> str:
    """The channels that a person ever refused; all of them when one refusal names none.

    To ask for erasure, and to use the way out where an address is given, is to refuse too.
    """
    refusals = [fields.get("channels", "all") for fields in map(refusal, entries) if fields is not None]
    if "all" in refusals:
        return "all"
    return " ".join(sorted({channel for each in refusals for channel in each}))


def refusal(entry: Known) -> Mapping[str, Any] | None:
    """The fields of an entry by which somebody refuses to be approached; None of another."""
    fields: Mapping[str, Any] = entry.tree[entry.kind]
    if entry.kind in REFUSALS:
        return fields
    if (entry.kind == "request" and fields.get("kind") == "erasure") or fields.get("opt_out_used") is True:
        return {}
    return None


def _destroy(vault: Vault, what: Plan) -> int:
    """Destroy what leads to what does not stay: keys, index, attachments."""
    store, gone = vault.store, [entry.number for entry in what.erased]
    where, values = store.within("entry", gone)
    blobs = store.rows(f"SELECT count(*) FROM blob WHERE {where}", *values)[0][0] if gone else 0
    if blobs:
        store.rows(f"DELETE FROM blob WHERE {where}", *values)
    owners = _owners(store, what.entries)
    stays = {entry.number for entry in what.stays}
    # Who stands for a person keeps a key as long as anything of it stays: under that it is gone through, and
    # merged with others.
    lessened = {owners[number] for number in stays} | ({what.subjects[0]} if stays else set())
    for subject in sorted(lessened):
        own = [entry for entry in what.entries if owners[entry.number] == subject]
        left = [entry for entry in own if entry.number in stays]
        if len(left) < len(own):
            renew(vault, subject, left, [entry for entry in own if entry.number not in stays])
    _forget(store, [subject for subject in what.subjects if subject not in lessened])
    return int(blobs)


def _forget(store: Store, subjects: Sequence[int]) -> None:
    if not subjects:
        return
    where, values = store.within("subject", subjects)
    store.rows(f"DELETE FROM resealed WHERE entry IN (SELECT number FROM entry WHERE {where})", *values)
    store.rows(f"DELETE FROM subject_key WHERE {where}", *values)
    store.rows(f"DELETE FROM identifier WHERE {where}", *values)


def _owners(store: Store, entries: Sequence[Known]) -> dict[int, int]:
    """Number of an entry → number of its subject."""
    where, values = store.within("number", [entry.number for entry in entries])
    return dict(store.rows(f"SELECT number, subject FROM entry WHERE {where}", *values)) if entries else {}
