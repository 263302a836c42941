"""Giving data to another: for his own use, to do our work, or along with the business."""

from __future__ import annotations

from datetime import date

import pytest

from grondslag.errors import NoLawInForce
from tests.law.uses import BALANCED, SALE, YES_PLEASE, Record, ask

PARTNER = {"name": "Kasbouw Veenrand BV", "kind": "company"}
TO_PARTNER = {
    "to": PARTNER,
    "data": ["name", "address"],
    "for": "their-marketing",
    "consideration": False,
}
AGREED = YES_PLEASE | {"purpose": "sharing", "to": [PARTNER["name"]], "data": ["name", "address"]}
SOLD = ("2026-06-15", "collected", SALE)
ORDER = ("2026-06-15", "relation", {"kind": "purchase", "product": "plants", "paid": True})
CONSENT = ("2026-06-15", "consent", AGREED)
WEIGHED = ("2026-07-01", "assessed", BALANCED)


def share(*history, day="2026-11-02", **changes):
    asked = {key: changes.pop(key) for key in ("person", "profile", "controller") if key in changes}
    act = TO_PARTNER | {key.replace("for_", "for"): value for key, value in changes.items()}
    return ask(day, "share", act, *history, **asked)


def test_a_customer_is_not_passed_on_without_asking():
    decision = share(SOLD, ORDER)
    assert not decision.allowed
    assert decision.rule == "S-01"


def test_data_go_where_the_person_agreed_that_they_go():
    decision = share(SOLD, ORDER, CONSENT)
    assert decision.allowed
    assert {"S-11", "C-08"} <= set(decision.duties)


def test_before_the_avg_sharing_is_not_judged():
    with pytest.raises(NoLawInForce):
        share(day="2018-05-24")
    assert not share(day="2018-05-25").allowed


def test_what_the_box_did_not_mention_stays_home():
    assert share(CONSENT, data=["name", "address", "birth-date"]).rule == "S-01"


def test_data_that_nobody_listed_are_covered_by_no_consent():
    assert not share(CONSENT, data=None).allowed


def test_another_recipient_than_the_one_named_gets_nothing():
    decision = share(CONSENT, to={"name": "Parfumerie Vlinderhof BV", "kind": "company"})
    assert {"C-03", "S-04"} <= set(decision.rules)


def test_a_recipient_without_a_name_stands_on_no_form():
    assert not share(CONSENT, to={"kind": "company"}).allowed


@pytest.mark.parametrize(
    ("naming", "profile", "allowed"),
    [
        ("listed", "strict", False),
        ("listed", "balanced", True),
        ("category", "balanced", False),
        ("category", "permissive", True),
    ],
)
def test_how_a_partner_must_stand_on_the_form_is_contested(naming, profile, allowed):
    consent = ("2026-06-15", "consent", AGREED | {"naming": naming})
    assert share(consent, profile=profile).allowed is allowed


@pytest.mark.parametrize("hashed", [True, False, None])
def test_hashing_changes_nothing(hashed):
    assert share(SOLD, ORDER, hashed=hashed) == share(SOLD, ORDER)
    assert share(CONSENT, hashed=hashed) == share(CONSENT)


def test_consent_to_sharing_fades_after_a_year_of_silence():
    assert share(CONSENT, day="2027-06-15").allowed
    assert "C-10" in share(CONSENT, day="2027-06-16").rules
    assert share(CONSENT, day="2027-06-16", profile="balanced").allowed


def test_a_stated_term_ends_the_consent_on_its_last_day():
    consent = ("2026-06-15", "consent", AGREED | {"months": 3})
    assert share(consent, day="2026-09-15").allowed
    assert "C-10" in share(consent, day="2026-09-16").rules


@pytest.mark.parametrize("evidence", ["metadata-only", "process-only", "none", None])
def test_a_consent_that_cannot_be_shown_is_none(evidence):
    consent = ("2026-06-15", "consent", AGREED | {"evidence": evidence})
    assert "C-06" in share(consent).rules


def test_a_child_does_not_consent_for_itself():
    assert "C-09" in share(CONSENT, person={"kind": "consumer", "age": 14}).rules
    parent = ("2026-06-15", "consent", AGREED | {"given_by": "parent"})
    assert share(parent, person={"kind": "consumer", "age": 14}).allowed


def test_after_an_objection_only_a_new_consent_opens_the_way():
    objection = ("2026-08-01", "objection", {"channels": ["email"], "scope": "marketing"})
    assert share(CONSENT, objection).rule == "R-01"
    assert share(CONSENT, objection, ("2026-09-01", "consent", AGREED)).allowed


def test_an_objection_to_being_passed_on_stops_that_until_a_new_consent():
    objection = ("2026-08-01", "objection", {"scope": "sharing"})
    assert share(CONSENT, objection).rule == "R-01"
    assert share(SOLD, ORDER, WEIGHED, objection, profile="permissive").rule == "R-01"
    assert share(CONSENT, objection, ("2026-09-01", "consent", AGREED)).allowed


