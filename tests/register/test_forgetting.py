from __future__ import annotations

import base64
import os
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from grondslag.errors import Suppressed, UnknownSubject, Unopened
from grondslag.ledger.merkle import Tree, leaf_hash
from grondslag.register import log
from grondslag.register.history import Known
from grondslag.register.holding import Hold, release
from grondslag.register.keys import LocalMaster
from grondslag.register.register import Register
from tests.register.conftest import Opener
from tests.register.test_recording import ANNA, NOW, TODAY, consent, kinds, objection

BOB = {"id": "K-2", "email": "bob@klant.nl"}
PURCHASE = {
    "id": "order-1", "subject": ANNA, "date": "2024-03-14",
    "relation": {"kind": "purchase", "product": "shoes", "paid": True},
}  # fmt: skip
TAX = Hold("K-02: tax records, 7 years (AWR 52 lid 4)", date(2031, 12, 31))


def nothing_held(entries: Sequence[Known]) -> Mapping[int, Hold]:
    return {}


def tax(entries: Sequence[Known]) -> Mapping[int, Hold]:
    return {entry.number: TAX for entry in entries if entry.kind == "relation"}


def test_somebody_who_is_forgotten_cannot_be_read_by_anybody(register: Register, opening: Opener) -> None:
    register.record(consent(), consent("2", BOB), at=NOW)
    certificate = register.erase({"id": "K-1"}, nothing_held, "request", NOW)
    assert (certificate.account.erased, certificate.account.held) == ({"consent": 1}, {})
    again = opening()
    with pytest.raises(UnknownSubject):
        again.erase({"id": "K-1"}, nothing_held, "request", NOW)
    # The entry is there, and there is no key for it.
    ((subject,),) = again.store.rows(
        "SELECT subject FROM entry WHERE number = (SELECT min(number) FROM entry)"
    )
    assert again.vault.ciphers([subject]) == {}
    assert kinds(again, BOB) == ["consent"]


def test_every_proof_still_checks(register: Register) -> None:
    register.record(consent(), consent("2", BOB), at=NOW)
    before = register.publish(NOW)
    leaves = list(log.leaves(register.store, 0))
    register.erase({"id": "K-1"}, nothing_held, "request", NOW)
    after = register.publish(NOW)
    assert list(log.leaves(register.store, 0))[:2] == leaves
    tree = Tree()
    for n, entry in enumerate(log.leaves(register.store, 0), 1):
        tree.append(leaf_hash(entry))
        if n == before.size:
            assert tree.root() == before.root
    assert tree.root() == after.root and after.size == before.size + 1, "the erasure is logged too"


def test_the_address_of_somebody_forgotten_is_not_imported_again(register: Register) -> None:
    register.record(consent(), at=NOW)
    register.erase(ANNA, nothing_held, "request", NOW)
    kinds_: list[dict[str, Any]] = [{"consent": {}}, {"relation": {"kind": "purchase"}}]
    for kind in kinds_:
        entry = {"id": str(kind), "subject": {"email": "anna@klant.nl"}, "date": "2026-11-25"} | kind
        with pytest.raises(Suppressed, match="forgotten on 2026-11-25 and is not to be approached"):
            register.record(entry | {"proof": {"by": "import"}}, at=NOW)
    assert kinds(register) == ["objection"], "and whoever asks finds the objection"


def test_somebody_who_comes_back_is_another_person_who_had_objected(register: Register) -> None:
    register.record(consent(), at=NOW)
    register.erase(ANNA, nothing_held, "request", NOW)
    register.record(consent("new", date="2026-11-25"), at=NOW)
    assert kinds(register) == ["consent", "objection"]


