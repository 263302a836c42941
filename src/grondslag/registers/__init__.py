"""The commands on a register: to make it, record, look up, publish, forget, take out and read back."""

from __future__ import annotations

from typing import Final

import click

from grondslag.registers.forgetting import erase, retain, schedule
from grondslag.registers.making import dump, load, new, rotate
from grondslag.registers.people import history, merge, split
from grondslag.registers.publishing import export, publish
from grondslag.registers.recording import record

COMMANDS: Final[tuple[click.Command, ...]] = (
    new, record, publish, history, merge, split, erase, retain, schedule, rotate, export, dump, load,
)  # fmt: skip
"""In the order of their use."""
