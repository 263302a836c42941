"""Whatever is done, in whatever order: the register holds what a plain model holds, and every proof checks.

After each step the register is read through, every entry that was ever published is proved to the newest
checkpoint with the stand-alone verifier, and every older checkpoint is proved to be its beginning.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as hypothesis_seed
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from grondslag.errors import BadEntry, ConflictingEvent, NotMerged, Suppressed, UnknownSubject
from grondslag.ledger import verifier
from grondslag.ledger.checkpoint import Checkpoint
from grondslag.ledger.proof import Proof, growth, shown
from grondslag.register.checking import check
from grondslag.register.history import Known
from grondslag.register.holding import Hold, release
from grondslag.register.imports import load as format_of
from grondslag.register.imports import read as read_file
from grondslag.register.keys import LocalMaster
from grondslag.register.lines import dump, load
from grondslag.register.recording import Recorded
from grondslag.register.register import Register
from tests.anomaly.crashing import shared_memory
from tests.register.server import database

PEOPLE: Final = 4
START: Final = datetime.fromisoformat("2026-11-25T10:00:00+00:00")
AT: Final = date(2026, 11, 25)
MAPPING: Final = """
version: 1
format: own
needs: [customer, email, choice, moment]
read: {moment: time, choice: [yes please, never]}
subject: {id: customer, email: email}
rules:
  - when: {choice: yes please}
    dated: moment
    record: {consent: {channels: [email], evidence: metadata-only}}
  - {when: {choice: never}, dated: moment, record: {objection: {channels: all}}}
