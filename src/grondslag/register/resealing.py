"""Another key for what stays, when the key of its person is destroyed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from grondslag.register.history import Known
from grondslag.register.keys import opened
from grondslag.register.resolving import leading
from grondslag.register.sealing import blob_context, nonces, sealed, unsealed
from grondslag.register.store import BLOBS
from grondslag.register.vault import Vault


def reseal(vault: Vault, under: Mapping[int, AESGCM]) -> dict[int, bytes]:
    """Seal entries under other keys, in a transaction; their attachments are sealed anew where they are.

    :param under: number of an entry → the key that it gets.
    :returns: number of an entry → how it is sealed now.
    """
    store = vault.store
    where, values = store.within("number", under)
    rows = store.rows(f"SELECT number, subject, uuid, sealed FROM readable WHERE {where}", *values)
    ciphers = vault.ciphers({subject for _, subject, _, _ in rows})
    anew = {}
    for (number, subject, id_, stored), nonce in zip(rows, nonces(len(rows)), strict=True):
        payload = b"".join(unsealed(ciphers[subject], bytes(stored), bytes(id_)))
        anew[number] = sealed(under[number], nonce, payload, bytes(id_))
    where, values = store.within("entry", under)
    blobs = store.rows(f"SELECT entry, nth, sealed, owner, uuid FROM ({BLOBS}) b WHERE {where}", *values)
    changed = []
    for (number, nth, stored, owner, id_), nonce in zip(blobs, nonces(len(blobs)), strict=True):
        context = blob_context(bytes(id_), nth)
        content = opened(ciphers[owner], bytes(stored), context, "an attachment")
        changed.append((sealed(under[number], nonce, content, context), number, nth))
    store.change("UPDATE blob SET sealed = ? WHERE entry = ? AND nth = ?", changed)
    return anew


def renew(vault: Vault, subject: int, stays: Collection[Known], gone: Collection[Known]) -> None:
    """Replace the key of a person, in a transaction: what stays gets the new one, the rest gets none.

    The row of the key is another one, not the same one changed: whoever waited to record under it looks the
    person up again.
    """
    store = vault.store
    ((row, cipher),) = vault.new_keys([subject])
    anew = reseal(vault, {entry.number: cipher for entry in stays})
    where, values = store.within("entry", [entry.number for entry in (*stays, *gone)])
    store.rows(f"DELETE FROM resealed WHERE {where}", *values)
    store.rows("DELETE FROM subject_key WHERE subject = ?", subject)
    store.insert("subject_key", [row])
    store.insert("resealed", sorted(anew.items()))
    store.insert("destroyed", sorted((entry.number,) for entry in gone))
    found = {hash_ for entry in stays for hash_ in leading(vault, subject, entry.tree)}
    there = store.rows("SELECT hash, nth FROM identifier WHERE subject = ?", subject)
    lost = [(bytes(hash_), nth) for hash_, nth in there if bytes(hash_) not in found]
    store.change("DELETE FROM identifier WHERE hash = ? AND nth = ?", lost)
