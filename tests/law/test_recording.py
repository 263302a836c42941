"""Recording calls: a ground for each purpose, told at the start."""

from __future__ import annotations

from datetime import date

import pytest

from tests.law.uses import BALANCED, YES_PLEASE, ask

CALL = {
    "announced": "with-purpose",
    "phase": "talk",
    "card_data": False,
    "service": "other",
    "objection_offered": True,
}
ORDER = ("2026-11-01", "relation", {"kind": "purchase", "product": "coffee", "paid": True})
WEIGHED = ("2026-01-12", "assessed", BALANCED)
ADVICE = ("2026-03-02", "relation", {"kind": "service", "product": "investment-orders", "paid": True})


def record(*history, purposes=("contract",), day="2026-11-01", controller=None, **changes):
    act = CALL | {"purposes": list(purposes)} | changes
    return ask(day, "record", act, *history, **({"controller": controller} if controller else {}))


def test_an_order_is_recorded_without_consent():
    decision = record(ORDER)
    assert decision.rule == "V-01"
    assert decision.duties == ("K-12",)


def test_a_fresh_request_for_an_offer_is_enough():
    asked = ("2026-08-01", "asked", {"for": "quote", "about": "coffee"})
    assert record(asked, day="2026-11-01").allowed
    assert not record(asked, day="2026-11-02").allowed


def test_without_contract_or_request_there_is_no_contract_to_prove():
    assert record().rule == "V-01"
    cancelled = ("2026-11-01", "relation", ORDER[2] | {"cancelled": True})
    assert not record(cancelled).allowed
    elsewhere = ("2026-11-01", "relation", ORDER[2] | {"with": "Theehuis Hazelaar BV"})
    assert not record(elsewhere).allowed


@pytest.mark.parametrize("announced", ["never", "late", "without-purpose", None])
def test_the_caller_hears_at_the_start_that_and_why(announced):
    assert record(ORDER, announced=announced).rule == "V-02"


@pytest.mark.parametrize("phase", ["hold", None])
def test_who_waits_is_not_recorded(phase):
    assert record(ORDER, phase=phase).rule == "V-08"


@pytest.mark.parametrize(
    ("card_data", "paused", "allowed"),
    [(True, True, True), (True, False, False), (True, None, False), (False, None, True), (None, None, False)],
)
def test_the_tape_stops_at_card_data(card_data, paused, allowed):
    decision = record(ORDER, card_data=card_data, paused=paused)
    assert decision.allowed is allowed
    assert ("V-07" in decision.rules) is (card_data is not False)


def test_training_rests_on_a_balancing_and_people_may_object():
    assert record(WEIGHED, purposes=["training"]).duties == ("K-11",)
    assert {"V-01", "L-01"} <= set(record(purposes=["training"]).rules)
    assert "V-01" in record(WEIGHED, purposes=["training"], objection_offered=False).rules
    assert not record(WEIGHED, purposes=["training"], objection_offered=None).allowed
    assert not record(WEIGHED, purposes=["training"], objection_offered=None).allowed


def test_who_objected_to_being_recorded_trains_nobody():
    refused = ("2026-10-01", "request", {"kind": "objection", "about": "recording"})
    assert "R-01" in record(WEIGHED, refused, purposes=["training"]).rules
    assert record(ORDER, refused).allowed


def test_an_objection_to_marketing_is_no_objection_to_recording():
    objection = ("2026-10-01", "objection", {"channels": "all", "scope": "marketing"})
    assert record(ORDER, WEIGHED, objection, purposes=["contract", "training"]).allowed


def test_each_purpose_needs_its_own_ground():
    assert not record(ORDER, purposes=["contract", "training"]).allowed
    assert record(ORDER, WEIGHED, purposes=["contract", "training"]).allowed
    assert not record(ORDER, WEIGHED, purposes=["contract", "training", "legal-duty"]).allowed


def test_a_purpose_that_nobody_stated_has_no_ground():
    act = CALL | {"purposes": None}
    assert not ask("2026-11-01", "record", act, ORDER, WEIGHED).allowed


def test_a_complaint_is_about_a_contract_or_a_dispute_or_weighed():
    dispute = ("2026-10-01", "dispute", {"about": "delivery"})
    settled = ("2026-10-01", "dispute", {"about": "delivery", "until": date(2026, 10, 31)})
    assert record(dispute, purposes=["complaint"]).allowed
    assert not record(settled, purposes=["complaint"]).allowed
    assert record(WEIGHED, purposes=["complaint"]).allowed
    assert "L-01" in record(purposes=["complaint"]).rules


def test_fraud_is_weighed():
    assert record(WEIGHED, purposes=["fraud"]).allowed
    assert not record(ORDER, purposes=["fraud"]).allowed


def test_investment_calls_are_recorded_by_law():
    call = {"purposes": ["legal-duty"], "service": "investment"}
    decision = record(ADVICE, **call)
    assert "V-06" in decision.rules
    assert {"K-09", "V-06"} <= set(decision.duties)
    assert "V-06" in record(ADVICE, **call, announced="never").rules
    assert "V-06" in record(ADVICE, purposes=["legal-duty"]).rules


def test_where_the_law_wants_the_sound_the_card_standard_yields():
    call = {"purposes": ["legal-duty"], "card_data": True, "paused": False}
    assert record(ADVICE, **call, service="investment").allowed
    assert "V-07" in record(ADVICE, **call).rules


@pytest.mark.parametrize(("before", "allowed"), [(True, True), (False, False), (None, False)])
def test_a_tape_of_the_sales_call_does_not_cure_it(before, allowed):
    decision = record(purposes=["consent-proof"], consent_before_call=before)
    assert decision.allowed is allowed
    assert "V-09" in decision.rules


def test_consent_to_being_recorded_serves_any_purpose():
    consent = ("2026-11-01", "consent", YES_PLEASE | {"purpose": "recording"})
    assert record(consent, purposes=["training", "contract"]).allowed
    marketing = ("2026-11-01", "consent", YES_PLEASE | {"purpose": "marketing"})
    assert not record(marketing, purposes=["training"]).allowed
    withdrawn = ("2026-11-01", "withdrawal", {"channels": "all"})
    assert "C-07" in record(consent, withdrawn, purposes=["training"]).rules


def test_a_public_body_weighs_no_interest_of_its_own():
    town = {"name": "Gemeente Laagland", "kind": "public-body"}
    assert not record(WEIGHED, purposes=["training"], controller=town).allowed
