"""Whom of its customers may this shop mail today?  The example that `make run` runs."""

from __future__ import annotations

import csv
import sys
from datetime import date
from pathlib import Path

from grondslag.decide import decide
from grondslag.explain import explain
from grondslag.facts import draw_with_evidence
from grondslag.screening import cases_of, load_campaign, on_terminal, screen_files

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BUILD = ROOT / "build" / "online_retail"
DAY = date(2011, 12, 9)

sys.path.insert(0, str(ROOT))
from examples.online_retail.make_records import make  # noqa: E402

INTRODUCTION = """\
A real web shop asks: whom of my customers may I e-mail my last Christmas offers, on 9 December 2011?

  Real      541,909 invoice lines of a British gift shop, 2010-2011 (UCI Online Retail, CC BY 4.0).
  Invented  everything else, by a seeded script: there are no e-mail addresses and no consents in the
            data.  Ways out, consents, withdrawals, objections, who is a business, the campaign itself.
  As if     Dutch law had applied to it, as it stood on that day.  Not legal advice.
"""


def main() -> None:
    print(INTRODUCTION)
    _told(make(BUILD))
    with on_terminal() as progress:
        summary = screen_files(
            campaign=HERE / "campaign.yaml",
            records=BUILD / "records",
            audience=BUILD / "audience.csv",
            at=DAY,
            out=BUILD / "screening",
            force=True,
            progress=progress,
        )
    # The folder as one would type it from here.
    print(str(summary).replace(str(ROOT) + "/", ""))
    _one_person(BUILD / "screening" / "refused.csv", "D-06")


def _told(counts: dict[str, int]) -> None:
    """From invoice lines to purchases: what was left out, and why."""
    rows = (
        ("lines", "invoice lines"),
        ("without_customer", "without a customer: of nobody, left out"),
        ("repeated", "repeat another line exactly: left out"),
        ("no_product", "postage, fees, discounts, samples, vouchers: nothing was bought"),
        ("no_price", "price or quantity of zero or less, though no cancellation: no sale"),
        ("cancellations", "cancellations: an item of which no more was ordered than cancelled is not bought"),
        ("sold", "lines that sold something"),
        ("purchases", "purchases: one for each customer, day and group of products"),
    )
    for name, words in rows:
        print(f"  {counts[name]:>10,}  {words}")
    print(
        f"\nOf {counts['customers']:,} customers {counts['bought']:,} kept something they bought.  "
        f"{counts['cancelled_only']} have only cancellations on file.\n"
        f"{counts['net_nothing']} sent back as much as they ordered, or more; "
        f"{counts['net_nothing_bought']} of these still kept some item, and are customers.\n"
    )


def _one_person(refused: Path, rule: str) -> None:
    """One refusal in full, from the same records."""
    with refused.open(newline="") as file:
        subject = next(row["subject"] for row in csv.DictReader(file) if row["rule"] == rule)
    campaign = load_campaign(HERE / "campaign.yaml")
    case = cases_of(campaign, BUILD / "records", [subject], DAY)[subject]
    drawn = draw_with_evidence(case)
    decision = decide(drawn.situation, at=DAY)
    print(f"\nOne of them, customer {subject}, explained:\n")
    print("\n".join(f"  {line}".rstrip() for line in explain(decision, drawn, case, lang="en").splitlines()))


if __name__ == "__main__":
    main()
