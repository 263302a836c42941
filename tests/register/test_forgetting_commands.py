"""``erase``, ``retain`` and ``schedule`` on the command line."""

from __future__ import annotations

import base64
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from grondslag.cli import main
from grondslag.register.register import Register
from tests.register.conftest import MASTER
from tests.register.test_forgetting import PURCHASE
from tests.register.test_recording import NOW, consent, kinds, objection

SUBJECT = "email=anna@klant.nl"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register with somebody in it."""
    place = tmp_path / "shop"
    scan = {"attachments": [{"name": "../../invoice.pdf", "content": base64.b64encode(b"17").decode()}]}
    with Register.new(place, MASTER, controller="Shop BV", origin="shop.example/log") as register:
        register.record(consent(), PURCHASE | {"proof": scan}, at=NOW)
    monkeypatch.setenv("GRONDSLAG_KEY", base64.b64encode(bytes(range(32))).decode())
    return place


def run(*given: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in given])


def told(*given: object) -> Any:
    result = run(*given)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def on_file(shop: Path) -> list[str]:
    with Register(shop, MASTER) as register:
        return kinds(register, at=date(2199, 12, 31))  # the commands read the clock


def test_erase_shows_what_stays_and_why_before_anything_is_done(shop: Path) -> None:
    result = run("erase", shop, "--subject", SUBJECT, "--ground", "request")
    assert result.exit_code == 0
    first, second, *rest = result.output.splitlines()
    assert "relation: kept until 2031-12-31, blocked: K-02: tax (AWR art. 52 lid 4)" in second
    assert "consent: kept until" in first and "K-04: proof" in first
    assert rest[-1] == "Nothing was done.  With --yes it is, and cannot be undone."
    assert on_file(shop) == ["consent", "relation"]


def test_erase_copies_the_data_then_destroys_and_certifies(shop: Path, tmp_path: Path) -> None:
    out = tmp_path / "copy"
    result = run("erase", shop, "--subject", SUBJECT, "--ground", "request", "--out", out, "--yes")
    assert result.exit_code == 0, result.output
    copied = json.loads((out / "data.json").read_text("utf-8"))
    assert [each["id"] for each in copied["entries"]] == ["order-1/consent", "order-1"]
    assert copied["entries"][1]["files"] == ["file-1.pdf"], "whatever its name was"
    assert (out / "file-1.pdf").read_bytes() == b"17"
    assert (out / "data.json").stat().st_mode & 0o077 == 0
    certificate = result.output.partition("Verklaring")[2]
    assert "request for erasure" in certificate and "verzoek om wissing" in certificate
    assert "31 december 2031" in certificate and "31 December 2031" in certificate
    assert "anna" not in result.output.casefold().replace(str(tmp_path), "") and "K-1" not in certificate
    assert on_file(shop) == ["objection"]
    again = run("erase", shop, "--subject", SUBJECT, "--ground", "request", "--yes")
    assert again.exit_code == 2 and "not on file" in again.output


def test_a_certificate_as_json_is_nothing_but_json(shop: Path) -> None:
    certificate = told("erase", shop, "--subject", SUBJECT, "--ground", "request", "--yes", "--json")
    assert certificate["ground"] == "request" and certificate["suppressed"] == 1
    assert {each["kind"] for each in certificate["held"]} == {"consent", "relation"}
    with Register(shop, MASTER) as register:
        ((id_,),) = register.store.rows("SELECT uuid FROM entry WHERE kind = 'erased'")
    assert certificate["entry"].replace("-", "") == bytes(id_).hex()


def test_an_objection_must_be_on_file_before_what_it_ends_is_destroyed(shop: Path) -> None:
    given = ("erase", shop, "--subject", SUBJECT, "--ground", "objection", "--yes")
    refused = run(*given)
    assert refused.exit_code == 2 and "record it first" in refused.output
    with Register(shop, MASTER) as register:
        register.record(objection(), at=NOW)
    assert run(*given).exit_code == 0
    assert on_file(shop) == ["objection"]


def test_retain_looks_first_and_does_it_when_told(shop: Path, tmp_path: Path) -> None:
    result = run("retain", shop, "--date", "2030-01-01")
    assert result.exit_code == 0, result.output
    assert "tax: relation, to be held" in result.output
    assert told("retain", shop, "--json", "--date", "2027-03-14")["concerned"] == 0
    assert told("retain", shop, "--json", "--date", "2027-03-15")["concerned"] == 1
    refused = run("retain", shop, "--yes", "--date", "2030-01-01")
    assert refused.exit_code == 2 and "today counts" in refused.output
    with Register(shop, MASTER) as register:
        register.record(objection(), at=NOW)
    figures = tmp_path / "figures.json"
    done = told("retain", shop, "--yes", "--json", "--figures", figures)
    assert done["entries"] == {} and len(done["held"]) == 2
    assert json.loads(figures.read_text("utf-8")) == {"threshold": 10, "figures": []}
    assert run("retain", shop, "--yes").output == "Nothing was due.\n"


@pytest.mark.parametrize("lang, first", [("nl", "Reclame"), ("en", "Advertising")])
def test_the_schedule_is_told_in_words(lang: str, first: str) -> None:
    result = run("schedule", "--lang", lang)
    assert result.exit_code == 0 and result.output.startswith(first)
    assert "AWR art. 52 lid 4" in result.output
    assert len(told("schedule", "--lang", lang, "--json")) == result.output.count("\n\n")


def test_a_schedule_of_ones_own_is_checked_first(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("version: 1\nthreshold: 3\nrows: []\n", "utf-8")
    result = run("schedule", "--schedule", file)
    assert result.exit_code == 2 and "own.yaml, line 2, threshold" in result.output
