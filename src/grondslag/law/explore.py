"""Every situation that a rule can tell apart, and every word that it can say.

A rule is a generator over discrete facts, so it can be run on all of them.  The explorer runs it
with probes in the place of the act, the person and the profile: a fact that is read for the first
time is tried with every value of its type.  A fact is named by where it stands and what it is,
``act.content``, ``person.objected``, ``consent.manner``; a switch of the profile by its own name,
``P-SIMILAR``, with its three settings.  Facts that a rule does not read make no difference to it.

A rule on consent reads some fifteen facts, too many for a table of all their combinations.  It
need not be one table.  A rule is *in parts* (:func:`parts`), each with facts of its own, and the
answer of the rule is the conjunction of the answers of its parts:

1. Where a generator stands after a clause (the line and the variables of each frame) and the
   facts that it reads from there on settle all that it will still say.  Two runs that stand at
   the same point are one run from there, so the runs of a rule make a graph without loops, of
   as many points as the rule has clauses and branches: every point is explored once.
2. A point whose facts decide *which* point comes next holds together with everything up to where
   its ways meet again.  That is how facts read for control flow stay with the clauses that they
   control.  A rule that ends early ("there is no consent at all") does so only when a clause
   before was certainly answered no; then its answer is no, whatever the others would have been.
3. Points that read one and the same fact hold together, and so does ``when``, which decides
   whether the rule is in play at all, with every point that reads a fact of it.

What still falls apart shares no fact and no branch: neither part can tell what the other read.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, is_dataclass
from enum import Enum
from functools import cache
from itertools import product
from types import GeneratorType
from typing import Any, Final, NamedTuple, cast, get_type_hints

from grondslag.answers import NO, Answer, conjunction
from grondslag.law.citations import Law
from grondslag.law.profiles import SETTINGS, Profile
from grondslag.law.rules import Clause, Rule
from grondslag.law.terms import Person

Value = Enum | str
Facts = Mapping[str, Value]


class Phrase(NamedTuple):
    """Words that a rule can say, with the id of docs/law.md and the article that they stand for."""

    words: str
    id: str
    law: Law


@dataclass(frozen=True, slots=True)
class Branch:
    """What a rule, or a part of one, says where these facts hold; no answer: it is not in play."""

    facts: Facts
    answer: Answer | None
    clauses: tuple[Clause, ...] = ()

    def agrees(self, facts: Facts) -> bool:
        """Whether these facts may hold together with those of this branch."""
        return all(facts.get(name, value) == value for name, value in self.facts.items())


@dataclass(frozen=True, slots=True)
class Part:
    """Clauses of a rule that share facts or branches, on every combination of those facts."""

    facts: frozenset[str]
    branches: tuple[Branch, ...]


@dataclass(eq=False, slots=True)
class _Point:
    """Where a rule can stand between two clauses, and each step from there."""

    steps: tuple[_Step, ...]
    follows: _Point | None = None
    """Where all its ways meet again; None where they only meet at the end."""
    facts: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.facts = frozenset(name for step in self.steps for name in step.facts)


class _Step(NamedTuple):
    facts: dict[str, Value]
    clause: Clause | None
    next: _Point | None


_OUT: Final = _Point(())
"""Where a rule goes that is not in play."""


# --- Trying every value ---------------------------------------------------------------------------


class _Tracker:
    """Tells a rule the value of each fact that it reads: as told, or each value in turn."""

    def __init__(self, values: Callable[[str], tuple[Value, ...]]) -> None:
        self._values = values
        self._told = False
        self._script: list[int] = []
        self.facts: dict[str, Value] = {}

    def read(self, name: str) -> Value:
        if name not in self.facts:
            assert not self._told, "a rule read other facts than in the same run before: it is not pure"
            if len(self.facts) == len(self._script):
                self._script.append(0)
            self.facts[name] = self._values(name)[self._script[len(self.facts)]]
        return self.facts[name]

    def tell(self, facts: dict[str, Value]) -> None:
        self.facts, self._told = facts, True

    def free(self) -> None:
        self.facts, self._told = {}, False

    def try_all(self, run: Callable[[], Any]) -> Iterator[tuple[dict[str, Value], Any]]:
        """Run again and again until every value of every fact that it reads has been tried."""
        self._script = []
        while True:
            outcome = run()
            yield self.facts, outcome
            names = list(self.facts)
            while self._script and self._script[-1] + 1 == len(self._values(names[len(self._script) - 1])):
                self._script.pop()
            if not self._script:
                return
            self._script[-1] += 1


class _Probe:
    """Stands for the act, the person or one consent: reading a fact of it asks the tracker."""

    def __init__(self, place: str, names: Iterable[str], tracker: _Tracker, pieces: dict[str, _Probe]) -> None:
        self._place, self._names, self._tracker, self._pieces = place, frozenset(names), tracker, pieces

    def __getattr__(self, name: str) -> Any:
        if name in self._pieces:
            return self._pieces[name]
        if name not in self._names:
            raise AttributeError(f"{self._place}.{name} is no fact that this rule may read")
        return self._tracker.read(f"{self._place}.{name}")


class _Levels(Mapping[str, int]):
    """The settings of a profile that is still open."""

    def __init__(self, tracker: _Tracker) -> None:
        self._tracker = tracker

    def __getitem__(self, switch: str) -> int:
        return SETTINGS.index(str(self._tracker.read(switch)))

    def __iter__(self) -> Iterator[str]:
        raise TypeError("a rule asks for one switch at a time")

    def __len__(self) -> int:
        raise TypeError("a rule asks for one switch at a time")


def _fields(kind: type) -> dict[str, tuple[Value, ...]]:
    """The facts of a dataclass, each with its values; other dataclasses in it are pieces."""
    found: dict[str, tuple[Value, ...]] = {}
    for name, hint in get_type_hints(kind).items():
        if not is_dataclass(hint):
            assert isinstance(hint, type) and issubclass(hint, Enum), f"{kind.__name__}.{name} is not discrete"
            found[name] = tuple(hint)
    return found


def act_facts(rule: Rule) -> type:
    """The dataclass of the act that a rule reads: the annotation of its first parameter."""
    first = next(iter(inspect.signature(rule.body).parameters))
    return cast(type, get_type_hints(rule.body)[first])


@cache
def domains(rule: Rule) -> Mapping[str, tuple[Value, ...]]:
    """Every fact that a rule may read, with its values: channels that it does not cover left out."""
    places = {"act": act_facts(rule), "person": Person}
    places |= {name: get_type_hints(Person)[name] for name in rule.per}
    found = {f"{place}.{n}": vs for place, kind in places.items() for n, vs in _fields(kind).items()}
    if rule.over:
        found["act.channel"] = tuple(c for c in found["act.channel"] if c in rule.over)
    return found


# --- The graph of a rule --------------------------------------------------------------------------


class _Is:
    """A value that is the same only as itself; held, so that its identity is not used again."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Is) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


