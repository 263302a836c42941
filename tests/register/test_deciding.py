"""What is decided from the register is kept once, and comes out the same whatever is recorded later."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from grondslag.errors import UnknownEntry, UnknownSubject
from grondslag.question import Act, Case
from grondslag.receipt import receipt, replay
from grondslag.register import lines
from grondslag.register.checking import check
from grondslag.register.register import Register
from grondslag.screening.campaign import Campaign, parse
from tests.register.conftest import MASTER, Opener
from tests.register.test_forgetting import nothing_held
from tests.register.test_recording import ANNA, NOW, TODAY, consent, objection

BOB = {"id": "K-2", "email": "bob@klant.nl"}
NOBODY = {"email": "nobody@klant.nl"}
LATER = NOW + timedelta(days=1)
CONSENT: dict[str, Any] = {
    "channels": ["email"], "by": "ticked-box", "naming": "named", "to": ["Shop BV"], "purpose": "marketing",
    "given_by": "person", "informed": True, "evidence": "full", "about": "anything", "conditional": False,
    "incentive": "none",
}  # fmt: skip


def campaign(name: str = "Christmas", **act: Any) -> Campaign:
    contact = {
        "do": "contact", "channel": "email", "content": "promotional", "purpose": "commercial",
        "advertises": "own", "product": "christmas",
        "message": {"opt_out": "one-click", "identity": True, "objection_right_told": True}, **act,
    }  # fmt: skip
    return parse({"campaign": name, "controller": {"name": "Shop BV", "kind": "company"}, "act": contact})


@pytest.fixture
def shop(register: Register) -> Register:
    """A register in which Anna has given consent."""
    given: dict[str, Any] = {"consent": CONSENT, "date": "2026-10-01"}
    register.record(consent(**given), consent("2", BOB, **given), at=NOW)
    return register


def decisions(register: Register) -> int:
    return int(register.store.rows("SELECT count(*) FROM entry WHERE kind = 'decided'")[0][0])


def test_the_register_answers_what_may_be_done(shop: Register) -> None:
    done = shop.decide(ANNA, campaign(), at=TODAY)
    assert (done.decision.allowed, [entry.kind for entry in done.entries]) == (True, ["consent"])
    shop.record(objection(), at=NOW)
    done = shop.decide(ANNA, campaign(), at=TODAY)
    assert (done.decision.allowed, len(done.entries)) == (False, 2), (
        "an objection counts in the next decision"
    )
    assert not shop.decide(NOBODY, campaign(), at=TODAY).decision.allowed


def test_any_act_may_be_asked_about(shop: Register) -> None:
    act = Act(date(2020, 1, 1), "judge", {"question": "consent-valid", "facts": {"channel": "email"}})
    question = Case({"name": "Shop BV", "kind": "company"}, {}, (), act)
    done = shop.decide(ANNA, question, at=TODAY)
    assert (done.decision.allowed, done.decision.at) == (True, TODAY)
    (kept,) = shop.keep(done, at=NOW)
    assert kept is not None
    assert shop.replay(kept.id).same


def test_a_decision_is_kept_with_what_it_rests_on(shop: Register, opening: Opener) -> None:
    done = shop.decide(ANNA, campaign(), at=TODAY)
    (kept,) = shop.keep(done, at=NOW)
    assert kept is not None and kept.new
    (_, entry) = opening().history_of(ANNA, at=TODAY), shop.replay(kept.id)
    assert entry.same and entry.changes == ()
    ((kind, body),) = shop.store.rows("SELECT kind, sealed FROM entry WHERE uuid = ?", kept.bytes)
    assert (kind, b"Christmas" in bytes(body), b"Shop" in bytes(body)) == ("decided", False, False)
    assert list(check(shop)) == []


def test_the_same_decision_is_kept_once_whatever_crashed_in_between(shop: Register, opening: Opener) -> None:
    asked = [shop.decide(who, campaign(), at=TODAY) for who in (ANNA, BOB)]
    (first,) = shop.keep(asked[0], at=NOW)
    # It crashed before it told so: everything is asked and kept again, in another process, at another moment.
    again = opening()
    asked = [again.decide(who, campaign(), at=TODAY) for who in (ANNA, BOB, ANNA)]
    done = again.keep(*asked, at=LATER)
    assert first is not None
    assert [each and each.new for each in done] == [False, True, False]
    assert (done[0], done[2]) == (first._replace(new=False),) * 2
    assert decisions(shop) == 2
    assert shop.store.rows("SELECT count(*) FROM campaign") == [(2,)]


def test_another_day_campaign_or_fact_is_another_decision(shop: Register) -> None:
    shop.keep(shop.decide(ANNA, campaign(), at=TODAY), at=NOW)
    shop.keep(shop.decide(ANNA, campaign(), at=TODAY - timedelta(days=1)), at=NOW)
    shop.keep(shop.decide(ANNA, campaign("Easter"), at=TODAY), at=NOW)
    shop.record(objection(), at=LATER)
    shop.keep(shop.decide(ANNA, campaign(), at=TODAY), at=LATER)
    assert decisions(shop) == 4


def test_of_somebody_who_is_not_on_file_nothing_is_made(shop: Register) -> None:
    subjects = shop.store.rows("SELECT count(*) FROM subject_key")
    done = shop.decide(NOBODY, campaign(), at=TODAY)
    assert shop.keep(done, at=NOW) == [None]
    assert (decisions(shop), shop.subjects_of(NOBODY)) == (0, [])
    assert shop.store.rows("SELECT count(*) FROM subject_key") == subjects


def test_what_was_known_then_decides_whatever_came_in_since(shop: Register) -> None:
    (kept,) = shop.keep(shop.decide(ANNA, campaign(), at=TODAY), at=NOW)
    assert kept is not None
    # In the same second, and before the day of the decision.
    shop.record(objection(date="2026-11-02"), at=NOW)
    shop.record(objection("objection-2", date="2026-11-03"), at=LATER)
    shop.merge(BOB, {"id": "K-1"}, "the same person", LATER)
    redone = shop.replay(kept.id)
    assert (redone.same, redone.changes, redone.decided.decision.allowed) == (True, (), True)
    assert not shop.decide(ANNA, campaign(), at=TODAY).decision.allowed
    before = shop.decide(ANNA, campaign(), at=TODAY, known=NOW - timedelta(seconds=1))
    assert (before.entries, before.decision.allowed) == ((), False), "nothing had been recorded yet"


def test_a_decision_can_be_done_again_from_the_entry_alone(shop: Register) -> None:
    done = shop.decide(ANNA, campaign(), at=TODAY)
    shop.keep(done, at=NOW)
    assert replay(receipt(done.decision)).same


def test_what_was_left_of_somebody_forgotten_counted_and_counts_again(shop: Register) -> None:
    shop.erase(ANNA, nothing_held, "request", NOW)
    shop.record(consent("new", consent=CONSENT, date="2026-11-24"), at=NOW)
    done = shop.decide(ANNA, campaign(), at=TODAY)
    assert (done.decision.allowed, done.suppressions) == (False, (("all", TODAY.isoformat()),))
    (kept,) = shop.keep(done, at=NOW)
    assert kept is not None
    assert shop.replay(kept.id).same


def test_a_decision_about_somebody_forgotten_is_not_kept_and_cannot_be_read(shop: Register) -> None:
    done = shop.decide(ANNA, campaign(), at=TODAY)
    (kept,) = shop.keep(done, at=NOW)
    assert kept is not None
    shop.erase(ANNA, nothing_held, "request", NOW)
    other = shop.decide(BOB, campaign("Easter"), at=TODAY)
    with pytest.raises(UnknownSubject, match="forgotten meanwhile"):
        shop.keep(other, replace(done, known=1), at=NOW)
    assert decisions(shop) == 1, "nothing of a batch is kept when it cannot be kept whole"
    with pytest.raises(UnknownEntry):
        shop.replay(kept.id)
    with pytest.raises(UnknownEntry):
        shop.replay(uuid.UUID(int=0))
    assert list(check(shop)) == []


def test_kept_decisions_read_back_from_lines(shop: Register, tmp_path: Path) -> None:
    (kept,) = shop.keep(shop.decide(ANNA, campaign(), at=TODAY), at=NOW)
    assert kept is not None
    lines.load(tmp_path / "copy", MASTER, lines.dump(shop))
    with Register(tmp_path / "copy", MASTER) as copy:
        assert copy.replay(kept.id).same
        assert copy.store.rows("SELECT * FROM campaign") == shop.store.rows("SELECT * FROM campaign")
        assert list(check(copy)) == []


def test_the_database_refuses_to_change_or_drop_what_was_decided(shop: Register) -> None:
    shop.keep(shop.decide(ANNA, campaign(), at=TODAY), at=NOW)
    for sql in ("UPDATE campaign SET entry = 1", "DELETE FROM campaign"):
        with pytest.raises(Exception, match="evidence is never changed or deleted"):
            shop.store.rows(sql)
    assert list(check(shop)) == []


def test_a_row_that_leads_to_another_decision_is_found(shop: Register) -> None:
    shop.keep(shop.decide(ANNA, campaign(), at=TODAY), at=NOW)
    with shop.store.writing():
        shop.store.insert("campaign", [(bytes(16), 1)])
    assert [each.place for each in check(shop)] == ["campaign"]
