"""A zip file in the making: the same files give the same bytes, and half of one is never seen."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Final

from grondslag.register.drafts import draft

_NO_DAY: Final = (1980, 1, 1, 0, 0, 0)
"""The first day that a zip file can tell; what is in it tells the time better."""

_PIECE: Final = 1 << 20


class Archive:
    """A proof pack as ``verifier.py`` describes it; of each file the hash goes into the manifest.

    :ivar digests: name → SHA-256 of every file so far, in hex.
    """

    def __init__(self, zip_: zipfile.ZipFile) -> None:
        self._zip = zip_
        self.digests: dict[str, str] = {}

    def add(self, name: str, content: bytes | IO[bytes]) -> None:
        """Add a file that is not there yet; an open one is copied piece by piece."""
        self.digests[name] = self._write(name, BytesIO(content) if isinstance(content, bytes) else content)

    def finish(self, origin: str, vkey: str) -> None:
        """Write the manifest.

        :param origin: the name of the log.
        :param vkey: its public key.
        """
        manifest = {"origin": origin, "vkey": vkey, "files": dict(sorted(self.digests.items()))}
        self._write("manifest.json", BytesIO(json.dumps(manifest, indent=1, ensure_ascii=False).encode()))

    def _write(self, name: str, content: IO[bytes]) -> str:
        told = zipfile.ZipInfo(name, _NO_DAY)
        told.compress_type, told.create_system, told.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
        digest = hashlib.sha256()
        with self._zip.open(told, "w") as file:
            while piece := content.read(_PIECE):
                digest.update(piece)
                file.write(piece)
        return digest.hexdigest()


@contextmanager
def archive(out: Path) -> Iterator[Archive]:
    """The zip file, which only its owner can read, and which gets its name when it is whole."""
    with draft(out) as file, zipfile.ZipFile(file, "w") as zip_:
        yield Archive(zip_)
