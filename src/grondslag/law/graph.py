"""The graph of a rule: every course that it can take, found by running it on every fact.

A rule is a generator over discrete facts.  It is run with probes in the place of the act, the
person and the profile; a fact that is read for the first time is tried with every value of its
type.  Where a generator stands after a clause (the line and the variables of each frame) and the
facts that it reads from there on settle all that it will still say.  Two runs that stand at the
same point are therefore one run from there on, and the courses of a rule make a graph without
loops, of about as many points as the rule reads facts, although their number runs into billions.

:mod:`grondslag.law.explore` takes a graph apart into what can be listed.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from enum import Enum
from functools import cache
from types import GeneratorType
from typing import Any, Final, NamedTuple, cast, get_type_hints

from grondslag.law.profiles import SETTINGS, SWITCHES, Profile
from grondslag.law.rules import Clause, Rule
from grondslag.law.situation import Person

Value = Enum | str
"""A value of a fact: an answer, a term, or for a switch of the profile the name of a setting."""


@dataclass(eq=False, slots=True)
class Point:
    """Where a rule stands: it reads this fact, or none, and goes on."""

    fact: str | None
    steps: tuple[Step, ...]


class Step(NamedTuple):
    """On these values the rule says this clause, if any, and goes on to that point, or ends."""

    values: frozenset[Value]
    clause: Clause | None
    next: Point | None


OUT: Final = Point(None, ())
"""Where a rule ends that is not in play."""


_TOO_MANY: Final = 20_000
"""A clause with more situations than this had better be several clauses."""


class _Tracker:
    """Tells a rule the value of each fact that it reads: as told, or else each value in turn."""

    def __init__(self, domains: Mapping[str, tuple[Value, ...]]) -> None:
        self._domains = domains
        self._told = False
        self._script: list[int] = []
        self._facts: dict[str, Value] = {}

    def _values(self, name: str) -> tuple[Value, ...]:
        if name not in self._domains:
            raise AttributeError(
                f"{name} is no fact in the sight of this rule (per= names what it is tried on)"
            )
        return self._domains[name]

    def read(self, name: str) -> Value:
        if name not in self._facts:
            assert not self._told, "a rule is a pure function: the same facts, the same course"
            if len(self._facts) == len(self._script):
                self._script.append(0)
            self._facts[name] = self._values(name)[self._script[len(self._facts)]]
        return self._facts[name]

    def tell(self, facts: dict[str, Value]) -> None:
        self._facts, self._told = facts, True

    def free(self) -> None:
        self._facts, self._told = {}, False

    def try_all(self, run: Callable[[], Any]) -> list[tuple[dict[str, Value], Any]]:
        """Run again and again, until every value of every fact that it reads has been tried."""
        found, self._script = [], []
        while True:
            outcome = run()
            found.append((self._facts, outcome))
            if len(found) > _TOO_MANY:
                raise RuntimeError(f"one clause reads too many facts at once: {', '.join(self._facts)}")
            names = list(self._facts)
            while self._script and self._script[-1] + 1 == len(self._values(names[len(self._script) - 1])):
                self._script.pop()
            if not self._script:
                return found
            self._script[-1] += 1


class _Probe:
    """Stands for the act, the person or one consent: reading a fact of it asks the tracker."""

    def __init__(self, place: str, tracker: _Tracker, pieces: Mapping[str, _Probe] | None = None) -> None:
        self._place, self._tracker, self._pieces = place, tracker, pieces or {}

    def __getattr__(self, name: str) -> Any:
        return self._pieces[name] if name in self._pieces else self._tracker.read(f"{self._place}.{name}")


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
    """The facts of a dataclass, each with its values; dataclasses in it are another place."""
    found: dict[str, tuple[Value, ...]] = {}
    for name, hint in get_type_hints(kind).items():
        if not is_dataclass(hint):
            assert isinstance(hint, type) and issubclass(hint, Enum), (
                f"{kind.__name__}.{name} is not discrete"
            )
            found[name] = tuple(hint)
    return found


@cache
def act_facts(rule: Rule) -> type:
    """The dataclass of the act that a rule reads: the annotation of its first parameter."""
    first = next(iter(inspect.signature(rule.body).parameters))
    return cast(type, get_type_hints(rule.body)[first])


@cache
def domains(rule: Rule) -> Mapping[str, tuple[Value, ...]]:
    """Every fact and switch in the sight of a rule, with its values; only the channels that it covers."""
    person = get_type_hints(Person)
    places = {"act": act_facts(rule), "person": Person} | {name: person[name] for name in rule.per}
    found = {f"{place}.{n}": vs for place, kind in places.items() for n, vs in _fields(kind).items()}
    if rule.over:
        found["act.channel"] = tuple(c for c in found["act.channel"] if c in rule.over)
    return found | dict.fromkeys(SWITCHES, SETTINGS)


class _Is:
    """A value that is the same only as itself; held here, so that no other takes its identity."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Is) and self._value is other._value

    def __hash__(self) -> int:
        return id(self._value)


