"""What a screening tells about how far it is, and the bar on a terminal that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import Progress as Bar
from rich.text import Text


class Progress(Protocol):
    """Is told what is being done, and how much of it.

    Other words begin another step.  A step of known size is told again as it goes on.
    """

    def __call__(self, what: str, done: int = 0, total: int | None = None) -> None: ...


def silent(what: str, done: int = 0, total: int | None = None) -> None:
    """Shows nothing."""


class _Far(ProgressColumn):
    """How far a step of known size is, how many a second, and how long it still takes."""

    def render(self, task: Task) -> Text:
        if not task.total:
            return Text("")
        far = f"{task.completed:,.0f} of {task.total:,.0f}"
        if task.speed and task.time_remaining is not None:
            far += f"  {task.speed:,.0f}/s  {timedelta(seconds=round(task.time_remaining))} left"
        return Text(far, style="progress.remaining")


@contextmanager
def on_terminal(quiet: bool = False) -> Iterator[Progress]:
    """A bar on standard error, gone when all is done; nothing when that is a file or a pipe."""
    console = Console(stderr=True)
    # Rich takes a pipe for a terminal where FORCE_COLOR is set.
    if quiet or not (console.is_terminal and console.file.isatty()):
        yield silent
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), _Far())
    with Bar(*columns, console=console, transient=True, redirect_stdout=False) as bar:
        yield _Shown(bar)


class _Shown:
    """One line, for the step that is under way."""

    def __init__(self, bar: Bar) -> None:
        self._bar, self._what, self._step = bar, "", TaskID(0)

    def __call__(self, what: str, done: int = 0, total: int | None = None) -> None:
        if what != self._what:
            if self._what:
                self._bar.remove_task(self._step)
            self._step, self._what = self._bar.add_task(what, total=total), what
        self._bar.update(self._step, completed=done, total=total)
