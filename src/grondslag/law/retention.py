"""The terms of section K: what may be kept, for how long, on which ground.

Statutory minimum before legal hold before stated term.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, answer, not_
from grondslag.law.citations import AVG, BW, Citation, Guidance
from grondslag.law.keeping import AP, AVG_ERA, FIXED, governing, marketing_copy, personal
from grondslag.law.rights_terms import EVIDENCE, RECORDINGS, Kept, KeptFor, Retention
from grondslag.law.rules import Conditions, permits, quoted, said
from grondslag.law.situation import Person

MIFID: Final = Guidance("EU", "MiFID II art. 16 lid 7; Verordening 2017/565 art. 76", ("S60",))
CUSTOM: Final = Guidance("AP", "verantwoordingsplicht (AVG 5 lid 2): dossiers van verzoeken", ("S18",))


def _under(row: str) -> Callable[[Retention, Person], bool]:
    return lambda kept, person: governing(kept) == row


def _no_marketing(kept: Retention) -> Conditions:
    """A statute or a claim protects the copy that it needs, never a marketing copy."""
    yield said("deze kopie dient geen marketing", AP), not_(marketing_copy(kept)), "K-07"


# --- Statutory minimum ------------------------------------------------------------------------------


@permits(
    "administration", "K-02", law=Citation("AWR", "52", 4), in_force=AVG_ERA, do="keep", when=_under("K-02")
)
def administration(kept: Retention, person: Person) -> Conditions:
    """Keep invoices, orders and payment data for seven years.

    BW 2:10 lid 3 and BW 3:15i say the same; the last day of the seventh year still counts.
    """
    yield "gedurende zeven jaar te bewaren", kept.statutory
    yield from _no_marketing(kept)


@permits(
    "property-vat-file",
    "K-03",
    law=Citation("Wet OB", "34a"),
    in_force=AVG_ERA,
    do="keep",
    when=_under("K-03"),
)
def property_vat_file(kept: Retention, person: Person) -> Conditions:
    """Keep VAT records on immovable property for nine years after the year of first use."""
    yield "gedurende negen jaren, volgende op het jaar waarin hij het goed is gaan gebruiken", kept.statutory
    yield from _no_marketing(kept)


def _investment(kept: Retention, person: Person) -> bool:
    """Also a tape of an investment service that is kept as evidence: the statute goes before an own term."""
    evidence = kept.what is Kept.RECORDING and kept.purpose in EVIDENCE and kept.statutory is not NO
    return governing(kept) == "K-09" or evidence


@permits("investment-recording", "K-09", "V-06", law=MIFID, in_force=AVG_ERA, do="keep", when=_investment)
def investment_recording(kept: Retention, person: Person) -> Conditions:
    """Keep recordings of investment services for five years; seven when the authority asks."""
    yield "bewaard gedurende vijf jaar", kept.statutory
    yield from _no_marketing(kept)


# --- Proof and claims -------------------------------------------------------------------------------


@permits(
    "proof-of-consent-kept",
    "K-04",
    law=Citation("Awb", "5.45", 1),
    in_force=AVG_ERA,
    do="keep",
    when=_under("K-04"),
)
def proof_of_consent_kept(kept: Retention, person: Person) -> Conditions:
    """Keep the proof of a consent while it is used, and five years after the last act on it.

    So long a fine can be imposed (Awb 5:45 lid 1 with 5:53) and damages claimed (BW 3:310); AVG 7
    lid 1 puts the proof on the controller.  The term is customary, no statute sets it.
    """
    yield "vijf jaren nadat de overtreding heeft plaatsgevonden", kept.needed
    yield from _no_marketing(kept)


@permits("claims", "K-05", law=BW(3, "307", 1), in_force=AVG_ERA, do="keep", when=_under("K-05"))
def claims(kept: Retention, person: Person) -> Conditions:
    """Keep what a claim may need for five years, or for your own shorter term."""
    yield "verjaart door verloop van vijf jaren", kept.needed
    yield from _no_marketing(kept)


@permits(
    "recording-of-a-contract", "K-12", law=BW(3, "307", 1), in_force=AVG_ERA, do="keep", when=_under("K-12")
)
def recording_of_a_contract(kept: Retention, person: Person) -> Conditions:
    """Keep the recording that proves a contract while the contract runs, and five years more."""
    yield "verjaart door verloop van vijf jaren", kept.needed
    yield said("opgenomen voor het contract", AP), kept.recorded_for, "V-01"
    yield from _no_marketing(kept)


@permits("request-file", "K-13", law=CUSTOM, in_force=AVG_ERA, do="keep", when=_under("K-13"))
def request_file(kept: Retention, person: Person) -> Conditions:
    """Keep the file of a request as long as it may be disputed: at most five years, by custom."""
    yield "zolang erover kan worden geprocedeerd", kept.needed
    yield "deze kopie dient geen marketing", not_(marketing_copy(kept)), "K-07"


_OWN_ROW: Final = {Kept.ORDER_RECORD: "K-05", Kept.RECORDING: "K-12", **FIXED}


@permits(
    "legal-hold",
    "K-05",
    "R-06",
    law=AVG("17", 3),
    in_force=AVG_ERA,
    do="keep",
    when=lambda k, p: personal(k) and k.hold is not NO and governing(k) != "K-06",
)
def legal_hold(kept: Retention, person: Person) -> Conditions:
    """While a dispute runs, keep what it needs, past any term; not for marketing."""
    yield "voor de instelling, uitoefening of onderbouwing van een rechtsvordering", kept.hold
    row = governing(kept)
    yield (
        said("dit kan in het geschil nodig zijn", AP),
        kept.hold,
        row if row != "K-01" else _OWN_ROW.get(kept.what, row),
    )
    yield from _no_marketing(kept)


# --- The controller's own term ------------------------------------------------------------------------


def _own_term(kept: Retention) -> Conditions:
    yield (
        "niet langer … dan voor de doeleinden waarvoor de persoonsgegevens worden verwerkt noodzakelijk is",
        kept.own_term,
    )
    yield said("die termijn is niet langer dan te verdedigen is", AP), kept.bounded
    yield said("die termijn is gemotiveerd", AP), kept.reasoned, "K-01"
    yield (
        quoted("de periode gedurende welke de persoonsgegevens zullen worden opgeslagen", AVG("13", 2)),
        kept.stated,
        "I-05",
    )
    if kept.stated is not YES:
        yield said("die termijn staat in de privacyverklaring", AP), kept.stated, "K-01"
    if kept.what in RECORDINGS:
        yield said("opgenomen voor dit doel", AP), kept.recorded_for, "V-01"


@permits("marketing-term", "K-06", law=AVG("5", 1, "e"), in_force=AVG_ERA, do="keep", when=_under("K-06"))
def marketing_term(kept: Retention, person: Person) -> Conditions:
    """Keep marketing data for your own reasoned and published term, three years at most.

    AP: choose and justify.  Three years after the last contact can be defended, four were held
    too long (CNIL, Carrefour); the bound of three is this house's.  A documented long product
    life (a car) replaces it (D-10).
    """
    return _own_term(kept)


@permits("training-recording", "K-11", law=AVG("5", 1, "e"), in_force=AVG_ERA, do="keep", when=_under("K-11"))
def training_recording(kept: Retention, person: Person) -> Conditions:
    """Keep recordings for coaching for a short, reasoned and published term of your own.

    AP names no number; weeks to months are usual, and this house draws the line at a year.
    """
    yield from _own_term(kept)
    yield from _no_marketing(kept)


@permits(
    "own-term",
    "K-01",
    law=AVG("5", 1, "e"),
    in_force=AVG_ERA,
    do="keep",
    when=lambda k, p: governing(k) == "K-01" and k.what is not Kept.ANONYMOUS_STATISTICS,
)
def own_term(kept: Retention, person: Person) -> Conditions:
    """Keep anything else for a reasoned and published term of its own, and not a day longer."""
    yield said("bekend is wat bewaard wordt", AP), answer(None if kept.what is Kept.UNKNOWN else True)
    yield from _own_term(kept)
    yield from _no_marketing(kept)


@permits(
    "suppression-entry", "K-08", "R-04", law=AVG("21", 3), in_force=AVG_ERA, do="keep", when=_under("K-08")
)
def suppression_entry(kept: Retention, person: Person) -> Conditions:
    """Keep the bare entry that blocks a person as long as the objection must be honoured.

    It survives erasure (AVG 17 lid 3 onder b and e) and asks for no objection on file: after an
    erasure the entry is all that is left of it.
    """
    yield "worden de persoonsgegevens niet meer voor deze doeleinden verwerkt", _only_blocks(kept)


def _only_blocks(kept: Retention) -> Answer:
    if kept.purpose is KeptFor.UNKNOWN:
        return UNKNOWN
    return answer(kept.purpose is KeptFor.BLOCK and kept.for_marketing is not YES)


@permits(
    "anonymous-statistics",
    "K-01",
    law=AVG("5", 1, "e"),
    in_force=AVG_ERA,
    do="keep",
    when=lambda k, p: k.what is Kept.ANONYMOUS_STATISTICS,
)
def anonymous_statistics(kept: Retention, person: Person) -> Conditions:
    """Keep figures in which nobody can be found: anonymising is as good as destroying."""
    yield "in een vorm die het mogelijk maakt de betrokkenen niet langer te identificeren", YES
