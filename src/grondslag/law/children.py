"""From twelve a child says no for itself: UAVG 5 lid 3 and 4, as they read since 1 September 2026 (C-15).

What a child refuses is refused as by anybody else; these rules say that it may do so itself, also
where a parent gave the consent.  Until 31 August 2026 only its representative could.  Answering a
child's request stands in :mod:`grondslag.law.answering`.
"""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, YES
from grondslag.law.acts import Aim, Disclosure, Processing
from grondslag.law.citations import AVG, UAVG
from grondslag.law.keeping import (
    marketing_copy,
    marketing_copy_after_objection,
    marketing_copy_after_withdrawal,
    personal,
)
from grondslag.law.objection import objected, objection, withdrawal, withdrawn
from grondslag.law.processing import objection_to_use, withdrawal_before_use
from grondslag.law.profiles import Profile
from grondslag.law.rights_terms import Retention
from grondslag.law.rules import Conditions, elsewhere, forbids, since
from grondslag.law.sharing import for_marketing, objection_to_sharing, withdrawal_before_sharing
from grondslag.law.situation import Message, Person
from grondslag.law.terms import DIRECTED, Age

OWN_VOICE: Final = since("2026-09-01")
WITHDRAWS: Final = "de betrokkene die de leeftijd van twaalf jaren heeft bereikt"
_OBJECTS: Final = "de leeftijd van twaalf jaren, maar nog niet die van zestien jaren heeft bereikt"


def _objector(person: Person) -> bool:
    return person.age is Age.TWELVE_TO_FIFTEEN and person.objected is not NO


def _withdrawer(person: Person) -> bool:
    return person.age is Age.TWELVE_TO_FIFTEEN and person.withdrawn is not NO


@forbids(
    "child-withdraws-itself",
    "C-15",
    law=UAVG("5", 3),
    in_force=OWN_VOICE,
    over=DIRECTED,
    per=("consent",),
    when=lambda m, p: withdrawn(m, p) and _withdrawer(p),
)
def child_withdraws_itself(message: Message, person: Person, profile: Profile) -> Conditions:
    """From twelve a child may itself withdraw consent, also consent that its parent gave."""
    yield WITHDRAWS, YES
    yield from elsewhere(withdrawal(message, person, profile), AVG("7", 3))


@forbids(
    "child-objects-itself",
    "C-15",
    law=UAVG("5", 4),
    in_force=OWN_VOICE,
    over=DIRECTED,
    per=("consent",),
    when=lambda m, p: objected(m, p) and _objector(p),
)
def child_objects_itself(message: Message, person: Person, profile: Profile) -> Conditions:
    """From twelve a child may itself object to advertising."""
    yield _OBJECTS, YES
    yield from elsewhere(objection(message, person, profile), AVG("21", 3))


@forbids(
    "child-objects-to-sharing",
    "C-15",
    law=UAVG("5", 4),
    in_force=OWN_VOICE,
    do="share",
    when=lambda a, p: _objector(p) and for_marketing(a) is not NO,
    per=("consent",),
)
def child_objects_to_sharing(act: Disclosure, person: Person, profile: Profile) -> Conditions:
    """From twelve a child may itself object to its data going to others for marketing."""
    yield _OBJECTS, YES
    yield from elsewhere(objection_to_sharing(act, person, profile), AVG("21", 3))


@forbids(
    "child-withdraws-before-sharing",
    "C-15",
    law=UAVG("5", 3),
    in_force=OWN_VOICE,
    do="share",
    when=lambda a, p: _withdrawer(p) and a.aim is not Aim.PERFORMING_CONTRACTS,
    per=("consent",),
)
def child_withdraws_before_sharing(act: Disclosure, person: Person) -> Conditions:
    """From twelve a child may itself withdraw a consent to sharing."""
    yield WITHDRAWS, YES
    yield from elsewhere(withdrawal_before_sharing(act, person), AVG("7", 3))


@forbids(
    "child-objects-to-use",
    "C-15",
    law=UAVG("5", 4),
    in_force=OWN_VOICE,
    do="process",
    when=lambda a, p: _objector(p),
    per=("consent",),
)
def child_objects_to_use(act: Processing, person: Person) -> Conditions:
    """From twelve a child may itself object to being profiled for marketing."""
    yield _OBJECTS, YES
    yield from elsewhere(objection_to_use(act, person), AVG("21", 3))


@forbids(
    "child-withdraws-before-use",
    "C-15",
    law=UAVG("5", 3),
    in_force=OWN_VOICE,
    do="process",
    when=lambda a, p: _withdrawer(p),
    per=("consent",),
)
def child_withdraws_before_use(act: Processing, person: Person) -> Conditions:
    """From twelve a child may itself withdraw a consent to such use."""
    yield WITHDRAWS, YES
    yield from elsewhere(withdrawal_before_use(act, person), AVG("7", 3))


@forbids(
    "child-objects-to-a-copy",
    "C-15",
    law=UAVG("5", 4),
    in_force=OWN_VOICE,
    do="keep",
    when=lambda k, p: personal(k) and _objector(p) and marketing_copy(k) is not NO,
)
def child_objects_to_a_copy(kept: Retention, person: Person) -> Conditions:
    """From twelve a child's own objection ends the marketing copy."""
    yield _OBJECTS, YES
    yield from elsewhere(marketing_copy_after_objection(kept, person), AVG("21", 3))


@forbids(
    "child-withdraws-from-a-copy",
    "C-15",
    law=UAVG("5", 3),
    in_force=OWN_VOICE,
    do="keep",
    when=lambda k, p: personal(k) and _withdrawer(p) and marketing_copy(k) is not NO,
)
def child_withdraws_from_a_copy(kept: Retention, person: Person) -> Conditions:
    """From twelve a child's own withdrawal ends the marketing copy."""
    yield WITHDRAWS, YES
    yield from elsewhere(marketing_copy_after_withdrawal(kept, person), AVG("17", 1))
