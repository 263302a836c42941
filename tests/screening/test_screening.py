"""A screening from files to files: everybody in exactly one place, nothing lost, never a yes by accident."""

from __future__ import annotations

import hashlib
import re
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from grondslag.errors import BadCase, GrondslagError, NoLawInForce
from grondslag.screening import load_campaign, make_snapshot, screen, verify_snapshot
from tests.screening.shop import CAMPAIGN, DAY, Shop


def assessed(date_: str) -> str:
    return CAMPAIGN + f"assessments:\n- {{{date_}kind: compatibility, outcome: pass}}\n"


# --- Who ends up where -------------------------------------------------------------------------------------


def test_everybody_is_in_exactly_one_place_and_the_counts_add_up(shop: Shop) -> None:
    shop.customers("anna", "bram", "cleo", "dirk")
    shop.records("objection", "subject,date,channels\nbram,2026-02-01,email\n")
    shop.records("withdrawal", "subject,date,channels\nnobody-we-mail,2026-02-01,email\n")
    shop.audience("anna", "bram", "anna", "", "x\x01y", "zoe", "cleo")
    outcome = shop.screen()
    assert outcome.allowed() == {"anna", "cleo"}
    assert set(outcome.refused()) == {"bram", "zoe"}
    assert outcome.refused()["zoe"] == "niets bekend"
    assert outcome.rejects() == [("audience.csv", 6)]
    told = outcome.summary
    assert (told.audience_rows, told.duplicates, told.audience_rejected) == (6, 1, 1)
    assert (told.people, told.allowed, told.refused) == (4, 2, 2)
    assert sum(count.heads for count in (*told.grounds, *told.reasons)) == 4
    assert sum(int(row["heads"]) for row in outcome.rows("situations")) == 4


def test_the_ground_the_duties_and_the_reason_stand_in_each_row(shop: Shop) -> None:
    shop.customers("anna", "bram")
    shop.records("objection", "subject,date,channels\nbram,2026-02-01,email\n")
    outcome = shop.screen()
    (anna,) = outcome.rows("allowed")
    assert (anna["rule"], anna["slug"], anna["duties"]) == ("D-03", "soft-opt-in", "D-09")
    (bram,) = outcome.rows("refused")
    assert bram["rule"] == "R-01"
    assert bram["rules"].split("|")[0] == "R-01"
    assert bram["reason"].endswith(".")


def test_who_is_in_the_same_situation_shares_one_decision(shop: Shop) -> None:
    shop.customers(*(f"s{n}" for n in range(50)))
    outcome = shop.screen()
    (row,) = outcome.rows("situations")
    assert (row["heads"], row["answer"]) == ("50", "allow")
    assert "customer=paid" in row["facts"]


def test_a_product_map_that_nobody_reviewed_helps_nobody(shop: Shop) -> None:
    shop.customers("anna")
    shop.write("campaign.yaml", CAMPAIGN.replace("  reviewed_on: 2026-01-01\n", ""))
    assert shop.screen().allowed() == set()


def test_a_map_reviewed_after_the_day_does_not_count_yet(shop: Shop) -> None:
    shop.customers("anna")
    shop.write("campaign.yaml", CAMPAIGN.replace("2026-01-01", "2026-08-02"))
    assert shop.screen().allowed() == set()


def test_the_nearest_of_what_was_bought_counts_and_a_quote_is_no_purchase(shop: Shop) -> None:
    shop.customers("anna", "bram")
    head = "subject,date,kind,product,paid"
    rows = ["anna,2026-01-05,purchase,cars,true", "anna,2026-01-05,purchase,candles,true"]
    rows += ["bram,2026-01-05,purchase,cars,true", "bram,2026-01-05,quote,soap,"]
    shop.records("relation", "\n".join([head, *rows]) + "\n")
    assert shop.screen().allowed() == {"anna"}


# --- Nothing that cannot be read is lost -------------------------------------------------------------------


def test_an_unreadable_objection_is_no_yes(shop: Shop) -> None:
    shop.customers("anna", "bram", "cleo")
    shop.records("objection", "subject,date,channels\nanna,2026-02-30,email\nbram,2026-02-01,e-mail\n")
    outcome = shop.screen()
    assert outcome.allowed() == {"cleo"}
    assert set(outcome.refused().values()) == {"onleesbaar bezwaar in de gegevens"}
    assert outcome.rejects() == [("objection.csv", 2), ("objection.csv", 3)]


