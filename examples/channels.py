"""Whom may a shop and a bank approach by e-mail, post and telephone, and what does 1 July 2026 change?

``make examples`` runs it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from grondslag.screening import ScreeningSummary, on_terminal, screen_files

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from examples.bank_marketing import make_records as bank  # noqa: E402
from examples.online_retail import make_records as shop  # noqa: E402

DAY, NEXT = date(2026, 6, 30), date(2026, 7, 1)
"""The last day of the customer exception for calls, and the first without it."""
NAMES = {"email": "e-mail", "post": "post", "phone": "telephone"}
CHANNELS = tuple(NAMES)
SHOWN = 6
"""How many grounds and reasons are printed."""

INTRODUCTION = """\
A shop and a bank ask: whom of our customers may we approach on 30 June 2026 by e-mail, by post and by
telephone?  And by telephone one day later, when calls to customers have lost their exception?

  Real      4,372 customers of a British gift shop (UCI Online Retail) and 45,211 clients of a Portuguese
            bank (UCI Bank Marketing), both CC BY 4.0: who bought what, who has which loan, who was called.
  Moved     by whole weeks, so that the last day of the data falls in June 2026.
  Invented  by a seeded script: how details were collected, ways out, consents, objections, the campaigns.
  As if     Dutch law applied to them.  Not legal advice.
"""


@dataclass(frozen=True)
class Example:
    """One organisation.

    :ivar campaigns: a folder with a campaign for each channel.
    :ivar weeks: how much later everything is taken to have happened.
    """

    name: str
    title: str
    make: Callable[[Path, int], object]
    campaigns: Path
    weeks: int


EXAMPLES = (
    Example("online_retail", "The Gift Shop", shop.make, shop.HERE / "summer", 759),
    Example("bank_marketing", "The Bank", bank.make, bank.HERE, 814),
)


def screened(example: Example, folder: Path) -> Iterator[ScreeningSummary]:
    """Makes the records in a folder, and screens everybody for each channel; telephone on both days."""
    example.make(folder, example.weeks)
    for channel in CHANNELS:
        with on_terminal() as progress:
            yield screen_files(
                campaign=example.campaigns / f"{channel}.yaml",
                records=folder / "records",
                audience=folder / "audience.csv",
                at=DAY,
                out=folder / channel,
                force=True,
                progress=progress,
                against=NEXT.isoformat() if channel == "phone" else None,
            )


def main() -> None:
    print(INTRODUCTION)
    for example in EXAMPLES:
        folder = ROOT / "build" / "channels" / example.name
        told = dict(zip(CHANNELS, screened(example, folder), strict=True))
        print(f"{example.title}: {told['email'].people:,} people, 30 June 2026")
        for channel, summary in told.items():
            print("\n".join(_lines(NAMES[channel], summary)))
        print(f"\nBy telephone, one day later\n\n{told['phone'].comparison}\n")
        print(
            f"Written to {folder.relative_to(ROOT)}: */report.html, and who is lost in phone/changed.csv\n\n"
        )


def _lines(channel: str, told: ScreeningSummary) -> Iterator[str]:
    yield f"\nBy {channel}"
    for heads, words, counts in (
        (told.allowed, "may be approached", told.grounds),
        (told.refused, "may not", told.reasons),
    ):
        yield f"  {heads:>10,}  {100 * heads / told.people:6.2f}%  {words}"
        yield from (f"  {'':>10}  {c.heads:>10,}  {c.rule:<5} {c.words}" for c in counts[:SHOWN])
        if rest := sum(count.heads for count in counts[SHOWN:]):
            yield f"  {'':>10}  {rest:>10,}  for other reasons: see the report"


if __name__ == "__main__":
    main()
