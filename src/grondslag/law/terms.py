"""The terms of the law: small closed sets of values, the vocabulary of every fact.

The facts themselves, which of these terms a person or a message has, stand in
:mod:`grondslag.law.situation` and, for the other acts, :mod:`grondslag.law.acts` and
:mod:`grondslag.law.rights_terms`.
"""

from __future__ import annotations

from enum import Enum


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
    """Whether a published business address invites offers (B-02).

    OTHER: what was published is another detail than this channel needs.
    """

    EXPRESS = "express"
    CONTEXTUAL = "contextual"
    NONE = "none"
    OTHER = "other"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Request(Term):
    """What the person asked for, as far as it bears on this message or call (G-04).

    CALL: to be called about this.  REPLY: this, by a way that fits the channel.  OTHER: too long ago,
    about something else, or by another way.
    """

    NONE = "none"
    OTHER = "other"
    REPLY = "reply"
    CALL = "call"
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


ELSEWHERE = frozenset({Source.THIRD_PARTY, Source.PUBLIC_REGISTER, Source.OPEN_WEB, Source.REFERRAL})
"""Sources other than the person (AVG 14)."""


class OptOut(Term):
    """How a way out was offered when the details were collected (D-07)."""

    SEPARATELY = "separately"
    TERMS_ONLY = "terms-only"
    NEVER = "never"
    UNKNOWN = "unknown"
