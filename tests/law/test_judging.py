"""Questions of qualification: is it so, for this person and these facts?"""

from __future__ import annotations

from typing import Any

import pytest

from grondslag.errors import NoLawInForce
from tests.law.asking import On, asked

DAY = "2026-11-01"
SALE: On = (
    "2026-08-14",
    "collected",
    {
        "details": ["email"],
        "in": "sale",
        "opt_out_offered": "separately",
        "opt_out_used": False,
        "informed": True,
    },
)
BOUGHT: On = ("2026-08-14", "relation", {"kind": "purchase", "product": "shoes", "paid": True})


def judged(question: str, *history: On, day: str = DAY, profile: str = "strict", **facts: Any):
    return asked("judge", day, *history, profile=profile, question=question, facts=facts)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("must-tell-recipients", "2018-05-25"),
        ("withdrawal-easy", "2018-05-25"),
        ("sanctionable", "2009-10-01"),
    ],
)
def test_a_question_of_before_its_law_is_not_answered_no(question: str, first: str):
    with pytest.raises(NoLawInForce, match=first):
        judged(question, day="2009-09-30")


# --- Existing customers -------------------------------------------------------------------------------


def relation(kind: str, on: str = "2026-08-14", **more: Any) -> On:
    return (on, "relation", {"kind": kind, "product": "shoes", **more})


@pytest.mark.parametrize(
    ("history", "settings"),
    [
        ((BOUGHT,), "spb"),
        ((relation("subscription", paid=True),), "spb"),
        ((relation("quote"),), ""),
        ((relation("purchase", paid=True, cancelled=True),), ""),
        ((relation("account", paid=False, model="free"),), ""),
        ((relation("account", paid=False, model="freemium", terms_accepted=True),), "bp"),
        ((relation("account", paid=False, model="freemium"),), "p"),
        ((relation("purchase"),), ""),
        ((relation("purchase", paid=True, **{"with": "Zusterbedrijf BV"}),), ""),
        ((SALE,), ""),
        ((), ""),
    ],
)
def test_who_bought_is_a_customer(history: tuple[On, ...], settings: str):
    for profile in ("strict", "balanced", "permissive"):
        decision = judged("existing-customer", *history, profile=profile, channel="email")
        assert decision.allowed == (profile[0] in settings)
        assert "D-04" in decision.rules


def test_a_customer_does_not_stay_one_for_ever():
    bought = relation("purchase", on="2024-11-01", paid=True)
    assert judged("existing-customer", bought).allowed
    assert not judged("existing-customer", bought, day="2026-11-02").allowed
    assert judged("existing-customer", bought, day="2026-11-02", profile="balanced").allowed
    car = relation("purchase", on="2020-11-01", paid=True, long_lived=True)
    assert judged("existing-customer", car).allowed


def test_the_question_is_as_old_as_the_exception():
    bought = relation("purchase", on="2004-05-01", paid=True)
    for day in ("2004-05-19", "2009-06-30", "2009-07-01"):
        old = relation("purchase", on=f"{int(day[:4]) - 1}-05-01", paid=True)
        assert judged("existing-customer", old, day=day).allowed
    assert not judged("existing-customer", bought, day="2021-07-01").allowed


# --- Consent --------------------------------------------------------------------------------------------

GOOD = {
    "channels": ["email"], "about": ["clothes"], "naming": "named", "by": "ticked-box", "conditional": False,
    "incentive": "none", "informed": True, "given_by": "person", "evidence": "full", "purpose": "marketing",
}  # fmt: skip


def consent(on: str = "2026-10-12", **other: Any) -> On:
    return (on, "consent", {name: value for name, value in {**GOOD, **other}.items() if value is not None})


