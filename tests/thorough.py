"""How many worlds the long tests try: a few each time, many with ``THOROUGH=1 make test``."""

from __future__ import annotations

import os
from typing import Final

THOROUGH: Final = os.environ.get("THOROUGH") == "1"


def seeds(count: int) -> range:
    """So many, the same each time; five times as many when it is to be thorough."""
    return range(count * 5 if THOROUGH else count)
