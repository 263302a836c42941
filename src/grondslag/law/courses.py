"""The courses that a rule has taken: what it read, what it said, and what each clause rests on.

A rule is a pure function of discrete facts.  When it runs it is watched, and the facts that it reads
one after another are kept as a path in a tree, with what it said at the end.  Where the same facts
come by again, in whatever situation, the path is followed and the rule need not be run.  A rule
looks at a few facts of some eighty, so that most of a new situation is familiar to most rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Final

from grondslag.answers import Answer, conjunction
from grondslag.law.profiles import Profile
from grondslag.law.rules import Clause, Rule
from grondslag.law.situation import Collection, Consent, Person, Relation

MOST: Final = 512
"""Courses kept of one rule, at most some 5 MB; of a rule on consent there are billions.  Then it starts afresh."""


@dataclass(slots=True)
class Sight:
    """What a rule looks at: one act, one person, and one consent, collection and relation of hers."""

    act: object
    person: Person
    consent: Consent
    collection: Collection
    relation: Relation
    profile: Profile


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """One course of a rule.

    :ivar answer: None when the rule is not in play.
    :ivar answers: those of the clauses.
    :ivar stands: whether the rule takes effect.
    :ivar read: for each clause the facts that were read for it, such as ``act.content`` or
        ``consent.manner``.
    :ivar facts: every fact that decided on this course: where all are the same, so is the course.
        ``consents`` is among them when the rule is tried on each consent.
    """

    rule: Rule
    answer: Answer | None
    stands: bool
    answers: tuple[Answer, ...]
    clauses: tuple[Clause, ...]
    read: tuple[tuple[str, ...], ...]
    facts: frozenset[str]


class _Watched:
    """Facts that note which of them are read, and their values."""

    __slots__ = ("_facts", "_parts", "_place", "_seen")

    def __init__(
        self, place: str, facts: object, seen: list[tuple[str, Any]], parts: Mapping[str, _Watched]
    ) -> None:
        self._place, self._facts, self._seen, self._parts = place, facts, seen, parts

    def __getattr__(self, name: str) -> Any:
        if name in self._parts:
            return self._parts[name]
        value = getattr(self._facts, name)
        self._seen.append((f"{self._place}.{name}", value))
        return value


class _Fork:
    """A fact is read here, and the way goes on by its value."""

    __slots__ = ("read", "ways")

    def __init__(self, fact: str) -> None:
        self.read = _reader(fact)
        self.ways: dict[Any, _Fork | Course] = {}


@cache
def _reader(fact: str) -> attrgetter[Any]:
    return attrgetter(fact)


class Courses:
    """The courses that one rule has taken so far."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._start: dict[Any, _Fork | Course] = {}
        self._kept = 0

    def __len__(self) -> int:
        return self._kept

    def taken(self, sight: Sight) -> Course:
        """The course that the rule takes: followed if it was taken before, else run and kept."""
        try:
            step = self._start[None]
            while step.__class__ is _Fork:
                step = step.ways[step.read(sight)]
        except KeyError:
            return self._run(sight)
        return step  # type: ignore[return-value] # what is no fork is a course

    def _run(self, sight: Sight) -> Course:
        rule, seen = self._rule, list[tuple[str, Any]]()
        records = {name: _Watched(name, getattr(sight, name), seen, {}) for name in rule.per}
        act, person = _Watched("act", sight.act, seen, {}), _Watched("person", sight.person, seen, records)
        answer, clauses, read = None, list[Clause](), list[tuple[str, ...]]()
        if rule.when is None or rule.when(act, person):
            before = len(seen)
            for clause in rule.clauses(act, person, sight.profile):
                clauses.append(clause)
                read.append(tuple(dict.fromkeys(fact for fact, _ in seen[before:])))
                before = len(seen)
            answer = conjunction(clause.answer for clause in clauses)
        answers = tuple(clause.answer for clause in clauses)
        path = ({"profile.name": sight.profile.name} if rule.contested else {}) | dict(seen)
        facts = frozenset([*path, "consents"] if "consent" in rule.per else path)
        course = Course(rule, answer, rule.stands(answer), answers, tuple(clauses), tuple(read), facts)
        self._keep(path, course)
        return course

    def _keep(self, path: Mapping[str, Any], course: Course) -> None:
        if self._kept >= MOST:
            self._start, self._kept = {}, 0
        ways, value = self._start, None
        for fact, taken in path.items():
            fork = ways.setdefault(value, _Fork(fact))
            assert isinstance(fork, _Fork), "a rule is a pure function: the same facts, the same course"
            ways, value = fork.ways, taken
        ways[value] = course
        self._kept += 1


@cache
def courses(rule: Rule) -> Courses:
    """The courses of a rule; there are as many of these as there are rules."""
    return Courses(rule)
