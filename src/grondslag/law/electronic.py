"""Electronic messages, fax and calling machines: opt-in for everybody (Tw 11.7 lid 1)."""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, YES, Answer, answer, not_
from grondslag.law.citations import Guidance, Tw
from grondslag.law.consent import avg_consent, free_of_refusal, proof, wbp_consent
from grondslag.law.profiles import Profile
from grondslag.law.rules import Conditions, permits, quoted, reserves, said, since
from grondslag.law.situation import Message, Person
from grondslag.law.terms import (
    DIRECTED,
    LID_1_MEANS,
    MARKETING,
    TELEPHONE,
    Advertises,
    Channel,
    Claimed,
    Content,
    Purpose,
    Recipient,
    Sender,
)

AP: Final = Guidance("AP", "pagina Reclame", ("S18",))
CJEU_INBOX: Final = Guidance(
    "HvJ EU", "C-102/20 (advertenties in de mailbox); ACM over privéberichten", ("S49", "S50", "S33")
)
OPTA: Final = Guidance("ACM en OPTA", "alleen aan eigen klanten", ("S56", "S40"))
DDMA_LISTS: Final = Guidance(
    "DDMA", "lijstverhuur: toestemming voor aanbiedingen van derden", ("S105", "S23")
)
ACM_CHARITIES: Final = Guidance("ACM", "ook goede doelen bewijzen toestemming per persoon", ("S115",))
OPTA_LOTTERIES: Final = Guidance("OPTA", "boetes voor loterijen (2011, 2013)", ("S56", "S66"))
POLITICAL: Final = Guidance(
    "minister en Tweede Kamer", "politieke partijen en telemarketing (2021)", ("S116",)
)

_RESERVED: Final = MARKETING | {Content.FORWARDED_BY_USER, Content.REPLY, Content.OPT_IN_CONFIRMATION}


def in_scope(message: Message, person: Person) -> bool:
    """What may be unsolicited communication; factual messages and research never are."""
    return message.content in _RESERVED


def _purposes(message: Message) -> Answer:
    return answer(None if message.purpose is Purpose.UNKNOWN else True)


def _natural(person: Person) -> Answer:
    if person.recipient is Recipient.UNKNOWN:
        return answer(None)
    return answer(person.recipient is not Recipient.LEGAL_PERSON)


# --- The ban -----------------------------------------------------------------------------------


@reserves("opt-in", "D-01", law=Tw("11.7", 1), in_force=since("2021-07-01"), over=LID_1_MEANS, when=in_scope)
def opt_in(message: Message, person: Person) -> Conditions:
    """Send no marketing by electronic message, fax or calling machine without prior consent."""
    yield (
        "ongevraagde communicatie voor commerciële, ideële of charitatieve doeleinden is verboden, tenzij",
        _purposes(message),
    )


@reserves(
    "opt-in",
    "D-01",
    law=Tw("11.7", 1),
    in_force=since("2009-10-01", until="2021-06-30"),
    over=LID_1_MEANS,
    when=in_scope,
)
def opt_in_2009(message: Message, person: Person) -> Conditions:
    """Send no marketing by electronic message, fax or calling machine without prior consent."""
    yield (
        "ongevraagde communicatie voor commerciële, ideële of charitatieve doeleinden … is uitsluitend toegestaan, mits",
        _purposes(message),
    )


@reserves(
    "opt-in",
    "D-01",
    law=Tw("11.7", 1),
    in_force=since("2004-05-19", until="2009-09-30"),
    over=LID_1_MEANS,
    when=in_scope,
)
def opt_in_2004(message: Message, person: Person) -> Conditions:
    """The same, until 30 September 2009 for natural persons only (Tw 11.8)."""
    yield (
        "ongevraagde communicatie voor commerciële, ideële of charitatieve doeleinden … is uitsluitend toegestaan, mits",
        _purposes(message),
    )
    yield quoted("abonnees die natuurlijke personen zijn", Tw("11.8")), _natural(person)


@permits(
    "legal-persons-before-opt-in",
    "D-01",
    law=Tw("11.8"),
    in_force=since("2004-05-19", until="2009-09-30"),
    over=LID_1_MEANS,
    when=lambda m, p: in_scope(m, p) and p.recipient is Recipient.LEGAL_PERSON,
)
def legal_persons_before_opt_in(message: Message, person: Person) -> Conditions:
    """Until 30 September 2009 legal persons were not protected by the opt-in."""
    yield "beperkt tot abonnees die natuurlijke personen zijn", not_(_natural(person))
    yield said("er is geen bezwaar", AP), free_of_refusal(person)


