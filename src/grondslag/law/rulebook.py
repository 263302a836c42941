"""The rulebook: every rule, and those that are in force on a day for an act."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache, cached_property
from importlib import import_module, resources
from typing import Final

from grondslag.errors import NoLawInForce, UnknownRule
from grondslag.law.parameters import AVG_APPLIES
from grondslag.law.rules import RULES, Rule
from grondslag.law.terms import Channel

MODULES: Final = (
    "objection",
    "electronic",
    "origins",
    "telephone",
    "customers",
    "business",
    "ideal",
    "service",
    "post",
    "registers",
    "formalities",
    "sharing",
    "transfers",
    "audiences",
    "receiving",
    "processing",
    "recording",
    "keeping",
    "retention",
    "children",
    "rights",
    "answering",
    "information",
    "judging",
    "proving",
    "burdens",
    "obligations",
)
"""In the order in which a lawyer would ask: hard stops, the ban, the permissions, the duties."""

TW_APPLIES: Final = date(2004, 5, 19)
"""Tw 11.7 as opt-in: the first day that this rulebook can judge."""

BEGINS: Final[Mapping[tuple[str, Channel | None], date]] = {("contact", Channel.POST): AVG_APPLIES}
"""Acts that the rulebook can judge only from a later day: post was governed by the Wbp before."""


class Rulebook:
    """A set of rules; immutable, so that what is in force is worked out once.

    :ivar rules: every version of every rule.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        starts = {rule.in_force.first for rule in self.rules}
        ends = {rule.in_force.last + timedelta(days=1) for rule in self.rules if rule.in_force.last}
        self.changes = tuple(sorted(starts | ends))
        """The days on which some rule begins, or has just ended."""
        self._cache: dict[tuple[int, str, Channel | None], tuple[Rule, ...]] = {}

    def era(self, at: date) -> int:
        """A number for the stretch of days on which the same rules are in force."""
        return bisect_right(self.changes, at)

    def in_force(self, at: date, do: str, channel: Channel | None = None) -> tuple[Rule, ...]:
        """The rules that judge this kind of act, over this channel, on this day.

        :raises NoLawInForce: when the day lies before the law that this rulebook holds.
        """
        key = (self.era(at), do, channel)
        found = self._cache.get(key)
        if found is None:
            self.require_law(at, do, channel)
            found = self._cache[key] = tuple(
                rule
                for rule in self.rules
                if rule.do == do and at in rule.in_force and (not rule.over or channel in rule.over)
            )
        return found

    def require_law(self, at: date, do: str = "contact", channel: Channel | None = None) -> None:
        """Refuse a day before the law that this rulebook holds.

        :raises NoLawInForce: with the first day that it can judge.
        """
        first = BEGINS.get(
            (do, channel), min((r.in_force.first for r in self.rules if r.do == do), default=TW_APPLIES)
        )
        if at < first:
            raise NoLawInForce(at, first)

    def versions(self, slug: str) -> tuple[Rule, ...]:
        """Every version of one rule, oldest first.

        :raises UnknownRule: when no rule has that slug.
        """
        found = sorted(
            (rule for rule in self.rules if rule.slug == slug), key=lambda rule: rule.in_force.first
        )
        if not found:
            raise UnknownRule(f"there is no rule {slug!r}; `grondslag rules` lists them")
        return tuple(found)

    @cached_property
    def hash(self) -> str:
        """SHA-256 over the modules and texts of the law: what a receipt names."""
        digest = hashlib.sha256()
        package = resources.files("grondslag.law")
        files = [entry for entry in package.iterdir() if entry.name.endswith(".py")]
        for folder in sorted((package / "texts").iterdir(), key=lambda entry: entry.name):
            if folder.is_dir():
                files += list(folder.iterdir())
        for file in sorted(files, key=lambda entry: str(entry)[len(str(package)) :]):
            body = file.read_bytes()
            digest.update(f"{str(file)[len(str(package)) :]} {len(body)}\n".encode())
            digest.update(body)
        return digest.hexdigest()


@cache
def ids() -> frozenset[str]:
    """The ids of docs/law.md: those that a rule or clause of this package names, and its background."""
    modules = (file for file in resources.files("grondslag.law").iterdir() if file.name.endswith(".py"))
    return frozenset(
        name for file in modules for name in re.findall(r'"([A-Z]-\d\d)"', file.read_text("utf-8"))
    )


def load() -> Rulebook:
    """The Dutch rulebook: the rules of every module, in the order of :data:`MODULES`."""
    for module in MODULES:
        import_module(f"grondslag.law.{module}")
    order = {f"grondslag.law.{module}": place for place, module in enumerate(MODULES)}
    return Rulebook(sorted(RULES, key=lambda rule: order[rule.body.__module__]))


DUTCH: Final = load()
