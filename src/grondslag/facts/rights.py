"""The facts of ``do: keep``, ``respond``, ``identify`` and ``inform``, as situations."""

from __future__ import annotations

from datetime import date
from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, all_of, answer, any_of
from grondslag.facts import contact, keep
from grondslag.facts.deadlines import months_later, working_days_later
from grondslag.facts.file import File, covers
from grondslag.facts.reading import add_months, day, flag, listed, same_party, some, term, text
from grondslag.law.parameters import (
    ADMINISTRATION_MONTHS,
    ANSWER_MONTHS,
    EXTENDED_MONTHS,
    PROOF_DAYS,
    RECORDING_MONTHS,
)
from grondslag.law.rights_terms import (
    About,
    Identification,
    Information,
    Kept,
    Means,
    Moment,
    Named,
    Outcome,
    Response,
    Right,
)
from grondslag.law.situation import Person, Situation
from grondslag.law.terms import ELSEWHERE, Recipient, Source
from grondslag.question import Event


def _person(file: File, what: Kept = Kept.UNKNOWN) -> Person:
    """The person as far as these acts ask: who, how old, and what was refused or withdrawn."""
    objections, withdrawals = keep.objections(file, what), file.withdrawals()
    file.rests_on("objected", *objections)
    file.rests_on("withdrawn", *withdrawals)
    return Person(
        recipient=term(Recipient, file.case.person.get("kind")),
        age=contact.age(file),
        objected=answer(bool(objections)),
        withdrawn=answer(bool(withdrawals)),
    )


def keeping(file: File) -> Situation:
    """One copy, a day longer."""
    kept = keep.retention(file)
    return Situation("keep", kept, _person(file, kept.what))


# --- Answering a request ----------------------------------------------------------------------------


def responding(file: File) -> Situation:
    """One request and its answer."""
    return Situation("respond", _response(file), _person(file))


def _response(file: File) -> Response:
    act = file.case.act.fields
    asked = _request(file, day(act, "received"))
    fields = asked.fields if asked else {}
    right, on = term(Right, fields.get("kind")), keep.about(file, text(fields, "about"))
    received = day(act, "received") or (asked.date if asked else None)
    shared = file.all("shared")
    file.rests_on("right", asked)
    file.rests_on("shared", *shared)
    return Response(
        right=right,
        about=on,
        outcome=_outcome(file, right),
        in_time=_in_time(file, received),
        in_five_days=_in_five_days(file, received),
        reasons=flag(act, "reasons_given"),
        naming=term(Named, act.get("answer_names")),
        shared=answer(bool(shared)),
        charged=flag(act, "charge"),
        plausible=flag(fields, "plausible"),
        exempt=_exempt(file, on) if right is Right.ERASURE else UNKNOWN,
        investment=answer(on is About.RECORDING and _investment(file)),
        by_phone=_by_phone(file),
    )


def _request(file: File, received: date | None) -> Event | None:
    """The request that is answered: the last one up to the day on which it came in."""
    return file.last("request", lambda e: received is None or e.date <= received) or file.last("request")


def _outcome(file: File, right: Right) -> Outcome:
    """Neither a day nor an outcome: not answered yet.  Proof that was sent is proof given."""
    act = file.case.act.fields
    outcome = term(Outcome, act.get("outcome"))
    if "outcome" in act:
        return outcome
    if day(act, "answered") is None:
        return Outcome.PENDING
    return Outcome.GRANTED if right is Right.PROOF else Outcome.UNKNOWN


def _done(file: File) -> date:
    """The day of the answer; while there is none, it is today that counts."""
    return day(file.case.act.fields, "answered") or file.at


def _in_time(file: File, received: date | None) -> Answer:
    """Within a month; within three when the person was told so, with reasons, in that month."""
    if received is None:
        return UNKNOWN
    act, first = file.case.act.fields, months_later(received, ANSWER_MONTHS)
    notice = day(act, "extension_notice")
    if _done(file) <= first:
        return YES
    told = answer(notice is not None and notice <= first)
    in_three = answer(_done(file) <= months_later(received, EXTENDED_MONTHS))
    return all_of(told, in_three, answer(act.get("reasons_given") is not False))


def _in_five_days(file: File, received: date | None) -> Answer:
    return UNKNOWN if received is None else answer(_done(file) <= working_days_later(received, PROOF_DAYS))


def _by_phone(file: File) -> Answer:
    """Whether the opt-in in question is one to calls; no when all that is on file is for other channels."""
    consents = file.all("consent")
    called = [e for e in file.all("interaction") if text(e.fields, "channel") in ("phone", "auto-call")]
    if called or any(covers(event, "phone") for event in consents):
        return YES
    return NO if consents else UNKNOWN


