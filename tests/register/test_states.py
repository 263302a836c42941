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
from grondslag.facts.reading import add_months
from grondslag.ledger import verifier
from grondslag.ledger.checkpoint import Checkpoint
from grondslag.ledger.proof import Proof, growth, shown
from grondslag.register.checking import check
from grondslag.register.entries import day_of
from grondslag.register.history import Known
from grondslag.register.holding import Hold
from grondslag.register.imports import load as format_of
from grondslag.register.imports import read as read_file
from grondslag.register.keys import LocalMaster
from grondslag.register.lines import dump, load
from grondslag.register.recording import Recorded
from grondslag.register.register import Register
from grondslag.register.retaining import run as retain
from grondslag.register.schedule import carried
from grondslag.register.surveying import survey
from tests.anomaly.crashing import shared_memory
from tests.register.server import database

PEOPLE: Final = 4
START: Final = datetime.fromisoformat("2026-11-25T10:00:00+00:00")
AT: Final = date(2026, 11, 25)
LAST: Final = date(2199, 12, 31)
"""Of the calendar."""
TAX: Final = date(2032, 12, 31)
"""The last day on which the tax office may ask about a purchase of 2025."""
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
telling = st.tuples(someone, st.sampled_from([*FIELDS]), st.sampled_from([(), ("id",), ("email",)]))


@dataclass(eq=False)
class Person:
    """Somebody on file, in the model.

    :ivar into: whom they were merged into.
    """

    entries: list[dict[str, Any]] = field(default_factory=list)
    into: Person | None = None

    @property
    def root(self) -> Person:
        return self.into.root if self.into else self


def details(entries: Sequence[dict[str, Any]]) -> set[str]:
    """By what somebody with these entries is found."""
    return {each for entry in entries for each in entry["subject"].values()}


def named(slot: int) -> dict[str, str]:
    return {"id": f"K-{slot}", "email": f"k{slot}@klant.nl"}


