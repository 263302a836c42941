"""Records of what a person did before being born: as impossible in tables as in a situation file."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from grondslag.screening import make_snapshot
from tests.screening.shop import DAY, Shop

TOO_YOUNG = 5
"""Years of age of somebody who bought when he was not born yet."""
AN_AGE_BEFORE = DAY.replace(year=DAY.year - TOO_YOUNG - 1)


def with_purchase_of(shop: Shop, day: date) -> None:
    shop.customers("anna", "berend")
    shop.records("person", f"subject,kind,age\nanna,consumer,{TOO_YOUNG}\nberend,consumer,\n")
    rows = [f"anna,{day},purchase,soap,true,2026-12-31", "berend,1990-01-05,purchase,soap,true,2026-12-31"]
    shop.records("relation", "\n".join(["subject,date,kind,product,paid,until", *rows]) + "\n")


@pytest.mark.parametrize(("days", "refused"), [(0, True), (1, False)])
def test_a_purchase_of_the_day_of_birth_is_refused_and_one_of_the_day_after_is_not(
    shop: Shop, days: int, refused: bool
) -> None:
    with_purchase_of(shop, AN_AGE_BEFORE + timedelta(days=days))
    outcome = shop.screen()
    assert outcome.rejects() == ([("relation.csv", 2)] if refused else [])
    assert ("anna" in outcome.refused()) is refused
    assert "berend" in outcome.allowed(), "nothing is known of his age"
    assert all("born" in row["reason"] for row in outcome.rows("rejects"))
    (told,) = [table for table in outcome.summary.records if table.file == "relation.csv"]
    assert (told.rows, told.rejected) == (2, int(refused))


def test_a_party_may_have_got_the_details_of_somebodys_parents_before_his_birth(shop: Shop) -> None:
    with_purchase_of(shop, DAY - timedelta(days=100))
    shop.records(
        "collected", "subject,date,details,in,opt_out_offered\nanna,1990-01-05,email,sale,separately\n"
    )
    assert shop.screen().rejects() == []


@pytest.mark.parametrize("age_first", [True, False])
def test_an_age_and_an_older_record_that_come_in_different_deliveries_are_refused_too(
    shop: Shop, age_first: bool
) -> None:
    with_purchase_of(shop, AN_AGE_BEFORE)
    records = shop.folder / "records"
    held_back = records / ("relation.csv" if age_first else "person.csv")
    later = shop.folder / "later" / held_back.name
    later.parent.mkdir()
    held_back.rename(later)
    path = shop.folder / "snapshot.duckdb"
    make_snapshot(records, path, DAY)
    about = make_snapshot(later.parent, path, DAY)
    assert about.nameless == 0
    for file in records.iterdir():
        file.unlink()
    records.rmdir()
    path.rename(records)
    outcome = shop.screen()
    assert "anna" in outcome.refused()
    assert "berend" in outcome.allowed()
    assert outcome.rejects() == [(held_back.stem, 2)]
