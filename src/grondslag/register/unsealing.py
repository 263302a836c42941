"""Many entries opened at once, into files of columns: in this process, or in several with the register open.

Whoever opens them writes them too, so that nothing goes from process to process but how many there were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import groupby
from multiprocessing import get_context
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa

from grondslag.register.keys import Master
from grondslag.register.places import opened_store
from grondslag.register.sealing import unsealed
from grondslag.register.store import Row
from grondslag.register.vault import Vault
from grondslag.register.vocabulary import OWN
from grondslag.vocabulary import EVENTS

KINDS: Final = (*EVENTS, *OWN)
"""The kinds of which a history is made."""
NAMES: Final = ("id", "email", "phone", "address")
"""What an entry calls its person."""
TOLD: Final = pa.schema(
    [
        ("subject", pa.int64()),
        *((name, pa.string()) for name in NAMES),
        *(("date", pa.string()), ("corrects", pa.string()), ("said", pa.int64())),
    ]
)
"""Of each entry whom it is about, what stands beside its event, and the number of the event."""
SAID: Final = pa.schema([("said", pa.int64()), ("event", pa.string())])
"""Each event, as JSON: many entries say the same of different people."""

EACH, ALL = "each of", "all from, to"
Some = tuple[str, Sequence[int]]
"""Whose entries: those of each of some subjects, or of all from one number up to another."""

_WHOSE: Final = itemgetter(0)

Unseal = Callable[[Iterable[Some]], Iterator[int]]
"""Opens what is asked for, and tells as it goes how many entries that were."""


class Unsealer:
    """Opens entries, with a connection of its own, and writes them in a folder for each kind.

    :param until: what was recorded up to this moment, in seconds since 1970.
    """

    def __init__(self, vault: Vault, until: int, folder: Path) -> None:
        self._vault, self._until, self._folder = vault, until, folder

    def __call__(self, task: tuple[int, Some]) -> int:
        """Whatever of these can be read; nothing of who was forgotten.

        :param task: its number, and whose entries.
        """
        nth, some = task
        told: dict[str, tuple[list[int], list[_Entry]]] = {kind: ([], []) for kind in KINDS}
        with self._vault.store.reading():  # what is sealed anew meanwhile has another key
            rows = self._rows(some, "subject, kind, uuid, sealed FROM readable", self._told)
            keys: dict[int, bytes] = dict(self._keys(some))
        # Person by person: the key of each is made ready once, used and let go.
        for subject, theirs in groupby(rows, _WHOSE):
            if subject not in keys:
                continue
            cipher = self._vault.cipher(subject, keys[subject])
            for _, kind, id_, stored in theirs:
                subjects, entries = told[kind]
                subjects.append(subject)
                entries.append(_READ[kind](unsealed(cipher, stored, id_)[1]))
        for kind, (subjects, entries) in told.items():
            if entries:
                self._write(kind, nth, subjects, entries)
        return sum(len(entries) for _, entries in told.values())

    def _keys(self, some: Some) -> list[Row]:
        return self._rows(some, "subject, wrapped FROM subject_key")

    @property
    def _told(self) -> str:
        kinds = ", ".join(f"'{kind}'" for kind in KINDS)
        return f" AND kind IN ({kinds}) AND recorded <= {self._until} ORDER BY subject, number"

    def _rows(self, some: Some, what: str, then: str = "") -> list[Row]:
        how, numbers = some
        store, between = self._vault.store, ("subject BETWEEN ? AND ?", numbers)
        where, values = between if how == ALL else store.within("subject", numbers)
        return store.rows(f"SELECT {what} WHERE {where}{then}", *values)

    def _write(self, kind: str, nth: int, subjects: list[int], entries: list[_Entry]) -> None:
        numbers: dict[bytes, int] = {}
        first = nth << 32
        said = [numbers.setdefault(bytes(entry.event), first + len(numbers)) for entry in entries]
        who = [entry.subject for entry in entries]
        names = ([getattr(each, name) for each in who] for name in NAMES)
        beside = ([entry.date for entry in entries], [entry.corrects for entry in entries])
        self._put(told_in(self._folder, kind), nth, TOLD, (subjects, *names, *beside, said))
        events = pa.array(numbers, pa.binary()).cast(pa.string())
        self._put(said_in(self._folder, kind), nth, SAID, (numbers.values(), events))

    def _put(self, folder: Path, nth: int, schema: pa.Schema, columns: Sequence[Any]) -> None:
        arrays = [pa.array(column, type_) for column, type_ in zip(columns, schema.types, strict=True)]
        folder.mkdir(exist_ok=True)
        with pa.ipc.new_file(folder / f"{nth:09}.arrow", schema) as out:
            out.write_batch(pa.record_batch(arrays, schema=schema))


def told_in(folder: Path, kind: str) -> Path:
    """Where the entries of a kind are written."""
    return folder / kind


def said_in(folder: Path, kind: str) -> Path:
    """Where their events are."""
    return folder / f"{kind}_said"


class _Who(msgspec.Struct, gc=False):
    id: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None


class _Entry(msgspec.Struct, gc=False):
    """Only what is read here; the event stays as it is."""

    subject: _Who
    date: str
    event: msgspec.Raw
    corrects: str | None = None


def _reader(kind: str) -> Callable[[bytes], _Entry]:
    """Reads the body of an entry of a kind: in it the event is called after its kind."""
    type_: Any = msgspec.defstruct(
        kind, [("event", msgspec.Raw, msgspec.field(name=kind))], bases=(_Entry,), gc=False
    )
    read: Callable[[bytes], _Entry] = msgspec.json.Decoder(type_).decode
    return read


_READ: Final = {kind: _reader(kind) for kind in KINDS}


@contextmanager
def unsealing(place: str | Path, vault: Vault, until: int, workers: int, folder: Path) -> Iterator[Unseal]:
    """What opens a stream of tasks.

    :param workers: processes; with fewer than two it is done in this one.
    :param folder: where the entries are written.
    """
    if workers < 2:
        yield lambda tasks: map(Unsealer(vault, until, folder), enumerate(tasks))
        return
    # Not forked: whoever calls this may have threads.
    with ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_begin, initargs=(place, vault.master, until, folder)
    ) as pool:
        yield lambda tasks: pool.map(_unseal, enumerate(tasks))


def _begin(place: str | Path, master: Master, until: int, folder: Path) -> None:
    global _unsealer  # noqa: PLW0603 - one for each process
    _unsealer = Unsealer(Vault(opened_store(place), master), until, folder)


def _unseal(task: tuple[int, Some]) -> int:
    return _unsealer(task)


_unsealer: Unsealer
