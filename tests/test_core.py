"""The core is plain Python, and its logic has no way to turn doubt into a yes."""

from __future__ import annotations

import doctest
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

import grondslag
from grondslag.answers import NO, UNKNOWN, YES, Answer, all_of, answer, any_of, not_
from grondslag.decide import decide
from grondslag.errors import BadCase, NoLawInForce
from grondslag.facts import draw
from grondslag.question import Act, Event
from grondslag.situations import load
from grondslag.vocabulary import Day

CASEBOOK = Path(__file__).parents[1] / "casebook"


def test_the_example_in_the_package_docstring_runs():
    assert doctest.testmod(grondslag).failed == 0


def test_the_core_needs_nothing_but_the_standard_library():
    """Import it with every third-party package hidden."""
    code = (
        "import sys\n"
        "for name in ('yaml', 'click', 'jsonschema', 'ibis', 'duckdb', 'pyarrow'): sys.modules[name] = None\n"
        "import grondslag; print(grondslag.DUTCH.hash)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == grondslag.DUTCH.hash


def test_an_answer_has_no_truth_value():
    with pytest.raises(TypeError, match="yes, no or unknown"):
        bool(YES)


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (YES, YES, YES, YES),
        (YES, UNKNOWN, UNKNOWN, YES),
        (YES, NO, NO, YES),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
        (UNKNOWN, NO, NO, UNKNOWN),
        (NO, NO, NO, NO),
    ],
)
def test_the_logic_is_kleenes(one: Answer, other: Answer, both: Answer, either: Answer):
    for left, right in ((one, other), (other, one)):
        assert all_of(left, right) is both
        assert any_of(left, right) is either
        assert not_(all_of(left, right)) is any_of(not_(left), not_(right))


def test_what_was_left_out_is_unknown():
    assert (answer(None), answer(True), answer(False)) == (UNKNOWN, YES, NO)


# The ends of the calendar


@pytest.mark.parametrize(
    "day", [date(1899, 12, 31), date(2200, 1, 1), date.min, date.max, datetime(2026, 7, 1)]
)
def test_no_case_holds_a_day_to_which_no_term_can_be_added(day):
    makers = (
        lambda: Act(day, "receive"),
        lambda: Act(date(2026, 7, 1), "keep", {"since": day}),
        lambda: Event(day, "request"),
        lambda: Event(date(2026, 7, 1), "consent", {"verified": {"date": day}}),
    )
    for make, place in zip(
        makers, ("act.date", "act.since", "request.date", "consent.verified.date"), strict=True
    ):
        with pytest.raises(BadCase, match="is no day of the calendar; take a day from 1900") as caught:
            make()
        assert caught.value.place == place


def test_every_situation_can_be_decided_at_the_ends_of_the_calendar():
    for file in sorted(CASEBOOK.glob("*.yaml")):
        for case in (example.case for example in load(file)):
            late = replace(case, act=replace(case.act, date=Day.LAST))
            assert decide(draw(late), at=Day.LAST).answer in (YES, NO)
            with pytest.raises(NoLawInForce):
                decide(draw(replace(case, act=replace(case.act, date=Day.FIRST))), at=Day.FIRST)
