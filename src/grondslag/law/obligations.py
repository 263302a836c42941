"""Questions whose yes is a duty (``do: judge``): must this be recorded, must recipients be told?

As in :mod:`grondslag.law.burdens`: the duty is presumed, and only a certain release ends it.
"""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, YES, answer, not_
from grondslag.law.citations import AVG, Guidance
from grondslag.law.proving import asks
from grondslag.law.rights_terms import Happening, Query, Question
from grondslag.law.rules import Conditions, permits, releases, since
from grondslag.law.situation import Person

MIFID: Final = Guidance("EU", "MiFID II art. 16 lid 7; Verordening 2017/565 art. 76", ("S60", "S112"))
PROXIMUS: Final = Guidance("HvJ EU", "C-129/21 (Proximus)", ("S90",))


@permits(
    "must-record", "V-06", law=MIFID, in_force=since("2018-01-03"), do="judge", when=asks(Query.MUST_RECORD)
)
def must_record(question: Question, person: Person) -> Conditions:
    """Record every talk that may lead to a client's order, also when none follows."""
    yield "gesprekken die tot een order leiden of daartoe bedoeld zijn", YES


@permits(
    "must-record",
    "V-06",
    law=MIFID,
    in_force=since("2004-05-19", until="2018-01-02"),
    do="judge",
    when=asks(Query.MUST_RECORD),
)
def must_record_2004(question: Question, person: Person) -> Conditions:
    """Until 2 January 2018 this duty was not there."""
    yield "de opnameplicht is in werking getreden", NO


@releases(
    "no-investment-service",
    "V-06",
    law=MIFID,
    in_force=since("2018-01-03"),
    do="judge",
    when=asks(Query.MUST_RECORD),
)
def no_investment_service(question: Question, person: Person) -> Conditions:
    """Other services need not be recorded."""
    yield "het is geen beleggingsdienst", not_(question.investment)


@releases(
    "no-order-intended",
    "V-06",
    law=MIFID,
    in_force=since("2018-01-03"),
    do="judge",
    when=asks(Query.MUST_RECORD),
)
def no_order_intended(question: Question, person: Person) -> Conditions:
    """A talk that led to no order and was never meant to need not be recorded."""
    yield "het gesprek leidde niet tot een order en was daar niet voor bedoeld", not_(question.to_order)


@permits(
    "withdrawal-is-passed-on",
    "C-08",
    law=PROXIMUS,
    in_force=since("2018-05-25"),
    do="judge",
    when=lambda q, p: (
        q.question is Query.MUST_TELL_RECIPIENTS and q.happening in (Happening.WITHDRAWAL, Happening.UNKNOWN)
    ),
)
def withdrawal_is_passed_on(question: Question, person: Person) -> Conditions:
    """Pass a withdrawal up and down the chain that leans on the same consent.

    AVG 5 lid 2, 7 lid 3, 17, 19 and 24; CJEU 2022-10-27, C-129/21: at any one of them suffices.
    """
    yield "wie de gegevens gaf of kreeg op deze toestemming, hoort dat zij is ingetrokken", YES


@permits(
    "change-is-passed-on",
    "R-07",
    law=AVG("19"),
    in_force=since("2018-05-25"),
    do="judge",
    when=lambda q, p: (
        q.question is Query.MUST_TELL_RECIPIENTS and q.happening in (Happening.CHANGE, Happening.OTHER)
    ),
)
def change_is_passed_on(question: Question, person: Person) -> Conditions:
    """Pass a rectification, erasure or restriction on to everyone who got the data."""
    yield (
        "van elke rectificatie of wissing van persoonsgegevens of beperking",
        answer(question.happening is Happening.CHANGE),
    )


@releases(
    "consents-of-their-own",
    "C-08",
    law=PROXIMUS,
    in_force=since("2018-05-25"),
    do="judge",
    when=lambda q, p: q.question is Query.MUST_TELL_RECIPIENTS and q.happening is Happening.WITHDRAWAL,
)
def consents_of_their_own(question: Question, person: Person) -> Conditions:
    """Recipients that each have a consent of their own are not touched by this withdrawal."""
    yield "de anderen steunen niet op deze toestemming", not_(question.one_consent)


@releases(
    "nobody-to-tell",
    "R-07",
    law=AVG("19"),
    in_force=since("2018-05-25"),
    do="judge",
    when=asks(Query.MUST_TELL_RECIPIENTS),
)
def nobody_to_tell(question: Question, person: Person) -> Conditions:
    """There is nobody to tell when nobody got the data, or telling is impossible or out of proportion."""
    gone = question.impossible is YES
    yield "aan wie persoonsgegevens zijn verstrekt", YES if gone else not_(question.recipients)
