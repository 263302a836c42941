"""To decide from a register and keep the decision, to prove it, and to have the log stamped."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from grondslag.explain import explain, explanation
from grondslag.law.profiles import STRICT, Profile
from grondslag.options import FILE, LANG, PROFILE, Day, chosen, plain, say
from grondslag.receipt import receipt
from grondslag.registers.opening import (
    ANY_SUBJECT,
    JSON,
    KEY,
    LEDGER,
    QUIET,
    REGISTER,
    SUBJECT,
    now,
    opened,
    progress,
    register_package,
)
from grondslag.situations import load
from grondslag.stopping import stoppable

if TYPE_CHECKING:
    from grondslag.question import Case
    from grondslag.register.deciding import Question
    from grondslag.screening.campaign import Campaign


@click.command()
@REGISTER
@SUBJECT
@click.option(
    "--campaign", type=FILE, help="The campaign that is asked about, as `grondslag screen` takes it."
)
@click.option("--situation", type=FILE, help="Or any act: a situation file without a person and a history.")
@click.option("--id", "wanted", help="Which situation of the file; needed when it holds more than one.")
@click.option("--date", "day", type=Day(), help="May it be done on this day?  Today when left out.")
@click.option("--known", type=click.DateTime(), help="By what was known at this moment (UTC).")
@PROFILE
@LANG
@click.option("--keep", is_flag=True, help="Record the decision, with what it rests on.")
@KEY
@JSON
def ask(
    place: str, subject: tuple[tuple[str, str], ...], campaign: Path | None, situation: Path | None,
    wanted: str | None, day: date | None, known: datetime | None, profile: Profile | None, lang: str,
    keep: bool, key: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """May this be done to somebody, by what is on file in REGISTER?

    A decision that is kept is evidence: `grondslag prove` shows it, `grondslag replay` does it again.

    Exit code: 0 yes, 1 no, 2 the question cannot be answered.
    """
    question = _question(campaign, situation, wanted)
    with opened(place, key, None) as register:
        at, moment = day or now().date(), known.replace(tzinfo=UTC) if known else None
        done = register.decide(dict(subject), question, at=at, known=moment, profile=profile or STRICT)
        kept = register.keep(done, at=now())[0] if keep else None
    if as_json:
        told = asdict(explanation(done.decision, done.drawn, done.case, lang))
        entries = [str(entry.id) for entry in done.entries]
        found: dict[str, Any] = {"explanation": told, "receipt": receipt(done.decision), "entries": entries}
        found["kept"] = str(kept.id) if kept else None
        click.echo(json.dumps(found, ensure_ascii=False, default=plain))
    else:
        say(explain(done.decision, done.drawn, done.case, lang))
        if keep:
            nobody = "Nobody is on file under that: nothing was kept."
            say(f"\nKept as {kept.id}." if kept else f"\n{nobody}")
    sys.exit(0 if done.decision.allowed else 1)


def _question(campaign: Path | None, situation: Path | None, wanted: str | None) -> Question:
    if (campaign is None) == (situation is None):
        raise click.UsageError("give --campaign or --situation, one of them")
    if campaign is not None:
        return cast("Campaign", import_module("grondslag.screening.campaign").load(campaign))
    assert situation is not None
    return cast("Case", register_package("deciding").question(chosen(load(situation), wanted, situation)))


@click.command()
@REGISTER
@ANY_SUBJECT
@click.option("--campaign", default="", help="The name of a campaign, of which decisions were kept.")
@click.option("--sample", type=click.IntRange(min=1), help="So many decisions of the campaign, drawn by lot.")
@click.option("--seed", default="", help="The text they are drawn with; the hash of the log when left out.")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The zip file to write."
)
@LANG
@click.option("--publish", "first", is_flag=True, help="Publish the log first, as `grondslag publish` does.")
@KEY
@LEDGER
@QUIET
def prove(
    place: str, subject: tuple[tuple[str, str], ...], campaign: str, sample: int | None, seed: str, out: Path,
    lang: str, first: bool, key: Path | None, ledger: Path | None, quiet: bool,
) -> None:  # fmt: skip
    """Write a proof pack of REGISTER: about one person, a campaign, or a sample of one.

    It holds what was shown, done and decided, the proof of each entry, a report to read, and the program with
    which anybody checks it.  It is data of people, and not encrypted.
    """
    if not subject and not campaign:
        raise click.UsageError("give --subject, --campaign or both")
    if sample is not None and (subject or not campaign):
        raise click.UsageError("--sample is for a campaign, without --subject")
    proving, choosing = register_package("proving"), register_package("proving.choosing")
    scope = choosing.Scope(dict(subject), campaign, sample, seed)
    with stoppable(partial(say, err=True)), opened(place, key, ledger) as register:
        if first:
            register.publish(now())
        with progress().on_terminal(quiet) as far:
            done = proving.prove(register, out, scope, lang, progress=far)
    if not quiet:
        say(f"{done.entries:,} entries, {done.decisions:,} of them decisions, in {out}")
        if done.forgotten:
            say(
                f"{done.forgotten:,} decisions are about people who were erased: it shows that they were made"
            )
        if done.others:
            say(f"{done.others:,} decisions come out otherwise when done again: see the report")


@click.command()
@REGISTER
@click.option("--tsa", required=True, help="The web address of a timestamping authority (RFC 3161).")
@click.option("--tsa-ca", type=FILE, help="Certificates (PEM): only who is vouched for by these is taken.")
@KEY
def stamp(place: str, tsa: str, tsa_ca: Path | None, key: Path | None) -> None:
    """Have an authority put its time on the newest checkpoint of REGISTER; it sees a hash only."""
    with opened(place, key, None) as register:
        certificates = tsa_ca.read_bytes() if tsa_ca else None
        size, when = register_package("stamping").stamp(register.store, tsa, certificates)
    say(f"The log of {size:,} entries was there on {when:%Y-%m-%d at %H:%M:%S} UTC, by the word of {tsa}")
