"""The history of one person, and the questions that a record puts to the law about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from grondslag.answers import NO, YES
from grondslag.decide import decide
from grondslag.errors import NoLawInForce
from grondslag.facts import draw
from grondslag.law.profiles import Profile
from grondslag.question import Act, Case, Event, Fields
from grondslag.register.history import History, Known

LAPSED: Final = frozenset({"C-10"})
"""The id of docs/law.md of a consent that is too old."""
_ACTED: Final = ("opened", "clicked", "bought")


class Asked:
    """The history of one person, and the questions that are asked of it."""

    def __init__(self, told: History, at: date, controller: Fields, profile: Profile) -> None:
        self._told, self._controller, self._profile = told, controller, profile
        self.at = at
        self.refusals = [event for event in told.events if _refuses(event)]
        self._rest = [quiet for event in told.events if (quiet := _quiet(event)) and event.kind != "consent"]
        self.consents = [event for event in told.events if event.kind == "consent"]
        self.acted = [
            event.date
            for event in told.events
            if event.fields.get("kind") in _ACTED and event.kind == "interaction"
        ]
        self._given: dict[tuple[int, str | None], bool] = {}

    def entry(self, event: Event) -> Known:
        return self._told.entries[event.place]

    def failing(
        self, consent: Event, channel: str | None, *refusals: Event, on: date | None = None
    ) -> dict[str, bool]:
        """The conditions that this consent, alone on file, does not certainly meet on a day.

        :return: id of docs/law.md → whether it certainly fails.
        """
        facts = {"channel": channel} if consent.fields.get("purpose") == "marketing" else {}
        said = {"question": "consent-valid", "facts": facts}
        kept = sorted([*self._rest, consent, *refusals], key=lambda event: event.date)
        case = Case(self._controller, self._told.person, tuple(kept), Act(on or self.at, "judge", said))
        try:
            (finding,) = decide(draw(case), at=case.act.date, profile=self._profile).findings
        except NoLawInForce:
            return {"C-01": False}
        found: dict[str, bool] = {}
        for clause in finding.failing:
            found[clause.id] = found.get(clause.id, False) or clause.answer is NO
        return found

    def customer(self, relation: Event) -> bool:
        """Whether the relation, alone on file, makes a customer of the person."""
        act = Act(self.at, "judge", {"question": "existing-customer"})
        case = Case(self._controller, self._told.person, (relation,), act)
        try:
            return decide(draw(case), at=self.at, profile=self._profile).answer is YES
        except NoLawInForce:
            return False

    def sound(self, consent: Event, channel: str | None) -> bool:
        """Whether it was given in a valid way, whatever became of it since."""
        key = consent.place, channel
        if key not in self._given:
            self._given[key] = self.failing(consent, channel).keys() <= LAPSED
        return self._given[key]


def _refuses(event: Event) -> bool:
    return event.kind in ("withdrawal", "objection") or event.fields.get("opt_out_used") is True


def _quiet(event: Event) -> Event | None:
    """The event without the refusal in it; nothing when it is a refusal and no more."""
    if not _refuses(event):
        return event
    if event.kind != "collected":
        return None
    return replace(event, fields={k: value for k, value in event.fields.items() if k != "opt_out_used"})
