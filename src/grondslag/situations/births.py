"""What a person does himself is not dated before he was born: of situations and of tables of records."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from .. import vocabulary as v

OWN_ACTS: Final = v.one_of(
    "relation consent withdrawal objection published asked interaction request dispute"
).values
"""The kinds of events that are a person's own doing."""
IMPOSSIBLE: Final = "is dated before a person of this age was born"


def is_before_birth(year: Any, month: Any, day: Any, age: Any, at: date) -> Any:
    """Whether a day is certainly before somebody was born, of numbers or of columns of numbers.

    Who has an age on a day was born less than that age plus one year before it.

    :param age: in whole years, on the day ``at``.
    """
    return (year + age + 1) * 10_000 + month * 100 + day <= at.year * 10_000 + at.month * 100 + at.day
