"""Imports under fire: nothing but a :class:`BadCase` comes out of bad input, and no yes that nobody gave."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grondslag.errors import BadCase
from grondslag.register.imports import NAMES, Format, Row, load, read
from grondslag.situations.findings import structure
from tests.register.imports.conftest import ABOUT, AT, SAMPLES, header, kinds

many = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FORMATS = st.sampled_from([load(name) for name in NAMES])
SAMPLED = [path.read_bytes() for path in sorted(SAMPLES.glob("*.csv"))]


def rows(content: bytes, format: Format | None, name: str = "x.csv") -> list[Row]:
    """What is read; nothing when the file is refused.  Any other exception fails the test."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(content)
        try:
            return list(read(file, format, AT))
        except BadCase:
            return []


def require_sound(found: list[Row]) -> None:
    """Every entry is an event of the format, of no day to come, and every problem has its text."""
    assert [row.line for row in found] == sorted(row.line for row in found)
    for row in found:
        assert row.problem is None or row.raw or "longer" in row.problem.en
        for entry in row.entries:
            (kind,) = set(entry) - set(ABOUT)
            assert structure(entry[kind], f"event-{kind}") == []
            assert date(1900, 1, 1) <= date.fromisoformat(entry["date"]) <= AT
            assert set(entry["subject"]) <= {"id", "email", "phone", "address"}
            assert entry["subject"]
            assert not (row.problem and kind == "consent")


@many
@given(st.binary(max_size=2_000), FORMATS)
@example(b"PK\x03\x04", load("kit"))
@example(b"email,status\n\x1e\n", load("kit"))
@example(b"email,status\n\xff\n", load("kit"))
def test_bytes(content: bytes, format: Format):
    require_sound(rows(content, format))
    require_sound(rows(content, format, "x.csv.gz"))
    require_sound(rows(content, format, "x.parquet"))


@many
@given(
    st.sampled_from(SAMPLED),
    st.lists(st.tuples(st.integers(0, 2_000), st.binary(max_size=3)), max_size=6),
    FORMATS,
)
def test_samples_with_other_bytes_in_them(content: bytes, changes: list[tuple[int, bytes]], format: Format):
    for place, piece in changes:
        content = content[:place] + piece + content[place + 1 :]
    require_sound(rows(content, None))
    require_sound(rows(content, format))


CELLS = st.one_of(
    st.sampled_from(
        "|a@klant.example|yes|no|true|1|0|SUBSCRIBED|UNSUBSCRIBED|HARD_BOUNCE|Active|::1|[]".split("|")
    ),
    st.sampled_from(
        ["2024-03-14 09:12:31", "2031-01-01", "0000-00-00", "9999-12-31T23:59:59-23:59", "192.0.2.1"]
    ),
    st.sampled_from(
        ["Spam complaint", "06-12345678", "'+31612345678", '{"a": NaN}', "9" * 5_000, "[" * 5_000]
    ),
    st.text(max_size=20),
)
STEMS = sorted(path.stem for path in SAMPLES.glob("*.csv"))


@many
@given(st.sampled_from(STEMS), st.data())
def test_rows(stem: str, data: st.DataObject):
    columns = header(stem) if stem != "brevo" else header(stem)[0].split(";")
    table = data.draw(st.lists(st.lists(CELLS, min_size=len(columns), max_size=len(columns)), max_size=4))
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([columns, *table])
    for format in (None, *map(load, NAMES)):
        require_sound(rows(text.getvalue().encode("utf-8", "replace"), format))


@many
@given(st.lists(CELLS, min_size=32, max_size=32))
def test_a_suppressed_profile_is_never_one_that_only_says_yes(cells: list[str]):
    columns = header("klaviyo_list")
    row = dict(zip(columns, cells, strict=True)) | {
        "Email": "a@klant.example",
        "Email Suppressions": "UNSUBSCRIBED",
    }
    text = io.StringIO()
    csv.writer(text).writerows([columns, [row[column] for column in columns]])
    (found,) = rows(text.getvalue().encode("utf-8", "replace"), load("klaviyo"))
    if not any("encoding" in said.en or "quote" in said.en for said in [found.problem] if said):
        assert "objection" in kinds(found)


