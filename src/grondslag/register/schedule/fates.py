"""What becomes of each entry of a person on a day: it stays in use, it is held for a duty, or it goes.

An entry comes under every row that covers it.  While a purpose that is no duty has it, it stays in use.  Then
the longest duty holds it, and then it goes.  The last day of a period counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Final, NamedTuple

from grondslag.facts.keep import DEALINGS, OF_HIS_OWN, RUNNING
from grondslag.facts.reading import add_months
from grondslag.register.history import Known, standing
from grondslag.register.holding import Hold, Holds
from grondslag.register.schedule.checks import REFUSING
from grondslag.register.schedule.reading import Row, Schedule

OUTER_LIMIT: Final = 240
"""Months: BW 3:306 and 3:310, the outer limit of a claim; a dispute whose end is not on file is over then."""


class State(Enum):
    """In the order of how much is left of an entry."""

    GONE = 0
    HELD = 1
    USE = 2


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one entry.

    :ivar row: by which it stays, or the last that ended; None when no row says how long it is kept.
    :ivar until: the last day of that; None when it has no end yet.
    :ivar anonymised: whether it is counted in anonymous figures, now that it is in use no more.
    """

    entry: Known
    state: State
    row: Row | None
    until: date | None
    anonymised: bool = False

    @property
    def hold(self) -> Hold:
        """Why an entry that is held stays."""
        assert self.row is not None and self.until is not None
        return Hold(self.row.told, self.until)


def fates(schedule: Schedule, entries: Sequence[Known], at: date, refused: date | None) -> list[Fate]:
    """What becomes of everything that is on file of a person.

    :param refused: since when the law lets no copy be kept for marketing (K-07), if it does not.
    """
    person = _Person(schedule, entries, at, refused)
    return [person.fate(entry) for entry in entries]


def holds(schedule: Schedule, at: date) -> Holds:
    """What duties keep of somebody who is forgotten on that day as a whole: relations end on it."""

    def held(entries: Sequence[Known]) -> Mapping[int, Hold]:
        person = _Person(schedule, entries, at, ending=True)
        found = map(person.fate, entries)
        return {each.entry.number: each.hold for each in found if each.state is State.HELD}

    return held


class _Period(NamedTuple):
    """A row, the last day of its period for an entry (none: it has no end yet), and whether it runs."""

    row: Row
    last: date | None
    runs: bool

    def since(self, start: date, at: date) -> _Period:
        """The same, counted from a day."""
        last = self.row.last(start)
        return _Period(self.row, last, at <= last)


