"""From a file of codes back to the situation: what the rules read.

The codes become a short made-up history with the same meaning, and :func:`grondslag.facts.draw` draws
the facts from it, so that a field is never read in two ways.  Only facts that hang on several days
(was this consent given after the objection?) come straight from the letters of the query.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any, Final

from grondslag.answers import NO, UNKNOWN, YES
from grondslag.facts import draw
from grondslag.law.parameters import AGE_OF_CONSENT, AGE_OF_OWN_VOICE
from grondslag.law.situation import Consent, Relation, Situation
from grondslag.law.terms import Closeness
from grondslag.question import Event, Fields
from grondslag.screening.campaign import NEAREST_FIRST, nearest
from grondslag.screening.codes import LEFT_OUT, READ
from grondslag.screening.facts_table import APART, ENTERED, KINDS, NEAREST
from grondslag.screening.lens import LONG_AGO, SPANS, Lens

DATED: Final = (
    *("withdrawn", "after_objection", "after_postfilter", "since_interaction", "stated_term"),
    *("first_call_in_time", "entitled", "before_avg"),
)
"""The facts of a consent that hang on days, in the order in which the query writes them."""

_ANSWERS: Final = {"y": YES, "n": NO, LEFT_OUT: UNKNOWN}
_AGES: Final = {"a": AGE_OF_OWN_VOICE - 1, "b": AGE_OF_OWN_VOICE, "c": AGE_OF_CONSENT}
_APART: Final = (KINDS["consent"], KINDS["relation"], NEAREST)
"""Codes that are read one by one: no fact about the person hangs on two of them together."""
_KIND: Final = {letter: kind for kind, letter in KINDS.items()}


class Decoder:
    """Reads the files of one campaign on one day."""

    def __init__(self, lens: Lens) -> None:
        self.lens = lens
        self._consent = cache(self._drawn_consent)
        self._relation = cache(self._drawn_relation)
        self._step = cache(self._drawn_step)
        self._rest = cache(self._drawn_rest)

    def situation(self, file: str | None) -> Situation:
        """The situation that a file stands for."""
        codes = file.split(APART) if file else []
        consents = dict.fromkeys(self._consent(code) for code in codes if code[0] == KINDS["consent"])
        relations = dict.fromkeys(relation for code in codes for relation in self._relation(code))
        rest = self._rest(tuple(code for code in codes if code[0] not in _APART))
        person = replace(rest.person, closeness=self._closeness(codes))
        return replace(rest, person=person, consents=tuple(consents), relations=tuple(relations))

    def _drawn_rest(self, codes: tuple[str, ...]) -> Situation:
        """Everything but consents and relations."""
        person: Fields = {}
        history: list[Event] = []
        for code in codes:
            if code[0] == KINDS["person"]:
                person = self._person(code)
            elif code[0] == ENTERED:
                history.append(Event(self.lens.at, "consent", self._fields("consent", code)))
            else:
                history.append(self._event(code))
        drawn = self._drawn(person, history)
        again = any(code[0] == KINDS["collected"] and code[-1] == "y" for code in codes)
        return replace(drawn, person=replace(drawn.person, reimported=YES if again else NO))

    def _drawn(self, person: Fields, history: Iterable[Event]) -> Situation:
        return draw(self.lens.campaign.case(person, history, self.lens.at, Closeness.UNKNOWN))

    def _drawn_relation(self, code: str) -> tuple[Relation, ...]:
        """What a relation on file is; a collection, such as a gift, may make one of its own."""
        of_its_own = code[0] == KINDS["collected"] and code[-2] == "y"
        if code[0] != KINDS["relation"] and not of_its_own:
            return ()
        return self._drawn({}, [self._event(code)]).relations

    def _person(self, code: str) -> Fields:
        fields = dict(self._fields("person", code))
        if code[-1] in _AGES:
            fields["age"] = _AGES[code[-1]]
        return fields

    def _event(self, code: str) -> Event:
        """An event that says what the code says, on a day that weighs the same."""
        kind, at = _KIND[code[0]], self.lens.at
        fields = {} if kind == "interaction" else dict(self._fields(kind, code))
        day = at - LONG_AGO
        match kind:
            case "collected":
                when = code[-3]
                day = at if when == "f" else self.lens.day_in(when) if when in SPANS else day
            case "relation":
                day = self.lens.day_in(code[-1])
                if code[-2] != LEFT_OUT:
                    fields["until"] = at if code[-2] == "y" else day
            case "register" if code[-1] != LEFT_OUT:
                fields["checked"] = at if code[-1] == "y" else day
                day = at
            case "asked":
                day = at if code[-1] == "y" else day
            case "assessed":
                day = at
            case "interaction":
                day = at - timedelta(days=1)
        return Event(day, kind, fields)

    def _drawn_consent(self, code: str) -> Consent:
        at, fields = self.lens.at, dict(self._fields("consent", code))
        verified: dict[str, object] = {"by": fields.pop("verified_by")} if "verified_by" in fields else {}
        if code[-2] != LEFT_OUT:
            verified["date"] = at if code[-2] == "y" else at + timedelta(days=1)
        events = [Event(at, "consent", {**fields, "verified": verified})]
        if code[-1] == "y":
            events.append(Event(at, "recorded", {"purposes": ["consent-proof"]}))
        letters = zip(DATED, code[-2 - len(DATED) : -2], strict=True)
        dated: dict[str, Any] = {
            name: SPANS[letter] if name == "since_interaction" else _ANSWERS[letter]
            for name, letter in letters
        }
        return replace(self._drawn({}, events).consents[0], **dated)

    def _closeness(self, codes: Iterable[str]) -> Closeness:
        return nearest(step for code in codes if code[0] == NEAREST for step in self._step(code))

    def _drawn_step(self, code: str) -> tuple[tuple[Relation, Closeness], ...]:
        """The sort of relation in which something was bought, and how near the nearest of it is."""
        relations = self.lens.campaign.relations(self._fields("relation", code))
        return tuple((relation, NEAREST_FIRST[int(code[-1])]) for relation in relations)

    def _fields(self, kind: str, code: str) -> Fields:
        return self.lens.codes.fields(kind, code[1 : 1 + len(READ[kind])])
