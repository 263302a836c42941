"""The facts of ``do: share``, ``receive``, ``process`` and ``record``.

None of these goes over a channel, so every objection to marketing and every withdrawal counts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, answer
from grondslag.facts.contact import person
from grondslag.facts.file import File
from grondslag.facts.reading import add_months, day, flag, listed, number, part, same_party, some, term, text
from grondslag.law.acts import (
    Aim,
    Announcement,
    Disclosure,
    Intake,
    Party,
    Phase,
    Processing,
    Recording,
    Service,
    Use,
)
from grondslag.law.parameters import REQUEST_MONTHS
from grondslag.law.situation import Collection, Situation
from grondslag.law.terms import Claimed, Sender, Source
from grondslag.question import Event

_NOBODY: Final = "\x00"
"""A recipient without a name stands on no form."""
_PUBLIC: Final = frozenset({Source.PUBLIC_REGISTER, Source.OPEN_WEB})
_CONTACT_DETAIL: Final = {
    "email": "email",
    "phone": "phone",
    "address": "address",
    "residence": "address",
    "handle": "handle",
    "device": "device",
}
"""Data that may be shared → the contact detail under which a collection records them."""
_AT_ONCE: Final = frozenset({"email", "phone", "handle", "device"})
_ONGOING: Final = frozenset({"subscription", "service", "membership", "account", "trial"})
_CONTRACTS: Final = _ONGOING | {"purchase", "donation", "lottery-play"}
_AFTERCARE_MONTHS: Final = 12
"""How long a single purchase counts as still to be performed: delivery, returns, repair.  A house term."""
_MAJORITY: Final = 18
"""DSA art. 28 lid 2 protects minors; BW 1:233."""
_AIMS: Final = ("contract", "complaint", "training", "legal-duty", "consent-proof", "fraud")
_ABOUT_RECORDING: Final = frozenset({"recording", "recordings", "training", "everything", "all data"})


def share(file: File) -> Situation:
    """Data of the person go to another."""
    act, to = file.case.act.fields, part(file.case.act.fields, "to")
    aim, data = term(Aim, act.get("for")), listed(act, "data") or None
    purpose = "directory" if aim is Aim.DIRECTORY else "sharing"
    disclosure = Disclosure(
        aim=aim,
        recipient=term(Party, to.get("kind")),
        public_body=_kind(file, Sender.PUBLIC_BODY),
        contract_28=flag(act, "contract_28"),
        arrangement_26=flag(act, "arrangement_26"),
        consideration=flag(act, "consideration"),
        agreement=_agreement(file),
        public_source=_public_source(file, data),
        could_ask=_could_ask(file),
        minor=_minor(file),
        profiling_refused=_profiling_refused(file, purpose),
    )
    consents = file.consents(purpose, text(to, "name") or _NOBODY, data)
    return Situation("share", disclosure, person(file), consents, _collections(file, data), file.relations())


def receive(file: File) -> Situation:
    """Data of the person come in from another; a consent to sharing with the receiver serves too."""
    act = file.case.act.fields
    informed = day(act, "informed_14_on")
    intake = Intake(
        public_body=_kind(file, Sender.PUBLIC_BODY),
        proof=flag(act, "proof_per_person"),
        checked=flag(act, "own_check"),
        informed_14=answer(None if informed is None else informed <= add_months(file.at, 1)),
        public_source=_public_supplier(file, text(act, "from")),
    )
    consents = dict.fromkeys((*file.consents("marketing"), *file.consents("sharing")))
    about_this = tuple(consent for consent in consents if consent.purpose is not NO)
    return Situation("receive", intake, person(file), about_this, file.collections(), file.relations())


def process(file: File) -> Situation:
    """Data of the person are used for marketing without reaching the person yet."""
    act = file.case.act.fields
    processing = Processing(
        use=term(Use, act.get("what")),
        claimed=term(Claimed, act.get("claimed_basis")),
        public_body=_kind(file, Sender.PUBLIC_BODY),
        political_party=_kind(file, Sender.POLITICAL_PARTY),
        public_source=_public_use(file),
        told=_told(file),
        minor=_minor(file),
        profiling_refused=_profiling_refused(file, "marketing"),
    )
    return Situation(
        "process", processing, person(file), file.consents(), file.collections(), file.relations()
    )


def record(file: File) -> Situation:
    """A call with the person is recorded."""
    act = file.case.act.fields
    aims = listed(act, "purposes") or None
    contract, complaint, training, legal_duty, consent_proof, fraud = (
        answer(None if aims is None else aim in aims) for aim in _AIMS
    )
    recording = Recording(
        stated=answer(None if aims is None else True),
        contract=contract,
        complaint=complaint,
        training=training,
        legal_duty=legal_duty,
        consent_proof=consent_proof,
        fraud=fraud,
        public_body=_kind(file, Sender.PUBLIC_BODY),
        announced=term(Announcement, act.get("announced")),
        phase=term(Phase, act.get("phase")),
        service=term(Service, act.get("service")),
        card_data=flag(act, "card_data"),
        paused=flag(act, "paused"),
        consent_before_call=flag(act, "consent_before_call"),
        objection_offered=flag(act, "objection_offered"),
        agreement=_agreement_or_request(file),
        dispute=_dispute(file),
        refused=_recording_refused(file),
    )
    return Situation(
        "record", recording, person(file), file.consents("recording"), file.collections(), file.relations()
    )


def _kind(file: File, kind: Sender) -> Answer:
    sender = term(Sender, file.case.controller.get("kind"))
    return UNKNOWN if sender is Sender.UNKNOWN else answer(sender is kind)


def _minor(file: File) -> Answer:
    years = number(file.case.person, "age")
    return answer(years is not None and years < _MAJORITY)


def _agreement(file: File) -> Answer:
    """A contract of the controller itself that runs, or a purchase young enough to need care."""
    found = []
    for event in file.all("relation"):
        kind, until, other = (
            text(event.fields, "kind"),
            day(event.fields, "until"),
            text(event.fields, "with"),
        )
        own = other is None or same_party(other, file.controller)
        if kind not in _CONTRACTS or not own or event.fields.get("cancelled") is True:
            continue
        last = until or (None if kind in _ONGOING else add_months(event.date, _AFTERCARE_MONTHS))
        if last is None or file.at <= last:
            found.append(event)
    file.rests_on("agreement", *found)
    return answer(bool(found))


def _agreement_or_request(file: File) -> Answer:
    """A contract, or a fresh request for a quote, information or a call (AVG 6 lid 1 onder b)."""
    agreement = _agreement(file)
    quotes = [event for event in file.all("relation") if text(event.fields, "kind") == "quote"]
    asked = [e for e in (*file.all("asked"), *quotes) if file.at <= add_months(e.date, REQUEST_MONTHS)]
    if agreement is YES or not asked:
        return agreement
    file.rests_on("agreement", *asked)
    return YES


def _dispute(file: File) -> Answer:
    live = [e for e in file.all("dispute") if (until := day(e.fields, "until")) is None or file.at <= until]
    file.rests_on("dispute", *live)
    return answer(bool(live))


def _recording_refused(file: File) -> Answer:
    """A request to stop recording; an objection to marketing is another matter."""
    found = []
    for event in file.all("request"):
        if text(event.fields, "kind") == "objection":
            about = text(event.fields, "about")
            found.append(UNKNOWN if about is None else answer(about.casefold() in _ABOUT_RECORDING))
            file.rests_on("refused", event)
    return some(found)


def _profiling_refused(file: File, purpose: str) -> Answer:
    """An objection to profiling stands until a younger consent for this purpose."""
    given = [event.date for event in file.all("consent") if text(event.fields, "purpose") == purpose]
    objections = [event for event in file.all("objection") if text(event.fields, "scope") == "profiling"]
    standing = [event for event in objections if not any(consent > event.date for consent in given)]
    file.rests_on("profiling_refused", *standing)
    return answer(bool(standing))


def _told(file: File) -> Answer:
    """Told at collection: as the act says, unless every collection on file says otherwise."""
    told, collected = flag(file.case.act.fields, "told_at_collection"), file.all("collected")
    file.rests_on("told", *collected)
    silent = bool(collected) and all(flag(event.fields, "interest_told") is NO for event in collected)
    return NO if silent else told


# --- Where the data came from -------------------------------------------------------------------


def _details(data: tuple[str, ...] | None) -> frozenset[str]:
    """The contact details among the data."""
    return frozenset(_CONTACT_DETAIL[item] for item in data or () if item in _CONTACT_DETAIL)


def _gives(event: Event, data: tuple[str, ...] | None) -> Answer:
    """Whether this one collection gave every contact detail that is to be shared."""
    details = listed(event.fields, "details")
    if details is None or data is None:
        return UNKNOWN
    return answer(_details(data) <= set(details))


def _collections(file: File, data: tuple[str, ...] | None) -> tuple[Collection, ...]:
    """Each collection, with whether it gave the data that are to be shared."""
    found: dict[Collection, list[int]] = {}
    for event in file.all("collected"):
        (collection,) = File(replace(file.case, history=(event,))).collections()
        found.setdefault(replace(collection, gives_detail=_gives(event, data)), []).append(event.place)
    for collection, places in found.items():
        file.evidence[collection] = tuple(places)
    return tuple(found)


def _public_source(file: File, data: tuple[str, ...] | None) -> Answer:
    """One of the details to be shared came from public registers or the open web only."""
    collected, wanted = file.all("collected"), _details(data)
    kept = {detail for event in collected for detail in listed(event.fields, "details") or ()}
    shared = [
        [event for event in collected if detail in (listed(event.fields, "details") or ())]
        for detail in wanted & kept
    ] or [collected]
    public = [events for events in shared if events and all(_is_public(event) for event in events)]
    file.rests_on("public_source", *(event for events in public for event in events))
    return answer(bool(public))


def _could_ask(file: File) -> Answer:
    """Some detail on file reaches the person at once; a letter alone is a burden that may be weighed."""
    collected = [listed(event.fields, "details") for event in file.all("collected")]
    reached = [None if details is None else bool(_AT_ONCE & set(details)) for details in collected]
    return some(answer(reaches) for reaches in reached) if reached else UNKNOWN


def _public_use(file: File) -> Answer:
    public = [event for event in file.all("collected") if _is_public(event)]
    file.rests_on("public_source", *public)
    return answer(bool(public))


def _public_supplier(file: File, supplier: str | None) -> Answer:
    """The supplier is a register or the open web, or the file knows no other source than these."""
    collected = file.all("collected")
    public = [event for event in collected if _is_public(event)]
    named = [event for event in public if same_party(text(event.fields, "by"), supplier)]
    file.rests_on("public_source", *(named or public))
    return answer(bool(named) or (bool(public) and len(public) == len(collected)))


def _is_public(event: Event) -> bool:
    return term(Source, event.fields.get("in")) in _PUBLIC
