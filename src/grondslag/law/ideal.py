"""Ideal and charitable organisations: gifts, volunteers, visitors (Tw 11.7 lid 5)."""

from __future__ import annotations

from typing import Final

from grondslag.answers import UNKNOWN, Answer, all_of, answer
from grondslag.law.citations import Tw
from grondslag.law.customers import (
    CODE_TM,
    MESSAGES,
    offered,
    own_products,
    refusal_id,
    refused_nothing,
    within_three_years,
)
from grondslag.law.electronic import in_scope
from grondslag.law.rules import Conditions, permits, quoted, said, since
from grondslag.law.situation import Message, Person
from grondslag.law.terms import IDEAL, TELEPHONE, Customer, Purpose, Recipient, Sender, Source

_BY_PHONE: Final = frozenset({Source.DONATION, Source.VOLUNTEERING, Source.EVENT})
SUPPORTERS: Final = frozenset({Customer.GIFT, Customer.VOLUNTEER, Customer.ATTENDEE})
_SIGNED: Final = frozenset({Source.PETITION, Source.EVENT})
_SIGNATORIES: Final = frozenset({Customer.SIGNATORY})


def ideal_sender(message: Message) -> Answer:
    """An ideal or charitable organisation; DMCC: political parties are among them (X-02)."""
    return UNKNOWN if message.sender is Sender.UNKNOWN else answer(message.sender in IDEAL)


def _ideal_purpose(message: Message) -> Answer:
    return (
        UNKNOWN if message.purpose is Purpose.UNKNOWN else answer(message.purpose is not Purpose.COMMERCIAL)
    )


def _obtained(person: Person, sources: frozenset[Source]) -> Answer:
    if person.collection.source is Source.UNKNOWN:
        return UNKNOWN
    return all_of(
        answer(person.collection.source in sources), person.collection.gives_detail, person.collection.own
    )


def _in_play(message: Message, person: Person) -> bool:
    return in_scope(message, person) and (message.sender in IDEAL or message.sender is Sender.UNKNOWN)


def _by_phone(message: Message, person: Person) -> bool:
    return _in_play(message, person) and person.recipient is not Recipient.LEGAL_PERSON


def _three_years(person: Person, kinds: frozenset[Customer] = SUPPORTERS) -> Conditions:
    """The relation that the details came from is not over for too long."""
    yield (
        said("de relatie eindigde niet langer dan drie jaar geleden", CODE_TM),
        all_of(
            answer(person.relation.customer in kinds),
            person.relation.own,
            within_three_years(person.relation.ended),
        ),
        "T-05",
    )


@permits(
    "donors",
    "D-14",
    "X-01",
    law=Tw("11.7", 5),
    in_force=since("2026-07-01"),
    over=MESSAGES,
    when=_in_play,
    per=("collection",),
)
def donors(message: Message, person: Person) -> Conditions:
    """A charity may message its donors about its own cause, without asking first.

    Volunteers and visitors of its manifestations may on this ground be called, not messaged.
    """
    yield "een ideële of charitatieve organisatie", ideal_sender(message)
    yield (
        "contactgegevens die zij heeft verkregen in het kader van een schenking",
        _obtained(person, frozenset({Source.DONATION})),
    )
    yield "voor eigen", own_products(message), "D-05"
    yield "ideële of charitatieve doeleinden", _ideal_purpose(message)
    yield (
        "duidelijk en expliciet de gelegenheid heeft geboden … op het moment dat zij worden verzameld",
        offered(person.collection),
        "D-07",
    )
    yield "niet tegen het gebruik heeft verzet", refused_nothing(person), refusal_id(person)


@permits(
    "donors",
    "D-14",
    "X-01",
    law=Tw("11.7", 5),
    in_force=since("2021-07-01", until="2026-06-30"),
    over=MESSAGES,
    when=_in_play,
    per=("collection",),
)
def donors_2021(message: Message, person: Person) -> Conditions:
    """A charity may message its donors about its own cause, without asking first."""
    yield "ideële of charitatieve organisaties", ideal_sender(message)
    yield "in het kader van een schenking", _obtained(person, frozenset({Source.DONATION}))
    yield from _conditions_of_lid_4(message, person)


@permits(
    "calls-to-supporters",
    "T-06",
    "T-03",
    "T-04",
    "X-01",
    law=Tw("11.7", 5),
    in_force=since("2026-07-01"),
    over=TELEPHONE,
    when=_by_phone,
    per=("collection", "relation"),
)
def calls_to_supporters(message: Message, person: Person) -> Conditions:
    """A charity may call its donors, volunteers and visitors of its events about its own cause.

    A signature under a petition is none of these (P-PETITION).
    """
    yield "een ideële of charitatieve organisatie", ideal_sender(message)
    yield (
        "in het kader van een schenking … vrijwilligerswerk … het bijwonen van manifestaties",
        _obtained(person, _BY_PHONE),
    )
    yield "voor eigen", own_products(message), "D-05"
    yield "ideële of charitatieve doeleinden", _ideal_purpose(message)
    yield (
        "duidelijk en expliciet de gelegenheid heeft geboden … op het moment dat zij worden verzameld",
        offered(person.collection),
        "D-07",
    )
    yield "niet tegen het gebruik heeft verzet", refused_nothing(person), refusal_id(person)
    yield from _three_years(person)


@permits(
    "calls-to-supporters",
    "T-06",
    "X-01",
    law=Tw("11.7", 5),
    in_force=since("2021-07-01", until="2026-06-30"),
    over=TELEPHONE,
    when=_by_phone,
    per=("collection", "relation"),
)
def calls_to_supporters_2021(message: Message, person: Person) -> Conditions:
    """A charity may call its donors, volunteers and visitors of its events about its own cause."""
    yield "ideële of charitatieve organisaties", ideal_sender(message)
    yield (
        "in het kader van een schenking … vrijwilligerswerk … het bijwonen van manifestaties",
        _obtained(person, _BY_PHONE),
    )
    yield from _conditions_of_lid_4(message, person)
    yield from _three_years(person)


@permits(
    "calls-to-petition-signatories",
    "T-06",
    law=Tw("11.7", 5),
    in_force=since("2021-07-01"),
    over=TELEPHONE,
    when=_by_phone,
    per=("collection", "relation"),
    switch=("P-PETITION", "permissive"),
)
def calls_to_petition_signatories(message: Message, person: Person) -> Conditions:
    """Signing a petition at an event read as attending a manifestation: contested, P-PETITION."""
    yield "het bijwonen van manifestaties", _obtained(person, _SIGNED)
    yield from _conditions_of_lid_4(message, person)
    yield from _three_years(person, _SIGNATORIES)


def _conditions_of_lid_4(message: Message, person: Person) -> Conditions:
    """'Het vierde lid is van overeenkomstige toepassing', with its words."""
    lid_4 = Tw("11.7", 4)
    yield quoted("eigen", lid_4), all_of(own_products(message), ideal_sender(message)), "D-05"
    yield said("ideële of charitatieve doeleinden", CODE_TM), _ideal_purpose(message)
    yield quoted("op het ogenblik dat zij worden verzameld", lid_4), offered(person.collection), "D-07"
    yield quoted("niet tegen het gebruik heeft verzet", lid_4), refused_nothing(person), refusal_id(person)
