"""The discrete facts of keeping, of the rights of the person, of informing and of qualification.

In the style of :mod:`grondslag.law.situation`: answers and small enums, never a date, a number or a
name.  Every term is weighed when the facts are drawn; a rule only reads whether it still runs.
"""

from __future__ import annotations

from dataclasses import dataclass

from grondslag.answers import NO, UNKNOWN, Answer
from grondslag.law.terms import Advertises, Channel, Content, Purpose, Term

# --- Keeping ------------------------------------------------------------------------------------


class Kept(Term):
    """What is kept: each is a copy of its own, for a purpose of its own."""

    MARKETING_DATA = "marketing-data"
    PROFILE = "profile"
    INVOICE = "invoice"
    PROPERTY_VAT_FILE = "property-vat-file"
    CONSENT_PROOF = "consent-proof"
    SUPPRESSION_ENTRY = "suppression-entry"
    RECORDING = "recording"
    ORDER_RECORD = "order-record"
    INVESTMENT_RECORDING = "investment-recording"
    REQUEST_FILE = "request-file"
    ANONYMOUS_STATISTICS = "anonymous-statistics"
    UNKNOWN = "unknown"


RECORDINGS = frozenset({Kept.RECORDING, Kept.INVESTMENT_RECORDING})


class KeptFor(Term):
    """What the copy is kept for."""

    MARKETING = "marketing"
    TAX = "tax"
    CONTRACT = "contract"
    CLAIMS = "claims"
    COMPLAINT = "complaint"
    PROOF = "proof"
    LEGAL_DUTY = "legal-duty"
    BLOCK = "block"
    STATISTICS = "statistics"
    TRAINING = "training"
    UNKNOWN = "unknown"


EVIDENCE = frozenset({KeptFor.CONTRACT, KeptFor.CLAIMS, KeptFor.COMPLAINT, KeptFor.PROOF})
"""Purposes that come down to being able to show something later."""


@dataclass(frozen=True, slots=True)
class Retention:
    """The act of keeping one copy a day longer (``do: keep``)."""

    what: Kept = Kept.UNKNOWN
    purpose: KeptFor = KeptFor.UNKNOWN
    for_marketing: Answer = UNKNOWN
    """The copy is used for marketing meanwhile."""
    statutory: Answer = NO
    """Within the term for which a statute says that this record must be kept."""
    needed: Answer = UNKNOWN
    """What it proves still runs, or the limitation period after it; a shorter own term counts."""
    hold: Answer = NO
    """A dispute runs: legal hold."""
    own_term: Answer = UNKNOWN
    """Within the term that the controller set itself; unknown: none on file."""
    bounded: Answer = UNKNOWN
    """That term is no longer than can be defended (K-06, K-11)."""
    stated: Answer = UNKNOWN
    reasoned: Answer = UNKNOWN
    lawful: Answer = UNKNOWN
    """A recording was announced at the start, with its purposes."""
    recorded_for: Answer = UNKNOWN
    """A recording was made for the purpose that it is kept for."""
    erasure_asked: Answer = NO
    other_consent: Answer = NO
    """A consent that no objection, withdrawal or erasure request has touched."""


# --- The rights of the person ---------------------------------------------------------------------


class Right(Term):
    """Which right a request uses (AVG 15-21), or the proof of an opt-in (T-12)."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    PROOF = "proof"
    UNKNOWN = "unknown"


class About(Term):
    """What a request is about, as far as the law tells it apart.

    INCOMPLETE: data that are completed rather than corrected: a file, an opinion.
    """

    RECORDING = "recording"
    ADMINISTRATION = "administration"
    SUPPRESSION = "suppression"
    INCOMPLETE = "incomplete"
    OTHER = "other"
    UNKNOWN = "unknown"


class Outcome(Term):
    """What became of a request.  PENDING: not answered yet.  ANNOTATED: a correction was put beside it."""

    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"
    ANNOTATED = "annotated"
    UNKNOWN = "unknown"


class Named(Term):
    """How an answer to an access request tells who got the data."""

    RECIPIENTS = "recipients"
    CATEGORIES = "categories"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Response:
    """The act of answering a request (``do: respond``)."""

    right: Right = Right.UNKNOWN
    about: About = About.UNKNOWN
    outcome: Outcome = Outcome.UNKNOWN
    in_time: Answer = UNKNOWN
    """Answered within the month, or within three when extended in time; or that may still be done."""
    in_five_days: Answer = UNKNOWN
    """The same for the five working days of the Code Telemarketing."""
    reasons: Answer = UNKNOWN
    naming: Named = Named.UNKNOWN
    shared: Answer = NO
    """The data were disclosed to others, by the controller's own log."""
    charged: Answer = UNKNOWN
    plausible: Answer = UNKNOWN
    """The correction that is asked for is plausible."""
    exempt: Answer = UNKNOWN
    """What is to be erased must or may be kept (AVG 17 lid 3), or no ground for erasure is there."""
    investment: Answer = NO
    """The recording that it is about is one of an investment service."""
    by_phone: Answer = UNKNOWN
    """The consent whose proof is asked for is one to telephone calls."""


class Means(Term):
    """What a person has to show before a request is handled."""

    NONE = "none"
    EMAIL_ROUND_TRIP = "email-round-trip"
    LOGIN = "login"
    DATE_OF_BIRTH = "date-of-birth"
    MASKED_ID = "masked-id"
    FULL_ID = "full-id"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Identification:
    """The act of asking who somebody is (``do: identify``)."""

    right: Right = Right.UNKNOWN
    means: Means = Means.UNKNOWN
    doubt: Answer = UNKNOWN
    sensitive: Answer = UNKNOWN


