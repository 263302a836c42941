"""The evidence: each entry with its proof that it is in the log, and the log with its signature and times."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from grondslag.errors import Unpublished
from grondslag.ledger import verifier
from grondslag.ledger.checkpoint import Checkpoint
from grondslag.ledger.proof import Proof, growth, shown
from grondslag.register import log
from grondslag.register.history import Known, attachments, numbered, suffix
from grondslag.register.proving.archive import Archive
from grondslag.register.register import Register
from grondslag.register.sealing import leaf

_ROWS: Final = "SELECT number, recorded, kind, uuid, commitment FROM entry"
_NODES: Final = 1 << 16
"""Hashes of the log that are kept at hand: proofs have most of them in common."""


class Evidence:
    """What goes into a pack of one register.

    :ivar checkpoint: the newest that is published; every proof ends in it.
    :ivar signed: when it was signed, in UTC.
    :ivar stamped: when an authority saw it, in UTC; None when it has no timestamp.
    :raises Unpublished: when nothing is.
    """

    def __init__(self, register: Register, archive: Archive) -> None:
        self.register, self.archive = register, archive
        note = register.tiles.checkpoint()
        if note is None:
            raise Unpublished("the log", "is not published yet", PUBLISH)
        self.note = note
        self.checkpoint = Checkpoint.open(note, register.signer.vkey)
        size = self.checkpoint.size
        ((moment,),) = register.store.rows("SELECT published FROM checkpoint WHERE size = ?", size)
        self.signed = datetime.fromtimestamp(moment, UTC)
        self.stamped: datetime | None = None
        self.node = lru_cache(_NODES)(register.tiles.node)

    def of_the_log(self) -> None:
        """Add the checkpoint with its timestamp, and the earlier ones that the log grew from.

        Of the earlier ones: those with a timestamp, and the last.
        """
        size = self.checkpoint.size
        self.archive.add("checkpoint", self.note.encode())
        for (token,) in self.register.store.rows("SELECT token FROM stamp WHERE size = ?", size):
            self.stamped = verifier.stamped(bytes(token), self.note.encode())
            self.archive.add("timestamp.tsr", bytes(token))
        last = "SELECT max(size) FROM checkpoint WHERE size < ?"
        sql = (
            "SELECT c.size, c.note, s.token FROM checkpoint c LEFT JOIN stamp s ON s.size = c.size"
            f" WHERE c.size > 0 AND c.size < ? AND (s.size IS NOT NULL OR c.size = ({last})) ORDER BY c.size"
        )
        for before, note, token in self.register.store.rows(sql, size, size):
            proof = growth(note, self.checkpoint, self.node)
            self.archive.add(f"earlier/{before}.proof", proof.encode())
            if token is not None:
                self.archive.add(f"earlier/{before}.tsr", bytes(token))

    def of(self, entries: Iterable[Known]) -> None:
        """Add what proves these entries, and the files that go with them; what is there is passed over."""
        fresh = {entry.number: entry for entry in entries if _proof(entry.id) not in self.archive.digests}
        self._prove(list(fresh))
        for entry in fresh.values():
            for n, (name, content) in enumerate(attachments(self.register.vault, entry), 1):
                self.archive.add(f"attachments/{entry.id}-{n}{suffix(name) or '.bin'}", content)

    def of_forgotten(self, numbers: Sequence[int]) -> None:
        """Add what proves that these entries are in the log, though nobody can read them any more."""
        self._prove(numbers)

    def place(self, entry: Known) -> int:
        """The place of an entry in the log.

        :raises Unpublished: when it waits for one.
        """
        return self._place(entry.number)

    def _prove(self, numbers: Sequence[int]) -> None:
        register = self.register
        readable = {entry.number: (salt, body) for entry, salt, body in numbered(register.vault, numbers)}
        where, values = register.store.within("number", numbers)
        rows = sorted(register.store.rows(f"{_ROWS} WHERE {where}", *values)) if numbers else []
        for number, recorded, kind, stored_id, commits in rows:
            id_, (salt, body) = uuid.UUID(bytes=bytes(stored_id)), readable.get(number, (b"", b""))
            if body:
                self.archive.add(f"entries/{id_}.json", body)
            extra = shown(leaf(recorded, kind, id_.bytes, bytes(commits)), salt, body)
            proof = Proof.make(self._place(number), self.node, self.note, extra)
            self.archive.add(_proof(id_), proof.text.encode())

    def _place(self, number: int) -> int:
        found = log.place_of(self.register.store, number)
        if found is None or found >= self.checkpoint.size:
            raise Unpublished("an entry", "waits for its place in the log", PUBLISH)
        return found


PUBLISH: Final = "run `grondslag publish` first, or give --publish"


def _proof(id_: uuid.UUID) -> str:
    return f"proofs/{id_}.tlog-proof"
