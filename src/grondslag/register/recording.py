"""Recording: entries are sealed and stored, all of a batch or none, and an id is recorded once."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal, overload

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from grondslag.errors import AmbiguousSubject, BadCase, BadEntry, ConflictingEvent, Suppressed
from grondslag.register.entries import DUTCH_TIME, Entry
from grondslag.register.own import recorded_at
from grondslag.register.people import roots
from grondslag.register.sealing import blob_context, committed, randoms, sealed, unsealed
from grondslag.register.store import ATTEMPTS, PLACES, Busy
from grondslag.register.subjects import ID, identifiers
from grondslag.register.vault import Vault
from grondslag.register.vocabulary import REFUSALS

LARGEST: Final = 10_000
"""Entries in one batch."""
_RESERVED: Final = 100
"""Numbers of new people taken at a time; one that is not used is never given again."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of an entry.

    :ivar id: its id in the log, a UUID.
    :ivar new: false when it had been recorded before: nothing was written.
    """

    id: uuid.UUID
    new: bool


Outcome = Recorded | BadCase


@overload
def record(
    vault: Vault, entries: Sequence[tuple[str, Entry]], at: datetime, *, whole: Literal[True]
) -> list[Recorded]: ...
@overload
def record(vault: Vault, entries: Sequence[tuple[str, Entry]], at: datetime) -> list[Outcome]: ...


def record(
    vault: Vault, entries: Sequence[tuple[str, Entry]], at: datetime, *, whole: bool = False
) -> Sequence[Outcome]:
    """Record a batch: what can be recorded is durable when this returns, the rest is told why not.

    :param entries: with the name by which errors call each.
    :param whole: raise what is wrong with the first that cannot be recorded, and record none.
    :param at: now; if the clock went back since the last recording, that moment is taken instead.
    """
    if len(entries) > LARGEST:
        raise ValueError(f"a batch holds at most {LARGEST} entries, not {len(entries)}")
    for attempt in range(ATTEMPTS):
        try:
            with vault.store.writing():
                outcomes = _Batch(vault, int(at.timestamp())).record(entries)
                for outcome in outcomes if whole else ():
                    if isinstance(outcome, BadCase):
                        raise outcome
                return outcomes
        except Busy:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError  # the last attempt returned or raised


@dataclass(slots=True)
class _Person:
    """Whom an entry is about: by its hashes, and once it is found by number and key."""

    hashes: list[tuple[str, bytes]]
    number: int = 0
    cipher: AESGCM | None = None


@dataclass(slots=True)
class _Batch:
    """One transaction of recording."""

    vault: Vault
    now: int
    owners: dict[bytes, list[int]] = field(default_factory=dict)
    ciphers: dict[int, AESGCM] = field(default_factory=dict)
    roots: dict[int, int] = field(default_factory=dict)
    refusing: frozenset[int] = frozenset()
    suppressed: dict[bytes, str] = field(default_factory=dict)
    new_subjects: list[int] = field(default_factory=list)
    unused: Iterator[int] = field(default_factory=lambda: iter(()))
    identifier_rows: list[tuple[bytes, int, int]] = field(default_factory=list)

    def record(self, entries: Sequence[tuple[str, Entry]]) -> list[Outcome]:
        self.vault.current()
        now = self._recorded_at()
        today = datetime.fromtimestamp(now, DUTCH_TIME).date()
        outcomes: dict[int, Outcome] = {}
        people: dict[int, _Person] = {}
        clients = [self.vault.client(entry.id) for _, entry in entries]
        known = self._known(clients)
        first: dict[bytes, int] = {}
        for n, ((name, entry), client) in enumerate(zip(entries, clients, strict=True)):
            if client in known:
                outcomes[n] = self._again(name, entry, *known[client])
            elif first.setdefault(client, n) == n:
                try:
                    people[n] = self._hashed(name, entry, today)
                except BadCase as wrong:
                    outcomes[n] = wrong
        self._find(people.values())
        self._look_for_refusals([(people[n], entries[n][1]) for n in people])
        for n, person in list(people.items()):
            try:
                self._place(person, *entries[n])
            except BadCase as wrong:
                outcomes[n] = wrong
                del people[n]
        self._keys({person.number for person in people.values()})
        written = self._write(now, [(entries[n][1], clients[n], people[n]) for n in people])
        outcomes |= dict(zip(people, written, strict=True))
        for n, ((name, entry), client) in enumerate(zip(entries, clients, strict=True)):
            if n not in outcomes:  # the same id twice in one batch
                outcomes[n] = self._twice(name, entry, entries[first[client]][1], outcomes[first[client]])
        return [outcomes[n] for n in range(len(entries))]

    def _recorded_at(self) -> int:
        return recorded_at(self.vault.store, self.now)

    # --- Recorded before -----------------------------------------------------------------------------------

    def _known(self, clients: Sequence[bytes]) -> dict[bytes, tuple[Any, ...]]:
        where, values = self.vault.store.within("client", clients)
        sql = f"SELECT client, uuid, subject, sealed FROM entry WHERE {where}"
        return {bytes(row[0]): row[1:] for row in self.vault.store.rows(sql, *values)}

    def _again(self, name: str, entry: Entry, id_: bytes, subject: int | None, stored: bytes) -> Outcome:
        """The same id: the same entry, or one that contradicts it.  Of somebody forgotten nobody can say."""
        before = Recorded(uuid.UUID(bytes=bytes(id_)), new=False)
        cipher = None
        if subject is not None:
            cipher = self.vault.ciphers([subject]).get(subject)
            if cipher is None:
                return before
        return before if unsealed(cipher, bytes(stored), bytes(id_))[1] == entry.body else _conflict(name)

    def _twice(self, name: str, entry: Entry, first: Entry, outcome: Outcome) -> Outcome:
        if not isinstance(outcome, Recorded):
            return outcome
        return Recorded(outcome.id, new=False) if first.body == entry.body else _conflict(name)

    # --- Whom it is about ----------------------------------------------------------------------------------

    def _hashed(self, name: str, entry: Entry, today: date) -> _Person:
        if entry.date > today:
            raise BadEntry(f"{name}, date", "is later than today", "record it when it has happened")
        found = identifiers(entry.subject, name)
        return _Person([(kind, self.vault.index(kind, spelled)) for kind, spelled in found])

    def _find(self, people: Any) -> None:
        """Who has these identifiers already."""
        hashes = {hash_ for person in people for _, hash_ in person.hashes}
        where, values = self.vault.store.within("hash", hashes)
        for hash_, _, subject in (
            self.vault.store.rows(
                f"SELECT hash, nth, subject FROM identifier WHERE {where} ORDER BY hash, nth", *values
            )
            if hashes
            else ()
        ):
            self.owners.setdefault(bytes(hash_), []).append(subject)
        self.roots = roots(self.vault.store, {number for owners in self.owners.values() for number in owners})

    def _place(self, person: _Person, name: str, entry: Entry) -> None:
        """The one person that an entry is about; a new one when nobody is known by any of its identifiers."""
        if not person.hashes:
            return
        owners = self._owners(person, name)
        imported = _is_import(entry)
        if imported and entry.kind not in REFUSALS:
            self._refuse_resurrection(person, owners, name, entry)
        person.number = owners[0] if owners else self._somebody()
        for _, hash_ in person.hashes:
            having = self.owners.setdefault(hash_, [])
            if person.number not in having:
                self.identifier_rows.append((hash_, len(having), person.number))
                having.append(person.number)

    def _owners(self, person: _Person, name: str) -> list[int]:
        """By the id when there is one: a contact detail may be shared, or change hands."""
        by_kind = {kind: self.owners.get(hash_, []) for kind, hash_ in person.hashes}
        if ID in by_kind:
            return by_kind[ID]
        found = [owners for owners in by_kind.values() if owners]
        if len({self.roots.get(number, number) for owners in found for number in owners}) == 1:
            return found[0][:1]
        common = [number for number in found[0] if all(number in each for each in found)] if found else []
        if found and len(common) != 1:
            raise AmbiguousSubject(
                f"{name}, subject", "names more than one person by its contact details",
                "name the id of the one who is meant, or merge them first",
            )  # fmt: skip
        return common

    def _somebody(self) -> int:
        number = next(self.unused, None)
        if number is None:
            self.unused = iter(self.vault.store.numbers("subject", _RESERVED))
            number = next(self.unused)
        self.new_subjects.append(number)
        return number

    def _keys(self, numbers: set[int]) -> None:
        """The keys of everybody in the batch; nobody destroys one of them until it is done."""
        made = self.vault.new_keys(self.new_subjects)
        self.vault.store.insert("subject_key", [row for row, _ in made])
        before = numbers - {0, *self.new_subjects}
        self.ciphers = self.vault.ciphers(before, lock=True)
        if before - self.ciphers.keys():
            raise Busy("somebody was forgotten meanwhile")
        self.ciphers |= {row[0]: cipher for row, cipher in made}
        self.vault.store.insert("identifier", sorted(self.identifier_rows))

    # --- Nobody is brought back by an import ---------------------------------------------------------------

    def _look_for_refusals(self, given: Sequence[tuple[_Person, Entry]]) -> None:
        """Who has refused, and which addresses are suppressed; asked for imports only."""
        imported = [person for person, entry in given if _is_import(entry) and entry.kind not in REFUSALS]
        hashes = {self.vault.suppression(hash_) for person in imported for _, hash_ in person.hashes}
        if not hashes:
            return
        where, values = self.vault.store.within("hash", hashes)
        sql = f"SELECT hash, max(day) FROM suppression WHERE {where} GROUP BY hash"
        self.suppressed = {bytes(hash_): day for hash_, day in self.vault.store.rows(sql, *values)}
        subjects = {
            number
            for person in imported
            for _, hash_ in person.hashes
            for number in self.owners.get(hash_, ())
        }
        if subjects:
            where, values = self.vault.store.within("subject", subjects)
            kinds = ", ".join(f"'{kind}'" for kind in REFUSALS)
            sql = f"SELECT DISTINCT subject FROM entry WHERE {where} AND kind IN ({kinds})"
            self.refusing = frozenset(number for (number,) in self.vault.store.rows(sql, *values))

    def _refuse_resurrection(self, person: _Person, owners: list[int], name: str, entry: Entry) -> None:
        for _, hash_ in person.hashes:
            if day := self.suppressed.get(self.vault.suppression(hash_)):
                raise Suppressed(
                    name, f"is about somebody who was forgotten on {day} and is not to be approached",
                    "leave it out; who wants to be approached again gives a new consent",
                )  # fmt: skip
        if entry.kind == "consent" and any(number in self.refusing for number in owners):
            raise Suppressed(
                name, "is a consent from a file, of somebody who has objected or withdrawn",
                "leave it out, or record the new consent with its proof where it was given",
            )  # fmt: skip

    # --- Writing -------------------------------------------------------------------------------------------

    def _write(self, now: int, given: Sequence[tuple[Entry, bytes, _Person]]) -> Iterator[Recorded]:
        if not given:
            return iter(())
        (batch,) = self.vault.store.numbers("batch", 1)
        rows, blobs, written = [], [], []
        for place, ((entry, client, person), (id_, salt, nonce)) in enumerate(
            zip(given, randoms(len(given)), strict=True)
        ):
            number, cipher = batch << PLACES | place, self.ciphers.get(person.number)
            payload = sealed(cipher, nonce, salt + entry.body, id_)
            subject = person.number or None
            commits = committed(salt, entry.body)
            rows.append((number, now, subject, entry.kind, client, id_, commits, payload))
            for nth, blob in enumerate(entry.blobs):
                ((_, _, fresh),) = randoms(1)
                blobs.append((number, nth, sealed(cipher, fresh, blob, blob_context(id_, nth))))
            written.append(Recorded(uuid.UUID(bytes=id_), new=True))
        self.vault.store.insert("entry", rows)
        if blobs:
            self.vault.store.insert("blob", blobs)
        self.vault.store.insert("batch", [(batch, len(rows), now)])
        self.vault.store.insert("pending", [(batch,)])
        return iter(written)


def _is_import(entry: Entry) -> bool:
    if b'"by":"import"' not in entry.body:  # nearly all are told by this
        return False
    proof: Mapping[str, Any] = json.loads(entry.body).get("proof", {})
    return proof.get("by") == "import"


def _conflict(name: str) -> ConflictingEvent:
    return ConflictingEvent(
        name, "has an id that was recorded before, with other content",
        "give it a new id; to put something right, name the old id under corrects",
    )  # fmt: skip
