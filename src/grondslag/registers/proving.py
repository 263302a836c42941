"""To prove what a register holds, and to have its log stamped."""

from __future__ import annotations

from pathlib import Path

import click

from grondslag.options import FILE, LANG, say
from grondslag.registers.opening import (
    ANY_SUBJECT,
    KEY,
    LEDGER,
    QUIET,
    REGISTER,
    now,
    opened,
    progress,
    register_package,
)


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
    with opened(place, key, ledger) as register:
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
