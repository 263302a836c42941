"""Text of any encoding that people have, as UTF-8 that the engine can read.

A file that is not sound UTF-8 with lines of one kind is copied.  What cannot be decoded gets a mark in the
copy, so that it spoils its row and not the file.
"""

from __future__ import annotations

import codecs
import gzip
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from charset_normalizer import from_bytes

from grondslag.errors import BadCase

UTF_8: Final = "UTF-8"
UTF_16, UTF_16_LE, UTF_16_BE = "UTF-16", "UTF-16LE", "UTF-16BE"
WINDOWS: Final = "Windows-1252"
"""Latin-1 is read as this too: it has the same letters."""
CHUNK: Final = 1 << 18
LONGEST_LINE: Final = CHUNK
"""Characters in one line; no less than a chunk, so that only a line over two chunks can be longer."""

UNREADABLE: Final = "\N{REPLACEMENT CHARACTER}"
TOO_LONG: Final = "\x1e"
"""Stands in a copy for a line that is too long."""

_BOMS: Final = ((b"\xef\xbb\xbf", UTF_8), (b"\xff\xfe", UTF_16), (b"\xfe\xff", UTF_16))
_ZIP: Final = b"PK\x03\x04"
_OTHERS: Final = ("cp850", "mac-roman")
"""What DOS and old Macs wrote where Windows wrote Windows-1252: told apart by likelihood only."""
_NOT_WINDOWS: Final = b"\x81\x8d\x8f\x90\x9d"
"""Bytes that mean nothing in Windows-1252."""
_SAMPLE: Final = 1 << 16


def is_packed(path: Path) -> bool:
    return path.suffix.lower() == ".gz"


def opened(path: Path) -> IO[bytes]:
    """The bytes of a file, unpacked if need be."""
    return cast(IO[bytes], gzip.open(path, "rb")) if is_packed(path) else path.open("rb")


@dataclass(slots=True)
class Look:
    """What one pass over the text tells.

    :ivar sound: UTF-8 that the engine may read as it is: no NUL, no line too long, lines that end in one way.
    :ivar plain: no empty line either.
    """

    start: bytes = b""
    utf_8: bool = True
    sound: bool = True
    plain: bool = True
    quotes: bool = False


def looked(path: Path) -> Look:
    look, decoder = Look(), io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8")(), False)
    length, last = 0, "\n"
    with opened(path) as file:
        while chunk := file.read(CHUNK):
            look.start = look.start or chunk[:_SAMPLE]
            end = chunk.find(b"\n")
            if length + (len(chunk) if end < 0 else end) > LONGEST_LINE:
                look.sound = False
            length = length + len(chunk) if end < 0 else len(chunk) - chunk.rfind(b"\n") - 1
            text = _decoded(decoder, chunk, look)
            if "\0" in text:
                look.sound = False
            look.quotes = look.quotes or '"' in text
            if "\n\n" in text or "\n\r" in text or (last == "\n" and text[:1] in ("\n", "\r")):
                look.plain = False
            last = text[-1:] or last
    _decoded(decoder, b"", look)
    if decoder.newlines not in (None, "\n", "\r\n"):
        look.sound = False
    return look


def _decoded(decoder: io.IncrementalNewlineDecoder, chunk: bytes, look: Look) -> str:
    try:
        return decoder.decode(chunk, final=not chunk) if look.utf_8 else ""
    except UnicodeDecodeError:
        look.utf_8 = look.sound = False
        return ""


def encoding_of(path: Path, look: Look) -> str:
    """The name of the encoding, for people and for Python."""
    for mark, encoding in _BOMS:
        if look.start.startswith(mark):
            return encoding
    if look.start.startswith(_ZIP):
        raise BadCase(path.name, "is a spreadsheet or a zip file", "save it as CSV UTF-8")
    if look.start.count(0) > len(look.start) // 5:
        return _guessed(path, look.start, (UTF_16_LE, UTF_16_BE))
    if look.utf_8:
        return UTF_8
    as_utf_8, otherwise, fitting, sample = 0, 0, 0, bytearray()
    with opened(path) as file:
        while piece := file.readline(LONGEST_LINE):
            if piece.isascii():
                continue
            if _is_utf_8(piece):
                as_utf_8 += 1
                continue
            otherwise += 1
            if piece.translate(None, _NOT_WINDOWS) == piece:
                fitting += 1
                sample += piece[: _SAMPLE - len(sample)]
    if as_utf_8 >= otherwise:
        return UTF_8
    # A few rows may be broken; more of them are another encoding.
    return _guessed(path, sample if fitting > 0.9 * otherwise else b"", (WINDOWS, *_OTHERS))


def _guessed(path: Path, sample: bytes | bytearray, among: Sequence[str]) -> str:
    """The likeliest of some encodings; those that can only be guessed at are refused."""
    names = [codecs.lookup(name).name for name in among]
    best = from_bytes(bytes(sample), cp_isolation=names, threshold=0.5).best() if sample else None
    found = {codecs.lookup(name).name: name for name in among}.get(
        codecs.lookup(best.encoding).name if best else ""
    )
    if found is None or found in _OTHERS:
        like = f" (it looks like {found})" if found else ""
        problem = f"is neither UTF-8 nor UTF-16 nor {WINDOWS} text{like}"
        raise BadCase(path.name, problem, "save it as CSV UTF-8")
    return found


def _is_utf_8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def copied(path: Path, encoding: str, workplace: Path) -> tuple[Path, bool]:
    """The file as UTF-8 with marks, a line at a time, and whether the copy is :attr:`Look.plain`."""
    copy, first, plain = workplace / f"copy-{len(list(workplace.iterdir()))}", True, True
    with (
        opened(path) as file,
        io.TextIOWrapper(file, encoding, errors="replace") as lines,
        copy.open("w", encoding="utf-8", newline="\n") as to,
    ):
        while line := lines.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE and not line.endswith("\n"):
                while line and not line.endswith("\n"):
                    line = lines.readline(LONGEST_LINE)
                line = TOO_LONG + "\n"
            line = line.removeprefix("\ufeff" if first else "").replace("\0", UNREADABLE)
            if not line.isascii() and encoding == WINDOWS and _is_utf_8(line.encode(WINDOWS, "ignore")):
                # Bytes that make UTF-8 did not come from Windows: the row is of another encoding.
                line = UNREADABLE + line
            plain = plain and line != "\n" and not TOO_LONG not in line and UNREADABLE not in line
            to.write(line)
            first = False
    return copy, plain
