"""How a theorem about every decision is proved: rule by rule, and a rule part by part.

A decision is yes when some permission is yes, no ban stands, no duty is broken and nothing is
released.  So it is a monotone function of what each rule says of the situation: it cannot turn from
no to yes while no permission turns to yes and no ban, broken duty or release goes away.  And
what a rule says is the conjunction of what its parts say, which share no fact
(:mod:`grondslag.law.explore`): a change of one fact changes one part.  A theorem on a change of a
fact is therefore proved by looking at every pair of situations of one part that differ in that fact.

The rank of what a rule or part says orders it by how much it serves the sender.  Where a rule is
tried on several consents, collections or relations, one on which it is not in play is worth
less to the sender than one on which a ban certainly does not apply, because that one decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import cast

from grondslag.answers import NO, UNKNOWN, YES, Answer, all_of
from grondslag.law.explore import Branch, Facts, Part, parts
from grondslag.law.graph import Value
from grondslag.law.rules import FORBIDS, PERMITS, RELEASES, REQUIRES, Rule
from tests.theorems.counting import examined

Answers = frozenset({YES, NO, UNKNOWN})
KNOWN = frozenset({YES, NO})


@cache
def can_be(rule: Rule, answer: Answer) -> bool:
    """Whether a clause of the rule is ever answered so."""
    return any(branch.answer is answer for part in parts(rule) for branch in part.branches)


def rank(rule: Rule, answer: Answer | None) -> int:
    """How much what a part of this rule says serves the sender; None: the rule is not in play."""
    if rule.effect == PERMITS:
        return 1 if answer is YES else 0
    if rule.effect == FORBIDS:
        return 1 if answer is NO or answer is None else 0
    if rule.effect == REQUIRES and can_be(rule, NO):
        return 0 if answer is NO else 2 if answer is None else 1
    return 0 if rule.effect == RELEASES and answer is YES else 1


@dataclass(frozen=True, slots=True)
class Change:
    """Two situations of one part of a rule that differ in one fact only."""

    rule: Rule
    fact: str
    before: Branch
    after: Branch

    @property
    def helps(self) -> bool:
        """Whether the change may serve the sender."""
        if self._in_and_out_of_play:
            return True
        return rank(self.rule, self.after.answer) > rank(self.rule, self.before.answer)

    @property
    def _in_and_out_of_play(self) -> bool:
        """A ban or duty that plays for some consents and not for others: that may go either way."""
        out = next((b for b in (self.before, self.after) if b.answer is None), None)
        if (
            out is None
            or self.before.answer is self.after.answer
            or self.rule.effect not in (FORBIDS, REQUIRES)
        ):
            return False
        pieces = any(name.partition(".")[0] in self.rule.per for name in out.facts)
        return pieces and (self.rule.effect == FORBIDS or can_be(self.rule, NO))

    def __str__(self) -> str:
        shown = {
            n: "/".join(sorted(str(v) for v in vs)) for n, vs in self.before.facts.items() if n != self.fact
        }
        return (
            f"{self.rule.effect} {self.rule.slug}@{self.rule.in_force.first}: {self.fact} "
            f"{set(self.before.facts[self.fact])} -> {set(self.after.facts[self.fact])}: "
            f"{self.before.answer} -> {self.after.answer} where {shown}"
        )


class _Table:
    """The situations of a part, to be looked up by their facts."""

    def __init__(self, branches: Iterable[Branch], depth: int = 0) -> None:
        self.here: list[Branch] = []
        self.fact = ""
        grouped: dict[frozenset[Value], list[Branch]] = {}
        for branch in branches:
            if len(branch.facts) == depth:
                self.here.append(branch)
            else:
                self.fact, values = list(branch.facts.items())[depth]
                grouped.setdefault(values, []).append(branch)
        self.further = [(values, _Table(under, depth + 1)) for values, under in grouped.items()]

    def find(self, facts: Facts) -> Iterator[Branch]:
        yield from self.here
        wanted = facts.get(self.fact)
        for values, table in self.further:
            if wanted is None or values & wanted:
                yield from table.find(facts)


@cache
def _table(part: Part) -> _Table:
    return _Table(part.branches)


def changes(rule: Rule, fact: str, before: frozenset[Value], after: frozenset[Value]) -> Iterator[Change]:
    """Every pair of situations that differ in one fact: it has a value of these before, of those after."""
    for part in parts(rule):
        if fact in part.facts:
            for branch in part.branches:
                if branch.facts.get(fact, frozenset()) & before:
                    for other in _table(part).find({**branch.facts, fact: after}):
                        examined(rule)
                        yield Change(rule, fact, branch, other)


# --- Two versions of a rule -----------------------------------------------------------------------


def _shared(one: Rule, other: Rule) -> list[tuple[list[Part], list[Part]]]:
    """The parts of both, in groups that share no fact with each other."""
    groups: list[tuple[set[str], list[Part], list[Part]]] = []
    for rule in (one, other):
        for part in parts(rule):
            names, first, second = set(part.facts), [part][rule is other :], [part][rule is one :]
            for group in [group for group in groups if group[0] & part.facts]:
                groups.remove(group)
                names, first, second = names | group[0], first + group[1], second + group[2]
            groups.append((names, first, second))
    return [(first, second) for _, first, second in groups]


def _together(some: list[Part], facts: Facts) -> Iterator[tuple[Facts, Answer | None]]:
    """What these parts say together, in each situation in which the facts hold."""
    if not some:
        yield facts, YES
        return
    for branch in _table(some[0]).find(facts):
        known = {**facts, **{name: facts.get(name, those) & those for name, those in branch.facts.items()}}
        for further, answer in _together(some[1:], known):
            out = branch.answer is None or answer is None
            yield further, None if out else all_of(cast(Answer, branch.answer), cast(Answer, answer))


def differences(one: Rule, other: Rule) -> list[str]:
    """The situations in which two versions of a rule are answered differently, words and place aside."""
    found = []
    for first, second in _shared(one, other):
        for facts, answer in _together(first, {}):
            for known, another in _together(second, facts):
                examined(one)
                if answer is not another:
                    found.append(f"{one.slug}: {answer} and {another} where {dict(known)}")
    return found
