"""Ctrl-C and SIGTERM at any moment: the outcome is whole, and nothing lies beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from grondslag.options import Program
from grondslag.screening import verify
from grondslag.screening.workplace import workplace
from grondslag.stopping import stoppable, unbroken
from tests.screening.shop import DAY, Shop

HELD = ("audience.csv", "campaign.yaml", "out", "records")


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """What runs in the background of a script ignores Ctrl-C, and so would these tests."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def begin(shop: Shop) -> subprocess.Popen[str]:
    """A screening of its own, at the moment that it begins to write beside ``out``."""
    names = {"--records": "records", "--audience": "audience.csv", "--out": "out"}
    where = [word for option, name in names.items() for word in (option, str(shop.folder / name))]
    command = [sys.executable, "-c", "from grondslag.cli import main; main(prog_name='grondslag')", "screen"]
    command += [str(shop.folder / "campaign.yaml"), *where, "--date", DAY.isoformat(), "--force"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for _ in range(6000):
        if run.poll() is not None or list(shop.folder.glob(".grondslag-*")):
            return run
        time.sleep(0.01)
    raise AssertionError("it never began")


@pytest.mark.skipif(os.name == "nt", reason="no signals to send")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_halfway_it_leaves_the_outcome_that_was_there(shop: Shop, number: int) -> None:
    shop.customers("anna")
    shop.screen()
    shop.customers("anna", "bram")
    stopped = 0
    for wait in (0, 0.2, 0.5, 0.9):
        run = begin(shop)
        time.sleep(wait)
        run.send_signal(number)
        told, error = run.communicate(timeout=60)
        assert sorted(path.name for path in shop.folder.iterdir()) == sorted(HELD)
        assert verify(shop.folder / "out", DAY)[1] == ()
        if run.returncode == 128 + number:
            stopped += 1
            # What was found in the files, and at the very end the outcome, may have been told by then.
            lines = error.splitlines()
            assert lines[-1] == "grondslag: stopped; nothing half is left behind"
            assert all(line.startswith("Found ") for line in lines[:-1])
            assert not told or told.startswith("Zomer: Winkel BV")
        else:
            assert run.returncode == 0
    assert stopped


def test_a_first_screening_that_is_stopped_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), workplace(tmp_path / "out", force=False) as (made, rest):
        (made / "allowed.csv").write_text("x")
        (rest / "engine").write_text("x")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_signal_during_what_must_be_whole_waits_for_its_end() -> None:
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        with unbroken():
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            done.append("whole")
        done.append("after")
    assert done == ["whole"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_ctrl_c_does_not_cut_the_clearing_away_short() -> None:
    cleared: list[bool] = []
    said: list[str] = []
    with pytest.raises(SystemExit) as end, stoppable(said.append):
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.raise_signal(signal.SIGINT)
            cleared.append(True)
    assert (end.value.code, cleared, len(said)) == (130, [True], 1)


def test_an_engine_that_makes_an_error_of_the_signal_still_ends_as_stopped() -> None:
    with pytest.raises(SystemExit) as end, stoppable(lambda line: None):
        try:
            signal.raise_signal(signal.SIGTERM)
        except KeyboardInterrupt:
            raise RuntimeError("Query interrupted") from None
    assert end.value.code == 128 + signal.SIGTERM


def test_an_error_of_another_kind_stays_what_it_is() -> None:
    with pytest.raises(ValueError, match="x"), stoppable(lambda line: None):
        raise ValueError("x")


def test_what_was_ignored_stays_ignored() -> None:
    """As nohup does with SIGHUP."""
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with stoppable(lambda line: None):
            signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


# --- Where there is nothing to clear away ------------------------------------------------------------------

STOPS_WHILE_LOADING = """
import os, signal, sys

class Stop:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Stop())
from grondslag_command import main
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="no signals to send")
@pytest.mark.parametrize("module", ["grondslag", "grondslag.law.rulebook", "click", "grondslag.audiences"])
def test_stopped_while_it_loads_it_ends_without_a_word(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STOPS_WHILE_LOADING, module], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_a_command_that_is_stopped_gives_no_answer() -> None:
    """Exit code 1 would say no."""

    @click.group(cls=Program)
    def group() -> None: ...

    @group.command()
    def wait() -> None:
        signal.raise_signal(signal.SIGINT)

    result = CliRunner().invoke(group, ["wait"])
    assert (result.exit_code, result.output) == (130, "")
