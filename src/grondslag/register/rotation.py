"""A new master key: every key is wrapped anew, in one transaction; the keys stay what they are."""

from __future__ import annotations

from datetime import datetime

from grondslag.register.keys import Master
from grondslag.register.own import enter
from grondslag.register.vault import Vault, key_context


def rotate(vault: Vault, new: Master, at: datetime) -> int:
    """Wrap every key with another master key; whoever has the register open must open it again.

    :returns: how many keys.
    """
    store = vault.store
    with store.writing():
        # Whoever is writing is waited for: the key of somebody new would stay wrapped by the old one.
        vault.current(alone=True)
        changed = 0
        for table, owner in (("subject_key", "subject"), ("secret", "name")):
            anew = []
            for name, wrapped in store.rows(f"SELECT {owner}, wrapped FROM {table}"):
                context = key_context(name)
                anew.append((new.name, new.wrap(vault.master.unwrap(bytes(wrapped), context), context), name))
            store.change(f"UPDATE {table} SET master = ?, wrapped = ? WHERE {owner} = ?", anew)
            changed += len(anew)
        enter(vault, [("rotated", None, {"keys": changed})], int(at.timestamp()))
    vault.master = new
    return changed
