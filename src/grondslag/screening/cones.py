"""Which facts the rules read that judge an act on a day: whatever else differs makes no difference.

People who differ only in facts outside the cone get the same findings, so a screening decides them as one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from grondslag.decide import in_force
from grondslag.law.explore import parts
from grondslag.law.profiles import Profile
from grondslag.law.rules import Rule
from grondslag.law.situation import Collection, Consent, Person, Relation

Read = tuple[object, ...]


@cache
def _facts(rule: Rule) -> frozenset[str]:
    return frozenset().union(*(part.facts for part in parts(rule)))


@dataclass(frozen=True, slots=True)
class Cone:
    """The names of the facts that are read of a person and of the records on file."""

    person: tuple[str, ...]
    consent: tuple[str, ...]
    collection: tuple[str, ...]
    relation: tuple[str, ...]

    @classmethod
    def of(cls, act: object, at: date, profile: Profile) -> Cone:
        """The cone of the rules that judge an act of contacting on a day."""
        return cls.of_rules(in_force("contact", act, at, profile))

    @classmethod
    def of_rules(cls, rules: Iterable[Rule]) -> Cone:
        read = frozenset().union(*(_facts(rule) for rule in rules))

        def named(record: str) -> tuple[str, ...]:
            return tuple(sorted(name.partition(".")[2] for name in read if name.startswith(f"{record}.")))

        return cls(named("person"), named("consent"), named("collection"), named("relation"))

    def of_consents(self, consents: Iterable[Consent]) -> frozenset[Read]:
        return frozenset(_read(consent, self.consent) for consent in consents)

    def of_relations(self, relations: Iterable[Relation]) -> frozenset[Read]:
        return frozenset(_read(relation, self.relation) for relation in relations)

    def of_rest(self, person: Person, collections: Iterable[Collection]) -> tuple[Read, frozenset[Read]]:
        return _read(person, self.person), frozenset(_read(each, self.collection) for each in collections)


def _read(record: object, names: tuple[str, ...]) -> Read:
    return tuple(getattr(record, name) for name in names)
