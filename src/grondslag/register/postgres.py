"""A register in PostgreSQL: many writers at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus

from grondslag.errors import Unopened, Unwritten
from grondslag.register.store import APPEND_ONLY, Busy, Row, columns, definitions, lasts

_SEQUENCER: Final = 0x67726F6E
"""The name of the lock that whoever sequences holds."""
_FETCHED: Final = 2000
_AGAIN: Final = (
    errors.UniqueViolation,
    errors.DeadlockDetected,
    errors.SerializationFailure,
    errors.LockNotAvailable,
)
_REFUSED = (psycopg.OperationalError, psycopg.InterfaceError, errors.ReadOnlySqlTransaction)


class PostgreSQL:
    """A :class:`~grondslag.register.store.Store`.

    :param url: ``postgresql://user@host/database``; the password from the usual places, never in the URL of a
        command line.
    """

    shared = True

    def __init__(self, url: str, *, new: bool = False) -> None:
        try:
            self._db = psycopg.connect(url, autocommit=True, prepare_threshold=3)
            self._db.execute("SET synchronous_commit = on")
            if self._db.info.server_version < 150_000:
                raise Unopened("the database", "is older than PostgreSQL 15", "use PostgreSQL 15 or later")
            if not new:
                self._db.execute("SELECT 1 FROM setting LIMIT 1")
        except errors.UndefinedTable:
            raise Unopened("the database", "holds no register", "make one with `grondslag new`") from None
        except psycopg.Error as wrong:
            remedy = "see that the server is up, and that this user may read the database"
            raise Unopened("the database", f"cannot be opened ({type(wrong).__name__})", remedy) from None

    def define(self) -> None:
        """See :class:`~grondslag.register.store.Store`."""
        try:
            for statement in definitions("BIGINT", "BYTEA"):
                self._db.execute(statement)
        except errors.DuplicateTable:
            raise Unopened("the database", "holds a register already", "name another database") from None
        for of in ("subject", "batch"):
            self._run(f"CREATE SEQUENCE {of}_number")
        self._run(
            "CREATE FUNCTION evidence_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION '%: evidence is never changed or deleted', TG_TABLE_NAME; END $$"
        )
        for table in APPEND_ONLY:
            self._run(
                f"CREATE TRIGGER stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION evidence_stays()"
            )

    @contextmanager
    def writing(self) -> Iterator[None]:
        """See :class:`~grondslag.register.store.Store`."""
        try:
            with self._db.transaction():
                yield
        except _AGAIN as lost:
            raise Busy(type(lost).__name__) from None
        except _REFUSED as wrong:
            raise _told(wrong) from None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See :class:`~grondslag.register.store.Store`."""
        try:
            with self._db.transaction(force_rollback=True):
                self._run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield
        except _REFUSED as wrong:
            raise _told(wrong) from None

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """See :class:`~grondslag.register.store.Store`."""
        try:
            cursor = self._run(sql, values)
            return cursor.fetchall() if cursor.description else []
        except _AGAIN:
            raise
        except _REFUSED as wrong:
            raise _told(wrong) from None

    def stream(self, sql: str, *values: Any) -> Iterator[Row]:
        """See :class:`~grondslag.register.store.Store`: by a cursor on the server.

        Outside a transaction it has a connection of its own.
        """
        try:
            with ExitStack() as stack:
                db = self._db
                if db.info.transaction_status == TransactionStatus.IDLE:
                    password = db.info.password or None
                    db = stack.enter_context(psycopg.connect(db.info.dsn, password=password))
                cursor = stack.enter_context(db.cursor(f"stream_{os.urandom(4).hex()}"))
                cursor.itersize = _FETCHED
                cursor.execute(_marks(sql), values)
                yield from cursor
        except _REFUSED as wrong:
            raise _told(wrong) from None

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """See :class:`~grondslag.register.store.Store`: by COPY."""
        if not rows:
            return
        with (
            self._db.cursor() as cursor,
            cursor.copy(_marks(f"COPY {table} ({', '.join(columns(table))}) FROM STDIN")) as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def change(self, sql: str, rows: Sequence[Row]) -> None:
        """See :class:`~grondslag.register.store.Store`."""
        with self._db.cursor() as cursor:
            cursor.executemany(_marks(sql), rows)

    def within(self, column: str, values: Iterable[Any]) -> tuple[str, tuple[Any, ...]]:
        """See :class:`~grondslag.register.store.Store`."""
        return f"{column} = ANY(?)", (list(values),)

    def numbers(self, of: str, count: int) -> Sequence[int]:
        """See :class:`~grondslag.register.store.Store`."""
        sql = f"SELECT nextval('{of}_number') FROM generate_series(1, ?)"
        return [number for (number,) in self.rows(sql, count)]

    def resume(self) -> None:
        """See :class:`~grondslag.register.store.Store`."""
        for of, last in lasts(self):
            self._run(f"SELECT setval('{of}_number', ?)", (max(last, 1),))

    def sequencing(self) -> None:
        """See :class:`~grondslag.register.store.Store`."""
        self._run("SELECT pg_advisory_xact_lock(?)", (_SEQUENCER,))

    def scrub(self) -> None:
        """See :class:`~grondslag.register.store.Store`: archived WAL and backups keep their copies."""
        for table in ("subject_key", "identifier", "blob", "held", "resealed"):
            self._run(f"VACUUM {table}")

    def close(self) -> None:
        """See :class:`~grondslag.register.store.Store`."""
        self._db.close()

    def _run(self, sql: str, values: Sequence[Any] = ()) -> psycopg.Cursor[Row]:
        return self._db.execute(_marks(sql), values or None)


def _told(wrong: psycopg.Error) -> Unwritten:
    remedy = "open the register again and do it again: what was recorded already is recorded once"
    if isinstance(wrong, errors.DiskFull):
        remedy = f"see to room on the disk of the server, and {remedy}"
    return Unwritten("the database", f"did not do it ({type(wrong).__name__})", remedy)


def _marks(sql: str) -> str:
    """The statement with this driver's mark for a value; there is no ``?`` of another meaning."""
    return sql.replace("?", "%s")