# --- Mappings ----------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    "email status tijd filled yes-no time json has after a.b consent objection channels all evidence none"
    " full day text first * {email} [ like kit".split()
)
TREES: Any = st.recursive(
    st.one_of(WORDS, st.booleans(), st.integers(-1, 2), st.none(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=8,
)
OF_STATUS: Any = st.sampled_from(["ja", ["ja", "nee"], {"has": "e"}, "filled", "empty", "shared", "varied"])
OF_MOMENT: Any = st.sampled_from(["filled", "empty", "shared", "varied", {"after": "tijd"}])
RULES: Any = st.fixed_dictionaries(
    {
        "dated": st.sampled_from(["tijd", ["tijd", "tijd"]]),
        "record": st.sampled_from(
            [
                {
                    "consent": {
                        "channels": ["email"],
                        "evidence": "metadata-only",
                        "verified": {"date": {"day": "tijd"}},
                    }
                },
                {"objection": {"channels": "all"}},
                {"withdrawal": {"at": {"text": "status"}}},
                {"relation": {"kind": "account"}},
            ]
        ),
    },
    optional={
        "when": st.fixed_dictionaries({}, optional={"status": OF_STATUS, "tijd": OF_MOMENT}),
        "note": st.sampled_from(["een regel", {"en": "a sentence", "nl": "een zin"}]),
        "proof": st.just({"act": {"text": "status"}, "verification": {"confirmed": {"time": "tijd"}}}),
    },
).map(lambda rule: {key: each for key, each in rule.items() if each})
MAPPINGS: Any = st.fixed_dictionaries(
    {
        "version": st.just(1),
        "format": st.just("eigen"),
        "needs": st.just(["email", "status", "tijd"]),
        "read": st.just({"tijd": "time", "status": ["ja", "nee"], "a": "json"}),
        "subject": st.sampled_from(
            [{"email": "email"}, {"own": "{email}-{status}"}, {"id": "a.b", "email": "email"}]
        ),
        "rules": st.lists(
            st.one_of(RULES, st.builds(lambda rules: {"first": rules}, st.lists(RULES, min_size=1))),
            max_size=4,
        ),
    },
    optional={
        "key": st.sampled_from(["email", "a.b"]),
        "changed": st.sampled_from(["tijd", "status"]),
    },
)


def spoiled(draw: st.DrawFn, tree: Any) -> Any:
    """The tree with something else in one place."""
    if isinstance(tree, dict | list) and tree and draw(st.integers(0, 3)):
        place = draw(st.sampled_from(list(tree) if isinstance(tree, dict) else range(len(tree))))
        other = dict(tree) if isinstance(tree, dict) else list(tree)
        other[place] = spoiled(draw, tree[place])
        return other
    return draw(TREES)


@st.composite
def spoiled_mappings(draw: st.DrawFn) -> Any:
    return spoiled(draw, draw(MAPPINGS))


TABLE = (
    b"email,status,tijd,a\n"
    b'a@klant.example,ja,2024-03-14 09:12:31,"{""b"": 1}"\n'
    b"b@klant.example,nee,2031-01-01,[]\n"
    b"geen adres,misschien,gisteren,x\n"
)


def loaded(tree: Any) -> Format | None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mapping.yaml"
        file.write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
        try:
            return load(str(file))
        except BadCase:
            return None


@many
@given(MAPPINGS)
def test_sound_mappings(tree: Any):
    format = loaded(tree)
    assert format is not None
    require_sound(rows(TABLE, format))


@many
@given(spoiled_mappings())
def test_spoiled_mappings(tree: Any):
    if format := loaded(tree):
        require_sound(rows(TABLE, format))


@many
@given(st.binary(max_size=300))
def test_mappings_of_bytes(content: bytes):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mapping.yaml"
        file.write_bytes(content)
        try:
            load(str(file))
        except BadCase:
            return
        raise AssertionError("bytes by chance are no mapping")
