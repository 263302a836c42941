"""The plain words: every rule and every condition can be said in Dutch and in English, and read aloud."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import pytest

from grondslag import locale, vocabulary
from grondslag.answers import NO, Answer
from grondslag.explain import _ACT_WORDS
from grondslag.lacking import FIELDS
from grondslag.law.citations import Guidance
from grondslag.law.explore import parts
from grondslag.law.profiles import SETTINGS
from grondslag.law.rulebook import DUTCH
from grondslag.law.rules import FORBIDS, PERMITS, RELEASES, REQUIRES, RESERVES
from grondslag.law.terms import Channel
from grondslag.moves import BY_CHANNEL, MOVES
from grondslag.remedy import _ASK_BY
from grondslag.vocabulary import ListOf, ListOr, OneOf

LANGUAGES = ("nl", "en")
MOST_WORDS = {"nl": 20, "en": 25}
"""The longest sentence, by language: Dutch is B1, and English says with more small words what Dutch says."""

FOREIGN = {
    "nl": "the and not you your with without which who person's consent customer has have from this that",
    "en": "het een niet geen uw zijn wordt worden persoon toestemming klant voor zonder bezwaar reclame",
}
"""Words that give a sentence in the other language away."""

LEGALESE = (
    "verwerkingsverantwoordelijke betrokkene rechtsgrond rechtmatig onrechtmatig natuurlijke ongevraagde "
    "doeleinden doeleinde gelijksoortig gelijksoortige rectificatie verstrekken eindgebruiker derhalve "
    "tevens teneinde hetgeen aangaande betreffende vordering opt-in opt-out soft"
).split()
"""Words of the law for which there is an ordinary word."""


def text(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((resources.files(locale) / f"{name}.json").read_text("utf-8"))
    return found


RULES, CLAUSES, EVENTS = text("rules"), text("clauses"), text("events")
WORDS = {**text("words"), **text("headings"), **text("screening"), **text("proof"), **text("retention")}


@cache
def said() -> Mapping[str, Mapping[str, frozenset[Answer]]]:
    """The words that the rules can say, the rules that say them, and the answers that they can have there."""
    found: dict[str, dict[str, set[Answer]]] = {}
    for rule in DUTCH.rules:
        for clause in (c for part in parts(rule) for branch in part.branches for c in branch.clauses):
            found.setdefault(clause.words, {}).setdefault(rule.slug, set()).add(clause.answer)
    return {words: {slug: frozenset(each) for slug, each in of.items()} for words, of in found.items()}


def guidance() -> set[Guidance]:
    """All guidance that the rules cite."""
    clauses = (c for rule in DUTCH.rules for p in parts(rule) for b in p.branches for c in b.clauses)
    laws = [*(rule.law for rule in DUTCH.rules), *(clause.law for clause in clauses)]
    return {law for law in laws if isinstance(law, Guidance)}


def entry(slug: str, words: str) -> Any:
    return CLAUSES.get(f"{slug}|{words}") or CLAUSES.get(words)


def sentences() -> Iterator[tuple[str, str, str]]:
    """Every sentence for a rule or a condition: its key, its language, itself."""
    for key, told in RULES.items():
        yield from ((key, lang, told[lang]) for lang in LANGUAGES)
    for key, told in CLAUSES.items():
        yield from ((key, lang, told[lang]) for lang in LANGUAGES)
        if "no" in told:
            yield from ((key, lang, told["no"][lang]) for lang in LANGUAGES)


def phrases(texts: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    """Every pair of words inside words.json, headings.json or events.json."""
    for value in texts.values():
        if isinstance(value, Mapping):
            if LANGUAGES[0] in value:
                yield {lang: value[lang] for lang in LANGUAGES}
            yield from phrases(value)


# --- Nothing is missing, nothing is stale ------------------------------------------------------------


def test_every_rule_can_be_said_and_no_sentence_is_about_a_rule_that_is_gone():
    assert set(RULES) == {rule.slug for rule in DUTCH.rules}


def test_every_condition_can_be_said():
    silent = [f"{slug}: {words}" for words, of in said().items() for slug in of if not entry(slug, words)]
    assert not silent, "\n".join(["no plain words in clauses.json for", *silent])


def test_every_condition_that_can_fail_can_be_denied():
    silent = [
        f"{slug}: {words}"
        for words, of in said().items()
        for slug, answers in of.items()
        if NO in answers and "no" not in (entry(slug, words) or {"no": ...})
    ]
    assert not silent, "\n".join(['no "no" in clauses.json for', *silent])


def test_no_condition_is_about_words_that_are_gone():
    stale = []
    for key in CLAUSES:
        slug, bar, words = key.partition("|")
        of = said().get(words if bar else key, {})
        own = {rule for rule in of if f"{rule}|{key}" not in CLAUSES}
        if slug not in of if bar else not own:
            stale.append(key)
    assert not stale, "\n".join(["no rule says", *stale])


def test_an_exception_for_one_rule_says_something_else():
    same = [key for key, told in CLAUSES.items() if "|" in key and told == CLAUSES.get(key.partition("|")[2])]
    assert not same


def test_a_rule_asks_one_thing_with_one_and_the_same_words():
    """Else the plain words of one of two questions would be wrong."""
    twice = [
        f"{rule.slug} ({rule.in_force.first}): {words}"
        for rule in DUTCH.rules
        for words in {c.words for p in parts(rule) for b in p.branches for c in b.clauses}
        if sum(any(c.words == words for b in p.branches for c in b.clauses) for p in parts(rule)) > 1
    ]
    assert not twice


# --- The sentences ------------------------------------------------------------------------------------


def test_a_sentence_ends_with_a_full_stop_and_starts_with_a_capital():
    wrong = [
        told
        for _, _, told in sentences()
        if not re.fullmatch(r"[A-Z].*[^.?!…\s]\.", told) or "  " in told or told != told.strip()
    ]
    assert not wrong


def test_a_sentence_is_short_enough_to_read_aloud():
    long = [
        sentence
        for _, lang, told in sentences()
        for sentence in re.split(r"(?<=[.?!:])\s", told)
        if len(sentence.split()) > MOST_WORDS[lang]
    ]
    assert not long


def test_a_text_has_no_more_than_two_sentences():
    assert not [told for _, _, told in sentences() if len(re.findall(r"[.?!](?:\s|$)", told)) > 2]


def test_no_sentence_is_in_the_other_language():
    wrong = [
        (told, both)
        for _, lang, told in sentences()
        if (both := set(re.findall(r"[\w'-]+", told.lower())) & set(FOREIGN[lang].split()))
    ]
    assert not wrong


def test_dutch_is_plain_and_speaks_to_you():
    """Ordinary words, and 'u': not 'je', and nobody is 'hij' before we know."""
    banned = {*LEGALESE, "je", "jij", "jouw", "hij", "hem"}
    wrong = [
        (told, both)
        for _, lang, told in sentences()
        if lang == "nl" and (both := set(re.findall(r"[\w'-]+", told.lower())) & banned)
    ]
    assert not wrong


def test_english_takes_nobody_for_a_man():
    wrong = [t for _, lang, t in sentences() if lang == "en" and re.search(r"\b(he|him|his)\b", t.lower())]
    assert not wrong


def test_a_statement_and_its_denial_differ():
    assert not [
        key
        for key, told in CLAUSES.items()
        for lang in LANGUAGES
        if told.get("no", {}).get(lang) == told[lang]
    ]


def test_no_plain_word_gives_away_where_it_came_from():
    words = {**WORDS, "switches": list(WORDS["switches"].values())}  # their names are their ids
    everything = json.dumps([RULES, CLAUSES, EVENTS, words], ensure_ascii=False)
    assert not re.search(r"[A-Z]-\d\d\b|\bP-[A-Z]|\[S|TODO", everything)


# --- Events and words ---------------------------------------------------------------------------------


def closed(field: vocabulary.Field) -> tuple[str, ...]:
    """The words of a closed list that a field may hold; empty for any other field."""
    kind = field.type
    if isinstance(kind, ListOr):
        return (kind.word, *closed(vocabulary.Field(kind.items, "")))
    if isinstance(kind, ListOf):
        kind = kind.item
    return kind.values if isinstance(kind, OneOf) else ()


def known(kind: str, name: str) -> Mapping[str, Any]:
    found = EVENTS[kind]["values"].get(name, {})
    return WORDS[found] if isinstance(found, str) else found


@pytest.mark.parametrize("kind", vocabulary.EVENTS)
def test_every_event_can_be_told_in_every_value_of_its_closed_lists(kind: str):
    fields = vocabulary.fields_of(kind)
    missing = [
        f"{name}: {value}"
        for name, field in fields.items()
        for value in closed(field)
        if value not in known(kind, name)
    ]
    assert not missing
    assert set(EVENTS[kind]["values"]) <= set(fields)
    assert EVENTS[kind].get("head", "") in ("", *EVENTS[kind]["values"])


def test_every_kind_of_event_is_one_of_the_format():
    assert set(EVENTS) == set(vocabulary.EVENTS)


def test_every_value_that_tells_what_an_act_is_about_has_a_word():
    assert set(WORDS["acts"]) == set(vocabulary.ACTS)
    for do, told in _ACT_WORDS.items():
        for group, name in told:
            values = closed(vocabulary.ACTS[do][name])
            assert values, f"{do}: {name}"
            assert set(values) <= set(WORDS[group]), f"{do}: {name}"


def test_every_answer_effect_profile_channel_and_month_has_a_word():
    assert set(WORDS["answers"]) == set(WORDS["marks"]) == {answer.value for answer in Answer}
    assert set(WORDS["effects"]) == {PERMITS, RESERVES, FORBIDS, REQUIRES, RELEASES}
    assert set(WORDS["profiles"]) == set(SETTINGS)
    assert {channel.value for channel in Channel} - {"unknown"} <= set(WORDS["channels"])
    assert list(WORDS["months"]) == [str(month) for month in range(1, 13)]


def test_every_remedy_can_be_said():
    extra = {"ask-consent-at-contact", "other-channel", "complete-records", "mend-row"}
    by = {f"{move.slug}-by" for move in BY_CHANNEL}
    assert set(WORDS["remedies"]) == {move.slug for move in MOVES} | by | extra
    assert {channel.value for channel in _ASK_BY} == set(WORDS["by"])


def test_guidance_has_an_english_name_and_none_is_about_guidance_that_is_gone():
    cited = {str(law) for law in guidance()}
    assert set(text("guidance")) == cited
    assert not [name for name in cited if set(name.lower().split()) & {"and", "the", "of", "page", "law"}]


def test_a_field_to_fill_in_is_one_of_the_format():
    for do, facts in FIELDS.items():
        for field in facts.values():
            kind, *names = field.split(".")
            kinds = [do if kind == "act" else kind, *names[:-1]]
            assert names[-1] in vocabulary.fields_of(kinds[-1]), field


def test_every_word_is_there_in_both_languages_and_stands_alone():
    for pair in phrases({"words": WORDS, "events": EVENTS}):
        assert set(pair) == set(LANGUAGES)
        assert all(told.strip() == told and told for told in pair.values()), pair


def test_a_date_is_written_in_full():
    assert locale.day(date(2026, 11, 1), "nl") == "1 november 2026"
    assert locale.day(date(2026, 3, 31), "en") == "31 March 2026"


def test_an_event_is_told_by_its_kind_and_its_values():
    bought = {"kind": "purchase", "product": "tickets", "paid": True, "until": date(2024, 5, 1)}
    assert locale.event("relation", bought, "nl") == "aankoop (betaald, tot 1 mei 2024)"
    assert locale.event("relation", bought, "en") == "purchase (paid, until 1 May 2024)"
    assert locale.event("collected", {"in": "contest"}, "nl") == "gegevens gekregen bij een prijsvraag"
    assert locale.event("consent", {"channels": ["email", "sms"], "months": 12}, "en") == (
        "consent (e-mail, text message, valid for 12 months)"
    )


def test_an_event_of_which_nothing_is_known_is_told_by_its_kind():
    assert locale.event("objection", {}, "nl") == "bezwaar"


def test_free_text_in_an_event_is_never_told():
    secret = "Truus de Vries, hartpatiënt"
    for kind, fields in vocabulary.EVENTS.items():
        told = locale.event(kind, dict.fromkeys(fields, secret), "nl")
        assert "Truus" not in told
        assert "Truus" not in locale.event(kind, {name: [secret] for name in fields}, "en")


def test_a_condition_is_told_as_it_is_answered():
    words = "van zijn klanten"
    assert locale.clause("soft-opt-in", words, "D-04", "nl") == "De persoon telt als klant."
    assert locale.clause("soft-opt-in", words, "D-04", "nl", "no") == "De persoon telt niet als klant."


def test_the_same_words_can_ask_something_else_in_another_rule():
    words = "aan natuurlijke personen"
    assert "mens" in locale.clause("telephone-opt-in", words, "T-01", "nl")
    assert "rechtspersoon" in locale.clause("calls-to-legal-persons", words, "B-04", "nl")
