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

from grondslag.answers import Answer
from grondslag.errors import BadCase
from grondslag.law.situation import Situation
from grondslag.law.terms import Term
from grondslag.receipt import canonical, encode, package_version
from grondslag.screening import rows
from grondslag.screening.rows import LIST
from grondslag.screening.screen import Screening, Verdict
from grondslag.screening.snapshot import NAME
from grondslag.screening.summary import ScreeningSummary
from grondslag.screening.tables import CHUNK, Source, quoted

FILES: Final = (
    *("allowed.csv", "refused.csv", "repeated.csv", "rejects.csv", "situations.csv"),
    *("summary.json", "receipt.json"),
)
FORMAT: Final = 1


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
    rows.write(screening, folder)
    _rejects(screening, folder / "rejects.csv")
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
            **{name: {"sha256": file.sha256, "bytes": file.size} for name, file in sorted(inputs.items())},
            **{
                f"records/{source['file']}": {"sha256": source["sha256"], "bytes": source["bytes"]}
                for source in screening.snapshot.about.sources
            },
        },
        "outputs": dict(sorted(outputs.items())),
        "engines": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("duckdb", "ibis-framework", "pyarrow")},
        },
    }
    plain = json.loads(json.dumps(body, default=str))
    return {**plain, "digest": "sha256:" + hashlib.sha256(canonical(plain).encode()).hexdigest()}


def _rejects(screening: Screening, path: Path) -> None:
    """The rows that could not be read, of the audience and of the records, as CSV."""
    con = screening.snapshot.con
    each = screening.audience.rejects.union(con.table("rejects", database=NAME))
    # The engine's own COPY, and not Ibis's to_csv: that breaks on a quote in the path.
    rows = con.compile(each.order_by("file", "line"))
    con.raw_sql(f"COPY ({rows}) TO {quoted(str(path))} (FORMAT csv, HEADER true)")


def _situations(verdicts: Iterable[Verdict], path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("situation", "heads", "answer", "rule", "rules", "duties", "reason", "facts"))
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
