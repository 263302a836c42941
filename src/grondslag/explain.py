"""A decision for people, in Dutch (B1) or English: why, on what facts, by which law, and what now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from grondslag import locale
from grondslag.answers import NO, UNKNOWN, YES, Answer
from grondslag.decide import Decision, Finding
from grondslag.facts import Drawn
from grondslag.lacking import left_out
from grondslag.law.citations import Guidance, Law
from grondslag.law.courses import Course
from grondslag.law.profiles import Profile
from grondslag.law.rights_terms import Kept, Retention
from grondslag.law.rules import PERMITS, REQUIRES
from grondslag.moves import BY_CHANNEL
from grondslag.question import Act, Case, Event
from grondslag.remedy import Remedy, advice, closing

_RECORDS: Final = ("consent", "collection", "relation")
_OWN_VERDICT: Final = ("keep", "judge", "inform", "respond")
_IN_ORDER: Final = ("respond", "inform", "identify")
"""Acts of which one asks whether they are in order, rather than whether they are allowed."""
HEADS: Final = ("kind", "in", "name", "paid")
"""The fields that an event is known by."""
_PLANNED: Final = frozenset({"person.closeness"})
_OF_PERSON: Final = frozenset(
    f"person.{name}" for name in ("recipient", "age", "outside_eea", "opt_in_municipality", "deceased")
)
_SHOWN: Final = 3
"""How many events of one condition are written out."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One clause: the words of the law, what they come to here, the answer, and what it rests on."""

    words: str
    """As the statute has them; empty where the condition comes from guidance."""
    law: str
    url: str
    id: str
    says: str
    """What is so: the statement, or its denial when the answer is no; else what should be known."""
    answer: Answer
    on_file: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule in plain language, with its conditions."""

    id: str
    slug: str
    effect: str
    says: str
    point: str
    """Of a permission that fails: the first condition that is not met; else empty."""
    law: str
    url: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that a decision has to say to people, ready to be written out."""

    do: str
    allowed: bool
    answer: str
    act: str
    profile: str
    deciding: Reason | None
    others: tuple[Reason, ...]
    duties: tuple[Reason, ...]
    met: tuple[Reason, ...]
    remedies: tuple[str, ...]
    closing: str
    """What is left to say of a refusal without a remedy; else empty."""
    later: tuple[str, ...]
    lang: str


def explanation(decision: Decision, drawn: Drawn, case: Case, lang: str = "nl") -> Explanation:
    """The parts of an explanation, each already in words of the language.

    :param lang: ``nl`` or ``en``.
    """
    tell = _Teller(decision, drawn, case, lang)
    deciding = decision.deciding
    if decision.allowed:
        others = decision.granted[1:]
    else:
        others = tuple(f for f in (*decision.barred, *decision.lacking) if f is not deciding)
    duties = [f for f in decision.findings if f.rule.effect == REQUIRES]
    changeable = tuple(tell.remedies())
    end = "" if decision.allowed or changeable else closing(decision)
    return Explanation(
        do=decision.situation.do,
        allowed=decision.allowed,
        answer=tell.answer(),
        act=tell.act(),
        profile=profile_words(decision.profile, lang),
        deciding=tell.reason(deciding) if deciding else None,
        others=tuple(tell.reason(finding) for finding in others),
        duties=tuple(tell.reason(f) for f in duties if f.answer is UNKNOWN and decision.allowed),
        met=tuple(tell.reason(f) for f in duties if f.answer is YES and decision.allowed),
        remedies=changeable,
        closing=locale.word("closings", end, lang) if end else "",
        later=tuple(tell.event(event) for event in case.history if event.date > case.act.date),
        lang=lang,
    )


