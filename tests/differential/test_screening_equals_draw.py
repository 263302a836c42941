"""One definition, two engines: what a screening says of a person is what draw() and decide() say.

A screening draws one person of each pattern and lets that stand for all who share it.  So the tests are full
of twins: people of whom the same is on file on slightly other days, most of whom share a pattern.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import ibis
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from grondslag import vocabulary as v
from grondslag.answers import YES
from grondslag.decide import decide
from grondslag.facts import draw
from grondslag.facts.reading import add_months
from grondslag.law.profiles import BALANCED, PERMISSIVE, STRICT
from grondslag.law.terms import Closeness, Customer
from grondslag.question import Act, Case, Event
from grondslag.screening import Campaign, ProductMap
from grondslag.screening import records as on_file
from grondslag.screening.snapshot import Snapshot
from tests.casebook import EXAMPLES
from tests.differential.people import campaign_of, records_of, screen_people, unordered
from tests.thorough import THOROUGH, seeds

CASEBOOK = {example.id: example.case for example in EXAMPLES if example.case.act.do == "contact"}


# --- The casebook ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(CASEBOOK)[:: 6 if THOROUGH else 96])
def test_one_campaign_finds_of_all_people_of_the_casebook_what_decide_finds(name: str) -> None:
    compare(campaign_of(CASEBOOK[name]), CASEBOOK, CASEBOOK[name].act.date)


def test_the_product_map_gives_the_closeness_that_the_casebook_states() -> None:
    for name, case in CASEBOOK.items():
        by_map = campaign_of(case).case(case.person, case.history, case.act.date)
        bought = {Customer.PAID, Customer.FREEMIUM, Customer.LINKED}
        own = {relation.customer for relation in draw(case).relations if relation.own is YES}
        stated = case.act.fields.get("closeness") if own & bought else None
        assert by_map.act.fields.get("closeness") == stated, name


# --- People and campaigns of every kind --------------------------------------------------------------------

CONTROLLER, OTHER_SPELLING, ADVERTISER = "Stroom BV", "  stroom  bv", "Gasthuis NV"
NAMES = (CONTROLLER, OTHER_SPELLING, ADVERTISER, "GASTHUIS NV", "Iemand Anders")
PRODUCTS = ("soap", "candles", "tea", "cars")
KINDS = (
    *("collected", "collected", "relation", "relation", "consent", "consent", "withdrawal", "objection"),
    *(
        "interaction",
        "interaction",
        "register",
        "published",
        "asked",
        "assessed",
        "shared",
        "request",
        "recorded",
    ),
)
DAYS = (date(2017, 11, 30), date(2021, 7, 1), date(2024, 2, 29), date(2026, 9, 1))


def value_of(rng: random.Random, kind: str, name: str, type_: v.Type) -> Any:
    """Any value that the format allows in a field; names and products from a few that meet each other."""
    if name == "country":
        return rng.choice(("NL", "BE", "GB", "US"))
    if name == "municipality":
        return rng.choice(("Amsterdam", "AMSTERDAM", "Utrecht"))
    match type_:
        case v.Flag():
            return rng.random() < 0.5
        case v.OneOf(values, or_flag):
            return rng.choice((*values, True, False) if or_flag else values)
        case v.Number():
            return rng.choice((0, 1, 6, 12, 17, 24, 36, 60))
        case v.ListOr(word, items):
            return word if rng.random() < 0.3 else value_of(rng, kind, name, items)
        case v.ListOf(item):
            return sorted({value_of(rng, kind, name, item) for _ in range(rng.randint(1, 3))})
        case _:
            return rng.choice(PRODUCTS if name in ("product", "about") else NAMES)


def fields_of(rng: random.Random, kind: str, fields: v.Fields, filled: float) -> dict[str, Any]:
    plain = {name: each.type for name, each in fields.items() if not isinstance(each.type, v.Day | v.Object)}
    return {name: value_of(rng, kind, name, type_) for name, type_ in plain.items() if rng.random() < filled}


def day_near(rng: random.Random, at: date) -> date:
    """A day that matters: the border of a term, one off it, the day itself, or any."""
    border = add_months(at, -rng.choice((0, 1, 3, 6, 12, 24, 36, 60))) - timedelta(
        days=rng.choice((0, 0, 7, 28))
    )
    return rng.choice((border, border, border - timedelta(days=rng.randint(0, 900)))) + timedelta(
        days=rng.randint(-1, 1)
    )


def event_of(rng: random.Random, at: date) -> Event:
    kind = rng.choice(KINDS)
    day = day_near(rng, at)
    fields = fields_of(rng, kind, v.EVENTS[kind], rng.choice((0.5, 0.9)))
    later = timedelta(days=rng.choice((0, 1, 30, 365)))
    if kind == "relation" and rng.random() < 0.4:
        fields["until"] = rng.choice((day + later, max(day, at), max(day, at - timedelta(days=1))))
    if kind == "consent" and rng.random() < 0.5:
        fields["verified"] = {"date": day + later, "by": rng.choice(("sms", "login", "recording"))}
    if kind == "register" and rng.random() < 0.8:
        fields["checked"] = day - rng.choice((timedelta(0), later))
    return Event(day, kind, fields)


def person_of(rng: random.Random, campaign: Campaign, at: date) -> Case:
    events = [event_of(rng, at) for _ in range(rng.randint(0, 7))]
    ordered = sorted(events, key=lambda event: event.date)
    person = fields_of(rng, "person", v.PERSON, 0.5)
    # No younger, or much of it would be from before the birth.
    person.pop("age", None)
    if rng.random() < 0.7:
        person["age"] = rng.choice((10, 11, 12, 15, 16, 17, 20, 70))
    return Case(campaign.controller, person, tuple(ordered), Act(at, "contact", campaign.act))


def campaign_any(rng: random.Random, at: date) -> Campaign:
    act = fields_of(rng, "contact", v.ACTS["contact"], 0.7)
    for name in ("closeness", "message", "call", "forward", "special_category"):
        act.pop(name, None)
    act["on_behalf_of"] = rng.choice((ADVERTISER, CONTROLLER, OTHER_SPELLING))
    if rng.random() < 0.6:
        del act["on_behalf_of"]
    if rng.random() < 0.8:
        act |= {"product": "soap", "channel": rng.choice(v.CHANNEL.values), "content": "promotional"}
    if act.get("channel") == "post" and at < date(2018, 5, 25):
        act["channel"] = "email"  # post was governed by a law that the rulebook does not hold
    controller = {
        "name": CONTROLLER,
        "kind": rng.choice(("company", "charity", "press-publisher", "lottery")),
    }
    steps = dict(
        zip(PRODUCTS, rng.choices([c for c in Closeness if c is not Closeness.UNKNOWN], k=4), strict=True)
    )
    steps.pop(rng.choice(PRODUCTS))
    reviewed = rng.choice((date(2011, 1, 1), at, at + timedelta(days=1)))
    assessments = tuple(
        Event(day_near(rng, at), "assessed", fields_of(rng, "assessed", v.EVENTS["assessed"], 0.9))
        for _ in range(rng.randint(0, 2))
    )
    return Campaign(controller, act, ProductMap(steps, "A. de Wit", reviewed), assessments)


def moved(rng: random.Random, day: date) -> date:
    return day + timedelta(days=rng.choice((0, 0, 0, 1, -1, rng.randint(-40, 40), rng.randint(-400, 400))))


def twin_of(rng: random.Random, case: Case) -> Case:
    """Somebody of whom the same is on file, some of it on other days."""
    twin = []
    for event in case.history:
        day = moved(rng, event.date)
        fields: dict[str, Any] = dict(event.fields)
        if "until" in fields:
            fields["until"] = max(day, moved(rng, fields["until"]))
        if "verified" in fields:
            verified = fields["verified"]
            fields["verified"] = {**verified, "date": max(day, moved(rng, verified["date"]))}
        if "checked" in fields:
            fields["checked"] = min(day, moved(rng, fields["checked"]))
        twin.append(Event(day, event.kind, fields))
    return replace(case, history=tuple(sorted(twin, key=lambda event: event.date)))


def crowd_of(rng: random.Random, campaign: Campaign, at: date, people: int, twins: int) -> dict[str, Case]:
    crowd = {}
    for n in range(people):
        crowd[f"p{n}"] = person = person_of(rng, campaign, at)
        crowd |= {f"p{n}-{twin}": twin_of(rng, person) for twin in range(twins)}
    return crowd


def compare(campaign: Campaign, people: Mapping[str, Case], at: date) -> None:
    """Every person of a screening, against the same person alone."""
    profile = (STRICT, BALANCED, PERMISSIVE)[len(people) % 3]
    found, verdicts = screen_people(campaign, people, at, profile)
    assert sum(verdict.heads for verdict in found.verdicts) == len(people)
    for subject, person in people.items():
        case = campaign.case(person.person, person.history, at)
        alone = decide(draw(case), at=at, profile=profile)
        verdict = verdicts[subject]
        assert verdict.decision is not None, (verdict.obstacle, case)
        assert verdict.allowed == alone.allowed, case
        assert (verdict.rule, set(verdict.rules), verdict.duties) == (
            alone.rule,
            set(alone.rules),
            alone.duties,
        ), case
        points = [
            {(f.rule.slug, f.answer, tuple(c.answer for c in f.clauses)) for f in decision.findings}
            for decision in (verdict.decision, alone)
        ]
        assert points[0] == points[1], case


def weighed(people: Mapping[str, Case], at: date) -> dict[str, Any]:
    con = ibis.duckdb.connect()
    Snapshot.make(con, at).add(on_file.of_tables(con, records_of(con, people), at), at)
    each = "SELECT arrived.subject, w.* EXCLUDE subject FROM weighed AS w JOIN arrived ON number = w.subject"
    return {row["subject"]: row for row in con.raw_sql(each).to_arrow_table().to_pylist()}


@pytest.mark.parametrize("seed", seeds(3))
def test_whoever_shares_a_part_of_a_pattern_is_the_same_to_every_campaign(seed: int) -> None:
    rng = random.Random(seed)
    at = DAYS[seed % len(DAYS)]
    people = crowd_of(rng, campaign_any(rng, at), at, 60, 12)
    rows = weighed(people, at)
    shared = 0
    for campaign in [campaign_any(rng, at) for _ in range(4)]:
        seen: dict[tuple[str, tuple[int, ...]], tuple[Any, Case]] = {}
        for subject, row in rows.items():
            case = campaign.case(people[subject].person, people[subject].history, at, Closeness.UNKNOWN)
            drawn = unordered(draw(case))
            parts = (("c", drawn.consents), ("r", drawn.relations), ("x", (drawn.person, drawn.collections)))
            for part, told in parts:
                before = seen.setdefault((part, tuple(row[part])), (told, case))
                shared += before[1] is not case
                assert before[0] == told, (part, before[1].history, case.history)
    assert shared > len(people)


@pytest.mark.parametrize("seed", seeds(1))
def test_a_pattern_holds_from_its_first_day_until_it_turns(seed: int) -> None:
    rng = random.Random(seed)
    at = DAYS[seed % len(DAYS)]
    people = crowd_of(rng, campaign_any(rng, at), at, 60, 2)
    now = weighed(people, at)
    for days in (-400, -1, 1, 29, 366):
        then = at + timedelta(days=days)
        for subject, row in weighed(people, then).items():
            if now[subject]["since"] is not None and now[subject]["since"] <= then < now[subject]["turn"]:
                assert [row[p] for p in "crx"] == [now[subject][p] for p in "crx"], (then, people[subject])


@pytest.mark.parametrize("seed", seeds(4))
def test_a_crowd_of_any_people_is_screened_as_one_by_one(seed: int) -> None:
    rng = random.Random(seed)
    at = DAYS[seed % len(DAYS)]
    campaign = campaign_any(rng, at)
    compare(campaign, crowd_of(rng, campaign, at, 60, 5), at)


@st.composite
def crowds(draw_: st.DrawFn) -> tuple[Campaign, dict[str, Case], date]:
    at = draw_(st.sampled_from(DAYS)) + timedelta(days=draw_(st.integers(-3, 3)))
    rng = draw_(st.randoms(use_true_random=False))
    campaign = campaign_any(rng, at)
    return campaign, crowd_of(rng, campaign, at, draw_(st.integers(1, 6)), 4), at


# Shrinking would take minutes, and the first crowd that differs already prints the one person that does.
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(crowds())
def test_any_few_people_are_screened_as_one_by_one(crowd: tuple[Campaign, dict[str, Case], date]) -> None:
    compare(*crowd)


def test_events_after_the_day_do_not_count_yet() -> None:
    at = date(2026, 7, 1)
    campaign = Campaign(
        {"name": CONTROLLER, "kind": "company"}, {"channel": "email", "content": "promotional"}
    )
    consent = Event(at, "consent", {"channels": ["email"]})
    objection = Event(at + timedelta(days=1), "objection", {"channels": "all"})
    person = Case(campaign.controller, {}, (consent, objection), Act(at, "contact", campaign.act))
    compare(campaign, {"p": person}, at)