def _held(value: object) -> object:
    if isinstance(value, GeneratorType):
        return _stands(value)
    if isinstance(value, list | tuple):
        return tuple(_held(item) for item in value)
    if isinstance(value, str | int):
        return value, getattr(value, "law", None)
    return _Is(value)


def _stands(generator: GeneratorType[Any, Any, Any]) -> object:
    """Where a generator stands: what it will do next depends on this and on the facts, on nothing else."""
    if generator.gi_frame is None:
        return None
    inner = generator.gi_yieldfrom
    assert inner is None or isinstance(inner, GeneratorType), "conditions come from a generator"
    variables = inspect.getgeneratorlocals(generator)
    return (
        generator.gi_code,
        generator.gi_frame.f_lasti,
        tuple((name, _held(value)) for name, value in variables.items()),
        inner and _stands(inner),
    )


class _Explorer:
    def __init__(self, rule: Rule) -> None:
        known = domains(rule)
        tracker = self.tracker = _Tracker(lambda name: known.get(name, SETTINGS))
        names: dict[str, list[str]] = {}
        for fact in known:
            place, _, name = fact.partition(".")
            names.setdefault(place, []).append(name)
        pieces = {name: _Probe(name, names[name], tracker, {}) for name in rule.per}
        self.rule = rule
        self.act = _Probe("act", names["act"], tracker, {})
        self.person = _Probe("person", names["person"], tracker, pieces)
        self.profile = Profile("every profile", _Levels(tracker))
        self._points: dict[object, _Point | None] = {}
        self._alike: dict[object, _Point] = {}

    def graph(self) -> _Point | None:
        """Where the rule begins, with everything that follows from there."""
        body, when = self._after(()), self.rule.when
        if when is None:
            return body
        self.tracker.free()

        def asked() -> bool:
            self.tracker.free()
            return when(self.act, self.person)

        steps = tuple(_Step(facts, None, body if met else _OUT) for facts, met in self.tracker.try_all(asked))
        return _Point(steps)

    def _run(self, path: tuple[dict[str, Value], ...]) -> tuple[Clause | None, object]:
        """Run the rule along a path that is known, then one clause further, freely."""
        clauses = self.rule.clauses(self.act, self.person, self.profile)
        for facts in path:
            self.tracker.tell(facts)
            next(clauses)
        self.tracker.free()
        clause = next(clauses, None)
        # Only what the rule's own generator holds matters from here on, not who called it.
        return clause, clause and _held(inspect.getgeneratorlocals(cast(Any, clauses))["conditions"])

    def _after(self, path: tuple[dict[str, Value], ...]) -> _Point | None:
        steps = []
        for facts, (clause, stands) in list(self.tracker.try_all(lambda: self._run(path))):
            if clause is None:
                following = None
            elif stands in self._points:
                following = self._points[stands]
            else:
                following = self._points[stands] = self._after((*path, facts))
            steps.append(_Step(facts, clause, following))
        if all(step.clause is None for step in steps):
            return None
        # Points that differ only in variables that nobody reads any more lead to the same steps.
        alike = tuple((tuple(facts.items()), clause, id(point)) for facts, clause, point in steps)
        return self._alike.setdefault(alike, _Point(tuple(steps)))