class _Person:
    """What is on file of one person on a day, and the days from which periods count.

    :ivar standing: what nothing put right.
    :ivar dealing: the last dealing; none while a relation runs.
    :ivar contract: the end of the last relation, or none while one runs.
    :ivar dispute: the end of the last dispute, or none when there is none.
    :ivar stays: whether anything is in use: then so is what says who it is about.
    """

    def __init__(
        self,
        schedule: Schedule,
        entries: Sequence[Known],
        at: date,
        refused: date | None = None,
        *,
        ending: bool = False,
    ) -> None:
        self.schedule, self.entries, self.at = schedule, entries, at
        self.refused, self.ending = refused, ending
        self.corrections: dict[str, list[Known]] = {}
        for entry in entries:
            if "corrects" in entry.tree:
                self.corrections.setdefault(entry.tree["corrects"], []).append(entry)
        self.standing = [*standing(entries)]
        deals = [self._end(entry) for entry in self.standing if _deals(entry)]
        # Who never dealt with the controller himself is on file since the last that is known of him.
        self.dealing = _latest(deals or [entry.date for entry in self.standing or entries])
        self.contract = _latest([self._end(entry) for entry in self.standing if entry.kind == "relation"])
        self.dispute = _latest([_dispute(entry) for entry in self.standing if entry.kind == "dispute"])
        self.rows = {entry.number: [*self._rows(entry)] for entry in entries}
        self.stays = not ending and any(
            entry.kind in REFUSING
            or any(each.runs for each in self.rows[entry.number] if not each.row.blocked)
            for entry in self.standing
        )
        self.found: dict[int, Fate] = {}

    # --- The days from which a period counts ---------------------------------------------------------------

    def _end(self, entry: Known) -> date | None:
        """The day on which what an entry tells of was over; None for a relation that runs."""
        fields = entry.tree[entry.kind]
        if entry.kind != "relation":
            return entry.date
        if until := _day(fields, "until"):
            return max(until, entry.date)
        if fields.get("kind") in RUNNING and fields.get("cancelled") is not True:
            return max(self.at, entry.date) if self.ending else None
        return entry.date

    def _start(self, row: Row, entry: Known) -> date | None:
        """None: it has not begun, because what comes before it has not ended."""
        if row.start == "dealing":
            return self.dealing
        if row.start == "dispute":
            return self.dispute
        if row.start == "event":
            return entry.date
        end = self._end(self._last_word(entry))
        if row.start == "year":
            return end and date(end.year, 12, 31)
        if entry.kind != "relation" and any(each.kind == "relation" for each in self.standing):
            return self.contract and max(self.contract, entry.date)
        return end

    def _last_word(self, entry: Known) -> Known:
        """What puts an entry right, if anything of its kind does: that says when it ended."""
        seen = {entry.number}
        while better := [
            each
            for each in self.corrections.get(entry.tree["id"], ())
            if each.kind == entry.kind and each.number not in seen
        ]:
            entry = better[-1]
            seen.add(entry.number)
        return entry

    def _rows(self, entry: Known) -> Iterator[_Period]:
        """Each row that covers an entry; those that count from another row have not begun."""
        for row in self.schedule.by_kind.get(entry.kind, ()):
            if not row.covers(entry.kind, entry.tree[entry.kind]):
                continue
            if row.start == "dispute" and self.dispute is None:
                continue
            if row.start in ("person", "use"):
                yield _Period(row, None, runs=False)
                continue
            start = self._start(row, entry)
            last = start and row.last(start)
            if self.refused and row.purpose == "marketing":
                yield _Period(row, min(last or self.refused, self.refused), runs=False)
            else:
                over = (self.ending and not row.blocked) or (last is not None and last < self.at)
                yield _Period(row, last, runs=not over)

    # --- What becomes of an entry --------------------------------------------------------------------------

    def fate(self, entry: Known) -> Fate:
        """What becomes of one entry; what was put right is in use no longer than what put it right."""
        if entry.number not in self.found:
            self.found[entry.number] = self._of(entry, usable=True)  # for corrections in a circle
            corrections = [] if entry.kind in REFUSING else self.corrections.get(entry.tree["id"], [])
            if corrections and all(self.fate(each).state is not State.USE for each in corrections):
                self.found[entry.number] = self._of(entry, usable=False)
        return self.found[entry.number]

    def _of(self, entry: Known, *, usable: bool) -> Fate:
        rows = self.rows[entry.number]
        uses, duties = [e for e in rows if not e.row.blocked], [e for e in rows if e.row.blocked]
        if not rows:
            return Fate(entry, State.GONE if self.ending else State.USE, None, None)
        in_use = [each for each in uses if each.runs or (self.stays and each.row.start == "person")]
        if in_use and usable:
            return Fate(entry, State.USE, *_longest(in_use))
        used = self._used(entry, uses)
        duties = [each.since(used, self.at) if each.row.start == "use" else each for each in duties]
        anonymised = not self.refused and any(each.row.anonymise for each in uses)
        if held := [each for each in duties if each.runs]:
            row, until = _longest(held)
            if until is None:  # the relation runs: what it needs is no mere duty
                return Fate(entry, State.USE, row, None)
            return Fate(entry, State.HELD, row, until, anonymised)
        return Fate(entry, State.GONE, *_longest([*uses, *duties]), anonymised)

    def _used(self, entry: Known, uses: Sequence[_Period]) -> date:
        """The last day on which an entry was in use."""
        if not uses:
            return entry.date
        ends = [each.last for each in uses if each.row.start != "person"]
        return min(self.at, _latest(ends) or self.at)


def _latest(days: Sequence[date | None]) -> date | None:
    """The last of some days; None when one is still to come, or there are none."""
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def _longest(periods: Sequence[_Period]) -> tuple[Row, date | None]:
    found = max(periods, key=lambda each: each.last or date.max)
    return found.row, found.last


def _deals(entry: Known) -> bool:
    """Whether somebody dealt with the controller by it."""
    fields = entry.tree[entry.kind]
    if entry.kind == "relation":
        return fields.get("kind") != "none" and "with" not in fields
    return entry.kind in DEALINGS and (entry.kind != "interaction" or fields.get("kind") in OF_HIS_OWN)


def _dispute(entry: Known) -> date:
    return _day(entry.tree["dispute"], "until") or add_months(entry.date, OUTER_LIMIT)


def _day(fields: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(fields[name]) if name in fields else None
