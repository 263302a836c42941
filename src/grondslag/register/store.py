"""Where a register is kept: what any database must do for it, and the tables.

A :class:`Store` is SQLite (:mod:`.sqlite`) or PostgreSQL (:mod:`.postgres`).  It runs SQL with ``?`` for a
value; everything above it is written once.  What is evidence (entries, their place in the log, checkpoints)
can only be added to: triggers refuse to change or delete it.  What must be destroyable (keys, the index,
attachments) is in tables of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from typing import Any, Final, Protocol, TypeVar

from grondslag.errors import Unwritten

Row = tuple[Any, ...]
Result = TypeVar("Result")
Item = TypeVar("Item")

ATTEMPTS: Final = 20
"""How often a transaction is done again when somebody else was first."""

PLACES: Final = 20
"""An entry's number is that of its batch, and in the lowest 20 bits its place in it."""
BATCH: Final = 1 << PLACES


FOREVER: Final = 2**62
"""A moment, in seconds since 1970, up to which everything was recorded."""


class Busy(Unwritten):
    """Somebody else was first; the same transaction may succeed when it is done again."""

    def __init__(self, why: str) -> None:
        super().__init__("the register", f"is written by others ({why})", "try again; nothing was written")


def again(work: Callable[[], Result]) -> Result:
    """What a transaction gives, with all that it looks up; it is done again when somebody else was first."""
    for _ in range(ATTEMPTS - 1):
        try:
            return work()
        except Busy:
            continue
    return work()


