"""Recording: entries are sealed and stored, all of a batch or none, and an id is recorded once."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any, Final, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from grondslag.errors import BadCase, BadEntry, ConflictingEvent
from grondslag.register.appending import New, append
from grondslag.register.entries import DUTCH_TIME, Entry
from grondslag.register.own import recorded_at
from grondslag.register.resolving import Asked, Resolver
from grondslag.register.sealing import blob_context, randoms, sealed, unsealed
from grondslag.register.store import OPENABLE, STORED, Busy, again
from grondslag.register.subjects import identifiers
from grondslag.register.vault import Vault

LARGEST: Final = 10_000
"""Entries in one batch."""


class Recorded(NamedTuple):
    """What became of an entry.

    :ivar bytes: its id in the log.
    :ivar new: false when it had been recorded before: nothing was written.
    """

    bytes: bytes
    new: bool

    @property
    def id(self) -> uuid.UUID:
        """Its id in the log, a UUID."""
        return uuid.UUID(bytes=self.bytes)


Outcome = Recorded | BadCase
Named = tuple[str, Entry]


def record(vault: Vault, entries: Sequence[Named], at: datetime) -> list[Outcome]:
    """Record a batch: what can be recorded is durable when this returns, the rest is told why not.

    :param entries: with the name by which errors call each.
    :param at: now; if the clock went back since the last recording, that moment is taken instead.
    """
    return _transaction(vault, entries, at, lambda outcomes: None)


def record_whole(vault: Vault, entries: Sequence[Named], at: datetime) -> list[Recorded]:
    """The same, but all or none.

    :raises BadCase: what is wrong with the first that cannot be recorded.
    """

    def refuse(outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            if isinstance(outcome, BadCase):
                raise outcome

    outcomes = _transaction(vault, entries, at, refuse)
    return [outcome for outcome in outcomes if isinstance(outcome, Recorded)]


def rehearse(vault: Vault, entries: Sequence[Named], at: datetime) -> list[Outcome]:
    """What :func:`record` would tell; nothing is recorded."""

    def undo(outcomes: list[Outcome]) -> None:
        raise _Undone(outcomes)

    try:
        return _transaction(vault, entries, at, undo)
    except _Undone as done:
        return done.outcomes


def _transaction(
    vault: Vault, entries: Sequence[Named], at: datetime, then: Callable[[list[Outcome]], None]
) -> list[Outcome]:
    """:param then: is given the outcomes before anything is durable; what it raises undoes everything."""
    if len(entries) > LARGEST:
        raise ValueError(f"a batch holds at most {LARGEST} entries, not {len(entries)}")
    attempts = count()

    def once() -> list[Outcome]:
        with vault.store.writing():
            # Ids are nearly always new: they are looked for when it turns out that one is not.
            outcomes = _batch(vault, entries, int(at.timestamp()), hopeful=next(attempts) == 0)
            then(outcomes)
            return outcomes

    return again(once)


class _Undone(Exception):
    """Ends a transaction of which nothing is to stay."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        self.outcomes = outcomes


def _batch(vault: Vault, entries: Sequence[Named], now: int, *, hopeful: bool) -> list[Outcome]:
    vault.current()
    now = recorded_at(vault.store, now)
    today = datetime.fromtimestamp(now, DUTCH_TIME).date().isoformat()
    outcomes: list[Outcome | None] = [None] * len(entries)
    clients = [vault.client(entry.id) for _, entry in entries]
    known = {} if hopeful else _known(vault, clients)
    first: dict[bytes, int] = {}
    asked: dict[int, Asked] = {}
    for n, ((name, entry), client) in enumerate(zip(entries, clients, strict=True)):
        if client in known:
            outcomes[n] = _again(vault, name, entry, known[client])
        elif first.setdefault(client, n) == n:
            try:
                asked[n] = _asked(vault, name, entry, client, today)
            except BadCase as wrong:
                outcomes[n] = wrong
    resolver = Resolver(vault)
    resolver.look_up([*asked.values()])
    placed: list[tuple[int, Asked, int]] = []
    for n, each in asked.items():
        try:
            placed.append((n, each, resolver.place(each) if each.hashes else 0))
        except BadCase as wrong:
            outcomes[n] = wrong
    if hopeful:
        _look_again(vault, entries, clients, outcomes)
    ciphers = _ciphers(vault, resolver, {number for _, _, number in placed if number})
    for (n, _, _), done in zip(placed, _write(vault, now, placed, ciphers), strict=True):
        outcomes[n] = done
    for n, client in enumerate(clients):
        if outcomes[n] is None:  # the same id twice in one batch
            outcomes[n] = _twice(entries[n], entries[first[client]][1], outcomes[first[client]])
    return [outcome for outcome in outcomes if outcome is not None]


