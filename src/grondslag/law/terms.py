"""The terms of the law as discrete facts: what a rule may read, and nothing else.

Every fact is an :class:`~grondslag.answers.Answer` or a small enum, never a date, a number or
a name.  :mod:`grondslag.facts` weighs the dates and names once, when it draws these facts from
what is on file.  What nobody recorded is ``UNKNOWN``, and unknown never helps the sender.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum

from grondslag.answers import NO, UNKNOWN, Answer


class Term(Enum):
    """A small closed set of values; hashed by identity so that situations look up fast."""

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


class Channel(Term):
    """By what means a message or call reaches a person (G-09)."""

    EMAIL = "email"
    SMS = "sms"
    MESSENGER = "messenger"
    SOCIAL_DM = "social-dm"
    PUSH = "push"
    INBOX_AD = "inbox-ad"
    FAX = "fax"
    AUTO_CALL = "auto-call"
    PHONE = "phone"
    POST = "post"
    DOOR_DROP = "door-drop"
    UNKNOWN = "unknown"


C = Channel
ELECTRONIC_MESSAGES = frozenset({C.EMAIL, C.SMS, C.MESSENGER, C.SOCIAL_DM, C.PUSH, C.INBOX_AD})
"""Elektronische berichten: can be stored until the recipient collects them (Tw 11.1 onder i)."""
LID_1_MEANS = ELECTRONIC_MESSAGES | {C.FAX, C.AUTO_CALL}
"""The means of Tw 11.7 lid 1: automatic calling systems, fax and electronic messages."""
TELEPHONE = frozenset({C.PHONE})
"""A live call by a human being: 'andere dan de in het eerste lid bedoelde middelen'."""
CALLS = frozenset({C.PHONE, C.AUTO_CALL})
DIRECTED = LID_1_MEANS | TELEPHONE | {C.POST}
"""Every channel that reaches one chosen person; unaddressed post does not."""


class Content(Term):
    """What a message or call is about, taken as a whole (G-02, G-03)."""

    PROMOTIONAL = "promotional"
    MIXED = "mixed"
    FACTUAL = "factual"
    CONSENT_REQUEST = "consent-request"
    OPT_IN_CONFIRMATION = "opt-in-confirmation"
    FORWARDED_BY_USER = "forwarded-by-user"
    REPLY = "reply"
    RESEARCH = "research"
    RESEARCH_WITH_OFFER = "research-with-offer"
    POLITICAL = "political"
    LOCAL_PAPER = "local-paper"
    UNKNOWN = "unknown"


MARKETING = frozenset(
    {
        Content.PROMOTIONAL,
        Content.MIXED,
        Content.CONSENT_REQUEST,
        Content.RESEARCH_WITH_OFFER,
        Content.POLITICAL,
        Content.UNKNOWN,
    }
)
"""Content that is direct marketing as such; what nobody qualified counts as marketing."""


class Purpose(Term):
    """Commerciële, charitatieve of ideële doeleinden."""

    COMMERCIAL = "commercial"
    CHARITABLE = "charitable"
    IDEAL = "ideal"
    UNKNOWN = "unknown"


class Advertises(Term):
    """Whose products a message advertises."""

    OWN = "own"
    GROUP_COMPANY = "group-company"
    THIRD_PARTY = "third-party"
    MIXED = "mixed"
    UNKNOWN = "unknown"


class Closeness(Term):
    """How near the product offered is to the nearest one bought, by the reviewed product map."""

    SAME = "same"
    ADJACENT = "adjacent"
    DEPARTMENT = "department"
    RANGE = "range"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


class Sender(Term):
    """What kind of organisation the controller is."""

    COMPANY = "company"
    CHARITY = "charity"
    IDEAL_ORGANISATION = "ideal-organisation"
    POLITICAL_PARTY = "political-party"
    LOTTERY = "lottery"
    PRESS_PUBLISHER = "press-publisher"
    PUBLIC_BODY = "public-body"
    UNKNOWN = "unknown"


IDEAL = frozenset({Sender.CHARITY, Sender.IDEAL_ORGANISATION, Sender.POLITICAL_PARTY})
"""Ideële of charitatieve organisaties; political parties are among them (X-02)."""


class Claimed(Term):
    """The basis that the controller says it relies on; the law decides whether it may."""

    CONSENT = "consent"
    LEGITIMATE_INTEREST = "legitimate-interest"
    CONTRACT = "contract"
    SERVICE = "service"
    UNKNOWN = "unknown"


class Recipient(Term):
    """Who is reached; somebody reached at work, at a legal person's number, is LEGAL_PERSON (G-08)."""

    CONSUMER = "consumer"
    SOLE_TRADER = "sole-trader"
    LEGAL_PERSON = "legal-person"
    UNKNOWN = "unknown"


BUSINESS = frozenset({Recipient.SOLE_TRADER, Recipient.LEGAL_PERSON})


class Age(Term):
    """The age bands that the law tells apart: twelve (UAVG 5, since 2026-09-01) and sixteen."""

    UNDER_TWELVE = "under-12"
    TWELVE_TO_FIFTEEN = "12-15"
    SIXTEEN_OR_OVER = "16+"
    UNKNOWN = "unknown"


