"""Every write of every operation fails once before it persists, and once after: nothing is ever half done."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest

from grondslag.errors import BadCase, NotMerged, UnknownSubject, Unopened
from grondslag.ledger import tiles
from grondslag.ledger.checkpoint import Checkpoint
from grondslag.register.register import Register
from grondslag.register.retaining import run
from grondslag.register.schedule import carried
from grondslag.register.surveying import survey
from grondslag.screening import campaign
from tests.anomaly.cast import (
    ANNA,
    BOB,
    CAMPAIGN,
    MASTER,
    NOW,
    consent,
    fresh_master,
    ids_of,
    new,
    objection,
    purchase,
    tax,
    wrong_with,
)  # fmt: skip

When = Literal["before", "after"]
WRITING = ("INSERT", "UPDATE", "DELETE", "SET")


class PowerCut(BaseException):
    """The program stops here: nothing but the end of a process is to catch this."""


class Wire:
    """Counts writes, and cuts the power at the nth.

    :ivar at: which write; None to count only.
    """

    def __init__(self, at: int | None, when: When = "before") -> None:
        self.at, self.when, self.count = at, when, 0

    def __call__(self, write: Callable[..., Any], *values: Any, **named: Any) -> Any:
        self.count += 1
        if self.count == self.at and self.when == "before":
            raise PowerCut
        done = write(*values, **named)
        if self.count == self.at:
            raise PowerCut
        return done


class Wired:
    """A store every write of which goes through a wire: rows in and out, and the end of a transaction."""

    def __init__(self, store: Any, wire: Wire) -> None:
        self._store, self._wire = store, wire
        self.shared = store.shared

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def insert(self, *values: Any) -> None:
        self._wire(self._store.insert, *values)

    def change(self, *values: Any) -> None:
        self._wire(self._store.change, *values)

    def numbers(self, *values: Any) -> Any:
        return self._wire(self._store.numbers, *values)

    def scrub(self) -> None:
        self._wire(self._store.scrub)

    def rows(self, sql: str, *values: Any) -> Any:
        if sql.lstrip().startswith(WRITING):
            return self._wire(self._store.rows, sql, *values)
        return self._store.rows(sql, *values)

    @contextmanager
    def writing(self) -> Iterator[None]:
        transaction = self._store.writing()
        transaction.__enter__()
        try:
            yield
        except BaseException as wrong:
            if not transaction.__exit__(type(wrong), wrong, wrong.__traceback__):
                raise
            return
        try:
            self._wire(transaction.__exit__, None, None, None)
        except PowerCut as wrong:
            if self._wire.when == "before":
                transaction.__exit__(PowerCut, wrong, wrong.__traceback__)
            raise


@contextmanager
def wired(place: str, ledger: Path, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> Iterator[Register]:
    """An open register whose writes, and those of the files of its log, go through a wire."""
    with Register(place, MASTER, ledger) as register, monkeypatch.context() as patch:
        store: Any = Wired(register.store, wire)
        register.store = register.vault.store = store
        replace, tree = tiles.Tiles._replace, shutil.rmtree
        patch.setattr(tiles, "_WRITERS", 1)
        patch.setattr(tiles.Tiles, "_replace", lambda *values: wire(replace, *values))
        patch.setattr(shutil, "rmtree", lambda *values, **named: wire(tree, *values, **named))
        yield register


# --- The operations: each is done, and done again after the failure ----------------------------------------

BATCH = [
    ("1", consent("c-1", ANNA)),
    ("2", objection("o-2", BOB)),
    ("3", consent("c-3", {"email": "carla@klant.nl", "phone": "06-12345678"})),
    ("4", {"id": "d-4", "subject": ANNA, "date": "2025-01-01", "contact": {"phone": "06-87654321"}}),
    ("5", consent("c-5", ANNA, proof={"attachments": [{"name": "form", "content": "Zm9ybQ=="}]})),
]  # fmt: skip
AFTER = datetime(2032, 2, 1, 12, tzinfo=UTC)
KNOWN = [("1", purchase("p-1", ANNA)), ("2", consent("k-2", BOB)), ("3", consent("k-3", ANNA)), BATCH[4]]
NEW_MASTER = fresh_master()


def record(register: Register) -> None:
    register.record(*(entry for _, entry in BATCH), at=NOW)


def ingest(register: Register) -> None:
    for _, outcome in register.ingest(BATCH, NOW):
        assert not isinstance(outcome, BadCase)


def publish(register: Register) -> None:
    register.publish(NOW)


def erase(register: Register) -> None:
    register.erase(ANNA, tax, "request", NOW)


def retain(register: Register) -> None:
    """Of somebody who objected a part goes, of others all; what was held for somebody is over too."""
    run(register, carried(), AFTER)
    assert survey(register, carried(), AFTER.date()).concerned == 0
    assert register.store.rows("SELECT count(*) FROM retaining") == [(0,)]


def merge(register: Register) -> None:
    register.merge(BOB, ANNA, "one person", NOW)


def split(register: Register) -> None:
    register.split(BOB, "two people after all", NOW)


def keep(register: Register) -> None:
    asked = campaign.parse(CAMPAIGN)
    register.keep(*(register.decide(who, asked, at=NOW.date()) for who in (ANNA, BOB)), at=NOW)


def rotate(register: Register) -> None:
    register.rotate(NEW_MASTER, NOW)


OPERATIONS: dict[Callable[[Register], None], type[BaseException] | None] = {
    record: None,
    ingest: None,
    publish: None,
    erase: UnknownSubject,
    retain: None,
    merge: NotMerged,
    split: NotMerged,
    keep: None,
    rotate: Unopened,
}
"""Each, and what is told when it turns out to have been done already; nothing for what may be done twice."""


def prepared(place: str, ledger: Path, operation: Callable[[Register], None]) -> None:
    new(place, ledger)
    with Register(place, MASTER, ledger) as register:
        if operation is publish:  # so that one tile becomes whole
            register.record(*(consent(f"first-{n}", {"id": f"F-{n}"}) for n in range(254)), at=NOW)
            register.publish(NOW)
        if operation not in (record, ingest):
            list(register.ingest(KNOWN, NOW))
        if operation is retain:
            scan = {"attachments": [{"name": "scan", "content": "c2Nhbg=="}]}
            others = [{"id": "K-3", "email": "carla@klant.nl"}, {"id": "K-4"}, {"id": "K-5"}]
            refused = objection("o-3", others[0], proof=scan), consent("c-6", others[0], proof=scan)
            register.record(*refused, *(purchase(f"p-{n}", each) for n, each in enumerate(others, 3)), at=NOW)
            register.erase(others[2], tax, "request", NOW)
        if operation is split:
            register.merge(BOB, ANNA, "one person", NOW)


def reopened(place: str, ledger: Path) -> Register:
    try:
        return Register(place, MASTER, ledger)
    except Unopened:
        return Register(place, NEW_MASTER, ledger)


def acknowledged(operation: Callable[[Register], None]) -> list[str]:
    return [] if operation in (record, ingest) else [entry["id"] for _, entry in KNOWN]


def copied(source: tuple[str, Path], to: Path) -> tuple[str, Path]:
    """A copy of a register in a file and of its log; SQLite's copy has all that is committed."""
    place, ledger = source
    to.mkdir()
    with sqlite3.connect(place) as one, sqlite3.connect(to / "shop.register") as other:
        one.backup(other)
    other.execute("PRAGMA journal_mode = WAL")
    one.close()
    other.close()
    if ledger.exists():
        shutil.copytree(ledger, to / "ledger")
    return str(to / "shop.register"), to / "ledger"


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_write_that_fails_leaves_the_register_whole(
    operation: Callable[[Register], None], when: When, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = str(tmp_path / "shop.register"), tmp_path / "ledger"
    prepared(*source, operation)
    for n in range(1, 200):
        place, ledger = copied(source, tmp_path / str(n))
        wire = Wire(n, when)
        with wired(place, ledger, wire, monkeypatch) as register, suppress(PowerCut):
            operation(register)
        cut = wire.count >= n
        looked_at(place, ledger, operation)
        if not cut:
            break
    assert 3 < n < 199, "writes were counted, and the operation came to its end"


def looked_at(place: str, ledger: Path, operation: Callable[[Register], None]) -> None:
    """The register is whole, holds what was acknowledged once, and the operation can be done (again)."""
    expected = acknowledged(operation)
    with reopened(place, ledger) as register:
        assert wrong_with(register) == []
        assert set(ids_of(register, expected).values()) <= {1}
        before = checkpoint(register)
        done = OPERATIONS[operation]
        try:
            operation(register)
        except BadCase as told:
            assert done is not None and isinstance(told, done)
    with reopened(place, ledger) as register:
        after = register.publish(NOW)
        assert before is None or after.size >= before.size
        assert wrong_with(register) == []
        if operation is keep:
            assert register.store.rows("SELECT count(DISTINCT hash), count(*) FROM campaign") == [(1, 2)]
        everything = expected + ([entry["id"] for _, entry in BATCH] if not expected else [])
        assert set(ids_of(register, everything).values()) == {1}


def checkpoint(register: Register) -> Checkpoint | None:
    note = register.tiles.checkpoint()
    return Checkpoint.open(note, register.signer.vkey) if note else None
