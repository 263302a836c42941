"""Theorems about every decision, proved of every rule in every profile (see proofs.py for the argument).

Left out is ``do: judge``, where a yes may be a burden ("is this direct marketing?").
"""

from __future__ import annotations

import pytest

from grondslag.answers import NO, UNKNOWN, YES
from grondslag.law.explore import facts, parts
from grondslag.law.graph import Value, domains
from grondslag.law.profiles import SETTINGS, SWITCHES
from grondslag.law.rulebook import DUTCH
from grondslag.law.rules import PERMITS, RELEASES, REQUIRES, RESERVES, Rule
from grondslag.law.terms import Evidence, Naming
from tests.theorems.counting import examined
from tests.theorems.exceptions import BY_DEFAULT, COUNTS_AS, NOT_ON_FILE, WORSE
from tests.theorems.proofs import changes

RULES = [rule for rule in DUTCH.rules if rule.do != "judge" and rule.effect != RESERVES]
"""The rules that settle an answer; one that reserves only names the ban that a permission lifts."""


def name(rule: Rule) -> str:
    return f"{rule.slug}@{rule.in_force.first}"


every_rule = pytest.mark.parametrize("rule", RULES, ids=name)


def for_the_better(rule: Rule, fact: str, steps: tuple[tuple[Value, ...], ...]) -> list[str]:
    """The changes of a fact to a later step that may serve the sender."""
    return [
        str(change)
        for place, before in enumerate(steps)
        for after in steps[place + 1 :]
        for change in changes(rule, fact, frozenset(before), frozenset(after))
        if change.helps
    ]


@every_rule
def test_adding_an_objection_never_turns_a_no_into_a_yes(rule: Rule):
    """Nor does a withdrawal, anywhere in the chain, an entry in a register, or a special category."""
    assert [
        text for fact in facts(rule) & set(WORSE) for text in for_the_better(rule, fact, WORSE[fact])
    ] == []


@every_rule
def test_a_more_permissive_profile_never_forbids_what_a_stricter_one_allows(rule: Rule):
    """For each switch, whatever the others are set to; and a switch adds no rule but a permission."""
    downwards = tuple((setting,) for setting in reversed(SETTINGS))
    switches = facts(rule) & set(SWITCHES)
    assert [text for switch in switches for text in for_the_better(rule, switch, downwards)] == []
    assert rule.switch is None or rule.effect == PERMITS


# --- Doubt ----------------------------------------------------------------------------------------


def in_doubt(rule: Rule, fact: str) -> list[str]:
    values = frozenset(domains(rule)[fact])
    doubt = frozenset(value for value in values if getattr(value, "name", "") == "UNKNOWN")
    known = frozenset({COUNTS_AS[fact]}) if fact in COUNTS_AS else values - doubt
    return [
        str(change)
        for change in changes(rule, fact, known, doubt)
        # A duty that may be broken or met is open: the yes lists it.
        if change.helps and not (rule.effect == REQUIRES and change.after.answer is UNKNOWN)
    ]


@every_rule
def test_doubt_never_helps_the_sender(rule: Rule):
    """Leaving a fact unknown turns no no into a yes.

    Of other acts than a contact the facts of the act itself are left out: they say what kind of act
    it is (the aim of a disclosure, the copy that is kept), and no kind is the worst for all.
    """
    asked = {
        fact
        for fact in facts(rule)
        if "." in fact and (rule.do == "contact" or not fact.startswith("act.")) and fact not in NOT_ON_FILE
    }
    wrong = [text for fact in asked if (rule.slug, fact) not in BY_DEFAULT for text in in_doubt(rule, fact)]
    assert wrong == []


def test_what_is_excepted_from_doubt_needs_to_be():
    """Each exception is one: without it the theorem would fail."""
    for fact in NOT_ON_FILE:
        assert any(in_doubt(rule, fact) for rule in RULES if fact in facts(rule)), fact
    for slug, fact in BY_DEFAULT:
        assert any(in_doubt(rule, fact) for rule in DUTCH.versions(slug)), slug


