"""Yes, no, unknown: Kleene's strong three-valued logic, in which doubt stays doubt."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Answer(Enum):
    """The answer to a question about a person, an act or a rule.

    An answer has no truth value: ``if answer:`` raises, so that *unknown* can never
    slip through as a yes or a no.  Compare it (``answer is YES``) instead.
    """

    NO = "no"
    UNKNOWN = "unknown"
    YES = "yes"

    def __bool__(self) -> bool:
        raise TypeError("an Answer is yes, no or unknown; compare it with `is YES` or `is NO`")

    def __repr__(self) -> str:
        return self.name

    # Members are singletons: identity is equality, and hashing by identity is what keeps
    # looking up a situation cheap.
    __hash__ = object.__hash__


NO, UNKNOWN, YES = Answer.NO, Answer.UNKNOWN, Answer.YES


def answer(value: bool | None) -> Answer:
    """What is on file, as an answer: ``None`` (left out) is unknown."""
    return UNKNOWN if value is None else YES if value else NO


def not_(value: Answer) -> Answer:
    """The opposite; the opposite of unknown is unknown."""
    return NO if value is YES else YES if value is NO else UNKNOWN


def all_of(*values: Answer) -> Answer:
    """Yes when every value is yes, no when one is no, otherwise unknown."""
    return conjunction(values)


def any_of(*values: Answer) -> Answer:
    """Yes when one value is yes, no when every value is no, otherwise unknown."""
    return not_(conjunction(not_(value) for value in values))


def conjunction(values: Iterable[Answer]) -> Answer:
    """:func:`all_of` over an iterable; the empty conjunction is yes."""
    result = YES
    for value in values:
        if value is NO:
            return NO
        if value is UNKNOWN:
            result = UNKNOWN
    return result
