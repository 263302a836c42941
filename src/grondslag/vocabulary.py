"""The words of the situation format: for every kind of record, its fields and what each may hold.

This is the one definition of the format (``docs/situation-format.md`` tells it in prose): the JSON
schema, the reader of situation files and the columns of an audience file are drawn from it.  A value
left out is *unknown*, so none of it is required.  The tables are laid out by hand, one field to a line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text of at most ``most`` characters; ``pattern`` and ``form`` narrow it, in regex and in words."""

    most: int = 200
    pattern: str = r"^(?=.*\S)[^\x00-\x1f\x7f]+$(?!\n)"
    form: str = "one line of text"


@dataclass(frozen=True, slots=True)
class Day:
    """A day, within bounds that keep the day plus or minus a term of the law inside the calendar."""

    FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)

    @classmethod
    def read(cls, text: str) -> date:
        """The day that text written as 2026-07-01 names; anything else raises ``ValueError``."""
        if (day := date.fromisoformat(text)).isoformat() != text or not cls.FIRST <= day <= cls.LAST:
            raise ValueError(f"no day from {cls.FIRST} to {cls.LAST}, written YYYY-MM-DD")
        return day


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number, both bounds included."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class OneOf:
    """One word of a closed list; or, with ``or_flag``, true or false."""

    values: tuple[str, ...]
    or_flag: bool = False


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of words or texts; an empty one is refused where it could mean nothing or anything."""

    item: OneOf | Text
    least: int = 1


@dataclass(frozen=True, slots=True)
class ListOr:
    """One word that stands for everything (``all``, ``anything``), or a list."""

    word: str
    items: ListOf


@dataclass(frozen=True, slots=True)
class Open:
    """Any fields with a scalar or a list of scalars: the facts of a question of qualification."""


@dataclass(frozen=True, slots=True)
class Object:
    """A record inside a record."""

    fields: Fields


@dataclass(frozen=True, slots=True)
class Field:
    """What a field may hold, and one line that says what it is about."""

    type: Type
    about: str


Type = Flag | Text | Day | Number | OneOf | ListOf | ListOr | Open | Object
Fields = Mapping[str, Field]

FLAG, TEXT, DAY, TEXTS, MONTHS = Flag(), Text(), Day(), ListOf(Text()), Number(0, 1200)


def one_of(values: str) -> OneOf:
    """A closed list, written as one string with the words set apart by spaces."""
    return OneOf(tuple(values.split()))


def word(values: str, about: str) -> Field:
    """A field that holds one word of a closed list of its own."""
    return Field(one_of(values), about)


CHANNEL = one_of("email sms messenger social-dm push inbox-ad fax auto-call phone post door-drop")
CHANNELS = ListOr("all", ListOf(CHANNEL))
DETAIL = one_of("email phone address handle device")
PUBLISHED = one_of("email phone fax address handle device")
ROUTE = one_of("link reply call letter shop social portal")
STICKER = OneOf(("nee-nee", "nee-ja", "ja-ja", "none"), or_flag=True)
REQUEST = one_of("access rectification erasure restriction portability objection proof")
CLOSENESS = one_of("same adjacent department range foreign")
AIMS = ListOf(one_of("contract complaint training legal-duty consent-proof fraud"))
PROFILE = one_of("strict balanced permissive")
LABEL = Text(64, r"^[A-Za-z][A-Za-z0-9._-]*$(?!\n)", "a label of letters, digits, dots and hyphens")
BASIS = one_of("consent legitimate-interest contract service")

# fmt: off
CONTROLLER: Fields = {
    "name": Field(TEXT, "The legal entity that does the act."),
    "kind": word("company charity ideal-organisation political-party lottery press-publisher "
        "public-body", "What sort of organisation it is."),
    "licence": word("wok-3 wok-9 wok-27b other", "The licence of a lottery."),
    "issues_per_year": Field(Number(0, 1000), "How often the title of a publisher appears."),
}

PERSON: Fields = {
    "kind": word("consumer sole-trader legal-person", "In which capacity the person is reached."),
    "age": Field(Number(0, 130), "Age in years on the day of the act."),
    "country": Field(Text(2, "^[A-Z]{2}$", "an ISO country code of two capitals"), "NL when left out."),
    "municipality": Field(TEXT, "The municipality, for unaddressed post."),
    "deceased": Field(FLAG, "Whether the person has died."),
}

NESTED: Mapping[str, Fields] = {
    "verified": {
        "date": Field(DAY, "The day of the verification."),
        "by": Field(TEXT, "How it was verified, e.g. sms."),
    },
    "message": {
        "opt_out": word("one-click link reply login phone-only none", "The way out that it offers."),
        "identity": Field(FLAG, "Whether it says who sends it."),
        "address": Field(FLAG, "Whether it gives an address or number to stop it."),
        "reply_works": Field(FLAG, "Whether a reply arrives."),
        "objection_right_told": Field(FLAG, "Whether it tells of the right to object."),
        "source_told": Field(FLAG, "Whether it tells where the data came from."),
    },
    "call": {
        "number_shown": Field(FLAG, "Whether the number is shown."),
        "identity_first": Field(FLAG, "Whether the caller says at the start who calls, and why."),
        "objection_offered": Field(FLAG, "Whether the caller offers the right to object."),
        "reachable_months": Field(MONTHS, "How long the number can be called back."),
        "day": word("working holiday mourning", "The sort of day."),
    },
    "forward": {
        "reward": Field(FLAG, "Whether forwarding is rewarded."),
        "initiator_clear": Field(FLAG, "Whether it is clear who took the initiative."),
        "preview": Field(FLAG, "Whether the user sees the whole message first."),
        "addresses_stored": Field(FLAG, "Whether the addresses of the friends are stored."),
        "abuse_protection": Field(FLAG, "Whether abuse is prevented."),
    },
    "to": {
        "name": Field(TEXT, "The recipient of the data."),
        "kind": word("company group-company platform processor acquirer directory", "What it is."),
    },
}

_RECORDING: Fields = {
    "purposes": Field(AIMS, "What the call is recorded for."),
    "announced": word("never late without-purpose with-purpose", "How the recording is announced."),
    "service": word("investment other", "The service that the call is about."),
}

EVENTS: Mapping[str, Fields] = {
    "collected": {
        "details": Field(ListOf(DETAIL), "The contact details that were obtained."),
        "in": word("sale donation volunteering event petition account newsletter contest survey enquiry "
            "quote abandoned-cart app-install connection service-booking referral third-party "
            "public-register open-web", "The occasion on which they were obtained."),
        "by": Field(TEXT, "Who obtained them; the controller when left out."),
        "opt_out_offered": word("separately terms-only never", "How an objection was offered there."),
        "opt_out_used": Field(FLAG, "Whether the person used it."),
        "informed": Field(FLAG, "Whether the information of art. 13/14 AVG was given."),
        "interest_told": Field(FLAG, "Whether the legitimate interest was named."),
    },
    "relation": {
        "kind": word("purchase subscription service donation membership volunteering attendance petition "
            "account trial lottery-play quote none", "The relation with the controller."),
        "product": Field(TEXT, "The product or service."),
        "paid": Field(FLAG, "Whether it was paid for."),
        "model": word("paid free freemium", "The model of an account."),
        "terms_accepted": Field(FLAG, "Whether the terms were accepted."),
        "until": Field(DAY, "The day on which the relation ended."),
        "cancelled": Field(FLAG, "Whether it was cancelled."),
        "with": Field(TEXT, "The other legal entity, when it is not the controller."),
        "long_lived": Field(FLAG, "Whether the product has a documented long life, such as a car."),
    },
    "consent": {
        "channels": Field(CHANNELS, "The channels that it covers."),
        "about": Field(ListOr("anything", TEXTS), "The products that it covers."),
        "to": Field(TEXTS, "To whom it was given; the controller when left out."),
        "naming": word("named listed category", "How the sender stood on the form."),
        "by": word("ticked-box button double-opt-in oral written own-initiative pre-ticked-box silence terms "
            "small-refusal-link", "The act by which it was given."),
        "conditional": Field(FLAG, "Whether the service was refused without it."),
        "incentive": word("none modest", "What was given in return."),
        "informed": Field(FLAG, "Whether the person knew what the consent was for."),
        "given_by": word("person parent", "Who gave it."),
        "evidence": word("full metadata-only process-only none", "The proof that is kept of it."),
        "verified": Field(Object(NESTED["verified"]), "The check that it was this person who gave it."),
        "months": Field(MONTHS, "How long it was said to hold."),
        "purpose": word("marketing sharing recording directory", "What it was given for."),
        "data": Field(TEXTS, "The data that a consent to sharing covers."),
    },
    "withdrawal": {
        "channels": Field(CHANNELS, "The channels for which consent was withdrawn."),
        "at": Field(TEXT, "The controller with whom it was made."),
    },
    "objection": {
        "channels": Field(CHANNELS, "The channels objected to."),
        "route": Field(ROUTE, "How it came in."),
        "scope": word("marketing profiling sharing", "The use objected to; sharing is that of others."),
    },
    "register": {
        "name": word("bel-me-niet postfilter non-mailing-indicator deceased door-sticker "
            "research-filter", "The register that was looked up."),
        "listed": Field(STICKER, "Whether the person is in it, or the text of the sticker."),
        "checked": Field(DAY, "The day on which it was looked up."),
    },
    "published": {
        "detail": Field(PUBLISHED, "The contact detail that the person published."),
        "invitation": word("express contextual none", "Whether it invites offers."),
        "matches_offer": Field(FLAG, "Whether the offer is of the kind invited."),
        "snapshot": Field(FLAG, "Whether a copy of the publication is kept."),
    },
    "asked": {
        "for": word("call quote information message", "What the person asked for."),
        "about": Field(TEXT, "The product that it was about."),
    },
    "assessed": {
        "kind": word("compatibility legitimate-interest", "What was assessed."),
        "outcome": word("pass fail", "The outcome."),
        "on_record": Field(FLAG, "Whether the assessment is on record."),
    },
    "interaction": {
        "kind": word("received opened clicked bought", "What the person did."),
        "channel": Field(CHANNEL, "The channel."),
    },
    "shared": {
        "to": Field(TEXT, "Who received the data."),
        "data": Field(TEXTS, "The data."),
        "ground": Field(TEXT, "The ground that was used."),
    },
    "request": {
        "kind": Field(REQUEST, "The right that the person used."),
        "route": Field(ROUTE, "How it came in."),
        "about": Field(TEXT, "What it is about."),
        "plausible": Field(FLAG, "Whether a rectification is plausible."),
    },
    "recorded": _RECORDING,
    "dispute": {
        "about": Field(TEXT, "What the dispute is about."),
        "until": Field(DAY, "The day on which it ended."),
    },
    "policy": {
        "retention_months": Field(MONTHS, "The term for which the data are kept."),
        "stated": Field(FLAG, "Whether the term stands in the privacy statement."),
        "reasoned": Field(FLAG, "Whether the term is reasoned."),
        "for": Field(TEXT, "What the term is about, e.g. marketing-data."),
    },
}

ACTS: Mapping[str, Fields] = {
    "contact": {
        "channel": Field(CHANNEL, "The channel that is used."),
        "content": word("promotional mixed factual consent-request opt-in-confirmation forwarded-by-user "
            "reply research research-with-offer political local-paper", "What the message or call holds."),
        "purpose": word("commercial charitable ideal", "The purpose."),
        "product": Field(TEXT, "The product that is offered."),
        "closeness": Field(CLOSENESS, "How near that product is to the nearest one bought."),
        "advertises": word("own group-company third-party mixed", "Whose product it is."),
        "special_category": Field(TEXT, "The special category of data that the selection rests on."),
        "claimed_basis": Field(BASIS, "The ground that the controller claims."),
        "message": Field(Object(NESTED["message"]), "What the message itself carries."),
        "call": Field(Object(NESTED["call"]), "How the call itself goes."),
        "forward": Field(Object(NESTED["forward"]), "How a message that a user forwards is set up."),
        "on_behalf_of": Field(TEXT, "The advertiser, when the controller mails its own list for another."),
        "local_rules_met": Field(FLAG, "Whether local rules are met, for a recipient outside the EEA."),
    },
    "share": {
        "to": Field(Object(NESTED["to"]), "Who receives the data."),
        "data": Field(TEXTS, "The data, e.g. name, address, residence, email, phone, birth-date."),
        "hashed": Field(FLAG, "Whether the data are hashed."),
        "for": word("their-marketing custom-audience exclusion lookalike performing-contracts "
            "our-instructions directory sale-of-list", "What the recipient gets them for."),
        "contract_28": Field(FLAG, "Whether there is a contract as in art. 28 AVG."),
        "arrangement_26": Field(FLAG, "Whether there is an arrangement as in art. 26 AVG."),
        "consideration": Field(FLAG, "Whether something is paid for the data."),
        "closeness": Field(CLOSENESS, "How near the product is to the nearest one bought."),
    },
    "receive": {
        "from": Field(TEXT, "Who supplies the data."),
        "proof_per_person": Field(FLAG, "Whether the proof of consent comes with each person."),
        "own_check": Field(FLAG, "Whether the recipient checked it itself."),
        "informed_14_on": Field(DAY, "The day on which the person was informed as in art. 14 AVG."),
    },
    "record": {
        **_RECORDING,
        "phase": word("talk hold", "The talk itself, or the time on hold."),
        "card_data": Field(FLAG, "Whether card data are read out."),
        "paused": Field(FLAG, "Whether the recording is paused then."),
        "consent_before_call": Field(FLAG, "Whether consent to be recorded was given before the call."),
        "objection_offered": Field(FLAG, "Whether the person may object to being recorded."),
    },
    "keep": {
        "what": word("marketing-data profile invoice property-vat-file consent-proof suppression-entry "
            "recording order-record investment-recording request-file anonymous-statistics", "What is kept."),
        "since": Field(DAY, "The day on which the term starts."),
        "purpose": word("marketing tax contract claims complaint proof legal-duty block statistics "
            "training", "What it is kept for."),
        "term_months": Field(MONTHS, "The term that the controller set."),
        "stated": Field(FLAG, "Whether the term stands in the privacy statement."),
        "reasoned": Field(FLAG, "Whether the term is reasoned."),
        "for_marketing": Field(FLAG, "Whether it is used for marketing meanwhile."),
    },
    "process": {
        "what": word("profiling enrichment online-advertising mandatory-field", "The use."),
        "claimed_basis": Field(BASIS, "The ground that the controller claims."),
        "told_at_collection": Field(FLAG, "Whether this use was told when the data were collected."),
    },
    "respond": {
        "received": Field(DAY, "The day on which the request came in."),
        "extension_notice": Field(DAY, "The day on which the person was told that it takes longer."),
        "answered": Field(DAY, "The day of the answer."),
        "reasons_given": Field(FLAG, "Whether the answer gives reasons."),
        "answer_names": word("recipients categories", "Whether it names the recipients."),
        "outcome": word("granted refused annotated", "The outcome."),
        "charge": Field(FLAG, "Whether money was asked."),
    },
    "identify": {
        "for": Field(REQUEST, "The request for which identification is asked."),
        "means": word("none email-round-trip login masked-id full-id "
            "date-of-birth", "What the person has to show."),
        "doubt": Field(FLAG, "Whether there is reasonable doubt who asks."),
        "sensitive": Field(FLAG, "Whether the data asked for are sensitive."),
    },
    "inform": {
        "moment": word("collection first-contact first-disclosure new-purpose "
            "statement", "When the person is informed."),
        "missing": Field(ListOf(Text(), least=0), "What is missing of the information of art. 13/14 AVG."),
        "clear": Field(FLAG, "Whether it is clear."),
        "separate": Field(FLAG, "Whether the right to object is told separately."),
        "on_time": Field(FLAG, "Whether it is in time."),
    },
    "judge": {
        "question": word("existing-customer consent-valid direct-marketing sender proof needs-art-6-ground "
            "legitimate-interest written-form withdrawal-easy sanctionable responsible must-record "
            "must-tell-recipients", "The question of qualification; the answer is true or false."),
        "facts": Field(Open(), "Further facts; what cannot be read counts as unknown."),
    },
}

SITUATION: Fields = {
    "id": Field(LABEL, "The name of the situation in its file."),
    "title": Field(TEXT, "What happens, in one line."),
    "profile": Field(PROFILE, "The policy profile; strict when left out."),
    "controller": Field(Object(CONTROLLER), "Who is about to act."),
    "person": Field(Object(PERSON), "Who is on file."),
    "why": Field(Text(4000, r"\S", "text"), "Why the answer is what it is."),
    "source": Field(TEXTS, "Where the law or the facts were found."),
    "confidence": word("high medium low", "How sure the author is."),
    "contested": Field(FLAG, "Whether serious authorities disagree."),
}
# fmt: on

_KINDS: Mapping[str, Fields] = {"controller": CONTROLLER, "person": PERSON, **EVENTS, **ACTS, **NESTED}


def fields_of(kind: str) -> Fields:
    """The fields of ``controller``, ``person``, an event, an act, or a record inside one of these.

    The ``date`` of an event or act, and ``do``, stand beside these.  An unknown kind raises ``KeyError``.
    """
    return _KINDS[kind]


def expect_fields(answer: Flag | OneOf) -> Fields:
    """The fields of ``expect``, of which the answer differs: true or false for a judge, else a word."""
    by_profile = Object({name: Field(answer, "The answer under this profile.") for name in PROFILE.values})
    return {
        "answer": Field(answer, "The answer of the law."),
        "rule": Field(LABEL, "The id of the rule that decides."),
        "duties": Field(ListOf(LABEL, least=0), "The ids of the duties that an allow carries."),
        "by_profile": Field(by_profile, "The answers under other profiles, where they differ."),
    }
