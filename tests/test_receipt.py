"""A receipt is enough to reach the same decision again, and holds no data of a person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grondslag.decide import decide
from grondslag.errors import ReceiptMismatch
from grondslag.facts import draw
from grondslag.law.profiles import Profile
from grondslag.law.rulebook import DUTCH, Rulebook
from grondslag.receipt import decode_situation, encode_situation, receipt, replay
from grondslag.situations import load

CASEBOOK = Path(__file__).parent.parent / "casebook"
EXAMPLES = [example for file in sorted(CASEBOOK.glob("*.yaml")) for example in load(file)]


def of(example):
    case, profile = example.case, Profile.parse(example.profile)
    return json.loads(json.dumps(receipt(decide(draw(case), at=case.act.date, profile=profile))))


def test_every_situation_of_the_casebook_can_be_replayed_from_its_receipt():
    for example in EXAMPLES:
        done = replay(of(example))
        assert done.same and not done.changes, (example.id, done.changes)


def test_a_situation_survives_being_written_and_read():
    for example in EXAMPLES:
        situation = draw(example.case)
        assert decode_situation(json.loads(json.dumps(encode_situation(situation)))) == situation


def test_a_receipt_names_no_person_and_no_party():
    for example in EXAMPLES:
        written = json.dumps(of(example))
        name = example.case.controller.get("name")
        assert not name or str(name) not in written, example.id


def test_an_altered_receipt_is_refused():
    data = of(EXAMPLES[0])
    data["answer"] = "no" if data["answer"] == "yes" else "yes"
    with pytest.raises(ReceiptMismatch, match="altered"):
        replay(data)


@pytest.mark.parametrize("data", [{}, {"receipt": 2, "digest": ""}, {"receipt": 1}])
def test_what_is_no_receipt_is_refused(data):
    with pytest.raises(ReceiptMismatch, match="not a receipt"):
        replay(data)


def test_a_replay_under_another_rulebook_says_what_has_changed():
    example = next(e for e in EXAMPLES if e.id == "TEL-048")
    without = Rulebook(rule for rule in DUTCH.rules if rule.slug != "calls-to-customers")
    done = replay(of(example), rulebook=without)
    assert not done.same
    assert "answer was yes, now it is no" in done.changes
    assert "no longer in play: calls-to-customers (2021-07-01)" in done.changes
