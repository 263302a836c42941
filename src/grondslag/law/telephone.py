"""Live calls: opt-out with a register until 2021-06-30, opt-in for natural persons since (Tw 11.7 lid 2)."""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, all_of, answer, any_of, not_
from grondslag.law.citations import Citation, Guidance, Tw
from grondslag.law.consent import avg_consent, proof, shown_for_calls, wbp_consent
from grondslag.law.customers import own_products, within_three_years
from grondslag.law.electronic import advertiser, in_scope
from grondslag.law.ideal import ideal_sender
from grondslag.law.profiles import Profile
from grondslag.law.rules import Conditions, permits, quoted, reserves, said, since
from grondslag.law.situation import Message, Person
from grondslag.law.terms import TELEPHONE, Listing, Recipient, Source

ACM: Final = Guidance(
    "ACM", "toestemming bewijzen en verifiëren, per persoon (2022, 2025)", ("S17", "S31", "S32", "S72")
)
CODE_TM: Final = Guidance("RCC", "Code Telemarketing", ("S11", "S14", "S15"))
REGISTER_TERM: Final = Citation("Besluit bel-me-niet-register", "13")


def natural(message: Message, person: Person) -> bool:
    """In play for natural persons, and for whoever is not known to be a legal person (G-08)."""
    return in_scope(message, person) and person.recipient is not Recipient.LEGAL_PERSON


def _natural(person: Person) -> Answer:
    return (
        UNKNOWN
        if person.recipient is Recipient.UNKNOWN
        else answer(person.recipient is not Recipient.LEGAL_PERSON)
    )


# --- Until 30 June 2021: opt-out ----------------------------------------------------------------


@permits(
    "cold-calls",
    "T-07",
    law=Tw("11.7", 4),
    in_force=since("2004-05-19", until="2009-06-30"),
    over=TELEPHONE,
    when=natural,
)
def cold_calls_2004(message: Message, person: Person) -> Conditions:
    """Anybody could be called who had not said that he wanted no calls."""
    yield "is toegestaan, tenzij de desbetreffende abonnee te kennen heeft gegeven", not_(person.objected)


@permits(
    "cold-calls",
    "T-07",
    law=Tw("11.7", 5),
    in_force=since("2009-07-01", until="2009-09-30"),
    over=TELEPHONE,
    when=natural,
)
def cold_calls_2009(message: Message, person: Person) -> Conditions:
    """Anybody could be called who had not said that he wanted no calls."""
    yield "is toegestaan, tenzij de desbetreffende abonnee te kennen heeft gegeven", not_(person.objected)


@permits(
    "cold-calls",
    "T-00",
    law=Tw("11.7", 5),
    in_force=since("2009-10-01", until="2021-06-30"),
    over=TELEPHONE,
    when=natural,
)
def cold_calls(message: Message, person: Person) -> Conditions:
    """A natural person could be called unless listed in the Bel-me-niet-register, or objecting.

    A washed list was good for four weeks (Besluit bel-me-niet-register art. 13).
    """
    yield "is toegestaan met inachtneming van het bepaalde in het zesde tot en met twaalfde lid", YES
    yield (
        quoted(
            "uitsluitend bestanden waaruit de contactgegevens die in het register zijn opgenomen, zijn geblokkeerd of verwijderd",
            Tw("11.7", 10),
        ),
        _washed(person),
    )
    yield quoted("vier weken", REGISTER_TERM), _washed_lately(person)
    yield (
        "anderszins te kennen heeft gegeven dat hij de ongevraagde communicatie niet wenst te ontvangen",
        not_(person.objected),
    )


def _washed(person: Person) -> Answer:
    if person.bel_me_niet is Listing.UNKNOWN:
        return UNKNOWN
    return answer(person.bel_me_niet is not Listing.LISTED)


def _washed_lately(person: Person) -> Answer:
    # When a listed number was looked up says nothing of a washed list.
    if person.bel_me_niet in (Listing.UNKNOWN, Listing.LISTED):
        return UNKNOWN
    return answer(person.bel_me_niet is Listing.CLEAR)


