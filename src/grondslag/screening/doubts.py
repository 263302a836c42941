"""What the user should know before trusting an outcome, in Dutch and English."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grondslag import locale
from grondslag.screening.campaign import Campaign
from grondslag.screening.records import REFUSALS
from grondslag.screening.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Doubt:
    """One warning.

    :ivar key: the text in the locale (``screening.json``, warnings).
    :ivar about: what fills its gap: a number, or the name of a product or table.
    """

    key: str
    about: int | str

    def words(self, lang: str) -> str:
        """:param lang: ``nl`` or ``en``."""
        about = locale.number(self.about, lang) if isinstance(self.about, int) else self.about
        return locale.word("warnings", self.key, lang).format(about)


def doubts(campaign: Campaign, snapshot: Snapshot, strangers: int) -> Iterator[Doubt]:
    """What may make the outcome other than was meant.

    :param strangers: how many of those asked about are not on file but for capitals or Unicode form.
    """
    steps = campaign.products.steps
    if steps and campaign.product is not None and campaign.product not in steps:
        yield Doubt("product", repr(campaign.product))
    if snapshot.about.nameless:
        yield Doubt("nameless", snapshot.about.nameless)
    if alike := snapshot.about.alike + strangers:
        yield Doubt("alike", alike)
    names = {Path(str(source["file"])).stem for source in snapshot.about.sources}
    for kind in REFUSALS:
        if names and kind not in names:
            yield Doubt("no-table", kind)
