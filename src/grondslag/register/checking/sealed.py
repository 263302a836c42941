"""What is sealed: every payload opens, is what its leaf commits to, and says what the other tables say."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from grondslag.errors import BadCase
from grondslag.ledger.verifier import commitment
from grondslag.register.checking.finding import Finding
from grondslag.register.deciding import DECIDED, campaign_hash
from grondslag.register.keys import opened
from grondslag.register.register import Register
from grondslag.register.resolving import leading
from grondslag.register.sealing import blob_context, unsealed
from grondslag.register.store import Row
from grondslag.register.vault import Vault
from grondslag.register.vocabulary import NOBODYS

_ENTRIES = """
SELECT subject, number, kind, client, uuid, commitment, sealed FROM readable
WHERE subject IS NOT NULL ORDER BY subject, number"""
_NOBODYS = """
SELECT subject, number, kind, client, uuid, commitment, sealed FROM entry
WHERE subject IS NULL ORDER BY number"""
_FORGOTTEN = """
SELECT count(*) FROM campaign c JOIN entry e ON e.number = c.entry WHERE e.kind = 'decided'
AND (NOT EXISTS (SELECT 1 FROM subject_key k WHERE k.subject = e.subject)
OR EXISTS (SELECT 1 FROM destroyed d WHERE d.entry = e.number))"""
# Who stands for a person of whom something is left, though nothing that was told of him himself.
_BARE = """
SELECT subject FROM subject_key k WHERE subject IN (SELECT person FROM same_person)
AND NOT EXISTS (SELECT 1 FROM readable e WHERE e.subject = k.subject)"""
_HELD = """
SELECT h.keeper, h.entry, e.kind, e.uuid, e.commitment, h.sealed
FROM held h LEFT JOIN entry e ON e.number = h.entry ORDER BY h.keeper, h.entry"""


def readable(register: Register) -> Iterator[Finding]:
    """What cannot be opened, or is not what was recorded."""
    return _Reading(register.vault).all()


class _Reading:
    """One reading of all that is sealed.

    :ivar seen: how many rows of each table were led to; the rest belongs to nobody.
    """

    def __init__(self, vault: Vault) -> None:
        self.vault, self.store = vault, vault.store
        self.seen: Counter[str] = Counter()

    def all(self) -> Iterator[Finding]:
        for number, rows in groupby(self.store.stream(_ENTRIES), key=itemgetter(0)):
            yield from self._person(number, rows)
        for (number,) in self.store.rows(_BARE):
            yield from self._person(number, iter(()))
        for row in self.store.stream(_NOBODYS):
            yield from self._entry(row, None, {})
        for keeper, rows in groupby(self.store.stream(_HELD), key=itemgetter(0)):
            yield from self._keeper(keeper, rows)
        ((links,),) = self.store.rows("SELECT count(*) FROM entry WHERE kind IN ('merged', 'split')")
        self.seen["same_person"] = links
        self.seen["campaign"] += self.store.rows(_FORGOTTEN)[0][0]
        for table in ("subject_key", "identifier", "blob", "same_person", "campaign"):
            ((there,),) = self.store.rows(f"SELECT count(*) FROM {table}")
            if there != self.seen[table]:
                yield Finding(table, f"has {there} rows, and entries lead to {self.seen[table]}")

    def _cipher(self, number: int) -> AESGCM | Finding | None:
        """The key of a person; none of somebody who was forgotten."""
        try:
            cipher = self.vault.ciphers([number]).get(number)
        except BadCase as wrong:
            return Finding(f"the key of person {number}", wrong.problem, wrong.remedy)
        self.seen["subject_key"] += cipher is not None
        return cipher

    def _person(self, number: int, rows: Iterator[Row]) -> Iterator[Finding]:
        cipher, index = self._cipher(number), dict[bytes, None]()
        if not isinstance(cipher, AESGCM):
            if cipher:
                yield cipher
            return
        for row in rows:
            yield from self._entry(row, cipher, index)
        yield from self._index(f"person {number}", number, index.keys())

    def _index(self, place: str, number: int, expected: Any) -> Iterator[Finding]:
        there = [bytes(hash_) for (hash_,) in self.store.rows(
            "SELECT hash FROM identifier WHERE subject = ?", number)]  # fmt: skip
        self.seen["identifier"] += len(there)
        if lacking := len(expected - set(there)):
            yield Finding(place, f"is not found by {lacking} of the identifiers that the entries give")
        if extra := len(set(there) - set(expected)):
            yield Finding(place, f"is found by {extra} identifiers that no entry gives")

    def _entry(self, row: Row, cipher: AESGCM | None, index: dict[bytes, None]) -> Iterator[Finding]:
        _, number, kind, client, id_, commits, stored = row
        place = f"entry {number}"
        tree = self._opened(place, cipher, (kind, bytes(id_), bytes(commits), bytes(stored)))
        if isinstance(tree, Finding):
            yield tree
            return
        if self.vault.client(tree["id"]) != bytes(client):
            yield Finding(place, "is not found by its own id")
        if (row[0] is None) is not (kind in NOBODYS):
            yield Finding(place, f"is about {'somebody' if row[0] else 'nobody'}, and no {kind} is")
        index |= dict.fromkeys(leading(self.vault, row[0], tree))
        if kind in ("merged", "split"):
            link = tree[kind]["subject"], tree[kind].get("into", tree[kind]["subject"])
            led = self.store.rows("SELECT subject, person FROM same_person WHERE entry = ?", number)
            if led != [link] or row[0] != link[0]:
                yield Finding(place, f"says who was {kind}, and same_person says something else")
        if kind == DECIDED and "campaign" in tree[kind]:
            led = self.store.rows("SELECT hash FROM campaign WHERE entry = ?", number)
            self.seen["campaign"] += len(led)
            if [bytes(hash_) for (hash_,) in led] != [campaign_hash(self.vault, tree[kind]["campaign"])]:
                yield Finding(place, "is a decision that its campaign does not lead to")
        yield from self._blobs(place, (number, bytes(id_)), cipher, tree)

    def _opened(self, place: str, cipher: AESGCM | None, row: Row) -> dict[str, Any] | Finding:
        """The entry in a payload."""
        kind, id_, commits, stored = row
        try:
            salt, body = unsealed(cipher, stored, id_)
        except BadCase as wrong:
            return Finding(place, wrong.problem, wrong.remedy)
        if commitment(salt, body) != commits:
            return Finding(place, "is not what the log holds the commitment of")
        tree: dict[str, Any] = msgspec.json.decode(body)
        return tree if kind in tree else Finding(place, "is of another kind than the log says")

    def _blobs(self, place: str, key: Row, cipher: AESGCM | None, tree: dict[str, Any]) -> Iterator[Finding]:
        number, id_ = key
        for nth, told in enumerate(tree.get("proof", {}).get("attachments", ())):
            yield from self._blob(f"{place}, attachment {nth}", (number, nth, id_), cipher, told)

    def _blob(self, place: str, key: Row, cipher: AESGCM | None, told: dict[str, str]) -> Iterator[Finding]:
        number, nth, id_ = key
        found = self.store.rows("SELECT sealed FROM blob WHERE entry = ? AND nth = ?", number, nth)
        self.seen["blob"] += len(found)
        if not found:
            yield Finding(place, "is not there")
            return
        try:
            content = bytes(found[0][0])
            if cipher is not None:
                content = opened(cipher, content, blob_context(id_, nth), place)
        except BadCase as wrong:
            yield Finding(place, wrong.problem, wrong.remedy)
            return
        if "sha256:" + hashlib.sha256(content).hexdigest() != told["sha256"]:
            yield Finding(place, "is not the file whose hash the entry holds")

    def _keeper(self, keeper: int, rows: Iterator[Row]) -> Iterator[Finding]:
        """What a duty keeps of somebody who was forgotten."""
        cipher = self._cipher(keeper)
        if not isinstance(cipher, AESGCM):
            yield cipher or Finding(f"keeper {keeper}", "has no key, and holds what a duty keeps")
            return
        for _, number, kind, id_, commits, stored in rows:
            tree = self._opened(f"held {number}", cipher, (kind, bytes(id_), bytes(commits), bytes(stored)))
            if isinstance(tree, Finding):
                yield tree
            else:
                yield from self._blobs(f"held {number}", (number, bytes(id_)), cipher, tree)
        ((found,),) = self.store.rows("SELECT count(*) FROM identifier WHERE subject = ?", keeper)
        self.seen["identifier"] += found
