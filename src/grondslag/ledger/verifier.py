"""Check a ledger, a proof or a proof pack. Needs Python 3.9 and this one file; no server, no key, no trust.

python verifier.py PATH [--vkey KEY] [--earlier CHECKPOINT] [--tsa-ca FILE]
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import NamedTuple


class Wrong(Exception):
    """The evidence is not what it should be; the message says what and where, with no data of a person."""


# --- The Merkle tree (RFC 9162, 2.1)

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def verify_inclusion(index: int, size: int, leaf: bytes, path: list[bytes], root: bytes) -> bool:
    """Is the leaf hash the one at `index` in the tree of `size` leaves with this root? (2.1.3.2)"""
    if not 0 <= index < size:
        return False
    here, last = index, size - 1
    for hash_ in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            leaf = node_hash(hash_, leaf)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            leaf = node_hash(leaf, hash_)
        here, last = here >> 1, last >> 1
    return last == 0 and leaf == root


def verify_consistency(old: int, new: int, path: list[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Is the tree of `old` leaves the beginning of the tree of `new` leaves? (2.1.4.2)"""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    if old & (old - 1) == 0:
        path = [old_root, *path]
    if not path:
        return False
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    first = second = path[0]
    for hash_ in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            first, second = node_hash(hash_, first), node_hash(hash_, second)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            second = node_hash(second, hash_)
        here, last = here >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def commitment(salt: bytes, body: bytes) -> bytes:
    """What the log holds of an entry: nothing can be learned from it without the salt."""
    return hashlib.sha256(b"grondslag/v1\0" + salt + len(body).to_bytes(4, "big") + body).digest()


# --- Ed25519 (RFC 8032, 5.1.7), strict and without the cofactor

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]  # extended coordinates (X, Y, Z, T)


def _add(a: Point, b: Point) -> Point:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def _double(a: Point) -> Point:
    x, y, z = a[0] * a[0] % P, a[1] * a[1] % P, 2 * a[2] * a[2] % P
    h = x + y
    e, g = h - (a[0] + a[1]) * (a[0] + a[1]), x - y
    f = z + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def _point(encoded: bytes) -> Point | None:
    """The point, unless the 32 bytes are no canonical encoding of one."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P != u:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or v * x * x % P != u or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
BASE_Y = 46316835694926478169428394003475163141307993866256225615783033603165251855960
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def verify_signature(key: bytes, message: bytes, signature: bytes) -> bool:
    """Is the Ed25519 signature good? As Go's verifier, but a key must be encoded canonically too."""
    if len(key) != 32 or len(signature) != 64:
        return False
    a, s = _point(key), int.from_bytes(signature[32:], "little")
    if a is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    minus_a = (P - a[0], a[1], 1, P - a[3])
    table = {(1, 0): BASE, (0, 1): minus_a, (1, 1): _add(BASE, minus_a)}
    sum_: Point = (0, 1, 1, 0)
    for bit in range(max(s.bit_length(), k.bit_length()) - 1, -1, -1):
        sum_ = _double(sum_)
        bits = (s >> bit & 1, k >> bit & 1)
        if bits != (0, 0):
            sum_ = _add(sum_, table[bits])
    inverse = pow(sum_[2], P - 2, P)
    x, y = sum_[0] * inverse % P, sum_[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# --- Signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint)

ED25519, COSIGNATURE = 1, 4  # the types of signatures that are known here


class Key(NamedTuple):
    name: str
    id: bytes
    type: int
    public: bytes


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes


def decode(text: str, what: str) -> bytes:
    """Base64, in the one form that RFC 4648 section 4 gives it."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        raise Wrong(what + " is not base64") from None
    if base64.b64encode(raw).decode("ascii") != text:
        raise Wrong(what + " is not base64 in its one canonical form")
    return raw


def decimal(text: str, what: str) -> int:
    if not re.fullmatch("0|[1-9][0-9]{0,18}", text, re.ASCII):
        raise Wrong(what + " is not a whole number without leading zeroes")
    return int(text)


def text_of(data: bytes, what: str) -> str:
    """UTF-8 without control characters other than the newline."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong(what + " is not UTF-8") from None
    if re.search("[\x00-\x09\x0b-\x1f]", text):
        raise Wrong(what + " holds a control character")
    return text


def key_id(name: str, type_: int, public: bytes) -> bytes:
    return hashlib.sha256(name.encode("utf-8") + b"\n" + bytes([type_]) + public).digest()[:4]


def parse_key(vkey: str) -> Key:
    """A verifier key: name, id and public key with plus signs between."""
    parts = vkey.split("+", 2)
    if len(parts) != 3 or not re.fullmatch(r"\S+", parts[0]):
        raise Wrong("the verifier key is not name+id+key")
    data = decode(parts[2], "the public key in the verifier key")
    if len(data) != 33 or data[0] not in (ED25519, COSIGNATURE):
        raise Wrong("the verifier key is not an Ed25519 key of 32 bytes")
    id_ = key_id(parts[0], data[0], data[1:])
    if parts[1] != id_.hex():
        raise Wrong("the id in the verifier key does not belong to its name and public key")
    return Key(parts[0], id_, data[0], data[1:])


def parse_note(note: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a note and its signatures, each a name and what stands behind it; nothing is verified."""
    text = text_of(note, "the note")
    split = text.rfind("\n\n")
    if split < 0 or not text.endswith("\n") or len(note) > 1_000_000:
        raise Wrong("the note has no text, blank line and signature lines")
    lines = text[split + 2 : -1].split("\n")
    if len(lines) > 100:
        raise Wrong("the note has more than 100 signatures")
    signatures = []
    for line in lines:
        match = re.fullmatch("— ([^\\s+]+) ([^ ]+)", line)
        signature = decode(match[2], "a signature of the note") if match else b""
        if match is None or len(signature) < 5:
            raise Wrong("the note has a malformed signature line")
        signatures.append((match[1], signature))
    return text[: split + 1], signatures


def open_note(note: bytes, vkeys: list[str]) -> str:
    """The text, signed by at least one of the keys; a bad signature of one of them makes the note bad."""
    text, signatures = parse_note(note)
    known = {(key.name, key.id): key for key in map(parse_key, vkeys) if key.type == ED25519}
    good = 0
    for name, signature in signatures:
        key = known.get((name, signature[:4]))
        if key is not None:
            if not verify_signature(key.public, text.encode("utf-8"), signature[4:]):
                raise Wrong("the signature of " + name + " does not hold")
            good += 1
    if not good:
        raise Wrong("the note is not signed by a key that was given")
    return text


def parse_checkpoint(text: str) -> Checkpoint:
    """Origin, size, root, one a line; extension lines are refused."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise Wrong("the checkpoint is not three lines: origin, size, root")
    root = decode(lines[2], "the root of the checkpoint")
    size = decimal(lines[1], "the size of the checkpoint")
    if len(root) != 32 or (size == 0) != (root == EMPTY):
        raise Wrong("the root of the checkpoint is not one of a tree of that size")
    return Checkpoint(lines[0], size, root)


def open_checkpoint(note: bytes, vkey: str) -> Checkpoint:
    """The checkpoint, signed by the log whose key this is; its name is the origin."""
    checkpoint = parse_checkpoint(open_note(note, [vkey]))
    if checkpoint.origin != parse_key(vkey).name:
        raise Wrong("the checkpoint is of another log than the key")
    return checkpoint
