"""Post: addressed advertising under the AVG.  What a register or sticker says stands in registers.py."""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, all_of, answer, any_of, not_
from grondslag.law.citations import AVG, Guidance
from grondslag.law.consent import active, avg_consent, free_of_refusal, proof
from grondslag.law.customers import own_products
from grondslag.law.electronic import advertiser
from grondslag.law.ideal import SUPPORTERS, ideal_sender
from grondslag.law.profiles import Profile
from grondslag.law.rules import Conditions, forbids, permits, quoted, reserves, said, since
from grondslag.law.service import asked_for, no_other_advertised
from grondslag.law.situation import Message, Person
from grondslag.law.terms import (
    DIRECTED,
    ELSEWHERE,
    MARKETING,
    Advertises,
    Channel,
    Content,
    Customer,
    Listing,
    Recipient,
    Sender,
)

AP_POST: Final = Guidance("AP", "pagina Reclamepost", ("S73",))
AP_ENCLOSURE: Final = Guidance("AP", "reclame van een ander bijsluiten", ("S19",))
POSTFILTER: Final = Guidance("RCC", "Code voor het gebruik van Postfilter 2021", ("S77", "S73"))
CJEU_MOUSSE: Final = Guidance(
    "HvJ EU", "C-394/23 (Mousse), C-252/21: het belang is bij het verzamelen genoemd", ("S83",)
)

ADDRESSED: Final = frozenset({Channel.POST})
AVG_ERA: Final = since("2018-05-25")


def marketing(message: Message, person: Person) -> bool:
    return message.content in MARKETING or message.content is Content.REPLY


def natural(message: Message, person: Person) -> bool:
    return marketing(message, person) and person.recipient is not Recipient.LEGAL_PERSON


def acquainted(message: Message, person: Person, profile: Profile) -> Answer:
    """A customer of the controller, or whoever gave to it, worked for it or came to its events.

    By post the compatibility test decides (AVG 6 lid 4), not whether something was sold (P-01).
    """
    supporter = all_of(ideal_sender(message), answer(person.relation.customer in SUPPORTERS))
    return all_of(
        any_of(profile.reads("P-CUSTOMER", person.relation.customer), supporter), person.relation.own
    )


@forbids(
    "special-categories",
    "P-01",
    "X-02",
    law=AVG("9", 1),
    in_force=AVG_ERA,
    over=DIRECTED,
    per=("consent", "relation"),
    when=lambda m, p: m.content in MARKETING and m.special_category is not NO,
)
def special_categories(message: Message, person: Person) -> Conditions:
    """Select nobody on health, religion, politics and the like without explicit consent.

    A party may contact its own members (AVG 9 lid 2 onder d).
    """
    yield "zijn verboden", message.special_category
    yield (
        quoted("uitdrukkelijke toestemming", AVG("9", 2, "a")),
        not_(
            all_of(
                person.consent.exists,
                person.consent.purpose,
                person.consent.topic_named,
                active(person.consent.manner),
            )
        ),
        "C-01",
    )
    yield (
        quoted("uitsluitend betrekking heeft op de leden of de voormalige leden", AVG("9", 2, "d")),
        not_(all_of(answer(message.sender is Sender.POLITICAL_PARTY), person.relation.member)),
    )


@reserves(
    "addressed-post-to-customers",
    "P-01",
    law=AVG("6", 4),
    in_force=AVG_ERA,
    over=ADDRESSED,
    per=("relation",),
    when=lambda m, p: natural(m, p) and p.relation.customer is not Customer.NONE,
)
def addressed_post_to_customers(message: Message, person: Person) -> Conditions:
    """Being a customer or donor is no ground by itself: compatible, weighed, or with consent."""
    yield "of de verwerking voor een ander doel verenigbaar is met het doel waarvoor", YES


@reserves("addressed-post", "P-02", law=AVG("6", 1), in_force=AVG_ERA, over=ADDRESSED, when=natural)
def addressed_post(message: Message, person: Person) -> Conditions:
    """Addressed advertising uses personal data and needs a ground of the AVG."""
    yield "De verwerking is alleen rechtmatig indien", YES


