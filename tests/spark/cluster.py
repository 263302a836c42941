"""A standalone cluster of Spark on this machine: a master and two workers, each a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pyspark
from pyspark.sql import SparkSession

WORKERS = 2
MEMORY = "768m"
WITHIN = 60.0
"""Seconds."""
_QUICK = "-XX:TieredStopAtLevel=1"
"""Java does not optimise what ends within a minute."""


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """The address of the master of a new cluster, which ends with the block."""
    with ExitStack() as stack:
        master = stack.enter_context(_process(folder, "master", "master.Master", "--port", "0"))
        address = _told(master, r"Starting Spark master at (spark://\S+)")
        for n in range(WORKERS):
            room = ("--cores", "1", "--memory", MEMORY, "--work-dir", str(folder / f"worker{n}"))
            worker = stack.enter_context(_process(folder, f"worker{n}", "worker.Worker", *room, address))
            _told(worker, "(Successfully registered with master)")
        yield address


@contextmanager
def _process(folder: Path, name: str, kind: str, *arguments: str) -> Iterator[Path]:
    """A part of the cluster; gives the file with its log."""
    home = Path(pyspark.__path__[0])
    command = [home / "bin/spark-class", f"org.apache.spark.deploy.{kind}"]
    here = ("--host", "127.0.0.1", "--webui-port", "0")
    log = folder / f"{name}.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [*map(str, command), *here, *arguments],
            env={**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            yield log
        finally:
            process.terminate()
            process.wait(WITHIN)


def _told(log: Path, pattern: str) -> str:
    """What a log says, as soon as it does."""
    end = time.monotonic() + WITHIN
    while time.monotonic() < end:
        if found := re.search(pattern, log.read_text()):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(f"{log.name} does not say {pattern!r}:\n{log.read_text()[-2000:]}")


@contextmanager
def session(address: str) -> Iterator[SparkSession]:
    """A session that waits until all workers work for it."""
    made = (
        SparkSession.builder.master(address)
        .appName("grondslag")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.executor.memory", "512m")
        .config("spark.scheduler.minRegisteredResourcesRatio", "1.0")
        .config("spark.cores.max", str(WORKERS))
        .config("spark.sql.shuffle.partitions", str(WORKERS))
        .config("spark.driver.extraJavaOptions", _QUICK)
        .config("spark.executor.extraJavaOptions", _QUICK)
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )
    made.sparkContext.setLogLevel("ERROR")
    try:
        yield made
    finally:
        made.stop()


def executors(made: SparkSession) -> int:
    """How many processes of workers do the work of a session; the driver stands in the list as well."""
    return len(made.sparkContext._jsc.sc().statusTracker().getExecutorInfos()) - 1


def lose_executors(made: SparkSession) -> None:
    """Kill the processes that do the work of a session, with all they hold; waits until there are others."""
    lost = _backends(made)
    assert len(lost) == WORKERS
    for process in lost:
        os.kill(process, signal.SIGKILL)
    end = time.monotonic() + WITHIN
    while len(_backends(made) - lost) < WORKERS or executors(made) < WORKERS:
        assert time.monotonic() < end, "the workers began no others"
        time.sleep(0.1)


def _backends(made: SparkSession) -> set[int]:
    """The processes of executors, by what they were called with."""
    wanted = ("CoarseGrainedExecutorBackend", str(made.sparkContext.applicationId))
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            called = (folder / "cmdline").read_text(errors="replace")
            if all(word in called for word in wanted):
                found.add(int(folder.name))
    return found
