"""Which rules are in play: those that the act calls for, and none that are about somebody else.

An answer alone does not show that a rule about charities also looks at a shop; the reasons do.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import BRAM, CLEO, FOUNDATION, LOTTERY, asks, bought, on

PARTY = {"name": "Partij voor de Sloot", "kind": "political-party"}
OBJECTED = on("2026-03-01", "objection", channels="all")
CUSTOMER = bought("2026-05-16")
CHARITY: dict[str, Any] = {"controller": FOUNDATION, "purpose": "charitable"}
POLITICS: dict[str, Any] = {"controller": PARTY, "content": "political", "purpose": "ideal"}
RENTED: dict[str, Any] = {"advertises": "third-party", "on_behalf_of": "Zilverduin Reizen BV"}
SHARED: dict[str, Any] = {
    "to": {"name": "Kasbouw BV", "kind": "company"},
    "data": ["email"],
    "for": "their-marketing",
}

IN_PLAY: dict[str, tuple[str, tuple[Any, ...], dict[str, Any], str]] = {
    "a shop mails a stranger": (
        "2026-11-01",
        (),
        {"channel": "email"},
        "tell-of-the-right-to-object opt-in non-customers consent-to-messages soft-opt-in "
        "way-out-in-every-message identity-and-address",
    ),
    "a shop mails a stranger, in 2010": (
        "2010-11-01",
        (),
        {"channel": "email"},
        "opt-in non-customers consent-to-messages soft-opt-in way-out-in-every-message identity-and-address",
    ),
    "a shop mails a stranger, in 2005": (
        "2005-11-01",
        (),
        {"channel": "email"},
        "opt-in non-customers consent-to-messages soft-opt-in way-out-in-every-message identity-and-address",
    ),
    "a shop mails a company": (
        "2026-11-01",
        (),
        {"channel": "email", "person": CLEO},
        "tell-of-the-right-to-object opt-in opt-in-of-legal-persons non-customers consent-to-messages "
        "soft-opt-in way-out-in-every-message identity-and-address",
    ),
    "a shop mails a company, in 2005": (
        "2005-11-01",
        (),
        {"channel": "email", "person": CLEO},
        "opt-in legal-persons-before-opt-in non-customers consent-to-messages soft-opt-in "
        "way-out-in-every-message identity-and-address",
    ),
    "a shop mails a customer": (
        "2026-11-01",
        CUSTOMER,
        {"channel": "email"},
        "tell-of-the-right-to-object opt-in non-customers consent-to-messages customers-of-another "
        "soft-opt-in way-out-in-every-message identity-and-address",
    ),
    "a shop mails a factual notice": (
        "2026-11-01",
        (),
        {"channel": "email", "content": "factual"},
        "service-message",
    ),
    "a shop calls a stranger": (
        "2026-11-01",
        (),
        {"channel": "phone"},
        "tell-of-the-right-to-object telephone-opt-in consent-to-calls objection-offered-in-call "
        "number-shown identity-first working-days",
    ),
    "a shop calls a stranger, in 2015": (
        "2015-11-01",
        (),
        {"channel": "phone"},
        "cold-calls calls-to-own-contacts calls-with-consent-before-2021 objection-offered-in-call "
        "identity-first",
    ),
    "a shop calls a sole trader who is a customer": (
        "2026-11-01",
        CUSTOMER,
        {"channel": "phone", "person": BRAM},
        "tell-of-the-right-to-object customers-of-another telephone-opt-in "
        "telephone-opt-in-of-sole-traders consent-to-calls no-calls-to-customers "
        "no-calls-to-sole-trader-customers objection-offered-in-call number-shown identity-first "
        "working-days",
    ),
    "a shop calls a company": (
        "2026-11-01",
        (),
        {"channel": "phone", "person": CLEO},
        "tell-of-the-right-to-object calls-to-legal-persons objection-offered-in-call number-shown "
        "identity-first working-days",
    ),
    "a machine of a shop calls a stranger": (
        "2026-11-01",
        (),
        {"channel": "auto-call"},
        "tell-of-the-right-to-object opt-in calling-machines non-customers consent-to-messages number-shown",
    ),
    "a shop faxes a company": (
        "2026-11-01",
        (),
        {"channel": "fax", "person": CLEO},
        "tell-of-the-right-to-object opt-in opt-in-of-legal-persons faxes non-customers "
        "consent-to-messages way-out-in-every-message",
    ),
    "a shop writes to a stranger": (
        "2026-11-01",
        (),
        {"channel": "post"},
        "tell-of-the-right-to-object addressed-post post-to-customers "
        "post-to-customers-on-legitimate-interest consent-to-post postfilter deceased-register",
    ),
    "a shop writes to a customer": (
        "2026-11-01",
        CUSTOMER,
        {"channel": "post"},
        "tell-of-the-right-to-object customers-of-another addressed-post-to-customers addressed-post "
        "post-to-customers post-to-customers-on-legitimate-interest consent-to-post postfilter "
        "deceased-register",
    ),
    "a shop drops folders": (
        "2026-11-01",
        (),
        {"channel": "door-drop"},
        "unaddressed-post",
    ),
    "a charity mails a stranger": (
        "2026-11-01",
        (),
        {"channel": "email", **CHARITY},
        "tell-of-the-right-to-object opt-in charities-need-consent non-customers consent-to-messages "
        "soft-opt-in donors way-out-in-every-message identity-and-address",
    ),
    "a charity drops folders": (
        "2026-11-01",
        (),
        {"channel": "door-drop", **CHARITY},
        "unaddressed-post",
    ),
    "a lottery calls a customer": (
        "2026-11-01",
        CUSTOMER,
        {"channel": "phone", "controller": LOTTERY},
        "tell-of-the-right-to-object lotteries-need-consent customers-of-another telephone-opt-in "
        "consent-to-calls calls-by-publishers-and-lotteries no-calls-to-customers "
        "objection-offered-in-call number-shown identity-first working-days",
    ),
    "a party mails a stranger": (
        "2026-11-01",
        (),
        {"channel": "email", **POLITICS},
        "tell-of-the-right-to-object opt-in non-customers political-messages consent-to-messages "
        "soft-opt-in donors way-out-in-every-message identity-and-address",
    ),
    "a shop mails a stranger for another": (
        "2026-11-01",
        (),
        {"channel": "email", **RENTED},
        "tell-of-the-right-to-object opt-in non-customers third-party-advertising list-rental "
        "consent-to-messages soft-opt-in way-out-in-every-message identity-and-address "
        "list-owner-shown",
    ),
    "a shop mails who objected": (
        "2026-11-01",
        (OBJECTED,),
        {"channel": "email"},
        "objection tell-of-the-right-to-object opt-in non-customers consent-to-messages soft-opt-in "
        "way-out-in-every-message identity-and-address",
    ),
    "a shop calls on a claim of interest": (
        "2026-11-01",
        (),
        {"channel": "phone", "claimed_basis": "legitimate-interest"},
        "tell-of-the-right-to-object legitimate-interest-for-calls telephone-opt-in consent-to-calls "
        "objection-offered-in-call number-shown identity-first working-days",
    ),
    "a shop shares an adult's data": (
        "2026-11-01",
        (OBJECTED,),
        {"do": "share", **SHARED},
        "objection-to-sharing sharing-needs-a-ground consent-to-sharing log-the-disclosure "
        "pass-corrections-on",
    ),
}


@pytest.mark.parametrize("case", IN_PLAY.values(), ids=IN_PLAY.keys())
def test_the_rules_in_play_are_those_that_the_act_calls_for(
    case: tuple[str, tuple[Any, ...], dict[str, Any], str],
):
    day, history, act, slugs = case
    assert {finding.rule.slug for finding in asks(day, *history, **act).findings} == set(slugs.split())
