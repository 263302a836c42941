"""Buying addresses: the buyer verifies, screens and informs."""

from __future__ import annotations

from datetime import date

from tests.law.uses import BALANCED, YES_PLEASE, ask

OFFER = {"from": "Adresbron Zeeduin BV", "proof_per_person": True, "own_check": True}
CONSENT = (
    "2026-06-15",
    "consent",
    YES_PLEASE | {"purpose": "marketing", "to": ["Adresbron Zeeduin BV", "Tuincentrum Wilgenzwaan BV"]},
)
BOUGHT = (
    "2026-10-01",
    "collected",
    {"in": "third-party", "by": "Adresbron Zeeduin BV", "interest_told": True},
)


def receive(*history, day="2026-11-01", profile="strict", **changes):
    return ask(day, "receive", OFFER | changes, *history, profile=profile)


def test_a_sellers_word_is_no_proof():
    assert {"S-05", "G-07"} <= set(receive(proof_per_person=False).rules)
    assert not receive(proof_per_person=None).allowed


def test_proof_per_person_that_nobody_checked_is_none():
    assert "S-05" in receive(own_check=False).rules


def test_checked_proof_per_person_opens_the_way_and_the_person_is_told():
    decision = receive()
    assert decision.allowed
    assert decision.rule == "S-05"
    assert "I-02" in decision.duties


def test_the_person_is_told_within_a_month():
    assert "I-02" not in receive(informed_14_on=date(2026, 12, 1)).duties
    late = receive(informed_14_on=date(2026, 12, 2))
    assert not late.allowed
    assert late.rule == "I-02"


def test_a_consent_on_file_must_name_the_buyer():
    assert receive(CONSENT).allowed
    assert "C-08" in receive(CONSENT).duties
    others = ("2026-06-15", "consent", CONSENT[2] | {"to": ["partners"], "naming": "category"})
    assert "S-04" in receive(others).rules


def test_a_consent_to_sharing_with_the_buyer_serves_too():
    assert receive(("2026-06-15", "consent", CONSENT[2] | {"purpose": "sharing"})).allowed


def test_a_flawed_consent_is_not_mended_by_proof():
    forced = ("2026-06-15", "consent", CONSENT[2] | {"conditional": True})
    assert "C-02" in receive(forced).rules
    thin = ("2026-06-15", "consent", CONSENT[2] | {"evidence": "metadata-only"})
    assert "C-06" in receive(thin).rules


def test_a_fresh_feed_does_not_undo_an_objection():
    objection = ("2026-08-01", "objection", {"channels": ["email"]})
    assert receive(objection).rule == "R-05"
    assert receive(CONSENT, objection).rule == "R-05"
    assert receive(objection, ("2026-09-01", *CONSENT[1:])).allowed


def test_a_withdrawal_with_the_seller_is_one_with_the_buyer():
    withdrawal = ("2026-08-01", "withdrawal", {"channels": "all", "at": "Adresbron Zeeduin BV"})
    assert {"C-07", "C-08"} <= set(receive(CONSENT, withdrawal).rules)


def test_a_balancing_carries_a_purchase_only_in_the_contested_readings():
    weighed = ("2026-10-15", "assessed", BALANCED)
    assert not receive(BOUGHT, weighed, proof_per_person=False).allowed
    assert receive(BOUGHT, weighed, proof_per_person=False, profile="balanced").allowed


def test_a_failed_balancing_carries_nothing():
    failed = ("2026-10-15", "assessed", BALANCED | {"outcome": "fail"})
    assert "L-01" in receive(BOUGHT, failed, proof_per_person=False, profile="permissive").rules


def test_copying_a_register_is_no_permission():
    register = ("2026-10-01", "collected", {"in": "public-register", "by": "Handelsregister"})
    assert "S-08" in receive(register, **{"from": "Handelsregister"}, proof_per_person=False).rules
