"""A timestamp on the newest checkpoint: that the whole log was there at that moment, by another's word."""

from __future__ import annotations

from datetime import datetime

from grondslag.errors import Unpublished
from grondslag.ledger import timestamp, verifier
from grondslag.register import log
from grondslag.register.store import Store


def stamp(store: Store, url: str, certificates: bytes | None = None) -> tuple[int, datetime]:
    """Ask the authority at that address for its word on the newest checkpoint, and keep it as evidence.

    :param certificates: PEM, of who is trusted to sign; when left out that is not looked at.
    :returns: over how many entries, and when, in UTC; of one that was stamped before, when it was.
    :raises Unpublished: when there is no checkpoint.
    :raises BadEvidence: when the authority gives no good answer; nothing is kept.
    """
    last = log.latest(store)
    if last is None:
        raise Unpublished("the log", "is not published yet", "run `grondslag publish` first")
    size, note = last[0], last[3].encode()
    for (token,) in store.rows("SELECT token FROM stamp WHERE size = ?", size):
        return size, verifier.stamped(bytes(token), note)
    token = timestamp.stamp(note, url)
    when = (
        verifier.stamped(token, note) if certificates is None else timestamp.verify(token, note, certificates)
    )
    with store.writing():
        store.insert("stamp", [(size, token)])
    return size, when
