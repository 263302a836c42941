"""The register: recording, looking up, exporting, proving.

``BENCH_ENTRIES=10000000 make bench`` does it with so many; some minutes for each million.
"""

from __future__ import annotations

import csv
import os
import random
import resource
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import duckdb

from grondslag.ledger import verifier
from grondslag.ledger.checkpoint import Checkpoint
from grondslag.ledger.proof import Proof
from grondslag.register import files
from grondslag.register.ahead import ahead, seldom
from grondslag.register.export import export
from grondslag.register.keys import LocalMaster
from grondslag.register.register import Register
from grondslag.register.store import columns, definitions
from grondslag.registers.opening import FROM_FILE
from grondslag.screening import make_snapshot
from tools import exports
from tools.bench.timing import Job, Table, measure

ENTRIES: Final = int(os.environ.get("BENCH_ENTRIES", "1000000"))
RECORDED: Final = 50_000
"""Entries recorded in one run of the measurement of recording."""
ROWS: Final = 50_000
"""Rows of the export that is imported."""
EACH: Final = 4
"""Entries of a person, on average."""
BATCH: Final = 1000
NOW: Final = datetime(2026, 11, 30, 12, tzinfo=UTC)
TODAY: Final = NOW.date()
MASTER: Final = LocalMaster(bytes(range(32)))
_SEED: Final = 11
_SHOWN: Final = {"id": "sign-up", "version": "3", "language": "nl", "hash": "sha256:" + "a" * 64}
_PROOF: Final = {
    "notice": _SHOWN, "act": "ticked the box and pressed Send",
    "source": {"point": "https://shop.example/sign-up", "ip": "192.0.2.7"},
}  # fmt: skip


def register(entries: int = ENTRIES) -> Iterator[Table]:
    with tempfile.TemporaryDirectory() as folder:
        yield recording(Path(folder))
        yield importing(Path(folder))
        yield from reading(Path(folder), entries)


