"""`grondslag import`: counts, rejects, what is left out, and going on after whatever stopped it."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from grondslag.cli import main
from grondslag.register.imports import NAMES, load, read
from grondslag.register.register import Register
from grondslag.registers import importing
from grondslag.registers import opening as opening_
from tests.register.conftest import opening, place, register, server
from tests.register.imports.conftest import SAMPLES, line
from tests.register.imports.test_formats import FORMATS
from tests.register.test_forgetting import nothing_held
from tools.exports import make

__all__ = ["opening", "place", "register", "server"]

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
KEY = base64.b64encode(bytes(range(32))).decode()
Import = Callable[..., dict[str, Any]]


@pytest.fixture
def run(
    register: Register, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Runs the command on a new register, some days after the first."""
    monkeypatch.setenv("GRONDSLAG_KEY", KEY)
    monkeypatch.chdir(tmp_path)

    def do(*args: object, later: float = 0) -> Result:
        for module in (importing, opening_):
            monkeypatch.setattr(module, "now", lambda: NOW + timedelta(days=later))
        return CliRunner().invoke(main, ["import", place, *map(str, args)])

    return do


@pytest.fixture
def imported(run: Callable[..., Result]) -> Import:
    """The same, and reads what it tells in JSON."""

    def do(*args: object, later: float = 0) -> dict[str, Any]:
        done = run(*args, "--json", later=later)
        assert done.exit_code in (0, 1), done.output
        told: dict[str, Any] = json.loads(done.output)
        return told

    return do