@pytest.mark.parametrize("rule", [r for r in DUTCH.rules if r.effect == RELEASES], ids=name)
def test_doubt_never_releases_from_a_burden(rule: Rule):
    """In a judgement, what ends a presumption must be certain: with one answer in doubt it does not."""
    for part in parts(rule):
        for branch in part.branches:
            examined(rule)
            assert branch.answer is not YES or all(clause.answer is YES for clause in branch.clauses)


# --- What a permission rests on -------------------------------------------------------------------

GOOD: dict[str, frozenset[Value]] = {
    "consent.exists": frozenset({YES}),
    "consent.sender": frozenset({Naming.NAMED, Naming.LISTED, Naming.CATEGORY}),
    "consent.channel": frozenset({YES}),
    "consent.purpose": frozenset({YES}),
    "consent.topic": frozenset({YES}),
    "consent.data": frozenset({YES}),
    "consent.unconditional": frozenset({YES}),
    "consent.informed": frozenset({YES}),
    "consent.entitled": frozenset({YES}),
    "consent.withdrawn": frozenset({NO}),
    "consent.evidence": frozenset({Evidence.FULL, Evidence.METADATA_ONLY}),
    "collection.gives_detail": frozenset({YES}),
    "collection.own": frozenset({YES}),
    "relation.own": frozenset({YES}),
}
"""What a consent, a collection or a relation must be for any permission to rest on it."""

WITHOUT = {
    # The seller's proof comes with the person, before any consent is on file here.
    ("proof-of-consent-per-person", "consent.exists"),
}


def rests_on_others(rule: Rule, fact: str) -> list[str]:
    """The situations in which a permission holds although the fact is not what it must be."""
    found = []
    for part in parts(rule):
        for branch in part.branches:
            examined(rule)
            values = branch.facts.get(fact, frozenset())
            if branch.answer is YES and values - GOOD[fact]:
                found.append(f"{name(rule)}: {fact} {set(values)}")
    return found


@pytest.mark.parametrize("rule", [r for r in RULES if r.effect == PERMITS], ids=name)
def test_a_permission_never_serves_another_sender_channel_or_purpose(rule: Rule):
    """A consent must name this sender, channel, purpose and subject; a sale must be his own."""
    asked = {fact for fact in facts(rule) & set(GOOD) if (rule.slug, fact) not in WITHOUT}
    assert [text for fact in asked for text in rests_on_others(rule, fact)] == []


CONTACT_BY_CONSENT = [
    rule
    for rule in RULES
    if rule.do == "contact" and rule.effect == PERMITS and "consent.exists" in facts(rule)
]


@pytest.mark.parametrize("rule", CONTACT_BY_CONSENT, ids=name)
def test_every_permission_by_consent_asks_all_that_consent_takes(rule: Rule):
    asked = {
        f"consent.{n}"
        for n in "sender channel purpose topic unconditional informed manner withdrawn evidence".split()
    }
    assert asked <= facts(rule)


CONTACT_BY_RELATION = [
    rule for rule in RULES if rule.do == "contact" and rule.effect == PERMITS and "relation" in rule.per
]


@pytest.mark.parametrize("rule", CONTACT_BY_RELATION, ids=name)
def test_every_permission_by_relation_asks_that_it_is_the_senders_own(rule: Rule):
    got = {"collection.own", "collection.gives_detail"} if "collection" in rule.per else set()
    assert {"relation.own", "act.advertises"} | got <= facts(rule)


@pytest.mark.parametrize("rule", [r for r in RULES if "consent.evidence" in facts(r)], ids=name)
def test_missing_evidence_is_as_good_as_none(rule: Rule):
    """No proof, proof of the process only, or nobody knows: the answer is the same, and no yes."""
    missing = (Evidence.NONE, Evidence.PROCESS_ONLY, Evidence.UNKNOWN)
    for before in missing:
        for after in missing:
            for change in changes(rule, "consent.evidence", frozenset({before}), frozenset({after})):
                assert not change.helps
                assert rule.effect != PERMITS or change.before.answer is not YES
