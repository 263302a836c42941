"""What the user should know before trusting an outcome, in Dutch and English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grondslag import locale
from grondslag.screening.campaign import Campaign
from grondslag.screening.records import REFUSALS


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


def doubts(
    campaign: Campaign, nameless: int, alike: int = 0, sources: Sequence[Mapping[str, Any]] = ()
) -> Iterator[Doubt]:
    """What may make the outcome other than was meant.

    :param nameless: how many unreadable refusals may be of anybody.
    :param alike: how many subjects differ from another only in capitals or Unicode form.
    :param sources: the files of records; none for tables.
    """
    steps = campaign.products.steps
    if steps and campaign.product is not None and campaign.product not in steps:
        yield Doubt("product", repr(campaign.product))
    if nameless:
        yield Doubt("nameless", nameless)
    if alike:
        yield Doubt("alike", alike)
    names = {Path(str(source["file"])).stem for source in sources}
    for kind in REFUSALS:
        if names and kind not in names:
            yield Doubt("no-table", kind)
