"""draw(): one person's history, seen from one act, as a situation of discrete facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from grondslag.facts import contact, judge, rights, use
from grondslag.facts.file import File
from grondslag.law.situation import Collection, Consent, Relation, Situation
from grondslag.question import Case


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
    return _BY_ACT[case.act.do](File(case))
