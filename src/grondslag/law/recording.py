"""Recording telephone calls: a ground for each purpose, announced at the start (AVG 5, 6, 13 and 21).

Recording one's own call is no crime, but what is kept in order is processing (V-01).
"""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, all_of, answer, not_
from grondslag.law.acts import Announcement, Phase, Recording, Service
from grondslag.law.citations import AVG, BW, Guidance
from grondslag.law.consent import party, purpose, quality
from grondslag.law.grounds import AVG_PERIOD, interest, not_withdrawn, shown
from grondslag.law.profiles import Profile
from grondslag.law.rules import Conditions, forbids, permits, quoted, requires, reserves, said
from grondslag.law.situation import Person

RADAR: Final = Guidance("AP", "aan Radar, augustus 2023: niet opnemen in de wacht", ("S114",))
PCI: Final = Guidance("PCI SSC", "PCI DSS 3.3.1: geen beveiligingscodes bewaren", ("S113",))
MIFID: Final = Guidance("EU", "MiFID II art. 16 lid 7; Verordening 2017/565 art. 76; Wft", ("S60", "S112"))
ACM: Final = Guidance("ACM", "bewijs van toestemming voor telemarketing", ("S31", "S17"))


def _investment(act: Recording) -> Answer:
    return UNKNOWN if act.service is Service.UNKNOWN else answer(act.service is Service.INVESTMENT)


# --- How a recording is made ------------------------------------------------------------------


@forbids("unannounced-recording", "V-02", law=AVG("13", 1, "c"), in_force=AVG_PERIOD, do="record")
def unannounced_recording(act: Recording, person: Person) -> Conditions:
    """Say at the start of the call that it is recorded, and what for.

    AVG 13 asks for it when the data are got, which is from the first second.
    """
    unsaid = (
        UNKNOWN
        if act.announced is Announcement.UNKNOWN
        else answer(act.announced is not Announcement.WITH_PURPOSE)
    )
    yield "de verwerkingsdoeleinden waarvoor de persoonsgegevens zijn bestemd", unsaid
    if act.service is Service.INVESTMENT:
        yield said("de cliënt vooraf inlichten over de opname", MIFID), unsaid, "V-06"


@forbids(
    "recording-on-hold",
    "V-08",
    law=AVG("5", 1, "c"),
    in_force=AVG_PERIOD,
    do="record",
    when=lambda a, p: a.phase is not Phase.TALK,
)
def recording_on_hold(act: Recording, person: Person) -> Conditions:
    """Do not record who is waiting: what people say in the queue serves no purpose."""
    waiting = UNKNOWN if act.phase is Phase.UNKNOWN else YES
    yield "beperkt tot wat noodzakelijk is voor de doeleinden waarvoor zij worden verwerkt", waiting
    yield said("opname in de wacht is niet nodig", RADAR), waiting


@forbids(
    "card-data-recorded",
    "V-07",
    law=AVG("5", 1, "c"),
    in_force=AVG_PERIOD,
    do="record",
    when=lambda a, p: a.card_data is not NO,
)
def card_data_recorded(act: Recording, person: Person) -> Conditions:
    """Pause the recording while card data are spoken.

    Security codes may not be kept after the payment, in sound neither (PCI DSS 3.3.1, and 3.2 before
    it).  Where the law asks for the sound, as for investment services, that standard yields.
    """
    yield "beperkt tot wat noodzakelijk is voor de doeleinden waarvoor zij worden verwerkt", act.card_data
    yield said("de opname pauzeert bij kaartgegevens", PCI), not_(act.paused)
    yield said("geen wet eist dit geluid", PCI), not_(all_of(act.legal_duty, _investment(act)))


# --- A ground for each purpose ----------------------------------------------------------------


@forbids(
    "recording-does-not-cure-a-call",
    "V-09",
    law=ACM,
    in_force=AVG_PERIOD,
    do="record",
    when=lambda a, p: a.consent_proof is not NO,
)
def recording_does_not_cure_a_call(act: Recording, person: Person) -> Conditions:
    """A tape of the sales call proves no consent to that call: consent comes first.

    Tw 11.7 asks for consent beforehand; AVG 7 lid 1 is why proof may be kept at all.
    """
    yield "de toestemming is niet van vóór het gesprek", not_(act.consent_before_call)


@reserves("recording-needs-a-ground", "V-01", law=AVG("6", 1), in_force=AVG_PERIOD, do="record")
def recording_needs_a_ground(act: Recording, person: Person) -> Conditions:
    """Record no call without a ground for each purpose."""
    yield "De verwerking is alleen rechtmatig indien", YES


def _needs_balancing(act: Recording) -> bool:
    """Training, fraud, and a complaint that is about no contract or dispute on file."""
    loose = act.complaint is not NO and YES not in (act.agreement, act.dispute)
    return loose or act.training is not NO or act.fraud is not NO


