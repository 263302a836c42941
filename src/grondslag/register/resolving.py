"""Whom an entry is about: found by the blind index, or new; and who may not be brought back by an import."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from grondslag.errors import AmbiguousSubject, Suppressed
from grondslag.register.entries import Entry
from grondslag.register.people import everybody, roots
from grondslag.register.store import Row
from grondslag.register.subjects import ID
from grondslag.register.vault import Vault
from grondslag.register.vocabulary import REFUSALS

_RESERVED: Final = 100
"""Numbers of new people taken at a time; one that is not used is never given again."""


class Asked(NamedTuple):
    """An entry, and the blind index of what names its person.

    :ivar hashes: kind and hash of each identifier.
    :ivar details: hashes of the details that the person has from now on, beside these.
    :ivar imported: whether it comes from a file of another program.
    """

    name: str
    entry: Entry
    client: bytes
    hashes: Sequence[tuple[str, bytes]]
    details: Sequence[bytes]
    imported: bool


def mark(number: int) -> bytes:
    """What stands in the blind index of somebody who has an id."""
    return b"id of" + number.to_bytes(8)


@dataclass(slots=True)
class Resolver:
    """The people of one batch.

    :ivar new: the numbers of those who were not on file.
    :ivar rows: what is new in the blind index.
    """

    vault: Vault
    owners: dict[bytes, list[int]] = field(default_factory=dict)
    nths: dict[bytes, int] = field(default_factory=dict)
    roots: dict[int, int] = field(default_factory=dict)
    named: set[int] = field(default_factory=set)
    refusing: frozenset[int] = frozenset()
    suppressed: dict[bytes, str] = field(default_factory=dict)
    new: list[int] = field(default_factory=list)
    rows: list[tuple[bytes, int, int]] = field(default_factory=list)
    unused: Iterator[int] = field(default_factory=lambda: iter(()))

    def look_up(self, asked: Sequence[Asked]) -> None:
        """Who has these identifiers already; asked of the database for the whole batch at once."""
        hashes = {hash_ for each in asked for _, hash_ in each.hashes}
        hashes.update(hash_ for each in asked for hash_ in each.details)
        for hash_, nth, subject in self._rows("hash, nth, subject", hashes, " ORDER BY hash, nth"):
            self.owners.setdefault(bytes(hash_), []).append(subject)
            self.nths[bytes(hash_)] = nth + 1
        found = {number for owners in self.owners.values() for number in owners}
        if found:
            self.roots = roots(self.vault.store, found)
            marks = {mark(number): number for number in self._candidates(asked)}
            self.named = {marks[bytes(hash_)] for (hash_,) in self._rows("hash", marks)}
        imported = [each for each in asked if each.imported and each.entry.kind not in REFUSALS]
        if imported:
            self._look_for_refusals(imported)

    def place(self, asked: Asked) -> int:
        """The number of the one person; a new one when nobody is known by any of the identifiers.

        :raises AmbiguousSubject: when several people share what is given.
        :raises Suppressed: when an import would bring somebody back.
        """
        owners = self._owners(asked)
        if asked.imported and asked.entry.kind not in REFUSALS:
            self._refuse_resurrection(asked, owners)
        number = owners[0] if owners else self._somebody()
        for kind, hash_ in asked.hashes:
            fresh = self._link(hash_, number)
            if kind == ID and fresh and number not in self.named:
                self.named.add(number)
                self._link(mark(number), number)
        for hash_ in asked.details:
            self._link(hash_, number)
        return number

    def _link(self, hash_: bytes, number: int) -> bool:
        having = self.owners.setdefault(hash_, [])
        if number in having:
            return False
        # Not how many there are: one of them may have been forgotten.
        nth = self.nths.get(hash_, 0)
        self.rows.append((hash_, nth, number))
        self.nths[hash_] = nth + 1
        having.append(number)
        return True

    def _owners(self, asked: Asked) -> list[int]:
        """By the id, for a contact detail may be shared.  A new id may be that of somebody without one."""
        by_id = [self.owners.get(hash_, []) for kind, hash_ in asked.hashes if kind == ID]
        if by_id and by_id[0]:
            return by_id[0]
        found = [owners for kind, hash_ in asked.hashes if kind != ID and (owners := self.owners.get(hash_))]
        several = {self.roots.get(number, number) for owners in found for number in owners}
        if by_id:
            return [] if len(several) != 1 or found[0][0] in self.named else found[0][:1]
        if len(several) > 1:
            common = [number for number in found[0] if all(number in each for each in found)]
            if len(common) != 1:
                raise AmbiguousSubject(
                    f"{asked.name}, subject", "names more than one person by its contact details",
                    "name the id of the one who is meant, or merge them first",
                )  # fmt: skip
            return common
        return found[0][:1] if found else []

    def _candidates(self, asked: Sequence[Asked]) -> set[int]:
        """Whoever has a detail that comes with a new id."""
        return {
            number
            for each in asked
            if any(kind == ID and hash_ not in self.owners for kind, hash_ in each.hashes)
            for _, hash_ in each.hashes
            for number in self.owners.get(hash_, ())
        }

    def _somebody(self) -> int:
        number = next(self.unused, None)
        if number is None:
            self.unused = iter(self.vault.store.numbers("subject", _RESERVED))
            number = next(self.unused)
        self.new.append(number)
        return number

    def _rows(self, columns: str, hashes: Collection[bytes], then: str = "") -> list[Row]:
        where, values = self.vault.store.within("hash", hashes)
        if not hashes:
            return []
        return self.vault.store.rows(f"SELECT {columns} FROM identifier WHERE {where}{then}", *values)

    # --- Nobody is brought back by an import ---------------------------------------------------------------

    def _look_for_refusals(self, imported: Sequence[Asked]) -> None:
        """Who has refused, and which addresses are suppressed."""
        store = self.vault.store
        hashes = {hash_ for each in imported for _, hash_ in each.hashes}
        where, values = store.within("hash", hashes)
        sql = f"SELECT hash, max(day) FROM suppression WHERE {where} GROUP BY hash"
        self.suppressed = {bytes(hash_): day for hash_, day in store.rows(sql, *values)}
        subjects = {
            number
            for each in imported
            if each.entry.kind == "consent"
            for _, hash_ in each.hashes
            for number in self.owners.get(hash_, ())
        }
        if subjects:
            # Whoever was merged with them is the same person, and may be the one who refused.
            persons = {self.roots.get(number, number) for number in subjects}
            where, values = store.within("subject", everybody(store, persons))
            kinds = ", ".join(f"'{kind}'" for kind in REFUSALS)
            sql = f"SELECT DISTINCT subject FROM entry WHERE {where} AND kind IN ({kinds})"
            refusing = {number for (number,) in store.rows(sql, *values)}
            into = roots(store, refusing) if refusing else {}
            self.refusing = frozenset(into.get(number, number) for number in refusing)

    def _refuse_resurrection(self, asked: Asked, owners: Sequence[int]) -> None:
        for _, hash_ in asked.hashes if self.suppressed else ():
            if day := self.suppressed.get(hash_):
                raise Suppressed(
                    asked.name, f"is about somebody who was forgotten on {day} and is not to be approached",
                    "leave it out; who wants to be approached again gives a new consent",
                )  # fmt: skip
        if asked.entry.kind == "consent" and any(
            self.roots.get(number, number) in self.refusing for number in owners
        ):
            raise Suppressed(
                asked.name, "is a consent from a file, of somebody who has objected or withdrawn",
                "leave it out, or record the new consent with its proof where it was given",
            )  # fmt: skip
