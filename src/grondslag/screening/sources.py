"""An input file before it is read: its hash, its format, its encoding, and whether it stays as it is."""

from __future__ import annotations

import gzip
import hashlib
import stat
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grondslag.errors import BadCase
from grondslag.screening.encodings import CHUNK, UTF_8, copied, encoding_of, is_packed, looked

CSV, JSON_LINES, PARQUET, LINES = "CSV", "JSON lines", "Parquet", "lines"
SUFFIXES: Final = {
    ".csv": CSV,
    ".tsv": CSV,
    ".jsonl": JSON_LINES,
    ".ndjson": JSON_LINES,
    ".parquet": PARQUET,
}


@dataclass(frozen=True, slots=True)
class Source:
    """One input file: what was found in it, for the user to see and for the receipt.

    :ivar readable: the file itself, or the copy of it.
    :ivar stamp: what tells without reading that the file was touched.
    :ivar plain: text without an empty line or a mark.
    :ivar quotes: whether there is a quote in it.
    :ivar encoding: empty for Parquet.
    :ivar delimiter: of CSV.
    :ivar columns: in the order of the file; empty when it has no line that names them.
    """

    path: Path
    sha256: str
    size: int
    readable: Path
    stamp: tuple[int, ...] = ()
    plain: bool = False
    quotes: bool = False
    format: str = PARQUET
    encoding: str = ""
    delimiter: str = ""
    columns: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def stem(self) -> str:
        """The name without what tells the format."""
        return stem_and_format(self.path)[0]

    @property
    def read_as(self) -> str:
        """What the file was taken for, in words."""
        parts = [self.format, self.encoding]
        if self.format == CSV:
            parts.append(f"delimiter {_DELIMITER_WORDS.get(self.delimiter, self.delimiter)}")
        if self.format != LINES:
            parts.append(
                "columns " + " ".join(self.columns) if self.columns else "no line that names columns"
            )
        return ", ".join(filter(None, parts))


_DELIMITER_WORDS: Final = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}


def stem_and_format(path: Path) -> tuple[str, str]:
    """``consent.jsonl.gz`` is ``consent`` in JSON lines; a file with another suffix is plain lines."""
    bare = path.with_suffix("") if is_packed(path) else path
    found = SUFFIXES.get(bare.suffix.lower(), LINES)
    return (path.stem, LINES) if found == LINES or (found == PARQUET and bare != path) else (bare.stem, found)


def source(path: Path, workplace: Path) -> Source:
    """Takes the hash of a file, and finds out in what it is written.

    :raises BadCase: when it cannot be opened, is empty, or is text of an encoding that cannot be told.
    """
    try:
        before = _stamp(path)
        digest, size = _hash(path)
        if size == 0:
            raise BadCase(path.name, "is empty", "a table begins with a line that names its columns")
        _, format_ = stem_and_format(path)
        if format_ == PARQUET:
            return Source(path, digest, size, path, before)
        look = looked(path)
        encoding = encoding_of(path, look)
    except (gzip.BadGzipFile, zlib.error, EOFError):
        raise BadCase(path.name, "is no sound gzip file", "pack it anew") from None
    except OSError as error:
        problem = f"cannot be opened ({error.strerror})"
        raise BadCase(error.filename or path.name, problem, "name a file that can be read") from None
    sound = encoding == UTF_8 and look.sound
    readable, plain = (path, look.plain) if sound else copied(path, encoding, workplace)
    return Source(path, digest, size, readable, before, plain, look.quotes or not sound, format_, encoding)


def require_unchanged(sources: Iterable[Source]) -> None:
    """Sees whether the files are still what they were when they were first read.

    :raises BadCase: when one is not: what was read from it may be half of one thing and half of another.
    """
    for file in sources:
        try:
            same = _stamp(file.path) == file.stamp and _hash(file.path)[0] == file.sha256
        except OSError:
            same = False
        if not same:
            raise BadCase(file.name, "was changed while it was read", "screen again when it is at rest")


def _stamp(path: Path) -> tuple[int, ...]:
    told = path.stat()
    if not stat.S_ISREG(told.st_mode):
        raise BadCase(path.name, "is no file on disk", "save it, for it is read more than once")
    return told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns


def _hash(path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size
