"""What the commands have in common: the kinds of arguments, and how an error ends."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from grondslag.errors import GrondslagError
from grondslag.law.profiles import Profile

USAGE: Final = 2
F = TypeVar("F", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A date written 2026-07-01."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{str(value)[:40]!r} is no date; write it as YYYY-MM-DD, e.g. 2026-07-01", param, ctx)


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


def clear_errors(command: F) -> F:
    """An error that Grondslag raises on purpose ends in one line and exit code 2, never a traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except GrondslagError as wrong:
            click.echo(f"grondslag: {wrong}", err=True)
            sys.exit(USAGE)
        except OSError as wrong:
            click.echo(f"grondslag: {wrong.filename or ''}: {wrong.strerror or wrong}", err=True)
            sys.exit(USAGE)

    return run  # type: ignore[return-value]


PROFILE = click.option(
    "--profile",
    type=Policy(),
    default=None,
    help="Reading of contested points: strict (default), balanced, permissive, or strict,P-POST=balanced.",
)
LANG = click.option(
    "--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True, help="Language."
)
FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
