"""What a rule said before it says again, without being run; and no more of it is kept than so much."""

from __future__ import annotations

import random
from dataclasses import fields, replace
from itertools import product

import pytest

from grondslag.answers import Answer
from grondslag.law.courses import MOST, Courses, Sight
from grondslag.law.graph import Value, act_facts
from grondslag.law.profiles import STRICT, SWITCHES, Profile
from grondslag.law.rulebook import DUTCH
from grondslag.law.rules import Conditions, Rule
from grondslag.law.situation import Collection, Consent, Message, Person, Relation
from grondslag.law.terms import Content, Evidence, Incentive, Manner, Naming, Request, Span
from tests.law.test_explore import RULE, drawn, name, said_by


def sight(rule: Rule, chosen: dict[str, Value]) -> Sight:
    def made(kind: type, place: str):
        known = {f.name: chosen[f"{place}.{f.name}"] for f in fields(kind) if f"{place}.{f.name}" in chosen}
        return kind(**known)

    return Sight(
        made(act_facts(rule), "act"),
        made(Person, "person"),
        made(Consent, "consent"),
        made(Collection, "collection"),
        made(Relation, "relation"),
        Profile.of("strict", {switch: str(chosen[switch]) for switch in SWITCHES}),
    )


def taken(kept: Courses, seen: Sight) -> tuple[Answer | None, list[tuple[str, str, Answer]]]:
    course = kept.taken(seen)
    return course.answer, [(c.words, c.id, c.answer) for c in course.clauses]


@pytest.mark.parametrize("rule", DUTCH.rules, ids=name)
def test_a_course_says_what_the_rule_says(rule: Rule):
    dice = random.Random(name(rule))
    kept = Courses(rule)
    known = [drawn(rule, dice) for _ in range(40)]
    for chosen in (*known, *known):
        assert taken(kept, sight(rule, chosen)) == said_by(rule, chosen)


def test_a_rule_is_not_run_again_on_facts_that_lead_down_the_same_course():
    runs = []

    def body(message: Message, person: Person) -> Conditions:
        runs.append(person)
        yield "is verboden", person.objected

    rule = replace(RULE, body=body, contested=False, per=())
    kept = Courses(rule)
    one = Sight(Message(content=Content.PROMOTIONAL), Person(), Consent(), Collection(), Relation(), STRICT)
    kept.taken(one)
    another = replace(one, consent=Consent(informed=Answer.YES), person=Person(asked=Request.REPLY))
    assert kept.taken(another) is kept.taken(one)
    assert len(runs) == 1
    assert kept.taken(one).read == (("person.objected",),)


def test_of_a_rule_with_billions_of_courses_so_many_are_kept():
    [rule] = [r for r in DUTCH.versions("consent-to-messages") if r.in_force.last is None]
    kept = Courses(rule)
    message, answers = Message(content=Content.PROMOTIONAL), tuple(Answer)
    sizes = []
    for number, (informed, naming, manner, evidence, span, incentive, channel) in enumerate(
        product(answers, Naming, Manner, Evidence, Span, Incentive, answers)
    ):
        consent = Consent(
            exists=Answer.YES,
            sender=naming,
            channel=channel,
            manner=manner,
            informed=informed,
            evidence=evidence,
            since_interaction=span,
            incentive=incentive,
        )
        kept.taken(Sight(message, Person(), consent, Collection(), Relation(), STRICT))
        sizes.append(len(kept))
        if number == 2 * MOST:
            break
    assert max(sizes) == MOST
    assert sizes[-1] < MOST, "all were forgotten once, and kept anew"
