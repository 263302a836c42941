"""How long what is in a register is kept, why, and what happens at the end: a schedule, as data.

:mod:`.reading` reads one from YAML, :mod:`.checks` holds it against the law, :mod:`.fates` applies it to what
is on file of a person, :mod:`.words` tells it for a privacy statement.
"""

from grondslag.register.schedule.fates import Fate, State, fates, holds
from grondslag.register.schedule.reading import Row, Schedule, carried, load

__all__ = ["Fate", "Row", "Schedule", "State", "carried", "fates", "holds", "load"]
