"""What is wrong with a register, as it is told: without data of a person."""

from __future__ import annotations

from typing import Final, NamedTuple

RESTORE: Final = "restore the newest copy of the database"
AGAIN: Final = "delete the folder and publish again: it is made anew from the database"


class Finding(NamedTuple):
    """One thing that is wrong.

    :ivar place: the file, the table or the entry.
    :ivar problem: what is wrong there.
    :ivar remedy: what to do about it.
    """

    place: str
    problem: str
    remedy: str = RESTORE

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}; {self.remedy}"
