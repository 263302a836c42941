"""The log: every entry in its batch, every batch in its place, every checkpoint over what came before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from grondslag.ledger import verifier
from grondslag.ledger.checkpoint import Checkpoint
from grondslag.ledger.merkle import Tree, leaf_hash
from grondslag.ledger.note import sign
from grondslag.register import log
from grondslag.register.checking.finding import AGAIN, RESTORE, Finding
from grondslag.register.register import Register
from grondslag.register.sealing import leaf
from grondslag.register.store import PLACES, Row

_WAITING = """
SELECT b.number, b.entries, b.recorded, p.batch FROM batch b LEFT JOIN pending p ON p.batch = b.number
WHERE NOT EXISTS (SELECT 1 FROM sequenced s WHERE s.batch = b.number) ORDER BY b.number"""
_PLACED = """
SELECT s.first, s.batch, b.entries, b.recorded FROM sequenced s LEFT JOIN batch b ON b.number = s.batch
ORDER BY s.first"""
_STRAYS = """
SELECT count(*) FROM pending
WHERE batch IN (SELECT batch FROM sequenced) OR batch NOT IN (SELECT number FROM batch)
"""


def kept(register: Register) -> Iterator[Finding]:
    """What is wrong with the order of the entries, with the tree over them, and with the checkpoints."""
    store = register.store
    tree, found = Tree(), 0
    checkpoints = _Checkpoints(register, tree)
    yield from checkpoints.due()
    for first, batch, count, recorded in store.stream(_PLACED):
        if first != tree.size:
            yield Finding(f"sequenced {first}", f"is no place: {tree.size} entries come before it", RESTORE)
        if count is None:
            yield Finding(f"batch {batch}", "is not there, and has a place in the log", RESTORE)
        entries = log.entries(store, batch)
        yield from _batch(batch, count, recorded, entries)
        found += len(entries)
        for _, at, kind, id_, commits in entries:
            tree.append(leaf_hash(leaf(at, kind, bytes(id_), bytes(commits))))
        yield from checkpoints.due()
    if checkpoints.next is not None or checkpoints.size != tree.size:
        yield Finding("checkpoint", f"the last is not over the {tree.size} entries that have a place")
    for batch, count, recorded, pending in store.stream(_WAITING):
        if pending is None:
            yield Finding(f"batch {batch}", "has no place in the log, and does not wait for one", RESTORE)
        entries = log.entries(store, batch)
        yield from _batch(batch, count, recorded, entries)
        found += len(entries)
    if store.rows(_STRAYS) != [(0,)]:
        yield Finding("pending", "names a batch that has its place, or that is not there", RESTORE)
    if store.rows("SELECT count(*) FROM stamp WHERE size NOT IN (SELECT size FROM checkpoint)") != [(0,)]:
        yield Finding("stamp", "is on a checkpoint that is not there")
    ((there,),) = store.rows("SELECT count(*) FROM entry")
    if there != found:
        yield Finding("entry", f"has {there} entries, and {found} of them are in a batch", RESTORE)


def _batch(batch: int, count: int | None, recorded: Any, entries: list[Row]) -> Iterator[Finding]:
    if [number for number, *_ in entries] != list(range(batch << PLACES, (batch << PLACES) + (count or 0))):
        yield Finding(f"batch {batch}", f"should have {count} entries, and has others ({len(entries)})")
    if any(at != recorded for _, at, *_ in entries):
        yield Finding(f"batch {batch}", "was recorded at another moment than an entry in it says")


class _Checkpoints:
    """The checkpoints beside a tree that grows.

    :ivar next: the first that the tree has not come to.
    :ivar size: how many entries the one before it is over.
    """

    def __init__(self, register: Register, tree: Tree) -> None:
        self.register, self.tree = register, tree
        self.rows = register.store.stream(
            "SELECT size, root, edge, note, published FROM checkpoint ORDER BY size"
        )
        self.next: Row | None = next(self.rows, None)
        self.size, self.published = 0, 0

    def due(self) -> Iterator[Finding]:
        """What is wrong with those that the tree has come to."""
        while self.next is not None and self.next[0] <= self.tree.size:
            yield from self._wrong(*self.next)
            self.size, self.published = self.next[0], self.next[4]
            self.next = next(self.rows, None)

    def _wrong(self, size: int, root: bytes, edge: bytes, note: str, published: int) -> Iterator[Finding]:
        place, signer = f"checkpoint {size}", self.register.signer
        if size != self.tree.size:
            yield Finding(place, "is within a batch: no log was ever of that size")
        elif bytes(root) != self.tree.root() or bytes(edge) != b"".join(self.tree.edge):
            yield Finding(place, f"is not over the first {size} entries as they are: one of them was changed")
        elif note != sign(Checkpoint(signer.name, size, bytes(root)).text, signer):
            yield Finding(place, "is not signed by this log")
        if published < self.published:
            yield Finding(place, "was signed before the one before it")
        for (token,) in self.register.store.rows("SELECT token FROM stamp WHERE size = ?", size):
            try:
                verifier.stamped(bytes(token), note.encode())
            except verifier.Wrong as wrong:
                yield Finding(f"stamp {size}", str(wrong))


def published(register: Register) -> Iterator[Finding]:
    """What is wrong with the files of the log, by the stand-alone verifier, and beside the database."""
    folder, report = register.tiles.folder, verifier.Report()
    if not (folder / "checkpoint").exists():
        return
    with report.of("vkey"):
        if (folder / "vkey").read_text("utf-8", "replace") != register.signer.vkey + "\n":
            raise verifier.Wrong("is not the key of this register")
    verifier.check_log(folder, register.signer.vkey, None, report)
    for wrong in report.wrong:
        file, _, problem = wrong.partition(": ")
        yield Finding(f"{folder.name}/{file}", problem, AGAIN)
    size = log.written(register.store, register.tiles, register.signer)
    if not report.wrong:
        return
    for place, (ours, theirs) in enumerate(
        zip(log.leaves(register.store, 0, size), register.tiles.entries(0, size), strict=True)
    ):
        if ours != theirs:
            yield Finding(f"entry {place} of the log", "is one thing in the database, another in the files")
