"""A real shop and a real bank by e-mail, post and telephone, on the day before the law of calls changes."""

from __future__ import annotations

import csv
import gzip
import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from examples.bank_marketing.make_records import LINES, NEVER, dated
from examples.channels import DAY, EXAMPLES, NEXT, ROOT, Example, screened
from grondslag.decide import decide
from grondslag.facts import draw
from grondslag.screening import ScreeningSummary, cases_of, load_campaign

PEOPLE = {"online_retail": 4372, "bank_marketing": 45211}
ALLOWED = {"online_retail": (2578, 3990, 2999), "bank_marketing": (5220, 25987, 19914)}
"""By e-mail, by post and by telephone on 30 June 2026."""
LOST = {
    "online_retail": Counter(
        {"T-03": 1267, "B-03": 384, "C-03": 127, "T-12": 31, "T-17": 29, "G-07": 25, "C-05": 23, "C-11": 22}
    )
    + Counter({"T-11": 20, "C-04": 11}),
    "bank_marketing": Counter(
        {"T-03": 19282, "C-10": 428, "C-03": 117, "C-05": 45, "T-12": 10, "T-11": 5, "G-07": 2, "C-04": 1}
    ),
}
"""By telephone one day later: how many are lost, by the rule that decides then."""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_only_by_telephone_and_only_customers_are_lost_on_the_first_of_july(
    example: Example, tmp_path: Path
) -> None:
    by_email, by_post, by_phone = told = tuple(screened(example, tmp_path))
    people = PEOPLE[example.name]
    assert [each.people for each in told] == [people] * 3
    assert tuple(each.allowed for each in told) == ALLOWED[example.name]
    for each in told:
        assert each.allowed + each.refused == people
        assert sum(count.heads for count in each.grounds) == each.allowed
        assert sum(count.heads for count in each.reasons) == each.refused
    assert heads(by_email)["D-03"] > 0
    assert heads(by_post)["P-01"] > 0
    comparison = by_phone.comparison
    assert comparison is not None
    assert comparison.both + comparison.neither + comparison.lost == people
    # Whoever may be called as a customer is lost, and nobody else.
    assert (comparison.gained, comparison.lost) == (0, heads(by_phone)["T-02"])
    assert {change.before for change in comparison.changes} == {"T-02"}
    lost: Counter[str] = Counter()
    for change in comparison.changes:
        lost[change.after] += change.heads
    assert lost == LOST[example.name]
    told_in_the_docs(example, told, lost)
    one_by_one(example, tmp_path)


def heads(summary: ScreeningSummary) -> Counter[str]:
    found: Counter[str] = Counter()
    for count in (*summary.grounds, *summary.reasons):
        found[count.rule] += count.heads
    return found


def told_in_the_docs(example: Example, told: tuple[ScreeningSummary, ...], lost: Counter[str]) -> None:
    """The page on the examples has every figure."""
    page = (ROOT / "examples" / "README.md").read_text("utf-8")
    for number in (*(each.allowed for each in told), lost.total(), lost["T-03"]):
        assert f"{number:,}" in page, f"{number:,} of {example.title}"


def one_by_one(example: Example, folder: Path) -> None:
    """Some of those who are lost, decided alone on both days."""
    with (folder / "phone" / "changed.csv").open(newline="") as file:
        rows = {row["subject"]: row for row in csv.DictReader(file)}
    campaign = load_campaign(example.campaigns / "phone.yaml")
    sample = random.Random(1).sample(sorted(rows), 60)
    for day, allowed, column in ((DAY, True, "rule_before"), (NEXT, False, "rule_now")):
        for subject, case in cases_of(campaign, folder / "records", sample, day).items():
            decision = decide(draw(case), at=day)
            assert (decision.allowed, decision.rule) == (allowed, rows[subject][column])


def test_the_calls_of_the_bank_are_in_order_once_their_year_is_reckoned() -> None:
    with gzip.open(LINES, "rt", newline="") as file:
        found = list(dated(csv.DictReader(file)))
    days = [day for _, day in found]
    assert days == sorted(days)
    assert Counter(day.year for day in days) == {2008: 27729, 2009: 14862, 2010: 2620}
    assert sum(day.weekday() >= 5 for day in days) == 50
    called_before = [day - timedelta(int(line["pdays"])) for line, day in found if line["pdays"] != NEVER]
    assert min(called_before) == days[0]
