"""The keys of one register, in use: the blind index, signing, and the ciphers of its people."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from grondslag.errors import Unopened
from grondslag.register.keys import LENGTH, Master
from grondslag.register.store import Row, Store
from grondslag.register.subjects import blind

SECRETS: Final = ("index", "signing")


class Vault:
    """A store, and what the master key opens of it.

    :raises Unopened: when it is not the master key of this register.
    """

    def __init__(self, store: Store, master: Master) -> None:
        self.store, self.master = store, master
        found = {name: (owner, bytes(wrapped)) for name, owner, wrapped in store.rows(
            "SELECT name, master, wrapped FROM secret")}  # fmt: skip
        if {owner for owner, _ in found.values()} != {master.name}:
            raise Unopened(
                "the key", "is not the master key of this register", "use the key that it was made with"
            )
        secrets = {name: master.unwrap(found[name][1], key_context(name)) for name in SECRETS}
        self._index = secrets["index"]
        self.signing = Ed25519PrivateKey.from_private_bytes(secrets["signing"])

    @staticmethod
    def make(store: Store, master: Master) -> None:
        """Draw the secrets of a new register."""
        drawn = [(name, master.name, master.wrap(os.urandom(LENGTH), key_context(name))) for name in SECRETS]
        store.insert("secret", drawn)

    def client(self, id_: str) -> bytes:
        """The blind index of a client's own id."""
        return blind(self._index, "client", id_)

    def index(self, kind: str, spelled: str) -> bytes:
        """The blind index of an identifier."""
        return blind(self._index, kind, spelled)

    def tag(self, *parts: str) -> str:
        """A short keyed hash, for the log: with the parts at hand it tells whether they were changed."""
        return blind(self._index, "tag", *parts)[:4].hex()

    def sum_of(self, rows: Iterable[Row]) -> int:
        """A keyed hash of rows in any order, of 32 bits: that of some of them, and of the others, add up."""
        return sum(int(self.tag(*map(_text, row)), 16) for row in rows) & 0xFFFFFFFF

    def new_keys(self, subjects: Iterable[int]) -> list[tuple[tuple[int, str, bytes], AESGCM]]:
        """For each new person the row of the key, and the key at work."""
        made = []
        for subject in subjects:
            key = AESGCM.generate_key(LENGTH * 8)
            row = (subject, self.master.name, self.master.wrap(key, key_context(subject)))
            made.append((row, AESGCM(key)))
        return made

    def current(self, *, alone: bool = False) -> None:
        """In a transaction: see to it that the keys are not wrapped anew meanwhile.

        :param alone: wait until nobody else is writing: it is this transaction that wraps them anew.
        :raises Unopened: when they were, since this vault was opened.
        """
        lock = self._lock(alone)
        found = self.store.rows(f"SELECT master FROM secret WHERE name = ?{lock}", SECRETS[0])
        if found != [(self.master.name,)]:
            raise Unopened("the key", "was replaced by another", "open the register again, with the new key")

    def ciphers(
        self, subjects: Iterable[int], *, lock: bool = False, alone: bool = False
    ) -> dict[int, AESGCM]:
        """The keys of people, for those who still have one.

        :param lock: in a transaction: nobody destroys one of these until it ends.
        :param alone: and nobody records anything under one of them either.
        """
        wrapped = self.wrapped(subjects, self._lock(alone) if lock or alone else "")
        return {subject: self.cipher(subject, each) for subject, each in wrapped.items()}

    def wrapped(self, subjects: Iterable[int], then: str = "") -> dict[int, bytes]:
        """The same keys as they are stored.

        :param then: what the query ends in.
        """
        wanted = set(subjects)
        if not wanted:
            return {}
        where, values = self.store.within("subject", wanted)
        return dict(self.store.rows(f"SELECT subject, wrapped FROM subject_key WHERE {where}{then}", *values))

    def cipher(self, subject: int, wrapped: bytes) -> AESGCM:
        """The key of one person, from its row."""
        return AESGCM(self.master.unwrap(bytes(wrapped), key_context(subject)))

    def _lock(self, alone: bool) -> str:
        """What a query of rows that are to stay ends in; who has the whole database needs nothing."""
        return (" FOR UPDATE" if alone else " FOR SHARE") if self.store.shared else ""


def _text(value: object) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def key_context(owner: int | str) -> bytes:
    """What a wrapped key is bound to: the number of a person, or the name of a secret."""
    return f"subject {owner}".encode() if isinstance(owner, int) else owner.encode()
