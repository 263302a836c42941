"""Existing customers: the soft opt-in for messages and, until 2026-06-30, for calls (Tw 11.7 lid 4).

Who is a customer, which products are similar and how long it lasts are contested or open; the
profile and the product map decide, and the receipt says which.
"""

from __future__ import annotations

from typing import Final

from grondslag.answers import UNKNOWN, YES, Answer, all_of, answer, any_of, not_
from grondslag.law.citations import Guidance, Tw
from grondslag.law.consent import free_of_refusal
from grondslag.law.electronic import in_scope
from grondslag.law.profiles import Profile
from grondslag.law.rules import Conditions, elsewhere, permits, reserves, said, since
from grondslag.law.situation import Collection, Message, Person, Relation
from grondslag.law.terms import (
    TELEPHONE,
    Advertises,
    Channel,
    Customer,
    OptOut,
    Purpose,
    Recipient,
    Sender,
    Source,
    Span,
)

AP: Final = Guidance(
    "AP", "pagina Reclame: wie is klant, eigen gelijksoortige producten", ("S18", "S19", "S38")
)
CODE_TM: Final = Guidance("RCC", "Code Telemarketing: klanttermijn van drie jaar", ("S11", "S68", "S70"))

MESSAGES: Final = frozenset({Channel.EMAIL, Channel.SMS, Channel.MESSENGER, Channel.SOCIAL_DM, Channel.PUSH})
_MACHINES: Final = frozenset({Channel.AUTO_CALL, Channel.FAX})


def in_sale(collection: Collection, relation: Relation) -> Answer:
    """The details were obtained in the context of a sale.

    Who opens an account, subscription or trial that he pays for, buys; what is got then is got in
    a sale.  A freemium or linked account is one only where the profile takes its holder for a
    customer, so the account counts as context without deciding that question.
    """
    if collection.source is Source.UNKNOWN:
        return UNKNOWN
    if collection.source in (Source.SALE, Source.SERVICE_BOOKING):
        return YES
    opened = relation.paid_account is YES or relation.customer in (Customer.FREEMIUM, Customer.LINKED)
    return answer(collection.source is Source.ACCOUNT and opened)


def offered(collection: Collection) -> Answer:
    """A way out was offered clearly and separately when the details were collected (D-07)."""
    return (
        UNKNOWN if collection.opt_out is OptOut.UNKNOWN else answer(collection.opt_out is OptOut.SEPARATELY)
    )


def own_products(message: Message) -> Answer:
    """Only the controller's own products are advertised, and the list is used for nobody else (D-05, S-06)."""
    own = (
        UNKNOWN if message.advertises is Advertises.UNKNOWN else answer(message.advertises is Advertises.OWN)
    )
    return all_of(own, not_(message.on_behalf))


def refused_nothing(person: Person) -> Answer:
    """No objection or withdrawal at collection or since."""
    return all_of(not_(person.collection.opt_out_used), free_of_refusal(person))


def refusal_id(person: Person) -> str:
    """A way out that was used at collection is one of the conditions there (D-07)."""
    return "D-07" if person.collection.opt_out_used is YES else "R-01"


def within_three_years(span: Span) -> Answer:
    """The three-year customer term of the Code Telemarketing (T-05)."""
    return UNKNOWN if span is Span.UNKNOWN else answer(span is not Span.LONGER)


def _commercial(message: Message) -> Answer:
    return UNKNOWN if message.purpose is Purpose.UNKNOWN else answer(message.purpose is Purpose.COMMERCIAL)


def _lid_4(message: Message, person: Person, profile: Profile) -> Conditions:
    """The conditions of lid 4 since 2021-07-01, in the law's order."""
    yield (
        "contactgegevens die hij heeft verkregen",
        all_of(person.collection.gives_detail, person.collection.own),
        "D-05",
    )
    yield "van zijn klanten", profile.reads("P-CUSTOMER", person.relation.customer), "D-04"
    yield "hij heeft verkregen van zijn klanten", person.relation.own, "D-05"
    yield (
        "in het kader van de verkoop van een product of dienst",
        in_sale(person.collection, person.relation),
        "D-04",
    )
    yield "voor commerciële doeleinden", _commercial(message)
    yield "eigen", own_products(message), "D-05"
    yield "gelijksoortige producten of diensten", profile.reads("P-SIMILAR", person.closeness), "D-06"
    yield (
        "duidelijk en expliciet de gelegenheid heeft geboden … op het ogenblik dat zij worden verzameld",
        offered(person.collection),
        "D-07",
    )
    yield "niet tegen het gebruik heeft verzet", refused_nothing(person), refusal_id(person)


