"""Whom an entry is about: found by the blind index, or new; and who may not be brought back by an import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import msgspec

from grondslag.errors import AmbiguousSubject, Suppressed
from grondslag.register.entries import Entry
from grondslag.register.history import CHANNELS_OF
from grondslag.register.people import persons, roots
from grondslag.register.store import Row
from grondslag.register.subjects import ID, identifiers, numbering
from grondslag.register.vault import Vault
from grondslag.register.vocabulary import REFUSALS

NOBODY: Final = 0
"""The number of no person."""
_RESERVED: Final = 100
"""Numbers of new people taken at a time; one that is not used is never given again."""


class Asked(NamedTuple):
    """An entry, and the blind index of what names its person.

    :ivar hashes: kind and hash of each identifier.
    :ivar details: hashes of the details that the person has from now on, beside these.
    :ivar numbering: of the id (:func:`grondslag.register.subjects.numbering`).
    """

    name: str
    entry: Entry
    client: bytes
    hashes: Sequence[tuple[str, bytes]]
    details: Sequence[bytes]
    numbering: str = ""

    @property
    def is_refusal(self) -> bool:
        return self.entry.kind in REFUSALS

    @property
    def may_revive(self) -> bool:
        """Whether it comes from a file, and could bring back somebody who is not to be approached."""
        return self.entry.imported and not self.is_refusal


def asked_of(vault: Vault, name: str, entry: Entry, client: bytes) -> Asked:
    """The entry with its blind indexes.

    :param client: of its own id.
    :raises BadEntry: for a contact detail that cannot be read.
    """
    hashes = [(kind, vault.index(kind, spelled)) for kind, spelled in identifiers(entry.subject, name)]
    further = identifiers(entry.details, name) if entry.details else ()
    details = [vault.index(kind, spelled) for kind, spelled in further]
    return Asked(name, entry, client, hashes, details, numbering(entry.subject.get(ID, "")))


def reached(refusal: Entry) -> list[str]:
    """The contact details by which the channels of a refusal reach somebody; all when it names none."""
    channels = msgspec.json.decode(refusal.body)[refusal.kind].get("channels", "all")
    return [kind for kind, by in CHANNELS_OF.items() if channels == "all" or by.intersection(channels)]


def mark(number: int, numbering: str = "") -> bytes:
    """What stands in the blind index of somebody who has an id of that numbering."""
    return b"id of" + number.to_bytes(8) + numbering.encode()


def leading(vault: Vault, number: int, tree: Mapping[str, Any]) -> Iterator[bytes]:
    """What an entry of a person has in the blind index.

    :param tree: the entry, as plain JSON.
    """
    subject = tree.get("subject", {})
    for named in (subject, tree.get("contact", {})):
        for each in identifiers(named):
            yield vault.index(*each)
    if ID in subject:
        yield mark(number, numbering(subject[ID]))


@dataclass(slots=True)
class Resolver:
    """The people of one batch.

    :ivar named: the marks of those who have an id.
    :ivar refusing: who has ever refused anything.
    :ivar new: the numbers of those who were not on file.
    :ivar rows: what is new in the blind index.
    """

    vault: Vault
    owners: dict[bytes, list[int]] = field(default_factory=dict)
    nths: dict[bytes, int] = field(default_factory=dict)
    roots: dict[int, int] = field(default_factory=dict)
    named: set[bytes] = field(default_factory=set)
    refusing: set[int] = field(default_factory=set)
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
            self.named = {bytes(hash_) for (hash_,) in self._rows("hash", self._candidates(asked))}
        if imported := [each for each in asked if each.may_revive]:
            self._look_for_refusals(imported)

    def place(self, asked: Asked) -> list[int]:
        """The number of the person; a new one when nobody is known by any of the identifiers.

        Of a refusal that may be of any of several people it is the numbers of all of them: to take it for
        that of nobody, or of one, would help the sender.

        :raises AmbiguousSubject: when several people share what is given, and it is no refusal.
        :raises Suppressed: when an import would bring somebody back.
        """
        first, *others = self.meant(asked) or [NOBODY]
        if asked.may_revive:
            self._refuse_resurrection(asked)
        number = self._somebody() if first == NOBODY else first
        for kind, hash_ in asked.hashes:
            if self._link(hash_, number) and kind == ID:
                named = mark(number, asked.numbering)
                self.named.add(named)
                self._link(named, number)
        for hash_ in asked.details:
            self._link(hash_, number)
        if asked.is_refusal:
            self.refusing.update((number, *others))
        return [number, *others]

    def meant(self, asked: Asked) -> list[int]:
        """Whom an entry is about, of those who are known; of a refusal everybody whom it may be about.

        :returns: the first may be :data:`NOBODY`: somebody who is not known.
        """
        found = self._owners(asked)
        if not asked.is_refusal:
            return found
        if ID in asked.entry.subject and (others := set(self._sharing(asked)).difference(found)):
            # Who has another number of the same numbering is another; who has none may be this one.
            reaching = self._sharing(asked, reached(asked.entry))
            may_be = [n for n in reaching if n in others and not self._is_named(n, asked.numbering)]
            found = [*(found or [NOBODY]), *may_be]
        once: dict[int, int] = {}
        for number in found:
            once.setdefault(self.roots.get(number, number), number)
        return list(once.values())

    def own(self, asked: Asked, number: int) -> dict[str, str]:
        """What a person is known by, of what names the person of an entry."""
        known = zip(asked.entry.subject.items(), asked.hashes, strict=True)
        return {kind: text for (kind, text), (_, hash_) in known if number in self.owners.get(hash_, ())}

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
        sharing = self._sharing(asked)
        several = {self.roots.get(number, number) for number in sharing}
        if by_id:
            return [] if len(several) != 1 or self._is_named(sharing[0], asked.numbering) else sharing[:1]
        if len(several) > 1:
            common = self._sharing(asked, each=True)
            if len(common) != 1 and not asked.is_refusal:
                raise AmbiguousSubject(
                    f"{asked.name}, subject", "names more than one person by its contact details",
                    "name the id of the one who is meant, or merge them first",
                )  # fmt: skip
            return common or sharing
        return sharing[:1]

    def _sharing(
        self, asked: Asked, of: Collection[str] = tuple(CHANNELS_OF), *, each: bool = False
    ) -> list[int]:
        """Whoever has one of the contact details, or each of those that anybody has; first who has most."""
        known = [owners for kind, hash_ in asked.hashes if kind in of and (owners := self.owners.get(hash_))]
        if len(known) <= 1:
            return [number for owners in known for number in owners]
        counted = Counter(number for owners in known for number in owners)
        return [number for number, times in counted.most_common() if times == len(known) or not each]

    def _is_named(self, number: int, numbering: str) -> bool:
        return mark(number, numbering) in self.named

    def _candidates(self, asked: Sequence[Asked]) -> set[bytes]:
        """The marks of whoever has a detail that comes with a new id, or with an id and a refusal."""
        return {
            mark(number, each.numbering)
            for each in asked
            if any(
                kind == ID and (each.is_refusal or hash_ not in self.owners) for kind, hash_ in each.hashes
            )
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
            whole = persons(store, subjects)
            where, values = store.within("subject", {each for members in whole.values() for each in members})
            kinds = ", ".join(f"'{kind}'" for kind in REFUSALS)
            sql = f"SELECT DISTINCT subject FROM entry WHERE {where} AND kind IN ({kinds})"
            refused = {number for (number,) in store.rows(sql, *values)}
            self.refusing.update(each for each, members in whole.items() if not refused.isdisjoint(members))

    def _refuse_resurrection(self, asked: Asked) -> None:
        for _, hash_ in asked.hashes if self.suppressed else ():
            if day := self.suppressed.get(hash_):
                raise Suppressed(
                    asked.name, f"is about somebody who was forgotten on {day} and is not to be approached",
                    "leave it out; who wants to be approached again gives a new consent",
                )  # fmt: skip
        having = (number for _, hash_ in asked.hashes for number in self.owners.get(hash_, ()))
        if asked.entry.kind == "consent" and self.refusing and not self.refusing.isdisjoint(having):
            raise Suppressed(
                asked.name, "is a consent from a file, of somebody who has objected or withdrawn",
                "leave it out, or record the new consent with its proof where it was given",
            )  # fmt: skip
