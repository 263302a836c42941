"""What every message and call must offer, say and show (Tw 11.7 lid 2, 7 and 8; BW 6:230v; AVG 14).

These are duties: they travel with the yes.  One that the act already meets is met, one that it
leaves open is listed, one that it breaks forbids.
"""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, YES, answer, any_of
from grondslag.law.citations import AVG, BW, Guidance, Tw
from grondslag.law.rules import Conditions, forbids, requires, said, since
from grondslag.law.situation import Message, Person
from grondslag.law.terms import (
    CALLS,
    DIRECTED,
    ELECTRONIC_MESSAGES,
    MARKETING,
    TELEPHONE,
    Channel,
    Content,
    Recipient,
)

OPT_OUT: Final = Guidance(
    "ACM en RCC", "afmelden in elk bericht (Daisycon; Staatsloterij 2017/00389)", ("S23", "S28", "S43")
)
CODE_EMAIL: Final = Guidance("RCC", "Code Reclame via E-mail art. 2.3", ("S16", "S46"))
CODE_TM: Final = Guidance("RCC", "Code Telemarketing", ("S11", "S14"))
DDMA_LISTS: Final = Guidance("DDMA", "lijstverhuur: de bron vermelden", ("S105",))
GROUP: Final = Guidance("ePrivacy", "Tw 11.1: kanalen", ("S01", "S18"))


def marketing(message: Message, person: Person) -> bool:
    return message.content in MARKETING


def unsolicited(message: Message, person: Person) -> bool:
    return message.content in MARKETING or message.content is Content.FORWARDED_BY_USER


@forbids("unknown-channel", "G-09", law=GROUP, in_force=since("2004-05-19"), over={Channel.UNKNOWN})
def unknown_channel(message: Message, person: Person) -> Conditions:
    """Say by which channel you want to reach the person: each has rules of its own."""
    yield "het kanaal is niet bekend", YES


@requires(
    "way-out-in-every-message",
    "D-08",
    law=OPT_OUT,
    in_force=since("2004-05-19"),
    over=ELECTRONIC_MESSAGES | {Channel.FAX},
    when=marketing,
)
def way_out_in_every_message(message: Message, person: Person) -> Conditions:
    """Offer a free and easy electronic way out in every message; no login, no phone-only route.

    Tw 11.7 lid 4 onder b and lid 5 onder b ("bij elke verzonden boodschap"); ePrivacy 13 lid 4;
    AVG 7 lid 3 and 12 lid 2.
    """
    yield "bij elke boodschap kosteloos en gemakkelijk afmelden, zonder inloggen", message.opt_out


def _identity(message: Message) -> Conditions:
    yield (
        "de werkelijke identiteit van degene namens wie de communicatie wordt overgebracht",
        message.identity,
    )
    yield (
        "een geldig postadres of nummer waaraan de ontvanger een verzoek tot beëindiging van dergelijke communicatie kan richten",
        message.address,
    )
    if message.channel is Channel.EMAIL and message.reply_works is NO:
        yield said("een werkend antwoordadres", CODE_EMAIL), message.reply_works


@requires(
    "identity-and-address",
    "D-09",
    law=Tw("11.7", 7),
    in_force=since("2026-07-01"),
    over=ELECTRONIC_MESSAGES,
    when=marketing,
)
def identity_and_address(message: Message, person: Person) -> Conditions:
    """State in each message who you are and a valid address or number for stopping it."""
    return _identity(message)


@requires(
    "identity-and-address",
    "D-09",
    law=Tw("11.7", 6),
    in_force=since("2021-07-01", until="2026-06-30"),
    over=ELECTRONIC_MESSAGES,
    when=marketing,
)
def identity_and_address_2021(message: Message, person: Person) -> Conditions:
    """State in each message who you are and a valid address or number for stopping it."""
    return _identity(message)


@requires(
    "identity-and-address",
    "D-09",
    law=Tw("11.7", 4),
    in_force=since("2009-07-01", until="2021-06-30"),
    over=ELECTRONIC_MESSAGES,
    when=marketing,
)
def identity_and_address_2009(message: Message, person: Person) -> Conditions:
    """State in each message who you are and a valid address or number for stopping it."""
    return _identity(message)


@requires(
    "identity-and-address",
    "D-09",
    law=Tw("11.7", 3),
    in_force=since("2004-05-19", until="2009-06-30"),
    over=ELECTRONIC_MESSAGES,
    when=marketing,
)
def identity_and_address_2004(message: Message, person: Person) -> Conditions:
    """State in each message who you are and a valid address or number for stopping it."""
    return _identity(message)


@requires(
    "objection-offered-in-call",
    "T-07",
    law=Tw("11.7", 2),
    in_force=since("2021-07-01"),
    over=TELEPHONE,
    when=marketing,
)
def objection_offered_in_call(message: Message, person: Person) -> Conditions:
    """Offer actively, in every call, the chance to object."""
    yield (
        "bij iedere boodschap duidelijk en expliciet de gelegenheid om kosteloos en op gemakkelijke wijze verzet aan te tekenen",
        message.objection_offered,
    )


