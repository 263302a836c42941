"""Consent: vrij, specifiek, geïnformeerd, ondubbelzinnig, aantoonbaar (AVG 4, 7 and 8; UAVG 5).

What a valid consent is, clause by clause.  The rules of a channel or of sharing pull these
clauses in with ``yield from``; a flawed consent is evidence too, and each clause shows where
it falls short.
"""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, all_of, answer, any_of, not_
from grondslag.law.citations import AVG, Guidance
from grondslag.law.profiles import Profile
from grondslag.law.rules import Conditions, quoted, said
from grondslag.law.situation import Person
from grondslag.law.terms import Evidence, Incentive, Manner, Naming

WBP: Final = Guidance("Wbp", "art. 1 onder i (gold tot en met 24 mei 2018)", ("S01",))
AP: Final = Guidance("AP", "pagina Reclame", ("S18",))
EDPB: Final = Guidance("EDPB en ICO", "richtsnoeren 05/2020: per doel en per kanaal", ("S88", "S117"))
PARTNERS: Final = Guidance("CNIL en HvJ EU", "Canal+, Hubside; C-317/25 loopt nog", ("S86", "S87", "S89"))

_ACTIVE: Final = frozenset({Manner.CONFIRMED, Manner.ACTIVE})


def active(manner: Manner) -> Answer:
    """Whether consent was given by a clear affirmative act (C-05)."""
    return YES if manner in _ACTIVE else UNKNOWN if manner is Manner.UNKNOWN else NO


def demonstrable(evidence: Evidence) -> Answer:
    """Whether this one person's consent can be shown, words and screen included (C-06)."""
    return YES if evidence is Evidence.FULL else UNKNOWN if evidence is Evidence.UNKNOWN else NO


def shown_for_calls(person: Person, profile: Profile) -> Answer:
    """The same of a consent to calls; a time stamp, IP and screen are the least that any reading accepts."""
    stamped = answer(person.consent.evidence is Evidence.METADATA_ONLY)
    least = all_of(profile.at_least("P-PHONE-PROOF", "permissive"), stamped)
    return any_of(demonstrable(person.consent.evidence), least)


def _proof_id(evidence: Evidence) -> str:
    return "C-06" if evidence in (Evidence.FULL, Evidence.METADATA_ONLY) else "G-07"


def free_of_refusal(person: Person) -> Answer:
    """No objection and no withdrawal on file: what every permission but a new consent asks."""
    return all_of(not_(person.objected), not_(person.withdrawn))


def standing(person: Person) -> Conditions:
    """The consent was not withdrawn, and no objection or withdrawal is younger than it."""
    consent = person.consent
    yield (
        quoted("heeft het recht zijn toestemming te allen tijde in te trekken", AVG("7", 3)),
        not_(consent.withdrawn),
        "C-07",
    )
    if person.objected is not NO or person.withdrawn is not NO:
        yield (
            said("de toestemming is van na het bezwaar of de intrekking", AP),
            consent.after_objection,
            "R-01",
        )


def quality(person: Person, profile: Profile) -> Conditions:
    """Free, informed, unambiguous, by who may give it: what makes a consent valid at all."""
    consent = person.consent
    yield quoted("vrije", AVG("4", onder="11")), consent.unconditional, "C-02"
    if consent.incentive is not Incentive.NONE:
        yield (
            said("een voordeel maakt de toestemming niet onvrij", AP),
            profile.reads("P-INCENTIVE", consent.incentive),
            "C-11",
        )
    yield quoted("geïnformeerde", AVG("4", onder="11")), consent.informed, "C-04"
    yield (
        quoted("een ondubbelzinnige actieve handeling", AVG("4", onder="11")),
        active(consent.manner),
        "C-12" if consent.manner is Manner.TERMS else "C-05",
    )
    yield quoted("wanneer het kind ten minste 16 jaar is", AVG("8", 1)), consent.entitled, "C-09"
    if consent.before_avg is not NO:
        yield (
            quoted(
                "op een manier die aan de voorwaarden van deze verordening voldoet", AVG("overweging 171")
            ),
            all_of(consent.unconditional, consent.informed, active(consent.manner)),
            "C-14",
        )


def proof(person: Person) -> Conditions:
    """The controller can show this person's consent."""
    evidence = person.consent.evidence
    yield (
        quoted("kunnen aantonen dat de betrokkene toestemming heeft gegeven", AVG("7", 1)),
        demonstrable(evidence),
        "C-06",
    )
    if evidence is not Evidence.FULL:
        yield quoted("kan deze aantonen", AVG("5", 2)), demonstrable(evidence), "G-07"


def fresh(person: Person, profile: Profile) -> Conditions:
    """The consent has not run out: its stated term, or else the term without interaction (C-10)."""
    consent = person.consent
    lasting = (
        profile.reads("P-CONSENT-TTL", consent.since_interaction)
        if consent.stated_term is UNKNOWN
        else consent.stated_term
    )
    yield said("de toestemming is niet verlopen", AP), lasting, "C-10"


def party(naming: Naming, profile: Profile, bought: Answer = NO) -> Conditions:
    """The party that relies on the consent stood on the form; S-04 says how, where others collected it."""
    yield quoted("specifieke", AVG("4", onder="11")), profile.reads("P-PARTNERS", naming), "C-03"
    if naming is not Naming.NAMED or bought is not NO:
        yield (
            said("wie zich op de toestemming beroept, stond bij naam op het formulier", PARTNERS),
            profile.reads("P-PARTNERS", naming),
            "S-04",
        )


def purpose(person: Person) -> Conditions:
    """Given for this purpose, not another."""
    yield quoted("voor een of meer specifieke doeleinden", AVG("6", 1, "a")), person.consent.purpose, "C-03"


def avg_consent(person: Person, profile: Profile) -> Conditions:
    """Every condition of a marketing consent for one channel under the AVG, proof aside."""
    consent = person.consent
    yield from party(consent.sender, profile, person.from_elsewhere)
    yield from purpose(person)
    yield said("de toestemming geldt voor dit kanaal", EDPB), consent.channel, "C-03"
    yield said("de toestemming gaat over dit product", EDPB), consent.topic, "C-03"
    yield from quality(person, profile)
    yield from standing(person)
    yield from fresh(person, profile)


def _party_under_the_wbp(naming: Naming, profile: Profile) -> Conditions:
    named = profile.reads("P-PARTNERS", naming)
    yield said("specifieke: aan deze afzender", WBP), named, "C-03"
    if naming is not Naming.NAMED:
        yield said("de afzender stond bij naam op het formulier", WBP), named, "S-04"


def wbp_consent(person: Person, profile: Profile) -> Conditions:
    """The same until 24 May 2018: 'vrije, specifieke en op informatie berustende wilsuiting'."""
    consent = person.consent
    yield from _party_under_the_wbp(consent.sender, profile)
    yield (
        said("specifieke: voor dit doel, dit kanaal en dit product", WBP),
        all_of(consent.purpose, consent.channel, consent.topic),
        "C-03",
    )
    yield said("vrije", WBP), consent.unconditional, "C-02"
    yield said("op informatie berustende", WBP), consent.informed, "C-04"
    yield (
        said("wilsuiting", WBP),
        active(consent.manner),
        "C-12" if consent.manner is Manner.TERMS else "C-05",
    )
    yield said("aantoonbaar", WBP), demonstrable(consent.evidence), _proof_id(consent.evidence)
    yield said("niet ingetrokken", WBP), not_(consent.withdrawn), "C-07"
    if person.objected is not NO or person.withdrawn is not NO:
        yield said("van na het verzet", WBP), consent.after_objection, "R-01"
