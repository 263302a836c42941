"""The copy of a person's data that the person gets (AVG 15 lid 3 and 20): readable by people and programs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from grondslag.register.history import Known, entries_of, suffix
from grondslag.register.register import Register
from grondslag.screening.workplace import workplace

DATA: Final = "data.json"


def write(register: Register, subject: Mapping[str, str], out: Path, at: datetime) -> int:
    """Write everything that can be read of a person: ``data.json``, and the files that went with it.

    :param out: a new folder, which only its owner can read.
    :returns: how many entries.
    :raises BadCase: when the folder holds something already.
    """
    entries = entries_of(register.vault, register.subjects_of(subject))
    held = register.held_of(subject)
    files: dict[str, bytes] = {}
    told = {
        "controller": register.controller,
        "made": at.astimezone(UTC).isoformat(timespec="seconds"),
        "entries": [_told(register, entry, files) for entry in entries],
        "held": [
            {**_told(register, entry, files), "reason": hold.reason, "until": hold.until.isoformat()}
            for entry, hold in held
        ],
        "suppressed": [
            {"channels": channels, "since": day}
            for channels, day in sorted(register.suppressions(entries, subject, at.date()))
        ],
    }
    text = json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
    with workplace(out, False) as (made, _):
        for name, content in {DATA: text, **files}.items():
            descriptor = os.open(made / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
    return len(entries) + len(held)


def _told(register: Register, entry: Known, files: dict[str, bytes]) -> dict[str, Any]:
    """An entry as it was recorded, with when, and the names of its files; the files are added."""
    names = list(_named(register, entry, files))
    recorded = datetime.fromtimestamp(entry.recorded, UTC).isoformat()
    return {"entry": str(entry.id), "recorded": recorded, **entry.tree} | ({"files": names} if names else {})


def _named(register: Register, entry: Known, files: dict[str, bytes]) -> Iterator[str]:
    for name, content in register.attachments(entry):
        file = f"file-{len(files) + 1}{suffix(name)}"
        files[file] = content
        yield file
