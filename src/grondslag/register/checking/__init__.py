"""Whether a register is whole: everything in it is read, and held against everything else.

A leaf has its place in a tree whose root is signed; a payload opens under one key and is what its leaf
commits to; the blind index, the attachments and the merges are what the payloads say; of what was destroyed
there are accounts in the log.  So a byte that is not what it was is found, unless nothing depends on it:
:data:`UNCHECKED`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from grondslag.errors import BadCase
from grondslag.register.checking import ahead, destroyed, order, sealed, tables
from grondslag.register.checking.finding import RESTORE, Finding
from grondslag.register.keys import Master
from grondslag.register.places import is_database
from grondslag.register.register import Register

UNCHECKED: Final = (
    "what the entries of people who were forgotten said, by which id, and with whom they were merged: nobody "
    "can read it; that these entries stand in the log is checked",
    "at what moment checkpoints were signed: only that it is in order",
    "who signed the timestamps, and so whether their time is right: `grondslag verify` of a proof with the "
    "authority's certificates tells",
    "in which order people who share a contact detail came to have it",
    "numbers that were never given to anybody: they may be skipped",
)
"""What a check cannot tell, in English."""

_PARTS: Final[tuple[tuple[str, Callable[[Register], Iterator[Finding]]], ...]] = (
    ("the database", tables.sound),
    ("the log in the database", order.kept),
    ("the files of the log", order.published),
    ("what is sealed", sealed.readable),
    ("what was destroyed", destroyed.accounted),
)


def check(register: Register) -> Iterator[Finding]:
    """Everything that is wrong with a register; memory stays flat, and others may go on writing."""
    for name, part in _PARTS:
        try:
            with register.store.reading():
                yield from part(register)
        except BadCase as wrong:
            yield Finding(wrong.place, wrong.problem, wrong.remedy)
        except Exception as wrong:  # what was damaged raises almost anything
            yield Finding(name, f"cannot be read through ({type(wrong).__name__})", RESTORE)


def check_place(place: str | Path, master: Master, ledger: Path | None = None) -> Iterator[Finding]:
    """Everything that is wrong with what should be a register, whether or not it can be opened.

    First of all the write-ahead log beside a file is looked at, because to open the file is to take from that
    log what can be read of it, and to leave the rest.
    """
    if not is_database(place):
        yield from ahead.damaged(Path(f"{place}-wal"))
    try:
        register = Register(place, master, ledger)
    except BadCase as wrong:
        yield Finding(wrong.place, wrong.problem, wrong.remedy)
        return
    except Exception as wrong:  # as above
        yield Finding(str(place), f"cannot be opened ({type(wrong).__name__})", RESTORE)
        return
    with register:
        yield from check(register)
