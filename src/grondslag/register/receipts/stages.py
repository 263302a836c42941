"""A record: one entry for one channel, and the states that it went through, in the words of DPV 2.3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from grondslag import vocabulary as v
from grondslag.question import Fields
from grondslag.register.history import Known

GIVEN, RENEWED, INVALID, UNKNOWN, EXPIRED, WITHDRAWN = (
    "ConsentGiven",
    "RenewedConsentGiven",
    "ConsentInvalidated",
    "ConsentUnknown",
    "ConsentExpired",
    "ConsentWithdrawn",
)
OBJECTED, NOT_OBJECTED = "LegitimateInterestObjected", "LegitimateInterestNotObjected"
"""The words of DPV 2.3 for what may be the state of a consent, or of an interest relied on."""

RECORDED: Final = ("consent", "withdrawal", "objection", "relation")
"""The kinds of entry that a record is made of."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One state, and since when.

    :ivar status: a word of DPV 2.3.
    :ivar when: the day, or the moment (RFC 3339) when the entry tells it.
    :ivar by: ``person``, ``parent`` or ``controller``; None when nobody wrote down who.
    :ivar entry: the entry that brought it about; None when time or the law did.
    """

    status: str
    when: str
    by: str | None
    entry: Known | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One entry for one channel, and what became of it.

    :ivar channel: None when the entry names none.
    :ivar stages: oldest first; the last is the state on the day asked for.
    :ivar short: ids of docs/law.md: the conditions of a valid consent that are not certainly met.
    :ivar at: the day on which it was judged.
    """

    entry: Known
    channel: str | None
    stages: tuple[Stage, ...]
    short: tuple[str, ...]
    at: date

    @property
    def id(self) -> str:
        """An IRI that stays the same whatever becomes of the consent."""
        return f"urn:grondslag:record:{self.entry.id}" + (f":{self.channel}" if self.channel else "")

    @property
    def status(self) -> str:
        return self.stages[-1].status

    @property
    def fields(self) -> Mapping[str, Any]:
        """The fields of the event."""
        found: Mapping[str, Any] = self.entry.tree[self.entry.kind]
        return found

    @property
    def proof(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.entry.tree.get("proof", {})
        return found


def channels_of(fields: Fields, whole: bool = False) -> tuple[str | None, ...]:
    """The channels that an event names, each; one None when it names none.

    :param whole: leave ``all`` as it is: who refuses everything refuses it at once.
    """
    match fields.get("channels"):
        case "all" | ["all"]:
            return ("all",) if whole else v.CHANNEL.values
        case [*named]:
            return tuple(dict.fromkeys(map(str, named)))
        case str(one):
            return (one,)
        case _:
            return (None,)


def moment(entry: Known) -> str:
    """When it happened: to the second in UTC when that is known, else the day."""
    if "time" not in entry.tree:
        return str(entry.tree["date"])
    return datetime.fromisoformat(entry.tree["time"]).astimezone(UTC).isoformat().replace("+00:00", "Z")


def giver(fields: Fields) -> str | None:
    by = fields.get("given_by")
    return by if isinstance(by, str) else None
