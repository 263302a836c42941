"""A log in a folder: what anyone reads there is what was logged, whatever happened while it was written."""

from __future__ import annotations

import base64
import json
import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grondslag.errors import BadEvidence
from grondslag.ledger import verifier
from grondslag.ledger.checkpoint import Checkpoint
from grondslag.ledger.merkle import (
    Tree,
    consistency,
    inclusion,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from grondslag.ledger.tiles import LONGEST, Tiles
from tests.ledger.logs import SHOP, VECTORS, checkpoint, grow, leaf, leaves

EXAMPLES = json.loads((VECTORS / "tlog" / "c2sp-examples.json").read_text())


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def tree(size: int) -> Tree:
    grown = Tree()
    for entry in leaves(0, size):
        grown.append(leaf_hash(entry))
    return grown


def test_a_path_is_written_as_in_the_specification():
    example = EXAMPLES["tile_path_encoding"]
    assert verifier.tile_path(0, example["index"]) == "tile/0/" + example["path"]
    assert verifier.tile_path("entries", example["index"], 7) == f"tile/entries/{example['path']}.p/7"


@given(st.just("entries") | st.integers(0, 63), st.integers(0, 10**18), st.integers(1, 256))
def test_a_path_reads_back(kind, n, width):
    assert verifier.parse_tile_path(verifier.tile_path(kind, n, width)) == (kind, n, width)


@pytest.mark.parametrize(
    "path",
    [
        "tile/64/000",
        "tile/00/000",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p",
        "tile/0/٠٠٠",
        "tile/entries/000\n",
        "tile/-1/000",
        "../tile/0/000",
    ],
    ids=ascii,
)
def test_no_other_path_is_that_of_a_tile(path):
    assert verifier.parse_tile_path(path) is None


def test_a_log_of_256_has_a_whole_tile_and_one_hash_above_it(tmp_path):
    grow(tmp_path, 256)
    assert {*files(tmp_path)} == {"vkey", "checkpoint", "tile/0/000", "tile/entries/000", "tile/1/000.p/1"}


def test_a_log_of_70_000_is_laid_out_as_in_the_specification(tmp_path):
    layout = EXAMPLES["tile_layout_size_70000"]
    Tiles(tmp_path).append(0, (b"%d" % index for index in range(70_000)))
    found = filter(None, map(verifier.parse_tile_path, files(tmp_path)))
    count = Counter((kind, width < 256) for kind, _, width in found)
    assert count[0, False] == count["entries", False] == layout["level0_full"]
    assert count[1, False] == layout["level1_full"]
    assert [
        len(data) // 32
        for path, data in sorted(files(tmp_path).items())
        if ".p/" in path and "entries" not in path
    ] == [
        layout["level0_partial_width"],
        layout["level1_partial_width"],
        layout["level2_partial_width"],
    ]


@pytest.mark.parametrize("size", range(1, 16))
def test_the_tiles_of_the_tessera_log_come_out_byte_for_byte(tmp_path, size):
    theirs = json.loads((VECTORS / "tlog" / "tessera-testlog.json").read_text())["files_base64"]
    entries = [*verifier.parse_bundle(base64.b64decode(theirs[f"tile/entries/000.p/{size}"]))]
    tiles = Tiles(tmp_path)
    tiles.append(0, entries)
    tiles.publish(base64.b64decode(theirs[f"checkpoint.{size}"]).decode())
    names = [f"tile/0/000.p/{size}", f"tile/entries/000.p/{size}"]
    assert {name: files(tmp_path)[name] for name in names} == {
        name: base64.b64decode(theirs[name]) for name in names
    }


@given(st.lists(st.integers(1, 700), min_size=1, max_size=4))
@settings(max_examples=10, deadline=None)
def test_a_log_is_the_same_however_it_was_cut_into_batches(tmp_path_factory, steps):
    sizes = [sum(steps[: n + 1]) for n in range(len(steps))]
    one, many = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("many")
    grow(one, sizes[-1])
    grow(many, *sizes)
    alone, batches = files(one), files(many)
    assert {name: batches[name] for name in alone} == alone
    assert all(".p/" in name for name in {*batches} - {*alone})


def test_every_entry_reads_back_and_has_its_proof(tmp_path):
    tiles, grown = grow(tmp_path, 100, 300, 1000), tree(1000)
    assert [*tiles.entries(0, 1000)] == [*leaves(0, 1000)]
    assert [*tiles.entries(255, 3)] == [*leaves(255, 258)]
    assert [*tiles.entries(990, 10)] == [*leaves(990, 1000)]
    for index in (0, 1, 255, 256, 511, 767, 768, 999):
        proof = inclusion(index, 1000, tiles.node)
        assert verify_inclusion(index, 1000, leaf_hash(leaf(index)), proof, grown.root())
    for old in (1, 100, 256, 300, 768, 999, 1000):
        assert verify_consistency(
            old, 1000, consistency(old, 1000, tiles.node), tree(old).root(), grown.root()
        )


def test_the_partial_files_of_a_tile_go_once_it_is_whole_and_published(tmp_path):
    tiles = grow(tmp_path, 100, 200)
    assert {name for name in files(tmp_path) if name.startswith("tile/0/")} == {
        "tile/0/000.p/100",
        "tile/0/000.p/200",
    }
    tiles.append(200, leaves(200, 260))
    assert "tile/0/000.p/200" in files(tmp_path), "the published checkpoint still needs it"
    tiles.publish(checkpoint(tree(260)).signed(SHOP))
    assert {name for name in files(tmp_path) if name.startswith("tile/0/")} == {
        "tile/0/000",
        "tile/0/001.p/4",
    }


def test_the_same_entries_again_change_nothing(tmp_path):
    tiles = grow(tmp_path, 300)
    before = {path: path.stat().st_ino for path in tmp_path.rglob("*") if path.is_file()}
    tiles.append(0, leaves(0, 300))
    tiles.append(200, leaves(200, 300))
    tiles.append(300, iter(()))
    assert {path: path.stat().st_ino for path in tmp_path.rglob("*") if path.is_file()} == before


def test_other_entries_in_the_place_of_written_ones_are_refused(tmp_path):
    tiles = grow(tmp_path, 300)
    before = files(tmp_path)
    with pytest.raises(BadEvidence, match="already holds something else"):
        tiles.append(0, [b"forged"] * 300)
    assert files(tmp_path) == before


def test_a_hole_cannot_be_left(tmp_path):
    tiles = grow(tmp_path, 300)
    with pytest.raises(BadEvidence, match=r"tile/0/001: is not there"):
        tiles.append(310, [b"x"])
    with pytest.raises(BadEvidence):
        [*tiles.entries(290, 20)]
    with pytest.raises(BadEvidence):
        tiles.node(0, 300)
    with pytest.raises(BadEvidence):
        tiles.node(9, 1)


def test_an_entry_may_have_65535_bytes_and_no_more(tmp_path):
    tiles = Tiles(tmp_path)
    tiles.append(0, [b"x" * LONGEST, b""])
    assert [len(entry) for entry in tiles.entries(0, 2)] == [LONGEST, 0]
    with pytest.raises(BadEvidence, match="log at most 65535"):
        tiles.append(2, [b"x" * (LONGEST + 1)])


def test_a_checkpoint_without_its_tiles_or_back_in_time_is_not_published(tmp_path):
    tiles = grow(tmp_path, 300)
    note = tiles.checkpoint()
    for bad, why in [
        (checkpoint(tree(301)), "root of the tiles"),
        (Checkpoint(SHOP.name, 300, bytes(32)), "root of the tiles"),
        (checkpoint(tree(299)), "go back from 300 to 299"),
    ]:
        with pytest.raises(BadEvidence, match=why):
            tiles.publish(bad.signed(SHOP))
    with pytest.raises(BadEvidence, match="the checkpoint"):
        tiles.publish("no note")
    assert tiles.checkpoint() == note


def test_a_log_begins_empty(tmp_path):
    tiles = Tiles(tmp_path / "new")
    assert tiles.checkpoint() is None
    tiles.publish(checkpoint(Tree()).signed(SHOP))
    assert tiles.checkpoint() is not None
    assert [*tiles.entries(0, 0)] == []


class Crash(BaseException):
    """The power goes."""


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("operation", ["fsync", "rename"])
def test_after_a_crash_at_any_write_the_log_is_whole_and_goes_on(tmp_path, monkeypatch, operation, moment):
    crashes = 0
    while crash_at(tmp_path / str(crashes), monkeypatch, (operation, moment, crashes)):
        crashes += 1
    assert crashes >= 8


def crash_at(folder: Path, monkeypatch, when: tuple[str, str, int]) -> bool:
    """Grow a log from 250 to 600, crash at a write, check, do it again; was there that write?"""
    operation, moment, at = when
    tiles, count, note = grow(folder, 250), iter(range(10_000)), checkpoint(tree(600)).signed(SHOP)

    def crashing(real):
        def call(*arguments):
            crash = next(count) == at
            if crash and moment == "before":
                raise Crash
            done = real(*arguments)
            if crash:
                raise Crash
            return done

        return call

    with monkeypatch.context() as patch:
        if operation == "fsync":
            patch.setattr(os, "fsync", crashing(os.fsync))
        else:
            patch.setattr(Path, "replace", crashing(Path.replace))
        try:
            tiles.append(250, leaves(250, 600))
            tiles.publish(note)
            crashed = False
        except Crash:
            crashed = True
    report = verifier.Report()
    verifier.check_log(folder, SHOP.vkey, None, report)
    assert report.wrong == []
    fresh = Tiles(folder)
    fresh.append(250, leaves(250, 600))
    fresh.publish(note)
    assert [*fresh.entries(0, 600)] == [*leaves(0, 600)]
    verifier.check_log(folder, SHOP.vkey, None, report)
    assert report.wrong == []
    return crashed
