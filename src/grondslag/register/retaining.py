"""Keeping to the schedule: what is due, and doing it.

Everybody on file is gone through, some hundreds at a time.  What is destroyed of some people is destroyed in
one transaction with an account of it in the log, so a run that was cut off is taken up where it was, and
nothing is done or counted twice.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Final

from grondslag.decide import decide
from grondslag.errors import BadCase
from grondslag.facts import draw
from grondslag.law.parameters import MARKETING_MONTHS
from grondslag.question import Act, Case
from grondslag.register import forgetting, holding
from grondslag.register.entries import today
from grondslag.register.figures import Figures
from grondslag.register.forgetting import Account, Certificate, Plan, refusal, refused
from grondslag.register.history import Known, entries_by_subject, entries_of, history
from grondslag.register.own import enter, recorded_at
from grondslag.register.people import members, roots
from grondslag.register.register import Register
from grondslag.register.schedule import Fate, Schedule, State, fates
from grondslag.register.store import again, chunks
from grondslag.screening.progress import Progress, silent

_CHUNK: Final = 1000
"""People looked at together."""
_BATCH: Final = 100
"""People of whom something is destroyed together."""

Person = tuple[list[int], list[Known]]
"""The numbers of a person, the root first, and what is on file."""


@dataclass(slots=True)
class Survey:
    """What is due on a day, and what is not.

    :ivar people: on file; ``concerned``: of whom something is due.
    :ivar due: row of the schedule, kind, and what is done (``destroy``, ``anonymise`` or ``hold``) → entries.
    :ivar used: row → entries that stay in use by it.
    :ivar unscheduled: kind → entries of which no row says how long they are kept (K-01).
    :ivar account: what a run would enter in the log of what is due.
    :ivar released: kind and reason → what is held already and no duty keeps any longer.
    :ivar holding: kind, reason and last day → what is held already.
    """

    day: date
    people: int = 0
    concerned: int = 0
    due: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    used: Counter[str] = field(default_factory=Counter)
    unscheduled: Counter[str] = field(default_factory=Counter)
    account: Account = field(default_factory=Account)
    released: dict[tuple[str, str], int] = field(default_factory=dict)
    holding: dict[tuple[str, str, date], int] = field(default_factory=dict)
    figures: list[dict[str, Any]] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """The survey as plain JSON."""
        return {
            "day": self.day.isoformat(),
            "people": self.people,
            "concerned": self.concerned,
            "due": [
                {"row": row, "kind": kind, "do": do, "entries": count}
                for (row, kind, do), count in sorted(self.due.items())
            ],
            **self.account.told(),
            "released": holding.released(self.released),
            "holding": holding.told(self.holding),
            "used": dict(sorted(self.used.items())),
            "unscheduled": dict(sorted(self.unscheduled.items())),
            "figures": self.figures,
        }


@dataclass(slots=True)
class Retained:
    """What a run did, or all that was left to do of one that was cut off.

    :ivar day: the day as of which it was due.
    :ivar figures: anonymous, of all that the run anonymised, also before it was cut off.
    """

    day: date
    account: Account
    figures: list[dict[str, Any]]
    released: dict[tuple[str, str], int]

    def told(self) -> dict[str, Any]:
        """The run as plain JSON."""
        told = {"day": self.day.isoformat(), **self.account.told()}
        return told | {"released": holding.released(self.released), "figures": self.figures}


# --- Who, and what is due of each --------------------------------------------------------------------------


def everybody(register: Register, progress: Progress = silent) -> Iterator[Person]:
    """Everybody on file with all that can be read; memory stays flat, and others may write meanwhile."""
    store, vault = register.store, register.vault
    merged = [subject for (subject,) in store.rows("SELECT DISTINCT subject FROM same_person")]
    into = roots(store, merged) if merged else {}
    ((total,),) = store.rows("SELECT count(*) FROM subject_key")
    sql = f"SELECT subject FROM subject_key WHERE subject > ? ORDER BY subject LIMIT {_CHUNK}"
    done = last = 0
    while numbers := [number for (number,) in store.rows(sql, last)]:
        last = numbers[-1]
        found: dict[int, list[Known]] = {}
        for subject, entry in entries_by_subject(vault, numbers):
            found.setdefault(subject, []).append(entry)
        for subject, entries in found.items():
            if subject in into:
                continue
            if merged and len(numbers_ := members(store, subject)) > 1:
                yield numbers_, entries_of(vault, numbers_)
            else:
                yield [subject], entries
        done += len(numbers)
        progress("Going through the people", done, total)


class _Planner:
    """What a schedule comes to for each person on a day."""

    def __init__(self, register: Register, schedule: Schedule, day: date) -> None:
        self.register, self.schedule, self.day = register, schedule, day
        # Who has the contact detail of somebody who was forgotten.
        sql = "SELECT DISTINCT i.subject FROM suppression s JOIN identifier i ON i.hash = s.hash"
        self.suppressed = frozenset(number for (number,) in register.store.rows(sql))

    def plan(self, person: Person) -> tuple[Plan, list[Fate]]:
        """What is to be done, and why."""
        subjects, entries = person
        found = fates(self.schedule, entries, self.day, self.refused(person))
        held = [(each.entry, each.hold) for each in found if each.state is State.HELD]
        stays = [each.entry for each in found if each.state is State.USE]
        return Plan(subjects, entries, held, stays), found

    def refused(self, person: Person) -> date | None:
        """Since when the law lets no copy be kept for marketing; None when it still does.

        The rules of the law decide on keeping it a day longer, its own term aside.
        """
        subjects, entries = person
        suppressions = (
            self.register.suppressions(entries, {}, self.day)
            if not self.suppressed.isdisjoint(subjects)
            else []
        )
        days = [each.date for each in entries if refusal(each) is not None and each.date <= self.day]
        days += [date.fromisoformat(day) for _, day in suppressions]
        if not days:
            return None
        told = history(entries, suppressions, self.day)
        kept = {"what": "marketing-data", "purpose": "marketing", "for_marketing": True, "since": self.day}
        stated = {"term_months": MARKETING_MONTHS, "stated": True, "reasoned": True}
        controller = {"name": self.register.controller}
        case = Case(controller, told.person, told.events, Act(self.day, "keep", kept | stated))
        return None if decide(draw(case), at=self.day).allowed else max(days)


def _is_due(plan: Plan) -> bool:
    return len(plan.stays) < len(plan.entries)


def survey(register: Register, schedule: Schedule, day: date, progress: Progress = silent) -> Survey:
    """What is due on a day, what is held and why; nothing is done."""
    planner, found, figures = _Planner(register, schedule, day), Survey(day), Figures()
    for person in everybody(register, progress):
        plan, each = planner.plan(person)
        found.people += 1
        _count(found, each)
        if _is_due(plan):
            found.concerned += 1
            found.account.add(plan.account())
            figures.add(fate.entry for fate in each if fate.anonymised)
    found.released = holding.due(register.store, day)
    rows = register.store.rows(
        "SELECT kind, reason, until, count(*) FROM held h JOIN entry e ON e.number = h.entry"
        " WHERE until >= ? GROUP BY kind, reason, until ORDER BY until, reason, kind",
        day.isoformat(),
    )
    found.holding = {(kind, reason, date.fromisoformat(until)): count for kind, reason, until, count in rows}
    found.figures = figures.told(schedule.threshold)
    return found


def _count(found: Survey, each: Sequence[Fate]) -> None:
    for fate in each:
        if fate.row is None:
            found.unscheduled[fate.entry.kind] += 1
        elif fate.state is State.USE:
            found.used[fate.row.name] += 1
        else:
            what = "anonymise" if fate.anonymised else "destroy"
            done = "hold" if fate.state is State.HELD else what
            found.due[fate.row.name, fate.entry.kind, done] += 1


# --- Doing it ----------------------------------------------------------------------------------------------


def run(register: Register, schedule: Schedule, at: datetime, progress: Progress = silent) -> Retained:
    """Do what is due; first of all, and only, what is left of a run that was cut off.

    :raises BadCase: when that run was begun with another schedule.
    """
    store, vault = register.store, register.vault
    begun = again(lambda: _begun(register, schedule, at, progress))
    done = Retained(_day(register, at), Account(), [], {})
    if begun:
        done.day, done.figures = begun
        planner = _Planner(register, schedule, done.day)
        due = (person for person in everybody(register, progress) if _is_due(planner.plan(person)[0]))
        for some in chunks(due, _BATCH):
            people = [subjects for subjects, _ in some]
            done.account.add(again(partial(_batch, planner, people, at)))
        again(lambda: _end(register, schedule, done, at))
    done.released = again(lambda: holding.release(vault, at))
    store.scrub()
    return done


def _day(register: Register, at: datetime) -> date:
    """Today; never before the last recording."""
    return today(datetime.fromtimestamp(recorded_at(register.store, int(at.timestamp())), UTC))


def _begun(
    register: Register, schedule: Schedule, at: datetime, progress: Progress
) -> tuple[date, list[dict[str, Any]]] | None:
    """The day and the figures of the run that was cut off, or of a new one; None when nothing is due.

    The figures are those of everybody of whom something is due: they are fixed before anything is destroyed.
    """
    for day, hash_, figures in register.store.rows("SELECT day, schedule, figures FROM retaining"):
        if hash_ != schedule.hash:
            told = f"is another than that with which the run of {day} was begun, which was cut off"
            raise BadCase("the schedule", told, "finish that run with its own schedule first")
        return date.fromisoformat(day), json.loads(figures)
    found = survey(register, schedule, _day(register, at), progress)
    if not found.concerned:
        return None
    with register.store.writing():
        row = found.day.isoformat(), schedule.hash, json.dumps(found.figures)
        register.store.insert("retaining", [row])
    return found.day, found.figures


def _batch(planner: _Planner, people: Sequence[Sequence[int]], at: datetime) -> Account:
    """Do what is due of some people, in one transaction with the account of it."""
    vault, account = planner.register.vault, Account()
    with vault.store.writing():
        vault.current()
        day = _day(planner.register, at)
        for subjects in people:
            # Who was merged, split or forgotten meanwhile comes by another time.
            if forgetting.locked(vault, subjects):
                # What was recorded meanwhile may have changed what is due.
                plan, _ = planner.plan((list(subjects), entries_of(vault, subjects)))
                if _is_due(plan):
                    forgetting.carry_out(vault, plan, refused(plan.entries), day, account)
        if account.erased or account.held:
            enter(
                vault,
                [("retained", None, {"due": planner.day.isoformat(), **account.told()})],
                int(at.timestamp()),
            )
    return account


def _end(register: Register, schedule: Schedule, done: Retained, at: datetime) -> None:
    """Enter that a run is done, and what it was done by."""
    with register.store.writing():
        register.vault.current()
        if register.store.rows("DELETE FROM retaining RETURNING day"):
            told = {"done": done.day.isoformat(), "schedule": schedule.hash, "figures": done.figures}
            enter(register.vault, [("retained", None, told)], int(at.timestamp()))


def lessen(
    register: Register, subjects: Sequence[int], schedule: Schedule, ground: str, at: datetime
) -> Certificate:
    """Destroy the marketing copy of somebody who objected or withdrew, at once; the rest stays as it has to.

    :raises BadCase: when nothing on file says so.
    """
    store, vault = register.store, register.vault
    with store.writing():
        vault.current()
        forgetting.lock(vault, subjects)
        what = lessened(register, subjects, schedule, _day(register, at))
        certificate = forgetting.certified(vault, what, ground, int(at.timestamp()))
    store.scrub()
    return certificate


def lessened(register: Register, subjects: Sequence[int], schedule: Schedule, day: date) -> Plan:
    """What that would come to; nothing is done."""
    planner = _Planner(register, schedule, day)
    person = list(subjects), entries_of(register.vault, subjects)
    if planner.refused(person) is None:
        told = "is not on file, or does not end the keeping of these data for marketing"
        raise BadCase("the objection or withdrawal", told, "record it first, or erase with --ground request")
    return planner.plan(person)[0]
