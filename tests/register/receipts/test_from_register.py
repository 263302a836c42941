"""From the register to the person: recorded, looked up, judged, and given as a receipt."""

from __future__ import annotations

from datetime import UTC, date, datetime

from grondslag.register.receipts import receipt, record, records
from grondslag.register.receipts.validation import violations
from grondslag.register.register import Register
from tests.register.receipts.shop import CONSENT, PROOF, SHOP

ANNA = {"id": "K-1", "email": "anna@klant.example"}


def test_what_was_recorded_becomes_a_receipt(register: Register):
    day = date(2026, 6, 2)
    given = {
        "id": "c1",
        "subject": ANNA,
        "time": "2026-06-01T09:00:00+02:00",
        "consent": CONSENT,
        "proof": PROOF,
    }
    (done,) = register.record(given, at=datetime(2026, 6, 1, 7, 0, 5, tzinfo=UTC))
    (made,) = records(register.history_of(ANNA, at=day), day, SHOP.judged)
    whole = receipt([record(made, SHOP, "p-7")], SHOP, "r-1", "2026-06-01T07:00:06Z")
    assert violations(whole) == []
    assert whole["record"][0]["source"] == f"urn:uuid:{done.id}"


def test_an_import_that_proves_little_is_a_record_that_says_so(register: Register):
    day = date(2026, 6, 2)
    fields = {"channels": ["email"], "purpose": "marketing", "evidence": "metadata-only"}
    proof = {"by": "import", "source": {"format": "mailchimp", "file": "subscribed.csv", "line": 2}}
    given = {"subject": ANNA, "date": "2026-06-01", "consent": fields, "proof": proof}
    register.record(given, at=datetime(2026, 6, 1, 7, 0, tzinfo=UTC))
    (made,) = records(register.history_of(ANNA, at=day), day, SHOP.judged)
    told = record(made, SHOP, "p-7")
    assert made.status == "ConsentUnknown"
    assert told["lacks"] == ["event.entity_id", "language", "privacy_notice"] and violations(told)


def test_a_withdrawal_counts_on_the_day_itself(register: Register):
    day = date(2026, 6, 2)
    given = {"subject": ANNA, "date": "2026-06-01", "consent": CONSENT, "proof": PROOF}
    no = {"subject": {"email": "Anna@klant.example"}, "date": "2026-06-02", "withdrawal": {}}
    register.record(given, no, at=datetime(2026, 6, 2, 7, 0, tzinfo=UTC))
    first, second = records(register.history_of(ANNA, at=day), day, SHOP.judged)
    assert first.status == second.status == "ConsentWithdrawn"
    assert first.stages[-1].entry == second.entry
