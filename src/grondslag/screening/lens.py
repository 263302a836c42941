"""What the query has to be told about one act on one day, found by asking the facts themselves.

A query can compare days and look letters up; it knows nothing of the law.  So every border between
two days, and every list of letters that matter, is worked out here once, by drawing the facts of
small made-up histories.  When :mod:`grondslag.facts` changes its mind, the query follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from grondslag.answers import NO, YES
from grondslag.facts import draw
from grondslag.facts.reading import add_months, same_party, span
from grondslag.law.parameters import CONFIRMATION_DAYS, REGISTER_DAYS, REQUEST_MONTHS
from grondslag.law.situation import Situation
from grondslag.law.terms import Span
from grondslag.question import Act, Case, Event, Fields
from grondslag.screening.campaign import Campaign
from grondslag.screening.codes import Codes, Names
from grondslag.vocabulary import Day

SPANS: Final = {
    "a": Span.WITHIN_12_MONTHS,
    "b": Span.WITHIN_24_MONTHS,
    "c": Span.WITHIN_36_MONTHS,
    "d": Span.LONGER,
}
"""A letter for how long ago something was."""

LONG_AGO: Final = timedelta(days=3000)
"""So long before the act that no term of the law still runs."""


@dataclass(frozen=True)
class Lens:
    """One campaign on one day.

    :ivar codes: how records are written down for it.
    """

    campaign: Campaign
    at: date
    codes: Codes

    # --- Borders between days: the first day of which something still holds ------------------------

    @cached_property
    def spans(self) -> tuple[tuple[str, date], ...]:
        """Letter and first day of each span, the latest first; an earlier day has the last letter."""
        order = list(SPANS.values())

        def border(place: int) -> date:
            return self.first(lambda day: order.index(span(day, self.at)) <= place)

        return tuple((letter, border(place)) for place, letter in enumerate(list(SPANS)[:-1]))

    @cached_property
    def asked_since(self) -> date:
        """The first day of which a request is still fresh."""
        return self.first(lambda day: self.at <= add_months(day, REQUEST_MONTHS))

    @cached_property
    def entered_since(self) -> date:
        """The first day of which an address counts as entered just now."""
        return self.at - timedelta(days=CONFIRMATION_DAYS)

    @cached_property
    def checked_since(self) -> date:
        """The first day of which a look into a register is still good."""
        return self.at - timedelta(days=REGISTER_DAYS)

    def first(self, holds: Callable[[date], bool]) -> date:
        """The first day for which something holds that then holds of every later day up to the act's."""
        low, high = Day.FIRST.toordinal(), self.at.toordinal()
        while low < high:
            middle = (low + high) // 2
            if holds(date.fromordinal(middle)):
                high = middle
            else:
                low = middle + 1
        return date.fromordinal(low)

    def day_in(self, letter: str) -> date:
        """A day before the act in the span of that letter."""
        borders = dict(self.spans)
        if letter not in borders:
            return self.spans[-1][1] - timedelta(days=1)
        return min(borders[letter], self.at - timedelta(days=1))

    # --- Letters that matter -----------------------------------------------------------------------

    @cached_property
    def refusing(self) -> list[str]:
        """What an objection says (channels, scope) when it covers this act."""
        return self._those(
            "objection",
            ("channels", "scope"),
            lambda fields: self._drawn(("objection", fields)).person.objected is YES,
        )

    @cached_property
    def opting_out(self) -> list[str]:
        """What a collection says (details, opt_out_used) when it holds a refusal."""
        return self._those(
            "collected",
            ("details", "opt_out_used"),
            lambda fields: self._drawn(("collected", fields)).person.objected is YES,
        )

    @cached_property
    def withdrawing(self) -> list[str]:
        """What a withdrawal says (channels) when it covers this act."""
        return self._those(
            "withdrawal",
            ("channels",),
            lambda fields: self._drawn(("withdrawal", fields)).person.withdrawn is YES,
        )

    @cached_property
    def from_others(self) -> list[str]:
        """What a collection says (in) when the details came from another than the person."""
        return self._those(
            "collected",
            ("in",),
            lambda fields: self._drawn(("objection", {}), ("collected", fields)).person.reimported is YES,
        )

    @cached_property
    def relating(self) -> list[str]:
        """What a collection says (in) when it makes a relation of itself, such as a gift."""
        return self._those(
            "collected", ("in",), lambda fields: bool(self._drawn(("collected", fields)).relations)
        )

    @cached_property
    def responding(self) -> list[str]:
        """What an interaction says (kind) when the person acted on what was sent."""
        return self._those(
            "interaction",
            ("kind",),
            lambda fields: (
                self._drawn(("consent", {}), ("interaction", fields)).consents[0].since_interaction
                is Span.WITHIN_12_MONTHS
            ),
        )

    @cached_property
    def buying(self) -> list[str]:
        """What an interaction says (kind) when it renews a relation."""
        return self._those(
            "interaction",
            ("kind",),
            lambda fields: (
                self._drawn(("relation", {"kind": "purchase"}), ("interaction", fields)).relations[0].ended
                is Span.WITHIN_12_MONTHS
            ),
        )

    @cached_property
    def calling(self) -> list[str]:
        """What an interaction says (channel) when it was a call."""
        return self._those(
            "interaction",
            ("channel",),
            lambda fields: (
                self._drawn(("consent", {}), ("interaction", fields), ago=LONG_AGO)
                .consents[0]
                .first_call_in_time
                is YES
            ),
        )

    @cached_property
    def assessed_since(self) -> dict[str, date]:
        """For each kind of assessment that the campaign brings, the day of its latest."""
        found: dict[str, date] = {}
        for event in self.campaign.assessments:
            kind = event.fields.get("kind")
            if isinstance(kind, str) and event.date <= self.at:
                found[kind] = max(event.date, found.get(kind, event.date))
        return found

    def _those(self, kind: str, names: tuple[str, ...], matter: Callable[[Fields], bool]) -> list[str]:
        return [letters for letters, fields in self.codes.all(kind, names) if matter(fields)]

    def _drawn(self, *events: tuple[str, Fields], ago: timedelta = timedelta(days=1)) -> Situation:
        """The situation of a short history: its last event is of yesterday, what came before of long ago."""
        days = [self.at - LONG_AGO] * (len(events) - 1) + [self.at - ago]
        history = tuple(Event(day, *event) for day, event in zip(days, events, strict=True))
        return draw(Case(self.campaign.controller, {}, history, Act(self.at, "contact", self.campaign.act)))


def names_in(
    campaign: Campaign, at: date, parties: Iterable[str], places: Iterable[tuple[str, str]]
) -> Names:
    """Sorts the spellings that occur in the records by what they mean for the act.

    :param parties: names of controllers and other organisations.
    :param places: pairs of ``country`` or ``municipality`` and its name.
    """
    controller, advertiser = campaign.controller.get("name"), campaign.act.get("on_behalf_of")
    spelled = list(parties)

    def same(party: object) -> tuple[str, ...]:
        return tuple(name for name in spelled if isinstance(party, str) and same_party(name, party))

    outside: list[str] = []
    inside: list[str] = []
    home: list[str] = []
    opt_in: list[str] = []
    for kind, name in places:
        person = draw(Case(campaign.controller, {kind: name}, (), Act(at, "contact", campaign.act))).person
        if kind == "country":
            (home if person.abroad is NO else inside if person.outside_eea is NO else outside).append(name)
        elif person.opt_in_municipality is YES:
            opt_in.append(name)
    return Names(
        same(controller), same(advertiser), tuple(outside), tuple(inside), tuple(home), tuple(opt_in)
    )