def test_an_unreadable_record_of_any_kind_makes_the_person_unknown(shop: Shop) -> None:
    shop.customers("anna", "bram", "cleo", "dirk")
    shop.records("consent", "subject,date,months\nanna,2026-01-01,soon\n")
    shop.records("person", "subject,kind,age\nbram,consumer,12\nbram,consumer,40\ncleo,,\ndirk,,\ndirk,,\n")
    outcome = shop.screen()
    assert outcome.allowed() == {"cleo", "dirk"}
    assert set(outcome.refused().values()) == {"onleesbare regel in de gegevens"}


def test_a_broken_line_counts_against_whoever_is_named_in_it(shop: Shop) -> None:
    shop.customers("anna", "bram", "cleo")
    shop.records(
        "objection",
        'date,channels,subject\n2026-02-01,email,"anna\n2026-02-01,email,sms,bram\n2026-02-01,,x\n',
    )
    outcome = shop.screen()
    assert outcome.allowed() == {"cleo"}
    assert outcome.rejects() == [("objection.csv", 2), ("objection.csv", 3)]


def test_an_objection_that_names_nobody_may_be_anybodys(shop: Shop) -> None:
    shop.customers("anna", "bram")
    shop.records("objection", b"subject,date,channels\n,2026-02-01,email\n")
    outcome = shop.screen()
    assert outcome.allowed() == set()
    assert outcome.refused()["anna"] == "een onleesbaar bezwaar kan van deze persoon zijn"
    assert any("may be of anyone" in warning for warning in outcome.summary.warnings)


def test_an_unreadable_objection_of_somebody_else_blocks_nobody(shop: Shop) -> None:
    shop.customers("anna")
    shop.records("objection", "subject,date,channels\nelsewhere,2026-02-30,email\n\n,,\n")
    assert shop.screen().allowed() == {"anna"}


def test_bytes_of_another_encoding_spoil_one_row(shop: Shop) -> None:
    shop.customers("anna", "bram")
    asked = "subject,date,about\nanna,2026-07-01,caf\udce9\nbram,2026-07-01,café\n"
    shop.records("asked", asked.encode(errors="surrogateescape"))
    outcome = shop.screen()
    assert outcome.allowed() == {"bram"}
    assert outcome.rejects() == [("asked.csv", 2)]


# --- Formats -----------------------------------------------------------------------------------------------


def test_excel_in_dutch_writes_semicolons_quotes_and_a_byte_order_mark(shop: Shop) -> None:
    shop.customers("anna", "bram")
    text = '\ufeffsubject;date;channels\r\n"anna";2026-02-01;"email|sms"\r\n\r\n"br""am";"2026-02-01";all\r\n'
    shop.records("objection", text)
    outcome = shop.screen()
    assert outcome.allowed() == {"bram"}
    assert outcome.rejects() == []


def test_parquet_says_the_same_as_csv(shop: Shop) -> None:
    shop.customers("1", "2", "3")
    (shop.folder / "records/collected.csv").unlink()
    table = pa.table(
        {
            "subject": pa.array([1, 2, 3], pa.int64()),
            "date": pa.array([date(2026, 1, 5)] * 3),
            "details": [["email"], ["email", "address"], ["phone"]],
            "in": ["sale"] * 3,
            "opt_out_offered": ["separately"] * 3,
            "opt_out_used": [False, True, False],
        }
    )
    pq.write_table(table, shop.folder / "records/collected.parquet")
    pq.write_table(pa.table({"subject": [3, 2, 1]}), shop.folder / "audience.parquet")
    assert shop.screen("audience.parquet").allowed() == {"1"}


def test_an_audience_may_be_plain_lines(shop: Shop) -> None:
    shop.customers("anna", "de Vries, J.")
    shop.records("objection", "subject,date\n")
    shop.write("audience.txt", "anna\n\nde Vries, J.\nanna\n")
    outcome = shop.screen("audience.txt")
    assert outcome.summary.people == 2
    assert outcome.summary.duplicates == 1


def test_ids_that_differ_in_capitals_are_different_people_and_the_user_is_told(shop: Shop) -> None:
    shop.customers("Anna")
    shop.records("objection", "subject,date\nanna,2026-02-01\n")
    outcome = shop.screen()
    assert outcome.allowed() == {"Anna"}
    assert any("differ from another id only in capitals" in warning for warning in outcome.summary.warnings)


