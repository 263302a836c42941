"""A bit flips in a file of a register: it is found and named, or else nothing depends on it.

``python -m tests.anomaly.flipping`` flips a bit of every byte that is not zero, and of a twentieth of the
rest.  What is not told must have left every value of every table as it was, and the register fit to go on,
but for what a check cannot tell (:data:`SILENT`).  Nothing depends on: room between the rows of a page;
counters, cookies, versions and what is reserved in the header of the file; a bound between two pages that
still lies between them; the record beside a row that is its number alone; what the write-ahead log has of an
earlier round.
"""

from __future__ import annotations

import argparse
import base64
import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from grondslag.errors import BadCase
from grondslag.ledger import timestamp
from grondslag.register.checking import check_place
from grondslag.register.register import Register
from grondslag.register.retaining import lessen
from grondslag.register.schedule import carried
from grondslag.register.store import TABLES
from grondslag.screening import campaign
from tests.anomaly.cast import (
    ANNA,
    BOB,
    CAMPAIGN,
    MASTER,
    NOW,
    TODAY,
    consent,
    new,
    objection,
    purchase,
    tax,
)
from tests.anomaly.crashing import shared_memory
from tests.ledger.authority import Authority

REGISTER: Final = "shop.register"
FORM: Final = base64.b64encode(b"a form, signed by Anna").decode()
CARLA: Final = {"id": "K-3", "email": "carla@klant.nl"}
EVA: Final = {"id": "K-5", "email": "eva@klant.nl"}
GERDA: Final = {"id": "K-7", "email": "gerda@klant.nl"}
PEOPLE: Final = (ANNA, BOB, CARLA, {"email": "dirk@klant.nl"}, EVA, GERDA)
PERSONAL: Final = ("klant", "K-", "0612345678", "shoes", "a form,")

SILENT: Final = {
    ("entry", "client"): "of somebody who was forgotten: nobody can read it",
    ("entry", "sealed"): "of somebody who was forgotten: nobody can read it",
    ("entry", "uuid"): "of somebody who was forgotten: nobody can read it",
    ("identifier", "nth"): "only in which order people share it",
    ("checkpoint", "published"): "only that it is in order",
    ("counter", "value"): "numbers may be skipped",
    ("stamp", "token"): "who signed it, and so whether the time is right",
}
"""Values that may be other than they were without a word: :data:`grondslag.register.checking.UNCHECKED`."""


def lived_in(register: Register, folder: Path) -> list[Any]:
    """Everything that can be in a register is in it once; the last entry waits for its place in the log.

    :returns: what was on file about somebody who was forgotten.
    """
    attached = {"attachments": [{"name": "form", "content": FORM}]}
    register.record(
        consent("a-1", ANNA | {"phone": "0612345678"}, proof=attached), purchase("a-2", ANNA), at=NOW
    )
    text = {"id": "signup/3", "date": "2024-01-01", "notice": {"id": "signup", "text": "Ja, graag! " * 1000}}
    register.record(objection("b-1", BOB), text, purchase("c-1", CARLA), consent("c-2", CARLA), at=NOW)
    register.record(consent("d-1", {"email": "dirk@klant.nl"}), at=NOW)
    register.publish(NOW)
    forgotten = told_of(register, CARLA)
    register.erase(CARLA, tax, "request", NOW)
    register.record(consent("g-1", GERDA), purchase("g-2", GERDA), objection("g-3", GERDA), at=NOW)
    lessen(register, register.known(GERDA), carried(), "objection", NOW)
    asked = campaign.parse(CAMPAIGN)
    register.keep(register.decide(ANNA, asked, at=TODAY), at=NOW)
    register.merge(BOB, ANNA, "one person", NOW)
    register.split(BOB, "two people after all", NOW)
    moved = {"id": "a-3", "subject": ANNA, "date": "2025-01-01", "contact": {"phone": "0687654321"}}
    register.record(moved, at=NOW)
    register.publish(NOW + timedelta(hours=1))
    note = register.tiles.checkpoint()
    assert note is not None
    _, token = Authority(folder / "authority").stamp(timestamp.request(note.encode()))
    with register.store.writing():
        register.store.insert("stamp", [(*register.store.rows("SELECT max(size) FROM checkpoint")[0], token)])
    register.record(consent("e-1", EVA), at=NOW)
    return forgotten


def values(file: Path) -> dict[str, Counter[Any]]:
    """Every row of every table of a SQLite file, and its schema."""
    with closing(sqlite3.connect(file)) as database:
        tables = [*TABLES, "counter", "sqlite_master"]
        return {table: Counter(database.execute(f"SELECT * FROM {table}")) for table in tables}


def changed(before: dict[str, Counter[Any]], after: dict[str, Counter[Any]]) -> set[tuple[str, str]]:
    """The columns that are not as they were; every one of a table that has other rows."""
    found = set()
    for table, rows in before.items():
        old, now = list((rows - after[table]).elements()), list((after[table] - rows).elements())
        if len(old) != len(now):
            found.add((table, "*"))
        for one, two in zip(old, now, strict=False):
            names = [name for name in TABLES.get(table, {"name": "", "value": ""}) if name != "PRIMARY KEY"]
            found |= {(table, names[n]) for n, (a, b) in enumerate(zip(one, two, strict=True)) if a != b}
    return found


