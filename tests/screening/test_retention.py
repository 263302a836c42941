"""In a forecast, data whose term has ended reach nobody: the controller's own term, as the law reads it."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from grondslag.decide import decide
from grondslag.errors import BadCase, NoLawInForce
from grondslag.facts import draw
from grondslag.facts.reading import add_months
from grondslag.question import Act, Case, Event
from grondslag.screening import Campaign, forecast_files, load_campaign
from grondslag.screening.forecast import Forecast
from grondslag.screening.retention import Retention
from tests.differential.test_screening_equals_draw import DAYS, campaign_any, crowd_of
from tests.differential.test_snapshot import snapshot_of
from tests.screening.shop import CAMPAIGN, DAY, Shop

POLICY = "{date: 2026-01-01, retention_months: 12, stated: true, reasoned: true, for: marketing-data}"


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """Somebody who bought something on 5 January 2026: a customer for twenty-four months, read strictly."""
    shop.customers("anna")
    return shop


def stated(shop: Shop, *policies: str) -> None:
    shop.write("campaign.yaml", CAMPAIGN + "policies:\n" + "".join(f"  - {each}\n" for each in policies))


def ahead(shop: Shop, months: int = 12, at: date = DAY) -> Forecast:
    return forecast_files(
        shop.folder / "campaign.yaml", shop.folder / "records", at, months, channels=("email",)
    )


def reached(told: Forecast) -> dict[date, tuple[int, int]]:
    """How many may be approached, and how many more could be if their data were still kept."""
    return {month.day: (month.allowed, month.gone) for month in told.months}


def test_a_forecast_says_that_no_term_was_stated_and_supposes_none(shop: Shop) -> None:
    told = ahead(shop, 1)
    assert told.kept is None
    assert set(reached(told).values()) == {(1, 0)}
    assert "How long data are kept is not stated" in str(told)


def test_data_are_kept_up_to_the_last_day_of_the_term_and_then_reach_nobody(shop: Shop) -> None:
    stated(shop, POLICY)
    told = ahead(shop, 1, date(2027, 1, 5))
    assert reached(told) == {date(2027, 1, 5): (1, 0), date(2027, 2, 5): (0, 1)}
    assert [(loss.rule, loss.heads) for loss in told.months[-1].lost] == [("K-06", 1)]
    assert "kept for 12 months" in str(told)
    assert "1 no longer kept" in str(told)


@pytest.mark.parametrize(("what", "kept"), [("clicked", 1), ("bought", 1), ("opened", 0), ("received", 0)])
def test_the_term_begins_anew_when_the_person_does_something(shop: Shop, what: str, kept: int) -> None:
    stated(shop, POLICY)
    shop.records("interaction", f"subject,date,kind,channel\nanna,2026-07-01,{what},email\n")
    assert ahead(shop, 0, date(2027, 2, 5)).months[0].allowed == kept


def test_no_term_begins_while_a_subscription_runs(shop: Shop) -> None:
    stated(shop, POLICY)
    head = "subject,date,kind,product,paid,until"
    shop.records("relation", f"{head}\nanna,2026-01-05,subscription,soap,true,\n")
    assert ahead(shop, 0, date(2029, 8, 1)).months[0].allowed == 1
    shop.records("relation", f"{head}\nanna,2026-01-05,subscription,soap,true,2026-10-01\n")
    found = reached(ahead(shop, 1, date(2027, 10, 1)))
    assert (found[date(2027, 10, 1)], found[date(2027, 11, 1)]) == ((1, 0), (0, 1))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (POLICY.replace("stated: true", "stated: false"), "K-06"),
        (POLICY.replace(", reasoned: true", ""), "K-06"),
        (POLICY.replace("12", "48"), "K-06"),
    ],
)
def test_a_term_that_cannot_be_defended_keeps_nobody(shop: Shop, wrong: str, words: str) -> None:
    stated(shop, wrong)
    told = ahead(shop, 0)
    assert set(reached(told).values()) == {(0, 1)}
    assert words in str(told)


def test_a_long_life_of_the_product_bears_a_longer_term(shop: Shop) -> None:
    stated(shop, POLICY.replace("12", "60"))
    head = "subject,date,kind,product,paid,long_lived"
    shop.records("relation", f"{head}\nanna,2026-01-05,purchase,soap,true,true\n")
    assert ahead(shop, 0, date(2030, 8, 1)).months[0].allowed == 1


def test_a_shorter_term_counts_from_its_own_day(shop: Shop) -> None:
    stated(shop, POLICY, POLICY.replace("2026-01-01", "2026-10-01").replace("12", "6"))
    found = reached(ahead(shop, 1, date(2026, 9, 1)))
    assert found == {date(2026, 9, 1): (1, 0), date(2026, 10, 1): (0, 1)}


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        (POLICY.replace("retention_months: 12, ", ""), r"policies\[1\].retention_months"),
        (POLICY.replace("marketing-data", "invoice"), r"policies\[1\].for"),
        (POLICY.replace("12", "many"), r"policies\[1\].retention_months"),
    ],
)
def test_a_policy_that_says_nothing_of_marketing_data_is_an_error(shop: Shop, wrong: str, place: str) -> None:
    stated(shop, POLICY, wrong)
    with pytest.raises(BadCase, match=place):
        load_campaign(shop.folder / "campaign.yaml")


def test_before_the_avg_no_term_is_judged(shop: Shop) -> None:
    stated(shop, POLICY.replace("2026", "2016"))
    with pytest.raises(NoLawInForce):
        ahead(shop, 1, date(2017, 1, 1))


# --- Everybody, as the rule says of each alone ---------------------------------------------------------


@pytest.mark.parametrize(("seed", "months"), [(0, 12), (1, 36), (2, 48)])
def test_whose_data_are_kept_is_what_decide_says_of_each_alone(seed: int, months: int) -> None:
    rng = random.Random(seed)
    at = DAYS[2 + seed % 2]
    policy = Event(
        date(2020, 1, 1),
        "policy",
        {"retention_months": months, "stated": True, "reasoned": True, "for": "marketing-data"},
    )
    base = campaign_any(rng, at)
    campaign = Campaign(base.controller, base.act, policies=(policy,))
    people = crowd_of(rng, campaign, at, 60, 2)
    con, snapshot = snapshot_of(people, at)
    numbers = dict(con.raw_sql("SELECT subject, number FROM snapshot.subjects").fetchall())
    retention = Retention(campaign, snapshot)
    seen = set()
    for day in (at, add_months(at, 7), add_months(at, 40)):
        term = retention.on(day)
        assert term is not None and term.months == months
        for subject, case in people.items():
            kept = bool(term.kept[numbers[subject]])
            assert kept == alone(campaign, case, day), subject
            seen.add(kept)
    assert seen == {True, False}


def alone(campaign: Campaign, case: Case, at: date) -> bool:
    """The answer on keeping her data, objections apart: these stop the approach itself."""
    since = last_dealing(campaign, case, at)
    fields = {"what": "marketing-data", "purpose": "marketing", "for_marketing": True}
    act = Act(at, "keep", {**fields, **({} if since is None else {"since": since})})
    history = (*campaign.policies, *(event for event in case.history if event.kind == "relation"))
    return decide(draw(Case(campaign.controller, {}, history, act)), at=at).allowed


def last_dealing(campaign: Campaign, case: Case, at: date) -> date | None:
    days = []
    for event in case.history:
        fields = event.fields
        if event.date > at:
            continue
        if event.kind == "relation":
            party = " ".join(str(fields.get("with", campaign.controller["name"])).casefold().split())
            if party != str(campaign.controller["name"]).casefold() or fields.get("kind") == "none":
                continue
            open_ended = fields.get("kind") in ("subscription", "membership", "account")
            if open_ended and "until" not in fields and fields.get("cancelled") is not True:
                days.append(at + timedelta(days=1))
            else:
                until = fields.get("until")
                days.append(max(event.date, until) if isinstance(until, date) else event.date)
        elif event.kind in ("collected", "consent", "asked") or fields.get("kind") in ("clicked", "bought"):
            days.append(event.date)
    return min(max(days), at) if days else None
