"""A situation: the discrete facts of one message and one person that a rule may read, and nothing else.

Every fact is an :class:`~grondslag.answers.Answer` or a small enum, never a date, a number or
a name.  :mod:`grondslag.facts` weighs the dates and names once, when it draws these facts from
what is on file.  What nobody recorded is ``UNKNOWN``, and unknown never helps the sender.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer
from grondslag.law.terms import (
    Advertises,
    Age,
    Channel,
    Claimed,
    Closeness,
    Content,
    Customer,
    Evidence,
    Incentive,
    Invitation,
    Listing,
    Manner,
    Naming,
    OptOut,
    Purpose,
    Recipient,
    Request,
    Sender,
    Source,
    Span,
    Sticker,
)


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent, as it stands on the day of the act, for this act."""

    exists: Answer = NO
    sender: Naming = Naming.ABSENT
    """How the party that will use the data stood on the form."""
    advertiser: Naming = Naming.ABSENT
    """How the third party whose offer is sent stood on the form (S-06)."""
    channel: Answer = UNKNOWN
    topic: Answer = UNKNOWN
    """The product offered is among those that the consent is about."""
    topic_named: Answer = UNKNOWN
    """The consent says what it is about, not 'anything'."""
    purpose: Answer = UNKNOWN
    """Given for the purpose of this act: marketing, sharing, recording or a directory."""
    data: Answer = UNKNOWN
    """Covers every kind of data that is to be shared."""
    manner: Manner = Manner.UNKNOWN
    unconditional: Answer = UNKNOWN
    incentive: Incentive = Incentive.UNKNOWN
    informed: Answer = UNKNOWN
    entitled: Answer = UNKNOWN
    """Given by who may give it: the person from sixteen, else the parent."""
    evidence: Evidence = Evidence.UNKNOWN
    verified: Answer = NO
    """Before this act it was checked that the number belongs to who consented."""
    withdrawn: Answer = NO
    after_objection: Answer = NO
    """Given later than every objection and withdrawal on file for this channel."""
    after_postfilter: Answer = YES
    """Given later than the entry in Postfilter that is on file; yes where there is none."""
    since_interaction: Span = Span.UNKNOWN
    """Time since the person last acted on it: the consent itself, or an open, click or purchase."""
    stated_term: Answer = UNKNOWN
    """Still within the validity that the form stated; unknown: the form stated none."""
    first_call_in_time: Answer = UNKNOWN
    """The first call was, or would still be, within six months of the consent."""
    before_avg: Answer = NO
    """Given before 25 May 2018."""


