"""What is no unsolicited marketing: service messages, requested replies, research, a friend's mail."""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, answer, not_
from grondslag.law.citations import Guidance, Tw
from grondslag.law.consent import free_of_refusal
from grondslag.law.profiles import Profile
from grondslag.law.rules import Conditions, permits, requires, reserves, said, since
from grondslag.law.situation import Message, Person
from grondslag.law.terms import (
    DIRECTED,
    ELECTRONIC_MESSAGES,
    TELEPHONE,
    Advertises,
    Channel,
    Content,
    Listing,
    Request,
)

AP: Final = Guidance("AP", "pagina Reclame", ("S18",))
CODE_EMAIL: Final = Guidance("RCC", "Code Reclame via E-mail 2025", ("S16", "S25"))
DDMA: Final = Guidance("DDMA", "servicegesprek met aanbod", ("S118",))
CODE_TM: Final = Guidance("RCC", "Code Telemarketing: gevraagde oproep, onderzoek", ("S11", "S62"))
OPTA_CBP: Final = Guidance(
    "OPTA en CBP", "gezamenlijk oordeel over doorstuursystemen, december 2008", ("S51", "S52")
)
DMCC: Final = Guidance("DMCC", "toestemming vragen is zelf reclame", ("S13", "S48"))

_ALWAYS: Final = since("2004-05-19")


@permits(
    "service-message",
    "G-03",
    law=CODE_EMAIL,
    in_force=_ALWAYS,
    over=DIRECTED - TELEPHONE,
    when=lambda m, p: m.content in (Content.FACTUAL, Content.MIXED),
)
def service_message(message: Message, person: Person, profile: Profile) -> Conditions:
    """Send a purely factual message that the contract or the law asks for.

    Tw 11.7 a contrario: this is no communication for commercial, ideal or charitable purposes.
    A distinct advertisement makes it marketing; how much is too much is P-SERVICE-PROMO.
    """
    yield (
        "feitelijk, en nodig voor de overeenkomst of een wettelijke plicht",
        profile.reads("P-SERVICE-PROMO", message.content),
    )
    if message.content is Content.MIXED and profile.at_least("P-SERVICE-PROMO", "permissive") is NO:
        yield "geen reclame aan wie reclame heeft geweigerd", not_(person.objected)
    if message.content is Content.MIXED:
        yield no_other_advertised(message)


@permits(
    "service-call",
    "T-14",
    "G-03",
    law=DDMA,
    in_force=_ALWAYS,
    over=TELEPHONE,
    when=lambda m, p: m.content in (Content.FACTUAL, Content.MIXED),
)
def service_call(message: Message, person: Person) -> Conditions:
    """Make a service call; an offer in it turns it into telemarketing."""
    yield "zuiver informatief, zonder aanbod", answer(message.content is Content.FACTUAL)


@permits(
    "requested-reply",
    "G-04",
    law=Tw("11.7", 1),
    in_force=_ALWAYS,
    over=DIRECTED - {Channel.POST},
    when=lambda m, p: m.content is Content.REPLY or _offer_after_request(m, p),
)
def requested_reply(message: Message, person: Person) -> Conditions:
    """Answer a specific request of the person, within what was asked and while it is fresh.

    Who asks to be called about a product may be offered it in that call (Code Telemarketing:
    gevraagde oproep).  A form made to harvest leads is consent, not a request.  Fresh: three
    months, a house term (law gives none), see facts.REQUEST_MONTHS.
    """
    if message.content is Content.REPLY:
        yield "ongevraagde communicatie", asked_for(person)
    else:
        called_back = message.channel is Channel.PHONE and person.asked is Request.CALL
        yield "ongevraagde communicatie", UNKNOWN if person.asked is Request.UNKNOWN else answer(called_back)
        yield said("er is geen bezwaar", AP), free_of_refusal(person), "R-01"
    yield no_other_advertised(message)


def _offer_after_request(message: Message, person: Person) -> bool:
    return message.content is Content.PROMOTIONAL and person.asked is not Request.NONE


def asked_for(person: Person) -> Answer:
    """The person asked for this (G-04)."""
    if person.asked is Request.UNKNOWN:
        return UNKNOWN
    return answer(person.asked in (Request.REPLY, Request.CALL))


