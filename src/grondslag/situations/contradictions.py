"""What cannot be said of one day in two ways: the one definition, for situation files and for tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from ..question import Event


@dataclass(frozen=True, slots=True)
class Once:
    """Records of one kind and one day that say the same in ``same`` are about one thing: it is told once.

    A field left out is the same as a field left out; the order of a list says nothing.

    :ivar differ: the fields that may then not differ; one left out contradicts nothing.
    :ivar against: with this word, values differ only if one of the two is this word.
    """

    same: tuple[str, ...]
    differ: tuple[str, ...]
    against: str | None = None


ONCE: Final[Mapping[str, tuple[Once, ...]]] = {
    "collected": (
        Once(("details", "in", "by"), ("opt_out_offered", "opt_out_used", "informed", "interest_told")),
    ),
    # Not ``until`` and ``cancelled``: of two orders of one day each ends in its own way.
    "relation": (
        Once(("kind", "product", "with"), ("paid", "model", "terms_accepted", "long_lived")),
        Once(("product", "with"), ("kind",), against="none"),
    ),
    # Not ``verified``: one consent may be verified more than once.
    "consent": (
        Once(
            ("channels", "about", "to", "purpose", "data"),
            ("naming", "by", "conditional", "incentive", "informed", "given_by", "evidence", "months"),
        ),
    ),
    "register": (Once(("name",), ("listed",)),),
    "assessed": (Once(("kind",), ("outcome", "on_record")),),
    "request": (Once(("kind", "about"), ("plausible",)),),
    "policy": (Once(("for",), ("retention_months", "stated", "reasoned")),),
}
"""Kind of record → what is said once a day.  The other kinds may be repeated: each counts by itself."""


class Contradiction(NamedTuple):
    """Two events of one day that differ in a field in which they may not."""

    first: Event
    second: Event
    field: str


def contradictions(history: Sequence[Event]) -> Iterator[Contradiction]:
    """Each event that differs from an earlier one of its day, once for every field."""
    told: dict[object, dict[object, Event]] = {}
    for event in history:
        for each in ONCE.get(event.kind, ()):
            about = (event.date, event.kind, each.differ, *(_value(event, name) for name in each.same))
            for field in (name for name in each.differ if name in event.fields):
                value, said = _value(event, field), told.setdefault((about, field), {})
                others = (other for other in said if other != value and each.against in (None, other, value))
                if (other := next(others, None)) is not None:
                    yield Contradiction(said[other], event, field)
                said.setdefault(value, event)


def _value(event: Event, field: str) -> object:
    """What a field says, apart from the order in which a list says it."""
    value = event.fields.get(field)
    return frozenset(value) if isinstance(value, list | tuple) else value
