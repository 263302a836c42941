"""Signed notes (c2sp.org/signed-note), and what witnesses sign on them (c2sp.org/tlog-cosignature)."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from grondslag.errors import BadEvidence
from grondslag.ledger import verifier

_ED25519, _COSIGNATURE = 1, 4  # types of signatures


class Signer:
    """A named Ed25519 key that signs notes.

    :param name: of the key; for a log, its origin. No space and no plus sign.
    :raises BadEvidence: the name cannot stand in a note.
    """

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        public = key.public_key().public_bytes_raw()
        id_ = verifier.key_id(name, _ED25519, public)
        self.name, self._key, self._id = name, key, id_
        encoded = base64.b64encode(bytes([_ED25519]) + public).decode()
        self.vkey = f"{name}+{id_.hex()}+{encoded}"
        """What others verify with: name, id and public key."""
        with refusing("the name of the key", "name it like `example.com/log`"):
            verifier.parse_key(self.vkey)

    def line(self, text: str) -> str:
        """The signature line on this text."""
        signature = base64.b64encode(self._id + self._key.sign(encoded(text))).decode()
        return f"— {self.name} {signature}\n"


def sign(text: str, *signers: Signer) -> str:
    """The note: the text, a blank line and a line for each signer.

    :raises BadEvidence: the text does not end in a newline or holds what a note may not hold.
    """
    note = text + "\n" + "".join(signer.line(text) for signer in signers)
    with refusing("the text of the note", "end it in one newline, without control characters"):
        if verifier.parse_note(encoded(note))[0] != text:
            raise verifier.Wrong("it does not end in a newline")
    return note


def open_note(note: str, vkeys: Sequence[str]) -> str:
    """The text of a note that at least one of these keys signed. Signatures of others are ignored.

    :raises BadEvidence: the note cannot be read, a signature by one of the keys is bad, or there is none.
    """
    with refusing("the note", "ask for it again, or check the key"):
        return verifier.open_note(encoded(note), list(vkeys))


def cosigned(note: str, vkeys: Sequence[str]) -> dict[str, int]:
    """Which of these witnesses saw the note, and when: name to POSIX time in seconds.

    :param vkeys: keys of type 0x04. The note's own signature is another matter: `open_note`.
    :raises BadEvidence: the note cannot be read, or a cosignature by one of the keys is bad.
    """
    with refusing("the note", "ask the witness again, or check its key"):
        text, signatures = verifier.parse_note(encoded(note))
        known = {(key.name, key.id): key for key in map(verifier.parse_key, vkeys)}
        seen: dict[str, int] = {}
        for name, blob in signatures:
            key = known.get((name, blob[:4]))
            if key is None or key.type != _COSIGNATURE:
                continue
            time = int.from_bytes(blob[4:12], "big")
            message = f"cosignature/v1\ntime {time}\n{text}".encode()
            if time >= 2**63 or not verifier.verify_signature(key.public, message, blob[12:]):
                raise verifier.Wrong(f"the cosignature of {name} does not hold")
            seen[name] = time
        return seen


def encoded(text: str) -> bytes:
    """The text as UTF-8; half a sign as bytes that no reader takes for UTF-8."""
    return text.encode(errors="surrogatepass")


class refusing:  # noqa: N801 (reads as a word: `with refusing(...)`)
    """What the stand-alone verifier finds wrong, told as an error of the project."""

    def __init__(self, place: str, remedy: str) -> None:
        self._place, self._remedy = place, remedy

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, verifier.Wrong):
            raise BadEvidence(self._place, str(error), self._remedy) from None
