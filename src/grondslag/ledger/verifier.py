"""Check a ledger, a proof or a proof pack. Needs Python 3.9 and this one file: no server, no secrets.

    python verifier.py PATH [--vkey KEY] [--earlier FILE] [--tsa-ca FILE]

- A log: a folder as c2sp.org/tlog-tiles has it (`checkpoint`, `tile/LEVEL/N`, `tile/entries/N`), and `vkey`,
  its public key. `--earlier`: a checkpoint that you were given before; is it the beginning of this log?
- A proof: a c2sp.org/tlog-proof file. Its `extra` is the leaf as the log has it, after its length in two
  bytes, big-endian; then, unless withheld or erased, 32 bytes of salt and the entry, canonical JSON. A leaf:
  {"at": recorded when, "c": commitment(salt, entry) in base64, "id", "schema", "t": kind of entry, "v": 1}.
- A proof pack: a folder or a zip file of
    manifest.json         {"origin": the log, "vkey": its key, "files": {every other name: SHA-256 in hex}}
    checkpoint            signed by the log; and timestamp.tsr, optional, an RFC 3161 response on its bytes
    proofs/ID.tlog-proof  ends in that checkpoint; and entries/ID.json, the entry that it shows, to read
    attachments/ID-N.*    optional: the Nth file that went with an entry, whose SHA-256 stands in it
    earlier/N.proof       optional: hashes, one a line, that prove that the log grew from an older checkpoint,
                          an empty line, that checkpoint; and earlier/N.tsr, optional, a timestamp on it

A key that comes with the evidence shows only that the evidence agrees with itself: compare it with the one
that the organisation published, or give that as `--vkey`. Exit code: 0 good, 1 wrong, 2 not readable.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path
from shutil import which
from typing import Any, NamedTuple, Union


class Wrong(Exception):
    """The evidence is not what it should be; told without data of a person."""


class Report:
    """What is wrong, each with the file it is in, and what else there is to tell."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.told: list[str] = []

    @contextmanager
    def of(self, file: str) -> Iterator[None]:
        try:
            yield
        except Wrong as error:
            self.wrong.append(f"{file}: {error}")


# --- The Merkle tree (RFC 9162, 2.1); the last hash of a path is the one nearest the root

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def split(size: int) -> int:
    """How many leaves are on the left: the largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1


def proper(*path: bytes) -> bool:
    """Are these hashes, and no more than a tree of 64 levels needs?"""
    return len(path) < 70 and all(len(hash_) == 32 for hash_ in path)


def verify_inclusion(index: int, size: int, leaf: bytes, path: list[bytes], root: bytes) -> bool:
    """Is this leaf hash the one at `index` in the tree of `size` leaves with this root?"""

    def climb(index: int, size: int, path: list[bytes]) -> bytes:
        if size == 1 and not path:
            return leaf
        *path, last = path  # a ValueError when it is too short; `split` has one when it is too long
        left = split(size)
        if index < left:
            return node_hash(climb(index, left, path), last)
        return node_hash(last, climb(index - left, size - left, path))

    try:
        return 0 <= index < size and proper(leaf, *path) and climb(index, size, path) == root
    except ValueError:
        return False


def verify_consistency(old: int, new: int, path: list[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Is the tree of `old` leaves the beginning of the tree of `new` leaves?"""

    def climb(old: int, new: int, path: list[bytes], whole: bool) -> tuple[bytes, bytes]:
        if old == new:
            (same,) = [old_root, *path] if whole else path  # a ValueError when it is not one
            return same, same
        *path, last = path
        left = split(new)
        if old <= left:
            first, second = climb(old, left, path, whole)
            return first, node_hash(second, last)
        first, second = climb(old - left, new - left, path, False)
        return node_hash(last, first), node_hash(last, second)

    try:
        good = 0 < old <= new and proper(*path)
        return good and climb(old, new, path, True) == (old_root, new_root)
    except ValueError:
        return False


def commitment(salt: bytes, body: bytes) -> bytes:
    """What the log holds of an entry: without the salt it tells nothing."""
    return hashlib.sha256(b"grondslag/v1\0" + salt + len(body).to_bytes(4, "big") + body).digest()


