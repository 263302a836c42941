"""screen(): a whole audience, each distinct situation decided once.

Everybody on file has a pattern (:mod:`.snapshot`); a campaign sees each pattern as one situation, which is
decided by the same rules as that of a single person.  What is left for each row of an audience is to look
up numbers in arrays: the number of the subject, its pattern, the verdict on that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import ibis
import numpy as np
import numpy.typing as npt

from grondslag import locale
from grondslag.decide import Decision, decide
from grondslag.law.profiles import STRICT, Profile
from grondslag.screening import audience as audiences
from grondslag.screening import records as on_file
from grondslag.screening.audience import Audience
from grondslag.screening.campaign import Campaign
from grondslag.screening.crowd import STEPS, Crowd, Faces
from grondslag.screening.expiry import expires
from grondslag.screening.lookup import NOBODY, Lookup, look_up
from grondslag.screening.progress import Progress, silent
from grondslag.screening.reasons import OBSTACLES, reason
from grondslag.screening.records import REFUSALS
from grondslag.screening.snapshot import OBSTACLES as UNREADABLE
from grondslag.screening.snapshot import Snapshot

Numbers = npt.NDArray[Any]

NOT_PROVED: Final = "G-07"
"""The rule that decides where records are missing or unreadable: the sender bears the burden of proof."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One distinct situation, its answer, and how many people are in it.

    :ivar obstacle: why the rules were not asked (a key of :data:`.reasons.OBSTACLES`), or empty.
    """

    number: int
    heads: int
    obstacle: str = ""
    decision: Decision | None = None

    @property
    def allowed(self) -> bool:
        return not self.obstacle and self.decision is not None and self.decision.allowed

    @property
    def rule(self) -> str:
        """The id of docs/law.md that decides."""
        return self.decision.rule if self.decision and not self.obstacle else NOT_PROVED

    @property
    def rules(self) -> tuple[str, ...]:
        return self.decision.rules if self.decision and not self.obstacle else (NOT_PROVED,)

    @property
    def slug(self) -> str:
        """The permission that holds; empty for a no."""
        finding = self.decision.deciding if self.decision and self.allowed else None
        return finding.rule.slug if finding else ""

    @property
    def duties(self) -> tuple[str, ...]:
        return self.decision.duties if self.decision and self.allowed else ()

    def ground(self, lang: str) -> str:
        """On what ground, in a sentence; empty for a no."""
        return locale.rule(self.slug, lang) if self.slug else ""

    def reason(self, lang: str) -> str:
        """Why not, in a sentence; empty for a yes.

        :param lang: ``nl`` or ``en``.
        """
        if self.obstacle or self.decision is None:
            return OBSTACLES[self.obstacle][lang]
        return "" if self.allowed else reason(self.decision, lang)


@dataclass(frozen=True, slots=True)
class Screening:
    """What came out.

    :ivar verdicts: each distinct outcome; a number in ``codes`` is a place in it.
    :ivar lookup: the rows of the audience that could be read, and whom each stands for.
    :ivar codes: for each row its verdict; of several people who share a contact detail, the worst.
    :ivar turns: for each row the day on which its situation changes by itself, in days since 1970-01-01.
    :ivar warnings: what the user should know before trusting the outcome.
    """

    campaign: Campaign
    at: date
    profile: Profile
    verdicts: tuple[Verdict, ...]
    lookup: Lookup
    codes: Numbers
    turns: Numbers
    audience: Audience
    snapshot: Snapshot
    warnings: tuple[str, ...]

    @property
    def expires(self) -> date:
        """The last day on which the outcome may be used."""
        return expires(self.at)

    @property
    def duplicates(self) -> int:
        """How many rows name somebody who stood there before."""
        return len(self.lookup) - self.allowed - self.refused

    @property
    def allowed(self) -> int:
        return sum(verdict.heads for verdict in self.verdicts if verdict.allowed)

    @property
    def refused(self) -> int:
        return sum(verdict.heads for verdict in self.verdicts if not verdict.allowed)


def screen(
    campaign: Campaign,
    records: Mapping[str, Any],
    audience: Any,
    at: date,
    profile: Profile = STRICT,
) -> Screening:
    """Who of an audience may be approached, from tables in memory: of DuckDB, Arrow, pandas or Polars.

    Tables of Ibis must be on one DuckDB connection.

    :param records: kind → table with the columns ``subject``, ``date`` and those of the format.
    :param audience: a table with a column ``subject``, or another that :mod:`.identifiers` knows.
    :raises BadCase: when a table does not follow the format.
    :raises NoLawInForce: when the day lies before the law that the rulebook holds.
    """
    campaign.require_day(at)
    expressions = [table for table in (audience, *records.values()) if isinstance(table, ibis.Table)]
    con = ibis.get_backend(expressions[0]) if expressions else ibis.duckdb.connect()
    snapshot = Snapshot.make(con, at)
    snapshot.add(on_file.of_tables(con, records, at), at, histories=False)
    people = audiences.of_memory(con, audience, snapshot.known())
    return screened(campaign, snapshot, people, at, profile)


def screened(  # noqa: PLR0913
    campaign: Campaign,
    snapshot: Snapshot,
    audience: Audience,
    at: date,
    profile: Profile = STRICT,
    progress: Progress = silent,
) -> Screening:
    """:func:`screen` for a snapshot and an audience that has been read."""
    progress("looking everybody up")
    lookup = look_up(snapshot.con, audience, snapshot.about.people)
    crowd = snapshot.crowd(at)
    progress("deciding each distinct situation once")
    verdicts, matches = judged(crowd, campaign, profile, lookup.numbers, snapshot.about.nameless > 0)
    good = np.array([verdict.allowed for verdict in verdicts], bool)[matches]
    # Of people who share a detail only the worst verdict is left, so not every verdict has a row.
    used, codes = np.unique(lookup.worst(matches, good), return_inverse=True)
    heads = np.bincount(codes[lookup.firsts == np.arange(len(lookup))], minlength=len(used))
    counted = tuple(
        replace(verdicts[place], number=n + 1, heads=int(heads[n])) for n, place in enumerate(used.tolist())
    )
    known = np.append(crowd.turn, np.iinfo(np.int32).max)
    strangers = snapshot.strangers() if NOBODY in lookup.numbers else 0
    warnings = (*campaign.doubts, *_warnings(snapshot, strangers))
    turns = lookup.least(known[lookup.numbers])
    return Screening(campaign, at, profile, counted, lookup, codes, turns, audience, snapshot, warnings)


def judged(
    crowd: Crowd, campaign: Campaign, profile: Profile, numbers: Numbers, nameless: bool
) -> tuple[tuple[Verdict, ...], Numbers]:
    """A verdict for each distinct situation, and for each number the place of its verdict.

    :param numbers: numbers of subjects; -1 for somebody who is not on file.
    :param nameless: whether an unreadable refusal may be of anybody: then nobody may be approached.
    """
    # One more stands at the end, where -1 finds it: nobody.
    pairs = np.append(crowd.pattern * np.int64(len(STEPS)) + crowd.steps(campaign)[crowd.portfolio], -1)
    barred = np.append(crowd.obstacle, len(UNREADABLE))[numbers]
    seen = pairs[numbers[barred == 0]]
    used = np.flatnonzero(np.bincount(seen)) if len(seen) else np.empty(0, np.int64)
    patterns, steps = np.divmod(used, len(STEPS))
    faces = Faces(crowd, campaign, profile)
    keys, place = np.unique(faces.of(patterns) * len(STEPS) + steps, return_inverse=True)
    found: dict[object, Verdict] = {}
    told = np.array([_told(found, faces, key, profile, nameless) for key in keys.tolist()], np.int32)
    codes = np.empty(len(numbers), np.int32)
    if len(used):
        lookup = np.zeros(int(used[-1]) + 1, np.int32)
        lookup[used] = told[place]
        codes[barred == 0] = lookup[seen]
    for code, name in enumerate((*UNREADABLE, "unknown")):
        if code and (stopped := barred == code).any():
            verdict = found.setdefault(name, Verdict(len(found) + 1, 0, name))
            codes[stopped] = verdict.number - 1
    return tuple(found.values()), codes


def _told(found: dict[object, Verdict], faces: Faces, key: int, profile: Profile, nameless: bool) -> int:
    """The place of the verdict on one situation, which is decided when nobody was in it before."""
    situation = faces.situation(*divmod(key, len(STEPS)))
    if situation not in found:
        decision = decide(situation, at=faces.at, profile=profile)
        obstacle = "nameless-refusal" if nameless and decision.allowed else ""
        found[situation] = Verdict(len(found) + 1, 0, obstacle, decision)
    return found[situation].number - 1


def _warnings(snapshot: Snapshot, strangers: int) -> tuple[str, ...]:
    warnings = []
    if snapshot.about.nameless:
        warnings.append(
            f"{snapshot.about.nameless} unreadable row(s) of {' and '.join(REFUSALS)} name nobody that is "
            "known: they may be of anyone, so nobody may be approached until they are mended (see "
            "rejects.csv)"
        )
    if alike := snapshot.about.alike + strangers:
        warnings.append(
            f"{alike} subject(s) differ from another id only in capitals or Unicode form: they were "
            "taken for different people"
        )
    names = {Path(str(source["file"])).stem for source in snapshot.about.sources}
    for kind in REFUSALS:
        if names and kind not in names:
            warnings.append(f"there is no table {kind}: nobody counts as having made one")
    return tuple(warnings)
