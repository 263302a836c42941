"""What is on file about a person: what was so on a day, as far as it was known at a moment.

There are two axes of time.  *At* is the day of the events; *known* is when they were recorded.  A decision of
the past is made again with what was known then, whatever came in since.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from grondslag import vocabulary as v
from grondslag.errors import Unopened
from grondslag.question import Event
from grondslag.register.keys import opened
from grondslag.register.sealing import blob_context, unsealed
from grondslag.register.store import BLOBS, FOREVER
from grondslag.register.subjects import identifiers
from grondslag.register.vault import Vault
from grondslag.register.vocabulary import REFUSALS
from grondslag.situations import typed

CHANNELS_OF: Final[Mapping[str, frozenset[str]]] = {
    "email": frozenset({"email", "inbox-ad"}),
    "phone": frozenset({"phone", "sms", "messenger", "auto-call"}),
    "address": frozenset({"post", "door-drop"}),
}
"""The channels that reach somebody by a contact detail."""
_SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class Known:
    """One entry of a person, as it was recorded.

    :ivar id: its id in the log.
    :ivar number: its number in the register.
    :ivar recorded: seconds since 1970.
    :ivar tree: the entry, as plain JSON.
    """

    id: uuid.UUID
    number: int
    recorded: int
    kind: str
    tree: Mapping[str, Any]

    @property
    def date(self) -> date:
        """The day of the event."""
        return date.fromisoformat(self.tree["date"])


@dataclass(frozen=True, slots=True)
class History:
    """What :func:`grondslag.draw` reads, and the entries that it rests on.

    :ivar events: each ``place`` is that of its entry in ``entries``; -1 for a suppression.
    """

    person: Mapping[str, object]
    events: tuple[Event, ...]
    entries: tuple[Known, ...]
    details: Mapping[str, str]


def entries_of(vault: Vault, subjects: Sequence[int], until: int = FOREVER) -> list[Known]:
    """Every entry of these subjects that was recorded up to a moment, in the order of recording.

    Of somebody who was forgotten there is nothing.
    """
    return [entry for _, entry in entries_by_subject(vault, subjects, until)]


def entries_by_subject(
    vault: Vault, subjects: Sequence[int], until: int = FOREVER
) -> Iterator[tuple[int, Known]]:
    """The same, each with the number of its subject."""
    where, values = vault.store.within("r.subject", subjects)
    for subject, entry, _, _ in _read(vault, f"{where} AND recorded <= ?", *values, until):
        assert subject is not None
        yield subject, entry


def numbered(vault: Vault, numbers: Sequence[int]) -> list[tuple[Known, bytes, bytes]]:
    """The entries with these numbers, in the order of recording, each with its salt and body.

    What nobody can read is left out; what is about nobody is not.
    """
    where, values = vault.store.within("number", numbers)
    return [(entry, salt, body) for _, entry, salt, body in _read(vault, where, *values)]


def _read(vault: Vault, where: str, *values: Any) -> Iterator[tuple[int | None, Known, bytes, bytes]]:
    """:returns: subject, entry, salt, body."""
    # In one statement: a key may be replaced, with what it opens.
    sql = (
        "SELECT recorded, number, r.subject, kind, uuid, sealed, wrapped FROM readable r"
        f" LEFT JOIN subject_key k ON k.subject = r.subject WHERE {where}"
    )
    ciphers: dict[int | None, AESGCM | None] = {None: None}
    for recorded, number, subject, kind, id_, stored, wrapped in sorted(vault.store.rows(sql, *values)):
        if subject not in ciphers:
            if wrapped is None:
                continue
            ciphers[subject] = vault.cipher(subject, wrapped)
        salt, body = unsealed(ciphers[subject], bytes(stored), bytes(id_))
        yield subject, known(id_, number, recorded, kind, body), salt, body


def known(id_: bytes, number: int, recorded: int, kind: str, body: bytes) -> Known:
    """The entry in a payload that was opened.

    :raises Unopened: when it is of another kind than its row says.
    """
    tree = msgspec.json.decode(body)
    if kind not in tree:
        remedy = "see with `grondslag verify` what is wrong, and restore a copy"
        raise Unopened(f"entry {number}", "is of another kind than was recorded", remedy)
    return Known(uuid.UUID(bytes=bytes(id_)), number, recorded, kind, tree)


def attachments(vault: Vault, entry: Known) -> list[tuple[str, bytes]]:
    """The files that went with an entry, also with one that only a duty keeps.

    :raises Unopened: for one that was changed.
    """
    store = vault.store
    named = [each["name"] for each in entry.tree.get("proof", {}).get("attachments", ())]
    sql = f"SELECT nth, owner, sealed FROM ({BLOBS}) b WHERE entry = ?"
    found = []
    for nth, subject, stored in sorted(store.rows(sql, entry.number)):
        content, context = bytes(stored), blob_context(entry.id.bytes, nth)
        if subject is not None:
            content = opened(vault.ciphers([subject])[subject], content, context, "an attachment")
        found.append((named[nth], content))
    return found


def suffix(name: str) -> str:
    """The sort of a file, or nothing: no more of a name that somebody chose becomes part of a path."""
    found = PurePath(name).suffix.lower()
    return found if _SUFFIX.fullmatch(found) else ""


def history(entries: Sequence[Known], suppressions: Sequence[tuple[str, str]], at: date) -> History:
    """What the entries of a person come down to on a day.

    - What was put right is as it was put right; but a withdrawal or an objection stays, whatever corrects it.
    - What was given for a contact detail holds for that detail: a new telephone number has no permission of
      the old one.  A withdrawal or an objection holds for the person.
    - A suppression is an objection of its day.

    :param suppressions: channels (``all``, or joined by spaces) and day of what is left of somebody who was
        forgotten and had this person's details.
    """
    stand = [entry for entry in standing(entries) if entry.date <= at]
    details = _details(stand)
    person: dict[str, object] = {}
    events: list[Event] = []
    kept: list[Known] = []
    for entry in stand:
        fields = entry.tree[entry.kind]
        if entry.kind == "person":
            person |= _aged(fields, entry.date, at)
        elif entry.kind in v.EVENTS and (told := _for_details(entry, details)) is not None:
            events.append(Event(entry.date, entry.kind, typed(told, v.EVENTS[entry.kind]), len(kept)))
            kept.append(entry)
    for channels, day in suppressions:
        said = channels if channels == "all" else channels.split()
        events.append(Event(date.fromisoformat(day), "objection", {"channels": said}, -1))
    events.sort(key=lambda event: event.date)
    return History(person, tuple(events), tuple(kept), details)


def standing(entries: Sequence[Known]) -> Iterator[Known]:
    """What was not put right by a later entry; a refusal always stands."""
    corrected = {entry.tree["corrects"] for entry in entries if "corrects" in entry.tree}
    for entry in entries:
        if entry.kind in REFUSALS or entry.tree["id"] not in corrected:
            yield entry


def _details(entries: Sequence[Known]) -> dict[str, str]:
    """The contact details of now, each in one spelling: the last of its sort that was given."""
    found: dict[str, str] = {}
    for entry in sorted(entries, key=lambda entry: (entry.date, entry.number)):
        found |= {kind: text for kind, text in given(entry) if kind != "id"}
    return found


def given(entry: Known) -> Iterator[tuple[str, str]]:
    """The identifiers that an entry gives, each in one spelling."""
    yield from identifiers(entry.tree.get("subject", {}))
    if entry.kind == "contact":
        yield from identifiers(entry.tree["contact"])


def _for_details(entry: Known, details: Mapping[str, str]) -> Mapping[str, Any] | None:
    """The fields as far as they hold for the contact details of now; None when nothing is left of them."""
    fields: Mapping[str, Any] = entry.tree[entry.kind]
    old = {
        kind for kind, text in identifiers(entry.tree.get("subject", {})) if details.get(kind, text) != text
    }
    if not old or entry.kind not in ("consent", "collected"):
        return fields
    if entry.kind == "collected":
        return _without(fields, "details", v.DETAIL.values, old)
    gone = {channel for kind in old for channel in CHANNELS_OF[kind]}
    return _without(fields, "channels", v.CHANNEL.values, gone)


def _without(
    fields: Mapping[str, Any], name: str, every: Sequence[str], gone: set[str]
) -> Mapping[str, Any] | None:
    """The fields without what is gone from one list; left out stays left out."""
    if name not in fields:
        return fields
    listed = every if isinstance(fields[name], str) else fields[name]
    left = [each for each in listed if each not in gone]
    return {**fields, name: left} if left else None


def _aged(fields: Mapping[str, Any], told: date, at: date) -> Mapping[str, object]:
    """An age grows; of two that it may be it is the younger, which is protected more."""
    if "age" not in fields:
        return fields
    years = at.year - told.year - ((at.month, at.day) < (told.month, told.day))
    return {**fields, "age": min(fields["age"] + years, 130)}


def seconds(moment: datetime | None) -> int:
    """A moment of knowing, in seconds since 1970; without one, everything is known."""
    return FOREVER if moment is None else int(moment.timestamp())