def told_of(register: Register, person: Mapping[str, str]) -> list[Any]:
    """What is on file about a person."""
    entries = register.history_of(person, at=TODAY).entries
    files = [("attached", *each) for entry in entries for each in register.attachments(entry)]
    return [(entry.id, entry.tree) for entry in entries] + files


def answers(register: Register) -> list[list[Any] | None]:
    """What is on file about each person; None for whom it says that it cannot be read."""
    told: list[list[Any] | None] = []
    for person in PEOPLE:
        try:
            told.append(told_of(register, person))
        except BadCase:
            told.append(None)
    return told


@dataclass
class World:
    """A register in files, whole, and a copy of it in which bits are flipped.

    :ivar counted: what became of the flips of a file.
    """

    folder: Path
    counted: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.whole, self.copy = self.folder / "whole", self.folder / "copy"
        self.whole.mkdir()
        place = self.whole / REGISTER
        new(str(place), self.whole / "ledger")
        with Register(place, MASTER, self.whole / "ledger") as register:
            forgotten = lived_in(register, self.folder)
            self.answers = answers(register)
            self.recorded = forgotten + [each for entries in self.answers for each in entries or ()]
            # As a crash leaves it: what was recorded last stands in the log beside the file.
            shutil.copytree(self.whole, self.folder / "crashed")
        self.values = values(place)
        self.crashed = self.folder / "crashed"
        assert (self.crashed / f"{REGISTER}-wal").stat().st_size

    def flip(self, folder: Path, name: Path, places: Iterable[int], dice: random.Random) -> None:
        """Flip a bit of each of these bytes of a file, one byte at a time, and look each time."""
        content = (folder / name).read_bytes()
        for at in places:
            shutil.rmtree(self.copy, ignore_errors=True)
            shutil.copytree(folder, self.copy)
            spoiled = bytearray(content)
            spoiled[at] ^= 1 << dice.randrange(8)
            (self.copy / name).write_bytes(spoiled)
            self._look(name, f"byte {at} of {name}")

    def _look(self, name: Path, what: str) -> None:
        told = list(check_place(str(self.copy / REGISTER), MASTER, self.copy / "ledger"))
        for finding in told:
            assert finding.place and finding.problem and finding.remedy, what
            assert not any(word in str(finding) for word in PERSONAL), (what, str(finding))
        if name.parts[0] == "ledger":
            assert any(name.as_posix() in finding.place for finding in told), (what, told)
        lost = self._lost(what)
        if told:
            self.counted["told"] += 1
            self.counted["told, and everything is read all the same"] += not lost
            return
        assert not lost, what
        silent = changed(self.values, values(self.copy / REGISTER))
        assert silent <= SILENT.keys(), (what, silent)
        self.counted.update([".".join(each) for each in silent] or ["nothing depends on it"])
        with Register(str(self.copy / REGISTER), MASTER, self.copy / "ledger") as register:
            register.record(consent("f-1", {"id": "K-6"}), at=NOW)
            register.publish(NOW)
        assert not list(check_place(str(self.copy / REGISTER), MASTER, self.copy / "ledger")), what

    def _lost(self, what: str) -> int:
        """Of how many people not everything is read; what is read is what was recorded."""
        try:
            with Register(str(self.copy / REGISTER), MASTER, self.copy / "ledger") as register:
                read = answers(register)
        except BadCase:
            return len(PEOPLE)
        assert all(each in self.recorded for entries in read for each in entries or ()), what
        return sum(now != before for now, before in zip(read, self.answers, strict=True))


def sampled(content: bytes, count: int | None, dice: random.Random) -> list[int]:
    """So many bytes of a file, three in four of which are not zero.

    :param count: None for all of those, and a twentieth of the others, which are nearly all room.
    """
    some = [at for at, byte in enumerate(content) if byte]
    rest = [at for at, byte in enumerate(content) if not byte]
    if count is None:
        return some + dice.sample(rest, len(rest) // 20)
    few = min(len(rest), count // 4)
    return dice.sample(rest, few) + dice.sample(some, min(len(some), count - few))


def flips(
    database: int | None, ahead: int | None, ledger: int | None, seed: int = 0
) -> dict[str, Counter[str]]:
    """Flip so many bytes of the file, of the log beside it, and of each file of the ledger; None: all."""
    dice = random.Random(seed)
    told: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory(dir=shared_memory()) as folder:
        world = World(Path(folder))
        files = sorted(path for path in (world.whole / "ledger").rglob("*") if path.is_file())
        for source, file, count in (
            (world.whole, Path(REGISTER), database),
            (world.crashed, Path(f"{REGISTER}-wal"), ahead),
            *((world.whole, file.relative_to(world.whole), ledger) for file in files),
        ):
            world.counted = told.setdefault(file.parts[0], Counter())
            world.flip(source, file, sampled((source / file).read_bytes(), count, dice), dice)
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=0)
    for name, counted in flips(None, None, None, parser.parse_args().seed).items():
        print(f"{name}: {dict(counted)}", flush=True)


if __name__ == "__main__":
    main()