MINOR = frozenset({Age.UNDER_TWELVE, Age.TWELVE_TO_FIFTEEN})


class Listing(Term):
    """What a register (bel-me-niet, Postfilter …) said when it was last consulted.

    STALE: not listed, but consulted longer ago than the register's rules allow.
    """

    LISTED = "listed"
    CLEAR = "clear"
    STALE = "stale"
    UNKNOWN = "unknown"


class Sticker(Term):
    """The sticker on the letter box (P-06)."""

    NEE_NEE = "nee-nee"
    NEE_JA = "nee-ja"
    JA_JA = "ja-ja"
    NONE = "none"
    UNKNOWN = "unknown"


class Invitation(Term):
    """Whether a published business address invites offers (B-02)."""

    EXPRESS = "express"
    CONTEXTUAL = "contextual"
    NONE = "none"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Naming(Term):
    """How a party stood on the consent form (C-03, S-04)."""

    NAMED = "named"
    LISTED = "listed"
    CATEGORY = "category"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Manner(Term):
    """The act by which consent was given.

    CONFIRMED: an act that leaves strong evidence of who acted (double opt-in, writing, or the
    person's own initiative).  ACTIVE: any other clear affirmative act.
    """

    CONFIRMED = "confirmed"
    ACTIVE = "active"
    PRE_TICKED_BOX = "pre-ticked-box"
    SILENCE = "silence"
    TERMS = "terms"
    REFUSAL_LINK = "small-refusal-link"
    UNKNOWN = "unknown"


class Incentive(Term):
    NONE = "none"
    MODEST = "modest"
    UNKNOWN = "unknown"


class Evidence(Term):
    """What can be shown for this one person's consent (G-07, C-06)."""

    FULL = "full"
    METADATA_ONLY = "metadata-only"
    PROCESS_ONLY = "process-only"
    NONE = "none"
    UNKNOWN = "unknown"


class Span(Term):
    """How long ago something was, in the spans that the switches and codes tell apart."""

    WITHIN_12_MONTHS = "within-12-months"
    WITHIN_24_MONTHS = "within-24-months"
    WITHIN_36_MONTHS = "within-36-months"
    LONGER = "longer"
    UNKNOWN = "unknown"


class Customer(Term):
    """What a relation makes of a person (D-04).

    PAID: a contract of sale or services that the person pays for.  FREEMIUM: a free account with
    accepted terms whose cost sits in a paid offer.  LINKED: an account by contract with an economic
    link to a paid offer, of which the terms are not shown.  GIFT, VOLUNTEER, ATTENDEE, SIGNATORY:
    relations with an ideal or charitable organisation.  NONE: an enquiry, a quote, a cancelled
    order, a free account, nothing.
    """

    PAID = "paid"
    FREEMIUM = "freemium"
    LINKED = "linked"
    GIFT = "gift"
    VOLUNTEER = "volunteer"
    ATTENDEE = "attendee"
    SIGNATORY = "signatory"
    NONE = "none"
    UNKNOWN = "unknown"


class Source(Term):
    """In what context contact details were obtained."""

    SALE = "sale"
    DONATION = "donation"
    VOLUNTEERING = "volunteering"
    EVENT = "event"
    PETITION = "petition"
    ACCOUNT = "account"
    NEWSLETTER = "newsletter"
    CONTEST = "contest"
    SURVEY = "survey"
    ENQUIRY = "enquiry"
    QUOTE = "quote"
    ABANDONED_CART = "abandoned-cart"
    APP_INSTALL = "app-install"
    CONNECTION = "connection"
    SERVICE_BOOKING = "service-booking"
    REFERRAL = "referral"
    THIRD_PARTY = "third-party"
    PUBLIC_REGISTER = "public-register"
    OPEN_WEB = "open-web"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class OptOut(Term):
    """How a way out was offered when the details were collected (D-07)."""

    SEPARATELY = "separately"
    TERMS_ONLY = "terms-only"
    NEVER = "never"
    UNKNOWN = "unknown"


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
    """After the objection the details came in again from another party."""
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
    asked: Answer = NO
    """The person asked for exactly this, and not too long ago (G-04)."""
    just_entered: Answer = NO
    """The address was entered here so lately that one confirmation may follow (D-11)."""
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
    consent: Consent = Consent()
    collection: Collection = Collection()
    relation: Relation = Relation()


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


def _values(record: object) -> tuple[str, ...]:
    return tuple(getattr(record, field.name).value for field in fields(record))  # type: ignore[arg-type]


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
        for name in ("consents", "collections", "relations"):
            records = getattr(self, name)
            if len(records) > 1:
                object.__setattr__(self, name, tuple(sorted(set(records), key=_values)))

    def __hash__(self) -> int:
        # Some sixty facts: worked out once, because every look-up of a decision asks for it.
        found: int | None = self.__dict__.get("_hash")
        if found is None:
            found = hash((self.do, self.act, self.person, self.consents, self.collections, self.relations))
            self.__dict__["_hash"] = found
        return found
