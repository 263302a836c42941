"""Ctrl-C and SIGTERM: whatever was half done is cleared away first, and what must be whole stays whole."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


@contextmanager
def stoppable(say: Callable[[str], None]) -> Iterator[None]:
    """Ends the program at a signal with 128 + its number, after every ``finally`` has run.

    :param say: is given the one line for the user.
    """
    got: list[int] = []

    before = _handlers()

    def stop(number: int, frame: FrameType | None) -> None:
        # Clearing away takes a moment; a second Ctrl-C must not cut it short.
        _set(dict.fromkeys(before, signal.SIG_IGN))
        got.append(number)
        raise KeyboardInterrupt

    _set(dict.fromkeys(before, stop))
    try:
        yield
    except BaseException:
        # Not KeyboardInterrupt alone: the engine makes an error of its own of it.
        if not got:
            raise
    finally:
        _set(before)
    if got:
        say("stopped; nothing half is left behind")
        sys.exit(128 + got[0])


@contextmanager
def unbroken() -> Iterator[None]:
    """Holds signals back until the block is done."""
    got: list[int] = []
    before = _handlers()
    _set(dict.fromkeys(before, lambda number, frame: got.append(number)))
    try:
        yield
    finally:
        _set(before)
        for number in got[:1]:
            signal.raise_signal(number)


def _handlers() -> dict[int, Any]:
    """What happens now at each signal that may be handled otherwise.

    Not those that are ignored already (nohup), and none outside the main thread: only there does Python
    handle signals.
    """
    if threading.current_thread() is not threading.main_thread():
        return {}
    now = {number: signal.getsignal(number) for number in SIGNALS}
    return {number: handler for number, handler in now.items() if handler not in (signal.SIG_IGN, None)}


def _set(handlers: Mapping[int, Any]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)