def made(count: int, first: int = 0) -> Iterator[tuple[str, dict[str, Any]]]:
    """Entries of a shop: consents with their proof, purchases, details, refusals."""
    rng = random.Random(f"{_SEED}:{first}")
    for n in range(first, first + count):
        person = rng.randrange(max(first + count, ENTRIES) // EACH)
        entry: dict[str, Any] = {
            "id": f"shop-{n}",
            "subject": {"id": f"K-{person}", "email": f"p{person}@klant.example"},
            "time": f"202{n % 6}-0{1 + n % 9}-1{n % 10}T10:{n % 60:02d}:00+02:00",
        }
        match n % 8:
            case 0 | 4:
                fields = {"channels": ["email"], "by": "ticked-box", "evidence": "full"}
                entry |= {"consent": fields, "proof": _PROOF}
            case 1 | 2 | 5:
                entry["relation"] = {"kind": "purchase", "product": "books", "paid": True}
            case 3:
                entry["objection"] = {"channels": ["phone"]}
            case _:
                entry["collected"] = {"details": ["email"], "in": "sale", "opt_out_offered": "separately"}
        yield f"entry {n}", entry


def recording(folder: Path) -> Table:
    given = list(made(RECORDED))
    first = _new(folder / "first")
    _record(first, given)
    tables = ("entry", "batch", "pending", "subject_key", "identifier")
    rows = {table: first.store.rows(f"SELECT * FROM {table}") for table in tables}
    first.close()

    def plain(file: Path) -> None:
        with sqlite3.connect(file, isolation_level=None) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            for statement in definitions("INTEGER", "BLOB", "WITHOUT ROWID"):
                db.execute(statement)
            for batch in range(RECORDED // BATCH):
                db.execute("BEGIN IMMEDIATE")
                for table, told in rows.items():
                    size = -(-len(told) * BATCH // RECORDED)
                    marks = ", ".join("?" * len(columns(table)))
                    sql = f"INSERT INTO {table} VALUES ({marks})"
                    db.executemany(sql, told[batch * size : (batch + 1) * size])
                db.execute("COMMIT")
        db.close()

    measured = measure(
        Job("plain INSERTs of the same rows", plain, RECORDED, lambda: _fresh(folder)),
        Job("recorded: checked, sealed, indexed, on disk", lambda new: _record(new, given), RECORDED,
            lambda: _new(_fresh(folder))),
    )  # fmt: skip
    note = (
        f"{RECORDED:,} entries of {RECORDED // EACH:,} people in batches of {BATCH:,}, into an empty\n"
        "SQLite file; each batch is on disk before the next. Time for one entry."
    )
    return Table("Recording", note, measured)


def importing(folder: Path) -> Table:
    file = folder / "subscribed.csv"
    exports.make(ROWS, file)

    def read_only(_: Any) -> None:
        with file.open(newline="", encoding="utf-8") as opened:
            for _row in csv.DictReader(opened):
                pass

    def whole(into: Register) -> None:
        with ahead(files.exported, file, None, TODAY) as rows:
            _record(into, (("row", each.entry) for _, entries in rows for each in entries), FROM_FILE)

    def known() -> Register:
        into = _new(_fresh(folder))
        whole(into)
        return into

    measured = measure(
        Job("the csv module reads the file, and nothing else", read_only, ROWS),
        Job("imported: mapped, with its evidence, suppression, on disk", whole, ROWS,
            lambda: _new(_fresh(folder))),
        Job("the same file once more", whole, ROWS, known),
    )  # fmt: skip
    note = (
        f"An export of Mailchimp with {ROWS:,} contacts, read by another process, into an empty SQLite\n"
        "file. Time for one row."
    )
    return Table("Importing", note, measured)


def reading(folder: Path, entries: int) -> Iterator[Table]:
    """Of a register with many entries: how fast it was made is told, and what is asked of it is timed."""
    seldom()
    with _new(folder / "large") as large:
        start = time.perf_counter()
        _record(large, made(entries))
        rate = entries / (time.perf_counter() - start)
        start = time.perf_counter()
        large.publish(NOW)
        published = time.perf_counter() - start
        yield _asked(large, entries, rate, published)
        yield _log(large, entries)
        yield _exported(large, folder, entries)


def _asked(large: Register, entries: int, rate: float, published: float) -> Table:
    rng = random.Random(_SEED)
    people = [f"K-{rng.randrange(max(entries, ENTRIES) // EACH)}" for _ in range(500)]

    def asked(_: Any) -> None:
        for person in people:
            large.history_of({"id": person}, at=TODAY)

    index = [large.vault.index("id", person) for person in people]

    def plain(_: Any) -> None:
        for hash_ in index:
            sql = "SELECT e.* FROM identifier i JOIN entry e USING (subject) WHERE hash = ?"
            large.store.rows(sql, hash_)

    measured = measure(
        Job("a plain SELECT of the sealed rows", plain, len(people)),
        Job("history_of one person", asked, len(people)),
    )
    note = (
        f"The register holds {entries:,} entries; they were recorded at {rate:,.0f} a second and\n"
        f"published in {published:.1f} s (once)."
    )
    return Table("Looking up", note, measured)


def _log(large: Register, entries: int) -> Table:
    tiles = large.tiles
    note = tiles.checkpoint()
    assert note is not None
    places = range(0, entries, entries // 50)
    proofs = [(Proof.make(place, tiles.node, note), next(tiles.entries(place, 1))) for place in places]

    root = Checkpoint.open(note, large.signer.vkey).root

    def inclusion(_: Any) -> None:
        for proof, leaf in proofs:
            hash_ = verifier.leaf_hash(leaf)
            assert verifier.verify_inclusion(proof.index, entries, hash_, [*proof.path], root)

    def signed(_: Any) -> None:
        for proof, leaf in proofs:
            proof.verify(leaf, large.signer.vkey)

    def whole(_: Any) -> None:
        report = verifier.Report()
        verifier.check_log(tiles.folder, large.signer.vkey, None, report)

    measured = measure(
        Job("the whole log, for each entry", whole, entries),
        Job("one proof of inclusion", inclusion, len(proofs)),
        Job("one proof with the signature of its checkpoint, in plain Python", signed, len(proofs)),
    )
    return Table("Checking", f"With the stand-alone verifier; a log of {entries:,} entries.", measured)


def _exported(large: Register, folder: Path, entries: int) -> Table:
    out, anew = folder / "tables", folder / "anew"
    export(large, out, at=TODAY)
    later = iter(range(1, 1_000_000))

    def floor(_: Any) -> None:
        con = duckdb.connect()
        shutil.rmtree(anew, ignore_errors=True)
        anew.mkdir()
        for table in out.glob("*.parquet"):
            con.execute(f"COPY (FROM '{table}') TO '{anew / table.name}' (COMPRESSION zstd)")

    def whole(_: Any) -> None:
        export(large, anew, at=TODAY, workers=2)

    def ready() -> date:
        day = TODAY + timedelta(days=next(later))
        _record(large, made(1000, entries + 1000 * day.toordinal()))
        return day

    def snapshot(_: Any) -> None:
        make_snapshot(out, folder / f"{next(later)}.snapshot", TODAY)

    measured = measure(
        Job("floor: DuckDB reads and writes the same tables", floor, entries),
        Job("the whole register", whole, entries, lambda: shutil.rmtree(anew, ignore_errors=True)),
        Job("once more after a thousand new ones", lambda day: export(large, out, at=day), entries, ready),
        Job("from the tables to a snapshot", snapshot, entries),
    )  # fmt: skip
    (_, one, _), (took, two, each) = (_alone(large, folder, workers) for workers in (1, 2))
    note = (
        f"{entries:,} entries. In a process of its own it takes {took:.1f} s with two processes that open\n"
        f"entries (once); it holds at most {two:.2f} GB, each of these {each:.2f} GB; opening them\n"
        f"itself, {one:.2f} GB. Time for one entry."
    )
    return Table("Exporting to the tables of a screening, and a snapshot", note, measured)


def _alone(large: Register, folder: Path, workers: int) -> tuple[float, float, float]:
    """Exporting in a process of its own: seconds, and the most that it and one of its own held, in GB."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        out = folder / f"alone{workers}"
        return pool.submit(_export_alone, str(large.place), out, workers).result()


def _export_alone(place: str, out: Path, workers: int) -> tuple[float, float, float]:
    seldom()
    with Register(place, MASTER) as alone:
        start = time.perf_counter()
        export(alone, out, at=TODAY, workers=workers)
        took = time.perf_counter() - start
    # Not ru_maxrss: that begins with what the process had from which this one was made.
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    own = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    return took, own / 1e6, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6


def _fresh(folder: Path) -> Path:
    """A file that is not there yet."""
    return folder / str(time.monotonic_ns())


def _new(file: Path) -> Register:
    return Register.new(file, MASTER, controller="Shop BV", origin="shop.example/register")


def _record(into: Register, given: Any, batch: int = BATCH) -> None:
    for _, outcome in into.ingest(given, NOW, batch=batch):
        assert hasattr(outcome, "new"), outcome
