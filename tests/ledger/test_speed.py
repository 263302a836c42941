"""A log grows and is checked at a pace that a register can live with, in memory that stays flat."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from grondslag.ledger import verifier
from grondslag.ledger.merkle import Tree, inclusion, leaf_hash, verify_inclusion
from grondslag.ledger.tiles import Tiles
from tests.ledger.logs import SHOP, checkpoint, leaf

SIZE = 200_000
LEAF = leaf(0)


def entries(tree: Tree, size: int):
    for index in range(size):
        entry = LEAF + b"%d" % index
        tree.append(leaf_hash(entry))
        yield entry


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    tiles, tree = Tiles(tmp_path_factory.mktemp("speed")), Tree()
    tiles.introduce(SHOP.vkey)
    started = time.perf_counter()
    tiles.append(0, entries(tree, SIZE))
    tiles.publish(checkpoint(tree).signed(SHOP))
    return tiles, tree, time.perf_counter() - started


def test_a_million_entries_would_be_written_within_half_a_minute(grown):
    assert grown[2] * 1_000_000 / SIZE < 30


def test_a_million_entries_would_be_verified_within_half_a_minute(grown):
    started = time.perf_counter()
    assert verifier.main([str(grown[0].folder)]) == 0
    assert (time.perf_counter() - started) * 1_000_000 / SIZE < 30


def test_one_proof_is_verified_within_a_millisecond(grown):
    tiles, tree, _ = grown
    cases = [(index, inclusion(index, SIZE, tiles.node)) for index in range(0, SIZE, SIZE // 50)]
    leaves = [leaf_hash(next(tiles.entries(index, 1))) for index, _ in cases]
    started = time.perf_counter()
    for (index, path), hash_ in zip(cases, leaves, strict=True):
        assert verify_inclusion(index, SIZE, hash_, path, tree.root())
    assert (time.perf_counter() - started) / len(cases) < 0.001


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
