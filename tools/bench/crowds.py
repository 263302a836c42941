"""Five million contacts against ten million people on file, who do not exist (``tools/population.py``).

The *floor* is what nobody can do without: the same engine reads the same columns and writes the same
result.  The *anti-join* is what a user does today: strike a suppression list off, with no reason given.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from grondslag.law.profiles import STRICT
from grondslag.screening import audience as audiences
from grondslag.screening import load_campaign, make_snapshot, rows, screen_files
from grondslag.screening.files import engine
from grondslag.screening.snapshot import Snapshot
from grondslag.screening.verdicts import judged, screened
from tools.bench.timing import Job, Row, Table, measure
from tools.population import make

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = int(os.environ.get("BENCH_PEOPLE", "10000000"))
DAY = date(2026, 11, 24)
CAMPAIGN = """
campaign: Bench
controller: {name: Winkel BV, kind: company}
act: {do: contact, channel: email, content: promotional, purpose: commercial, product: product-1,
  advertises: own, message: {opt_out: one-click, identity: true, address: true, objection_right_told: true}}
products: {reviewed_by: A. de Wit, reviewed_on: 2026-01-01, same: [product-1],
  adjacent: [product-2, product-3, product-4, product-5], department: [product-6, product-7, product-8],
  range: [product-9, product-10], foreign: [product-30]}
"""

# What a process that was forked tells of its memory includes that of its parent; this does not.
_TELL = """
import sys
from grondslag.cli import main
main(sys.argv[1:], standalone_mode=False)
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


class Files:
    """The population, its snapshot and the lists, made once for all tables and kept in ``build/bench``."""

    def __init__(self) -> None:
        self.folder = ROOT / "build" / f"bench-{PEOPLE}"
        self.records = self.folder / "records"
        self.snapshot = self.folder / "snapshot.duckdb"
        self.campaign = self.folder / "campaign.yaml"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.campaign.write_text(CAMPAIGN, "utf-8")
        if not self.records.exists():
            make(PEOPLE, self.records)

    def audience(self, many: int, suffix: str = "parquet", text: bool = False) -> Path:
        """So many different people in no order, by whole number or by text."""
        path = self.folder / f"audience-{many}{'-text' if text else ''}.{suffix}"
        if not path.exists():
            id_ = "'k' || i" if text else "i"
            query = f"SELECT {id_} AS subject FROM range({PEOPLE}) t(i) ORDER BY hash(i * 7 + 1) LIMIT {many}"
            duckdb.sql(f"COPY ({query}) TO '{path}'")
        return path

    @property
    def suppressed(self) -> Path:
        """Who objected or withdrew: the list that is struck off today."""
        path = self.folder / "suppressed.parquet"
        if not path.exists():
            tables = " UNION ".join(
                f"SELECT subject FROM '{self.records / kind}.parquet'" for kind in ("objection", "withdrawal")
            )
            duckdb.sql(f"COPY ({tables}) TO '{path}'")
        return path