@reserves(
    "telephone-opt-in-of-sole-traders",
    "B-05",
    law=Tw("11.8"),
    in_force=since("2009-10-01", until="2021-06-30"),
    over=TELEPHONE,
    when=lambda m, p: in_scope(m, p) and p.recipient is Recipient.SOLE_TRADER,
)
def register_for_sole_traders(message: Message, person: Person) -> Conditions:
    """A sole trader, vof, maatschap or cv is a natural person: the register and its rules are for him too."""
    yield "beperkt tot abonnees die natuurlijke personen zijn", YES


@permits(
    "calls-to-own-contacts",
    "T-00",
    law=Tw("11.7", 11),
    in_force=since("2020-06-01", until="2021-06-30"),
    over=TELEPHONE,
    when=natural,
    per=("collection", "relation"),
)
def calls_to_own_contacts(message: Message, person: Person, profile: Profile) -> Conditions:
    """Own customers and donors could be called although listed in the register, not despite an objection.

    Volunteering or a visit to an event did not lift the register ban.  The Code Telemarketing
    ends the relation three years after it stopped, since 1 June 2020 [SR].
    """
    yield from _lid_11(message, person, profile)
    yield (
        said("niet langer dan drie jaar geleden klant of donateur", CODE_TM),
        within_three_years(person.relation.ended),
        "T-05",
    )


@permits(
    "calls-to-own-contacts",
    "T-00",
    law=Tw("11.7", 11),
    in_force=since("2009-10-01", until="2020-05-31"),
    over=TELEPHONE,
    when=natural,
    per=("collection", "relation"),
)
def calls_to_own_contacts_2009(message: Message, person: Person, profile: Profile) -> Conditions:
    """Own customers and donors could be called although listed in the register, not despite an objection."""
    return _lid_11(message, person, profile)


def _lid_11(message: Message, person: Person, profile: Profile) -> Conditions:
    if person.collection.source is Source.DONATION:
        context = ideal_sender(message)
    elif person.collection.source is Source.SALE:
        context = all_of(
            profile.reads("P-SIMILAR", person.closeness),
            profile.reads("P-CUSTOMER", person.relation.customer),
            person.relation.own,
        )
    else:
        context = NO
    yield (
        "verkregen in het kader van de verkoop van een product of dienst of in het kader van schenking aan een ideële of charitatieve organisatie",
        context,
    )
    yield "contactgegevens zijn verkregen", all_of(person.collection.gives_detail, person.collection.own)
    yield "eigen gelijksoortige producten of diensten", own_products(message), "D-05"
    yield (
        said("er is geen verzet", CODE_TM),
        not_(person.objected),
        "T-07",
    )


@permits(
    "calls-with-consent-before-2021",
    "T-00",
    "C-01",
    law=Tw("11.7", 5),
    in_force=since("2018-05-25", until="2021-06-30"),
    over=TELEPHONE,
    when=natural,
    per=("consent",),
)
def calls_with_consent_2018(message: Message, person: Person, profile: Profile) -> Conditions:
    """A call that the person agreed to is not unsolicited, listed in the register or not."""
    yield "ongevraagde communicatie", person.consent.exists
    if person.consent.exists is NO:
        return
    yield from avg_consent(person, profile)
    yield from proof(person)


@permits(
    "calls-with-consent-before-2021",
    "T-00",
    law=Tw("11.7", 5),
    in_force=since("2009-07-01", until="2018-05-24"),
    over=TELEPHONE,
    when=natural,
    per=("consent",),
)
def calls_with_consent_2009(message: Message, person: Person, profile: Profile) -> Conditions:
    """A call that the person agreed to is not unsolicited, listed in the register or not."""
    yield "ongevraagde communicatie", person.consent.exists
    if person.consent.exists is NO:
        return
    yield from wbp_consent(person, profile)


# --- Since 1 July 2021: opt-in ------------------------------------------------------------------


