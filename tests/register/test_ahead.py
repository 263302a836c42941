"""A stream that another process makes ready: the same items, the same errors, nothing left behind."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grondslag.errors import BadEntry, Unwritten
from grondslag.register.ahead import SIZE, ahead

COUNT = 2 * SIZE + 1


def items(count: int, fail: bool = False, folder: Path | None = None) -> Iterator[int]:
    """Numbers; and a folder for as long as they are made."""
    with tempfile.TemporaryDirectory(dir=folder):
        yield from range(count)
        if fail:
            raise BadEntry("line 3", "is no entry", "mend it")


def own_number() -> Iterator[int]:
    """The number of the process, time and again."""
    while True:
        yield os.getpid()


def test_it_yields_the_same() -> None:
    with ahead(items, COUNT) as stream:
        assert list(stream) == list(range(COUNT))


def test_an_error_comes_in_its_place() -> None:
    with ahead(items, COUNT, True) as stream:
        whole = [next(stream) for _ in range(2 * SIZE)]
        with pytest.raises(BadEntry, match="line 3: is no entry; mend it") as caught:
            list(stream)
    assert whole == list(range(2 * SIZE))
    assert caught.value.place == "line 3"


def test_who_stops_leaves_nothing_behind(tmp_path: Path) -> None:
    with ahead(items, 10**9, False, tmp_path) as stream:
        assert next(stream) == 0
        assert list(tmp_path.iterdir())
    assert not list(tmp_path.iterdir())


def test_the_other_is_stopped_from_outside() -> None:
    with ahead(own_number) as stream:
        os.kill(other := next(stream), signal.SIGKILL)
        with pytest.raises(Unwritten, match="the process that reads ahead: was stopped from outside"):
            for _ in stream:
                time.sleep(0)
    assert other != os.getpid()
