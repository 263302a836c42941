"""What would make it lawful: the smallest changes that lead to a yes and lie in the organisation's own power.

A search over the neighbours of a situation.  Every neighbour is decided by the same rules, so a
remedy is never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Final

from grondslag.answers import NO, UNKNOWN, YES
from grondslag.decide import Decision, decide, permitted
from grondslag.errors import NoLawInForce
from grondslag.facts import Approaches
from grondslag.law.acts import Processing, Use
from grondslag.law.parameters import REACHABLE_MONTHS
from grondslag.law.rights_terms import Information, Response, Right
from grondslag.law.rules import PERMITS
from grondslag.law.situation import Message, Situation
from grondslag.law.terms import MARKETING, Channel
from grondslag.moves import BY_CHANNEL, MOVES, Move
from grondslag.neighbours import Neighbours
from grondslag.question import Case, Fields

MOST: Final = 3
"""A remedy of more than three changes is another plan."""

_WEIGHT: Final = {move: place + 1000 * move.outcome_open for place, move in enumerate(MOVES)}
"""Moves whose outcome is certain first, then the lightest."""

_ASK_BY: Final = (Channel.EMAIL, Channel.SMS, Channel.PHONE, Channel.POST)
"""Channels by which a request for consent can be sent, the lightest first."""

_KEPT: Final = ("product", "closeness", "purpose", "special_category")
"""What a request for consent shares with the message that it is for: the same offer, the same selection."""

_IN_MESSAGE: Final = ("identity", "address", "reply_works", "objection_right_told", "source_told")
_IN_CALL: Final = ("number_shown", "identity_first", "objection_offered")
_REQUEST: Final = {
    "content": "consent-request",
    "advertises": "own",
    "message": {"opt_out": "link"} | dict.fromkeys(_IN_MESSAGE, True),
    "call": {"reachable_months": REACHABLE_MONTHS, "day": "working"} | dict.fromkeys(_IN_CALL, True),
}


@dataclass(frozen=True, slots=True)
class Remedy:
    """Moves that together turn the no into a yes."""

    moves: tuple[Move, ...]
    refused: Decision
    by: Channel | None = None
    """The channel on which asking consent is itself allowed; None: ask when the person comes to you."""

    @property
    def decision(self) -> Decision:
        """The decision that follows."""
        situation = self.refused.situation
        for move in self.moves:
            situation = move.apply(situation) or situation
        return decide(situation, at=self.refused.at, profile=self.refused.profile)


def remedies(decision: Decision, case: Case | None = None, most: int = 3) -> tuple[Remedy, ...]:
    """The smallest sets of moves that turn this refusal into a yes, at most so many.

    :param case: what was on file; with it, asking for consent names a channel that is itself
        allowed.  Without it, consent is asked when the person comes to you.
    :returns: empty for a yes, and when nothing in the organisation's own power helps.
    """
    return _remedies(decision, Channels(case, decision) if case else None, most)


def other_channels(case: Case, decision: Decision) -> Iterator[tuple[Channel, Decision]]:
    """Channels on which the same message to the same person is allowed as it stands."""
    return Channels(case, decision).for_the_same()


def advice(decision: Decision, case: Case) -> tuple[tuple[Remedy, ...], tuple[tuple[Channel, Decision], ...]]:
    """Both, at less than the price of both: what is on file about the person is weighed once."""
    channels = Channels(case, decision)
    return _remedies(decision, channels), tuple(channels.for_the_same())


def _remedies(decision: Decision, channels: Channels | None, most: int = 3) -> tuple[Remedy, ...]:
    if decision.allowed or decision.situation.do == "judge":
        return ()
    found = list(islice(_smallest(Neighbours(decision)), most))
    asking = [not BY_CHANNEL.isdisjoint(moves) for moves in found]
    by = channels.for_asking() if channels and any(asking) else None
    return tuple(
        Remedy(moves, decision, by if asks else None) for moves, asks in zip(found, asking, strict=True)
    )


def _refused(decision: Decision) -> bool:
    person = decision.situation.person
    return YES in (person.objected, person.withdrawn)


def closing(decision: Decision) -> str:
    """What to say of a refusal that nothing in the organisation's own power lifts.

    :returns: a key of the locale (``headings.json``, closings); empty for a question of qualification.
    """
    do, act = decision.situation.do, decision.situation.act
    if do == "judge":
        return ""
    if do in ("contact", "share", "process") and (
        _refused(decision) or getattr(act, "profiling_refused", NO) is YES
    ):
        return "respect"
    if isinstance(act, Response) and (
        act.in_time is NO or (act.right is Right.PROOF and act.in_five_days is NO)
    ):
        return "answer-late"
    if isinstance(act, Information) and act.on_time is NO:
        return "inform-late"
    if isinstance(act, Processing) and act.use is Use.MANDATORY_FIELD:
        return "voluntary-field"
    return "complete" if _open(decision) else "no-change"


def _open(decision: Decision) -> bool:
    """Whether the no rests only on what is not known."""
    if decision.barred:
        return all(finding.answer is UNKNOWN for finding in decision.barred)
    permits = (finding for finding in decision.lacking if finding.rule.effect == PERMITS)
    return any(finding.answer is UNKNOWN for finding in permits)


def _smallest(near: Neighbours) -> Iterator[tuple[Move, ...]]:
    """The smallest sets of moves that help, those to prefer first."""
    if not near.hopeful():
        return
    moves = near.moves
    for size in range(1, MOST + 1):
        helped = False
        for chosen in sorted(combinations(moves, size), key=_weight):
            if near.allows(*chosen):
                helped = True
                yield chosen
        if helped:
            return
        if size == 1:
            # A move that by itself changes no condition helps in no set.
            moves = tuple(move for move in moves if near.tells(move))


def _weight(moves: tuple[Move, ...]) -> int:
    return sum(map(_WEIGHT.__getitem__, moves))


class Channels:
    """The channels by which one person may be written to or called on one day."""

    def __init__(self, case: Case, decision: Decision) -> None:
        self._act, self._decision = case.act.fields, decision
        self._approaches = Approaches(case, decision.at)

    def for_asking(self) -> Channel | None:
        """The lightest channel on which a request for consent to this person is itself allowed."""
        return next((channel for channel, _ in self._allowed(_ASK_BY, self._request())), None)

    def for_the_same(self) -> Iterator[tuple[Channel, Decision]]:
        """Channels on which the same message to this person is allowed as it stands.

        None after a refusal, though it may cover this channel only: that would look for a way round it.
        """
        at, profile, act = self._decision.at, self._decision.profile, self._decision.situation.act
        if not isinstance(act, Message) or act.content not in MARKETING or _refused(self._decision):
            return
        others = (channel for channel in _ASK_BY if channel is not act.channel)
        for channel, situation in self._allowed(others, self._act):
            yield channel, decide(situation, at=at, profile=profile)

    def _allowed(self, channels: Iterable[Channel], fields: Fields) -> Iterator[tuple[Channel, Situation]]:
        """The channels on which the answer is yes; one that cannot be judged on that day is none of them."""
        for channel, situation in self._approaches.by(channels, fields):
            try:
                if permitted(situation, at=self._decision.at, profile=self._decision.profile):
                    yield channel, situation
            except NoLawInForce:
                continue

    def _request(self) -> Fields:
        """A well-made request for consent to the same person: own, complete, about the same product."""
        return {**{name: self._act[name] for name in _KEPT if name in self._act}, **_REQUEST}