def test_a_spreadsheet_sees_no_formula(shop: Shop) -> None:
    shop.customers("=1+1", "+31612345678", "@x", "-5")
    subjects = {row["subject"] for row in shop.screen().rows("allowed")}
    assert subjects == {"'=1+1", "'+31612345678", "'@x", "'-5"}


# --- All or nothing ----------------------------------------------------------------------------------------


def test_an_earlier_outcome_is_only_replaced_on_demand(shop: Shop) -> None:
    shop.customers("anna")
    first = shop.screen().json("receipt")
    with pytest.raises(BadCase, match="--force"):
        shop.screen()
    assert shop.screen(force=True).json("receipt") == first
    shop.write("out/mine.txt", "x")
    with pytest.raises(BadCase, match=r"holds mine\.txt"):
        shop.screen(force=True)
    assert sorted(path.name for path in shop.folder.iterdir()) == [
        "audience.csv",
        "campaign.yaml",
        "out",
        "records",
    ]


def test_nothing_is_written_when_something_is_wrong(shop: Shop) -> None:
    shop.customers("anna")
    shop.records("objection", "subject,date,chanels\nanna,2026-01-01,email\n")
    with pytest.raises(BadCase, match="did you mean channels"):
        shop.screen()
    assert not (shop.folder / "out").exists()
    assert not list(shop.folder.glob(".grondslag-*"))


def test_the_receipt_names_every_input_and_output(shop: Shop) -> None:
    shop.customers("anna")
    outcome = shop.screen()
    receipt = outcome.json("receipt")
    for name, digest in receipt["outputs"].items():
        assert hashlib.sha256((outcome.folder / name).read_bytes()).hexdigest() == digest
    given = {"campaign", "audience", "records/collected.csv", "records/person.csv", "records/relation.csv"}
    assert set(receipt["inputs"]) == given
    assert receipt["day"] == "2026-08-01"
    assert receipt["act"]["message"] == {"opt_out": "one-click", "identity": True}
    assert set(receipt["outputs"]) == {p.name for p in outcome.folder.iterdir()} - {"receipt.json"}


# --- What cannot be screened at all ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("records/objections.csv", "subject,date\n", "did you mean objection.csv"),
        ("records/objection.xlsx", "x", "save it as objection.csv"),
        ("records/objection.csv", "", "is empty"),
        ("records/objection.csv", "subject,channels\n", "has no column 'date'"),
        ("records/objection.csv", "subject,date,subject\n", "twice"),
        (
            "records/objection.csv",
            "subject,date\nZoë,\nMüller,\nAndré,\nBjörn,\n".encode("cp850"),
            "is neither UTF-8",
        ),
        ("records/objection.parquet", b"no parquet at all", "cannot be read"),
        ("records/collected.parquet", b"x", "there is also collected.csv"),
        ("audience.csv", "klant\n1\n", "has no column 'subject'"),
        ("audience.csv", "subject\n", "names nobody"),
        ("campaign.yaml", "", "is empty"),
        ("campaign.yaml", CAMPAIGN.replace("channel: email", "channel: e-mail"), "did you mean email"),
        ("campaign.yaml", CAMPAIGN.replace("act: {", "act: {date: 2026-01-01, "), "act.date"),
        ("campaign.yaml", CAMPAIGN.replace("act: {", "act: {closeness: same, "), "act.closeness"),
        ("campaign.yaml", CAMPAIGN.replace("[candles]", "[soap]"), "also stands under same"),
        ("campaign.yaml", CAMPAIGN.replace("products:", "product:"), "did you mean products"),
        ("campaign.yaml", CAMPAIGN.replace("2026-01-01", "2026-02-30"), "is not a date"),
        ("campaign.yaml", CAMPAIGN.replace("2026-01-01", "20260101"), "is not a date"),
        ("campaign.yaml", assessed(""), "assessments[0].date: is left out; add the date"),
        ("campaign.yaml", assessed("date: , "), "assessments[0].date: is left out; add the date"),
        ("campaign.yaml", assessed("date: 2026-02-30, "), "assessments[0].date: 2026-02-30 is no day"),
        ("campaign.yaml", assessed("date: 2026-01-01, by: A, "), "assessments[0].by: is not a field"),
        (
            "campaign.yaml",
            CAMPAIGN.replace("content: promotional", "content: factual").replace("own", "third-party"),
            "act.advertises: is the advertising of another",
        ),
    ],
)
def test_a_file_that_breaks_the_format_is_refused_with_a_remedy(
    shop: Shop, name: str, content: str | bytes, told: str
) -> None:
    shop.customers("anna")
    shop.write(name, content)
    with pytest.raises(GrondslagError, match=re.escape(told)):
        shop.screen()
    assert not (shop.folder / "out").exists()


