"""Every error that Grondslag raises on purpose: what happened, with which value, what to do.

No error carries data of a person: a message names the file, the situation, the field and the
allowed values, never a name, an address or a number.
"""

from __future__ import annotations

from datetime import date


class GrondslagError(Exception):
    """The root of the tree; catch this to catch every error that Grondslag raises on purpose."""


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

    :param place: the file, the situation and the field, as far as they are known.
    :param problem: what is wrong there, with the value when it is not data of a person.
    :param remedy: what to do about it.
    """

    def __init__(self, place: str, problem: str, remedy: str) -> None:
        self.place, self.problem, self.remedy = place, problem, remedy
        super().__init__(f"{place}: {problem}; {remedy}" if remedy else f"{place}: {problem}")


class ReceiptMismatch(GrondslagError):
    """A receipt cannot be read, or was not made by this program."""
