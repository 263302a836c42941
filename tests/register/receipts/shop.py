"""The shop that keeps the records of these tests, and what Anna did there."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Final

from grondslag.register.history import Known, history
from grondslag.register.receipts import Organisation, Record, organisation, records

AT: Final = date(2026, 11, 25)

YAML: Final = """
controller:
  name: Tuincentrum Wilgenzwaan BV
  kind: company
  url: https://wilgenzwaan.example/
  address: Kerkstraat 1, 3511 AA Utrecht
  email: privacy@wilgenzwaan.example
officer: {name: R. de Vries, url: https://wilgenzwaan.example/fg, email: fg@wilgenzwaan.example}
statement:
  id: privacyverklaring
  version: "7"
  language: nl
  hash: sha256:8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4
  url: https://wilgenzwaan.example/privacy/7
withdraw_at: https://wilgenzwaan.example/afmelden
rights_at: https://wilgenzwaan.example/uw-gegevens
rights: [access, rectification, erasure, restriction, portability]
authority: {name: Autoriteit Persoonsgegevens, url: https://autoriteitpersoonsgegevens.nl/}
jurisdiction: NL
storage: [NL, DE]
retention_months: 24
recipients:
  - {name: Verzendhuis BV, url: https://verzendhuis.example/, country: NL}
  - {name: Mailtool Inc, url: https://mailtool.example/, country: US, safeguard: standard contractual clauses}
notices:
  - id: inschrijven
    version: "3"
    language: nl
    hash: sha256:1b4f0e9851971998e732078544c96b36c3d01cedf7caa332359d6f1d83567014
    url: https://wilgenzwaan.example/inschrijven/3
"""

SHOP: Final[Organisation] = organisation(YAML)

CONSENT: Final[dict[str, Any]] = {
    "channels": ["email"],
    "about": ["plants"],
    "naming": "named",
    "by": "double-opt-in",
    "conditional": False,
    "incentive": "none",
    "informed": True,
    "given_by": "person",
    "evidence": "full",
    "purpose": "marketing",
}
PROOF: Final[dict[str, Any]] = {
    "notice": {"id": "inschrijven", "version": "3"},
    "act": "ticked the box, pressed Aanmelden and followed the link in the mail",
    "source": {"point": "https://wilgenzwaan.example/inschrijven"},
    "by": "person",
}


def entry(number: int, day: str, kind: str, /, **said: Any) -> Known:
    """An entry about Anna; ``proof``, ``time``, ``corrects`` and ``subject`` stand beside the event."""
    tree: dict[str, Any] = {
        "id": f"e{number}",
        "date": day,
        "subject": {"id": "K-1", "email": "anna@klant.example"},
    }
    tree |= {name: said.pop(name) for name in ("proof", "time", "corrects", "subject") if name in said}
    return Known(uuid.UUID(int=number), number, 1_700_000_000 + number, kind, {**tree, kind: said})


def agreed(number: int, day: str, **said: Any) -> Known:
    """A consent that lacks nothing, but for what is said here; None leaves a field out."""
    proof = said.pop("proof", PROOF)
    fields = {name: value for name, value in (CONSENT | said).items() if value is not None}
    return entry(number, day, "consent", proof=proof, **fields)


def of(*entries: Known, at: date = AT) -> list[Record]:
    return records(history(entries, (), at), at, SHOP.judged)


def states(*entries: Known, at: date = AT) -> list[tuple[str, ...]]:
    """What became of each record."""
    return [tuple(stage.status for stage in record.stages) for record in of(*entries, at=at)]
