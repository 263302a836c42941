"""From the register to its log: entries get their place, checkpoints are signed, tiles are written.

One sequencer at a time gives places.  Whatever happens on the way, the database is first: what it has given a
place stays there, and the files of the log are made from it again.
"""

from __future__ import annotations

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from grondslag.errors import Forked, Unwritten
from grondslag.ledger.checkpoint import Checkpoint
from grondslag.ledger.merkle import Tree, leaf_hash
from grondslag.ledger.note import Signer, sign
from grondslag.ledger.tiles import Tiles
from grondslag.register.sealing import leaf, second_of
from grondslag.register.store import BATCH, PLACES, Row, Store, again

HASH: Final = 32


def publish(store: Store, tiles: Tiles, signer: Signer, at: datetime) -> Checkpoint:
    """Give every entry that waits its place, and bring the files of the log up to that.

    Nothing is signed while the files hold another log than the database.

    :raises Forked: as :func:`written`.
    :raises Unwritten: when the files cannot be written; what has its place keeps it.
    """
    try:
        with _alone(tiles.folder):
            written(store, tiles, signer)
            checkpoint = sequence(store, signer, at)
            write(store, tiles, signer)
    except OSError as wrong:
        remedy = "see to room and permission there, and publish again; the database has everything"
        raise Unwritten(str(tiles.folder), f"cannot be written ({wrong.strerror})", remedy) from None
    return checkpoint


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Whoever writes the files of a log does so alone; others wait."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def sequence(store: Store, signer: Signer, at: datetime) -> Checkpoint:
    """Give every entry that has none its place, in one transaction with the checkpoint that says so.

    :returns: the last checkpoint; an old one when nothing was waiting.
    """

    def once() -> Checkpoint:
        with store.writing():
            store.sequencing()
            return _sequence(store, signer, int(at.timestamp()))

    return again(once)


def _sequence(store: Store, signer: Signer, now: int) -> Checkpoint:
    last = latest(store)
    batches = [number for (number,) in store.rows("SELECT batch FROM pending ORDER BY batch")]
    if last and not batches:
        return Checkpoint(signer.name, last[0], bytes(last[1]))
    size, edge, published = (last[0], bytes(last[2]), last[4]) if last else (0, b"", 0)
    tree = Tree(size, [edge[at : at + HASH] for at in range(0, len(edge), HASH)])
    places: list[Row] = []
    for batch in batches:
        places.append((tree.size, batch))
        for entry in _leaves(store, batch):
            tree.append(leaf_hash(entry))
    checkpoint = Checkpoint(signer.name, tree.size, tree.root())
    note = sign(checkpoint.text, signer)
    store.insert("sequenced", places)
    store.rows("DELETE FROM pending WHERE batch IN (SELECT batch FROM sequenced)")
    row = (tree.size, checkpoint.root, b"".join(tree.edge), note, max(now, published))
    store.insert("checkpoint", [row])
    return checkpoint


def latest(store: Store) -> Row | None:
    """The last checkpoint: size, root, edge, note, moment."""
    found = store.rows("SELECT size, root, edge, note, published FROM checkpoint ORDER BY size DESC LIMIT 1")
    return found[0] if found else None


def write(store: Store, tiles: Tiles, signer: Signer) -> None:
    """Bring the files of the log up to the last checkpoint.

    :raises Forked: as :func:`written`.
    """
    last = latest(store)
    if last is None:
        return
    first = written(store, tiles, signer)
    tiles.introduce(signer.vkey)
    tiles.append(first, leaves(store, first, last[0]))
    tiles.publish(last[3])


def written(store: Store, tiles: Tiles, signer: Signer) -> int:
    """How many entries the files of the log hold.

    :raises Forked: when the files hold another log than the database: it was restored from an older copy, or
        they are another register's.
    """
    key = tiles.folder / "vkey"
    if key.exists() and key.read_text("utf-8", "replace").strip() != signer.vkey:
        raise Forked(str(tiles.folder), "holds the log of another register", "name another folder")
    note = tiles.checkpoint()
    if note is None:
        return 0
    found = Checkpoint.open(note, signer.vkey)
    known = store.rows("SELECT root FROM checkpoint WHERE size = ?", found.size)
    if not known or bytes(known[0][0]) != found.root:
        raise Forked(
            str(tiles.folder), f"holds a log of {found.size} entries that is not of this register",
            "if the database was restored from an older copy, restore the newest; never publish two logs",
        )  # fmt: skip
    return found.size


def leaves(store: Store, first: int, until: int | None = None) -> Iterator[bytes]:
    """The entries of the log from a place on, in its order; memory stays flat."""
    begin = "(SELECT coalesce(max(first), 0) FROM sequenced WHERE first <= ?)"
    batches = store.stream(f"SELECT first, batch FROM sequenced WHERE first >= {begin} ORDER BY first", first)
    for start, batch in batches:
        for place, entry in enumerate(_leaves(store, batch), start):
            if until is not None and place >= until:
                return
            if place >= first:
                yield entry


def _leaves(store: Store, batch: int) -> Iterator[bytes]:
    """The log's entries of one batch, in their order."""
    for _, recorded, kind, id_, commits in entries(store, batch):
        yield leaf(recorded, kind, bytes(id_), bytes(commits))


def entries(store: Store, batch: int) -> list[Row]:
    """The entries of one batch, in their order: number, moment, kind, id, commitment."""
    begin = batch << PLACES
    sql = "SELECT number, recorded, kind, uuid, commitment FROM entry WHERE number >= ? AND number < ?"
    return store.rows(f"{sql} ORDER BY number", begin, begin + BATCH)


def number_of(store: Store, id_: uuid.UUID) -> int | None:
    """The number of an entry: its id tells when it was recorded, and that in which batches it may be."""
    for (batch,) in store.rows("SELECT number FROM batch WHERE recorded = ?", second_of(id_)):
        begin = batch << PLACES
        sql = "SELECT number FROM entry WHERE number >= ? AND number < ? AND uuid = ?"
        for (number,) in store.rows(sql, begin, begin + BATCH, id_.bytes):
            return int(number)
    return None


def place_of(store: Store, number: int) -> int | None:
    """The place of an entry in the log; None while it waits for one."""
    found: list[Any] = store.rows("SELECT first FROM sequenced WHERE batch = ?", number >> PLACES)
    return found[0][0] + (number & BATCH - 1) if found else None
