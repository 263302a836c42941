"""What became of what was handed in: in numbers for the user, and the file of what was rejected."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

import click

from grondslag.errors import BadCase, Suppressed
from grondslag.options import say
from grondslag.registers.opening import private_file

if TYPE_CHECKING:
    from grondslag.register.recording import Outcome

REASONS: Final = 10
"""Reasons that are told; the rejects hold them all."""
REJECTS: Final = click.option(
    "--rejects", type=click.Path(dir_okay=False, path_type=Path),
    help="Where what cannot be recorded goes, with line and reason; rejects.jsonl when left out."
    " A dry run writes it only when it is named.",
)  # fmt: skip


class Tally:
    """Keeps count, and writes what is rejected.

    :ivar counts: ``recorded``, ``known``, ``suppressed``, ``rejected`` → how many.
    :ivar reasons: why something was not recorded → how often.
    """

    def __init__(self, rejects: Path | None, *, dry: bool) -> None:
        self.counts: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.dry, self._path = dry, rejects or Path("rejects.jsonl")
        self._writes = rejects is not None or not dry
        self._file: TextIO | None = None

    def outcome(self, name: str, text: str, outcome: Outcome) -> str:
        """Count what became of an entry.

        :param name: where it stands, and ``text`` what stands there.
        :returns: which of the counts it is.
        """
        if isinstance(outcome, BadCase):
            found = "suppressed" if isinstance(outcome, Suppressed) else "rejected"
            self.reject(name, text, (outcome.problem, outcome.remedy), found)
        else:
            found = "recorded" if outcome.new else "known"
            self.counts[found] += 1
        return found

    def reject(self, name: str, text: str, why: tuple[str, str], counted: str = "rejected") -> None:
        """Count what cannot be recorded, and keep it.

        :param why: what is wrong, and what to do, if that is known.
        """
        self.counts[counted] += 1
        self.reasons[why[0]] += 1
        if not self._writes:
            return
        if self._file is None:
            # It holds data of people, as they were handed in.
            self._file = os.fdopen(private_file(self._path), "w", encoding="utf-8")
        told = {"at": name, "reason": "; ".join(filter(None, why)), "row": text}
        self._file.write(json.dumps(told, ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Nothing more comes."""
        if self._file:
            self._file.close()

    def say(self) -> None:
        """The counts, for people."""
        would = "would be " if self.dry else ""
        lines = {
            "recorded": f"{would}recorded",
            "known": "were recorded before",
            "suppressed": f"{would}left out: of people who are not to be approached",
            "rejected": f"{would}rejected",
        }
        for name, words in lines.items():
            if self.counts[name] or name != "suppressed":
                kept = f", in {self._path}" if self._file and name in ("suppressed", "rejected") else ""
                say(f"{self.counts[name]:>12,}  {words}{kept}")
        for reason, count in self.reasons.most_common(REASONS):
            say(f"{count:>18,}  {reason}")

    @property
    def told(self) -> dict[str, object]:
        """The same, as plain JSON."""
        names = ("recorded", "known", "suppressed", "rejected")
        return {
            **{name: self.counts[name] for name in names},
            "dry_run": self.dry,
            "reasons": dict(self.reasons),
        }

    @property
    def code(self) -> int:
        """The exit code: 1 when something was not recorded."""
        return 1 if self.counts["rejected"] or self.counts["suppressed"] else 0
