"""The database by itself: its pages, its tables and triggers, the sort of each value, its settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from grondslag.register.checking.finding import RESTORE, Finding
from grondslag.register.register import Register, seal_of
from grondslag.register.sqlite import SQLite
from grondslag.register.store import APPEND_ONLY, TABLES, Store, columns, lasts
from grondslag.register.vault import Vault

_TOLD: Final = 20
"""Findings of the database itself that are told, at most."""
_HEADER: Final = {
    18: b"\2\2\0\x40\x20\x20",  # kept with a write-ahead log; and numbers that never change
    44: b"\0\0\0\4",  # the format of the schema
    52: bytes(7) + b"\1",  # no automatic vacuum; UTF-8
    64: bytes(4),
}
"""What stands in the header of the file of a register (sqlite.org/fileformat.html, section 1.3)."""
_SORTS: Final = {"INT": "integer", "BYTES": "blob", "TEXT": "text"}


def sound(register: Register) -> Iterator[Finding]:
    """What is wrong with the database as a database."""
    store = register.store
    yield from _shared(store) if store.shared else _alone(store)
    settings: dict[str, str] = dict(store.rows("SELECT name, value FROM setting"))
    if settings.pop("seal", None) != seal_of(Vault(store, register.vault.master), settings):
        yield Finding("setting", "is not what the register was made with")
    ((others,),) = store.rows(
        "SELECT count(*) FROM subject_key WHERE master <> ?", register.vault.master.name
    )
    if others:
        yield Finding("subject_key", f"has {others} keys that another master key is said to have wrapped")


def _alone(store: Store) -> Iterator[Finding]:
    yield from _header(Path(store.rows("PRAGMA database_list")[0][2]))
    for (said,) in store.rows(f"PRAGMA integrity_check({_TOLD})"):
        if said != "ok":
            yield Finding("the pages of the database", f"SQLite says: {str(said).splitlines()[0]}")
    model, told = SQLite(Path(":memory:"), new=True), "SELECT type, name, tbl_name, sql FROM sqlite_master"
    model.define()
    if sorted(map(repr, store.rows(told))) != sorted(map(repr, model.rows(told))):
        yield Finding("the tables and triggers", "are not those of a register")
    model.close()
    for table, of in TABLES.items():
        wrong = " OR ".join(
            f"typeof({name}) NOT IN ('{_SORTS[type_.split()[0]]}', '{'' if _needed(type_) else 'null'}')"
            for name, type_ in of.items()
            if name in columns(table)
        )
        for (count,) in store.rows(f"SELECT count(*) FROM {table} WHERE {wrong}"):
            if count:
                yield Finding(table, f"has {count} rows with a value of another sort than its column")
    counters: dict[str, int] = dict(store.rows("SELECT name, value FROM counter"))
    last = dict(lasts(store))
    if counters.get("batch") != last["batch"] or counters.get("subject", -1) < last["subject"]:
        yield Finding("counter", "would give a number that was given before", RESTORE)


def _header(file: Path) -> Iterator[Finding]:
    """The first page may be anew in the write-ahead log; that has sums of its own."""
    log = Path(f"{file}-wal")
    if log.exists() and log.stat().st_size:
        return
    with file.open("rb") as opened:
        header = opened.read(100)
    for at, said in _HEADER.items():
        if header[at : at + len(said)] != said:
            yield Finding(file.name, f"has a header that SQLite did not write, from byte {at} on")


def _shared(store: Store) -> Iterator[Finding]:
    on = {name for (name,) in store.rows(
        "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE t.tgname = 'stays' AND t.tgenabled IN ('O', 'A')")}  # fmt: skip
    for table in APPEND_ONLY:
        if table not in on:
            yield Finding(table, "can be changed: its trigger is gone or switched off", "make it again")
    for of, last in lasts(store):
        ((value,),) = store.rows(f"SELECT last_value FROM {of}_number")
        if value < last:
            yield Finding(f"{of}_number", "would give a number that was given before", RESTORE)


def _needed(type_: str) -> bool:
    return "NOT NULL" in type_ or "PRIMARY KEY" in type_
