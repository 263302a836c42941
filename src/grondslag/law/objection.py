"""Hard stops: objection (AVG 21), withdrawal (AVG 7 lid 3), and what may not undo them.

An objection to direct marketing is absolute: no balancing, no reasons asked.  Only a new
consent, given by the person after the objection, opens the way again, and then only for what
it covers: no other permission survives an objection (each of them asks that there is none).
"""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, all_of, any_of, not_
from grondslag.law.citations import AVG, Guidance
from grondslag.law.profiles import Profile
from grondslag.law.rules import Conditions, forbids, quoted, requires, said, since
from grondslag.law.situation import Message, Person
from grondslag.law.terms import CALLS, DIRECTED, MARKETING, Channel, Claimed, Content, Recipient

WBP_41: Final = Guidance("Wbp", "art. 41 (gold tot en met 24 mei 2018)", ("S01",))
AP: Final = Guidance("AP", "pagina Reclame", ("S18",))
CODE_EMAIL: Final = Guidance("RCC", "Code Reclame via E-mail; bol.com 2015/01048", ("S16", "S25"))

_WRITTEN: Final = DIRECTED - CALLS - {Channel.POST}


def marketing(message: Message, profile: Profile) -> Answer:
    """Whether the content is direct marketing; a small promotion in service mail is contested."""
    if message.content is Content.MIXED:
        return not_(profile.at_least("P-SERVICE-PROMO", "permissive"))
    if message.content is Content.UNKNOWN:
        return UNKNOWN
    return YES if message.content in MARKETING or message.content is Content.FORWARDED_BY_USER else NO


def _renewed(person: Person) -> Answer:
    return all_of(person.consent.exists, person.consent.after_objection)


def objected(message: Message, person: Person) -> bool:
    """In play once anything on file may be an objection, for content that may be marketing."""
    return person.objected is not NO and (
        message.content in MARKETING or message.content is Content.FORWARDED_BY_USER
    )


def _objection(message: Message, person: Person, profile: Profile) -> Conditions:
    yield "ten behoeve van direct marketing", marketing(message, profile)
    yield "bezwaar maakt tegen verwerking", person.objected
    yield said("er is geen nieuwe toestemming van na het bezwaar", AP), not_(_renewed(person))
    if person.recipient is Recipient.LEGAL_PERSON:
        yield quoted("identificeerbare natuurlijke persoon", AVG("4", onder="1")), YES, "B-07"


@forbids(
    "objection",
    "R-01",
    "R-03",
    law=AVG("21", 3),
    in_force=since("2018-05-25"),
    over=_WRITTEN,
    when=objected,
    per=("consent",),
)
def objection(message: Message, person: Person, profile: Profile) -> Conditions:
    """Stop when the person has objected, by whatever route.

    AVG 21 lid 3 leaves no balancing.  The route does not matter (R-03): a reply, a call, a word
    in the shop bind the whole controller.
    """
    return _objection(message, person, profile)


@forbids(
    "objection-by-telephone",
    "T-07",
    "R-01",
    "R-03",
    law=AVG("21", 3),
    in_force=since("2018-05-25"),
    over=CALLS,
    when=objected,
    per=("consent",),
)
def objection_by_telephone(message: Message, person: Person, profile: Profile) -> Conditions:
    """Do not call again whoever said that he wants no calls, customer or not."""
    return _objection(message, person, profile)


@forbids(
    "objection-to-post",
    "P-04",
    "R-01",
    "R-03",
    law=AVG("21", 3),
    in_force=since("2018-05-25"),
    over={Channel.POST},
    when=objected,
    per=("consent",),
)
def objection_to_post(message: Message, person: Person, profile: Profile) -> Conditions:
    """Send no addressed advertising after an objection, customer or not."""
    return _objection(message, person, profile)


@forbids(
    "objection",
    "R-01",
    law=WBP_41,
    in_force=since("2004-05-19", until="2018-05-24"),
    over=_WRITTEN,
    when=objected,
    per=("consent",),
)
def objection_under_the_wbp(message: Message, person: Person, profile: Profile) -> Conditions:
    """Stop when the person has objected (Wet bescherming persoonsgegevens art. 41)."""
    yield "ten behoeve van commerciële, ideële of charitatieve werving", marketing(message, profile)
    yield "verzet is aangetekend", person.objected
    yield "er is geen nieuwe toestemming van na het verzet", not_(_renewed(person))


@forbids(
    "objection-by-telephone",
    "T-07",
    law=WBP_41,
    in_force=since("2004-05-19", until="2018-05-24"),
    over=CALLS,
    when=objected,
    per=("consent",),
)
def objection_by_telephone_under_the_wbp(message: Message, person: Person, profile: Profile) -> Conditions:
    """Do not call again whoever said that he wants no calls."""
    return objection_under_the_wbp(message, person, profile)


@forbids(
    "suppression-list-only-blocks",
    "R-04",
    law=AP,
    in_force=since("2018-05-25"),
    over=DIRECTED,
    per=("consent",),
    when=lambda m, p: m.content is Content.CONSENT_REQUEST and p.objected is not NO,
)
def suppression_list_only_blocks(message: Message, person: Person) -> Conditions:
    """Do not ask people on the suppression list to come back, or to check their details.

    AVG 21 lid 3 with 5 lid 1 onder c: what is kept after an objection serves to block only.
    """
    yield "staat op de lijst van bezwaren", person.objected
    yield "er is geen nieuwe toestemming van na het bezwaar", not_(_renewed(person))


