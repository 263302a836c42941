from __future__ import annotations

import random
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from grondslag.errors import BadCase
from grondslag.register import export as exporting
from grondslag.register import unsealing
from grondslag.register.export import export
from grondslag.register.register import Register
from grondslag.register.retaining import lessen
from grondslag.register.schedule import carried
from grondslag.register.store import Row
from tests.register.conftest import MASTER, Opener
from tests.register.test_deciding import CONSENT as GIVEN
from tests.register.test_forgetting import BOB, PURCHASE, nothing_held
from tests.register.test_recording import ANNA, NOW, TODAY, consent, objection


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    found = duckdb.sql(f"SELECT * FROM '{folder / table}.parquet' ORDER BY ALL")
    return [
        {name: each for name, each in zip(found.columns, row, strict=True) if each is not None}
        for row in found.fetchall()
    ]


FULL = {
    "channels": ["email", "sms"], "about": "anything", "to": ["Shop BV"], "by": "double-opt-in",
    "informed": True, "months": 24, "verified": {"date": "2024-03-15", "by": "sms"},
}  # fmt: skip


def test_each_event_is_a_row_as_a_screening_reads_it(register: Register, tmp_path: Path) -> None:
    register.record(consent(consent=FULL), PURCHASE, objection(subject=BOB), at=NOW)
    register.record(
        {
            "subject": {"email": "c@klant.nl"},
            "date": "2024-01-01",
            "register": {"name": "door-sticker", "listed": True},
        },
        at=NOW,
    )
    done = export(register, tmp_path / "out", at=TODAY)
    assert done.rows == {"consent": 1, "relation": 1, "objection": 1, "register": 1, "contact": 3}
    assert (done.entries, done.people, done.apart) == (4, 3, 0)
    assert rows(tmp_path / "out", "consent") == [
        {"subject": "K-1", "date": date(2024, 3, 14), "channels": ["email", "sms"], "about": ["anything"],
         "to": ["Shop BV"], "by": "double-opt-in", "informed": True, "months": 24,
         "verified_date": date(2024, 3, 15), "verified_by": "sms"}
    ]  # fmt: skip
    (refused,) = rows(tmp_path / "out", "objection")
    assert (refused["subject"], refused["channels"]) == ("K-2", ["all"])
    (listed,) = rows(tmp_path / "out", "register")
    assert listed["subject"].startswith("#") and listed["listed"] == "true"


def test_whoever_is_not_simply_rows_is_as_the_history_has_it(register: Register, tmp_path: Path) -> None:
    register.record(consent(consent=FULL, subject=ANNA | {"phone": "0612345678"}), at=NOW)
    register.record(
        {"subject": ANNA, "date": "2025-01-01", "contact": {"phone": "0687654321"}},
        {"subject": ANNA, "date": "2025-01-01", "person": {"kind": "consumer", "age": 15}},
        at=NOW,
    )
    done = export(register, tmp_path / "out", at=TODAY)
    assert done.apart == 1
    (row,) = rows(tmp_path / "out", "consent")
    assert row["channels"] == ["email"], "the text messages were to another number"
    assert rows(tmp_path / "out", "person") == [{"subject": "K-1", "kind": "consumer", "age": 16}]
    (contact,) = rows(tmp_path / "out", "contact")
    assert contact["phone"] == "+31687654321"


def test_two_ids_of_one_person_both_have_the_rows(register: Register, tmp_path: Path) -> None:
    register.record(consent(), objection(subject=BOB), at=NOW)
    register.merge(BOB, ANNA, "one person", NOW)
    export(register, tmp_path / "out", at=TODAY)
    assert [row["subject"] for row in rows(tmp_path / "out", "objection")] == ["K-1", "K-2"]
    assert [row["subject"] for row in rows(tmp_path / "out", "consent")] == ["K-1", "K-2"]


