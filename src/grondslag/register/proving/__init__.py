"""The proof pack: what a supervisor, or the person, gets, and can check without us.

A zip file with everything that was recorded and decided, the proof of each entry in the log, the stand-alone
verifier and a report to read.  The verifier's first lines describe the evidence in it; ``docs/proof.md`` the
whole.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final

from grondslag.ledger import verifier
from grondslag.register.deciding import DECIDED
from grondslag.register.history import Known, numbered
from grondslag.register.proving.archive import archive
from grondslag.register.proving.choosing import Made, Piece, Scope, pieces, population
from grondslag.register.proving.evidence import Evidence
from grondslag.register.proving.report import Contents, report, text_hash
from grondslag.register.register import Register
from grondslag.screening.progress import Progress, silent

WRITTEN_OUT: Final = 10
"""Decisions of a campaign that the report writes out."""
_COLUMNS: Final = ("decision", "recorded", "day", "answer", "rule", "rules", "duties", "decided anew")


@dataclass(frozen=True, slots=True)
class Proved:
    """What a pack holds.

    :ivar forgotten: decisions about people who were erased since: that they were logged is proved.
    :ivar others: decisions that come out otherwise when they are done again.
    """

    entries: int
    decisions: int
    forgotten: int
    others: int


def prove(
    register: Register, out: Path, scope: Scope, lang: str = "nl", *, progress: Progress = silent
) -> Proved:
    """Write a proof pack; the same register and scope give the same file.

    A sample without a seed is drawn by the root of the checkpoint, which nobody chose.

    :param lang: ``nl`` or ``en``.
    :raises Unpublished: when something in it has no place in the published log.
    :raises UnknownSubject: UnknownEntry: when there is nothing to prove.
    """
    with (
        register.store.reading(),
        archive(out) as made,
        TemporaryFile() as table,
    ):
        evidence = Evidence(register, made)
        if scope.sample is not None and not scope.seed:
            scope = replace(scope, seed=evidence.checkpoint.root.hex())
        pack = _Pack(evidence, scope, table, progress)
        pack.write()
        evidence.of_the_log()
        if pack.contents.decisions:
            table.seek(0)
            made.add("decisions.csv", table)
        made.add("report.pdf", report(evidence, scope, pack.contents, lang))
        made.add("README.txt", resources.files(__package__).joinpath(f"readme.{lang}.txt").read_bytes())
        made.add("verifier.py", Path(verifier.__file__).read_bytes())
        made.finish(evidence.checkpoint.origin, register.signer.vkey)
        told = pack.contents
        return Proved(told.entries, told.decisions, told.forgotten, pack.others)


class _Pack:
    """Takes piece after piece into the pack, and keeps what the report needs."""

    def __init__(self, evidence: Evidence, scope: Scope, table: IO[bytes], progress: Progress) -> None:
        self.evidence, self.scope, self.progress = evidence, scope, progress
        self.rows = csv.writer(codecs.getwriter("utf-8")(table))
        self.rows.writerow(_COLUMNS)
        self.contents = Contents(whole=population(evidence.register, scope.campaign))
        self.notices = dict(_notices(evidence.register))
        self.others = 0

    def write(self) -> None:
        """Everything but the log itself and what is there to read."""
        for n, piece in enumerate(pieces(self.evidence.register, self.scope), 1):
            self._take(piece)
            self.progress("Collecting the evidence", n, self.contents.whole)
        proofs = sum(name.startswith("entries/") for name in self.evidence.archive.digests)
        self.contents.entries = proofs

    def _take(self, piece: Piece) -> None:
        told = self.contents
        if piece.forgotten is not None:
            self.evidence.of_forgotten([piece.forgotten])
            told.forgotten += 1
            return
        self.evidence.of([*piece.entries, *(made.entry for made in piece.decisions)])
        for entry in piece.entries:
            self._shown(entry)
        for made in piece.decisions:
            self._decision(made)
        if len(told.pieces) < WRITTEN_OUT:
            told.pieces.append(piece)

    def _shown(self, entry: Known) -> None:
        """The text that was shown, if it is on record."""
        notice = entry.tree.get("proof", {}).get("notice", {})
        number = self.notices.get(notice["hash"] if "hash" in notice else _name(notice))
        if number is not None and number not in self.contents.texts:
            ((text, _, _),) = numbered(self.evidence.register.vault, [number])
            self.evidence.of([text])
            self.contents.texts[number] = text

    def _decision(self, made: Made) -> None:
        receipt = made.entry.tree[DECIDED]["receipt"]
        self.contents.decisions += 1
        self.contents.outcomes[receipt["answer"], receipt["rule"]] += 1
        same = made.redone is not None and made.redone.same
        self.others += not same
        told = [" ".join(receipt[name]) for name in ("rules", "duties")]
        row = [made.entry.id, made.entry.recorded, receipt["day"], receipt["answer"], receipt["rule"], *told]
        self.rows.writerow([*row, "the same" if same else "another"])


def _notices(register: Register) -> Iterator[tuple[Any, int]]:
    """Every text on record, by its hash, and by its name, version and language.

    Whoever gives the hash of what was shown is shown a text of that hash or none.
    """
    found = register.store.rows("SELECT number FROM entry WHERE subject IS NULL AND kind = 'notice'")
    for entry, _, _ in numbered(register.vault, [number for (number,) in found]):
        notice = entry.tree["notice"]
        yield _name(notice), entry.number
        yield notice.get("hash"), entry.number
        yield text_hash(notice), entry.number


def _name(notice: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(notice.get(name, "") for name in ("id", "version", "language"))
