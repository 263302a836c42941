"""To look a person up in a register, to merge two and to split them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import click

from grondslag.options import Day, say
from grondslag.registers.opening import JSON, KEY, REGISTER, SUBJECT, Moment, Subject, now, opened, today


@click.command()
@REGISTER
@SUBJECT
@click.option("--date", "day", type=Day(), help="What was so on this day; today when left out.")
@click.option("--known", type=Moment(), help="What was known at this moment (UTC); now when left out.")
@KEY
@JSON
def history(
    place: str, subject: tuple[tuple[str, str], ...], day: date | None, known: datetime | None,
    key: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """What is on file in REGISTER about one person: what was so on a day, as far as it was known."""
    with opened(place, key, None) as register:
        found = register.history_of(dict(subject), at=day or today(), known=known)
    for event in found.events:
        entry = found.entries[event.place] if event.place >= 0 else None
        told = {
            "date": event.date.isoformat(), event.kind: dict(event.fields),
            "entry": str(entry.id) if entry else None,
            "recorded": datetime.fromtimestamp(entry.recorded, UTC).isoformat() if entry else None,
        }  # fmt: skip
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False, default=str))
        else:
            fields = ", ".join(f"{name}: {_shown(value)}" for name, value in event.fields.items())
            moment_ = f"recorded {told['recorded']}" if entry else "of somebody who was forgotten"
            say(f"{event.date}  {event.kind:<11} {fields}\n{'':12}{moment_}  {told['entry'] or ''}")
    if not as_json and not found.events:
        say("Nothing is on file.")


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return "yes" if value is True else "no" if value is False else str(value)


@click.command()
@REGISTER
@SUBJECT
@click.option(
    "--into", "into", type=Subject(), multiple=True, required=True, help="The other one, in the same way."
)
@click.option("--reason", required=True, help="Why they are one person.")
@KEY
def merge(
    place: str, subject: tuple[tuple[str, str], ...], into: tuple[tuple[str, str], ...], reason: str,
    key: Path | None,
) -> None:  # fmt: skip
    """Take two people in REGISTER for one from now on; it is recorded, and can be split again."""
    with opened(place, key, None) as register:
        say(f"Recorded as {register.merge(dict(subject), dict(into), reason, now())}.")


@click.command()
@REGISTER
@SUBJECT
@click.option("--reason", required=True, help="Why they are two people.")
@KEY
def split(place: str, subject: tuple[tuple[str, str], ...], reason: str, key: Path | None) -> None:
    """Take somebody in REGISTER who was merged for a person by itself again."""
    with opened(place, key, None) as register:
        say(f"Recorded as {register.split(dict(subject), reason, now())}.")