# --- The parts of a rule --------------------------------------------------------------------------


def _in_order(first: _Point | None) -> list[_Point]:
    """Every point, each before those that it leads to."""
    found: dict[_Point, None] = {}

    def visit(point: _Point) -> None:
        for step in point.steps:
            if step.next not in (None, _OUT, *found):
                visit(cast(_Point, step.next))
        found[point] = None

    if first is not None:
        visit(first)
    return list(reversed(found))


def _settled(step: _Step, before: Iterable[_Point]) -> bool:
    """Whether a rule that ends here has certainly been answered no: here, or at a point before."""
    if step.next is _OUT or (step.clause is not None and step.clause.answer is NO):
        return True
    told = Branch(step.facts, None)
    return any(
        all(s.clause is not None and s.clause.answer is NO for s in point.steps if told.agrees(s.facts))
        for point in before
    )


def _meet(points: list[_Point]) -> None:
    """Find for each point where its ways meet again: the first point that they all pass."""
    always: dict[_Point, set[_Point]] = {point: set(points) for point in points}
    for place, point in enumerate(points):
        if place:
            ways = (always[p] for p in points[:place] if any(step.next is point for step in p.steps))
            always[point] = set.intersection(*ways)
        always[point] = always[point] | {point} if place else {point}
    passed: dict[_Point, set[_Point]] = {}
    for point in reversed(points):
        ends = [s for s in point.steps if s.next in (None, _OUT) and not _settled(s, always[point] - {point})]
        ways = [passed[cast(_Point, s.next)] for s in point.steps if s.next not in (None, _OUT)]
        shared = set.intersection(*ways) if ways and not ends else set()
        point.follows = max(shared, key=lambda p: len(passed[p]), default=None)
        passed[point] = shared | {point}


def _between(point: _Point) -> set[_Point]:
    """The points on the ways from here to where they meet, this one included."""
    found, ahead = {point}, [point]
    while ahead:
        for step in ahead.pop().steps:
            if step.next not in (None, _OUT, point.follows, *found):
                found.add(cast(_Point, step.next))
                ahead.append(cast(_Point, step.next))
    return found


def _together(points: list[_Point]) -> list[set[_Point]]:
    """The points in groups that share no fact and no branch."""
    groups: list[set[_Point]] = []
    for point in points:
        group = _between(point)
        facts = {name for member in group for name in member.facts}
        for other in [g for g in groups if g & group or any(facts & member.facts for member in g)]:
            groups.remove(other)
            group |= other
        groups.append(group)
    return groups


def _walk(point: _Point | None, group: set[_Point], so_far: Branch) -> Iterator[Branch]:
    """Every way through one group of points, passing by all others."""
    while point is not None and point not in group:
        point = point.follows
    if point is None:
        answer = conjunction(clause.answer for clause in so_far.clauses)
        yield Branch(so_far.facts, answer, so_far.clauses)
        return
    for facts, clause, following in point.steps:
        if so_far.agrees(facts):
            known = {**so_far.facts, **facts}
            if following is _OUT:
                yield Branch(known, None)
            else:
                said = (*so_far.clauses, clause) if clause else so_far.clauses
                yield from _walk(following, group, Branch(known, None, said))


@cache
def _points(rule: Rule) -> list[_Point]:
    points = _in_order(_Explorer(rule).graph())
    _meet(points)
    return points


@cache
def parts(rule: Rule) -> tuple[Part, ...]:
    """A rule as parts that share no fact; its answer is the conjunction of theirs.

    Where one part is not in play (its answer is None), the rule is not.
    """
    points = _points(rule)
    found = []
    for group in _together(points):
        branches = tuple(_walk(points[0], group, Branch({}, None)))
        found.append(Part(frozenset(name for branch in branches for name in branch.facts), branches))
    return tuple(found)


def facts(rule: Rule) -> frozenset[str]:
    """Every fact, and every switch of the profile, that the rule reads."""
    return frozenset(name for part in parts(rule) for name in part.facts)


def words(rule: Rule) -> tuple[Phrase, ...]:
    """All words that the rule can say in any situation and profile, in the rule's order."""
    said = {Phrase(c.words, c.id, c.law) for part in parts(rule) for b in part.branches for c in b.clauses}
    steps = (step.clause for point in _points(rule) for step in point.steps if step.clause is not None)
    return tuple(dict.fromkeys(p for c in steps if (p := Phrase(c.words, c.id, c.law)) in said))


def situations(rule: Rule, given: Facts | None = None) -> Iterator[Branch]:
    """Every situation that the rule can tell apart, where the given facts hold: all combinations.

    For a rule on consent these are millions; :func:`parts` holds the same in less.
    """
    fitting = [[b for b in part.branches if b.agrees(given or {})] for part in parts(rule)]
    for chosen in product(*fitting):
        known = {name: value for branch in chosen for name, value in branch.facts.items()}
        out = any(branch.answer is None for branch in chosen)
        said = tuple(clause for branch in chosen for clause in branch.clauses)
        yield Branch(known, None if out else conjunction(c.answer for c in said), () if out else said)
