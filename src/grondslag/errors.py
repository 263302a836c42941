"""Every error that Grondslag raises on purpose: what happened, with which value, what to do.

No error carries data of a person: a message names the file, the situation, the field and the
allowed values, never a name, an address or a number.
"""

from __future__ import annotations

import unicodedata
from datetime import date


class GrondslagError(Exception):
    """The root of the tree; catch this to catch every error that Grondslag raises on purpose.

    What it says of a file may be shown on a terminal: it holds nothing but printable text.
    """

    def __str__(self) -> str:
        return printable(super().__str__())


def printable(text: str) -> str:
    """The text with a mark for every sign that a terminal may take for a command; lines stay lines."""
    return "".join(
        sign
        if sign == "\n" or unicodedata.category(sign) not in _UNPRINTABLE
        else "\N{REPLACEMENT CHARACTER}"
        for sign in text
    )


_UNPRINTABLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Control and format signs, halves of signs, what Unicode does not define, and other ends of a line."""


class NoLawInForce(GrondslagError):
    """The act is dated before the first rule that could judge it."""

    def __init__(self, at: date, first: date) -> None:
        super().__init__(
            f"no rule is in force on {at.isoformat()}: the rulebook begins on {first.isoformat()}; "
            "use a later date, or add the older law"
        )


class UnknownRule(GrondslagError):
    """A rule, article or id was asked for that the rulebook does not hold."""


class UnknownProfile(GrondslagError):
    """A policy profile, switch or setting was named that does not exist."""


class BadCase(GrondslagError):
    """A situation file, a record or a campaign does not follow the format.

    :param place: the file, the situation and the field, as far as they are known; empty when none is.
    :param problem: what is wrong there, with the value when it is not data of a person.
    :param remedy: what to do about it.
    """

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        self.place, self.problem, self.remedy = place, problem, remedy
        told = f"{place}: {problem}" if place else problem
        super().__init__(f"{told}; {remedy}" if remedy else told)

    def __reduce__(self) -> tuple[type[BadCase], tuple[str, str, str]]:
        """From one process to another."""
        return type(self), (self.place, self.problem, self.remedy)


class ReceiptMismatch(BadCase):
    """A receipt cannot be read, or was not made by this program."""


class BadEntry(BadCase):
    """What is handed in to be recorded does not follow the format of an entry."""


class ConflictingEvent(BadCase):
    """An id that was recorded before comes again with other content."""


class Suppressed(BadCase):
    """An import would bring somebody back who was forgotten, or who has refused."""


class AmbiguousSubject(BadCase):
    """What names a person in an entry or a question names more than one."""


class UnknownSubject(BadCase):
    """Nobody is on file under what names a person."""


class UnknownEntry(BadCase):
    """There is no entry of that id that can be read, or none of that campaign."""


class BadLines(BadCase):
    """Lines of JSON that are not those of a whole register."""


class NotMerged(BadCase):
    """Two people cannot be made one, or one not be split off, because it is so already."""


class Unopened(BadCase):
    """A register, a key or a log cannot be opened, or they do not belong together."""


class Unwritten(BadCase):
    """The database or the disk did not take what was to be written; what was acknowledged before is there."""


class Unpublished(BadCase):
    """What is to be proved has no place in the published log yet."""


class Forked(BadCase):
    """There are two logs where there may be one: an old copy was restored, or two registers publish."""


class BadEvidence(BadCase):
    """A checkpoint, a proof, a tile or a timestamp cannot be read, or does not hold."""
