"""Jobs timed by turns on one machine, and the table of what came out."""

from __future__ import annotations

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

RUNS = 7


@dataclass(frozen=True)
class Job:
    """Something to be timed.

    :ivar times: how many decisions, persons or rows one run comes to; the time is told for one of them.
    :ivar prepare: what has to be ready before, and is not timed; its result is passed to the job.
    """

    name: str
    run: Callable[[Any], object]
    times: int = 1
    prepare: Callable[[], Any] = lambda: None


@dataclass(frozen=True)
class Row:
    """One line of a table.

    :ivar seconds: the median over the runs, of one decision, person or row.
    :ivar ratio: against the first job of the same table.
    """

    name: str
    seconds: float
    ratio: float


@dataclass(frozen=True)
class Table:
    """What was measured together.

    :ivar note: what is compared, and what is not.
    """

    title: str
    note: str
    rows: tuple[Row, ...]


def measure(*jobs: Job, clock: Callable[[], float] = time.perf_counter) -> tuple[Row, ...]:
    """The median of each job; every run takes all jobs in turn, so that noise falls on all alike.

    As in ``timeit``, no garbage is collected while a job runs.

    :param clock: the processor time of the process (``time.process_time``) leaves out what other
        users of the machine take; what reads files is measured by the clock on the wall.
    """
    times: list[list[float]] = [[] for _ in jobs]
    for _ in range(RUNS):
        for place, job in enumerate(jobs):
            ready = job.prepare()
            gc.collect()
            gc.disable()
            start = clock()
            job.run(ready)
            times[place].append((clock() - start) / job.times)
            gc.enable()
    medians = [statistics.median(found) for found in times]
    return tuple(Row(job.name, found, found / medians[0]) for job, found in zip(jobs, medians, strict=True))


def machine(*packages: str) -> Iterator[str]:
    """The machine and the versions, for the head of a report."""
    yield f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, load {os.getloadavg()[0]:.1f}"
    yield f"Python {platform.python_version()}, " + ", ".join(f"{name} {_version(name)}" for name in packages)
    yield f"medians of {RUNS} interleaved runs"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def told(seconds: float) -> str:
    """A time in the unit that suits it."""
    for unit, factor in (("s", 1.0), ("ms", 1e3)):
        if seconds * factor >= 1:
            return f"{seconds * factor:.1f} {unit}"
    return f"{seconds * 1e6:.1f} µs"


def as_text(table: Table) -> Iterator[str]:
    yield ""
    yield table.title
    width = max(len(row.name) for row in table.rows)
    for row in table.rows:
        yield f"  {row.name:<{width}}  {told(row.seconds):>10}  {row.ratio:>9.1f} ×"
    yield from (f"  {line}" for line in table.note.splitlines())


def as_markdown(table: Table) -> Iterator[str]:
    """The same table for ``docs/benchmarks.md``."""
    yield f"## {table.title}"
    yield ""
    yield from table.note.splitlines()
    yield ""
    yield "| what | time | ratio |"
    yield "| --- | ---: | ---: |"
    for row in table.rows:
        yield f"| {row.name} | {told(row.seconds)} | {row.ratio:.1f} × |"
    yield ""
