"""Questions of qualification that help the controller (``do: judge``): yes only when it is certain.

Is this a customer, is this consent valid, may this interest count, is the form in order?  Questions
of proof stand in :mod:`grondslag.law.proving`, those whose yes is a burden in
:mod:`grondslag.law.burdens`.
"""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, all_of, any_of, not_
from grondslag.law.children import WITHDRAWS
from grondslag.law.citations import AVG, BW, UAVG, Guidance, Tw
from grondslag.law.consent import avg_consent, proof, wbp_consent
from grondslag.law.customers import within_three_years
from grondslag.law.profiles import Profile
from grondslag.law.proving import asks, own_act
from grondslag.law.rights_terms import Query, Question
from grondslag.law.rules import Conditions, permits, quoted, said, since
from grondslag.law.situation import Person
from grondslag.law.terms import Age, Channel, Recipient

AP: Final = Guidance("AP", "pagina Reclame: wie is klant", ("S18",))
AP_2019: Final = Guidance("AP", "normuitleg gerechtvaardigd belang (2019); besluit KNLTB", ("S82",))
CODE_TM: Final = Guidance("RCC", "Code Telemarketing: klanttermijn van drie jaar", ("S11", "S68", "S70"))
KNLTB: Final = Guidance("HvJ EU", "C-621/22 (KNLTB); C-252/21", ("S76", "S83"))
CBB_2015: Final = Guidance("CBb", "ECLI:NL:CBB:2015:198", ("S67",))

# --- Who is an existing customer --------------------------------------------------------------------


def _still_customer(question: Question, person: Person, profile: Profile) -> Conditions:
    yield said("met de eigen rechtspersoon", AP), person.relation.own, "D-05"
    if question.channel is Channel.PHONE:
        yield (
            said("niet langer dan drie jaar geleden klant", CODE_TM),
            within_three_years(person.relation.ended),
            "T-05",
        )
    else:
        lasting = any_of(profile.reads("P-CUSTOMER-TERM", person.relation.ended), person.relation.long_lived)
        yield said("nog redelijkerwijs klant", AP), lasting, "D-10"


@permits(
    "existing-customer",
    "D-04",
    law=Tw("11.7", 4),
    in_force=since("2021-07-01"),
    do="judge",
    when=asks(Query.EXISTING_CUSTOMER),
    per=("relation",),
)
def existing_customer(question: Question, person: Person, profile: Profile) -> Conditions:
    """A customer is who bought: a contract under which you deliver and he pays.

    AP: a newsletter, survey, contest, quote, game or account makes no customer.  CJEU 2025-11-13,
    C-654/23 (Inteligo): a free account that is indirectly paid for may (P-CUSTOMER).
    """
    yield (
        "van zijn klanten in het kader van de verkoop van een product of dienst",
        profile.reads("P-CUSTOMER", person.relation.customer),
    )
    yield from _still_customer(question, person, profile)


def _customer_of_old(question: Question, person: Person, profile: Profile) -> Conditions:
    yield (
        "in het kader van de verkoop van zijn product of dienst",
        profile.reads("P-CUSTOMER", person.relation.customer),
    )
    yield from _still_customer(question, person, profile)


@permits(
    "existing-customer",
    "D-04",
    law=Tw("11.7", 3),
    in_force=since("2009-07-01", until="2021-06-30"),
    do="judge",
    when=asks(Query.EXISTING_CUSTOMER),
    per=("relation",),
)
def existing_customer_2009(question: Question, person: Person, profile: Profile) -> Conditions:
    """A customer is who bought: a contract under which you deliver and he pays."""
    return _customer_of_old(question, person, profile)


@permits(
    "existing-customer",
    "D-04",
    law=Tw("11.7", 2),
    in_force=since("2004-05-19", until="2009-06-30"),
    do="judge",
    when=asks(Query.EXISTING_CUSTOMER),
    per=("relation",),
)
def existing_customer_2004(question: Question, person: Person, profile: Profile) -> Conditions:
    """A customer is who bought: a contract under which you deliver and he pays."""
    return _customer_of_old(question, person, profile)


