"""The core is plain Python, and its logic has no way to turn doubt into a yes."""

from __future__ import annotations

import doctest
import subprocess
import sys

import pytest

import grondslag
from grondslag.answers import NO, UNKNOWN, YES, Answer, all_of, answer, any_of, not_


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
