"""The log of the shop that the tests are about, and the evidence that it hands out."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from grondslag.ledger import verifier
from grondslag.ledger.canonical import canonical_entry
from grondslag.ledger.checkpoint import Checkpoint
from grondslag.ledger.merkle import Tree, leaf_hash
from grondslag.ledger.note import Signer
from grondslag.ledger.proof import Proof, growth, shown
from grondslag.ledger.tiles import Tiles

VECTORS = Path(__file__).parents[1] / "vectors"
SHOP = Signer("shop.example/register", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = Signer("other.example/register", Ed25519PrivateKey.from_private_bytes(bytes(32)))


def salt(index: int) -> bytes:
    return hashlib.sha256(b"salt %d" % index).digest()


def body(index: int) -> bytes:
    """What Anna chose, as the register keeps it sealed."""
    return canonical_entry(
        {"id": f"order-{index}/consent", "subject": {"id": f"K-{index}"}, "date": "2024-03-14", "consent": {}}
    )


def name(index: int) -> str:
    return f"01937a5e-0000-7000-8000-{index:012}"


def leaf(index: int) -> bytes:
    """What the log holds of it."""
    commitment = base64.b64encode(verifier.commitment(salt(index), body(index))).decode()
    return canonical_entry(
        {
            "at": "2026-11-25T04:10:00Z",
            "c": commitment,
            "id": name(index),
            "schema": "urn:grondslag:entry:1",
            "t": "consent",
            "v": 1,
        }
    )


def leaves(first: int, end: int) -> Iterator[bytes]:
    return map(leaf, range(first, end))


def grow(folder: Path, *sizes: int) -> Tiles:
    """The shop's log, published at each of these sizes."""
    tiles, tree = Tiles(folder), Tree()
    tiles.introduce(SHOP.vkey)
    for size in sizes:
        first = tree.size
        for entry in leaves(first, size):
            tree.append(leaf_hash(entry))
        tiles.append(first, leaves(first, size))
        tiles.publish(checkpoint(tree).signed(SHOP))
    return tiles


def checkpoint(tree: Tree) -> Checkpoint:
    return Checkpoint(SHOP.name, tree.size, tree.root())


def published(tiles: Tiles) -> str:
    """The checkpoint, signed."""
    note = tiles.checkpoint()
    assert note is not None
    return note


def proof(tiles: Tiles, index: int) -> Proof:
    """That entry `index` is in the log, with all that is needed to see what it says."""
    return Proof.make(index, tiles.node, published(tiles), shown(leaf(index), salt(index), body(index)))


def pack(tiles: Tiles, folder: Path, indices: range, earlier: str | None = None) -> None:
    """A proof pack of these entries."""
    note = published(tiles)
    files = {"checkpoint": note.encode()}
    for index in indices:
        files[f"proofs/{name(index)}.tlog-proof"] = proof(tiles, index).text.encode()
        files[f"entries/{name(index)}.json"] = body(index)
    if earlier is not None:
        now = Checkpoint.open(note, SHOP.vkey)
        files["earlier/1.proof"] = growth(earlier, now, tiles.node).encode()
    seal(files, folder)


def seal(files: dict[str, bytes], folder: Path) -> None:
    """The files of a pack in a folder, with their manifest."""
    digests = {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}
    manifest = {"origin": SHOP.name, "vkey": SHOP.vkey, "files": digests}
    for file, content in {**files, "manifest.json": json.dumps(manifest).encode()}.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(content)
