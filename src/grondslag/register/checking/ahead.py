"""The write-ahead log of SQLite (sqlite.org/fileformat.html, section 4): is every frame what was written?

SQLite takes what it can read and silently leaves the rest, as it must after a crash.  A frame that is neither
whole nor of an earlier round is told here, because what stood in it was acknowledged perhaps.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from grondslag.register.checking.finding import Finding

_HEADER, _FRAME = 32, 24
_MAGIC: Final = 0x377F0682  # plus one when checksums are of big-endian words
_REMEDY: Final = "make a copy of it first; then send again what was sent last: nothing is recorded twice"
Sums = tuple[int, int]


def damaged(file: Path) -> Iterator[Finding]:
    """What is wrong with the log beside a database; nothing when there is none."""
    try:
        size = file.stat().st_size
    except FileNotFoundError:
        return
    if not size:
        return
    with file.open("rb") as log:
        header = log.read(_HEADER)
        if len(header) < _HEADER:
            yield Finding(file.name, "breaks off in its header", _REMEDY)
            return
        magic, _, page, _, *salts, one, two = struct.unpack(">8I", header)
        big = magic == _MAGIC + 1
        if magic not in (_MAGIC, _MAGIC + 1) or _sums(header[:24], (0, 0), big) != (one, two):
            yield Finding(file.name, "has a header that was changed: nothing of it is read", _REMEDY)
            return
        sums, number = (one, two), 0
        while frame := log.read(_FRAME + page):
            number += 1
            ours = len(frame) == _FRAME + page and list(struct.unpack(">2I", frame[8:16])) == salts
            right = len(frame) == _FRAME + page and _sums(frame[:8] + frame[24:], sums, big)
            whole = right == struct.unpack(">2I", frame[16:24]) if right else False
            if ours and whole:
                sums = struct.unpack(">2I", frame[16:24])
                continue
            # Of an earlier round neither fits; and when it does, nothing of this round comes after it.
            if ours or whole or _later(log.read, page, salts):
                yield Finding(file.name, f"is not whole from frame {number} on, which is not read", _REMEDY)
            return


def _later(read: object, page: int, salts: list[int]) -> bool:
    """Whether a frame of this round comes after one that is not."""
    assert callable(read)
    while len(frame := read(_FRAME + page)) == _FRAME + page:
        if list(struct.unpack(">2I", frame[8:16])) == salts:
            return True
    return False


def _sums(data: bytes, sums: Sums, big: bool) -> Sums:
    """The checksum of SQLite's log, carried on from what came before."""
    words = array("I", data)
    if big != (sys.byteorder == "big"):
        words.byteswap()
    one, two = sums
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = one + first + two & 0xFFFFFFFF
        two = two + second + one & 0xFFFFFFFF
    return one, two