@pytest.mark.parametrize(
    ("flaw", "id"),
    [
        ({"conditional": True}, "C-02"),
        ({"incentive": "modest"}, "C-11"),
        ({"informed": False}, "C-04"),
        ({"by": "pre-ticked-box"}, "C-05"),
        ({"by": "silence"}, "C-05"),
        ({"by": "small-refusal-link"}, "C-05"),
        ({"by": "terms"}, "C-12"),
        ({"evidence": "metadata-only"}, "C-06"),
        ({"evidence": "process-only"}, "G-07"),
        ({"evidence": None}, "G-07"),
        ({"naming": "category"}, "S-04"),
        ({"channels": ["phone"]}, "C-03"),
        ({"channels": None}, "C-03"),
        ({"about": None}, "C-03"),
        ({"purpose": None}, "C-03"),
        ({"given_by": None}, "C-09"),
    ],
)
def test_a_flawed_consent_is_not_valid(flaw: dict[str, Any], id: str):
    decision = judged("consent-valid", consent(**flaw), channel="email")
    assert not decision.allowed
    assert {"C-01", id} <= set(decision.rules)


def test_a_good_consent_is_valid_until_it_is_withdrawn_or_fades():
    assert judged("consent-valid", consent(), channel="email").allowed
    assert judged("consent-valid", consent()).allowed
    withdrawn: On = ("2026-10-20", "withdrawal", {"channels": ["email"]})
    assert "C-07" in judged("consent-valid", consent(), withdrawn).rules
    old = consent("2025-10-31")
    assert "C-10" in judged("consent-valid", old).rules
    assert judged("consent-valid", old, profile="balanced").allowed


def test_a_form_that_hides_the_refusal_spoils_the_consent():
    assert "C-05" in judged("consent-valid", consent(), accept="large-button", refuse="small-text-link").rules
    assert judged("consent-valid", consent(), accept="large-button", refuse="equal-button").allowed
    assert not judged("consent-valid", consent(), refuse="something-else").allowed


def test_a_child_does_not_consent_alone():
    def by(giver: str, age: int):
        child = {"kind": "consumer", "age": age}
        return asked("judge", DAY, consent(given_by=giver), person=child, question="consent-valid", facts={})

    assert "C-09" in by("person", 15).rules
    assert by("parent", 15).allowed
    assert by("person", 17).allowed


def test_before_the_avg_the_wbp_said_what_consent_is():
    assert judged("consent-valid", consent("2018-05-01"), day="2018-05-24").allowed
    assert not judged("consent-valid", consent("2018-05-01", by="silence"), day="2018-05-24").allowed


# --- Direct marketing and sender --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "answer", "id"),
    [
        ({"content": "editorial-summaries", "individually_directed": True}, True, "G-02"),
        ({"content": "survey", "individually_directed": True}, True, "G-02"),
        ({"content": "check-your-details"}, True, "G-02"),
        ({}, True, "G-02"),
        ({"content": "something-new", "individually_directed": True}, True, "G-02"),
        ({"content": "order-confirmation", "individually_directed": True}, False, "G-03"),
        ({"content": "service", "links_to_paid_offer": True}, True, "G-02"),
        ({"content": "scientific-research", "individually_directed": True}, False, "T-13"),
        ({"content": "scientific-research", "commercial_aim": True}, True, "G-02"),
        ({"content": "reply", "individually_directed": True}, False, "G-04"),
        ({"content": "promotional", "individually_directed": False}, False, "G-02"),
    ],
)
def test_whatever_is_not_certainly_something_else_is_marketing(facts: dict[str, Any], answer: bool, id: str):
    for day in (DAY, "2004-05-19"):
        decision = judged("direct-marketing", day=day, channel="email", **facts)
        assert decision.allowed == answer
        assert id in decision.rules


