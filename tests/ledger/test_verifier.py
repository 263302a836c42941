"""Somebody with only this file and Python finds out whether the evidence is good, and else what is wrong."""

from __future__ import annotations

import ast
import base64
import json
import random
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grondslag.ledger import verifier
from grondslag.ledger.checkpoint import Checkpoint
from grondslag.ledger.proof import Proof, shown
from tests.ledger.logs import OTHER, SHOP, VECTORS, body, grow, leaf, name, pack, proof, published, salt, seal


@pytest.fixture
def check(capsys):
    """What the verifier prints, and its exit code."""

    def run(*arguments: object) -> tuple[int, list[str]]:
        code = verifier.main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return code, (told.out + told.err).splitlines()

    return run


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def flip(path: Path, at: int, mask: int = 1) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= mask
    path.write_bytes(data)


def named(told: list[str]) -> set[str]:
    """The files that the findings are about."""
    assert told[-1] == "WRONG"
    return {line.partition(": ")[0] for line in told[:-1]} - {SHOP.name}


# The file itself


def test_it_runs_without_the_project_or_any_library(tmp_path):
    grow(tmp_path / "log", 20)
    alone = tmp_path / "verifier.py"
    alone.write_bytes(Path(verifier.__file__).read_bytes())
    command = [sys.executable, "-I", "-S", str(alone), str(tmp_path / "log")]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (
        0,
        "shop.example/register: a log of 20 entries\nGOOD\n",
        "",
    )


def test_it_is_python_3_9_and_imports_the_standard_library_only():
    tree = ast.parse(Path(verifier.__file__).read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {
        module.partition(".")[0]
        for node in ast.walk(tree)
        for module in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "a relative import"]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names


# A log


@pytest.mark.parametrize("sizes", [(0,), (1,), (255,), (256,), (257,), (1, 2, 255, 256, 300, 700)], ids=str)
def test_a_log_is_good_at_every_size(tmp_path, check, sizes):
    grow(tmp_path, *sizes)
    assert check(tmp_path) == (0, [f"{SHOP.name}: a log of {sizes[-1]} entries", "GOOD"])


def test_the_tessera_log_is_good_with_all_its_partial_tiles(tmp_path, check):
    theirs = json.loads((VECTORS / "tlog" / "tessera-testlog.json").read_text())
    for path, data in theirs["files_base64"].items():
        if not path.startswith("checkpoint."):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(base64.b64decode(data))
    code, told = check(tmp_path, "--vkey", theirs["vkey"])
    assert (code, told) == (0, ["example.com/log/testdata: a log of 15 entries", "GOOD"])
    for size in range(16):
        earlier = tmp_path / "given-before"
        earlier.write_bytes(base64.b64decode(theirs["files_base64"][f"checkpoint.{size}"]))
        code, told = check(tmp_path, "--vkey", theirs["vkey"], "--earlier", earlier)
        assert code == 0
        assert f"grown from {size} entries, of which none was changed" in told


def test_any_flipped_byte_in_any_file_is_found_and_the_file_is_named(tmp_path, check):
    grow(tmp_path, 1, 3)
    for path in files(tmp_path):
        good = path.read_bytes()
        for at in range(len(good)):
            flip(path, at, 1 << at % 8)
            code, told = check(tmp_path)
            assert code == 1, (path, at)
            assert named(told) == {path.relative_to(tmp_path).as_posix()}, (path, at, told)
        path.write_bytes(good)


def test_a_flipped_byte_in_a_log_of_three_levels_is_found_and_named(tmp_path, check):
    grow(tmp_path, 65_800)
    chance = random.Random(4)
    paths = files(tmp_path)
    rare = [path for path in paths if "tile/0/" not in str(path) and "entries" not in str(path)]
    for path in [*rare, *rare, *chance.sample(paths, 6)]:
        good = path.read_bytes()
        flip(path, chance.randrange(len(good)), 1 << chance.randrange(8))
        code, told = check(tmp_path)
        assert (code, named(told)) == (1, {path.relative_to(tmp_path).as_posix()}), told
        path.write_bytes(good)
    assert check(tmp_path)[0] == 0


def test_the_entry_that_was_altered_is_named_by_its_number(tmp_path, check):
    grow(tmp_path, 700)
    bundle = tmp_path / "tile/entries/001"
    bundle.write_bytes(bundle.read_bytes().replace(leaf(300), leaf(300).replace(b"consent", b"objects")))
    assert check(tmp_path)[1][-2:] == [
        "tile/entries/001: entry 300 is not what the log holds",
        "WRONG",
    ]


def test_an_altered_entry_is_found_though_every_hash_was_made_again(tmp_path, check):
    grow(tmp_path / "log", 700)
    note = (tmp_path / "log/checkpoint").read_bytes()
    forged = verifier.leaf_hash(b"forged")
    bundle, tile = tmp_path / "log/tile/entries/001", tmp_path / "log/tile/0/001"
    entries = [
        b"forged" if entry == leaf(300) else entry for entry in verifier.parse_bundle(bundle.read_bytes())
    ]
    bundle.write_bytes(b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries))
    tile.write_bytes(tile.read_bytes().replace(verifier.leaf_hash(leaf(300)), forged))
    code, told = check(tmp_path / "log")
    assert (code, named(told)) == (1, {"tile/0/001"})
    hashes = [tile.read_bytes()[at : at + 32] for at in range(0, 8192, 32)]
    above = tmp_path / "log/tile/1/000.p/2"
    above.write_bytes(above.read_bytes()[:32] + verifier.tree_root(hashes))
    assert check(tmp_path / "log") == (
        1,
        [
            f"{SHOP.name}: a log of 700 entries",
            "tile: the tiles do not give the root that the checkpoint signs",
            "WRONG",
        ],
    )
    assert (tmp_path / "log/checkpoint").read_bytes() == note


