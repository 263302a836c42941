"""Data that go along with work or with the business: processors, carriers, acquirers (AVG 6 and 28)."""

from __future__ import annotations

from typing import Final

from grondslag.answers import UNKNOWN, YES, answer
from grondslag.law.acts import Aim, Disclosure, Party
from grondslag.law.citations import AVG, Guidance
from grondslag.law.grounds import AVG_PERIOD
from grondslag.law.rules import Conditions, permits, quoted, requires, reserves, said
from grondslag.law.situation import Person

INSOLAD: Final = Guidance("AP", "brief aan Insolad, 6 januari 2020", ("S108", "S109"))

FOR_US: Final = frozenset({Aim.OUR_INSTRUCTIONS, Aim.PERFORMING_CONTRACTS})
"""The recipient does our work, or what our contract with the person needs."""


# --- The bans that only a permission lifts ----------------------------------------------------


@reserves(
    "own-aims-make-a-controller",
    "S-10",
    law=AVG("28", 10),
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: a.recipient is Party.PROCESSOR and a.aim not in FOR_US,
)
def own_aims_make_a_controller(act: Disclosure, person: Person) -> Conditions:
    """A contractor that uses the data for itself is a controller, whatever the contract calls it."""
    yield "met betrekking tot die verwerking als de verwerkingsverantwoordelijke beschouwd", YES


@reserves(
    "processor-needs-a-contract",
    "S-10",
    law=AVG("28", 3),
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: a.aim is Aim.OUR_INSTRUCTIONS or (a.recipient is Party.PROCESSOR and a.aim in FOR_US),
)
def processor_needs_a_contract(act: Disclosure, person: Person) -> Conditions:
    """Hand data to a mailing house or call centre only under a written contract."""
    yield "wordt geregeld in een overeenkomst", YES


@reserves(
    "customer-file-as-an-asset",
    "S-09",
    law=INSOLAD,
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: a.recipient is Party.ACQUIRER,
)
def customer_file_as_an_asset(act: Disclosure, person: Person) -> Conditions:
    """A customer file is no loose asset: selling it as such serves no purpose that customers knew."""
    yield "de verkoop van een klantenbestand is niet verenigbaar met waarvoor het is verzameld", YES


# --- What lifts them --------------------------------------------------------------------------


@permits(
    "processors",
    "S-10",
    law=AVG("28", 3),
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: a.aim is Aim.OUR_INSTRUCTIONS,
)
def processors(act: Disclosure, person: Person) -> Conditions:
    """Let a processor do your work, on your instructions, under a written contract.

    Who only follows instructions is a processor, whatever he is called; a platform decides
    with you (S-03).  What is done for you is your own act: a mailing still needs permission.
    """
    yield (
        quoted(
            "ten behoeve van de verwerkingsverantwoordelijke persoonsgegevens verwerkt", AVG("4", onder="8")
        ),
        UNKNOWN
        if act.recipient is Party.UNKNOWN
        else answer(act.recipient in (Party.PROCESSOR, Party.COMPANY, Party.GROUP_COMPANY)),
    )
    yield "wordt geregeld in een overeenkomst", act.contract_28


@permits(
    "going-concern",
    "S-09",
    law=AVG("6", 4),
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: a.aim is Aim.PERFORMING_CONTRACTS and a.recipient is Party.ACQUIRER,
)
def going_concern(act: Disclosure, person: Person) -> Conditions:
    """Hand running contracts over to who continues the business; that is no permission to advertise.

    Defensible but contested: the AP's letter is about files sold as such.  The customer
    exception (D-03) does not pass to the acquirer, who is another legal entity.
    """
    yield said("de overnemer zet een lopende overeenkomst voort", INSOLAD), act.agreement
    yield (
        "of de verwerking voor een ander doel verenigbaar is met het doel waarvoor de persoonsgegevens aanvankelijk zijn verzameld",
        person.compatibility,
    )


@permits(
    "performing-contracts",
    "S-01",
    law=AVG("6", 1, "b"),
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: a.aim is Aim.PERFORMING_CONTRACTS and a.recipient is not Party.ACQUIRER,
)
def performing_contracts(act: Disclosure, person: Person) -> Conditions:
    """Give a carrier, a fitter or a payment service what the person's own contract needs."""
    yield (
        "noodzakelijk voor de uitvoering van een overeenkomst waarbij de betrokkene partij is",
        act.agreement,
    )
    if act.recipient is Party.UNKNOWN:
        yield said("de ontvanger is niet de overnemer van het bedrijf", INSOLAD), UNKNOWN, "S-09"
    if act.recipient is Party.PROCESSOR:
        yield quoted("wordt geregeld in een overeenkomst", AVG("28", 3)), act.contract_28, "S-10"


# --- Duties -----------------------------------------------------------------------------------


@requires(
    "tell-of-the-acquirer",
    "I-03",
    law=AVG("13", 3),
    in_force=AVG_PERIOD,
    do="share",
    when=lambda a, p: a.recipient is Party.ACQUIRER,
)
def tell_of_the_acquirer(act: Disclosure, person: Person) -> Conditions:
    """Tell people beforehand who takes over, and what for."""
    yield (
        "verstrekt de verwerkingsverantwoordelijke de betrokkene vóór die verdere verwerking informatie",
        UNKNOWN,
    )
