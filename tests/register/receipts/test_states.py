"""What became of a consent: what the law says of it on a day, in the words of DPV."""

from __future__ import annotations

from datetime import date

import pytest

from grondslag import vocabulary as v
from tests.register.receipts.shop import agreed, entry, of, states

GIVEN, WITHDRAWN, EXPIRED = "ConsentGiven", "ConsentWithdrawn", "ConsentExpired"
OBJECTED, NOT_OBJECTED = "LegitimateInterestObjected", "LegitimateInterestNotObjected"


def test_a_consent_that_lacks_nothing_is_given():
    assert states(agreed(1, "2026-06-01")) == [(GIVEN,)]


@pytest.mark.parametrize(
    ("flaw", "id_"),
    [
        ({"by": "pre-ticked-box"}, "C-05"),
        ({"by": "silence"}, "C-05"),
        ({"by": "terms"}, "C-12"),
        ({"conditional": True}, "C-02"),
        ({"informed": False}, "C-04"),
        ({"to": ["Another BV"]}, "C-03"),
    ],
)
def test_a_flawed_consent_is_invalid_and_says_why(flaw, id_):
    (made,) = of(agreed(1, "2026-06-01", **flaw))
    assert made.status == "ConsentInvalidated" and id_ in made.short


@pytest.mark.parametrize(
    "name", ["by", "conditional", "informed", "given_by", "evidence", "purpose", "about"]
)
def test_what_nobody_wrote_down_makes_it_unknown(name: str):
    assert states(agreed(1, "2026-06-01", **{name: None})) == [("ConsentUnknown",)]


@pytest.mark.parametrize("evidence", ["metadata-only", "process-only", "none"])
def test_a_consent_that_cannot_be_shown_is_unknown(evidence: str):
    (made,) = of(agreed(1, "2026-06-01", evidence=evidence))
    assert made.status == "ConsentUnknown" and made.short == ("C-06", "G-07")


def test_a_consent_that_names_no_channel_is_unknown_for_every_channel():
    (made,) = of(agreed(1, "2026-06-01", channels=None))
    assert made.status == "ConsentUnknown" and made.channel is None
    assert made.id == "urn:grondslag:record:00000000-0000-0000-0000-000000000001"


def test_a_child_does_not_consent_alone():
    child = entry(1, "2026-01-01", "person", kind="consumer", age=14)
    assert states(child, agreed(2, "2026-06-01")) == [("ConsentInvalidated",)]
    assert states(child, agreed(2, "2026-06-01", given_by="parent")) == [(GIVEN,)]


def test_there_is_a_record_for_each_channel():
    made = of(agreed(1, "2026-06-01", channels="all"))
    assert [record.channel for record in made] == [*v.CHANNEL.values]
    assert len({record.id for record in made}) == len(made)


def test_a_withdrawal_ends_the_channel_that_it_names_and_has_a_record_of_its_own():
    withdrawal = entry(2, "2026-07-01", "withdrawal", channels=["sms"], time="2026-07-01T23:30:00+02:00")
    email, sms, own = of(agreed(1, "2026-06-01", channels=["email", "sms"]), withdrawal)
    assert (email.status, sms.status, own.status) == (GIVEN, WITHDRAWN, WITHDRAWN)
    assert sms.stages[-1].when == "2026-07-01T21:30:00Z" and sms.stages[-1].entry == withdrawal


@pytest.mark.parametrize("kind", ["withdrawal", "objection"])
def test_who_says_no_without_naming_a_channel_says_it_for_all(kind: str):
    assert states(agreed(1, "2026-06-01"), entry(2, "2026-07-01", kind))[0] == (GIVEN, WITHDRAWN)


def test_an_objection_to_calls_ends_consent_to_calls_by_a_machine_too():
    objection = entry(2, "2026-07-01", "objection", channels=["phone"])
    assert states(agreed(1, "2026-06-01", channels=["auto-call"]), objection)[0] == (GIVEN, WITHDRAWN)


def test_an_objection_to_profiling_ends_no_consent():
    assert states(agreed(1, "2026-06-01"), entry(2, "2026-07-01", "objection", scope="profiling"))[0] == (
        GIVEN,
    )


def test_a_no_on_the_day_of_the_consent_counts():
    assert states(agreed(1, "2026-06-01"), entry(2, "2026-06-01", "withdrawal"))[0] == (GIVEN, WITHDRAWN)


@pytest.mark.parametrize("time", ["2026-06-01T00:30:00+02:00", "2026-06-01T08:00:00+02:00"])
def test_a_no_of_an_earlier_hour_of_that_day_is_told_by_its_day(time: str):
    withdrawal = entry(2, "2026-06-01", "withdrawal", time=time)
    for consent in (agreed(1, "2026-06-01"), agreed(1, "2026-06-01", time="2026-06-01T09:00:00+02:00")):
        given, withdrawn = of(consent, withdrawal)[0].stages
        assert withdrawn.status == WITHDRAWN and withdrawn.when[:10] == given.when[:10] == "2026-06-01"


def test_a_consent_after_a_withdrawal_stands():
    first, new = agreed(1, "2026-05-01"), agreed(3, "2026-07-01")
    found = states(first, entry(2, "2026-06-01", "withdrawal"), new)
    assert found == [(GIVEN, WITHDRAWN), (WITHDRAWN,), ("RenewedConsentGiven",)]


