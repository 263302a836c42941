"""A bit flips anywhere in a register: it is named.  By hand: ``python -m tests.anomaly.flipping``."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from grondslag.errors import Unopened
from grondslag.register.checking import check, check_place
from grondslag.register.keys import key_in, new_key
from grondslag.register.register import Register
from grondslag.register.store import TABLES, columns
from tests.anomaly.cast import MASTER, NOW, new
from tests.anomaly.flipping import World, flips, lived_in

Change = tuple[str, str, tuple[Any, ...], tuple[Any, ...]]


def test_a_bit_that_flips_in_a_file_is_found_or_nothing_depends_on_it() -> None:
    told = flips(database=100, ahead=20, ledger=1, seed=1)
    assert told["shop.register"]["told"] > 50
    assert told["shop.register-wal"]["told"] > 15
    assert set(told["ledger"]) == {"told", "told, and everything is read all the same"}


def test_a_bit_that_flips_in_the_key_opens_nothing_or_the_same(tmp_path: Path) -> None:
    file, place = tmp_path / "shop.key", str(tmp_path / "shop.register")
    new(place, tmp_path / "ledger", new_key(file))
    text, whole = file.read_bytes(), key_in(file)
    opened = 0
    for at in range(8 * len(text)):
        spoiled = bytearray(text)
        spoiled[at // 8] ^= 1 << at % 8
        file.write_bytes(spoiled)
        try:
            key = key_in(file)
            Register(place, key, tmp_path / "ledger").close()
        except Unopened as wrong:
            assert "key" in wrong.place
        else:
            opened += 1
            assert key.name == whole.name, "the bits that base64 leaves over, or white space"
    assert opened < 16


def test_what_is_wrong_with_the_files_is_mended_from_the_database(tmp_path: Path) -> None:
    world = World(tmp_path)
    place, ledger = str(world.whole / "shop.register"), world.whole / "ledger"
    (ledger / "checkpoint").write_bytes(b"nothing")
    told, *_ = check_place(place, MASTER, ledger)
    assert "ledger/checkpoint" in told.place and "delete the folder and publish again" in told.remedy
    shutil.rmtree(ledger)
    with Register(place, MASTER, ledger) as register:
        register.publish(NOW)
    assert not list(check_place(place, MASTER, ledger))


# --- Values that somebody with power over the database changes ---------------------------------------------

UNNOTICED: Final = {
    ("entry", "sealed"), ("entry", "client"), ("entry", "subject"), ("identifier", "nth"),
    ("checkpoint", "published"), ("stamp", "token"),
}  # fmt: skip
"""Columns that may hold another value without a word: :data:`grondslag.register.checking.UNCHECKED`."""


@contextmanager
def without_triggers(register: Register) -> Iterator[None]:
    """Evidence can be changed meanwhile; afterwards the triggers are as they were."""
    store = register.store
    if store.shared:
        store.rows("SET session_replication_role = replica")
        yield
        store.rows("SET session_replication_role = origin")
        return
    triggers = store.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    for name, _ in triggers:
        store.rows(f"DROP TRIGGER {name}")
    yield
    for _, sql in triggers:
        store.rows(sql)


def another(value: Any) -> Any:
    match value:
        case None:
            return 1
        case int():
            return value + 1000
        case str():
            return value[:-1] + ("x" if value[-1:] != "x" else "y")
    return bytes(value)[:-1] + bytes([bytes(value)[-1] ^ 1])


def changes(register: Register, rows: int, dice: random.Random) -> Iterator[Change]:
    """Of every column so many values: table, column, the row as it is, and as it would be."""
    for table in TABLES:
        there = register.store.rows(f"SELECT * FROM {table}")
        for n, name in enumerate(columns(table)):
            for row in dice.sample(there, min(rows, len(there))):
                yield table, name, row, (*row[:n], another(row[n]), *row[n + 1 :])


def put(register: Register, table: str, name: str, row: tuple[Any, ...], instead: tuple[Any, ...]) -> None:
    """Let a column of a row hold what it holds in another."""
    names = columns(table)
    where = " AND ".join(f"{each} = ?" for each, value in zip(names, row, strict=True) if value is not None)
    given = [value for value in row if value is not None]
    with without_triggers(register):
        register.store.rows(
            f"UPDATE {table} SET {name} = ? WHERE {where}", instead[names.index(name)], *given
        )


def test_a_value_that_is_changed_in_any_column_is_named(register: Register, tmp_path: Path) -> None:
    lived_in(register, tmp_path)
    empty = {table for table in TABLES if not register.store.rows(f"SELECT 1 FROM {table}")}
    assert empty == {"retaining"}, (
        "there is a row of everything, but for a run of the schedule that was cut off"
    )
    assert not list(check(register))
    seen = Counter[tuple[str, str]]()
    for table, name, row, other in changes(register, 1, random.Random(1)):
        put(register, table, name, row, other)
        if list(check(register)):
            seen[table, name] += 1
        else:
            assert (table, name) in UNNOTICED
        put(register, table, name, other, row)
    assert not list(check(register)), "everything was put back"
    assert len(seen) > 40
