"""What became of each consent on a day: given, renewed, invalid, unknown, expired, withdrawn.

What a valid consent is stands in :mod:`grondslag.law` and nowhere else: each consent is put to the question
``consent-valid``, alone and beside each refusal, and the conditions that fail say what became of it.
A record is about one entry and one channel, since consent is given, and taken back, per channel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from grondslag import vocabulary as v
from grondslag.answers import NO, YES
from grondslag.decide import decide
from grondslag.errors import NoLawInForce
from grondslag.facts import draw
from grondslag.facts.reading import add_months
from grondslag.law.profiles import STRICT, Profile
from grondslag.question import Act, Case, Event, Fields
from grondslag.register.history import History, Known, history

GIVEN, RENEWED, INVALID, UNKNOWN, EXPIRED, WITHDRAWN = (
    "ConsentGiven",
    "RenewedConsentGiven",
    "ConsentInvalidated",
    "ConsentUnknown",
    "ConsentExpired",
    "ConsentWithdrawn",
)
OBJECTED, NOT_OBJECTED = "LegitimateInterestObjected", "LegitimateInterestNotObjected"
"""The words of DPV 2.3 for what may be the state of a consent, or of an interest relied on."""

RECORDED: Final = ("consent", "withdrawal", "objection", "relation")
"""The kinds of entry that a record is made of."""

_REFUSED: Final = frozenset({"C-07", "R-01", "C-15"})
"""Ids of docs/law.md: the consent was withdrawn, or is not younger than a refusal."""
_LAPSED: Final = frozenset({"C-10"})
_ACTED: Final = ("opened", "clicked", "bought")
_SPANS: Final = (12, 24, 36)
"""The months after which the law may take another view of a consent (:class:`grondslag.law.terms.Span`)."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One state, and since when.

    :ivar status: a word of DPV 2.3.
    :ivar when: the day, or the moment (RFC 3339) when the entry tells it.
    :ivar by: ``person``, ``parent`` or ``controller``; None when nobody wrote down who.
    :ivar entry: the entry that brought it about; None when time or the law did.
    """

    status: str
    when: str
    by: str | None
    entry: Known | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One entry for one channel, and what became of it.

    :ivar channel: None when the entry names none.
    :ivar stages: oldest first; the last is the state on the day asked for.
    :ivar short: ids of docs/law.md: the conditions of a valid consent that are not certainly met.
    :ivar at: the day on which it was judged.
    """

    entry: Known
    channel: str | None
    stages: tuple[Stage, ...]
    short: tuple[str, ...]
    at: date

    @property
    def id(self) -> str:
        """An IRI that stays the same whatever becomes of the consent."""
        return f"urn:grondslag:record:{self.entry.id}" + (f":{self.channel}" if self.channel else "")

    @property
    def status(self) -> str:
        return self.stages[-1].status

    @property
    def fields(self) -> Mapping[str, Any]:
        """The fields of the event."""
        found: Mapping[str, Any] = self.entry.tree[self.entry.kind]
        return found

    @property
    def proof(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.entry.tree.get("proof", {})
        return found


def records(
    entries: Sequence[Known],
    at: date,
    controller: Fields,
    profile: Profile = STRICT,
    suppressions: Sequence[tuple[str, str]] = (),
) -> list[Record]:
    """The records of one person on a day, oldest first.

    A relation is recorded only when it makes a customer, for whom there is an exception.  What was put right,
    and what was given for a contact detail that is no longer the person's, has no record.

    :param entries: all that is known of the person; leave out what was not known yet.
    :param controller: ``name`` and ``kind``, as the situation format has them.
    """
    told = history(entries, suppressions, at)
    file = _File(told, at, controller, profile)
    return [
        record
        for event in told.events
        if event.kind in RECORDED and event.place >= 0
        for record in _BY_KIND[event.kind](file, event)
    ]


class _File:
    """The history of one person, and the questions that are asked of it."""

    def __init__(self, told: History, at: date, controller: Fields, profile: Profile) -> None:
        self._told, self._controller, self._profile = told, controller, profile
        self.at = at
        self.refusals = [event for event in told.events if _refuses(event)]
        self._rest = [quiet for event in told.events if (quiet := _quiet(event)) and event.kind != "consent"]
        self.consents = [event for event in told.events if event.kind == "consent"]
        self.acted = [
            event.date
            for event in told.events
            if event.fields.get("kind") in _ACTED and event.kind == "interaction"
        ]
        self._given: dict[tuple[int, str | None], bool] = {}

    def entry(self, event: Event) -> Known:
        return self._told.entries[event.place]

    def failing(
        self, consent: Event, channel: str | None, *refusals: Event, on: date | None = None
    ) -> dict[str, bool]:
        """The conditions that this consent, alone on file, does not certainly meet on a day.

        :return: id of docs/law.md → whether it certainly fails.
        """
        facts = {"channel": channel} if consent.fields.get("purpose") == "marketing" else {}
        said = {"question": "consent-valid", "facts": facts}
        kept = sorted([*self._rest, consent, *refusals], key=lambda event: event.date)
        case = Case(self._controller, self._told.person, tuple(kept), Act(on or self.at, "judge", said))
        try:
            (finding,) = decide(draw(case), at=case.act.date, profile=self._profile).findings
        except NoLawInForce:
            return {"C-01": False}
        found: dict[str, bool] = {}
        for clause in finding.failing:
            found[clause.id] = found.get(clause.id, False) or clause.answer is NO
        return found

    def customer(self, relation: Event) -> bool:
        """Whether the relation, alone on file, makes a customer of the person."""
        act = Act(self.at, "judge", {"question": "existing-customer"})
        case = Case(self._controller, self._told.person, (relation,), act)
        try:
            return decide(draw(case), at=self.at, profile=self._profile).answer is YES
        except NoLawInForce:
            return False

    def sound(self, consent: Event, channel: str | None) -> bool:
        """Whether it was given in a valid way, whatever became of it since."""
        key = consent.place, channel
        if key not in self._given:
            self._given[key] = self.failing(consent, channel).keys() <= _LAPSED
        return self._given[key]


def _refuses(event: Event) -> bool:
    return event.kind in ("withdrawal", "objection") or event.fields.get("opt_out_used") is True


def _quiet(event: Event) -> Event | None:
    """The event without the refusal in it; nothing when it is a refusal and no more."""
    if not _refuses(event):
        return event
    if event.kind != "collected":
        return None
    return replace(event, fields={k: value for k, value in event.fields.items() if k != "opt_out_used"})


# --- By kind ------------------------------------------------------------------------------------------


def _consent(file: _File, consent: Event) -> Iterator[Record]:
    entry = file.entry(consent)
    for channel in channels_of(consent.fields):
        failing = file.failing(consent, channel)
        first = Stage(_first(file, consent, channel, failing), moment(entry), giver(consent.fields), entry)
        refusal = next((each for each in file.refusals if _takes_back(file, consent, channel, each)), None)
        ends = [_taken_back(file, refusal)] if refusal else []
        if not failing.keys().isdisjoint(_LAPSED):
            lapsed = _lapsed_on(file, consent, channel)
            if refusal is None or lapsed < refusal.date:
                ends.insert(0, Stage(EXPIRED, lapsed.isoformat(), "controller"))
        yield Record(entry, channel, (first, *ends), tuple(sorted(failing)), file.at)


def _first(file: _File, consent: Event, channel: str | None, failing: Mapping[str, bool]) -> str:
    """The state in which it was given."""
    flaws = {flaw: certain for flaw, certain in failing.items() if flaw not in _LAPSED}
    if flaws:
        return INVALID if any(flaws.values()) else UNKNOWN
    scope = [_scope(consent)]
    earlier = [each for each in file.consents if each.date < consent.date and [_scope(each)] == scope]
    renewed = any(channel in channels_of(each.fields) and file.sound(each, channel) for each in earlier)
    return RENEWED if renewed else GIVEN


def _scope(consent: Event) -> tuple[object, ...]:
    """What a consent is for, channels apart."""
    return tuple(consent.fields.get(name) for name in ("purpose", "about", "to", "data"))


def _lapsed_on(file: _File, consent: Event, channel: str | None) -> date:
    """The first day of the time, still going on, in which it is too old.

    It can only grow too old on the day after a term; whether it does is asked for each of those days.
    """
    stated = consent.fields.get("months")
    terms = {*_SPANS, *([stated] if isinstance(stated, int) else [])}
    days = [consent.date] + [day for day in file.acted if day > consent.date]
    ends = {add_months(day, months) + timedelta(days=1) for day in days for months in terms}
    turns = sorted((day for day in {*ends, file.at} if consent.date < day <= file.at), reverse=True)
    first = file.at
    for day in turns:
        if file.failing(consent, channel, on=day).keys().isdisjoint(_LAPSED):
            break
        first = day
    return first


def _takes_back(file: _File, consent: Event, channel: str | None, refusal: Event) -> bool:
    """Whether this refusal by itself ends the consent."""
    if refusal.date < consent.date:
        return False
    return not file.failing(consent, channel, refusal).keys().isdisjoint(_REFUSED)


def _taken_back(file: _File, refusal: Event) -> Stage:
    if refusal.place < 0:  # a suppression: the day is all that is left of it
        return Stage(WITHDRAWN, refusal.date.isoformat(), "person")
    entry = file.entry(refusal)
    return Stage(WITHDRAWN, moment(entry), "person", entry)


def _refusal(file: _File, refusal: Event) -> Iterator[Record]:
    entry = file.entry(refusal)
    status = WITHDRAWN if refusal.kind == "withdrawal" else OBJECTED
    for channel in channels_of(refusal.fields, whole=True):
        yield Record(entry, channel, (Stage(status, moment(entry), "person", entry),), (), file.at)


def _relation(file: _File, relation: Event) -> Iterator[Record]:
    entry = file.entry(relation)
    if file.customer(relation):
        stages = [Stage(NOT_OBJECTED, moment(entry), "controller", entry)]
        for refusal in file.refusals:
            if refusal.fields.get("scope") != "profiling":
                stages.append(replace(_taken_back(file, refusal), status=OBJECTED))
        yield Record(entry, None, tuple(sorted(stages, key=_by_state)), (), file.at)


def _by_state(stage: Stage) -> tuple[bool, str]:
    """Whoever objected before still objects: for a customer there is no new yes but a consent."""
    return stage.status == OBJECTED, stage.when


_BY_KIND: Final = {
    "consent": _consent,
    "withdrawal": _refusal,
    "objection": _refusal,
    "relation": _relation,
}

# --- Reading an entry -----------------------------------------------------------------------------------


def channels_of(fields: Fields, whole: bool = False) -> tuple[str | None, ...]:
    """The channels that an event names, each; one None when it names none.

    :param whole: leave ``all`` as it is: who refuses everything refuses it at once.
    """
    match fields.get("channels"):
        case "all" | ["all"]:
            return ("all",) if whole else v.CHANNEL.values
        case [*named]:
            return tuple(dict.fromkeys(map(str, named)))
        case str(one):
            return (one,)
        case _:
            return (None,)


def moment(entry: Known) -> str:
    """When it happened: to the second in UTC when that is known, else the day."""
    if "time" not in entry.tree:
        return str(entry.tree["date"])
    return datetime.fromisoformat(entry.tree["time"]).astimezone(UTC).isoformat().replace("+00:00", "Z")


def giver(fields: Fields) -> str | None:
    by = fields.get("given_by")
    return by if isinstance(by, str) else None