"""
MOVES: Final = 3
FIELDS: Final[dict[str, dict[str, Any]]] = {
    "consent": {"channels": ["email"], "by": "ticked-box"},
    "objection": {"channels": "all"},
    "relation": {"kind": "purchase", "product": "shoes", "paid": True},
}
someone = st.integers(0, PEOPLE - 1)


@dataclass(eq=False)
class Person:
    """Somebody on file, in the model.

    :ivar into: whom they were merged into.
    """

    slot: int
    entries: list[dict[str, Any]] = field(default_factory=list)
    into: Person | None = None

    @property
    def root(self) -> Person:
        return self.into.root if self.into else self


@dataclass
class Model:
    """What a register should hold: lists of what was told, and no cleverness.

    :ivar known: the id of every entry that was ever recorded, and the entry; None when it was forgotten.
    :ivar held: those by whom it is found, the ids, the last day.
    """

    people: dict[int, Person] = field(default_factory=dict)
    known: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    suppressed: set[tuple[int, str]] = field(default_factory=set)
    held: list[tuple[set[int], list[str], date]] = field(default_factory=list)

    def group(self, slot: int) -> list[Person]:
        """Everybody who is one person with this one."""
        root = self.people[slot].root
        return [each for each in self.people.values() if each.root is root]

    def outcome(self, slot: int, entry: dict[str, Any]) -> object:
        """What becomes of an entry; it is on file when it is new."""
        if entry["id"] in self.known:
            return False if self.known[entry["id"]] in (None, entry) else ConflictingEvent
        if entry.get("proof", {}).get("by") == "import" and "objection" not in entry:
            refused = slot in self.people and any("objection" in each for each in self.entries(slot))
            if refused or any(slot == each for each, _ in self.suppressed):
                return Suppressed
        self.known[entry["id"]] = entry
        self.people.setdefault(slot, Person(slot)).entries.append(entry)
        return True

    def entries(self, slot: int) -> list[dict[str, Any]]:
        return [each for person in self.group(slot) for each in person.entries]

    def history(self, slot: int) -> set[str]:
        """The ids of the entries that count; a consent is no consent for another address than the last."""
        if slot not in self.people:
            return set()
        order = [*self.known]
        entries = sorted(self.entries(slot), key=lambda each: (each["date"], order.index(each["id"])))
        corrected = {each.get("corrects") for each in entries}
        entries = [each for each in entries if "objection" in each or each["id"] not in corrected]
        last = [each["subject"]["email"] for each in entries if "email" in each["subject"]][-1:]
        return {
            each["id"]
            for each in entries
            if "consent" not in each or each["subject"].get("email") in (None, *last)
        }

    def forget(self, slot: int, until: date, day: str, *, refuse: bool) -> None:
        entries, group = self.entries(slot), self.group(slot)
        kept = [each["id"] for each in entries if "relation" in each]
        named = {each.slot for each in group}
        if kept:
            self.held.append((named, kept, until))
        if refuse or any("objection" in each for each in entries):
            self.suppressed |= {(each, day) for each in named}
        for each in group:
            del self.people[each.slot]
        self.known |= dict.fromkeys(each["id"] for each in entries)


class Machine(RuleBasedStateMachine):
    """Everything that can be done to a register.

    :ivar leaves: each entry that was ever recorded: its leaf, once it is published.
    :ivar notes: every checkpoint that was ever published.
    """

    def __init__(self, place: Callable[[Path], str]) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="states", dir=shared_memory()))
        (self.folder / "own.yaml").write_text(MAPPING)
        self.place, self.numbers, self.moves = place, count(1), 0
        self.model, self.now, self.latest = Model(), START, int(START.timestamp())
        self.leaves: dict[int, bytes] = {}
        self.notes: list[str] = []
        self.files: list[Path] = []
        self.master = LocalMaster(os.urandom(32))

    @initialize()
    def make(self) -> None:
        where = self.place(self.folder)
        Register.new(where, self.master, controller="Shop BV", origin="shop.example/log").close()
        self.open(where)

    def open(self, where: str) -> None:
        self.where = where
        self.register = Register(where, self.master, self.folder / "ledger")
        if not self.register.store.shared:
            self.register.store.rows("PRAGMA synchronous = OFF")

    def teardown(self) -> None:
        if hasattr(self, "register"):
            self.register.close()
        shutil.rmtree(self.folder)

    def entry(self, slot: int, kind: str, *by: str) -> dict[str, Any]:
        n = next(self.numbers)
        named = {"id": f"K-{slot}", "email": f"k{slot}@klant.nl"}
        known = slot in self.model.people
        subject = {each: named[each] for each in (by if known and by else named)}
        return {"id": f"e-{n}", "subject": subject, "date": f"2025-01-{1 + n % 9:02}", kind: FIELDS[kind]}

    # --- What is done --------------------------------------------------------------------------------------

    @rule(
        told=st.lists(
            st.tuples(someone, st.sampled_from([*FIELDS]), st.sampled_from([(), ("id",), ("email",)])),
            min_size=1, max_size=4,
        )
    )  # fmt: skip
    def record(self, told: list[tuple[int, str, tuple[str, ...]]]) -> None:
        self.ingest([(slot, self.entry(slot, kind, *by)) for slot, kind, by in told])

    @rule(data=st.data(), how=st.sampled_from(["again", "other", "corrected"]))
    @precondition(lambda self: self.model.known)
    def tell_again(self, data: st.DataObject, how: str) -> None:
        """An entry once more, as it was or otherwise; or another in its place."""
        old = self.model.known[data.draw(st.sampled_from(sorted(self.model.known)))]
        if old is None or old.get("proof"):
            return
        slot = next(each.slot for each in self.model.people.values() if old in each.entries)
        match how:
            case "other":
                old = old | {"date": "2024-12-31"}
            case "corrected":
                old = self.entry(slot, "consent") | {"corrects": old["id"]}
        self.ingest([(slot, old)])

    @rule(slot=someone)
    def refuse(self, slot: int) -> None:
        good, bad = self.entry(slot, "consent"), self.entry(slot, "consent") | {"date": "2026-12-31"}
        with pytest.raises(BadEntry, match="later than today"):
            self.register.record(good, bad, at=START)
        (told,) = self.register.ingest([("x", bad)], START)
        assert isinstance(told[1], BadEntry)

    @rule(told=st.lists(st.tuples(someone, st.booleans()), min_size=1, max_size=3))
    def import_(self, told: list[tuple[int, bool]]) -> None:
        n = next(self.numbers)
        rows = [
            f"K-{slot},k{slot}@klant.nl,{'yes please' if yes else 'never'},2025-02-01T10:{n % 60:02}:{k:02}Z"
            for k, (slot, yes) in enumerate(told)
        ]
        self.files.append(self.folder / f"{n}.csv")
        self.files[-1].write_text("\n".join(["customer,email,choice,moment", *rows]))
        self.read(self.files[-1])

    @rule(data=st.data())
    @precondition(lambda self: self.files)
    def import_again(self, data: st.DataObject) -> None:
        self.read(data.draw(st.sampled_from(self.files)))

    def read(self, file: Path) -> None:
        for row in read_file(file, format_of(str(self.folder / "own.yaml")), AT):
            assert row.problem is None
            for entry in row.entries:
                self.ingest([(int(entry["subject"]["id"][2:]), dict(entry))])

    def ingest(self, told: list[tuple[int, dict[str, Any]]]) -> None:
        expected = [self.model.outcome(slot, entry) for slot, entry in told]
        given = [(str(n), entry) for n, (_, entry) in enumerate(told)]
        self.wrote(new=True in expected)
        for (_, outcome), wanted in zip(self.register.ingest(given, self.now), expected, strict=True):
            if isinstance(outcome, Recorded):
                assert outcome.new is wanted
            else:
                assert type(outcome) is wanted, outcome

    def wrote(self, *, new: bool = True) -> None:
        if new:
            self.latest = max(self.latest, int(self.now.timestamp()))

    @rule()
    def publish(self) -> None:
        before = self.register.store.rows("SELECT count(*) FROM pending") != [(0,)]
        checkpoint = self.register.publish(self.now)
        note = self.register.tiles.checkpoint()
        assert note is not None and Checkpoint.open(note, self.register.signer.vkey) == checkpoint
        assert (note not in self.notes) or not before
        if note not in self.notes:
            self.notes.append(note)

    @rule(slot=someone, ground=st.sampled_from(["request", "retention"]), days=st.integers(-1, 30))
    def erase(self, slot: int, ground: str, days: int) -> None:
        until = date.fromtimestamp(self.latest) + timedelta(days)

        def holds(entries: Sequence[Known]) -> dict[int, Hold]:
            return {each.number: Hold("K-02: tax", until) for each in entries if each.kind == "relation"}

        subject = {"id": f"K-{slot}"}
        if slot not in self.model.people:
            with pytest.raises(UnknownSubject):
                self.register.erase(subject, holds, ground, self.now)
            return
        kinds = [kind for each in self.model.entries(slot) for kind in FIELDS if kind in each]
        self.wrote()
        certificate = self.register.erase(subject, holds, ground, self.now)
        assert sum(certificate.account.held.values()) == kinds.count("relation")
        for kind in ("consent", "objection"):
            assert certificate.account.erased[kind] == kinds.count(kind)
        self.model.forget(slot, until, certificate.day.isoformat(), refuse=ground == "request")

    @rule()
    def release(self) -> None:
        day = datetime.fromtimestamp(max(self.latest, self.now.timestamp()), START.tzinfo).date()
        due = [ids for _, ids, until in self.model.held if until < day]
        self.wrote(new=bool(due))
        assert sum(release(self.register.vault, self.now).values()) == sum(map(len, due))
        self.model.held = [each for each in self.model.held if each[2] >= day]

    @rule()
    def rotate(self) -> None:
        self.master = LocalMaster(os.urandom(32))
        self.wrote()
        self.register.rotate(self.master, self.now)

    @rule(one=someone, other=someone)
    def merge(self, one: int, other: int) -> None:
        people = self.model.people
        subjects = {"id": f"K-{one}"}, {"id": f"K-{other}"}
        if one not in people or other not in people:
            with pytest.raises(UnknownSubject):
                self.register.merge(*subjects, "said so", self.now)
        elif people[one].root is people[other].root:
            with pytest.raises(NotMerged):
                self.register.merge(*subjects, "said so", self.now)
        else:
            self.wrote()
            self.register.merge(*subjects, "said so", self.now)
            people[one].root.into = people[other].root

    @rule(slot=someone)
    @precondition(lambda self: self.model.people)
    def split(self, slot: int) -> None:
        person = self.model.people.get(slot)
        if person is None:
            return
        if person.into is None:
            with pytest.raises(NotMerged):
                self.register.split({"id": f"K-{slot}"}, "two after all", self.now)
            return
        self.wrote()
        self.register.split({"id": f"K-{slot}"}, "two after all", self.now)
        person.into = None

    @rule(hours=st.sampled_from([-50, -1, 1, 24, 24 * 20]))
    def wait(self, hours: int) -> None:
        """The clock goes on; or back."""
        self.now += timedelta(hours=hours)

    @rule()
    @precondition(lambda self: self.model.known and self.moves < MOVES)
    def move(self) -> None:
        """The register is written as lines, and read back elsewhere."""
        self.moves += 1
        lines = list(dump(self.register))
        where = self.place(self.folder)
        load(where, self.master, lines)
        self.register.close()
        self.open(where)
        assert list(dump(self.register)) == lines

    # --- What holds after each step ------------------------------------------------------------------------

    def check_invariants(self, *arguments: Any, **named: Any) -> None:
        super().check_invariants(*arguments, **named)
        if hasattr(self, "register"):
            assert [str(each) for each in check(self.register)] == []
            self.require_the_model()
            self.require_proofs()

    def require_the_model(self) -> None:
        for slot in range(PEOPLE):
            for subject in ({"id": f"K-{slot}"}, {"email": f"k{slot}@klant.nl"}):
                found = self.register.history_of(subject, at=date(2100, 1, 1))
                assert {entry.tree["id"] for entry in found.entries} == self.model.history(slot)
                held = [entry.tree["id"] for entry, _ in self.register.held_of(subject)]
                assert sorted(held) == sorted(
                    id_ for slots, ids, _ in self.model.held if slot in slots for id_ in ids
                )
            refused = [event.date.isoformat() for event in found.events if event.place == -1]
            group = [each.slot for each in self.model.group(slot)] if slot in self.model.people else [slot]
            assert set(refused) == {day for each, day in self.model.suppressed if each in group}

    def require_proofs(self) -> None:
        if not self.notes:
            return
        tiles, vkey = self.register.tiles, self.register.signer.vkey
        note = tiles.checkpoint()
        assert note == self.notes[-1]
        newest = verifier.open_checkpoint(note.encode(), vkey)
        entries = list(tiles.entries(0, newest.size))
        for place, leaf in enumerate(entries):
            assert self.leaves.setdefault(place, leaf) == leaf, "what was published never changes"
            proof = verifier.parse_proof(Proof.make(place, tiles.node, note, shown(leaf)).text.encode())
            assert verifier.check_proof(proof, newest)
        assert len(self.leaves) == newest.size
        for older in self.notes[:-1]:
            if "\n0\n" in older:  # an empty log proves nothing
                continue
            hashes, _, old = growth(older, Checkpoint(*newest), tiles.node).partition("\n\n")
            before = verifier.parse_checkpoint(verifier.parse_note(old.encode())[0])
            path = [verifier.decode(line, "a hash") for line in hashes.splitlines()]
            assert verifier.verify_consistency(before.size, newest.size, path, before.root, newest.root)


def run(place: Callable[[Path], str], examples: int, steps: int, *, seed: int | None = None) -> None:
    """:param seed: another one gives other examples; none in the suite, which is the same each time."""

    class Placed(Machine):
        def __init__(self) -> None:
            super().__init__(place)

    machine = Placed if seed is None else hypothesis_seed(seed)(Placed)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
            suppress_health_check=[*HealthCheck], derandomize=seed is None,
            phases=[Phase.explicit, Phase.generate],  # a failure is told as it is: to shrink it takes minutes
        ),
    )  # fmt: skip


def test_whatever_is_done_the_register_is_the_model_on_sqlite() -> None:
    numbers = count(1)
    run(lambda folder: str(folder / f"{next(numbers)}.register"), 12, 25)


def test_whatever_is_done_the_register_is_the_model_on_postgresql(server: str) -> None:
    numbers = count(1)
    run(lambda _: database(server, f"states_{os.getpid()}_{next(numbers)}"), 3, 15)
