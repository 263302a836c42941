"""The e-mail rules of :mod:`tools.bench.peers` as a rulebook of Grondslag, read by its own ``decide``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, answer
from grondslag.decide import Decision, decide
from grondslag.law.citations import Guidance
from grondslag.law.rulebook import Rulebook
from grondslag.law.rules import FORBIDS, PERMITS, REQUIRES, Conditions, Rule, since
from grondslag.law.situation import Collection, Consent, Message, Person, Relation, Situation
from grondslag.law.terms import Channel, Closeness, Content, Customer, Evidence, OptOut

AT: Final = date(2026, 11, 1)
_ANSWERS: Final = {"yes": YES, "no": NO, "unknown": UNKNOWN}


def objection(message: Message, person: Person) -> Conditions:
    yield "het bezwaar", person.objected


def withdrawn(message: Message, person: Person) -> Conditions:
    yield "de toestemming is ingetrokken", person.consent.withdrawn


def way_out(message: Message, person: Person) -> Conditions:
    yield "bij elke verzonden boodschap", message.opt_out


def consent(message: Message, person: Person) -> Conditions:
    yield "voorafgaand toestemming", person.consent.exists
    yield "kan aantonen", answer(person.consent.evidence is Evidence.FULL)


def soft_opt_in(message: Message, person: Person) -> Conditions:
    yield "verkregen van zijn klanten", _is(person.relation.customer, Customer.PAID, Customer.UNKNOWN)
    yield "eigen gelijksoortige", _is(person.closeness, Closeness.SAME, Closeness.UNKNOWN)
    yield "duidelijk en uitdrukkelijk", _is(person.collection.opt_out, OptOut.SEPARATELY, OptOut.UNKNOWN)


def _is(value: object, wanted: object, unknown: object) -> Answer:
    return answer(None if value is unknown else value is wanted)


def _rule(effect: str, body: Any, *per: str) -> Rule:
    law, period = Guidance("bench", body.__name__), since("2021-07-01")
    name = body.__name__.replace("_", "-")
    return Rule(
        effect, name, (name,), law, period, "contact", frozenset(), None, per, None, body, contested=False
    )


RULEBOOK: Final = Rulebook(
    [
        _rule(FORBIDS, objection),
        _rule(FORBIDS, withdrawn, "consent"),
        _rule(REQUIRES, way_out),
        _rule(PERMITS, consent, "consent"),
        _rule(PERMITS, soft_opt_in, "collection", "relation"),
    ]
)

_CONSENTS: Final = {
    "none": (),
    "valid": (Consent(exists=YES, evidence=Evidence.FULL),),
    "unproven": (Consent(exists=YES, evidence=Evidence.NONE),),
    "withdrawn": (Consent(exists=YES, evidence=Evidence.FULL, withdrawn=YES),),
    "unknown": (Consent(exists=UNKNOWN, evidence=Evidence.FULL),),
}
_CUSTOMERS: Final = {
    "none": Customer.NONE,
    "paid": Customer.PAID,
    "free": Customer.FREEMIUM,
    "unknown": Customer.UNKNOWN,
}
_SIMILAR: Final = {"no": Closeness.FOREIGN, "yes": Closeness.SAME, "unknown": Closeness.UNKNOWN}
_OFFERED: Final = {"no": OptOut.NEVER, "yes": OptOut.SEPARATELY, "unknown": OptOut.UNKNOWN}


def situation(facts: Mapping[str, str]) -> Situation:
    """The situation that has these facts."""
    return Situation(
        "contact",
        Message(
            channel=Channel.EMAIL,
            content=Content.PROMOTIONAL,
            opt_out=_ANSWERS[facts["way_out"]],
        ),
        Person(objected=_ANSWERS[facts["objected"]], closeness=_SIMILAR[facts["similar"]]),
        _CONSENTS[facts["consent"]],
        (Collection(opt_out=_OFFERED[facts["offered"]]),),
        (Relation(customer=_CUSTOMERS[facts["customer"]]),),
    )


def decided(asked: Situation) -> Decision:
    """Grondslag's decision by these rules only."""
    return decide(asked, at=AT, rulebook=RULEBOOK)
