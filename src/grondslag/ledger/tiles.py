"""A log in a folder for anyone to read: `checkpoint`, `tile/LEVEL/N`, `tile/entries/N` (c2sp.org/tlog-tiles).

A crash at any moment loses nothing: each file is whole and on the disk before it gets its name, and the
checkpoint comes last. Writing the same entries again changes nothing.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import islice
from pathlib import Path

from grondslag.errors import BadEvidence
from grondslag.ledger import verifier
from grondslag.ledger.checkpoint import Checkpoint
from grondslag.ledger.note import encoded, refusing
from grondslag.ledger.verifier import Kind, leaf_hash, parse_bundle, places, tile_path, tree_root

LONGEST = 65_535
"""Bytes in one entry."""

_WRITERS = 8  # the disk writes several files through in hardly more time than one
_TILES_KEPT = 256  # 8 KiB each


class Tiles:
    """The log in this folder; one writer at a time, any number of readers.

    What the operating system refuses (no room, no permission) is raised as the OSError that it is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._whole = lru_cache(_TILES_KEPT)(self._read_whole)

    def append(self, first: int, entries: Iterable[bytes]) -> None:
        """Write the entries that have the indices from `first` on, and the hashes over them.

        Nobody reads them as part of the log before `publish`.

        :raises BadEvidence: an entry is too long, those before `first` are not there, or others stand there.
        """
        folders = {self.folder}
        files = self._files(first, entries)
        with ThreadPoolExecutor(_WRITERS) as pool:
            while batch := list(islice(files, 2 * _WRITERS)):
                for path in pool.map(self._write_once, *zip(*batch, strict=True)):
                    folders.update(path.parents[: len(path.parents) - len(self.folder.parents)])
            list(pool.map(_sync, folders))

    def publish(self, note: str) -> None:
        """Let this signed checkpoint be the log's.

        :raises BadEvidence: it is no checkpoint, the tiles do not have its root, or it takes entries back.
        """
        with refusing("the checkpoint", "sign origin, size and root of what was appended"):
            new = Checkpoint(*verifier.parse_checkpoint(verifier.parse_note(encoded(note))[0]))
        before = self.checkpoint()
        old = Checkpoint.parse(before.rpartition("\n\n")[0] + "\n").size if before else 0
        if new.size < old:
            raise BadEvidence(
                "checkpoint",
                f"would go back from {old} to {new.size} entries",
                "let one program write the log",
            )
        if verifier.Log(self.folder, new.size, []).root(new.size) != new.root:
            raise BadEvidence("checkpoint", "does not have the root of the tiles", "append the entries first")
        self._replace("checkpoint", encoded(note))
        _sync(self.folder)
        for level, n, width in places(old):
            if width and n < new.size >> 8 * level + 8:  # a tile that was partial and is whole now
                for kind in (level, "entries") if level == 0 else (level,):
                    shutil.rmtree(self.folder / (tile_path(kind, n) + ".p"), ignore_errors=True)

    def introduce(self, vkey: str) -> None:
        """Put the log's public key beside it, where the verifier looks for it."""
        self._write_once("vkey", vkey.encode() + b"\n")
        _sync(self.folder)

    def checkpoint(self) -> str | None:
        """The signed checkpoint; none when nothing was published.

        :raises BadEvidence: the file is no note.
        """
        try:
            data = (self.folder / "checkpoint").read_bytes()
        except FileNotFoundError:
            return None
        with refusing("checkpoint", "run the verifier on the log, and restore the file"):
            verifier.parse_note(data)
        return data.decode()

    def node(self, level: int, index: int) -> bytes:
        """The hash of a full subtree, for proofs.

        :raises BadEvidence: the log does not have it.
        """
        tile, depth = divmod(level, 8)
        n, at = divmod(index << depth, 256)
        hashes = self._tile(tile, n)[at : at + (1 << depth)]
        if len(hashes) < 1 << depth:
            raise _missing(tile, n)
        return tree_root(list(hashes))

    def entries(self, first: int, count: int) -> Iterator[bytes]:
        """So many entries, from index `first` on.

        :raises BadEvidence: the log does not have them.
        """
        end = first + count
        for n in range(first >> 8, end + 255 >> 8):
            held = self._bundle(n)
            wanted = held[max(first - n * 256, 0) : end - n * 256]
            if len(held) < min(end - n * 256, 256):
                raise _missing("entries", n)
            yield from wanted

    def _files(self, first: int, entries: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
        """Name and content of every file that these entries change, in the order in which they are known."""
        rows = [list(self._begun(level, n, width)) for level, n, width in places(first)] or [[]]
        bundle = [_framed(entry) for entry in self._begun("entries", first >> 8, first & 255)]
        size = first
        for size, entry in enumerate(entries, first + 1):
            bundle.append(_framed(entry))
            rows[0].append(leaf_hash(entry))
            if size & 255:
                continue
            yield tile_path("entries", size - 1 >> 8), b"".join(bundle)
            bundle, level = [], 0
            while len(rows[level]) == 256:
                yield tile_path(level, size - 1 >> 8 * level + 8), b"".join(rows[level])
                rows += [[]] if len(rows) == level + 1 else []
                rows[level + 1].append(tree_root(rows[level]))
                rows[level], level = [], level + 1
        if bundle:
            yield tile_path("entries", size >> 8, size & 255), b"".join(bundle)
        for level, row in enumerate(rows):
            if row:
                yield tile_path(level, size >> 8 * level + 8, len(row)), b"".join(row)

    def _begun(self, kind: Kind, n: int, width: int) -> tuple[bytes, ...]:
        """The first hashes or entries of a tile that more is to be added to."""
        if width == 0:
            return ()
        found = self._bundle(n) if kind == "entries" else self._tile(int(kind), n)
        if len(found) < width:
            raise _missing(kind, n)
        return found[:width]

    def _tile(self, level: int, n: int) -> tuple[bytes, ...]:
        try:
            return self._whole(level, n)
        except FileNotFoundError:
            return _hashes(self._widest(level, n))

    def _read_whole(self, level: int, n: int) -> tuple[bytes, ...]:
        return _hashes((self.folder / tile_path(level, n)).read_bytes())

    def _bundle(self, n: int) -> tuple[bytes, ...]:
        try:
            data = (self.folder / tile_path("entries", n)).read_bytes()
        except FileNotFoundError:
            data = self._widest("entries", n)
        with refusing(tile_path("entries", n), "run the verifier on the log, and restore the file"):
            return tuple(parse_bundle(data))

    def _widest(self, kind: Kind, n: int) -> bytes:
        """The content of the widest partial file of a tile."""
        folder = self.folder / (tile_path(kind, n) + ".p")
        widths = [int(path.name) for path in folder.glob("[1-9]*") if path.name.isdigit()]
        if not widths:
            raise _missing(kind, n)
        return (folder / str(max(widths))).read_bytes()

    def _write_once(self, name: str, content: bytes) -> Path:
        """The file, with that content: whole, or not at all."""
        path = self.folder / name
        try:
            if path.read_bytes() != content:
                raise BadEvidence(name, "already holds something else", "run the verifier on the log")
        except FileNotFoundError:
            self._replace(name, content)
        return path

    def _replace(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            with draft.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


def _framed(entry: bytes) -> bytes:
    if len(entry) > LONGEST:
        raise BadEvidence("an entry", f"has {len(entry)} bytes", f"log at most {LONGEST}")
    return len(entry).to_bytes(2, "big") + entry


def _hashes(data: bytes) -> tuple[bytes, ...]:
    return tuple(data[at : at + 32] for at in range(0, len(data), 32))


def _missing(kind: Kind, n: int) -> BadEvidence:
    return BadEvidence(
        tile_path(kind, n), "is not there, or not that far", "append again from the first missing entry"
    )


def _sync(folder: Path) -> None:
    """Let the names in the folder survive a crash."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