# --- Whether a consent is valid -----------------------------------------------------------------------


@permits(
    "valid-consent",
    "C-01",
    law=AVG("4", onder="11"),
    in_force=since("2026-09-01"),
    do="judge",
    when=asks(Query.CONSENT_VALID),
    per=("consent",),
)
def valid_consent(question: Question, person: Person, profile: Profile) -> Conditions:
    """Consent counts when it is free, specific, informed, unambiguous, provable and still stands.

    Since 1 September 2026 a child of twelve or older withdraws it itself (C-15).
    """
    yield from _given(person)
    if person.consent.exists is NO:
        return
    yield from _valid(question, person, profile)
    if person.age is Age.TWELVE_TO_FIFTEEN and person.consent.withdrawn is not NO:
        yield quoted(WITHDRAWS, UAVG("5", 3)), not_(person.consent.withdrawn), "C-15"


@permits(
    "valid-consent",
    "C-01",
    law=AVG("4", onder="11"),
    in_force=since("2018-05-25", until="2026-08-31"),
    do="judge",
    when=asks(Query.CONSENT_VALID),
    per=("consent",),
)
def valid_consent_2018(question: Question, person: Person, profile: Profile) -> Conditions:
    """Consent counts when it is free, specific, informed, unambiguous, provable and still stands."""
    yield from _given(person)
    if person.consent.exists is NO:
        return
    yield from _valid(question, person, profile)


def _given(person: Person) -> Conditions:
    yield "vrije, specifieke, geïnformeerde en ondubbelzinnige wilsuiting", person.consent.exists
    if person.consent.exists is NO:
        yield quoted("moet de verwerkingsverantwoordelijke kunnen aantonen", AVG("7", 1)), NO, "C-06"


def _valid(question: Question, person: Person, profile: Profile) -> Conditions:
    yield from own_act(question)
    yield from avg_consent(person, profile)
    yield from proof(person)


@permits(
    "valid-consent",
    "C-01",
    law=Guidance("Wbp", "art. 1 onder i (gold tot en met 24 mei 2018)", ("S01",)),
    in_force=since("2004-05-19", until="2018-05-24"),
    do="judge",
    when=asks(Query.CONSENT_VALID),
    per=("consent",),
)
def valid_consent_under_the_wbp(question: Question, person: Person, profile: Profile) -> Conditions:
    """Consent counts when it is free, specific, informed, and still stands."""
    yield "vrije, specifieke en op informatie berustende wilsuiting", person.consent.exists
    if person.consent.exists is NO:
        return
    yield from own_act(question)
    yield from wbp_consent(person, profile)


# --- Interest, form, withdrawal, sanction -----------------------------------------------------------------


def _weighed(question: Question) -> Conditions:
    """The other steps, where something is known against them: they are separate questions."""
    if question.unnecessary is not NO:
        yield said("strikt noodzakelijk", KNLTB), not_(question.unnecessary), "L-01"
    if question.outweighed is not NO:
        yield (
            said("niet overtroffen door de belangen en verwachtingen van de betrokkene", KNLTB),
            not_(question.outweighed),
            "L-01",
        )
    if question.untold is not NO:
        yield said("het belang is bij de verzameling meegedeeld", KNLTB), not_(question.untold), "L-03"


@permits(
    "legitimate-interest",
    "L-02",
    law=AVG("6", 1),
    in_force=since("2024-10-04"),
    do="judge",
    when=asks(Query.LEGITIMATE_INTEREST),
)
def legitimate_interest(question: Question, person: Person) -> Conditions:
    """Any lawful interest can be legitimate, a purely commercial one too; no statute need name it.

    CJEU 2024-10-04, C-621/22 (KNLTB).  Necessity and the balance come after (L-01).
    """
    yield "de gerechtvaardigde belangen van de verwerkingsverantwoordelijke of van een derde", question.lawful
    yield from _weighed(question)


