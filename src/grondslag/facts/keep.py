"""The facts of ``do: keep``: one copy, its purpose, and which terms still run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, answer
from grondslag.facts.file import File, covers
from grondslag.facts.reading import add_months, day, flag, listed, number, same_party, some, term, text
from grondslag.law.keeping import governing
from grondslag.law.parameters import (
    ADMINISTRATION_MONTHS,
    INVESTMENT_MONTHS,
    INVESTMENT_MONTHS_ASKED,
    LIMITATION_MONTHS,
    MARKETING_MONTHS,
    PROPERTY_VAT_YEARS,
    RECORDING_MONTHS,
)
from grondslag.law.rights_terms import RECORDINGS, About, Kept, KeptFor, Retention
from grondslag.question import Event

_CONTRACTS: Final = frozenset(
    {"purchase", "subscription", "service", "membership", "account", "trial", "lottery-play"}
)
RUNNING: Final = frozenset({"subscription", "service", "membership", "account"})
"""Contracts that run until they are ended."""
DEALINGS: Final = ("collected", "relation", "consent", "asked", "interaction")
"""What is on file of dealings between somebody and the controller."""
OF_HIS_OWN: Final = ("clicked", "bought")
"""Interactions by which somebody deals with the controller.

What was only sent to him is no dealing of his, and neither is an opened mail (CNIL, SAN-2020-003, Spartoo).
"""

_MADE_FOR: Final = {
    KeptFor.CONTRACT: ("contract",),
    KeptFor.CLAIMS: ("contract", "complaint"),
    KeptFor.COMPLAINT: ("complaint", "contract"),
    KeptFor.PROOF: ("consent-proof", "contract"),
    KeptFor.TRAINING: ("training",),
    KeptFor.LEGAL_DUTY: ("legal-duty",),
}
"""Purpose of keeping → the purposes of recording that it follows from."""

_COVERED: Final = {
    About.RECORDING: RECORDINGS,
    About.SUPPRESSION: frozenset({Kept.SUPPRESSION_ENTRY}),
    About.ADMINISTRATION: frozenset({Kept.INVOICE, Kept.ORDER_RECORD, Kept.PROPERTY_VAT_FILE}),
}
"""What a request about a certain thing covers; any other request covers everything."""

_WORDS: Final = {
    About.RECORDING: frozenset("recording recordings tape tapes opname opnames".split()),
    About.SUPPRESSION: frozenset("suppression blocklist blacklist afmeldlijst blokkadelijst".split()),
    About.ADMINISTRATION: frozenset(
        "invoice invoices factuur facturen tax vat btw administration administratie bookkeeping payment "
        "payments bill bills rekening rekeningen orders bestellingen purchase purchases aankopen".split()
    ),
    About.INCOMPLETE: frozenset("incomplete onvolledig opinion mening oordeel file dossier".split()),
}
_TALK: Final = frozenset(
    "call calls phone audio voice conversation conversations gesprek gesprekken telefoongesprek "
    "telefoongesprekken".split()
)
"""Words that mean the recording where one was made."""
_PROFILED: Final = frozenset({"history", "geschiedenis", "pattern", "patterns"})
"""Words that turn orders and purchases from accounts into a profile."""
_AUTHORITY: Final = frozenset({"afm", "authority", "supervisor", "toezichthouder"})
_ANNOUNCED: Final = {"with-purpose": YES, "without-purpose": NO, "late": NO, "never": NO}

_TOPICS: Final = {
    Kept.MARKETING_DATA: ("marketing-data", "marketing"),
    Kept.PROFILE: ("profile", "marketing-data", "marketing"),
    Kept.RECORDING: ("recording", "recordings"),
}


@dataclass(frozen=True, slots=True)
class OwnTerm:
    """The controller's own term, as the act or its latest policy states it."""

    months: int | None
    stated: Answer
    reasoned: Answer


