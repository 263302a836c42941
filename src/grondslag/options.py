"""What the commands have in common: the kinds of arguments, and how an error ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from grondslag.answers import Answer
from grondslag.errors import GrondslagError, printable
from grondslag.law.profiles import Profile
from grondslag.situations import Example
from grondslag.vocabulary import Day as Calendar

USAGE: Final = 2
STOPPED: Final = 130
BROKEN_PIPE: Final = 141
"""128 and the number of the signal: what a shell says of a program that Ctrl-C, or a reader gone, ended."""


class Day(click.ParamType[date]):
    """A date written 2026-07-01."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return Calendar.read(str(value))
        except ValueError:
            told = f"{str(value)[:40]!r} is no day from {Calendar.FIRST} to {Calendar.LAST}"
            self.fail(f"{told}; write it as YYYY-MM-DD, e.g. 2026-07-01", param, ctx)


class Policy(click.ParamType[Profile]):
    """strict, balanced, permissive, or strict,P-CUSTOMER=permissive."""

    name = "profile"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Profile:
        if isinstance(value, Profile):
            return value
        try:
            return Profile.parse(str(value))
        except GrondslagError as wrong:
            self.fail(str(wrong), param, ctx)


@contextmanager
def _clear_errors() -> Iterator[None]:
    """An error ends in a line with its place, and exit code 2, never in a traceback."""
    try:
        yield
    except GrondslagError as wrong:
        _give_up(str(wrong))
    except KeyboardInterrupt:
        # Where nothing has to be cleared away; exit code 1 would be an answer.
        sys.exit(STOPPED)
    except BrokenPipeError:
        # Whoever read along has seen enough, as `head` does: every program ends so, and says nothing.
        _close_output()
        sys.exit(BROKEN_PIPE)
    except OSError as wrong:
        if wrong.filename is None:
            _close_output()
        _give_up(f"{wrong.filename or 'standard output'}: {wrong.strerror or wrong}")


def _give_up(message: str) -> NoReturn:
    with suppress(OSError):
        say(f"grondslag: {message}", err=True)
    sys.exit(USAGE)


def _close_output() -> None:
    """What could not be written is not tried again, and does not fail again, when Python ends."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Program(click.Group):
    """The commands; for all of them, and for their help, an error is clear."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with _clear_errors():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _clear_errors():
            return super().invoke(ctx)


def say(text: str, err: bool = False) -> None:
    """Text for people; what was read from a file cannot make the terminal do anything."""
    click.echo(printable(text), err=err)


def plain(value: object) -> Any:
    """What JSON has no form for, as text."""
    return value.value if isinstance(value, Answer) else str(value)


def chosen(examples: tuple[Example, ...], wanted: str | None, file: Path) -> Example:
    """The situation of a file that is meant."""
    if wanted is None and len(examples) == 1:
        return examples[0]
    for example in examples:
        if example.id == wanted:
            return example
    some = ", ".join(example.id for example in examples[:8]) + (" …" if len(examples) > 8 else "")
    if wanted is None:
        raise GrondslagError(f"{file} holds {len(examples)} situations; choose one with --id, e.g. {some}")
    raise GrondslagError(f"{file} holds no situation {wanted!r}; it holds {some}")


PROFILE: Final = click.option(
    "--profile",
    type=Policy(),
    default=None,
    help="Reading of contested points: strict (default), balanced, permissive, or strict,P-POST=balanced.",
)
LANG = click.option(
    "--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True, help="Language."
)
FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
