"""Using data for marketing without reaching the person yet: profiles, enrichment, online advertising."""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, all_of, not_
from grondslag.law.acts import Processing, Use
from grondslag.law.citations import AVG, Guidance
from grondslag.law.consent import active, free_of_refusal
from grondslag.law.grounds import AVG_PERIOD, consent, interest, objection, withdrawal
from grondslag.law.profiles import Profile
from grondslag.law.rules import Conditions, forbids, permits, quoted, requires, reserves, said, since
from grondslag.law.situation import Person
from grondslag.law.terms import Claimed

AP: Final = Guidance("AP", "pagina Reclame", ("S18",))
META: Final = Guidance("HvJ EU", "C-252/21 en C-446/21 (Meta); Tw 11.7a", ("S120", "S88"))
MOUSSE: Final = Guidance(
    "HvJ EU", "C-394/23 (Mousse), C-252/21: het belang is bij het verzamelen genoemd", ("S83",)
)
TITLE: Final = Guidance("HvJ EU", "C-394/23 (Mousse): een aanspreekvorm is niet nodig", ("S83",))
KNLTB: Final = Guidance("HvJ EU", "C-621/22 (KNLTB)", ("S76",))
DSA: Final = Guidance("EU", "digitaledienstenverordening (DSA) art. 28 lid 2", ("S91",))
POLITICAL_ADS: Final = Guidance("EU", "Verordening 2024/900 over politieke reclame", ("S116",))

_PROFILES: Final = frozenset({Use.PROFILING, Use.ENRICHMENT})


def _online(act: Processing, person: Person) -> bool:
    return act.use is Use.ONLINE_ADVERTISING


def _explicit(person: Person) -> Answer:
    given = person.consent
    return all_of(given.exists, given.purpose, given.topic_named, active(given.manner), not_(given.withdrawn))


# --- Hard stops -------------------------------------------------------------------------------


@forbids(
    "objection-to-use",
    "R-01",
    law=AVG("21", 3),
    in_force=AVG_PERIOD,
    do="process",
    when=lambda a, p: p.objected is not NO,
    per=("consent",),
)
def objection_to_use(act: Processing, person: Person) -> Conditions:
    """Make no profile of who objected to marketing: all use of the data for it stops."""
    return objection(person, YES)


@forbids(
    "objection-to-profiling",
    "R-01",
    law=AVG("21", 2),
    in_force=AVG_PERIOD,
    do="process",
    when=lambda a, p: a.profiling_refused is not NO,
)
def objection_to_profiling(act: Processing, person: Person) -> Conditions:
    """Make no profile of who objected to profiling, even if he still wants your mail."""
    yield "met inbegrip van profilering die betrekking heeft op direct marketing", act.profiling_refused


@forbids(
    "withdrawal-before-use",
    "C-07",
    law=AVG("7", 3),
    in_force=AVG_PERIOD,
    do="process",
    when=lambda a, p: p.withdrawn is not NO,
    per=("consent",),
)
def withdrawal_before_use(act: Processing, person: Person) -> Conditions:
    """Stop when consent is withdrawn, and do not go on under another ground (EDPB 05/2020)."""
    return withdrawal(person, act.claimed)


@forbids(
    "mandatory-field",
    "L-01",
    "L-03",
    law=AVG("6", 1),
    in_force=AVG_PERIOD,
    do="process",
    when=lambda a, p: a.use is Use.MANDATORY_FIELD,
)
def mandatory_field(act: Processing, person: Person) -> Conditions:
    """Make no field mandatory for marketing: personal mail can do without it.

    C-394/23 (Mousse): a title is necessary for neither the contract nor the legitimate
    interest; that one may object does not make it necessary.  A yes that is forced is not free.
    """
    yield said("een veld verplichten voor reclame is niet noodzakelijk", TITLE), YES
    if act.claimed in (Claimed.CONSENT, Claimed.UNKNOWN):
        yield (
            quoted(
                "een verwerking van persoonsgegevens die niet noodzakelijk is voor de uitvoering van die overeenkomst",
                AVG("7", 4),
            ),
            YES,
            "C-02",
        )


@forbids(
    "profiled-advertising-to-minors",
    "C-09",
    law=DSA,
    in_force=since("2024-02-17"),
    do="process",
    when=lambda a, p: a.use is Use.ONLINE_ADVERTISING and a.minor is not NO,
)
def profiled_advertising_to_minors(act: Processing, person: Person) -> Conditions:
    """Show no child advertising that rests on a profile, whoever consented."""
    yield "geen reclame op basis van profilering aan minderjarigen", act.minor


@forbids(
    "political-profiles",
    "X-02",
    law=AVG("9", 1),
    in_force=AVG_PERIOD,
    do="process",
    when=lambda a, p: a.use is not Use.ONLINE_ADVERTISING and a.political_party is not NO,
    per=("consent", "relation"),
)
def political_profiles(act: Processing, person: Person) -> Conditions:
    """A party's profile shows political opinions: explicit consent, or its own members."""
    yield "politieke opvattingen", act.political_party
    yield quoted("uitdrukkelijke toestemming", AVG("9", 2, "a")), not_(_explicit(person))
    yield (
        quoted("uitsluitend betrekking heeft op de leden of de voormalige leden", AVG("9", 2, "d")),
        not_(person.relation.member),
    )


@forbids(
    "political-advertising-online",
    "X-02",
    law=POLITICAL_ADS,
    in_force=since("2025-10-10"),
    do="process",
    when=lambda a, p: a.use is Use.ONLINE_ADVERTISING and a.political_party is not NO,
    per=("consent",),
)
def political_advertising_online(act: Processing, person: Person) -> Conditions:
    """Target political advertising online only at who explicitly consented to that."""
    yield "politieke reclame, online gericht op personen", act.political_party
    yield "uitdrukkelijke toestemming voor politieke reclame", not_(_explicit(person))