# --- Ed25519 (RFC 8032, 5.1.7), strict and without the cofactor

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int, int, int]  # extended coordinates (X, Y, Z, T)


def add(a: Point, b: Point) -> Point:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def point(encoded: bytes) -> Point | None:
    """The point, unless the 32 bytes are no canonical encoding of one."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)  # RFC 8032, 5.1: y = 4/5


def verify_signature(key: bytes, message: bytes, signature: bytes) -> bool:
    """Is the Ed25519 signature good? As Go's verifier, but a key must be encoded canonically too."""
    a, s = point(key), int.from_bytes(signature[32:], "little")
    if len(key) != 32 or len(signature) != 64 or a is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    r, minus = (0, 1, 1, 0), (P - a[0], a[1], 1, P - a[3])
    sums = [r, BASE, minus, add(BASE, minus)]
    for bit in range(252, -1, -1):
        r = add(r, r)
        both = (s >> bit & 1) + 2 * (k >> bit & 1)
        r = add(r, sums[both]) if both else r
    z = pow(r[2], -1, P)
    return (r[1] * z % P | (r[0] * z % P & 1) << 255).to_bytes(32, "little") == signature[:32]


# --- Signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint)


class Key(NamedTuple):
    name: str
    id: bytes
    type: int  # 1: Ed25519; 4: Ed25519 of a witness
    public: bytes


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes


def decode(text: str, what: str, length: int = 0) -> bytes:
    """Base64 in its one canonical form; of that many bytes, when the length is given."""
    try:
        raw = base64.b64decode(text.encode(), validate=True)
    except ValueError:
        raise Wrong(what + " is not base64") from None
    if base64.b64encode(raw).decode() != text or length not in (0, len(raw)):
        raise Wrong(what + " is not base64 in canonical form" + (f" of {length} bytes" if length else ""))
    return raw


def decimal(text: str, what: str) -> int:
    if not re.fullmatch("0|[1-9][0-9]{0,18}", text):
        raise Wrong(what + " is not a whole number without leading zeroes")
    return int(text)


def key_id(name: str, type_: int, public: bytes) -> bytes:
    named = name.encode(errors="surrogatepass") + b"\n"
    return hashlib.sha256(named + bytes([type_]) + public).digest()[:4]


def parse_key(vkey: str) -> Key:
    """A verifier key: name, id and public key with plus signs between."""
    match = re.fullmatch(r"([^\s+\ud800-\udfff]+)\+([0-9a-f]{8})\+([^ ]+)", vkey)
    data = decode(match[3], "the public key in the verifier key", 33) if match else b""
    if match is None or data[0] not in (1, 4) or key_id(match[1], data[0], data[1:]).hex() != match[2]:
        raise Wrong("the verifier key is not the name, id and Ed25519 public key that belong together")
    return Key(match[1], bytes.fromhex(match[2]), data[0], data[1:])