def test_what_a_duty_keeps_is_kept_apart_and_blocked(register: Register) -> None:
    register.record(consent(), PURCHASE, at=NOW)
    what = register.plan(ANNA, tax)
    assert [entry.kind for entry in what.erased] == ["consent"]
    certificate = register.erase(ANNA, tax, "request", NOW)
    assert certificate.account.held == {("relation", TAX.reason, TAX.until): 1}
    assert kinds(register) == ["objection"]
    ((entry, hold),) = register.held_of({"email": "anna@klant.nl"})
    assert (entry.tree["relation"]["product"], hold) == ("shoes", TAX)
    assert release(register.vault, datetime(2031, 12, 31, 12, tzinfo=UTC)) == {}, "the last day counts"
    assert release(register.vault, datetime(2032, 1, 1, 12, tzinfo=UTC)) == {("relation", TAX.reason): 1}
    assert register.held_of(ANNA) == []


def test_retention_suppresses_only_what_was_refused(register: Register) -> None:
    register.record(consent(), consent("2", BOB), at=NOW)
    register.record(objection(subject=BOB, objection={"channels": ["phone"]}), at=NOW)
    register.erase(ANNA, nothing_held, "retention", NOW)
    register.erase(BOB, nothing_held, "retention", NOW)
    assert register.history_of(ANNA, at=TODAY).events == ()
    (event,) = register.history_of({"email": "bob@klant.nl"}, at=TODAY).events
    assert event.fields["channels"] == ["phone"]


def test_a_certificate_and_the_log_say_nothing_of_whom(register: Register) -> None:
    register.record(consent(), PURCHASE, at=NOW)
    certificate = register.erase(ANNA, tax, "request", NOW)
    (stored,) = register.store.rows("SELECT sealed FROM entry WHERE kind = 'erased'")
    for text in (str(certificate), bytes(stored[0])[32:].decode()):
        assert "nna" not in text and "K-1" not in text and "shoes" not in text


def test_attachments_are_destroyed(register: Register) -> None:
    form = base64.b64encode(b"a form").decode()
    register.record(consent(proof={"attachments": [{"name": "form", "content": form}]}), at=NOW)
    assert register.erase(ANNA, nothing_held, "request", NOW).account.attachments == 1
    assert register.store.rows("SELECT count(*) FROM blob") == [(0,)]


def test_the_scan_of_an_invoice_stays_with_what_the_tax_holds(register: Register) -> None:
    scan = {"attachments": [{"name": "17.pdf", "content": base64.b64encode(b"invoice 17").decode()}]}
    register.record(consent(proof=scan), PURCHASE | {"proof": scan}, at=NOW)
    ((sealed,),) = register.store.rows("SELECT sealed FROM blob ORDER BY entry DESC LIMIT 1")
    assert register.erase(ANNA, tax, "request", NOW).account.attachments == 1
    ((entry, _),) = register.held_of(ANNA)
    assert register.attachments(entry) == [("17.pdf", b"invoice 17")]
    ((anew,),) = register.store.rows("SELECT sealed FROM blob")
    assert bytes(anew) != bytes(sealed), "the key of the person no longer opens it"
    release(register.vault, datetime(2032, 1, 1, 12, tzinfo=UTC))
    assert register.store.rows("SELECT count(*) FROM blob") == [(0,)]


def test_there_is_a_key_for_each_last_day_and_it_goes_when_that_has_passed(register: Register) -> None:
    def holds(entries: Sequence[Known]) -> Mapping[int, Hold]:
        return {entry.number: Hold("K-13: request", date(2027 + n, 1, 1)) for n, entry in enumerate(entries)}

    register.record(consent(), consent("2"), at=NOW)
    register.erase(ANNA, holds, "request", NOW)
    assert register.store.rows("SELECT count(*) FROM subject_key") == [(2,)]
    assert release(register.vault, datetime(2027, 1, 2, 12, tzinfo=UTC)) == {("consent", "K-13: request"): 1}
    assert register.store.rows("SELECT count(*) FROM subject_key") == [(1,)]
    ((entry, hold),) = register.held_of({"id": "K-1"})
    assert (entry.tree["id"], hold.until) == ("2", date(2028, 1, 1))


