"""What is due by the schedule: everybody on file is gone through, many at a time; nothing is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from grondslag.decide import decide
from grondslag.facts import draw
from grondslag.law.parameters import MARKETING_MONTHS
from grondslag.question import Act, Case
from grondslag.register import holding
from grondslag.register.figures import Figures
from grondslag.register.forgetting import Account, Plan, refusal
from grondslag.register.history import Known, entries_by_subject, entries_of, history
from grondslag.register.people import members, roots
from grondslag.register.register import Register
from grondslag.register.schedule import Fate, Schedule, State, fates
from grondslag.screening.progress import Progress, silent

_CHUNK: Final = 1000
"""People looked at together."""

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


def everybody(register: Register, progress: Progress = silent) -> Iterator[Person]:
    """Everybody on file with all that can be read; memory stays flat, and others may write meanwhile."""
    store, vault = register.store, register.vault
    merged = [subject for (subject,) in store.rows("SELECT DISTINCT subject FROM same_person")]
    into = roots(store, merged)
    heads = set(into.values())
    ((total,),) = store.rows("SELECT count(*) FROM subject_key")
    sql = f"SELECT subject FROM subject_key WHERE subject > ? ORDER BY subject LIMIT {_CHUNK}"
    done = last = 0
    while numbers := [number for (number,) in store.rows(sql, last)]:
        last = numbers[-1]
        found: dict[int, list[Known]] = {}
        for subject, entry in entries_by_subject(vault, numbers):
            found.setdefault(subject, []).append(entry)
        for subject in numbers:
            if subject in heads:
                yield (whole := members(store, subject)), entries_of(vault, whole)
            elif subject in found and subject not in into:
                yield [subject], found[subject]
        done += len(numbers)
        progress("Going through the people", done, total)


class Planner:
    """What a schedule comes to for each person on a day."""

    def __init__(self, register: Register, schedule: Schedule, day: date) -> None:
        self.register, self.schedule, self.day = register, schedule, day
        self.suppressed = register.suppressed(day)

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


def is_due(plan: Plan) -> bool:
    """Whether a plan changes anything."""
    return len(plan.stays) < len(plan.entries)


def survey(register: Register, schedule: Schedule, day: date, progress: Progress = silent) -> Survey:
    """What is due on a day, what is held and why; nothing is done."""
    planner, found, figures = Planner(register, schedule, day), Survey(day), Figures()
    for person in everybody(register, progress):
        plan, each = planner.plan(person)
        found.people += 1
        _count(found, each)
        if is_due(plan):
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