def parse_note(note: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a note and its signatures, each a name and what stands behind it; nothing is verified."""
    try:
        text, _, rest = note.decode().rpartition("\n\n")
    except UnicodeDecodeError:
        raise Wrong("the note is not UTF-8") from None
    if not text or rest[-1:] != "\n" or re.search(rb"[\0-\x09\x0b-\x1f]", note) or len(note) > 1_000_000:
        raise Wrong("the note is not text, an empty line and signatures, or holds control characters")
    matches = [re.fullmatch("— ([^\\s+]+) ([^\\s]+)", line) for line in rest[:-1].split("\n")]
    signatures = [(m[1], decode(m[2], "a signature of the note")) for m in matches if m]
    if len(signatures) < len(matches) or len(matches) > 100 or any(len(blob) < 5 for _, blob in signatures):
        raise Wrong("the note has a malformed signature line, or more than 100")
    return text + "\n", signatures


def open_note(note: bytes, vkeys: list[str]) -> str:
    """The text, signed by at least one of the keys; a bad signature of one of them makes the note bad."""
    text, signatures = parse_note(note)
    known = {(key.name, key.id): key for key in map(parse_key, vkeys) if key.type == 1}
    ours = [(known[name, blob[:4]], blob[4:]) for name, blob in signatures if (name, blob[:4]) in known]
    for key, signature in ours:
        if not verify_signature(key.public, text.encode(), signature):
            raise Wrong("the signature of " + key.name + " does not hold")
    if not ours:
        raise Wrong("the note is not signed by a key that was given")
    return text


def parse_checkpoint(text: str) -> Checkpoint:
    """Origin, size and root, one a line; extension lines are refused."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise Wrong("the checkpoint is not three lines: origin, size, root")
    size = decimal(lines[1], "the size of the checkpoint")
    root = decode(lines[2], "the root of the checkpoint", 32)
    if (size == 0) != (root == EMPTY):
        raise Wrong("the root of the checkpoint is not one of a tree of that size")
    return Checkpoint(lines[0], size, root)


def open_checkpoint(note: bytes, vkey: str) -> Checkpoint:
    """The checkpoint, signed by the log whose key this is; its name is the origin."""
    checkpoint = parse_checkpoint(open_note(note, [vkey]))
    if checkpoint.origin != parse_key(vkey).name:
        raise Wrong("the checkpoint is of another log than the key")
    return checkpoint


# --- A log (c2sp.org/tlog-tiles)

Kind = Union[int, str]  # of a tile its level; of a bundle, "entries"


def tile_path(kind: Kind, n: int, width: int = 256) -> str:
    name = f"{n % 1000:03}"
    while n := n // 1000:
        name = f"x{n % 1000:03}/{name}"
    return f"tile/{kind}/{name}" + (f".p/{width}" if width < 256 else "")


def parse_tile_path(path: str) -> tuple[Kind, int, int] | None:
    """Kind, number and width, if that is the path of a tile or a bundle."""
    match = re.fullmatch(r"tile/(\d\d?|entries)/((?:x\d{3}/){0,6}\d{3})(?:\.p/(\d{1,3}))?", path, re.ASCII)
    if match is None:
        return None
    kind = "entries" if match[1] == "entries" else int(match[1])
    found = kind, int(re.sub("[x/]", "", match[2])), int(match[3] or 256)
    return found if path == tile_path(*found) and found[2] and kind not in range(64, 100) else None


def parse_bundle(data: bytes) -> Iterator[bytes]:
    """The entries, each after its length in two bytes, big-endian."""
    at = 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if max(start, at) > len(data):
            raise Wrong("breaks off within an entry")
        yield data[start:at]


def tree_root(hashes: list[bytes]) -> bytes:
    """The root over the hashes of one level, of which the last may be of an unfinished subtree."""
    while len(hashes) > 1:
        pairs = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes) - 1, 2)]
        hashes = pairs + hashes[len(pairs) * 2 :]
    return hashes[0]


def edge_root(edge: list[list[bytes]]) -> bytes:
    """The root of a log, from the hashes in its partial tile at each level, the lowest first."""
    below: list[bytes] = []
    for hashes in edge:
        below = [tree_root(hashes + below)] if hashes or below else []
    return below[0] if below else EMPTY


