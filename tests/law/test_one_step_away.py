"""One step from what the casebook holds: days, words and records that mutation testing found unwatched."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from grondslag.law.parameters import in_eea
from grondslag.law.profiles import BALANCED
from grondslag.law.terms import Age, Customer
from tests.cast import CLEO, SHOP, WEEKLY, agreed, asks, bought, got, on

OTHER = "Adressenhuis Amstel BV"


# --- Consent ---------------------------------------------------------------------------------------------


def test_who_agreed_to_anything_may_be_mailed_about_anything_but_not_called():
    """A consent to calls is limited to a subject (T-12); no such words stand with messages."""
    anything = agreed("2026-05-10", about="anything")
    assert asks("2026-06-01", anything, channel="email", product="garden-chairs").allowed
    assert "T-12" in asks("2026-06-01", anything, channel="phone", product="garden-chairs").rules


@pytest.mark.parametrize(
    ("channels", "by_machine", "by_phone"),
    [("all", True, True), (["auto-call"], True, False), (["phone"], False, True), (["email"], False, False)],
)
def test_consent_to_one_kind_of_call_is_none_to_the_other(channels: object, by_machine: bool, by_phone: bool):
    consent = agreed("2026-05-10", channels=channels)
    assert asks("2026-06-01", consent, channel="auto-call").allowed is by_machine
    assert asks("2026-06-01", consent, channel="phone").allowed is by_phone


@pytest.mark.parametrize(
    ("day", "purposes", "proves"),
    [
        ("2026-05-09", ["consent-proof"], False),
        ("2026-05-10", ["consent-proof"], True),
        ("2026-05-11", ["consent-proof"], True),
        ("2026-05-10", ["contract"], False),
    ],
)
def test_a_recording_proves_a_consent_from_its_own_day_on(day: str, purposes: list[str], proves: bool):
    """V-09, for who does not ask a check of the number (P-PHONE-PROOF balanced)."""
    consent = agreed("2026-05-10", by="ticked-box", verified={})
    tape = on(day, "recorded", purposes=purposes, announced="with-purpose")
    call = asks("2026-06-01", consent, tape, channel="phone", profile=BALANCED)
    assert call.allowed is proves
    assert call.rule == ("T-01" if proves else "T-11")


# --- The message -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "allowed", "still_open"),
    [
        ("one-click", True, False),
        ("link", True, False),
        ("reply", True, False),
        (None, True, True),
        ("login", False, False),
        ("phone-only", False, False),
        ("none", False, False),
    ],
)
def test_a_way_out_is_easy_hard_or_still_to_be_made(way: str | None, allowed: bool, still_open: bool):
    """D-08: free and easy, without a login."""
    mail = asks("2026-06-01", *bought("2026-05-16"), channel="email", message={"opt_out": way} if way else {})
    assert mail.allowed is allowed
    assert ("D-08" in mail.duties) is still_open
    assert ("D-08" in mail.rules) is not allowed


@pytest.mark.parametrize(
    ("by", "informed", "told"),
    [
        (None, False, True),
        (SHOP["name"], False, True),
        (OTHER, False, False),
        (OTHER, None, False),
        (OTHER, True, True),
    ],
)
def test_only_of_details_that_others_collected_the_source_is_still_to_be_told(
    by: str | None, informed: bool | None, told: bool
):
    """I-02: at the latest in the first message, unless the person was told before."""
    said = {"by": by} if by else {}
    mail = asks(
        "2026-06-01",
        got("2026-05-10", "sale", informed=informed, **said),
        agreed("2026-05-10"),
        channel="email",
    )
    assert mail.allowed
    assert ("I-02" not in mail.duties) is told


# --- Calls -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("closeness", "allowed"), [("same", True), ("adjacent", True), ("department", False), ("foreign", False)]
)
def test_a_listed_customer_was_called_about_similar_products_only(closeness: str, allowed: bool):
    """T-00, lid 11 as it read in 2020: 'eigen gelijksoortige producten of diensten'."""
    listed = on(
        "2020-02-20", "register", name="bel-me-niet", listed=True, checked=on("2020-02-20", "register").date
    )
    call = asks("2020-03-01", *bought("2019-06-01"), listed, channel="phone", closeness=closeness)
    assert call.allowed is allowed
    assert call.rule == "T-00"


@pytest.mark.parametrize(("issues", "rule"), [(None, "X-04"), (2, "X-04"), (3, "T-04")])
def test_a_publisher_calls_its_readers_when_it_appears_three_times_a_year(issues: int | None, rule: str):
    weekly = {name: value for name, value in WEEKLY.items() if name != "issues_per_year"}
    if issues:
        weekly["issues_per_year"] = issues
    call = asks("2026-11-01", *bought("2026-05-10"), controller=weekly, channel="phone")
    assert (call.allowed, call.rule) == (rule == "T-04", rule)


def test_the_privilege_of_publishers_is_about_advertising_to_natural_persons():
    """A notice, or a call to a company, needs no privilege: other rules answer."""
    acts: tuple[dict[str, Any], ...] = ({"content": "factual"}, {"content": "research"}, {"person": CLEO})
    for act in acts:
        call = asks("2026-11-01", *bought("2026-05-10"), controller=WEEKLY, channel="phone", **act)
        assert "calls-by-publishers-and-lotteries" not in {finding.rule.slug for finding in call.findings}


def test_a_first_call_comes_within_six_months_and_the_last_day_counts():
    """T-12 and C-10; only the strict setting of P-CONSENT-TTL takes the code for law."""
    consent = agreed("2026-05-10")
    assert asks("2026-11-10", consent, channel="phone").allowed
    late = asks("2026-11-11", consent, channel="phone")
    assert not late.allowed
    failing = {clause.id for finding in late.lacking for clause in finding.failing}
    assert {"T-12", "C-10"} <= failing
    assert asks("2026-11-11", consent, channel="phone", profile=BALANCED).allowed


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [("wok-3", True), ("wok-9", True), ("wok-27b", True), ("other", False), (None, False)],
)
def test_a_lottery_calls_its_players_under_a_licence_that_the_law_names(licence: str | None, allowed: bool):
    """X-03; a licence that nobody states is none."""
    lottery = {"name": "Buurtloterij NV", "kind": "lottery"} | ({"licence": licence} if licence else {})
    call = asks("2026-11-01", *bought("2026-05-10"), controller=lottery, channel="phone")
    assert (call.allowed, call.rule) == ((True, "T-04") if allowed else (False, "X-03"))


# --- Recording -------------------------------------------------------------------------------------------


def test_an_offer_that_was_asked_lasts_three_months():
    call: dict[str, Any] = {"announced": "with-purpose", "phase": "talk", "card_data": False}
    call |= {"service": "other", "objection_offered": True, "purposes": ["contract"]}
    quote = on("2026-08-01", "relation", kind="quote", product="coffee")
    assert asks("2026-11-01", quote, do="record", **call).allowed
    assert not asks("2026-11-02", quote, do="record", **call).allowed


LI = on("2026-01-12", "assessed", kind="legitimate-interest", outcome="pass", on_record=True)


@pytest.mark.parametrize(
    ("about", "stops"),
    [
        ("recording", True),
        ("recordings", True),
        ("Training", True),
        ("everything", True),
        ("all data", True),
        (None, True),
        ("newsletter", False),
    ],
)
def test_who_objects_to_recording_is_not_recorded_for_training(about: str | None, stops: bool):
    """R-01 and AVG 21 lid 1; an objection to something else leaves the recording be."""
    call: dict[str, Any] = {"announced": "with-purpose", "phase": "talk", "card_data": False}
    call |= {"service": "other", "objection_offered": True, "purposes": ["training"]}
    objection = on("2026-10-02", "request", kind="objection", **({"about": about} if about else {}))
    assert asks("2026-11-01", LI, do="record", **call).allowed
    assert asks("2026-11-01", LI, objection, do="record", **call).allowed is not stops


# --- The person and her relation -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("years", "age"),
    [
        (11, Age.UNDER_TWELVE),
        (12, Age.TWELVE_TO_FIFTEEN),
        (15, Age.TWELVE_TO_FIFTEEN),
        (16, Age.SIXTEEN_OR_OVER),
        (None, Age.UNKNOWN),
    ],
)
def test_a_child_has_a_voice_from_twelve_and_is_heard_alone_from_sixteen(years: int | None, age: Age):
    """C-15 and C-09."""
    whose = {"kind": "consumer"} | ({"age": years} if years else {})
    assert asks("2026-11-01", person=whose, channel="email").situation.person.age is age


@pytest.mark.parametrize(
    ("relation", "customer"),
    [
        ({"kind": "purchase", "paid": True}, Customer.PAID),
        ({"kind": "purchase", "paid": False}, Customer.NONE),
        ({"kind": "purchase"}, Customer.UNKNOWN),
        ({"kind": "quote"}, Customer.NONE),
        ({"kind": "account"}, Customer.NONE),
        ({"kind": "trial"}, Customer.NONE),
        ({"kind": "trial", "paid": True}, Customer.PAID),
        ({"kind": "trial", "model": "paid"}, Customer.LINKED),
        ({"kind": "subscription", "model": "paid"}, Customer.PAID),
        ({"kind": "subscription", "model": "free", "paid": True}, Customer.NONE),
        ({"kind": "account", "model": "freemium", "terms_accepted": True}, Customer.FREEMIUM),
        ({"kind": "account", "model": "freemium", "terms_accepted": False}, Customer.NONE),
        ({"kind": "account", "model": "freemium"}, Customer.LINKED),
    ],
)
def test_who_paid_is_a_customer_and_who_only_looked_is_none(relation: dict[str, Any], customer: Customer):
    """D-04: a sale or a paid service; what lies between is for the switch P-CUSTOMER."""
    mail = asks("2026-11-01", on("2026-05-01", "relation", product="plants", **relation), channel="email")
    assert [each.customer for each in mail.situation.relations] == [customer]


# --- Countries -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "day", "inside"),
    [
        ("NL", "2026-07-01", True),
        ("NO", "2026-07-01", True),
        ("CH", "2026-07-01", False),
        ("GB", "2004-05-19", True),
        ("GB", "2020-12-31", True),
        ("GB", "2021-01-01", False),
        ("HR", "2013-06-30", False),
        ("HR", "2013-07-01", True),
        (" hr ", "2026-07-01", True),
    ],
)
def test_a_country_is_in_the_eea_from_its_first_day_to_its_last(country: str, day: str, inside: bool):
    """Croatia joined the Union on 1 July 2013; the United Kingdom's transition ended on 31 December 2020."""
    assert in_eea(country, date.fromisoformat(day)) is inside