def test_a_product_outside_its_own_map_is_pointed_out(shop: Shop) -> None:
    shop.customers("anna")
    shop.write("campaign.yaml", CAMPAIGN.replace("product: soap", "product: saop"))
    warning = "the product of the act, 'saop', does not stand in the product map: who bought it"
    summary = shop.screen().summary
    assert any(told.startswith(warning) for told in summary.warnings)
    in_dutch = "het product van de campagne, 'saop', staat niet in de productlijst"
    assert any(told.startswith(in_dutch) for told in summary.warnings_nl)
    shop.write("campaign.yaml", CAMPAIGN)
    assert not any("product map" in told for told in shop.screen(force=True).summary.warnings)


def test_a_moment_in_time_is_no_day(shop: Shop) -> None:
    shop.customers("anna")
    table = pa.table({"subject": ["anna"], "date": pa.array([0], pa.timestamp("us", "UTC"))})
    pq.write_table(table, shop.folder / "records/objection.parquet")
    with pytest.raises(BadCase, match="column 'date' is of type timestamp"):
        shop.screen()


def test_a_day_before_the_law_is_not_guessed(shop: Shop) -> None:
    shop.customers("anna")
    head = "subject,date,kind,product,paid\nanna,1999-01-05,purchase,soap,true\n"
    shop.records("relation", head)
    with pytest.raises(NoLawInForce):
        shop.screen(at=date(2001, 1, 1))


@pytest.mark.parametrize(
    ("channel", "day", "told"),
    [
        ("email", date(2004, 5, 18), "no rule is in force on 2004-05-18"),
        ("post", date(2018, 5, 24), "no rule is in force on 2018-05-24"),
        ("email", date(2200, 1, 1), "act.date: 2200-01-01 is no day of the calendar"),
        ("email", date.max, "act.date: 9999-12-31 is no day of the calendar"),
    ],
)
def test_a_day_that_cannot_be_judged_is_refused_before_anything_is_read(
    shop: Shop, channel: str, day: date, told: str
) -> None:
    shop.write("campaign.yaml", CAMPAIGN.replace("channel: email", f"channel: {channel}"))
    with pytest.raises(GrondslagError, match=told):
        shop.screen(audience="no-such-file", at=day)
    campaign = load_campaign(shop.folder / "campaign.yaml")
    with pytest.raises(GrondslagError, match=told):
        screen(campaign, {}, None, day)


@pytest.mark.parametrize("order", [("true", "false"), ("false", "true")])
def test_two_rows_that_cannot_both_be_true_of_one_day_help_nobody(shop: Shop, order: tuple[str, str]) -> None:
    shop.customers("anna", "bram")
    rows = [f"anna,2026-07-20,postfilter,{listed},2026-07-20" for listed in order]
    shop.records("register", "\n".join(["subject,date,name,listed,checked", *rows]) + "\n")
    outcome = shop.screen()
    assert outcome.allowed() == {"bram"}
    assert outcome.refused() == {"anna": "onleesbare regel in de gegevens"}
    assert outcome.rejects() == [("register.csv", 2), ("register.csv", 3)]


def test_somebody_of_whom_only_a_request_is_on_file_may_not_be_approached(shop: Shop) -> None:
    """He comes first in every order, so that he would stand for all of whom as little is known."""
    shop.customers("bram")
    shop.records("request", "subject,date\nanna,2026-01-05\n")
    (shop.folder / "records/person.csv").unlink()
    (shop.folder / "records/collected.csv").unlink()
    shop.audience("anna", "bram")
    assert set(shop.screen().refused()) == {"anna", "bram"}
    make_snapshot(shop.folder / "records", shop.folder / "people.snapshot", DAY)
    assert verify_snapshot(shop.folder / "people.snapshot", [shop.folder / "records"])[1] == ()
