"""Yes, no, unknown: doubt stays doubt, unless it cannot matter any more."""

from __future__ import annotations

from itertools import product

import pytest

from grondslag.answers import NO, UNKNOWN, YES, Answer, all_of, answer, any_of, conjunction, not_

ANSWERS = (NO, UNKNOWN, YES)


def ways(doubtful: Answer) -> tuple[bool, ...]:
    """What a doubtful answer may turn out to be."""
    return {NO: (False,), UNKNOWN: (False, True), YES: (True,)}[doubtful]


def test_all_of_is_kleenes_and():
    table = {(one, other): all_of(one, other) for one in ANSWERS for other in ANSWERS}
    assert table == {
        (NO, NO): NO,
        (NO, UNKNOWN): NO,
        (NO, YES): NO,
        (UNKNOWN, NO): NO,
        (UNKNOWN, UNKNOWN): UNKNOWN,
        (UNKNOWN, YES): UNKNOWN,
        (YES, NO): NO,
        (YES, UNKNOWN): UNKNOWN,
        (YES, YES): YES,
    }


def test_any_of_is_kleenes_or():
    table = {(one, other): any_of(one, other) for one in ANSWERS for other in ANSWERS}
    assert table == {
        (NO, NO): NO,
        (NO, UNKNOWN): UNKNOWN,
        (NO, YES): YES,
        (UNKNOWN, NO): UNKNOWN,
        (UNKNOWN, UNKNOWN): UNKNOWN,
        (UNKNOWN, YES): YES,
        (YES, NO): YES,
        (YES, UNKNOWN): YES,
        (YES, YES): YES,
    }


def test_the_opposite_of_doubt_is_doubt():
    assert [not_(value) for value in ANSWERS] == [YES, UNKNOWN, NO]


@pytest.mark.parametrize(("combined", "certain"), [(all_of, all), (any_of, any)])
def test_an_answer_is_certain_only_when_no_doubt_can_change_it(combined, certain):
    for values in product(ANSWERS, repeat=4):
        possible = {certain(turned) for turned in product(*map(ways, values))}
        assert combined(*values) is (UNKNOWN if len(possible) == 2 else answer(possible.pop())), values


def test_nothing_asked_is_nothing_failed():
    assert conjunction(()) is YES
    assert any_of() is NO


def test_what_was_left_out_is_unknown():
    assert [answer(value) for value in (None, True, False)] == [UNKNOWN, YES, NO]


@pytest.mark.parametrize("value", ANSWERS)
def test_an_answer_is_neither_true_nor_false(value: Answer):
    with pytest.raises(TypeError, match="compare it"):
        bool(value)