def test_nobody_who_was_forgotten_is_in_it_and_whoever_has_the_address_has_objected(
    register: Register, tmp_path: Path
) -> None:
    register.record(consent(), consent("2", BOB), at=NOW)
    register.erase(ANNA, nothing_held, "request", NOW)
    register.record(consent("3", ANNA | {"id": "K-9"}, date="2024-05-05"), at=NOW)
    export(register, tmp_path / "out", at=TODAY)
    assert [row["subject"] for row in rows(tmp_path / "out", "consent")] == ["K-2", "K-9"]
    assert [row["subject"] for row in rows(tmp_path / "out", "objection")] == ["K-9"]


def test_what_was_known_then_is_exported_as_it_was_known(register: Register, tmp_path: Path) -> None:
    register.record(consent(), at=NOW)
    register.record(objection(), at=NOW + timedelta(days=1))
    assert export(register, tmp_path / "then", at=TODAY, known=NOW).rows == {"consent": 1, "contact": 1}
    assert export(register, tmp_path / "then", at=date(2024, 3, 13), known=NOW).rows == {"contact": 1}


def test_a_folder_with_something_else_is_left_alone(register: Register, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    with pytest.raises(BadCase, match="holds thesis"):
        export(register, tmp_path / "out", at=TODAY)
    assert (tmp_path / "out" / "thesis.txt").read_text() == "mine"


def test_an_empty_register_gives_no_tables(opening: Opener, tmp_path: Path) -> None:
    assert export(opening(), tmp_path / "out", at=TODAY).rows == {}


def tables(folder: Path) -> dict[str, list[dict[str, Any]]]:
    return {path.stem: rows(folder, path.stem) for path in folder.glob("[a-z]*.parquet")}


STEPS = (*["event"] * 4, "correct", "merge", "split", "erase", "lessen", "detail", "age", "nothing")


def anything(register: Register, rng: random.Random, n: int) -> datetime:
    """Do the nth thing, whatever that is, to somebody; what cannot be done is left.

    :returns: when it was done.
    """
    moment = NOW + timedelta(days=11 * n)
    subject = {"id": f"K-{rng.randrange(6)}", "email": f"p{rng.randrange(6)}@klant.nl"}
    day, given = moment.date().isoformat(), rng.choice((GIVEN, FULL))
    with suppress(BadCase):
        match rng.choice(STEPS):
            case "event":
                events = (consent(consent=given), objection(), PURCHASE)
                register.record(
                    {**rng.choice(events), "id": f"e{n}", "subject": subject, "date": day}, at=moment
                )
            case "correct":
                register.record(
                    consent(f"e{n}", subject, corrects=f"e{rng.randrange(n + 1)}", consent=given), at=moment
                )
            case "detail":
                known: dict[str, Any] = {"contact": {"email": f"new{n}@klant.nl"}}
                register.record({"subject": subject, "date": "2024-05-05", **known}, at=moment)
            case "age":
                known = {"person": {"age": 9}}
                register.record({"subject": subject, "date": "2024-05-05", **known}, at=moment)
            case "merge":
                register.merge(subject, {"id": f"K-{rng.randrange(6)}"}, "one person", moment)
            case "split":
                register.split({"id": subject["id"]}, "two people", moment)
            case "erase":
                register.erase({"id": subject["id"]}, nothing_held, "request", moment)
            case "lessen":
                whom = register.known({"id": subject["id"]})
                lessen(register, whom, carried(), "objection", moment)
    return moment


def test_going_on_from_an_export_comes_to_the_same_as_a_new_one(register: Register, tmp_path: Path) -> None:
    rng = random.Random(2)
    went_on = 0
    for n in range(24):
        moment = anything(register, rng, n)
        if n % 4:
            continue
        on = export(register, tmp_path / "on", at=moment.date())
        anew = export(register, tmp_path / f"anew{n}", at=moment.date())
        assert tables(tmp_path / "on") == tables(tmp_path / f"anew{n}")
        assert (on.rows, on.people) == (anew.rows, anew.people)
        went_on += on.anew < anew.anew
    assert went_on > 2, "only what changed was made again"


def test_a_few_at_a_time_come_to_the_same_as_all_at_once(
    register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(3)
    day = [anything(register, rng, n) for n in range(30)][-1].date()
    whole = export(register, tmp_path / "whole", at=day)
    monkeypatch.setattr(exporting, "CHUNK", 4)
    monkeypatch.setattr(exporting, "_TOGETHER", 1)
    assert export(register, tmp_path / "some", at=day) == whole
    assert tables(tmp_path / "some") == tables(tmp_path / "whole") != {}


def test_what_the_folder_is_called_means_nothing_to_the_engine(register: Register, tmp_path: Path) -> None:
    out = tmp_path / "is it [1] or *?"
    register.record(consent(), objection(subject=BOB), at=NOW)
    export(register, out, at=NOW.date())
    register.record(objection("2"), at=NOW)
    assert export(register, out, at=NOW.date()).anew == 1
    assert len(list(out.glob("[a-z]*.parquet"))) == 3


def test_nothing_is_opened_when_nothing_was_recorded(register: Register, tmp_path: Path) -> None:
    register.record(consent(), objection(subject=BOB), at=NOW)
    first = export(register, tmp_path / "out", at=NOW.date())
    assert (first.entries, first.anew) == (2, 2)
    register.record(objection("2"), at=NOW)
    second = export(register, tmp_path / "out", at=NOW.date())
    assert (second.entries, second.anew, second.people) == (2, 1, 2)
    assert (third := export(register, tmp_path / "out", at=NOW.date())).entries == 0
    assert third.rows == second.rows


def test_tables_that_were_changed_are_not_gone_on_from(register: Register, tmp_path: Path) -> None:
    register.record(consent(), at=NOW)
    export(register, tmp_path / "out", at=NOW.date())
    duckdb.sql("SELECT 'K-7' AS subject").write_parquet(str(tmp_path / "out" / "consent.parquet"))
    assert export(register, tmp_path / "out", at=NOW.date()).entries == 1
    assert [row["subject"] for row in rows(tmp_path / "out", "consent")] == ["K-1"]


def test_an_export_of_an_earlier_day_is_not_gone_on_from(register: Register, tmp_path: Path) -> None:
    register.record(consent(), objection(date="2024-06-01"), at=NOW)
    assert "objection" not in export(register, tmp_path / "out", at=date(2024, 5, 1)).rows
    assert "objection" in export(register, tmp_path / "out", at=NOW.date()).rows


def test_several_processes_open_the_same(tmp_path: Path) -> None:
    place = tmp_path / "shop.register"
    with Register.new(place, MASTER, controller="Shop BV", origin="shop.example/log") as register:
        register.record(consent(), PURCHASE, objection(subject=BOB), at=NOW)
        export(register, tmp_path / "one", at=TODAY)
        export(register, tmp_path / "two", at=TODAY, workers=2)
    assert tables(tmp_path / "one") == tables(tmp_path / "two") != {}


def test_who_is_sealed_anew_meanwhile_is_opened_as_he_was(
    opening: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register, other = opening(), opening()
    register.record(consent(), PURCHASE, objection("o", ANNA), at=NOW)
    if not other.store.shared:  # to overwrite what was destroyed, it waits for whoever reads
        other.store.rows("PRAGMA busy_timeout = 100")
    keys, lessened = unsealing.Unsealer._keys, list[object]()

    def late(self: unsealing.Unsealer, some: unsealing.Some) -> list[Row]:
        if not lessened:
            lessened.append(lessen(other, other.known(ANNA), carried(), "objection", NOW))
        return keys(self, some)

    monkeypatch.setattr(unsealing.Unsealer, "_keys", late)
    export(register, tmp_path / "out", at=TODAY)
    assert [row["kind"] for row in rows(tmp_path / "out", "relation")] == ["purchase"]
    export(register, tmp_path / "out", at=TODAY)
    assert rows(tmp_path / "out", "objection") and not (tmp_path / "out" / "relation.parquet").exists()
