"""The customer exception and its kin: one's own products, in one's own name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import ANNA, FOUNDATION, SHOP, asks, bought, got, on

TRAVEL = "Zilverduin Reizen BV"
GIFT = (got("2026-05-16", "donation"), on("2026-05-16", "relation", kind="donation"))
ASSESSED = on("2026-05-16", "assessed", kind="compatibility", outcome="pass", on_record=True)
CLEAR = {"listed": False, "checked": on("2026-05-16", "register").date}
POSTFILTER = on("2026-05-16", "register", name="postfilter", **CLEAR)
BEL_ME_NIET = on("2026-05-16", "register", name="bel-me-niet", **CLEAR)
CHARITY = {"controller": FOUNDATION, "purpose": "charitable"}

OWN = {
    "a message to a customer": ("2026-06-01", bought("2026-05-16"), {"channel": "email"}),
    "a message to a customer, before 2021": ("2020-01-10", bought("2019-12-16"), {"channel": "email"}),
    "a call to a customer": ("2026-06-01", (*bought("2026-05-16"), BEL_ME_NIET), {"channel": "phone"}),
    "a call to a customer, before 2021": ("2020-01-10", bought("2019-12-16"), {"channel": "phone"}),
    "post to a customer": (
        "2026-06-01",
        (*bought("2026-05-16"), ASSESSED, POSTFILTER),
        {"channel": "post"},
    ),
    "a message to a donor": ("2026-11-01", GIFT, {"channel": "email", **CHARITY}),
    "a call to a donor": ("2026-11-01", (*GIFT, BEL_ME_NIET), {"channel": "phone", **CHARITY}),
}
"""What an organisation may do with its own list for its own products or cause."""


@pytest.mark.parametrize("case", OWN.values(), ids=OWN.keys())
def test_ones_own_list_is_no_list_for_another(case: tuple[str, tuple[Any, ...], dict[str, Any]]):
    day, history, act = case
    rented = asks(day, *history, **act, on_behalf_of=TRAVEL)
    assert asks(day, *history, **act).allowed
    assert not rented.allowed
    assert {"D-05", "P-07"} & set(rented.rules)


def test_mailing_on_behalf_of_oneself_is_mailing_for_nobody_else():
    for name in (SHOP["name"], str(SHOP["name"]).upper()):
        assert asks("2026-06-01", *bought("2026-05-16"), channel="email", on_behalf_of=name).allowed


def test_a_list_that_is_rented_out_is_reserved_for_who_agreed_to_that():
    rented = asks("2026-06-01", *bought("2026-05-16"), person=ANNA, channel="email", on_behalf_of=TRAVEL)
    assert {"S-06", "D-05"} <= set(rented.rules)


def test_mail_for_another_needs_a_ground_of_its_own():
    facts = {
        "channel": "email",
        "purpose": "commercial",
        "product": "plants",
        "closeness": "same",
        "advertises": "own",
        "opt_out_in_message": "link",
    }
    for other, needs in (({}, False), ({"on_behalf_of": TRAVEL}, True)):
        asked: dict[str, Any] = {"do": "judge", "question": "needs-art-6-ground", "facts": {**facts, **other}}
        assert asks("2026-06-01", *bought("2026-05-16"), **asked).allowed is needs