@permits(
    "legitimate-interest",
    "L-02",
    law=AVG("6", 1),
    in_force=since("2018-05-25", until="2024-10-03"),
    do="judge",
    when=asks(Query.LEGITIMATE_INTEREST),
)
def legitimate_interest_2018(question: Question, person: Person) -> Conditions:
    """Until the Court decided otherwise AP took no purely commercial interest for legitimate.

    Only what a statute or a principle of law protects counted (AP, normuitleg 2019).
    """
    yield "de gerechtvaardigde belangen van de verwerkingsverantwoordelijke of van een derde", question.lawful
    yield (
        said("niet louter commercieel, of in de wet neergelegd", AP_2019),
        any_of(not_(question.commercial), question.in_law),
    )
    yield from _weighed(question)


def _consumer(person: Person) -> Answer:
    if person.recipient is Recipient.UNKNOWN:
        return UNKNOWN
    return YES if person.recipient is Recipient.CONSUMER else NO


@permits(
    "written-form",
    "T-10",
    law=BW(6, "230v", 6),
    in_force=since("2014-06-13"),
    do="judge",
    when=asks(Query.WRITTEN_FORM),
)
def written_form(question: Question, person: Person) -> Conditions:
    """Energy and regular services sold in a call you made are contracted in writing; renewals need not be.

    A recorded yes is not in writing; an electronic document that the consumer signs or accepts is.
    """
    asked = all_of(_consumer(person), question.from_call, question.regular, not_(question.renewal))
    yield "wordt schriftelijk aangegaan", any_of(question.written, not_(asked))


@permits(
    "written-form",
    "T-10",
    law=Guidance("BW", "boek 6 vóór 13 juni 2014", ("S01",)),
    in_force=since("2004-05-19", until="2014-06-12"),
    do="judge",
    when=asks(Query.WRITTEN_FORM),
)
def written_form_2004(question: Question, person: Person) -> Conditions:
    """Until 12 June 2014 no rule asked for a contract in writing."""
    yield "een mondelinge overeenkomst volstond", YES


@permits(
    "easy-withdrawal",
    "C-07",
    law=AVG("7", 3),
    in_force=since("2026-09-01"),
    do="judge",
    when=asks(Query.WITHDRAWAL_EASY),
)
def easy_withdrawal(question: Question, person: Person) -> Conditions:
    """Withdrawing takes no more than giving took: no login, no call in office hours, no charge.

    Since 1 September 2026 a child of twelve or older needs nobody for it, whoever gave the consent (C-15).
    """
    yield from _easy(question)
    if person.age is Age.TWELVE_TO_FIFTEEN:
        yield quoted(WITHDRAWS, UAVG("5", 3)), question.as_easy, "C-15"


@permits(
    "easy-withdrawal",
    "C-07",
    law=AVG("7", 3),
    in_force=since("2018-05-25", until="2026-08-31"),
    do="judge",
    when=asks(Query.WITHDRAWAL_EASY),
)
def easy_withdrawal_2018(question: Question, person: Person) -> Conditions:
    """Withdrawing takes no more than giving took: no login, no call in office hours, no charge."""
    return _easy(question)


def _easy(question: Question) -> Conditions:
    yield "even eenvoudig als het geven ervan", question.as_easy
    yield quoted("geschieden kosteloos", AVG("12", 5)), not_(question.charged)


@permits(
    "sanctionable-call",
    "T-16",
    law=CBB_2015,
    in_force=since("2009-10-01"),
    do="judge",
    when=asks(Query.SANCTIONABLE),
)
def sanctionable_call(question: Question, person: Person) -> Conditions:
    """A fine asks for proof that a connection was made; dial attempts alone are not enough.

    The burden of proof is the authority's here.  For prevention every dial attempt is an act.
    """
    yield "bewezen is dat een verbinding tot stand kwam", question.connected
    if question.breach is NO:
        yield "er is een overtreding", question.breach
