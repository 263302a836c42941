"""The neighbours of a refused situation: what the rules say once some moves have been made.

A move sets a few facts.  A rule whose course depends on none of these says what it said before; only
the others are asked again, and a neighbour is given up at the first ban that stands.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, cast

from grondslag.decide import BARS, Decision, Sights, in_force
from grondslag.law.courses import Course
from grondslag.law.rules import PERMITS, RESERVES
from grondslag.law.situation import Situation
from grondslag.moves import Change, Move, changes


class _Heard:
    """Some rules, and what each says of the refused situation.

    :ivar stands: whether one of them takes effect.
    :ivar facts: all that they depend on.
    """

    def __init__(self, courses: list[Course]) -> None:
        self.courses = courses
        self.stands = any(course.stands for course in courses)
        self.facts = frozenset[str]().union(*(course.facts for course in courses))


class Neighbours:
    """What is decided some moves away from a refused situation.

    :ivar moves: those that apply, the lightest first.
    """

    def __init__(self, refused: Decision) -> None:
        situation = refused.situation
        self._refused = refused
        self._changes = changes(situation)
        self.moves = tuple(self._changes)
        self._sights = Sights(situation, refused.profile)
        self._rules = in_force(situation.do, situation.act, refused.at, refused.profile)
        self._barred = [self._sights.heard(finding.rule) for finding in refused.barred]
        self._permits = self._heard(PERMITS)

    def _heard(self, *effects: str) -> _Heard:
        return _Heard([self._sights.heard(rule) for rule in self._rules if rule.effect in effects])

    @cached_property
    def _bars(self) -> _Heard:
        """Every ban and duty, those that do not stand too; where no permission is in reach nobody asks."""
        return self._heard(*BARS)

    @cached_property
    def _reserved(self) -> _Heard:
        """Bans that a permission lifts: they never decide whether the answer is yes."""
        return self._heard(RESERVES)

    def hopeful(self) -> bool:
        """Whether moves touch every ban that stands, and a permission unless one holds."""
        return self._after(*self.moves).may_be_allowed(self._barred, self._permits)

    def allows(self, *moves: Move) -> bool:
        """Whether the answer is yes after these moves."""
        there = self._after(*moves)
        return (
            there.may_be_allowed(self._barred, self._permits)
            and there.stands(self._permits)
            and not there.stands(self._bars)
        )

    def tells(self, move: Move) -> bool:
        """Whether this move by itself changes the answer of any condition."""
        there = self._after(move)
        return any(there.differs(heard) for heard in (self._bars, self._permits, self._reserved))

    def _after(self, *moves: Move) -> _There:
        return _There(self._refused, [self._changes[move] for move in moves])


class _There:
    """One neighbour; it is put together when the first rule is asked again."""

    def __init__(self, refused: Decision, changes: list[Change]) -> None:
        self._refused, self._changes = refused, changes
        self._facts = frozenset[str]().union(*(change.facts for change in changes))

    @cached_property
    def _sights(self) -> Sights:
        return Sights(_changed(self._refused.situation, self._changes), self._refused.profile)

    def _touches(self, heard: _Heard | Course) -> bool:
        """Whether anything else may be said here."""
        return not self._facts.isdisjoint(heard.facts)

    def may_be_allowed(self, barred: list[Course], permits: _Heard) -> bool:
        """Whether every ban that stands is touched, and a permission unless one holds."""
        return all(map(self._touches, barred)) and (permits.stands or self._touches(permits))

    def stands(self, heard: _Heard) -> bool:
        """Whether one of these rules takes effect here."""
        if not self._touches(heard):
            return heard.stands
        return any(self._hear(course).stands for course in heard.courses)

    def differs(self, heard: _Heard) -> bool:
        """Whether one of these rules answers a condition otherwise here."""
        return self._touches(heard) and any(
            self._hear(course).answers != course.answers for course in heard.courses
        )

    def _hear(self, course: Course) -> Course:
        """What the rule says here."""
        return self._sights.taken(course.rule)[0] if self._touches(course) else course


class _Changed:
    """Facts of which some have another value; a copy of some thirty facts would take longer."""

    def __init__(self, facts: object, values: dict[str, object]) -> None:
        self.__dict__.update(values, _facts=facts)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._facts, name)


def _changed(situation: Situation, changes: list[Change]) -> Situation:
    act, person, consents = dict[str, object](), dict[str, object](), situation.consents
    for change in changes:
        act.update(change.act)
        person.update(change.person)
        consents = change.consents(consents) if change.consents else consents
    return Situation(
        situation.do,
        _Changed(situation.act, act) if act else situation.act,
        cast(Any, _Changed(situation.person, person)) if person else situation.person,
        consents,
        situation.collections,
        situation.relations,
    )
