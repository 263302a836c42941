"""What a record says, written as a few letters: one for each field that an act of contacting reads.

SQL writes the letters and Python reads them back as fields; what the fields *mean* is decided by
:mod:`grondslag.facts` alone.  Two records with the same letters and the same weight of dates are the
same record to the law, and that is what makes people comparable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final, Protocol

import ibis

from grondslag.facts.file import STRONG_EVIDENCE
from grondslag.question import Fields
from grondslag.screening.campaign import Campaign
from grondslag.vocabulary import Flag, OneOf, fields_of

LEFT_OUT: Final = "-"

_CALLS: Final = ("phone", "auto-call")

OTHER: Final = "iets of iemand anders"
"""Stands for every name or product that the act does not ask about."""

READ: Final[Mapping[str, tuple[str, ...]]] = {
    "person": ("kind", "country", "municipality", "deceased"),
    "collected": ("details", "in", "by", "opt_out_offered", "opt_out_used", "informed", "interest_told"),
    "relation": ("kind", "paid", "model", "terms_accepted", "cancelled", "with", "long_lived"),
    "consent": (
        *("channels", "about", "to", "naming", "by", "conditional", "incentive"),
        *("informed", "given_by", "evidence", "verified_by", "purpose"),
    ),
    "withdrawal": ("channels", "at"),
    "objection": ("channels", "scope"),
    "register": ("name", "listed"),
    "published": ("detail", "invitation", "matches_offer", "snapshot"),
    "asked": ("for", "about"),
    "assessed": ("kind", "outcome", "on_record"),
    "interaction": ("kind", "channel"),
}
"""The fields of each kind that contacting reads; dates, ages and months are weighed apart."""


class Sign(Protocol):
    """How one field is written as one letter."""

    @property
    def letters(self) -> Sequence[str]: ...

    def written(self, column: Any) -> Any: ...

    def read(self, letter: str) -> object: ...


@dataclass(frozen=True, slots=True)
class Word:
    """A letter for each word of a closed list, true and false among them."""

    values: tuple[str | bool, ...]

    @property
    def letters(self) -> Sequence[str]:
        return [LEFT_OUT, *(chr(ord("a") + place) for place in range(len(self.values)))]

    def written(self, column: Any) -> Any:
        """The letter of a column; what is not in the list is left out."""
        spelled = [str(value).lower() if isinstance(value, bool) else value for value in self.values]
        pairs = zip(spelled, self.letters[1:], strict=True)
        return column.cast("string").cases(*pairs, else_=LEFT_OUT)

    def read(self, letter: str) -> object:
        return self.values[ord(letter) - ord("a")]


@dataclass(frozen=True, slots=True)
class Marks:
    """A letter for which of a few groups of spellings occur: in a list, or as the one value of a text."""

    groups: tuple[tuple[str, ...], ...]
    many: bool

    @property
    def letters(self) -> Sequence[str]:
        return [LEFT_OUT, *(chr(ord("0") + marks) for marks in range(2 ** len(self.groups)))]

    def written(self, column: Any) -> Any:
        marks = ibis.literal(0)
        for place, group in enumerate(self.groups):
            if group:
                spellings = ibis.array([ibis.literal(spelling) for spelling in group])
                held = column.intersect(spellings).length() > 0 if self.many else column.isin(group)
                marks = marks + held.ifelse(2**place, 0)
        letter = ibis.literal("".join(self.letters[1:])).substr(marks, 1)
        return column.isnull().ifelse(LEFT_OUT, letter)

    def read(self, letter: str) -> object:
        marks = ord(letter) - ord("0")
        held = [group[0] for place, group in enumerate(self.groups) if group and marks >> place & 1]
        return (held or [OTHER]) if self.many else (held or [OTHER])[0]


@dataclass(frozen=True, slots=True)
class Parties:
    """A letter for which parties a list names, and whether it names exactly one beside the controller."""

    groups: tuple[tuple[str, ...], ...]
    """The spellings of the controller first."""

    @property
    def _named(self) -> Marks:
        return Marks(self.groups, many=True)

    @property
    def letters(self) -> Sequence[str]:
        return [LEFT_OUT, *(chr(ord("0") + marks) for marks in range(2 ** (len(self.groups) + 1)))]

    def written(self, column: Any) -> Any:
        own = ibis.array([ibis.literal(spelling) for spelling in (*self.groups[0], LEFT_OUT)])
        others = column.unique().length() - column.intersect(own).length()
        more = (others == 1).ifelse(2 ** len(self.groups), 0)
        marks = self._named.written(column).ascii_str() - ord("0") + more
        letter = ibis.literal("".join(self.letters[1:])).substr(marks, 1)
        return column.isnull().ifelse(LEFT_OUT, letter)

    def read(self, letter: str) -> object:
        marks = ord(letter) - ord("0")
        alone = marks >> len(self.groups) & 1
        held = [group[0] for place, group in enumerate(self.groups) if group and marks >> place & 1]
        beside = [name for name in held if name not in self.groups[0]]
        strangers = [OTHER, f"nog {OTHER}"]
        return held + (strangers[: 1 - len(beside)] if alone else strangers[: 2 - len(beside)])


@dataclass(frozen=True, slots=True)
class Names:
    """How the records spell what the act asks about: the spellings of each, as found in the tables."""

    controller: tuple[str, ...] = ()
    advertiser: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    """Countries outside the EEA on the day of the act."""
    inside: tuple[str, ...] = ()
    """The other countries of the EEA."""
    home: tuple[str, ...] = ()
    """The Netherlands."""
    opt_in: tuple[str, ...] = ()
    """Municipalities where unaddressed post needs a sticker."""


class Codes:
    """The letters of every kind of record, for one act."""

    def __init__(self, campaign: Campaign, names: Names) -> None:
        self._signs: dict[str, dict[str, Sign]] = {
            kind: {name: _sign(kind, name, campaign, names) for name in read} for kind, read in READ.items()
        }

    def says(self, kind: str, table: Any, names: Sequence[str] | None = None) -> Any:
        """The letters of a table's rows, as one column of text; of the named fields only, if given."""
        signs = self._signs[kind]
        written = [signs[name].written(table[name]) for name in names or READ[kind]]
        first, *rest = written
        return first.concat(*rest) if rest else first

    def fields(self, kind: str, letters: str, names: Sequence[str] | None = None) -> Fields:
        """What the letters say, as the fields of a record."""
        signs = self._signs[kind]
        pairs = zip(names or READ[kind], letters, strict=True)
        return {name: signs[name].read(letter) for name, letter in pairs if letter != LEFT_OUT}

    def all(self, kind: str, names: Sequence[str]) -> Iterator[tuple[str, Fields]]:
        """Everything that the named fields can say: the letters, and the fields."""
        for letters in product(*(self._signs[kind][name].letters for name in names)):
            yield "".join(letters), self.fields(kind, "".join(letters), names)


