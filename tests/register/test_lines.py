from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest

from grondslag.errors import BadLines, Unopened
from grondslag.register.checking import check
from grondslag.register.keys import LocalMaster
from grondslag.register.lines import dump, load
from grondslag.register.register import Register
from tests.register.conftest import MASTER, Opener
from tests.register.test_forgetting import BOB, PURCHASE, nothing_held, tax
from tests.register.test_recording import ANNA, NOW, consent, kinds, objection


@pytest.fixture
def lived_in(register: Register) -> Register:
    """A register in which everything happened once."""
    form = base64.b64encode(b"a form").decode()
    carla, dirk = {"id": "K-3", "email": "c@klant.nl"}, {"id": "K-4"}
    register.record(consent(proof={"attachments": [{"name": "form", "content": form}]}), objection(), at=NOW)
    register.record({"date": "2024-01-01", "notice": {"id": "signup", "text": "Ja!"}}, at=NOW)
    register.record(consent("2", BOB), PURCHASE | {"id": "p", "subject": carla}, consent("4", dirk), at=NOW)
    register.publish(NOW)
    register.erase(carla, tax, "request", NOW)
    register.erase(dirk, nothing_held, "retention", NOW)
    register.merge(BOB, ANNA, "one person", NOW)
    return register


def test_a_register_read_back_is_the_same_register(lived_in: Register, tmp_path: Path) -> None:
    lines = list(dump(lived_in))
    count = load(tmp_path / "copy", MASTER, lines)
    assert count == len(lines) - 2
    with Register(tmp_path / "copy", MASTER, tmp_path / "ledger") as copy:
        assert list(dump(copy)) == lines
        assert kinds(copy, {"id": "K-2"}) == ["consent", "consent", "objection"]
        assert [entry.tree["relation"]["product"] for entry, _ in copy.held_of({"id": "K-3"})] == ["shoes"]
        ((name, content),) = copy.attachments(copy.history_of(ANNA, at=NOW.date()).entries[0])
        assert (name, content) == ("form", b"a form")
        again = copy.record(objection(), at=NOW)
        assert not again[0].new
        assert copy.publish(NOW).size > 0, "and its log goes on where it was"
        copy.record(consent("after", {"id": "K-9"}), at=NOW)
        assert kinds(copy, {"id": "K-9"}) == ["consent"]


def test_what_is_recorded_meanwhile_is_not_in_it_by_half(
    lived_in: Register, opening: Opener, tmp_path: Path
) -> None:
    lines = dump(lived_in)
    some = [next(lines), next(lines)]
    opening().record(consent("late", {"id": "K-9"}), at=NOW)
    load(tmp_path / "copy", MASTER, [*some, *lines])
    with Register(tmp_path / "copy", MASTER, tmp_path / "ledger") as copy:
        assert not list(check(copy))
        assert kinds(copy, {"id": "K-9"}) == []


def test_no_key_of_a_person_is_in_the_lines(lived_in: Register) -> None:
    text = b"\n".join(dump(lived_in))
    for (wrapped,) in lived_in.store.rows("SELECT wrapped FROM subject_key"):
        assert base64.b64encode(bytes(wrapped)) not in text


@pytest.mark.parametrize("spoil", ["cut", "first", "middle", "more", "table", "field"])
def test_lines_that_are_not_whole_make_no_register(register: Register, tmp_path: Path, spoil: str) -> None:
    register.record(consent(), at=NOW)
    lines = list(dump(register))
    entry = next(n for n, line in enumerate(lines) if json.loads(line).get("table") == "entry")
    match spoil:
        case "cut":
            lines = lines[:-2]
        case "first":
            lines = lines[1:]
        case "middle":
            lines[entry] = lines[entry][:-20]
        case "more":
            lines.append(lines[entry])
        case "table":
            lines[entry] = lines[entry].replace(b'"table":"entry"', b'"table":"passwd"')
        case "field":
            lines[entry] = lines[entry].replace(b'"salt"', b'"pepper"')
    with pytest.raises(BadLines):
        load(tmp_path / "copy", MASTER, lines)
    with pytest.raises(Unopened):
        Register(tmp_path / "copy", MASTER)


def test_lines_are_read_back_with_their_own_key_only(register: Register, tmp_path: Path) -> None:
    register.record(consent(), at=NOW)
    with pytest.raises(Unopened, match="not the master key"):
        load(tmp_path / "copy", LocalMaster(os.urandom(32)), dump(register))
