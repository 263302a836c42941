"""What goes with every answer to a request: in time, free, complete, and without hurdles (AVG 12)."""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, all_of, answer, any_of, not_
from grondslag.law.citations import AVG, UAVG, Guidance
from grondslag.law.rights import AVG_ERA, annotated, granted
from grondslag.law.rights_terms import About, Identification, Means, Named, Outcome, Response, Right
from grondslag.law.rules import Conditions, forbids, permits, quoted, requires, said, since
from grondslag.law.situation import Person
from grondslag.law.terms import Age, Recipient

AP: Final = Guidance("AP", "pagina Reclame: verzoeken", ("S18",))

_RECIPIENTS: Final = (
    "de ontvangers of categorieën van ontvangers aan wie de persoonsgegevens zijn of zullen worden verstrekt"
)


def _pending(response: Response, person: Person) -> bool:
    return response.outcome is Outcome.PENDING


def _in_log(response: Response) -> bool:
    """Access to data that, by the controller's own log, went to others."""
    return (
        response.right is Right.ACCESS and response.about is not About.RECORDING and response.shared is not NO
    )


@forbids(
    "charge",
    "R-11",
    law=AVG("12", 5),
    in_force=AVG_ERA,
    do="respond",
    when=lambda r, p: r.outcome is not Outcome.PENDING,
)
def charge(response: Response, person: Person) -> Conditions:
    """Charge nothing for handling a request; a first copy is free, on paper and digitally."""
    yield "geschieden kosteloos", response.charged
    if response.right is Right.ACCESS and response.about is About.RECORDING:
        yield quoted("een kopie van de persoonsgegevens", AVG("15", 3)), YES, "V-03"


@forbids(
    "categories-only",
    "R-10",
    law=AVG("15", 1),
    in_force=AVG_ERA,
    do="respond",
    when=lambda r, p: _in_log(r) and r.outcome is not Outcome.PENDING and r.naming is not Named.RECIPIENTS,
)
def categories_only(response: Response, person: Person) -> Conditions:
    """Name who got the data; categories will not do when the names are in your own log.

    CJEU 2023-01-12, C-154/21 (Österreichische Post): the choice is the person's.
    """
    yield _RECIPIENTS, UNKNOWN if response.naming is Named.UNKNOWN else YES


def _turned_away(response: Response) -> Conditions:
    """Refused, and not for what the request is about (AVG 16 and 17 lid 3)."""
    yield said("het verzoek is geweigerd", AP), not_(any_of(granted(response), annotated(response)))
    yield said("de weigering heeft geen andere wettelijke grond", AP), not_(_ground(response))


def _ground(response: Response) -> Answer:
    """Whether the law lets this request be refused."""
    if response.right is Right.ERASURE:
        return response.exempt
    return not_(response.plausible) if response.right is Right.RECTIFICATION else NO


@forbids(
    "child-exercises-own-rights",
    "C-15",
    law=UAVG("5", 4),
    in_force=since("2026-09-01"),
    do="respond",
    when=lambda r, p: p.age is Age.TWELVE_TO_FIFTEEN and r.right is not Right.PROOF,
)
def child_exercises_own_rights(response: Response, person: Person) -> Conditions:
    """From twelve a child asks for itself, or through its representative: neither may be turned away.

    Until 31 August 2026 only the representative exercised these rights.
    """
    yield (
        "kunnen deze rechten, behalve door de betrokkene ook uitgeoefend worden door diens wettelijk vertegenwoordiger",
        YES,
    )
    yield from _turned_away(response)


@forbids(
    "named-contact-is-a-person",
    "B-07",
    law=AVG("4", onder="1"),
    in_force=AVG_ERA,
    do="respond",
    when=lambda r, p: p.recipient is Recipient.LEGAL_PERSON,
)
def named_contact_is_a_person(response: Response, person: Person) -> Conditions:
    """Somebody reached at work has every right: his named address there is personal data."""
    yield "alle informatie over een geïdentificeerde of identificeerbare natuurlijke persoon", YES
    yield from _turned_away(response)


