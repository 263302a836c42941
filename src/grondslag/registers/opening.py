"""What every command on a register asks: which register, its key, its log, and whom it is about."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import click

from grondslag.errors import GrondslagError, Unopened
from grondslag.options import say
from grondslag.register import vocabulary
from grondslag.stopping import stoppable

if TYPE_CHECKING:
    from grondslag.register.keys import LocalMaster
    from grondslag.register.register import Register

FAR: Final = 1000
"""Rows between two words on how far it is."""
FROM_FILE: Final = 2000
"""Entries of a file that are durable together: the file is still there after whatever stops it."""
KEY = click.option(
    "--key",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file of the master key; REGISTER.key when left out, or GRONDSLAG_KEY in the environment.",
)
LEDGER = click.option(
    "--ledger",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the published log; REGISTER.ledger when left out.",
)
REGISTER = click.argument("place", metavar="REGISTER")
QUIET = click.option("--quiet", is_flag=True, help="No progress bar and no summary.")
JSON = click.option("--json", "as_json", is_flag=True, help="As JSON, and nothing else.")


class Subject(click.ParamType[tuple[str, str]]):
    """id=K-123, email=anna@klant.nl, phone=0612345678 or address="Kerkstraat 1, 3511 AA"."""

    name = "subject"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        kind, found, text = str(value).partition("=")
        if kind not in vocabulary.SUBJECT or not found or not text:
            self.fail("write id=…, email=…, phone=… or address=…", param, ctx)
        return kind, text


class Moment(click.DateTime):
    """A moment in UTC."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        found: datetime = super().convert(value, param, ctx)
        return found.replace(tzinfo=UTC)


_WHO: Final[dict[str, Any]] = {
    "type": Subject(), "multiple": True,
    "help": "Who: id=…, email=…, phone=… or address=…; more than one may be given.",
}  # fmt: skip
SUBJECT = click.option("--subject", required=True, **_WHO)
ANY_SUBJECT = click.option("--subject", **_WHO)
"""The same, where it may be left out."""


def register_package(module: str = "register") -> Any:
    """A module of the register, which is an extra and takes a moment to load."""
    try:
        return import_module(f"grondslag.register.{module}")
    except ModuleNotFoundError as missing:
        raise GrondslagError(
            f"a register needs {missing.name}; install it with: pip install 'grondslag[register]'"
        ) from missing


def progress() -> Any:
    """How far a command is, shown on the terminal."""
    return import_module("grondslag.screening.progress")


def now() -> datetime:
    """The moment of the command: the one place where the commands on a register read the clock."""
    return datetime.now(UTC)


def today() -> date:
    """The day of the command, in the Netherlands, where a term of the law is counted."""
    found: date = register_package("entries").dutch_day(now())
    return found


def master(place: str, key: Path | None) -> LocalMaster:
    """The master key: from the file that is named, the environment, or the file beside the register."""
    keys = register_package("keys")
    given = os.environ.get(keys.IN_ENVIRONMENT)
    if given and key is None:
        return cast("LocalMaster", keys.key_of(given))
    return cast("LocalMaster", keys.key_in(key or key_beside(place)))


def key_beside(place: str) -> Path:
    if register_package("places").is_database(place):
        told = "is not given, and a register in PostgreSQL has none beside it"
        raise Unopened("the key", told, "name it with --key, or put it in GRONDSLAG_KEY")
    return Path(f"{place}.key")


@contextmanager
def opened(place: str, key: Path | None, ledger: Path | None) -> Iterator[Register]:
    """The register, until the command is done or stopped."""
    with (
        stoppable(partial(say, err=True)),
        register_package().Register(place, master(place, key), ledger) as register,
    ):
        # What is loaded by now stays; passing over it for garbage time and again is a sixth of the work.
        gc.freeze()
        yield register


def private_file(file: Path) -> int:
    """A file that only its owner can read, open to be written anew."""
    return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
