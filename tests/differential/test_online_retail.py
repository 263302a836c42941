"""The real shop: what the example prints about everybody holds of each customer alone."""

from __future__ import annotations

import csv
import os
import random
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml

from examples.online_retail import run
from examples.online_retail.make_records import HERE, LINES, make
from grondslag.decide import decide
from grondslag.facts import draw
from grondslag.law.terms import Customer
from grondslag.screening import cases_of, load_campaign, screen_files
from tests.register.server import database

DAY = date(2011, 12, 9)
CAMPAIGN = HERE / "campaign.yaml"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The records of the shop, in a folder."""
    folder = tmp_path_factory.mktemp("online_retail")
    make(folder)
    return folder


def rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(newline="") as file:
        return {row["subject"]: row for row in csv.DictReader(file)}


@pytest.mark.timeout(300)
def test_customers_decided_one_by_one_have_the_rows_of_the_screening(shop: Path) -> None:
    screen_files(CAMPAIGN, shop / "records", shop / "audience.csv", DAY, shop / "out")
    allowed, refused = rows(shop / "out/allowed.csv"), rows(shop / "out/refused.csv")
    everybody = list(rows(shop / "audience.csv"))
    assert len(everybody) == 4372 == len(allowed) + len(refused)
    sample = random.Random(1).sample(everybody, 400)
    for subject, case in cases_of(load_campaign(CAMPAIGN), shop / "records", sample, DAY).items():
        decision = decide(draw(case), at=DAY)
        assert decision.allowed == (subject in allowed)
        row = (allowed if decision.allowed else refused)[subject]
        assert row["rule"] == decision.rule
        said = row["duties"] if decision.allowed else row["rules"]
        assert said == "|".join(decision.duties if decision.allowed else decision.rules)


@pytest.mark.timeout(300)
def test_what_make_run_does_is_done_on_postgresql_too(
    server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run.main(database(server, f"gift_{os.getpid()}"), tmp_path)
    told = capsys.readouterr().out
    assert "123,707  entries; 8 rows repeat another, 0 were refused" in told
    assert "2,801  may be approached" in told
    assert "entries of a log of 123906\n  GOOD" in told
    assert "Each of 199 kept decisions comes out the same" in told


def test_who_only_cancelled_is_no_customer(shop: Path) -> None:
    lines = duckdb.sql(
        f"SELECT CustomerID FROM '{LINES}' GROUP BY CustomerID HAVING bool_and(InvoiceNo LIKE 'C%')"
    ).fetchall()
    cancelled_only = [str(customer) for (customer,) in lines if customer is not None]
    assert len(cancelled_only) == 33
    for case in cases_of(load_campaign(CAMPAIGN), shop / "records", cancelled_only, DAY).values():
        assert {relation.customer for relation in draw(case).relations} <= {Customer.NONE}


def test_the_campaign_takes_its_map_from_the_product_groups() -> None:
    groups = yaml.safe_load((HERE / "product_groups.yaml").read_text())
    products = yaml.safe_load(CAMPAIGN.read_text())["products"]
    assert {step: products[step] for step in groups["maps"]["christmas"]} == groups["maps"]["christmas"]
    for offered, steps in groups["maps"].items():
        named = [product for products in steps.values() for product in products]
        assert sorted(named) == sorted(groups["groups"]), offered
