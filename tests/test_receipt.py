"""A receipt is enough to reach the same decision again, and holds no data of a person."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grondslag.decide import decide
from grondslag.errors import NoLawInForce, ReceiptMismatch
from grondslag.facts import draw
from grondslag.law.profiles import Profile
from grondslag.law.rulebook import DUTCH, Rulebook
from grondslag.receipt import decode_situation, encode_situation, receipt, replay
from tests.casebook import EXAMPLES


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


def sealed(data):
    """The receipt with a digest that fits, as a forger would make it."""
    body = {name: value for name, value in data.items() if name != "digest"}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {**body, "digest": "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()}


@pytest.mark.parametrize(
    ("change", "place", "problem"),
    [
        ({"rulebook": 5}, "rulebook", "is not text"),
        ({"rules": None}, "rules", "is not a list of texts"),
        ({"rules": [1]}, "rules", "is not a list of texts"),
        ({"findings": None}, "findings", "is not a mapping of texts"),
        ({"situation": []}, "situation", "is not a mapping"),
        ({"situation": "x"}, "situation", "is not a mapping"),
        ({"situation": {}}, "situation", "lacks act_facts"),
        ({"day": 3}, "day", "is not text"),
        ({"day": "20260701"}, "day", "is no day from 1900-01-01 to 2199-12-31"),
        ({"switches": None}, "switches", "is not a mapping of texts"),
        ({"switches": {"P-NONE": "strict"}}, "switches", "are not known"),
        ({"profile": "permissive"}, "profile", "is not the one that switches describe"),
        ({"receipt": True}, "", "is not a receipt of format 1"),
        ({"surplus": 1}, "", "holds surplus"),
        ({"rule": "\ud800"}, "", "holds what cannot be written as JSON"),
    ],
)
def test_a_receipt_with_a_digest_that_fits_must_still_be_a_receipt(change, place, problem):
    with pytest.raises(ReceiptMismatch) as caught:
        replay(sealed(of(EXAMPLES[0]) | change))
    assert caught.value.place == place
    assert caught.value.problem.startswith(problem)
    assert caught.value.remedy


@pytest.mark.parametrize("name", sorted(set(of(EXAMPLES[0])) - {"receipt", "digest"}))
def test_a_receipt_that_misses_a_field_is_refused(name):
    data = of(EXAMPLES[0])
    del data[name]
    with pytest.raises(ReceiptMismatch, match=f"{name}: is missing"):
        replay(sealed(data))


@pytest.mark.parametrize(
    ("change", "place", "problem"),
    [
        ({"do": "x"}, "situation.do", "is no act"),
        ({"do": []}, "situation.do", "is no act"),
        ({"do": "share"}, "situation.act_facts", "are not those of share"),
        ({"act": {"channel": ["email"]}}, "situation.act.channel", "is none of email, sms"),
        ({"act": {"colour": "red"}}, "situation.act", "holds colour"),
        ({"act": None}, "situation.act", "is not a mapping"),
        ({"person": {"objected": True}}, "situation.person.objected", "is none of no, unknown, yes"),
        ({"person": {"consent": []}}, "situation.person.consent", "is not a mapping"),
        ({"consents": {}}, "situation.consents", "is not a list"),
        ({"consents": ["yes"]}, "situation.consents[0]", "is not a mapping"),
        ({"weather": "fine"}, "situation", "holds weather"),
    ],
)
def test_a_situation_of_other_facts_is_refused(change, place, problem):
    data = of(next(example for example in EXAMPLES if example.case.act.do == "contact"))
    with pytest.raises(ReceiptMismatch) as caught:
        replay(sealed({**data, "situation": data["situation"] | change}))
    assert caught.value.place == place
    assert caught.value.problem.startswith(problem)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def damaged(draw):
    """A receipt of the casebook in which values are left out, added or of another kind; its digest fits."""
    data = of(draw(st.sampled_from(EXAMPLES)))
    for _ in range(draw(st.integers(1, 3))):
        holder, parts = data, []
        while isinstance(holder, dict | list) and holder:
            step = draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))
            parts.append((holder, step))
            holder = holder[step]
        into, step = draw(st.sampled_from(parts))
        match draw(st.sampled_from(["replace", "swap", "drop", "add"])):
            case "drop":
                del into[step]
            case "add" if isinstance(into, dict):
                into[draw(st.text(max_size=8))] = draw(anything)
            case "swap":
                into[step] = draw(st.sampled_from(["yes", "no", "unknown", "email", "share", "2026-07-01"]))
            case _:
                into[step] = draw(anything)
    return sealed(data)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged() | anything)
def test_a_damaged_receipt_is_replayed_or_refused_with_a_remedy(data):
    try:
        done = replay(data)
    except (ReceiptMismatch, NoLawInForce) as wrong:
        assert str(wrong).encode()
    else:
        assert done.same == (
            not any(change.startswith(("answer ", "rule", "duties ")) for change in done.changes)
        )


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