def _old_lid(message: Message, person: Person, profile: Profile) -> Conditions:
    """The conditions until 2021-06-30: also for ideal and charitable purposes."""
    yield (
        "elektronische contactgegevens voor elektronische berichten heeft verkregen",
        all_of(person.collection.gives_detail, person.collection.own),
        "D-05",
    )
    yield (
        "in het kader van de verkoop van zijn product of dienst",
        in_sale(person.collection, person.relation),
        "D-04",
    )
    yield (
        "commerciële, ideële of charitatieve doeleinden",
        answer(None if message.purpose is Purpose.UNKNOWN else True),
    )
    yield "eigen", own_products(message), "D-05"
    yield "gelijksoortige producten of diensten", profile.reads("P-SIMILAR", person.closeness), "D-06"
    yield (
        "aan de klant",
        all_of(profile.reads("P-CUSTOMER", person.relation.customer), person.relation.own),
        "D-04",
    )
    yield "duidelijk en uitdrukkelijk de gelegenheid is geboden", offered(person.collection), "D-07"
    yield "indien de klant hiervan geen gebruik heeft gemaakt", refused_nothing(person), refusal_id(person)


def _still_customer(person: Person, profile: Profile) -> Conditions:
    """The statute sets no term; the person must still be able to see himself as a customer (D-10)."""
    yield (
        said("nog redelijkerwijs klant", AP),
        any_of(profile.reads("P-CUSTOMER-TERM", person.relation.ended), person.relation.long_lived),
        "D-10",
    )


@permits(
    "soft-opt-in",
    "D-03",
    law=Tw("11.7", 4),
    in_force=since("2021-07-01"),
    over=MESSAGES,
    when=in_scope,
    per=("collection", "relation"),
)
def soft_opt_in(message: Message, person: Person, profile: Profile) -> Conditions:
    """Write to your own customer about your own similar products, without asking first.

    Whether products are similar (gelijksoortig) is an open norm: a person assesses it per
    campaign, in the product map, and signs for it.  No assessment, no exception.  The way out
    in every message ("bij elke verzonden boodschap") is the duty D-08.  Until 30 June 2021 the
    exception stood in lid 3, until 30 June 2009 in lid 2; much of the literature cites lid 3.
    """
    yield from _lid_4(message, person, profile)
    yield from _still_customer(person, profile)


@permits(
    "soft-opt-in",
    "D-03",
    law=Tw("11.7", 3),
    in_force=since("2009-07-01", until="2021-06-30"),
    over=MESSAGES,
    when=in_scope,
    per=("collection", "relation"),
)
def soft_opt_in_2009(message: Message, person: Person, profile: Profile) -> Conditions:
    """Write to your own customer about your own similar products, without asking first."""
    yield from _old_lid(message, person, profile)
    yield from _still_customer(person, profile)


@permits(
    "soft-opt-in",
    "D-03",
    law=Tw("11.7", 2),
    in_force=since("2004-05-19", until="2009-06-30"),
    over=MESSAGES,
    when=in_scope,
    per=("collection", "relation"),
)
def soft_opt_in_2004(message: Message, person: Person, profile: Profile) -> Conditions:
    """Write to your own customer about your own similar products, without asking first."""
    yield from _old_lid(message, person, profile)
    yield from _still_customer(person, profile)