@permits("recording", "V-01", law=AVG("6", 1), in_force=AVG_PERIOD, do="record")
def recording(act: Recording, person: Person) -> Conditions:
    """Record a call for purposes that you name, each with a ground of its own.

    A contract, or a request for an offer; a complaint about a contract, a dispute or a recorded
    balancing; training and fraud on a recorded balancing; the duty of MiFID II; proof of a
    consent given before.  No consent is needed where another ground is there.  Callers are told
    that they may object to being recorded for training; who consented to it can withdraw instead.
    """
    yield (
        quoted("welbepaalde, uitdrukkelijk omschreven en gerechtvaardigde doeleinden", AVG("5", 1, "b")),
        act.stated,
    )
    if act.contract is not NO:
        yield "de uitvoering van een overeenkomst … of om op verzoek van de betrokkene", act.agreement
    if _needs_balancing(act):
        yield from interest(person, act.public_body)
        yield quoted("bezwaar te maken tegen de verwerking", AVG("21", 1)), not_(act.refused), "R-01"
    if act.training is not NO:
        yield (
            quoted("uitdrukkelijk onder de aandacht van de betrokkene gebracht", AVG("21", 4)),
            act.objection_offered,
            "R-02",
        )
    if act.legal_duty is not NO:
        yield "om te voldoen aan een wettelijke verplichting", _investment(act), "V-06"
    if act.consent_proof is not NO:
        yield (
            quoted("kunnen aantonen dat de betrokkene toestemming heeft gegeven", AVG("7", 1)),
            act.consent_before_call,
            "V-09",
        )


@permits(
    "recording-by-consent",
    "V-01",
    "C-01",
    law=AVG("6", 1, "a"),
    in_force=AVG_PERIOD,
    do="record",
    when=lambda a, p: p.consent.exists is not NO,
    per=("consent",),
)
def recording_by_consent(act: Recording, person: Person, profile: Profile) -> Conditions:
    """Record, for any purpose, who consented to being recorded.

    An objection to marketing does not touch it; a term that the form stated ends it.
    """
    yield "de betrokkene heeft toestemming gegeven", person.consent.exists
    yield from party(person.consent.sender, profile)
    yield from purpose(person)
    yield from quality(person, profile)
    yield from not_withdrawn(person)
    yield from shown(person)


# --- Duties -----------------------------------------------------------------------------------


@requires(
    "keep-the-contract-call-no-longer",
    "K-12",
    law=BW(3, "307", 1),
    in_force=AVG_PERIOD,
    do="record",
    when=lambda a, p: a.contract is not NO,
)
def keep_the_contract_call_no_longer(act: Recording, person: Person) -> Conditions:
    """Keep the needed part while the contract runs and claims on it have not lapsed."""
    yield "verjaart door verloop van vijf jaren", UNKNOWN


@requires(
    "keep-the-training-call-briefly",
    "K-11",
    law=AVG("5", 1, "e"),
    in_force=AVG_PERIOD,
    do="record",
    when=lambda a, p: a.training is not NO,
)
def keep_the_training_call_briefly(act: Recording, person: Person) -> Conditions:
    """Keep training recordings for weeks or months, on a term of your own that you argued."""
    yield (
        "niet langer te identificeren dan voor de doeleinden waarvoor de persoonsgegevens worden verwerkt noodzakelijk is",
        UNKNOWN,
    )


@requires(
    "keep-other-calls-no-longer-than-needed",
    "K-01",
    law=AVG("5", 1, "e"),
    in_force=AVG_PERIOD,
    do="record",
    when=lambda a, p: a.complaint is not NO or a.fraud is not NO,
)
def keep_other_calls_no_longer_than_needed(act: Recording, person: Person) -> Conditions:
    """Set a term for recordings kept for complaints or against fraud, and keep to it."""
    yield (
        "niet langer te identificeren dan voor de doeleinden waarvoor de persoonsgegevens worden verwerkt noodzakelijk is",
        UNKNOWN,
    )


@requires(
    "keep-the-proof-while-it-serves",
    "K-04",
    law=AVG("7", 1),
    in_force=AVG_PERIOD,
    do="record",
    when=lambda a, p: a.consent_proof is not NO,
)
def keep_the_proof_while_it_serves(act: Recording, person: Person) -> Conditions:
    """Keep the proof of consent while you use it, and until no fine or claim can follow."""
    yield "kunnen aantonen dat de betrokkene toestemming heeft gegeven", UNKNOWN


def _investments(act: Recording, person: Person) -> bool:
    return act.service is Service.INVESTMENT or act.legal_duty is not NO


@requires(
    "keep-investment-calls-five-years", "K-09", law=MIFID, in_force=AVG_PERIOD, do="record", when=_investments
)
def keep_investment_calls_five_years(act: Recording, person: Person) -> Conditions:
    """Keep recordings of investment services for five years, seven when the supervisor asks."""
    yield "vijf jaar bewaren, zeven op verzoek van de toezichthouder", UNKNOWN


@requires(
    "record-every-investment-call", "V-06", law=MIFID, in_force=AVG_PERIOD, do="record", when=_investments
)
def record_every_investment_call(act: Recording, person: Person) -> Conditions:
    """Record every call that may lead to an order, also without one, and give the client a copy."""
    yield "elk gesprek dat tot een order kan leiden, met een afschrift op verzoek van de cliënt", UNKNOWN