def test_an_objection_beats_a_legitimate_interest_in_every_profile():
    objection = ("2026-08-01", "objection", {"channels": "all", "scope": "marketing"})
    assert share(SOLD, ORDER, WEIGHED, objection, profile="permissive").rule == "R-01"


def test_a_withdrawal_counts_wherever_it_was_made():
    here = ("2026-10-12", "withdrawal", {"channels": "all", "at": "Tuincentrum Wilgenzwaan BV"})
    there = ("2026-10-12", "withdrawal", {"channels": "all", "at": PARTNER["name"]})
    assert share(CONSENT, here).rule == "C-07"
    assert "C-08" not in share(CONSENT, here).rules
    assert "C-08" in share(CONSENT, there).rules


def test_after_a_withdrawal_an_interest_does_not_take_over():
    withdrawal = ("2026-10-12", "withdrawal", {"channels": "all"})
    assert "C-13" in share(SOLD, CONSENT, WEIGHED, withdrawal, profile="permissive").rules


POST_ONLY = ("2026-06-15", "collected", SALE | {"details": ["address"]})


def test_an_interest_carries_sharing_only_in_the_contested_readings():
    assert not share(SOLD, ORDER, WEIGHED).allowed
    assert share(SOLD, ORDER, WEIGHED, profile="permissive").allowed


def test_in_the_balanced_reading_who_could_have_been_asked_is_asked():
    assert "L-02" in share(SOLD, ORDER, WEIGHED, profile="balanced").rules
    assert share(POST_ONLY, ORDER, WEIGHED, profile="balanced").allowed


def test_for_money_only_the_permissive_reading_lets_an_interest_suffice():
    assert not share(POST_ONLY, WEIGHED, profile="balanced", consideration=True).allowed
    assert not share(POST_ONLY, WEIGHED, profile="balanced", consideration=None).allowed
    assert share(POST_ONLY, WEIGHED, profile="permissive", consideration=True).allowed


def test_an_interest_that_was_not_told_carries_nothing():
    silent = ("2026-06-15", "collected", SALE | {"interest_told": False})
    assert "L-03" in share(silent, WEIGHED, profile="permissive").rules


def test_the_interest_must_have_been_told_with_the_very_data_that_go():
    phone = ("2026-06-15", "collected", SALE | {"details": ["phone"]})
    assert "L-03" in share(phone, WEIGHED, profile="permissive").rules


def test_a_public_body_has_no_legitimate_interest():
    town = {"name": "Gemeente Laagland", "kind": "public-body"}
    assert "L-01" in share(SOLD, WEIGHED, profile="permissive", controller=town).rules


def test_no_interest_in_passing_on_a_child():
    assert "C-09" in share(SOLD, WEIGHED, profile="permissive", person={"age": 15}).rules
    assert share(SOLD, WEIGHED, profile="permissive", person={"age": 16}).allowed


def test_a_sister_company_is_a_third_party():
    sister = {"name": "Wilgenzwaan Verzekeringen BV", "kind": "group-company"}
    assert share(SOLD, ORDER, to=sister).rule == "S-07"


def test_what_is_known_from_a_register_only_is_not_passed_on():
    register = ("2026-06-15", "collected", {"details": ["address"], "in": "public-register"})
    assert share(register, WEIGHED, profile="permissive").rule == "S-08"
    assert "S-08" not in share(register, SOLD).rules
    assert share(register, CONSENT).allowed


# --- Doing our work ---------------------------------------------------------------------------


def test_a_processor_works_on_our_instructions_under_a_written_contract():
    mailer = {"name": "Drukkerij De Zetbrug BV", "kind": "processor"}
    work = {"to": mailer, "for_": "our-instructions"}
    assert share(SOLD, ORDER, **work, contract_28=True).rule == "S-10"
    assert share(SOLD, ORDER, **work, contract_28=True).allowed
    assert not share(SOLD, ORDER, **work, contract_28=False).allowed
    assert not share(SOLD, ORDER, **work).allowed


def test_who_is_not_to_be_passed_on_may_go_to_a_processor_and_be_written_to():
    objection: Record = ("2026-08-01", "objection", {"scope": "sharing"})
    work = {"to": {"name": "Belcentrum Zuiderzoom BV", "kind": "processor"}, "for_": "our-instructions"}
    assert share(SOLD, ORDER, objection, **work, contract_28=True).allowed
    mail = {"channel": "email", "content": "promotional", "purpose": "commercial", "product": "plants",
            "advertises": "own", "claimed_basis": "consent"}  # fmt: skip
    wanted = (
        "2026-06-15",
        "consent",
        YES_PLEASE | {"about": ["plants"], "channels": ["email"], "purpose": "marketing"},
    )
    assert ask("2026-11-02", "contact", mail, wanted, objection).allowed
    everything: Record = ("2026-08-01", "objection", {})
    assert not ask("2026-11-02", "contact", mail, wanted, everything).allowed


