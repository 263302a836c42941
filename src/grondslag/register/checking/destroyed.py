"""What was destroyed and what a duty keeps, by the accounts of it in the log.

What cannot be read any more must have been destroyed by an erasure that says how many entries of what kind;
or else somebody was lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from grondslag.register.checking.finding import Finding
from grondslag.register.register import Register
from grondslag.register.sealing import SALT
from grondslag.register.store import Store

_UNREADABLE = """
SELECT kind, count(*) FROM entry e WHERE subject IS NOT NULL
AND (NOT EXISTS (SELECT 1 FROM subject_key k WHERE k.subject = e.subject)
OR EXISTS (SELECT 1 FROM destroyed d WHERE d.entry = e.number)) GROUP BY kind"""
_STRAYS = """
SELECT count(*) FROM resealed r WHERE NOT EXISTS
(SELECT 1 FROM readable e JOIN subject_key k ON k.subject = e.subject WHERE e.number = r.entry)"""
_HELD = """
SELECT kind, reason, until, count(*) FROM held h JOIN entry e ON e.number = h.entry
GROUP BY kind, reason, until"""
_INDEX = (
    "SELECT hash, channels, day FROM suppression",
    "SELECT subject, hash FROM identifier WHERE subject IN (SELECT keeper FROM held)",
)


def accounted(register: Register) -> Iterator[Finding]:
    """What is gone without an account of it, or is there though it should be gone."""
    store = register.store
    gone: Counter[str] = Counter()
    held: Counter[tuple[str, str, str]] = Counter()
    released: Counter[tuple[str, str]] = Counter()
    index = 0
    for told in _accounts(store):
        gone.update(told.get("entries", {}))
        index += told.get("index", 0) if "released" not in told else -told["index"]
        for each in told.get("held", ()):
            gone[each["kind"]] += each["entries"]
            held[each["kind"], each["reason"], each["until"]] += each["entries"]
        for each in told.get("released", ()):
            released[each["kind"], each["reason"]] += each["entries"]
    unreadable: Counter[str] = Counter(dict(store.rows(_UNREADABLE)))
    for kind in sorted(gone | unreadable):
        if gone[kind] != unreadable[kind]:
            yield Finding(
                f"entries of kind {kind}",
                f"{unreadable[kind]} cannot be read, and erasures tell of {gone[kind]}",
            )
    if store.rows(_STRAYS) != [(0,)]:
        yield Finding("resealed", "keeps what should be destroyed")
    yield from _duties(store, held, released)
    for sql in _INDEX:
        index -= register.vault.sum_of(store.stream(sql))
    if index % 2**32:
        yield Finding("suppression, or the index of what is held", "is not what erasures tell of")


def _accounts(store: Store) -> Iterator[dict[str, Any]]:
    for kind, stored in store.stream("SELECT kind, sealed FROM entry WHERE kind IN ('erased', 'retained')"):
        yield msgspec.json.decode(bytes(stored)[SALT:])[kind]


def _duties(
    store: Store, held: Counter[tuple[str, str, str]], released: Counter[tuple[str, str]]
) -> Iterator[Finding]:
    left = Counter[tuple[str, str]]()
    for (kind, reason, _), count in held.items():
        left[kind, reason] += count
    left.subtract(released)
    for kind, reason, until, count in store.rows(_HELD):
        left[kind, reason] -= count
        if count > held[kind, reason, until]:
            yield Finding("held", f"keeps more of kind {kind} until {until} than erasures tell of")
    for (kind, _), count in sorted(left.items()):
        if count:
            yield Finding("held", f"keeps {-count:+} of kind {kind} than erasures tell of")