class _Teller:
    """Puts one decision into words."""

    def __init__(self, decision: Decision, drawn: Drawn, case: Case, lang: str) -> None:
        self.decision, self.drawn, self.case, self.lang = decision, drawn, case, lang
        self.places: Mapping[int, Event] = {event.place: event for event in case.history}
        self._basis: dict[tuple[bool, tuple[int, ...]], tuple[str, ...]] = {}

    def answer(self) -> str:
        act = self.decision.situation.act
        kind = self.case.act.do if self.case.act.do in _OWN_VERDICT else "other"
        if isinstance(act, Retention) and act.what is Kept.SUPPRESSION_ENTRY and not self.decision.allowed:
            kind = "entry"  # Destroying it would bring the advertising back.
        return locale.word("verdicts", f"{kind}-{'yes' if self.decision.allowed else 'no'}", self.lang)

    def act(self) -> str:
        """What was asked, e.g. 'E-mail with advertising, 1 November 2026'."""
        act = self.case.act
        name, about = locale.word("acts", act.do, self.lang), ", ".join(about_act(act, self.lang))
        return f"{f'{name}: {about}' if about else name}; {locale.day(self.decision.at, self.lang)}"

    def event(self, event: Event, brief: bool = False) -> str:
        """What happened and when; briefly where the details do not matter."""
        fields = event.fields
        if brief:
            fields = {name: value for name, value in fields.items() if name in HEADS}
        return f"{locale.event(event.kind, fields, self.lang)}, {locale.day(event.date, self.lang)}"

    def reason(self, finding: Finding) -> Reason:
        rule = finding.rule
        conditions = tuple(self._conditions(finding))
        failing = [c for c in conditions if c.answer is not YES] if rule.effect == PERMITS else []
        law, url = _cited(rule.law, self.decision.at, self.lang)
        return Reason(
            id=failing[0].id if failing else rule.ids[0],
            slug=rule.slug,
            effect=rule.effect,
            says=locale.rule(rule.slug, self.lang),
            point=self._point(failing[0]) if failing else "",
            law=law,
            url=url,
            conditions=conditions,
        )

    def _point(self, condition: Condition) -> str:
        if condition.answer is NO:
            return condition.says
        return f"{locale.word('headings', 'not-certain', self.lang)}: {condition.says}"

    def _conditions(self, finding: Finding) -> Iterator[Condition]:
        on_file = self.drawn.evidence
        records = [(name, getattr(finding, name)) for name in _RECORDS if name in finding.rule.per]
        of_record = {name: on_file.get(record, ()) for name, record in records}
        for condition, read in _worded(finding.course, self.decision.at, self.lang):
            resting: list[int] = []
            for place, name in read:
                resting += of_record[place] if place in of_record else on_file.get(name, ())
            basis = self._resting(condition, tuple(dict.fromkeys(resting))) or condition.on_file
            if condition.answer is UNKNOWN:
                basis += self._to_fill_in(finding, read)
            yield condition if basis is condition.on_file else _resting_on(condition, basis)

    def _resting(self, condition: Condition, places: tuple[int, ...]) -> tuple[str, ...]:
        """The events that an answer rests on, each in a line; one event often answers several conditions."""
        if not places:
            return ()
        brief = condition.answer is YES
        lines = self._basis.get((brief, places))
        if lines is None:
            lines = self._basis[brief, places] = tuple(self._on_file(places, brief))
        return lines

    def _on_file(self, places: tuple[int, ...], brief: bool) -> Iterator[str]:
        on_file = locale.word("headings", "on-file", self.lang)
        events = [self.places[place] for place in places if place in self.places]
        yield from (f"{on_file}: {self.event(event, brief)}" for event in events[:_SHOWN])
        if len(events) > _SHOWN:
            yield locale.word("headings", "more", self.lang).format(count=len(events) - _SHOWN)

    def _to_fill_in(self, finding: Finding, read: tuple[list[str], ...]) -> tuple[str, ...]:
        """The fields for want of which a condition is not known, in a line."""
        fields = dict.fromkeys(left_out(self.decision.situation, finding, read))
        return (f"{locale.word('headings', 'fill-in', self.lang)}: {', '.join(fields)}",) if fields else ()

    def remedies(self) -> Iterator[str]:
        if self.decision.allowed:
            return
        found, channels = advice(self.decision, self.case)
        for remedy in found:
            yield " ".join(self._remedy(remedy))
        for channel, other in channels:
            by = locale.word("by", channel.value, self.lang)
            text = locale.word("remedies", "other-channel", self.lang).format(
                by=by, rule=summary(other, self.lang)
            )
            yield text[0].upper() + text[1:]

    def _remedy(self, remedy: Remedy) -> Iterator[str]:
        # What has to be asked comes first: on its outcome it depends whether the rest is of any use.
        for move in sorted(remedy.moves, key=lambda move: not move.outcome_open):
            if move in BY_CHANNEL and remedy.by is not None:
                by = locale.word("by", remedy.by.value, self.lang)
                yield locale.word("remedies", f"{move.slug}-by", self.lang).format(by=by)
            else:
                yield locale.word("remedies", move.slug, self.lang)


@lru_cache(maxsize=1 << 12)
def _cited(law: Law, at: date, lang: str) -> tuple[str, str]:
    """An article in words, and where to read it as it stood on that day."""
    return locale.law(str(law), lang), law.url(at)


def _resting_on(condition: Condition, on_file: tuple[str, ...]) -> Condition:
    """The same condition, resting on something else."""
    return Condition(
        condition.words,
        condition.law,
        condition.url,
        condition.id,
        condition.says,
        condition.answer,
        on_file,
    )


_ACT_WORDS: Final = {
    "contact": (("channels", "channel"), ("contents", "content")),
    "share": (("for", "for"),),
    "record": (("purposes", "purposes"),),
    "keep": (("what", "what"), ("purposes", "purpose")),
    "process": (("what", "what"),),
    "identify": (("requests", "for"), ("means", "means")),
    "inform": (("moments", "moment"),),
    "judge": (("questions", "question"),),
}
"""Per act: which fields say what it is about, and the words for their values."""


