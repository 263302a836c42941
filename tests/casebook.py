"""The situations of the casebook, read once for all tests of a process."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from grondslag.situations import load

FOLDER: Final = Path(__file__).parent.parent / "casebook"
EXAMPLES: Final = [example for file in sorted(FOLDER.glob("*.yaml")) for example in load(file)]
BY_ID: Final = {example.id: example for example in EXAMPLES}
