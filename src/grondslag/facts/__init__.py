"""draw(): one person's history, seen from one act, as a situation of discrete facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Final

from grondslag.facts import contact, judge, rights, use
from grondslag.facts.file import File
from grondslag.facts.reading import text
from grondslag.law.situation import Collection, Consent, Message, Person, Relation, Situation
from grondslag.law.terms import Channel
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
    """The situation of a case on the day of its act; later events do not count yet.

    :returns: one and the same object for all that are equal, so that what is decided is soon found.
    """
    return _the_one(_BY_ACT[case.act.do](File(case, told=False)))


@lru_cache(maxsize=1 << 16)
def _the_one(situation: Situation) -> Situation:
    return situation


@lru_cache(maxsize=1 << 12)
def _by(message: Message, channel: Channel) -> Message:
    """The same by another channel; one message, such as a campaign's, meets many persons."""
    return replace(message, channel=channel)


class Approaches:
    """One person as several messages or calls on one day see her; what they share is drawn once."""

    def __init__(self, case: Case, at: date) -> None:
        self._case, self._at = case, at
        self._met: dict[tuple[object, ...], tuple[Person, Consents, Collections]] = {}
        self._any_channel: tuple[Mapping[str, Any], tuple[Relation, ...]] | None = None

    def by(self, channels: Iterable[Channel], fields: Fields) -> Iterator[tuple[Channel, Situation]]:
        """The situation of contacting her so by each channel: the same as :func:`draw` gives.

        :param fields: those of the act; its own channel does not count.
        """
        case = self._case
        file = File(
            Case(case.controller, case.person, case.history, Act(self._at, "contact", fields)), told=False
        )
        message = contact.message(file)
        if self._any_channel is None:
            self._any_channel = contact.on_any_channel(file), file.relations()
        same, relations = self._any_channel
        offer = tuple(text(fields, name) for name in ("product", "closeness", "on_behalf_of", "advertises"))
        for channel in channels:
            found = self._met.get((channel, offer))
            if found is None:
                seen = file.by(channel.value)
                person = Person(**same, **contact.on_this_channel(seen))
                found = self._met[channel, offer] = person, seen.consents(), seen.collections()
            yield channel, Situation("contact", _by(message, channel), *found, relations)
