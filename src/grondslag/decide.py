"""decide(): may this be done to this person on this day?

A decision is a pure function of the rulebook, the policy profile, the situation and the day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Any, Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, not_
from grondslag.errors import NoLawInForce
from grondslag.law.courses import Course, Sight, courses
from grondslag.law.profiles import STRICT, Profile
from grondslag.law.rulebook import DUTCH, Rulebook
from grondslag.law.rules import FORBIDS, PERMITS, RELEASES, REQUIRES, RESERVES, Clause, Rule
from grondslag.law.situation import Collection, Consent, Relation, Situation

BARS: Final = (FORBIDS, REQUIRES, RELEASES)
"""The effects that stand in the way of a yes: a ban, a broken duty, the end of a presumption."""
_NO_CONSENT: Final = (Consent(),)
_NO_COLLECTION: Final = (Collection(),)
_NO_RELATION: Final = (Relation(),)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule in play says of the situation, on the view that serves the controller best."""

    rule: Rule
    answer: Answer
    clauses: tuple[Clause, ...]
    course: Course = field(compare=False, repr=False)
    """The course that the rule took: what each clause rests on."""
    consent: Consent | None = None
    collection: Collection | None = None
    relation: Relation | None = None

    @property
    def stands(self) -> bool:
        """Whether the rule takes effect: unknown never helps the sender."""
        return self.rule.stands(self.answer)

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
        return tuple(f for f in self.findings if f.rule.effect in BARS and f.stands)

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


@lru_cache(maxsize=1 << 16)
def _decide(situation: Situation, at: date, profile: Profile, rulebook: Rulebook) -> Decision:
    sights = Sights(situation, profile)
    rules = concerning(situation.do, situation.act, at, profile, rulebook)
    examined = (_finding(rule, sights) for rule in rules)
    findings = tuple(finding for finding in examined if finding is not None)
    if situation.do == "judge" and not findings:
        _require_an_answer(sights, at, rulebook)
    permitted = any(f.rule.effect == PERMITS and f.stands for f in findings)
    barred = any(f.rule.effect in BARS and f.stands for f in findings)
    return Decision(situation, at, profile, rulebook.hash, findings, YES if permitted and not barred else NO)


def _require_an_answer(sights: Sights, at: date, rulebook: Rulebook) -> None:
    """Refuse a question that nothing answers yet: that is no no.

    :raises NoLawInForce: with the first day on which some rule does.
    """
    later = [
        rule.in_force.first
        for rule in rulebook.rules
        if rule.do == "judge" and rule.in_force.first > at and sights.taken(rule)[0].answer is not None
    ]
    if later:
        raise NoLawInForce(at, min(later))


@lru_cache(maxsize=1 << 12)
def in_force(
    do: str, act: object, at: date, profile: Profile, rulebook: Rulebook = DUTCH
) -> tuple[Rule, ...]:
    """The rules that judge this act on this day, those of the profile among them."""
    rules = rulebook.in_force(at, do, getattr(act, "channel", None))
    return tuple(rule for rule in rules if rule.switch is None or profile.adds(rule.switch))


@lru_cache(maxsize=1 << 12)
def concerning(do: str, act: object, at: date, profile: Profile, rulebook: Rulebook) -> tuple[Rule, ...]:
    """The rules that may be in play for this act; one act, such as a campaign, meets many persons."""
    return tuple(rule for rule in in_force(do, act, at, profile, rulebook) if _may_be_in_play(rule, act))


def _may_be_in_play(rule: Rule, act: object) -> bool:
    try:
        return rule.when is None or rule.when(act, _SOMEBODY)
    except ItDepends:
        return True


class ItDepends(Exception):
    """It depends on the person: whether a rule is in play, or what can be done."""


class _Somebody:
    """A person of whom nothing is known."""

    def __getattr__(self, name: str) -> Any:
        raise ItDepends


_SOMEBODY: Final = _Somebody()


