"""An outcome is there to act on and to keep: what would help, until when, and whether it is whole."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grondslag import locale
from grondslag.cli import main
from grondslag.errors import ReceiptMismatch
from grondslag.law.rulebook import DUTCH
from grondslag.receipt import canonical
from grondslag.screening import make_snapshot, screen_files, verify
from grondslag.screening.expiry import USE, expires
from grondslag.screening.receipts import sealed
from grondslag.screening.workplace import FILES
from tests.screening.shop import CAMPAIGN, COLLECTED, DAY, Shop

ASK = locale.word("remedies", "ask-consent-at-contact", "nl")


def remedies(shop: Shop) -> dict[str, str]:
    return {row["subject"]: row["remedy"] for row in shop.screen().rows("refused")}


# --- What would help -----------------------------------------------------------------------------------


def test_nothing_is_proposed_against_a_persons_own_no_and_the_reason_says_so(shop: Shop) -> None:
    shop.customers("anna", "bram", "cleo")
    shop.records("objection", "subject,date,channels\nanna,2026-02-01,email\n")
    shop.records("withdrawal", "subject,date,channels\nbram,2026-02-01,email\n")
    outcome = shop.screen()
    rows = {row["subject"]: row for row in outcome.rows("refused")}
    assert {name: row["remedy"] for name, row in rows.items()} == {"anna": "", "bram": ""}
    assert "bezwaar" in rows["anna"]["reason"]
    assert outcome.summary.beyond == 2


def test_a_no_is_told_even_where_another_rule_decides(shop: Shop) -> None:
    """She objected, and consented afterwards to something else."""
    shop.customers("anna")
    shop.records("objection", "subject,date,channels\nanna,2026-02-01,email\n")
    shop.records("consent", "subject,date,to,channels,about\nanna,2026-03-01,Winkel BV,email,cars\n")
    shop.records("relation", "subject,date,kind,product,paid\n")
    (row,) = shop.screen().rows("refused")
    assert (row["rule"], row["remedy"]) == ("D-15", "")
    assert row["reason"].endswith("De persoon heeft al nee gezegd.")


def test_who_was_offered_no_way_out_can_be_asked(shop: Shop) -> None:
    shop.customers("anna", "bram")
    shop.records("collected", COLLECTED.format("anna") + "bram,2026-01-05,email,sale,never,false\n")
    outcome = shop.screen()
    (row,) = outcome.rows("refused")
    assert row["remedy"] == ASK
    (told,) = outcome.summary.remedies
    assert (told.words_nl, told.heads, told.sure) == (ASK, 1, False)


def test_what_the_offer_lacks_is_mended_by_another_offer(shop: Shop) -> None:
    shop.customers("anna")
    head = "subject,date,kind,product,paid"
    shop.records("relation", f"{head}\nanna,2026-01-05,purchase,cars,true\n")
    assert remedies(shop) == {"anna": locale.word("remedies", "similar-product", "nl")}


def test_records_that_fall_short_are_to_be_mended(shop: Shop) -> None:
    shop.customers("anna", "bram")
    shop.records("objection", "subject,date,channels\nbram,2026-02-30,email\n")
    shop.audience("anna", "bram", "zoe")
    told = remedies(shop)
    assert told["bram"] == locale.word("remedies", "mend-row", "nl")
    assert told["zoe"] == locale.word("remedies", "complete-records", "nl")


def test_a_campaign_that_can_be_mended_says_how(shop: Shop) -> None:
    shop.customers("anna")
    shop.write("campaign.yaml", CAMPAIGN.replace("opt_out: one-click", "opt_out: none"))
    assert remedies(shop) == {"anna": locale.word("remedies", "offer-way-out", "nl")}


def test_everybody_refused_is_counted_under_one_remedy_or_as_beyond_help(shop: Shop) -> None:
    shop.customers("anna", "bram", "cleo", "dirk")
    shop.records("objection", "subject,date,channels\nanna,2026-02-01,email\nbram,2026-13-01,email\n")
    shop.audience("anna", "bram", "cleo", "dirk", "zoe")
    told = shop.screen().summary
    assert sum(each.heads for each in told.remedies) + told.beyond == told.refused == 3
    assert f"{told.beyond:,}" in str(told)


def test_situations_carry_the_remedy_too(shop: Shop) -> None:
    shop.customers("anna", "bram")
    shop.records("collected", COLLECTED.format("anna") + "bram,2026-01-05,email,sale,never,false\n")
    told = {row["answer"]: row["remedy"] for row in shop.screen().rows("situations")}
    assert told == {"allow": "", "deny": ASK}


# --- Until when ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [date(2024, 1, 1), date(2026, 3, 1), date(2026, 8, 1), date(2027, 5, 5)])
def test_an_outcome_is_used_for_four_weeks_at_most_and_never_under_another_law(day: date) -> None:
    last = expires(day)
    assert day <= last <= day + timedelta(days=USE)
    assert DUTCH.era(last) == DUTCH.era(day)


def test_an_outcome_ends_on_the_last_day_of_the_law_that_decided() -> None:
    assert expires(date(2026, 6, 20)) == date(2026, 6, 30)
    assert expires(date(2026, 7, 1)) == date(2026, 7, 29)


def test_the_last_day_of_the_calendar_is_no_error() -> None:
    assert expires(date.max) == date.max


def test_the_last_day_stands_in_the_receipt_the_summary_and_the_text(shop: Shop) -> None:
    shop.customers("anna")
    outcome = shop.screen()
    assert outcome.json("receipt")["expires"] == outcome.json("summary")["expires"] == "2026-08-29"
    assert "Use it until 29 August 2026" in str(outcome.summary)


# --- The check -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = Shop(tmp_path_factory.mktemp("kept"))
    shop.customers("anna")
    return shop.screen().folder


@pytest.fixture
def out(kept: Path, tmp_path: Path) -> Path:
    """An outcome to do something to."""
    shutil.copytree(kept, tmp_path / "out")
    return tmp_path / "out"


def checked(out: Path, day: str = "2026-08-01") -> Result:
    return CliRunner().invoke(main, ["verify", str(out), "--date", day])


def rewrite(out: Path, seal: bool = True, **fields: object) -> None:
    path = out / "receipt.json"
    body = json.loads(path.read_text("utf-8")) | fields
    if seal:
        body = sealed({name: value for name, value in body.items() if name != "digest"})
    path.write_text(json.dumps(body), "utf-8")


def test_an_untouched_outcome_may_be_used_from_its_day_to_its_last(out: Path) -> None:
    assert checked(out, "2026-08-01").exit_code == 0
    assert checked(out, "2026-08-29").exit_code == 0


def test_outside_its_days_an_outcome_may_not_be_used(out: Path) -> None:
    for day, told in (("2026-07-31", "may not be used on 31 July"), ("2026-08-30", "until 29 August")):
        result = checked(out, day)
        assert result.exit_code == 1
        assert told in result.output


def test_without_a_date_the_day_is_today(out: Path) -> None:
    rewrite(out, day="2000-01-01", expires="2000-01-02")
    assert "it could be used until 2 January 2000" in CliRunner().invoke(main, ["verify", str(out)]).output


@pytest.mark.parametrize("name", FILES[:-1])
def test_every_file_of_the_outcome_is_checked(out: Path, name: str) -> None:
    path = out / name
    path.write_bytes(path.read_bytes() + b" ")
    assert f"{name} is not the file" in checked(out).output
    path.unlink()
    assert f"{name} is missing" in checked(out).output
    outputs = json.loads((out / "receipt.json").read_text("utf-8"))["outputs"]
    rewrite(out, outputs={kept: digest for kept, digest in outputs.items() if kept != name})
    assert checked(out).exit_code == 1


def test_a_receipt_that_was_edited_no_longer_fits_its_digest(out: Path) -> None:
    rewrite(out, seal=False, expires="2030-01-01")
    result = checked(out)
    assert result.exit_code == 1
    assert "receipt.json was changed" in result.output


def test_another_rulebook_asks_for_another_screening(out: Path) -> None:
    rewrite(out, rulebook="0" * 64)
    _, faults = verify(out, DAY)
    assert len(faults) == 1
    assert "another rulebook" in faults[0]


@pytest.mark.parametrize(
    "content",
    [None, "", "[]", "{}", "null", '{"receipt": 1}', '{"receipt": "screening", "format": 2}', "[" * 100_000],
)
def test_what_is_no_receipt_of_a_screening_is_a_clear_error(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "receipt.json").write_text(content)
    with pytest.raises(ReceiptMismatch):
        verify(tmp_path, DAY)
    result = checked(tmp_path)
    assert (result.exit_code, result.output.count("\n")) == (2, 1)


@pytest.mark.parametrize("field", ["day", "expires", "outputs", "rulebook", "digest"])
@pytest.mark.parametrize("value", [None, 1, "x", "\ud800", [], {"allowed.csv": 3}])
def test_a_damaged_receipt_is_never_a_traceback(out: Path, field: str, value: object) -> None:
    rewrite(out, seal=False, **{field: value})
    result = checked(out)
    assert result.exit_code in (1, 2)
    assert isinstance(result.exception, SystemExit)


def test_the_same_input_gives_the_same_receipt_to_the_byte(shop: Shop) -> None:
    shop.customers("anna", "bram")
    assert canonical(shop.screen().json("receipt")) == canonical(shop.screen(force=True).json("receipt"))


def test_a_receipt_names_every_delivery_of_a_file_of_one_name(shop: Shop) -> None:
    shop.customers("anna")
    snapshot = shop.folder / "people.snapshot"
    make_snapshot(shop.folder / "records", snapshot, DAY)
    hashes = []
    for name in ("bram", "cleo"):
        (shop.folder / name).mkdir()
        file = shop.write(f"{name}/objection.csv", f"subject,date,channels\n{name},2026-02-01,email\n")
        hashes.append(hashlib.sha256(file.read_bytes()).hexdigest())
        make_snapshot(shop.folder / name, snapshot, DAY)
    paths = (shop.folder / "campaign.yaml", snapshot, shop.folder / "audience.csv")
    screen_files(*paths, DAY, shop.folder / "out")
    inputs = json.loads((shop.folder / "out" / "receipt.json").read_text("utf-8"))["inputs"]
    told = {name: file["sha256"] for name, file in inputs.items() if "objection" in name}
    assert told == dict(zip(("records/objection.csv", "records/objection.csv (2)"), hashes, strict=True))


# --- How it is told ------------------------------------------------------------------------------------


def screened(shop: Shop, *args: str) -> Result:
    files = [str(shop.folder / name) for name in ("campaign.yaml", "records", "audience.csv", "out")]
    campaign, records, audience, out = files
    where = ["--records", records, "--audience", audience, "--out", out, "--date", "2026-08-01", "--force"]
    return CliRunner().invoke(main, ["screen", campaign, *where, *args])


def test_quiet_says_nothing_and_json_nothing_but_json(shop: Shop) -> None:
    shop.customers("anna")
    assert screened(shop, "--quiet").output == ""
    told = json.loads(screened(shop, "--json").output)
    assert (told["allowed"], told["expires"]) == (1, "2026-08-29")
    assert told == json.loads(screened(shop, "--json", "--quiet").output)


def test_a_pipe_gets_no_progress_bar(shop: Shop) -> None:
    shop.customers("anna")
    result = screened(shop)
    assert all(line.startswith("Found ") for line in result.stderr.splitlines())
    assert "report.html" in result.stdout