def file(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder / name


def entries(register: Register) -> int:
    ((count,),) = register.store.rows("SELECT count(*) FROM entry")
    return int(count)


# --- Every format ------------------------------------------------------------------------------------------


def test_every_sample_is_known_the_second_time(imported: Import, register: Register) -> None:
    first = [imported(SAMPLES / f"{stem}.csv", "--as", as_) for stem, as_ in FORMATS.items()]
    there = entries(register)
    # A refusal that may be of several of these people is there once for each.
    assert there >= sum(told["recorded"] for told in first) > 20
    for (stem, as_), before in zip(FORMATS.items(), first, strict=True):
        told = imported(SAMPLES / f"{stem}.csv", "--as", as_, later=1)
        assert (told["recorded"], told["known"]) == (0, before["recorded"] + before["known"]), stem
        assert told["rejected"] == before["rejected"] and told["suppressed"] >= before["suppressed"], stem
        assert told["notes"] == before["notes"], stem
    assert entries(register) == there


def test_the_columns_tell_what_a_file_is(run: Callable[..., Result]) -> None:
    done = run(SAMPLES / "listmonk_export.csv")
    assert "rows of listmonk_export.csv, read as listmonk, listmonk, the export of subscribers" in done.output


def test_a_file_of_no_known_format_is_refused(run: Callable[..., Result], tmp_path: Path) -> None:
    done = run(file(tmp_path, "x.csv", "a,b\n1,2\n"))
    assert done.exit_code == 2
    assert "x.csv: is of no format that its columns tell; say --as" in done.stderr
    assert run(file(tmp_path, "x.csv", "a,b\n1,2\n"), "--as", "brevo").exit_code == 2


def test_a_day_to_come_is_refused(run: Callable[..., Result]) -> None:
    done = run(SAMPLES / "brevo.csv", "--date", "2026-12-01")
    assert done.exit_code == 2 and "--date: is still to come" in done.stderr


def test_just_after_midnight_it_is_today_already(run: Callable[..., Result]) -> None:
    assert run(SAMPLES / "brevo.csv", later=13.5 / 24).exit_code in (0, 1), "in UTC it is yesterday still"


# --- Counts and rejects ------------------------------------------------------------------------------------


def test_a_dry_run_tells_the_same_and_records_nothing(
    imported: Import, register: Register, tmp_path: Path
) -> None:
    sample = SAMPLES / "mailchimp_subscribed.csv"
    dry = imported(sample, "--dry-run")
    assert entries(register) == 0 and dry["dry_run"] and not (tmp_path / "rejects.jsonl").exists()
    assert imported(sample) == dry | {"dry_run": False}
    assert dry["evidence"].keys() <= {"metadata-only", "none"}
    assert sum(dry["evidence"].values()) == dry["kinds"]["consent"]["recorded"]


def test_what_cannot_be_read_goes_to_the_rejects_and_can_be_mended(imported: Import, tmp_path: Path) -> None:
    cells = {"Email": "a@klant.example", "Email_Marketing_Consent": "SUBSCRIBED"}
    header, row = line("klaviyo_list", **cells).split("\n")
    bad = row.replace("SUBSCRIBED", "SUBSCRIBED?")
    export = file(tmp_path, "klaviyo.csv", f"{header}\n{bad}\n")
    told = imported(export, "--rejects", "apart.jsonl")
    assert (told["recorded"], told["rejected"]) == (0, 1)
    (kept,) = map(json.loads, (tmp_path / "apart.jsonl").read_text("utf-8").splitlines())
    assert kept["at"] == "klaviyo.csv, line 2" and kept["row"].strip() == bad
    assert "is not a word that the mapping knows" in kept["reason"]
    assert (tmp_path / "apart.jsonl").stat().st_mode & 0o777 == 0o600
    file(tmp_path, "klaviyo.csv", f"{header}\n{row.replace('SUBSCRIBED', 'UNSUBSCRIBED')}\n")
    assert imported(export)["recorded"] == 1


def test_the_counts_are_for_people_too(run: Callable[..., Result]) -> None:
    told = run(SAMPLES / "mailchimp_subscribed.csv").output
    assert "consent, with evidence" in told and "metadata-only" in told
    assert "put into Mailchimp by the administrator" in told
    assert run(SAMPLES / "mailchimp_subscribed.csv", "--quiet").output == ""


# --- Nobody is brought back --------------------------------------------------------------------------------


def test_who_was_forgotten_is_left_out_and_told(imported: Import, register: Register, tmp_path: Path) -> None:
    def export(status: str) -> Path:
        cells = {"Email": "a@klant.example", "Email_Marketing_Consent": status}
        day = "Email_Marketing_Consent_Timestamp"
        return file(tmp_path, "klaviyo.csv", line("klaviyo_list", **cells, **{day: "2024-03-14 09:12:31"}))

    assert imported(export("SUBSCRIBED"))["recorded"] == 1
    register.erase({"email": "a@klant.example"}, nothing_held, "request", NOW)
    mapping = "version: 1\nformat: other\nlike: klaviyo\n"
    told = imported(export("SUBSCRIBED"), "--as", file(tmp_path, "other.yaml", mapping))
    assert (told["recorded"], told["suppressed"], told["rejected"]) == (0, 1, 0)
    (kept,) = map(json.loads, (tmp_path / "rejects.jsonl").read_text("utf-8").splitlines())
    assert "forgotten on 2026-11-25 and is not to be approached" in kept["reason"]
    assert imported(export("UNSUBSCRIBED"))["recorded"] == 1, "a refusal is recorded of anybody"


# --- Going on ----------------------------------------------------------------------------------------------


def test_after_a_kill_the_same_command_goes_on(
    imported: Import, register: Register, place: str, tmp_path: Path
) -> None:
    export = tmp_path / "subscribed.csv"
    make(2500, export)
    program = [sys.executable, "-c", "from grondslag.cli import main; main()", "import", place, str(export)]
    with subprocess.Popen(program, stdout=subprocess.DEVNULL) as done:
        while entries(register) == 0 and done.poll() is None:
            time.sleep(0.01)
        done.send_signal(signal.SIGKILL)
    before = entries(register)
    told = imported(export)
    rows = read(export, load("mailchimp-subscribed"), date(2026, 11, 25))
    ids = {entry["id"] for row in rows for entry in row.entries}
    assert 0 < before < len(ids) == told["known"] + told["recorded"]
    assert (told["known"], entries(register)) == (before, len(ids))
    again = imported(export, later=3)
    assert (again["recorded"], again["known"]) == (0, len(ids))


# --- The formats -------------------------------------------------------------------------------------------


def test_the_formats_are_told_in_words() -> None:
    told = CliRunner().invoke(main, ["formats", "--json", "--lang", "en"]).output
    found = [json.loads(each) for each in told.splitlines()]
    assert [each["format"] for each in found] == list(NAMES)
    assert all(each["proves"] and each["title"] for each in found)
    assert "Wie zich heeft afgemeld" in CliRunner().invoke(main, ["formats"]).output