def places(size: int) -> list[tuple[int, int, int]]:
    """The tile at the right edge of each level: level, number, width."""
    return [
        (level, size >> 8 * level + 8, size >> 8 * level & 255)
        for level in range((size.bit_length() + 7) // 8)
    ]


class Log:
    """A log in a folder. Trust comes down from the signed root, each tile is checked by the one above it."""

    def __init__(self, folder: Path, size: int, wrong: list[str]) -> None:
        self.folder, self.size, self.wrong = str(folder), size, wrong

    def widths(self, kind: Kind, n: int) -> Iterator[int]:
        """Which files there are of that tile or bundle: the whole one, and partial ones."""
        whole = os.path.join(self.folder, tile_path(kind, n))
        if os.path.exists(whole):
            yield 256
        for name in os.listdir(whole + ".p") if os.path.isdir(whole + ".p") else ():
            if parse_tile_path(f"{tile_path(kind, n)}.p/{name}"):
                yield int(name)

    def read(self, kind: Kind, n: int, width: int) -> tuple[list[bytes], str]:
        """The hashes in that tile, or of the entries in that bundle; and what is wrong with it, if so."""
        hashes: list[bytes] = []
        try:
            with open(os.path.join(self.folder, tile_path(kind, n, width)), "rb") as file:
                data = file.read()
            if kind == "entries":
                hashes.extend(map(leaf_hash, parse_bundle(data)))
            else:
                hashes = [data[at : at + 32] for at in range(0, len(data), 32)]
        except OSError:
            return [], "is missing or cannot be read"
        except Wrong as error:
            return hashes, str(error)
        bad = len(hashes) != width or len(hashes[-1]) != 32
        return hashes, f"does not hold {width} {'entries' if kind == 'entries' else 'hashes'}" if bad else ""

    def tile(self, kind: Kind, n: int, width: int) -> list[bytes]:
        """The first hashes of that tile or bundle, from a file that is wide enough; else nothing."""
        for wide in chain([width], self.widths(kind, n)) if width else ():
            hashes, problem = self.read(kind, n, wide) if wide >= width else ([], "too narrow")
            if not problem:
                return hashes[:width]
        return []

    def made(self, level: int, n: int, width: int) -> list[bytes]:
        """What that tile should hold, made from the files one level down."""
        if level == 0:
            return self.tile("entries", n, width)
        children = (self.tile(level - 1, n * 256 + i, 256) for i in range(width))
        return [tree_root(child) if child else b"" for child in children]

    def root(self, size: int) -> bytes:
        """The root of the log when it was of this size."""
        return edge_root([self.tile(*place) for place in places(size)])

    def check(self, root: bytes) -> None:
        """Every file of the log, against the signed root."""
        stored, made = ([look(*place) for place in places(self.size)] for look in (self.tile, self.made))
        mixed = [[*stored[:level], made[level], *stored[level + 1 :]] for level in range(len(stored))]
        edge = next((edge for edge in [stored, *mixed, made] if edge_root(edge) == root), None)
        if edge is None:
            self.wrong.append("tile: the tiles do not give the root that the checkpoint signs")
        for (level, n, width), hashes, below in zip(places(self.size), edge or stored, made):
            if width:
                self.descend(level, n, hashes or below or [b""] * width)

    def descend(self, level: int, n: int, hashes: list[bytes]) -> None:
        """Every file of the tile that should hold these hashes, and everything below it; b"" is not known."""
        self.compare(level, n, hashes)
        if level == 0:
            return self.compare("entries", n, hashes)
        if not any(hashes):
            return None  # nothing is there, so nothing below it is looked for
        for child, expected in enumerate(hashes, n * 256):
            below = self.tile(level - 1, child, 256)
            if not below or tree_root(below) != expected:
                made = self.made(level - 1, child, 256)
                if below and not (made and tree_root(made) == expected):
                    self.wrong.append(tile_path(level - 1, child) + ": does not agree with the tile above it")
                else:
                    below = made
            self.descend(level - 1, child, below or [b""] * 256)

    def compare(self, kind: Kind, n: int, hashes: list[bytes]) -> None:
        """Every file of that tile or bundle, by the hashes it should begin with."""
        widths = set(self.widths(kind, n))
        for width in sorted(widths if widths & {len(hashes), 256} else widths | {len(hashes)}):
            found, problem = self.read(kind, n, width)
            other = [i for i, (one, two) in enumerate(zip(found, hashes), n * 256) if one != two]
            if problem:
                self.wrong.append(f"{tile_path(kind, n, width)}: {problem}")
            if other:
                first = f"{'entry' if kind == 'entries' else 'hash'} {other[0]} is not what the log holds"
                more = f", nor are {len(other) - 1} after it" if len(other) > 1 else ""
                self.wrong.append(f"{tile_path(kind, n, width)}: {first}{more}")

    def strays(self) -> Iterator[str]:
        """Files that the checkpoint says nothing about."""
        for folder, _, names in os.walk(self.folder):
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), self.folder).replace(os.sep, "/")
                kind, n, _ = parse_tile_path(path) or (63, 0, 0)
                beyond = n << 8 >= self.size >> 8 * (0 if kind == "entries" else int(kind))
                if beyond and path not in ("checkpoint", "vkey"):
                    yield path


