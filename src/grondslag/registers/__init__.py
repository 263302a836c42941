"""The commands on a register: make it, record, look up, ask, publish, prove, forget, write and read back."""

from __future__ import annotations

from typing import Final

import click

from grondslag.registers.asking import ask
from grondslag.registers.forgetting import erase, retain, schedule
from grondslag.registers.importing import formats, import_
from grondslag.registers.making import dump, load, new, rotate
from grondslag.registers.people import history, merge, split
from grondslag.registers.proving import prove, stamp
from grondslag.registers.publishing import export, publish
from grondslag.registers.recording import record

COMMANDS: Final[tuple[click.Command, ...]] = (
    new, record, import_, formats, publish, stamp, history, ask, prove, merge, split, erase, retain, schedule,
    rotate, export, dump, load,
)  # fmt: skip
"""In the order of their use."""
