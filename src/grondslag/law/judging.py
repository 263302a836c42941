"""Questions of qualification that help the controller (``do: judge``): yes only when it is certain.

Is this a customer, is this consent valid, is it proved, may this interest count, is the form in
order?  Questions whose yes is a burden stand in :mod:`grondslag.law.burdens`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, all_of, any_of, not_
from grondslag.law.citations import AVG, BW, Guidance, Tw
from grondslag.law.consent import avg_consent, demonstrable, proof, wbp_consent
from grondslag.law.customers import within_three_years
from grondslag.law.profiles import Profile
from grondslag.law.rights_terms import Query, Question, Subject
from grondslag.law.rules import Conditions, permits, quoted, said, since
from grondslag.law.terms import TELEPHONE, Channel, Evidence, Person, Recipient

AP: Final = Guidance("AP", "page Reclame: wie is klant", ("S18",))
AP_2019: Final = Guidance("AP", "normuitleg gerechtvaardigd belang (2019); besluit KNLTB", ("S82",))
CODE_TM: Final = Guidance("RCC", "Code Telemarketing: klanttermijn van drie jaar", ("S11", "S68", "S70"))
ACM: Final = Guidance("ACM", "toestemming bewijzen en verifiëren, per persoon (2022, 2025)", ("S17", "S31", "S32", "S72"))
ORANGE: Final = Guidance("CJEU", "C-61/19 (Orange Romania); CNIL Hubside, Tagadamedia", ("S88", "S89"))
KNLTB: Final = Guidance("CJEU", "C-621/22 (KNLTB); C-252/21", ("S76", "S83"))
CBB_2015: Final = Guidance("CBb", "ECLI:NL:CBB:2015:198", ("S67",))

_WRITTEN: Final = frozenset(Channel) - TELEPHONE


def asks(*questions: Query) -> Callable[[Question, Person], bool]:
    """In play for these questions."""
    return lambda question, person: question.question in questions


# --- Who is an existing customer --------------------------------------------------------------------


def _still_customer(question: Question, person: Person, profile: Profile) -> Conditions:
    yield said("met de eigen rechtspersoon", AP), person.relation.own, "D-05"
    if question.channel is Channel.PHONE:
        yield said("niet langer dan drie jaar geleden klant", CODE_TM), within_three_years(person.relation.ended), "T-05"
    else:
        lasting = any_of(profile.reads("P-CUSTOMER-TERM", person.relation.ended), person.relation.long_lived)
        yield said("nog redelijkerwijs klant", AP), lasting, "D-10"


@permits(
    "existing-customer", "D-04", law=Tw("11.7", 4), in_force=since("2021-07-01"), do="judge",
    when=asks(Query.EXISTING_CUSTOMER), per=("relation",),
)  # fmt: skip
def existing_customer(question: Question, person: Person, profile: Profile) -> Conditions:
    """A customer is who bought: a contract under which you deliver and he pays.

    AP: a newsletter, survey, contest, quote, game or account makes no customer.  CJEU 2025-11-13,
    C-654/23 (Inteligo): a free account that is indirectly paid for may (P-CUSTOMER).
    """
    yield "van zijn klanten in het kader van de verkoop van een product of dienst", profile.reads("P-CUSTOMER", person.relation.customer)
    yield from _still_customer(question, person, profile)


def _customer_of_old(question: Question, person: Person, profile: Profile) -> Conditions:
    yield "in het kader van de verkoop van zijn product of dienst", profile.reads("P-CUSTOMER", person.relation.customer)
    yield from _still_customer(question, person, profile)


@permits(
    "existing-customer", "D-04", law=Tw("11.7", 3), in_force=since("2009-07-01", until="2021-06-30"), do="judge",
    when=asks(Query.EXISTING_CUSTOMER), per=("relation",),
)  # fmt: skip
def existing_customer_2009(question: Question, person: Person, profile: Profile) -> Conditions:
    """A customer is who bought: a contract under which you deliver and he pays."""
    return _customer_of_old(question, person, profile)


@permits(
    "existing-customer", "D-04", law=Tw("11.7", 2), in_force=since("2004-05-19", until="2009-06-30"), do="judge",
    when=asks(Query.EXISTING_CUSTOMER), per=("relation",),
)  # fmt: skip
def existing_customer_2004(question: Question, person: Person, profile: Profile) -> Conditions:
    """A customer is who bought: a contract under which you deliver and he pays."""
    return _customer_of_old(question, person, profile)


# --- Whether a consent is valid -----------------------------------------------------------------------


def _own_act(question: Question) -> Conditions:
    """The person acted himself, and refusing was as easy: what the form tells, beside the record."""
    if question.filled_by_other is not NO:
        yield said("de betrokkene heeft zelf gehandeld", ORANGE), not_(question.filled_by_other), "C-05"
    if question.refusal_hard is not NO:
        yield said("weigeren vroeg niet meer dan aanvaarden", ORANGE), not_(question.refusal_hard), "C-05"


@permits(
    "valid-consent", "C-01", law=AVG("4", onder="11"), in_force=since("2018-05-25"), do="judge",
    when=asks(Query.CONSENT_VALID), per=("consent",),
)  # fmt: skip
def valid_consent(question: Question, person: Person, profile: Profile) -> Conditions:
    """Consent counts when it is free, specific, informed, unambiguous, provable and still stands."""
    yield "vrije, specifieke, geïnformeerde en ondubbelzinnige wilsuiting", person.consent.exists
    if person.consent.exists is NO:
        return
    yield from _own_act(question)
    yield from avg_consent(person, profile)
    yield from proof(person)


@permits(
    "valid-consent", "C-01", law=Guidance("Wbp", "art. 1 onder i (law until 2018-05-24)", ("S01",)),
    in_force=since("2004-05-19", until="2018-05-24"), do="judge", when=asks(Query.CONSENT_VALID), per=("consent",),
)  # fmt: skip
def valid_consent_under_the_wbp(question: Question, person: Person, profile: Profile) -> Conditions:
    """Consent counts when it is free, specific, informed, and still stands."""
    yield "vrije, specifieke en op informatie berustende wilsuiting", person.consent.exists
    if person.consent.exists is NO:
        return
    yield from _own_act(question)
    yield from wbp_consent(person, profile)


# --- Whether something is proved ------------------------------------------------------------------------


def _shown(question: Question, person: Person) -> Answer:
    """What was found for this person decides; else what the record of the consent says."""
    return demonstrable(person.consent.evidence) if question.shown is UNKNOWN else question.shown


def _proved(question: Question, person: Person) -> Conditions:
    yield "voorafgaand toestemming heeft verleend", any_of(person.consent.exists, question.shown)
    tied = person.consent.evidence in (Evidence.FULL, Evidence.METADATA_ONLY)
    yield "de verzender kan aantonen", _shown(question, person), "C-06" if tied else "G-07"
    yield said("voor dit kanaal", AP), any_of(person.consent.channel, question.shown), "C-03"
    yield from _own_act(question)
    if question.filled_by_other is not NO or question.refusal_hard is not NO:
        yield (
            said("aantoonbaar is dat de betrokkene begreep waarmee hij instemde", ORANGE),
            not_(any_of(question.filled_by_other, question.refusal_hard)),
            "C-06",
        )


_CONSENT_PROOF: Final = lambda q, p: q.question is Query.PROOF and q.subject in (Subject.CONSENT, Subject.UNKNOWN)  # noqa: E731


@permits(
    "proof-of-consent", "G-07", law=Tw("11.7", 1), in_force=since("2004-05-19"), do="judge",
    over=_WRITTEN, when=_CONSENT_PROOF, per=("consent",),
)  # fmt: skip
def proof_of_consent(question: Question, person: Person) -> Conditions:
    """A consent is proved when its words and act can be shown for this one person.

    A description of what people usually sign proves nothing (G-07); neither does a list with
    time stamps (C-06, AVG 7 lid 1).
    """
    return _proved(question, person)


@permits(
    "proof-of-consent-to-calls", "G-07", law=Tw("11.7", 1), in_force=since("2004-05-19", until="2022-06-28"), do="judge",
    over=TELEPHONE, when=_CONSENT_PROOF, per=("consent",),
)  # fmt: skip
def proof_of_consent_to_calls_2004(question: Question, person: Person) -> Conditions:
    """A consent to calls is proved when its words and act can be shown for this one person."""
    return _proved(question, person)


@permits(
    "proof-of-consent-to-calls", "G-07", law=Tw("11.7", 1), in_force=since("2022-06-29"), do="judge",
    over=TELEPHONE, when=_CONSENT_PROOF, per=("consent",),
)  # fmt: skip
def proof_of_consent_to_calls(question: Question, person: Person, profile: Profile) -> Conditions:
    """The same, and since 29 June 2022 ACM asks that the number was verified before the call (T-11)."""
    consent = person.consent
    yield from _proved(question, person)
    yield (
        said("voor het bellen is nagegaan dat het nummer van deze persoon is", ACM),
        profile.proves_phone_consent(consent.verified, consent.manner, consent.evidence),
        "T-11",
    )


@permits(
    "recording-as-proof", "V-09", law=ACM, in_force=since("2018-05-25"), do="judge",
    when=lambda q, p: q.question is Query.PROOF and q.subject is Subject.RECORDED_CONSENT,
)  # fmt: skip
def recording_as_proof(question: Question, person: Person) -> Conditions:
    """A recording proves consent when it shows who, to what words, by which act, before the marketing.

    A recording of the sales call itself does not cure that call (T-11).
    """
    yield "de opname laat zien wie instemde, met welke woorden en hoe", question.shown
    yield "de toestemming is gegeven voordat gebeld werd", question.before_call
    yield from _own_act(question)


@permits(
    "proof-of-disclosures", "S-11", law=AVG("5", 2), in_force=since("2018-05-25"), do="judge",
    when=lambda q, p: q.question is Query.PROOF and q.subject is Subject.DISCLOSURES,
)  # fmt: skip
def proof_of_disclosures(question: Question, person: Person) -> Conditions:
    """Disclosures are accounted for when a log tells who got which data, when and on what ground."""
    yield "kan deze aantonen", question.logged


# --- Interest, form, withdrawal, sanction -----------------------------------------------------------------


def _weighed(question: Question) -> Conditions:
    """The other steps, where something is known against them: they are separate questions."""
    if question.unnecessary is not NO:
        yield said("strikt noodzakelijk", KNLTB), not_(question.unnecessary), "L-01"
    if question.outweighed is not NO:
        yield said("niet overtroffen door de belangen en verwachtingen van de betrokkene", KNLTB), not_(question.outweighed), "L-01"
    if question.untold is not NO:
        yield said("het belang is bij de verzameling meegedeeld", KNLTB), not_(question.untold), "L-03"


@permits(
    "legitimate-interest", "L-02", law=AVG("6", 1), in_force=since("2024-10-04"), do="judge",
    when=asks(Query.LEGITIMATE_INTEREST),
)  # fmt: skip
def legitimate_interest(question: Question, person: Person) -> Conditions:
    """Any lawful interest can be legitimate, a purely commercial one too; no statute need name it.

    CJEU 2024-10-04, C-621/22 (KNLTB).  Necessity and the balance come after (L-01).
    """
    yield "de gerechtvaardigde belangen van de verwerkingsverantwoordelijke of van een derde", question.lawful
    yield from _weighed(question)


@permits(
    "legitimate-interest", "L-02", law=AVG("6", 1), in_force=since("2018-05-25", until="2024-10-03"), do="judge",
    when=asks(Query.LEGITIMATE_INTEREST),
)  # fmt: skip
def legitimate_interest_2018(question: Question, person: Person) -> Conditions:
    """Until the Court decided otherwise AP took no purely commercial interest for legitimate.

    Only what a statute or a principle of law protects counted (AP, normuitleg 2019).
    """
    yield "de gerechtvaardigde belangen van de verwerkingsverantwoordelijke of van een derde", question.lawful
    yield said("niet louter commercieel, of in de wet neergelegd", AP_2019), any_of(not_(question.commercial), question.in_law)
    yield from _weighed(question)


def _consumer(person: Person) -> Answer:
    if person.recipient is Recipient.UNKNOWN:
        return UNKNOWN
    return YES if person.recipient is Recipient.CONSUMER else NO


@permits(
    "written-form", "T-10", law=BW(6, "230v", 6), in_force=since("2014-06-13"), do="judge", when=asks(Query.WRITTEN_FORM)
)
def written_form(question: Question, person: Person) -> Conditions:
    """Energy and regular services sold in a call you made are contracted in writing; renewals need not be.

    A recorded yes is not in writing; an electronic document that the consumer signs or accepts is.
    """
    asked = all_of(_consumer(person), question.from_call, question.regular, not_(question.renewal))
    yield "wordt schriftelijk aangegaan", any_of(question.written, not_(asked))


@permits(
    "easy-withdrawal", "C-07", law=AVG("7", 3), in_force=since("2018-05-25"), do="judge", when=asks(Query.WITHDRAWAL_EASY)
)
def easy_withdrawal(question: Question, person: Person) -> Conditions:
    """Withdrawing takes no more than giving took: no login, no call in office hours, no charge."""
    yield "even eenvoudig als het geven ervan", question.as_easy
    yield quoted("geschieden kosteloos", AVG("12", 5)), not_(question.charged)


@permits(
    "sanctionable-call", "T-16", law=CBB_2015, in_force=since("2009-10-01"), do="judge", when=asks(Query.SANCTIONABLE)
)
def sanctionable_call(question: Question, person: Person) -> Conditions:
    """A fine asks for proof that a connection was made; dial attempts alone are not enough.

    The burden of proof is the authority's here.  For prevention every dial attempt is an act.
    """
    yield "bewezen is dat een verbinding tot stand kwam", question.connected
    if question.breach is NO:
        yield "er is een overtreding", question.breach
