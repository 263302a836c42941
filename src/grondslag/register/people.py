"""Which subjects are one person: merged and split explicitly, and to be seen as it was known at any moment.

No entry ever moves.  To merge is to record that a subject belongs to a person from now on; to split is to
record that it is by itself again.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime

from grondslag.errors import NotMerged
from grondslag.register.own import enter
from grondslag.register.store import FOREVER, Busy, Store
from grondslag.register.vault import Vault


def roots(store: Store, subjects: Collection[int], until: int = FOREVER) -> dict[int, int]:
    """For each subject that was merged into another: the one that stands for the whole person.

    :param until: what was recorded up to this moment, in seconds since 1970.
    """
    if not store.rows("SELECT 1 FROM same_person LIMIT 1"):
        return {}
    into = _links(store, "subject", subjects, until)
    while step := _links(store, "subject", set(into.values()) - into.keys(), until):
        into |= step
    found = {}
    for subject in into:
        root, seen = subject, {subject}
        while (person := into.get(root, root)) not in seen:  # damage may have made a circle
            root = person
            seen.add(root)
        if root != subject:
            found[subject] = root
    return found


def persons(store: Store, subjects: Collection[int]) -> dict[int, list[int]]:
    """For each subject all those that are the same person."""
    if not store.rows("SELECT 1 FROM same_person LIMIT 1"):
        return {subject: [subject] for subject in subjects}
    into = roots(store, subjects)
    return {subject: members(store, into.get(subject, subject)) for subject in subjects}


def members(store: Store, root: int, until: int = FOREVER) -> list[int]:
    """The subjects that are this person, the root first."""
    found, fresh = [root], [root]
    while fresh:
        candidates = [subject for subject in _links(store, "person", fresh, until) if subject not in found]
        now = _links(store, "subject", candidates, until)
        fresh = [subject for subject in candidates if now.get(subject) in found]
        found += fresh
    return found


def link(vault: Vault, subject: int, person: int, reason: str, at: datetime) -> uuid.UUID:
    """Record that a subject belongs to a person from now on; to itself, that it was split off.

    :param subject: to be merged, one that stands for a person, as `person` is.
    :raises NotMerged: when it is to be split off and is by itself already.
    """
    store = vault.store
    split = subject == person
    with store.writing():
        vault.current()
        # Who merges or forgets one of them meanwhile waits, or is waited for and seen: no circle is made.
        if len(vault.ciphers([subject, person], alone=True)) < len({subject, person}):
            raise Busy("somebody was forgotten meanwhile")
        if not split and roots(store, [subject, person]):
            raise Busy("somebody was merged meanwhile")
        if split and _links(store, "subject", [subject], FOREVER).get(subject, subject) == subject:
            raise NotMerged("subject", "is by itself already", "nothing needs to be done")
        kind = "split" if split else "merged"
        fields = {"reason": reason} | ({} if split else {"into": person}) | {"subject": subject}
        ((id_, number),) = enter(vault, [(kind, subject, fields)], int(at.timestamp()))
        store.insert("same_person", [(number, subject, person)])
    return id_


def _links(store: Store, column: str, values: Iterable[int], until: int) -> dict[int, int]:
    """The last word on each subject: into which other it was merged, or itself when it was split off."""
    where, given = store.within(f"s.{column}", values)
    if not given or given == ([],):
        return {}
    sql = (
        "SELECT s.subject, s.person FROM same_person s JOIN entry e ON e.number = s.entry"
        f" WHERE {where} AND e.recorded <= ? ORDER BY e.recorded, s.entry"
    )
    return dict(store.rows(sql, *given, until))
