"""What the program does not compute: open norms, which a person assesses, and background.

Every id of docs/law.md stands either with a rule or here, with the reason; a test sees to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

OPEN_NORMS: Final[Mapping[str, str]] = {
    "gelijksoortig": (
        "Tw 11.7 lid 4. A person assesses per campaign which products are similar, in the product map, "
        "and signs for it with name and date; the switch P-SIMILAR says how near is near enough."
    ),
    "verenigbaar": (
        "AVG 6 lid 4. A person carries out the compatibility test and records it: the event `assessed`."
    ),
    "gerechtvaardigd belang": (
        "AVG 6 lid 1 onder f. A person weighs interest, necessity and balance and records it before use."
    ),
    "redelijke termijn": "AVG 5 lid 1 onder e. The organisation chooses and argues a term for each purpose.",
    "duidelijke en eenvoudige taal": "AVG 12 lid 1. A person reviews the text: the field `clear`.",
}
"""Norm → where it stands and who assesses it."""

BACKGROUND: Final[Mapping[str, str]] = {
    "G-06": (
        "A principle of the program, not a rule in it: every decision takes the day of the act and looks up "
        "the law of that day (Rulebook.in_force); nothing is grandfathered."
    ),
    "G-08": "A classification that other rules read: terms.Recipient, drawn from `person.kind`.",
    "G-10": "Sanctions do not make an act lawful or unlawful; the amounts stand in docs/law.md.",
    "K-10": (
        "The Wwft client file: the situation format has no such record, and the article was not opened; "
        "it is not guessed."
    ),
}
"""Ids that state no condition for an act, or that cannot be computed, with the reason."""
