"""The cast: who the tests are about, what they did, and how to ask about them.

Anna is a consumer and a customer of the shop, Bram a sole trader, Cleo the contact person of a
company.  The shop sells, the bakery is another shop, the foundation is a charity, the weekly a
press publisher and the lottery holds a licence under Wok art. 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from grondslag.decide import Decision, decide
from grondslag.facts import draw
from grondslag.law.profiles import STRICT, Profile
from grondslag.question import Act, Case, Event
from tests.theorems.counting import decided

Record = Mapping[str, object]

ANNA: Final[Record] = {"kind": "consumer"}
BRAM: Final[Record] = {"kind": "sole-trader"}
CLEO: Final[Record] = {"kind": "legal-person"}

SHOP: Final[Record] = {"name": "Tuincentrum Wilgenzwaan BV", "kind": "company"}
BAKERY: Final[Record] = {"name": "Bakkerij Korenmaat BV", "kind": "company"}
FOUNDATION: Final[Record] = {"name": "Stichting Waterkans", "kind": "charity"}
WEEKLY: Final[Record] = {"name": "Weekblad De Brug BV", "kind": "press-publisher", "issues_per_year": 52}
LOTTERY: Final[Record] = {"name": "Buurtloterij NV", "kind": "lottery", "licence": "wok-3"}
CASINO: Final[Record] = {"name": "Rad van Fortuin BV", "kind": "lottery", "licence": "other"}

DETAILS: Final = ["email", "phone", "address", "handle", "device"]


def on(day: str, what: str, /, **fields: object) -> Event:
    """Something that was put on file on a day."""
    return Event(date.fromisoformat(day), what, fields)


def got(day: str, where: str, **fields: object) -> Event:
    """Her details, with a way out offered when she gave them."""
    usual = {"details": DETAILS, "opt_out_offered": "separately", "opt_out_used": False, "informed": True}
    return on(day, "collected", **{**usual, "interest_told": True, "in": where, **fields})


def bought(day: str, product: str = "plants") -> tuple[Event, Event]:
    """A purchase, in which she gave her details."""
    return got(day, "sale"), on(day, "relation", kind="purchase", product=product, paid=True)


def agreed(day: str, **fields: object) -> Event:
    """A consent to marketing that lacks nothing, by this channel and for this product."""
    whole: dict[str, object] = {
        "channels": "all",
        "about": ["plants"],
        "naming": "named",
        "by": "double-opt-in",
        "conditional": False,
        "incentive": "none",
        "informed": True,
        "given_by": "person",
        "evidence": "full",
        "verified": {"date": date.fromisoformat(day), "by": "sms"},
        "purpose": "marketing",
    }
    return on(day, "consent", **{**whole, **fields})


def asks(
    day: str,
    *history: Event,
    controller: Record = SHOP,
    person: Record = ANNA,
    profile: Profile = STRICT,
    **act: Any,
) -> Decision:
    """What the law answers about an act on a day; a contact about plants, unless it is another act."""
    at = date.fromisoformat(day)
    do = str(act.pop("do", "contact"))
    usual: dict[str, Any] = {
        "content": "promotional",
        "purpose": "commercial",
        "product": "plants",
        "closeness": "same",
        "advertises": "own",
    }
    events = sorted(history, key=lambda event: event.date)
    placed = tuple(Event(event.date, event.kind, event.fields, place) for place, event in enumerate(events))
    fields = {**usual, **act} if do == "contact" else act
    decided()
    return decide(draw(Case(controller, person, placed, Act(at, do, fields))), at=at, profile=profile)
