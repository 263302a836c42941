"""Requests, right by right (AVG 15-21; section R, V-03 to V-05, T-12).

Each right has its own measure of what granting it means, and few refusals are lawful; what goes
with every answer stands in :mod:`grondslag.law.answering`.
"""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, all_of, answer, any_of, not_
from grondslag.law.citations import AVG, Guidance
from grondslag.law.rights_terms import About, Outcome, Response, Right
from grondslag.law.rules import Conditions, permits, quoted, said, since
from grondslag.law.situation import Person

CODE_TM: Final = Guidance("RCC", "Code Telemarketing", ("S14", "S15"))
MIFID: Final = Guidance("EU", "MiFID II art. 16 lid 7; Verordening 2017/565 art. 76", ("S60", "S112"))
AVG_ERA: Final = since("2018-05-25")


def granted(response: Response) -> Answer:
    """Whether the request was granted, or may still be."""
    if response.outcome is Outcome.UNKNOWN:
        return UNKNOWN
    return answer(response.outcome in (Outcome.GRANTED, Outcome.PENDING))


def refused(response: Response) -> Answer:
    return UNKNOWN if response.outcome is Outcome.UNKNOWN else answer(response.outcome is Outcome.REFUSED)


def annotated(response: Response) -> Answer:
    return UNKNOWN if response.outcome is Outcome.UNKNOWN else answer(response.outcome is Outcome.ANNOTATED)


def _in_time(response: Response) -> Conditions:
    yield quoted("binnen een maand na ontvangst van het verzoek", AVG("12", 3)), response.in_time, "R-08"


def _reasoned(response: Response) -> Conditions:
    """A refusal says why, and where to complain, within the same month."""
    yield (
        quoted("waarom het verzoek zonder gevolg is gebleven", AVG("12", 4)),
        any_of(not_(refused(response)), response.reasons),
        "R-08",
    )


def _recording(response: Response) -> bool:
    return response.about is About.RECORDING


# --- The rights, one by one -------------------------------------------------------------------------


@permits(
    "access",
    "R-10",
    law=AVG("15", 1),
    in_force=AVG_ERA,
    do="respond",
    when=lambda r, p: r.right is Right.ACCESS and not _recording(r),
)
def access(response: Response, person: Person) -> Conditions:
    """Give access to all data, whatever route the request came by."""
    yield "inzage te verkrijgen van die persoonsgegevens", granted(response)
    yield from _reasoned(response)
    yield from _in_time(response)


@permits(
    "access-to-recording",
    "V-03",
    law=AVG("15", 3),
    in_force=AVG_ERA,
    do="respond",
    when=lambda r, p: r.right is Right.ACCESS and _recording(r),
)
def access_to_recording(response: Response, person: Person) -> Conditions:
    """Give the recording, a faithful copy or a transcript; training tapes too, asked by any route.

    AP describes a written request, but the AVG prescribes no form: asking for a form may be, a
    refusal for want of one may not (P-DSAR-FORM).  CJEU C-487/21; AP v Elkien.
    """
    yield "verstrekt de betrokkene een kopie van de persoonsgegevens die worden verwerkt", granted(response)
    if response.investment is YES:
        yield said("de cliënt krijgt de opname op verzoek", MIFID), granted(response), "V-06"
    yield from _reasoned(response)
    yield from _in_time(response)


@permits(
    "rectification",
    "R-12",
    law=AVG("16"),
    in_force=AVG_ERA,
    do="respond",
    when=lambda r, p: r.right is Right.RECTIFICATION and not _recording(r),
)
def rectification(response: Response, person: Person) -> Conditions:
    """Put plain errors right without delay; only what is not plausible may be refused.

    What is incomplete, such as a file with an opinion in it, is completed by a note beside it.
    """
    beside = all_of(any_of(refused(response), annotated(response)), not_(response.plausible))
    if response.about is About.INCOMPLETE:
        completed = any_of(granted(response), annotated(response), beside)
        yield "vervollediging van onvolledige persoonsgegevens te verkrijgen", completed
    else:
        corrected = any_of(granted(response), beside)
        yield "onverwijld rectificatie van hem betreffende onjuiste persoonsgegevens", corrected
    yield from _reasoned(response)
    yield from _in_time(response)


@permits(
    "rectification-of-recording",
    "V-04",
    "R-12",
    law=AVG("16"),
    in_force=AVG_ERA,
    do="respond",
    when=lambda r, p: r.right is Right.RECTIFICATION and _recording(r),
)
def rectification_of_recording(response: Response, person: Person) -> Conditions:
    """Sound cannot be edited: file corrections and additions beside the recording."""
    met = any_of(granted(response), annotated(response), all_of(refused(response), not_(response.plausible)))
    yield "onder meer door een aanvullende verklaring te verstrekken", met
    yield from _reasoned(response)
    yield from _in_time(response)


