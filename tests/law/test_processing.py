"""Using data for marketing before anybody is reached: profiles, enrichment, online advertising."""

from __future__ import annotations

import pytest

from tests.law.uses import BALANCED, SALE, YES_PLEASE, ask

PROFILE = {"what": "profiling", "claimed_basis": "legitimate-interest", "told_at_collection": True}
ONLINE = {"what": "online-advertising", "claimed_basis": "consent"}
SOLD = ("2018-05-25", "collected", SALE)
WEIGHED = ("2018-05-25", "assessed", BALANCED)
CONSENT = ("2026-06-15", "consent", YES_PLEASE | {"purpose": "marketing", "about": ["plants"]})
PARTY = {"name": "Partij voor het Laagland", "kind": "political-party"}


def process(act, *history, day="2026-11-01", **asked):
    return ask(day, "process", act, *history, **asked)


def test_a_profile_rests_on_a_told_and_recorded_interest():
    decision = process(PROFILE, SOLD, WEIGHED)
    assert decision.allowed
    assert {"L-01", "L-03"} <= set(decision.rules)


def test_an_interest_invented_afterwards_carries_nothing():
    silent = ("2018-05-25", "collected", SALE | {"interest_told": False})
    assert process(PROFILE | {"told_at_collection": False}, SOLD, WEIGHED).rule == "L-03"
    assert process(PROFILE, silent, WEIGHED).rule == "L-03"
    assert not process({"what": "profiling"}, SOLD, WEIGHED).allowed


def test_without_a_balancing_on_record_there_is_no_interest():
    assert process(PROFILE, SOLD).rule == "L-01"
    failed = ("2026-10-01", "assessed", BALANCED | {"outcome": "fail"})
    assert not process(PROFILE, SOLD, WEIGHED, failed).allowed


def test_since_knltb_a_purely_commercial_interest_can_qualify():
    before, after = (process(PROFILE, SOLD, WEIGHED, day=day) for day in ("2024-10-03", "2024-10-04"))
    assert before.allowed
    assert after.allowed
    assert "L-02" not in before.rules
    assert "L-02" in after.rules


@pytest.mark.parametrize("scope", ["marketing", "profiling"])
def test_an_objection_ends_the_profile(scope):
    objection = ("2026-10-20", "objection", {"channels": "all", "scope": scope})
    assert process(PROFILE, SOLD, WEIGHED, objection).rule == "R-01"
    assert process(PROFILE | {"claimed_basis": "consent"}, CONSENT, objection).rule == "R-01"
    again = ("2026-10-21", *CONSENT[1:])
    assert process(PROFILE | {"claimed_basis": "consent"}, CONSENT, objection, again).allowed


def test_after_a_withdrawal_the_profile_does_not_go_on_under_another_ground():
    withdrawal = ("2026-10-20", "withdrawal", {"channels": "all"})
    assert {"C-07", "C-13"} <= set(process(PROFILE, SOLD, WEIGHED, CONSENT, withdrawal).rules)


def test_a_contract_is_no_ground_for_advertising():
    assert "D-16" in process(ONLINE | {"claimed_basis": "contract"}).rules
    assert "L-01" in process(PROFILE | {"claimed_basis": "contract"}, SOLD, WEIGHED).rules


def test_online_advertising_asks_for_consent():
    assert process(ONLINE | {"claimed_basis": "legitimate-interest"}, SOLD, WEIGHED).rule == "D-16"
    assert process(ONLINE, CONSENT).allowed
    assert "D-16" in process(ONLINE, CONSENT).rules


def test_what_stands_in_a_register_is_not_free_to_add():
    register = ("2026-10-01", "collected", {"details": ["address"], "in": "public-register"})
    assert "S-08" in process(PROFILE | {"what": "enrichment", "told_at_collection": False}, register).rules


def test_enrichment_is_told_to_the_person():
    decision = process(PROFILE | {"what": "enrichment"}, SOLD, WEIGHED)
    assert decision.allowed
    assert "I-02" in decision.duties


@pytest.mark.parametrize("claimed", ["contract", "legitimate-interest", "consent", None])
def test_no_field_is_mandatory_for_marketing(claimed):
    act = {"what": "mandatory-field", "claimed_basis": claimed, "told_at_collection": True}
    decision = process(act, SOLD, WEIGHED, CONSENT)
    assert not decision.allowed
    assert {"L-01", "L-03"} <= set(decision.rules)
    assert ("C-02" in decision.rules) is (claimed in ("consent", None))


def test_a_public_body_has_no_legitimate_interest():
    town = {"name": "Gemeente Laagland", "kind": "public-body"}
    assert "L-01" in process(PROFILE, SOLD, WEIGHED, controller=town).rules


def test_since_the_digital_services_act_no_minor_sees_profiled_advertising():
    parent = ("2024-01-10", "consent", CONSENT[2] | {"given_by": "parent"})
    boy = {"kind": "consumer", "age": 14}
    assert process(ONLINE, parent, person=boy, day="2024-02-16").allowed
    assert process(ONLINE, parent, person=boy, day="2024-02-17").rule == "C-09"


def test_political_advertising_online_asks_for_explicit_consent_since_october_2025():
    vague = ("2025-06-15", "consent", CONSENT[2] | {"about": ["anything"]})
    assert process(ONLINE, vague, controller=PARTY, day="2025-10-09").allowed
    assert process(ONLINE, vague, controller=PARTY, day="2025-10-10").rule == "X-02"
    clear = ("2025-06-15", "consent", CONSENT[2] | {"about": ["politics"]})
    assert process(ONLINE, clear, controller=PARTY, day="2025-10-10").allowed


def test_a_partys_profile_shows_political_opinions():
    member = ("2020-01-10", "relation", {"kind": "membership", "paid": True})
    assert process(PROFILE, SOLD, WEIGHED, controller=PARTY).rule == "X-02"
    assert process(PROFILE, SOLD, WEIGHED, member, controller=PARTY).allowed