@reserves(
    "enclosed-advertising",
    "P-07",
    "D-05",
    law=AP_ENCLOSURE,
    in_force=AVG_ERA,
    over=ADDRESSED,
    when=lambda m, p: natural(m, p) and m.advertises not in (Advertises.OWN, Advertises.UNKNOWN),
)
def enclosed_advertising(message: Message, person: Person) -> Conditions:
    """Enclose no advertising of another company without consent."""
    yield "reclame van een ander gaat mee", answer(message.advertises is not Advertises.OWN)
    if message.advertises is Advertises.GROUP_COMPANY:
        yield "ook een zusterbedrijf is een ander", YES, "S-07"
    else:
        yield "de eigenaar van het adres verzendt voor een ander", YES, "S-06"


def _weighed(person: Person) -> tuple[str, Answer, str]:
    words = quoted("noodzakelijk voor de behartiging van de gerechtvaardigde belangen", AVG("6", 1, "f"))
    return words, person.legitimate_interest, "L-01"


def _told_interest(person: Person) -> Conditions:
    yield _weighed(person)
    yield _told(person.collection.interest_told)


def _told(told: Answer) -> tuple[str, Answer, str]:
    return said("het belang is bij het verzamelen verteld", CJEU_MOUSSE), told, "L-03"


def _not_special(message: Message) -> Conditions:
    yield said("de selectie raakt geen bijzondere gegevens", AP_POST), not_(message.special_category), "P-01"


@permits(
    "post-to-customers",
    "P-01",
    law=AVG("6", 4),
    in_force=AVG_ERA,
    over=ADDRESSED,
    when=natural,
    per=("collection", "relation"),
)
def post_to_customers(message: Message, person: Person, profile: Profile) -> Conditions:
    """Write to your own customer when that is compatible with why you have the address.

    The test of AVG 6 lid 4 (link, context, nature, consequences, safeguards) is made by a
    person and kept.
    """
    yield (
        "of de verwerking voor een ander doel verenigbaar is met het doel waarvoor de persoonsgegevens aanvankelijk zijn verzameld",
        person.compatibility,
    )
    yield from _own_customer(message, person, profile)


@permits(
    "post-to-customers-on-legitimate-interest",
    "P-01",
    "L-02",
    law=AVG("6", 1, "f"),
    in_force=AVG_ERA,
    over=ADDRESSED,
    when=natural,
    per=("collection", "relation"),
)
def post_to_customers_on_legitimate_interest(
    message: Message, person: Person, profile: Profile
) -> Conditions:
    """Write to your own customer on a legitimate interest that was weighed, kept and told.

    AP: possible, "but rare in practice"; overweging 47 names the customer as an example.
    """
    yield from _told_interest(person)
    yield from _own_customer(message, person, profile)


def _own_customer(message: Message, person: Person, profile: Profile) -> Conditions:
    yield (
        said("is klant, donateur, vrijwilliger of bezoeker", AP_POST),
        acquainted(message, person, profile),
        "D-04",
    )
    yield (
        said("het adres is van de klant verkregen", AP_POST),
        all_of(person.collection.gives_detail, person.collection.own),
    )
    yield said("alleen eigen reclame", AP_ENCLOSURE), own_products(message), "P-07"
    yield from _not_special(message)
    yield said("er is geen bezwaar", AP_POST), free_of_refusal(person), "P-04"


@permits(
    "consent-to-post",
    "P-02",
    "C-01",
    law=AVG("6", 1, "a"),
    in_force=AVG_ERA,
    over=ADDRESSED,
    when=natural,
    per=("consent",),
)
def consent_to_post(message: Message, person: Person, profile: Profile) -> Conditions:
    """Write to whoever consented to post from you about this."""
    yield "de betrokkene heeft toestemming gegeven", person.consent.exists
    if person.consent.exists is NO:
        return
    yield from avg_consent(person, profile)
    yield from proof(person)
    yield from advertiser(message, person, profile)


@permits(
    "requested-post",
    "G-04",
    law=AVG("6", 1, "b"),
    in_force=AVG_ERA,
    over=ADDRESSED,
    when=lambda m, p: m.content is Content.REPLY,
)
def requested_post(message: Message, person: Person) -> Conditions:
    """Send by post what the person asked for."""
    yield (
        "om op verzoek van de betrokkene vóór de sluiting van een overeenkomst maatregelen te nemen",
        asked_for(person),
    )
    yield no_other_advertised(message)


