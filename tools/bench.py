"""Measures decisions and the screening, each against a baseline in the same run, medians of interleaved runs."""

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
from grondslag import decide as deciding
from grondslag.decide import decide
from grondslag.explain import explain
from grondslag.facts import draw, draw_with_evidence
from grondslag.receipt import package_version
from grondslag.situations import load

ROOT = Path(__file__).resolve().parent.parent
RUNS = 7

EXAMPLES = [e for file in sorted((ROOT / "casebook").glob("*.yaml")) for e in load(file)]
SITUATIONS = [(draw(e.case), e.case.act.date) for e in EXAMPLES]
TABLE = {(situation, at): True for situation, at in SITUATIONS}


def cold() -> None:
    deciding._decide.cache_clear()
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
    deciding._decide.cache_clear()
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
    names = ("dict lookup (baseline)", "repeated decision", "cold decision, every finding", "facts of one person")
    names += ("facts, decision and explanation",)
    found = timed(lookup, repeated, cold, drawn, explained)
    print(f"\nOne decision, mean over {len(SITUATIONS)} situations of the casebook")
    for name, seconds in zip(names, found, strict=True):
        print(f"  {name:34} {seconds / len(SITUATIONS) * 1e6:9.1f} µs   {seconds / found[0]:8.1f} ×")


def screening() -> None:
    """The Online Retail customers against an anti-join of the same audience: what a user does today."""
    from examples.online_retail import run as example

    with tempfile.TemporaryDirectory() as folder:
        records, audience, campaign = example.prepare(Path(folder))
        out = Path(folder) / "out"

        def screen() -> None:
            example.screen(campaign, records, audience, date(2011, 12, 9), out)

        def antijoin() -> None:
            objections = next(records.glob("objection.*"))
            query = f"select * from '{audience}' anti join '{objections}' using (subject)"
            duckdb.sql(f"copy ({query}) to '{Path(folder) / 'kept.csv'}'")

        base, ours = timed(antijoin, screen)
    print("\nScreening of the Online Retail customers")
    print(f"  suppression anti-join, DuckDB      {base * 1e3:9.1f} ms   1.0 ×")
    print(f"  screening, reason and rule per row {ours * 1e3:9.1f} ms   {ours / base:.1f} ×")


def main() -> None:
    sys.path.insert(0, str(ROOT))
    print(f"grondslag {package_version()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}")
    print(f"{platform.machine()}, {os.cpu_count()} cores; medians of {RUNS} interleaved runs")
    decisions()
    screening()


if __name__ == "__main__":
    main()
