"""The law's own words: what a rule says stands in the law, in every text that was in force while it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from grondslag.law.citations import Citation, text, versions
from grondslag.law.explore import Phrase, words
from grondslag.law.rulebook import DUTCH
from grondslag.law.rules import Period, Rule


def name(rule: Rule) -> str:
    return f"{rule.slug}@{rule.in_force.first}"


def readings(citation: Citation, period: Period) -> Iterator[tuple[date, str]]:
    """The cited place in each version that was in force on some day of the period."""
    starts = list(versions(citation.folder))
    for start, following in zip(starts, [*starts[1:], date.max], strict=True):
        if following > period.first and (period.last is None or start <= period.last):
            yield start, place(text(citation, start), citation.onder)


def place(lid: str, onder: str | None) -> str:
    """What a lid says under one letter, with the words that open the lid; the lid where it has no letters."""
    if onder is None:
        return lid
    marker = re.compile(r"^(\w{1,2})[.)] ", re.MULTILINE)
    # A lid number is no letter: 'De verwerking …' under '1. ' opens it.
    parts = re.split(r"\n(?=\w{1,2}[.)] )|\n\n", lid)
    opening = [part for part in parts[:1] if not (m := marker.match(part)) or m[1] != onder]
    chosen = [part for part in parts if (m := marker.match(part)) and m[1] == onder]
    return "\n".join([*opening, *chosen]) if chosen else ""


def stands_in(phrase: str, body: str) -> bool:
    """Whether the words occur literally, white space aside; between pieces of '…' the law may say more."""
    place, plain = 0, " ".join(body.split())
    for piece in phrase.split("…"):
        wanted = " ".join(piece.split())
        found = plain.find(wanted, place)
        if found < 0:
            return False
        place = found + len(wanted)
    return True


def missing(rule: Rule, phrase: Phrase) -> Iterator[str]:
    """What is wrong with words that claim to be the law's; nothing, if they are."""
    citation = phrase.law
    assert isinstance(citation, Citation)
    held = list(readings(citation, rule.in_force))
    if not held:
        yield f"{citation}: no text is held for {rule.in_force}"
    elif held[0][0] > rule.in_force.first:
        yield f"{citation}: the text of {rule.in_force.first} is not held, the oldest is of {held[0][0]}"
    for start, body in held:
        if not stands_in(phrase.words, body):
            yield f"{citation}, text of {start}: does not say {phrase.words!r}"


@pytest.mark.parametrize("rule", DUTCH.rules, ids=name)
def test_the_words_of_a_rule_stand_in_every_text_that_was_in_force(rule: Rule):
    wrong = [
        problem
        for phrase in words(rule)
        if isinstance(phrase.law, Citation)
        for problem in missing(rule, phrase)
    ]
    assert not wrong, "\n".join([f"{rule.body.__module__}.{rule.body.__name__} ({name(rule)})", *wrong])
