"""Giving data to another for his own use: marketing, a sale of the list, a directory (AVG 5, 6, 7 and 21).

Hashing or encrypting is no condition of any rule: it makes a transfer safer, not lawful (S-01).
"""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, all_of, answer, not_
from grondslag.law.acts import AUDIENCE, Aim, Disclosure, Party
from grondslag.law.citations import AVG, Guidance
from grondslag.law.consent import purpose, quality
from grondslag.law.customers import offered, refused_nothing
from grondslag.law.grounds import (
    AVG_PERIOD,
    consent,
    covered,
    interest,
    not_withdrawn,
    objection,
    shown,
    told,
    withdrawal,
)
from grondslag.law.profiles import Profile
from grondslag.law.rules import Conditions, forbids, permits, quoted, requires, reserves, said
from grondslag.law.situation import Person
from grondslag.law.terms import Naming
from grondslag.law.transfers import FOR_US

AP: Final = Guidance("AP", "pagina Reclame; klantgegevens delen (2017)", ("S18", "S101", "S102"))
DIRECTORIES: Final = Guidance("HvJ EU", "C-543/09; C-129/21 (Proximus)", ("S90",))
EDPB: Final = Guidance("EDPB", "richtsnoeren 8/2020 over gericht adverteren", ("S103",))
KNLTB: Final = Guidance("HvJ EU", "C-621/22 (KNLTB): noodzaak en verwachting", ("S75", "S76"))


def for_marketing(act: Disclosure) -> Answer:
    """Whether data are shared for direct marketing; for a processor that depends on its instructions."""
    if act.aim in (Aim.PERFORMING_CONTRACTS, Aim.DIRECTORY):
        return NO
    return UNKNOWN if act.aim in (Aim.OUR_INSTRUCTIONS, Aim.UNKNOWN) else YES


# --- Hard stops -------------------------------------------------------------------------------


@forbids(
    "objection-to-sharing",
    "R-01",
    law=AVG("21", 3),
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: p.objected is not NO and for_marketing(a) is not NO,
    per=("consent",),
)
def objection_to_sharing(act: Disclosure, person: Person, profile: Profile) -> Conditions:
    """Pass on nobody's data for marketing after an objection.

    Under the permissive reading of P-AUDIENCE a list that only serves to leave people out
    honours their objection.
    """
    yield from objection(person, for_marketing(act))
    if act.aim is Aim.EXCLUSION:
        yield (
            said("de lijst dient niet alleen om deze mensen over te slaan", EDPB),
            not_(profile.at_least("P-AUDIENCE", "permissive")),
            "S-02",
        )


@forbids(
    "withdrawal-before-sharing",
    "C-07",
    law=AVG("7", 3),
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: p.withdrawn is not NO and a.aim is not Aim.PERFORMING_CONTRACTS,
    per=("consent",),
)
def withdrawal_before_sharing(act: Disclosure, person: Person) -> Conditions:
    """Pass on nothing after consent was withdrawn, with you or with anybody who leans on it."""
    return withdrawal(person)


@forbids(
    "public-data-passed-on",
    "S-08",
    law=AVG("5", 1, "b"),
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: a.public_source is not NO and a.aim not in FOR_US,
    per=("consent",),
)
def public_data_passed_on(act: Disclosure, person: Person) -> Conditions:
    """Pass on no data that you know only from a register or the open web.

    That they are public is no permission; what the register is for counts.
    """
    yield "niet verder op een met die doeleinden onverenigbare wijze worden verwerkt", act.public_source
    yield (
        quoted("de betrokkene heeft toestemming gegeven", AVG("6", 1, "a")),
        not_(all_of(person.consent.exists, person.consent.purpose)),
    )


# --- The bans that only a permission lifts ----------------------------------------------------


@reserves(
    "sharing-needs-a-ground",
    "S-01",
    law=AVG("6", 1),
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: a.aim not in AUDIENCE | {Aim.OUR_INSTRUCTIONS, Aim.DIRECTORY},
)
def sharing_needs_a_ground(act: Disclosure, person: Person) -> Conditions:
    """Give customer data to nobody for his own use without a ground: usually consent.

    Being your customer is no consent to be passed on or sold.
    """
    yield "De verwerking is alleen rechtmatig indien", YES


@reserves(
    "directory-needs-consent",
    "S-04",
    law=AVG("6", 1),
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: a.aim is Aim.DIRECTORY,
)
def directory_needs_consent(act: Disclosure, person: Person) -> Conditions:
    """Pass nobody on to a directory without consent."""
    yield "De verwerking is alleen rechtmatig indien", YES


@reserves(
    "group-company-is-a-third-party",
    "S-07",
    law=AVG("4", onder="10"),
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: a.recipient is Party.GROUP_COMPANY and a.aim is not Aim.OUR_INSTRUCTIONS,
)
def group_company_is_a_third_party(act: Disclosure, person: Person) -> Conditions:
    """A sister company is a third party; group administration (recital 48) is no marketing."""
    yield "niet zijnde de betrokkene, noch de verwerkingsverantwoordelijke, noch de verwerker", YES


# --- What lifts them --------------------------------------------------------------------------


