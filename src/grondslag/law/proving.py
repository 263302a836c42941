"""Questions of proof (``do: judge``): can it be shown, for this one person? (G-07, C-06, V-09, S-11)"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from grondslag.answers import NO, UNKNOWN, Answer, answer, any_of, not_
from grondslag.law.citations import AVG, Guidance, Tw
from grondslag.law.consent import demonstrable, shown_for_calls
from grondslag.law.profiles import Profile
from grondslag.law.rights_terms import Query, Question, Subject
from grondslag.law.rules import Conditions, permits, said, since
from grondslag.law.situation import Person
from grondslag.law.terms import TELEPHONE, Channel, Evidence

AP: Final = Guidance("AP", "pagina Reclame: toestemming aantonen", ("S18",))
ACM: Final = Guidance(
    "ACM", "toestemming bewijzen en verifiëren, per persoon (2022, 2025)", ("S17", "S31", "S32", "S72")
)
ORANGE: Final = Guidance(
    "HvJ EU", "C-61/19 (Orange Romania); CNIL over Hubside en Tagadamedia", ("S121", "S89")
)

_WRITTEN: Final = frozenset(Channel) - TELEPHONE


def asks(*questions: Query) -> Callable[[Question, Person], bool]:
    """In play for these questions."""
    return lambda question, person: question.question in questions


def own_act(question: Question) -> Conditions:
    """The person acted himself, and refusing was as easy: what the form tells, beside the record."""
    if question.filled_by_other is not NO:
        yield said("de betrokkene heeft zelf gehandeld", ORANGE), not_(question.filled_by_other), "C-05"
    if question.refusal_hard is not NO:
        yield said("weigeren vroeg niet meer dan aanvaarden", ORANGE), not_(question.refusal_hard), "C-05"


def _proved(question: Question, person: Person, on_record: Answer) -> Conditions:
    """What was found for this person decides; else what the record of the consent says."""
    shown = on_record if question.shown is UNKNOWN else question.shown
    yield (
        said("bekend is wat bewezen moet worden", AP),
        answer(None if question.subject is Subject.UNKNOWN else True),
    )
    yield "voorafgaand toestemming heeft verleend", any_of(person.consent.exists, question.shown)
    tied = person.consent.evidence in (Evidence.FULL, Evidence.METADATA_ONLY)
    yield "de verzender kan aantonen", shown, "C-06" if tied else "G-07"
    yield said("voor dit kanaal", AP), any_of(person.consent.channel, question.shown), "C-03"
    yield from own_act(question)
    if question.filled_by_other is not NO or question.refusal_hard is not NO:
        yield (
            said("aantoonbaar is dat de betrokkene begreep waarmee hij instemde", ORANGE),
            not_(any_of(question.filled_by_other, question.refusal_hard)),
            "C-06",
        )


def _of_consent(question: Question, person: Person) -> bool:
    return question.question is Query.PROOF and question.subject in (Subject.CONSENT, Subject.UNKNOWN)


@permits(
    "proof-of-consent",
    "G-07",
    law=Tw("11.7", 1),
    in_force=since("2004-05-19"),
    do="judge",
    over=_WRITTEN,
    when=_of_consent,
    per=("consent",),
)
def proof_of_consent(question: Question, person: Person) -> Conditions:
    """A consent is proved when its words and act can be shown for this one person.

    A description of what people usually sign proves nothing (G-07); neither does a list with
    time stamps (C-06, AVG 7 lid 1).
    """
    return _proved(question, person, demonstrable(person.consent.evidence))


@permits(
    "proof-of-consent-to-calls",
    "G-07",
    law=Tw("11.7", 1),
    in_force=since("2004-05-19", until="2022-06-28"),
    do="judge",
    over=TELEPHONE,
    when=_of_consent,
    per=("consent",),
)
def proof_of_consent_to_calls_2004(question: Question, person: Person) -> Conditions:
    """A consent to calls is proved when its words and act can be shown for this one person."""
    return _proved(question, person, demonstrable(person.consent.evidence))


@permits(
    "proof-of-consent-to-calls",
    "G-07",
    law=Tw("11.7", 1),
    in_force=since("2022-06-29"),
    do="judge",
    over=TELEPHONE,
    when=_of_consent,
    per=("consent",),
)
def proof_of_consent_to_calls(question: Question, person: Person, profile: Profile) -> Conditions:
    """The same, and since 29 June 2022 ACM asks that the number was verified before the call (T-11)."""
    consent = person.consent
    yield from _proved(question, person, shown_for_calls(person, profile))
    yield (
        said("voor het bellen is nagegaan dat het nummer van deze persoon is", ACM),
        profile.proves_phone_consent(consent.verified, consent.manner, consent.evidence),
        "T-11",
    )


@permits(
    "recording-as-proof",
    "V-09",
    law=ACM,
    in_force=since("2018-05-25"),
    do="judge",
    when=lambda q, p: q.question is Query.PROOF and q.subject is Subject.RECORDED_CONSENT,
)
def recording_as_proof(question: Question, person: Person) -> Conditions:
    """A recording proves consent when it shows who, to what words, by which act, before the marketing.

    A recording of the sales call itself does not cure that call (T-11).
    """
    yield "de opname laat zien wie instemde, met welke woorden en hoe", question.shown
    yield "de toestemming is gegeven voordat gebeld werd", question.before_call
    yield from own_act(question)


@permits(
    "proof-of-disclosures",
    "S-11",
    law=AVG("5", 2),
    in_force=since("2018-05-25"),
    do="judge",
    when=lambda q, p: q.question is Query.PROOF and q.subject is Subject.DISCLOSURES,
)
def proof_of_disclosures(question: Question, person: Person) -> Conditions:
    """Disclosures are accounted for when a log tells who got which data, when and on what ground."""
    yield "kan deze aantonen", question.logged