@reserves(
    "opt-in-of-legal-persons",
    "B-01",
    law=Tw("11.7", 1),
    in_force=since("2009-10-01"),
    over=LID_1_MEANS,
    when=lambda m, p: in_scope(m, p) and p.recipient is Recipient.LEGAL_PERSON,
)
def opt_in_of_legal_persons(message: Message, person: Person) -> Conditions:
    """Companies, foundations and associations enjoy the opt-in too.

    Since 1 October 2009 Tw 11.8 limits only the telephone rules to natural persons.
    """
    yield "ongevraagde communicatie voor commerciële, ideële of charitatieve doeleinden", _purposes(message)


@reserves(
    "calling-machines",
    "D-02",
    law=Tw("11.7", 1),
    in_force=since("2004-05-19"),
    over={Channel.AUTO_CALL},
    when=in_scope,
)
def calling_machines(message: Message, person: Person) -> Conditions:
    """Let no machine call without prior consent; one ring that lures a call-back counts too."""
    yield "systemen zonder menselijke tussenkomst", YES


@reserves("faxes", "D-02", law=Tw("11.7", 1), in_force=since("2004-05-19"), over={Channel.FAX}, when=in_scope)
def faxes(message: Message, person: Person) -> Conditions:
    """Send no advertising by fax without prior consent; a fax is no electronic mail (ePrivacy 13 lid 2)."""
    yield "faxen", YES


@reserves(
    "charities-need-consent",
    "X-01",
    law=ACM_CHARITIES,
    in_force=since("2004-05-19"),
    over=DIRECTED,
    when=lambda m, p: in_scope(m, p) and m.sender in (Sender.CHARITY, Sender.IDEAL_ORGANISATION),
)
def charities_need_consent(message: Message, person: Person) -> Conditions:
    """An ideal or charitable purpose is no exemption: a charity proves consent per person too."""
    yield "ook ideële en charitatieve doeleinden vallen eronder", YES


@reserves(
    "lotteries-need-consent",
    "X-03",
    law=OPTA_LOTTERIES,
    in_force=since("2004-05-19"),
    over=LID_1_MEANS | TELEPHONE,
    when=lambda m, p: in_scope(m, p) and m.sender is Sender.LOTTERY,
)
def lotteries_need_consent(message: Message, person: Person) -> Conditions:
    """A licence is no immunity: a lottery needs consent or a customer as everybody does."""
    yield "een loterij valt onder dezelfde regels", YES


@reserves(
    "inbox-ads-messages-and-pushes",
    "D-12",
    law=CJEU_INBOX,
    in_force=since("2004-05-19"),
    when=in_scope,
    over={Channel.SOCIAL_DM, Channel.PUSH, Channel.MESSENGER, Channel.INBOX_AD},
)
def inbox_ads_messages_and_pushes(message: Message, person: Person) -> Conditions:
    """A connection, a follower or a push switch is no consent to advertising.

    Chat messages, direct messages, pushes and ads between e-mails are electronic messages (G-09).
    """
    yield "een elektronisch bericht, met dezelfde eis van toestemming als e-mail", YES


@reserves(
    "non-customers",
    "D-15",
    law=OPTA,
    in_force=since("2004-05-19"),
    over=LID_1_MEANS,
    when=in_scope,
    per=("relation",),
)
def non_customers(message: Message, person: Person, profile: Profile) -> Conditions:
    """Without consent nothing to a prospect: who asked, played, answered or left a basket is no customer."""
    yield "de ontvanger is geen klant", not_(profile.reads("P-CUSTOMER", person.relation.customer))


@reserves(
    "third-party-advertising",
    "D-05",
    "S-07",
    law=AP,
    in_force=since("2004-05-19"),
    over=LID_1_MEANS | TELEPHONE,
    when=lambda m, p: in_scope(m, p) and m.advertises not in (Advertises.OWN, Advertises.UNKNOWN),
)
def third_party_advertising(message: Message, person: Person) -> Conditions:
    """Customers get your own offers only; a sister company is a third party."""
    yield (
        "reclame voor een ander dan de eigen rechtspersoon",
        answer(message.advertises is not Advertises.OWN),
    )


