"""A PostgreSQL server of the tests' own, in a folder that goes when they are done."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


def programs() -> Path | None:
    """The folder with PostgreSQL's own programs, the newest; Debian keeps them off the path."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    return (
        max(found, key=lambda path: int(path.parent.name))
        if found
        else (on_path and Path(on_path).parent) or None
    )


@contextmanager
def postgresql(*options: str, within: str | None = None) -> Iterator[str]:
    """A server that answers on a socket only; gives the folder of that socket, which is its ``host``.

    :param options: settings, such as ``fsync=off``.
    :param within: where its folder is made; among the temporary files when left out.
    """
    bin_ = programs()
    assert bin_ is not None
    # It refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg", dir=within))
    if user:
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    data, settings = folder / "data", ["listen_addresses=", f"unix_socket_directories={folder}", *options]
    said = " ".join(f"-c {each}" for each in settings)

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)

    try:
        run(str(bin_ / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8")
        run(str(bin_ / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", said, "start")
        try:
            yield str(folder)
        finally:
            run(str(bin_ / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def database(host: str, name: str) -> str:
    """The address of an empty database: the one that had this name is emptied, in a fraction of the time."""
    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as server:
        known = server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_database d LEFT JOIN pg_stat_activity a USING (datname)"
            " WHERE d.datname = %s", [name]).fetchall()  # fmt: skip
        if not known:
            server.execute(f"CREATE DATABASE {name}")
    address = f"postgresql://postgres@/{name}?host={host}"
    if known:
        with psycopg.connect(address, autocommit=True) as emptied:
            emptied.execute("DROP SCHEMA public CASCADE")
            emptied.execute("CREATE SCHEMA public")
    return address