def test_what_follows_a_consent_for_something_else_is_no_renewal():
    assert states(agreed(1, "2026-05-01"), agreed(2, "2026-06-01", about=["seeds"])) == [(GIVEN,), (GIVEN,)]


def test_a_flawed_consent_that_is_withdrawn_was_never_given():
    found = states(agreed(1, "2026-06-01", by="silence"), entry(2, "2026-07-01", "withdrawal"))
    assert found[0] == ("ConsentInvalidated", WITHDRAWN)


def test_later_than_the_day_asked_for_is_not_yet_known():
    told = agreed(1, "2026-06-01"), entry(2, "2026-07-01", "withdrawal")
    assert states(*told, at=date(2026, 6, 30)) == [(GIVEN,)]
    assert states(*told, at=date(2026, 5, 31)) == []


# --- Growing old -----------------------------------------------------------------------------------------


def test_a_stated_term_ends_on_its_last_day():
    told = agreed(1, "2026-01-15", months=6)
    assert states(told, at=date(2026, 7, 15)) == [(GIVEN,)]
    (made,) = of(told, at=date(2026, 7, 16))
    assert [(stage.status, stage.when) for stage in made.stages[1:]] == [(EXPIRED, "2026-07-16")]
    assert made.short == ("C-10",)


def test_without_a_term_it_lasts_a_year_from_what_the_person_last_did():
    clicked = entry(2, "2025-03-01", "interaction", kind="clicked", channel="email")
    received = entry(3, "2025-09-01", "interaction", kind="received", channel="email")
    (made,) = of(agreed(1, "2024-06-01"), clicked, received)
    assert [(stage.status, stage.when) for stage in made.stages] == [
        (GIVEN, "2024-06-01"),
        (EXPIRED, "2026-03-02"),
    ]


def test_a_consent_that_slept_and_was_used_again_expires_the_second_time():
    woken = entry(2, "2025-12-01", "interaction", kind="opened", channel="email")
    assert states(agreed(1, "2024-06-01"), woken) == [(GIVEN,)]
    (made,) = of(agreed(1, "2024-06-01"), woken, at=date(2027, 1, 1))
    assert made.stages[-1].when == "2026-12-02"


def test_what_was_withdrawn_expires_no_more_but_what_expired_can_be_withdrawn():
    early, late = entry(2, "2024-07-01", "withdrawal"), entry(3, "2026-07-01", "withdrawal")
    assert states(agreed(1, "2024-06-01"), early)[0] == (GIVEN, WITHDRAWN)
    assert states(agreed(1, "2024-06-01"), late)[0] == (GIVEN, EXPIRED, WITHDRAWN)


def test_before_there_was_a_law_nothing_is_known():
    assert states(agreed(1, "2003-06-01"), at=date(2004, 1, 1)) == [("ConsentUnknown",)]


# --- Corrections, customers, refusals ---------------------------------------------------------------------


def test_what_was_put_right_has_no_record_but_a_corrected_refusal_still_counts():
    wrong, right = agreed(1, "2026-06-01", by="silence"), agreed(2, "2026-06-01", corrects="e1")
    assert [record.entry.number for record in of(wrong, right)] == [2]
    no, other = entry(3, "2026-07-01", "withdrawal"), entry(4, "2026-08-01", "withdrawal", corrects="e3")
    assert of(right, no, other)[0].stages[-1].entry == no


def test_a_consent_for_an_old_number_has_no_record():
    number = {"id": "K-1", "phone": "0612345678"}
    moved = entry(2, "2026-07-01", "contact", phone="0687654321")
    told = agreed(1, "2026-06-01", channels=["phone"], subject=number)
    assert states(told) == [(GIVEN,)]
    assert states(told, moved) == []


def test_a_purchase_makes_a_customer_until_the_person_objects():
    bought = entry(1, "2026-06-01", "relation", kind="purchase", product="plants", paid=True)
    assert states(bought) == [(NOT_OBJECTED,)]
    objection = entry(2, "2026-07-01", "objection", channels=["email"])
    assert states(bought, objection) == [(NOT_OBJECTED, OBJECTED), (OBJECTED,)]


def test_who_objected_before_buying_still_objects():
    bought = entry(2, "2026-06-01", "relation", kind="purchase", product="plants", paid=True)
    (stage,) = of(entry(1, "2026-05-01", "objection"), bought)[1].stages
    assert (stage.status, stage.when, stage.entry and stage.entry.number) == (OBJECTED, "2026-06-01", 1)


def test_who_used_the_way_out_when_buying_objected():
    bought = entry(1, "2026-06-01", "relation", kind="purchase", product="plants", paid=True)
    gave = entry(2, "2026-06-01", "collected", details=["email"], **{"in": "sale"}, opt_out_used=True)
    assert states(bought, gave) == [(OBJECTED,)]
    assert states(agreed(3, "2026-05-01"), gave)[0] == (GIVEN, WITHDRAWN)


@pytest.mark.parametrize("kind", ["quote", "none"])
def test_who_bought_nothing_is_no_customer_and_has_no_record(kind: str):
    assert states(entry(1, "2026-06-01", "relation", kind=kind)) == []
