"""The acts other than contact, as discrete facts: sharing, receiving, processing and recording.

What a rule may read of ``do: share``, ``receive``, ``process`` and ``record``: what the organisation
is about to do, and the part of the history that matters to that act alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from grondslag.answers import NO, UNKNOWN, Answer
from grondslag.law.terms import Claimed, Term


class Aim(Term):
    """What the recipient gets the data for."""

    THEIR_MARKETING = "their-marketing"
    CUSTOM_AUDIENCE = "custom-audience"
    EXCLUSION = "exclusion"
    LOOKALIKE = "lookalike"
    PERFORMING_CONTRACTS = "performing-contracts"
    OUR_INSTRUCTIONS = "our-instructions"
    DIRECTORY = "directory"
    SALE_OF_LIST = "sale-of-list"
    UNKNOWN = "unknown"


AUDIENCE = frozenset({Aim.CUSTOM_AUDIENCE, Aim.EXCLUSION, Aim.LOOKALIKE})
"""A contact list that a platform matches with its users, to reach or to exclude people (S-02)."""


class Party(Term):
    """What the recipient of the data is to the controller."""

    COMPANY = "company"
    GROUP_COMPANY = "group-company"
    PLATFORM = "platform"
    PROCESSOR = "processor"
    ACQUIRER = "acquirer"
    DIRECTORY = "directory"
    UNKNOWN = "unknown"


class Use(Term):
    """Uses of data for marketing that reach nobody yet."""

    PROFILING = "profiling"
    ENRICHMENT = "enrichment"
    ONLINE_ADVERTISING = "online-advertising"
    MANDATORY_FIELD = "mandatory-field"
    UNKNOWN = "unknown"


class Announcement(Term):
    """How a caller learns that the call is recorded (V-02)."""

    WITH_PURPOSE = "with-purpose"
    WITHOUT_PURPOSE = "without-purpose"
    LATE = "late"
    NEVER = "never"
    UNKNOWN = "unknown"


class Phase(Term):
    """The talk itself, or the waiting before it (V-08)."""

    TALK = "talk"
    HOLD = "hold"
    UNKNOWN = "unknown"


class Service(Term):
    """Whether the call is about an investment service (V-06)."""

    INVESTMENT = "investment"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Giving data of the person to another (``do: share``).

    Whether the data are hashed is no fact: it makes the transfer safer, not lawful (S-01).
    """

    aim: Aim = Aim.UNKNOWN
    recipient: Party = Party.UNKNOWN
    public_body: Answer = UNKNOWN
    contract_28: Answer = UNKNOWN
    arrangement_26: Answer = UNKNOWN
    consideration: Answer = UNKNOWN
    """Something is paid for the data."""
    agreement: Answer = NO
    """A contract with the person is on file that is still to be performed."""
    public_source: Answer = NO
    """These data were obtained from public registers or the open web only."""
    could_ask: Answer = UNKNOWN
    """An e-mail address, number or the like is on file, so that the person could be asked first."""
    minor: Answer = NO
    """Known to be under eighteen; nobody has to ask for it."""
    profiling_refused: Answer = NO
    """An objection to profiling, and no consent to sharing since."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Receiving or buying data of the person from another (``do: receive``)."""

    public_body: Answer = UNKNOWN
    proof: Answer = UNKNOWN
    """The proof of consent comes with this person."""
    checked: Answer = UNKNOWN
    """The receiver checked it itself."""
    informed_14: Answer = UNKNOWN
    """The person is informed (AVG 14) within a month of the receipt."""
    public_source: Answer = NO
    """The supplier is a public register or the open web."""


@dataclass(frozen=True, slots=True)
class Processing:
    """Using data of the person for marketing otherwise than by contact (``do: process``)."""

    use: Use = Use.UNKNOWN
    claimed: Claimed = Claimed.UNKNOWN
    public_body: Answer = UNKNOWN
    political_party: Answer = UNKNOWN
    public_source: Answer = NO
    """Data from public registers or the open web are used."""
    told: Answer = UNKNOWN
    """This use, and the legitimate interest in it, was told when the data were collected."""
    minor: Answer = NO
    """Known to be under eighteen; nobody has to ask for it."""
    profiling_refused: Answer = NO
    """An objection to profiling, and no consent since."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Recording a telephone call with the person (``do: record``): first its purposes, if stated."""

    stated: Answer = UNKNOWN
    contract: Answer = UNKNOWN
    complaint: Answer = UNKNOWN
    training: Answer = UNKNOWN
    legal_duty: Answer = UNKNOWN
    consent_proof: Answer = UNKNOWN
    fraud: Answer = UNKNOWN
    public_body: Answer = UNKNOWN
    announced: Announcement = Announcement.UNKNOWN
    phase: Phase = Phase.UNKNOWN
    service: Service = Service.UNKNOWN
    card_data: Answer = UNKNOWN
    """Card data are read out."""
    paused: Answer = UNKNOWN
    """The recording pauses then."""
    consent_before_call: Answer = UNKNOWN
    objection_offered: Answer = UNKNOWN
    """The person may object to being recorded."""
    agreement: Answer = NO
    """A contract with the person, or a request that prepares one, is on file."""
    dispute: Answer = NO
    """A complaint or dispute is on file that has not ended."""
    refused: Answer = NO
    """The person objected to being recorded (AVG 21 lid 1)."""
