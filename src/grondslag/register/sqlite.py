"""A register in one SQLite file: the embedded default."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from grondslag.errors import BadCase, Unopened, Unwritten
from grondslag.register.store import APPEND_ONLY, Busy, Row, columns, definitions, lasts

_WAIT: Final = 60_000
"""Milliseconds to wait for another writer."""
_CACHE: Final = -256 * 1024
"""KiB of the file kept in memory, at most, by who writes: pages of the indexes change time and again.

Who only reads keeps what SQLite keeps by itself, 2 MB; with more it takes longer, since most is read once.
"""
_LOGGED: Final = 16_000
"""Pages in the write-ahead log before they go into the file: what many batches change is written once."""
_FETCHED: Final = 1000


class SQLite:
    """A :class:`~grondslag.register.store.Store`; one writer at a time, others wait.

    Write-ahead log with full durability: what was acknowledged is on disk.
    """

    shared = False

    def __init__(self, path: Path, *, new: bool = False) -> None:
        if not new and not path.exists():
            raise Unopened(str(path), "is no register: it does not exist", "make it with `grondslag new`")
        self._path = path
        try:
            self._db = sqlite3.connect(
                path, isolation_level=None, timeout=_WAIT / 1000, cached_statements=256
            )
            self._db.execute(f"PRAGMA wal_autocheckpoint = {_LOGGED}")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
            if new:
                self._db.execute("PRAGMA journal_mode = WAL")
            else:
                self._db.execute("SELECT 1 FROM setting")
        except (sqlite3.DatabaseError, UnicodeDecodeError) as wrong:  # what it says may be no text
            raise Unopened(
                str(path), f"cannot be opened as a register ({wrong})", "name a register, or restore it"
            ) from None

    def define(self) -> None:
        """See :class:`~grondslag.register.store.Store`; what a crash left of an earlier attempt is empty."""
        if self._db.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise Unopened(str(self._path), "exists already", "name another file")
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
        try:
            self._db.execute(f"PRAGMA cache_size = {_CACHE}")
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except BaseException as wrong:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(wrong, sqlite3.DatabaseError):
                raise self._told(wrong) from None
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See :class:`~grondslag.register.store.Store`."""
        self.rows("BEGIN")
        try:
            yield
        finally:
            self._db.execute("ROLLBACK")

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """See :class:`~grondslag.register.store.Store`."""
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as wrong:
            raise self._told(wrong) from None

    def stream(self, sql: str, *values: Any) -> Iterator[Row]:
        """See :class:`~grondslag.register.store.Store`."""
        cursor = self._db.cursor()
        try:
            cursor.execute(sql, values)
            while found := cursor.fetchmany(_FETCHED):
                yield from found
        except sqlite3.DatabaseError as wrong:
            raise self._told(wrong) from None

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
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """See :class:`~grondslag.register.store.Store`."""
        self._db.close()

    def _told(self, wrong: sqlite3.DatabaseError) -> BadCase:
        """What the database says, without what is in it."""
        code = getattr(wrong, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            remedy = "see with `grondslag verify` what is wrong, and restore a copy"
            return Unopened(str(self._path), "was changed from outside, or damaged", remedy)
        remedy = "see to room and permission on the disk, and do it again; nothing of it is there"
        return Unwritten(str(self._path), f"did not do it ({wrong})", remedy)
