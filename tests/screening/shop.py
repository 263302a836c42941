"""A small shop with its files on disk, and what a screening of it wrote."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from grondslag.law.profiles import STRICT, Profile
from grondslag.screening import ScreeningSummary, screen_files

DAY = date(2026, 8, 1)

CAMPAIGN = """
campaign: Zomer
controller: {name: Winkel BV, kind: company}
act: {do: contact, channel: email, content: promotional, purpose: commercial, product: soap,
      advertises: own, message: {opt_out: one-click, identity: true}}
products:
  reviewed_by: A. de Wit
  reviewed_on: 2026-01-01
  same: [soap]
  adjacent: [candles]
  foreign: [cars]
"""

COLLECTED = """subject,date,details,in,opt_out_offered,opt_out_used
{},2026-01-05,email|address,sale,separately,false
"""


@dataclass
class Outcome:
    summary: ScreeningSummary
    folder: Path

    def rows(self, name: str) -> list[dict[str, str]]:
        parquet = self.folder / f"{name}.parquet"
        if parquet.exists():
            return [
                {column: "" if value is None else str(value) for column, value in row.items()}
                for row in pq.read_table(parquet).to_pylist()
            ]
        with (self.folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def allowed(self) -> set[str]:
        return {row["subject"] for row in self.rows("allowed")}

    def refused(self) -> dict[str, str]:
        return {row["subject"]: row["reason"] for row in self.rows("refused")}

    def rejects(self) -> list[tuple[str, int]]:
        return [(row["file"], int(row["line"])) for row in self.rows("rejects")]

    def json(self, name: str) -> Any:
        return json.loads((self.folder / f"{name}.json").read_text("utf-8"))


class Shop:
    """Files in a folder; ``customers`` makes ordinary customers, of whom each may be mailed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "records").mkdir()
        self.write("campaign.yaml", CAMPAIGN)

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def records(self, kind: str, content: str | bytes, suffix: str = "csv") -> Path:
        return self.write(f"records/{kind}.{suffix}", content)

    def customers(self, *subjects: str) -> None:
        head, row = COLLECTED.splitlines()
        self.records("collected", "\n".join([head, *(row.format(name) for name in subjects)]) + "\n")
        bought = [f"{name},2026-01-05,purchase,soap,true" for name in subjects]
        self.records("relation", "\n".join(["subject,date,kind,product,paid", *bought]) + "\n")
        self.records("person", "\n".join(["subject,kind", *(f"{name},consumer" for name in subjects)]) + "\n")
        self.audience(*subjects)

    def audience(self, *rows: str) -> None:
        self.write("audience.csv", "\n".join(["subject", *rows]) + "\n")

    def screen(
        self, audience: str = "audience.csv", at: date = DAY, profile: Profile = STRICT, **more: Any
    ) -> Outcome:
        """:param more: what else :func:`screen_files` takes."""
        out = self.folder / "out"
        paths = (self.folder / "campaign.yaml", self.folder / "records", self.folder / audience)
        return Outcome(screen_files(*paths, at, out, profile, **more), out)
