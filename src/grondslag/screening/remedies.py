"""What the sender can do itself so that a person may be approached: the smallest lawful change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from grondslag import locale
from grondslag.decide import decide
from grondslag.law.profiles import Profile
from grondslag.law.situation import Situation
from grondslag.moves import ASK_CONSENT
from grondslag.remedy import remedies
from grondslag.screening.verdicts import Verdict

_OF_OBSTACLE: Final = {
    "unknown": "complete-records",
    "unreadable": "mend-row",
    "unreadable-refusal": "mend-row",
    "nameless-refusal": "mend-row",
}
"""What helps where the records fall short, by the keys of :data:`.reasons.OBSTACLES`."""


@dataclass(frozen=True, slots=True)
class Change:
    """The smallest lawful change for a situation.

    :ivar slugs: what it is called in the locale (``headings.json``, remedies), one for each part.
    :ivar sure: the organisation need only do it; else what comes out is not in its hands.
    """

    slugs: tuple[str, ...]
    sure: bool

    def words(self, lang: str) -> str:
        """:param lang: ``nl`` or ``en``."""
        return " ".join(locale.word("remedies", slug, lang) for slug in self.slugs)


def change(verdict: Verdict) -> Change | None:
    """What would help the people of a verdict; None for a yes, and where nothing in one's own power does.

    So it is when the people themselves said no: the reason of the verdict says that.
    """
    if verdict.obstacle:
        return Change((_OF_OBSTACLE[verdict.obstacle],), sure=False)
    decision = verdict.decision
    if decision is None or decision.allowed:
        return None
    return _smallest(decision.situation, decision.at, decision.profile)


def remedy(verdict: Verdict, lang: str) -> str:
    """:func:`change` in plain words, or empty.

    :param lang: ``nl`` or ``en``.
    """
    found = change(verdict)
    return found.words(lang) if found else ""


@lru_cache(maxsize=1 << 16)
def _smallest(situation: Situation, at: date, profile: Profile) -> Change | None:
    found = remedies(decide(situation, at=at, profile=profile), most=1)
    if not found:
        return None
    moves = found[0].moves
    # People in one situation can be reached in different ways, so no channel to ask by is named here.
    slugs = tuple("ask-consent-at-contact" if move is ASK_CONSENT else move.slug for move in moves)
    return Change(slugs, sure=not any(move.outcome_open for move in moves))
