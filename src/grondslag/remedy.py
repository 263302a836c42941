"""What would make it lawful: the smallest changes that lead to a yes and lie in the organisation's own power.

A search over the neighbours of a situation.  Every neighbour is decided by the same rules, so a
remedy is never a guess.  It is never "remove the objection": a move that touches what a person
said, did or is does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import combinations
from typing import Any, Final

from grondslag.answers import NO, UNKNOWN, YES, Answer
from grondslag.decide import Decision, Finding, decide, finding_of, weigh
from grondslag.errors import NoLawInForce
from grondslag.facts import draw
from grondslag.law.acts import Announcement, Disclosure, Intake, Phase, Recording
from grondslag.law.parameters import REACHABLE_MONTHS
from grondslag.law.profiles import Profile
from grondslag.law.rights_terms import Identification, Information, Means, Retention
from grondslag.law.situation import Consent, Message, Person, Situation
from grondslag.law.terms import (
    CALLS,
    MARKETING,
    Advertises,
    Channel,
    Closeness,
    Content,
    Evidence,
    Incentive,
    Listing,
    Manner,
    Naming,
    Span,
)
from grondslag.question import Act, Case

MOST: Final = 3
"""A remedy of more than three changes is another plan."""

IDEAL_CONSENT: Final = Consent(
    exists=YES,
    sender=Naming.NAMED,
    advertiser=Naming.NAMED,
    channel=YES,
    topic=YES,
    topic_named=YES,
    purpose=YES,
    data=YES,
    manner=Manner.CONFIRMED,
    unconditional=YES,
    incentive=Incentive.NONE,
    informed=YES,
    entitled=YES,
    evidence=Evidence.FULL,
    verified=YES,
    withdrawn=NO,
    after_objection=YES,
    since_interaction=Span.WITHIN_12_MONTHS,
    first_call_in_time=YES,
)
"""A consent as it should be asked: by name, for this channel and subject, separately, verified."""

_ASK_BY: Final = (Channel.EMAIL, Channel.SMS, Channel.PHONE, Channel.POST)
"""Channels by which a request for consent can be sent, the lightest first."""


_NOTHING_LACKS: Final = {field.name: NO for field in fields(Information) if field.name.startswith("lacks_")}
_IN_MESSAGE: Final = ("identity", "address", "reply_works", "objection_right_told", "source_told")
_IN_CALL: Final = ("number_shown", "identity_first", "objection_offered")


@dataclass(frozen=True, slots=True)
class Move:
    """One change in the organisation's own power.

    :ivar slug: what it is called in the locale (``headings.json``).
    :ivar apply: the changed situation, or None when the move does not apply.
    :ivar outcome_open: the organisation can do it, but what comes out is not in its hands.
    """

    slug: str
    apply: Callable[[Situation], Situation | None]
    outcome_open: bool = False


@dataclass(frozen=True, slots=True)
class Remedy:
    """Moves that together turn the no into a yes, and the decision that follows."""

    moves: tuple[Move, ...]
    decision: Decision
    by: Channel | None = None
    """The channel on which asking consent is itself allowed; None: ask when the person comes to you."""


def _act(**changes: Any) -> Callable[[Situation], Situation | None]:
    """Set facts of the act; None when the act has no such facts, or has these values already."""

    def apply(situation: Situation) -> Situation | None:
        act: Any = situation.act
        if any(not hasattr(act, name) for name in changes):
            return None
        if all(getattr(act, name) == value for name, value in changes.items()):
            return None
        return replace(situation, act=replace(act, **changes))

    return apply


def _message(
    only: Callable[[Message, Person], bool], **changes: Any
) -> Callable[[Situation], Situation | None]:
    def apply(situation: Situation) -> Situation | None:
        if not isinstance(situation.act, Message) or not only(situation.act, situation.person):
            return None
        return _act(**changes)(situation)

    return apply


def _of(kind: type, **changes: Any) -> Callable[[Situation], Situation | None]:
    """Set facts of one kind of act."""

    def apply(situation: Situation) -> Situation | None:
        return _act(**changes)(situation) if isinstance(situation.act, kind) else None

    return apply


def _person(situation: Situation, **changes: Any) -> Situation:
    return replace(situation, person=replace(situation.person, **changes))


def _assess(fact: str) -> Callable[[Situation], Situation | None]:
    """Carry out an assessment that is not on record; one that failed is not done over."""

    def apply(situation: Situation) -> Situation | None:
        if getattr(situation.person, fact) is not UNKNOWN:
            return None
        return _person(situation, **{fact: YES})

    return apply


def _consult(fact: str) -> Callable[[Situation], Situation | None]:
    """Consult a register that was not consulted, or too long ago."""

    def apply(situation: Situation) -> Situation | None:
        if getattr(situation.person, fact) not in (Listing.UNKNOWN, Listing.STALE):
            return None
        return _person(situation, **{fact: Listing.CLEAR})

    return apply


def _similar(situation: Situation) -> Situation | None:
    if situation.person.closeness is Closeness.SAME or not situation.relations:
        return None
    return _person(situation, closeness=Closeness.SAME)


def _verify(situation: Situation) -> Situation | None:
    verified = tuple(replace(consent, verified=YES) for consent in situation.consents)
    return None if verified == situation.consents else replace(situation, consents=verified)


def _only_agreed(situation: Situation) -> Situation | None:
    """Share only the data that a consent on file names."""
    if situation.do != "share" or all(consent.data is YES for consent in situation.consents):
        return None
    return replace(situation, consents=tuple(replace(c, data=YES) for c in situation.consents))


def _ask(situation: Situation) -> Situation | None:
    """Ask consent; not of somebody who objected or withdrew, and not for what is past or kept."""
    person = situation.person
    if situation.do not in ("contact", "share", "process", "record"):
        return None
    if person.objected is not NO or person.withdrawn is not NO:
        return None
    return replace(situation, consents=(*situation.consents, IDEAL_CONSENT))


def _calls(message: Message, person: Person) -> bool:
    return message.channel in CALLS


def _written(message: Message, person: Person) -> bool:
    return message.channel not in CALLS


ASK_CONSENT: Final = Move("ask-consent", _ask, outcome_open=True)

MOVES: Final = (
    Move("offer-way-out", _message(_written, opt_out=YES)),
    Move("state-identity-and-address", _message(_written, identity=YES, address=YES, reply_works=YES)),
    Move("tell-right-to-object", _message(lambda m, p: True, objection_right_told=YES)),
    Move("tell-source", _message(lambda m, p: True, source_told=YES)),
    Move("show-number", _message(_calls, number_shown=YES, reachable=YES)),
    Move("identity-first", _message(_calls, identity_first=YES)),
    Move("offer-objection-in-call", _message(_calls, objection_offered=YES)),
    Move("call-on-a-working-day", _message(_calls, working_day=YES)),
    Move("own-products-only", _message(lambda m, p: True, advertises=Advertises.OWN, on_behalf=NO)),
    Move(
        "leave-advertisement-out", _message(lambda m, p: m.content is Content.MIXED, content=Content.FACTUAL)
    ),
    Move("no-selection-on-special-data", _message(lambda m, p: True, special_category=NO)),
    Move("similar-product", _similar),
    Move("consult-bel-me-niet", _consult("bel_me_niet"), outcome_open=True),
    Move("consult-postfilter", _consult("postfilter"), outcome_open=True),
    Move("consult-deceased-register", _consult("deceased_register"), outcome_open=True),
    Move("verify-number", _verify, outcome_open=True),
    Move("assess-compatibility", _assess("compatibility"), outcome_open=True),
    Move("assess-legitimate-interest", _assess("legitimate_interest"), outcome_open=True),
    Move("announce-with-purpose", _of(Recording, announced=Announcement.WITH_PURPOSE)),
    Move("not-on-hold", _of(Recording, phase=Phase.TALK)),
    Move("pause-at-card-data", _of(Recording, paused=YES)),
    Move("offer-objection-to-recording", _of(Recording, objection_offered=YES)),
    Move("written-contract", _of(Disclosure, contract_28=YES)),
    Move("joint-arrangement", _of(Disclosure, arrangement_26=YES)),
    Move("only-the-data-agreed", _only_agreed),
    Move("verify-per-person", _of(Intake, proof=YES, checked=YES), outcome_open=True),
    Move("less-intrusive-means", _of(Identification, means=Means.NONE)),
    Move("inform-completely", _of(Information, **_NOTHING_LACKS)),
    Move("inform-clearly", _of(Information, clear=YES)),
    Move("inform-apart", _of(Information, separate=YES)),
    Move("argue-and-state-term", _of(Retention, stated=YES, reasoned=YES)),
    Move("not-for-marketing", _of(Retention, for_marketing=NO)),
    ASK_CONSENT,
)
"""What an organisation can do itself, the lightest first."""


def remedies(decision: Decision, case: Case | None = None, most: int = 3) -> tuple[Remedy, ...]:
    """The smallest sets of moves that turn this refusal into a yes, at most so many.

    :param case: what was on file; with it, asking for consent names a channel that is itself
        allowed.  Without it, consent is asked when the person comes to you.
    :returns: empty for a yes, and when nothing in the organisation's own power helps.
    """
    if decision.allowed or decision.situation.do == "judge":
        return ()
    if any(_fixed(finding, decision) for finding in decision.barred):
        return ()
    found: list[Remedy] = []
    applicable = [move for move in MOVES if _matters(move, decision)]
    for size in range(1, MOST + 1):
        for moves in combinations(applicable, size):
            # A superset of a remedy is not a smaller one.
            if any(set(other.moves) <= set(moves) for other in found):
                continue
            remedy = _try(moves, decision, case)
            if remedy is not None:
                found.append(remedy)
        if found:
            break
    return tuple(sorted(found, key=_weight)[:most])


def _fixed(finding: Finding, decision: Decision) -> bool:
    """Whether no move changes what a rule in the way says, such as an objection; then no set of them does."""
    for move in MOVES:
        situation = move.apply(decision.situation)
        if situation is not None:
            other = finding_of(finding.rule, situation, decision.profile)
            if other is None or other.clauses != finding.clauses:
                return False
    return True


def _matters(move: Move, decision: Decision) -> bool:
    """Whether a move changes the answer of any condition; one that changes none helps in no set."""
    situation = move.apply(decision.situation)
    if situation is None:
        return False
    after = weigh(situation, decision.at, decision.profile)
    return _answers(after) != _answers(decision)


def _answers(decision: Decision) -> list[tuple[str, tuple[Answer, ...]]]:
    return [(f.rule.slug, tuple(clause.answer for clause in f.clauses)) for f in decision.findings]


def _try(moves: tuple[Move, ...], decision: Decision, case: Case | None) -> Remedy | None:
    situation: Situation | None = decision.situation
    for move in moves:
        situation = move.apply(situation) if situation is not None else None
    if situation is None:
        return None
    after = weigh(situation, decision.at, decision.profile)
    if not after.allowed:
        return None
    by = channel_for_asking(case, decision.at, decision.profile) if case and ASK_CONSENT in moves else None
    return Remedy(moves, after, by)


def _weight(remedy: Remedy) -> tuple[int, int, int]:
    """Fewer changes first, then those whose outcome is certain, then the lightest."""
    moves = remedy.moves
    return len(moves), sum(move.outcome_open for move in moves), sum(MOVES.index(move) for move in moves)


def channel_for_asking(case: Case, at: date, profile: Profile) -> Channel | None:
    """The lightest channel on which a request for consent to this person is itself allowed."""
    for channel in _ASK_BY:
        if _may(_request(case, channel, at), profile) is not None:
            return channel
    return None


def _may(case: Case, profile: Profile) -> Decision | None:
    """The decision when it is a yes; a channel that the rulebook cannot judge on that day is none."""
    try:
        decision = decide(draw(case), at=case.act.date, profile=profile)
    except NoLawInForce:
        return None
    return decision if decision.allowed else None


def other_channels(case: Case, decision: Decision) -> Iterator[tuple[Channel, Decision]]:
    """Channels on which the same message to the same person is allowed as it stands."""
    if not isinstance(decision.situation.act, Message) or decision.situation.act.content not in MARKETING:
        return
    for channel in _ASK_BY:
        if channel is not decision.situation.act.channel:
            same = {**case.act.fields, "channel": channel.value}
            other = _may(replace(case, act=Act(decision.at, "contact", same)), decision.profile)
            if other is not None:
                yield channel, other


def _request(case: Case, channel: Channel, at: date) -> Case:
    """A well-made request for consent to the same person: own, complete, about the same product."""
    act = case.act.fields
    kept = {name: act[name] for name in ("product", "closeness", "purpose") if name in act}
    request = kept | {
        "channel": channel.value,
        "content": "consent-request",
        "advertises": "own",
        "message": {"opt_out": "link"} | dict.fromkeys(_IN_MESSAGE, True),
        "call": {"reachable_months": REACHABLE_MONTHS, "day": "working"} | dict.fromkeys(_IN_CALL, True),
    }
    return replace(case, act=Act(at, "contact", request))
