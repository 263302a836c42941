"""One decision, its explanation, and the facts of one person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import process_time

from grondslag.decide import Decision, _decide, decide
from grondslag.explain import _Teller, explain
from grondslag.facts import Drawn, draw, draw_with_evidence
from grondslag.law.courses import courses
from grondslag.law.situation import Message, Situation
from grondslag.law.terms import Channel
from grondslag.remedy import advice
from grondslag.situations import load
from tools.bench.timing import Job, Table, measure

ROOT = Path(__file__).resolve().parents[2]
CASEBOOK = [example for file in sorted((ROOT / "casebook").glob("*.yaml")) for example in load(file)]
[CUSTOMER] = load(Path(__file__).parent / "twenty_events.yaml")

Asked = list[tuple[Situation, date]]


def drawn_anew() -> Asked:
    """Equal to what was decided before, but nobody's copy of it; it has not been looked up yet."""
    return [(draw(example.case), example.case.act.date) for example in CASEBOOK]


ASKED = drawn_anew()
DRAWN: list[Drawn] = [draw_with_evidence(example.case) for example in CASEBOOK]
REFUSED: list[tuple[Decision, int]] = [
    (found, place)
    for place, (situation, at) in enumerate(ASKED)
    if not (found := decide(situation, at=at)).allowed
]
SEEN = dict.fromkeys(ASKED, True)


def decided(asked: Asked) -> None:
    for situation, at in asked:
        decide(situation, at=at)


def seen() -> Asked:
    decided(ASKED)
    return ASKED


def seen_drawn_anew() -> Asked:
    decided(ASKED)
    return drawn_anew()


def new(run: Callable[[Asked], object], asked: Asked = ASKED) -> Callable[[], Asked]:
    """Every rule has run on this, but no decision is remembered."""

    def prepare() -> Asked:
        _decide.cache_clear()
        run(asked)
        _decide.cache_clear()
        return asked

    return prepare


def first(asked: Asked) -> None:
    for situation, at in asked:
        courses.cache_clear()
        decide(situation, at=at)


def looked_up(asked: Asked) -> None:
    for key in asked:
        SEEN[key]


def explained(asked: Asked) -> None:
    for (situation, at), drawn, example in zip(asked, DRAWN, CASEBOOK, strict=True):
        explain(decide(situation, at=at), drawn, example.case)


def worded(asked: Asked) -> None:
    """Every finding, more than an explanation shows, with the law, the answer and what is on file."""
    for (situation, at), drawn, example in zip(asked, DRAWN, CASEBOOK, strict=True):
        decision = decide(situation, at=at)
        teller = _Teller(decision, drawn, example.case, "nl")
        for finding in decision.findings:
            teller.reason(finding)


def advised(_: Asked) -> None:
    for decision, place in REFUSED:
        advice(decision, CASEBOOK[place].case)


def decisions() -> Table:
    """What a decision costs that was taken before, one that was not, and one told in full."""
    many = len(CASEBOOK)
    rows = measure(
        Job("table look-up of a situation (baseline)", looked_up, many, lambda: ASKED),
        Job("decision seen before, the same situation", decided, many, seen),
        Job("decision seen before, the situation drawn anew", decided, many, seen_drawn_anew),
        Job("new situation, every finding", decided, many, new(decided)),
        Job("new situation, every finding with its clauses in words", worded, many, new(worded)),
        Job("new situation, the whole explanation as text, with remedies", explained, many, new(explained)),
        Job("  of which: the remedies, of a refusal", advised, len(REFUSED), new(advised)),
        Job("the first decision of all: no rule has run before", first, many, new(decided)),
        clock=process_time,
    )
    note = (
        f"Means over the {many} situations of the casebook ({len(REFUSED)} are refused; every kind of act).\n"
        "A new situation was not decided before; its rules have run on others, and its act is known."
    )
    return Table("One decision", note, rows)


def email() -> tuple[Job, Job]:
    """The full rulebook on the e-mails of the casebook, seen before and new."""
    asked = [(s, at) for s, at in ASKED if isinstance(s.act, Message) and s.act.channel is Channel.EMAIL]

    def ready() -> Asked:
        decided(asked)
        return asked

    return (
        Job("Grondslag, its full rulebook: seen before", decided, len(asked), ready),
        Job(
            "Grondslag, its full rulebook: new, every finding",
            decided,
            len(asked),
            new(decided, asked),
        ),
    )


def facts() -> Table:
    """Drawing the facts of one person."""
    rows = measure(
        Job("a history of the casebook", lambda _: [draw(e.case) for e in CASEBOOK], len(CASEBOOK)),
        Job("a customer with 20 events", lambda _: [draw(CUSTOMER.case) for _ in range(500)], 500),
        clock=process_time,
    )
    events = sum(len(example.case.history) for example in CASEBOOK) / len(CASEBOOK)
    return Table("The facts of one person", f"A history of the casebook has {events:.1f} events.", rows)