def _own_and_free(message: Message, person: Person) -> Conditions:
    yield said("alleen eigen reclame", AP_ENCLOSURE), own_products(message), "P-07"
    yield from _not_special(message)
    yield said("er is geen bezwaar", AP_POST), free_of_refusal(person), "P-04"


@permits(
    "post-to-prospects-with-safeguards",
    "P-02",
    "L-01",
    law=AVG("6", 1, "f"),
    in_force=AVG_ERA,
    over=ADDRESSED,
    when=natural,
    per=("collection",),
    switch=("P-POST", "balanced"),
)
def post_to_prospects_with_safeguards(message: Message, person: Person) -> Conditions:
    """Write to a prospect on a recorded, told legitimate interest, Postfilter checked, informed.

    AP: usually consent; the Court leaves room (C-621/22): contested, P-POST.  Where the address
    came from another, the interest is one of the things told with the source (AVG 14 lid 2 onder b),
    unless it is known to have been left out.
    """
    told = person.collection.interest_told
    if told is UNKNOWN and person.collection.source in ELSEWHERE:
        told = any_of(person.collection.informed, message.source_told)
    yield _weighed(person)
    yield _told(told)
    yield from _own_and_free(message, person)
    yield said("Postfilter is nagegaan", POSTFILTER), answer(person.postfilter is Listing.CLEAR), "P-03"
    yield (
        said("de herkomst is verteld", AP_POST),
        any_of(person.collection.informed, message.source_told, person.told_of_source),
        "I-02",
    )


@permits(
    "post-to-prospects",
    "P-02",
    "L-01",
    law=AVG("6", 1, "f"),
    in_force=AVG_ERA,
    over=ADDRESSED,
    when=natural,
    per=("collection",),
    switch=("P-POST", "permissive"),
)
def post_to_prospects(message: Message, person: Person) -> Conditions:
    """Write to a prospect by default, unless a balancing came out against it, with an opt-out.

    Overweging 47 read at its widest: direct marketing may be regarded as a legitimate interest.
    An absent balancing is then no failed one; this is the one place where the permissive
    profile asks for no record.
    """
    yield "gerechtvaardigde belangen", answer(person.legitimate_interest is not NO), "L-01"
    kept_silent = person.collection.interest_told is NO and person.collection.source not in ELSEWHERE
    yield (
        said("het belang is bij het verzamelen niet verzwegen", CJEU_MOUSSE),
        answer(not kept_silent),
        "L-03",
    )
    yield from _own_and_free(message, person)


@permits(
    "post-of-a-party-to-its-members",
    "X-02",
    "P-01",
    law=AVG("9", 2, "d"),
    in_force=AVG_ERA,
    over=ADDRESSED,
    when=lambda m, p: natural(m, p) and m.sender is Sender.POLITICAL_PARTY,
    per=("relation",),
)
def post_of_a_party_to_its_members(message: Message, person: Person) -> Conditions:
    """A political party may write to its own members about its own work."""
    yield "een stichting, een vereniging of een andere instantie zonder winstoogmerk die op politiek", YES
    yield (
        "uitsluitend betrekking heeft op de leden of de voormalige leden van de instantie",
        all_of(person.relation.member, person.relation.own),
    )
    yield said("alleen eigen reclame", AP_ENCLOSURE), own_products(message), "P-07"
    yield said("er is geen bezwaar", AP_POST), free_of_refusal(person), "P-04"


@permits(
    "post-to-legal-persons",
    "B-07",
    "B-06",
    law=AVG("4", onder="1"),
    in_force=AVG_ERA,
    over=ADDRESSED,
    when=lambda m, p: marketing(m, p) and p.recipient is Recipient.LEGAL_PERSON,
)
def post_to_legal_persons(message: Message, person: Person) -> Conditions:
    """A company's own address is no personal data; a named contact person may object."""
    yield "natuurlijke persoon", YES
    yield said("er is geen bezwaar", AP_POST), free_of_refusal(person), "P-04"
