"""Grondslag: mag dat?  May this be done to this person on this day, and on what legal ground?

>>> from datetime import date
>>> from grondslag import Act, Case, decide, draw
>>> case = Case({"kind": "company"}, {"kind": "consumer"}, (), Act(date(2026, 11, 1), "contact",
...     {"channel": "email", "content": "promotional", "purpose": "commercial", "advertises": "own"}))
>>> decide(draw(case), at=case.act.date).allowed
False
"""

from grondslag.answers import NO, UNKNOWN, YES, Answer
from grondslag.decide import Decision, Finding, decide
from grondslag.errors import GrondslagError, NoLawInForce
from grondslag.explain import explain
from grondslag.facts import Drawn, draw, draw_with_evidence
from grondslag.law.profiles import BALANCED, PERMISSIVE, STRICT, Profile
from grondslag.law.rulebook import DUTCH, Rulebook
from grondslag.law.situation import Situation
from grondslag.question import Act, Case, Event
from grondslag.receipt import receipt, replay
from grondslag.remedy import remedies

__all__ = [
    "BALANCED",
    "DUTCH",
    "NO",
    "PERMISSIVE",
    "STRICT",
    "UNKNOWN",
    "YES",
    "Act",
    "Answer",
    "Case",
    "Decision",
    "Drawn",
    "Event",
    "Finding",
    "GrondslagError",
    "NoLawInForce",
    "Profile",
    "Rulebook",
    "Situation",
    "decide",
    "draw",
    "draw_with_evidence",
    "explain",
    "receipt",
    "remedies",
    "replay",
]
