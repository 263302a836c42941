"""What a record lacks of what the standard and the AVG ask; the shapes in ``shapes.ttl`` ask the same.

The names are those of the fields of a document, with a dot between a part and what is in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from grondslag.errors import GrondslagError

HEADER: Final = ("privacy_notice", "language", "party")
NOTICE: Final = ("identifier", "version", "language", "hash")
PROCESS: Final = (
    "purpose",
    "lawful_basis",
    "pii_information",
    "pii_controllers",
    "collection_method",
    "processing_method",
    "storage",
    "processing_locations",
    "recipient_third_parties",
    "privacy_rights",
    "jurisdiction",
    "authority_party",
)
EVENT: Final = ("entity_id",)
CONTROLLER: Final = ("identifier", "name", "address", "contact")
STORAGE: Final = {"storage.location": "dpv:StorageLocation", "storage.duration": "dpv:StorageDuration"}

Node = Mapping[str, Any]


class MissingInRecord(GrondslagError):
    """What is asked for cannot be made without what the record lacks.

    :ivar fields: the names of what is missing.
    """

    def __init__(self, form: str, fields: list[str]) -> None:
        self.fields = tuple(fields)
        super().__init__(
            f"{form} needs {', '.join(fields)}, and it is not known; "
            "record it, or add it to the organisation's file"
        )


class NoWordFor(GrondslagError):
    """The form has no word for the state of this record."""

    def __init__(self, form: str, status: str) -> None:
        super().__init__(f"{form} has no word for {status}; give the record as JSON-LD")


def lacking(record: Node) -> list[str]:
    """The names of what a record must have and has not, sorted."""
    return sorted(set(_lacking(record)))


def _lacking(record: Node) -> Iterator[str]:
    yield from _absent(record, HEADER)
    if "privacy_notice" in record:
        yield from _absent(record["privacy_notice"], NOTICE, "privacy_notice.")
    process = record["process"]
    yield from _absent(process, PROCESS)
    control = "withdrawal_method" if record["type"] == "dpv:ConsentRecord" else "objection_method"
    yield from _absent(process, (control,))
    kinds = {each["type"] for each in process.get("storage", ())}
    yield from (name for name, kind in STORAGE.items() if "storage" in process and kind not in kinds)
    for party in record["party"]:
        if party["type"] == "dpv:DataController":
            yield from _absent(party, CONTROLLER, "party.")
    for event in record.get("event", record.get("status", ())):
        yield from _absent(event, EVENT, "event.")


def _absent(node: Node, names: tuple[str, ...], part: str = "") -> Iterator[str]:
    return (part + name for name in names if name not in node)
