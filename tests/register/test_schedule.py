"""The schedule: read strictly, held against the law, exact on the first and the last day."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml

from grondslag.errors import BadCase
from grondslag.register.history import Known
from grondslag.register.schedule import Fate, Schedule, State, carried, fates, holds, load
from grondslag.register.schedule.checks import KINDS, TERMS
from grondslag.register.schedule.reading import read, text
from grondslag.register.schedule.words import told

DAY = timedelta(days=1)
_numbers = count(1)


def entry(what: str, day: str, **fields: Any) -> Known:
    number = next(_numbers)
    tree = {"id": f"e-{number}", "subject": {"email": "anna@klant.nl"}, "date": day, what: fields}
    return Known(uuid.UUID(int=1), number, 0, what, tree)


def own(**changes: Mapping[str, Any] | None) -> bytes:
    """The schedule that is carried, with some rows changed; None takes one out."""
    tree = yaml.safe_load(text())
    tree["rows"] = [
        row | (changes.get(row["name"].replace("-", "_")) or {})
        for row in tree["rows"]
        if changes.get(row["name"].replace("-", "_"), {}) is not None
    ]
    return yaml.safe_dump(tree, allow_unicode=True).encode()


def of(schedule: Schedule, entries: list[Known], at: date, refused: date | None = None) -> list[Fate]:
    return fates(schedule, entries, at, refused)


# --- The first and the last day ----------------------------------------------------------------------------

YEAR_END = date(2024, 12, 31)
EXACT = [
    # what is on file, which entry, the last day in use, the row and last day of what then holds it
    ([entry("consent", "2024-03-14")], 0, date(2027, 3, 14), "proof", date(2032, 3, 14)),
    ([entry("consent", "2024-02-29")], 0, date(2027, 2, 28), "proof", date(2032, 2, 28)),
    ([entry("relation", "2024-03-14", kind="purchase")], 0, date(2027, 3, 14), "tax", date(2031, 12, 31)),
    ([entry("relation", "2024-12-31", kind="purchase")], 0, date(2027, 12, 31), "tax", date(2031, 12, 31)),
    ([entry("relation", "2025-01-01", kind="purchase")], 0, date(2028, 1, 1), "tax", date(2032, 12, 31)),
    ([entry("relation", "2019-01-01", kind="membership", until="2024-05-31")], 0, date(2027, 5, 31), "tax",
     YEAR_END.replace(year=2031)),
    ([entry("relation", "2024-03-14", kind="quote")], 0, date(2027, 3, 14), None, None),
    ([entry("request", "2024-03-14", kind="access")], 0, date(2025, 3, 14), "request-proof",
     date(2029, 3, 14)),
    ([entry("recorded", "2024-03-14", purposes=["training"])], 0, date(2024, 6, 14), None, None),
    ([entry("recorded", "2024-03-14", service="other")], 0, date(2024, 6, 14), None, None),
    ([entry("recorded", "2024-03-14", purposes=["legal-duty"])], 0, date(2029, 3, 14), None, None),
    ([entry("recorded", "2024-03-14", purposes=["contract"]),
      entry("relation", "2024-03-14", kind="service", until="2025-03-14")], 0, date(2030, 3, 14), None, None),
    ([entry("dispute", "2024-03-14", until="2025-03-14")], 0, date(2025, 3, 14), None, None),
    ([entry("dispute", "2024-03-14")], 0, date(2044, 3, 14), None, None),
    ([entry("interaction", "2024-03-14", kind="clicked"),
      entry("interaction", "2025-01-01", kind="opened")], 1, date(2027, 3, 14), None, None),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "which", "last", "row", "until"), EXACT)
def test_a_period_is_exact_on_its_first_and_last_day(
    entries: list[Known], which: int, last: date, row: str | None, until: date | None
) -> None:
    schedule, each = carried(), entries[which]
    assert of(schedule, entries, each.date)[which].state is State.USE
    assert of(schedule, entries, last)[which].state is State.USE
    after = of(schedule, entries, last + DAY)[which]
    if row is None or until is None:
        assert after.state is State.GONE
        return
    assert after.row is not None
    assert (after.state, after.row.name, after.until) == (State.HELD, row, until)
    assert of(schedule, entries, until)[which].state is State.HELD
    assert of(schedule, entries, until + DAY)[which].state is State.GONE


def test_a_refusal_ends_marketing_on_its_own_day() -> None:
    consent = [entry("consent", "2026-03-14"), entry("objection", "2026-11-01")]
    assert [each.state for each in of(carried(), consent, date(2026, 11, 1), date(2026, 11, 1))] == [
        State.HELD, State.USE,
    ]  # fmt: skip


def test_what_says_who_it_is_stays_as_long_as_anything_does() -> None:
    on_file = [entry("contact", "2020-01-01", phone="0612345678"), entry("consent", "2024-03-14")]
    assert [each.state for each in of(carried(), on_file, date(2027, 3, 14))] == [State.USE] * 2
    assert [each.state for each in of(carried(), on_file, date(2027, 3, 15))] == [State.GONE, State.HELD]


def test_forgetting_as_a_whole_ends_what_runs_on_that_day() -> None:
    on_file = [entry("relation", "2020-01-01", kind="subscription"), entry("contact", "2020-01-01")]
    held = holds(carried(), date(2026, 11, 25))(on_file)
    assert {number: hold.until for number, hold in held.items()} == {on_file[0].number: date(2033, 12, 31)}
    dispute = [*on_file, entry("dispute", "2026-11-01")]
    assert len(holds(carried(), date(2026, 11, 25))(dispute)) == 3, "a dispute needs everything"


def test_what_was_put_right_twice_ended_when_the_last_word_says() -> None:
    runs, still, ended = (entry("relation", "2015-01-01", kind="account") for _ in range(3))
    still = replace(still, tree={**still.tree, "corrects": runs.tree["id"]})
    over = {"kind": "account", "until": "2016-01-01"}
    ended = replace(ended, tree={**ended.tree, "corrects": still.tree["id"], "relation": over})
    on_file = [runs, still, ended]
    assert [each.state for each in of(carried(), on_file, date(2019, 1, 1))] == [State.USE] * 3
    assert [each.until for each in of(carried(), on_file, date(2019, 1, 2))] == [date(2021, 1, 1)] * 3
    assert [each.state for each in of(carried(), on_file, date(2021, 1, 2))] == [State.GONE] * 3


def test_corrections_in_a_circle_come_to_an_end() -> None:
    on_file = [entry("relation", "2015-01-01", kind="account"), entry("relation", "2015-01-01", kind="quote")]
    both = [
        replace(one, tree={**one.tree, "corrects": other.tree["id"]})
        for one, other in zip(on_file, reversed(on_file), strict=True)
    ]
    assert [each.state for each in of(carried(), both, date(2015, 1, 1))] == [State.USE, State.USE]
    assert [each.state for each in of(carried(), both, date(2026, 1, 1))] == [State.GONE, State.GONE]


def test_what_no_row_covers_stays_and_is_told() -> None:
    schedule = read(own(calls_for_training={"entries": {"recorded": {"purposes": ["training"]}}}), "own.yaml")
    (fate,) = of(schedule, [entry("recorded", "2000-01-01", service="other")], date(2026, 1, 1))
    assert (fate.state, fate.row) == (State.USE, None)


# --- The law -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "change", "said"),
    [
        ("tax", {"period": {"years": 6}}, "period: is shorter than a statute asks (K-02); write {months: 84"),
        ("tax", {"period": {"days": 2556}}, "is shorter than a statute asks (K-02)"),
        ("tax", {"from": "event"}, "from: is not from what this period counts: event (K-02); write year"),
        ("tax", {"law": "AVG art. 5"}, "does not name the statute that sets this period (K-02)"),
        ("tax", {"period": {"years": 10}}, "longer than can be defended without an argument (K-02)"),
        ("tax", {"category": "property-vat-file", "law": "Wet OB art. 34a"},
         "is shorter than a statute asks (K-03)"),
        ("marketing", {"period": {"years": 4}}, "longer than can be defended without an argument (K-06)"),
        ("marketing", {"from": "person"}, "is not from what this period counts: person (K-06)"),
        ("proof", {"period": {"months": 61}}, "longer than can be defended without an argument (K-04)"),
        ("claims", {"period": {"years": 20}}, "longer than can be defended without an argument (K-05)"),
        ("suppression", {"from": "event"}, "is not from what this period counts: event (K-08)"),
        ("calls_about_investments", {"period": {"months": 59}}, "is shorter than a statute asks (K-09)"),
        ("calls_about_investments", {"period": {"months": 85}}, "without an argument (K-09)"),
        ("claims", {"category": "client-file", "law": "Wwft art. 33", "period": {"years": 4}},
         "is shorter than a statute asks (K-10)"),
        ("calls_for_training", {"period": {"months": 13}}, "without an argument (K-11)"),
        ("calls_about_a_contract", {"period": {"years": 6}}, "without an argument (K-12)"),
        ("request_proof", {"period": {"years": 6}}, "without an argument (K-13)"),
        ("details", None, "do not keep every person as long as anything of the person is on file (K-01)"),
        ("suppression", {"entries": {"objection": "any"}}, "do not keep every withdrawal as long as"),
        ("dispute", None, "do not say how long dispute is kept (K-01)"),
        ("claims", {"name": "tax"}, "is the name of another row too"),
    ],
)  # fmt: skip
def test_what_the_law_does_not_allow_is_refused_by_its_rule(
    row: str, change: dict[str, Any] | None, said: str
) -> None:
    with pytest.raises(BadCase) as wrong:
        read(own(**{row: change}), "own.yaml")
    assert said in str(wrong.value) and "own.yaml, line " in str(wrong.value)


def test_every_row_of_the_law_with_a_term_is_checked() -> None:
    assert [*TERMS] == [f"K-{n:02}" for n in range(2, 14) if n != 7], "K-07 is no term: it ends one at once"


def test_what_is_argued_is_allowed_and_told() -> None:
    argued = {"period": {"years": 5}, "argument": "a car is kept for ten years"}
    schedule = read(own(marketing=argued, tax=None), "own.yaml")
    assert schedule.warnings == (
        "marketing: longer than 36 months, on an argument: a car is kept for ten years (K-06)",
        "no row keeps anything for the tax office (K-02); see to it that this is kept elsewhere",
    )


def test_the_schedule_that_is_carried_needs_no_argument_and_covers_every_kind() -> None:
    assert carried().warnings == () and carried().threshold == 10
    for kind in KINDS:
        assert any(row.entries and kind in row.entries for row in carried().rows), kind
    assert {row.rule for row in carried().rows} >= {"K-02", "K-04", "K-05", "K-06", "K-08", "K-09", "K-13"}


# --- The format --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("threshold: 10", "threshold: 9", "line 3, threshold: does not fit; write a whole number of at"),
        ("purpose: tax", "purpose: taxes", "purpose: taxes may not stand here; did you mean tax?"),
        ("  from: year", "  since: year", "is not a field of a row"),
        ("{years: 7}", "{years: 7, months: 1}", "write a period, as in {years: 7}"),
        ("{years: 7}", "{}", "write a period, as in {years: 7}"),
        ("{purposes: [consent-proof]}", "{}", "write any, or conditions on recorded"),
        ("{years: 7}", "seven years", "is text; write a period, as in {years: 7}"),
        ("    dispute: any", "    disputes: any", "disputes: is not a field of any, or kinds of entries"),
        ("[training, unknown]", "[coaching]", "coaching may not stand here"),
        ("[training, unknown]", "[]", "write a list of words"),
        ("entries: any", "entries: all", "write any, or kinds of entries"),
        ("law: AWR art. 52 lid 4", "law: 52", "law: is a number; write the article"),
        ("version: 1", "version: 2", "is not a version of the format"),
        ("rows:", "rows: [", "is not YAML"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_told_with_its_line(before: str, after: str, said: str) -> None:
    changed = text().decode().replace(before, after, 1)
    assert changed != text().decode()
    with pytest.raises(BadCase) as wrong:
        read(changed.encode(), "own.yaml")
    assert said in str(wrong.value) and "own.yaml" in str(wrong.value)


def test_a_file_is_read_and_one_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_bytes(text())
    assert load(tmp_path / "own.yaml") == carried()
    with pytest.raises(BadCase, match="cannot be read"):
        load(tmp_path / "none.yaml")
    with pytest.raises(BadCase, match="is empty"):
        read(b" \n", "own.yaml")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_row_can_be_told_in_words(lang: str) -> None:
    rows = dict(zip((row.name for row in carried().rows), told(carried(), lang), strict=True))
    purpose, sentence = rows["tax"]
    if lang == "nl":
        assert purpose == "Belasting"
        assert "Wij bewaren dit tot 7 jaar na het einde van het kalenderjaar." in sentence
        assert "aankoop, abonnement" in sentence.casefold() and "afgesloten" in sentence
    else:
        assert "We keep this for 3 months after the day itself." in rows["calls-for-training"][1]
        assert "figures about 10 people or more" in rows["marketing"][1]
    assert not any("{" in each or "None" in each for _, each in rows.values())
