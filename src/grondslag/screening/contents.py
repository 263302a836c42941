"""What records say: each different content once, numbered, and what the facts make of it.

Millions of records say a few hundred different things; what differs from person to person are the days.
So every record becomes a number for its content and its days.  Contents that differ only in what
contacting never reads, or in the product that was bought, are of one *sort*.  What a query has to know of
a sort (does it hold a refusal?  does it make a relation of itself?) is found by asking the facts, once,
with a small made-up history; when :mod:`grondslag.facts` changes its mind, the query follows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Any, Final

import pyarrow as pa

from grondslag.answers import YES
from grondslag.facts import draw
from grondslag.law.situation import Situation
from grondslag.law.terms import Manner, Span
from grondslag.question import Act, Case, Event, Fields
from grondslag.situations.contradictions import ONCE, contradictions

READ: Final[Mapping[str, tuple[str, ...]]] = {
    "person": ("kind", "age", "country", "municipality", "deceased"),
    "collected": ("details", "in", "by", "opt_out_offered", "opt_out_used", "informed", "interest_told"),
    "relation": ("kind", "paid", "model", "terms_accepted", "cancelled", "with", "long_lived"),
    "consent": (
        *("channels", "about", "to", "naming", "by", "conditional", "incentive", "informed", "given_by"),
        *("evidence", "verified_by", "months", "purpose"),
    ),
    "withdrawal": ("channels", "at"),
    "objection": ("channels", "scope"),
    "register": ("name", "listed"),
    "published": ("detail", "invitation", "matches_offer", "snapshot"),
    "asked": ("for", "about"),
    "assessed": ("kind", "outcome", "on_record"),
    "interaction": ("kind", "channel"),
    "shared": ("to",),
    "recorded": ("purposes",),
}
"""The fields of each kind that contacting reads, days and the product of a relation apart."""

DAYS: Final[Mapping[str, str]] = {"relation": "until", "consent": "verified_date", "register": "checked"}
"""The one other day that a record of that kind may hold."""

_TOPIC: Final[Mapping[str, str]] = {"register": "name", "assessed": "kind"}
"""Of these kinds the latest record on each topic counts."""
_ANY_DAY: Final = date(2026, 1, 1)
_LONG_AGO: Final = _ANY_DAY - timedelta(days=3000)
_YESTERDAY: Final = _ANY_DAY - timedelta(days=1)

SCHEMA: Final = pa.schema(
    [
        *((name, pa.int32()) for name in ("content", "sort")),
        *((name, pa.string()) for name in ("kind", "fields", "topic")),
        ("months", pa.int32()),
        ("age", pa.int32()),
        *((name, pa.bool_()) for name in ("refuses", "relates", "linked", "acts", "buys", "calls")),
        *((name, pa.bool_()) for name in ("proves", "postfilter", "bought")),
    ]
)


@dataclass(frozen=True, slots=True)
class Content:
    """What a record says, days apart.

    :ivar number: the same for every record that says just this.
    :ivar sort: the number of the first content that says the same to whoever reads records for contacting.
    :ivar fields: as the situation format names them, ``verified`` without its date.
    """

    number: int
    sort: int
    kind: str
    fields: Fields


class Contents:
    """All contents of a set of records; numbers are given once and never change."""

    def __init__(self, known: Iterable[Content] = ()) -> None:
        self.all: list[Content] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self._sorts: dict[tuple[str, str], int] = {}
        for content in known:
            self.number(content.kind, content.fields)

    def number(self, kind: str, fields: Fields) -> int:
        """The number of a content; a new one when nobody said this before."""
        key = (kind, _text(fields))
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self.all)
            seen = {name: fields[name] for name in READ.get(kind, ()) if name in fields}
            sort = self._sorts.setdefault((kind, _text(seen)), found)
            self.all.append(Content(found, sort, kind, fields))
        return found

    def contradicting(self, kind: str) -> list[tuple[int, int]]:
        """Pairs of contents that cannot both be said of one person and day (:data:`.contradictions.ONCE`)."""
        found: dict[tuple[int, int], None] = {}
        for once in ONCE.get(kind, ()):
            alike: dict[str, list[Content]] = {}
            for content in self.all:
                if content.kind == kind:
                    same = {name: content.fields.get(name) for name in once.same}
                    alike.setdefault(_text(same), []).append(content)
            for contents in alike.values():
                for one, other in combinations(contents, 2):
                    events = [event(each, _ANY_DAY, None) for each in (one, other)]
                    if any(contradictions(events)):
                        found[one.number, other.number] = None
        return list(found)

    def ages(self) -> dict[int, int]:
        """The numbers of the contents that tell an age, with that age in years."""
        ages = {content.number: content.fields.get("age") for content in self.all}
        return {number: age for number, age in ages.items() if isinstance(age, int)}

    def table(self) -> pa.Table:
        """For the query: a row for each content, with what the facts make of its sort."""
        made = {content.sort: _made_of(self.all[content.sort]) for content in self.all}
        rows = [
            {
                "content": content.number,
                "sort": content.sort,
                "kind": content.kind,
                "fields": _text(content.fields),
                "bought": content.kind == "relation" and "product" in content.fields,
                **made[content.sort],
            }
            for content in self.all
        ]
        return pa.Table.from_pylist(rows, schema=SCHEMA)

    @classmethod
    def read(cls, rows: Iterable[Mapping[str, Any]]) -> Contents:
        """From the rows of :meth:`table`."""
        ordered = sorted(rows, key=lambda row: int(row["content"]))
        return cls(
            Content(row["content"], row["sort"], row["kind"], json.loads(row["fields"])) for row in ordered
        )


def _text(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def event(content: Content, day: date, other: date | None) -> Event:
    """The record itself, as the situation format has it."""
    fields = dict(content.fields)
    if "verified_by" in fields or (content.kind == "consent" and other is not None):
        by = fields.pop("verified_by", None)
        verified = {"by": by, "date": other}
        fields["verified"] = {name: value for name, value in verified.items() if value is not None}
    elif other is not None:
        fields[DAYS[content.kind]] = other
    if isinstance(fields.get("listed"), str):
        fields["listed"] = {"true": True, "false": False}.get(str(fields["listed"]), fields["listed"])
    return Event(day, content.kind, fields)


def _made_of(content: Content) -> dict[str, Any]:
    """What the query must know of a sort of record."""
    fields = content.fields
    row: dict[str, Any] = {
        "topic": fields.get(_TOPIC.get(content.kind, "")),
        "months": fields.get("months"),
        "age": fields.get("age"),
    }
    if content.kind in ("objection", "withdrawal", "collected"):
        person = _drawn(content).person
        row["refuses"] = YES in (person.objected, person.withdrawn)
    if content.kind == "collected":
        row["relates"] = bool(_drawn(content).relations)
        row["linked"] = "by" in fields
    if content.kind == "interaction":
        consent, purchase = (
            Event(_LONG_AGO, "consent", {}),
            Event(_LONG_AGO, "relation", {"kind": "purchase"}),
        )
        row["acts"] = _drawn(content, consent).consents[0].since_interaction is Span.WITHIN_12_MONTHS
        row["buys"] = _drawn(content, purchase).relations[0].ended is Span.WITHIN_12_MONTHS
        called = _drawn(content, consent, day=_LONG_AGO)
        row["calls"] = called.consents[0].first_call_in_time is YES
    if content.kind == "recorded":
        consent = Event(_LONG_AGO, "consent", {"by": "button"})
        row["proves"] = _drawn(content, consent).consents[0].manner is Manner.CONFIRMED
    if content.kind == "register" and fields.get("name") == "postfilter":
        row["postfilter"] = fields.get("listed") == "true"
    return row


def _drawn(content: Content, *before: Event, day: date = _YESTERDAY) -> Situation:
    """The situation of a short history that ends with a record of this content; it goes over no channel."""
    history = (*before, event(content, day, None))
    return draw(Case({}, {}, history, Act(_ANY_DAY, "contact", {})))
