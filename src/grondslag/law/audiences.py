"""Contact lists for a platform: custom audiences, lookalikes, exclusions (AVG 6 and 26; EDPB 8/2020)."""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, YES, all_of, any_of, not_
from grondslag.law.acts import AUDIENCE, Aim, Disclosure
from grondslag.law.citations import AVG, Guidance
from grondslag.law.consent import free_of_refusal
from grondslag.law.customers import offered, refused_nothing
from grondslag.law.grounds import AVG_PERIOD, consent, covered, interest, told
from grondslag.law.profiles import Profile
from grondslag.law.rules import Conditions, forbids, permits, quoted, reserves, said, since
from grondslag.law.situation import Person

AP: Final = Guidance("AP", "klantgegevens delen met een platform (2017)", ("S101", "S18"))
EDPB: Final = Guidance("EDPB", "richtsnoeren 8/2020, voorbeelden 2 en 3", ("S103",))
DSA: Final = Guidance("EU", "digitaledienstenverordening (DSA) art. 28 lid 2", ("S91",))


def _audience(act: Disclosure, person: Person) -> bool:
    return act.aim in AUDIENCE


@forbids(
    "objection-to-profiled-advertising",
    "R-01",
    law=AVG("21", 2),
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: a.aim in AUDIENCE and a.profiling_refused is not NO,
)
def objection_to_profiled_advertising(act: Disclosure, person: Person, profile: Profile) -> Conditions:
    """Put nobody on a platform's list who objected to profiling for marketing."""
    yield "met inbegrip van profilering die betrekking heeft op direct marketing", act.profiling_refused
    if act.aim is Aim.EXCLUSION:
        yield (
            said("de lijst dient niet alleen om deze mensen over te slaan", EDPB),
            not_(profile.at_least("P-AUDIENCE", "permissive")),
            "S-02",
        )


@forbids(
    "platform-advertising-to-minors",
    "C-09",
    law=DSA,
    in_force=since("2024-02-17"),
    do="share",
    when=lambda a, p: a.aim in (Aim.CUSTOM_AUDIENCE, Aim.LOOKALIKE) and a.minor is not NO,
)
def platform_advertising_to_minors(act: Disclosure, person: Person) -> Conditions:
    """Put no child on a list for profiled advertising, whoever consented."""
    yield "geen reclame op basis van profilering aan minderjarigen", act.minor


@reserves("audiences-need-consent", "S-02", law=EDPB, in_force=AVG_PERIOD, do="share", when=_audience)
def audiences_need_consent(act: Disclosure, person: Person) -> Conditions:
    """Upload no contact list to a platform, to reach people or to leave them out, without consent.

    It is a disclosure to a joint controller, hashed or not: a platform that can match can
    identify (C-413/23 P).
    """
    yield "een lijst om op te richten of uit te sluiten gaat naar een gezamenlijk verantwoordelijke", YES


@reserves(
    "joint-controllers-without-arrangement",
    "S-03",
    law=AVG("26", 1),
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: a.aim in AUDIENCE and a.arrangement_26 is not YES,
)
def joint_controllers_without_arrangement(act: Disclosure, person: Person) -> Conditions:
    """Advertiser and platform first divide their duties in an arrangement (C-40/17, Fashion ID)."""
    yield "door middel van een onderlinge regeling", not_(act.arrangement_26)


def _arranged(act: Disclosure) -> Conditions:
    yield quoted("door middel van een onderlinge regeling", AVG("26", 1)), act.arrangement_26, "S-03"


@permits(
    "consent-to-audiences",
    "S-02",
    "C-01",
    law=AVG("6", 1, "a"),
    in_force=AVG_PERIOD,
    do="share",
    when=_audience,
    per=("consent",),
)
def consent_to_audiences(act: Disclosure, person: Person, profile: Profile) -> Conditions:
    """Upload the details of who agreed to that, under an arrangement with the platform."""
    yield "de betrokkene heeft toestemming gegeven", person.consent.exists
    if person.consent.exists is NO:
        return
    yield from covered(person)
    yield from consent(person, profile)
    yield from _arranged(act)


@permits(
    "audiences-of-informed-customers",
    "S-02",
    "L-01",
    law=AVG("6", 1, "f"),
    in_force=AVG_PERIOD,
    do="share",
    when=_audience,
    per=("collection", "relation"),
    switch=("P-AUDIENCE", "balanced"),
)
def audiences_of_informed_customers(act: Disclosure, person: Person, profile: Profile) -> Conditions:
    """Upload customers who were told when they gave their details and could refuse, for similar products.

    EDPB 8/2020 example 3; AP asks for consent; contested: P-AUDIENCE.
    """
    yield from interest(person, act.public_body)
    yield (
        said("is klant", EDPB),
        all_of(profile.reads("P-CUSTOMER", person.relation.customer), person.relation.own),
        "D-04",
    )
    yield (
        said("nog redelijkerwijs klant", EDPB),
        any_of(
            person.relation.running,
            profile.reads("P-CUSTOMER-TERM", person.relation.ended),
            person.relation.long_lived,
        ),
        "D-10",
    )
    yield said("de gegevens zijn van de klant verkregen", EDPB), person.collection.own, "D-05"
    yield from told(person)
    yield (
        said("vooraf is apart de gelegenheid geboden om te weigeren", EDPB),
        offered(person.collection),
        "D-07",
    )
    yield said("gelijksoortige producten", EDPB), profile.reads("P-SIMILAR", person.closeness), "D-06"
    yield said("er is geen bezwaar", AP), refused_nothing(person), "R-01"
    yield from _arranged(act)


@permits(
    "audiences-of-all-contacts",
    "S-02",
    "L-01",
    law=AVG("6", 1, "f"),
    in_force=AVG_PERIOD,
    do="share",
    when=_audience,
    per=("collection",),
    switch=("P-AUDIENCE", "permissive"),
)
def audiences_of_all_contacts(act: Disclosure, person: Person) -> Conditions:
    """Upload any contact on a recorded interest that was told; objectors only to leave them out."""
    yield from interest(person, act.public_body)
    yield from told(person)
    if act.aim is not Aim.EXCLUSION:
        yield said("er is geen bezwaar", AP), free_of_refusal(person), "R-01"
    yield from _arranged(act)
