"""What the exports of other programs prove, format by format: each sample file and the entries it gives.

With ``GOLDEN=write`` the expected entries are written anew.
"""

from __future__ import annotations

import json
import os
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from grondslag.decide import decide
from grondslag.facts import draw
from grondslag.law.profiles import Profile
from grondslag.register.imports import NAMES, Row, load, read, recognise
from grondslag.situations import parse_case
from grondslag.situations.findings import structure

SAMPLES = Path(__file__).parents[2] / "data" / "import_formats"
AT = date(2026, 11, 25)
FORMATS = {
    "activecampaign": "activecampaign",
    "brevo": "brevo",
    "civicrm_contact": "civicrm",
    "hubspot_contacts_consent_columns": "hubspot",
    "kit": "kit",
    "klaviyo_list": "klaviyo",
    "klaviyo_suppressions": "klaviyo-suppressions",
    "listmonk_export": "listmonk",
    "listmonk_import": "listmonk-import",
    "mailchimp_cleaned": "mailchimp-cleaned",
    "mailchimp_subscribed": "mailchimp-subscribed",
    "mailchimp_unsubscribed": "mailchimp-unsubscribed",
    "mailup_unsubscribed": "mailup-unsubscribed",
    "salesforce_contact": "salesforce",
    "shopify_customers": "shopify",
    "woocommerce_order_meta": "woocommerce",
}
TOO_PLAIN = ("activecampaign", "kit", "listmonk-import")
"""Formats of which the columns could be those of many programs."""


def rows(stem: str, at: date = AT) -> list[Row]:
    return list(read(SAMPLES / f"{stem}.csv", load(FORMATS[stem]), at))


def readable(stem: str) -> list[dict[str, Any]]:
    """The rows as a person wants to read them."""
    return [
        {"line": row.line}
        | ({"problem": row.problem.en} if row.problem else {})
        | ({"notes": [note.en for note in row.notes]} if row.notes else {})
        | ({"entries": list(row.entries)} if row.entries else {})
        for row in rows(stem)
    ]


def expected(stem: str) -> Path:
    return SAMPLES / "expected" / f"{stem}.yaml"


def test_every_format_has_a_sample():
    assert sorted(FORMATS.values()) == list(NAMES)
    assert sorted(FORMATS) == sorted(path.stem for path in SAMPLES.glob("*.csv"))


@pytest.mark.parametrize("stem", FORMATS)
def test_a_sample_gives_these_entries(stem: str):
    if os.environ.get("GOLDEN") == "write":
        apart = json.loads(json.dumps(readable(stem)))  # else YAML shows what entries share
        text = yaml.safe_dump(apart, sort_keys=False, allow_unicode=True, width=110)
        expected(stem).write_text(text, "utf-8")
    assert readable(stem) == yaml.safe_load(expected(stem).read_text("utf-8"))


@pytest.mark.parametrize("stem", FORMATS)
def test_every_entry_is_an_event_of_the_situation_format(stem: str):
    for row in rows(stem):
        for entry in row.entries:
            (kind,) = set(entry) - {"id", "subject", "date", "time", "proof"}
            assert structure(entry[kind], f"event-{kind}") == []
            assert len(entry["id"]) <= 200
            assert entry["proof"]["by"] == "import"
            assert entry["proof"]["source"].items() >= {"file": f"{stem}.csv", "line": row.line}.items()


@pytest.mark.parametrize("stem", FORMATS)
def test_the_columns_tell_the_format(stem: str):
    found = list(read(SAMPLES / f"{stem}.csv", None, AT)) if FORMATS[stem] not in TOO_PLAIN else []
    assert {row.format for row in found} <= {FORMATS[stem]}
    assert bool(found) is (FORMATS[stem] not in TOO_PLAIN)


def test_plain_columns_tell_no_format():
    assert recognise(["first_name", "email", "created_at", "status"]) is None
    assert recognise(["email", "name", "attributes"]) is None


def test_the_zip_of_mailchimp_is_read_as_it_comes(tmp_path: Path):
    packed = tmp_path / "audience_export.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for kind in ("subscribed", "unsubscribed", "cleaned"):
            text = (SAMPLES / f"mailchimp_{kind}.csv").read_bytes()
            file.writestr(f"{kind}_email_audience_export_8d1f.csv", text)
    found = list(read(packed, None, AT))
    assert [row.format for row in found] == [
        "mailchimp-subscribed",
        "mailchimp-subscribed",
        "mailchimp-unsubscribed",
        "mailchimp-cleaned",
    ]
    apart = [
        entry["id"]
        for kind in ("subscribed", "unsubscribed", "cleaned")
        for row in rows(f"mailchimp_{kind}")
        for entry in row.entries
    ]
    assert [entry["id"] for row in found for entry in row.entries] == apart


