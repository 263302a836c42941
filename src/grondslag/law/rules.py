"""What a rule is: a generator of the law's own words, clause by clause, each with an answer.

Five effects:

``permits``   lifts a ban: one permission that certainly holds is enough;
``reserves``  a ban that only a permission lifts ("is verboden, tenzij …");
``forbids``   a ban that no permission lifts, unless it certainly does not apply;
``requires``  a duty that travels with the yes: met, still open, or broken;
``releases``  ends what is presumed, when it certainly holds: for a yes that burdens the controller
              (is this direct marketing?  is he the sender?), so that doubt does not help him there.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from grondslag.answers import NO, YES, Answer
from grondslag.law.citations import Guidance, Law, Words
from grondslag.law.profiles import Profile
from grondslag.law.terms import Channel

PERMITS: Final = "permits"
RESERVES: Final = "reserves"
FORBIDS: Final = "forbids"
REQUIRES: Final = "requires"
RELEASES: Final = "releases"

Conditions = Iterator[tuple[str, Answer] | tuple[str, Answer, str]]
"""What a rule yields: words, answer, and the id of docs/law.md when it is not the rule's own."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both in force; no last day means still in force."""

    first: date
    last: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def overlaps(self, other: Period) -> bool:
        return (other.last is None or self.first <= other.last) and (
            self.last is None or other.first <= self.last
        )

    def __str__(self) -> str:
        return f"{self.first.isoformat()} – {self.last.isoformat() if self.last else '…'}"


def since(first: str, until: str | None = None) -> Period:
    """``since("2021-07-01", until="2026-06-30")``: both days are in force."""
    return Period(date.fromisoformat(first), date.fromisoformat(until) if until else None)


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition of a rule, with its answer for one situation."""

    words: str
    answer: Answer
    id: str
    law: Law


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One version of one rule.

    :ivar slug: its identity; versions of one rule share it and never overlap.
    :ivar ids: the ids of docs/law.md that it implements, the deciding one first.
    :ivar law: the article (its words are tested against the text) or guidance.
    :ivar do: the kind of act that it judges.
    :ivar over: the channels that it covers; empty for an act without a channel.
    :ivar when: whether the rule is in play at all; a rule out of play says nothing.
    :ivar per: what it is tried on one by one: each consent, collection or relation on file.
    :ivar switch: the profile switch and the least permissive setting that adds this rule.
    """

    effect: str
    slug: str
    ids: tuple[str, ...]
    law: Law
    in_force: Period
    do: str
    over: frozenset[Channel]
    when: Callable[[Any, Any], bool] | None
    per: tuple[str, ...]
    switch: tuple[str, str] | None
    body: Callable[..., Conditions]
    contested: bool
    """Whether the body reads the profile."""

    @property
    def title(self) -> str:
        """The first line of the docstring: the rule for a marketer."""
        return (inspect.getdoc(self.body) or "").split("\n", 1)[0]

    @property
    def note(self) -> str:
        """The rest of the docstring: the rule for a lawyer."""
        return (inspect.getdoc(self.body) or "").partition("\n")[2].strip()

    def stands(self, answer: Answer | None) -> bool:
        """Whether the rule takes effect with this answer, or none: unknown never helps the sender."""
        if answer is None:
            return False
        if self.effect in (PERMITS, RELEASES):
            return answer is YES
        if self.effect == REQUIRES:
            return answer is NO
        return answer is not NO

    def clauses(self, act: object, person: object, profile: Profile) -> Iterator[Clause]:
        """Each clause with its answer, lazily, so that a tracker sees what each one reads."""
        conditions = self.body(act, person, profile) if self.contested else self.body(act, person)
        for words, answer, *other in conditions:
            law = words.law if isinstance(words, Words) else self.law
            yield Clause(words, answer, other[0] if other else self.ids[0], law)


Body = Callable[..., Conditions]
RULES: list[Rule] = []
"""Every rule, in the order in which the modules define them: the more decisive first."""


def _rule(effect: str) -> Callable[..., Callable[[Body], Body]]:
    def declare(  # noqa: PLR0913 - a rule is declared once, with every part named
        slug: str,
        *ids: str,
        law: Law,
        in_force: Period,
        do: str = "contact",
        over: Iterable[Channel] = (),
        when: Callable[[Any, Any], bool] | None = None,
        per: tuple[str, ...] = (),
        switch: tuple[str, str] | None = None,
    ) -> Callable[[Body], Body]:
        def register(body: Body) -> Body:
            RULES.append(
                Rule(
                    effect,
                    slug,
                    ids,
                    law,
                    in_force,
                    do,
                    frozenset(over),
                    when,
                    per,
                    switch,
                    body,
                    contested=len(inspect.signature(body).parameters) == 3,
                )
            )
            return body

        return register

    return declare


permits = _rule(PERMITS)
reserves = _rule(RESERVES)
forbids = _rule(FORBIDS)
requires = _rule(REQUIRES)
releases = _rule(RELEASES)


def said(words: str, guidance: Guidance) -> Words:
    """Words that a supervisor, court or code adds to the statute."""
    return Words(words, guidance)


def quoted(words: str, law: Law) -> Words:
    """Words from another article than the rule's own."""
    return Words(words, law)


def elsewhere(conditions: Conditions, law: Law) -> Conditions:
    """Conditions that another article lends: "onder de in dat lid bedoelde voorwaarden"."""
    for words, *rest in conditions:
        yield (words if isinstance(words, Words) else Words(words, law), *rest)
