"""What is handed in, read strictly: an entry, or what is wrong with it, without a word of a person's data."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from jsonschema.protocols import Validator
from msgspec import Meta

from grondslag.errors import BadCase, BadEntry, BadEvidence
from grondslag.ledger.canonical import compact
from grondslag.register import checks
from grondslag.register.schema import entry_schema
from grondslag.register.vocabulary import (
    ATTACHMENT,
    ENVELOPE,
    MOMENT,
    ON_IMPORT,
    PROOF,
    PUBLIC,
    RECORDED,
    SUBJECT,
)
from grondslag.situations import findings
from grondslag.situations.errors import place

_NONE: Final[Mapping[str, str]] = {}
DUTCH_TIME: Final = ZoneInfo("Europe/Amsterdam")


def dutch_day(at: datetime) -> date:
    """The day in the Netherlands at a moment."""
    return at.astimezone(DUTCH_TIME).date()


def day_of(recorded: int) -> date:
    """The same, of a moment in seconds since 1970."""
    return datetime.fromtimestamp(recorded, DUTCH_TIME).date()


class Entry(NamedTuple):
    """One entry as it is recorded.

    :ivar body: its canonical bytes (RFC 8785); attachments stand in it by their hash.
    :ivar subject: the identifiers as they were given; none for an entry that is about nobody.
    :ivar details: the contact details that the person has from now on.
    :ivar blobs: what is in the attachments, in their order.
    :ivar corrects: the id of the entry that it puts right; empty when it puts none right.
    :ivar imported: whether it comes from a file of another program.
    :ivar undated: whether it has the day of the import for want of its own.
    """

    id: str
    kind: str
    day: str
    subject: Mapping[str, str]
    body: bytes
    details: Mapping[str, str] = _NONE
    blobs: tuple[bytes, ...] = ()
    corrects: str = ""
    imported: bool = False
    undated: bool = False


def read(given: object, name: str = "entry") -> Entry:
    """The entry that a mapping of plain JSON stands for.

    :param name: what errors call it, e.g. ``events.jsonl, line 12``.
    :raises BadEntry: with the place, what is wrong there, and the remedy.
    """
    if not (kind := _kind(given)):
        raise _refusal(given, name)
    tree: dict[str, Any] = dict(given)  # type: ignore[call-overload]
    if kind in PUBLIC and "subject" in tree:
        raise BadEntry(
            f"{name}, subject", "names a person, and the entry is about a text", "leave subject out"
        )
    if kind not in PUBLIC and "subject" not in tree:
        raise _nobody(name)
    tree["date"] = _day(tree, name)
    blobs = _attached(tree, name)
    details = tree["contact"] if kind == "contact" else _NONE
    try:
        if "id" not in tree:
            tree["id"] = "sha256:" + hashlib.sha256(compact(tree)).hexdigest()
        body = compact(tree)
    except BadEvidence:
        raise BadEntry(name, "holds half a sign, which is no text", "write it as Unicode text") from None
    proof: Mapping[str, Any] = tree.get("proof", _NONE)
    imported = proof.get("by") == "import"
    return Entry(
        tree["id"], kind, tree["date"], tree.get("subject", _NONE), body, details, blobs,
        tree.get("corrects", ""), imported, imported and proof.get("act") == ON_IMPORT,
    )  # fmt: skip


def checked(given: object, name: str) -> Entry | BadCase:
    """The same, or what is wrong with it.

    :param given: such a mapping; or an entry that was read, or what was wrong with reading it.
    """
    if isinstance(given, Entry | BadCase):
        return given
    try:
        return read(given, name)
    except BadCase as wrong:
        return wrong


_ATTACHED: Any = Annotated[list[checks.record(ATTACHMENT)], Meta(min_length=1)]  # type: ignore[misc]
_FITS: Final = checks.check(
    checks.record(
        ENVELOPE,
        proof=checks.record(PROOF, attachments=_ATTACHED),
        **{kind: checks.record(fields) for kind, fields in RECORDED.items()},
    )
)
_DATED: Final = frozenset(("date", "time"))


def _kind(given: object) -> str:
    """The kind of an entry that the schema has nothing against; empty when it has."""
    if type(given) is not dict or not _FITS(given) or _DATED.isdisjoint(given) or given.get("subject") == {}:
        return ""
    kinds = [name for name in given if name in RECORDED]
    return kinds[0] if len(kinds) == 1 else ""


@cache
def _validator() -> Validator:
    whole = entry_schema()
    return findings.validator({name: each for name, each in whole.items() if name not in ("oneOf", "anyOf")})


def _refusal(given: object, name: str) -> BadEntry:
    """What the schema has against it; one thing, the first."""
    if not isinstance(given, dict):
        return BadEntry(name, "is no mapping", "write an object with subject, date and one event")
    for at, problem, remedy in findings.against(_validator(), given):
        # What is nearly a word of the format is shown; of a row whose columns shifted it may be anything.
        hidden = problem.endswith("may not stand here") and not remedy.startswith("did you mean")
        return BadEntry(
            place(name, given, at), "holds what may not stand here" if hidden else problem, remedy
        )
    kinds = [kind for kind in given if kind in RECORDED]
    if len(kinds) != 1:
        told = f"has the events {', '.join(kinds)}" if kinds else "has no event"
        return BadEntry(name, told, f"give one of {', '.join(RECORDED)}, and an entry for each")
    if given.get("subject") == {}:
        return _nobody(name)
    if not _DATED.isdisjoint(
        given
    ):  # to the schema 24.0 is a whole number; the bytes that are hashed have 24
        return BadEntry(name, "has a whole number with a decimal point", "write 24, and not 24.0")
    return BadEntry(name, "has no date", "write date, or time")


def _nobody(name: str) -> BadEntry:
    return BadEntry(f"{name}, subject", "names nobody", f"give one of {', '.join(SUBJECT)}")


def _day(tree: Mapping[str, Any], name: str) -> str:
    """The day in the Netherlands, which is where a term of the law is counted."""
    if "time" not in tree:
        return str(tree["date"])
    try:
        day = dutch_day(datetime.fromisoformat(tree["time"])).isoformat()
    except (ValueError, OverflowError):
        raise BadEntry(f"{name}, time", "is no moment of the calendar", f"write {MOMENT.form}") from None
    if tree.get("date", day) != day:
        remedy = "leave date out, or correct one of the two"
        raise BadEntry(f"{name}, date", "is another day than that of time, in the Netherlands", remedy)
    if not checks.is_day(day):
        raise BadEntry(f"{name}, time", "is before 1900 or after 2199", "correct it")
    return day


def _attached(tree: dict[str, Any], name: str) -> tuple[bytes, ...]:
    """What is in the attachments; in the entry their hash stands for it."""
    if "attachments" not in tree.get("proof", ()):
        return ()
    blobs, told = [], []
    for n, each in enumerate(tree["proof"]["attachments"]):
        at = f"{name}, proof.attachments[{n}]"
        if "content" not in each or "name" not in each:
            raise BadEntry(at, "lacks its name or its content", "give name and content")
        try:
            blob = base64.b64decode(each["content"], validate=True)
        except ValueError:
            raise BadEntry(f"{at}.content", "is no base64", "write it as base64") from None
        digest = "sha256:" + hashlib.sha256(blob).hexdigest()
        if each.get("sha256", digest) != digest:
            raise BadEntry(f"{at}.sha256", "is not the hash of its content", "send the file again")
        blobs.append(blob)
        told.append({"name": each["name"], "type": each.get("type", "application/octet-stream")})
        told[-1] |= {"sha256": digest}
    tree["proof"] = {**tree["proof"], "attachments": told}
    return tuple(blobs)
