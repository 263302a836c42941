"""The power goes, again and again, while several programs record and decide, and one publishes.

``make crashes`` runs this by itself: ``python -m tests.anomaly.crashing --sqlite 1000 --postgresql 200``.
Each crash kills every program at a random moment with ``SIGKILL`` (now and then the database server too), and
then everything is looked at: what was acknowledged is there once, the register is whole, no checkpoint went
back on an earlier one.
"""

from __future__ import annotations

import argparse
import os
import random
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from grondslag.errors import BadCase, UnknownEntry, UnknownSubject, Unopened, Unwritten
from grondslag.ledger.checkpoint import Checkpoint
from grondslag.register.recording import Recorded
from grondslag.register.register import Register
from grondslag.screening.campaign import parse
from tests.anomaly.cast import ANNA, CAMPAIGN, MASTER, NOW, TODAY, consent, new, objection, tax, wrong_with
from tests.register.server import database, postgresql, programs

WRITERS: Final = 3
ROUND: Final = 25
"""Crashes of one register, before the next is made."""
ASKED: Final = parse(CAMPAIGN)
DECISION: Final = "decision:"
"""Before an id that is told: it is of a decision."""
LONGEST: Final = 0.02
"""Seconds before the power goes, at most, once all programs are at work."""


def shared_memory() -> str | None:
    """A folder that a killed process cannot lose, and that needs no disk; none where there is none."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


@dataclass
class World:
    """One register, and what the world outside knows of it.

    :ivar acknowledged: the ids that a program has reported as durable.
    :ivar decisions: the same, of decisions that were kept.
    :ivar roots: every checkpoint ever seen: size → root.
    :ivar published: the size of the log that the files last showed.
    """

    place: str
    ledger: Path
    dice: random.Random
    acknowledged: set[str] = field(default_factory=set)
    decisions: set[uuid.UUID] = field(default_factory=set)
    roots: dict[int, bytes] = field(default_factory=dict)
    published: int = 0
    told: Counter[str] = field(default_factory=Counter)

    def opened(self) -> Register:
        return Register(self.place, MASTER, self.ledger)


def entry(writer: int, n: int) -> tuple[str, dict[str, Any]]:
    """The nth entry of a program; people and their details are shared by all programs.

    A fourth of the people have few entries: about them it is decided, which takes longer the more there are.
    """
    person = {"id": f"D-{n}"} if n % 4 == 0 else {"id": f"K-{n % 7}", "email": f"k{n % 5}@klant.nl"}
    id_ = f"w{writer}-{n}"
    return id_, objection(id_, person) if n % 3 == 0 else consent(id_, person)


def write(world: World, writer: int, tell: Callable[[str], None]) -> None:
    """Record and decide for ever, and tell each id that is durable; first what nobody acknowledged."""
    with world.opened() as register:
        tell("ready")
        n = 0
        while True:
            batch: list[Any] = []
            while len(batch) < 1 + n % 3:
                if (each := entry(writer, n))[0] not in world.acknowledged:
                    batch.append(each)
                n += 1
            done = list(register.ingest(batch, NOW))
            assert all(isinstance(outcome, Recorded) for _, outcome in done), done
            tell(" ".join(id_ for id_, _ in done))
            asked = [each["subject"] for _, each in batch if "email" not in each["subject"]]
            tell(" ".join(f"{DECISION}{each}" for each in decided(register, asked)))


def decided(register: Register, people: Sequence[dict[str, str]]) -> list[uuid.UUID]:
    """Decide about people, and keep that; nothing when one of them was forgotten meanwhile."""
    asked = [register.decide(each, ASKED, at=TODAY) for each in people]
    try:
        return [each.id for each in register.keep(*asked, at=NOW) if each]
    except UnknownSubject:
        return []


def publish(world: World, dice: random.Random, tell: Callable[[str], None]) -> None:
    """Publish for ever; now and then somebody wants to be forgotten."""
    with world.opened() as register:
        tell("ready")
        while True:
            register.publish(NOW)
            if dice.random() < 0.1:
                try:
                    id_ = dice.choice((f"K-{dice.randrange(7)}", f"D-{4 * dice.randrange(25)}"))
                    register.erase({"id": id_}, tax, "request", NOW)
                except UnknownSubject:
                    continue


def child(work: Callable[[Callable[[str], None]], None]) -> tuple[int, int]:
    """Another process that does this; its number, and where it tells."""
    ours, theirs = os.pipe()
    if number := os.fork():
        os.close(theirs)
        return number, ours
    code = 1
    try:
        os.close(ours)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        work(lambda line: said(theirs, line))
    except Unwritten:
        code = 0  # the server went down
    except Unopened as wrong:
        code = 0  # the same, while it was opened
        if "cannot be opened" not in wrong.problem:
            said(theirs, f"wrong {wrong}")
    except BaseException as wrong:
        said(theirs, f"wrong {type(wrong).__name__} {wrong!s}".replace("\n", " "))
    finally:
        os._exit(code)


def said(pipe: int, line: str) -> None:
    os.write(pipe, line.encode() + b"\n")


def crash(world: World, server: Server | None = None) -> None:
    """Let the programs work for a moment, kill them all, and look at what is left."""
    dice, seed = world.dice, world.dice.random()
    children = [child(lambda tell, n=n: write(world, n, tell)) for n in range(WRITERS)]  # type: ignore[misc]
    children.append(child(lambda tell: publish(world, random.Random(seed), tell)))
    told = [b""] * len(children)
    if dice.random() < 0.9:  # else they are hit while they open the register
        for n, (_, pipe) in enumerate(children):
            told[n] = os.read(pipe, 1 << 16)
    time.sleep(dice.random() * LONGEST)
    if server is not None:
        server.down(dice)
    for number, _ in dice.sample(children, len(children)):
        os.kill(number, signal.SIGKILL)
    for n, (number, pipe) in enumerate(children):
        os.waitpid(number, 0)
        while more := os.read(pipe, 1 << 16):
            told[n] += more
        os.close(pipe)
    if server is not None:
        server.up()
    lines = [line for each in told for line in each.decode().splitlines() if line != "ready"]
    assert not [line for line in lines if line.startswith("wrong")], lines
    ids = {id_ for line in lines for id_ in line.split()}
    decisions = {id_ for id_ in ids if id_.startswith(DECISION)}
    world.acknowledged |= ids - decisions
    world.decisions |= {uuid.UUID(id_.removeprefix(DECISION)) for id_ in decisions}
    world.told["crashes"] += 1
    world.told["servers"] += server is not None
    look(world)


def look(world: World) -> None:
    """Everything that was ever acknowledged is there, once, and nothing is half."""
    with world.opened() as register:
        wrong = wrong_with(register)
        assert not wrong, wrong
        store = register.store
        clients = [register.vault.client(id_) for id_ in world.acknowledged]
        if clients:
            where, values = store.within("client", clients)
            assert store.rows(f"SELECT count(*) FROM entry WHERE {where}", *values) == [(len(clients),)]
        where, values = store.within("uuid", [each.bytes for each in world.decisions])
        there = store.rows(f"SELECT kind, count(*) FROM entry WHERE {where} GROUP BY uuid, kind", *values)
        assert there == [("decided", 1)] * len(world.decisions)
        roots = {size: bytes(root) for size, root in store.rows("SELECT size, root FROM checkpoint")}
        assert world.roots.items() <= roots.items()
        world.roots = roots
        note = register.tiles.checkpoint()
        found = Checkpoint.open(note, register.signer.vkey) if note else None
        assert (found.size if found else 0) >= world.published
        if found:
            assert roots[found.size] == found.root
            world.published = found.size


def sent_again(world: World) -> None:
    """To send everything again changes nothing of what was there, and what was lost is there now."""
    last = 1 + max((int(id_.partition("-")[2]) for id_ in world.acknowledged), default=0)
    everything = [entry(writer, n) for writer in range(WRITERS) for n in range(last)]
    with world.opened() as register:
        ((before,),) = register.store.rows("SELECT count(*) FROM entry")
        for id_, outcome in register.ingest(everything, NOW):
            assert not isinstance(outcome, BadCase), outcome
            assert not (outcome.new and id_ in world.acknowledged), "it was lost"
            world.told["never acknowledged"] += outcome.new
            world.acknowledged.add(id_)
        for decision in world.decisions:
            with suppress(UnknownEntry):  # of somebody who was forgotten
                redone = register.replay(decision)
                assert redone.same, redone.changes
                assert register.keep(redone.decided, at=NOW) == [Recorded(decision.bytes, new=False)]
                world.told["decided again"] += 1
        register.publish(NOW)
        ((after,),) = register.store.rows("SELECT count(*) FROM entry")
    assert after >= before
    world.told["entries"] += after
    world.told["decisions"] += len(world.decisions)
    look(world)


@dataclass
class Server:
    """The PostgreSQL server of a test, which can be brought down hard."""

    host: str

    def __post_init__(self) -> None:
        self.data = Path(self.host) / "data"
        self.user = "postgres" if os.geteuid() == 0 else None
        started = shlex.split((self.data / "postmaster.opts").read_text())
        self.options = shlex.join(started[3:])

    def down(self, dice: random.Random) -> None:
        """Stop at once: by its own means, or by killing the first process, which the others notice."""
        if dice.random() < 0.5:
            self._run("stop", "-m", "immediate")
            return
        number = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(number, signal.SIGKILL)

    def up(self) -> None:
        """Start, which recovers; while processes of before are still there it refuses."""
        for _ in range(100):
            try:
                return self._run("start", "-w", "-l", str(Path(self.host) / "log"), "-o", self.options)
            except subprocess.CalledProcessError:
                time.sleep(0.1)
        raise AssertionError("the server does not start again")

    def _run(self, *command: str) -> None:
        folder = programs()
        assert folder is not None
        said = [str(folder / "pg_ctl"), "-D", str(self.data), *command]
        subprocess.run(
            said, check=True, user=self.user, cwd=self.host,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


def on_sqlite(crashes: int, seed: int = 0) -> Counter[str]:
    """So many crashes of registers in a file."""
    told: Counter[str] = Counter()
    dice = random.Random(seed)
    for first in range(0, crashes, ROUND):
        folder = Path(tempfile.mkdtemp(dir=shared_memory()))
        try:
            world = World(str(folder / "shop.register"), folder / "ledger", dice)
            told += round_of(world, min(ROUND, crashes - first))
        finally:
            shutil.rmtree(folder)
    return told


def on_postgresql(crashes: int, servers: int, seed: int = 0) -> Counter[str]:
    """So many crashes of registers in PostgreSQL, of which so many bring down the server too."""
    told: Counter[str] = Counter()
    dice = random.Random(seed)
    with postgresql("fsync=on", "shared_buffers=64MB", within=shared_memory()) as host:
        hard = set(dice.sample(range(crashes), servers))
        server = Server(host)
        for first in range(0, crashes, ROUND):
            folder = Path(tempfile.mkdtemp(dir=shared_memory()))
            try:
                world = World(database(host, f"crash_{first}"), folder / "ledger", dice)
                some = range(first, min(first + ROUND, crashes))
                told += round_of(world, len(some), {n - first: server for n in some if n in hard})
            finally:
                shutil.rmtree(folder)
    return told


def round_of(world: World, crashes: int, servers: dict[int, Server] | None = None) -> Counter[str]:
    """A new register, and so many crashes of it.

    :param servers: at which of them which server goes down.
    """
    new(world.place, world.ledger)
    with world.opened() as register:
        decided(register, [ANNA])  # so that the programs have the law at hand
    for n in range(crashes):
        crash(world, (servers or {}).get(n))
    sent_again(world)
    return world.told


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sqlite", type=int, default=1000)
    parser.add_argument("--postgresql", type=int, default=200)
    parser.add_argument("--servers", type=int, default=40, help="of these, how many bring down the server")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    for name, run in (
        ("SQLite", lambda: on_sqlite(asked.sqlite, asked.seed)),
        ("PostgreSQL", lambda: on_postgresql(asked.postgresql, asked.servers, asked.seed)),
    ):
        begun = time.perf_counter()
        told = run()
        spent = time.perf_counter() - begun
        print(f"{name}: {dict(told)}, {spent:.0f} s; all that was acknowledged is there once", flush=True)


if __name__ == "__main__":
    main()
