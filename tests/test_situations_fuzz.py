"""Situation files under fire: nothing but a :class:`BadCase` comes out of bad input, and nothing is lost."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grondslag import vocabulary as v
from grondslag.errors import BadCase
from grondslag.situations import SIZE_LIMIT, BadSituations, Example, dump, load, loads, parse_case

ROOT = Path(__file__).parents[1]
CASEBOOK = [
    situation
    for path in sorted((ROOT / "casebook").glob("*.yaml"))
    for situation in dump(*load(path))["situations"]
]
SECRET = "Jan de Vries, 06 12345678"

few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(text: str | bytes, name: str) -> tuple[Example, ...] | str:
    """The examples of a text, or what is wrong with it.  Any other exception fails the test."""
    try:
        return loads(text, name)
    except BadCase as error:
        return str(error)


def refusal_of(text: str | bytes, name: str = "a.yaml") -> str:
    """What is wrong with a text that is refused."""
    refusal = read(text, name)
    assert isinstance(refusal, str)
    return refusal


# Files that are no situation file


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("# nothing yet\n", "is empty"),
        ("version: 1\n", "lacks situations"),
        ("version: 1\nsituations: []\n", "a list of one or more situations"),
        ("- version: 1\n", "is a list; write a situation file with fields such as version, situations"),
        ("version: 1\nversion: 1\n", "line 2: has the key version twice"),
        ("version: 1\n---\nversion: 1\n", "line 3: begins a second document"),
        ("version: &one 1\n", "line 1: has an anchor or an alias"),
        ("version: *one\n", "line 1: has an anchor or an alias"),
        ("version: !!int 1\n", "line 1: has a tag"),
        ("version: !!python/object/apply:os.system [id]\n", "line 1: has a tag"),
        ("<<: {version: 1}\n", "line 1: has a key that is not a word, or a merge key"),
        ("? [version]\n: 1\n", "line 1: has a key that is not a word"),
        ("version: [1\n", "line 2: is not YAML"),
        ("version: 1\n\tsituations: []\n", "line 2: is not YAML"),
        ("version: \0\n", "holds a character that YAML does not allow"),
        ("\ud800", "is not UTF-8 text"),
        (b"\xff\xfeversion", "is not UTF-8 text"),
        ("version: Stra\u00dfe".encode("latin-1"), "is not UTF-8 text"),
        (50 * "[", "is nested more than 10 levels deep"),
        ((SIZE_LIMIT + 1) * b" ", "is larger than 16 MiB"),
    ],
)
def test_a_text_that_is_no_situation_file_is_refused(text: str | bytes, words: str) -> None:
    assert words in refusal_of(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: is not JSON"),
        ("null", "is empty"),
        ('{"version": 1,\n"situations" []}', "line 2: is not JSON"),
        ('{"version": 1, "version": 1}', "has the key version twice in one object"),
        ('{"version": NaN}', "holds a value that JSON cannot hold"),
        ('{"version": 1e999}', "holds a value that JSON cannot hold"),
        ('{"version": "\\ud800"}', "holds a value that JSON cannot hold"),
        (f'{{"version": {5000 * "1"}}}', "is nested too deep, or holds too long a number"),
        (12 * "[" + 12 * "]", "is nested more than 10 levels deep"),
        (100_000 * "[", "is nested too deep, or holds too long a number"),
    ],
)
def test_a_text_that_is_no_json_situation_file_is_refused(text: str, words: str) -> None:
    assert words in refusal_of(text, "a.json")


@pytest.mark.parametrize(
    "request_body", [None, [], "", 1, {"act": object()}, {"act": float("nan")}, {1: {2}}]
)
def test_a_request_that_is_no_situation_is_refused(request_body: object) -> None:
    with pytest.raises(BadCase):
        parse_case(request_body)


def test_a_request_that_holds_itself_is_refused() -> None:
    request: dict[str, Any] = {"history": []}
    request["act"] = request
    with pytest.raises(BadSituations, match="holds a value that JSON cannot hold"):
        parse_case(request)


def test_a_small_file_that_unfolds_into_a_large_one_is_refused_at_once() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 64))
    assert "has an anchor or an alias" in refusal_of(bomb), "unfolded, it would take for ever"


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    for path in [str(tmp_path), str(tmp_path / "missing.yaml"), "a\0b"]:
        with pytest.raises(BadSituations, match="cannot be opened") as caught:
            load(path)
        assert caught.value.place == path


# Any text

words = [
    "version: 1\n",
    "situations:\n",
    "- ",
    "  ",
    "id: A",
    "history: []",
    "act: ",
    "{",
    "}",
    "[",
    "]",
    ", ",
]
marks = [
    "\n",
    ": ",
    "&a ",
    "*a",
    "!!int ",
    "<<: ",
    "? ",
    "---\n",
    "...\n",
    "|\n",
    ">\n",
    "%YAML 1.1\n",
    "'",
    '"',
    "\\u",
]
snippets = st.lists(st.sampled_from([*words, *marks, "2026-02-30", "null", "~", "1e9", "\t", "#", "\ufeff"]))


@few
@given(st.text() | st.binary() | snippets.map("".join), st.sampled_from(["a.yaml", "a.json"]))
def test_any_text_is_read_or_refused(text: str | bytes, name: str) -> None:
    read(text, name)


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.dates()
    | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@few
@given(anything | st.fixed_dictionaries({"history": anything, "act": anything}))
def test_any_object_is_a_case_or_refused(request_body: object) -> None:
    with suppress(BadCase):
        parse_case(request_body)


# A real situation with something broken in it


def ways(part: object, way: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to every value inside a value."""
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [way, *(each for step, value in inner for each in ways(value, (*way, step)))]


