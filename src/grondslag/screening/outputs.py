"""Writes what came out of a screening.

``allowed.csv``, ``refused.csv`` and ``rejects.csv`` have a row for each person or bad row, ``situations.csv``
one for each distinct situation, ``summary.json`` the counts; ``report.html`` is for people to read and to
keep, and ``receipt.json`` names what the outcome was made from.  A cell that a spreadsheet would take for a
formula gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

import ibis
import pyarrow as pa

from grondslag.answers import Answer
from grondslag.law.situation import Situation
from grondslag.law.terms import Term
from grondslag.receipt import encode
from grondslag.screening.receipts import contents, hash_of, sealed
from grondslag.screening.remedies import remedy
from grondslag.screening.report import page
from grondslag.screening.screen import Screening, Verdict
from grondslag.screening.summary import ScreeningSummary
from grondslag.screening.tables import Source, quoted
from grondslag.screening.workplace import FILES

LIST: Final = "|"
_COLUMNS: Final = ("situation", "heads", "answer", "rule", "rules", "duties", "reason", "remedy", "facts")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def write(
    screening: Screening, summary: ScreeningSummary, folder: Path, inputs: Mapping[str, Source]
) -> None:
    """Every file of the outcome, into an empty folder; the receipt last."""
    _people(screening, folder)
    _rows(screening.con, screening.rejects.order_by("file", "line"), folder / "rejects.csv")
    _situations(screening.verdicts, folder / "situations.csv")
    _json(folder / "summary.json", summary.plain())
    written = {name: hash_of(folder / name) for name in FILES[:-2]}
    body = contents(screening, inputs, written)
    (folder / "report.html").write_text(page(screening, summary, body), encoding="utf-8")
    body["outputs"]["report.html"] = hash_of(folder / "report.html")
    _json(folder / "receipt.json", sealed(body))


def _people(screening: Screening, folder: Path) -> None:
    """One row for each person, in the order of the audience; the engine writes them."""
    con = screening.con
    told = con.create_table("verdicts", ibis.memtable(_verdict_table(screening.verdicts)))
    each = screening.rows.join(told, "verdict").order_by("line")
    yes, no = each.filter(each.allowed), each.filter(~each.allowed)
    _rows(con, yes.select("subject", "rule", "slug", "duties", situation=yes.verdict), folder / "allowed.csv")
    refused = no.select("subject", "reason", "remedy", "rule", "rules", situation=no.verdict)
    _rows(con, refused, folder / "refused.csv")


def _verdict_table(verdicts: Iterable[Verdict]) -> pa.Table:
    rows = [
        {
            "verdict": verdict.number,
            "allowed": verdict.allowed,
            "rule": verdict.rule,
            "slug": verdict.slug,
            "duties": LIST.join(verdict.duties),
            "reason": verdict.reason("nl"),
            "remedy": remedy(verdict, "nl"),
            "rules": LIST.join(verdict.rules),
        }
        for verdict in verdicts
    ]
    return pa.Table.from_pylist(rows)


def _rows(con: Any, table: Any, path: Path) -> None:
    """A table as CSV, without reading it into memory."""
    safe = {
        name: table[name]
        .substr(0, 1)
        .isin(_FORMULA)
        .ifelse(ibis.literal("'").concat(table[name]), table[name])
        for name, type_ in table.schema().items()
        if type_.is_string()
    }
    # The engine's own COPY, and not Ibis's to_csv: that breaks on a quote in the path.
    rows = con.compile(table.mutate(**safe))
    con.raw_sql(f"COPY ({rows}) TO {quoted(str(path))} (FORMAT csv, HEADER true)")


def _situations(verdicts: Iterable[Verdict], path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(_COLUMNS)
        for verdict in sorted(verdicts, key=lambda verdict: (-verdict.heads, verdict.number)):
            rows.writerow(
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


def _facts(record: object) -> str:
    assert is_dataclass(record)
    values = [(each.name, getattr(record, each.name), each.default) for each in fields(record)]
    said = [f"{name}={encode(value)}" for name, value, usual in values if value != usual and _plain(value)]
    return f"{type(record).__name__.lower()}: {' '.join(said)}" if said else ""


def _plain(value: object) -> bool:
    return isinstance(value, Answer | Term)


def _json(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
