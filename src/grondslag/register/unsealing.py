"""Many entries opened at once, as columns: in this process, or in several that each open the register."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from grondslag.register.keys import Master
from grondslag.register.register import opened_store
from grondslag.register.sealing import unsealed
from grondslag.register.store import BATCH, PLACES, Store
from grondslag.register.vault import Vault
from grondslag.register.vocabulary import OWN
from grondslag.vocabulary import EVENTS

KINDS: Final = (*EVENTS, *OWN)
"""The kinds of which a history is made."""
TOLD: Final = pa.schema([("subject", pa.int64()), ("kind", pa.string()), ("body", pa.string())])

BATCHES, SUBJECTS = "batches", "subjects"
Some = tuple[str, Sequence[int]]
"""Which entries: those of some batches, or of some subjects."""

Unseal = Callable[[Iterable[Some]], Iterator[pa.RecordBatch]]

_AHEAD: Final = 2
"""For each process, what it has done or is doing before anybody asked for it."""


class Unsealer:
    """Opens entries, with a connection of its own."""

    def __init__(self, vault: Vault, until: int) -> None:
        self._vault, self._until = vault, until

    def __call__(self, some: Some) -> pa.RecordBatch:
        """Whatever of these can be read; nothing of who was forgotten."""
        store = self._vault.store
        rows = [row for where, values in _where(store, some) for row in store.rows(
            "SELECT kind, subject, uuid, sealed, wrapped FROM readable JOIN subject_key USING (subject)"
            f" WHERE {where} AND recorded <= ?", *values, self._until)]  # fmt: skip
        wrapped = {row[1]: row[4] for row in rows if row[0] in KINDS}
        ciphers = {subject: self._vault.cipher(subject, each) for subject, each in wrapped.items()}
        told = [
            (subject, kind, unsealed(cipher, sealed, id_)[1])
            for kind, subject, id_, sealed, _ in rows
            if kind in KINDS and (cipher := ciphers.get(subject))
        ]
        subjects, kinds, bodies = zip(*told, strict=True) if told else ((), (), ())
        texts = pa.array(bodies, pa.binary()).cast(pa.string())
        return pa.record_batch([pa.array(subjects, pa.int64()), pa.array(kinds), texts], schema=TOLD)


def _where(store: Store, some: Some) -> Iterator[tuple[str, Sequence[Any]]]:
    what, numbers = some
    if what == SUBJECTS:
        yield store.within("subject", numbers)
    else:
        for number in numbers:
            yield "number >= ? AND number < ?", (number << PLACES, (number << PLACES) + BATCH)


def subjects(store: Store, some: Some) -> set[int]:
    """Whom these entries are about."""
    return {
        subject
        for where, values in _where(store, some)
        for (subject,) in store.rows(f"SELECT DISTINCT subject FROM entry WHERE {where}", *values)
        if subject is not None
    }


@contextmanager
def unsealing(place: str | Path, vault: Vault, until: int, workers: int) -> Iterator[Unseal]:
    """What opens a stream of tasks, in their order.

    :param workers: processes; with fewer than two it is done in this one.
    """
    if workers < 2:
        yield lambda tasks: map(Unsealer(vault, until), tasks)
        return
    # Not forked: whoever calls this may have threads.
    with ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_begin, initargs=(place, vault.master, until)
    ) as pool:
        yield lambda tasks: _in_order(pool, tasks, workers * _AHEAD)


def _in_order(pool: ProcessPoolExecutor, tasks: Iterable[Some], ahead: int) -> Iterator[pa.RecordBatch]:
    stream = iter(tasks)
    waiting = deque[Future[pa.RecordBatch]]()
    waiting.extend(pool.submit(_unseal, each) for each in islice(stream, ahead))
    while waiting:
        yield waiting.popleft().result()
        waiting.extend(pool.submit(_unseal, each) for each in islice(stream, 1))


def _begin(place: str | Path, master: Master, until: int) -> None:
    global _unsealer  # noqa: PLW0603 - one for each process
    _unsealer = Unsealer(Vault(opened_store(place), master), until)


def _unseal(some: Some) -> pa.RecordBatch:
    return _unsealer(some)


_unsealer: Unsealer
