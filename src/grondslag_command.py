"""The command ``grondslag``, outside the package so that it runs before anything of that is loaded.

Loading takes some tenths of a second, in which Ctrl-C would end in a traceback.
"""

import sys


def main() -> None:
    """Loads the program and runs it; stopped while it loads, it ends without a word."""
    try:
        from grondslag.cli import main as program
    except KeyboardInterrupt:
        sys.exit(130)
    program()