# --- The bans that only a permission lifts ----------------------------------------------------


@reserves("use-needs-a-ground", "G-01", law=AVG("6", 1), in_force=AVG_PERIOD, do="process")
def use_needs_a_ground(act: Processing, person: Person) -> Conditions:
    """Every use of personal data for marketing needs a ground of its own."""
    yield "De verwerking is alleen rechtmatig indien", YES


@reserves(
    "public-data-used",
    "S-08",
    law=AVG("5", 1, "b"),
    in_force=AVG_PERIOD,
    do="process",
    when=lambda a, p: a.public_source is not NO,
)
def public_data_used(act: Processing, person: Person) -> Conditions:
    """That data are public is no permission to add them to a file for marketing."""
    yield "niet verder op een met die doeleinden onverenigbare wijze worden verwerkt", act.public_source


@reserves(
    "contract-is-no-ground-for-marketing",
    "L-01",
    "D-16",
    law=AVG("6", 1, "b"),
    in_force=AVG_PERIOD,
    do="process",
    when=lambda a, p: a.claimed in (Claimed.CONTRACT, Claimed.SERVICE),
)
def contract_is_no_ground_for_marketing(act: Processing, person: Person) -> Conditions:
    """Personal advertising is not what the customer's contract needs (C-252/21)."""
    yield "noodzakelijk voor de uitvoering van een overeenkomst", YES


@reserves(
    "online-advertising-needs-consent",
    "D-16",
    law=META,
    in_force=AVG_PERIOD,
    do="process",
    when=_online,
)
def online_advertising_needs_consent(act: Processing, person: Person) -> Conditions:
    """Target online advertising only with consent; neither contract nor interest carries it.

    Tw 11.7a lid 1 for what is stored on or read from the device, AVG 6 lid 1 for the rest.
    """
    yield "gerichte reclame op grond van gevolgd gedrag alleen met toestemming", YES


# --- What lifts them --------------------------------------------------------------------------


@permits(
    "consent-to-use",
    "C-01",
    law=AVG("6", 1, "a"),
    in_force=AVG_PERIOD,
    do="process",
    when=lambda a, p: (
        (a.use in _PROFILES or _online(a, p)) and a.claimed in (Claimed.CONSENT, Claimed.UNKNOWN)
    ),
    per=("consent",),
)
def consent_to_use(act: Processing, person: Person, profile: Profile) -> Conditions:
    """Profile, enrich or target online who consented to your marketing.

    Who leans on another ground is held to that one.  Consent to be mailed or called is none to be
    followed online (Tw 11.7a): a form that lists channels must say so.
    """
    yield "de betrokkene heeft toestemming gegeven", person.consent.exists
    if person.consent.exists is NO:
        return
    if _online(act, person):
        yield said("de toestemming geldt ook voor reclame online", META), person.consent.channel, "C-03"
    yield from consent(person, profile)


def _on_interest(act: Processing, person: Person) -> bool:
    return act.use in _PROFILES and act.claimed in (Claimed.LEGITIMATE_INTEREST, Claimed.UNKNOWN)


def _weighed(act: Processing, person: Person) -> Conditions:
    yield from interest(person, act.public_body)
    yield said("het belang is bij het verzamelen verteld", MOUSSE), act.told, "L-03"
    yield said("er is geen bezwaar", AP), free_of_refusal(person), "R-01"


@permits(
    "profiles-on-legitimate-interest",
    "L-01",
    law=AVG("6", 1, "f"),
    in_force=since("2024-10-04"),
    do="process",
    when=_on_interest,
)
def profiles_on_legitimate_interest(act: Processing, person: Person) -> Conditions:
    """Profile on a recorded interest that was told when the data were collected.

    The interest may be purely commercial (C-621/22); the AP's contrary reading of 2019 is
    superseded.  An interest invented afterwards carries nothing (C-394/23).
    """
    yield from _weighed(act, person)
    yield said("ook een louter commercieel belang kan gerechtvaardigd zijn", KNLTB), YES, "L-02"


@permits(
    "profiles-on-legitimate-interest",
    "L-01",
    law=AVG("6", 1, "f"),
    in_force=since("2018-05-25", until="2024-10-03"),
    do="process",
    when=_on_interest,
)
def profiles_on_legitimate_interest_before_knltb(act: Processing, person: Person) -> Conditions:
    """Profile on a recorded interest that was told when the data were collected (recital 47)."""
    return _weighed(act, person)


# --- Duties -----------------------------------------------------------------------------------


@requires(
    "tell-of-the-right-to-object-to-profiles",
    "R-02",
    law=AVG("21", 4),
    in_force=AVG_PERIOD,
    do="process",
    when=_on_interest,
)
def tell_of_the_right_to_object_to_profiles(act: Processing, person: Person) -> Conditions:
    """Put the right to object to profiling to the person, apart from the rest."""
    yield "duidelijk en gescheiden van enige andere informatie weergegeven", UNKNOWN


@requires(
    "inform-of-enrichment",
    "I-02",
    law=AVG("14", 3, "a"),
    in_force=AVG_PERIOD,
    do="process",
    when=lambda a, p: a.use is Use.ENRICHMENT,
)
def inform_of_enrichment(act: Processing, person: Person) -> Conditions:
    """Tell the person what you added from elsewhere, and where you got it, within a month."""
    yield "uiterlijk binnen één maand na de verkrijging van de persoonsgegevens", UNKNOWN