# --- What need not be erased --------------------------------------------------------------------------


def _exempt(file: File, on: About) -> Answer:
    """Kept by statute or for a claim (AVG 17 lid 3), or no ground for erasure (lid 1)."""
    held = keep.hold(file, _done(file), investment=on is About.RECORDING and _investment(file))
    if on is About.RECORDING:
        return any_of(held, _recording_needed(file))
    if on is About.ADMINISTRATION:
        return any_of(held, _administration(file))
    # The bare entry that blocks must stay, or the objection could not be honoured.
    other = {About.SUPPRESSION: YES, About.UNKNOWN: UNKNOWN}.get(on, NO)
    return any_of(held, other)


def _administration(file: File) -> Answer:
    """Seven years from the end of the year of the last transaction on file."""
    none = ("quote", "none", None)
    bought = [event.date for event in keep.own_relations(file) if text(event.fields, "kind") not in none]
    if not bought:
        return UNKNOWN
    return answer(_done(file) <= add_months(date(max(bought).year, 12, 31), ADMINISTRATION_MONTHS))


def _investment(file: File) -> bool:
    return keep.of_investment(keep.recording(file, None))


def _recording_needed(file: File) -> Answer:
    """A lawful recording that one of its purposes still needs."""
    recorded = keep.recording(file, None)
    if recorded is None:
        return UNKNOWN
    purposes = listed(recorded.fields, "purposes") or ()
    needed = []
    if {"contract", "consent-proof"} & set(purposes):
        needed.append(keep.contract_provable(file, recorded.date, _done(file)))
    if _investment(file):
        needed.append(keep.within(recorded.date, keep.investment_months(file), _done(file)))
    if {"training", "complaint"} & set(purposes):
        own = keep.own_term(file, Kept.RECORDING)
        short = UNKNOWN if own.months is None else answer(own.months <= RECORDING_MONTHS)
        running = keep.within(recorded.date, own.months, _done(file))
        needed.append(all_of(running, short, own.stated, own.reasoned))
    return all_of(keep.announced(recorded), some(needed))


# --- Identifying and informing ------------------------------------------------------------------------


def identifying(file: File) -> Situation:
    """What is asked of somebody before a request is handled."""
    act = file.case.act.fields
    asked = file.last("request")
    file.rests_on("right", asked)
    right = term(Right, act.get("for"))
    if right is Right.UNKNOWN and asked:
        right = term(Right, asked.fields.get("kind"))
    asking = Identification(right, term(Means, act.get("means")), flag(act, "doubt"), flag(act, "sensitive"))
    return Situation("identify", asking, _person(file))


_ITEMS: Final = {
    "lacks_purposes": ("purpose", "legal-basis", "legal basis", "ground", "doel"),
    "lacks_interest": ("interest", "belang"),
    "lacks_retention": ("retention", "period", "storage", "term", "bewaar"),
    "lacks_objection": ("object", "bezwaar"),
    "lacks_withdrawal": ("withdraw", "intrek"),
    "lacks_source": ("source", "bron", "categories-of-data", "categories of data", "data-categories"),
}
"""Fact → words by which an item of AVG 13 or 14 is known; any other item is ``lacks_other``."""


def informing(file: File) -> Situation:
    """What a person is told, and how."""
    act = file.case.act.fields
    told = Information(
        moment=term(Moment, act.get("moment")),
        elsewhere=_elsewhere(file),
        **_missing(listed(act, "missing")),
        clear=flag(act, "clear"),
        separate=flag(act, "separate"),
        on_time=flag(act, "on_time"),
    )
    return Situation("inform", told, _person(file))


def _elsewhere(file: File) -> Answer:
    """Whether the data came from others than the person; what is collected comes from the person."""
    last = file.last("collected")
    file.rests_on("elsewhere", last)
    if last is None:
        return NO if text(file.case.act.fields, "moment") == "collection" else UNKNOWN
    by = text(last.fields, "by")
    other = by is not None and not same_party(by, file.controller)
    if other or term(Source, last.fields.get("in")) in ELSEWHERE:
        return YES
    return UNKNOWN if term(Source, last.fields.get("in")) is Source.UNKNOWN else NO


def _missing(items: tuple[str, ...] | None) -> dict[str, Answer]:
    """Which items are missing; nothing is known when nobody looked."""
    names = (*_ITEMS, "lacks_other")
    if items is None:
        return dict.fromkeys(names, UNKNOWN)
    found = {_item(item.casefold()) for item in items}
    return {name: answer(name in found) for name in names}


def _item(item: str) -> str:
    known = (fact for fact, words in _ITEMS.items() if any(word in item for word in words))
    return next(known, "lacks_other")