NO_SAY = {"decides_content": False, "supplies_addresses": False, "sets_campaign_rules": False}
NO_HAND = {
    "monitors_campaigns": False,
    "steers_publishers": False,
    "paid_by_advertisers": False,
    "dispatches": False,
}


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({"role": "transport-provider", **NO_SAY}, False),
        ({"role": "mailing-tool", "dispatches": True, **NO_SAY}, False),
        ({"role": "transport-provider", **NO_SAY, "supplies_addresses": True}, True),
        ({"role": "transport-provider", **NO_SAY, "paid_by_advertisers": True}, True),
        ({"role": "transport-provider", "decides_content": False}, True),
        ({"role": "transport-provider"}, True),
        (
            {"role": "affiliate-network", **NO_SAY, "monitors_campaigns": True, "steers_publishers": True},
            True,
        ),
        ({"role": "affiliate-network", **NO_SAY}, True),
        ({"role": "affiliate-network", **NO_SAY, **NO_HAND}, False),
        ({"role": "advertiser", **NO_SAY, **NO_HAND}, True),
        ({"role": "list-owner", **NO_SAY, **NO_HAND}, True),
        (NO_SAY, True),
        ({}, True),
    ],
)
def test_only_a_helper_without_any_say_is_no_sender(facts: dict[str, Any], answer: bool):
    for question in ("sender", "responsible"):
        decision = judged(question, day="2014-09-30", channel="email", **facts)
        assert decision.allowed == answer
        assert "G-05" in decision.rules


def test_who_hires_a_call_centre_answers_for_it_supervised_or_not():
    for supervised in (True, False):
        facts: dict[str, Any] = {
            "role": "principal",
            "contractor_role": "call-centre",
            "supervised": supervised,
        }
        assert judged("responsible", day="2019-10-01", **facts).allowed


# --- Proof ------------------------------------------------------------------------------------------------


def test_a_description_of_the_process_proves_nothing():
    bare = consent("2011-02-07", channels=["sms"], evidence="process-only")
    decision = judged("proof", bare, day="2011-06-01", channel="sms", claimed_process=True, form_found=False)
    assert not decision.allowed
    assert "G-07" in decision.rules
    found = judged("proof", bare, day="2011-06-01", channel="sms", form_found=True)
    assert found.allowed


def test_full_evidence_for_this_channel_proves():
    assert judged("proof", consent(), channel="email").allowed
    assert "C-03" in judged("proof", consent(), channel="sms").rules
    assert "C-06" in judged("proof", consent(evidence="metadata-only"), channel="email").rules


def test_for_calls_the_number_was_verified_first():
    plain = consent(channels=["phone"])
    assert "T-11" in judged("proof", plain, channel="phone").rules
    assert judged("proof", plain, channel="phone", profile="permissive").allowed
    early = consent("2022-06-01", channels=["phone"])
    assert judged("proof", early, day="2022-06-28", channel="phone").allowed
    assert not judged("proof", early, day="2022-06-29", channel="phone").allowed


def test_a_recording_proves_consent_given_before_the_call():
    shows: dict[str, Any] = dict.fromkeys(("shows_identity", "shows_wording", "shows_act"), True)
    shows |= {"proof": "recording"}
    good = judged("proof", channel="phone", consent_before_call=True, **shows)
    assert good.allowed
    assert good.rule == "V-09"
    for flaw in ({"consent_before_call": False}, {}, {"consent_before_call": True, "shows_act": False}):
        bad = judged("proof", consent(channels=["phone"]), channel="phone", **shows | flaw)
        assert not bad.allowed
        assert "V-09" in bad.rules


def test_a_box_that_the_sales_agent_ticked_proves_nothing():
    decision = judged("proof", consent(), filled_by="sales-agent", refusal="extra-form")
    assert not decision.allowed
    assert {"C-05", "C-06"} <= set(decision.rules)
    assert judged("proof", consent(), filled_by="person").allowed


def test_disclosures_are_accounted_for_by_a_log():
    facts: dict[str, Any] = dict.fromkeys(("disclosures_made", "log_kept", "recipients_known"), True)
    facts |= {"of": "disclosures"}
    assert judged("proof", **facts).allowed
    for flaw in ("log_kept", "recipients_known"):
        decision = judged("proof", **{**facts, flaw: False})
        assert not decision.allowed
        assert "S-11" in decision.rules
        assert not judged("proof", **{k: v for k, v in facts.items() if k != flaw}).allowed


