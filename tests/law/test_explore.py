"""The explorer leaves nothing out: in any situation the parts of a rule say what the rule says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date

import pytest

from grondslag.answers import NO, UNKNOWN, YES, Answer, conjunction
from grondslag.law.citations import Tw, Words
from grondslag.law.explore import Facts, facts, parts, situations, words
from grondslag.law.graph import Value, act_facts, domains
from grondslag.law.profiles import SWITCHES, Profile
from grondslag.law.rulebook import DUTCH
from grondslag.law.rules import Conditions, Rule, quoted, since
from grondslag.law.situation import Collection, Consent, Message, Person, Relation
from grondslag.law.terms import Advertises, Content

SAMPLES = 60


def name(rule: Rule) -> str:
    return f"{rule.slug}@{rule.in_force.first}"


def drawn(rule: Rule, dice: random.Random) -> dict[str, Value]:
    """A situation at random; half of the facts as in some situation that the rule tells apart."""
    chosen = {fact: dice.choice(those) for fact, those in domains(rule).items()}
    for part in parts(rule):
        for fact, those in dice.choice(part.branches).facts.items():
            if dice.random() < 0.5:
                chosen[fact] = dice.choice(sorted(those, key=str))
    return chosen


def said_by(rule: Rule, chosen: dict[str, Value]) -> tuple[Answer | None, list[tuple[str, str, Answer]]]:
    """What the rule itself says of a situation: the ordinary way, without the explorer."""

    def made(kind: type, place: str) -> object:
        names = [f.name for f in fields(kind) if f"{place}.{f.name}" in chosen]
        return kind(**{n: chosen[f"{place}.{n}"] for n in names})

    person, consent = made(Person, "person"), made(Consent, "consent")
    collection, relation = made(Collection, "collection"), made(Relation, "relation")
    view = replace(person, consent=consent, collection=collection, relation=relation)  # type: ignore[type-var]
    act = made(act_facts(rule), "act")
    if rule.when is not None and not rule.when(act, view):
        return None, []
    profile = Profile.of("strict", {switch: str(chosen[switch]) for switch in SWITCHES})
    clauses = list(rule.clauses(act, view, profile))
    return conjunction(c.answer for c in clauses), [(c.words, c.id, c.answer) for c in clauses]


@pytest.mark.parametrize("rule", DUTCH.rules, ids=name)
def test_the_parts_of_a_rule_say_what_the_rule_says(rule: Rule):
    dice = random.Random(name(rule))
    phrases = {(phrase.words, phrase.id) for phrase in words(rule)}
    for _ in range(SAMPLES):
        chosen = drawn(rule, dice)
        known = {fact: frozenset({value}) for fact, value in chosen.items()}
        fitting = [[branch for branch in part.branches if branch.meets(known)] for part in parts(rule)]
        assert all(len(branches) == 1 for branches in fitting), "the situations of a part exclude each other"
        told = [branches[0] for branches in fitting]
        answers = [branch.answer for branch in told if branch.answer is not None]
        answer, clauses = said_by(rule, chosen)
        assert (answer is None) == (len(answers) < len(told))
        if answer is None:
            continue
        assert answer is conjunction(answers)
        said = [clause for branch in told for clause in branch.clauses]
        assert sorted(clauses, key=str) == sorted([(c.words, c.id, c.answer) for c in said], key=str) or (
            # A rule that ends early has answered no; its parts do not know of each other.
            answer is NO and {c[:2] for c in clauses} < {(c.words, c.id) for c in said}
        )
        assert {c[:2] for c in clauses} <= phrases


def test_parts_share_no_fact():
    for rule in DUTCH.rules:
        names = [fact for part in parts(rule) for fact in part.facts]
        assert len(names) == len(set(names)), name(rule)


# --- A small rule, by hand ------------------------------------------------------------------------

ELSEWHERE = Tw("11.7", 4)


def body(message: Message, person: Person, profile: Profile) -> Conditions:
    yield "toestemming", person.consent.exists
    if person.consent.exists is NO:
        return
    yield from lent(person)
    if message.advertises is not Advertises.OWN:
        yield quoted("eigen", ELSEWHERE), NO, "D-05"
    yield "gelijksoortig", profile.reads("P-SIMILAR", person.closeness), "D-06"


def lent(person: Person) -> Conditions:
    yield "kosteloos", person.consent.informed


RULE = Rule(
    "permits",
    "by-hand",
    ("D-01",),
    Tw("11.7", 1),
    since(date(2021, 7, 1).isoformat()),
    "contact",
    frozenset(),
    lambda message, person: message.content is Content.PROMOTIONAL,
    ("consent",),
    None,
    body,
    contested=True,
)


def by_fact() -> Iterator[tuple[set[str], int]]:
    for part in parts(RULE):
        yield set(part.facts), len(part.branches)


def _in_order(part: tuple[set[str], int]) -> tuple[list[str], int]:
    """Facts stand in a set, and how a set is written differs from run to run."""
    return sorted(part[0]), part[1]


def test_a_rule_falls_apart_into_clauses_with_the_facts_that_control_them():
    assert sorted(by_fact(), key=_in_order) == sorted(
        [
            ({"act.content"}, 2),
            ({"consent.exists"}, 3),
            ({"consent.informed"}, 3),
            ({"act.advertises"}, 2),
            ({"P-SIMILAR", "person.closeness"}, 7),
        ],
        key=_in_order,
    )


def test_all_words_of_a_rule_are_found_with_the_place_they_come_from():
    assert [(phrase.words, phrase.id, str(phrase.law)) for phrase in words(RULE)] == [
        ("toestemming", "D-01", "Tw art. 11.7 lid 1"),
        ("kosteloos", "D-01", "Tw art. 11.7 lid 1"),
        ("eigen", "D-05", "Tw art. 11.7 lid 4"),
        ("gelijksoortig", "D-06", "Tw art. 11.7 lid 1"),
    ]
    assert isinstance(words(RULE)[2].words, Words)


def test_the_situations_of_a_rule_are_all_combinations_of_its_parts():
    given: Facts = {"act.content": frozenset({Content.PROMOTIONAL}), "P-SIMILAR": frozenset({"strict"})}
    found = list(situations(RULE, given))
    # consent: yes, no, unknown; informed: the same; own or not; five steps of closeness.
    assert len(found) == 3 * 3 * 2 * 5
    assert {branch.answer for branch in found} == {YES, NO, UNKNOWN}
    factual: Facts = {"act.content": frozenset({Content.FACTUAL})}
    assert {branch.answer for branch in situations(RULE, factual)} == {None}


def test_a_fact_that_makes_no_difference_is_none():
    assert facts(RULE) == {
        "act.content", "act.advertises", "consent.exists", "consent.informed", "person.closeness", "P-SIMILAR"
    }  # fmt: skip


def test_a_rule_may_not_read_a_consent_that_it_is_not_tried_on():
    blind = replace(RULE, per=())
    with pytest.raises(AttributeError, match="consent"):
        parts(blind)
