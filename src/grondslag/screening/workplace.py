"""The folder of an outcome: all of its files or none, at whatever moment the program ends."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from grondslag.errors import BadCase
from grondslag.stopping import unbroken

ROWS: Final = ("allowed", "refused", "repeated")
"""The files with a row for each row of the audience: Parquet when that is Parquet, else CSV."""
FILES: Final = (
    *(f"{name}.csv" for name in ROWS),
    *("rejects.csv", "situations.csv", "summary.json", "report.html", "receipt.json"),
)
"""What an outcome consists of; the receipt, which names the others by hash, is last."""
COMPARED: Final = ("changed.csv", "comparison.json")
"""What it holds besides when it was compared with another day, profile or campaign."""


def files(suffix: str) -> tuple[str, ...]:
    """The files of an outcome whose rows have that suffix."""
    return (*(f"{name}{suffix}" for name in ROWS), *FILES[len(ROWS) :])


@contextmanager
def workplace(
    out: Path, force: bool, names: Iterable[str] = (*FILES, *files(".parquet"), *COMPARED)
) -> Iterator[tuple[Path, Path]]:
    """A folder for the outcome, which takes the place of ``out`` when all went well, and one for the rest.

    :param names: of the files that an outcome may have.
    :raises BadCase: when ``out`` holds something that may not be overwritten.
    """
    _require_free(out, force, names)
    top: Path | None = None
    try:
        with unbroken():
            top = _beside(out)
        made, rest = top / "made", top / "rest"
        made.mkdir(mode=0o700)
        rest.mkdir()
        yield made, rest
        _require_free(out, force, names)
        with unbroken():
            if out.exists():
                out.rename(top / "before")
            made.rename(out)
    finally:
        if top is not None:
            shutil.rmtree(top, ignore_errors=True)


def _beside(out: Path) -> Path:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        return Path(mkdtemp(prefix=".grondslag-", dir=out.parent))
    except OSError as error:
        raise BadCase(str(out), f"cannot be made ({error.strerror})", "name another folder") from None


def _require_free(out: Path, force: bool, names: Iterable[str]) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise BadCase(str(out), "is a file", "name a folder for the outcome")
    held = sorted(entry.name for entry in out.iterdir())
    foreign = [name for name in held if name not in names]
    if held and (not force or foreign):
        problem = f"holds {foreign[0]}" if foreign else "holds an earlier outcome"
        remedy = "name another folder" if foreign else "name another folder, or use --force to replace it"
        raise BadCase(str(out), problem, remedy)
