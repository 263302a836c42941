"""Imports under fire: nothing but a :class:`BadCase` comes out of bad input, and no yes that nobody gave."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grondslag.errors import BadCase
from grondslag.register.imports import NAMES, Format, Row, load, read
from grondslag.situations.findings import structure
from grondslag.vocabulary import EVENTS
from tests.register.imports.conftest import ABOUT, AT, SAMPLES, header, kinds

many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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
        assert row.problem is None or row.raw
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
def test_bytes(content: bytes, format: Format):
    require_sound(rows(content, format))
    require_sound(rows(content, None, "x.csv.gz"))


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
        [
            "",
            "a@klant.example",
            "yes",
            "no",
            "true",
            "1",
            "0",
            "SUBSCRIBED",
            "UNSUBSCRIBED",
            "HARD_BOUNCE",
            "Active",
        ]
        + ["2024-03-14 09:12:31", "2031-01-01", "0000-00-00", "9999-12-31T23:59:59-23:59", "192.0.2.1", "::1"]
        + [
            "Spam complaint",
            "06-12345678",
            "'+31612345678",
            "[]",
            '{"a": NaN}',
            "9" * 5_000,
            "[" * 5_000,
            "\ufffd",
        ]
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
    [
        "email",
        "status",
        "tijd",
        "filled",
        "empty",
        "shared",
        "varied",
        "yes-no",
        "time",
        "json",
        "has",
        "after",
        "a.b",
    ]
    + [
        "consent",
        "objection",
        "channels",
        "all",
        "evidence",
        "none",
        "full",
        "day",
        "text",
        "first",
        "*",
        "{email}",
        "[",
    ]
)
SCALARS: Any = st.one_of(WORDS, st.booleans(), st.integers(-1, 2), st.none(), st.text(max_size=5))
TREES: Any = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=8,
)
CONDITIONS: Any = st.one_of(
    st.sampled_from(["filled", "empty", "shared", "varied"]),
    st.booleans(),
    WORDS,
    st.fixed_dictionaries({"has": st.one_of(WORDS, st.lists(WORDS, min_size=1, max_size=2))}),
    st.fixed_dictionaries({"after": WORDS}),
    TREES,
)
RECORDS: Any = st.one_of(
    st.just(
        {
            "consent": {
                "channels": ["email"],
                "evidence": "metadata-only",
                "verified": {"date": {"day": "tijd"}},
            }
        }
    ),
    st.just({"objection": {"channels": "all"}}),
    st.dictionaries(st.sampled_from(sorted(EVENTS)), TREES, min_size=1, max_size=1),
)
RULES: Any = st.fixed_dictionaries(
    {},
    optional={
        "when": st.dictionaries(
            st.sampled_from(["status", "email", "tijd", "st*", "a.b"]), CONDITIONS, max_size=2
        ),
        "dated": st.sampled_from(["tijd", "email", ["tijd"]]),
        "record": RECORDS,
        "note": st.one_of(st.just("een regel"), TREES),
        "proof": st.one_of(st.just({"act": {"text": "status"}}), TREES),
    },
)
MAPPINGS: Any = st.fixed_dictionaries(
    {
        "version": st.just(1),
        "format": st.just("eigen"),
        "needs": st.just(["email", "status", "tijd"]),
        "read": st.fixed_dictionaries(
            {"tijd": st.just("time")},
            optional={
                "status": st.sampled_from(["yes-no", "apostrophe", ["ja", "nee"]]),
                "a": st.just("json"),
                "st*": WORDS,
            },
        ),
        "subject": st.one_of(st.just({"email": "email"}), st.just({"own": "{email}-{status}"}), TREES),
        "rules": st.lists(
            st.one_of(RULES, st.fixed_dictionaries({"first": st.lists(RULES, min_size=1, max_size=3)})),
            max_size=4,
        ),
    },
    optional={"key": WORDS, "changed": WORDS, "like": st.sampled_from([*NAMES, "x"]), "files": WORDS},
)
TABLE = (
    b"email,status,tijd,a\n"
    b'a@klant.example,ja,2024-03-14 09:12:31,"{""b"": 1}"\n'
    b"b@klant.example,nee,2031-01-01,[]\n"
    b"geen adres,misschien,gisteren,x\n"
)


@many
@given(st.one_of(MAPPINGS, TREES))
def test_mappings(tree: Any):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mapping.yaml"
        file.write_text(yaml.safe_dump(tree, allow_unicode=True), "utf-8")
        try:
            format = load(str(file))
        except BadCase:
            return
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
