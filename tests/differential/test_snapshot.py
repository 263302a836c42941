"""A snapshot says of everybody what the records say: after any updates, and on any day."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ibis
import pytest

from grondslag.law.profiles import STRICT
from grondslag.question import Case
from grondslag.screening import Campaign
from grondslag.screening import audience as audiences
from grondslag.screening import records as on_file
from grondslag.screening.snapshot import Snapshot
from grondslag.screening.verdicts import screened
from tests.differential.people import records_of
from tests.differential.test_screening_equals_draw import DAYS, campaign_any, crowd_of
from tests.thorough import seeds


def verdicts_of(
    con: Any, snapshot: Snapshot, campaign: Campaign, people: Mapping[str, Case], at: date
) -> list[Any]:
    audience = audiences.of_memory(con, ibis.memtable({"subject": list(people)}), snapshot.known())
    found = screened(campaign, snapshot, audience, at, STRICT)
    told = [(v.allowed, v.rule, v.rules, v.duties) for v in found.verdicts]
    return [told[code] for code in found.codes]


def snapshot_of(people: Mapping[str, Case], at: date) -> tuple[Any, Snapshot]:
    con = ibis.duckdb.connect()
    snapshot = Snapshot.make(con, at)
    snapshot.add(on_file.of_tables(con, records_of(con, people), at), at)
    return con, snapshot


@pytest.mark.parametrize("seed", seeds(1))
def test_on_another_day_a_snapshot_says_what_one_of_that_day_says(seed: int) -> None:
    rng = random.Random(seed)
    at = DAYS[seed % len(DAYS)]
    campaign = campaign_any(rng, at)
    people = crowd_of(rng, campaign, at, 40, 3)
    con, snapshot = snapshot_of(people, at)
    for days in (-500, -1, 40):
        then = at + timedelta(days=days)
        if campaign.channel == "post" and then < date(2018, 5, 25):
            continue
        fresh, of_then = snapshot_of(people, then)
        assert verdicts_of(con, snapshot, campaign, people, then) == verdicts_of(
            fresh, of_then, campaign, people, then
        )


@pytest.mark.parametrize("seed", seeds(2))
def test_after_any_updates_a_snapshot_says_what_all_records_together_say(seed: int) -> None:
    """Each record arrives in one of several deliveries, the later ones not always the younger."""
    rng = random.Random(seed)
    at = DAYS[seed % len(DAYS)]
    campaign = campaign_any(rng, at)
    people = crowd_of(rng, campaign, at, 30, 2)
    con = ibis.duckdb.connect()
    days = sorted(at - timedelta(days=rng.choice((0, 1, 30, 400))) for _ in range(3))
    deliveries: list[dict[str, Case]] = [{} for _ in days]
    for subject, case in people.items():
        arrives = [rng.randrange(len(days)) for _ in case.history]
        for n, delivery in enumerate(deliveries):
            history = tuple(e for e, when in zip(case.history, arrives, strict=True) if when == n)
            person = case.person if n == min(arrives, default=0) else {}
            if history or person:
                delivery[subject] = Case(case.controller, person, history, case.act)
    snapshot = Snapshot.make(con, days[0])
    for delivery, day in zip(deliveries, days, strict=True):
        if delivery:
            records = records_of(con, delivery)
            told = [subject for subject, case in delivery.items() if case.person]
            # A row in ``person`` takes the place of an earlier one, also when it says less.
            records["person"] = records["person"].filter(records["person"].subject.isin(told or [""]))
            snapshot.add(on_file.of_tables(con, records, day, snapshot.contents()), day)
    fresh, whole = snapshot_of(people, at)
    assert verdicts_of(con, snapshot, campaign, people, at) == verdicts_of(fresh, whole, campaign, people, at)


def test_a_snapshot_in_a_file_is_screened_on_another_day_by_who_never_saw_it_made(tmp_path: Path) -> None:
    rng = random.Random(7)
    at = DAYS[-1]
    campaign = campaign_any(rng, at)
    people = crowd_of(rng, campaign, at, 10, 2)
    con = ibis.duckdb.connect()
    snapshot = Snapshot.make(con, at, tmp_path / "snapshot.duckdb")
    snapshot.add(on_file.of_tables(con, records_of(con, people), at), at)
    con.raw_sql("DETACH snapshot")
    later = at + timedelta(days=200)
    other = ibis.duckdb.connect()
    opened = Snapshot.open(other, tmp_path / "snapshot.duckdb")
    fresh, of_then = snapshot_of(people, later)
    assert verdicts_of(other, opened, campaign, people, later) == verdicts_of(
        fresh, of_then, campaign, people, later
    )
