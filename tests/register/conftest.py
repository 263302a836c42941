from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grondslag.register.keys import LocalMaster
from grondslag.register.register import Register
from tests.ledger.authority import authority, url
from tests.register.server import database, postgresql, programs

__all__ = ["authority", "url"]
MASTER = LocalMaster(bytes(range(32)))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server; who has none tests on SQLite alone."""
    if programs() is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql (`.ci/run` does)")
    with postgresql("fsync=off", "shared_buffers=64MB") as host:
        yield host


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a register may be made, on each of the databases."""
    if request.param == "sqlite":
        return str(tmp_path / "shop.register")
    return database(request.getfixturevalue("server"), f"shop_{os.getpid()}")


Opener = Callable[[], Register]


@pytest.fixture
def opening(place: str, tmp_path: Path) -> Iterator[Opener]:
    """Opens the register once more, as another program would."""
    opened: list[Register] = []

    def open_() -> Register:
        opened.append(Register(place, MASTER, tmp_path / "ledger"))
        return opened[-1]

    Register.new(
        place, MASTER, controller="Shop BV", origin="shop.example/log", ledger=tmp_path / "ledger"
    ).close()
    yield open_
    for each in opened:
        each.close()


@pytest.fixture
def register(opening: Opener) -> Register:
    """An empty register."""
    return opening()
