"""From the register to its log: entries get their place, checkpoints are signed, tiles are written.

One sequencer at a time gives places.  Whatever happens on the way, the database is first: what it has given a
place stays there, and the files of the log are made from it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from grondslag.errors import Forked
from grondslag.ledger.checkpoint import Checkpoint
from grondslag.ledger.merkle import Tree, leaf_hash
from grondslag.ledger.note import Signer, sign
from grondslag.ledger.tiles import Tiles
from grondslag.register.sealing import leaf
from grondslag.register.store import BATCH, PLACES, Busy, Row, Store

HASH: Final = 32


def sequence(store: Store, signer: Signer, at: datetime) -> Checkpoint:
    """Give every entry that has none its place, in one transaction with the checkpoint that says so.

    :returns: the last checkpoint; an old one when nothing was waiting.
    """
    while True:
        try:
            with store.writing():
                store.sequencing()
                return _sequence(store, signer, int(at.timestamp()))
        except Busy:
            continue


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

    :raises Forked: when the files hold another log than the database: it was restored from an older copy, or
        they are another register's.
    """
    last = latest(store)
    if last is None:
        return
    written = tiles.checkpoint()
    first = 0
    if written is not None:
        found = Checkpoint.open(written, signer.vkey)
        known = store.rows("SELECT root FROM checkpoint WHERE size = ?", found.size)
        if not known or bytes(known[0][0]) != found.root:
            raise Forked(
                str(tiles.folder), f"holds a log of {found.size} entries that is not of this register",
                "if the database was restored from an older copy, restore the newest; never publish two logs",
            )  # fmt: skip
        first = found.size
    tiles.introduce(signer.vkey)
    tiles.append(first, leaves(store, first))
    tiles.publish(last[3])


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
    begin = batch << PLACES
    sql = (
        "SELECT recorded, kind, uuid, commitment FROM entry WHERE number >= ? AND number < ? ORDER BY number"
    )
    for recorded, kind, id_, commits in store.rows(sql, begin, begin + BATCH):
        yield leaf(recorded, kind, bytes(id_), bytes(commits))


def place_of(store: Store, number: int) -> int | None:
    """The place of an entry in the log; None while it waits for one."""
    found: list[Any] = store.rows("SELECT first FROM sequenced WHERE batch = ?", number >> PLACES)
    return found[0][0] + (number & BATCH - 1) if found else None
