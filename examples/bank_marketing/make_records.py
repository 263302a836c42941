"""Makes event tables from what a bank noted of its telephone campaigns.

REAL, from the lines: the age, the loans, the term deposit that was taken, the calls.
INVENTED, by a seeded script (there are no addresses and no consents in the data): how the details were
collected and whether a way out was offered with them and used, consents, objections.  The same seed gives
the same files.  README.md says how each column is read, and why.
"""

from __future__ import annotations

import csv
import gzip
import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from examples import tables

HERE = Path(__file__).parent
LINES = HERE.parents[1] / "data" / "bank_marketing" / "bank_full.csv.gz"
SEED = 20101117
LAST_DAY = date(2010, 11, 17)

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FIRST_YEAR = 2008
NEVER = "-1"
"""In ``pdays``: not called in an earlier campaign."""
PERHAPS_IN_BUSINESS = ("self-employed", "entrepreneur")
"""Natural persons all the same, but perhaps clients in the course of their business: the kind is left out."""

Line = Mapping[str, str]


def make(folder: Path, weeks: int = 0) -> None:
    """Writes the tables and the audience into a folder.

    :param weeks: how much later everything is taken to have happened.
    """
    records = tables.emptied(folder / "records")
    with gzip.open(LINES, "rt", newline="") as file:
        lines = list(csv.DictReader(file))
    later = timedelta(weeks=weeks)
    clients = [(number + 1, line, day + later) for number, (line, day) in enumerate(dated(lines))]
    last = LAST_DAY + later
    tables.write(
        ((who, (*_real(line, day), *_invented(who, line, day, last))) for who, line, day in clients), records
    )
    tables.write_audience((who for who, *_ in clients), folder)


def dated(lines: Iterable[Line]) -> Iterator[tuple[Line, date]]:
    """Each line with the day of its last call.  They are in order: a month that falls back begins a year."""
    year, before = FIRST_YEAR, 1
    for line in lines:
        month = MONTHS.index(line["month"]) + 1
        year, before = year + (month < before), month
        yield line, date(year, month, int(line["day"]))


def _earlier_call(line: Line, day: date) -> date | None:
    return None if line["pdays"] == NEVER else day - timedelta(days=int(line["pdays"]))


def _real(line: Line, day: date) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the line proves of a client."""
    kind = "" if line["job"] in PERHAPS_IN_BUSINESS else "consumer"
    yield "person", {"kind": kind, "age": line["age"]}
    # When a loan or an account began is not in the data; on the day of the last call it was there.  For a
    # loan the client pays.  Whether he pays for an account or a deposit is not said, and stays unknown.
    for product, stands, paid in (
        ("housing-loan", line["housing"] == "yes", "true"),
        ("personal-loan", line["loan"] == "yes", "true"),
        ("term-deposit", line["y"] == "yes", ""),
        ("account", line["balance"] != "0", ""),
    ):
        if stands:
            yield "relation", {"date": day, "kind": "service", "product": product, "paid": paid}
    for call in filter(None, (_earlier_call(line, day), day)):
        yield "interaction", {"date": call, "kind": "received", "channel": "phone"}


# --- INVENTED, all of it -----------------------------------------------------------------------------------


def _invented(client: int, line: Line, day: date, last: date) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the bank might have on file of a client beside the campaign."""
    rng = random.Random(f"{SEED}:{client}")
    offered = rng.choices(("separately", "terms-only", "never", ""), (80, 10, 6, 4))[0]
    used = "" if offered == "" else str(offered == "separately" and rng.random() < 0.07).lower()
    with_email = rng.random() < 0.7
    yield (
        "collected",
        {
            "date": (_earlier_call(line, day) or day) - timedelta(days=365),
            "details": "email|phone|address" if with_email else "phone|address",
            "in": "sale" if "yes" in (line["housing"], line["loan"]) else "account",
            "opt_out_offered": offered,
            "opt_out_used": used,
            "informed": "true",
        },
    )
    if rng.random() < 0.06:
        channels = rng.choices(("phone", "all", "email", "post"), (60, 20, 10, 10))[0]
        yield "objection", {"date": day, "channels": channels, "route": "call", "scope": "marketing"}
    if rng.random() < 0.08:
        yield "consent", _consent(rng, min(day + timedelta(days=rng.randrange(200)), last), with_email)


def _consent(rng: random.Random, given: date, with_email: bool) -> dict[str, Any]:
    by = rng.choices(("double-opt-in", "ticked-box", "pre-ticked-box", "terms"), (45, 30, 15, 10))[0]
    channels = rng.choice(("phone", "email", "email|phone")) if with_email else "phone"
    verified = "phone" in channels and rng.random() < 0.7
    return {
        "date": given,
        "channels": channels,
        "about": rng.choices(("anything", "housing-loan|personal-loan", "term-deposit"), (30, 50, 20))[0],
        "naming": "named",
        "by": by,
        "conditional": "false",
        "incentive": "none",
        "informed": str(by != "terms").lower(),
        "given_by": "person",
        "evidence": rng.choices(("full", "metadata-only", "none"), (75, 20, 5))[0],
        "purpose": "marketing",
        "verified_date": given if verified else "",
        "verified_by": "sms" if verified else "",
    }
