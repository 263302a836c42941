"""The files in a ZIP, as some programs export them, one by one."""

from __future__ import annotations

import errno
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from grondslag.errors import BadCase
from grondslag.screening.encodings import CHUNK

MOST_FILES: Final = 50
MOST_BYTES: Final = 4 << 30
"""In all files together, unpacked."""
MOST_TIMES: Final = 200
"""How much larger a file may become; what people export becomes five to twenty times as large."""
_SMALL: Final = 10 << 20
"""No file of this size is a bomb."""
_DAMAGED: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError),
    *(NotImplementedError, RuntimeError, MemoryError),  # an unknown way of packing, a password, a lie of LZMA
)
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_START: Final = (b"PK\x03\x04", b"PK\x05\x06")


def is_zip(path: Path) -> bool:
    """:raises BadCase: when it cannot be opened."""
    try:
        with path.open("rb") as file:
            return file.read(4) in _START
    except OSError as error:
        raise BadCase(
            path.name, f"cannot be opened ({error.strerror})", "name a file that can be read"
        ) from None


def unpacked(path: Path, workplace: Path) -> Iterator[Path]:
    """Each file in a ZIP, in a folder of its own that is emptied before the next.

    :raises BadCase: when it is damaged, locked, a spreadsheet, or becomes too large.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            files = [
                each for each in packed.infolist() if not each.is_dir() and not _is_clutter(each.filename)
            ]
            if any(each.filename == "[Content_Types].xml" for each in files):
                raise BadCase(path.name, "is a spreadsheet or a document", "save it as CSV UTF-8")
            if not 0 < len(files) <= MOST_FILES:
                raise BadCase(
                    path.name, f"holds {len(files)} files", f"pack 1 to {MOST_FILES} CSV files in it"
                )
            left = MOST_BYTES
            for number, each in enumerate(files):
                folder = workplace / str(number)
                folder.mkdir()
                to = folder / _name(each.filename)
                left -= _written(packed, each, to, left, path.name)
                yield to
                to.unlink()
    except (*_DAMAGED, OSError) as error:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise BadCase(
                path.name, "there is no room to unpack it", "make room, or unpack it yourself"
            ) from None
        raise BadCase(path.name, "is no sound ZIP without a password", "export or pack it anew") from None


def _is_clutter(name: str) -> bool:
    """What a Mac adds."""
    return name.startswith("__MACOSX/") or PurePosixPath(name).name == ".DS_Store"


def _name(inside: str) -> str:
    """The name only: nothing in a ZIP says where it goes."""
    name = PurePosixPath(inside.replace("\\", "/")).name
    return (
        "".join(sign if sign.isprintable() and sign != "\0" else "_" for sign in name)[-100:].lstrip(".")
        or "file.csv"
    )


def _written(packed: zipfile.ZipFile, each: zipfile.ZipInfo, to: Path, most: int, name: str) -> int:
    size = 0
    with packed.open(each) as given, to.open("wb") as file:
        while chunk := given.read(CHUNK):
            size += len(chunk)
            # What the ZIP says of its own sizes is not believed.
            if size > most or (size > _SMALL and size > MOST_TIMES * max(each.compress_size, 1)):
                raise BadCase(
                    name, "becomes suspiciously large", "unpack it yourself, and import the files in it"
                )
            file.write(chunk)
    return size
