"""Writes what came out of a screening: all files or none.

``allowed.csv``, ``refused.csv`` and ``rejects.csv`` have a row for each person or bad row, ``situations.csv``
one for each distinct situation, ``summary.json`` the counts, and ``receipt.json`` what the outcome was made
from.  A cell that a spreadsheet would take for a formula gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import hashlib
import json
import platform
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import ibis
import pyarrow as pa

from grondslag.answers import Answer
from grondslag.errors import BadCase
from grondslag.law.situation import Situation
from grondslag.law.terms import Term
from grondslag.receipt import canonical, encode, package_version
from grondslag.screening.encodings import CHUNK
from grondslag.screening.engine import quoted
from grondslag.screening.screen import Screening, Verdict
from grondslag.screening.sources import Source
from grondslag.screening.summary import ScreeningSummary

FILES: Final = (
    *("allowed.csv", "refused.csv", "rejects.csv", "situations.csv"),
    *("summary.json", "receipt.json"),
)
LIST: Final = "|"
FORMAT: Final = 1
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def workplace(out: Path, force: bool) -> Iterator[tuple[Path, Path]]:
    """A folder for the outcome, which takes the place of ``out`` when all went well, and one for the rest.

    :raises BadCase: when ``out`` holds something that may not be overwritten.
    """
    _require_free(out, force)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        top = Path(mkdtemp(prefix=".grondslag-", dir=out.parent))
    except OSError as error:
        raise BadCase(str(out), f"cannot be made ({error.strerror})", "name another folder") from None
    made, rest = top / "made", top / "rest"
    try:
        made.mkdir(mode=0o700)
        rest.mkdir()
        yield made, rest
        _require_free(out, force)
        if out.exists():
            out.rename(top / "before")
        made.rename(out)
    finally:
        shutil.rmtree(top, ignore_errors=True)


def _require_free(out: Path, force: bool) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise BadCase(str(out), "is a file", "name a folder for the outcome")
    held = sorted(entry.name for entry in out.iterdir())
    foreign = [name for name in held if name not in FILES]
    if held and (not force or foreign):
        problem = f"holds {foreign[0]}" if foreign else "holds an earlier screening"
        remedy = "name another folder" if foreign else "name another folder, or use --force to replace it"
        raise BadCase(str(out), problem, remedy)


def write(
    screening: Screening, summary: ScreeningSummary, folder: Path, inputs: Mapping[str, Source]
) -> None:
    """Every file of the outcome, into an empty folder; the receipt last."""
    _people(screening, folder)
    _rows(screening.con, screening.rejects.order_by("file", "line"), folder / "rejects.csv")
    _situations(screening.verdicts, folder / "situations.csv")
    _json(folder / "summary.json", summary.plain())
    outputs = {name: _hash(folder / name) for name in FILES[:-1]}
    _json(folder / "receipt.json", receipt(screening, inputs, outputs))


def receipt(screening: Screening, inputs: Mapping[str, Source], outputs: Mapping[str, str]) -> dict[str, Any]:
    """What the outcome was made from: enough to make it again, and to see that nothing was changed since.

    The same input gives the same receipt: it holds no time of the clock.
    """
    campaign, book = screening.campaign, {v.decision.rulebook for v in screening.verdicts if v.decision}
    body = {
        "receipt": "screening",
        "format": FORMAT,
        "grondslag": package_version(),
        "rulebook": next(iter(book), None),
        "profile": screening.profile.name,
        "switches": screening.profile.settings,
        "day": screening.at.isoformat(),
        "campaign": {"name": campaign.name, "sha256": campaign.sha256},
        "controller": dict(campaign.controller),
        "act": {"do": "contact", **campaign.act},
        "inputs": {
            name: {"sha256": file.sha256, "bytes": file.size, "read_as": file.read_as}
            for name, file in sorted(inputs.items())
        },
        "outputs": dict(sorted(outputs.items())),
        "engines": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("duckdb", "ibis-framework", "pyarrow")},
        },
    }
    plain = json.loads(json.dumps(body, default=str))
    return {**plain, "digest": "sha256:" + hashlib.sha256(canonical(plain).encode()).hexdigest()}


def _people(screening: Screening, folder: Path) -> None:
    """One row for each person, in the order of the audience; the engine writes them."""
    con = screening.con
    told = con.create_table("verdicts", ibis.memtable(_verdict_table(screening.verdicts)))
    each = screening.rows.join(told, "verdict").order_by("line")
    yes, no = each.filter(each.allowed), each.filter(~each.allowed)
    _rows(con, yes.select("subject", "rule", "slug", "duties", situation=yes.verdict), folder / "allowed.csv")
    _rows(con, no.select("subject", "reason", "rule", "rules", situation=no.verdict), folder / "refused.csv")


def _verdict_table(verdicts: Iterable[Verdict]) -> pa.Table:
    rows = [
        {
            "verdict": verdict.number,
            "allowed": verdict.allowed,
            "rule": verdict.rule,
            "slug": verdict.slug,
            "duties": LIST.join(verdict.duties),
            "reason": verdict.reason("nl"),
            "rules": LIST.join(verdict.rules),
        }
        for verdict in verdicts
    ]
    schema = {"verdict": pa.int64(), "allowed": pa.bool_()}
    schema |= dict.fromkeys(("rule", "slug", "duties", "reason", "rules"), pa.string())
    return pa.Table.from_pylist(rows, schema=pa.schema(schema))


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
        rows.writerow(("situation", "heads", "answer", "rule", "rules", "duties", "reason", "facts"))
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


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _json(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