@dataclass(frozen=True, slots=True)
class Collection:
    """One time that contact details of the person were obtained."""

    source: Source = Source.ABSENT
    gives_detail: Answer = NO
    """The detail that this channel needs was obtained then."""
    own: Answer = UNKNOWN
    """Obtained by the controller itself, the same legal entity (D-05)."""
    opt_out: OptOut = OptOut.UNKNOWN
    opt_out_used: Answer = UNKNOWN
    informed: Answer = UNKNOWN
    interest_told: Answer = UNKNOWN


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation between the person and the controller or another legal entity."""

    customer: Customer = Customer.NONE
    paid_account: Answer = NO
    """An account, subscription or trial that is paid for: opening it is buying it (D-04)."""
    own: Answer = UNKNOWN
    """With the controller itself, not with a sister company."""
    ended: Span = Span.UNKNOWN
    """Time since it ended, or since the last purchase; a running one is within twelve months."""
    running: Answer = UNKNOWN
    long_lived: Answer = NO
    """A product with a documented long life, such as a car (D-10)."""
    member: Answer = NO


@dataclass(frozen=True, slots=True)
class Person:
    """What is on file about one person, as far as this act asks for it.

    A rule sees one consent, one collection and one relation at a time: the one that serves the
    controller best is decisive, and all conditions must hold of the same one.
    """

    recipient: Recipient = Recipient.UNKNOWN
    abroad: Answer = NO
    """In another country than the Netherlands, the EEA or not."""
    outside_eea: Answer = NO
    age: Age = Age.UNKNOWN
    deceased: Answer = NO
    objected: Answer = NO
    """An objection to marketing that covers this channel, or an opt-out used at collection."""
    withdrawn: Answer = NO
    """A withdrawal of consent that covers this channel."""
    withdrawn_elsewhere: Answer = NO
    """The withdrawal was made with another controller in the chain."""
    reimported: Answer = NO
    """After the objection the details came in again."""
    bel_me_niet: Listing = Listing.UNKNOWN
    postfilter: Listing = Listing.UNKNOWN
    non_mailing_indicator: Listing = Listing.UNKNOWN
    research_filter: Listing = Listing.UNKNOWN
    deceased_register: Listing = Listing.UNKNOWN
    sticker: Sticker = Sticker.UNKNOWN
    opt_in_municipality: Answer = UNKNOWN
    invitation: Invitation = Invitation.ABSENT
    invitation_matches: Answer = UNKNOWN
    invitation_kept: Answer = UNKNOWN
    asked: Request = Request.NONE
    """Whether the person asked for exactly this, and not too long ago (G-04)."""
    just_entered: Answer = NO
    """The address was entered here so lately that one confirmation may follow (D-11)."""
    register_address: Answer = UNKNOWN
    """The address may be from the trade register; no when the person gave it, unknown when no record tells."""
    contacted_before: Answer = NO
    from_elsewhere: Answer = NO
    """The detail that this channel needs was obtained from others only, not from the person."""
    told_of_source: Answer = NO
    """The person was informed of that (AVG 14) when the details came in."""
    compatibility: Answer = UNKNOWN
    """Outcome of the recorded compatibility test (AVG 6 lid 4); unknown: none on record."""
    legitimate_interest: Answer = UNKNOWN
    """Outcome of the recorded balancing (AVG 6 lid 1 onder f); unknown: none on record."""
    closeness: Closeness = Closeness.UNKNOWN
    # One record each, put in sight of a rule; not hashed, for in a situation they are these.
    consent: Consent = field(default=Consent(), hash=False)
    collection: Collection = field(default=Collection(), hash=False)
    relation: Relation = field(default=Relation(), hash=False)


@dataclass(frozen=True, slots=True)
class Message:
    """The act of contacting: a message, a call, a letter (``do: contact``)."""

    channel: Channel = Channel.UNKNOWN
    content: Content = Content.UNKNOWN
    purpose: Purpose = Purpose.UNKNOWN
    advertises: Advertises = Advertises.UNKNOWN
    claimed: Claimed = Claimed.UNKNOWN
    sender: Sender = Sender.UNKNOWN
    licensed_lottery: Answer = UNKNOWN
    """The sender holds a licence under Wok art. 3, 9 or 27b."""
    periodical: Answer = UNKNOWN
    """The sender publishes issues that appear at least three times a year."""
    special_category: Answer = NO
    on_behalf: Answer = NO
    """The controller sends for another advertiser (list rental)."""
    local_rules_met: Answer = UNKNOWN
    opt_out: Answer = UNKNOWN
    """Every message offers a free, easy, electronic way out without login."""
    identity: Answer = UNKNOWN
    address: Answer = UNKNOWN
    reply_works: Answer = UNKNOWN
    objection_right_told: Answer = UNKNOWN
    source_told: Answer = UNKNOWN
    number_shown: Answer = UNKNOWN
    reachable: Answer = UNKNOWN
    """The number stays reachable for six months."""
    identity_first: Answer = UNKNOWN
    objection_offered: Answer = UNKNOWN
    working_day: Answer = UNKNOWN
    reward: Answer = UNKNOWN
    initiator_clear: Answer = UNKNOWN
    preview: Answer = UNKNOWN
    addresses_stored: Answer = UNKNOWN
    abuse_protection: Answer = UNKNOWN


def _values(kind: type) -> attrgetter[tuple[str, ...]]:
    """Reads the values of all facts of a record at once."""
    return attrgetter(*(f"{field.name}._value_" for field in fields(kind)))


_ORDER: Final = {
    "consents": _values(Consent),
    "collections": _values(Collection),
    "relations": _values(Relation),
}


@dataclass(frozen=True)
class Situation:
    """Every discrete fact that the rules may read about one act and one person.

    Two cases with the same situation get the same decision; that is what lets an audience of
    millions be decided a few hundred times.
    """

    do: str
    act: object
    """The facts of the act: a :class:`Message` for ``do: contact``, and so on."""
    person: Person
    consents: tuple[Consent, ...] = ()
    collections: tuple[Collection, ...] = ()
    relations: tuple[Relation, ...] = ()

    def __post_init__(self) -> None:
        # What is on file is a set; one order for it, so that equal situations are equal and the
        # finding that is shown never depends on the order in which events came in.
        for name, values in _ORDER.items():
            records = getattr(self, name)
            if len(records) > 1:
                object.__setattr__(self, name, tuple(sorted(set(records), key=values)))

    def __hash__(self) -> int:
        # Some sixty facts: worked out once, because every look-up of a decision asks for it.
        found: int | None = self.__dict__.get("_hash")
        if found is None:
            found = hash((self.do, self.act, self.person, self.consents, self.collections, self.relations))
            self.__dict__["_hash"] = found
        return found
