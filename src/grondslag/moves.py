"""What an organisation can change itself, to turn a no into a yes.

It is never "remove the objection": a move that touches what a person said, did or is does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache
from typing import Any, Final

from grondslag.answers import NO, UNKNOWN, YES
from grondslag.decide import ItDepends
from grondslag.law.acts import Announcement, Disclosure, Intake, Phase, Processing, Recording
from grondslag.law.rights_terms import (
    About,
    Identification,
    Information,
    Kept,
    KeptFor,
    Means,
    Named,
    Outcome,
    Response,
    Retention,
    Right,
)
from grondslag.law.situation import Consent, Message, Situation
from grondslag.law.terms import (
    CALLS,
    MINOR,
    Advertises,
    Claimed,
    Closeness,
    Content,
    Evidence,
    Incentive,
    Listing,
    Manner,
    Naming,
    Span,
)

Consents = tuple[Consent, ...]

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

_NOTHING_LACKS: Final = {field.name: NO for field in fields(Information) if field.name.startswith("lacks_")}


@dataclass(frozen=True)
class Change:
    """Other values for some facts of the act and the person, and other consents."""

    act: Mapping[str, object] = field(default_factory=dict)
    person: Mapping[str, object] = field(default_factory=dict)
    consents: Callable[[Consents], Consents] | None = None

    @cached_property
    def facts(self) -> frozenset[str]:
        """What it changes, as a rule names it: ``act.content``; or ``consents``."""
        named = [f"act.{name}" for name in self.act] + [f"person.{name}" for name in self.person]
        return frozenset([*named, "consents"] if self.consents else named)


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """One change in the organisation's own power.

    No two moves that apply to one situation set the same fact, so that it makes no difference which
    is made first.

    :ivar slug: what it is called in the locale (``headings.json``).
    :ivar change: what it changes, or None when the move does not apply.
    :ivar outcome_open: the organisation can do it, but what comes out is not in its hands.
    """

    slug: str
    change: Callable[[Situation], Change | None]
    outcome_open: bool = False

    def apply(self, situation: Situation) -> Situation | None:
        """The changed situation, or None when the move does not apply."""
        change = self.change(situation)
        if change is None:
            return None
        act: Any = situation.act
        person: Any = situation.person
        return replace(
            situation,
            act=replace(act, **change.act),
            person=replace(person, **change.person),
            consents=change.consents(situation.consents) if change.consents else situation.consents,
        )


def _of(
    kind: type, only: Callable[[Any], bool] = lambda act: True, **facts: Any
) -> Callable[[Situation], Change | None]:
    """Set facts of one kind of act; None when it has these values already."""
    change = Change(act=facts)

    def made(situation: Situation) -> Change | None:
        act = situation.act
        if not isinstance(act, kind) or not only(act):
            return None
        return None if all(getattr(act, name) == value for name, value in facts.items()) else change

    return made


def _calls(**facts: object) -> Callable[[Situation], Change | None]:
    return _of(Message, lambda message: message.channel in CALLS, **facts)


def _written(**facts: object) -> Callable[[Situation], Change | None]:
    return _of(Message, lambda message: message.channel not in CALLS, **facts)


def _mixed(message: Message) -> bool:
    return message.content is Content.MIXED


def _assess(fact: str) -> Callable[[Situation], Change | None]:
    """Carry out an assessment that is not on record; one that failed is not done over."""
    change = Change(person={fact: YES})
    return lambda situation: change if getattr(situation.person, fact) is UNKNOWN else None


def _consult(fact: str) -> Callable[[Situation], Change | None]:
    """Consult a register that was not consulted, or too long ago."""
    change, open_ = Change(person={fact: Listing.CLEAR}), (Listing.UNKNOWN, Listing.STALE)
    return lambda situation: change if getattr(situation.person, fact) in open_ else None


_SAME: Final = Change(person={"closeness": Closeness.SAME})
_VERIFIED: Final = Change(consents=lambda given: tuple(replace(consent, verified=YES) for consent in given))
_AGREED: Final = Change(consents=lambda given: tuple(replace(consent, data=YES) for consent in given))
_ASKED: Final = Change(consents=lambda given: (*given, IDEAL_CONSENT))
_RELIED_ON: Final = Change(act={"claimed": Claimed.CONSENT}, consents=_ASKED.consents)
"""Asked for a use of data that rested on another ground: from now on it rests on the consent."""


def _similar(situation: Situation) -> Change | None:
    return _SAME if situation.person.closeness is not Closeness.SAME and situation.relations else None


def _verify(situation: Situation) -> Change | None:
    return _VERIFIED if any(consent.verified is not YES for consent in situation.consents) else None


def _only_agreed(situation: Situation) -> Change | None:
    """Share only the data that a consent on file names."""
    if situation.do != "share" or all(consent.data is YES for consent in situation.consents):
        return None
    return _AGREED


def _of_another(situation: Situation) -> bool:
    """Another's offer is sent: the person must know whose."""
    act = situation.act
    own = (Advertises.OWN, Advertises.UNKNOWN)
    return isinstance(act, Message) and (act.advertises not in own or act.on_behalf is YES)


