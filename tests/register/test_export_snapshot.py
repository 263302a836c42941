"""A snapshot that an export keeps up says what one made anew of the tables says, and holds nothing else."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pytest
from click.testing import CliRunner

from grondslag.cli import main
from grondslag.errors import BadCase
from grondslag.law.profiles import STRICT
from grondslag.register.export import Exported, export
from grondslag.register.register import Register
from grondslag.screening import audience as audiences
from grondslag.screening import make_snapshot
from grondslag.screening.audit import differences
from grondslag.screening.files import about_of
from grondslag.screening.patterns import NAME
from grondslag.screening.snapshot import About, Snapshot
from grondslag.screening.verdicts import screened
from tests.anomaly.test_every_write_fails import PowerCut, When, Wire
from tests.register.conftest import MASTER
from tests.register.test_deciding import CONSENT as GIVEN
from tests.register.test_deciding import campaign
from tests.register.test_export import anything
from tests.register.test_forgetting import BOB, PURCHASE, nothing_held
from tests.register.test_recording import ANNA, NOW, TODAY, consent, objection
from tests.thorough import seeds

FRESH: dict[str, Any] = {"consent": GIVEN, "date": "2026-10-01"}
CAMPAIGNS = [campaign(channel=channel) for channel in ("email", "phone")]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Register]:
    place = tmp_path / "shop.register"
    with Register.new(place, MASTER, controller="Shop BV", origin="shop.example/log") as register:
        yield register


def kept(register: Register, folder: Path, at: date = TODAY) -> Exported:
    return export(register, folder / "tables", at=at, snapshot=folder / "people.snapshot")


def verdicts(path: Path, at: date) -> dict[str, list[Any]]:
    """Whether everybody in a snapshot may be approached with each campaign, and why."""
    con = ibis.duckdb.connect()
    snapshot = Snapshot.open(con, path)
    names = sorted(name for (name,) in con.raw_sql(f"SELECT subject FROM {NAME}.subjects").fetchall())
    people = audiences.of_memory(con, ibis.memtable({"subject": names}), snapshot.known())
    told: dict[str, list[Any]] = {name: [] for name in names}
    for each in CAMPAIGNS:
        found = screened(each, snapshot, people, at, STRICT)
        said = [(v.allowed, v.rule, v.rules, v.duties) for v in found.verdicts]
        for line, code in zip(found.lookup.lines.tolist(), found.codes.tolist(), strict=True):
            told[names[line - 1]].append(said[code])
    con.disconnect()
    return told


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", seeds(1))
def test_whatever_is_done_it_says_what_one_made_anew_says(shop: Register, tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    born = {"subject": {"id": "K-9"}, "date": "2009-05-05", "person": {"age": 0}}
    shop.record(born, consent("9", {"id": "K-9"}), consent("8", {"id": "K-8"}, **FRESH), at=NOW)
    kept_up, answers = 0, set()
    for n in range(27):
        at = anything(shop, rng, n).date()
        if n % 9 != 8 or not kept(shop, tmp_path, at).kept_up:
            continue
        make_snapshot(tmp_path / "tables", tmp_path / f"{n}.snapshot", at)
        assert differences(tmp_path / "people.snapshot", tmp_path / f"{n}.snapshot") == ()
        told = verdicts(tmp_path / "people.snapshot", at)
        assert told == verdicts(tmp_path / f"{n}.snapshot", at)
        kept_up += 1
        answers |= {allowed for each in told.values() for allowed, *_ in each}
    assert kept_up == 2 and answers == {True, False}


def test_nothing_of_whoever_is_forgotten_is_left_in_the_file(shop: Register, tmp_path: Path) -> None:
    """Who goes by a whole number is looked up by his place, and that moves up."""
    zoe = {"id": "20011", "email": "zoe@zeldzaam.nl"}
    bought = {**PURCHASE, "relation": {"kind": "purchase", "product": "harpsichord", "paid": True}}
    shop.record(*(consent(id_, {"id": id_}, **FRESH) for id_ in ("20010", "20012", "20013")), at=NOW)
    shop.record({**bought, "subject": zoe}, at=NOW)
    kept(shop, tmp_path)
    traces = (b"20011", b"zoe@zeldzaam.nl", b"harpsichord")
    assert all(trace in (tmp_path / "people.snapshot").read_bytes() for trace in traces)
    shop.erase(zoe, nothing_held, "request", NOW)
    shop.record(objection("o", {"id": "20012"}), at=NOW)
    assert kept(shop, tmp_path).kept_up
    file = (tmp_path / "people.snapshot").read_bytes()
    assert b"20013" in file and not any(trace in file for trace in traces)
    told = verdicts(tmp_path / "people.snapshot", TODAY)
    assert {name: said[0][0] for name, said in told.items()} == {"20010": True, "20012": False, "20013": True}


def test_of_nobody_there_is_no_snapshot(shop: Register, tmp_path: Path) -> None:
    shop.record(consent(), at=NOW)
    kept(shop, tmp_path)
    shop.erase(ANNA, nothing_held, "request", NOW)
    assert kept(shop, tmp_path).weighed is None
    assert not (tmp_path / "people.snapshot").exists()


def test_rows_that_cannot_be_read_are_told_by_their_place_in_the_tables(
    shop: Register, tmp_path: Path
) -> None:
    """What is said of one day, and cannot both be true, bars somebody until it is corrected."""
    listed = {"subject": ANNA, "date": "2026-01-01", "register": {"name": "door-sticker", "listed": True}}
    of_bob = {**listed, "subject": BOB}
    unlisted = {**of_bob, "register": {"name": "door-sticker", "listed": False}}
    shop.record({**of_bob, "id": "r1"}, {**unlisted, "id": "r2"}, at=NOW)
    kept(shop, tmp_path)
    shop.record(consent("c", ANNA), {**listed, "id": "r3"}, at=NOW)
    assert kept(shop, tmp_path).kept_up
    make_snapshot(tmp_path / "tables", tmp_path / "anew.snapshot", TODAY)
    told = rejects(tmp_path / "people.snapshot")
    assert told == rejects(tmp_path / "anew.snapshot") and len(told) == 5


def rejects(path: Path) -> list[Any]:
    with duckdb.connect(path, read_only=True) as con:
        ((told,),) = con.sql("SELECT told FROM about").fetchall()
        return [*About.read(told).sources, *con.sql("FROM rejects ORDER BY ALL").fetchall()]


def test_cut_off_at_any_moment_the_next_export_sets_it_right(
    shop: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.record(consent(), consent("2", BOB), at=NOW)
    kept(shop, tmp_path)
    shop.record(objection(), at=NOW)
    moments: tuple[tuple[When, int], ...] = (("before", 2), ("after", 3))
    for when, records in moments:
        path, wire = Path.rename, Wire(1, when)
        with monkeypatch.context() as patch, pytest.raises(PowerCut):
            patch.setattr(Path, "rename", lambda *given, path=path, wire=wire: wire(path, *given))
            kept(shop, tmp_path)
        assert about_of(tmp_path / "people.snapshot").records == records, "all of it or nothing"
    assert not kept(shop, tmp_path).kept_up, "it is ahead of the tables"


def test_what_is_no_snapshot_is_left_alone(shop: Register, tmp_path: Path) -> None:
    (tmp_path / "people.snapshot").write_text("mine")
    with pytest.raises(BadCase, match="is no snapshot"):
        kept(shop, tmp_path)
    assert (tmp_path / "people.snapshot").read_text() == "mine"


def test_the_command_says_whether_it_was_kept_up_and_verify_that_it_agrees(
    shop: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRONDSLAG_KEY", base64.b64encode(bytes(range(32))).decode())
    tables, file = tmp_path / "tables", tmp_path / "people.snapshot"
    given = ["export", str(tmp_path / "shop.register"), "--out", str(tables), "--snapshot", str(file)]

    def run(*words: str) -> str:
        result = CliRunner().invoke(main, list(words))
        assert result.exit_code == 0, result.output
        return result.output.splitlines()[-1]

    shop.record(consent(), consent("2", BOB), at=NOW)
    day = ["--date", str(TODAY)]
    assert run(*given, *day).endswith(f"2 people, in {file}, made of all the tables.")
    shop.record(objection(), at=NOW)
    assert run(*given, *day).endswith(f"2 people, in {file}, kept up.")
    assert run("verify", str(file), "--records", str(tables)).startswith("It says what the records say: 2")
