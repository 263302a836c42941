"""Business recipients: addresses published for offers, and recipients outside the EEA (Tw 11.7 lid 3)."""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, answer
from grondslag.law.citations import Guidance, Tw
from grondslag.law.consent import free_of_refusal
from grondslag.law.electronic import in_scope
from grondslag.law.profiles import Profile
from grondslag.law.rules import Conditions, permits, reserves, said, since
from grondslag.law.situation import Message, Person
from grondslag.law.terms import (
    BUSINESS,
    CALLS,
    ELECTRONIC_MESSAGES,
    LID_1_MEANS,
    TELEPHONE,
    Invitation,
    Recipient,
    Source,
)

AP: Final = Guidance("AP", "pagina Reclame", ("S18",))
DDMA: Final = Guidance("DDMA", "B2B-telemarketing (tekst nagekeken door de ACM)", ("S03", "S12", "S63"))
KVK: Final = Guidance("KvK", "Non-Mailing-Indicator", ("S61", "S62"))

_ALL_MEANS: Final = LID_1_MEANS | TELEPHONE


def _business(person: Person) -> Answer:
    return UNKNOWN if person.recipient is Recipient.UNKNOWN else answer(person.recipient in BUSINESS)


def _published_for_it(message: Message, person: Person) -> bool:
    return (
        in_scope(message, person)
        and person.recipient in BUSINESS
        and person.invitation is not Invitation.ABSENT
    )


def _abroad(message: Message, person: Person) -> bool:
    """In play for whoever is abroad, or is approached under rules of another country."""
    return in_scope(message, person) and (person.abroad is not NO or message.local_rules_met is not UNKNOWN)


def _proved_and_free(person: Person) -> Conditions:
    yield said("de bekendmaking is vastgelegd", DDMA), person.invitation_kept, "G-07"
    yield said("er is geen bezwaar", AP), free_of_refusal(person), "R-01"


@permits(
    "published-for-offers",
    "B-02",
    law=Tw("11.7", 3, "a"),
    in_force=since("2021-07-01"),
    over=_ALL_MEANS,
    when=_published_for_it,
)
def published_for_offers(message: Message, person: Person, profile: Profile) -> Conditions:
    """Use a business address or number that was published for receiving such offers.

    Whether a general info@ address is "bestemd en bekendgemaakt" for that is contested: P-INFOADDR.
    """
    yield (
        "een rechtspersoon of een natuurlijke persoon die handelt in de uitoefening van zijn beroep of bedrijf",
        _business(person),
    )
    yield "zijn bestemd en bekendgemaakt", profile.reads("P-INFOADDR", person.invitation)
    yield (
        "in overeenstemming met de door de eindgebruiker aan de contactgegevens verbonden doeleinden",
        person.invitation_matches,
    )
    yield from _proved_and_free(person)


@permits(
    "published-for-offers",
    "B-02",
    law=Tw("11.7", 2, "a"),
    in_force=since("2009-07-01", until="2021-06-30"),
    over=ELECTRONIC_MESSAGES,
    when=_published_for_it,
)
def published_for_offers_2009(message: Message, person: Person, profile: Profile) -> Conditions:
    """Use a business address that was published for receiving such offers; messages only."""
    yield (
        "een rechtspersoon is dan wel een natuurlijke persoon die handelt in de uitoefening van zijn beroep of bedrijf",
        _business(person),
    )
    yield "daarvoor zijn bestemd en bekendgemaakt", profile.reads("P-INFOADDR", person.invitation)
    yield "aan die contactgegevens verbonden doeleinden", person.invitation_matches
    yield from _proved_and_free(person)


@permits(
    "business-outside-the-eea",
    "B-03",
    law=Tw("11.7", 3, "b"),
    in_force=since("2021-07-01"),
    over=_ALL_MEANS,
    when=_abroad,
)
def business_outside_the_eea(message: Message, person: Person) -> Conditions:
    """Approach a business outside the EEA when the rules of its own country are met."""
    yield (
        "een rechtspersoon of een natuurlijke persoon die handelt in de uitoefening van zijn beroep of bedrijf",
        _business(person),
    )
    yield "is gevestigd buiten de Europese Economische Ruimte", person.outside_eea
    yield "voldaan wordt aan de in het desbetreffende land geldende voorschriften", message.local_rules_met
    yield said("er is geen bezwaar", AP), free_of_refusal(person), "R-01"


@permits(
    "business-outside-the-eea",
    "B-03",
    law=Tw("11.7", 2, "b"),
    in_force=since("2009-07-01", until="2021-06-30"),
    over=ELECTRONIC_MESSAGES,
    when=_abroad,
)
def business_outside_the_eea_2009(message: Message, person: Person) -> Conditions:
    """Message a business outside the EEA when the rules of its own country are met."""
    yield (
        "een rechtspersoon is dan wel een natuurlijke persoon die handelt in de uitoefening van zijn beroep of bedrijf",
        _business(person),
    )
    yield "is gevestigd buiten de Europese Economische Ruimte", person.outside_eea
    yield "voldaan is aan de in het desbetreffende land geldende voorschriften", message.local_rules_met
    yield said("er is geen bezwaar", AP), free_of_refusal(person), "R-01"


@reserves(
    "numbers-from-the-trade-register",
    "B-06",
    law=KVK,
    in_force=since("2018-05-25"),
    over=CALLS,
    when=lambda m, p: (
        in_scope(m, p)
        and p.recipient is not Recipient.CONSUMER
        and p.collection.source is Source.PUBLIC_REGISTER
        and p.collection.gives_detail is not NO
    ),
    per=("collection",),
)
def numbers_from_the_trade_register(message: Message, person: Person) -> Conditions:
    """A number in the trade register is no public number: that it stands there is no permission."""
    yield "telefoonnummers in het Handelsregister zijn geen openbare gegevens", YES


def _call_to_a_legal_person(person: Person) -> Conditions:
    yield said("er is geen bezwaar van de contactpersoon", DDMA), free_of_refusal(person), "R-01"


def _legal(message: Message, person: Person) -> bool:
    return in_scope(message, person) and person.recipient in (Recipient.LEGAL_PERSON, Recipient.UNKNOWN)


def _legal_person(person: Person) -> Answer:
    return (
        UNKNOWN
        if person.recipient is Recipient.UNKNOWN
        else answer(person.recipient is Recipient.LEGAL_PERSON)
    )


@permits(
    "calls-to-legal-persons",
    "B-04",
    law=Tw("11.7", 2),
    in_force=since("2021-07-01"),
    over=TELEPHONE,
    when=_legal,
)
def calls_to_legal_persons(message: Message, person: Person) -> Conditions:
    """A human may cold-call a company, foundation or association; its contact person may object.

    Lid 2 protects natural persons only.  A calling machine is another matter (D-02).
    """
    yield "aan natuurlijke personen", _legal_person(person)
    yield from _call_to_a_legal_person(person)


@permits(
    "calls-to-legal-persons",
    "B-04",
    law=Tw("11.8"),
    in_force=since("2004-05-19", until="2021-06-30"),
    over=TELEPHONE,
    when=_legal,
)
def calls_to_legal_persons_before_2021(message: Message, person: Person) -> Conditions:
    """A human may cold-call a company, foundation or association; its contact person may object."""
    yield "beperkt tot abonnees die natuurlijke personen zijn", _legal_person(person)
    yield from _call_to_a_legal_person(person)
