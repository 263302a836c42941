"""What a person is told, when and how (AVG 12 lid 1, 13, 14 and 21 lid 4; section I, L-03, R-02)."""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, all_of, not_
from grondslag.law.citations import AVG, Guidance
from grondslag.law.rights_terms import Information, Moment
from grondslag.law.rules import Conditions, permits, quoted, requires, said, since
from grondslag.law.situation import Person

AP: Final = Guidance("AP", "pagina Reclame: informatieplicht", ("S18",))
CJEU_INTEREST: Final = Guidance(
    "HvJ EU", "C-394/23 (Mousse), C-252/21: het belang is bij het verzamelen genoemd", ("S83",)
)
AVG_ERA: Final = since("2018-05-25")


def _further(told: Information) -> Conditions:
    """The items that AVG 13 and 14 share, purposes and ground aside, and how they are told."""
    yield (
        said("het gerechtvaardigde belang, als daarop wordt gesteund", CJEU_INTEREST),
        not_(told.lacks_interest),
        "L-03",
    )
    yield (
        quoted("de periode gedurende welke de persoonsgegevens zullen worden opgeslagen", AVG("13", 2)),
        not_(told.lacks_retention),
        "I-05",
    )
    yield (
        quoted("het recht tegen de verwerking bezwaar te maken", AVG("13", 2)),
        not_(told.lacks_objection),
        "R-02",
    )
    yield (
        quoted("het recht heeft de toestemming te allen tijde in te trekken", AVG("13", 2)),
        not_(told.lacks_withdrawal),
        "C-07",
    )
    yield quoted("in duidelijke en eenvoudige taal", AVG("12", 1)), told.clear, "I-04"


def _source(told: Information) -> Conditions:
    """The two items that only AVG 14 asks for."""
    yield (
        quoted("de bron waar de persoonsgegevens vandaan komen", AVG("14", 2)),
        not_(told.lacks_source),
        "I-02",
    )


def _from_the_person(told: Information) -> bool:
    return told.elsewhere is not YES


@permits(
    "information-at-collection",
    "I-01",
    law=AVG("13", 1),
    in_force=AVG_ERA,
    do="inform",
    when=lambda i, p: i.moment in (Moment.COLLECTION, Moment.UNKNOWN) and _from_the_person(i),
)
def information_at_collection(told: Information, person: Person) -> Conditions:
    """Give every item of art. 13 when you get the data from the person."""
    yield said("het moment van informeren is bekend", AP), UNKNOWN if told.moment is Moment.UNKNOWN else YES
    yield "bij de verkrijging van de persoonsgegevens", told.on_time
    yield (
        "de verwerkingsdoeleinden waarvoor de persoonsgegevens zijn bestemd, alsook de rechtsgrond",
        not_(told.lacks_purposes),
    )
    yield "al de volgende informatie", not_(told.lacks_other)
    yield from _further(told)


@permits(
    "privacy-statement",
    "I-01",
    law=AVG("13", 1),
    in_force=AVG_ERA,
    do="inform",
    when=lambda i, p: i.moment is Moment.STATEMENT,
)
def privacy_statement(told: Information, person: Person) -> Conditions:
    """A privacy statement holds every item, each retention period included, in plain words."""
    yield "bij de verkrijging van de persoonsgegevens", told.on_time
    yield (
        "de verwerkingsdoeleinden waarvoor de persoonsgegevens zijn bestemd, alsook de rechtsgrond",
        not_(told.lacks_purposes),
    )
    yield "al de volgende informatie", not_(told.lacks_other)
    yield from _further(told)
    yield from _source(told)


def _elsewhere(told: Information) -> bool:
    """AVG 14 is in play: from others, or at a moment that only AVG 14 knows."""
    if told.moment is Moment.FIRST_CONTACT:
        return told.elsewhere is not NO
    return told.moment is Moment.FIRST_DISCLOSURE or (
        told.elsewhere is YES and told.moment in (Moment.COLLECTION, Moment.UNKNOWN)
    )


@permits(
    "information-from-elsewhere",
    "I-02",
    law=AVG("14", 3),
    in_force=AVG_ERA,
    do="inform",
    when=lambda i, p: _elsewhere(i),
)
def information_from_elsewhere(told: Information, person: Person) -> Conditions:
    """Tell people whose data came from others, source included: within a month, and with the first contact.

    Before a first disclosure to another recipient, too (AVG 14 lid 3 onder c).
    """
    yield said("het moment van informeren is bekend", AP), UNKNOWN if told.moment is Moment.UNKNOWN else YES
    yield (
        "uiterlijk binnen één maand na de verkrijging … uiterlijk op het moment van het eerste contact",
        told.on_time,
    )
    yield (
        quoted(
            "de verwerkingsdoeleinden waarvoor de persoonsgegevens zijn bestemd, en de rechtsgrond",
            AVG("14", 1),
        ),
        not_(told.lacks_purposes),
    )
    yield (
        quoted(
            "verstrekt de verwerkingsverantwoordelijke de betrokkene de volgende informatie", AVG("14", 1)
        ),
        not_(told.lacks_other),
    )
    yield from _further(told)
    yield from _source(told)
    if told.moment is Moment.FIRST_CONTACT:
        yield (
            quoted("duidelijk en gescheiden van enige andere informatie weergegeven", AVG("21", 4)),
            told.separate,
            "R-02",
        )


@permits(
    "first-contact-with-own-contacts",
    "R-02",
    law=AVG("21", 4),
    in_force=AVG_ERA,
    do="inform",
    when=lambda i, p: i.moment is Moment.FIRST_CONTACT and i.elsewhere is NO,
)
def first_contact_with_own_contacts(told: Information, person: Person) -> Conditions:
    """Put the right to object to the person in the first message at the latest, apart from the rest.

    What was lacking at collection (I-01) is still lacking now.
    """
    yield "uiterlijk op het moment van het eerste contact met de betrokkene", told.on_time
    yield "duidelijk en gescheiden van enige andere informatie weergegeven", told.separate
    yield (
        quoted("al de volgende informatie", AVG("13", 1)),
        all_of(not_(told.lacks_purposes), not_(told.lacks_other)),
        "I-01",
    )
    yield from _further(told)


@permits(
    "information-on-new-purpose",
    "I-03",
    law=AVG("13", 3),
    in_force=AVG_ERA,
    do="inform",
    when=lambda i, p: i.moment is Moment.NEW_PURPOSE,
)
def information_on_new_purpose(told: Information, person: Person) -> Conditions:
    """Tell people of a new purpose before you use their data for it (also AVG 14 lid 4)."""
    yield "vóór die verdere verwerking", told.on_time
    yield "informatie over dat andere doel", not_(told.lacks_purposes)
    yield "alle relevante verdere informatie", not_(told.lacks_other)
    yield from _further(told)
    if told.elsewhere is YES:
        yield from _source(told)


@requires(
    "right-to-object-apart",
    "R-02",
    law=AVG("21", 4),
    in_force=AVG_ERA,
    do="inform",
    when=lambda i, p: i.moment is not Moment.FIRST_CONTACT,
)
def right_to_object_apart(told: Information, person: Person) -> Conditions:
    """Wherever the right to object stands, it stands clearly and apart; at the latest in the first message."""
    yield "duidelijk en gescheiden van enige andere informatie weergegeven", told.separate
    if told.moment in (Moment.COLLECTION, Moment.STATEMENT) and _from_the_person(told):
        yield quoted("het recht tegen de verwerking bezwaar te maken", AVG("13", 2)), told.separate, "I-01"