def _special(situation: Situation) -> bool:
    """What is used says something of health, religion, politics or the like (AVG 9)."""
    act = situation.act
    if isinstance(act, Processing):
        return act.political_party is YES
    return isinstance(act, Message) and act.special_category is YES


def _request(situation: Situation) -> str:
    """How consent is to be asked here of a grown-up, and what the request must name."""
    if situation.do in ("share", "record"):
        return f"ask-consent-to-{situation.do}"
    if _of_another(situation):
        return "ask-consent-naming-advertiser"
    return "ask-explicit-consent" if _special(situation) else "ask-consent"


def _ask(slug: str, of_parent: bool = False) -> Callable[[Situation], Change | None]:
    """Ask consent; not of somebody who objected or withdrew, and not for what is past or kept."""

    def asked(situation: Situation) -> Change | None:
        if situation.do not in ("contact", "share", "process", "record"):
            return None
        if not of_parent and _request(situation) != slug:
            return None
        person = situation.person
        if (person.age in MINOR) is not of_parent:
            return None
        if person.objected is not NO or person.withdrawn is not NO:
            return None
        return _RELIED_ON if isinstance(situation.act, Processing) else _ASKED

    return asked


def _grant(right: Right, *, recording: bool | None = None) -> Callable[[Situation], Change | None]:
    """Do what the request asks, where that was refused.

    :param recording: whether it is about a recording; None where that makes no difference.
    """

    def asked(response: Response) -> bool:
        if response.right is not right:
            return False
        return recording is None or recording is (response.about is About.RECORDING)

    return _of(Response, asked, outcome=Outcome.GRANTED)


def _doubted(asking: Identification) -> bool:
    """There is a real doubt who asks, and the right is one for which it may be settled."""
    return asking.doubt is YES and asking.right not in (Right.OBJECTION, Right.UNKNOWN)


ASK_CONSENT: Final = Move("ask-consent", _ask("ask-consent"), outcome_open=True)
ASK_EXPLICIT: Final = Move("ask-explicit-consent", _ask("ask-explicit-consent"), outcome_open=True)
BY_CHANNEL: Final = frozenset({ASK_CONSENT, ASK_EXPLICIT})
"""Requests that may go by a channel on which asking is itself allowed."""

