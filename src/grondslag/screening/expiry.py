"""Until when the outcome of a screening may be used."""

from __future__ import annotations

from datetime import date
from typing import Final

from grondslag.law.rulebook import DUTCH, Rulebook

USE: Final = 28
"""Days after the act.  A house term, not the law's: objections and withdrawals come in every day, and an
outcome of four weeks ago knows none of them."""


def expires(at: date, rulebook: Rulebook = DUTCH) -> date:
    """The last day of use: within the house term, and under the rules that decided."""
    last = min(at.toordinal() + USE, date.max.toordinal())
    return date.fromordinal(min([last, *(day.toordinal() - 1 for day in rulebook.changes if day > at)]))
