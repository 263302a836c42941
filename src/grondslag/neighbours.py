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
from grondslag.moves import MOVES, Change, Move


class Neighbours:
    """What is decided some moves away from a refused situation.

    :ivar moves: those that apply, the lightest first.
    """

    def __init__(self, refused: Decision) -> None:
        self._refused = refused
        found = [(move, move.change(refused.situation)) for move in MOVES]
        self._changes = {move: change for move, change in found if change is not None}
        self.moves = tuple(self._changes)
        self._sights = sights = Sights(refused.situation, refused.profile)
        self._rules = in_force(refused.situation.do, refused.situation.act, refused.at, refused.profile)
        self._bars = [sights.heard(rule) for rule in self._rules if rule.effect in BARS]
        self._permits = [sights.heard(rule) for rule in self._rules if rule.effect == PERMITS]

    @cached_property
    def _reserved(self) -> list[Course]:
        """Bans that a permission lifts: they never decide whether the answer is yes."""
        return [self._sights.heard(rule) for rule in self._rules if rule.effect == RESERVES]

    def hopeful(self) -> bool:
        """Whether moves touch every ban that stands, and a permission unless one holds."""
        facts = frozenset[str]().union(*(change.facts for change in self._changes.values()))
        return not any(bar.stands and facts.isdisjoint(bar.facts) for bar in self._bars) and any(
            permit.stands or not facts.isdisjoint(permit.facts) for permit in self._permits
        )

    def allows(self, *moves: Move) -> bool:
        """Whether the answer is yes after these moves."""
        there = self._after(*moves)
        return (
            all(there.changes(bar) for bar in self._bars if bar.stands)
            and any(there.hear(permit).stands for permit in self._permits)
            and not any(there.hear(bar).stands for bar in self._bars)
        )

    def tells(self, move: Move) -> bool:
        """Whether this move by itself changes the answer of any condition."""
        there = self._after(move)
        heard = (*self._bars, *self._permits, *self._reserved)
        return any(there.hear(rule).answers != rule.answers for rule in heard)

    def _after(self, *moves: Move) -> _There:
        return _There(self._refused, [self._changes[move] for move in moves])


class _There:
    """One neighbour; it is put together when the first rule is asked again."""

    def __init__(self, refused: Decision, changes: list[Change]) -> None:
        self._refused, self._changes = refused, changes
        self._facts = changes[0].facts.union(*(change.facts for change in changes[1:]))
        self._sights: Sights | None = None

    def changes(self, heard: Course) -> bool:
        """Whether the rule may say something else here."""
        return not self._facts.isdisjoint(heard.facts)

    def hear(self, heard: Course) -> Course:
        """What the rule says here."""
        if not self.changes(heard):
            return heard
        if self._sights is None:
            self._sights = Sights(_changed(self._refused.situation, self._changes), self._refused.profile)
        return self._sights.heard(heard.rule)


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