@permits(
    "soft-opt-in-for-machines",
    "D-02",
    "D-03",
    law=Tw("11.7", 4),
    in_force=since("2021-07-01"),
    over=_MACHINES,
    when=in_scope,
    per=("collection", "relation"),
    switch=("P-AUTOCALL", "permissive"),
)
def soft_opt_in_for_machines(message: Message, person: Person, profile: Profile) -> Conditions:
    """By the letter the customer exception lifts the whole of lid 1, calling machines included.

    ePrivacy 13 lid 2 grants it for electronic mail only: contested, P-AUTOCALL.
    """
    yield from _lid_4(message, person, profile)
    yield from _still_customer(person, profile)


def _three_years(person: Person) -> Conditions:
    yield (
        said("niet langer dan drie jaar geleden klant", CODE_TM),
        within_three_years(person.relation.ended),
        "T-05",
    )


def _natural(person: Person) -> bool:
    return person.recipient is not Recipient.LEGAL_PERSON


@permits(
    "calls-to-customers",
    "T-02",
    law=Tw("11.7", 4),
    in_force=since("2021-07-01", until="2026-06-30"),
    over=TELEPHONE,
    when=lambda m, p: in_scope(m, p) and _natural(p),
    per=("collection", "relation"),
)
def calls_to_customers(message: Message, person: Person, profile: Profile) -> Conditions:
    """Call your own customer about your own similar products: until 30 June 2026.

    Lid 4 then derogated from lid 1 and lid 2; since 2026-07-01 from lid 1 only.  Whoever first
    bought before, is judged by the law of the day of the call (G-06).
    """
    yield from _lid_4(message, person, profile)
    yield from _three_years(person)


def _exempt(message: Message, person: Person) -> bool:
    return (
        in_scope(message, person)
        and _natural(person)
        and (
            message.sender in (Sender.LOTTERY, Sender.PRESS_PUBLISHER)
            or YES in (message.licensed_lottery, message.periodical)
        )
    )


@permits(
    "calls-by-publishers-and-lotteries",
    "T-04",
    "T-03",
    "X-03",
    "X-04",
    law=Tw("11.7", 6),
    in_force=since("2026-07-01"),
    over=TELEPHONE,
    when=_exempt,
    per=("collection", "relation"),
)
def calls_by_publishers_and_lotteries(message: Message, person: Person, profile: Profile) -> Conditions:
    """Publishers of periodicals and some lotteries may still call their own customers.

    Any issue that appears at least three times a year counts (X-04); a licence under Wok art. 3,
    9 (Staatsloterij) or 27b (lotto) counts (X-03), any other does not.  The conditions of lid 4
    apply ("onder de in dat lid bedoelde voorwaarden").
    """
    if message.sender is Sender.PRESS_PUBLISHER or message.periodical is YES:
        yield (
            "ten minste driemaal per jaar periodiek verschijnende uitgaven",
            any_of(message.periodical, message.licensed_lottery),
            "X-04",
        )
    else:
        yield (
            "een houder van een vergunning als bedoeld in de artikelen 3, 9 of 27b",
            message.licensed_lottery,
            "X-03",
        )
    yield from elsewhere(_lid_4(message, person, profile), Tw("11.7", 4))
    yield from _three_years(person)


@reserves(
    "no-calls-to-customers",
    "T-03",
    law=Tw("11.7", 2),
    in_force=since("2026-07-01"),
    over=TELEPHONE,
    per=("relation",),
    when=lambda m, p: in_scope(m, p) and _natural(p) and p.relation.customer not in (Customer.NONE,),
)
def no_calls_to_customers(message: Message, person: Person) -> Conditions:
    """Being a customer no longer allows a call to a natural person."""
    yield "andere dan de in het eerste lid bedoelde middelen", YES
    yield "aan natuurlijke personen", answer(None if person.recipient is Recipient.UNKNOWN else True)


@reserves(
    "no-calls-to-sole-trader-customers",
    "T-17",
    law=Tw("11.7", 2),
    in_force=since("2026-07-01"),
    over=TELEPHONE,
    per=("relation",),
    when=lambda m, p: (
        in_scope(m, p) and p.recipient is Recipient.SOLE_TRADER and p.relation.customer is not Customer.NONE
    ),
)
def no_calls_to_sole_trader_customers(message: Message, person: Person) -> Conditions:
    """The end of the customer exception reaches the sole trader: he is a natural person too."""
    yield "aan natuurlijke personen", YES
