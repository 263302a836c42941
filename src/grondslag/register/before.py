"""An earlier export, from which the next one goes on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Final

from grondslag.receipt import package_version
from grondslag.register.register import Register
from grondslag.screening.receipts import hash_of
from grondslag.screening.snapshot import About

PEOPLE: Final = ".people.parquet"
"""For each subject the person, the name that its rows bear, and whether these change as time goes by."""
STATE: Final = ".export.json"


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier export, and what it was made of.

    :ivar log: the name of the log of the register.
    :ivar destroyed: of how many entries it was known that they are destroyed, their people being on file.
    :ivar batches: first and last of each run of batches that are in it.
    :ivar files: name → SHA-256.
    """

    log: str
    day: str
    destroyed: int
    batches: Sequence[Sequence[int]]
    files: Mapping[str, str]

    @classmethod
    def found(cls, folder: Path, register: Register, at: date) -> Before | None:
        """The one in a folder, if it can be gone on with and nobody changed it since."""
        try:
            before = cls(**json.loads((folder / STATE).read_text()))
            untouched = all(hash_of(folder / name) == hash_ for name, hash_ in before.files.items())
            there = {path.name for path in folder.iterdir()} == {*before.files, STATE}
        except (OSError, ValueError, TypeError):
            return None
        same = before.log == register.signer.name and before.day <= at.isoformat()
        return before if same and untouched and there else None

    def is_in(self, about: About) -> bool:
        """Whether a snapshot holds just this, as this program weighs it."""
        tables = sorted((name, hash_) for name, hash_ in self.files.items() if name != PEOPLE)
        same = sorted((source["file"], source["sha256"]) for source in about.sources) == tables
        return same and (about.day.isoformat(), about.version) == (self.day, package_version())

    def has(self, batch: int) -> bool:
        """Whether a batch is in it."""
        return any(first <= batch <= last for first, last in self.batches)


def runs(numbers: Sequence[int]) -> list[list[int]]:
    """First and last of each run of whole numbers, from numbers in order."""
    ends = [n for n, (one, next_) in enumerate(pairwise(numbers), 1) if next_ > one + 1]
    starts = [0, *ends, len(numbers)]
    return [[numbers[first], numbers[last - 1]] for first, last in pairwise(starts) if last > first]
