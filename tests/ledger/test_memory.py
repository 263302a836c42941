"""A log grows and is checked in memory that stays flat; how fast, `make bench` measures."""

from __future__ import annotations

import tracemalloc

from grondslag.ledger import verifier
from grondslag.ledger.merkle import Tree, leaf_hash
from grondslag.ledger.tiles import Tiles
from tests.ledger.logs import SHOP, checkpoint, leaf

LEAF = leaf(0)


def entries(tree: Tree, size: int):
    for index in range(size):
        entry = LEAF + b"%d" % index
        tree.append(leaf_hash(entry))
        yield entry


def test_writing_and_verifying_take_flat_memory(tmp_path):
    tiles, tree = Tiles(tmp_path), Tree()
    tiles.introduce(SHOP.vkey)
    tracemalloc.start()
    tiles.append(0, entries(tree, 70_000))
    tiles.publish(checkpoint(tree).signed(SHOP))
    assert verifier.main([str(tmp_path)]) == 0
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20, "of 16 MB of entries"