@reserves(
    "telephone-opt-in", "T-01", law=Tw("11.7", 2), in_force=since("2021-07-01"), over=TELEPHONE, when=natural
)
def telephone_opt_in(message: Message, person: Person) -> Conditions:
    """Call no natural person for marketing without prior consent."""
    yield "Het eerste lid is van overeenkomstige toepassing", YES
    yield "aan natuurlijke personen", _natural(person)


@reserves(
    "telephone-opt-in-of-sole-traders",
    "B-05",
    law=Tw("11.7", 2),
    in_force=since("2021-07-01"),
    over=TELEPHONE,
    when=lambda m, p: in_scope(m, p) and p.recipient is Recipient.SOLE_TRADER,
)
def telephone_opt_in_of_sole_traders(message: Message, person: Person) -> Conditions:
    """A sole trader, vof, maatschap or cv is a natural person and shares the opt-in."""
    yield "aan natuurlijke personen", YES


def _consent(message: Message, person: Person, profile: Profile) -> Conditions:
    yield from avg_consent(person, profile)
    yield from advertiser(message, person, profile)


@permits(
    "consent-to-calls",
    "T-01",
    "C-01",
    law=Tw("11.7", 2),
    in_force=since("2021-07-01", until="2022-06-28"),
    over=TELEPHONE,
    when=natural,
    per=("consent",),
)
def consent_to_calls_2021(message: Message, person: Person, profile: Profile) -> Conditions:
    """Call whoever gave valid consent, beforehand, to calls by you about this."""
    yield "met toestemming", person.consent.exists
    if person.consent.exists is NO:
        return
    yield from _consent(message, person, profile)
    yield from proof(person)


def _verified(person: Person, profile: Profile) -> Conditions:
    """ACM since 29 June 2022: proof tied to the person; a list with time stamps is none (T-11)."""
    consent = person.consent
    yield quoted("verzender kan aantonen", Tw("11.7", 1)), shown_for_calls(person, profile), "G-07"
    yield (
        said("voor het bellen is nagegaan dat het nummer van deze persoon is", ACM),
        profile.proves_phone_consent(consent.verified, consent.manner, consent.evidence),
        "T-11",
    )


@permits(
    "consent-to-calls",
    "T-01",
    "C-01",
    law=Tw("11.7", 2),
    in_force=since("2022-06-29", until="2024-10-14"),
    over=TELEPHONE,
    when=natural,
    per=("consent",),
)
def consent_to_calls_2022(message: Message, person: Person, profile: Profile) -> Conditions:
    """Call whoever gave valid consent to calls by you about this, if you can prove it per person."""
    yield "met toestemming", person.consent.exists
    if person.consent.exists is NO:
        return
    yield from _consent(message, person, profile)
    yield from _verified(person, profile)


@permits(
    "consent-to-calls",
    "T-01",
    "C-01",
    law=Tw("11.7", 2),
    in_force=since("2024-10-15"),
    over=TELEPHONE,
    when=natural,
    per=("consent",),
)
def consent_to_calls(message: Message, person: Person, profile: Profile) -> Conditions:
    """Call whoever gave verified consent to calls by you about this, first within six months.

    The Code Telemarketing of 15 October 2024 [SR] adds that the request names the subject and
    that the first call follows within six months (T-12); only the strict setting of
    P-CONSENT-TTL takes the six months for law.
    """
    yield "met toestemming", person.consent.exists
    if person.consent.exists is NO:
        return
    yield from _consent(message, person, profile)
    yield from _verified(person, profile)
    named = person.consent.topic_named
    in_time = any_of(person.consent.first_call_in_time, profile.at_least("P-CONSENT-TTL", "balanced"))
    yield said("de toestemming noemt waarover gebeld wordt", CODE_TM), named, "T-12"
    if named is not YES:
        yield said("de toestemming geldt voor een onderwerp", ACM), named, "C-03"
    yield said("het eerste gesprek is binnen zes maanden", CODE_TM), in_time, "T-12"
    if in_time is not YES:
        yield said("de toestemming is vers genoeg voor een eerste gesprek", CODE_TM), in_time, "C-10"
