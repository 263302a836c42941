"""The neighbours of a refused situation: what the rules say once some moves have been made.

A move sets a few facts.  A rule whose course depends on none of these says what it said before; only
the others are asked again, and a neighbour is given up at the first ban that stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, cast

from grondslag.decide import BARS, Decision, Sights, in_force
from grondslag.law.courses import Course
from grondslag.law.profiles import Profile
from grondslag.law.rules import PERMITS, RESERVES, Rule
from grondslag.law.situation import Situation
from grondslag.moves import Change, Move, changes


@lru_cache(maxsize=1 << 12)
def _rules(do: str, act: object, at: date, profile: Profile, effects: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules of these effects, with those that the act leaves out of play: a move may change the act."""
    return tuple(rule for rule in in_force(do, act, at, profile) if rule.effect in effects)


class _Heard:
    """Some rules, and what each says of the refused situation.

    :ivar stands: whether one of them takes effect.
    :ivar facts: all that they depend on.
    """

    def __init__(self, courses: list[Course]) -> None:
        self.courses = courses
        self.stands = any(course.stands for course in courses)
        self.facts = frozenset[str]().union(*[course.facts for course in courses])


class Neighbours:
    """What is decided some moves away from a refused situation.

    :ivar moves: those that apply, the lightest first.
    """

    def __init__(self, refused: Decision) -> None:
        self._refused = refused
        self._changes = changes(refused.situation)
        self.moves = tuple(self._changes)
        self._sights = Sights(refused.situation, refused.profile)
        self._barred = self._sights.heard(finding.rule for finding in refused.barred)
        self._permits = self._heard(PERMITS)

    def _rules(self, *effects: str) -> tuple[Rule, ...]:
        situation = self._refused.situation
        return _rules(situation.do, situation.act, self._refused.at, self._refused.profile, effects)

    def _heard(self, *effects: str) -> _Heard:
        return _Heard(self._sights.heard(self._rules(*effects)))

    @cached_property
    def _others(self) -> _Heard:
        """All that is no permission: a ban that a permission lifts too, though it never decides."""
        return self._heard(*BARS, RESERVES)

    def _in_reach(self, moves: Iterable[Move]) -> bool:
        """Whether these moves touch every ban that stands, and a permission unless one holds."""
        facts = frozenset[str]().union(*[self._changes[move].facts for move in moves])
        if not self._permits.stands and facts.isdisjoint(self._permits.facts):
            return False
        return not any(facts.isdisjoint(bar.facts) for bar in self._barred)

    def hopeful(self) -> bool:
        """Whether a yes is in reach of all moves together."""
        return self._in_reach(self.moves)

    def allows(self, *moves: Move) -> bool:
        """Whether the answer is yes after these moves."""
        if not self._in_reach(moves):
            return False
        there = self._after(*moves)
        return there.grants(self._permits) and not there.bars(self._rules(*BARS))

    def tells(self, move: Move) -> bool:
        """Whether this move by itself changes the answer of any condition."""
        there = self._after(move)
        return there.differs(self._permits) or there.differs(self._others)

    def _after(self, *moves: Move) -> _There:
        return _There(self._refused, [self._changes[move] for move in moves])


class _There:
    """One neighbour; it is put together when the first rule is asked again."""

    def __init__(self, refused: Decision, changes: list[Change]) -> None:
        self._refused, self._changes = refused, changes
        self._facts = frozenset[str]().union(*[change.facts for change in changes])

    @cached_property
    def _sights(self) -> Sights:
        return Sights(_changed(self._refused.situation, self._changes), self._refused.profile)

    def _now(self, heard: _Heard) -> Iterator[tuple[Course, Course]]:
        """What each of these rules said, and what it says here."""
        for before in heard.courses:
            if self._facts.isdisjoint(before.facts):
                yield before, before
            else:
                yield before, self._sights.taken(before.rule)[0]

    def grants(self, permits: _Heard) -> bool:
        """Whether one of these permissions holds here."""
        return any(now.stands for _, now in self._now(permits))

    def bars(self, rules: Iterable[Rule]) -> bool:
        """Whether one of these rules stands in the way here."""
        return any(self._sights.taken(rule)[0].stands for rule in rules)

    def differs(self, heard: _Heard) -> bool:
        """Whether one of these rules answers a condition otherwise here."""
        return any(now.answers != before.answers for before, now in self._now(heard))


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
