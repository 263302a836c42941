"""What would make it lawful: the smallest changes that lead to a yes and lie in the organisation's own power.

A search over the neighbours of a situation.  Every neighbour is decided by the same rules, so a
remedy is never a guess.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Final

from grondslag.decide import Decision, decide
from grondslag.errors import NoLawInForce
from grondslag.facts import draw
from grondslag.law.parameters import REACHABLE_MONTHS
from grondslag.law.profiles import Profile
from grondslag.law.situation import Message
from grondslag.law.terms import MARKETING, Channel
from grondslag.moves import ASK_CONSENT, MOVES, Move
from grondslag.neighbours import Neighbours
from grondslag.question import Act, Case

MOST: Final = 3
"""A remedy of more than three changes is another plan."""

_ASK_BY: Final = (Channel.EMAIL, Channel.SMS, Channel.PHONE, Channel.POST)
"""Channels by which a request for consent can be sent, the lightest first."""

_IN_MESSAGE: Final = ("identity", "address", "reply_works", "objection_right_told", "source_told")
_IN_CALL: Final = ("number_shown", "identity_first", "objection_offered")


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
    if decision.allowed or decision.situation.do == "judge":
        return ()
    found = sorted(_smallest(Neighbours(decision)), key=_weight)[:most]
    asks = case is not None and any(ASK_CONSENT in moves for moves in found)
    by = channel_for_asking(case, decision.at, decision.profile) if case and asks else None
    return tuple(Remedy(moves, decision, by if ASK_CONSENT in moves else None) for moves in found)


def _smallest(near: Neighbours) -> list[tuple[Move, ...]]:
    found: list[tuple[Move, ...]] = [(move,) for move in near.moves if near.allows(move)]
    if found:
        return found
    # A move that by itself changes no condition helps in no set.
    telling = [move for move in near.moves if near.tells(move)]
    for size in range(2, MOST + 1):
        found = [moves for moves in combinations(telling, size) if near.allows(*moves)]
        if found:
            break
    return found


def _weight(moves: tuple[Move, ...]) -> tuple[int, int]:
    """Those whose outcome is certain first, then the lightest."""
    return sum(move.outcome_open for move in moves), sum(MOVES.index(move) for move in moves)


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
