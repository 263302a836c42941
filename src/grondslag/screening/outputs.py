"""Writes what came out of a screening.

``allowed.csv``, ``refused.csv``, ``repeated.csv`` and ``rejects.csv`` have together each row of the
audience once, ``rejects.csv`` also the bad rows of the records; ``situations.csv`` has a row for each
distinct situation, ``summary.json`` the counts; ``report.html`` is for people to read and to
keep, and ``receipt.json`` names what the outcome was made from.  A cell that a spreadsheet would take for a
formula gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from grondslag.answers import Answer
from grondslag.law.situation import Situation
from grondslag.law.terms import Term
from grondslag.receipt import encode
from grondslag.screening import compare, rows
from grondslag.screening.engine import as_sql, quoted
from grondslag.screening.patterns import NAME
from grondslag.screening.receipts import contents, hash_of, sealed
from grondslag.screening.remedies import remedy
from grondslag.screening.report import page
from grondslag.screening.rows import LIST
from grondslag.screening.sources import Source
from grondslag.screening.summary import ScreeningSummary
from grondslag.screening.verdicts import Screening, Verdict
from grondslag.screening.workplace import COMPARED, files

_COLUMNS: Final = ("situation", "heads", "answer", "rule", "rules", "duties", "reason", "remedy", "facts")


def write(
    screening: Screening,
    summary: ScreeningSummary,
    folder: Path,
    inputs: Mapping[str, Source],
    after: Screening | None = None,
) -> None:
    """Every file of the outcome, into an empty folder; the receipt last.

    :param after: the screening that it was compared with.
    """
    suffix = ".parquet" if screening.audience.is_parquet else ".csv"
    rows.write(screening, folder, suffix)
    _rejects(screening, folder / "rejects.csv")
    _situations(screening.verdicts, folder / "situations.csv")
    _json(folder / "summary.json", summary.plain())
    names = files(suffix)[:-2]
    if after is not None and summary.comparison is not None:
        compare.write(screening, after, folder / COMPARED[0])
        _json(folder / COMPARED[1], summary.comparison.plain())
        names += COMPARED
    written = {name: hash_of(folder / name) for name in names}
    body = contents(screening, inputs, written, after)
    (folder / "report.html").write_text(page(screening, summary, body), encoding="utf-8")
    body["outputs"]["report.html"] = hash_of(folder / "report.html")
    _json(folder / "receipt.json", sealed(body))


def _rejects(screening: Screening, path: Path) -> None:
    """The rows that could not be read, of the audience and of the records, as CSV."""
    con = screening.snapshot.con
    each = screening.audience.rejects.union(con.table("rejects", database=NAME))
    # The engine's own COPY, and not Ibis's to_csv: that breaks on a quote in the path.
    rows = as_sql(each.order_by("file", "line"))
    con.raw_sql(f"COPY ({rows}) TO {quoted(str(path))} (FORMAT csv, HEADER true)")


def _situations(verdicts: Iterable[Verdict], path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for verdict in sorted(verdicts, key=lambda verdict: (-verdict.heads, verdict.number)):
            writer.writerow(
                (
                    verdict.number,
                    verdict.heads,
                    "allow" if verdict.allowed else "deny",
                    verdict.rule,
                    LIST.join(verdict.rules),
                    LIST.join(verdict.duties),
                    verdict.reason("nl"),
                    remedy(verdict, "nl"),
                    told(verdict.decision.situation) if verdict.decision else "",
                )
            )


def told(situation: Situation) -> str:
    """The facts about the person as one line: whatever differs from 'nothing on file'."""
    records = (*situation.consents, *situation.collections, *situation.relations)
    return "; ".join(filter(None, (_facts(situation.person), *map(_facts, records))))


@lru_cache(maxsize=1 << 12)
def _facts(record: object) -> str:
    assert is_dataclass(record)
    values = [(each.name, getattr(record, each.name), each.default) for each in fields(record)]
    said = [f"{name}={encode(value)}" for name, value, usual in values if value != usual and _plain(value)]
    return f"{type(record).__name__.lower()}: {' '.join(said)}" if said else ""


def _plain(value: object) -> bool:
    return isinstance(value, Answer | Term)


def _json(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
