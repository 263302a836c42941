"""Keeping to the schedule: doing what is due.

What is destroyed of some people is destroyed in one transaction with an account of it in the log, so a run
that was cut off is taken up where it was, and nothing is done or counted twice.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from grondslag.errors import BadCase
from grondslag.register import forgetting, holding
from grondslag.register.entries import day_of
from grondslag.register.forgetting import Account, Certificate, Plan, refused
from grondslag.register.history import entries_of
from grondslag.register.own import enter, recorded_at
from grondslag.register.register import Register
from grondslag.register.schedule import Schedule
from grondslag.register.store import again, chunks
from grondslag.register.surveying import Planner, everybody, is_due, survey
from grondslag.screening.progress import Progress, silent

_BATCH: Final = 100
"""People of whom something is destroyed together."""


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


def run(register: Register, schedule: Schedule, at: datetime, progress: Progress = silent) -> Retained:
    """Do what is due; first of all, and only, what is left of a run that was cut off.

    :raises BadCase: when that run was begun with another schedule.
    """
    store, vault = register.store, register.vault
    begun = again(lambda: _begun(register, schedule, at, progress))
    done = Retained(_day(register, at), Account(), [], {})
    if begun:
        done.day, done.figures = begun
        planner = Planner(register, schedule, done.day)
        due = (person for person in everybody(register, progress) if is_due(planner.plan(person)[0]))
        for some in chunks(due, _BATCH):
            people = [subjects for subjects, _ in some]
            done.account.add(again(partial(_batch, planner, people, at)))
        again(lambda: _end(register, schedule, done, at))
    done.released = again(lambda: holding.release(vault, at))
    store.scrub()
    return done


def _day(register: Register, at: datetime) -> date:
    """Today; never before the last recording."""
    return day_of(recorded_at(register.store, int(at.timestamp())))


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


def _batch(planner: Planner, people: Sequence[Sequence[int]], at: datetime) -> Account:
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
                if is_due(plan):
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
    planner = Planner(register, schedule, day)
    person = list(subjects), entries_of(register.vault, subjects)
    if planner.refused(person) is None:
        told = "is not on file, or does not end the keeping of these data for marketing"
        raise BadCase("the objection or withdrawal", told, "record it first, or erase with --ground request")
    return planner.plan(person)[0]