def check_log(folder: Path, vkey: str, earlier: bytes | None, report: Report) -> None:
    with report.of("checkpoint"):
        checkpoint = open_checkpoint((folder / "checkpoint").read_bytes(), vkey)
        log = Log(folder, checkpoint.size, report.wrong)
        log.check(checkpoint.root)
        report.told.append(f"{checkpoint.origin}: a log of {checkpoint.size} entries")
        strays = [*log.strays()]
        if strays:
            report.told.append(f"{len(strays)} files are not in what was signed, such as {strays[0]}")
        if earlier is not None:
            before = open_checkpoint(earlier, vkey)
            if before.size > checkpoint.size or log.root(before.size) != before.root:
                raise Wrong(f"the log did not grow from the earlier one of {before.size} entries")
            report.told.append(f"grown from {before.size} entries, of which none was changed")


# --- Proofs (c2sp.org/tlog-proof) and packs of them


class Proof(NamedTuple):
    extra: bytes | None
    number: int  # the index of the entry
    path: list[bytes]
    note: bytes


def parse_proof(data: bytes) -> Proof:
    head, _, note = data.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    if lines.pop(0) != "c2sp.org/tlog-proof@v1":
        raise Wrong("is no tlog-proof")
    has_extra = bool(lines) and lines[0].startswith("extra ")
    extra = decode(lines.pop(0)[6:], "the extra data") if has_extra else None
    if not lines or not lines[0].startswith("index "):
        raise Wrong("has no index")
    index = decimal(lines[0][6:], "the index")
    return Proof(extra, index, [decode(line, "a hash of the path", 32) for line in lines[1:]], note)