@requires(
    "objection-offered-in-call",
    "T-07",
    "T-00",
    law=Tw("11.7", 12),
    in_force=since("2009-10-01", until="2021-06-30"),
    over=TELEPHONE,
    when=marketing,
)
def objection_offered_in_call_2009(message: Message, person: Person) -> Conditions:
    """Offer in every call the chance to object, and immediate entry in the register."""
    yield (
        "Tijdens elke overgebrachte communicatie … verzet aan te tekenen tegen het verdere gebruik van zijn elektronische contactgegevens",
        message.objection_offered,
    )


@requires(
    "objection-offered-in-call",
    "T-07",
    law=Tw("11.7", 5),
    in_force=since("2009-07-01", until="2009-09-30"),
    over=TELEPHONE,
    when=marketing,
)
def objection_offered_in_call_july_2009(message: Message, person: Person) -> Conditions:
    """Offer in every call the chance to object."""
    yield (
        "bij elke overgebrachte communicatie de mogelijkheid wordt geboden om verzet aan te tekenen",
        message.objection_offered,
    )


@requires(
    "objection-offered-in-call",
    "T-07",
    law=Tw("11.7", 4),
    in_force=since("2004-05-19", until="2009-06-30"),
    over=TELEPHONE,
    when=marketing,
)
def objection_offered_in_call_2004(message: Message, person: Person) -> Conditions:
    """Offer in every call the chance to object."""
    yield (
        "bij elke overgebrachte communicatie de mogelijkheid wordt geboden om verzet aan te tekenen",
        message.objection_offered,
    )


def _reachable(message: Message) -> Conditions:
    yield said("het nummer blijft zes maanden bereikbaar", CODE_TM), message.reachable


@requires("number-shown", "T-08", law=Tw("11.7", 8), in_force=since("2026-07-01"), over=CALLS, when=marketing)
def number_shown(message: Message, person: Person) -> Conditions:
    """Show your number, also to companies, and stay reachable on it for six months."""
    yield "maakt de verzender geen gebruik van de mogelijkheden tot blokkering", message.number_shown
    yield from _reachable(message)


@requires(
    "number-shown",
    "T-08",
    law=Tw("11.7", 7),
    in_force=since("2024-10-15", until="2026-06-30"),
    over=CALLS,
    when=marketing,
)
def number_shown_2024(message: Message, person: Person) -> Conditions:
    """Show your number, also to companies, and stay reachable on it for six months."""
    yield "maakt de verzender geen gebruik van de mogelijkheden tot blokkering", message.number_shown
    yield from _reachable(message)


@requires(
    "number-shown",
    "T-08",
    law=Tw("11.7", 7),
    in_force=since("2021-07-01", until="2024-10-14"),
    over=CALLS,
    when=marketing,
)
def number_shown_2021(message: Message, person: Person) -> Conditions:
    """Show your number, also to companies."""
    yield "maakt de verzender geen gebruik van de mogelijkheden tot blokkering", message.number_shown


@requires(
    "number-shown",
    "T-08",
    law=CODE_TM,
    in_force=since("2020-03-01", until="2021-06-30"),
    over=CALLS,
    when=marketing,
)
def number_shown_2020(message: Message, person: Person) -> Conditions:
    """Show a recognisable number [SR]."""
    yield "een herkenbaar nummer", message.number_shown


@requires(
    "identity-first",
    "T-09",
    law=BW(6, "230v", 6),
    in_force=since("2014-06-13"),
    over=TELEPHONE,
    when=marketing,
)
def identity_first(message: Message, person: Person) -> Conditions:
    """Say at the start of the call who you are, for whom you call, and that you want to sell."""
    yield (
        "aan het begin van het gesprek de identiteit … het commerciële doel van het gesprek",
        message.identity_first,
    )


@requires("working-days", "T-15", law=CODE_TM, in_force=since("2024-10-15"), over=TELEPHONE, when=marketing)
def working_days(message: Message, person: Person) -> Conditions:
    """Do not call on public holidays, days of remembrance or national mourning [SR].

    The daily hours of the Code were not verified and are left to the caller's configuration.
    """
    yield "niet op feestdagen, herdenkingsdagen of dagen van nationale rouw", message.working_day


@requires(
    "source-told",
    "I-02",
    "S-05",
    law=AVG("14", 3, "b"),
    in_force=since("2018-05-25"),
    over=DIRECTED,
    when=lambda m, p: (
        unsolicited(m, p) and p.from_elsewhere is not NO and p.recipient is not Recipient.LEGAL_PERSON
    ),
)
def source_told(message: Message, person: Person) -> Conditions:
    """Tell the person, at the latest in the first message, where you got the details."""
    yield (
        "uiterlijk op het moment van het eerste contact met de betrokkene",
        any_of(message.source_told, answer(person.told_of_source is YES)),
    )


@requires(
    "list-owner-shown",
    "S-06",
    law=DDMA_LISTS,
    in_force=since("2004-05-19"),
    over=ELECTRONIC_MESSAGES,
    when=lambda m, p: marketing(m, p) and m.on_behalf is YES,
)
def list_owner_shown(message: Message, person: Person) -> Conditions:
    """Show in the message whose list it is, beside the advertiser."""
    yield "de eigenaar van de lijst staat in het bericht", message.source_told
