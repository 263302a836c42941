"""Makes event tables from the invoice lines of the shop.

REAL, from the lines: who bought what on which day, what was cancelled, the first order, the country.
INVENTED, by a seeded script (there are no e-mail addresses and no consents in the data): whether a way out
was offered and used, what the person was told, consents, withdrawals, objections, opened mails, and whether
a customer is a consumer or a business.  The same seed gives the same files.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import yaml

from examples import tables

HERE = Path(__file__).parent
LINES = HERE.parents[1] / "data" / "online_retail" / "online_retail.parquet"
SEED = 20111209
LAST_DAY = date(2011, 12, 9)
OPT_IN_FOR_CALLS = date(2021, 7, 1)
"""Before this day nobody needed a consent to be rung up, so the shop did not ask for one."""

NO_PRODUCT = (
    *("POST", "DOT", "M", "D", "C2", "S", "B", "PADS"),
    *("BANK CHARGES", "AMAZONFEE", "CRUK"),
)
"""Stock codes of postage, discounts, fees and samples; gift vouchers (gift_…) are none either."""

COUNTRIES = {
    "Australia": "AU", "Austria": "AT", "Bahrain": "BH", "Belgium": "BE", "Brazil": "BR", "Canada": "CA",
    "Channel Islands": "JE", "Cyprus": "CY", "Czech Republic": "CZ", "Denmark": "DK", "EIRE": "IE",
    "Finland": "FI", "France": "FR", "Germany": "DE", "Greece": "GR", "Hong Kong": "HK", "Iceland": "IS",
    "Israel": "IL", "Italy": "IT", "Japan": "JP", "Lebanon": "LB", "Lithuania": "LT", "Malta": "MT",
    "Netherlands": "NL", "Norway": "NO", "Poland": "PL", "Portugal": "PT", "RSA": "ZA", "Saudi Arabia": "SA",
    "Singapore": "SG", "Spain": "ES", "Sweden": "SE", "Switzerland": "CH", "USA": "US",
    "United Arab Emirates": "AE", "United Kingdom": "GB",
}  # fmt: skip
"""Names in the data → ISO codes; 'European Community' and 'Unspecified' say nothing and are left out."""


def make(folder: Path, weeks: int = 0) -> dict[str, int]:
    """Writes the tables and the audience into a folder; tells what was counted on the way.

    :param weeks: how much later everything is taken to have happened.
    """
    records = tables.emptied(folder / "records")
    con = duckdb.connect()
    counts = _read(con, weeks)
    _purchases(con, records / "relation.parquet")
    customers = con.execute(
        """
        SELECT customer, min(day) FILTER (WHERE stands AND is_product), arg_max(Country, (moment, InvoiceNo))
        FROM lines GROUP BY customer ORDER BY customer
        """
    ).fetchall()
    last = LAST_DAY + timedelta(weeks=weeks)
    tables.write(
        ((customer, _file_of(customer, first, country, last)) for customer, first, country in customers),
        records,
    )
    tables.write_audience((customer for customer, *_ in customers), folder)
    counts |= _counted(con)
    (folder / "counts.json").write_text(json.dumps(counts, indent=2) + "\n")
    return counts


def _read(con: duckdb.DuckDBPyConnection, weeks: int) -> dict[str, int]:
    """The lines that have a customer, each once, with their group; what was left out is counted."""
    later = f"InvoiceDate + to_weeks({weeks}) AS InvoiceDate"
    con.execute(f"CREATE VIEW raw AS SELECT * REPLACE ({later}) FROM '{LINES}'")
    con.execute("CREATE TABLE once AS SELECT DISTINCT * FROM raw WHERE CustomerID IS NOT NULL")
    con.execute(
        """
        CREATE TABLE items AS
        SELECT StockCode, upper(mode(trim(Description))) AS words
        FROM raw WHERE UnitPrice > 0 GROUP BY StockCode
        """
    )
    groups: dict[str, list[str]] = yaml.safe_load((HERE / "product_groups.yaml").read_text())["groups"]
    cases = " ".join(
        f"WHEN regexp_matches(words, '(^|[^A-Z]){_any(words)}([^A-Z]|$)') THEN '{group}'"
        for group, words in groups.items()
    )
    con.execute(
        f"CREATE TABLE grouped AS SELECT StockCode, CASE {cases} ELSE 'other' END AS product FROM items"
    )
    con.execute(
        f"""
        CREATE TABLE lines AS
        SELECT CustomerID AS customer, once.StockCode AS item, coalesce(product, 'other') AS product,
            InvoiceDate AS moment, InvoiceDate::DATE AS day, InvoiceNo, Quantity, Country,
            upper(once.StockCode) NOT IN {NO_PRODUCT} AND NOT once.StockCode ILIKE 'gift%' AS is_product,
            Quantity > 0 AND UnitPrice > 0 AND InvoiceNo NOT LIKE 'C%' AS stands
        FROM once LEFT JOIN grouped USING (StockCode)
        """
    )
    row = con.execute(
        """
        SELECT (SELECT count(*) FROM raw), (SELECT count(*) FROM raw WHERE CustomerID IS NULL),
            (SELECT count(*) FROM raw WHERE CustomerID IS NOT NULL) - (SELECT count(*) FROM once),
            count(*) FILTER (WHERE NOT is_product),
            count(*) FILTER (WHERE InvoiceNo LIKE 'C%' AND is_product),
            count(*) FILTER (WHERE InvoiceNo NOT LIKE 'C%' AND is_product AND NOT stands),
            count(*) FILTER (WHERE stands AND is_product)
        FROM lines
        """
    ).fetchone()
    names = ("lines", "without_customer", "repeated", "no_product", "cancellations", "no_price", "sold")
    return dict(zip(names, row or (), strict=True))


def _any(words: list[str]) -> str:
    return "(" + "|".join(word.replace("'", "''") for word in words) + ")"


def _purchases(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """A relation for each customer, product group and day on which something was bought and kept.

    A cancellation does not say which order it undoes.  So an item counts as bought only if, over the whole
    file, more of it was ordered than cancelled; then every day on which it was ordered counts.  Where nothing
    of a group is left, one cancelled purchase stands on file: it makes nobody a customer.
    """
    con.execute(
        """
        CREATE TABLE kept AS
        SELECT customer, item, sum(Quantity) FILTER (WHERE stands OR InvoiceNo LIKE 'C%') > 0 AS kept
        FROM lines WHERE is_product GROUP BY customer, item
        """
    )
    con.execute(
        """
        CREATE TABLE purchases AS
        SELECT customer::VARCHAR AS subject, day AS date, 'purchase' AS kind, product, true AS paid,
            NULL::BOOLEAN AS cancelled
        FROM lines JOIN kept USING (customer, item) WHERE stands AND is_product AND kept
        GROUP BY customer, day, product
        UNION ALL
        SELECT customer::VARCHAR, max(day), 'purchase', product, NULL, true
        FROM lines JOIN kept USING (customer, item) WHERE is_product
        GROUP BY customer, product HAVING NOT coalesce(bool_or(kept AND stands), false)
        """
    )
    con.execute(f"COPY (FROM purchases ORDER BY subject, date, product) TO '{path}' (FORMAT parquet)")


def _counted(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    row = con.execute(
        """
        WITH each AS (
            SELECT customer, sum(Quantity) AS net, bool_and(InvoiceNo LIKE 'C%') AS cancelled_only
            FROM lines GROUP BY customer),
        bought AS (SELECT DISTINCT subject::BIGINT AS customer FROM purchases WHERE cancelled IS NULL)
        SELECT count(*), count(bought.customer), count(*) FILTER (WHERE cancelled_only),
            count(*) FILTER (WHERE net <= 0), count(bought.customer) FILTER (WHERE net <= 0),
            (SELECT count(*) FROM purchases WHERE cancelled IS NULL)
        FROM each LEFT JOIN bought USING (customer)
        """
    ).fetchone()
    names = ("customers", "bought", "cancelled_only", "net_nothing", "net_nothing_bought", "purchases")
    return dict(zip(names, row or (), strict=True))


# --- INVENTED, all of it -----------------------------------------------------------------------------------


def _file_of(
    customer: int, first: date | None, country: str, last: date
) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the shop might have on file of one customer beside its invoices: kind and fields."""
    rng = random.Random(f"{SEED}:{customer}")
    kind = rng.choices(("consumer", "sole-trader", "legal-person"), (60, 15, 25))[0]
    yield "person", {"kind": kind, "country": COUNTRIES.get(country, "")}
    if first is None:
        return
    offered = rng.choices(("separately", "terms-only", "never", ""), (80, 10, 6, 4))[0]
    used = "" if offered == "" else str(offered == "separately" and rng.random() < 0.07).lower()
    yield (
        "collected",
        {
            "date": first,
            "details": "email|phone|address",
            "in": "sale",
            "opt_out_offered": offered,
            "opt_out_used": used,
            "informed": "true",
        },
    )
    since = max((last - first).days, 1)

    def later(start: date = first) -> date:
        return min(start + timedelta(days=rng.randrange(since)), last)

    if rng.random() < 0.18:
        given = later()
        yield "consent", {"date": given, **_consent(rng)}
        if rng.random() < 0.12:
            yield "withdrawal", {"date": later(given), "channels": "email"}
    if rng.random() < 0.05:
        channels = rng.choices(("email", "all", "post", "phone"), (50, 25, 15, 10))[0]
        route = rng.choice(("link", "reply", "call"))
        yield "objection", {"date": later(), "channels": channels, "route": route, "scope": "marketing"}
    for _ in range(rng.choice((0, 0, 1, 2))):
        what = rng.choice(("received", "opened", "clicked"))
        yield "interaction", {"date": later(), "kind": what, "channel": "email"}
    if first >= OPT_IN_FOR_CALLS and rng.random() < 0.12:
        given = later()
        checked = rng.choices((given, ""), (70, 30))[0]
        about = rng.choices(("party|christmas", "anything"), (70, 30))[0]
        call = {"channels": "phone", "about": about, "verified_date": checked}
        yield "consent", {"date": given, **_consent(rng), **call, "verified_by": "sms" if checked else ""}


def _consent(rng: random.Random) -> dict[str, Any]:
    by = rng.choices(("double-opt-in", "ticked-box", "pre-ticked-box", "terms"), (45, 30, 15, 10))[0]
    return {
        "channels": rng.choice(("email", "email", "email|sms")),
        "about": rng.choices(("anything", "christmas|party", "garden"), (75, 15, 10))[0],
        "naming": "named",
        "by": by,
        "conditional": "false",
        "incentive": rng.choices(("none", "modest"), (85, 15))[0],
        "informed": str(by != "terms").lower(),
        "given_by": "person",
        "evidence": rng.choices(("full", "metadata-only", "none"), (75, 20, 5))[0],
        "purpose": "marketing",
    }


if __name__ == "__main__":
    print(json.dumps(make(HERE.parents[1] / "build" / "online_retail"), indent=2))
