"""The keys: one for each person, wrapped by a master key that lies elsewhere.

The master key comes from a file, the environment or a key management service; the register holds what it
wraps: the key of each person, and two of its own (*secrets*) that never change: of the blind index,
and for signing.  To rotate is to wrap the same keys anew; to erase is to destroy one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import stat
from pathlib import Path
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from grondslag.errors import Unopened

IN_ENVIRONMENT: Final = "GRONDSLAG_KEY"
LENGTH: Final = 32
"""Bytes in every key (AES-256)."""
NONCE: Final = 12


class Master(Protocol):
    """What wraps keys: implement this for a key management service.

    :ivar name: tells one master key from another, without telling anything of the key.
    """

    name: str

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """The key made unreadable; only with the same context can it be unwrapped."""

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """:raises Unopened: when this master key did not wrap it, for this context."""


class LocalMaster:
    """A master key in memory: 32 bytes, with AES-256-GCM."""

    def __init__(self, key: bytes) -> None:
        if len(key) != LENGTH:
            raise Unopened("the key", f"has {len(key)} bytes", f"give one of {LENGTH} bytes")
        self.name = hashlib.sha256(b"grondslag master key\0" + key).hexdigest()[:16]
        self._key, self._cipher = key, AESGCM(key)

    def __reduce__(self) -> tuple[type[LocalMaster], tuple[bytes]]:
        """For a process of one's own that opens entries too."""
        return LocalMaster, (self._key,)

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """See :class:`Master`."""
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, key, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """See :class:`Master`."""
        return opened(self._cipher, wrapped, context, "a key")


def opened(cipher: AESGCM, sealed: bytes, context: bytes, what: str) -> bytes:
    """What was sealed: nonce and ciphertext, bound to their context.

    :raises Unopened: when it was changed, or is another key's.
    """
    try:
        return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], context)
    except (InvalidTag, ValueError):
        raise unopened(what) from None


def unopened(what: str) -> Unopened:
    """What is told of something that its key does not open."""
    remedy = "restore the register, and use the key that belongs to it"
    return Unopened(what, "cannot be opened: it was changed, or the key is another's", remedy)


def new_key(file: Path) -> LocalMaster:
    """Draw a master key and write it to a new file that only its owner can read."""
    key = os.urandom(LENGTH)
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(base64.b64encode(key) + b"\n")
            out.flush()
            os.fsync(out.fileno())
    except OSError as wrong:
        remedy = "name a file that does not exist yet, in a folder that can be written"
        raise Unopened(str(file), f"cannot be made ({wrong.strerror})", remedy) from None
    return LocalMaster(key)


def key_in(file: Path) -> LocalMaster:
    """The master key in a file.

    :raises Unopened: when there is none, or everybody can read the file.
    """
    try:
        with file.open("rb") as opened_file:
            mode, text = os.fstat(opened_file.fileno()).st_mode, opened_file.read(200)
    except OSError as wrong:
        remedy = f"name the key of this register, or give it as {IN_ENVIRONMENT}"
        raise Unopened(str(file), f"cannot be read ({wrong.strerror})", remedy) from None
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Unopened(str(file), "can be read by others than its owner", f"chmod 600 {file.name}")
    return _decoded(text, str(file))


def key_of(text: str) -> LocalMaster:
    """The master key that the environment gives."""
    return _decoded(text.encode(), IN_ENVIRONMENT)


def _decoded(text: bytes, place: str) -> LocalMaster:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != LENGTH:
        raise Unopened(place, "holds no key", f"give {LENGTH} bytes, drawn at random, as base64")
    return LocalMaster(key)
