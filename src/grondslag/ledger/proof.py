"""Proofs that travel: that an entry is in a log (c2sp.org/tlog-proof), and that a log has only grown.

The stand-alone verifier reads both; its docstring has the formats.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from grondslag.ledger import verifier
from grondslag.ledger.checkpoint import Checkpoint
from grondslag.ledger.merkle import Node, consistency, inclusion
from grondslag.ledger.note import encoded, refusing

_REMEDY = "ask for the proof again"


@dataclass(frozen=True, slots=True)
class Proof:
    """That a leaf is in the log of a checkpoint.

    :param index: of the entry in the log.
    :param path: the hashes beside it on the way up, the one beside the root last.
    :param note: the checkpoint, signed.
    :param extra: what is shown along with it; nothing vouches for it but what it hashes to.
    """

    index: int
    path: Sequence[bytes]
    note: str
    extra: bytes | None = None

    @classmethod
    def make(cls, index: int, node: Node, note: str, extra: bytes | None = None) -> Proof:
        """:raises BadEvidence: the checkpoint cannot be read, or its log has no such entry."""
        with refusing("the checkpoint", "give it as it was published"):
            size = verifier.parse_checkpoint(verifier.parse_note(encoded(note))[0]).size
        return cls(index, inclusion(index, size, node), note, extra)

    @classmethod
    def parse(cls, text: str) -> Proof:
        """:raises BadEvidence: it is no tlog-proof."""
        with refusing("the proof", _REMEDY):
            found = verifier.parse_proof(encoded(text))
            verifier.parse_note(found.note)
        return cls(found.number, found.path, found.note.decode(), found.extra)

    @property
    def text(self) -> str:
        """The file."""
        extra = [] if self.extra is None else [f"extra {_base64(self.extra)}"]
        lines = ["c2sp.org/tlog-proof@v1", *extra, f"index {self.index}", *map(_base64, self.path)]
        return "\n".join(lines) + "\n\n" + self.note

    def verify(self, leaf: bytes, vkey: str) -> Checkpoint:
        """The checkpoint of the log that holds this leaf, signed by the log's key.

        :raises BadEvidence: the signature or the path does not hold.
        """
        checkpoint = Checkpoint.open(self.note, vkey)
        hash_, path = verifier.leaf_hash(leaf), list(self.path)
        with refusing("the proof", _REMEDY):
            if not verifier.verify_inclusion(self.index, checkpoint.size, hash_, path, checkpoint.root):
                raise verifier.Wrong(f"the leaf is not entry {self.index} of the log")
        return checkpoint


def shown(leaf: bytes, salt: bytes = b"", body: bytes = b"") -> bytes:
    """The `extra` of a proof with which a person can check alone.

    :param leaf: as it stands in the log.
    :param salt: 32 bytes; with `body`, the entry as canonical JSON. Neither when it is withheld or erased.
    """
    return len(leaf).to_bytes(2, "big") + leaf + salt + body


def growth(old: str, new: Checkpoint, node: Node) -> str:
    """The file that proves that an older signed checkpoint is the beginning of the newer one.

    :raises BadEvidence: the older one cannot be read, is empty or is not older.
    """
    with refusing("the older checkpoint", "give it as it was published"):
        size = verifier.parse_checkpoint(verifier.parse_note(encoded(old))[0]).size
    return "\n".join(map(_base64, consistency(size, new.size, node))) + "\n\n" + old


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
