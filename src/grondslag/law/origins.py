"""Where the details come from: another's customers, a bought list, a public source (S-05, S-07 to S-09)."""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, YES, answer, any_of, not_
from grondslag.law.citations import Guidance
from grondslag.law.electronic import in_scope
from grondslag.law.rules import Conditions, reserves, since
from grondslag.law.situation import Message, Person
from grondslag.law.terms import DIRECTED, Recipient, Source

CNIL: Final = Guidance(
    "AP en ACM", "gekochte adressen: bewijs per persoon (Daisycon)", ("S18", "S23", "S104")
)
PUBLIC: Final = Guidance("Rechtbank Noord-Nederland (3 mei 2017) en AP", "openbare bronnen", ("S106", "S107"))
TAKE_OVER: Final = Guidance(
    "AP", "een overgenomen bestand; zusterbedrijven (AVG overweging 48)", ("S108", "S36")
)


@reserves(
    "customers-of-another",
    "S-09",
    "S-07",
    "D-05",
    law=TAKE_OVER,
    in_force=since("2018-05-25"),
    over=DIRECTED,
    when=lambda m, p: in_scope(m, p) and p.collection.source is Source.SALE,
    per=("collection", "relation"),
)
def customers_of_another(message: Message, person: Person) -> Conditions:
    """Whoever bought at another legal entity is its customer: a list that was taken over, a sister company's."""
    yield (
        "de klant is van een andere rechtspersoon",
        any_of(not_(person.collection.own), answer(person.relation.own is NO)),
    )


@reserves(
    "bought-addresses",
    "S-05",
    law=CNIL,
    in_force=since("2018-05-25"),
    over=DIRECTED,
    when=lambda m, p: (
        in_scope(m, p) and p.collection.source is Source.THIRD_PARTY and p.collection.gives_detail is YES
    ),
    per=("collection",),
)
def bought_addresses(message: Message, person: Person) -> Conditions:
    """A broker's word is no ground: the buyer verifies the basis and can prove it per person."""
    yield "de gegevens komen van een ander", not_(person.collection.own)


def _public_to(person: Person) -> frozenset[Source]:
    """Public sources that say nothing of a permission; the trade register has rules of its own (B-06)."""
    if person.recipient is Recipient.LEGAL_PERSON:
        return frozenset({Source.OPEN_WEB})
    return frozenset({Source.PUBLIC_REGISTER, Source.OPEN_WEB})


@reserves(
    "public-sources",
    "S-08",
    law=PUBLIC,
    in_force=since("2018-05-25"),
    over=DIRECTED,
    when=lambda m, p: (
        in_scope(m, p) and p.collection.source in _public_to(p) and p.collection.gives_detail is YES
    ),
    per=("collection",),
)
def public_sources(message: Message, person: Person) -> Conditions:
    """That an address is public is no permission: the purpose of the register or page counts."""
    yield "de gegevens zijn overgenomen uit een openbare bron", YES
