"""What a log signs (c2sp.org/tlog-checkpoint): its name, its size and its root."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from grondslag.ledger import verifier
from grondslag.ledger.note import Signer, encoded, refusing, sign


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log at one size.

    :param origin: the name of the log, and of the key it signs with.
    :param size: the number of entries.
    :param root: the root hash of the tree over them, 32 bytes.
    :raises BadEvidence: that is no checkpoint.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        with refusing("the checkpoint", "give a name on one line, a size and a root of 32 bytes"):
            verifier.parse_checkpoint(self.text)

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """:raises BadEvidence: the text is anything but those three lines."""
        with refusing("the checkpoint", "ask the log for it again"):
            return cls(*verifier.parse_checkpoint(text))

    def signed(self, *signers: Signer) -> str:
        """The checkpoint as a note."""
        return sign(self.text, *signers)

    @classmethod
    def open(cls, note: str, vkey: str) -> Checkpoint:
        """The checkpoint in a note that this log signed.

        :raises BadEvidence: it did not, or the key is of another log.
        """
        with refusing("the checkpoint", "ask the log for it again, or check the key"):
            return cls(*verifier.open_checkpoint(encoded(note), vkey))