def _held(value: object) -> object:
    if isinstance(value, GeneratorType):
        return _stands(value)
    if isinstance(value, list | tuple):
        return tuple(_held(item) for item in value)
    if isinstance(value, str | int) or is_dataclass(value):
        return value, getattr(value, "law", None)
    return _Is(value)


def _stands(generator: GeneratorType[Any, Any, Any]) -> object:
    """Where a generator stands: with the facts, this settles what it will still do."""
    if generator.gi_frame is None:
        return None
    inner = generator.gi_yieldfrom
    assert inner is None or isinstance(inner, GeneratorType), "conditions come from a generator"
    variables = inspect.getgeneratorlocals(generator)
    held = tuple((name, _held(value)) for name, value in variables.items())
    return generator.gi_code, generator.gi_frame.f_lasti, held, inner and _stands(inner)


class _Runs:
    """The runs of one rule, put together to its graph."""

    def __init__(self, rule: Rule) -> None:
        tracker = self._tracker = _Tracker(domains(rule))
        pieces = {name: _Probe(name, tracker) for name in rule.per}
        self._rule = rule
        self._act, self._person = _Probe("act", tracker), _Probe("person", tracker, pieces)
        self._profile = Profile("every profile", _Levels(tracker))
        self._after_point: dict[object, Point | None] = {}
        self._alike: dict[object, Point] = {}

    def graph(self) -> Point | None:
        body, when = self._after(()), self._rule.when
        if when is None:
            return body
        courses = self._tracker.try_all(lambda: self._asked(when))
        return self._tree([(facts, None, body if met else OUT) for facts, met in courses])

    def _asked(self, when: Callable[[Any, Any], bool]) -> bool:
        self._tracker.free()
        return when(self._act, self._person)

    def _run(self, path: tuple[dict[str, Value], ...]) -> tuple[Clause | None, object]:
        """Run the rule along a path that is known, then freely up to the next clause."""
        clauses = self._rule.clauses(self._act, self._person, self._profile)
        for facts in path:
            self._tracker.tell(facts)
            next(clauses)
        self._tracker.free()
        clause = next(clauses, None)
        # Only what the rule's own generator holds matters from here on, not the loop around it.
        return clause, clause and _held(inspect.getgeneratorlocals(cast(Any, clauses))["conditions"])

    def _after(self, path: tuple[dict[str, Value], ...]) -> Point | None:
        """The point at the end of a path; None where the rule says nothing any more."""
        leaves: list[tuple[dict[str, Value], Clause | None, Point | None]] = []
        for facts, (clause, stands) in self._tracker.try_all(lambda: self._run(path)):
            if clause is not None and stands not in self._after_point:
                self._after_point[stands] = self._after((*path, facts))
            leaves.append((facts, clause, self._after_point[stands] if clause is not None else None))
        return self._tree(leaves)

    def _tree(
        self, leaves: list[tuple[dict[str, Value], Clause | None, Point | None]], depth: int = 0
    ) -> Point | None:
        """Runs from one point, as a tree of one fact at a time; equal trees are one point.

        Where a value makes no difference, values share a step; where none does, the fact is
        left out.  Points that differ only in variables that nobody reads any more become one.
        """
        first, clause, following = leaves[0]
        if depth == len(first):
            return self._point(None, {(clause, following): []}) if clause else following
        name = list(first)[depth]
        by_value: dict[Value, list[Any]] = {}
        for leaf in leaves:
            by_value.setdefault(leaf[0][name], []).append(leaf)
        ways: dict[tuple[Clause | None, Point | None], list[Value]] = {}
        for value, under in by_value.items():
            ends = len(under[0][0]) == depth + 1
            way = under[0][1:] if ends else (None, self._tree(under, depth + 1))
            ways.setdefault(cast(Any, way), []).append(value)
        if len(ways) > 1:
            return self._point(name, ways)
        (clause, following) = next(iter(ways))
        return self._point(None, {(clause, following): []}) if clause else following

    def _point(self, fact: str | None, ways: dict[tuple[Clause | None, Point | None], list[Value]]) -> Point:
        steps = tuple(Step(frozenset(values), *way) for way, values in ways.items())
        return self._alike.setdefault((fact, steps), Point(fact, steps))


def graph(rule: Rule) -> Point | None:
    """The first point of the graph of a rule; None for a rule that says nothing."""
    return _Runs(rule).graph()