def _erased(response: Response) -> Conditions:
    """Erased, or kept with reason: AVG 17 lid 3 onder b and e, or no ground of lid 1."""
    lawful = all_of(refused(response), response.exempt)
    yield (
        "zonder onredelijke vertraging wissing van hem betreffende persoonsgegevens",
        any_of(granted(response), lawful),
    )
    yield from _reasoned(response)
    yield from _in_time(response)


@permits(
    "erasure",
    "R-06",
    law=AVG("17", 1),
    in_force=AVG_ERA,
    do="respond",
    when=lambda r, p: r.right is Right.ERASURE and not _recording(r),
)
def erasure(response: Response, person: Person) -> Conditions:
    """Erase on request, except what a statute or a claim makes you keep; block that for marketing."""
    return _erased(response)


@permits(
    "erasure-of-recording",
    "V-05",
    "R-06",
    law=AVG("17", 1),
    in_force=AVG_ERA,
    do="respond",
    when=lambda r, p: r.right is Right.ERASURE and _recording(r),
)
def erasure_of_recording(response: Response, person: Person) -> Conditions:
    """Erase a recording that is no longer needed, unlawful or kept too long; a statutory term prevails."""
    yield from _erased(response)
    if response.investment is YES:
        yield said("vijf jaar bewaard", MIFID), any_of(granted(response), response.exempt), "V-06"


@permits(
    "restriction",
    "R-12",
    law=AVG("18", 1),
    in_force=AVG_ERA,
    do="respond",
    when=lambda r, p: r.right is Right.RESTRICTION,
)
def restriction(response: Response, person: Person) -> Conditions:
    """Freeze the data while their accuracy or lawfulness is disputed."""
    yield "de beperking van de verwerking te verkrijgen", granted(response)
    yield from _reasoned(response)
    yield from _in_time(response)


@permits(
    "objection-honoured",
    "R-01",
    "R-03",
    law=AVG("21", 3),
    in_force=AVG_ERA,
    do="respond",
    when=lambda r, p: r.right is Right.OBJECTION,
)
def objection_honoured(response: Response, person: Person) -> Conditions:
    """Stop marketing on objection, by whatever route it came; no reason may be asked or weighed."""
    yield "worden de persoonsgegevens niet meer voor deze doeleinden verwerkt", granted(response)
    yield from _reasoned(response)
    yield from _in_time(response)


@permits(
    "portability",
    "R-08",
    law=AVG("20", 1),
    in_force=AVG_ERA,
    do="respond",
    when=lambda r, p: r.right is Right.PORTABILITY,
)
def portability(response: Response, person: Person) -> Conditions:
    """Hand over what the person gave you in a common machine-readable form."""
    yield "in een gestructureerde, gangbare en machineleesbare vorm te verkrijgen", granted(response)
    yield from _reasoned(response)
    yield from _in_time(response)


@permits(
    "request",
    "R-08",
    law=AVG("12", 3),
    in_force=AVG_ERA,
    do="respond",
    when=lambda r, p: r.right is Right.UNKNOWN,
)
def request(response: Response, person: Person) -> Conditions:
    """Record which right a request uses; without that no answer can be judged."""
    yield "krachtens de artikelen 15 tot en met 22", UNKNOWN
    yield "binnen een maand na ontvangst van het verzoek", response.in_time


def _proof_by_phone(response: Response, person: Person) -> bool:
    return response.right is Right.PROOF and response.by_phone is not NO


@permits(
    "proof-of-opt-in", "T-12", law=CODE_TM, in_force=since("2024-10-15"), do="respond", when=_proof_by_phone
)
def proof_of_opt_in(response: Response, person: Person) -> Conditions:
    """Show whoever was called his opt-in, on request, within five working days [SR]."""
    yield "de consument kan zijn toestemming inzien", granted(response)
    yield "binnen vijf werkdagen", response.in_five_days
    yield from _in_time(response)


def _proof(response: Response) -> Conditions:
    yield "kunnen aantonen dat de betrokkene toestemming heeft gegeven", granted(response)
    yield from _in_time(response)


@permits(
    "proof-of-consent-asked",
    "R-08",
    law=AVG("7", 1),
    in_force=since("2018-05-25", until="2024-10-14"),
    do="respond",
    when=lambda r, p: r.right is Right.PROOF,
)
def proof_of_consent_asked_2018(response: Response, person: Person) -> Conditions:
    """Show the consent on request, within the month of every request."""
    return _proof(response)


@permits(
    "proof-of-consent-asked",
    "R-08",
    law=AVG("7", 1),
    in_force=since("2024-10-15"),
    do="respond",
    when=lambda r, p: r.right is Right.PROOF and r.by_phone is NO,
)
def proof_of_consent_asked(response: Response, person: Person) -> Conditions:
    """Show the consent on request, within the month; for calls the Code asks five working days (T-12)."""
    return _proof(response)
