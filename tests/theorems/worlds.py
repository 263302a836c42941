"""Whole situations in which the answer is yes, and everything that lies one or two facts away.

The proofs by parts say nothing about :func:`grondslag.decide.decide` itself.  So it is also asked:
for each permission, channel, stretch of days and profile a situation is found in which that
permission gives a yes; then every fact that some rule in force can read is changed to every value
that these rules tell apart, one at a time and two at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from grondslag.answers import NO, YES
from grondslag.decide import Decision, decide
from grondslag.law.explore import Branch, Facts, parts
from grondslag.law.graph import Value, act_facts
from grondslag.law.profiles import BALANCED, PERMISSIVE, STRICT, Profile
from grondslag.law.rulebook import BEGINS, DUTCH
from grondslag.law.rules import FORBIDS, RELEASES, REQUIRES, Rule
from grondslag.law.situation import Collection, Consent, Person, Relation, Situation
from grondslag.law.terms import Channel
from tests.theorems.counting import decided

PROFILES = (STRICT, BALANCED, PERMISSIVE)
PLACES: dict[str, type] = {
    "person": Person,
    "consent": Consent,
    "collection": Collection,
    "relation": Relation,
}
World = Mapping[str, Value]
"""The facts that differ from nothing on file and nothing said."""


@dataclass(frozen=True, slots=True)
class Book:
    """The rules that judge one kind of act, over one channel, from a day to another, in one profile."""

    do: str
    channel: Channel | None
    first: date
    last: date
    profile: Profile
    rules: tuple[Rule, ...]
    act: type

    def __str__(self) -> str:
        return f"{self.channel.value if self.channel else self.do} since {self.first}, {self.profile.name}"

    def decide(self, world: World, at: date | None = None) -> Decision:
        decided()
        return decide(situation(self, world), at=at or self.first, profile=self.profile)

    def allows(self, world: World, at: date | None = None) -> bool:
        return self.decide(world, at).allowed


def books(do: str = "contact", channels: Iterable[Channel | None] = Channel) -> list[Book]:
    """Every set of rules that was ever in force together; days on which none changes are one."""
    found = []
    for channel in channels:
        begins = BEGINS.get((do, channel), min(rule.in_force.first for rule in DUTCH.rules if rule.do == do))
        days = sorted({begins, *(day for day in DUTCH.changes if day > begins)})
        stretches: list[tuple[date, date, tuple[Rule, ...]]] = []
        for first, following in pairwise([*days, date(2100, 1, 1)]):
            rules = DUTCH.in_force(first, do, channel)
            last = following - timedelta(days=1)
            if stretches and stretches[-1][2] == rules:
                stretches[-1] = (stretches[-1][0], last, rules)
            else:
                stretches.append((first, last, rules))
        for first, last, rules in stretches:
            for profile in PROFILES:
                kept = tuple(rule for rule in rules if profile.adds(rule.switch))
                found.append(Book(do, channel, first, last, profile, kept, act_facts(rules[0])))
    return found


def situation(book: Book, world: World) -> Situation:
    """A world as the rules see it; a consent, collection or relation that nothing is said of is not there."""
    sorted_out: dict[str, dict[str, Value]] = {"act": {}, "person": {}}
    for fact, value in world.items():
        place, _, name = fact.partition(".")
        sorted_out.setdefault(place, {})[name] = value
    if world.get("consent.exists", NO) is NO:
        sorted_out.pop("consent", None)
    pieces = {p: (PLACES[p](**sorted_out[p]),) if p in sorted_out else () for p in PLACES if p != "person"}
    return Situation(
        book.do,
        book.act(**sorted_out["act"]),
        Person(**sorted_out["person"]),  # type: ignore[arg-type]
        pieces["consent"],
        pieces["collection"],
        pieces["relation"],
    )


# --- What the rules of a book tell apart ----------------------------------------------------------


@cache
def in_profile(rule: Rule, profile: Profile) -> tuple[tuple[Branch, ...], ...]:
    """The parts of a rule, with the situations that this profile leaves."""
    settings: Facts = {switch: frozenset({setting}) for switch, setting in profile.settings.items()}
    return tuple(tuple(b for b in part.branches if b.meets(settings)) for part in parts(rule))


@cache
def values(book: Book) -> Mapping[str, tuple[Value, ...]]:
    """For each fact that some rule reads, one value of each kind that no rule tells apart."""
    kinds: dict[str, dict[Value, list[int]]] = {}
    number = 0
    for rule in book.rules:
        for branches in in_profile(rule, book.profile):
            for branch in branches:
                number += 1
                for fact, those in branch.facts.items():
                    if "." in fact and fact != "act.channel":
                        for value in sorted(those, key=str):  # the same sample in every run
                            kinds.setdefault(fact, {}).setdefault(value, []).append(number)
    return {
        fact: tuple({tuple(signs): value for value, signs in reversed(signed.items())}.values())
        for fact, signed in sorted(kinds.items())
    }


# --- Situations in which the answer is yes --------------------------------------------------------


@cache
def _defaults(rule: Rule) -> World:
    places = {"act": act_facts(rule), **PLACES}
    return {
        f"{place}.{field.name}": field.default
        for place, kind in places.items()
        for field in fields(kind)
        if not isinstance(field.default, (Consent, Collection, Relation))
    }


@cache
def _goals(rule: Rule, profile: Profile, wanted: bool) -> tuple[tuple[Facts, ...], ...]:
    """What has to hold for a yes: for each goal the facts that reach it, any of which will do.

    The permission that is wanted is yes in each part.  A ban is out of play, or has a part that is
    no; a duty is out of play, or has none.  Goals that nothing on file reaches come first.
    """
    split = in_profile(rule, profile)
    out = [branch for branches in split for branch in branches if branch.answer is None]
    if wanted:
        goals = [[branch for branch in branches if branch.answer is YES] for branches in split]
    elif rule.effect == FORBIDS:
        goals = [out + [branch for branches in split for branch in branches if branch.answer is NO]]
    elif rule.effect == RELEASES:
        goals = [[branch for branches in split for branch in branches if branch.answer is not YES]]
    elif rule.effect == REQUIRES:
        goals = [[branch for branch in branches if branch.answer is not NO] + out for branches in split]
    else:
        goals = []
    defaults = _defaults(rule)

    def distance(facts: Facts) -> int:
        return sum(defaults.get(name) not in those for name, those in facts.items())

    return tuple(tuple(sorted((branch.facts for branch in goal), key=distance)) for goal in goals)


def _reach(goals: list[tuple[Facts, ...]], known: Facts) -> Facts | None:
    """Facts that reach every goal, as near to nothing on file as may be."""
    if not goals:
        return known
    for facts in goals[0]:
        if all(name not in known or known[name] & those for name, those in facts.items()):
            merged = {**known, **{name: known.get(name, those) & those for name, those in facts.items()}}
            if (found := _reach(goals[1:], merged)) is not None:
                return found
    return None


@cache
def yes_world(book: Book, permission: Rule) -> World:
    """A situation in which this permission gives a yes."""
    start: Facts = {switch: frozenset({setting}) for switch, setting in book.profile.settings.items()}
    if book.channel is not None:
        start = {**start, "act.channel": frozenset({book.channel})}
    goals = list(_goals(permission, book.profile, wanted=True))
    for rule in book.rules:
        goals += _goals(rule, book.profile, wanted=False)
    found = _reach(goals, start)
    assert found is not None, f"{book}: nobody is ever permitted anything by {permission.slug}"
    defaults = _defaults(permission)
    return {
        fact: defaults[fact] if defaults[fact] in those else min(those, key=str)
        for fact, those in sorted(found.items())
        if "." in fact
    }
