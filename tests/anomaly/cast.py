"""A small world of people whose entries tests record, lose power over, and count again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from grondslag.ledger import verifier
from grondslag.register.checking import check
from grondslag.register.history import Known
from grondslag.register.holding import Hold
from grondslag.register.keys import LocalMaster
from grondslag.register.register import Register

NOW: Final = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
TODAY: Final = NOW.date()
MASTER: Final = LocalMaster(bytes(range(32)))
ORIGIN: Final = "shop.example/log"
ANNA: Final = {"id": "K-1", "email": "anna@klant.nl"}
BOB: Final = {"id": "K-2", "email": "bob@klant.nl"}
TAX: Final = Hold("K-02: tax records, 7 years (AWR 52 lid 4)", date(2031, 12, 31))

CAMPAIGN: Final[dict[str, Any]] = {
    "campaign": "Christmas", "controller": {"name": "Shop BV", "kind": "company"},
    "act": {"do": "contact", "channel": "email", "content": "promotional"},
}  # fmt: skip


def consent(id_: str, subject: Mapping[str, str], **more: Any) -> dict[str, Any]:
    fields = {"channels": ["email", "phone"], "by": "ticked-box", "naming": "named"}
    return {"id": id_, "subject": dict(subject), "date": "2024-03-14", "consent": fields} | more


def purchase(id_: str, subject: Mapping[str, str]) -> dict[str, Any]:
    bought = {"kind": "purchase", "product": "shoes", "paid": True}
    return {"id": id_, "subject": dict(subject), "date": "2024-03-14", "relation": bought}


def objection(id_: str, subject: Mapping[str, str], **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "subject": dict(subject),
        "date": "2026-11-01",
        "objection": {"channels": "all"},
    } | more


def tax(entries: Sequence[Known]) -> Mapping[int, Hold]:
    """Purchases stay for the tax office."""
    return {entry.number: TAX for entry in entries if entry.kind == "relation"}


def new(place: str, ledger: Path, master: LocalMaster = MASTER) -> None:
    """Make an empty register."""
    Register.new(place, master, controller="Shop BV", origin=ORIGIN, ledger=ledger).close()


def wrong_with(register: Register) -> list[str]:
    """Everything that is wrong with a register and with the files of its log."""
    told = [str(finding) for finding in check(register)]
    report = verifier.Report()
    if register.tiles.checkpoint() is not None:
        verifier.check_log(register.tiles.folder, register.signer.vkey, None, report)
    return told + report.wrong


def ids_of(register: Register, clients: Iterable[str]) -> dict[str, int]:
    """How often each of these ids of the client is on file."""
    counted = {}
    for client in clients:
        ((count,),) = register.store.rows(
            "SELECT count(*) FROM entry WHERE client = ?", register.vault.client(client)
        )
        counted[client] = count
    return counted


def fresh_master() -> LocalMaster:
    return LocalMaster(os.urandom(32))
