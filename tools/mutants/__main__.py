"""`python -m tools.mutants`: try mutants of the law, the facts and their query; list those that survive."""

from __future__ import annotations

import argparse
import json
import os
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tools.mutants import oracle
from tools.mutants.mutants import SOURCE, Mutant, modules, mutants

RESULTS: Final = SOURCE.parents[1] / "build" / "mutants" / "results.jsonl"
LIKE: Final = 8
"""So many tests that have lately killed a mutant of the module come first."""


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", help="such as decide.py or law/post.py; all, if none is named")
    parser.add_argument(
        "--share", type=float, default=1.0, help="the part of each module's mutants to try (default: 1)"
    )
    parser.add_argument(
        "--deep", action="store_true", help="try the survivors again, with the slow tests too"
    )
    parser.add_argument("--again", action="store_true", help="try the survivors again, and nothing else")
    parser.add_argument("--report", action="store_true", help="try nothing: print what earlier runs found")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes at a time")
    return parser.parse_args()


def known() -> dict[str, dict[str, Any]]:
    """What earlier runs found, by the key of the mutant; the last word counts."""
    lines = RESULTS.read_text("utf-8").splitlines() if RESULTS.exists() else []
    return {result["key"]: result for result in map(json.loads, lines)}


def waiting(
    chosen: Iterable[Mutant], found: dict[str, dict[str, Any]], asked: argparse.Namespace
) -> list[Mutant]:
    """The mutants that are still to be tried."""

    def is_open(mutant: Mutant) -> bool:
        result = found.get(mutant.key)
        if result is None:
            return not (asked.deep or asked.again)
        return not result["killer"] and (asked.again or (asked.deep and not result["deep"]))

    return [mutant for mutant in chosen if is_open(mutant)]


def chosen(asked: argparse.Namespace) -> list[Mutant]:
    """A share of the mutants of each module, mixed: wherever a run is stopped, it has seen some of all."""
    placed: list[tuple[float, Mutant]] = []
    for module in asked.modules or modules():
        some = mutants(module)
        some = some[: max(1, round(len(some) * asked.share))]
        placed += [(place / len(some), mutant) for place, mutant in enumerate(some)]
    return [mutant for _, mutant in sorted(placed, key=lambda pair: pair[0])]


def run(todo: list[Mutant], asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Try mutants, some at a time, each in a process of its own."""
    killers: dict[str, deque[str]] = defaultdict(lambda: deque(maxlen=LIKE))
    running: dict[int, tuple[Mutant, int]] = {}
    todo = todo[::-1]
    while todo or running:
        while todo and len(running) < asked.jobs:
            mutant = todo.pop()
            child, pipe = oracle.in_a_process(mutant, list(killers[mutant.module])[::-1], asked.deep)
            running[child] = mutant, pipe
        child, _ = os.wait()
        mutant, pipe = running.pop(child)
        with os.fdopen(pipe) as said:
            # A process that says nothing was ended by its alarm; a survivor says so.
            killer = said.read() or "no end"
        killer = "" if killer == oracle.PASSED else killer
        if "::" in killer:
            recent = killers[mutant.module]
            if killer in recent:
                recent.remove(killer)
            recent.append(killer)
        yield {"key": mutant.key, "module": mutant.module, "name": mutant.name, "line": mutant.line,
               "operator": mutant.operator, "killer": killer, "deep": asked.deep}  # fmt: skip


def main() -> None:
    asked = options()
    found = known()
    every = chosen(asked)
    todo = [] if asked.report else waiting(every, found, asked)
    if todo:
        try_out(todo, found, asked)
    report(every, found)


def try_out(todo: list[Mutant], found: dict[str, dict[str, Any]], asked: argparse.Namespace) -> None:
    """Try what is waiting; each result is on disk before the next, so that a run can be taken up again."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    oracle.warm(screening=any(mutant.module.startswith("screening/") for mutant in todo))
    check(asked)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with RESULTS.open("a", encoding="utf-8") as out, Progress(*columns) as progress:
        task = progress.add_task("mutants", total=len(todo))
        for result in run(todo, asked):
            found[result["key"]] = result
            print(json.dumps(result, ensure_ascii=False), file=out, flush=True)
            progress.advance(task)


def check(asked: argparse.Namespace) -> None:
    """Refuse to go on when a module fails its tests as it is: then a mutant that fails them says nothing."""
    for module in dict.fromkeys((asked.modules or modules())[:1]):
        code = (SOURCE / module).read_text("utf-8")
        (result,) = run([Mutant(module, "none", 0, "as it is", "", code)], asked)
        if result["killer"]:
            raise SystemExit(f"{module} as it is fails {result['killer']}; make the tests pass first")


def report(every: list[Mutant], found: dict[str, dict[str, Any]]) -> None:
    """The score of each module, then each survivor, with the reason why it is harmless if one is on file."""
    by_module: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in every:
        by_module[mutant.module].append(mutant)
    print(f"{'module':24} {'mutants':>8} {'tried':>6} {'killed':>7} {'harmless':>8} {'left':>5}")
    excused, left = [], []
    for module, those in by_module.items():
        tried = [mutant for mutant in those if mutant.key in found]
        lived = [mutant for mutant in tried if not found[mutant.key]["killer"]]
        fine = [mutant for mutant in lived if reason(mutant)]
        excused += fine
        left += [mutant for mutant in lived if not reason(mutant)]
        killed, rest = len(tried) - len(lived), len(lived) - len(fine)
        print(f"{module:24} {len(those):8} {len(tried):6} {killed:7} {len(fine):8} {rest:5}")
    for title, those in (("Harmless", excused), ("Left", left)):
        print(f"\n{title}: {len(those)}")
        for mutant in those:
            print(
                f"  {mutant.module}:{mutant.line} {mutant.name}"
                + (f"\n    {reason(mutant)}" if reason(mutant) else "")
            )


def reason(mutant: Mutant) -> str | None:
    """Why a survivor is harmless, as somebody who looked at it wrote down."""
    found = (each["why"] for each in _reasons() if re.search(each["of"], f"{mutant.module} {mutant.name}"))
    return next(found, None)


@cache
def _reasons() -> list[dict[str, str]]:
    return list(yaml.safe_load((Path(__file__).parent / "survivors.yaml").read_text("utf-8")))


if __name__ == "__main__":
    main()
