"""Requests, their answers, and asking who somebody is (section R, V-03 to V-05, T-12)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from grondslag.facts.deadlines import easter, is_holiday, months_later, working_days_later
from tests.law.asking import On, asked

SHARED: On = (
    "2025-01-01",
    "shared",
    {"to": "Drukkerij De Zetbrug BV", "data": ["name"], "ground": "consent"},
)
BOUGHT: On = ("2024-05-11", "relation", {"kind": "purchase", "product": "books", "paid": True})
TAPE: On = (
    "2025-02-03",
    "recorded",
    {"purposes": ["contract"], "announced": "with-purpose", "service": "other"},
)


def request(kind: str, about: str = "all data", on: str = "2026-09-07", **more: Any) -> On:
    return (on, "request", {"kind": kind, "route": "letter", "about": about, **more})


def answer(day: str, *history: On, **fields: Any):
    usual = {
        "received": "2026-09-07",
        "answered": day,
        "outcome": "granted",
        "reasons_given": True,
        "charge": False,
    }
    given = {name: value for name, value in {**usual, **fields}.items() if value is not None}
    return asked("respond", day, *history, **given)


# --- Time -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-09-20", "2026-10-20"),
        ("2026-01-31", "2026-03-02"),  # 28 February is a Saturday
        ("2026-08-31", "2026-09-30"),
        ("2026-03-06", "2026-04-07"),  # Easter Monday
        ("2026-03-27", "2026-04-28"),  # King's Day
        ("2026-11-25", "2026-12-28"),  # Christmas, then a weekend
        ("2024-11-30", "2024-12-30"),
        ("2026-04-14", "2026-05-15"),  # Ascension Day
    ],
)
def test_a_month_ends_on_the_same_day_or_the_next_working_day(received: str, due: str):
    assert months_later(date.fromisoformat(received), 1) == date.fromisoformat(due)


def test_the_moving_feasts_move():
    assert easter(2019) == date(2019, 4, 21)
    assert easter(2024) == date(2024, 3, 31)
    assert easter(2038) == date(2038, 4, 25)
    assert easter(1954) == date(1954, 4, 18)  # not the 25th: the tables' exception, epact 25
    assert easter(1981) == date(1981, 4, 19)  # not the 26th: the other exception
    assert is_holiday(date(2026, 5, 25))  # Whit Monday
    assert is_holiday(date(2026, 4, 3))  # Good Friday
    assert is_holiday(date(2025, 4, 26))  # King's Day, when the 27th is a Sunday
    assert not is_holiday(date(2025, 4, 27 + 1))


def test_working_days_skip_weekends_and_holidays():
    assert working_days_later(date(2025, 2, 1), 5) == date(2025, 2, 7)
    assert working_days_later(date(2025, 4, 17), 5) == date(2025, 4, 28)  # Good Friday, Easter Monday


def test_an_answer_comes_within_the_month():
    assert answer("2026-10-07", request("access")).allowed
    late = answer("2026-10-08", request("access"))
    assert not late.allowed
    assert late.rule == "R-08"


def test_an_extension_told_in_time_gives_three_months():
    assert answer("2026-12-07", request("access"), extension_notice="2026-10-07").allowed
    assert not answer("2026-12-08", request("access"), extension_notice="2026-10-07").allowed
    assert not answer("2026-12-07", request("access"), extension_notice="2026-10-08").allowed
    assert not answer(
        "2026-12-07", request("access"), extension_notice="2026-10-07", reasons_given=False
    ).allowed


def test_an_open_request_may_still_be_answered():
    waiting = answer("2026-10-07", request("access"), answered=None, outcome=None)
    assert waiting.allowed
    assert set(waiting.duties) >= {"R-08"}
    assert not answer("2026-10-08", request("access"), answered=None, outcome=None).allowed


def test_the_last_request_before_the_receipt_is_the_one_that_is_answered():
    two = (request("erasure", on="2026-08-01"), request("access"), request("objection", on="2026-09-20"))
    assert "R-10" in answer("2026-10-01", *two).rules


def test_without_a_request_on_file_no_answer_is_in_order():
    assert not answer("2026-10-01").allowed


# --- The rights -------------------------------------------------------------------------------------


def test_access_names_the_recipients_that_the_log_knows():
    assert answer("2026-10-01", SHARED, request("access"), answer_names="recipients").allowed
    for naming in ("categories", None):
        vague = answer("2026-10-01", SHARED, request("access"), answer_names=naming)
        assert not vague.allowed
        assert vague.rule == "R-10"
    assert answer("2026-10-01", request("access"), answer_names="categories").allowed


@pytest.mark.parametrize(
    ("kind", "about", "id"),
    [
        ("access", "all data", "R-10"),
        ("access", "recording", "V-03"),
        ("rectification", "birth-date", "R-12"),
        ("rectification", "recording", "V-04"),
        ("erasure", "everything", "R-06"),
        ("erasure", "recording", "V-05"),
        ("restriction", "address", "R-12"),
        ("objection", "marketing", "R-01"),
        ("portability", "all data", "R-08"),
    ],
)
def test_each_right_is_granted_under_its_own_rule_and_hardly_ever_refused(kind: str, about: str, id: str):
    granted = answer("2026-10-01", request(kind, about, plausible=True))
    assert granted.allowed
    assert {id, "R-08"} <= set(granted.rules)
    refused = answer("2026-10-01", request(kind, about, plausible=True), outcome="refused")
    assert not refused.allowed
    assert id in refused.rules


def test_a_granted_change_is_passed_on_to_who_got_the_data():
    for kind in ("rectification", "erasure", "restriction"):
        assert answer("2026-10-01", SHARED, request(kind)).duties == ("R-07",)
    assert answer("2026-10-01", request("erasure")).duties == ()


def test_a_correction_beside_a_recording_will_do_and_beside_a_record_will_not():
    assert answer(
        "2026-10-01", request("rectification", "recording", plausible=True), outcome="annotated"
    ).allowed
    assert not answer("2026-10-01", request("rectification", plausible=True), outcome="annotated").allowed


def test_an_implausible_correction_may_be_refused_with_reasons():
    claim = request("rectification", "birth-date", plausible=False)
    assert answer("2026-10-01", claim, outcome="refused").allowed
    assert not answer("2026-10-01", claim, outcome="refused", reasons_given=False).allowed
    assert not answer("2026-10-01", request("rectification", "birth-date"), outcome="refused").allowed


def test_erasing_an_invoice_may_be_refused_for_seven_years():
    about = request("erasure", "invoice")
    assert answer("2026-10-01", BOUGHT, about, outcome="refused").allowed
    old: On = ("2018-05-11", *BOUGHT[1:])
    assert not answer("2026-10-01", old, about, outcome="refused").allowed
    assert not answer("2026-10-01", about, outcome="refused").allowed
    assert not answer("2026-10-01", BOUGHT, request("erasure", "everything"), outcome="refused").allowed


def test_a_running_dispute_allows_a_refusal_to_erase():
    dispute: On = ("2026-09-01", "dispute", {"about": "delivery", "until": "2026-12-01"})
    assert answer("2026-10-01", dispute, request("erasure", "everything"), outcome="refused").allowed


def test_a_recording_that_proves_a_contract_need_not_be_erased():
    assert answer("2026-10-01", TAPE, BOUGHT, request("erasure", "recording"), outcome="refused").allowed
    secret: On = (TAPE[0], TAPE[1], {**TAPE[2], "announced": "never"})
    assert not answer(
        "2026-10-01", secret, BOUGHT, request("erasure", "recording"), outcome="refused"
    ).allowed


def test_an_invoice_that_stays_is_closed_to_marketing():
    assert answer("2026-10-01", BOUGHT, request("erasure", "invoice"), outcome="refused").duties == ("K-07",)


def test_somebody_reached_at_work_has_rights_too():
    def answered(outcome: str):
        return asked(
            "respond", "2026-10-01", request("access"), person={"kind": "legal-person"}, charge=False,
            received="2026-09-07", answered="2026-10-01", outcome=outcome, reasons_given=True,
        )  # fmt: skip

    assert answered("granted").allowed
    assert answered("refused").rule == "B-07"


def test_an_investor_gets_the_tape_of_his_order():
    tape: On = (TAPE[0], TAPE[1], {**TAPE[2], "service": "investment"})
    for outcome in ("granted", "refused"):
        assert "V-06" in answer("2026-10-01", tape, request("access", "recording"), outcome=outcome).rules


def test_handling_is_free():
    for charge in (True, None):
        refused = answer("2026-10-01", request("access"), charge=charge)
        assert not refused.allowed
        assert refused.rule == "R-11"


# --- Proof of the opt-in ------------------------------------------------------------------------------

CALLED: On = ("2024-09-01", "interaction", {"kind": "received", "channel": "phone"})


def proof(day: str, received: str, *history: On):
    return answer(day, *history, request("proof", "the opt-in", on=received), received=received, outcome=None)


def test_proof_of_the_opt_in_comes_within_five_working_days():
    assert proof("2025-02-07", "2025-02-01", CALLED).rule == "T-12"
    assert proof("2025-02-07", "2025-02-01", CALLED).allowed
    late = proof("2025-02-10", "2025-02-01", CALLED)
    assert not late.allowed
    assert late.rule == "T-12"


def test_before_the_code_of_october_2024_the_month_held():
    assert proof("2024-10-14", "2024-09-20", CALLED).allowed
    assert not proof("2024-10-15", "2024-09-20", CALLED).allowed


def test_proof_of_consent_to_mail_has_the_month():
    mail: On = ("2025-01-01", "consent", {"channels": ["email"], "purpose": "marketing"})
    assert proof("2025-02-18", "2025-02-01", mail).allowed


# --- Children -----------------------------------------------------------------------------------------


def test_from_september_2026_a_child_of_twelve_asks_for_itself():
    def refused(day: str, age: int):
        history = request("erasure", "everything", on="2026-08-20")
        return asked(
            "respond", day, history, person={"kind": "consumer", "age": age},
            received="2026-08-20", answered=day, outcome="refused", reasons_given=True, charge=False,
        )  # fmt: skip

    assert "C-15" in refused("2026-09-01", 12).rules
    assert "C-15" not in refused("2026-08-31", 12).rules
    assert "C-15" not in refused("2026-09-01", 11).rules
    assert "C-15" not in refused("2026-09-01", 16).rules


# --- Identification -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "means", "doubt", "sensitive", "allowed"),
    [
        ("access", "none", False, False, True),
        ("access", "login", False, False, True),
        ("access", "email-round-trip", False, False, True),
        ("access", "date-of-birth", False, False, False),
        ("access", "date-of-birth", True, False, True),
        ("access", "masked-id", True, False, False),
        ("access", "masked-id", False, True, False),
        ("access", "masked-id", True, True, True),
        ("access", "full-id", True, True, False),
        ("objection", "none", False, False, True),
        ("objection", "email-round-trip", False, False, False),
        ("objection", "email-round-trip", True, False, True),
        ("objection", "login", True, False, False),
        ("objection", "masked-id", True, True, False),
        ("access", "date-of-birth", None, False, False),
        ("access", None, True, True, False),
        (None, "login", False, False, False),
    ],
)
def test_no_more_is_asked_than_doubt_requires(
    right: Any, means: Any, doubt: Any, sensitive: Any, allowed: bool
):
    fields = {"for": right, "means": means, "doubt": doubt, "sensitive": sensitive}
    decision = asked("identify", "2026-09-07", **{k: v for k, v in fields.items() if v is not None})
    assert decision.allowed == allowed
    assert "R-09" in decision.rules
