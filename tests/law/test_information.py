"""What people are told, and when (section I, R-02, L-03)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.law.asking import On, asked

BOUGHT: On = ("2026-08-20", "collected", {"details": ["email"], "in": "sale", "informed": True})
FROM_A_BROKER: On = (
    "2026-08-20",
    "collected",
    {"details": ["address"], "in": "third-party", "by": "Adresbron BV"},
)


def told(moment: str, *history: On, **fields: Any):
    usual = {"moment": moment, "missing": [], "clear": True, "separate": True, "on_time": True}
    given = {name: value for name, value in {**usual, **fields}.items() if value is not None}
    return asked("inform", "2026-11-01", *history, **given)


@pytest.mark.parametrize(
    ("moment", "history", "id"),
    [
        ("collection", BOUGHT, "I-01"),
        ("collection", FROM_A_BROKER, "I-02"),
        ("statement", BOUGHT, "I-01"),
        ("first-contact", BOUGHT, "R-02"),
        ("first-contact", FROM_A_BROKER, "I-02"),
        ("first-disclosure", FROM_A_BROKER, "I-02"),
        ("new-purpose", BOUGHT, "I-03"),
    ],
)
def test_each_moment_has_its_own_duty(moment: str, history: On, id: str):
    complete = told(moment, history)
    assert complete.allowed
    assert complete.rule == id
    for flaw in ({"on_time": False}, {"on_time": None}, {"missing": ["dpo"]}, {"missing": None}):
        refused = told(moment, history, **flaw)
        assert not refused.allowed
        assert {id, "I-01"} & set(refused.rules)


@pytest.mark.parametrize(
    ("item", "id"),
    [
        ("retention", "I-05"),
        ("right-to-object", "R-02"),
        ("legitimate-interest", "L-03"),
        ("right-to-withdraw", "C-07"),
        ("complaint", "I-01"),
        ("purposes", "I-01"),
    ],
)
def test_a_missing_item_is_named_by_its_rule(item: str, id: str):
    for moment in ("collection", "statement"):
        refused = told(moment, BOUGHT, missing=[item])
        assert not refused.allowed
        assert refused.rule == id


def test_only_data_from_elsewhere_ask_for_their_source():
    assert told("first-contact", FROM_A_BROKER, missing=["source"]).rule == "I-02"
    assert not told("first-contact", FROM_A_BROKER, missing=["source"]).allowed
    assert told("collection", BOUGHT, missing=["source"]).allowed


def test_vague_words_do_not_inform():
    for clear in (False, None):
        assert told("statement", clear=clear).rule == "I-04"


def test_the_right_to_object_stands_apart_in_the_first_message():
    for separate in (False, None):
        assert not told("first-contact", BOUGHT, separate=separate).allowed
        assert not told("first-contact", FROM_A_BROKER, separate=separate).allowed
    assert told("first-contact", FROM_A_BROKER, separate=False).rule == "R-02"


def test_at_collection_it_may_still_come_but_not_hidden():
    assert told("collection", BOUGHT, separate=None).duties == ("R-02",)
    assert told("collection", BOUGHT, separate=False).rule == "R-02"


def test_a_new_purpose_is_told_before():
    assert told("new-purpose", BOUGHT, missing=["purposes"]).rule == "I-03"
    assert not told("new-purpose", BOUGHT, missing=["purposes"]).allowed
