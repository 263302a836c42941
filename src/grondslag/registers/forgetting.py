"""To forget a person, to keep to the schedule of what is kept how long, and to tell that schedule."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from grondslag.errors import BadCase
from grondslag.options import FILE, LANG, Day, say
from grondslag.registers.opening import (
    JSON,
    KEY,
    QUIET,
    REGISTER,
    SUBJECT,
    now,
    opened,
    private_file,
    progress,
    register_package,
)  # fmt: skip

if TYPE_CHECKING:
    from grondslag.register.forgetting import Certificate, Plan
    from grondslag.register.register import Register
    from grondslag.register.retaining import Retained
    from grondslag.register.surveying import Survey

SCHEDULE: Final = click.option(
    "--schedule", "schedule_", type=FILE,
    help="A file with your own schedule (docs/retention.md); the one that is carried when left out.",
)  # fmt: skip
YES: Final = click.option("--yes", is_flag=True, help="Do it; without it, only what would be done is told.")


def _schedule(file: Path | None, quiet: bool = False) -> Any:
    package = register_package("schedule")
    found = package.load(file) if file else package.carried()
    for warning in () if quiet else found.warnings:
        say(f"Take note: {warning}", err=True)
    return found


# --- One person --------------------------------------------------------------------------------------------


@click.command()
@REGISTER
@SUBJECT
@click.option(
    "--ground", required=True, type=click.Choice(["request", "objection", "withdrawal"]),
    help="request: everything that no duty keeps; else what is kept for marketing.",
)  # fmt: skip
@SCHEDULE
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path),
    help="First write a copy of the data for the person, in this new folder.",
)  # fmt: skip
@YES
@KEY
@JSON
def erase(
    place: str, subject: tuple[tuple[str, str], ...], ground: str, schedule_: Path | None, out: Path | None,
    yes: bool, key: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Forget a person in REGISTER: destroy what no duty keeps, and give a certificate of it.

    What a duty keeps is told first: why, and until when.  It is kept apart, and can be used for nothing else.
    An import of the same address is refused from then on.
    """
    by, whom, at = _schedule(schedule_, as_json), dict(subject), now()
    with opened(place, key, None) as register:
        what = _plan(register, whom, ground, by, at)
        _tell_holds(what, as_json)
        if out is not None:
            count = register_package("copying").write(register, whom, out, at)
            _say(f"{count:,} entries are copied to {out}.", as_json)
        if not yes:
            _tell_plan(what, as_json)
            return
        certificate = _erased(register, whom, ground, by, at)
        _tell_certificate(certificate, register.controller, as_json)


def _plan(register: Register, whom: dict[str, str], ground: str, by: Any, at: datetime) -> Plan:
    day = register_package("entries").dutch_day(at)
    if ground == "request":
        return register.plan(whom, register_package("schedule").holds(by, day))
    what: Plan = register_package("retaining").lessened(register, register.known(whom), by, day)
    return what


def _erased(register: Register, whom: dict[str, str], ground: str, by: Any, at: datetime) -> Certificate:
    if ground == "request":
        holds = register_package("schedule").holds(by, register_package("entries").dutch_day(at))
        return register.erase(whom, holds, ground, at)
    again, lessen = register_package("store").again, register_package("retaining").lessen
    certificate: Certificate = again(lambda: lessen(register, register.known(whom), by, ground, at))
    return certificate


def _say(text: str, as_json: bool) -> None:
    if not as_json:
        say(text)


def _tell_holds(what: Plan, as_json: bool) -> None:
    if as_json:
        return
    for (kind, reason, until), count in sorted(what.account().held.items()):
        say(f"{count:>12,}  {kind}: kept until {until}, blocked: {reason}")
    for kind, count in sorted(what.used().items()):
        say(f"{count:>12,}  {kind}: stays in use")


def _tell_plan(what: Plan, as_json: bool) -> None:
    if as_json:
        told = {**what.account().told(), "used": dict(sorted(what.used().items())), "dry_run": True}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for kind, count in sorted(what.account().erased.items()):
        say(f"{count:>12,}  {kind}: would be destroyed")
    say("Nothing was done.  With --yes it is, and cannot be undone.")


def _tell_certificate(certificate: Certificate, controller: str, as_json: bool) -> None:
    package = register_package("certificates")
    if as_json:
        click.echo(json.dumps(package.as_json(certificate, controller), ensure_ascii=False))
        return
    for lang in ("nl", "en"):
        say("\n" + "\n".join(package.in_words(certificate, controller, lang)))


