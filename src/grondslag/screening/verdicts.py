"""screen(): a whole audience, each distinct situation decided once.

Everybody on file has a pattern (:mod:`.snapshot`); a campaign sees each pattern as one situation, which is
decided by the same rules as that of a single person.  What is left for each row of an audience is to look
up numbers in arrays: the number of the subject, its pattern, the verdict on that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
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
from grondslag.screening.crowd import BARRED, STEPS, Crowd, Faces
from grondslag.screening.doubts import Doubt, doubts
from grondslag.screening.expiry import expires
from grondslag.screening.lookup import NOBODY, Lookup, look_up
from grondslag.screening.progress import Progress, silent
from grondslag.screening.reasons import OBSTACLES, reason
from grondslag.screening.snapshot import Snapshot

Numbers = npt.NDArray[Any]

SPARK: Final = "pyspark"
NOT_PROVED: Final = "G-07"
"""The rule that decides where records are missing or unreadable: the sender bears the burden of proof."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What it comes to where all rules take the same courses.

    :ivar rule: the id of docs/law.md that decides; the other ids that determined the answer are in ``rules``.
    :ivar slug: the permission that holds; empty for a no.
    :ivar duties: the duties that are still open; a no carries none.
    :ivar reasons: why not, in a sentence for each language; empty for a yes.
    """

    allowed: bool
    rule: str
    rules: tuple[str, ...]
    slug: str
    duties: tuple[str, ...]
    reasons: Mapping[str, str]

    @classmethod
    def of(cls, decision: Decision) -> Outcome:
        reasons = {lang: "" if decision.allowed else reason(decision, lang) for lang in ("nl", "en")}
        finding = decision.deciding if decision.allowed else None
        slug = finding.rule.slug if finding else ""
        return cls(decision.allowed, decision.rule, decision.rules, slug, decision.duties, reasons)

    @classmethod
    def barred(cls, obstacle: str) -> Outcome:
        return cls(False, NOT_PROVED, (NOT_PROVED,), "", (), OBSTACLES[obstacle])


@dataclass(frozen=True)
class Verdict:
    """One distinct situation, what it comes to, and how many people are in it.

    :ivar obstacle: why the rules were not asked (a key of :data:`.reasons.OBSTACLES`), or empty.
    :ivar decided: decides the situation; none where the records say too little for one.
    """

    number: int
    heads: int
    outcome: Outcome
    obstacle: str = ""
    decided: Callable[[], Decision] | None = None

    @cached_property
    def decision(self) -> Decision | None:
        """The decision with everything that it rests on: worked out when somebody asks for it."""
        return self.decided() if self.decided else None

    @property
    def allowed(self) -> bool:
        return self.outcome.allowed

    @property
    def rule(self) -> str:
        """The id of docs/law.md that decides."""
        return self.outcome.rule

    @property
    def rules(self) -> tuple[str, ...]:
        return self.outcome.rules

    @property
    def slug(self) -> str:
        """The permission that holds; empty for a no."""
        return self.outcome.slug

    @property
    def duties(self) -> tuple[str, ...]:
        return self.outcome.duties

    def ground(self, lang: str) -> str:
        """On what ground, in a sentence; empty for a no."""
        return locale.rule(self.slug, lang) if self.slug else ""

    def reason(self, lang: str) -> str:
        """Why not, in a sentence; empty for a yes.

        :param lang: ``nl`` or ``en``.
        """
        return self.outcome.reasons[lang]


@dataclass(frozen=True, slots=True)
class Result:
    """What came out, in whichever engine.

    :ivar verdicts: each distinct outcome.
    :ivar rows: how many rows the audience had; ``rejected`` could not be read, and ``duplicates`` name
        somebody who stood there before.
    :ivar warnings: what the user should know before trusting the outcome.
    """

    campaign: Campaign
    at: date
    profile: Profile
    verdicts: tuple[Verdict, ...]
    rows: int
    rejected: int
    duplicates: int
    warnings: tuple[Doubt, ...]

    @property
    def sources(self) -> tuple[Mapping[str, Any], ...]:
        """The files of records, with their rows and rejected rows; none for tables."""
        return ()

    @property
    def expires(self) -> date:
        """The last day on which the outcome may be used."""
        return expires(self.at)

    @property
    def allowed(self) -> int:
        return sum(verdict.heads for verdict in self.verdicts if verdict.allowed)

    @property
    def refused(self) -> int:
        return sum(verdict.heads for verdict in self.verdicts if not verdict.allowed)


@dataclass(frozen=True, slots=True)
class Screening(Result):
    """What came out of tables in DuckDB.

    :ivar lookup: the rows of the audience that could be read, and whom each stands for.
    :ivar codes: for each row the place of its verdict; of people who share a contact detail, of the worst.
    :ivar holds: for each row how many days its situation lasts, the day itself included, if nothing is added;
        no more than the outcome may be used.
    """

    lookup: Lookup
    codes: Numbers
    holds: Numbers
    audience: Audience
    snapshot: Snapshot

    @property
    def sources(self) -> tuple[Mapping[str, Any], ...]:
        return self.snapshot.about.sources


def screen(
    campaign: Campaign,
    records: Mapping[str, Any],
    audience: Any,
    at: date,
    profile: Profile = STRICT,
) -> Result:
    """Who of an audience may be approached, from tables in memory: of DuckDB, Arrow, pandas or Polars.

    Tables of Ibis may be on any connection; those on Spark stay there, and must all be in one session.  Of
    others a copy is worked on, so that nothing is written where they are.

    :param records: kind → table with the columns ``subject``, ``date`` and those of the format.
    :param audience: a table with a column ``subject``, or another that :mod:`.identifiers` knows.
    :return: a :class:`Screening`, or, of tables on Spark, a :class:`.warehouse.WarehouseScreening`.
    :raises BadCase: when a table does not follow the format.
    :raises NoLawInForce: when the day lies before the law that the rulebook holds.
    """
    campaign.require_day(at)
    expressions = [table for table in (audience, *records.values()) if isinstance(table, ibis.Table)]
    for con in map(ibis.get_backend, expressions):
        if con.name == SPARK:
            from grondslag.screening import warehouse  # what it needs is an extra of its own

            return warehouse.screened(con, campaign, records, audience, at, profile)
    con = ibis.duckdb.connect()
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
    verdicts, of_state, states = judged(crowd, campaign, profile, lookup.numbers, snapshot.about.nameless > 0)
    # Of people who share a detail only the worst verdict is left, so not every verdict has a row.
    states = lookup.worst(states, np.array([*(verdict.allowed for verdict in verdicts), False])[of_state])
    most = len(of_state)
    rows, repeated = (np.bincount(each, minlength=most) for each in (states, states[lookup.repeats]))
    used, places = np.unique(of_state[rows > 0], return_inverse=True)
    numbered = np.zeros(most, np.int32)
    numbered[rows > 0] = places
    heads = np.zeros(len(used), np.int64)
    np.add.at(heads, places, (rows - repeated)[rows > 0])
    counted = tuple(
        replace(verdicts[place], number=n + 1, heads=int(heads[n])) for n, place in enumerate(used.tolist())
    )
    strangers = snapshot.strangers() if NOBODY in lookup.numbers else 0
    about = snapshot.about
    span = (expires(at) - at).days + 1
    return Screening(
        *(campaign, at, profile, counted, audience.rows, audience.rejected, len(lookup.repeats)),
        warnings=tuple(doubts(campaign, about.nameless, about.alike + strangers, about.sources)),
        lookup=lookup,
        codes=numbered[states],
        holds=lookup.least(np.append(snapshot.holds(at, span), np.uint8(span))[lookup.numbers]),
        audience=audience,
        snapshot=snapshot,
    )


def judged(
    crowd: Crowd, campaign: Campaign, profile: Profile, numbers: Numbers | None, nameless: bool
) -> tuple[tuple[Verdict, ...], Numbers, Numbers]:
    """A verdict for each distinct situation, for each state which, and the state of each number.

    :param numbers: numbers of subjects, -1 for somebody who is not on file; everybody when left out.
    :param nameless: whether an unreadable refusal may be of anybody: then nobody may be approached.
    """
    states = crowd.states(campaign)
    seen = states[:-1] if numbers is None else states[numbers]
    some = len(crowd.parts) * len(STEPS)
    used = _different(seen, some + len(BARRED))
    tribunal = _Tribunal(Faces(crowd, campaign, profile), profile, nameless)
    verdict_of = np.zeros(some + len(BARRED), np.int32)
    verdict_of[used[used < some]] = tribunal.on(*np.divmod(used[used < some], len(STEPS)))
    for state in used[used >= some].tolist():
        verdict_of[state] = tribunal.barred(BARRED[state - some])
    return tuple(tribunal.verdicts), verdict_of, seen


def _different(codes: Numbers, most: int) -> Numbers:
    """The different codes, in order; all are below ``most``."""
    met = np.zeros(most, bool)
    met[codes] = True
    return np.flatnonzero(met)


class _Tribunal:
    """Finds what each distinct situation comes to."""

    def __init__(self, faces: Faces, profile: Profile, nameless: bool) -> None:
        self._faces, self._profile, self._nameless = faces, profile, nameless
        self._barred: dict[str, int] = {}
        self.verdicts: list[Verdict] = []

    def on(self, patterns: Numbers, steps: Numbers) -> Numbers:
        """For each pattern, with how near the offer is, the place of its verdict."""
        keys, place = np.unique(self._faces.of(patterns) * len(STEPS) + steps, return_inverse=True)
        alike, first = self._faces.alike(keys, self._profile)
        outcomes = [Outcome.of(self._decided(key)) for key in keys[first].tolist()]
        for key, group in zip(keys.tolist(), alike.tolist(), strict=True):
            self._add(outcomes[group], decided=partial(self._decided, key))
        return place.astype(np.int32)

    def barred(self, obstacle: str) -> int:
        """The place of the verdict on whom the rules are not asked about."""
        if obstacle not in self._barred:
            self._barred[obstacle] = len(self.verdicts)
            self._add(Outcome.barred(obstacle), obstacle)
        return self._barred[obstacle]

    def _decided(self, key: int) -> Decision:
        return decide(self._faces.situation(key), at=self._faces.at, profile=self._profile)

    def _add(
        self, outcome: Outcome, obstacle: str = "", decided: Callable[[], Decision] | None = None
    ) -> None:
        if self._nameless and outcome.allowed:
            obstacle = "nameless-refusal"
            outcome = Outcome.barred(obstacle)
        self.verdicts.append(Verdict(len(self.verdicts) + 1, 0, outcome, obstacle, decided))
