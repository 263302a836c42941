"""What a proof pack is about: one person, a campaign, or a sample of one; as a stream, in flat memory."""

from __future__ import annotations

import hashlib
import heapq
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from grondslag.errors import GrondslagError, UnknownEntry, UnknownSubject
from grondslag.register.deciding import DECIDED, Redone, campaign_hash, in_view, redo
from grondslag.register.history import Known, entries_of, numbered
from grondslag.register.register import Register
from grondslag.register.store import Store, chunks

_CHUNK: Final = 200
"""Decisions that are read at a time."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a pack is to be about; a person, a campaign, or both.

    :ivar subject: the identifiers of a person.
    :ivar campaign: the name of a campaign.
    :ivar sample: how many of its decisions; all of them when left out.
    :ivar seed: a text by which they are drawn.
    """

    subject: Mapping[str, str] = field(default_factory=dict)
    campaign: str = ""
    sample: int | None = None
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A decision, and what comes out when it is done again.

    :ivar redone: None when this version cannot do it again; ``wrong`` says why.
    """

    entry: Known
    redone: Redone | None = None
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """What belongs together in a pack: entries of one person, and the decisions made on them.

    :ivar entries: in the order of recording, without the decisions.
    :ivar forgotten: the number of a decision about somebody who was forgotten; there is nothing else then.
    """

    entries: Sequence[Known] = ()
    decisions: Sequence[Made] = ()
    forgotten: int | None = None


def pieces(register: Register, scope: Scope) -> Iterator[Piece]:
    """Everything that a pack is about.

    :raises UnknownSubject: when the person is not on file.
    :raises UnknownEntry: when no decision of the campaign was kept.
    """
    if scope.subject:
        yield _person(register, scope)
        return
    if not population(register, scope.campaign):
        raise UnknownEntry(
            "the campaign", "has no decision on file", "name it as its file does; `ask --keep` keeps them"
        )
    for numbers in chunks(_numbers(register, scope), _CHUNK):
        there = {entry.number: entry for entry, _, _ in numbered(register.vault, numbers)}
        subjects = _subjects(register.store, numbers)
        for number in numbers:
            if number in there:
                entry = there[number]
                seen = in_view(register.vault, subjects[number], entry)
                yield Piece(seen, [_made(subjects[number], entry, seen)])
            else:
                yield Piece(forgotten=number)


def population(register: Register, campaign: str) -> int:
    """How many decisions of a campaign were kept."""
    sql = "SELECT count(*) FROM campaign WHERE hash = ?"
    return int(register.store.rows(sql, campaign_hash(register.vault, campaign))[0][0])


def _person(register: Register, scope: Scope) -> Piece:
    numbers = register.subjects_of(scope.subject)
    if not numbers:
        raise UnknownSubject("subject", "is not on file", "give an identifier that was recorded")
    found = entries_of(register.vault, numbers)
    decisions = [entry for entry in found if entry.kind == DECIDED and _of(entry, scope.campaign)]
    if scope.campaign and not decisions:
        raise UnknownEntry("the campaign", "has no decision about this person on file", "name another")
    entries = {} if scope.campaign else {each.number: each for each in found if each.kind != DECIDED}
    subjects = _subjects(register.store, [entry.number for entry in decisions])
    made = []
    for entry in decisions:
        seen = in_view(register.vault, subjects[entry.number], entry)
        made.append(_made(subjects[entry.number], entry, seen))
        entries |= {each.number: each for each in seen}
    return Piece(sorted(entries.values(), key=lambda each: (each.recorded, each.number)), made)


def _made(subject: int, entry: Known, seen: Sequence[Known]) -> Made:
    try:
        return Made(entry, redo(subject, entry, seen))
    except GrondslagError as wrong:  # by a later or an earlier version: it is evidence all the same
        return Made(entry, None, str(wrong))


def _of(entry: Known, campaign: str) -> bool:
    return not campaign or entry.tree[DECIDED].get("campaign") == campaign


def _subjects(store: Store, numbers: Sequence[int]) -> dict[int, int]:
    where, values = store.within("number", numbers)
    return dict(store.rows(f"SELECT number, subject FROM entry WHERE {where}", *values)) if numbers else {}


def _numbers(register: Register, scope: Scope) -> Iterator[int]:
    """The decisions of a campaign in the order of recording; of a sample, the drawn ones."""
    rows = register.store.stream(
        "SELECT c.entry, e.uuid FROM campaign c JOIN entry e ON e.number = c.entry"
        " WHERE c.hash = ? ORDER BY c.entry",
        campaign_hash(register.vault, scope.campaign),
    )
    if scope.sample is None:
        return (number for number, _ in rows)
    drawn = heapq.nsmallest(scope.sample, ((_lot(scope.seed, id_), number) for number, id_ in rows))
    return iter(sorted(number for _, number in drawn))


def _lot(seed: str, id_: Any) -> bytes:
    """By this a sample is drawn: whoever knows the seed can draw it again from the ids of the decisions."""
    return hashlib.sha256(f"{seed}\n{uuid.UUID(bytes=bytes(id_))}".encode()).digest()