def test_a_missing_or_cut_off_file_is_named(tmp_path, check):
    grow(tmp_path, 700)
    for path in files(tmp_path / "tile"):
        good = path.read_bytes()
        for bad in (None, b"", good[:-1], good[:32], good + b"\0", good + good[:32]):
            path.unlink() if bad is None else path.write_bytes(bad)
            code, told = check(tmp_path)
            assert (code, named(told)) == (1, {path.relative_to(tmp_path).as_posix()}), (bad, told)
            path.write_bytes(good)


def test_everything_that_is_missing_below_a_missing_tile_is_named_where_it_begins(tmp_path, check):
    grow(tmp_path, 700)
    for level in ("0", "1"):
        shutil.rmtree(tmp_path / "tile" / level)
    code, told = check(tmp_path)
    assert (code, named(told)) == (1, {"tile", "tile/1/000.p/2", "tile/0/002.p/188"})
    shutil.rmtree(tmp_path / "tile")
    assert named(check(tmp_path)[1]) == {
        "tile",
        "tile/1/000.p/2",
        "tile/0/002.p/188",
        "tile/entries/002.p/188",
    }


def test_a_checkpoint_of_a_log_of_unthinkable_size_is_refused_at_once(tmp_path, check):
    grow(tmp_path, 700)
    note = Checkpoint(SHOP.name, 10**18, bytes(32)).signed(SHOP)
    (tmp_path / "checkpoint").write_text(note, encoding="utf-8")
    assert check(tmp_path)[0] == 1


def test_two_wrong_files_are_both_named(tmp_path, check):
    grow(tmp_path, 700)
    for one, two in [("tile/0/000", "tile/entries/001"), ("tile/entries/000", "tile/entries/002.p/188")]:
        flip(tmp_path / one, 40)
        flip(tmp_path / two, 40)
        assert named(check(tmp_path)[1]) == {one, two}
        flip(tmp_path / one, 40)
        flip(tmp_path / two, 40)


def test_what_was_written_but_not_yet_signed_is_told_and_not_trusted(tmp_path, check):
    tiles = grow(tmp_path, 5)
    tiles.append(5, [b"not signed"] * 300)
    code, told = check(tmp_path)
    assert code == 0
    assert "files are not in what was signed" in told[1]


def test_a_log_signed_by_another_key_is_wrong(tmp_path, check):
    grow(tmp_path, 5)
    assert named(check(tmp_path, "--vkey", OTHER.vkey)[1]) == {"checkpoint"}


