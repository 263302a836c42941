"""Contact lists for a platform: to reach people, to find their like, to leave them out."""

from __future__ import annotations

import pytest

from tests.law.uses import BALANCED, SALE, YES_PLEASE, ask

PLATFORM = {"name": "Vriendenplein BV", "kind": "platform"}
UPLOAD = {
    "to": PLATFORM,
    "data": ["email"],
    "for": "custom-audience",
    "closeness": "same",
    "arrangement_26": True,
    "consideration": False,
}
SOLD = ("2026-03-04", "collected", SALE)
ORDER = ("2026-03-04", "relation", {"kind": "purchase", "product": "clothing", "paid": True})
WEIGHED = ("2026-04-01", "assessed", BALANCED)
CONSENT = (
    "2026-06-10",
    "consent",
    YES_PLEASE | {"purpose": "sharing", "to": [PLATFORM["name"]], "data": ["email"]},
)
OBJECTION = ("2026-08-20", "objection", {"channels": "all", "scope": "marketing"})


def upload(*history, day="2026-11-01", profile="strict", person=None, **changes):
    act = UPLOAD | {key.replace("for_", "for"): value for key, value in changes.items()}
    return ask(day, "share", act, *history, profile=profile, person=person or {"kind": "consumer"})


def test_a_list_is_uploaded_only_with_consent():
    assert upload(SOLD, ORDER, WEIGHED).rule == "S-02"
    assert upload(CONSENT).allowed


@pytest.mark.parametrize("arranged", [False, None])
def test_without_an_arrangement_with_the_platform_nothing_goes(arranged):
    assert upload(CONSENT, arrangement_26=arranged).rule == "S-03"


def test_informed_customers_who_could_refuse_are_uploaded_in_the_balanced_reading():
    assert upload(SOLD, ORDER, WEIGHED, profile="balanced").allowed


@pytest.mark.parametrize(
    ("flaw", "rule"),
    [
        ({"informed": False}, "L-03"),
        ({"interest_told": False}, "L-03"),
        ({"opt_out_offered": "terms-only"}, "D-07"),
        ({"by": "Adresbron Zeeduin BV"}, "D-05"),
        ({"opt_out_used": True}, "R-01"),
    ],
)
def test_the_balanced_reading_asks_much_of_the_collection(flaw, rule):
    flawed = ("2026-03-04", "collected", SALE | flaw)
    decision = upload(flawed, ORDER, WEIGHED, profile="balanced")
    assert not decision.allowed
    assert rule in decision.rules


def test_who_only_enquired_is_no_customer():
    assert "D-04" in upload(SOLD, WEIGHED, profile="balanced").rules
    assert upload(SOLD, WEIGHED, profile="permissive").allowed


def test_other_products_are_not_similar():
    assert "D-06" in upload(SOLD, ORDER, WEIGHED, profile="balanced", closeness="foreign").rules


def test_without_a_recorded_balancing_the_permissive_reading_stops_too():
    assert "L-01" in upload(SOLD, ORDER, profile="permissive").rules


@pytest.mark.parametrize("profile", ["strict", "balanced", "permissive"])
def test_objectors_are_reached_in_no_reading(profile):
    assert upload(SOLD, ORDER, WEIGHED, OBJECTION, profile=profile).rule == "R-01"
    assert upload(SOLD, ORDER, WEIGHED, OBJECTION, profile=profile, for_="lookalike").rule == "R-01"


def test_only_the_permissive_reading_uploads_objectors_to_leave_them_out():
    excluded = {"for_": "exclusion", "closeness": None}
    assert "S-02" in upload(SOLD, ORDER, WEIGHED, OBJECTION, **excluded).rules
    assert not upload(SOLD, ORDER, WEIGHED, OBJECTION, **excluded, profile="balanced").allowed
    assert upload(SOLD, ORDER, WEIGHED, OBJECTION, **excluded, profile="permissive").allowed


def test_an_objection_to_profiling_reaches_the_list_until_a_new_consent():
    profiling = ("2026-08-20", "objection", {"channels": "all", "scope": "profiling"})
    assert upload(CONSENT, profiling).rule == "R-01"
    assert upload(CONSENT, profiling, ("2026-09-01", *CONSENT[1:])).allowed


def test_since_the_digital_services_act_no_minor_is_targeted():
    parent = ("2024-01-10", "consent", CONSENT[2] | {"given_by": "parent"})
    girl = {"kind": "consumer", "age": 15}
    assert upload(parent, person=girl, day="2024-02-16").allowed
    assert upload(parent, person=girl, day="2024-02-17").rule == "C-09"
    assert upload(CONSENT, person={"kind": "consumer", "age": 17}).rule == "C-09"
    assert upload(CONSENT, person={"kind": "consumer", "age": 18}).allowed
