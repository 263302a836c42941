"""The rulebook is in order: periods, ids, switches, words for people, facts in sight."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from grondslag.answers import NO, UNKNOWN, YES
from grondslag.errors import NoLawInForce
from grondslag.law.citations import Citation, Guidance
from grondslag.law.explore import facts, parts, words
from grondslag.law.graph import domains
from grondslag.law.profiles import READINGS, SETTINGS, SWITCHES
from grondslag.law.rulebook import BEGINS, DUTCH, MODULES
from grondslag.law.rules import Rule
from grondslag.law.terms import Channel, Term

DOCS = Path(__file__).parents[2] / "docs"
ONE_DAY = timedelta(days=1)


def name(rule: Rule) -> str:
    return f"{rule.slug}@{rule.in_force.first}"


every_rule = pytest.mark.parametrize("rule", DUTCH.rules, ids=name)


def channels(rule: Rule) -> frozenset[Channel | None]:
    return rule.over or frozenset({None})


# --- Periods --------------------------------------------------------------------------------------


def test_versions_of_a_rule_never_overlap():
    for one, other in combinations(DUTCH.rules, 2):
        if (one.slug, one.switch) == (other.slug, other.switch):
            assert not one.in_force.overlaps(other.in_force), f"{name(one)} and {name(other)}"


def test_a_rule_keeps_its_slug_its_effect_and_its_kind_of_act():
    slugs: dict[str, set[tuple[str, str]]] = {}
    for rule in DUTCH.rules:
        slugs.setdefault(rule.slug, set()).add((rule.effect, rule.do))
    assert {slug for slug, kinds in slugs.items() if len(kinds) > 1} == set()
    bodies: dict[object, set[str]] = {}
    for rule in DUTCH.rules:
        bodies.setdefault(rule.body, set()).add(rule.slug)
    assert [slugs for slugs in bodies.values() if len(slugs) > 1] == []


@every_rule
def test_both_days_of_a_period_are_in_force(rule: Rule):
    first, last = rule.in_force.first, rule.in_force.last
    assert last is None or first <= last
    for channel in channels(rule):
        begins = BEGINS.get((rule.do, channel), first)
        days = [day for day in (first, last) if day is not None and day >= begins]
        assert all(rule in DUTCH.in_force(day, rule.do, channel) for day in days)
        if last is not None and last >= begins:
            assert rule not in DUTCH.in_force(last + ONE_DAY, rule.do, channel)
        try:
            assert rule not in DUTCH.in_force(first - ONE_DAY, rule.do, channel)
        except NoLawInForce:
            assert first == min(r.in_force.first for r in DUTCH.rules if r.do == rule.do) or begins >= first


@pytest.mark.parametrize("do", sorted({rule.do for rule in DUTCH.rules}))
def test_a_day_before_the_first_rule_is_not_guessed(do: str):
    first = min(rule.in_force.first for rule in DUTCH.rules if rule.do == do)
    assert DUTCH.in_force(first, do, Channel.EMAIL)
    with pytest.raises(NoLawInForce, match=str(first)):
        DUTCH.in_force(first - ONE_DAY, do, Channel.EMAIL)


def test_post_is_not_judged_before_the_avg():
    with pytest.raises(NoLawInForce, match="2018-05-25"):
        DUTCH.in_force(date(2018, 5, 24), "contact", Channel.POST)


def test_the_same_rules_are_in_force_from_one_change_to_the_next():
    for first, following in pairwise(DUTCH.changes):
        assert DUTCH.era(first) == DUTCH.era(following - ONE_DAY) == DUTCH.era(following) - 1


# --- What a rule names ----------------------------------------------------------------------------


def ids_of_the_table() -> set[str]:
    return set(re.findall(r"^(?:### |\| )([A-Z]-\d\d)\b", (DOCS / "law.md").read_text("utf-8"), re.MULTILINE))


@every_rule
def test_a_rule_names_ids_that_the_table_defines(rule: Rule):
    assert rule.ids
    assert {*rule.ids, *(phrase.id for phrase in words(rule))} <= ids_of_the_table()


def test_every_id_of_the_table_is_a_rule_or_known_to_be_none():
    named = {fid for rule in DUTCH.rules for fid in (*rule.ids, *(phrase.id for phrase in words(rule)))}
    assert ids_of_the_table() - named == {
        "G-06",  # the law of the day of the act: decide(at=)
        "G-08",  # classes of recipients: the facts that other rules read
        "G-10",  # what a breach may cost
        "K-10",  # the Wwft file: an act of its own that no situation can name yet
    }


@every_rule
def test_the_sources_of_a_rule_are_listed(rule: Rule):
    listed = set(re.findall(r"\bS\d\d+\b", (DOCS / "sources.md").read_text("utf-8")))
    for law in (rule.law, *(phrase.law for phrase in words(rule))):
        if isinstance(law, Guidance):
            assert set(law.sources) <= listed, str(law)


@every_rule
def test_a_rule_is_explained_to_a_marketer_in_one_line(rule: Rule):
    assert rule.title.endswith((".", "?")), "the docstring's first line is a sentence"
    assert len(rule.title) <= 110


@every_rule
def test_a_rule_links_to_its_law(rule: Rule):
    for law in (rule.law, *(phrase.law for phrase in words(rule))):
        # A few sources of guidance are old pages without TLS.
        start = "https://" if isinstance(law, Citation) else ("https://", "http://")
        assert law.url(rule.in_force.first).startswith(start)


def test_every_rule_module_is_in_the_rulebook():
    assert {rule.body.__module__.rpartition(".")[2] for rule in DUTCH.rules} == set(MODULES)


# --- What a rule reads ----------------------------------------------------------------------------


@every_rule
def test_a_rule_reads_only_facts_in_its_sight(rule: Rule):
    """Exploring it tries every course of the rule; a fact that it may not read would raise."""
    assert parts(rule)
    assert facts(rule) <= set(domains(rule))


def test_every_fact_is_read_by_some_rule():
    known: set[tuple[str, str]] = set()
    read: set[tuple[str, str]] = set()
    for rule in DUTCH.rules:
        for kept, names in ((known, domains(rule)), (read, facts(rule))):
            kept.update((rule.do if fact.startswith("act.") else "", fact) for fact in names if "." in fact)
    assert known == read


def test_every_switch_changes_something():
    read = {fact for rule in DUTCH.rules for fact in facts(rule)}
    adds = {rule.switch[0] for rule in DUTCH.rules if rule.switch}
    # A form may be asked for, but no request is ever refused for want of one: no answer depends on it.
    assert set(SWITCHES) - read - adds == {"P-DSAR-FORM"}


@pytest.mark.parametrize("switch", READINGS)
def test_a_more_permissive_setting_reads_a_term_no_more_strictly(switch: str):
    order = (NO, UNKNOWN, YES)
    assert len(READINGS[switch]) == len(SETTINGS)
    terms: set[Term] = {term for table in READINGS[switch] for term in table}
    for stricter, wider in pairwise(READINGS[switch]):
        for term in terms:
            assert order.index(stricter.get(term, NO)) <= order.index(wider.get(term, NO)), term