def test_a_log_that_did_not_grow_from_what_was_given_before_is_wrong(tmp_path, check):
    grow(tmp_path / "log", 20)
    before = tmp_path / "before"
    for size, root in [(5, bytes(32)), (21, bytes(32)), (0, verifier.EMPTY)]:
        before.write_text(Checkpoint(SHOP.name, size, root).signed(SHOP), encoding="utf-8")
        assert check(tmp_path / "log", "--earlier", before)[0] == (0 if size == 0 else 1)
    before.write_text("no checkpoint", encoding="utf-8")
    assert check(tmp_path / "log", "--earlier", before)[0] == 1


@pytest.mark.parametrize("missing", ["nowhere", "empty", "no key", "no checkpoint"])
def test_what_cannot_be_read_is_said_to_be_so(tmp_path, check, missing):
    grow(tmp_path / "no key", 5)
    (tmp_path / "no key/vkey").unlink()
    grow(tmp_path / "no checkpoint", 5)
    (tmp_path / "no checkpoint/checkpoint").unlink()
    (tmp_path / "empty").mkdir()
    code, told = check(tmp_path / missing)
    assert code == 2
    assert told[0].startswith("cannot check: ")


# One proof


def test_a_person_checks_her_receipt_alone(tmp_path, check):
    receipt = tmp_path / "anna.tlog-proof"
    receipt.write_text(proof(grow(tmp_path / "log", 300), 7).text, encoding="utf-8")
    assert check(receipt, "--vkey", SHOP.vkey) == (
        0,
        [f"{SHOP.name}: entry 7, recorded at 2026-11-25T04:10:00Z", body(7).decode(), "GOOD"],
    )


def test_no_byte_of_a_receipt_can_be_another(tmp_path, check):
    receipt = tmp_path / "anna.tlog-proof"
    receipt.write_text(proof(grow(tmp_path / "log", 5), 3).text, encoding="utf-8")
    for at in range(receipt.stat().st_size):
        flip(receipt, at, 1 << at % 8)
        assert check(receipt, "--vkey", SHOP.vkey)[0] == 1, at
        flip(receipt, at, 1 << at % 8)


def test_an_erased_entry_still_proves_that_something_was_logged(tmp_path, check):
    tiles = grow(tmp_path / "log", 300)
    receipt = tmp_path / "erased.tlog-proof"
    receipt.write_text(Proof.make(7, tiles.node, published(tiles), shown(leaf(7))).text, encoding="utf-8")
    code, told = check(receipt, "--vkey", SHOP.vkey)
    assert (code, told[1]) == (0, "what it says is not shown")


@pytest.mark.parametrize(
    "extra",
    [
        None,
        b"",
        shown(leaf(8), salt(8), body(8)),
        shown(leaf(7), salt(7), body(8)),
        shown(leaf(7), salt(8), body(7)),
        shown(leaf(7), salt(7)[:31], body(7)),
        shown(leaf(7), salt(7)),
        shown(leaf(7))[:-1],
    ],
)
def test_a_receipt_that_shows_something_else_is_wrong(tmp_path, check, extra):
    tiles = grow(tmp_path / "log", 300)
    receipt = tmp_path / "receipt.tlog-proof"
    receipt.write_text(Proof.make(7, tiles.node, published(tiles), extra).text, encoding="utf-8")
    assert check(receipt, "--vkey", SHOP.vkey)[0] == 1


def test_a_proof_reads_back_as_written_and_verifies(tmp_path):
    made = proof(grow(tmp_path, 300), 7)
    assert Proof.parse(made.text) == made
    assert made.verify(leaf(7), SHOP.vkey).size == 300
    assert Proof.parse(Proof.make(0, lambda *_: b"", published(grow(tmp_path / "one", 1))).text).path == []


# A proof pack


@pytest.fixture
def shop_pack(tmp_path):
    """A pack of three of 300 entries, grown from a log of 20."""
    earlier = published(grow(tmp_path / "log", 20))
    Path(tmp_path / "log").rename(tmp_path / "then")
    pack(grow(tmp_path / "log", 20, 300), tmp_path / "pack", range(6, 9), earlier)
    return tmp_path / "pack"