def parse_json(data: bytes, what: str) -> dict[str, Any]:
    """A JSON object of which no key stands twice, so that everyone reads the same."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError
        return dict(pairs)

    try:
        found = json.loads(data.decode(), object_pairs_hook=once)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Wrong(what + " is not a JSON object with each key once")
    return found


def check_proof(proof: Proof, checkpoint: Checkpoint) -> tuple[dict[str, Any], bytes]:
    """The leaf that is proved to stand in the log, and the entry, if it is shown, that it commits to."""
    extra = proof.extra or b""
    end = 2 + int.from_bytes(extra[:2], "big")
    leaf, salt, body = extra[2:end], extra[end : end + 32], extra[end + 32 :]
    if len(extra) < end or (salt and not body):
        raise Wrong("the extra data holds no leaf, or breaks off")
    if not verify_inclusion(proof.number, checkpoint.size, leaf_hash(leaf), proof.path, checkpoint.root):
        raise Wrong(f"the leaf is not entry {proof.number} of the log")
    found = parse_json(leaf, "the leaf")
    if body and found.get("c") != base64.b64encode(commitment(salt, body)).decode():
        raise Wrong("the entry is not the one that the log holds the commitment of")
    return found, body


def der(data: bytes) -> list[tuple[int, bytes]]:
    """The values in a row of DER, each with its tag."""
    found, at = [], 0
    while at < len(data):
        tag, size, at = data[at], data[at + 1], at + 2
        if size > 127:
            size, at = int.from_bytes(data[at : at + size - 128], "big"), at + size - 128
        if at + size > len(data):
            raise IndexError
        found.append((tag, data[at : at + size]))
        at += size
    return found


NIST = bytes.fromhex("6086480165030402")  # below it, the identifiers of hashes
HASHES = {NIST + b"\1": "sha256", NIST + b"\2": "sha384", NIST + b"\3": "sha512"}


def stamped(token: bytes, data: bytes) -> datetime:
    """When the data was there, by an RFC 3161 response; who signed that is not looked at."""
    try:
        status, content = der(der(token)[0][1])[:2]
        signed = der(der(der(content[1])[1][1])[0][1])
        inner = der(der(der(signed[2][1])[1][1])[0][1])[0][1]
        fields = der(inner)
        imprint = der(fields[2][1])
        algorithm, digest, time = der(imprint[0][1])[0][1], imprint[1][1], fields[4][1].decode()
        when = datetime.strptime(time[:14] + "+0000", "%Y%m%d%H%M%S%z")
        if der(status[1])[0][1] not in (b"\0", b"\1") or not re.fullmatch(r"\d{14}(\.\d+)?Z", time, re.ASCII):
            raise ValueError
    except (IndexError, ValueError):
        raise Wrong("is no granted timestamp") from None
    if algorithm not in HASHES or hashlib.new(HASHES[algorithm], data).digest() != digest:
        raise Wrong("is a timestamp on something else")
    return when


def check_timestamp(token: bytes, note: bytes, authority: str | None) -> str:
    when = stamped(token, note)
    if authority is None or which("openssl") is None:
        return f"{when:%Y-%m-%d %H:%M:%S} UTC, but WHO SIGNED THIS TIME WAS NOT CHECKED (--tsa-ca, openssl)"
    with tempfile.TemporaryDirectory() as folder:
        files = [os.path.join(folder, "token"), os.path.join(folder, "data")]
        for file, content in zip(files, (token, note)):
            Path(file).write_bytes(content)
        command = ["openssl", "ts", "-verify", "-in", files[0], "-data", files[1], "-CAfile", authority]
        command += ["-attime", str(int(when.timestamp()))]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            raise Wrong("openssl does not find it signed by that authority")
    return f"{when:%Y-%m-%d %H:%M:%S} UTC, signed by that authority"


LARGEST = 1 << 28  # bytes in one file of a pack
KINDS = {"proofs": ["tlog-proof"], "entries": ["json"], "attachments": [], "earlier": ["proof", "tsr"]}


class Pack:
    """A proof pack in a folder or in a zip file; nothing is unpacked."""

    def __init__(self, path: Path, report: Report, authority: str | None = None) -> None:
        self.path, self.report, self.authority = path, report, authority
        try:
            self.zip = None if path.is_dir() else zipfile.ZipFile(path)
        except Exception:  # a damaged zip file raises almost anything
            raise OSError("this is no zip file that can be opened") from None

    def names(self) -> list[str]:
        if self.zip is not None:
            return sorted(name for name in self.zip.namelist() if not name.endswith("/"))
        return sorted(
            path.relative_to(self.path).as_posix() for path in self.path.rglob("*") if path.is_file()
        )

    def read(self, name: str) -> bytes:
        try:
            with open(self.path / name, "rb") if self.zip is None else self.zip.open(name) as file:
                data = file.read(LARGEST + 1)
        except Exception:
            raise Wrong(f"{name} is missing or cannot be read") from None
        if len(data) > LARGEST:
            raise Wrong("is larger than a file of a pack should be")
        return data

    def check(self, key: str | None) -> None:
        """:raises Wrong: it is no pack of that key at all; all else goes into the report."""
        manifest, names = parse_json(self.read("manifest.json"), "it"), self.names()
        count = Counter(names)
        origin, vkey, files = (manifest.get(name) for name in ("origin", "vkey", "files"))
        if not isinstance(vkey, str) or not isinstance(files, dict) or key not in (None, vkey):
            raise Wrong("names no files and no key, or another key than the one given")
        for name in sorted({*files, *names} - {"manifest.json"}):
            with self.report.of(name):
                if name not in files or count[name] != 1:
                    raise Wrong("is in the pack or in its manifest, but not once in both")
                if hashlib.sha256(self.read(name)).hexdigest() != files[name]:
                    raise Wrong("is not the file that the manifest names")
        with self.report.of("checkpoint"):
            checkpoint = open_checkpoint(self.read("checkpoint"), vkey)
            if checkpoint.origin != origin:
                raise Wrong("is of another log than the manifest names")
            for name in names:
                with self.report.of(name):
                    self.check_file(name, checkpoint, vkey)
            proofs = sum(name.endswith(".tlog-proof") for name in names)
            self.report.told.append(f"{origin}: {proofs} entries of a log of {checkpoint.size}")

    def check_file(self, name: str, checkpoint: Checkpoint, vkey: str) -> None:
        """What a file says, as far as its name promises evidence."""
        place, _, kind = name.rpartition(".")
        folder, _, stem = place.rpartition("/")
        top = name.partition("/")[0]
        if top in KINDS and (folder != top or kind not in (KINDS[top] or [kind])):
            raise Wrong("has no place there")
        if folder in ("proofs", "entries"):
            proof = parse_proof(self.read(f"proofs/{stem}.tlog-proof"))
            if proof.note != self.read("checkpoint"):
                raise Wrong("the proof ends in another checkpoint than that of the pack")
            leaf, body = check_proof(proof, checkpoint)
            if leaf.get("id") != stem:
                raise Wrong("the proof is of another entry")
            if (body or folder == "entries") and self.read(f"entries/{stem}.json") != body:
                raise Wrong("the entry is not what its proof shows")
        elif folder == "attachments":
            id_, _, n = stem.rpartition("-")
            entry = parse_json(self.read(f"entries/{id_}.json"), "its entry")
            files = (entry.get("proof") or {}).get("attachments") or []
            digest = "sha256:" + hashlib.sha256(self.read(name)).hexdigest()
            if [digest] != [file.get("sha256") for file in files][decimal(n, "its number") - 1 :][:1]:
                raise Wrong("is not the file whose hash the entry holds")
        elif folder == "earlier" and kind == "proof":
            hashes, _, note = self.read(name).partition(b"\n\n")
            old, lines = open_checkpoint(note, vkey), hashes.decode("ascii", "replace").split("\n")
            path = [decode(line, "a hash", 32) for line in lines if hashes]
            if not verify_consistency(old.size, checkpoint.size, path, old.root, checkpoint.root):
                raise Wrong("the log did not grow from that checkpoint")
            self.report.told.append(f"{name}: grown from {old.size} entries, of which none was changed")
        elif folder == "earlier" or name == "timestamp.tsr":
            note = self.read(place + ".proof").partition(b"\n\n")[2] if folder else self.read("checkpoint")
            self.report.told.append(f"{name}: {check_timestamp(self.read(name), note, self.authority)}")
        elif name not in ("manifest.json", "checkpoint"):
            self.report.told.append(f"{name}: in the manifest, but nothing proves what it says")


# --- The command


def examine(path: Path, options: argparse.Namespace, report: Report) -> None:
    """:raises OSError: there is nothing to check, or no key to check it with."""

    def vkey(folder: Path) -> str:
        if not options.vkey and not (folder / "vkey").is_file():
            raise OSError("there is no key; give the log's public key as --vkey")
        return options.vkey or (folder / "vkey").read_bytes().decode("utf-8", "replace").removesuffix("\n")

    for given in filter(None, (options.earlier, options.tsa_ca)):
        Path(given).read_bytes()
    if path.is_dir() and not (path / "manifest.json").exists():
        earlier = Path(options.earlier).read_bytes() if options.earlier else None
        with report.of("vkey"):
            parse_key(vkey(path))
            check_log(path, vkey(path), earlier, report)
    elif path.is_dir() or zipfile.is_zipfile(path):
        with report.of("manifest.json"):
            Pack(path, report, options.tsa_ca).check(options.vkey)
    else:
        with report.of(path.name):
            proof = parse_proof(path.read_bytes())
            checkpoint = open_checkpoint(proof.note, vkey(path.parent))
            leaf, body = check_proof(proof, checkpoint)
            report.told.append(f"{checkpoint.origin}: entry {proof.number}, recorded at {leaf.get('at')}")
            report.told.append(body.decode("utf-8", "replace") or "what it says is not shown")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("path", metavar="PATH", help="a log, a .tlog-proof file or a proof pack")
    parser.add_argument("--vkey", metavar="KEY", help="the log's key, as the organisation published it")
    parser.add_argument("--earlier", metavar="FILE", help="an older checkpoint of the log")
    parser.add_argument("--tsa-ca", metavar="FILE", help="certificates (PEM) of who signs the timestamps")
    options, report = parser.parse_args(arguments), Report()
    try:
        examine(Path(options.path), options, report)
    except OSError as error:
        print(f"cannot check: {error}", file=sys.stderr)
        return 2
    encoding = sys.stdout.encoding or "utf-8"
    for line in [*report.told, *report.wrong, "WRONG" if report.wrong else "GOOD"]:
        text = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in line)
        print(text.encode(encoding, "backslashreplace").decode(encoding))
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
