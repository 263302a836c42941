"""To ask whether something may be done to somebody on file, and to keep the answer."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import click

from grondslag.errors import BadCase
from grondslag.explain import explain, explanation
from grondslag.law.profiles import STRICT, Profile
from grondslag.options import FILE, LANG, PROFILE, Day, chosen, plain, say
from grondslag.receipt import receipt
from grondslag.register import vocabulary
from grondslag.registers.opening import (
    ANY_SUBJECT,
    JSON,
    KEY,
    REGISTER,
    Moment,
    now,
    opened,
    register_package,
    today,
)
from grondslag.situations import load

if TYPE_CHECKING:
    from grondslag.question import Case
    from grondslag.register.deciding import Decided, Question
    from grondslag.register.recording import Recorded
    from grondslag.screening.campaign import Campaign

BATCH: Final = 500
"""Decisions that are kept together."""


@click.command()
@REGISTER
@ANY_SUBJECT
@click.option(
    "--people",
    type=click.File("rb"),
    help="Or many people: lines of JSON, each with the identifiers of one, as in an entry.",
)
@click.option(
    "--campaign", type=FILE, help="What is asked about: a campaign, as `grondslag screen` takes it."
)
@click.option("--situation", type=FILE, help="Or any act: a situation file without a person and a history.")
@click.option("--id", "wanted", help="Which situation of the file; needed when it holds more than one.")
@click.option("--date", "day", type=Day(), help="May it be done on this day?  Today when left out.")
@click.option("--known", type=Moment(), help="By what was known at this moment (UTC).")
@PROFILE
@LANG
@click.option("--keep", is_flag=True, help="Record each decision, with what it rests on.")
@KEY
@JSON
def ask(
    place: str, subject: tuple[tuple[str, str], ...], people: Any, campaign: Path | None,
    situation: Path | None, wanted: str | None, day: date | None, known: datetime | None,
    profile: Profile | None, lang: str, keep: bool, key: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """May this be done to somebody, by what is on file in REGISTER?

    A decision that is kept is evidence: `grondslag prove` shows it, `grondslag replay` does it again.
    Of many people it is told how many there are of each answer; with --json, the answer about each.

    Exit code: 0 yes, to all; 1 no, or not to all; 2 the question cannot be answered.
    """
    if bool(subject) == bool(people):
        raise click.UsageError("give --subject or --people, one of them")
    question = _question(campaign, situation, wanted)
    at = day or today()
    with opened(place, key, None) as register:

        def decided(who: dict[str, str]) -> Decided:
            return register.decide(who, question, at=at, known=known, profile=profile or STRICT)

        def kept(*done: Decided) -> list[Recorded | None]:
            return register.keep(*done, at=now()) if keep else [None] * len(done)

        if subject:
            one = decided(dict(subject))
            _told(one, kept(one)[0], lang, keep, as_json)
            allowed = one.decision.allowed
        else:
            chunks = register_package("store").chunks
            answers = (
                pair
                for some in chunks(map(decided, _people(people)), BATCH)
                for pair in zip(some, kept(*some), strict=True)
            )
            allowed = _counted(answers, as_json)
    sys.exit(0 if allowed else 1)


def _question(campaign: Path | None, situation: Path | None, wanted: str | None) -> Question:
    if (campaign is None) == (situation is None):
        raise click.UsageError("give --campaign or --situation, one of them")
    if campaign is not None:
        return cast("Campaign", import_module("grondslag.screening.campaign").load(campaign))
    assert situation is not None
    return cast("Case", register_package("deciding").question(chosen(load(situation), wanted, situation)))


def _people(file: Any) -> Iterator[dict[str, str]]:
    for n, line in enumerate(file, 1):
        try:
            who = json.loads(line)
        except (ValueError, RecursionError):
            who = None
        if not _names(who):
            place = f"{Path(file.name).name}, line {n}"
            raise BadCase(place, "does not name a person", 'write a line as {"email": "…"}')
        yield who


def _names(who: object) -> bool:
    named = isinstance(who, dict) and who and who.keys() <= vocabulary.SUBJECT.keys()
    return bool(named) and all(isinstance(text, str) for text in cast("dict[str, object]", who).values())


def _told(one: Decided, kept: Recorded | None, lang: str, keep: bool, as_json: bool) -> None:
    """One answer with all that it rests on."""
    if as_json:
        told = asdict(explanation(one.decision, one.drawn, one.case, lang))
        entries = [str(entry.id) for entry in one.entries]
        found: dict[str, Any] = {"explanation": told, "receipt": receipt(one.decision), "entries": entries}
        found["kept"] = str(kept.id) if kept else None
        click.echo(json.dumps(found, ensure_ascii=False, default=plain))
        return
    say(explain(one.decision, one.drawn, one.case, lang))
    if keep:
        say(f"\nKept as {kept.id}." if kept else "\nNobody is on file under that: nothing was kept.")


def _counted(answers: Iterator[tuple[Decided, Recorded | None]], as_json: bool) -> bool:
    """Whether it may be done to all; how many there are of each answer, or each by its line."""
    counts: Counter[tuple[str, str]] = Counter()
    number = 0
    for n, (each, kept) in enumerate(answers, 1):
        answer, rule = "yes" if each.decision.allowed else "no", each.decision.rule
        counts[answer, rule] += 1
        number += kept is not None
        if as_json:
            told = {"line": n, "answer": answer, "rule": rule, "kept": str(kept.id) if kept else None}
            click.echo(json.dumps(told))
    if not as_json:
        for (answer, rule), count in counts.most_common():
            say(f"{count:>12,}  {answer}, by {rule or 'no rule'}")
        say(f"{number:>12,}  kept")
    return all(answer == "yes" for answer, _ in counts)
