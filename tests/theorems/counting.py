"""What the theorems looked at, for the line at the end of a run."""

from __future__ import annotations

from collections import Counter

from grondslag.law.explore import parts
from grondslag.law.rules import Rule

COUNTED: Counter[str] = Counter()
"""Decisions taken and examinations compared in this process."""
SITUATIONS: dict[str, int] = {}
"""Rule → the situations that it tells apart, part by part."""


def decided(number: int = 1) -> None:
    COUNTED["decisions"] += number


def examined(rule: Rule, number: int = 1) -> None:
    COUNTED["examinations"] += number
    SITUATIONS.setdefault(
        f"{rule.slug}@{rule.in_force.first}", sum(len(part.branches) for part in parts(rule))
    )