def test_a_contractor_that_keeps_the_data_for_itself_is_no_processor():
    keeper = {"name": "Belcentrum Zuiderzoom BV", "kind": "processor"}
    decision = share(SOLD, ORDER, to=keeper, contract_28=True)
    assert decision.rule == "S-10"


def test_a_platform_is_never_a_mere_processor():
    platform = {"name": "Vriendenplein BV", "kind": "platform"}
    assert not share(SOLD, to=platform, for_="our-instructions", contract_28=True).allowed


def test_a_carrier_gets_the_address_of_a_recent_order():
    carrier = {"name": "Pakketdienst Polder BV", "kind": "company"}
    assert share(SOLD, ORDER, to=carrier, for_="performing-contracts").allowed
    assert not share(SOLD, to=carrier, for_="performing-contracts").allowed
    assert not share(SOLD, ORDER, to=carrier, for_="performing-contracts", day="2027-06-16").allowed


def test_a_marketing_objection_does_not_stop_a_delivery():
    objection = ("2026-08-01", "objection", {"channels": "all", "scope": "marketing"})
    carrier = {"name": "Pakketdienst Polder BV", "kind": "company"}
    assert share(SOLD, ORDER, objection, to=carrier, for_="performing-contracts").allowed


# --- Along with the business ------------------------------------------------------------------

ACQUIRER = {"name": "Groenhorst Doorstart BV", "kind": "acquirer"}
MEAL_BOX = ("2025-09-03", "relation", {"kind": "subscription", "product": "meal-box", "paid": True})
FITS = ("2026-10-20", "assessed", {"kind": "compatibility", "outcome": "pass", "on_record": True})


def test_who_continues_the_business_takes_over_running_contracts():
    decision = share(MEAL_BOX, FITS, to=ACQUIRER, for_="performing-contracts")
    assert decision.rule == "S-09"
    assert {"I-03", "S-11"} <= set(decision.duties)


def test_without_a_passed_test_the_contracts_do_not_move():
    assert not share(MEAL_BOX, to=ACQUIRER, for_="performing-contracts").allowed
    not_kept = ("2026-10-20", "assessed", {"kind": "compatibility", "outcome": "pass", "on_record": False})
    assert share(MEAL_BOX, not_kept, to=ACQUIRER, for_="performing-contracts").rule == "S-09"


def test_a_contract_that_ended_is_not_taken_over():
    until = (*MEAL_BOX[:2], MEAL_BOX[2] | {"until": date(2026, 11, 1)})
    take_over = {"to": ACQUIRER, "for_": "performing-contracts"}
    assert share(until, FITS, **take_over, day="2026-11-01").allowed
    assert not share(until, FITS, **take_over, day="2026-11-02").allowed


def test_a_customer_file_is_no_loose_asset():
    assert share(MEAL_BOX, FITS, to=ACQUIRER, for_="sale-of-list", consideration=True).rule == "S-09"


# --- Directories ------------------------------------------------------------------------------

LISTED = YES_PLEASE | {
    "purpose": "directory",
    "to": ["Koperlijn Telefoonbedrijf BV", "other directory providers"],
    "naming": "category",
    "data": ["name", "address"],
}
DIRECTORY = {"to": {"name": "Nummerwijzer Midden BV", "kind": "directory"}, "for_": "directory"}


def test_a_directory_consent_travels_to_another_directory():
    consent = ("2020-02-07", "consent", LISTED)
    assert share(consent, **DIRECTORY).rule == "S-04"
    assert share(consent, **DIRECTORY).allowed


def test_a_directory_consent_is_no_consent_to_marketing():
    consent = ("2026-02-07", "consent", LISTED)
    assert not share(consent, to=DIRECTORY["to"], profile="permissive").allowed


def test_nobody_is_passed_on_to_a_directory_unawares():
    unaware = ("2026-02-07", "consent", LISTED | {"informed": False})
    assert "C-04" in share(unaware, **DIRECTORY).rules


def test_leaving_one_directory_is_leaving_them_all():
    consent = ("2020-02-07", "consent", LISTED)
    withdrawal = ("2026-10-28", "withdrawal", {"channels": "all", "at": "Belgids Oost BV"})
    assert "C-08" in share(consent, withdrawal, **DIRECTORY).rules


def test_an_objection_to_marketing_leaves_the_directory_be():
    consent = ("2020-02-07", "consent", LISTED)
    objection = ("2026-08-01", "objection", {"channels": "all", "scope": "marketing"})
    assert share(consent, objection, **DIRECTORY).allowed
