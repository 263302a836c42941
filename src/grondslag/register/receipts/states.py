"""What became of each consent on a day: given, renewed, invalid, unknown, expired, withdrawn.

What a valid consent is stands in :mod:`grondslag.law` and nowhere else: each consent is put to the question
``consent-valid``, alone and beside each refusal, and the conditions that fail say what became of it.
A record is about one entry and one channel, since consent is given, and taken back, per channel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from grondslag.facts.reading import add_months
from grondslag.law.profiles import STRICT, Profile
from grondslag.question import Event, Fields
from grondslag.register.history import History
from grondslag.register.receipts.asked import LAPSED, Asked
from grondslag.register.receipts.stages import (
    EXPIRED,
    GIVEN,
    INVALID,
    NOT_OBJECTED,
    OBJECTED,
    RECORDED,
    RENEWED,
    UNKNOWN,
    WITHDRAWN,
    Record,
    Stage,
    channels_of,
    giver,
    moment,
)

_REFUSED: Final = frozenset({"C-07", "R-01", "C-15"})
"""Ids of docs/law.md: the consent was withdrawn, or is not younger than a refusal."""
_UNPROVEN: Final = frozenset({"C-06", "G-07"})
"""The consent cannot be shown: nobody knows whether it was a good one."""
_SPANS: Final = (12, 24, 36)
"""The months after which the law may take another view of a consent (:class:`grondslag.law.terms.Span`)."""


def records(told: History, at: date, controller: Fields, profile: Profile = STRICT) -> list[Record]:
    """The records of one person on a day, oldest first.

    A relation is recorded only when it makes a customer, for whom there is an exception.  What was put right,
    and what was given for a contact detail that is no longer the person's, has no record.

    :param told: what is on file on that day, as ``Register.history_of`` gives it.
    :param controller: ``name`` and ``kind``, as the situation format has them.
    """
    asked = Asked(told, at, controller, profile)
    return [
        record
        for event in told.events
        if event.kind in RECORDED and event.place >= 0
        for record in _BY_KIND[event.kind](asked, event)
    ]


# --- By kind ------------------------------------------------------------------------------------------


def _consent(asked: Asked, consent: Event) -> Iterator[Record]:
    entry = asked.entry(consent)
    for channel in channels_of(consent.fields):
        failing = asked.failing(consent, channel)
        first = Stage(_first(asked, consent, channel, failing), moment(entry), giver(consent.fields), entry)
        refusal = next((each for each in asked.refusals if _takes_back(asked, consent, channel, each)), None)
        ends = [_taken_back(asked, refusal, first.when, WITHDRAWN)] if refusal else []
        if not failing.keys().isdisjoint(LAPSED):
            lapsed = _lapsed_on(asked, consent, channel)
            if refusal is None or lapsed < refusal.date:
                ends.insert(0, Stage(EXPIRED, lapsed.isoformat(), "controller"))
        yield Record(entry, channel, (first, *ends), tuple(sorted(failing)), asked.at)


def _first(asked: Asked, consent: Event, channel: str | None, failing: Mapping[str, bool]) -> str:
    """The state in which it was given."""
    flaws = {flaw: certain for flaw, certain in failing.items() if flaw not in LAPSED}
    if flaws:
        return INVALID if any(flaws[flaw] for flaw in flaws.keys() - _UNPROVEN) else UNKNOWN
    scope = [_scope(consent)]
    earlier = [each for each in asked.consents if each.date < consent.date and [_scope(each)] == scope]
    renewed = any(channel in channels_of(each.fields) and asked.sound(each, channel) for each in earlier)
    return RENEWED if renewed else GIVEN


def _scope(consent: Event) -> tuple[object, ...]:
    """What a consent is for, channels apart."""
    return tuple(consent.fields.get(name) for name in ("purpose", "about", "to", "data"))


def _lapsed_on(asked: Asked, consent: Event, channel: str | None) -> date:
    """The first day of the time, still going on, in which it is too old.

    It can only grow too old on the day after a term; whether it does is asked for each of those days.
    """
    stated = consent.fields.get("months")
    terms = {*_SPANS, *([stated] if isinstance(stated, int) else [])}
    days = [consent.date] + [day for day in asked.acted if day > consent.date]
    ends = {add_months(day, months) + timedelta(days=1) for day in days for months in terms}
    turns = sorted((day for day in {*ends, asked.at} if consent.date < day <= asked.at), reverse=True)
    first = asked.at
    for day in turns:
        if asked.failing(consent, channel, on=day).keys().isdisjoint(LAPSED):
            break
        first = day
    return first


def _takes_back(asked: Asked, consent: Event, channel: str | None, refusal: Event) -> bool:
    """Whether this refusal by itself ends the consent."""
    if refusal.date < consent.date:
        return False
    return not asked.failing(consent, channel, refusal).keys().isdisjoint(_REFUSED)


def _taken_back(asked: Asked, refusal: Event, since: str, status: str) -> Stage:
    """The state that a refusal brings about.

    On one day the no wins, whatever the clock says: a moment before what it ends is told by its day only.
    """
    day = refusal.date.isoformat()
    if refusal.place < 0:  # a suppression: the day is all that is left of it
        return Stage(status, day, "person")
    entry = asked.entry(refusal)
    when = moment(entry)
    return Stage(status, when if when > since else day, "person", entry)


def _refusal(asked: Asked, refusal: Event) -> Iterator[Record]:
    entry = asked.entry(refusal)
    status = WITHDRAWN if refusal.kind == "withdrawal" else OBJECTED
    for channel in channels_of(refusal.fields, whole=True):
        yield Record(entry, channel, (Stage(status, moment(entry), "person", entry),), (), asked.at)


def _relation(asked: Asked, relation: Event) -> Iterator[Record]:
    """Who objected before still objects: for a customer there is no new yes but a consent."""
    entry = asked.entry(relation)
    if not asked.customer(relation):
        return
    since = moment(entry)
    stages = [Stage(NOT_OBJECTED, since, "controller", entry)]
    refusals = (each for each in asked.refusals if each.fields.get("scope") not in ("profiling", "sharing"))
    refusal = next(refusals, None)
    if refusal and refusal.date <= relation.date:
        stages = [replace(_taken_back(asked, refusal, since, OBJECTED), when=since)]
    elif refusal:
        stages.append(_taken_back(asked, refusal, since, OBJECTED))
    yield Record(entry, None, tuple(stages), (), asked.at)


_BY_KIND: Final = {
    "consent": _consent,
    "withdrawal": _refusal,
    "objection": _refusal,
    "relation": _relation,
}
