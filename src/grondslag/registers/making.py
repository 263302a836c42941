"""To make a register, rotate its master key, write it out whole and read it back."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

import click

from grondslag.errors import Unopened
from grondslag.options import say
from grondslag.registers.opening import (
    FAR,
    KEY,
    LEDGER,
    QUIET,
    REGISTER,
    key_beside,
    master,
    now,
    opened,
    progress,
    register_package,
)
from grondslag.stopping import stoppable


@click.command()
@REGISTER
@click.option("--controller", required=True, help="The name of the organisation whose register it is.")
@click.option(
    "--origin", required=True,
    help="The name of its log, for ever: a domain of yours and a path, such as shop.example/register.",
)  # fmt: skip
@KEY
@LEDGER
def new(place: str, controller: str, origin: str, key: Path | None, ledger: Path | None) -> None:
    """Make REGISTER, a file or a PostgreSQL database (postgresql://…), and its master key.

    The key is drawn at random, unless the environment gives one.  Without it nobody can read the register:
    keep a copy apart from the register and its backups.
    """
    keys, is_database = register_package("keys"), register_package("places").is_database
    given = os.environ.get(keys.IN_ENVIRONMENT)
    file = None if given and key is None else key or key_beside(place)
    if file is not None and not is_database(place) and Path(place).exists():
        raise Unopened(place, "exists already", "name another file")
    made = keys.key_of(given) if file is None else keys.new_key(file)
    register_package().Register.new(place, made, controller=controller, origin=origin, ledger=ledger).close()
    kept = f"; its key is in {file}: keep a copy elsewhere" if file else ""
    say(f"Made a register{kept}.")


@click.command()
@REGISTER
@KEY
@click.option(
    "--new-key", "new_key", required=True, type=click.Path(dir_okay=False, path_type=Path),
    help="The file of the new master key; made when it does not exist.",
)  # fmt: skip
def rotate(place: str, key: Path | None, new_key: Path) -> None:
    """Wrap every key of REGISTER with a new master key; the old one then opens nothing.

    Other programs that have the register open must open it again.
    """
    keys = register_package("keys")
    with opened(place, key, None) as register:
        other = keys.key_in(new_key) if new_key.exists() else keys.new_key(new_key)
        count = register.rotate(other, now())
    say(f"{count:,} keys are wrapped anew; use {new_key} from now on.")


@click.command()
@REGISTER
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A new file.")
@KEY
@QUIET
def dump(place: str, out: Path, key: Path | None, quiet: bool) -> None:
    """Write the whole of REGISTER as lines of JSON, from which `grondslag load` makes it again.

    Everything in it can be read by everybody, the keys apart: keep it as you would keep the register open.
    """
    count = 0
    with (
        opened(place, key, None) as register,
        progress().on_terminal(quiet) as far,
        register_package("drafts").draft(out) as file,
    ):
        for count, line in enumerate(register_package("lines").dump(register), 1):
            file.write(line + b"\n")
            if count % FAR == 0:
                far(f"Writing: {count:,} lines")
    if not quiet:
        say(f"{count:,} lines in {out}")


@click.command()
@REGISTER
@click.argument("file", type=click.File("rb"))
@KEY
@QUIET
def load(place: str, file: Any, key: Path | None, quiet: bool) -> None:
    """Make REGISTER, in a file or in PostgreSQL, of the lines that `grondslag dump` wrote.

    It is the same register: the same log, under the same master key.  Never record in both.
    """
    with stoppable(partial(say, err=True)):
        count = register_package("lines").load(place, master(place, key), file)
    if not quiet:
        say(f"{count:,} rows are read back.")
