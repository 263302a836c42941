"""What if: the same people on another day, under another profile, or for another campaign.

Who gains and who loses, by what was the ground or the reason before and what is after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from grondslag.errors import BadCase
from grondslag.screening.rows import Beside, Writer, given
from grondslag.screening.verdicts import Screening, Verdict


@dataclass(frozen=True, slots=True)
class Change:
    """How many people go from one outcome to another.

    :ivar gained: whether they may be approached after and not before; else it is the other way round.
    :ivar before: the deciding rule before, with its words in ``before_words``; likewise after.
    """

    gained: bool
    before: str
    before_words: str
    after: str
    after_words: str
    heads: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two screenings of one audience.

    :ivar changes: who gained or lost, the most people first.
    """

    before: str
    after: str
    both: int
    neither: int
    changes: tuple[Change, ...]

    @property
    def gained(self) -> int:
        return sum(change.heads for change in self.changes if change.gained)

    @property
    def lost(self) -> int:
        return sum(change.heads for change in self.changes if not change.gained)

    def plain(self) -> dict[str, Any]:
        """For ``comparison.json``."""
        return {**asdict(self), "gained": self.gained, "lost": self.lost}

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def name_of(screening: Screening) -> str:
    """What a screening is called beside another."""
    return f"{screening.campaign.name or 'campaign'}, {screening.at.isoformat()}, {screening.profile.name}"


def compare(before: Screening, after: Screening, lang: str = "en") -> Comparison:
    """What changes from one screening to another of the same audience.

    :raises BadCase: when they are not of one audience.
    """
    if len(before.codes) != len(after.codes):
        raise BadCase("comparison", "is of two audiences", "screen one audience twice")
    first = before.lookup.first
    size = len(after.verdicts)
    heads = np.bincount(before.codes[first] * np.int64(size) + after.codes[first])
    found: dict[tuple[bool, str, str, str, str], int] = {}
    both = neither = 0
    for pair in np.flatnonzero(heads).tolist():
        was, is_ = before.verdicts[pair // size], after.verdicts[pair % size]
        number = int(heads[pair])
        if was.allowed == is_.allowed:
            both, neither = both + number * was.allowed, neither + number * (not was.allowed)
            continue
        key = (is_.allowed, was.rule, _words(was, lang), is_.rule, _words(is_, lang))
        found[key] = found.get(key, 0) + number
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    changes = tuple(Change(*key, number) for key, number in ordered)
    return Comparison(name_of(before), name_of(after), both, neither, changes)


def _words(verdict: Verdict, lang: str) -> str:
    return verdict.ground(lang) if verdict.allowed else verdict.reason(lang)


def write(before: Screening, after: Screening, path: Path) -> None:
    """Who gained and who lost, a row each, as CSV or Parquet."""
    yes = [np.array([v.allowed for v in each.verdicts], bool)[each.codes] for each in (before, after)]
    changed = (yes[0] != yes[1]) & before.lookup.first
    beside = _beside(before, after)
    with Writer(path) as file:
        for here, batch in given(before):
            file.write(batch, np.flatnonzero(changed[here]), here.start, beside)


def _beside(before: Screening, after: Screening) -> Beside:
    def words(screening: Screening, tell: Callable[[Verdict], str]) -> pa.Array:
        return pa.array([tell(verdict) for verdict in screening.verdicts], pa.string())

    both = (("before", before), ("now", after))
    told = (
        ("now", after, words(after, lambda v: "allowed" if v.allowed else "refused")),
        *((f"rule_{when}", each, words(each, lambda v: v.rule)) for when, each in both),
        *((f"words_{when}", each, words(each, lambda v: _words(v, "nl"))) for when, each in both),
    )
    return lambda rows: {
        name: pa.DictionaryArray.from_arrays(each.codes[rows], said) for name, each, said in told
    }


def _lines(told: Comparison) -> Iterator[str]:
    yield f"From  {told.before}"
    yield f"to    {told.after}"
    yield ""
    yield f"  {told.both:>10,}  may be approached in both"
    yield f"  {told.neither:>10,}  in neither"
    yield f"  {told.gained:>10,}  gained"
    yield f"  {told.lost:>10,}  lost"
    for gained, title in ((False, "Lost"), (True, "Gained")):
        changes = [change for change in told.changes if change.gained is gained]
        if changes:
            yield ""
            yield title
        for change in changes:
            yield f"  {change.heads:>10,}  {change.before:<5} {change.before_words}"
            yield f"  {'':>10}  now {change.after}: {change.after_words}"
