"""What stands on record about a person, weighed day by day: objections, consents, copies."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest

from grondslag.answers import YES
from grondslag.decide import Decision
from grondslag.law.explore import parts
from grondslag.law.profiles import PERMISSIVE
from grondslag.law.rulebook import DUTCH
from grondslag.law.rules import PERMITS
from grondslag.question import Event
from tests.cast import (
    BAKERY,
    BRAM,
    CLEO,
    FOUNDATION,
    SHOP,
    WEEKLY,
    agreed,
    asks,
    bought,
    got,
    on,
)
from tests.theorems.counting import examined
from tests.theorems.worlds import PROFILES

ADDRESSED = [
    "email",
    "sms",
    "messenger",
    "social-dm",
    "push",
    "inbox-ad",
    "fax",
    "auto-call",
    "phone",
    "post",
]
TODAY = "2026-11-01"
CLEAN = on("2026-10-30", "register", name="postfilter", listed=False, checked=date(2026, 10, 30))
every_profile = pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)


# --- An objection beats every permission ----------------------------------------------------------

PUBLISHED = [
    on("2026-01-01", "published", detail=detail, invitation="express", matches_offer=True, snapshot=True)
    for detail in ("email", "phone", "fax")
]
GIFT = got("2026-01-01", "donation")
BALANCED = [
    on("2026-01-01", "assessed", kind=kind, outcome="pass", on_record=True)
    for kind in ("compatibility", "legitimate-interest")
]
GROUNDS: dict[str, tuple[dict[str, Any], list[Event]]] = {
    "a consent": ({}, [agreed("2026-08-01")]),
    "a purchase": ({}, [*bought("2026-02-01"), *BALANCED]),
    "a purchase from a publisher": ({"controller": WEEKLY}, [*bought("2026-02-01"), *BALANCED]),
    "a gift": ({"controller": FOUNDATION, "purpose": "charitable"}, [GIFT]),
    "a published address": ({"person": BRAM}, PUBLISHED),
    "an address outside the EEA": ({"person": {**BRAM, "country": "US"}, "local_rules_met": True}, []),
    "a company": ({"person": CLEO}, []),
}
"""Every ground on which somebody may be approached, in full order."""


@every_profile
@pytest.mark.parametrize("ground", GROUNDS)
def test_an_objection_beats_every_permission(ground: str, profile):
    """By whatever route, on each channel; all that opens the way again is a consent given after it."""
    usual, history = GROUNDS[ground]
    allowed = []
    for channel in ADDRESSED:
        act = {**usual, "channel": channel, "profile": profile}
        allowed.append(asks(TODAY, *history, CLEAN, **act).allowed)
        for route in ("link", "reply", "call", "letter", "shop", "social", "portal"):
            refusal = on("2026-09-01", "objection", channels=[channel], route=route, scope="marketing")
            assert not asks(TODAY, *history, CLEAN, refusal, **act).allowed
        refusal = on("2026-09-01", "withdrawal", channels="all", at=SHOP["name"])
        assert not asks(TODAY, *history, CLEAN, refusal, **act).allowed
    assert any(allowed)


@every_profile
def test_a_consent_given_after_the_objection_opens_the_way_again(profile):
    refusal = on("2026-09-01", "objection", channels="all", route="link", scope="marketing")
    for channel in ADDRESSED:
        assert asks(TODAY, refusal, agreed("2026-09-02"), CLEAN, channel=channel, profile=profile).allowed
        assert not asks(TODAY, refusal, agreed("2026-09-01"), CLEAN, channel=channel, profile=profile).allowed


def test_withdrawing_at_any_controller_blocks_all_who_lean_on_that_consent():
    chain = (SHOP, BAKERY, WEEKLY)
    named = [controller["name"] for controller in chain]
    consent = agreed("2026-08-01", to=named)
    for at, controller, channel in product(named, chain, ADDRESSED):
        assert asks(TODAY, consent, CLEAN, controller=controller, channel=channel).allowed
        gone = on("2026-09-01", "withdrawal", channels="all", at=at)
        assert not asks(TODAY, consent, gone, CLEAN, controller=controller, channel=channel).allowed
        for profile in PROFILES:
            refused = asks(
                TODAY, consent, gone, CLEAN, controller=controller, channel=channel, profile=profile
            )
            assert not refused.allowed


# --- A permission serves nobody and nothing else --------------------------------------------------


def by_default(decision: Decision) -> bool:
    """P-POST permissive: whoever did not object may be written to by post, consent or not."""
    return decision.profile == PERMISSIVE and {f.rule.slug for f in decision.granted} == {"post-to-prospects"}


def test_a_permission_for_one_channel_never_serves_another():
    for given, used in product(ADDRESSED, ADDRESSED):
        decision = asks(TODAY, agreed("2026-08-01", channels=[given]), CLEAN, channel=used)
        assert decision.allowed == (given == used), (given, used)


def test_a_permission_for_one_sender_never_serves_another():
    for channel in ADDRESSED:
        for profile in PROFILES:
            for history in ([agreed("2026-08-01", to=[SHOP["name"]])], bought_by_the_shop()):
                decision = asks(TODAY, *history, CLEAN, controller=BAKERY, channel=channel, profile=profile)
                assert not decision.allowed or by_default(decision)


def bought_by_the_shop() -> list[Event]:
    """What the bakery has on file of a purchase at the shop."""
    return [
        Event(
            event.date,
            event.kind,
            {**event.fields, "by" if event.kind == "collected" else "with": SHOP["name"]},
        )
        for event in (*bought("2026-02-01"), *BALANCED)
        if event.kind != "assessed"
    ]


@pytest.mark.parametrize("purpose", ["sharing", "recording", "directory"])
def test_a_consent_for_one_purpose_never_serves_another(purpose: str):
    for channel in ADDRESSED:
        assert not asks(TODAY, agreed("2026-08-01", purpose=purpose), CLEAN, channel=channel).allowed
    to = {"name": BAKERY["name"], "kind": "company"}
    act: dict[str, Any] = {"do": "share", "to": to, "data": ["email"], "for": "their-marketing"}
    consent = agreed("2026-08-01", to=[BAKERY["name"]], purpose=purpose, data=["email"])
    shared = asks(TODAY, consent, **act)
    assert shared.allowed == (purpose == "sharing")


def test_a_consent_about_one_product_never_serves_another():
    for channel in ADDRESSED:
        assert not asks(TODAY, agreed("2026-08-01", about=["garden tools"]), CLEAN, channel=channel).allowed


@every_profile
@pytest.mark.parametrize("evidence", ["none", "process-only", None])
def test_missing_evidence_is_as_good_as_none(evidence, profile):
    for channel in ADDRESSED:
        consent = agreed("2026-08-01", evidence=evidence)
        decision = asks(TODAY, consent, CLEAN, channel=channel, profile=profile)
        assert not decision.allowed or by_default(decision)


# --- Hashing --------------------------------------------------------------------------------------

AIMS = [
    "their-marketing",
    "custom-audience",
    "exclusion",
    "lookalike",
    "our-instructions",
    "directory",
    "sale-of-list",
]


@every_profile
@pytest.mark.parametrize("aim", AIMS)
def test_hashing_changes_nothing(aim: str, profile):
    platform = {"name": "Platform Inc", "kind": "platform"}
    sharing = agreed("2026-08-01", to=["Platform Inc"], purpose="sharing", data=["email"])
    refusal = on("2026-09-01", "objection", channels="all", route="link", scope="marketing")
    for history in (
        [],
        bought("2026-02-01"),
        [sharing],
        [sharing, refusal],
        [*bought("2026-02-01"), *BALANCED],
    ):
        act: dict[str, Any] = {
            "do": "share",
            "to": platform,
            "data": ["email"],
            "for": aim,
            "profile": profile,
        }
        plain, hashed, silent = (
            asks(TODAY, *history, **{**act, **more}) for more in ({"hashed": False}, {"hashed": True}, {})
        )
        assert plain.situation == hashed.situation == silent.situation
        assert plain.allowed == hashed.allowed == silent.allowed


# --- Copies that are kept -------------------------------------------------------------------------

REFUSED = on("2026-06-01", "objection", channels="all", route="link", scope="marketing")
ERASURE = on("2026-06-02", "request", kind="erasure", route="portal", about="everything")
AFTERWARDS: dict[str, list[Event]] = {
    "nothing": [],
    "an erasure request": [ERASURE],
    "a re-import": [got("2026-07-01", "third-party", by=BAKERY["name"])],
    "a merge of accounts": [on("2026-07-01", "relation", kind="account", model="free", terms_accepted=True)],
    "another purchase": list(bought("2026-07-01", "garden tools")),
    "all of it": [
        ERASURE,
        *bought("2026-07-01", "garden tools"),
        on("2026-07-02", "relation", kind="account"),
    ],
}


@pytest.mark.parametrize("afterwards", AFTERWARDS)
def test_a_suppression_entry_survives_all_that_comes_after_it(afterwards: str):
    """Erasure, re-import, merge, another product, another campaign: the entry stays, and it blocks."""
    history = [*bought("2026-01-01"), REFUSED, *AFTERWARDS[afterwards], CLEAN]
    entry: dict[str, Any] = {
        "what": "suppression-entry",
        "since": date(2026, 6, 1),
        "purpose": "block",
        "for_marketing": False,
    }
    for day in (TODAY, "2031-11-01", "2046-11-01"):
        assert asks(day, *history, do="keep", stated=True, reasoned=True, **entry).allowed
        for channel, product_, profile in product(ADDRESSED, ("plants", "garden tools"), PROFILES):
            assert not asks(day, *history, channel=channel, product=product_, profile=profile).allowed


def test_a_tax_copy_never_permits_marketing():
    """It lives on when the marketing copy has gone, and no mail, profile or upload may rest on it."""
    history = [*bought("2022-05-01"), REFUSED, ERASURE]
    kept: dict[str, Any] = {"do": "keep", "stated": True, "reasoned": True}
    invoice: dict[str, Any] = {"what": "invoice", "since": date(2022, 12, 31), "purpose": "tax"}
    copy: dict[str, Any] = {
        "what": "marketing-data",
        "since": date(2022, 5, 1),
        "purpose": "marketing",
        "for_marketing": True,
    }
    for day in ("2026-11-01", "2029-12-31"):
        assert asks(day, *history, **kept, **invoice, for_marketing=False).allowed
        assert not asks(day, *history, **kept, **invoice, for_marketing=True).allowed
        assert not asks(day, *history, **kept, **copy, term_months=240).allowed
        for channel in ADDRESSED:
            assert not asks(day, *history, CLEAN, channel=channel).allowed


def test_no_term_of_the_law_keeps_a_copy_that_is_used_for_marketing():
    """By parts: wherever a statutory or evidential term keeps a copy, it is not so used."""
    for rule in DUTCH.rules:
        if (
            rule.do == "keep"
            and rule.effect == PERMITS
            and rule.slug not in ("marketing-term", "anonymous-statistics")
        ):
            examined(rule)
            held = [p for p in parts(rule) if "act.for_marketing" in p.facts]
            assert held, rule.slug
            for branch in held[0].branches:
                assert branch.answer is not YES or YES not in branch.facts.get("act.for_marketing", {YES}), (
                    rule.slug
                )
