"""Measures decisions and the screening against baselines: medians of interleaved runs."""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb

from grondslag.decide import _decide, decide
from grondslag.explain import explain
from grondslag.facts import draw, draw_with_evidence
from grondslag.receipt import package_version
from grondslag.screening import screen_files
from grondslag.situations import load

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from examples.online_retail.make_records import make  # noqa: E402

RUNS = 7

EXAMPLES = [e for file in sorted((ROOT / "casebook").glob("*.yaml")) for e in load(file)]
SITUATIONS = [(draw(e.case), e.case.act.date) for e in EXAMPLES]
TABLE = dict.fromkeys(SITUATIONS, True)


def cold() -> None:
    _decide.cache_clear()
    for situation, at in SITUATIONS:
        decide(situation, at=at)


def repeated() -> None:
    for situation, at in SITUATIONS:
        decide(situation, at=at)


def lookup() -> None:
    for situation, at in SITUATIONS:
        TABLE[(situation, at)]


def drawn() -> None:
    for example in EXAMPLES:
        draw(example.case)


def explained() -> None:
    _decide.cache_clear()
    for example in EXAMPLES:
        found = draw_with_evidence(example.case)
        explain(decide(found.situation, at=example.case.act.date), found, example.case)


def timed(*jobs: Callable[[], None]) -> list[float]:
    """Median seconds of each job, the runs of the jobs interleaved."""
    times: list[list[float]] = [[] for _ in jobs]
    for _ in range(RUNS):
        for place, job in enumerate(jobs):
            start = time.perf_counter()
            job()
            times[place].append(time.perf_counter() - start)
    return [statistics.median(found) for found in times]


def decisions() -> None:
    names = (
        "dict lookup (baseline)",
        "repeated decision",
        "cold decision, every finding",
        "facts of one person",
        "facts, decision and explanation",
    )
    found = timed(lookup, repeated, cold, drawn, explained)
    print(f"\nOne decision, mean over {len(SITUATIONS)} situations of the casebook")
    for name, seconds in zip(names, found, strict=True):
        print(f"  {name:34} {seconds / len(SITUATIONS) * 1e6:9.1f} µs   {seconds / found[0]:8.1f} ×")


def screening() -> None:
    """The Online Retail customers against an anti-join of the same audience: what a user does today."""
    build = ROOT / "build" / "online_retail"
    make(build)
    with tempfile.TemporaryDirectory() as folder:

        def screen() -> None:
            screen_files(
                campaign=ROOT / "examples" / "online_retail" / "campaign.yaml",
                records=build / "records",
                audience=build / "audience.csv",
                at=date(2011, 12, 9),
                out=Path(folder) / "out",
                force=True,
            )

        def antijoin() -> None:
            objections = next((build / "records").glob("objection.*"))
            query = f"from '{build / 'audience.csv'}' anti join '{objections}' using (subject)"
            duckdb.sql(f"copy ({query}) to '{Path(folder) / 'kept.csv'}'")

        base, ours = timed(antijoin, screen)
    print("\nScreening of the Online Retail customers")
    print(f"  suppression anti-join, DuckDB      {base * 1e3:9.1f} ms   1.0 ×")
    print(f"  screening, reason and rule per row {ours * 1e3:9.1f} ms   {ours / base:.1f} ×")


def main() -> None:
    print(f"grondslag {package_version()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}")
    print(f"{platform.machine()}, {os.cpu_count()} cores; medians of {RUNS} interleaved runs")
    decisions()
    screening()


if __name__ == "__main__":
    main()
