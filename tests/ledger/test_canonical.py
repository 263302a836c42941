"""Whoever writes the same value as canonical JSON writes the same bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from grondslag.errors import BadEvidence
from grondslag.ledger.canonical import canonical, canonical_entry
from tests.ledger.logs import VECTORS

NAMES = sorted(path.stem for path in (VECTORS / "jcs" / "input").iterdir())
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
KEYS = TEXT | st.sampled_from(["\U0001f600", "\ufb33", "\uffff", "\u20ac", "e", "é", "\x7f", "\x1f"])
SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT
ENTRIES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)
)


def test_there_are_six_published_examples():
    assert len(NAMES) == 6


@pytest.mark.parametrize("name", NAMES)
def test_the_published_examples_come_out_byte_for_byte(name):
    value = json.loads((VECTORS / "jcs" / "input" / f"{name}.json").read_bytes())
    output = (VECTORS / "jcs" / "output" / f"{name}.json").read_bytes()
    assert bytes.fromhex((VECTORS / "jcs" / "outhex" / f"{name}.txt").read_text()) == output
    assert canonical(value) == canonical_entry(value) == output


@given(ENTRIES)
def test_the_fast_way_writes_what_the_library_writes(value):
    assert canonical_entry(value) == rfc8785.dumps(value)


@given(st.dictionaries(KEYS, st.integers(0, 9), min_size=2, max_size=6))
def test_keys_beyond_the_basic_plane_are_sorted_as_utf_16(value):
    assert canonical_entry(value) == rfc8785.dumps(value)


def test_an_emoji_sorts_before_a_letter_of_a_lower_code_point():
    assert canonical_entry({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


@pytest.mark.parametrize(
    "value",
    [
        "\ud800",
        {"\ud800": 1},
        {"a": ["\udfff"]},
        float("nan"),
        float("inf"),
        2**53,
        -(2**53),
        {1: 2},
        b"x",
        {1},
    ],
    ids=ascii,
)
@pytest.mark.parametrize("write", [canonical, canonical_entry])
def test_what_has_no_canonical_form_is_refused_and_not_quoted(write, value):
    with pytest.raises(BadEvidence, match="has no canonical JSON") as refused:
        write(value)
    assert refused.value.remedy


def test_an_entry_that_is_nested_without_end_is_refused():
    value: list[Any] = []
    value.append(value)
    with pytest.raises(BadEvidence):
        canonical_entry(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_reads_back_as_itself(number):
    assert float(json.loads(canonical_entry({"n": number}))["n"]) == number
