"""Everybody in a snapshot on one day, as arrays: who is like whom, and what the facts make of each sort.

The crowd of a day is put before a campaign: for each part of a pattern somebody who has it is drawn as any
person is, by :func:`grondslag.facts.draw`, and what was drawn stands for all who share the part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from operator import itemgetter
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from grondslag.decide import Sights, concerning
from grondslag.facts import draw
from grondslag.law.profiles import Profile
from grondslag.law.rulebook import DUTCH
from grondslag.law.rules import Rule
from grondslag.law.situation import Situation
from grondslag.law.terms import Closeness
from grondslag.question import Event, Fields
from grondslag.screening.campaign import NEAREST_FIRST, Campaign, rank
from grondslag.screening.cones import Cone
from grondslag.screening.contents import READ, Contents, event
from grondslag.screening.records import PERSON

Numbers = npt.NDArray[Any]

PARTS: Final = ("c", "r", "x")
"""The parts of a pattern (:mod:`.weigh`), in the order in which the arrays hold them."""
STEPS: Final = (*NEAREST_FIRST, Closeness.UNKNOWN)
"""How near an offer is to what was bought, as the arrays number it."""
BARRED: Final = ("unreadable", "unreadable-refusal", "unknown")
"""Why somebody may not be approached whatever the rules say; the first two by the number of the obstacle."""
_UNMAPPED: Final = 255

History = tuple[tuple[int, date | None, date | None], ...]
"""The content, the day and the other day of each record of somebody, oldest first."""

Row = tuple[int, int | None, date | None, date | None, int | None]
"""Whose, the content, the day, the other day and the line of a record; of who has none, only whose."""


def histories(rows: Iterable[Row], contents: Contents) -> dict[int, History]:
    """What is on file of each number in some rows; of a person's own row the day is null."""
    kinds, told = tuple(READ), dict[int, list[Any]]()
    for number, content, day, other, line in rows:
        of_number = told.setdefault(number, [])
        if content is not None:
            place = kinds.index(contents.all[content].kind)
            of_number.append(((day or date.min, place, line), (content, day, other)))
    return {
        number: tuple(record for _, record in sorted(told[number], key=itemgetter(0)))
        for number in sorted(told)
    }


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody on one day.

    :ivar pattern: for each number, that of his pattern; likewise ``portfolio`` and ``obstacle``.
    :ivar parts: for each pattern the numbers of its parts, columns ``c``, ``r`` and ``x``.
    :ivar bought: the contents of all portfolios, one after another; ``ends`` tells where each ends.
    :ivar examples: number → history of somebody, at least one for each part in use.
    """

    at: date
    pattern: Numbers
    portfolio: Numbers
    obstacle: Numbers
    parts: Numbers
    bought: Numbers
    ends: Numbers
    contents: Contents
    examples: Mapping[int, History] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.pattern)

    def steps(self, campaign: Campaign) -> Numbers:
        """For each portfolio how near the offer is to it, a place in :data:`STEPS`."""
        ranks = np.full(len(self.contents.all), _UNMAPPED, np.uint8)
        steps = campaign.products.in_use(self.at)
        for content in self.contents.all if steps else ():
            step = steps.get(str(content.fields.get("product", "")))
            if content.kind == "relation" and step is not None:
                for relation in campaign.relations(content.fields):
                    place = rank(relation, step)
                    ranks[content.number] = _UNMAPPED if place is None else place
        nearest = np.full(len(self.ends), _UNMAPPED, np.uint8)
        starts = np.concatenate(([0], self.ends[:-1]))
        filled = self.ends > starts
        if filled.any():
            nearest[filled] = np.minimum.reduceat(ranks[self.bought], starts[filled])
        return np.where(nearest == _UNMAPPED, len(STEPS) - 1, nearest % len(NEAREST_FIRST)).astype(np.uint8)

    def states(self, campaign: Campaign) -> Numbers:
        """For each number what the campaign has to know of him; nobody stands at the end, where -1 finds him.

        His pattern and how near the offer is, as one number; above these, a place in :data:`BARRED`.
        """
        states = np.empty(len(self) + 1, np.int32)
        np.multiply(self.pattern, len(STEPS), out=states[:-1])
        states[:-1] += self.steps(campaign)[self.portfolio]
        some = len(self.parts) * len(STEPS)
        barred = np.flatnonzero(self.obstacle)
        states[barred] = self.obstacle[barred] + np.int32(some - 1)
        states[-1] = some + BARRED.index("unknown")
        return states

    def some_of_each(self) -> Numbers:
        """Numbers of people, at least one for each part in use."""
        first = np.full(len(self.parts), -1, np.int32)
        # The last assignment counts: from the end, so that it is the first who has the pattern.
        first[self.pattern[::-1]] = np.arange(len(self.pattern) - 1, -1, -1, dtype=np.int32)
        used = np.flatnonzero(first >= 0)
        chosen = [
            first[used[np.unique(self.parts[used, place], return_index=True)[1]]]
            for place in range(len(PARTS))
        ]
        return np.unique(np.concatenate(chosen))

    def history(self, number: int) -> tuple[Fields, tuple[Event, ...]]:
        """The own fields of somebody among the examples, and what is on file of him."""
        person: Fields = {}
        events = []
        for content, day, other in self.examples[number]:
            said = self.contents.all[content]
            if said.kind == PERSON:
                person = said.fields
            elif day is not None:
                events.append(event(said, day, other))
        return person, tuple(events)


class Faces:
    """What a campaign sees of a crowd: for each part what was drawn of it, each different face once.

    Two drawings that differ only in what no rule in force reads are one face.
    """

    def __init__(self, crowd: Crowd, campaign: Campaign, profile: Profile) -> None:
        self._crowd, self._campaign, self.at = crowd, campaign, crowd.at
        self.act: object = None
        self._numbers: tuple[dict[object, int], ...] = ({}, {}, {})
        self._values: tuple[list[Any], ...] = ([], [], [])
        last = [int(crowd.parts[:, place].max(initial=-1)) for place in range(len(PARTS))]
        self._faces = [np.full(most + 1, -1, np.int64) for most in last]
        self._draw(profile)

    def _draw(self, profile: Profile) -> None:
        """Draw whoever shows a part that was not seen yet."""
        cone = None
        for number in self._crowd.examples:
            parts = self._crowd.parts[self._crowd.pattern[number]]
            if all(faces[part] >= 0 for faces, part in zip(self._faces, parts, strict=True)):
                continue
            person, events = self._crowd.history(number)
            found = draw(self._campaign.case(person, events, self._crowd.at, Closeness.UNKNOWN))
            self.act = found.act
            cone = cone or Cone.of(self.act, self._crowd.at, profile)
            told: tuple[tuple[object, Any], ...] = (
                (cone.of_consents(found.consents), found.consents),
                (cone.of_relations(found.relations), found.relations),
                (cone.of_rest(found.person, found.collections), (found.person, found.collections)),
            )
            for place, (face, value) in enumerate(told):
                numbers, values = self._numbers[place], self._values[place]
                if face not in numbers:
                    numbers[face] = len(values)
                    values.append(value)
                self._faces[place][parts[place]] = numbers[face]

    def of(self, patterns: Numbers) -> Numbers:
        """For each pattern one number; patterns with the same number are one situation, closeness apart.

        :raises RuntimeError: when a part in use has no example: a fault of the snapshot.
        """
        key = np.zeros(len(patterns), np.int64)
        for place, faces in enumerate(self._faces):
            face = faces[self._crowd.parts[patterns, place]]
            if len(face) and face.min() < 0:
                raise RuntimeError("a part in use has no example; make the snapshot anew")
            key = key * len(self._values[place]) + face
        return key

    def alike(self, keys: Numbers, profile: Profile) -> tuple[Numbers, Numbers]:
        """The group of each situation, and the first of each group: in a group all rules say the same.

        A rule reads few facts, so a few situations show all that it can say.

        :param keys: numbers of :meth:`of`, times the steps, and how near the offer is.
        """
        group = np.zeros(len(keys), np.int64)
        sights = cache(lambda key: Sights(self.situation(key), profile))
        for rule in concerning("contact", self.act, self.at, profile, DUTCH) if len(keys) else ():
            _, first, place = np.unique(self._seen(rule, keys), return_index=True, return_inverse=True)
            courses = [sights(key).taken(rule)[0] for key in keys[first].tolist()]
            said: dict[object, int] = {}
            saying = [said.setdefault((course.answer, course.clauses), len(said)) for course in courses]
            _, group = np.unique(group * len(said) + np.array(saying)[place], return_inverse=True)
        _, first = np.unique(group, return_index=True)
        return group, first

    def _seen(self, rule: Rule, keys: Numbers) -> Numbers:
        """For each situation one number; what the rule reads is the same where that is."""
        cone = Cone.of_rules((rule,))
        looks: tuple[Callable[[Any], object], ...] = (
            cone.of_consents,
            cone.of_relations,
            lambda value: cone.of_rest(*value),
        )
        rest, step = np.divmod(keys, len(STEPS))
        seen = step if "closeness" in cone.person else np.zeros(len(keys), np.int64)
        for look, values in zip(reversed(looks), reversed(self._values), strict=True):
            rest, place = np.divmod(rest, len(values))
            numbers: dict[object, int] = {}
            of_value = np.array([numbers.setdefault(look(value), len(numbers)) for value in values])
            seen = seen * len(numbers) + of_value[place]
        return seen

    def situation(self, key: int) -> Situation:
        """The situation that a number stands for, of those that :meth:`alike` takes."""
        key, step = divmod(key, len(STEPS))
        found = []
        for values in reversed(self._values):
            key, place = divmod(key, len(values))
            found.append(values[place])
        (person, collections), relations, consents = found
        near = replace(person, closeness=STEPS[step])
        return Situation("contact", self.act, near, consents, collections, relations)