def about_act(act: Act, lang: str) -> Iterator[str]:
    """What an act is about, a few words at a time: 'e-mail', 'advertising'."""
    for group, name in _ACT_WORDS.get(act.do, ()):
        value = act.fields.get(name)
        for item in value if isinstance(value, list | tuple) else [value]:
            if isinstance(item, str):
                yield locale.word(group, item, lang)


def profile_words(profile: Profile, lang: str) -> str:
    """The preset in words, and the switches that deviate from it as they are."""
    preset, *own = profile.name.split(",")
    return ", ".join([locale.word("profiles", preset, lang), *own])


@lru_cache(maxsize=1 << 12)
def _worded(course: Course, at: date, lang: str) -> tuple[tuple[Condition, tuple[list[str], ...]], ...]:
    """Each condition as it reads when it rests on no event, and the facts that were read for it."""
    return tuple(
        (
            Condition(
                "" if isinstance(clause.law, Guidance) else str(clause.words),
                *_cited(clause.law, at, lang),
                clause.id,
                locale.clause(course.rule.slug, str(clause.words), clause.id, lang, clause.answer.value),
                clause.answer,
                (locale.word("headings", _basis(course.rule.do, clause.answer, read), lang),) if read else (),
            ),
            tuple(fact.split(".") for fact in read),
        )
        for clause, read in zip(course.clauses, course.read, strict=True)
    )


def _basis(do: str, answer: Answer, read: tuple[str, ...]) -> str:
    """Where an answer comes from that rests on no event: the plan, the person's record, or nothing."""
    if all(fact.startswith("act.") or fact in _PLANNED for fact in read):
        place = "in-question" if do == "judge" else "in-act"
        return f"not-{place}" if answer is UNKNOWN else place
    if answer is not UNKNOWN and any(fact in _OF_PERSON for fact in read):
        return "in-person"
    return "not-on-file"


def explain(decision: Decision, drawn: Drawn, case: Case, lang: str = "nl") -> str:
    """The explanation as plain text, to be read or read aloud."""
    return "\n".join(_lines(explanation(decision, drawn, case, lang)))


def _lines(told: Explanation) -> Iterator[str]:
    def head(name: str) -> str:
        return locale.word("headings", name, told.lang)

    yield told.answer
    yield f"{told.act}. {head('profile')}: {told.profile}."
    if told.deciding is None:
        yield head("no-rule")
        return
    kind = _kind(told)
    yield ""
    yield head(f"why-{kind}")
    yield from _reason(told.deciding, told.lang)
    if told.others:
        yield ""
        yield head(f"others-{kind}")
        for reason in told.others:
            yield f"  [{reason.id}] {reason.says}"
            for condition in reason.conditions:
                if condition.answer is not YES:
                    yield f"      {_marked(reason, condition, told.lang)}"
    for name, reasons in (("duties", told.duties), ("met", told.met)):
        if reasons:
            yield from ("", head(name))
            yield from (f"  [{reason.id}] {reason.says}" for reason in reasons)
    if told.remedies:
        yield from ("", head("remedies-fine" if told.do in _IN_ORDER else "remedies"))
        yield from (f"  {number}. {text}" for number, text in enumerate(told.remedies, 1))
    elif told.closing:
        yield from ("", told.closing)
    if told.later:
        yield from ("", f"{head('later')}:")
        yield from (f"  - {event}" for event in told.later)


def _kind(told: Explanation) -> str:
    """Which headings fit the answer."""
    if told.do == "judge":
        return "judge"
    if not told.allowed:
        return "no"
    return "fine" if told.do in _IN_ORDER else "yes"


def _marked(reason: Reason, condition: Condition, lang: str) -> str:
    """A statement and what it comes to: a condition that is met or not, or a circumstance that is so."""
    if condition.answer is UNKNOWN:
        return f"? {locale.word('headings', 'not-certain', lang)}: {condition.says}"
    group = "marks" if reason.effect in (PERMITS, REQUIRES) else "answers"
    return f"{locale.word(group, condition.answer.value, lang)}: {condition.says}"


def _reason(reason: Reason, lang: str) -> Iterator[str]:
    yield f"  [{reason.id}] {reason.point or reason.says}"
    if reason.point:
        yield f"  {locale.word('headings', 'condition-of', lang)}: {reason.says}"
    yield f"  {reason.law}  <{reason.url}>"
    before: tuple[str, ...] = ()
    for condition in reason.conditions:
        yield f"    {_marked(reason, condition, lang)}"
        source = [f"“{condition.words}”"] if condition.words else []
        if condition.law != reason.law:
            source.append(condition.law)
        if source:
            yield f"      {', '.join(source)}"
        # One event often answers several conditions in a row; it is named once.
        if condition.on_file != before:
            yield from (f"      {on_file}" for on_file in condition.on_file)
        before = condition.on_file


def summary(decision: Decision, lang: str = "nl") -> str:
    """One sentence for a row in a list: the deciding rule in plain language."""
    finding = decision.deciding
    return locale.rule(finding.rule.slug, lang) if finding else locale.word("headings", "no-rule", lang)