def retention(file: File) -> Retention:
    """What is kept, for what, and which of its terms still run on the day of the act."""
    act = file.case.act.fields
    what, purpose = term(Kept, act.get("what")), term(KeptFor, act.get("purpose"))
    since, own = day(act, "since"), own_term(file, what)
    recorded = recording(file, since) if what in RECORDINGS else None
    draft = Retention(what=what, purpose=purpose, for_marketing=flag(act, "for_marketing"))
    bound = RECORDING_MONTHS if what in RECORDINGS else MARKETING_MONTHS
    may_be_investment = what in (Kept.INVESTMENT_RECORDING, Kept.UNKNOWN)
    lasting = governing(draft) == "K-06" and _long_lived(file)
    return Retention(
        what=what,
        purpose=purpose,
        for_marketing=draft.for_marketing,
        statutory=_statutory(file, draft, since, recorded),
        needed=_needed(file, draft, since),
        hold=hold(file, investment=may_be_investment or of_investment(recorded)),
        own_term=within(since, own.months, file.at),
        bounded=UNKNOWN if own.months is None else answer(own.months <= bound or lasting),
        stated=own.stated,
        reasoned=own.reasoned,
        lawful=announced(recorded),
        recorded_for=_recorded_for(purpose, recorded),
        erasure_asked=_erasure_asked(file, what),
        other_consent=_other_consent(file),
    )


def within(since: date | None, months: int | None, at: date) -> Answer:
    """Whether a term in months that began on that day still runs; its last day counts."""
    return UNKNOWN if since is None or months is None else answer(at <= add_months(since, months))


def own_term(file: File, what: Kept) -> OwnTerm:
    """The term that the act names, else the latest policy for this kind of data."""
    act = file.case.act.fields
    policy = file.last("policy", lambda e: text(e.fields, "for") in _TOPICS.get(what, (what.value,)))
    months = number(act, "term_months")
    stated, reasoned = flag(act, "stated"), flag(act, "reasoned")
    if policy is None:
        return OwnTerm(months, stated, reasoned)
    file.rests_on("own_term", policy)
    return OwnTerm(
        number(policy.fields, "retention_months") if months is None else months,
        flag(policy.fields, "stated") if stated is UNKNOWN else stated,
        flag(policy.fields, "reasoned") if reasoned is UNKNOWN else reasoned,
    )


def _long_lived(file: File) -> bool:
    """A product with a documented long life, such as a car (D-10)."""
    return any(event.fields.get("long_lived") is True for event in own_relations(file))


def hold(file: File, at: date | None = None, investment: bool = False) -> Answer:
    """Whether a dispute runs: it has not ended, or not yet.

    :param investment: of a recording for which a request of the authority sets a term of its own (K-09).
    """
    on = at or file.at
    live = [
        e
        for e in file.all("dispute")
        if ((until := day(e.fields, "until")) is None or on <= until)
        and not (investment and _AUTHORITY & _said(e))
    ]
    file.rests_on("hold", *live)
    return answer(bool(live))


# --- Statute and limitation -------------------------------------------------------------------------


def _statutory(file: File, kept: Retention, since: date | None, recorded: Event | None) -> Answer:
    """The minimum term that a statute sets for this record."""
    if kept.what is Kept.INVOICE or governing(kept) == "K-02":
        return within(since, ADMINISTRATION_MONTHS, file.at)
    if kept.what is Kept.PROPERTY_VAT_FILE:
        return UNKNOWN if since is None else answer(file.at <= date(since.year + PROPERTY_VAT_YEARS, 12, 31))
    if kept.what is Kept.INVESTMENT_RECORDING or of_investment(recorded):
        return within(since, investment_months(file), file.at)
    return NO


def investment_months(file: File) -> int:
    """Five years, or seven when the authority asks for them (K-09)."""
    asking = [*file.all("dispute"), *file.all("request"), *file.all("asked"), *file.all("policy")]
    asked = [e for e in asking if _AUTHORITY & _said(e)]
    file.rests_on("statutory", *asked)
    return INVESTMENT_MONTHS_ASKED if asked else INVESTMENT_MONTHS


def _said(event: Event) -> frozenset[str]:
    words = f"{event.fields.get('about', '')} {event.fields.get('for', '')}"
    return frozenset(re.findall(r"\w+", words.casefold()))


def _needed(file: File, kept: Retention, since: date | None) -> Answer:
    """What the copy proves still runs, or the five years after it; the act's own shorter term counts."""
    if within(since, number(file.case.act.fields, "term_months"), file.at) is NO:
        return NO
    limitation = within(since, LIMITATION_MONTHS, file.at)
    if governing(kept) == "K-12":
        return contract_provable(file, since, file.at)
    if governing(kept) == "K-05" and kept.purpose is KeptFor.CONTRACT and since is not None:
        return contract_provable(file, since, file.at, begun_by=since)
    if governing(kept) == "K-04" and untouched_consents(file):
        return YES
    return limitation


