"""What may be kept, and until which day (section K)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.law.asking import On, asked

OBJECTION: On = ("2025-06-01", "objection", {"channels": "all", "route": "link", "scope": "marketing"})
ERASURE: On = ("2025-06-01", "request", {"kind": "erasure", "route": "letter", "about": "everything"})
DISPUTE: On = ("2025-06-01", "dispute", {"about": "delivery", "until": "2026-06-01"})
NEWSLETTER: On = (
    "2025-01-01",
    "consent",
    {"channels": ["email"], "purpose": "marketing", "by": "double-opt-in", "evidence": "full"},
)


def kept(day: str, what: str, purpose: str, since: str, *history: On, **more: Any):
    return asked(
        "keep", day, *history, what=what, purpose=purpose, since=since, **{"for_marketing": False} | more
    )


def marketing(day: str, since: str, *history: On, what: str = "marketing-data", **more: Any):
    own = {"term_months": 24, "stated": True, "reasoned": True, "for_marketing": True}
    return kept(day, what, "marketing", since, *history, **own | more)


@pytest.mark.parametrize(
    ("what", "purpose", "since", "last", "row"),
    [
        ("invoice", "tax", "2018-12-31", "2025-12-31", "K-02"),
        ("order-record", "tax", "2018-12-31", "2025-12-31", "K-02"),
        ("property-vat-file", "tax", "2018-04-05", "2027-12-31", "K-03"),
        ("consent-proof", "proof", "2020-11-01", "2025-11-01", "K-04"),
        ("order-record", "claims", "2020-11-01", "2025-11-01", "K-05"),
        ("investment-recording", "legal-duty", "2020-11-01", "2025-11-01", "K-09"),
        ("request-file", "proof", "2020-11-01", "2025-11-01", "K-13"),
    ],
)
def test_a_term_ends_with_its_last_day(what: str, purpose: str, since: str, last: str, row: str):
    after = (date.fromisoformat(last) + timedelta(days=1)).isoformat()
    on_last, day_after = kept(last, what, purpose, since), kept(after, what, purpose, since)
    assert on_last.allowed
    assert on_last.rule == row
    assert not day_after.allowed
    assert row in day_after.rules


def test_a_leap_day_lapses_on_the_last_day_of_february():
    assert kept("2027-02-28", "invoice", "tax", "2020-02-29").allowed
    assert not kept("2027-03-01", "invoice", "tax", "2020-02-29").allowed


def test_a_term_that_nobody_dated_protects_nothing():
    assert not asked("keep", "2025-07-01", what="invoice", purpose="tax", for_marketing=False).allowed


def test_a_tax_copy_survives_objection_and_erasure_but_closed_to_marketing():
    decision = kept("2025-07-01", "invoice", "tax", "2024-12-31", OBJECTION, ERASURE)
    assert decision.allowed
    assert decision.duties == ("K-07",)
    assert "R-06" in decision.rules


def test_a_tax_copy_never_permits_marketing():
    decision = kept("2025-07-01", "invoice", "tax", "2024-12-31", OBJECTION, for_marketing=True)
    assert not decision.allowed
    assert decision.rule == "K-07"
    assert not kept("2025-07-01", "invoice", "tax", "2024-12-31", for_marketing=True).allowed


def test_an_own_shorter_term_ends_a_claims_copy_early():
    assert kept("2025-01-01", "order-record", "claims", "2023-01-01", term_months=24).allowed
    assert not kept("2025-01-02", "order-record", "claims", "2023-01-01", term_months=24).allowed
    assert not kept("2025-01-02", "request-file", "proof", "2023-01-01", term_months=24).allowed


def test_a_claims_copy_owes_the_privacy_statement_its_term():
    assert kept("2025-01-01", "order-record", "claims", "2023-01-01").duties == ("I-05",)


def test_proof_of_a_consent_that_stands_is_kept_however_old():
    old: On = ("2018-06-01", *NEWSLETTER[1:])
    assert kept("2026-01-01", "consent-proof", "proof", "2018-06-01", old).allowed
    gone: On = ("2019-01-01", "withdrawal", {"channels": ["email"]})
    assert not kept("2026-01-01", "consent-proof", "proof", "2018-06-01", old, gone).allowed


# --- Marketing data -------------------------------------------------------------------------------


def test_marketing_data_stay_for_the_own_term():
    last, after = marketing("2026-08-03", "2024-08-03"), marketing("2026-08-04", "2024-08-03")
    assert last.allowed
    assert last.rule == "K-06"
    assert last.duties == ("K-01",)
    assert not after.allowed
    assert "K-06" in after.rules


def test_three_years_can_be_defended_and_four_cannot():
    assert marketing("2026-08-03", "2023-08-03", term_months=36).allowed
    assert not marketing("2026-08-04", "2023-08-03", term_months=36).allowed
    assert not marketing("2024-08-03", "2023-08-03", term_months=48).allowed


def test_a_car_may_take_longer():
    car: On = (
        "2020-01-01",
        "relation",
        {"kind": "purchase", "product": "car", "paid": True, "long_lived": True},
    )
    assert marketing("2024-08-03", "2020-08-03", car, term_months=60).allowed


@pytest.mark.parametrize(
    ("lacking", "id"), [("stated", "I-05"), ("reasoned", "K-01"), ("term_months", "K-06")]
)
def test_an_own_term_is_stated_and_reasoned(lacking: str, id: str):
    left_out: dict[str, Any] = {lacking: None}
    refused = marketing("2025-01-01", "2024-08-03", **left_out)
    assert not refused.allowed
    assert {"K-06", id} <= set(refused.rules)
    denied: dict[str, Any] = {lacking: lacking == "term_months" and 48}
    assert not marketing("2025-01-01", "2024-08-03", **denied).allowed


def test_the_latest_policy_supplies_the_term():
    old: On = (
        "2023-01-01",
        "policy",
        {"retention_months": 36, "stated": True, "reasoned": True, "for": "marketing-data"},
    )
    new: On = (
        "2024-01-01",
        "policy",
        {"retention_months": 12, "stated": True, "reasoned": True, "for": "marketing-data"},
    )
    bare: dict[str, Any] = {"term_months": None, "stated": None, "reasoned": None}
    assert marketing("2025-08-03", "2024-08-03", old, new, **bare).allowed
    assert not marketing("2025-08-04", "2024-08-03", old, new, **bare).allowed
    assert not marketing("2025-08-03", "2024-08-03", **bare).allowed


def test_an_objection_ends_the_marketing_copy_by_whatever_channel():
    for channels in ("all", ["email"]):
        objection: On = ("2025-06-01", "objection", {"channels": channels, "route": "shop"})
        refused = marketing("2025-07-01", "2025-05-01", objection)
        assert not refused.allowed
        assert refused.rule == "K-07"
        assert "R-01" in refused.rules


def test_who_wants_no_calls_keeps_the_newsletter():
    no_calls: On = ("2025-06-01", "objection", {"channels": ["phone"], "route": "call"})
    assert marketing("2025-07-01", "2025-05-01", NEWSLETTER, no_calls).allowed
    no_mail: On = ("2025-06-01", "objection", {"channels": ["email"], "route": "link"})
    assert not marketing("2025-07-01", "2025-05-01", NEWSLETTER, no_mail).allowed


def test_a_new_consent_reopens_the_marketing_copy():
    again: On = ("2025-06-02", *NEWSLETTER[1:])
    assert marketing("2025-07-01", "2025-06-02", OBJECTION, again).allowed
    same_day: On = ("2025-06-01", *NEWSLETTER[1:])
    assert not marketing("2025-07-01", "2025-06-01", OBJECTION, same_day).allowed


def test_a_withdrawal_ends_it_unless_another_consent_carries_it():
    withdrawal: On = ("2025-06-01", "withdrawal", {"channels": ["email"]})
    refused = marketing("2025-07-01", "2025-05-01", NEWSLETTER, withdrawal)
    assert not refused.allowed
    assert {"K-07", "C-07"} <= set(refused.rules)
    by_post: On = ("2025-02-01", "consent", {"channels": ["post"], "purpose": "marketing"})
    assert marketing("2025-07-01", "2025-05-01", NEWSLETTER, by_post, withdrawal).allowed


def test_an_objection_to_profiling_ends_the_profile_only():
    no_profile: On = ("2025-06-01", "objection", {"channels": "all", "scope": "profiling"})
    assert not marketing("2025-07-01", "2025-05-01", no_profile, what="profile").allowed
    assert marketing("2025-07-01", "2025-05-01", no_profile).allowed


def test_an_objection_to_being_passed_on_ends_no_copy():
    not_passed_on: On = ("2025-06-01", "objection", {"scope": "sharing"})
    for what in ("profile", "marketing-data"):
        assert marketing("2025-07-01", "2025-05-01", not_passed_on, what=what).allowed


def test_erasure_ends_marketing_data_and_not_what_a_claim_needs():
    refused = marketing("2025-07-01", "2025-05-01", ERASURE)
    assert not refused.allowed
    assert refused.rule == "R-06"
    assert kept("2025-07-01", "order-record", "claims", "2025-05-01", ERASURE).allowed
    about_the_tape: On = ("2025-06-01", "request", {"kind": "erasure", "about": "recording"})
    assert marketing("2025-07-01", "2025-05-01", about_the_tape).allowed


# --- Legal hold -----------------------------------------------------------------------------------


def test_a_dispute_holds_a_copy_past_its_term():
    assert not kept("2026-06-01", "invoice", "tax", "2018-12-31").allowed
    held = kept("2026-06-01", "invoice", "tax", "2018-12-31", DISPUTE)
    assert held.allowed
    assert {"K-05", "K-02"} <= set(held.rules)
    assert not kept("2026-06-02", "invoice", "tax", "2018-12-31", DISPUTE).allowed


def test_a_dispute_without_an_end_still_runs():
    assert kept(
        "2030-01-01", "invoice", "tax", "2018-12-31", ("2025-06-01", "dispute", {"about": "price"})
    ).allowed


def test_a_dispute_holds_nothing_for_marketing():
    assert not marketing("2026-05-01", "2023-01-01", DISPUTE).allowed
    assert not marketing("2025-07-01", "2025-05-01", DISPUTE, OBJECTION).allowed


# --- Suppression and statistics ---------------------------------------------------------------------


def test_a_suppression_entry_survives_everything():
    decision = kept("2045-01-01", "suppression-entry", "block", "2025-06-01", OBJECTION, ERASURE)
    assert decision.allowed
    assert decision.rule == "K-08"
    assert decision.duties == ("R-04",)
    assert kept("2045-01-01", "suppression-entry", "block", "2025-06-01").allowed


def test_a_suppression_entry_only_blocks():
    for more in ({"for_marketing": True}, {"purpose": "marketing"}):
        fields: dict[str, Any] = {
            "what": "suppression-entry",
            "purpose": "block",
            "since": "2025-06-01",
            "for_marketing": False,
        }
        refused = asked("keep", "2025-07-01", OBJECTION, **fields | more)
        assert not refused.allowed
        assert "R-04" in refused.rules


def test_figures_without_people_stay():
    assert (
        kept("2045-01-01", "anonymous-statistics", "statistics", "2020-01-01", OBJECTION, ERASURE).rule
        == "K-01"
    )


# --- Recordings -------------------------------------------------------------------------------------


def tape(made_for: str, announced: str | None = "with-purpose", on: str = "2024-03-01") -> On:
    fields: dict[str, Any] = {"purposes": [made_for], "announced": announced, "service": "other"}
    return (on, "recorded", {name: value for name, value in fields.items() if value is not None})


SUBSCRIPTION: On = ("2024-03-01", "relation", {"kind": "subscription", "product": "internet", "paid": True})


def test_the_tape_of_a_contract_stays_while_it_runs_and_five_years_more():
    def at(day: str, *history: On):
        return kept(day, "recording", "contract", "2024-03-01", tape("contract"), *history)

    assert at("2035-01-01", SUBSCRIPTION).allowed
    ended: On = ("2024-03-01", "relation", {**SUBSCRIPTION[2], "until": "2026-05-01"})
    assert at("2031-05-01", ended).rule == "K-12"
    assert at("2031-05-01", ended).allowed
    assert not at("2031-05-02", ended).allowed
    assert at("2029-03-01").allowed
    assert not at("2029-03-02").allowed


@pytest.mark.parametrize("announced", ["never", "late", "without-purpose", None])
def test_a_tape_without_a_proper_announcement_goes_asked_or_not(announced: str | None):
    made = tape("contract", announced)
    refused = kept("2025-01-01", "recording", "contract", "2024-03-01", made, SUBSCRIPTION)
    assert not refused.allowed
    assert "V-05" in refused.rules
    assert kept("2025-07-01", "recording", "contract", "2024-03-01", made, SUBSCRIPTION, DISPUTE).allowed


def test_an_investment_tape_stays_for_its_statutory_term_whatever_was_asked():
    asked_for: On = ("2022-01-01", "request", {"kind": "erasure", "about": "recording"})
    decision = kept("2025-11-01", "investment-recording", "legal-duty", "2020-11-01", asked_for)
    assert decision.allowed
    assert {"K-09", "V-06", "V-05"} <= set(decision.rules)


def test_the_statutory_term_of_an_investment_tape_goes_before_an_own_shorter_term():
    made: On = (
        "2024-03-01",
        "recorded",
        {"purposes": ["contract"], "announced": "with-purpose", "service": "investment"},
    )
    long_ago = kept("2027-01-01", "recording", "contract", "2024-03-01", made, term_months=24)
    assert long_ago.allowed
    assert "K-09" in long_ago.rules
    assert not kept(
        "2027-01-01", "recording", "contract", "2024-03-01", tape("contract"), term_months=24
    ).allowed


def test_a_lawful_tape_that_is_needed_may_stay_though_erasure_is_asked():
    decision = kept(
        "2025-07-01", "recording", "contract", "2024-03-01", tape("contract"), SUBSCRIPTION, ERASURE
    )
    assert decision.allowed
    assert "V-05" in decision.rules


def test_a_tape_is_kept_for_what_it_was_made_for():
    refused = kept("2024-04-01", "recording", "contract", "2024-03-01", tape("training"), SUBSCRIPTION)
    assert not refused.allowed
    assert "V-01" in refused.rules
    own = {"term_months": 2, "stated": True, "reasoned": True}
    assert not kept("2024-04-01", "recording", "training", "2024-03-01", tape("contract"), **own).allowed


def test_training_tapes_have_a_short_reasoned_term():
    def at(day: str, months: int, reasoned: bool = True):
        own: dict[str, Any] = {"term_months": months, "stated": True, "reasoned": reasoned}
        return kept(day, "recording", "training", "2024-03-01", tape("training"), **own)

    assert at("2024-05-01", 2).rule == "K-11"
    assert at("2024-05-01", 2).allowed
    assert not at("2024-05-02", 2).allowed
    assert at("2025-03-01", 12).allowed
    assert not at("2024-04-01", 13).allowed
    assert not at("2024-04-01", 2, reasoned=False).allowed


def test_a_complaint_tape_stays_while_the_complaint_does():
    made = tape("complaint")
    assert kept("2026-06-01", "recording", "complaint", "2024-03-01", made, DISPUTE).allowed
    assert not kept("2026-06-02", "recording", "complaint", "2024-03-01", made, DISPUTE).allowed


FOLLOWS_FROM = {
    "contract": {"contract", "claims", "complaint", "proof"},
    "complaint": {"claims", "complaint"},
    "training": {"training"},
    "consent-proof": {"proof"},
    "fraud": set(),
}
"""What a recording was made for, and what it may be kept for: V-01, AVG 5 lid 1 onder b."""


@pytest.mark.parametrize("made", FOLLOWS_FROM)
def test_a_recording_is_kept_for_what_it_was_made_for_and_nothing_else(made: str):
    tape: On = ("2026-05-01", "recorded", {"purposes": [made], "announced": "with-purpose"})
    contract: On = ("2026-05-01", "relation", {"kind": "subscription", "product": "coffee", "paid": True})
    for purpose in ("contract", "claims", "complaint", "proof", "training", "legal-duty"):
        own = {"term_months": 6, "stated": True, "reasoned": True}
        decision = kept("2026-06-01", "recording", purpose, "2026-05-01", tape, contract, **own)
        fits = purpose in FOLLOWS_FROM[made]
        assert decision.allowed is fits
        barred = {finding.rule.slug for finding in decision.barred}
        assert ("recording-for-another-purpose" in barred) is not fits


def test_a_term_that_the_privacy_statement_does_not_state_is_still_to_be_stated():
    for stated, duties in ((True, ()), (False, ("I-05",)), (None, ("I-05",))):
        said = {} if stated is None else {"stated": stated}
        decision = kept("2021-01-01", "consent-proof", "proof", "2020-11-01", **said)
        assert (decision.allowed, decision.duties) == (True, duties)


@pytest.mark.parametrize(("months", "allowed"), [(36, True), (37, False)])
def test_an_own_term_for_marketing_data_is_three_years_at_most(months: int, allowed: bool):
    decision = marketing("2025-06-01", "2025-01-01", term_months=months)
    assert (decision.allowed, decision.rule) == (allowed, "K-06")


@pytest.mark.parametrize(("months", "allowed"), [(12, True), (13, False)])
def test_an_own_term_for_a_recording_that_proves_nothing_is_a_year_at_most(months: int, allowed: bool):
    tape: On = ("2026-05-01", "recorded", {"purposes": ["training"], "announced": "with-purpose"})
    own = {"term_months": months, "stated": True, "reasoned": True}
    decision = kept("2026-06-01", "recording", "training", "2026-05-01", tape, **own)
    assert (decision.allowed, decision.rule) == (allowed, "K-11")