# --- Grounds ------------------------------------------------------------------------------------------------

CUSTOMER_MAIL: dict[str, Any] = {
    "channel": "email",
    "product": "shoes",
    "closeness": "same",
    "advertises": "own",
    "opt_out_in_message": "link",
}


def test_customer_mail_needs_no_further_ground():
    for day in (DAY, "2026-09-01"):
        decision = judged("needs-art-6-ground", SALE, BOUGHT, day=day, **CUSTOMER_MAIL)
        assert not decision.allowed
        assert decision.rule == "G-01"


@pytest.mark.parametrize(
    "change",
    [
        {"channel": "phone"},
        {"advertises": "third-party"},
        {"closeness": "foreign"},
        {"opt_out_in_message": "none"},
        {"purpose": "charitable"},
    ],
)
def test_any_other_marketing_needs_a_ground(change: dict[str, str]):
    decision = judged("needs-art-6-ground", SALE, BOUGHT, **{**CUSTOMER_MAIL, **change})
    assert decision.allowed
    assert decision.rule == "G-01"


def test_one_sale_that_meets_every_condition_is_enough():
    contest: On = ("2026-01-01", "collected", {"details": ["email"], "in": "contest"})
    old = relation("quote", on="2026-01-01")
    assert not judged("needs-art-6-ground", contest, old, SALE, BOUGHT, **CUSTOMER_MAIL).allowed
    objection: On = ("2026-10-01", "objection", {"channels": "all"})
    assert judged("needs-art-6-ground", SALE, BOUGHT, objection, **CUSTOMER_MAIL).allowed


def test_a_commercial_interest_counts_since_the_court_said_so():
    def at(day: str, **facts: Any):
        return judged("legitimate-interest", day=day, **{"interest": "commercial", "lawful": True, **facts})

    assert not at("2024-10-03", laid_down_in_law=False).allowed
    assert at("2024-10-04", laid_down_in_law=False).allowed
    assert at("2024-10-03", laid_down_in_law=True).allowed
    assert at("2024-10-03", interest="fraud-prevention").allowed
    assert not at("2024-10-04", lawful=False).allowed
    assert "L-02" in at("2024-10-03").rules
    assert "L-03" in at("2024-10-04", told_at_collection=False).rules


# --- Form, withdrawal, sanction, recording, telling ---------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({"product": "electricity", "form": "oral-recorded"}, False),
        ({"product": "electricity", "form": "written"}, True),
        ({"product": "electricity", "form": "oral", "renewal": True}, True),
        ({"product": "mobile-subscription", "form": "oral"}, False),
        ({"product": "shoes", "form": "oral"}, True),
        ({"product": "electricity", "form": "oral", "resulted_from": "own-initiative"}, True),
        ({"product": "electricity"}, False),
        ({"product": "something", "form": "oral"}, False),
    ],
)
def test_energy_sold_by_telephone_is_contracted_in_writing(facts: dict[str, Any], answer: bool):
    usual: dict[str, Any] = {"resulted_from": "call-by-trader", "renewal": False}
    for day in (DAY, "2014-06-13"):
        decision = judged("written-form", day=day, **{**usual, **facts})
        assert decision.allowed == answer
        assert "T-10" in decision.rules


def test_before_13_june_2014_a_yes_on_the_telephone_bound():
    facts = {"product": "gas", "resulted_from": "call-by-trader", "form": "oral-recorded"}
    assert judged("written-form", day="2014-06-12", **facts).rule == "T-10"
    assert judged("written-form", day="2014-06-12", **facts).allowed
    assert not judged("written-form", day="2014-06-13", **facts).allowed


