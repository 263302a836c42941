"""Where a rule stands in the law, what that article said on a day, and a link to it.

The texts lie in ``law/texts/<law>-<article>/<valid-from>.txt``; their README says where each
comes from and how far it was checked.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

_BWB: Final = {
    "Tw": ("tw", "BWBR0009950"),
    "UAVG": ("uavg", "BWBR0040940"),
    "AWR": ("awr", "BWBR0002320"),
    "Wet OB": ("wet-ob", "BWBR0002629"),
    "BW 2": ("bw2", "BWBR0003045"),
    "BW 3": ("bw3", "BWBR0005291"),
    "BW 6": ("bw6", "BWBR0005289"),
    "Awb": ("awb", "BWBR0005537"),
    "Wok": ("wok", "BWBR0002469"),
    "Besluit bel-me-niet-register": ("besluit-bel-me-niet", "BWBR0025522"),
}


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in the law: ``Tw("11.7", 4)`` is article 11.7 lid 4 of the Telecommunicatiewet."""

    law: str
    article: str
    lid: int | None = None
    onder: str | None = None

    def __str__(self) -> str:
        parts = [self.law, f"art. {self.article}"]
        if self.lid is not None:
            parts.append(f"lid {self.lid}")
        if self.onder is not None:
            parts.append(f"onder {self.onder}")
        return " ".join(parts)

    @property
    def folder(self) -> str:
        """The folder under ``law/texts`` that holds the versions of this article."""
        if self.law == "AVG":
            return f"avg-{self.article}".replace("overweging ", "overweging-")
        if self.law == "ePrivacy":
            return f"eprivacy-{self.article}"
        return f"{_BWB[self.law][0]}-{self.article}"

    def url(self, at: date) -> str:
        """A link to the article as it read on that day."""
        if self.law in ("AVG", "ePrivacy"):
            celex = "32016R0679" if self.law == "AVG" else "02002L0058-20091219"
            anchor = (
                self.article.replace("overweging ", "rct_") if " " in self.article else f"art_{self.article}"
            )
            return f"https://eur-lex.europa.eu/legal-content/NL/TXT/?uri=CELEX:{celex}#{anchor}"
        day = at.isoformat()
        return (
            f"https://wetten.overheid.nl/jci1.3:c:{_BWB[self.law][1]}&artikel={self.article}&z={day}&g={day}"
        )


@dataclass(frozen=True, slots=True)
class Guidance:
    """What is not statute: a supervisor, a court or a code of conduct, with keys of docs/sources.md."""

    authority: str
    title: str
    sources: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.authority}: {self.title}"

    def url(self, at: date) -> str:
        """A link to the first of its sources that can be followed; empty when none can."""
        links = source_links()
        return next((links[key] for key in self.sources if key in links), "")


Law = Citation | Guidance


@cache
def source_links() -> dict[str, str]:
    """Key of docs/sources.md → the first link of that entry (``make docs`` takes them from there)."""
    found: dict[str, str] = json.loads((resources.files("grondslag.law") / "sources.json").read_text("utf-8"))
    return found


class Words(str):
    """Words of a clause that come from another place than the rule's own article."""

    law: Law

    def __new__(cls, words: str, law: Law) -> Words:
        self = super().__new__(cls, words)
        self.law = law
        return self


def Tw(article: str, lid: int | None = None, onder: str | None = None) -> Citation:  # noqa: N802
    """The Telecommunicatiewet."""
    return Citation("Tw", article, lid, onder)


def AVG(article: str, lid: int | None = None, onder: str | None = None) -> Citation:  # noqa: N802
    """The Algemene verordening gegevensbescherming (GDPR, Regulation (EU) 2016/679)."""
    return Citation("AVG", article, lid, onder)


def UAVG(article: str, lid: int | None = None, onder: str | None = None) -> Citation:  # noqa: N802
    """The Uitvoeringswet AVG."""
    return Citation("UAVG", article, lid, onder)


def BW(book: int, article: str, lid: int | None = None, onder: str | None = None) -> Citation:  # noqa: N802
    """The Burgerlijk Wetboek."""
    return Citation(f"BW {book}", article, lid, onder)


@cache
def versions(folder: str) -> dict[date, str]:
    """Valid-from date → Dutch text, oldest first, of one article; empty when no text is held."""
    found: dict[date, str] = {}
    texts = resources.files("grondslag.law") / "texts"
    # Of some articles an older version is held for one lid only, in a folder of its own.
    for place in (p for p in texts.iterdir() if p.name == folder or p.name.startswith(f"{folder}-lid-")):
        for file in place.iterdir():
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}\.txt", file.name):
                found[date.fromisoformat(file.name[:10])] = file.read_text("utf-8")
    return dict(sorted(found.items()))


def text(citation: Citation, at: date) -> str:
    """The article, or the cited lid of it, as it read on that day; empty when no text is held."""
    valid = [body for start, body in versions(citation.folder).items() if start <= at]
    return _lid(valid[-1], citation.lid) if valid else ""


def _lid(body: str, lid: int | None) -> str:
    if lid is None:
        return body
    blocks = re.split(r"\n\s*\n", body.strip())
    chosen = [block for block in blocks if block.startswith(f"{lid}. ")]
    return chosen[0] if chosen else body if len(blocks) == 1 else ""