@forbids(
    "reimport-does-not-undo-objection",
    "R-05",
    law=AVG("21", 3),
    in_force=since("2018-05-25"),
    over=DIRECTED,
    per=("consent",),
    when=lambda m, p: objected(m, p) and p.reimported is not NO,
)
def reimport_does_not_undo_objection(message: Message, person: Person) -> Conditions:
    """A bought list, a fresh feed or a new form does not bring back somebody who objected."""
    yield "bezwaar maakt tegen verwerking", person.objected
    yield said("de gegevens kwamen daarna opnieuw binnen", AP), person.reimported
    yield said("er is geen nieuwe toestemming van na het bezwaar", AP), not_(_renewed(person))


@forbids(
    "advertisement-in-service-mail-after-objection",
    "G-03",
    law=CODE_EMAIL,
    in_force=since("2004-05-19"),
    over=DIRECTED,
    per=("consent",),
    when=lambda m, p: m.content is Content.MIXED and p.objected is not NO,
)
def advertisement_in_service_mail_after_objection(
    message: Message, person: Person, profile: Profile
) -> Conditions:
    """Keep advertisements out of service mail to people who refused advertising.

    RCC bol.com 2015/01048; contested (RCC Booking.com 2020, Code 2025): P-SERVICE-PROMO.
    """
    yield "een dienstbericht met een reclame erin", marketing(message, profile)
    yield "de ontvanger heeft bezwaar gemaakt tegen reclame", person.objected
    yield "er is geen nieuwe toestemming van na het bezwaar", not_(_renewed(person))


def withdrawn(message: Message, person: Person) -> bool:
    """In play once a withdrawal is on file, for content that may be marketing."""
    return person.withdrawn is not NO and message.content in MARKETING


def _withdrawal(message: Message, person: Person, profile: Profile) -> Conditions:
    yield said("ten behoeve van direct marketing", AP), marketing(message, profile)
    yield quoted("zijn toestemming te allen tijde in te trekken", AVG("7", 3)), person.withdrawn, "C-07"
    yield said("er is geen nieuwe toestemming van na de intrekking", AP), not_(_renewed(person)), "C-07"


@forbids(
    "withdrawal",
    "C-07",
    law=AVG("7", 3),
    in_force=since("2018-05-25"),
    over=DIRECTED,
    when=withdrawn,
    per=("consent",),
)
def withdrawal(message: Message, person: Person, profile: Profile) -> Conditions:
    """Stop at once when the person has withdrawn consent."""
    return _withdrawal(message, person, profile)


@forbids(
    "withdrawal",
    "C-07",
    law=Guidance("Wbp", "art. 5 lid 2 (gold tot en met 24 mei 2018)", ("S01",)),
    in_force=since("2004-05-19", until="2018-05-24"),
    over=DIRECTED,
    when=withdrawn,
    per=("consent",),
)
def withdrawal_under_the_wbp(message: Message, person: Person, profile: Profile) -> Conditions:
    """Stop at once when the person has withdrawn consent."""
    yield "ten behoeve van commerciële, ideële of charitatieve werving", marketing(message, profile)
    yield "toestemming kan te allen tijde worden ingetrokken", person.withdrawn
    yield "er is geen nieuwe toestemming van na de intrekking", not_(_renewed(person))


@forbids(
    "withdrawal-travels",
    "C-08",
    law=AVG("7", 3),
    in_force=since("2018-05-25"),
    over=DIRECTED,
    per=("consent",),
    when=lambda m, p: withdrawn(m, p) and p.withdrawn_elsewhere is not NO,
)
def withdrawal_travels(message: Message, person: Person, profile: Profile) -> Conditions:
    """A withdrawal at one controller ends the consent for all who lean on it.

    CJEU 2022-10-27, C-129/21 (Proximus): withdrawing at any one of them suffices.
    """
    yield (
        said("de intrekking is gedaan bij een andere verantwoordelijke in de keten", AP),
        person.withdrawn_elsewhere,
    )
    yield from _withdrawal(message, person, profile)


@forbids(
    "no-swapping-of-bases",
    "C-13",
    law=AVG("5", 1, "a"),
    in_force=since("2018-05-25"),
    over=DIRECTED,
    per=("consent",),
    when=lambda m, p: withdrawn(m, p) and m.claimed not in (Claimed.CONSENT, Claimed.UNKNOWN),
)
def no_swapping_of_bases(message: Message, person: Person, profile: Profile) -> Conditions:
    """After a withdrawal the same marketing may not go on under another ground (EDPB 05/2020)."""
    yield "rechtmatig, behoorlijk en transparant", YES
    yield from _withdrawal(message, person, profile)


@requires(
    "tell-of-the-right-to-object",
    "R-02",
    law=AVG("21", 4),
    in_force=since("2018-05-25"),
    over=DIRECTED,
    when=lambda m, p: m.content in MARKETING and p.contacted_before is not YES,
)
def tell_of_the_right_to_object(message: Message, person: Person) -> Conditions:
    """Put the right to object to the person, clearly and apart, at the latest in the first message."""
    # An opt-out in the message, or an offer in the call, brings the right to the person's attention.
    offered = {
        Channel.POST: NO,
        Channel.PHONE: message.objection_offered,
        Channel.AUTO_CALL: message.objection_offered,
    }
    yield (
        "uiterlijk op het moment van het eerste contact met de betrokkene uitdrukkelijk onder de aandacht van de betrokkene gebracht",
        any_of(message.objection_right_told, offered.get(message.channel, message.opt_out)),
    )
