"""draw(): one person's history, seen from one act, as a situation of discrete facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from grondslag.facts import contact, judge, rights, use
from grondslag.facts.file import File
from grondslag.facts.reading import text
from grondslag.law.situation import Collection, Consent, Person, Relation, Situation
from grondslag.question import Act, Case, Fields

Consents = tuple[Consent, ...]
Collections = tuple[Collection, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A situation, and for each fact the places in the history that it rests on."""

    situation: Situation
    evidence: Mapping[str | Consent | Collection | Relation, tuple[int, ...]]


def _contact(file: File) -> Situation:
    return Situation(
        "contact",
        contact.message(file),
        contact.person(file),
        file.consents(),
        file.collections(),
        file.relations(),
    )


_BY_ACT: Final[Mapping[str, Callable[[File], Situation]]] = {
    "contact": _contact,
    "share": use.share,
    "receive": use.receive,
    "process": use.process,
    "record": use.record,
    "keep": rights.keeping,
    "respond": rights.responding,
    "identify": rights.identifying,
    "inform": rights.informing,
    "judge": judge.judging,
}


def draw_with_evidence(case: Case) -> Drawn:
    """The situation of a case, with what each fact rests on (the cold path: explanations)."""
    file = File(case)
    situation = _BY_ACT[case.act.do](file)
    return Drawn(situation, dict(file.evidence))


def draw(case: Case) -> Situation:
    """The situation of a case on the day of its act; later events do not count yet."""
    return _BY_ACT[case.act.do](File(case, told=False))


class Approaches:
    """One person as several messages or calls on one day see her; what they share is drawn once."""

    def __init__(self, case: Case, at: date) -> None:
        self._case, self._at = case, at
        self._any_channel: tuple[Mapping[str, Any], tuple[Relation, ...]] | None = None
        self._channels: dict[tuple[str | None, ...], tuple[Person, Consents, Collections]] = {}

    def by(self, fields: Fields) -> Situation:
        """The situation of contacting her in this way: the same as :func:`draw` gives."""
        case = self._case
        act = Act(self._at, "contact", fields)
        file = File(Case(case.controller, case.person, case.history, act), told=False)
        if self._any_channel is None:
            self._any_channel = contact.on_any_channel(file), file.relations()
        same, relations = self._any_channel
        given = ("channel", "product", "closeness", "on_behalf_of", "advertises")
        key = tuple(text(fields, name) for name in given)
        found = self._channels.get(key)
        if found is None:
            person = Person(**same, **contact.on_this_channel(file))
            found = self._channels[key] = person, file.consents(), file.collections()
        return Situation("contact", contact.message(file), *found, relations)