def permitted(situation: Situation, *, at: date, profile: Profile = STRICT) -> bool:
    """Whether :func:`decide` says yes, and no more than that: it stops where that is settled.

    :raises NoLawInForce: as decide does.
    """
    sights, act = Sights(situation, profile), situation.act
    permits, bars = _deciding(situation.do, act, at, profile)
    return any(sights.taken(rule)[0].stands for rule in permits) and not any(
        sights.taken(rule)[0].stands for rule in bars
    )


@lru_cache(maxsize=1 << 12)
def _deciding(do: str, act: object, at: date, profile: Profile) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """The permissions that an act can meet, and what can stand in its way."""
    rules = concerning(do, act, at, profile, DUTCH)
    permits = tuple(rule for rule in rules if rule.effect == PERMITS)
    return permits, tuple(rule for rule in rules if rule.effect in BARS)


def _finding(rule: Rule, sights: Sights) -> Finding | None:
    """What the rule says of the situation; nothing when it is not in play."""
    course, sight = sights.taken(rule)
    if course.answer is None:
        return None
    records = {name: getattr(sight, name) for name in rule.per}
    return Finding(rule, course.answer, course.clauses, course, **records)


class Sights:
    """Every way to look at a situation: with each consent, collection and relation on file."""

    def __init__(self, situation: Situation, profile: Profile) -> None:
        self._act, self._person, self._profile = situation.act, situation.person, profile
        self._consents = situation.consents or _NO_CONSENT
        self._collections = situation.collections or _NO_COLLECTION
        self._relations = situation.relations or _NO_RELATION
        self._per: dict[tuple[str, ...], list[Sight]] = {}
        # Mostly there is no more than one record of each kind: then every rule looks the same way.
        several = len(self._consents) > 1 or len(self._collections) > 1 or len(self._relations) > 1
        self._only = None if several else self._looking(())

    def taken(self, rule: Rule) -> tuple[Course, Sight]:
        """What the rule says, on the sight that serves the controller best.

        All conditions must hold of one and the same consent, collection and relation, and one that
        suffices is enough.  Among equals, the one with the fewest failures is told.
        """
        kept, sights = courses(rule), self._only or self._of(rule)
        if len(sights) == 1:
            return kept.taken(sights[0]), sights[0]
        return min(((kept.taken(sight), sight) for sight in sights), key=lambda pair: _serves(rule, pair[0]))

    def heard(self, rules: Iterable[Rule]) -> list[Course]:
        """The courses of some rules, each with the facts of all sights: on these it depends which is best."""
        if self._only:
            (sight,) = self._only
            return [courses(rule).taken(sight) for rule in rules]
        return [self._of_all(rule) for rule in rules]

    def _of_all(self, rule: Rule) -> Course:
        (best, _), sights = self.taken(rule), self._of(rule)
        if len(sights) == 1:
            return best
        facts = (courses(rule).taken(sight).facts for sight in sights)
        return replace(best, facts=best.facts.union(*facts))

    def _of(self, rule: Rule) -> list[Sight]:
        sights = self._per.get(rule.per)
        if sights is None:
            sights = self._per[rule.per] = self._looking(rule.per)
        return sights

    def _looking(self, per: tuple[str, ...]) -> list[Sight]:
        """Each record of the kinds that a rule is tried on; what the others are, it does not read."""
        records = product(
            self._consents if "consent" in per else self._consents[:1],
            self._collections if "collection" in per else self._collections[:1],
            self._relations if "relation" in per else self._relations[:1],
        )
        return [Sight(self._act, self._person, *each, self._profile) for each in records]


def _serves(rule: Rule, course: Course) -> tuple[int, int]:
    serving = YES if rule.effect in (PERMITS, REQUIRES, RELEASES) else NO
    order = (serving, UNKNOWN, not_(serving), None)
    return order.index(course.answer), sum(answer is not YES for answer in course.answers)
