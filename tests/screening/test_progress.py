"""The bar: on a terminal only, and gone when all is done."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

import pytest
from rich.progress import Progress

from grondslag.screening.progress import _Far, on_terminal


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Terminal]:
    """Makes standard error a terminal; to be called in the test, for pytest sets it anew before."""

    def begin() -> Terminal:
        shown = Terminal()
        monkeypatch.setattr(sys, "stderr", shown)
        return shown

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    return begin


def test_a_terminal_sees_each_step_and_how_far_it_is(terminal: Callable[[], Terminal]) -> None:
    shown = terminal()
    with on_terminal() as progress:
        progress("reading the records")
        for done in range(0, 4000, 1000):
            progress("deciding", done, 4000)
    assert "reading the records" in shown.getvalue()
    assert "of 4,000" in shown.getvalue()


def test_a_step_of_known_size_tells_its_rate_and_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1000))
    bar = Progress(_Far(), get_time=lambda: float(next(clock)), auto_refresh=False)
    step = bar.add_task("deciding", total=4000)
    for done in (100, 200, 300):
        bar.update(step, completed=done)
    said = _Far().render(bar.tasks[0]).plain
    assert said.startswith("300 of 4,000  ")
    assert "/s" in said
    assert said.endswith("left")


def test_quiet_shows_nothing_even_on_a_terminal(terminal: Callable[[], Terminal]) -> None:
    shown = terminal()
    with on_terminal(quiet=True) as progress:
        progress("reading", 1, 2)
    assert shown.getvalue() == ""


def test_a_file_or_pipe_gets_nothing_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stderr", shown)
    with on_terminal() as progress:
        progress("reading", 1, 2)
    assert shown.getvalue() == ""
