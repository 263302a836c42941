"""`python -m tools.bench`: measure everything and print it; with a file name, write it there as Markdown."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tools.bench.timing import Table, as_markdown, as_text, machine

PACKAGES = ("grondslag", "cedarpy", "zen-engine", "duckdb")


def tables() -> Iterator[Table]:
    # Not at the head: each process that an export starts loads this module, as it would that of a user.
    from tools.bench.crowds import crowds
    from tools.bench.decisions import decisions, email, facts
    from tools.bench.peers import peers
    from tools.bench.register import register
    from tools.bench.screening import screening

    yield decisions()
    yield peers(*email())
    yield facts()
    yield screening()
    yield from register()
    yield from crowds()


def main() -> None:
    head = list(machine(*PACKAGES))
    print(*head, sep="\n")
    measured = []
    for table in tables():
        print(*as_text(table), sep="\n", flush=True)
        measured.append(table)
    for name in sys.argv[1:]:
        lines = ["# Benchmarks", "", *(f"- {line}" for line in head), ""]
        for table in measured:
            lines += as_markdown(table)
        Path(name).write_text("\n".join(lines).rstrip() + "\n", "utf-8")


if __name__ == "__main__":
    main()
