"""A made-up population for measuring: the event tables of a web shop, of any size, the same every time.

    python tools/population.py 10000000 build/population

Nobody in it exists.  It is made as a shop's files come about: a few forms with versions that follow one
another, a checkout that offered no way out until 2023, people who buy, open, click, object and withdraw.
Some five records a person.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

FIRST_DAY, DAYS = "2019-01-07", 2860
PRODUCTS = 40


def make(people: int, folder: Path) -> None:
    """Write a Parquet file for each kind of record."""
    folder.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect()
    con.sql("SET preserve_insertion_order = true")
    con.sql(
        f"""
        CREATE MACRO roll(i, salt, sides) AS (hash(i * 1000 + salt) % sides)::INTEGER;
        CREATE MACRO born(i) AS DATE '{FIRST_DAY}' + roll(i, 1, {DAYS});
        CREATE MACRO after(i, day, salt) AS day + (roll(i, salt, 100000) / 100000.0 * (DATE '2026-11-01' - day))::INTEGER;
        CREATE VIEW people AS SELECT i AS subject, born(i) AS day, roll(i, 2, 100) AS way,
            roll(i, 3, 100) AS luck FROM range({people}) t(i)
        """
    )
    for name, sql in TABLES.items():
        con.sql(f"COPY ({sql}) TO '{folder / name}.parquet' (COMPRESSION zstd)")


# Ways in: 0-59 checkout, 60-79 newsletter form, 80-89 account, 90-95 prize draw, 96-99 bought list.
TABLES = {
    "person": """
        SELECT subject, CASE WHEN roll(subject, 4, 50) = 0 THEN 'sole-trader'
            WHEN roll(subject, 4, 50) = 1 THEN 'legal-person' ELSE 'consumer' END AS kind FROM people""",
    "collected": """
        SELECT subject, day AS date,
            CASE WHEN way < 60 THEN ['email', 'phone', 'address'] WHEN way < 96 THEN ['email']
                ELSE ['email', 'address'] END AS details,
            CASE WHEN way < 60 THEN 'sale' WHEN way < 80 THEN 'newsletter' WHEN way < 90 THEN 'account'
                WHEN way < 96 THEN 'contest' ELSE 'third-party' END AS "in",
            CASE WHEN way < 60 AND day < DATE '2023-03-01' THEN 'terms-only' WHEN way < 60 THEN 'separately'
                ELSE 'never' END AS opt_out_offered,
            way < 60 AND day >= DATE '2023-03-01' AND luck < 8 AS opt_out_used,
            way < 96 AS informed, NULL::VARCHAR AS by
        FROM people""",
    "relation": f"""
        SELECT subject, CASE WHEN n = 0 THEN day ELSE after(subject * 7 + n, day, 11) END AS date,
            CASE WHEN way BETWEEN 80 AND 89 THEN 'account' WHEN luck > 92 THEN 'subscription'
                ELSE 'purchase' END AS kind,
            'product-' || least(roll(subject * 7 + n, 12, {PRODUCTS}), roll(subject * 7 + n, 13, {PRODUCTS})) AS product,
            way < 60 AS paid, CASE WHEN way BETWEEN 80 AND 89 THEN 'free' END AS model
        FROM people, range(3) t(n) WHERE (way < 60 AND (n = 0 OR roll(subject, 14, 3) >= n)) OR (way BETWEEN 80 AND 89 AND n = 0)
        """,
    "consent": """
        SELECT subject, day AS date, ['email'] AS channels, 'anything' AS about, 'named' AS naming,
            CASE WHEN day < DATE '2020-06-01' THEN 'pre-ticked-box' WHEN day < DATE '2024-01-01' THEN 'ticked-box'
                ELSE 'double-opt-in' END AS "by",
            false AS conditional, 'none' AS incentive, true AS informed, 'person' AS given_by,
            CASE WHEN day < DATE '2020-06-01' THEN 'metadata-only' ELSE 'full' END AS evidence, 'marketing' AS purpose
        FROM people WHERE way BETWEEN 60 AND 79 OR (way < 60 AND luck > 70)""",
    "interaction": """
        SELECT subject, after(subject * 7 + n, day, 21) AS date,
            CASE WHEN roll(subject * 7 + n, 22, 10) < 6 THEN 'received' WHEN roll(subject * 7 + n, 22, 10) < 9 THEN 'opened'
                ELSE 'clicked' END AS kind, 'email' AS channel
        FROM people, range(3) t(n) WHERE way < 90 AND roll(subject, 23, 4) > n""",
    "objection": """
        SELECT subject, after(subject, day, 31) AS date,
            CASE WHEN roll(subject, 32, 4) = 0 THEN ['all'] ELSE ['email'] END AS channels, 'link' AS route
        FROM people WHERE luck BETWEEN 10 AND 16""",
    "withdrawal": """
        SELECT subject, after(subject, day, 41) AS date, ['email'] AS channels
        FROM people WHERE way BETWEEN 60 AND 79 AND luck BETWEEN 20 AND 34""",
    "register": """
        SELECT subject, DATE '2026-11-02' AS date, 'postfilter' AS name, roll(subject, 51, 12) = 0 AS listed,
            DATE '2026-11-02' AS checked FROM people WHERE way >= 96 OR way < 10""",
}

if __name__ == "__main__":
    make(int(sys.argv[1]), Path(sys.argv[2]))