@reserves(
    "list-rental",
    "S-06",
    law=DDMA_LISTS,
    in_force=since("2004-05-19"),
    over=LID_1_MEANS | TELEPHONE,
    when=lambda m, p: in_scope(m, p) and (m.on_behalf is YES or m.advertises is Advertises.THIRD_PARTY),
)
def list_rental(message: Message, person: Person) -> Conditions:
    """Send your list an offer of another only if they agreed to that; both of you are senders (G-05)."""
    yield "de eigenaar van de lijst verzendt voor een ander", YES


@reserves(
    "legitimate-interest-for-messages",
    "L-04",
    law=Tw("11.7", 1),
    in_force=since("2018-05-25"),
    over=LID_1_MEANS,
    when=lambda m, p: in_scope(m, p) and m.claimed is Claimed.LEGITIMATE_INTEREST,
)
def legitimate_interest_for_messages(message: Message, person: Person) -> Conditions:
    """Legitimate interest cannot replace the consent that the Telecommunicatiewet asks for."""
    yield "voorafgaand toestemming", answer(message.claimed is Claimed.LEGITIMATE_INTEREST)


@reserves(
    "legitimate-interest-for-calls",
    "L-04",
    law=Tw("11.7", 2),
    in_force=since("2021-07-01"),
    over=TELEPHONE,
    when=lambda m, p: (
        in_scope(m, p)
        and p.recipient is not Recipient.LEGAL_PERSON
        and m.claimed is Claimed.LEGITIMATE_INTEREST
    ),
)
def legitimate_interest_for_calls(message: Message, person: Person) -> Conditions:
    """Nor for calls to natural persons, since these need the same consent."""
    yield "van overeenkomstige toepassing", YES


@reserves(
    "political-messages",
    "X-02",
    law=POLITICAL,
    in_force=since("2021-07-01"),
    over=DIRECTED,
    when=lambda m, p: (
        m.content is Content.POLITICAL or (m.sender is Sender.POLITICAL_PARTY and m.content in MARKETING)
    ),
)
def political_messages(message: Message, person: Person) -> Conditions:
    """Canvassing serves an ideal purpose and falls under the same opt-in."""
    yield "ideële doeleinden, ook van een politieke partij", YES


# --- Consent lifts it --------------------------------------------------------------------------


def advertiser(message: Message, person: Person, profile: Profile) -> Conditions:
    """Offers of another: that advertiser stood on the form as well (S-06)."""
    if message.on_behalf is not NO or message.advertises is not Advertises.OWN:
        yield (
            said("de adverteerder stond bij de toestemming genoemd", DDMA_LISTS),
            profile.reads("P-PARTNERS", person.consent.advertiser),
            "S-06",
        )


def _means(message: Message) -> Conditions:
    if message.channel is Channel.AUTO_CALL:
        yield said("ook voor een oproepsysteem", AP), YES, "D-02"
    elif message.channel not in (Channel.EMAIL, Channel.SMS, Channel.FAX):
        yield said("ook voor dit kanaal", CJEU_INBOX), YES, "D-12"


@permits(
    "consent-to-messages",
    "D-01",
    "C-01",
    law=Tw("11.7", 1),
    in_force=since("2018-05-25"),
    over=LID_1_MEANS,
    when=in_scope,
    per=("consent",),
)
def consent_to_messages(message: Message, person: Person, profile: Profile) -> Conditions:
    """Message whoever gave valid consent, beforehand, to this sender, channel and subject."""
    yield "voorafgaand toestemming", person.consent.exists
    if person.consent.exists is NO:
        return
    yield from _means(message)
    yield from avg_consent(person, profile)
    yield from proof(person)
    yield from advertiser(message, person, profile)


@permits(
    "consent-to-messages",
    "D-01",
    "C-01",
    law=Tw("11.7", 1),
    in_force=since("2004-05-19", until="2018-05-24"),
    over=LID_1_MEANS,
    when=in_scope,
    per=("consent",),
)
def consent_to_messages_under_the_wbp(message: Message, person: Person, profile: Profile) -> Conditions:
    """Message whoever gave valid consent, beforehand, to this sender, channel and subject."""
    yield "voorafgaand toestemming", person.consent.exists
    if person.consent.exists is NO:
        return
    yield from _means(message)
    yield from wbp_consent(person, profile)
    yield from advertiser(message, person, profile)
