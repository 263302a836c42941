"""The command ``grondslag``, outside the package so that it runs before anything of that is loaded.

Loading takes some tenths of a second, in which Ctrl-C would end in a traceback.
"""

import gc
import sys

_OBJECTS = 50_000
"""Made between two looks for garbage.  Of what a command makes hardly any is, and after every 700 objects, as
Python has it, looking takes a tenth of the time of a screening and a quarter of that of an import."""


def main() -> None:
    """Loads the program and runs it; stopped while it loads, it ends without a word."""
    gc.set_threshold(_OBJECTS)
    try:
        from grondslag.cli import main as program
    except KeyboardInterrupt:
        sys.exit(130)
    program()
