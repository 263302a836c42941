"""Buying or receiving addresses: the receiver verifies, screens and informs (AVG 5 lid 2, 6, 14 and 21)."""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, all_of, not_
from grondslag.law.acts import Intake
from grondslag.law.citations import AVG, Guidance
from grondslag.law.grounds import AVG_PERIOD, consent, interest, objection, withdrawal
from grondslag.law.profiles import Profile
from grondslag.law.rules import Conditions, forbids, permits, quoted, requires, reserves, said
from grondslag.law.situation import Person

AP: Final = Guidance(
    "AP en ACM", "gekochte adressen (pagina Reclame; Daisycon; Experian)", ("S18", "S23", "S104")
)
MOUSSE: Final = Guidance(
    "HvJ EU", "C-394/23 (Mousse), C-252/21: het belang is bij het verzamelen genoemd", ("S83",)
)


@forbids(
    "objector-received",
    "R-05",
    "R-01",
    law=AVG("21", 3),
    in_force=AVG_PERIOD,
    do="receive",
    when=lambda a, p: p.objected is not NO,
    per=("consent",),
)
def objector_received(act: Intake, person: Person) -> Conditions:
    """Take in nobody who objected: a fresh feed does not undo a no.

    Proximus (C-129/21) is about exactly that: the operator's feed overwrote the flag.
    """
    return objection(person, YES)


@forbids(
    "withdrawal-before-receiving",
    "C-07",
    law=AVG("7", 3),
    in_force=AVG_PERIOD,
    do="receive",
    when=lambda a, p: p.withdrawn is not NO,
    per=("consent",),
)
def withdrawal_before_receiving(act: Intake, person: Person) -> Conditions:
    """Take in nobody who withdrew, with you or with the supplier."""
    return withdrawal(person)


@reserves(
    "public-data-received",
    "S-08",
    law=AVG("5", 1, "b"),
    in_force=AVG_PERIOD,
    do="receive",
    when=lambda a, p: a.public_source is not NO,
)
def public_data_received(act: Intake, person: Person) -> Conditions:
    """That data are public is no permission to copy them for marketing."""
    yield "niet verder op een met die doeleinden onverenigbare wijze worden verwerkt", act.public_source


@reserves(
    "failed-balancing",
    "L-01",
    law=AVG("6", 1, "f"),
    in_force=AVG_PERIOD,
    do="receive",
    when=lambda a, p: p.legitimate_interest is NO,
)
def failed_balancing(act: Intake, person: Person) -> Conditions:
    """A balancing that came out in favour of the person carries no purchase."""
    yield "zwaarder wegen dan die belangen", YES


@reserves("bought-data-need-a-ground", "S-05", law=AVG("6", 1), in_force=AVG_PERIOD, do="receive")
def bought_data_need_a_ground(act: Intake, person: Person) -> Conditions:
    """A supplier's word is no ground: verify the basis of every person yourself."""
    yield "De verwerking is alleen rechtmatig indien", YES


def _verified(act: Intake) -> Conditions:
    yield (
        quoted(
            "aantonen dat de betrokkene toestemming heeft gegeven voor de verwerking van zijn persoonsgegevens",
            AVG("7", 1),
        ),
        act.proof,
        "G-07",
    )
    yield said("de koper is de toestemming zelf nagegaan", AP), act.checked


@permits(
    "consent-to-receive",
    "S-05",
    "C-01",
    law=AVG("6", 1, "a"),
    in_force=AVG_PERIOD,
    do="receive",
    when=lambda a, p: p.consent.exists is not NO,
    per=("consent",),
)
def consent_to_receive(act: Intake, person: Person, profile: Profile) -> Conditions:
    """Take in who consented to you, with the proof of each, checked by yourself.

    The consent must hold for the receiver: when A asked, B was named (S-04).
    """
    yield "de betrokkene heeft toestemming gegeven", person.consent.exists
    yield from _verified(act)
    yield from consent(person, profile)


@permits(
    "proof-of-consent-per-person",
    "S-05",
    "C-01",
    law=AVG("6", 1, "a"),
    in_force=AVG_PERIOD,
    do="receive",
    when=lambda a, p: p.consent.exists is NO,
    per=("consent",),
)
def proof_of_consent_per_person(act: Intake, person: Person) -> Conditions:
    """Take in who comes with proof of a consent to you, before that consent is on your own file.

    That it names the receiver and is valid is what the receiver's own check is about.
    """
    return _verified(act)


@permits(
    "interest-in-received-data",
    "S-05",
    "L-01",
    law=AVG("6", 1, "f"),
    in_force=AVG_PERIOD,
    do="receive",
    per=("collection",),
    switch=("P-SHARE", "balanced"),
)
def interest_in_received_data(act: Intake, person: Person) -> Conditions:
    """Take data in on a recorded interest that the person was told of when the supplier collected them.

    AP: consent; C-621/22 does not exclude a commercial interest: contested, P-SHARE.
    """
    yield from interest(person, act.public_body)
    yield said("het belang is bij het verzamelen verteld", MOUSSE), person.collection.interest_told, "L-03"
    yield said("de koper is de grond zelf nagegaan", AP), act.checked
    yield said("er is geen bezwaar", AP), all_of(not_(person.objected), not_(person.withdrawn)), "R-01"


@requires("inform-of-the-source", "I-02", "S-05", law=AVG("14", 3, "a"), in_force=AVG_PERIOD, do="receive")
def inform_of_the_source(act: Intake, person: Person) -> Conditions:
    """Tell the person within a month what you got, from whom and what for; sooner if you write sooner."""
    yield "uiterlijk binnen één maand na de verkrijging van de persoonsgegevens", act.informed_14


@requires(
    "heed-a-withdrawal-in-the-chain",
    "C-08",
    law=AVG("7", 3),
    in_force=AVG_PERIOD,
    do="receive",
    when=lambda a, p: p.consent.exists is YES and p.consent.withdrawn is NO,
    per=("consent",),
)
def heed_a_withdrawal_in_the_chain(act: Intake, person: Person) -> Conditions:
    """Who leans on one consent with others passes a withdrawal on, up and down the chain."""
    yield "Het intrekken van de toestemming is even eenvoudig als het geven ervan", UNKNOWN
