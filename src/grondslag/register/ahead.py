"""A stream that another process makes ready while this one works on what came before it."""

from __future__ import annotations

import gc
import pickle
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Final, TypeVar

from grondslag.errors import Unwritten
from grondslag.register.store import chunks

Item = TypeVar("Item")

SIZE: Final = 4000
"""Items that go from process to process at once; the other is at most one such lot ahead.

Of no fewer than are recorded together, or each would wait for the other in turn.
"""
_OBJECTS: Final = 50_000
"""Made between two looks for garbage: of what is sent hardly any is."""
_ENDING: Final = 10
"""Seconds that the other process has for ending by itself."""


@contextmanager
def ahead(make: Callable[..., Iterator[Item]], *args: Any) -> Iterator[Iterator[Item]]:
    """The items that ``make(*args)`` yields; what it raises is raised here, in its place.

    :param make: a function of a module; what it is given and what it yields must be such as can be pickled.
    :raises Unwritten: when the other process is stopped from outside.
    """
    # Not forked: whoever calls this may have threads, and a register open.
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    other = context.Process(target=_send, args=(theirs, make, args), daemon=True)
    other.start()
    theirs.close()
    try:
        yield _received(ours)
    finally:
        ours.close()  # at what it sends next the other sees that nobody listens, and tidies up
        other.join(_ENDING)
        other.kill()


def seldom() -> None:
    """Let Python look for garbage seldom, in a process of our own: what is loaded by now stays."""
    gc.freeze()
    gc.set_threshold(_OBJECTS)


def _received(ours: Connection) -> Iterator[Any]:
    while True:
        try:
            some = pickle.loads(ours.recv_bytes())
        except EOFError:
            remedy = "do it again; what was recorded is passed over"
            raise Unwritten("the process that reads ahead", "was stopped from outside", remedy) from None
        if isinstance(some, BaseException):
            raise some
        if not some:
            return
        yield from some


def _send(theirs: Connection, make: Callable[..., Iterator[Any]], args: Sequence[Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever began this ends it
    seldom()
    try:
        for some in chunks(make(*args), SIZE):
            theirs.send_bytes(pickle.dumps(some, pickle.HIGHEST_PROTOCOL))
        theirs.send([])
    except BrokenPipeError:
        return
    except Exception as wrong:
        theirs.send(wrong)