def chunks(rows: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The rows of a stream, so many at a time."""
    stream = iter(rows)
    while some := list(islice(stream, size)):
        yield some


class Store(Protocol):
    """One connection to a database.

    :ivar shared: whether others may write at the same time.
    """

    shared: bool

    def writing(self) -> AbstractContextManager[None]:
        """A transaction: everything in it is durable when it ends, or nothing is.

        :raises Busy: when another was first.
        :raises Unwritten: when the database cannot write.
        """

    def reading(self) -> AbstractContextManager[None]:
        """Everything that is read meanwhile is of one moment, whoever writes; :meth:`stream` too."""

    def define(self) -> None:
        """Make the tables, in a transaction.

        :raises Unopened: when there are some.
        """

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """All rows of a query, or what a statement returns."""

    def stream(self, sql: str, *values: Any) -> Iterator[Row]:
        """The rows of a query one by one, in flat memory; others may write meanwhile."""

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """Add rows that have a value for each column, in the order of :data:`TABLES`."""

    def within(self, column: str, values: Iterable[Any]) -> tuple[str, tuple[Any, ...]]:
        """SQL for: the column has one of these values; and the values to give with it."""

    def change(self, sql: str, rows: Sequence[Row]) -> None:
        """Run one statement for each of these rows of values."""

    def numbers(self, of: str, count: int) -> Sequence[int]:
        """New numbers of ``subject`` or ``batch``, never given before."""

    def resume(self) -> None:
        """In a transaction: go on numbering after what is there: a register was read back."""

    def sequencing(self) -> None:
        """Wait, in a transaction, until nobody else gives entries their place in the log."""

    def scrub(self) -> None:
        """Let nothing that was deleted linger in the files of the database, as far as it can see to that."""

    def close(self) -> None:
        """End the connection."""


TABLES: Final[dict[str, dict[str, str]]] = {
    # What the register is: its format, the name of its log, the controller.
    "setting": {"name": "TEXT PRIMARY KEY", "value": "TEXT NOT NULL"},
    # Its own keys, wrapped by the master key.
    "secret": {"name": "TEXT PRIMARY KEY", "master": "TEXT NOT NULL", "wrapped": "BYTES NOT NULL"},
    # The key of each person: destroyed when the person is forgotten.
    "subject_key": {"subject": "INT PRIMARY KEY", "master": "TEXT NOT NULL", "wrapped": "BYTES NOT NULL"},
    # The blind index: keyed hash of an identifier; the nth subject that has it.
    "identifier": {
        "hash": "BYTES NOT NULL", "nth": "INT NOT NULL", "subject": "INT NOT NULL",
        "PRIMARY KEY": "(hash, nth)",
    },
    # subject: null when it is about nobody, and sealed is then the bare payload.
    "entry": {
        "number": "INT PRIMARY KEY", "recorded": "INT NOT NULL", "subject": "INT", "kind": "TEXT NOT NULL",
        "client": "BYTES NOT NULL UNIQUE", "uuid": "BYTES NOT NULL", "commitment": "BYTES NOT NULL",
        "sealed": "BYTES NOT NULL",
    },
    # Which entries a subject shares with another from some moment, until it is split off again.
    "same_person": {
        "entry": "INT PRIMARY KEY", "subject": "INT NOT NULL", "person": "INT NOT NULL",
    },
    # Keyed hash of a campaign's name, and the decisions that were kept of it.
    "campaign": {"hash": "BYTES NOT NULL", "entry": "INT NOT NULL", "PRIMARY KEY": "(hash, entry)"},
    "batch": {"number": "INT PRIMARY KEY", "entries": "INT NOT NULL", "recorded": "INT NOT NULL"},
    "pending": {"batch": "INT PRIMARY KEY"},
    "sequenced": {"first": "INT PRIMARY KEY", "batch": "INT NOT NULL UNIQUE"},
    "checkpoint": {
        "size": "INT PRIMARY KEY", "root": "BYTES NOT NULL", "edge": "BYTES NOT NULL",
        "note": "TEXT NOT NULL", "published": "INT NOT NULL",
    },
    "stamp": {"size": "INT PRIMARY KEY", "token": "BYTES NOT NULL"},
    # What a duty keeps of somebody who was forgotten, under a key of its own, and blocked for anything else.
    "held": {
        "entry": "INT PRIMARY KEY", "keeper": "INT NOT NULL", "reason": "TEXT NOT NULL",
        "until": "TEXT NOT NULL", "sealed": "BYTES NOT NULL",
    },
    # What stays of somebody of whom a part was destroyed, under the new key of that person.
    "resealed": {"entry": "INT PRIMARY KEY", "sealed": "BYTES NOT NULL"},
    # That part: entries that nobody can read any more.
    "destroyed": {"entry": "INT PRIMARY KEY"},
    # Attachments, under the key of the person or of the keeper of the entry.
    "blob": {
        "entry": "INT NOT NULL", "nth": "INT NOT NULL", "sealed": "BYTES NOT NULL",
        "PRIMARY KEY": "(entry, nth)",
    },
    # The run of the schedule that is under way, or was cut off: since what day, by what, and its figures.
    "retaining": {"day": "TEXT PRIMARY KEY", "schedule": "TEXT NOT NULL", "figures": "TEXT NOT NULL"},
    # What is left of somebody who was forgotten: a keyed hash, channels and day.
    "suppression": {
        "hash": "BYTES NOT NULL", "channels": "TEXT NOT NULL", "day": "TEXT NOT NULL",
        "PRIMARY KEY": "(hash, channels, day)",
    },
}  # fmt: skip
INDEXES: Final = (
    "CREATE INDEX entry_subject ON entry (subject)",
    "CREATE INDEX identifier_subject ON identifier (subject)",
    "CREATE INDEX same_person_subject ON same_person (subject)",
    "CREATE INDEX same_person_person ON same_person (person)",
)

VIEW: Final = """CREATE VIEW readable AS
SELECT number, recorded, subject, kind, client, uuid, commitment, coalesce(r.sealed, e.sealed) AS sealed
FROM entry e LEFT JOIN resealed r ON r.entry = e.number
WHERE NOT EXISTS (SELECT 1 FROM destroyed d WHERE d.entry = e.number)"""
"""The entries, each as the key of its person opens it; not those of which only the proofs are left."""

STORED: Final = (
    "entry e LEFT JOIN resealed r ON r.entry = e.number LEFT JOIN destroyed d ON d.entry = e.number"
)
OPENABLE: Final = "CASE WHEN d.entry IS NULL THEN coalesce(r.sealed, e.sealed) END"
"""Of the entries in :data:`STORED`, which are all: as :data:`VIEW` has it, or none."""

BLOBS: Final = """SELECT b.entry, nth, b.sealed, coalesce(h.keeper, e.subject) AS owner, e.uuid
FROM blob b JOIN entry e ON e.number = b.entry LEFT JOIN held h ON h.entry = b.entry"""
"""The attachments, each with the number whose key opens it, and the id of its entry."""

APPEND_ONLY: Final = (
    "setting", "entry", "same_person", "campaign", "batch", "sequenced", "checkpoint", "stamp", "suppression",
    "destroyed",
)  # fmt: skip
"""Nothing in these is ever changed or deleted; the database sees to it."""


def definitions(whole: str, binary: str, clustered: str = "") -> Iterator[str]:
    """The statements that make the tables, with the database's words.

    :param whole: for whole numbers of 64 bits.
    :param binary: for bytes.
    :param clustered: after a table that is kept in the order of its key.
    """
    for table, columns in TABLES.items():
        told = ", ".join(f"{name} {type_}" for name, type_ in columns.items())
        told = told.replace("INT", whole).replace("BYTES", binary)
        yield f"CREATE TABLE {table} ({told}) {clustered if 'PRIMARY KEY' in columns else ''}"
    yield from INDEXES
    yield VIEW


def columns(table: str) -> list[str]:
    """The columns of a table, in their order."""
    return [name for name in TABLES[table] if name != "PRIMARY KEY"]


def lasts(store: Store) -> Iterator[tuple[str, int]]:
    """The last number of each sort that is in use."""
    used = [
        "SELECT max(subject) FROM entry", "SELECT max(subject) FROM subject_key",
        "SELECT max(keeper) FROM held", "SELECT max(subject) FROM identifier",
    ]  # fmt: skip
    yield "subject", max(store.rows(sql)[0][0] or 0 for sql in used)
    yield "batch", store.rows("SELECT max(number) FROM batch")[0][0] or 0