def _asked(vault: Vault, name: str, entry: Entry, client: bytes, today: str) -> Asked:
    if entry.day > today:
        raise BadEntry(f"{name}, date", "is later than today", "record it when it has happened")
    hashes = [(kind, vault.index(kind, spelled)) for kind, spelled in identifiers(entry.subject, name)]
    details = [vault.index(kind, spelled) for kind, spelled in identifiers(entry.details, name)]
    return Asked(name, entry, client, hashes, details, _is_import(entry))


def _is_import(entry: Entry) -> bool:
    if b'"by":"import"' not in entry.body:  # nearly all are told by this
        return False
    proof: Mapping[str, Any] = json.loads(entry.body).get("proof", {})
    return proof.get("by") == "import"


# --- Recorded before ---------------------------------------------------------------------------------------


def _known(vault: Vault, clients: Sequence[bytes]) -> dict[bytes, tuple[Any, ...]]:
    where, values = vault.store.within("client", clients)
    sql = f"SELECT client, uuid, subject, {OPENABLE} FROM {STORED} WHERE {where}"
    return {bytes(row[0]): row[1:] for row in vault.store.rows(sql, *values)}


def _look_again(
    vault: Vault, entries: Sequence[Named], clients: Sequence[bytes], outcomes: list[Outcome | None]
) -> None:
    """What would be refused now may have been recorded before."""
    refused = [n for n, outcome in enumerate(outcomes) if isinstance(outcome, BadCase)]
    known = _known(vault, [clients[n] for n in refused]) if refused else {}
    for n in refused:
        if clients[n] in known:
            outcomes[n] = _again(vault, *entries[n], known[clients[n]])


def _again(vault: Vault, name: str, entry: Entry, stored: tuple[Any, ...]) -> Outcome:
    """The same id: the same entry, or one that contradicts it.  Of what was destroyed nobody can say."""
    id_, subject, seal = stored
    before = Recorded(bytes(id_), new=False)
    cipher = None
    if subject is not None:
        cipher = vault.ciphers([subject]).get(subject)
        if cipher is None or seal is None:
            return before
    return before if unsealed(cipher, bytes(seal), bytes(id_))[1] == entry.body else _conflict(name)


def _twice(named: Named, first: Entry, outcome: Outcome | None) -> Outcome:
    if not isinstance(outcome, Recorded):
        assert outcome is not None
        return outcome
    return Recorded(outcome.bytes, new=False) if first.body == named[1].body else _conflict(named[0])


def _conflict(name: str) -> ConflictingEvent:
    return ConflictingEvent(
        name, "has an id that was recorded before, with other content",
        "give it a new id; to put something right, name the old id under corrects",
    )  # fmt: skip


# --- Writing -----------------------------------------------------------------------------------------------


def _ciphers(vault: Vault, resolver: Resolver, numbers: set[int]) -> dict[int, AESGCM]:
    """The keys of everybody in the batch; nobody destroys one of them until it is done."""
    made = vault.new_keys(resolver.new)
    before = numbers.difference(resolver.new)
    ciphers = vault.ciphers(before, lock=True)
    if before - ciphers.keys():
        raise Busy("somebody was forgotten meanwhile")
    vault.store.insert("subject_key", [row for row, _ in made])
    vault.store.insert("identifier", sorted(resolver.rows))
    return ciphers | {row[0]: cipher for row, cipher in made}


def _write(
    vault: Vault, now: int, placed: Sequence[tuple[int, Asked, int]], ciphers: Mapping[int, AESGCM]
) -> list[Recorded]:
    entries: list[New] = [
        (drawn, subject or None, each.entry.kind, each.client, each.entry.body, ciphers.get(subject))
        for (_, each, subject), drawn in zip(placed, randoms(len(placed)), strict=True)
    ]
    numbers = append(vault.store, entries, now)
    blobs = []
    for place, (_, each, subject) in enumerate(placed):
        for nth, blob in enumerate(each.entry.blobs):
            ((_, _, nonce),) = randoms(1)
            context = blob_context(entries[place][0][0], nth)
            blobs.append((numbers[place], nth, sealed(ciphers.get(subject), nonce, blob, context)))
    vault.store.insert("blob", blobs)
    return [Recorded(drawn[0], new=True) for drawn, *_ in entries]