# --- Everybody ---------------------------------------------------------------------------------------------


@click.command()
@REGISTER
@SCHEDULE
@click.option("--date", "day", type=Day(), help="What is due on this day; today when left out.")
@click.option(
    "--figures", "to", type=click.Path(dir_okay=False, path_type=Path),
    help="Where the anonymous figures of what is anonymised go, as JSON.",
)  # fmt: skip
@YES
@KEY
@JSON
@QUIET
def retain(
    place: str, schedule_: Path | None, day: date | None, to: Path | None, yes: bool, key: Path | None,
    as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Keep to the schedule of how long what is kept: destroy or anonymise in REGISTER what is due.

    Without --yes it tells what is due, and what is held and why.  A run that was cut off is taken up where it
    was when the command is given again.
    """
    if yes and day is not None:
        raise BadCase("--date", "goes with looking, not with doing", "leave it out with --yes: today counts")
    by, at = _schedule(schedule_, as_json or quiet), now()
    today = register_package("entries").dutch_day(at)
    with opened(place, key, None) as register:
        with progress().on_terminal(quiet) as far:
            if not yes:
                found = register_package("surveying").survey(register, by, day or today, far)
            else:
                found = register_package("retaining").run(register, by, at, far)
        (_tell_json if as_json else _tell_run if yes else _tell_survey)(found)
        if to is not None:
            with open(private_file(to), "w", encoding="utf-8") as file:
                json.dump({"threshold": by.threshold, "figures": found.figures}, file, ensure_ascii=False)
        if yes and found.day < today and not as_json:
            say(f"This was what was left of the run of {found.day}; give the command again for today.")


def _lines(rows: Iterable[tuple[str, int]], head: str) -> None:
    for n, (text, count) in enumerate(rows):
        if n == 0:
            say(head)
        say(f"{count:>12,}  {text}")


def _tell_survey(found: Survey) -> None:
    say(f"On {found.day}: {found.people:,} people on file, something is due of {found.concerned:,}")
    words = {"destroy": "to be destroyed", "anonymise": "to be anonymised", "hold": "to be held"}
    due = sorted(found.due.items())
    _lines(((f"{row}: {kind}, {words[done]}", count) for (row, kind, done), count in due), "Due:")
    _lines(_held(found.account.held), "Of these, held from then on:")
    _lines(_released(found.released), "Held, and to be destroyed:")
    _lines(_held(found.holding), "Held:")
    _lines(sorted(found.used.items()), "In use, by row of the schedule:")
    _lines(sorted(found.unscheduled.items()), "Kept, and no row says how long (K-01):")
    say("Nothing was done.  With --yes it is, and cannot be undone.")


def _tell_run(done: Retained) -> None:
    _lines(sorted(done.account.erased.items()), f"Destroyed, as due on {done.day}:")
    _lines(_held(done.account.held), "Held from now on:")
    _lines(_released(done.released), "Held until now, and destroyed:")
    _lines(
        [("attachments", done.account.attachments)] if done.account.attachments else [], "Files destroyed:"
    )
    if not (done.account.erased or done.account.held or done.released):
        say("Nothing was due.")


def _held(held: Any) -> Iterable[tuple[str, int]]:
    return (
        (f"{kind} until {until}: {reason}", count) for (kind, reason, until), count in sorted(held.items())
    )


def _released(released: Any) -> Iterable[tuple[str, int]]:
    return ((f"{kind}: {reason}", count) for (kind, reason), count in released.items())


def _tell_json(found: Survey | Retained) -> None:
    click.echo(json.dumps(found.told(), ensure_ascii=False))


@click.command()
@SCHEDULE
@LANG
@JSON
def schedule(schedule_: Path | None, lang: str, as_json: bool) -> None:
    """Tell how long what is kept, and why, in words for a privacy statement (AVG 13 and 14).

    Your own schedule is checked against the law first; without one, the schedule that is carried is told.
    """
    rows = list(register_package("schedule.words").told(_schedule(schedule_), lang))
    if as_json:
        click.echo(
            json.dumps([{"purpose": purpose, "text": text} for purpose, text in rows], ensure_ascii=False)
        )
        return
    for purpose, text in rows:
        say(f"{purpose}\n{click.wrap_text(text, 100, '  ', '  ')}\n")
