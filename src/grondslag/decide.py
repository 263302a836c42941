"""decide(): may this be done to this person on this day?

A decision is a pure function of the rulebook, the policy profile, the situation and the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Any, Final

from grondslag.answers import NO, UNKNOWN, YES, Answer
from grondslag.law.profiles import STRICT, Profile
from grondslag.law.rulebook import DUTCH, Rulebook
from grondslag.law.rules import FORBIDS, PERMITS, RELEASES, REQUIRES, RESERVES, Clause, Rule
from grondslag.law.situation import Collection, Consent, Person, Relation, Situation

_BARS: Final = (FORBIDS, REQUIRES, RELEASES)
_NOTHING: Final = {"consent": Consent(), "collection": Collection(), "relation": Relation()}


class View:
    """A person with one consent, one collection and one relation in sight."""

    __slots__ = ("_person", "collection", "consent", "relation")

    def __init__(self, person: Person, consent: Consent, collection: Collection, relation: Relation) -> None:
        self._person, self.consent, self.collection, self.relation = person, consent, collection, relation

    def __getattr__(self, name: str) -> Any:
        return getattr(self._person, name)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule in play says of the situation, on the view that serves the controller best."""

    rule: Rule
    answer: Answer
    clauses: tuple[Clause, ...]
    consent: Consent | None = None
    collection: Collection | None = None
    relation: Relation | None = None

    @property
    def stands(self) -> bool:
        """Whether the rule takes effect: unknown never helps the sender."""
        if self.rule.effect in (PERMITS, RELEASES):
            return self.answer is YES
        if self.rule.effect == REQUIRES:
            return self.answer is NO
        return self.answer is not NO

    @property
    def failing(self) -> tuple[Clause, ...]:
        """The conditions that are not certainly met."""
        return tuple(clause for clause in self.clauses if clause.answer is not YES)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of docs/law.md that this finding rests on."""
        told = self.clauses if self.answer is YES else self.failing
        return tuple(dict.fromkeys((*self.rule.ids, *(clause.id for clause in told))))


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, and everything that it rests on."""

    situation: Situation
    at: date
    profile: Profile
    rulebook: str
    findings: tuple[Finding, ...]
    answer: Answer

    @property
    def allowed(self) -> bool:
        return self.answer is YES

    def _of(self, effect: str) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.rule.effect == effect)

    @property
    def granted(self) -> tuple[Finding, ...]:
        """The permissions that hold."""
        return tuple(finding for finding in self._of(PERMITS) if finding.stands)

    @property
    def barred(self) -> tuple[Finding, ...]:
        """The bans that stand, the duties that the act breaks, and what ends a presumption."""
        return tuple(f for f in self.findings if f.rule.effect in _BARS and f.stands)

    @property
    def lacking(self) -> tuple[Finding, ...]:
        """When no permission holds: the bans that only a permission lifts, and the permissions that fail."""
        if self.granted:
            return ()
        reserved = tuple(finding for finding in self._of(RESERVES) if finding.stands)
        return reserved + self._of(PERMITS)

    @property
    def duties(self) -> tuple[str, ...]:
        """The ids of the duties that are still open; a refusal carries none."""
        if not self.allowed:
            return ()
        return tuple(dict.fromkeys(f.rule.ids[0] for f in self._of(REQUIRES) if f.answer is UNKNOWN))

    @property
    def deciding(self) -> Finding | None:
        """The finding to name first."""
        if self.allowed:
            return self.granted[0]
        if self.barred:
            return self.barred[0]
        return _nearest(self.lacking)

    @property
    def rule(self) -> str:
        """The id of docs/law.md that decides; empty when no rule is in play."""
        finding = self.deciding
        if finding is None:
            return ""
        if finding.rule.effect == PERMITS and finding.answer is not YES:
            return finding.failing[0].id
        return finding.rule.ids[0]

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids that determined the answer, the deciding one first."""
        if self.allowed:
            # The bans that the permission lifts, and those that were in play and certainly do not
            # apply, are part of why the answer is yes.
            lifted = tuple(f for f in self._of(RESERVES) if f.stands)
            passed = tuple(f for f in (*self._of(FORBIDS), *self._of(RELEASES)) if not f.stands)
            found = [fid for f in (*self.granted, *lifted, *passed) for fid in f.ids]
        else:
            found = [fid for f in (*self.barred, *self.lacking) for fid in f.ids]
        return tuple(dict.fromkeys([self.rule, *found] if self.rule else found))


def _nearest(lacking: tuple[Finding, ...]) -> Finding | None:
    """A permission that fails on few of its many points says most; else the most specific ban."""
    near = [f for f in lacking if f.rule.effect == PERMITS and 4 * len(f.failing) <= len(f.clauses)]
    if near:
        return min(near, key=lambda finding: len(finding.failing))
    reserved = [finding for finding in lacking if finding.rule.effect == RESERVES]
    return reserved[-1] if reserved else lacking[0] if lacking else None


def decide(
    situation: Situation, *, at: date, profile: Profile = STRICT, rulebook: Rulebook = DUTCH
) -> Decision:
    """May this be done to this person on this day?

    Yes when a permission certainly holds, no ban stands and no duty is broken.  Situations
    repeat; a decision taken before is looked up.

    :raises NoLawInForce: when the day lies before the law that the rulebook holds.
    """
    return _decide(situation, at, profile, rulebook)


def weigh(situation: Situation, at: date, profile: Profile, rulebook: Rulebook = DUTCH) -> Decision:
    """:func:`decide` for a situation that will hardly be asked again: nothing is kept of it."""
    channel = getattr(situation.act, "channel", None)
    findings = tuple(_findings(situation, rulebook.in_force(at, situation.do, channel), profile))
    permitted = any(f.rule.effect == PERMITS and f.stands for f in findings)
    barred = any(f.rule.effect in _BARS and f.stands for f in findings)
    return Decision(situation, at, profile, rulebook.hash, findings, YES if permitted and not barred else NO)


_decide = lru_cache(maxsize=1 << 16)(weigh)


def _findings(situation: Situation, rules: tuple[Rule, ...], profile: Profile) -> Iterator[Finding]:
    for rule in rules:
        if profile.adds(rule.switch) and (found := finding_of(rule, situation, profile)):
            yield found


def finding_of(rule: Rule, situation: Situation, profile: Profile) -> Finding | None:
    """What one rule says of the situation; None when it is not in play."""
    return min(_examined(rule, situation, profile), key=_serves, default=None)


def _examined(rule: Rule, situation: Situation, profile: Profile) -> Iterator[Finding]:
    """The rule on every view that it asks for; views on which it is not in play say nothing."""
    on_file = {
        "consent": situation.consents,
        "collection": situation.collections,
        "relation": situation.relations,
    }
    choices = [on_file[name] or (_NOTHING[name],) for name in rule.per]
    for chosen in product(*choices):
        sight: dict[str, Any] = dict(zip(rule.per, chosen, strict=True))
        view = View(
            situation.person,
            sight.get("consent", _NOTHING["consent"]),
            sight.get("collection", _NOTHING["collection"]),
            sight.get("relation", _NOTHING["relation"]),
        )
        if rule.when is None or rule.when(situation.act, view):
            answer, clauses = rule.examine(situation.act, view, profile)
            yield Finding(rule, answer, clauses, **sight)


def _serves(finding: Finding) -> tuple[int, int]:
    """The view that serves the controller best comes first; among equals, the fewest failures.

    All conditions must hold of one and the same consent, collection and relation, and one that
    suffices is enough.
    """
    best = YES if finding.rule.effect in (PERMITS, REQUIRES, RELEASES) else NO
    rank = 0 if finding.answer is best else 1 if finding.answer is UNKNOWN else 2
    return rank, len(finding.failing)
