"""Whatever is handed in as an entry or as lines: taken as it is, or refused without a word of a person."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grondslag import vocabulary as v
from grondslag.errors import BadCase, BadEntry
from grondslag.register import checks, entries
from grondslag.register.checking import check
from grondslag.register.entries import Entry, read
from grondslag.register.lines import dump, load
from grondslag.register.register import Register
from grondslag.register.schema import entry_schema
from grondslag.register.vocabulary import ATTACHMENT, ENVELOPE, PROOF, RECORDED
from grondslag.situations import findings
from grondslag.situations.schema import properties
from tests.anomaly.cast import MASTER, NOW, new
from tests.anomaly.flipping import SILENT, lived_in

SECRET: Final = "Geheimstraat"
TEXTS = st.sampled_from([
    SECRET, f"{SECRET}@klant.nl", "", " ", "\n", "all", "anything", "2024-03-14", "2024-02-30", "2199-12-31",
    "١٩٩٩-01-01", "2024-03-14T10:00:00Z", "2024-03-14T10:00:00+02:00", "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+14:00", "2024-03-14T10:00:60Z", "\ud800", "\0", "\x85", "a" * 321,
    "sha256:" + "0" * 64, "sha256:" + "0" * 64 + "\n",
    "Zm9ybQ==", "Zm9ybQ=", "Zm9=bQ==", "nl", "email", "import", "12345",
])  # fmt: skip
WORDS = st.sampled_from(
    sorted({*ENVELOPE, *RECORDED, *PROOF, *ATTACHMENT, "attachments", "channels", "by", SECRET})
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-1, 200)
    | st.integers()
    | st.floats()
    | TEXTS
    | st.text(max_size=5)
)
JSON: Any = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
FORM: Final = {"name": f"{SECRET}.pdf", "content": "Zm9ybQ=="}
SOUND: Final[list[dict[str, Any]]] = [
    {"id": "1", "subject": {"email": f"{SECRET}@klant.nl"}, "date": "2024-03-14",
     "consent": {"channels": ["email"], "by": "ticked-box", "verified": {"date": "2024-03-15", "by": "sms"}},
     "proof": {"act": SECRET, "by": "person", "attachments": [FORM], "notice": {"language": "nl"}}},
    {"subject": {"id": SECRET, "phone": "0612345678"}, "time": "2024-03-14T10:00:00Z",
     "objection": {"channels": "all"}},
    {"subject": {"id": SECRET}, "date": "2024-03-14", "contact": {"address": f"{SECRET} 1, 3511 AA"}},
    {"subject": {"id": SECRET}, "date": "2024-03-14", "person": {"kind": "consumer", "age": 15}},
    {"date": "2024-03-14", "notice": {"id": "signup", "text": "Ja"}},
]  # fmt: skip


def places(tree: Any) -> list[tuple[Any, ...]]:
    """Every place in a tree."""
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [(), *((key, *rest) for key, each in inner for rest in places(each))]


@st.composite
def spoiled(draw: st.DrawFn) -> Any:
    """A sound entry with something else in one or two places, or something more, or less."""
    tree = deepcopy(draw(st.sampled_from(SOUND)))
    for _ in range(draw(st.integers(1, 2))):
        *way, last = draw(st.sampled_from(places(tree)[1:] or [(None,)]))
        at = tree
        for key in way:
            at = at[key]
        match draw(st.sampled_from(["other", "more", "less"])):
            case "other" if last is not None:
                at[last] = draw(JSON)
            case "more" if isinstance(at, dict):
                at[draw(WORDS | st.text(max_size=3))] = draw(JSON)
            case "less" if last is not None:
                del at[last]
    return tree


@given(JSON | spoiled())
@settings(max_examples=150, deadline=None)
def test_whatever_is_handed_in_is_an_entry_or_is_refused_without_a_word_of_a_person(tree: Any) -> None:
    before = deepcopy(tree)
    try:
        found = read(tree)
    except BadEntry as wrong:
        assert wrong.place and wrong.problem and wrong.remedy
        assert SECRET not in wrong.problem + wrong.remedy and "0612345678" not in str(wrong)
    else:
        assert isinstance(found, Entry) and found.kind in RECORDED and checks.is_day(found.day)
        stored = json.loads(found.body)
        assert stored["date"] == found.day
        if not found.blobs:
            assert read(stored) == found, "what is stored is an entry again, the same"
    assert repr(tree) == repr(before), "what was handed in is left as it was"


def pointed(tree: Any) -> bool:
    """Whether a number in it has a decimal point: to the schema 24.0 is a whole number."""
    inner = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return isinstance(tree, float) or any(map(pointed, inner))


SCHEMA: Final = findings.validator(entry_schema())


@pytest.mark.parametrize("months", [24.0, 24.5])
def test_a_number_with_a_decimal_point_is_told_as_what_it_is(months: float) -> None:
    with pytest.raises(BadEntry, match=r"decimal point|whole number"):
        read({"subject": {"id": "K-1"}, "date": "2024-03-14", "consent": {"months": months}})


@given(JSON | spoiled())
@settings(max_examples=150, deadline=None)
def test_the_quick_check_says_what_the_schema_says(tree: Any) -> None:
    assert bool(entries._kind(tree)) == (SCHEMA.is_valid(tree) and not pointed(tree))


def every_field() -> list[Any]:
    found = []
    for name, of in {**RECORDED, "attachment": ATTACHMENT, "proof": PROOF, "envelope": ENVELOPE}.items():
        for field, schema in properties(of).items():
            found.append(pytest.param(of[field].type, schema, id=f"{name}.{field}"))
    return found


FITTING: Final = st.sampled_from(
    sorted({*v.CHANNEL.values, *v.DETAIL.values, "all", "anything", "purchase", "named"})
)


@pytest.mark.parametrize(("type_", "schema"), every_field())
def test_of_every_field_the_quick_check_says_what_the_schema_says(
    type_: v.Type, schema: dict[str, Any]
) -> None:
    quick, whole = checks.check(checks.type_of(type_)), findings.validator(schema)
    words = st.sampled_from(type_.values) if isinstance(type_, v.OneOf) else FITTING
    values = LEAVES | words | st.lists(words | LEAVES, max_size=3) | JSON

    @given(values)
    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=[*HealthCheck])
    def agree(value: Any) -> None:
        assert quick(value) == (whole.is_valid(value) and not pointed(value)), value

    agree()


# --- Lines -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("lines")
    new(str(folder / "r"), folder / "ledger")
    with Register(folder / "r", MASTER, folder / "ledger") as register:
        lived_in(register, folder)
        register.publish(NOW + timedelta(hours=2))  # nothing vouches yet for the id of what waits for the log
        return list(dump(register))


def depended_on(lines: list[bytes]) -> list[dict[str, Any]]:
    """The rows, without the values that no check can tell; an entry that can be opened has none of these."""
    rows = [json.loads(line) for line in lines]
    return [
        {
            n: row[n]
            for n in row
            if (row.get("table"), n) not in SILENT or (row["table"] == "entry" and "body" in row)
        }
        for row in rows
    ]


@pytest.mark.parametrize("kind", ["consent", "merged", "split", "decided"])
def test_an_entry_that_no_longer_says_whom_it_is_about_is_found(
    lines: list[bytes], tmp_path: Path, kind: str
) -> None:
    rows = [json.loads(line) for line in lines]
    at = next(n for n, row in enumerate(rows) if row.get("kind") == kind and "subject" in row)
    del rows[at]["subject"]
    load(tmp_path / "r", MASTER, [json.dumps(row).encode() for row in rows])
    with Register(tmp_path / "r", MASTER, tmp_path / "ledger") as copy:
        assert f"is about nobody, and no {kind} is" in [finding.problem for finding in check(copy)]


@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[*HealthCheck])
def test_lines_that_were_changed_make_no_register_or_one_that_shows_it(
    lines: list[bytes], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    changed, at = list(lines), data.draw(st.integers(0, len(lines) - 1))
    row = json.loads(lines[at])
    match data.draw(st.sampled_from(["bytes", "value", "less", "twice", "other place", "field"])):
        case "bytes":
            cut = data.draw(st.integers(0, len(lines[at])))
            changed[at] = lines[at][:cut] + data.draw(st.binary(max_size=2)) + lines[at][cut + 1 :]
        case "value":
            row[data.draw(st.sampled_from(sorted(row)))] = data.draw(JSON)
            changed[at] = json.dumps(row).encode()
        case "less":
            del changed[at]
        case "twice":
            changed.insert(at, lines[at])
        case "other place":
            changed.insert(data.draw(st.integers(0, len(lines) - 1)), changed.pop(at))
        case "field":
            del row[data.draw(st.sampled_from(sorted(row)))]
            changed[at] = json.dumps(row).encode()
    place = tmp_path_factory.mktemp("copy") / "r"
    try:
        load(place, MASTER, changed)
    except BadCase as wrong:
        assert wrong.place and wrong.problem and "klant" not in str(wrong) and "K-1" not in str(wrong)
        with pytest.raises(BadCase):
            Register(place, MASTER)
        assert load(place, MASTER, lines) == len(lines) - 2, "and nothing is in the way of the whole file"
        return
    with Register(place, MASTER, place.parent / "ledger") as copy:
        assert list(check(copy)) or depended_on(list(dump(copy))) == depended_on(lines)
