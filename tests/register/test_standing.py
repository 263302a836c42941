"""Refusals that may be of several people, and refusals without a day that stand in every export."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from grondslag.errors import Suppressed
from grondslag.register.checking.sealed import readable
from grondslag.register.register import Register
from grondslag.register.vocabulary import ON_IMPORT
from tests.register.test_forgetting import nothing_held

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
ANNA, BRAM = {"id": "K-1", "email": "thuis@klant.nl"}, {"id": "K-2", "email": "thuis@klant.nl"}
SHARED = {"email": "thuis@klant.nl"}
CONTACT = {"id": "mailchimp:51", **SHARED}


def consent(subject: dict[str, str], day: str = "2024-03-14", **more: Any) -> dict[str, Any]:
    fields = {"channels": ["email"], "by": "ticked-box"}
    return {"id": f"c {subject} {day}", "subject": subject, "date": day, "consent": fields} | more


def refusal(subject: dict[str, str], day: str = "2026-11-01", **more: Any) -> dict[str, Any]:
    fields = {"channels": ["email"]}
    return {"id": "mailchimp:1", "subject": subject, "date": day, "objection": fields} | more


def undated(subject: dict[str, str], at: datetime) -> dict[str, Any]:
    """As an import makes it; file and line are others each time."""
    proof = {"by": "import", "act": ON_IMPORT, "source": {"file": f"{at:%d}.csv", "format": "mailchimp"}}
    return refusal(subject, f"{at:%Y-%m-%d}", proof=proof)


def refused(register: Register, subject: dict[str, str], at: datetime = NOW) -> list[str]:
    """The days of the refusals of a person."""
    found = register.history_of(subject, at=at.date()).events
    assert list(readable(register)) == [], "what is sealed and the index say the same"
    return [event.date.isoformat() for event in found if event.kind == "objection"]


# --- Several people ----------------------------------------------------------------------------------------


def test_a_refusal_by_a_shared_address_counts_for_everybody_who_has_it(register: Register) -> None:
    register.record(consent(ANNA), consent(BRAM), at=NOW)
    (first,) = register.record(refusal(SHARED), at=NOW)
    (again,) = register.record(refusal(SHARED), at=NOW)
    assert first.new and not again.new
    assert refused(register, {"id": "K-1"}) == refused(register, {"id": "K-2"}) == ["2026-11-01"]


def test_who_is_told_by_all_details_together_refuses_for_one(register: Register) -> None:
    bram = BRAM | {"phone": "06-12345678"}
    register.record(consent(ANNA), consent(bram), at=NOW)
    register.record(refusal(SHARED | {"phone": "06-12345678"}), at=NOW)
    assert refused(register, {"id": "K-1"}) == []
    assert refused(register, {"id": "K-2"}) == ["2026-11-01"]


def test_two_who_are_merged_are_told_once(register: Register) -> None:
    register.record(consent(ANNA), consent(BRAM), at=NOW)
    register.merge({"id": "K-1"}, {"id": "K-2"}, "one person", NOW)
    register.record(refusal(SHARED), at=NOW)
    assert refused(register, {"id": "K-1"}) == ["2026-11-01"]


def test_the_number_of_a_program_tells_nobody_apart_from_a_customer(register: Register) -> None:
    register.record(consent(ANNA), at=NOW)
    register.record(undated(CONTACT, NOW), at=NOW)
    assert refused(register, {"id": "K-1"}) == refused(register, {"id": "mailchimp:51"}) == ["2026-11-25"]


def test_a_customer_who_comes_after_the_import_is_the_contact_of_the_program(register: Register) -> None:
    register.record(undated(CONTACT, NOW), at=NOW)
    register.record(consent(ANNA), at=NOW)
    assert refused(register, {"id": "K-1"}) == ["2026-11-25"]


def test_two_numbers_of_one_program_are_two_people(register: Register) -> None:
    other = undated(CONTACT | {"id": "mailchimp:52"}, NOW) | {"id": "mailchimp:2"}
    register.record(consent(CONTACT, proof={"by": "import"}, id="mailchimp:3"), at=NOW)
    register.record(other, at=NOW)
    assert refused(register, {"id": "mailchimp:51"}) == []
    assert refused(register, {"id": "mailchimp:52"}) == ["2026-11-25"]


def test_a_contact_who_may_be_either_refuses_for_both(register: Register) -> None:
    register.record(consent(ANNA), consent(BRAM), at=NOW)
    register.record(undated(CONTACT, NOW), at=NOW)
    for subject in ({"id": "K-1"}, {"id": "K-2"}, {"id": "mailchimp:51"}):
        assert refused(register, subject) == ["2026-11-25"]


def test_a_refusal_of_mail_is_not_that_of_who_shares_a_telephone(register: Register) -> None:
    phone = {"phone": "030-1234567"}
    register.record(consent(ANNA | phone), consent(BRAM | phone), at=NOW)
    register.record(undated({"id": "civi:1", **phone}, NOW) | {"id": "civi:x"}, at=NOW)
    assert refused(register, {"id": "K-1"}) == refused(register, {"id": "K-2"}) == []


def test_an_import_brings_nobody_back_by_another_number(register: Register) -> None:
    register.record(consent(ANNA), refusal(ANNA), consent(BRAM), at=NOW)
    with pytest.raises(Suppressed, match="has objected or withdrawn"):
        register.record(consent(CONTACT, proof={"by": "import"}, id="mailchimp:3"), at=NOW)


def test_an_import_brings_nobody_back_who_refused_in_the_same_batch(register: Register) -> None:
    given = [("1", undated(CONTACT, NOW)), ("2", consent(CONTACT, proof={"by": "import"}, id="mailchimp:3"))]
    told = dict(register.ingest(given, NOW))
    assert isinstance(told["2"], Suppressed)


# --- Without a day -----------------------------------------------------------------------------------------


def days(register: Register, later: int) -> list[str]:
    """Imports the same row some days later."""
    at = NOW + timedelta(days=later)
    register.record(undated(CONTACT, at), at=at)
    return refused(register, {"id": "mailchimp:51"}, at)


def test_a_refusal_that_still_stands_is_known(register: Register) -> None:
    assert days(register, 0) == days(register, 1) == ["2026-11-25"]


def test_a_refusal_that_stands_after_a_consent_counts_again(register: Register) -> None:
    register.record(consent(CONTACT), at=NOW)
    assert days(register, 0) == ["2026-11-25"], "the consent is older"
    register.record(consent(CONTACT, "2026-11-27"), at=NOW + timedelta(days=2))
    assert days(register, 1) == ["2026-11-25"], "the export is older than the consent"
    assert days(register, 3) == ["2026-11-25", "2026-11-28"]
    assert days(register, 3) == days(register, 9) == ["2026-11-25", "2026-11-28"], "nothing happened since"
    register.record(consent(CONTACT, "2026-12-05"), at=NOW + timedelta(days=10))
    assert days(register, 11) == ["2026-11-25", "2026-11-28", "2026-12-06"]


def test_the_consent_of_a_merged_person_makes_it_count_again(register: Register) -> None:
    days(register, 0)
    other = {"id": "K-9", "email": "anna@werk.nl"}
    register.record(consent(other, "2026-11-26"), at=NOW + timedelta(days=1))
    register.merge(other, {"id": "mailchimp:51"}, "one person", NOW + timedelta(days=1))
    assert days(register, 2) == ["2026-11-25", "2026-11-27"]


def test_who_came_back_after_being_forgotten_is_refused_by_the_next_export(register: Register) -> None:
    days(register, 0)
    register.erase({"id": "mailchimp:51"}, nothing_held, "request", NOW + timedelta(days=1))
    register.record(consent(ANNA, "2026-11-27"), at=NOW + timedelta(days=2))
    register.record(undated(CONTACT, NOW + timedelta(days=3)), at=NOW + timedelta(days=3))
    assert refused(register, {"id": "K-1"}, NOW + timedelta(days=3)) == ["2026-11-26", "2026-11-28"]


def test_the_same_row_from_another_file_is_known(register: Register) -> None:
    source = {"file": "a.csv", "line": 2, "format": "mailchimp"}
    first = consent(CONTACT, id="mailchimp:3", proof={"by": "import", "source": source})
    (done,) = register.record(first, at=NOW)
    again = first | {"proof": {"by": "import", "source": source | {"file": "b.csv", "line": 9}}}
    assert [each.id for each in register.record(again, again, at=NOW)] == [done.id, done.id]
