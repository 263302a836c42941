"""Whatever is handed in as evidence gets a verdict: never a yes by accident, never another error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grondslag.errors import BadEvidence
from grondslag.ledger import verifier
from grondslag.ledger.checkpoint import Checkpoint
from grondslag.ledger.note import cosigned, open_note
from grondslag.ledger.proof import Proof, shown
from grondslag.ledger.tiles import Tiles
from tests.ledger.logs import SHOP, grow, leaf, pack, proof, published, seal
from tests.ledger.logs import name as name_of

ALPHABET = "\n\n\n— +/=019Aaex.\0\x0b\x85\u2028\ud800é٠"
TEXT = st.text() | st.text(ALPHABET)
FRAGMENTS = [
    "c2sp.org/tlog-proof@v1\n",
    "extra ",
    "index ",
    "7\n",
    "— ",
    SHOP.name,
    SHOP.vkey,
    "A" * 43 + "=\n",
]
PIECES = st.lists(st.sampled_from(FRAGMENTS) | TEXT, max_size=12).map("".join)


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return grow(tmp_path_factory.mktemp("fuzz"), 5)


def refused(read, *arguments) -> bool:
    try:
        read(*arguments)
    except BadEvidence as error:
        assert error.place
        assert error.problem
        assert error.remedy
        return True
    return False


@given(PIECES)
def test_no_text_is_a_note_that_was_not_signed(text):
    assert refused(open_note, text, [SHOP.vkey])
    assert refused(Checkpoint.open, text, SHOP.vkey)
    if not refused(cosigned, text, [SHOP.vkey]):
        verifier.parse_note(text.encode())


@given(PIECES)
def test_a_text_that_reads_as_a_checkpoint_is_written_the_same(text):
    if not refused(Checkpoint.parse, text):
        assert Checkpoint.parse(text).text == text


@given(PIECES)
def test_no_text_is_a_key_that_does_not_agree_with_itself(text):
    refused(open_note, "text\n\n— a AAAAAAA=\n", [text])


@given(PIECES)
def test_a_text_that_reads_as_a_proof_is_written_the_same(text):
    if not refused(Proof.parse, text):
        assert Proof.parse(text).text == text


@given(st.data())
def test_a_proof_with_something_else_in_any_place_is_no_proof(log, data):
    good = proof(log, 3).text
    start, end = sorted(data.draw(st.integers(0, len(good))) for _ in range(2))
    text = good[:start] + data.draw(TEXT) + good[end:]
    if text != good and not refused(Proof.parse, text):
        assert (
            refused(Proof.parse(text).verify, leaf(3), SHOP.vkey)
            or Proof.parse(text).note == proof(log, 3).note
        )


@given(st.data())
def test_a_checkpoint_with_something_else_in_any_place_is_no_other_checkpoint(log, data):
    good = published(log)
    start, end = sorted(data.draw(st.integers(0, len(good))) for _ in range(2))
    text = good[:start] + data.draw(TEXT) + good[end:]
    if not refused(Checkpoint.open, text, SHOP.vkey):
        assert Checkpoint.open(text, SHOP.vkey) == Checkpoint.open(good, SHOP.vkey)


@given(st.integers(1, 4), st.data())
@settings(max_examples=30, deadline=None)
def test_a_proof_of_growth_with_something_else_in_any_place_proves_nothing_else(tmp_path_factory, old, data):
    folder = tmp_path_factory.mktemp("growth")
    tiles = grow(folder, old)
    earlier = published(tiles)
    tiles = grow(folder, old, 5)
    pack(tiles, folder / "pack", range(1), earlier)
    good = (folder / "pack" / "earlier" / "1.proof").read_bytes()
    assert verifier.main([str(folder / "pack")]) == 0
    at = data.draw(st.integers(0, len(good) - 1))
    changed = good[:at] + data.draw(st.binary(max_size=2)) + good[at + 1 :]
    files = {
        name: (folder / "pack" / name).read_bytes()
        for name in ("checkpoint", f"proofs/{name_of(0)}.tlog-proof", f"entries/{name_of(0)}.json")
    }
    seal({**files, "earlier/1.proof": changed}, folder / "pack")
    assert verifier.main([str(folder / "pack")]) == (0 if changed == good else 1)


@given(st.binary(max_size=400), st.integers(0, 2**65))
def test_no_extra_data_shows_another_leaf(log, extra, number):
    found = verifier.parse_proof(proof(log, 3).text.encode())._replace(extra=extra, number=number)
    with pytest.raises(verifier.Wrong):
        verifier.check_proof(found, verifier.parse_checkpoint(verifier.parse_note(found.note)[0]))


@given(st.text() | st.text("tile/0x.p123entries\n"))
def test_a_text_that_reads_as_the_path_of_a_tile_is_written_the_same(path):
    found = verifier.parse_tile_path(path)
    assert found is None or verifier.tile_path(*found) == path


@given(st.lists(st.binary(max_size=300), max_size=5), st.binary(max_size=5))
def test_a_bundle_reads_back_or_breaks_off(entries, rest):
    bundle = b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)
    assert [*verifier.parse_bundle(bundle)] == entries
    try:
        found = [*verifier.parse_bundle(bundle + rest)]
    except verifier.Wrong:
        return
    assert b"".join(len(entry).to_bytes(2, "big") + entry for entry in found) == bundle + rest


@given(
    st.binary(max_size=400), st.sampled_from(["checkpoint", "vkey", "tile/0/000.p/5", "tile/entries/000.p/5"])
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_in_a_file_of_a_log_are_found(log, content, name):
    path = log.folder / name
    good = path.read_bytes()
    path.write_bytes(content)
    try:
        assert verifier.main([str(log.folder)]) == (0 if content == good else 1)
        refused(list, Tiles(log.folder).entries(0, 5))
        refused(Tiles(log.folder).checkpoint)
    finally:
        path.write_bytes(good)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
FILES = st.dictionaries(
    st.sampled_from(
        ["checkpoint", "proofs/a.tlog-proof", "entries/a.json", "earlier/1.proof", "timestamp.tsr", "../a"]
    )
    | st.text(),
    JSON | st.text("0123456789abcdef", min_size=64, max_size=64),
    max_size=4,
)
MANIFESTS = st.fixed_dictionaries(
    {},
    optional={"origin": JSON | st.just(SHOP.name), "vkey": JSON | st.just(SHOP.vkey), "files": JSON | FILES},
)


@given(st.binary(max_size=100) | (JSON | MANIFESTS).map(lambda value: json.dumps(value).encode()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_manifest_alone_makes_a_pack(tmp_path, content):
    (tmp_path / "manifest.json").write_bytes(content)
    assert verifier.main([str(tmp_path)]) == 1


@given(
    st.binary(max_size=300)
    | st.binary(max_size=300).map(lambda data: b"PK\3\4" + data + b"PK\5\6" + bytes(18))
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_gets_an_exit_code(tmp_path: Path, content):
    (tmp_path / "evidence").write_bytes(content)
    assert verifier.main([str(tmp_path / "evidence"), "--vkey", SHOP.vkey]) in (1, 2)


def test_what_is_shown_of_a_leaf_must_be_json_with_each_key_once():
    for bad in (b"", b"[]", b"nonsense", b'{"c":1,"c":2}', b"[" * 60_000, b'{"a":' + b"9" * 5000 + b"}"):
        with pytest.raises(verifier.Wrong):
            verifier.parse_json(bad, "the leaf")
    assert shown(b"leaf") == b"\0\4leaf"
