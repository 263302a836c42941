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
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from grondslag.register.ahead import seldom
from grondslag.register.keys import Master
from grondslag.register.places import opened_store
from grondslag.register.sealing import unsealed
from grondslag.register.store import Row
from grondslag.register.vault import Vault
from grondslag.register.vocabulary import OWN
from grondslag.vocabulary import EVENTS

KINDS: Final = (*EVENTS, *OWN)
"""The kinds of which a history is made."""
TOLD: Final = pa.schema([("subject", pa.int64()), ("body", pa.string())])

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
        told: dict[str, tuple[list[int], list[bytes]]] = {kind: ([], []) for kind in KINDS}
        with self._vault.store.reading():  # what is sealed anew meanwhile has another key
            rows = sorted(self._rows(some, "subject, number, kind, uuid, sealed FROM readable", self._told))
            keys: dict[int, bytes] = dict(self._keys(some))
        # Person by person: the key of each is made ready once, used and let go.
        for subject, theirs in groupby(rows, _WHOSE):
            if subject not in keys:
                continue
            cipher = self._vault.cipher(subject, keys[subject])
            for _, _, kind, id_, stored in theirs:
                subjects, bodies = told[kind]
                subjects.append(subject)
                bodies.append(unsealed(cipher, stored, id_)[1])
        for kind, (subjects, bodies) in told.items():
            if bodies:
                self._write(self._folder / kind / f"{nth:09}.parquet", subjects, bodies)
        return sum(len(bodies) for _, bodies in told.values())

    def _keys(self, some: Some) -> list[Row]:
        return self._rows(some, "subject, wrapped FROM subject_key")

    @property
    def _told(self) -> str:
        kinds = ", ".join(f"'{kind}'" for kind in KINDS)
        return f"kind IN ({kinds}) AND recorded <= {self._until}"

    def _rows(self, some: Some, what: str, also: str = "true") -> list[Row]:
        how, numbers = some
        store, between = self._vault.store, ("subject BETWEEN ? AND ?", numbers)
        where, values = between if how == ALL else store.within("subject", numbers)
        return store.rows(f"SELECT {what} WHERE {where} AND {also}", *values)

    def _write(self, file: Path, subjects: list[int], bodies: list[bytes]) -> None:
        texts = pa.array(bodies, pa.binary()).cast(pa.string())
        file.parent.mkdir(exist_ok=True)
        # Read once and thrown away: to make it small would take longer than to write it.
        pq.write_table(
            pa.table([pa.array(subjects, pa.int64()), texts], schema=TOLD),
            file,
            compression="NONE",
            use_dictionary=False,
            write_statistics=False,
        )


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
    seldom()
    _unsealer = Unsealer(Vault(opened_store(place), master), until, folder)


def _unseal(task: tuple[int, Some]) -> int:
    return _unsealer(task)


_unsealer: Unsealer