MOVES: Final = (
    Move("offer-way-out", _written(opt_out=YES)),
    Move("state-identity-and-address", _written(identity=YES, address=YES, reply_works=YES)),
    Move("tell-right-to-object", _of(Message, objection_right_told=YES)),
    Move("tell-source", _of(Message, source_told=YES)),
    Move("show-number", _calls(number_shown=YES, reachable=YES)),
    Move("identity-first", _calls(identity_first=YES)),
    Move("offer-objection-in-call", _calls(objection_offered=YES)),
    Move("call-on-a-working-day", _calls(working_day=YES)),
    Move("own-products-only", _of(Message, advertises=Advertises.OWN, on_behalf=NO)),
    Move("leave-advertisement-out", _of(Message, _mixed, content=Content.FACTUAL)),
    Move("no-selection-on-special-data", _of(Message, special_category=NO)),
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
    Move(
        "lighter-means-or-masked",
        _of(Identification, lambda i: _doubted(i) and i.sensitive is YES, means=Means.MASKED_ID),
    ),
    Move(
        "lighter-means",
        _of(Identification, lambda i: _doubted(i) and i.sensitive is not YES, means=Means.LOGIN),
    ),
    Move("less-intrusive-means", _of(Identification, lambda i: not _doubted(i), means=Means.NONE)),
    Move("inform-in-time", _of(Intake, informed_14=YES)),
    Move("charge-nothing", _of(Response, charged=NO)),
    Move("name-recipients", _of(Response, lambda r: r.right is Right.ACCESS, naming=Named.RECIPIENTS)),
    Move("give-reasons", _of(Response, lambda r: r.outcome is Outcome.REFUSED, reasons=YES)),
    Move("grant-access", _grant(Right.ACCESS, recording=False)),
    Move("grant-recording", _grant(Right.ACCESS, recording=True)),
    Move("grant-rectification", _grant(Right.RECTIFICATION, recording=False)),
    Move("grant-addendum", _grant(Right.RECTIFICATION, recording=True)),
    Move("grant-erasure", _grant(Right.ERASURE)),
    Move("grant-restriction", _grant(Right.RESTRICTION)),
    Move("grant-portability", _grant(Right.PORTABILITY)),
    Move("grant-objection", _grant(Right.OBJECTION)),
    Move("show-consent", _grant(Right.PROOF)),
    Move("inform-completely", _of(Information, lambda act: True, **_NOTHING_LACKS)),
    Move("inform-clearly", _of(Information, clear=YES)),
    Move("inform-apart", _of(Information, separate=YES)),
    Move("argue-and-state-term", _of(Retention, stated=YES, reasoned=YES)),
    Move(
        "only-to-block",
        _of(
            Retention,
            lambda kept: kept.what is Kept.SUPPRESSION_ENTRY,
            purpose=KeptFor.BLOCK,
            for_marketing=NO,
        ),
    ),
    Move(
        "not-for-marketing",
        _of(Retention, lambda kept: kept.what is not Kept.SUPPRESSION_ENTRY, for_marketing=NO),
    ),
    Move("ask-parent", _ask("ask-parent", of_parent=True), outcome_open=True),
    Move("ask-consent-to-share", _ask("ask-consent-to-share"), outcome_open=True),
    Move("ask-consent-to-record", _ask("ask-consent-to-record"), outcome_open=True),
    Move("ask-consent-naming-advertiser", _ask("ask-consent-naming-advertiser"), outcome_open=True),
    ASK_EXPLICIT,
    ASK_CONSENT,
)
"""What an organisation can do itself, the lightest first."""


class _OfAnyone:
    """An act, whoever it concerns."""

    def __init__(self, do: str, act: object) -> None:
        self.do, self.act = do, act

    def __getattr__(self, name: str) -> Any:
        raise ItDepends


@lru_cache(maxsize=1 << 12)
def _open_to(do: str, act: object) -> tuple[tuple[Move, Change | None], ...]:
    """The moves that may apply to an act, with what they change where that is the same for everyone.

    One act, such as a campaign, meets many persons.
    """
    found: list[tuple[Move, Change | None]] = []
    anyone: Any = _OfAnyone(do, act)
    for move in MOVES:
        try:
            change = move.change(anyone)
        except ItDepends:
            found.append((move, None))
        else:
            found += [(move, change)] if change else []
    return tuple(found)


def changes(situation: Situation) -> dict[Move, Change]:
    """The moves that apply to a situation, the lightest first, and what each changes."""
    found = _open_to(situation.do, situation.act)
    return {move: now for move, change in found if (now := change or move.change(situation)) is not None}