def _sign(kind: str, name: str, campaign: Campaign, names: Names) -> Sign:
    """How a field is written: closed lists by their words, the rest by what the act asks about."""
    parties = (names.controller, names.advertiser)
    offered = (campaign.product,) if campaign.product else ()
    match kind, name:
        case "person", "country":
            return Marks((names.outside, names.inside, names.home), many=False)
        case "person", "municipality":
            return Marks((names.opt_in,), many=False)
        case _, "channels":
            own = campaign.channel or OTHER
            # Who wants no calls wants none from a machine either, so the other sort of call matters too.
            akin = tuple(call for call in _CALLS if call != own) if own in _CALLS else ()
            return Marks((("all",), (own,), akin), many=True)
        case _, "details":
            details = ("email", "phone", "address", "handle", "device")
            return Marks(tuple((detail,) for detail in details), many=True)
        case "consent", "about":
            return Marks((("anything",), offered), many=True)
        case _, "about":
            return Marks((offered,), many=False)
        case ("collected", "by") | ("relation", "with") | ("withdrawal", "at"):
            return Marks(parties, many=False)
        case "consent", "verified_by":
            return Marks((tuple(STRONG_EVIDENCE),), many=False)
        case "consent", "to":
            return Parties(parties)
        case _:
            return _closed(kind, name)


def _closed(kind: str, name: str) -> Word:
    match fields_of(kind)[name].type:
        case OneOf(values, or_flag):
            return Word((*values, True, False) if or_flag else values)
        case Flag():
            return Word((True, False))
        case other:
            raise TypeError(f"{kind}.{name} has no closed list of words, but {other}")