def crowds() -> Iterator[Table]:
    files = Files()
    yield _snapshot(files)
    yield _rows(files, PEOPLE // 2, "parquet")
    yield _rows(files, PEOPLE // 2, "csv")
    yield _flat(files)
    yield _counts(files)


def _snapshot(files: Files) -> Table:
    files.snapshot.unlink(missing_ok=True)
    found: list[Any] = []
    made = _once(lambda: found.append(make_snapshot(files.records, files.snapshot, DAY)))
    with tempfile.TemporaryDirectory(dir=files.folder) as folder:

        def copy() -> None:
            for path in files.records.iterdir():
                duckdb.sql(f"COPY (FROM '{path}') TO '{Path(folder) / path.name}'")

        floor = _once(copy)
    events = found[0].records
    return Table(
        f"A snapshot of {PEOPLE:,} people",
        f"Once each; {events:,} records, {events / made:,.0f} a second.",
        (Row("DuckDB reads and writes the same records", floor, 1.0), Row("snapshot", made, made / floor)),
    )


def _once(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


@contextmanager
def _open(files: Files) -> Iterator[Snapshot]:
    with tempfile.TemporaryDirectory(dir=files.folder) as folder, engine(Path(folder), files.folder) as con:
        yield Snapshot.open(con, files.snapshot)


def _rows(files: Files, many: int, suffix: str) -> Table:
    plan, audience = load_campaign(files.campaign), files.audience(many, suffix)
    out = files.folder / f"out-{suffix}"
    with _open(files) as snapshot, tempfile.TemporaryDirectory(dir=files.folder) as folder:
        con, into = snapshot.con, Path(folder)
        plain = duckdb.connect()

        def whole(_: Any) -> None:
            screen_files(files.campaign, files.snapshot, audience, DAY, out, force=True)

        def every_row(_: Any) -> None:
            people = audiences.load(con, audience, into, snapshot.known())
            rows.write(screened(plan, snapshot, people, DAY, STRICT), into, f".{suffix}")

        def floor(_: Any) -> None:
            for name in ("allowed", "refused"):
                plain.sql(f"COPY (FROM '{out / name}.{suffix}') TO '{into / name}.floor.{suffix}'")

        def antijoin(_: Any) -> None:
            kept = f"FROM '{audience}' ANTI JOIN '{files.suppressed}' USING (subject)"
            plain.sql(f"COPY ({kept}) TO '{into}/kept.{suffix}'")

        def copied(_: Any) -> None:
            plain.sql(f"COPY (FROM '{audience}') TO '{into}/copied.{suffix}'")

        cold, resident = _alone(files, audience, out)
        measured = measure(
            Job("floor: DuckDB reads and writes the same result", floor),
            Job("anti-join of a suppression list, DuckDB", antijoin),
            Job("DuckDB reads and writes the ids alone", copied),
            Job("every row with its ground or reason", every_row),
            Job("the whole command: also remedies, counts, report, receipt", whole),
        )
    note = (
        f"From the snapshot, {suffix.upper()} to {suffix.upper()}. From the shell, where nothing is loaded\n"
        f"or decided yet, the command takes {cold:.1f} s and at most {resident:.2f} GB (once)."
    )
    return Table(f"{many:,} contacts against {PEOPLE:,} people, {suffix.upper()}", note, measured)


def _alone(files: Files, audience: Path, out: Path) -> tuple[float, float]:
    """The whole command as a process of its own: seconds, and the most memory that it held, in GB."""
    where = ("--records", files.snapshot, "--audience", audience, "--date", str(DAY), "--out", out)
    command = [sys.executable, "-c", _TELL, "screen", files.campaign, *where, "--force", "--quiet"]
    start = time.perf_counter()
    told = subprocess.run([*map(str, command)], check=True, capture_output=True, text=True).stdout
    return time.perf_counter() - start, int(told.split()[-1]) / 1e6


def _flat(files: Files) -> Table:
    """Cost per row as the list grows."""
    plan = load_campaign(files.campaign)
    sizes = [PEOPLE // 10, PEOPLE // 2, PEOPLE]
    with _open(files) as snapshot, tempfile.TemporaryDirectory(dir=files.folder) as folder:

        def run(path: Path) -> Callable[[Any], None]:
            def screen(_: Any) -> None:
                people = audiences.load(snapshot.con, path, Path(folder), snapshot.known())
                rows.write(screened(plan, snapshot, people, DAY, STRICT), Path(folder), ".parquet")

            return screen

        measured = measure(*(Job(f"{n:,} contacts", run(files.audience(n)), n) for n in sizes))
    return Table("The cost of one row as the list grows", "Parquet to Parquet, per row.", measured)


def _counts(files: Files) -> Table:
    plan = load_campaign(files.campaign)
    with _open(files) as snapshot:

        def count(_: Any) -> None:
            judged(snapshot.crowd(DAY), plan, STRICT, None, nameless=False)

        def read(_: Any) -> None:
            snapshot.con.con.sql("SELECT pattern, portfolio, obstacle FROM snapshot.states").fetchnumpy()

        measured = measure(
            Job("DuckDB reads three numbers of everybody", read),
            Job("how many may be reached, by ground and reason", count),
        )
    return Table(f"Counts of {PEOPLE:,} people, no files", "From the snapshot.", measured)
