"""Who is on file for marketing no longer, on a day in a forecast: the controller's own term (K-06).

How long, from when and whether that can be defended decides the rule of the law, in an act of ``keep``.
Here the day is found on which the term of each person begins: the last day on which he dealt with the
controller himself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa

from grondslag.answers import YES
from grondslag.decide import Decision, decide
from grondslag.facts import draw
from grondslag.facts.file import File
from grondslag.facts.keep import DEALINGS, OF_HIS_OWN, own_term
from grondslag.facts.reading import add_months
from grondslag.law.rights_terms import Kept
from grondslag.law.situation import Relation
from grondslag.law.terms import Span
from grondslag.question import Act, Case, Event
from grondslag.screening.campaign import Campaign
from grondslag.screening.contents import Content, event
from grondslag.screening.crowd import Numbers
from grondslag.screening.patterns import NAME
from grondslag.screening.snapshot import Snapshot

_ANY_DAY: Final = date(2026, 1, 1)
_LONG_AGO: Final = _ANY_DAY - timedelta(days=3000)
_NEVER: Final = date(2199, 12, 31)
"""The end of the calendar: so long a relation runs that has no end."""


@dataclass(frozen=True, slots=True)
class Term:
    """The controller's own term on a day.

    :ivar months: how long data are kept for marketing after the last dealing.
    :ivar ended: the law's no once the term is over, or at once where it cannot be defended.
    :ivar kept: for each number of a subject, whether his data may still be kept.
    """

    months: int
    ended: Decision
    kept: Numbers


class Retention:
    """What a campaign says of the term, applied to everybody in a snapshot."""

    def __init__(self, campaign: Campaign, snapshot: Snapshot) -> None:
        self._campaign, self._snapshot = campaign, snapshot
        if campaign.policies:
            self._note()

    def on(self, at: date) -> Term | None:
        """The term on a day; none when the campaign states none for it.

        :raises NoLawInForce: when the day lies before the AVG.
        """
        case = self._case(at, at, lasting=False)
        months = own_term(File(case), Kept.MARKETING_DATA).months
        if months is None:
            return None
        today, of_lasting = (self._keeping(at, at, lasting) for lasting in (False, True))
        over = self._keeping(at, add_months(at, -months) - timedelta(days=1), lasting=False)
        kept = self._runs(at, months, [today.allowed, of_lasting.allowed])
        return Term(months, over if today.allowed else today, kept)

    def _case(self, at: date, since: date, lasting: bool) -> Case:
        """Keeping the data of somebody who dealt with the controller on a day."""
        bought = Event(since, "relation", {"kind": "purchase", "long_lived": True})
        history = sorted((*self._campaign.policies, *([bought] if lasting else [])), key=lambda e: e.date)
        fields = {"what": Kept.MARKETING_DATA.value, "purpose": "marketing", "for_marketing": True}
        return Case(
            self._campaign.controller, {}, tuple(history), Act(at, "keep", {**fields, "since": since})
        )

    def _keeping(self, at: date, since: date, lasting: bool) -> Decision:
        return decide(draw(self._case(at, since, lasting)), at=at)

    def _runs(self, at: date, months: int, sound: list[bool]) -> Numbers:
        """For each number whether the term runs; who never dealt with the controller has none that does."""
        told = self._snapshot.con.con.sql(
            f"""
            SELECT number, max(last) + to_months({months}) >= DATE '{at}' AS runs, bool_or(lasting) AS lasting
            FROM dealings WHERE day <= DATE '{at}' GROUP BY number
            """
        ).fetchnumpy()
        kept = np.zeros(self._snapshot.about.people, bool)
        kept[told["number"]] = told["runs"] & np.array(sound)[told["lasting"].astype(int)]
        return kept

    def _note(self) -> None:
        """The table ``dealings``: of whom, since which day, until when at least, and D-10's long life."""
        con = self._snapshot.con
        con.con.register("begins", pa.Table.from_pylist(list(self._begins()), schema=_BEGINS))
        con.raw_sql(
            f"""
            CREATE OR REPLACE TABLE dealings AS
            SELECT number, day, lasting, CASE WHEN NOT relates THEN day WHEN other IS NOT NULL THEN
                greatest(day, other) WHEN runs THEN DATE '{_NEVER}' ELSE day END AS last
            FROM {NAME}.histories JOIN begins USING (content)
            """
        )
        con.con.unregister("begins")

    def _begins(self) -> Iterator[dict[str, Any]]:
        """The contents by which somebody deals with the controller, and what the facts make of relations."""
        for content in self._snapshot.contents().all:
            kind = content.fields.get("kind")
            if content.kind not in DEALINGS or (content.kind == "interaction" and kind not in OF_HIS_OWN):
                continue
            relation = self._relation(content) if content.kind == "relation" else None
            if relation and (relation.own is not YES or kind == "none"):
                continue
            yield {
                "content": content.number,
                "relates": relation is not None,
                "runs": relation is not None and relation.ended is Span.WITHIN_12_MONTHS,
                "lasting": relation is not None and relation.long_lived is YES,
            }

    def _relation(self, content: Content) -> Relation:
        """One that began long ago: that it did not end long ago, shows that it runs on."""
        history = (event(content, _LONG_AGO, None),)
        act = Act(_ANY_DAY, "contact", self._campaign.act)
        return draw(Case(self._campaign.controller, {}, history, act)).relations[0]


_BEGINS: Final = pa.schema(
    [("content", pa.int32()), *((name, pa.bool_()) for name in ("relates", "runs", "lasting"))]
)
