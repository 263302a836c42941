"""Why a person may not be approached, in one sentence; :mod:`grondslag.explain` tells the whole story."""

from __future__ import annotations

from typing import Final

from grondslag import locale
from grondslag.answers import UNKNOWN, YES
from grondslag.decide import Decision
from grondslag.law.rules import PERMITS

OBSTACLES: Final[dict[str, dict[str, str]]] = {
    "unknown": {"nl": "niets bekend", "en": "Nothing is on file."},
    "unreadable": {
        "nl": "onleesbare regel in de gegevens",
        "en": "A record of the person cannot be read.",
    },
    "unreadable-refusal": {
        "nl": "onleesbaar bezwaar in de gegevens",
        "en": "An objection or withdrawal of the person cannot be read.",
    },
    "nameless-refusal": {
        "nl": "een onleesbaar bezwaar kan van deze persoon zijn",
        "en": "An unreadable objection or withdrawal may be this person's.",
    },
}
"""Why the rules were not even asked: what the sender has on file falls short (G-07)."""

_SAID_NO: Final = {"nl": "De persoon heeft al nee gezegd.", "en": "The person has said no already."}
_OF_NO: Final = ("R-01", "C-07", "T-07", "P-04")
"""The rules whose own words say that."""
_NOTHING: Final = {"nl": "Geen regel staat dit toe.", "en": "No rule allows it."}


def reason(decision: Decision, lang: str) -> str:
    """Why the answer is no: the condition that fails, or the rule that stands in the way.

    A no of the person's own is always named: it is why nothing may be proposed against it.
    """
    person = decision.situation.person
    told = _point(decision, lang)
    if YES in (person.objected, person.withdrawn) and decision.rule not in _OF_NO:
        return f"{told} {_SAID_NO[lang]}"
    return told


def _point(decision: Decision, lang: str) -> str:
    finding = decision.deciding
    if finding is None:
        return _NOTHING[lang]
    if finding.rule.effect != PERMITS or not finding.failing:
        return locale.rule(finding.rule.slug, lang)
    clause = finding.failing[0]
    told = locale.clause(finding.rule.slug, str(clause.words), clause.id, lang, clause.answer.value)
    return f"{locale.word('headings', 'not-certain', lang)}: {told}" if clause.answer is UNKNOWN else told
