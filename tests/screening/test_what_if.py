"""What if: another day, and the months ahead."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from grondslag.errors import BadCase
from grondslag.screening import forecast_files, make_snapshot
from tests.screening.shop import CAMPAIGN, DAY, Shop
from tests.thorough import THOROUGH


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """Two customers, of whom one has objected by the tenth of August."""
    shop.customers("anna", "bram")
    shop.records("objection", "subject,date,channels\nbram,2026-08-10,email\n")
    return shop


def test_on_a_later_day_who_has_objected_by_then_is_lost(shop: Shop) -> None:
    outcome = shop.screen(against="2026-08-10")
    told = outcome.summary.comparison
    assert told is not None and (told.both, told.neither, told.gained, told.lost) == (1, 0, 0, 1)
    assert [(change.before, change.after) for change in told.changes] == [("D-03", "R-01")]
    assert [(row["subject"], row["now"], row["rule_now"]) for row in outcome.rows("changed")] == [
        ("bram", "refused", "R-01")
    ]
    assert outcome.allowed() == {"anna", "bram"}


def test_receipt_and_page_name_what_it_was_compared_with(shop: Shop) -> None:
    other = shop.write("other.yaml", CAMPAIGN.replace("Zomer", "Herfst"))
    for against, day, profile, name in (
        ("2026-08-10", "2026-08-10", "strict", "Zomer"),
        ("balanced,P-POST=strict", "2026-08-01", "balanced,P-POST=strict", "Zomer"),
        (str(other), "2026-08-01", "strict", "Herfst"),
    ):
        outcome = shop.screen(against=against, force=True)
        told = outcome.json("receipt")["compared"]
        assert (told["day"], told["profile"], told["campaign"]["name"]) == (day, profile, name)
        page = (outcome.folder / "report.html").read_text("utf-8")
        assert f"<dd>{name}, {day}, {profile}</dd>" in page
        assert told["campaign"]["sha256"] in page
    assert told["campaign"]["sha256"] == hashlib.sha256(other.read_bytes()).hexdigest()
    assert "compared" not in shop.screen(force=True).json("receipt")


def test_on_a_day_on_which_nobody_turned_everything_is_as_it_was(shop: Shop) -> None:
    told = shop.screen(against="2026-08-02").summary.comparison
    assert told is not None and (told.both, told.neither, told.changes) == (2, 0, ())


def test_what_is_no_day_profile_or_campaign_is_nothing_to_compare_with(shop: Shop) -> None:
    with pytest.raises(BadCase, match="is nothing to compare with"):
        shop.screen(against="next week")


@pytest.mark.parametrize("kept", [False, True])
def test_month_by_month_the_audience_shrinks_as_objections_and_terms_come_due(shop: Shop, kept: bool) -> None:
    records = shop.folder / "records"
    if kept:
        make_snapshot(records, shop.folder / "snapshot.duckdb", DAY)
        records = shop.folder / "snapshot.duckdb"
    # A purchase of 5 January 2026 makes a customer for twenty-four months, in the strict profile.
    expected = {DAY: 2, date(2026, 9, 1): 1, date(2028, 1, 1): 1, date(2028, 2, 1): 0}
    months = 18 if kept or THOROUGH else 1
    told = forecast_files(shop.folder / "campaign.yaml", records, DAY, months=months, channels=("email",))
    found = {month.day: month.allowed for month in told.of("email")}
    assert {day: found[day] for day in expected if day in found} == dict([*expected.items()][: len(found)])
    if months > 1:
        assert {loss.rule for loss in told.of("email")[-1].lost} == {"R-01", "D-10"}