@pytest.mark.parametrize(
    ("giving", "withdrawing", "easy"),
    [
        ("one-click", "phone-office-hours", False),
        ("one-click", "one-click", True),
        ("one-click", "link", True),
        ("ticked-box", "reply", True),
        ("one-click", "login", False),
        ("one-click", "letter", False),
        ("one-click", "form", False),
        ("written", "letter", True),
        ("phone", "phone", True),
        ("phone", "phone-office-hours", False),
        ("login", "login", True),
        (None, "one-click", True),
        (None, "phone", False),
        ("one-click", None, False),
    ],
)
def test_withdrawing_is_as_easy_as_giving(giving: str | None, withdrawing: str | None, easy: bool):
    facts = {name: way for name, way in (("giving", giving), ("withdrawing", withdrawing)) if way}
    decision = judged("withdrawal-easy", channel="email", **facts)
    assert decision.allowed == easy
    assert "C-07" in decision.rules


def test_a_paid_number_is_not_as_easy():
    assert not judged("withdrawal-easy", giving="phone", withdrawing="phone", free=False).allowed


@pytest.mark.parametrize(
    ("facts", "easy"),
    [
        ({}, True),
        ({"free": True}, True),
        ({"free": False}, False),
        ({"charge": False}, True),
        ({"charge": True}, False),
        ({"free": True, "charge": True}, False),
        ({"free": False, "charge": False}, False),
    ],
)
def test_withdrawing_is_not_easy_when_anything_says_that_it_costs(facts: dict[str, Any], easy: bool):
    """C-07 with AVG 12 lid 5; what is not mentioned is not at issue."""
    assert judged("withdrawal-easy", giving="link", withdrawing="link", **facts).allowed is easy


def test_a_fine_asks_for_a_connection():
    for made in (True, False, None):
        decision = judged("sanctionable", day="2010-03-01", channel="phone", connection_made=made)
        assert decision.allowed == (made is True)
        assert "T-16" in decision.rules
    for arrived in (True, False, None):
        message = judged("sanctionable", day="2010-03-01", channel="email", delivered=arrived)
        assert message.allowed == (arrived is True)


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({"service": "investment", "intended_to_lead_to_order": True, "transaction": False}, True),
        ({"service": "investment", "intended_to_lead_to_order": False, "transaction": True}, True),
        ({"service": "investment", "intended_to_lead_to_order": False, "transaction": False}, False),
        ({"service": "investment"}, True),
        ({"service": "other", "intended_to_lead_to_order": True}, False),
        ({}, True),
    ],
)
def test_talk_that_may_lead_to_an_order_is_recorded(facts: dict[str, Any], answer: bool):
    decision = judged("must-record", **facts)
    assert decision.allowed == answer
    assert "V-06" in decision.rules


def test_the_duty_to_record_began_on_3_january_2018():
    assert judged("must-record", day="2018-01-03", service="investment").allowed
    before = judged("must-record", day="2018-01-02", service="investment")
    assert not before.allowed
    assert before.rules == ("V-06",)


def test_a_withdrawal_is_passed_on_along_one_consent():
    shared: On = ("2021-05-10", "shared", {"to": "Nummerwijzer BV", "data": ["phone"], "ground": "consent"})
    assert judged("must-tell-recipients", shared, event="withdrawal", one_consent_for_all=True).rule == "C-08"
    assert judged("must-tell-recipients", event="withdrawal").allowed
    apart = judged("must-tell-recipients", shared, event="withdrawal", one_consent_for_all=False)
    assert not apart.allowed
    assert "C-08" in apart.rules


def test_a_correction_is_passed_on_unless_nobody_got_the_data():
    assert judged("must-tell-recipients", event="rectification").rule == "R-07"
    assert judged("must-tell-recipients", event="rectification").allowed
    assert not judged("must-tell-recipients", event="rectification", shared=False).allowed
    assert not judged("must-tell-recipients", event="access").allowed