@st.composite
def broken_situations(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> dict[str, Any]:
    """A situation of the casebook in which a field is left out, renamed, added or given another value."""
    situation: dict[str, Any] = json.loads(json.dumps(draw(st.sampled_from(CASEBOOK))))
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from([each for each in ways(situation) if each]))
        holder: Any = situation
        for step in way:
            holder = holder[step]
        match draw(st.sampled_from(["drop", "replace", "rename", "add", "wrap"])):
            case "drop":
                del holder[last]
            case "rename" if isinstance(holder, dict):
                holder[draw(st.sampled_from([*v.EVENTS, *v.fields_of("contact")]))] = holder.pop(last)
            case "add" if isinstance(holder, dict):
                holder[str(draw(values))] = draw(values)
            case "wrap":
                holder[last] = [holder[last]]
            case _:
                holder[last] = draw(values)
    return situation


vocabulary_words = st.sampled_from(
    ["all", "email", "2026-02-30", "2020-01-01", "phone", "true", "", "contact"]
)


@few
@given(broken_situations(anything.filter(lambda value: not isinstance(value, date)) | vocabulary_words))
def test_a_broken_situation_is_read_or_refused(situation: dict[str, Any]) -> None:
    file = {"version": 1, "situations": [situation]}
    text = json.dumps(file, default=str)
    read(text, "a.json")
    read(text, "a.yaml")
    read(yaml.safe_dump(json.loads(text)), "a.yaml")


@few
@given(broken_situations(st.just(SECRET)))
def test_no_error_repeats_a_value_that_is_no_word_of_the_format(situation: dict[str, Any]) -> None:
    outcome = read(json.dumps({"version": 1, "situations": [situation]}), "a.json")
    assert not isinstance(outcome, str) or not any(word in outcome for word in ("Vries", "12345678"))


# Situations drawn from the vocabulary

texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12).filter(
    lambda text: bool(text.strip())
)
START = date(2010, 1, 1)
ACT = date(2026, 7, 1)
EARLIER = {"checked", "received", "since"}
"""The dates that do not come after the record in which they stand; all others do not come before it."""


def values_of(name: str, type_: v.Type, day: date) -> st.SearchStrategy[Any]:
    """What a field of a record of this day may hold."""
    match type_:
        case v.Flag():
            return st.booleans()
        case v.Text():
            return st.sampled_from(["NL", "BE"]) if name == "country" else texts
        case v.Day():
            days = st.integers(0, 2000).map(timedelta)
            return days.map(lambda some: (day - some if name in EARLIER else day + some).isoformat())
        case v.Number(least, most):
            return st.integers(max(least, 40) if name == "age" else least, most)
        case v.OneOf(words, or_flag):
            return st.sampled_from(words) | st.booleans() if or_flag else st.sampled_from(words)
        case v.ListOf(item, least):
            return st.lists(values_of(name, item, day), min_size=least, max_size=3)
        case v.ListOr(word, items):
            return st.just(word) | values_of(name, items, day)
        case v.Object(fields):
            return records(fields, day)
        case v.Open():
            scalars = (
                st.booleans()
                | st.integers(-999, 999)
                | st.floats(allow_nan=False, allow_infinity=False)
                | texts
            )
            return st.dictionaries(
                st.from_regex(r"[a-z][a-z_]{0,9}", fullmatch=True), scalars | st.lists(scalars)
            )


def records(fields: v.Fields, day: date) -> st.SearchStrategy[dict[str, Any]]:
    """A record with some of its fields."""
    strategies = {name: values_of(name, field.type, day) for name, field in fields.items()}
    return st.fixed_dictionaries({}, optional=strategies)


@st.composite
def situations(draw: st.DrawFn) -> dict[str, Any]:
    """A situation as a file writes it, free of contradictions."""
    do = draw(st.sampled_from([*v.ACTS]))
    # A consent before everything else, so that there is something to withdraw.
    history: list[dict[str, Any]] = [{"date": "2009-01-01", "consent": {}}]
    for offset in draw(st.lists(st.integers(0, 6500), max_size=4, unique=True)):
        day, kind = START + timedelta(offset), draw(st.sampled_from([*v.EVENTS]))
        history.append({"date": day.isoformat(), kind: draw(records(v.EVENTS[kind], day))})
    act = {"date": ACT.isoformat(), "do": do, **draw(records(v.ACTS[do], ACT))}
    asked = [entry["date"] for entry in history if "request" in entry]
    if do == "respond":
        act |= {name: ACT.isoformat() for name in ("extension_notice", "answered") if name in act}
        act |= {"received": asked[0]} if asked and "received" in act else {}
    if act.get("content") == "factual":
        act.pop("advertises", None)
    answer = v.FLAG if do == "judge" else v.one_of("allow deny")
    return {
        "id": draw(st.from_regex(r"[A-Z]{1,3}-[0-9]{3}", fullmatch=True)),
        "controller": draw(records(v.CONTROLLER, ACT)),
        "person": draw(records(v.PERSON, ACT)),
        "history": history,
        "act": act,
        "expect": {"answer": draw(values_of("answer", answer, ACT))},
    }


class Quoting(yaml.SafeDumper):
    """Quotes every text: PyYAML leaves 0E0 bare, which YAML 1.2 reads as a number."""


Quoting.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)


@few
@given(situations())
def test_what_is_read_is_written_and_read_again(situation: dict[str, Any]) -> None:
    file = {"version": 1, "situations": [situation]}
    examples = loads(json.dumps(file), "a.json")
    written = dump(*examples)
    assert loads(json.dumps(written), "a.json") == examples
    assert loads(yaml.dump(written, Dumper=Quoting, allow_unicode=True), "a.yaml") == examples
    days = [event.date for event in examples[0].case.history]
    assert days == sorted(days)