@permits(
    "consent-to-sharing",
    "S-01",
    "C-01",
    law=AVG("6", 1, "a"),
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: a.aim in (Aim.THEIR_MARKETING, Aim.SALE_OF_LIST, Aim.PERFORMING_CONTRACTS),
    per=("consent",),
)
def consent_to_sharing(act: Disclosure, person: Person, profile: Profile) -> Conditions:
    """Pass on what the person agreed to pass on, to whom it was agreed.

    The recipient stood on the form (S-04, P-PARTNERS) and every kind of data was named.  The
    consent fades as any other (C-10): by the term that the form stated, else by P-CONSENT-TTL.
    """
    yield "de betrokkene heeft toestemming gegeven", person.consent.exists
    if person.consent.exists is NO:
        return
    yield from covered(person)
    yield from consent(person, profile)


_TOLD_OF: Final = {Naming.NAMED: YES, Naming.LISTED: YES, Naming.CATEGORY: YES, Naming.UNKNOWN: UNKNOWN}


@permits(
    "consent-to-directories",
    "S-04",
    "C-01",
    law=AVG("6", 1, "a"),
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: a.aim is Aim.DIRECTORY,
    per=("consent",),
)
def consent_to_directories(act: Disclosure, person: Person, profile: Profile) -> Conditions:
    """Pass an entry on to another directory: for the identical purpose one consent travels.

    That other directories may follow must have been told beforehand; naming each is not asked
    (C-543/09, C-129/21).  A listing does not fade, and an objection to marketing leaves it be.
    """
    yield "de betrokkene heeft toestemming gegeven", person.consent.exists
    if person.consent.exists is NO:
        return
    yield (
        said("vooraf is verteld dat andere gidsen volgen", DIRECTORIES),
        _TOLD_OF.get(person.consent.sender, NO),
    )
    yield (
        said("voor hetzelfde doel: een gids", DIRECTORIES),
        UNKNOWN if act.recipient is Party.UNKNOWN else answer(act.recipient is Party.DIRECTORY),
    )
    yield from covered(person)
    yield from purpose(person)
    yield from quality(person, profile)
    yield from not_withdrawn(person)
    yield from shown(person)


@permits(
    "sharing-on-low-risk-interest",
    "S-01",
    "L-01",
    law=AVG("6", 1, "f"),
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: a.aim is Aim.THEIR_MARKETING,
    per=("collection",),
    switch=("P-SHARE", "balanced"),
)
def sharing_on_low_risk_interest(act: Disclosure, person: Person) -> Conditions:
    """Pass on who could not be asked, on a recorded and told interest, for nothing, to no platform.

    AP: consent.  The Court does not exclude a commercial interest (C-621/22), but who can ask his
    members first has a less intrusive way: with an e-mail address or number on file one can.
    """
    yield from interest(person, act.public_body)
    yield said("de betrokkene kon niet eerst worden gevraagd", KNLTB), not_(act.could_ask), "L-02"
    yield from told(person)
    yield said("voor de gegevens wordt niets betaald", KNLTB), not_(act.consideration)
    yield (
        said("de ontvanger is geen platform", KNLTB),
        UNKNOWN if act.recipient is Party.UNKNOWN else answer(act.recipient is not Party.PLATFORM),
    )
    yield said("er is geen bezwaar", AP), refused_nothing(person), "R-01"


@permits(
    "sharing-on-interest-with-opt-out",
    "S-01",
    "L-01",
    law=AVG("6", 1, "f"),
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: a.aim is Aim.THEIR_MARKETING,
    per=("collection",),
    switch=("P-SHARE", "permissive"),
)
def sharing_on_interest_with_opt_out(act: Disclosure, person: Person) -> Conditions:
    """Pass data on, on a recorded interest that was told at collection with a way out beside it."""
    yield from interest(person, act.public_body)
    yield from told(person)
    yield (
        said("de mogelijkheid om dit te weigeren is apart geboden", KNLTB),
        offered(person.collection),
        "D-07",
    )
    yield said("er is geen bezwaar", AP), refused_nothing(person), "R-01"


# --- Duties -----------------------------------------------------------------------------------


@requires("log-the-disclosure", "S-11", law=AVG("5", 2), in_force=AVG_PERIOD, do="share")
def log_the_disclosure(act: Disclosure, person: Person) -> Conditions:
    """Log who got which data, when and on what ground: withdrawals, corrections and access need it."""
    yield "kan deze aantonen", UNKNOWN


@requires(
    "pass-a-withdrawal-on",
    "C-08",
    law=AVG("7", 3),
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: (
        a.aim not in FOR_US
        and p.consent.exists is YES
        and p.consent.purpose is YES
        and p.consent.withdrawn is NO
    ),
    per=("consent",),
)
def pass_a_withdrawal_on(act: Disclosure, person: Person) -> Conditions:
    """When the consent is withdrawn later, tell everybody who got the data on the strength of it."""
    yield "Het intrekken van de toestemming is even eenvoudig als het geven ervan", UNKNOWN


@requires("pass-corrections-on", "R-07", law=AVG("19"), in_force=AVG_PERIOD, do="share")
def pass_corrections_on(act: Disclosure, person: Person) -> Conditions:
    """Pass every later correction, erasure or restriction on to the recipient."""
    yield (
        "in kennis van elke rectificatie of wissing van persoonsgegevens of beperking van de verwerking",
        UNKNOWN,
    )
