"""A campaign: one act towards many people, and what its makers assessed and signed for.

A campaign file is YAML::

    campaign: Christmas 2026
    controller: {name: Winkel BV, kind: company}
    act: {do: contact, channel: email, content: promotional, purpose: commercial,
          product: christmas, advertises: own, message: {opt_out: one-click, identity: true}}
    products:                    # how near is what people bought to the product of the act?
      reviewed_by: A. de Wit     # not reviewed: every closeness is unknown
      reviewed_on: 2026-10-01
      same: [christmas]
      adjacent: [cards, candles]
      foreign: [tools]
    assessments:
      - {date: 2026-10-01, kind: compatibility, outcome: pass, on_record: true}
    policies:                    # how long data are kept for marketing; only a forecast looks at it
      - {date: 2026-01-01, retention_months: 24, stated: true, reasoned: true, for: marketing-data}

``controller`` and ``act`` are those of the situation format; the act has no ``date`` (the screening
has) and no ``closeness`` (the product map tells it for each person).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from grondslag.answers import YES
from grondslag.errors import BadCase
from grondslag.facts import draw
from grondslag.law.rulebook import DUTCH
from grondslag.law.situation import Relation
from grondslag.law.terms import Channel, Closeness, Customer
from grondslag.question import Act, Case, Event, Fields
from grondslag.situations import BadSituations, parse_case
from grondslag.situations.reading import read as read_plain
from grondslag.vocabulary import Day

NEAREST_FIRST: Final = tuple(member for member in Closeness if member is not Closeness.UNKNOWN)
"""Closeness from the same product to a foreign one."""

_EVENTS: Final = {"assessments": "assessed", "policies": "policy"}
"""What counts for everybody: the key in the file, and the kind of event that each entry is."""
_KEYS: Final = ("campaign", "controller", "act", "products", *_EVENTS)
_MAP_KEYS: Final = ("reviewed_by", "reviewed_on", *(step.value for step in NEAREST_FIRST))
BOUGHT: Final = (Customer.PAID, Customer.FREEMIUM, Customer.LINKED)
"""Relations in which something was bought, the most certain first."""
_ANY_DAY: Final = date(2020, 1, 1)
"""A day on which to look at what a record says; no date of it is read."""


@dataclass(frozen=True, slots=True)
class ProductMap:
    """How near each product is to the product of the act, as a named person judged it."""

    steps: Mapping[str, Closeness] = field(default_factory=dict)
    reviewed_by: str | None = None
    reviewed_on: date | None = None

    def in_use(self, at: date) -> Mapping[str, Closeness]:
        """The map as it may be used on a day: empty as long as nobody has reviewed it."""
        reviewed = bool(self.reviewed_by) and self.reviewed_on is not None and self.reviewed_on <= at
        return self.steps if reviewed else {}


@dataclass(frozen=True, slots=True)
class Campaign:
    """One act towards many people.

    :ivar act: the fields of a ``do: contact`` act, without ``date``, ``do`` and ``closeness``.
    :ivar assessments: ``assessed`` events that count for everybody.
    :ivar policies: ``policy`` events: how long data are kept for marketing.
    :ivar sha256: the hash of the campaign file; empty when it was not read from a file.
    """

    controller: Fields
    act: Fields
    products: ProductMap = ProductMap()
    assessments: tuple[Event, ...] = ()
    name: str = ""
    sha256: str = ""
    policies: tuple[Event, ...] = ()

    @property
    def channel(self) -> str | None:
        return _text(self.act.get("channel"))

    @property
    def product(self) -> str | None:
        return _text(self.act.get("product"))

    def require_day(self, at: date) -> None:
        """Refuse a day on which this campaign cannot be judged.

        :raises BadCase: when it lies outside the calendar of the format.
        :raises NoLawInForce: when it lies before the law that the rulebook holds.
        """
        act = Act(at, "contact", self.act)
        DUTCH.require_law(act.date, act.do, Channel(self.channel) if self.channel else None)

    def case(
        self, person: Fields, history: Iterable[Event], at: date, closeness: Closeness | None = None
    ) -> Case:
        """The case of one person on a day: what ``draw``, ``decide`` and ``explain`` take.

        :param history: what is on file, in the order of the records.
        :param closeness: how near the offer is to what was bought; read from the history when left out.
        """
        # Sorting is stable: on the day of the campaign's own assessment, a later look at this person wins.
        merged = sorted((*self.assessments, *history), key=lambda event: event.date)
        placed = tuple(Event(e.date, e.kind, e.fields, place) for place, e in enumerate(merged))
        found = self.closeness(placed, at) if closeness is None else closeness
        fields = dict(self.act)
        if found is not Closeness.UNKNOWN:
            fields["closeness"] = found.value
        return Case(self.controller, person, placed, Act(at, "contact", fields))

    def closeness(self, history: Iterable[Event], at: date) -> Closeness:
        """How near the offer is to the nearest product that the person bought, as far as the map tells."""
        steps = self.products.in_use(at)
        ranks = [
            rank(relation, steps[product])
            for event in history
            if event.kind == "relation" and event.date <= at
            if (product := str(event.fields.get("product", ""))) in steps
            for relation in self.relations(event.fields)
        ]
        bought = [place for place in ranks if place is not None]
        return NEAREST_FIRST[min(bought) % len(NEAREST_FIRST)] if bought else Closeness.UNKNOWN

    def relations(self, fields: Fields) -> tuple[Relation, ...]:
        """What one relation on file is to the law, dates aside."""
        event = Event(_ANY_DAY, "relation", {k: value for k, value in fields.items() if k != "until"})
        return draw(Case(self.controller, {}, (event,), Act(_ANY_DAY, "contact", self.act))).relations


def rank(relation: Relation, step: Closeness) -> int | None:
    """How a product that was bought counts among others, the lowest first; none when it was not bought here.

    What somebody paid for goes before a free account: the law may take only the first for a sale, and
    being near to the second must then not help.
    """
    if relation.own is not YES or relation.customer not in BOUGHT:
        return None
    return BOUGHT.index(relation.customer) * len(NEAREST_FIRST) + NEAREST_FIRST.index(step)


def load(path: Path | str) -> Campaign:
    """The campaign in a file.

    :raises BadCase: when it cannot be read, or does not follow the format.
    """
    try:
        content = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise BadCase(str(path), f"cannot be opened ({reason})", "name a campaign file") from None
    if not content.strip():
        raise BadCase(str(path), "is empty", "see docs/screening.md for the format")
    tree = read_plain(content, str(path))
    return parse(tree, str(path), hashlib.sha256(content).hexdigest())


def parse(tree: object, name: str = "campaign", sha256: str = "") -> Campaign:
    """The campaign in plain data, such as the body of a request.

    :raises BadCase: when it does not follow the format.
    """
    plan = _mapping(tree, name, _KEYS, "a campaign")
    act = _mapping(plan.get("act"), f"{name}, act", None, "an act")
    if act.get("do") != "contact":
        raise BadCase(f"{name}, act.do", "is not contact", "a campaign contacts people: write do: contact")
    for taken, given_by in (("date", "the screening names the day"), ("closeness", "products tells it")):
        if taken in act:
            raise BadCase(f"{name}, act.{taken}", "may not stand here", f"leave it out: {given_by}")
    case = _checked(plan, act, name)
    fields = {key: value for key, value in case.act.fields.items() if key != "do"}
    for needed in ("channel", "content"):
        if needed not in fields:
            raise BadCase(f"{name}, act", f"lacks {needed}", "say what you want to send, and how")
    title = plan.get("campaign", "")
    if not isinstance(title, str):
        raise BadCase(f"{name}, campaign", "is not one line of text", "write a name for it")
    products = _products(plan.get("products"), f"{name}, products")
    found = {key: tuple(e for e in case.history if e.kind == kind) for key, kind in _EVENTS.items()}
    return Campaign(case.controller, fields, products, found["assessments"], title, sha256, found["policies"])


def _checked(plan: Mapping[str, Any], act: Mapping[str, Any], name: str) -> Case:
    """The controller, the act and what counts for everybody, held to the situation format."""
    history = []
    for key, kind in _EVENTS.items():
        entries = plan.get(key) or []
        if not isinstance(entries, list):
            raise BadCase(f"{name}, {key}", "is not a list", "begin each entry with a dash")
        for number, entry in enumerate(entries):
            place = f"{name}, {key}[{number}]"
            record = dict(_mapping(entry, place, None, f"an entry of {key}"))
            if record.get("date") is None:
                raise BadCase(f"{place}.date", "is left out", "add the date from which it counts")
            if kind == "policy":
                _require_term(record, place)
            history.append({"date": record.pop("date"), kind: record})
    # The day is only needed to make it a whole request; nothing of the answer depends on it.
    request = {"controller": plan.get("controller"), "history": history, "act": {**act, "date": _ANY_DAY}}
    if request["controller"] is None:
        raise BadCase(name, "a campaign lacks controller", "say who is about to act")
    try:
        return parse_case(request, name)
    except BadSituations as wrong:
        first = len(plan.get("assessments") or [])
        there = [
            BadCase(_in_campaign(each.place, first), each.problem, each.remedy) for each in wrong.problems
        ]
        raise BadSituations(name, there) from None


def _require_term(policy: Mapping[str, Any], place: str) -> None:
    """A policy that says nothing of marketing data would be passed over in silence."""
    if policy.get("retention_months") is None:
        raise BadCase(f"{place}.retention_months", "is left out", "add how many months data are kept")
    if policy.get("for") not in ("marketing-data", "marketing"):
        raise BadCase(f"{place}.for", "is not marketing-data", "leave out policies about other data")


def _in_campaign(place: str, first: int) -> str:
    """The place in the campaign file of what is wrong with the request that it was made into.

    :param first: where in the history the policies begin.
    """

    def key(found: re.Match[str]) -> str:
        number = int(found[1])
        return f"assessments[{number}]" if number < first else f"policies[{number - first}]"

    return re.sub(r"history\[(\d+)\](?:\.assessed|\.policy)?", key, place)


def _products(tree: object, place: str) -> ProductMap:
    if tree is None:
        return ProductMap()
    plan = _mapping(tree, place, _MAP_KEYS, "a product map")
    steps: dict[str, Closeness] = {}
    for step in NEAREST_FIRST:
        names = plan.get(step.value) or []
        if not isinstance(names, list) or not all(isinstance(item, str) and item.strip() for item in names):
            raise BadCase(f"{place}.{step.value}", "is not a list of products", "write it as [a, b]")
        for product in names:
            if steps.setdefault(product.strip(), step) is not step:
                problem = f"{product!r} also stands under {steps[product.strip()].value}"
                raise BadCase(f"{place}.{step.value}", problem, "give each product one place")
    by, on = plan.get("reviewed_by"), plan.get("reviewed_on")
    if by is not None and not (isinstance(by, str) and by.strip()):
        raise BadCase(f"{place}.reviewed_by", "is not a name", "name the person who reviewed the map")
    return ProductMap(steps, by, None if on is None else _day(on, f"{place}.reviewed_on"))


def _day(value: object, place: str) -> date:
    try:
        return Day.read(str(value))
    except ValueError:
        remedy = f"write it as in 2026-07-01, from {Day.FIRST} to {Day.LAST}"
        raise BadCase(place, "is not a date", remedy) from None


def _mapping(tree: object, place: str, known: Sequence[str] | None, what: str) -> Mapping[str, Any]:
    if not isinstance(tree, dict) or not tree:
        problem = "is empty" if not tree else f"is not {what}"
        raise BadCase(place, problem, "see docs/screening.md for the format")
    for key in tree:
        if known is not None and key not in known:
            near = get_close_matches(str(key), known, 1)
            hint = f"did you mean {near[0]}? " if near else ""
            raise BadCase(
                place, f"{key!r} is not a field of {what}", f"{hint}write one of {', '.join(known)}"
            )
    return tree


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
