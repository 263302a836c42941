"""Anonymous figures of what is destroyed: how many people there were, by kind, month and channels.

A person counts once for each kind of entry: where the last of that kind stands.  So the figures of a kind add
up to a number of people, and nobody counts for more than one.  No figure is about fewer people than the
threshold, and neither is what is left when all that are told are taken from their total: the smallest that
could be told are left out too until that holds.

The threshold is ten people, or more.  The law names no number (AVG, overweging 26; WP29, Opinion 05/2014:
nobody may be singled out); statistical offices ask for ten where the outcome of research leaves the building.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from grondslag.register.history import Known


class Figures:
    """Counts of people that are not anonymous yet: they are told only by :meth:`told`."""

    def __init__(self) -> None:
        self.people: dict[str, Counter[tuple[str, str]]] = {}

    def add(self, entries: Iterable[Known]) -> None:
        """Count one person, by all that is to be anonymised."""
        last: dict[str, Known] = {}
        for entry in sorted(entries, key=lambda each: (each.date, each.number)):
            last[entry.kind] = entry
        for kind, entry in last.items():
            self.people.setdefault(kind, Counter())[entry.date.isoformat()[:7], _channels(entry)] += 1

    def told(self, threshold: int) -> list[dict[str, Any]]:
        """The figures of each kind: their total, those that can be told, and how many people the rest are."""
        found = []
        for kind, cells in sorted(self.people.items()):
            total = cells.total()
            if total < threshold:
                continue
            open_ = sorted((count, *cell) for cell, count in cells.items() if count >= threshold)
            while 0 < (rest := total - sum(count for count, *_ in open_)) < threshold:
                open_.pop(0)
            figures = [{"month": month, "channels": of, "people": count} for count, month, of in open_]
            figures.sort(key=lambda each: (each["month"], each["channels"]))
            found.append({"kind": kind, "people": total, "figures": figures, "rest": rest})
        return found


def _channels(entry: Known) -> str:
    """The channels that an entry is about, in one word or joined by spaces; empty when it names none."""
    fields = entry.tree[entry.kind]
    given = fields.get("channels", fields.get("channel", ""))
    return given if isinstance(given, str) else " ".join(sorted(set(given)))
