"""A file in the making."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def draft(out: Path) -> Iterator[IO[bytes]]:
    """A file that only its owner can read, and that gets its name when it is whole and on the disk."""
    made = out.with_name(f".{out.name}.draft")
    try:
        with os.fdopen(os.open(made, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        made.replace(out)
    finally:
        made.unlink(missing_ok=True)
