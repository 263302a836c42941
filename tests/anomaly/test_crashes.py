"""A few crashes in every run of the tests; ``make crashes`` does a thousand and more."""

from __future__ import annotations

import pytest

from tests.anomaly.crashing import on_postgresql, on_sqlite
from tests.register.server import programs


def test_whatever_is_killed_what_was_acknowledged_is_there_once_on_sqlite() -> None:
    told = on_sqlite(30, seed=1)
    assert told["crashes"] == 30 and told["entries"] > 100 and told["decisions"]


def test_whatever_is_killed_what_was_acknowledged_is_there_once_on_postgresql() -> None:
    if programs() is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql (`.ci/run` does)")
    told = on_postgresql(10, servers=2, seed=1)
    assert (told["crashes"], told["servers"]) == (10, 2) and told["entries"] > 100 and told["decisions"]
