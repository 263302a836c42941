"""What the surroundings do: no room, no permission, a clock that goes back, two at once, an older copy.

Each is told as what it is, nothing that was acknowledged is lost, and when it is over the work goes on.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from grondslag.errors import Forked, Unopened, Unwritten
from grondslag.ledger.checkpoint import Checkpoint
from grondslag.register import log
from grondslag.register.checking import check
from grondslag.register.lines import dump, load
from grondslag.register.places import is_database
from grondslag.register.register import Register
from tests.anomaly.cast import ANNA, BOB, MASTER, NOW, TODAY, consent, ids_of, new, objection, tax, wrong_with
from tests.anomaly.crashing import Server
from tests.register.server import database, postgresql, programs

LARGE = "x" * 15_000


def large(n: int) -> dict[str, Any]:
    return consent(f"large-{n}", {"id": f"L-{n}"}, proof={"note": LARGE})


@contextmanager
def no_room(file_size: int) -> Iterator[None]:
    """No file may grow beyond this: what a full disk does, told by another number (EFBIG)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


# --- No room -----------------------------------------------------------------------------------------------


def test_a_database_without_room_says_so_and_keeps_what_it_has(tmp_path: Path) -> None:
    place, ledger = str(tmp_path / "shop.register"), tmp_path / "ledger"
    new(place, ledger)
    with Register(place, MASTER, ledger) as register:
        register.record(consent("a", ANNA), at=NOW)
        ((pages,),) = register.store.rows("PRAGMA page_count")
        register.store.rows(f"PRAGMA max_page_count = {pages + 20}")
        done = 0
        with pytest.raises(Unwritten, match=r"full.*see to room"):
            for n in range(100):
                register.record(large(n), at=NOW)
                done = n + 1
        assert 0 < done < 100
        assert not wrong_with(register)
        register.store.rows("PRAGMA max_page_count = 100000")
        register.record(large(done), at=NOW)
        assert set(ids_of(register, ["a", *(f"large-{n}" for n in range(done + 1))]).values()) == {1}
        register.publish(NOW)
        assert not wrong_with(register)


def test_a_disk_without_room_for_the_log_beside_the_database(tmp_path: Path) -> None:
    place, ledger = str(tmp_path / "shop.register"), tmp_path / "ledger"
    new(place, ledger)
    with Register(place, MASTER, ledger) as register:
        register.record(consent("a", ANNA), at=NOW)
        size = Path(f"{place}-wal").stat().st_size
        with no_room(size + 10_000), pytest.raises(Unwritten, match="see to room"):
            register.record(*map(large, range(5)), at=NOW)
        assert ids_of(register, ["a", "large-0"]) == {"a": 1, "large-0": 0}
        register.record(*map(large, range(5)), at=NOW)
        assert not wrong_with(register)


def test_files_of_the_ledger_that_cannot_grow(register: Register) -> None:
    register.record(*(consent(f"c-{n}", {"id": f"K-{n}"}) for n in range(300)), at=NOW)
    log.sequence(register.store, register.signer, NOW)
    with no_room(4096), pytest.raises(Unwritten, match="the database has everything"):
        register.publish(NOW)
    assert register.tiles.checkpoint() is None, "no checkpoint before what it is over"
    assert register.publish(NOW).size == 300
    assert not wrong_with(register)