def test_nothing_of_the_key_lingers_in_the_files(tmp_path: Path) -> None:
    register = Register.new(
        tmp_path / "r",
        LocalMaster(os.urandom(32)),
        controller="S",
        origin="s.example/l",
        ledger=tmp_path / "l",
    )
    register.record(consent(), at=NOW)
    ((wrapped,),) = register.store.rows("SELECT wrapped FROM subject_key")
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert any(wrapped in path.read_bytes() for path in files)
    register.erase(ANNA, nothing_held, "request", NOW)
    assert not any(wrapped in path.read_bytes() for path in files if path.exists())


# --- Merging and splitting ---------------------------------------------------------------------------------


def test_two_people_become_one_and_can_be_split_again(register: Register) -> None:
    register.record(consent(), objection(subject=BOB), at=NOW)
    later = NOW + timedelta(hours=1)
    register.merge(BOB, ANNA, "the same customer, said so by telephone", later)
    assert kinds(register, {"id": "K-1"}) == kinds(register, {"id": "K-2"}) == ["consent", "objection"]
    assert kinds(register, {"id": "K-1"}, known=NOW) == ["consent"]
    register.record(objection("o2", {"email": "bob@klant.nl"}), at=later)
    register.split(BOB, "they are brothers", later + timedelta(hours=1))
    assert kinds(register, {"id": "K-1"}) == ["consent"]
    assert kinds(register, {"id": "K-2"}) == ["objection", "objection"]
    assert kinds(register, {"id": "K-2"}, known=later) == ["consent", "objection", "objection"]


def test_both_halves_of_a_person_are_forgotten(register: Register) -> None:
    register.record(consent(), consent("2", BOB), at=NOW)
    register.merge(BOB, ANNA, "one person", NOW)
    certificate = register.erase({"id": "K-2"}, nothing_held, "request", NOW)
    assert certificate.account.erased == {"consent": 2, "merged": 1}
    assert register.store.rows("SELECT count(*) FROM identifier") == [(0,)]


# --- Keys --------------------------------------------------------------------------------------------------


def test_after_rotation_the_old_key_opens_nothing(register: Register, place: str, tmp_path: Path) -> None:
    register.record(consent(), at=NOW)
    old, new = register.vault.master, LocalMaster(os.urandom(32))
    assert register.rotate(new, NOW) == 3
    assert kinds(register) == ["consent"]
    register.record(objection(), at=NOW)
    with pytest.raises(Unopened, match="not the master key of this register"):
        Register(place, old, tmp_path / "ledger")
    with Register(place, new, tmp_path / "ledger") as again:
        assert kinds(again) == ["consent", "objection"]


def test_whoever_had_the_register_open_must_open_it_again(register: Register, opening: Opener) -> None:
    other = opening()
    register.rotate(LocalMaster(os.urandom(32)), NOW)
    with pytest.raises(Unopened, match="was replaced by another"):
        other.record(consent(), at=NOW)


# --- Evidence is never changed -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET kind = 'x'", "DELETE FROM entry", "UPDATE batch SET recorded = 0",
        "DELETE FROM sequenced", "DELETE FROM checkpoint", "UPDATE checkpoint SET note = ''",
        "DELETE FROM suppression", "UPDATE setting SET value = ''", "DELETE FROM same_person",
    ],
)  # fmt: skip
def test_the_database_itself_refuses_to_change_evidence(register: Register, statement: str) -> None:
    register.record(consent(), consent("2", BOB), at=NOW)
    register.merge(BOB, ANNA, "one person", NOW)
    register.erase(ANNA, nothing_held, "request", NOW)
    register.publish(NOW)
    with pytest.raises(Exception, match="evidence is never changed or deleted"), register.store.writing():
        register.store.rows(statement)


def test_a_table_cannot_be_emptied_either(register: Register) -> None:
    if isinstance(getattr(register.store, "_db", None), sqlite3.Connection):
        return  # SQLite has no TRUNCATE: it is a DELETE
    with pytest.raises(Exception, match="evidence is never changed"), register.store.writing():
        register.store.rows("TRUNCATE entry CASCADE")
