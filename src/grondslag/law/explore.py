"""Every situation that a rule can tell apart, and every word that it can say.

A fact is named by where it stands and what it is, ``act.content``, ``person.objected``,
``consent.manner``; a switch of the profile by its own name, ``P-SIMILAR``, with three settings.

A rule on consent reads some fifteen facts: too many for a table of all their combinations.  It
need not be one table.  A rule is *in parts* (:func:`parts`), and its answer is the conjunction of
the answers of its parts, as it is of its clauses.  Parts are found in the graph of the rule:

- points that read one and the same fact belong to one part, and so do those that ``when`` reads,
  which decides whether the rule is in play at all;
- a point that decides where the rule goes next belongs to one part with everything up to the
  point where its ways meet again.  That is how a fact that is read for control flow stays with
  the clauses that it controls;
- a rule that ends early ("there is no consent at all") has just answered a clause with no.  Its
  answer is no then, whatever the clauses would have been that it does not come to, so these need
  not stay with the point at which it ends.

What still falls apart shares no fact and no branch, so every combination of the parts' situations
is a situation of the rule, and there is no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import NamedTuple

from grondslag.answers import NO, Answer, conjunction
from grondslag.law.citations import Law
from grondslag.law.graph import OUT, Point, Step, Value, graph
from grondslag.law.rules import Clause, Rule

Facts = Mapping[str, frozenset[Value]]
"""For each fact the values that it may have; a fact that is not named may have any."""


class Phrase(NamedTuple):
    """Words that a rule can say, with the id of docs/law.md and the article that they stand for."""

    words: str
    id: str
    law: Law


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """What a rule, or a part of one, says where these facts hold; no answer: it is not in play.

    Values of a fact that stand together make no difference here.
    """

    facts: Facts
    answer: Answer | None
    clauses: tuple[Clause, ...] = ()

    def meets(self, facts: Facts) -> bool:
        """Whether these facts can hold together with those of this branch."""
        return all(name not in facts or values & facts[name] for name, values in self.facts.items())


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Clauses of a rule that share facts or branches, in every situation that they tell apart."""

    facts: frozenset[str]
    branches: tuple[Branch, ...]


def _ahead(point: Point) -> list[Point]:
    return [step.next for step in point.steps if step.next is not None and step.next is not OUT]


def _in_order(first: Point | None) -> list[Point]:
    """Every point, each before those that it leads to."""
    found: dict[Point, None] = {}

    def visit(point: Point) -> None:
        for following in _ahead(point):
            if following not in found:
                visit(following)
        found[point] = None

    if first is not None:
        visit(first)
    return list(reversed(found))


def _settled(fact: str | None, step: Step, before: Iterable[Point]) -> bool:
    """Whether a rule that ends with this step is out of play, or has been answered no."""
    if step.next is OUT or (step.clause is not None and step.clause.answer is NO):
        return True
    return any(
        all(s.clause is not None and s.clause.answer is NO for s in point.steps if s.values & step.values)
        for point in before
        if point.fact == fact is not None
    )


def _meetings(points: list[Point]) -> dict[Point, Point | None]:
    """For each point the first point that all its ways come by; None: they only end together."""
    before: dict[Point, set[Point]] = {}
    for point in points:
        ways = [before[p] | {p} for p in before if point in _ahead(p)]
        before[point] = set.intersection(*ways) if ways else set()
    after: dict[Point, set[Point]] = {}
    for point in reversed(points):
        ends = [s for s in point.steps if s.next is None and not _settled(point.fact, s, before[point])]
        ways = [after[p] | {p} for p in _ahead(point)]
        after[point] = set.intersection(*ways) if ways and not ends else set()
    return {point: max(after[point], key=lambda p: len(after[p]), default=None) for point in points}


def _together(points: list[Point], meetings: Mapping[Point, Point | None]) -> list[set[Point]]:
    """The points in groups that share no fact and no branch."""
    groups: list[set[Point]] = []
    for point in points:
        group, ahead = {point}, [point]
        while ahead:
            new = {p for p in _ahead(ahead.pop()) if p is not meetings[point]} - group
            group |= new
            ahead += new
        facts = {member.fact for member in group} - {None}
        for other in [g for g in groups if g & group or facts & {member.fact for member in g}]:
            groups.remove(other)
            group |= other
            facts |= {member.fact for member in other} - {None}
        groups.append(group)
    return groups


@dataclass(frozen=True, slots=True)
class _Walk:
    """The ways through one group of points, passing by all others."""

    group: set[Point]
    meetings: Mapping[Point, Point | None]

    def branches(self, point: Point | None, facts: Facts, said: tuple[Clause, ...]) -> Iterator[Branch]:
        while point is not None and point not in self.group:
            point = self.meetings[point]
        if point is None:
            yield Branch(facts, conjunction(clause.answer for clause in said), said)
            return
        for step, clause, following in point.steps:
            values = step & facts.get(point.fact or "", step)
            known = {**facts, point.fact: values} if point.fact else facts
            if values or point.fact is None:
                if following is OUT:
                    yield Branch(known, None)
                else:
                    yield from self.branches(following, known, (*said, clause) if clause else said)


@cache
def _points(rule: Rule) -> list[Point]:
    return _in_order(graph(rule))


@cache
def parts(rule: Rule) -> tuple[Part, ...]:
    """A rule as parts that share no fact; its answer is the conjunction of theirs.

    Where one part is not in play (its answer is None), the rule is not.
    """
    points = _points(rule)
    meetings = _meetings(points)
    found = []
    for group in _together(points, meetings):
        branches = tuple(_Walk(group, meetings).branches(points[0], {}, ()))
        found.append(Part(frozenset(name for branch in branches for name in branch.facts), branches))
    return tuple(found)


def facts(rule: Rule) -> frozenset[str]:
    """Every fact, and every switch of the profile, that makes a difference to the rule."""
    return frozenset(name for part in parts(rule) for name in part.facts)


def words(rule: Rule) -> tuple[Phrase, ...]:
    """All words that the rule can say in any situation and profile, in the rule's order."""
    said = {clause for part in parts(rule) for branch in part.branches for clause in branch.clauses}
    steps = (step.clause for point in _points(rule) for step in point.steps)
    return tuple(dict.fromkeys(Phrase(c.words, c.id, c.law) for c in steps if c in said and c is not None))


def situations(rule: Rule, given: Facts | None = None) -> Iterator[Branch]:
    """Every situation that the rule can tell apart, among those where the given facts hold.

    All combinations of its parts: for a rule on consent these are billions.
    """
    fitting = [[b for b in part.branches if b.meets(given or {})] for part in parts(rule)]
    for chosen in product(*fitting):
        known = {name: values for branch in chosen for name, values in branch.facts.items()}
        if any(branch.answer is None for branch in chosen):
            yield Branch(known, None)
        else:
            said = tuple(clause for branch in chosen for clause in branch.clauses)
            yield Branch(known, conjunction(clause.answer for clause in said), said)