# --- Information ------------------------------------------------------------------------------------


class Moment(Term):
    """When the person is informed."""

    COLLECTION = "collection"
    FIRST_CONTACT = "first-contact"
    FIRST_DISCLOSURE = "first-disclosure"
    NEW_PURPOSE = "new-purpose"
    STATEMENT = "statement"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Information:
    """The act of informing (``do: inform``); ``lacks_…``: that item of AVG 13 or 14 is missing."""

    moment: Moment = Moment.UNKNOWN
    elsewhere: Answer = UNKNOWN
    """The data were not obtained from the person (AVG 14)."""
    lacks_purposes: Answer = UNKNOWN
    lacks_interest: Answer = UNKNOWN
    lacks_retention: Answer = UNKNOWN
    lacks_objection: Answer = UNKNOWN
    lacks_withdrawal: Answer = UNKNOWN
    lacks_source: Answer = UNKNOWN
    lacks_other: Answer = UNKNOWN
    clear: Answer = UNKNOWN
    separate: Answer = UNKNOWN
    on_time: Answer = UNKNOWN


# --- Questions of qualification -----------------------------------------------------------------------


class Query(Term):
    """Which question of qualification is asked; the answer is true or false."""

    EXISTING_CUSTOMER = "existing-customer"
    CONSENT_VALID = "consent-valid"
    DIRECT_MARKETING = "direct-marketing"
    SENDER = "sender"
    PROOF = "proof"
    NEEDS_ART_6_GROUND = "needs-art-6-ground"
    LEGITIMATE_INTEREST = "legitimate-interest"
    WRITTEN_FORM = "written-form"
    WITHDRAWAL_EASY = "withdrawal-easy"
    SANCTIONABLE = "sanctionable"
    RESPONSIBLE = "responsible"
    MUST_RECORD = "must-record"
    MUST_TELL_RECIPIENTS = "must-tell-recipients"
    UNKNOWN = "unknown"


class Role(Term):
    """Whose part somebody plays in a campaign.  PRINCIPAL: it is done in his name or from his list."""

    PRINCIPAL = "principal"
    BETWEEN = "between"
    CARRIER = "carrier"
    UNKNOWN = "unknown"


class Subject(Term):
    """What is to be proved, and with what: anything else than a recording is weighed as it is."""

    CONSENT = "consent"
    RECORDED_CONSENT = "recorded-consent"
    DISCLOSURES = "disclosures"
    UNKNOWN = "unknown"


class Happening(Term):
    """What happened that recipients may have to hear of."""

    WITHDRAWAL = "withdrawal"
    CHANGE = "change"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of qualification (``do: judge``); each reads some of these facts, and the records."""

    question: Query = Query.UNKNOWN
    channel: Channel = Channel.UNKNOWN
    content: Content = Content.UNKNOWN
    purpose: Purpose = Purpose.UNKNOWN
    advertises: Advertises = Advertises.UNKNOWN
    on_behalf: Answer = NO
    """The message is sent for another advertiser."""
    opt_out: Answer = UNKNOWN
    """Every message offers a free, easy, electronic way out without login."""
    editorial: Answer = NO
    """Editorial content that is known to hold no link to a paid offer, and of which no other sales element is."""
    directed: Answer = UNKNOWN
    """A message is directed to individual people."""
    role: Role = Role.UNKNOWN
    has_say: Answer = UNKNOWN
    """Decides on the content, the addresses or the rules of the campaign."""
    engaged: Answer = UNKNOWN
    """Dispatches for its own account, monitors, steers, or is paid by the advertisers."""
    subject: Subject = Subject.UNKNOWN
    shown: Answer = UNKNOWN
    """Found for this person, with identity, wording and act; unknown: look at the consent on file."""
    before_call: Answer = UNKNOWN
    """The consent was given before the call that it is to justify."""
    filled_by_other: Answer = NO
    """Somebody else, such as a sales agent, filled in the form."""
    refusal_hard: Answer = NO
    """Refusing asked for more than accepting: an extra form, a link in small print."""
    logged: Answer = UNKNOWN
    """A log tells to whom data went, and the recipients can be named."""
    lawful: Answer = UNKNOWN
    commercial: Answer = UNKNOWN
    """The interest is purely commercial."""
    in_law: Answer = UNKNOWN
    """The interest is laid down in a statute."""
    unnecessary: Answer = NO
    outweighed: Answer = NO
    untold: Answer = NO
    """The interest was not told at collection."""
    written: Answer = UNKNOWN
    from_call: Answer = UNKNOWN
    """The contract results from a call by the trader."""
    renewal: Answer = UNKNOWN
    regular: Answer = UNKNOWN
    """Regular services, or regular supply of gas, electricity, water or heat."""
    as_easy: Answer = UNKNOWN
    """Withdrawing takes no more than giving took, and no login."""
    charged: Answer = NO
    connected: Answer = UNKNOWN
    breach: Answer = UNKNOWN
    """The act breached a rule; unknown: that is not what is asked."""
    investment: Answer = UNKNOWN
    to_order: Answer = UNKNOWN
    """The talk led, or was meant to lead, to an order."""
    happening: Happening = Happening.UNKNOWN
    one_consent: Answer = UNKNOWN
    """All controllers in the chain lean on one consent."""
    recipients: Answer = UNKNOWN
    impossible: Answer = NO
