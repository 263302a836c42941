"""One definition, two engines more: what a screening on a cluster says of a person is what decide() says."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException

from grondslag.decide import decide
from grondslag.errors import BadCase
from grondslag.facts import draw
from grondslag.law.profiles import BALANCED, STRICT, Profile
from grondslag.question import Case
from grondslag.screening import Campaign, ProductMap, screen
from grondslag.screening import records as on_file
from grondslag.screening.contents import READ
from grondslag.screening.rows import ALLOWED, REFUSED
from grondslag.screening.spark import Spark
from grondslag.screening.summary import summary
from grondslag.screening.warehouse import WarehouseScreening
from grondslag.screening.weigh import weigh
from tests.differential.people import campaign_of, records_of, screen_people, tables_of
from tests.differential.test_screening_equals_draw import CASEBOOK, DAYS, campaign_any, crowd_of
from tests.spark.cluster import WORKERS, executors, lose_executors
from tests.thorough import seeds

# Starting the cluster is part of the first test.
pytestmark = pytest.mark.timeout(400)

DAY = date(2026, 8, 1)


def put(spark: Any, name: str, table: pa.Table) -> Any:
    """A table in the session, as a warehouse user has it."""
    spark.raw_sql("SELECT 1").sparkSession.createDataFrame(table).createOrReplaceTempView(name)
    return spark.table(name)


def on_spark(  # noqa: PLR0913
    spark: Any,
    campaign: Campaign,
    records: Mapping[str, pa.Table],
    audience: pa.Table,
    at: date,
    profile: Profile,
) -> tuple[WarehouseScreening, dict[str, dict[str, Any]]]:
    """The screening, and the row of each person."""
    tables = {kind: put(spark, f"given_{kind}", table) for kind, table in records.items()}
    found = screen(campaign, tables, put(spark, "given_audience", audience), at, profile)
    assert isinstance(found, WarehouseScreening)
    rows = spark.raw_sql(spark.compile(found.people)).toArrow().to_pylist()
    assert len(rows) == len({row["subject"] for row in rows})
    return found, {row["subject"]: row for row in rows}


def compare(spark: Any, campaign: Campaign, people: Mapping[str, Case], at: date, profile: Profile) -> None:
    """Everybody on Spark, against the same person alone, and against his row in DuckDB."""
    audience = pa.table({"subject": list(people)})
    found, rows = on_spark(spark, campaign, tables_of(people), audience, at, profile)
    beside, verdicts = screen_people(campaign, people, at, profile)
    assert rows.keys() == people.keys()
    for subject, person in people.items():
        row, verdict = rows[subject], verdicts[subject]
        case = campaign.case(person.person, person.history, at)
        alone = decide(draw(case), at=at, profile=profile)
        assert (row["allowed"], row["rule"]) == (alone.allowed, alone.rule), case
        assert set(row["rules"].split("|")) == set(alone.rules), case
        assert row["duties"] == "|".join(alone.duties if alone.allowed else ()), case
        said = {name: tell(verdict) for name, tell in (*ALLOWED, *REFUSED) if name != "rules"}
        assert {name: row[name] for name in said} == said, case
    assert (found.allowed, found.refused) == (beside.allowed, beside.refused)
    assert summary(found).grounds == summary(beside).grounds
    found.spark.forget()


def test_the_work_is_done_by_two_workers(spark: Any) -> None:
    assert executors(spark.raw_sql("SELECT 1").sparkSession) == WORKERS == 2


@pytest.mark.parametrize("name", ["EML-003"])
def test_the_casebook_has_its_answers_on_spark(spark: Any, name: str) -> None:
    case = CASEBOOK[name]
    compare(spark, campaign_of(case), CASEBOOK, case.act.date, STRICT)


@st.composite
def crowds(draw_: st.DrawFn) -> tuple[Campaign, dict[str, Case], date]:
    at = draw_(st.sampled_from(DAYS)) + timedelta(days=draw_(st.integers(-3, 3)))
    rng = draw_(st.randoms(use_true_random=False))
    campaign = campaign_any(rng, at)
    return campaign, crowd_of(rng, campaign, at, 60, 5), at


# As in tests/differential: the first crowd that differs already prints the one person that does.
@settings(
    max_examples=len(seeds(1)),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
@given(crowds())
def test_a_crowd_of_any_people_is_screened_on_spark_as_one_by_one(
    spark: Any, crowd: tuple[Campaign, dict[str, Case], date]
) -> None:
    compare(spark, *crowd, BALANCED)


def test_both_engines_find_the_same_people_alike(spark: Any) -> None:
    rng, at = random.Random(1), DAYS[2]
    people = crowd_of(rng, campaign_any(rng, at), at, 60, 5)
    con = ibis.duckdb.connect()
    records = on_file.of_tables(con, records_of(con, people), at)
    numbers = records.contents.table()
    rows = {kind: table for kind, table in records.tables.items() if kind in READ}
    there = Spark(spark)
    moved = {kind: there.create_table(kind, con.to_pyarrow(table)) for kind, table in rows.items()}
    one = con.to_pyarrow(weigh(rows, con.create_table("contents", numbers), at)).to_pylist()
    there_too = there.create_table("contents", numbers)
    query = weigh(moved, there_too, at, lambda part: there.by_subject("part", part))
    other = there.to_pyarrow(query).to_pylist()
    assert {row["subject"]: row for row in one} == {row["subject"]: row for row in other}
    assert len(one) == len(other)
    assert len({tuple(row["x"]) for row in one}) > 50
    there.forget()


# --- What is not as it should be ---------------------------------------------------------------------------

MAIL = {"opt_out": "one-click", "identity": True}
ACT = {"channel": "email", "content": "promotional", "purpose": "commercial", "product": "soap"}
ACT |= {"advertises": "own"}
SHOP = Campaign(
    {"name": "Winkel BV", "kind": "company"},
    {**ACT, "message": MAIL},
    ProductMap({}, "A. de Wit", date(2026, 1, 1)),
)
CONSENT = {"channels": "email|phone", "about": "anything", "by": "double-opt-in", "naming": "named"}
CONSENT |= {"informed": "true", "conditional": "false", "incentive": "none", "given_by": "person"}
CONSENT |= {"evidence": "full", "purpose": "marketing"}
PEOPLE = ("anna", "bram", "cleo", "dirk", "else")


def records(**dates: str) -> dict[str, pa.Table]:
    """Consents of everybody, as text; and objections, of which some on days that are none."""
    consents = [{"subject": name, "date": "2026-02-01", **CONSENT} for name in PEOPLE]
    objections = [{"subject": name, "date": day, "channels": "email"} for name, day in dates.items()]
    adults = [{"subject": name, "kind": "consumer", "age": "40"} for name in PEOPLE]
    told = {"consent": consents, "objection": objections, "person": adults}
    return {kind: pa.Table.from_pylist(rows) for kind, rows in told.items() if rows}


def both(spark: Any, given_: Mapping[str, pa.Table], *audience: str | None) -> dict[str, tuple[bool, str]]:
    """Whether each may be approached, and why not; DuckDB says the same, and counts the same."""
    asked = pa.table({"klantnummer": list(audience)}, schema=pa.schema({"klantnummer": pa.string()}))
    found, rows = on_spark(spark, SHOP, given_, asked, DAY, STRICT)
    beside = screen(SHOP, given_, asked, DAY)
    assert summary(found).plain() | {"warnings": ()} == summary(beside).plain() | {"warnings": ()}
    assert len(found.warnings) == len(beside.warnings)
    return {subject: (row["allowed"], row["reason"]) for subject, row in rows.items()}


def test_an_objection_on_a_day_that_is_none_refuses_and_is_no_objection_left_out(spark: Any) -> None:
    odd = {"anna": "2026-02-30", "bram": "2026-3-1", "cleo": "2026-03-01", "dirk": "2026-03-01T00:00"}
    told = both(spark, records(**odd), "anna", "bram", "cleo", "dirk", "else", "else", None, "zoe")
    unreadable = (False, "onleesbaar bezwaar in de gegevens")
    assert [told[name] for name in ("anna", "bram", "dirk")] == [unreadable] * 3
    assert (told["cleo"][0], told["else"], told["zoe"]) == (False, (True, ""), (False, "niets bekend"))


def test_an_objection_of_nobody_may_be_of_anybody(spark: Any) -> None:
    given_ = records(anna="2026-03-01")
    nobody = pa.table({"subject": pa.nulls(1, pa.string()), "date": ["2026-03-01"], "channels": ["email"]})
    given_["objection"] = pa.concat_tables([given_["objection"], nobody])
    told = both(spark, given_, "anna", "bram")
    assert told["bram"] == (False, "een onleesbaar bezwaar kan van deze persoon zijn")


def test_it_is_the_same_where_what_cannot_be_read_is_nothing(spark: Any) -> None:
    """With ANSI off, Spark makes NULL of a day that is none, where it would stop otherwise."""
    conf = spark.raw_sql("SELECT 1").sparkSession.conf
    conf.set("spark.sql.ansi.enabled", "false")
    try:
        told = both(spark, records(anna="2026-02-30", cleo="2026-03-01"), "anna", "cleo", "else", "zoe")
    finally:
        conf.unset("spark.sql.ansi.enabled")
    assert told["anna"] == (False, "onleesbaar bezwaar in de gegevens")
    assert (told["cleo"][0], told["else"], told["zoe"]) == (False, (True, ""), (False, "niets bekend"))


def test_a_machine_that_is_lost_takes_no_answer_along(spark: Any, tmp_path: Path) -> None:
    session = spark.raw_sql("SELECT 1").sparkSession
    context = session.sparkContext
    tables = {kind: put(spark, f"given_{kind}", table) for kind, table in records(anna="2026-03-01").items()}
    audience = put(spark, "given_audience", pa.table({"subject": list(PEOPLE)}))

    def answers(found: WarehouseScreening) -> list[tuple[str, bool]]:
        rows = spark.raw_sql(spark.compile(found.people)).toArrow().to_pylist()
        return sorted((row["subject"], row["allowed"]) for row in rows)

    def screened() -> WarehouseScreening:
        found = screen(SHOP, tables, audience, DAY)
        assert isinstance(found, WarehouseScreening)
        return found

    wanted = [(name, name != "anna") for name in PEOPLE]
    alone = screened()
    assert answers(alone) == wanted
    lose_executors(session)
    with pytest.raises((PySparkException, Py4JError)):  # half of it would be no answer
        answers(alone)
    context.setCheckpointDir(str(tmp_path))
    try:
        lasting = screened()
        lose_executors(session)
        assert answers(lasting) == wanted
    finally:
        getattr(context._jsc.sc(), "checkpointDir_$eq")(context._jvm.scala.Option.empty())


def test_what_is_not_looked_up_on_spark_is_refused_by_name(spark: Any) -> None:
    tables = {"person": put(spark, "given_person", records()["person"])}
    by_mail = put(spark, "by_mail", pa.table({"email": ["anna@voorbeeld.nl"]}))
    by_id = put(spark, "by_id", pa.table({"subject": ["anna"]}))
    with pytest.raises(BadCase, match="has no column with ids"):
        screen(SHOP, tables, by_mail, DAY)
    with pytest.raises(BadCase, match="contact: is not looked up on Spark"):
        screen(SHOP, {**tables, "contact": by_mail}, by_id, DAY)
    with pytest.raises(BadCase, match="consent: is no table of Ibis in the Spark session"):
        screen(SHOP, {**tables, "consent": records()["consent"]}, by_id, DAY)
    with pytest.raises(BadCase, match="audience: names nobody"):
        screen(SHOP, tables, by_id.filter(by_id.subject == "nobody"), DAY)
