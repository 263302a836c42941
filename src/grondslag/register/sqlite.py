"""A register in one SQLite file: the embedded default."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from grondslag.errors import Unopened
from grondslag.register.store import APPEND_ONLY, Busy, Row, columns, definitions, lasts

_WAIT: Final = 60_000
"""Milliseconds to wait for another writer."""
_CACHE: Final = -256 * 1024
"""KiB of the file kept in memory, at most."""
_FETCHED: Final = 1000


class SQLite:
    """A :class:`~grondslag.register.store.Store`; one writer at a time, others wait.

    Write-ahead log with full durability: what was acknowledged is on disk.
    """

    shared = False

    def __init__(self, path: Path, *, new: bool = False) -> None:
        if new == path.exists():
            remedy = "name another file" if new else "make it with `grondslag new`"
            raise Unopened(
                str(path), "exists already" if new else "is no register: it does not exist", remedy
            )
        self._path = path
        try:
            self._db = sqlite3.connect(
                path, isolation_level=None, timeout=_WAIT / 1000, cached_statements=256
            )
            self._db.execute(f"PRAGMA cache_size = {_CACHE}")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
            if new:
                self._db.execute("PRAGMA journal_mode = WAL")
                self._define()
            self._db.execute("SELECT 1 FROM setting")
        except sqlite3.DatabaseError as wrong:
            raise Unopened(str(path), f"is no register ({wrong})", "name a register, or restore it") from None

    def _define(self) -> None:
        with self.writing():
            for statement in definitions("INTEGER", "BLOB", "WITHOUT ROWID"):
                self._db.execute(statement)
            self._db.execute("CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL)")
            self._db.execute("INSERT INTO counter VALUES ('subject', 0), ('batch', 0)")
            for table in APPEND_ONLY:
                for event in ("UPDATE", "DELETE"):
                    self._db.execute(
                        f"CREATE TRIGGER {table}_no_{event} BEFORE {event} ON {table} BEGIN"
                        f" SELECT RAISE(ABORT, '{table}: evidence is never changed or deleted'); END"
                    )

    @contextmanager
    def writing(self) -> Iterator[None]:
        """See :class:`~grondslag.register.store.Store`."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """See :class:`~grondslag.register.store.Store`."""
        return self._db.execute(sql, values).fetchall()

    def stream(self, sql: str, *values: Any) -> Iterator[Row]:
        """See :class:`~grondslag.register.store.Store`."""
        cursor = self._db.cursor()
        cursor.execute(sql, values)
        while found := cursor.fetchmany(_FETCHED):
            yield from found

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """See :class:`~grondslag.register.store.Store`."""
        if not rows:
            return
        marks = ", ".join("?" * len(columns(table)))
        try:
            self._db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        except sqlite3.IntegrityError as wrong:
            raise Busy(str(wrong)) from None

    def change(self, sql: str, rows: Sequence[Row]) -> None:
        """See :class:`~grondslag.register.store.Store`."""
        self._db.executemany(sql, rows)

    def within(self, column: str, values: Iterable[Any]) -> tuple[str, tuple[Any, ...]]:
        """See :class:`~grondslag.register.store.Store`."""
        given = tuple(values)
        # Few different statements, so that they are ready made: the last value is repeated.
        marks = 1 << (len(given) - 1).bit_length() if given else 0
        return f"{column} IN ({', '.join('?' * marks)})", given + given[-1:] * (marks - len(given))

    def numbers(self, of: str, count: int) -> Sequence[int]:
        """See :class:`~grondslag.register.store.Store`."""
        sql = "UPDATE counter SET value = value + ? WHERE name = ? RETURNING value"
        ((last,),) = self._db.execute(sql, (count, of)).fetchall()
        return range(last - count + 1, last + 1)

    def resume(self) -> None:
        """See :class:`~grondslag.register.store.Store`."""
        self.change("UPDATE counter SET value = ? WHERE name = ?", [(last, of) for of, last in lasts(self)])

    def sequencing(self) -> None:
        """See :class:`~grondslag.register.store.Store`: whoever writes here is alone."""

    def scrub(self) -> None:
        """See :class:`~grondslag.register.store.Store`: now it is overwritten in the log beside it too."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def discard(self) -> None:
        """See :class:`~grondslag.register.store.Store`."""
        self.close()
        self._path.unlink()

    def close(self) -> None:
        """See :class:`~grondslag.register.store.Store`."""
        self._db.close()
