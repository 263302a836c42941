"""A snapshot is held to the records that it was made from: made anew, and compared."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from grondslag.cli import main
from grondslag.screening import make_snapshot, verify_snapshot
from grondslag.screening.audit import differences
from tests.differential.people import tables_of
from tests.differential.test_screening_equals_draw import DAYS, campaign_any, crowd_of
from tests.screening.shop import DAY, Shop


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Two customers, of whom one objects in a second delivery."""
    shop = Shop(tmp_path_factory.mktemp("kept"))
    shop.customers("anna", "bram")
    make_snapshot(shop.folder / "records", shop.folder / "people.snapshot", DAY)
    (shop.folder / "later").mkdir()
    shop.write("later/objection.csv", "subject,date,channels\nbram,2026-07-10,email\n")
    make_snapshot(shop.folder / "later", shop.folder / "people.snapshot", DAY)
    return shop


def run(shop: Shop, *names: str) -> tuple[int, list[str]]:
    where = [word for name in names for word in ("--records", str(shop.folder / name))]
    result = CliRunner().invoke(main, ["verify", str(shop.folder / "people.snapshot"), *where])
    return result.exit_code, result.output.splitlines()


def test_a_snapshot_of_its_records_differs_in_nothing(kept: Shop) -> None:
    assert run(kept, "records", "later") == (
        0,
        [f"It says what the records say: 2 people, weighed on {DAY}."],
    )
    assert run(kept)[0] == 2


def test_a_delivery_that_is_left_out_is_told_and_nobody_is_named(kept: Shop) -> None:
    code, said = run(kept, "records")
    assert (code, said[0]) == (1, "Do not use it.")
    assert said[1].startswith("  - objection.csv (") and said[1].endswith("is not among these records")
    assert said[2:] == [
        "  - the snapshot counts 7 records, the records 6",
        "  - 1 person with another history",
        "  - 2 people with a wrong pattern (x)",
    ]


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("DELETE FROM subjects WHERE subject = 'bram'", "1 person missing"),
        ("INSERT INTO subjects VALUES (9, 'zoe', NULL)", "1 person not in the records"),
        ("DELETE FROM histories WHERE number = 0 AND day IS NOT NULL", "1 person with another history"),
        ("UPDATE states SET turn = turn + 1", "2 people in another state"),
        ("UPDATE states SET obstacle = 1 WHERE number = 0", "1 person in another state"),
        (
            "UPDATE states SET pattern = (SELECT min(pattern) FROM states)",
            "2 people with a wrong pattern (x)",
        ),
        ("UPDATE contents SET fields = replace(fields, 'soap', 'cars')", "2 people with other products"),
        (
            "UPDATE examples SET day = day - 1",
            "2 people who stand for others with another history than their own",
        ),
        (
            "INSERT INTO contacts (subject, email) VALUES ('anna', 'a@x.nl')",
            "1 row of contact details only in the snapshot",
        ),
    ],
)
def test_what_was_changed_in_a_snapshot_is_found(kept: Shop, tmp_path: Path, sql: str, fault: str) -> None:
    good, changed = kept.folder / "people.snapshot", tmp_path / "changed.snapshot"
    shutil.copy(good, changed)
    with duckdb.connect(changed) as con:
        con.execute(sql)
    assert fault in differences(changed, good)


@pytest.mark.timeout(300)
def test_deliveries_of_any_people_on_other_days_differ_in_nothing(tmp_path: Path) -> None:
    rng = random.Random(1)
    at = DAYS[3]
    people = crowd_of(rng, campaign_any(rng, at), at, 16, 2)
    names = list(people)
    parts = [names[:20], names[20:]]
    folders = []
    for number, part in enumerate(parts):
        folder = tmp_path / f"delivery{number}"
        folder.mkdir()
        for kind, table in tables_of({name: people[name] for name in part}).items():
            pq.write_table(table.drop(["line"]), folder / f"{kind}.parquet")
        folders.append(folder)
        make_snapshot(folder, tmp_path / "people.snapshot", at.replace(month=at.month - 1 + number))
    about, told = verify_snapshot(tmp_path / "people.snapshot", folders)
    assert (about.people, told) == (len(people), ())
