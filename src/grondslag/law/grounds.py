"""Clauses that sharing, receiving, processing and recording have in common: the grounds of AVG 6 lid 1.

Like :mod:`grondslag.law.consent`, this module makes no rules; the rules pull its clauses in with
``yield from``.
"""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, all_of, answer, not_
from grondslag.law.citations import AVG, Guidance
from grondslag.law.consent import demonstrable, fresh, party, proof, purpose, quality, standing
from grondslag.law.profiles import Profile
from grondslag.law.rules import Conditions, Period, quoted, said, since
from grondslag.law.situation import Person
from grondslag.law.terms import MINOR, Claimed, Evidence

AP: Final = Guidance("AP", "pagina Reclame", ("S18",))
PROXIMUS: Final = Guidance(
    "HvJ EU", "C-129/21 (Proximus): één toestemming, een keten van organisaties", ("S90",)
)
MOUSSE: Final = Guidance(
    "HvJ EU", "C-394/23 (Mousse), C-252/21: het belang is bij het verzamelen genoemd", ("S83",)
)
AVG_PERIOD: Final[Period] = since("2018-05-25")


def renewed(person: Person) -> Answer:
    """A consent was given after every objection and withdrawal on file."""
    return all_of(person.consent.exists, person.consent.after_objection)


def objection(person: Person, marketing: Answer) -> Conditions:
    """The person objected to marketing and did not consent again (R-01)."""
    yield quoted("ten behoeve van direct marketing", AVG("21", 3)), marketing
    yield quoted("bezwaar maakt tegen verwerking", AVG("21", 3)), person.objected
    yield said("er is geen nieuwe toestemming van na het bezwaar", AP), not_(renewed(person))


def withdrawal(person: Person, claimed: Claimed = Claimed.UNKNOWN) -> Conditions:
    """Consent was withdrawn and not given again; where, and what the controller leans on since.

    Withdrawing at one controller ends the consent for all who lean on it (C-08), and what rested on
    consent does not go on under another ground (C-13).
    """
    again = all_of(person.consent.exists, not_(person.consent.withdrawn))
    yield quoted("zijn toestemming te allen tijde in te trekken", AVG("7", 3)), person.withdrawn, "C-07"
    yield said("er is geen nieuwe toestemming van na de intrekking", AP), not_(again), "C-07"
    if person.withdrawn_elsewhere is not NO:
        yield (
            said("ingetrokken bij een andere verantwoordelijke in de keten", PROXIMUS),
            person.withdrawn_elsewhere,
            "C-08",
        )
    if claimed not in (Claimed.CONSENT, Claimed.UNKNOWN) or person.legitimate_interest is YES:
        yield quoted("rechtmatig, behoorlijk en transparant", AVG("5", 1, "a")), YES, "C-13"


def not_withdrawn(person: Person) -> Conditions:
    """The consent stands, and a term that the form stated has not passed; marketing does not touch it."""
    given = person.consent
    yield (
        quoted("heeft het recht zijn toestemming te allen tijde in te trekken", AVG("7", 3)),
        not_(given.withdrawn),
        "C-07",
    )
    if given.stated_term is not UNKNOWN:
        yield said("de toestemming is niet verlopen", AP), given.stated_term, "C-10"


def interest(person: Person, public_body: Answer) -> Conditions:
    """A legitimate interest, weighed by a person and recorded; not of a public body, not in a child (L-01)."""
    yield (
        quoted("noodzakelijk voor de behartiging van de gerechtvaardigde belangen", AVG("6", 1, "f")),
        person.legitimate_interest,
        "L-01",
    )
    yield (
        quoted("geldt niet voor de verwerking door overheidsinstanties", AVG("6", 1)),
        not_(public_body),
        "L-01",
    )
    yield (
        quoted("met name wanneer de betrokkene een kind is", AVG("6", 1, "f")),
        answer(person.age not in MINOR),
        "C-09",
    )


def told(person: Person) -> Conditions:
    """The interest was named when these very data were collected (L-03)."""
    collection = person.collection
    yield (
        said("het belang is bij het verzamelen van deze gegevens verteld", MOUSSE),
        all_of(collection.gives_detail, collection.informed, collection.interest_told),
        "L-03",
    )


def shown(person: Person) -> Conditions:
    """This very consent can be shown; how people are usually asked proves nothing of it (C-06)."""
    yield from proof(person)
    evidence = person.consent.evidence
    if evidence is not Evidence.FULL:
        yield (
            quoted("moet de verwerkingsverantwoordelijke kunnen aantonen", AVG("7", 1)),
            demonstrable(evidence),
            "C-06",
        )


def covered(person: Person) -> Conditions:
    """The consent names every kind of data that goes; the rule that asks decides by its own id."""
    yield said("de toestemming dekt al deze gegevens", AP), person.consent.data


def consent(person: Person, profile: Profile) -> Conditions:
    """Every condition of a consent that names no channel: party, purpose, quality, standing, proof."""
    yield from party(person.consent.sender, profile)
    yield from purpose(person)
    yield from quality(person, profile)
    yield from standing(person)
    yield from fresh(person, profile)
    yield from shown(person)