def no_other_advertised(message: Message) -> tuple[str, Answer, str]:
    """What was asked for, or is needed, carries no advertising of another (D-05)."""
    own = message.advertises in (Advertises.OWN, Advertises.UNKNOWN)
    return said("zonder reclame van een ander", AP), answer(own), "D-05"


@permits(
    "research",
    "T-13",
    "G-02",
    law=CODE_TM,
    in_force=_ALWAYS,
    over=DIRECTED,
    when=lambda m, p: m.content is Content.RESEARCH,
)
def research(message: Message, person: Person) -> Conditions:
    """Interview for historical, statistical or scientific research, with no sales element.

    Who stands in the research filter (MOA) is not called.
    """
    yield "uitsluitend historisch, statistisch of wetenschappelijk onderzoek", YES
    if message.channel is Channel.PHONE:
        yield "staat niet in het onderzoeksfilter", answer(person.research_filter is not Listing.LISTED)


@requires(
    "research-filter",
    "T-13",
    law=CODE_TM,
    in_force=since("2020-03-01"),
    over=TELEPHONE,
    when=lambda m, p: m.content is Content.RESEARCH and p.research_filter is not Listing.LISTED,
)
def research_filter(message: Message, person: Person) -> Conditions:
    """Check the research filter before a research call."""
    yield (
        "het onderzoeksfilter is geraadpleegd",
        answer(True if person.research_filter is Listing.CLEAR else None),
    )


@reserves(
    "research-with-an-offer",
    "T-13",
    "G-02",
    law=CODE_TM,
    in_force=_ALWAYS,
    over=DIRECTED,
    when=lambda m, p: m.content is Content.RESEARCH_WITH_OFFER,
)
def research_with_an_offer(message: Message, person: Person) -> Conditions:
    """A survey with a sales element is marketing."""
    yield "elk verkoopelement maakt het onderzoek tot reclame", YES


@reserves(
    "service-call-with-an-offer",
    "T-14",
    law=DDMA,
    in_force=_ALWAYS,
    over=TELEPHONE,
    when=lambda m, p: m.content is Content.MIXED,
)
def service_call_with_an_offer(message: Message, person: Person) -> Conditions:
    """An offer in a service call makes it telemarketing, with its own conditions."""
    yield "in het gesprek wordt een aanbod gedaan", YES


@permits(
    "tell-a-friend",
    "D-13",
    law=OPTA_CBP,
    in_force=since("2008-12-03"),
    over=ELECTRONIC_MESSAGES,
    when=lambda m, p: m.content is Content.FORWARDED_BY_USER,
)
def tell_a_friend(message: Message, person: Person) -> Conditions:
    """Let a user send a friend a message through your site, on his own initiative and without reward."""
    yield "het initiatief ligt bij de gebruiker, zonder beloning", not_(message.reward)
    yield "de ontvanger ziet wie de afzender is", message.initiator_clear
    yield "de gebruiker ziet het hele bericht vooraf", message.preview
    yield "adressen worden eenmalig gebruikt en niet bewaard", not_(message.addresses_stored)
    yield "het systeem is beveiligd tegen misbruik", message.abuse_protection
    yield said("er is geen bezwaar", AP), free_of_refusal(person), "R-01"


@permits(
    "opt-in-confirmation",
    "D-11",
    law=DMCC,
    in_force=_ALWAYS,
    over=ELECTRONIC_MESSAGES,
    when=lambda m, p: m.content is Content.OPT_IN_CONFIRMATION,
)
def opt_in_confirmation(message: Message, person: Person) -> Conditions:
    """Send one confirmation, free of promotion, to an address that was entered just now."""
    yield "één bevestiging aan een zojuist opgegeven adres", person.just_entered
    yield "geen eerder bericht dan de bevestiging", not_(person.contacted_before)


@reserves(
    "asking-for-consent",
    "D-11",
    law=DMCC,
    in_force=_ALWAYS,
    over=DIRECTED,
    when=lambda m, p: m.content is Content.CONSENT_REQUEST,
)
def asking_for_consent(message: Message, person: Person) -> Conditions:
    """Asking for permission to advertise is itself advertising."""
    yield "een bericht dat om toestemming voor reclame vraagt, is reclame", YES