@requires("answer-in-time", "R-08", law=AVG("12", 3), in_force=AVG_ERA, do="respond", when=_pending)
def answer_in_time(response: Response, person: Person) -> Conditions:
    """Answer before the month is over; say so in that month when it must take longer."""
    yield "binnen een maand na ontvangst van het verzoek … informatie over het gevolg", UNKNOWN


@requires("free-of-charge", "R-11", law=AVG("12", 5), in_force=AVG_ERA, do="respond", when=_pending)
def free_of_charge(response: Response, person: Person) -> Conditions:
    """Answer free of charge."""
    yield "geschieden kosteloos", UNKNOWN


@requires(
    "actual-recipients",
    "R-10",
    law=AVG("15", 1),
    in_force=AVG_ERA,
    do="respond",
    when=lambda r, p: _in_log(r) and r.outcome is Outcome.PENDING,
)
def actual_recipients(response: Response, person: Person) -> Conditions:
    """Name in the answer who got the data, not only what sort of recipients."""
    yield _RECIPIENTS, UNKNOWN


@requires(
    "recipients-told",
    "R-07",
    law=AVG("19"),
    in_force=AVG_ERA,
    do="respond",
    when=lambda r, p: (
        r.right in (Right.RECTIFICATION, Right.ERASURE, Right.RESTRICTION)
        and r.outcome in (Outcome.GRANTED, Outcome.ANNOTATED)
        and r.shared is not NO
    ),
)
def recipients_told(response: Response, person: Person) -> Conditions:
    """Pass the correction, erasure or restriction on to whoever got the data."""
    yield "stelt iedere ontvanger aan wie persoonsgegevens zijn verstrekt, in kennis", UNKNOWN


# --- Who is asking --------------------------------------------------------------------------------------


@requires(
    "kept-copy-blocked",
    "K-07",
    law=AP,
    in_force=AVG_ERA,
    do="respond",
    when=lambda r, p: (
        r.right is Right.ERASURE and r.outcome is Outcome.REFUSED and r.about is not About.RECORDING
    ),
)
def kept_copy_blocked(response: Response, person: Person) -> Conditions:
    """What a statute or a claim keeps from erasure is closed to marketing."""
    yield "de kopie die blijft, is afgesloten voor marketing", UNKNOWN


@permits("identification", "R-09", law=AVG("12", 6), in_force=AVG_ERA, do="identify")
def identification(asking: Identification, person: Person) -> Conditions:
    """Ask for more than the address only on reasonable doubt, by the lightest means that settles it.

    A copy of an identity document as a standing demand is unlawful (AP, DPG Media); a masked copy
    may be asked for sensitive data on real doubt (Rb Noord-Holland 2023:8912).  For an objection
    nothing beyond the address is needed.
    """
    yield (
        "wanneer hij redenen heeft om te twijfelen aan de identiteit",
        any_of(_effortless(asking), asking.doubt),
    )
    yield quoted("beperkt tot wat noodzakelijk is", AVG("5", 1, "c")), _proportionate(asking)


def _effortless(asking: Identification) -> Answer:
    """Means that ask nothing which the person has not used with the controller before."""
    if asking.means is Means.UNKNOWN:
        return UNKNOWN
    if asking.means is Means.NONE:
        return YES
    if asking.means not in (Means.LOGIN, Means.EMAIL_ROUND_TRIP):
        return NO
    return UNKNOWN if asking.right is Right.UNKNOWN else answer(asking.right is not Right.OBJECTION)


def _proportionate(asking: Identification) -> Answer:
    if asking.means is Means.UNKNOWN:
        return UNKNOWN
    if asking.means in (Means.NONE, Means.EMAIL_ROUND_TRIP):
        return YES
    if asking.means is Means.FULL_ID:
        return NO
    other = UNKNOWN if asking.right is Right.UNKNOWN else answer(asking.right is not Right.OBJECTION)
    return all_of(other, asking.sensitive) if asking.means is Means.MASKED_ID else other