@dataclass
class Model:
    """What a register should hold: lists of what was told, and no cleverness.

    :ivar known: the id of every entry that was ever recorded, and the entry; None when it was forgotten.
    :ivar suppressed: a detail, and a day.
    :ivar held: the details by which it is found, the ids, the last day.
    """

    people: list[Person] = field(default_factory=list)
    known: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    suppressed: set[tuple[str, str]] = field(default_factory=set)
    held: list[tuple[set[str], list[str], date]] = field(default_factory=list)

    def found(self, detail: str) -> Person | None:
        return next((each for each in self.people if detail in details(each.entries)), None)

    def group(self, person: Person) -> list[Person]:
        """Everybody who is one person with this one."""
        return [each for each in self.people if each.root is person.root]

    def entries(self, person: Person | None) -> list[dict[str, Any]]:
        return [each for one in self.group(person) for each in one.entries] if person else []

    def outcome(self, entry: dict[str, Any]) -> object:
        """What becomes of an entry; it is on file when it is new."""
        if entry["id"] in self.known:
            return False if self.known[entry["id"]] in (None, entry) else ConflictingEvent
        names = details([entry])
        person = next(filter(None, map(self.found, names)), None)
        if entry.get("proof", {}).get("by") == "import" and "objection" not in entry:
            refused = any("objection" in each for each in self.entries(person))
            if refused or any(each in names for each, _ in self.suppressed):
                return Suppressed
        self.known[entry["id"]] = entry
        if person is None:
            self.people.append(person := Person())
        person.entries.append(entry)
        return True

    def history(self, detail: str) -> set[str]:
        """The ids of the entries that count; a consent is no consent for another address than the last."""
        order = [*self.known]
        entries = self.entries(self.found(detail))
        entries.sort(key=lambda each: (each["date"], order.index(each["id"])))
        corrected = {each.get("corrects") for each in entries}
        entries = [each for each in entries if "objection" in each or each["id"] not in corrected]
        last = [each["subject"]["email"] for each in entries if "email" in each["subject"]][-1:]
        return {
            each["id"]
            for each in entries
            if "consent" not in each or each["subject"].get("email") in (None, *last)
        }

    def refusals(self, detail: str) -> set[str]:
        """The days of what is left of somebody who was forgotten and had the same details."""
        names = {detail} | details(self.entries(self.found(detail)))
        return {day for each, day in self.suppressed if each in names}

    def destroy(
        self, person: Person, stays: list[dict[str, Any]], held: dict[str, date], day: date, *, refuse: bool
    ) -> None:
        """Only this stays of somebody; of the rest some is held, each until a day."""
        entries, group = self.entries(person), self.group(person)
        for until in {*held.values()}:
            self.held.append((details(entries), [each for each in held if held[each] == until], until))
        if refuse or any("objection" in each for each in entries):
            gone = details(entries) - details(stays)
            self.suppressed |= {(each, day.isoformat()) for each in gone if "@" in each}
        self.known |= dict.fromkeys(each["id"] for each in entries if each not in stays)
        for each in group:
            each.entries = [entry for entry in each.entries if entry in stays]
        if not stays:
            self.people = [each for each in self.people if each not in group]

    def retain(self, day: date) -> tuple[int, int, int]:
        """Keep to the schedule.

        :returns: how many entries are destroyed, are held from now on, and were held and go.
        """
        erased = kept = 0
        for person in [each for each in self.people if each.root is each]:
            entries = self.entries(person)
            corrected = {each.get("corrects") for each in entries}
            stays = [each for each in entries if "objection" in each]
            refused = [each["date"] for each in stays]
            refused += [day_ for each, day_ in self.suppressed if each in details(entries)]
            ended = [*map(date.fromisoformat, refused)]
            dealt = [each for each in entries if each not in stays and each["id"] not in corrected]
            if not dealt:
                continue
            # Three years after the last dealing, or as soon as the law lets no copy be kept for marketing.
            used = add_months(date.fromisoformat(max(each["date"] for each in dealt)), 36)
            if not ended and day <= used:
                continue
            proof = add_months(min(used, max(ended, default=used)), 60)
            due = {each["id"]: TAX if "relation" in each else proof for each in entries if each not in stays}
            held = {id_: until for id_, until in due.items() if day <= until}
            self.destroy(person, stays, held, day, refuse=False)
            erased, kept = erased + len(due) - len(held), kept + len(held)
        over = sum(len(ids) for _, ids, until in self.held if until < day)
        self.held = [each for each in self.held if each[2] >= day]
        return erased, kept, over


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

    @initialize(told=st.lists(telling, min_size=PEOPLE, max_size=2 * PEOPLE))
    def make(self, told: list[tuple[int, str, tuple[str, ...]]]) -> None:
        where = self.place(self.folder)
        Register.new(where, self.master, controller="Shop BV", origin="shop.example/log").close()
        self.open(where)
        self.record(told)

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
        n, names = next(self.numbers), named(slot)
        person = self.model.found(names["id"]) or self.model.found(names["email"])
        known = person is not None and {names[each] for each in by} <= details(person.entries)
        subject = {each: names[each] for each in (by if known and by else names)}
        return {"id": f"e-{n}", "subject": subject, "date": f"2025-01-{1 + n % 9:02}", kind: FIELDS[kind]}

    # --- What is done --------------------------------------------------------------------------------------

    @rule(told=st.lists(telling, min_size=1, max_size=4))
    def record(self, told: list[tuple[int, str, tuple[str, ...]]]) -> None:
        self.ingest([self.entry(slot, kind, *by) for slot, kind, by in told])

    @rule(data=st.data(), how=st.sampled_from(["again", "other", "corrected"]))
    @precondition(lambda self: self.model.known)
    def tell_again(self, data: st.DataObject, how: str) -> None:
        """An entry once more, as it was or otherwise; or another in its place."""
        old = self.model.known[data.draw(st.sampled_from(sorted(self.model.known)))]
        if old is None or old.get("proof"):
            return
        slot = next(each for each in range(PEOPLE) if details([old]) <= {*named(each).values()})
        match how:
            case "other":
                old = old | {"date": "2024-12-31"}
            case "corrected":
                old = self.entry(slot, "consent") | {"corrects": old["id"]}
        self.ingest([old])

    @rule(slot=someone)
    def refuse(self, slot: int) -> None:
        good, bad = self.entry(slot, "consent"), self.entry(slot, "consent") | {"date": LAST.isoformat()}
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
                self.ingest([dict(entry)])

    def ingest(self, told: list[dict[str, Any]]) -> None:
        expected = [*map(self.model.outcome, told)]
        given = [(str(n), entry) for n, entry in enumerate(told)]
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
        person = self.model.found(subject["id"])
        if person is None:
            with pytest.raises(UnknownSubject):
                self.register.erase(subject, holds, ground, self.now)
            return
        entries = self.model.entries(person)
        kinds = [kind for each in entries for kind in FIELDS if kind in each]
        self.wrote()
        certificate = self.register.erase(subject, holds, ground, self.now)
        assert sum(certificate.account.held.values()) == kinds.count("relation")
        for kind in ("consent", "objection"):
            assert certificate.account.erased[kind] == kinds.count(kind)
        held = {each["id"]: until for each in entries if "relation" in each}
        self.model.destroy(person, [], held, certificate.day, refuse=ground == "request")

    @rule(years=st.sampled_from([0, 1, 3, 5]))
    def retain(self, years: int) -> None:
        """What is due by the schedule goes; what was to be seen before is what is done."""
        self.now += timedelta(365 * years)
        told = survey(self.register, carried(), self.today())
        erased, held, over = self.model.retain(self.today())
        self.wrote(new=bool(told.concerned or over))
        done = retain(self.register, carried(), self.now)
        assert (told.day, told.released, told.figures) == (done.day, done.released, done.figures)
        assert (told.account.erased, told.account.held) == (done.account.erased, done.account.held)
        assert sum(done.account.erased[kind] for kind in FIELDS) == erased
        assert (sum(done.account.held.values()), sum(done.released.values())) == (held, over)
        left = survey(self.register, carried(), self.today())
        assert (left.concerned, left.released) == (0, {})

    def today(self) -> date:
        """Never before the last recording."""
        return day_of(max(self.latest, int(self.now.timestamp())))

    @rule()
    def rotate(self) -> None:
        self.master = LocalMaster(os.urandom(32))
        self.wrote()
        self.register.rotate(self.master, self.now)

    @rule(one=someone, other=someone)
    def merge(self, one: int, other: int) -> None:
        subjects = {"id": f"K-{one}"}, {"id": f"K-{other}"}
        people = [self.model.found(each["id"]) for each in subjects]
        if people[0] is None or people[1] is None:
            with pytest.raises(UnknownSubject):
                self.register.merge(*subjects, "said so", self.now)
        elif people[0].root is people[1].root:
            with pytest.raises(NotMerged):
                self.register.merge(*subjects, "said so", self.now)
        else:
            self.wrote()
            self.register.merge(*subjects, "said so", self.now)
            people[0].root.into = people[1].root

    @rule(slot=someone)
    @precondition(lambda self: self.model.people)
    def split(self, slot: int) -> None:
        person = self.model.found(f"K-{slot}")
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
        for kind, detail in (each for slot in range(PEOPLE) for each in named(slot).items()):
            subject = {kind: detail}
            found = self.register.history_of(subject, at=LAST)
            assert {entry.tree["id"] for entry in found.entries} == self.model.history(detail)
            refused = {event.date.isoformat() for event in found.events if event.place == -1}
            assert refused == self.model.refusals(detail)
            held = [(entry.tree["id"], hold.until) for entry, hold in self.register.held_of(subject)]
            assert sorted(held) == sorted(
                (id_, until) for names, ids, until in self.model.held if detail in names for id_ in ids
            )

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
    run(lambda folder: str(folder / f"{next(numbers)}.register"), 10, 25)


def test_whatever_is_done_the_register_is_the_model_on_postgresql(server: str) -> None:
    numbers = count(1)
    run(lambda _: database(server, f"states_{os.getpid()}_{next(numbers)}"), 3, 15)
