"""Recording: entries are sealed and stored, all of a batch or none, and an id is recorded once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any, Final, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from grondslag.errors import BadCase, BadEntry, ConflictingEvent
from grondslag.register.appending import New, append
from grondslag.register.entries import Entry, day_of
from grondslag.register.own import recorded_at
from grondslag.register.resolving import Asked, Resolver, asked_of
from grondslag.register.sealing import blob_context, nonces, randoms, sealed, unsealed
from grondslag.register.standing import copy, standing
from grondslag.register.store import OPENABLE, STORED, Busy, again
from grondslag.register.vault import Vault
from grondslag.register.vocabulary import REFUSALS

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


def record(vault: Vault, entries: Sequence[Named], at: datetime, *, fresh: bool = True) -> list[Outcome]:
    """Record a batch: what can be recorded is durable when this returns, the rest is told why not.

    :param entries: with the name by which errors call each.
    :param at: now; if the clock went back since the last recording, that moment is taken instead.
    :param fresh: whether they are probably new; it makes a difference in time only.
    """
    return _transaction(vault, entries, at, lambda outcomes: None, fresh=fresh)


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


def rehearse(vault: Vault, entries: Sequence[Named], at: datetime, *, fresh: bool = True) -> list[Outcome]:
    """What :func:`record` would tell; nothing is recorded."""

    def undo(outcomes: list[Outcome]) -> None:
        raise _Undone(outcomes)

    try:
        return _transaction(vault, entries, at, undo, fresh=fresh)
    except _Undone as done:
        return done.outcomes


def _transaction(
    vault: Vault,
    entries: Sequence[Named],
    at: datetime,
    then: Callable[[list[Outcome]], None],
    *,
    fresh: bool = True,
) -> list[Outcome]:
    """:param then: is given the outcomes before anything is durable; what it raises undoes everything."""
    if len(entries) > LARGEST:
        raise ValueError(f"a batch holds at most {LARGEST} entries, not {len(entries)}")
    attempts = count()

    def once() -> list[Outcome]:
        with vault.store.writing():
            # Ids are nearly always new: they are looked for when it turns out that one is not.
            hopeful = fresh and next(attempts) == 0
            outcomes = _batch(vault, entries, int(at.timestamp()), hopeful=hopeful)
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
    today = day_of(now).isoformat()
    outcomes: list[Outcome | None] = [None] * len(entries)
    clients = [vault.client(entry.id) for _, entry in entries]
    known = {} if hopeful else _known(vault, clients)
    if known:
        _tell_known(vault, entries, clients, known, outcomes)
    first: dict[bytes, int] = {}
    asked: dict[int, Asked] = {}
    held: dict[int, Asked] = {}
    for n, ((name, entry), client) in enumerate(zip(entries, clients, strict=True)):
        if first.setdefault(client, n) != n:
            continue
        try:
            if outcomes[n] is None:
                asked[n] = _asked(vault, name, entry, client, today)
            elif entry.undated and entry.kind in REFUSALS:
                held[n] = _asked(vault, name, entry, client, today)
        except BadCase as wrong:
            outcomes[n] = wrong
    resolver = Resolver(vault)
    resolver.look_up([*asked.values(), *held.values()])
    placed = [*_placed(vault, resolver, asked, outcomes)]
    placed += standing(vault, resolver, held)
    if hopeful:
        _look_again(vault, entries, clients, outcomes)
    ciphers = _ciphers(vault, resolver, {number for _, _, number in placed if number})
    for (n, _, _), done in zip(placed, _write(vault, now, placed, ciphers), strict=True):
        if not isinstance(before := outcomes[n], Recorded) or not before.new:
            outcomes[n] = done
    for n, client in enumerate(clients):
        if outcomes[n] is None:  # the same id twice in one batch
            outcomes[n] = _twice(entries[n], entries[first[client]][1], outcomes[first[client]])
    return [outcome for outcome in outcomes if outcome is not None]


def _asked(vault: Vault, name: str, entry: Entry, client: bytes, today: str) -> Asked:
    if entry.day > today:
        raise BadEntry(f"{name}, date", "is later than today", "record it when it has happened")
    return asked_of(vault, name, entry, client)


def _placed(
    vault: Vault, resolver: Resolver, asked: Mapping[int, Asked], outcomes: list[Outcome | None]
) -> Iterator[tuple[int, Asked, int]]:
    """Each entry with its person; a refusal once for each person whom it may be about.

    :param outcomes: are told of what cannot be recorded.
    """
    correcting = [vault.client(each.entry.corrects) for each in asked.values() if each.entry.corrects]
    there = set(_known(vault, correcting)) if correcting else set[bytes]()
    for n, each in asked.items():
        try:
            if each.entry.corrects and vault.client(each.entry.corrects) not in there:
                raise BadEntry(
                    f"{each.name}, corrects", "is the id of no entry that was recorded",
                    "name the id under which the wrong entry was recorded, and record that one first",
                )  # fmt: skip
            numbers = resolver.place(each) if each.hashes else [0]
        except BadCase as wrong:
            outcomes[n] = wrong
            continue
        if correcting:
            there.add(each.client)
        yield n, each, numbers[0]
        for number in numbers[1:]:
            yield n, copy(vault, each, resolver.own(each, number), number), number


# --- Recorded before ---------------------------------------------------------------------------------------


def imported_before(vault: Vault, entries: Sequence[Entry | BadCase]) -> dict[int, Recorded]:
    """Which of these were imported before, by their ids alone: that takes a fraction of the time.

    Not those that may have to be recorded once more (:func:`grondslag.register.standing.standing`).
    """
    clients: dict[bytes, list[int]] = {}
    for n, each in enumerate(entries):
        if isinstance(each, Entry) and each.imported and not each.undated:
            clients.setdefault(vault.client(each.id), []).append(n)
    known = _known(vault, [*clients]) if clients else {}
    return {n: Recorded(bytes(row[0]), new=False) for client, row in known.items() for n in clients[client]}


def _known(vault: Vault, clients: Sequence[bytes]) -> dict[bytes, tuple[Any, ...]]:
    where, values = vault.store.within("client", clients)
    sql = f"SELECT client, uuid, subject, {OPENABLE} FROM {STORED} WHERE {where}"
    return {bytes(row[0]): row[1:] for row in vault.store.rows(sql, *values)}


def _look_again(
    vault: Vault, entries: Sequence[Named], clients: Sequence[bytes], outcomes: list[Outcome | None]
) -> None:
    """What would be refused now may have been recorded before."""
    refused = [n for n, outcome in enumerate(outcomes) if isinstance(outcome, BadCase)]
    if refused and (known := _known(vault, [clients[n] for n in refused])):
        _tell_known(vault, entries, clients, known, outcomes)


def _tell_known(
    vault: Vault,
    entries: Sequence[Named],
    clients: Sequence[bytes],
    known: Mapping[bytes, tuple[Any, ...]],
    outcomes: list[Outcome | None],
) -> None:
    """The same id: the same entry, or one that contradicts it.  Of what was destroyed nobody can say.

    The id of an imported entry is a hash of all that tells it from another; the rest of it (the file, the
    line, the day of an import that stands in for an unknown one) is another each time.
    """
    stored = [(n, known[client]) for n, client in enumerate(clients) if client in known]
    ciphers = vault.ciphers({row[1] for n, row in stored if row[1] and not entries[n][1].imported})
    for n, (id_, subject, seal) in stored:
        name, entry = entries[n]
        cipher = ciphers.get(subject)
        outcomes[n] = Recorded(bytes(id_), new=False)
        readable = seal is not None and (cipher is not None or subject is None)
        if readable and not entry.imported and unsealed(cipher, bytes(seal), bytes(id_))[1] != entry.body:
            outcomes[n] = _conflict(name)


def _twice(named: Named, first: Entry, outcome: Outcome | None) -> Outcome:
    if not isinstance(outcome, Recorded):
        assert outcome is not None
        return outcome
    same = first.body == named[1].body or named[1].imported
    return Recorded(outcome.bytes, new=False) if same else _conflict(named[0])


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
        for (_, each, subject), drawn in zip(placed, randoms(len(placed), now), strict=True)
    ]
    numbers = append(vault.store, entries, now)
    blobs = []
    for place, (_, each, subject) in enumerate(placed):
        for nth, blob in enumerate(each.entry.blobs):
            (nonce,) = nonces(1)
            context = blob_context(entries[place][0][0], nth)
            blobs.append((numbers[place], nth, sealed(ciphers.get(subject), nonce, blob, context)))
    vault.store.insert("blob", blobs)
    return [Recorded(drawn[0], new=True) for drawn, *_ in entries]