# --- What the law makes of it ------------------------------------------------------------------------------

SHOP = {"name": "Winkel BV", "kind": "company"}
MAIL = {
    "date": "2026-12-01",
    "do": "contact",
    "channel": "email",
    "content": "promotional",
    "purpose": "commercial",
    "product": "plants",
    "closeness": "same",
    "advertises": "own",
    "message": {"opt_out": "one-click", "identity": True, "address": True, "reply_works": True},
}
BOUGHT = [
    {
        "date": "2021-01-01",
        "collected": {
            "details": ["email", "phone", "address"],
            "in": "sale",
            "opt_out_offered": "separately",
            "opt_out_used": False,
            "informed": True,
        },
    },
    {"date": "2021-01-01", "relation": {"kind": "subscription", "product": "plants", "paid": True}},
]
"""A customer whom the shop may write to."""


CALL: dict[str, Any] = {
    "channel": "phone",
    "date": "2026-06-15",
    "call": {
        "number_shown": True,
        "identity_first": True,
        "objection_offered": True,
        "reachable_months": 12,
        "day": "working",
    },
}
"""On a day on which customers may still be rung."""


def may(entries: Any, beside: Any = (), profile: str = "strict", **act: Any) -> bool:
    """Whether the shop may approach the person on the ground of these entries."""
    history = [
        {key: value for key, value in entry.items() if key not in ("id", "subject", "time", "proof")}
        for entry in entries
    ]
    case = parse_case(
        {
            "controller": SHOP,
            "person": {"kind": "consumer"},
            "history": sorted([*beside, *history], key=lambda entry: entry["date"]),
            "act": MAIL | act,
        }
    )
    return decide(draw(case), at=case.act.date, profile=Profile.parse(profile)).allowed


def of(stem: str, line: int, at: date = AT) -> Any:
    return next(row.entries for row in rows(stem, at) if row.line == line)


@pytest.mark.parametrize("stem", FORMATS)
@pytest.mark.parametrize("profile", ["strict", "balanced", "permissive"])
def test_no_export_by_itself_gives_a_permission_to_mail(stem: str, profile: str):
    """The words and the screen are in none of them, and a consent has to be shown."""
    assert not any(may(row.entries, profile=profile) for row in rows(stem))


def test_a_customer_may_be_written_to_when_no_export_says_otherwise():
    assert may([], BOUGHT)
    assert may(of("mailchimp_subscribed", 2), BOUGHT)
    assert may(of("klaviyo_list", 2), BOUGHT)
    assert may(of("klaviyo_list", 3), BOUGHT)
    assert may(of("mailchimp_cleaned", 2), BOUGHT)


@pytest.mark.parametrize(
    ("stem", "line"),
    [
        ("activecampaign", 2),
        ("brevo", 2),
        ("hubspot_contacts_consent_columns", 3),
        ("klaviyo_list", 4),
        ("klaviyo_suppressions", 2),
        ("listmonk_export", 3),
        ("mailchimp_unsubscribed", 2),
        ("mailup_unsubscribed", 2),
        ("shopify_customers", 3),
        ("woocommerce_order_meta", 3),
    ],
)
def test_a_refusal_in_an_export_stops_the_mail_to_a_customer(stem: str, line: int):
    assert not may(of(stem, line), BOUGHT)


def test_a_refusal_of_one_channel_leaves_the_others():
    for stem in ("civicrm_contact", "salesforce_contact"):
        anna = of(stem, 2, date(2026, 6, 1))
        assert may(anna, BOUGHT)
        assert may([], BOUGHT, **CALL)
        assert not may(anna, BOUGHT, **CALL)


def test_the_double_opt_in_counts_once_the_words_are_shown():
    """Mailchimp knows the act and the check, not the text: with these added it is a consent like another."""
    (consent,) = of("mailchimp_subscribed", 2)
    words = {
        "about": "anything",
        "naming": "named",
        "conditional": False,
        "incentive": "none",
        "informed": True,
        "given_by": "person",
        "purpose": "marketing",
    }
    whole = {**consent, "consent": {**consent["consent"], **words}}
    assert not may([whole])
    shown = {**whole, "consent": {**whole["consent"], "evidence": "full"}}
    assert may([shown], [{"date": "2026-10-01", "interaction": {"kind": "clicked", "channel": "email"}}])


def test_the_import_of_an_administrator_is_no_consent_even_with_all_words():
    (consent,) = of("mailchimp_subscribed", 3)
    assert consent["consent"] == {"channels": ["email"], "evidence": "none"}
