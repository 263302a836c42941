"""Where a register may be: a file of SQLite, or a database in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from grondslag.register.sqlite import SQLite
from grondslag.register.store import Store


def is_database(place: str | Path) -> bool:
    """Whether a register is in PostgreSQL, and in no file."""
    return isinstance(place, str) and place.startswith(("postgresql://", "postgres://"))


def ledger_beside(place: str | Path) -> Path | None:
    """Where the log of a register is written when nothing else is said."""
    return None if is_database(place) else Path(f"{place}.ledger")


def opened_store(place: str | Path, *, new: bool = False) -> Store:
    """The database at that place."""
    if is_database(place):
        from grondslag.register.postgres import PostgreSQL

        return PostgreSQL(str(place), new=new)
    return SQLite(Path(place), new=new)