@pytest.fixture
def disk() -> Iterator[Path]:
    """A disk of its own, with 3 MB of room; who runs a server may reach it."""
    folder = Path(tempfile.mkdtemp(prefix="disk"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("no disk can be mounted here: that takes root")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)
    folder.rmdir()


def remount(disk: Path, option: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{option}", disk], check=True)


def test_a_disk_that_is_full_and_one_that_can_only_be_read(disk: Path) -> None:
    place, ledger = str(disk / "shop.register"), disk / "ledger"
    new(place, ledger)
    (disk / "ballast").write_bytes(bytes(2 * 10**6))
    with Register(place, MASTER, ledger) as register:
        done = 0
        with pytest.raises(Unwritten, match="see to room"):
            for n in range(1000):
                register.record(large(n), at=NOW)
                done = n + 1
        with suppress(Unwritten):  # a few bytes may be left
            register.publish(NOW)
        assert not wrong_with(register)
    (disk / "ballast").unlink()
    remount(disk, "ro")
    with pytest.raises((Unopened, Unwritten), match="shop"):
        recorded_and_published(place, ledger, large(done))
    remount(disk, "rw")
    recorded_and_published(place, ledger, large(done))
    with Register(place, MASTER, ledger) as register:
        assert set(ids_of(register, [f"large-{n}" for n in range(done + 1)]).values()) == {1}
        assert not wrong_with(register)


def test_a_server_whose_disk_is_full_goes_on_when_there_is_room(disk: Path, tmp_path: Path) -> None:
    if programs() is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql (`.ci/run` does)")
    remount(disk, "size=200m")
    with postgresql("shared_buffers=64MB", "restart_after_crash=off", within=str(disk)) as host:
        place, ledger = database(host, "shop"), tmp_path / "ledger"
        new(place, ledger)
        with Register(place, MASTER, ledger) as register:
            remount(disk, f"size={shutil.disk_usage(disk).used + 3 * 10**6}")
            done = 0
            with pytest.raises(Unwritten, match=r"\(DiskFull\); see to room on the disk") as told:
                for n in range(1000):
                    register.record(large(n), at=NOW)
                    done = n + 1
            assert done and LARGE not in str(told.value)
            assert not wrong_with(register)
            register.store.rows("SELECT pg_switch_wal()")
            # There is no room for the next file of the server's own log either: it goes down.
            with pytest.raises(Unwritten):
                register.record(consent("a", ANNA), at=NOW)
        remount(disk, "size=200m")
        Server(host).up()
        with Register(place, MASTER, ledger) as register:
            assert not wrong_with(register)
            register.record(large(done), consent("a", ANNA), at=NOW)
            register.publish(NOW)
            assert set(ids_of(register, ["a", *(f"large-{n}" for n in range(done + 1))]).values()) == {1}
            assert not wrong_with(register)


def recorded_and_published(place: str, ledger: Path, entry: dict[str, Any]) -> None:
    with Register(place, MASTER, ledger) as register:
        register.record(entry, at=NOW)
        register.publish(NOW)


def test_a_database_that_can_only_be_read(register: Register) -> None:
    register.record(consent("a", ANNA), at=NOW)
    register.publish(NOW)
    register.store.rows(
        "SET default_transaction_read_only = on" if register.store.shared else "PRAGMA query_only = 1"
    )
    works: list[Callable[[], object]] = [
        lambda: register.record(consent("b", BOB), at=NOW),
        lambda: register.erase(ANNA, tax, "request", NOW),
        lambda: register.rotate(MASTER, NOW),
    ]
    for work in works:
        with pytest.raises(Unwritten):
            work()
    assert len(register.history_of(ANNA, at=TODAY).entries) == 1
    assert not wrong_with(register)


# --- The clock ---------------------------------------------------------------------------------------------


def test_a_clock_that_goes_back_turns_no_order_around(register: Register) -> None:
    """That of recording is a test of the register: ``test_recording.py``."""
    register.record(consent("a", ANNA), at=NOW)
    first = register.publish(NOW)
    back = NOW - timedelta(days=400)
    register.record(objection("b", ANNA), at=back)
    register.erase(ANNA, tax, "request", back)
    second = register.publish(back)
    assert second.size == first.size + 2
    assert register.history_of(ANNA, at=TODAY).events[0].date == TODAY, (
        "the refusal is of the day that is known"
    )
    assert register.store.rows("SELECT DISTINCT recorded FROM batch") == [(int(NOW.timestamp()),)]
    assert register.store.rows("SELECT DISTINCT published FROM checkpoint") == [(int(NOW.timestamp()),)]
    assert not wrong_with(register)


# --- Two at once, and an older copy ------------------------------------------------------------------------


def sequencer(place: str, ledger: Path, name: str, rounds: int) -> None:
    """A program that records and publishes by turns."""
    with Register(place, MASTER, ledger) as register:
        for n in range(rounds):
            register.record(consent(f"{name}-{n}", {"id": f"{name}-{n % 3}"}), at=NOW)
            size = register.publish(NOW).size
            note = register.tiles.checkpoint()
            assert note is not None and Checkpoint.open(note, register.signer.vkey).size >= size


@pytest.mark.parametrize("folders", ["one folder", "a folder each"])
def test_two_who_publish_at_once_make_one_log(
    register: Register, place: str, tmp_path: Path, folders: str
) -> None:
    rounds, names = 6, ("one", "two", "three")
    ledgers = [tmp_path / ("ledger" if folders == "one folder" else f"ledger-{name}") for name in names]
    at_work = [
        multiprocessing.get_context("fork").Process(target=sequencer, args=(place, ledger, name, rounds))
        for name, ledger in zip(names, ledgers, strict=True)
    ]
    for each in at_work:
        each.start()
    for each in at_work:
        each.join()
    assert [each.exitcode for each in at_work] == [0, 0, 0]
    for ledger in ledgers:
        with Register(place, MASTER, ledger) as again:
            assert again.publish(NOW).size == 3 * rounds
            assert not wrong_with(again)
    expected = [f"{name}-{n}" for name in names for n in range(rounds)]
    assert set(ids_of(register, expected).values()) == {1}


def test_an_older_copy_that_is_put_back_signs_nothing(register: Register, tmp_path: Path) -> None:
    register.record(consent("a", ANNA), at=NOW)
    register.publish(NOW)
    older = list(dump(register))
    register.record(consent("b", BOB), at=NOW)
    newest = register.publish(NOW)
    load(tmp_path / "older", MASTER, older)
    with Register(tmp_path / "older", MASTER, register.tiles.folder) as copy:
        assert [finding.place for finding in check(copy)] == [str(register.tiles.folder)]
        copy.record(objection("c", BOB), at=NOW)
        with pytest.raises(Forked, match="holds a log of 2 entries that is not of this register"):
            copy.publish(NOW)
        assert copy.store.rows("SELECT count(*) FROM checkpoint") == [(1,)], "nothing was signed"
        assert ids_of(copy, ["a", "c"]) == {"a": 1, "c": 1}
    assert register.publish(NOW) == newest, "and the newest goes on"
    assert not wrong_with(register)


def test_the_folder_of_another_register_is_left_alone(register: Register, tmp_path: Path) -> None:
    register.record(consent("a", ANNA), at=NOW)
    register.publish(NOW)
    new(str(tmp_path / "other"), register.tiles.folder)
    with Register(tmp_path / "other", MASTER, register.tiles.folder) as other:
        other.record(consent("b", BOB), at=NOW)
        with pytest.raises(Forked, match="the log of another register"):
            other.publish(NOW)
    assert not wrong_with(register)


def test_a_server_that_is_not_there_is_told_apart_from_a_database_without_a_register(place: str) -> None:
    if not is_database(place):
        return
    with pytest.raises(Unopened, match="holds no register"):
        Register(place, MASTER)
    with pytest.raises(Unopened, match="cannot be opened"):
        Register("postgresql://postgres@/shop?host=/nowhere", MASTER)
