"""Screening the customers of Online Retail, against what a user does today: a suppression anti-join."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from examples.online_retail.make_records import make
from grondslag.screening import screen_files
from tools.bench.timing import Job, Table, measure

ROOT = Path(__file__).resolve().parents[2]


def screening() -> Table:
    build = ROOT / "build" / "online_retail"
    make(build)
    with tempfile.TemporaryDirectory() as folder:

        def screen(_: Any) -> None:
            screen_files(
                campaign=ROOT / "examples" / "online_retail" / "campaign.yaml",
                records=build / "records",
                audience=build / "audience.csv",
                at=date(2011, 12, 9),
                out=Path(folder) / "out",
                force=True,
            )

        def antijoin(_: Any) -> None:
            objections = next((build / "records").glob("objection.*"))
            query = f"from '{build / 'audience.csv'}' anti join '{objections}' using (subject)"
            duckdb.sql(f"copy ({query}) to '{Path(folder) / 'kept.csv'}'")

        rows = measure(
            Job("suppression anti-join, DuckDB", antijoin),
            Job("screening, reason and rule per row", screen),
        )
    return Table("Screening of the Online Retail customers", "CSV to CSV.", rows)