def contract_provable(file: File, since: date | None, at: date, begun_by: date | None = None) -> Answer:
    """A contract runs, or claims on it have not lapsed; reckoned from its end, or else from the day.

    :param begun_by: contracts that began later have nothing to do with it; None: any may have.
    """
    ends = [within(since, LIMITATION_MONTHS, at)]
    for event in own_relations(file):
        later = begun_by is not None and event.date > begun_by
        if text(event.fields, "kind") in _CONTRACTS and not later:
            until = day(event.fields, "until")
            if until is None and text(event.fields, "kind") in RUNNING:
                ends.append(YES)
            else:
                ends.append(within(until or event.date, LIMITATION_MONTHS, at))
            file.rests_on("needed", event)
    return some(ends)


def own_relations(file: File) -> list[Event]:
    return [
        event
        for event in file.all("relation")
        if event.fields.get("cancelled") is not True
        and ((other := text(event.fields, "with")) is None or same_party(other, file.controller))
    ]


# --- Recordings -------------------------------------------------------------------------------------


def recording(file: File, since: date | None) -> Event | None:
    """The recording that is kept: made on that day, else the last one before, else the last."""
    found = file.last("recorded", lambda e: since is not None and e.date <= since) or file.last("recorded")
    file.rests_on("lawful", found)
    file.rests_on("recorded_for", found)
    return found


def of_investment(recorded: Event | None) -> bool:
    return recorded is not None and text(recorded.fields, "service") == "investment"


def announced(recorded: Event | None) -> Answer:
    """The caller was told at the start, and for what; no trace of it is unknown."""
    how = text(recorded.fields, "announced") if recorded else None
    return _ANNOUNCED.get(how or "", UNKNOWN)


def _recorded_for(purpose: KeptFor, recorded: Event | None) -> Answer:
    purposes = listed(recorded.fields, "purposes") if recorded else None
    if purposes is None or purpose is KeptFor.UNKNOWN:
        return UNKNOWN
    return answer(any(made in purposes for made in _MADE_FOR.get(purpose, ())))


# --- What the person said ---------------------------------------------------------------------------


def about(file: File, words: str | None) -> About:
    """What a request is about, as far as the law tells it apart."""
    if words is None:
        return About.UNKNOWN
    said = frozenset(re.findall(r"\w+", words.casefold()))
    if said & _TALK and file.all("recorded"):
        return About.RECORDING
    found = next((on for on, known in _WORDS.items() if said & known), About.OTHER)
    return About.OTHER if found is About.ADMINISTRATION and said & _PROFILED else found


def _erasure_asked(file: File, what: Kept) -> Answer:
    """A request for erasure that covers this kind of copy, and after which it did not come in anew."""
    for event in reversed(file.all("request")):
        covered = _COVERED.get(about(file, text(event.fields, "about")))
        if text(event.fields, "kind") == "erasure" and (covered is None or what in covered):
            file.rests_on("erasure_asked", event)
            return answer(not any(later.date > event.date for later in file.all("collected")))
    return NO


def objections(file: File, what: Kept) -> list[Event]:
    """Objections to marketing; for a profile those to profiling as well (AVG 21 lid 2)."""
    return file.refusals() + [
        event
        for event in file.all("objection")
        if what is Kept.PROFILE and text(event.fields, "scope") == "profiling"
    ]


def _other_consent(file: File) -> Answer:
    """A consent to marketing that nothing which the person said since has touched."""
    found = [e for e in untouched_consents(file) if text(e.fields, "purpose") == "marketing"]
    file.rests_on("other_consent", *found)
    return answer(bool(found))


def untouched_consents(file: File) -> list[Event]:
    """Consents, some channel of which no objection, withdrawal or erasure request has touched since."""
    erasures = [e for e in file.all("request") if text(e.fields, "kind") == "erasure"]
    against = [*file.refusals(), *file.withdrawals()]
    return [
        event
        for event in file.all("consent")
        if all(e.date < event.date for e in erasures)
        and _untouched(event, [e for e in against if e.date >= event.date])
    ]


def _untouched(consent: Event, later: list[Event]) -> bool:
    channels = listed(consent.fields, "channels")
    if not later:
        return True
    if channels is None or any(event.kind == "collected" for event in later):
        return False
    if "all" in channels:
        return all("all" not in (listed(event.fields, "channels") or ("all",)) for event in later)
    return any(not any(covers(event, channel) for event in later) for channel in channels)