def zipped(folder: Path) -> Path:
    with zipfile.ZipFile(folder.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files(folder):
            archive.write(path, path.relative_to(folder))
    return folder.with_suffix(".zip")


def test_a_pack_is_good_in_a_folder_and_in_a_zip_file(shop_pack, check):
    good = [
        "earlier/1.proof: grown from 20 entries, of which none was changed",
        f"{SHOP.name}: 3 entries of a log of 300",
        "GOOD",
    ]
    assert check(shop_pack) == check(zipped(shop_pack)) == (0, good)
    assert check(shop_pack, "--vkey", SHOP.vkey) == (0, good)
    assert check(shop_pack, "--vkey", OTHER.vkey)[0] == 1


def test_any_flipped_byte_in_a_pack_is_found_and_the_file_is_named(shop_pack, check):
    for path in files(shop_pack):
        name_ = path.relative_to(shop_pack).as_posix()
        for at in range(0, path.stat().st_size, 29):
            flip(path, at, 1 << at % 8)
            code, told = check(shop_pack)
            assert code == 1, (name_, at)
            assert name_ in named(told) or name_ == "manifest.json", (name_, at, told)
            flip(path, at, 1 << at % 8)


def test_a_pack_whose_hashes_were_made_again_is_still_found_out(shop_pack, check):
    good = contents(shop_pack)
    for file, data in good.items():
        for at in range(0, len(data), 61):
            seal({**good, file: data[:at] + bytes([data[at] ^ 2]) + data[at + 1 :]}, shop_pack)
            code, told = check(shop_pack)
            assert code == 1, (file, at)
            twin = file.replace("entries/", "proofs/").replace(".json", ".tlog-proof")
            assert named(told) & {file, twin}, (file, at, told)


def test_a_flipped_byte_in_a_zip_file_never_passes_for_other_content(shop_pack, check):
    archive = zipped(shop_pack)
    good, before = archive.read_bytes(), check(archive)
    chance = random.Random(4)
    for at in [*chance.sample(range(len(good)), 60), *range(len(good) - 300, len(good))]:
        archive.write_bytes(good[:at] + bytes([good[at] ^ 1 << chance.randrange(8)]) + good[at + 1 :])
        code, told = check(archive)
        assert code in (1, 2) or (code, told) == before, at


def test_what_the_manifest_does_not_name_has_no_place_in_a_pack(shop_pack, check):
    (shop_pack / "extra.txt").write_text("trust me")
    (shop_pack / f"entries/{name(6)}.json").unlink()
    code, told = check(shop_pack)
    assert code == 1
    assert {"extra.txt", f"entries/{name(6)}.json", f"proofs/{name(6)}.tlog-proof"} == named(told) - {
        "earlier/1.proof"
    }


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a pack but its manifest."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files(folder)}
    return {name_: data for name_, data in found.items() if name_ != "manifest.json"}


@pytest.mark.parametrize(
    "place", ["proofs/a.txt", "entries/x/a.json", "entries/a.txt", "earlier/a", "proofs/a"]
)
def test_what_looks_like_evidence_and_is_none_has_no_place_in_a_pack(shop_pack, check, place):
    seal({**contents(shop_pack), place: b"trust me"}, shop_pack)
    code, told = check(shop_pack)
    assert (code, f"{place}: has no place there" in told) == (1, True)


def test_of_what_is_no_evidence_it_is_said_that_nothing_proves_it(shop_pack, check):
    seal({**contents(shop_pack), "summary.pdf": b"trust me"}, shop_pack)
    code, told = check(shop_pack)
    assert (code, "summary.pdf: in the manifest, but nothing proves what it says" in told) == (0, True)


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"files": {}, "vkey": 1}',
        b"[" * 100_000,
        b'{"origin": "a", "origin": "a"}',
        json.dumps({"origin": SHOP.name, "vkey": "nonsense", "files": {}}).encode(),
        json.dumps({"origin": SHOP.name, "vkey": SHOP.vkey, "files": {"../../../etc/passwd": "00"}}).encode(),
    ],
    ids=lambda manifest: repr(manifest[:20]),
)
def test_a_manifest_that_is_none_is_refused(tmp_path, check, manifest):
    (tmp_path / "manifest.json").write_bytes(manifest)
    assert check(tmp_path)[0] == 1
