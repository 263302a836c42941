"""The register as a whole: one object to record, look up, publish, forget and prove with."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from grondslag.errors import AmbiguousSubject, BadCase, NotMerged, UnknownSubject, Unopened
from grondslag.law.profiles import STRICT, Profile
from grondslag.ledger.checkpoint import Checkpoint
from grondslag.ledger.note import Signer
from grondslag.ledger.tiles import Tiles
from grondslag.register import deciding, forgetting, history, holding, log, people
from grondslag.register.deciding import Decided, Question, Redone, View
from grondslag.register.entries import Entry, checked, read
from grondslag.register.forgetting import Certificate, Plan
from grondslag.register.holding import Hold, Holds
from grondslag.register.keys import Master
from grondslag.register.places import ledger_beside, opened_store
from grondslag.register.recording import Outcome, Recorded, imported_before, record, record_whole, rehearse
from grondslag.register.rotation import rotate
from grondslag.register.store import again, chunks
from grondslag.register.subjects import identifiers
from grondslag.register.vault import Vault

FORMAT: Final = "1"
BATCH: Final = 1000
"""Entries that are durable together when many are recorded."""


class Register:
    """What people chose, bought, were told and objected to; a controller has one.

    :param place: a file (SQLite), or ``postgresql://…``.
    :param master: the master key.
    :param ledger: the folder of the published log; beside the file when left out.
    """

    def __init__(self, place: str | Path, master: Master, ledger: Path | None = None) -> None:
        self.place = place
        self.store = opened_store(place)
        self._ledger = ledger or ledger_beside(place)
        try:
            self.vault = Vault(self.store, master)
            settings: dict[str, str] = dict(self.store.rows("SELECT name, value FROM setting"))
            if settings.get("format") != FORMAT:
                raise Unopened(
                    str(place), "is a register of another version", "open it with the version that made it"
                )
            self.controller: str = settings["controller"]
            self.signer = Signer(settings["origin"], self.vault.signing)
        except (LookupError, TypeError, ValueError) as wrong:
            raise Unopened(
                str(place), f"was changed from outside, or damaged ({type(wrong).__name__})", "restore a copy"
            ) from None

    @classmethod
    def new(
        cls, place: str | Path, master: Master, *, controller: str, origin: str, ledger: Path | None = None
    ) -> Register:
        """Make a register.

        :param controller: the name of the organisation whose register it is.
        :param origin: the name of its log, for ever: a domain of yours and a path, without ``https://``.
        """
        store = opened_store(place, new=True)
        with store.writing():
            store.define()
            Vault.make(store, master)
            settings = {"format": FORMAT, "controller": controller, "origin": origin}
            vault = Vault(store, master)
            Signer(origin, vault.signing)  # refuses a name that no log can have
            settings["seal"] = seal_of(vault, settings)
            store.insert("setting", list(settings.items()))
        store.close()
        return cls(place, master, ledger)

    def close(self) -> None:
        """End the connection to the database."""
        self.store.close()

    def __enter__(self) -> Register:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- Recording -----------------------------------------------------------------------------------------

    def record(self, *given: Mapping[str, Any], at: datetime) -> list[Recorded]:
        """Record these entries, all or none; they are durable when this returns.

        :param at: now.
        :raises BadEntry: ConflictingEvent, AmbiguousSubject, Suppressed: see there; nothing was recorded.
        """
        entries = [(f"entry {n}", read(each, f"entry {n}")) for n, each in enumerate(given, 1)]
        return record_whole(self.vault, entries, at)

    def ingest(
        self, given: Iterable[tuple[str, object]], at: datetime, *, dry: bool = False, batch: int = BATCH
    ) -> Iterator[tuple[str, Outcome]]:
        """Record a stream of entries, some at a time; what cannot be is told, and the rest goes on.

        :param given: the name by which errors call each, and the entry, as plain JSON or as it was read, or
            what was wrong with reading it.
        :param dry: only tell what would become of each; nothing is recorded.
        :param batch: how many are durable together.
        :returns: for each, in its order, what became of it; it is durable when it comes by.
        """
        fresh = True
        for some in chunks(given, batch):
            entries = [checked(each, name) for name, each in some]
            before = {} if fresh else imported_before(self.vault, entries)
            sound = [
                (name, each)
                for n, ((name, _), each) in enumerate(zip(some, entries, strict=True))
                if isinstance(each, Entry) and n not in before
            ]
            done = (rehearse if dry else record)(self.vault, sound, at, fresh=fresh)
            # What follows on what was recorded before was probably recorded before too.
            fresh = not before and all(each.new for each in done if isinstance(each, Recorded))
            outcomes = iter(done)
            for n, ((name, _), each) in enumerate(zip(some, entries, strict=True)):
                yield name, each if isinstance(each, BadCase) else before.get(n) or next(outcomes)

    # --- Whom it is about, and forgetting ------------------------------------------------------------------

    def merge(
        self, subject: Mapping[str, str], into: Mapping[str, str], reason: str, at: datetime
    ) -> uuid.UUID:
        """Take two people for one from now on; nothing that was recorded moves, and it can be split again."""

        def merge() -> uuid.UUID:
            one, other = self._root(subject), self._root(into)
            if one == other:
                raise NotMerged("subject", "is that person already", "nothing needs to be done")
            return people.link(self.vault, one, other, reason, at)

        return again(merge)

    def split(self, subject: Mapping[str, str], reason: str, at: datetime) -> uuid.UUID:
        """Take a person for one by itself again.

        :param subject: by an identifier that is its own.
        """

        def split() -> uuid.UUID:
            found = self._owners(subject)
            if len(found) != 1:
                raise AmbiguousSubject("subject", f"is on file {len(found)} times", "name its own id")
            (number,) = found
            return people.link(self.vault, number, number, reason, at)

        return again(split)

    def plan(self, subject: Mapping[str, str], holds: Holds) -> Plan:
        """What forgetting a person would destroy, and what stays; nothing is done."""
        return forgetting.plan(self.vault, self.known(subject), holds)

    def erase(self, subject: Mapping[str, str], holds: Holds, ground: str, at: datetime) -> Certificate:
        """Forget a person: see :mod:`grondslag.register.forgetting`."""
        return again(lambda: forgetting.erase(self.vault, self.known(subject), holds, ground, at))

    def held_of(self, subject: Mapping[str, str]) -> list[tuple[history.Known, Hold]]:
        """What a duty keeps of somebody, blocked for anything else."""
        return holding.held_of(self.vault, list(identifiers(subject)))

    def rotate(self, master: Master, at: datetime) -> int:
        """Wrap every key with another master key.

        :returns: how many keys.
        """
        return again(lambda: rotate(self.vault, master, at))

    @property
    def tiles(self) -> Tiles:
        """The published log."""
        if self._ledger is None:
            raise Unopened("the log", "has no place: the register is no file", "name a folder with --ledger")
        return Tiles(self._ledger)

    # --- Deciding ------------------------------------------------------------------------------------------

    def decide(
        self, subject: Mapping[str, str], question: Question, *, at: date, known: datetime | None = None,
        profile: Profile = STRICT,
    ) -> Decided:  # fmt: skip
        """May this be done to this person on this day, by what was known at a moment?

        :param subject: as in :meth:`history_of`; of somebody who is not on file nothing is known.
        """
        return deciding.decided(question, self._view(subject, at, known), at, profile)

    def keep(self, *decided: Decided, at: datetime) -> list[Recorded | None]:
        """Record decisions, all or none: see :func:`grondslag.register.deciding.keep`."""
        return deciding.keep(self.vault, decided, at)

    def replay(self, id_: uuid.UUID) -> Redone:
        """Decide anew what was kept under this id, from the entries that were in view.

        :raises UnknownEntry: when no such decision can be read.
        """
        subject, entry = deciding.kept(self.vault, id_)
        return deciding.redo(subject, entry, deciding.in_view(self.vault, subject, entry))

    # --- The log -------------------------------------------------------------------------------------------

    def publish(self, at: datetime) -> Checkpoint:
        """Give what was recorded its place in the log, sign a checkpoint, and write the files of the log.

        :raises Forked: when the files are not those of this log; nothing was signed.
        """
        return log.publish(self.store, self.tiles, self.signer, at)

    # --- Looking up ----------------------------------------------------------------------------------------

    def subjects_of(self, subject: Mapping[str, str], known: datetime | None = None) -> list[int]:
        """The numbers under which a person is on file; none for somebody who is not.

        :raises AmbiguousSubject: when the identifiers are those of several people.
        """
        found = self._owners(subject)
        until = history.seconds(known)
        into = people.roots(self.store, found, until) if found else {}
        persons = {into.get(number, number) for number in found}
        if len(persons) > 1:
            raise AmbiguousSubject("subject", "is more than one person", "name the id, or merge them first")
        return people.members(self.store, persons.pop(), until) if persons else []

    def _owners(self, subject: Mapping[str, str]) -> set[int]:
        """Every subject that has one of these identifiers."""
        hashes = [self.vault.index(kind, spelled) for kind, spelled in identifiers(subject)]
        where, values = self.store.within("hash", hashes)
        return {
            number for (number,) in self.store.rows(f"SELECT subject FROM identifier WHERE {where}", *values)
        }

    def known(self, subject: Mapping[str, str]) -> list[int]:
        """The numbers of somebody who is on file.

        :raises UnknownSubject: when nobody is.
        """
        found = self.subjects_of(subject)
        if not found:
            raise UnknownSubject("subject", "is not on file", "give an identifier that was recorded")
        return found

    def _root(self, subject: Mapping[str, str]) -> int:
        return self.known(subject)[0]

    def history_of(
        self, subject: Mapping[str, str], *, at: date, known: datetime | None = None
    ) -> history.History:
        """What was so of a person on a day, as far as it was known at a moment.

        :param subject: one or more of ``id``, ``email``, ``phone``, ``address``.
        :param known: what was recorded up to then; without it, everything.
        """
        view = self._view(subject, at, known)
        return history.history(view.entries, view.suppressions, at)

    def _view(self, subject: Mapping[str, str], at: date, known: datetime | None) -> View:
        numbers, until = self.subjects_of(subject, known), history.seconds(known)
        entries = history.entries_of(self.vault, numbers, until) if numbers else []
        asked = None if known is None else until
        return View(entries, self.suppressions(entries, subject, at), numbers, asked)

    def attachments(self, entry: history.Known) -> list[tuple[str, bytes]]:
        """The files that went with an entry, by name; none of somebody who was forgotten."""
        return history.attachments(self.vault, entry)

    def suppressions(
        self, entries: Iterable[history.Known], subject: Mapping[str, str], at: date
    ) -> list[tuple[str, str]]:
        """What is left of somebody who was forgotten and had the same details: channels and day."""
        spelled = {each for entry in entries for each in history.given(entry)} | set(identifiers(subject))
        hashes = [self.vault.index(*each) for each in spelled]
        where, values = self.store.within("hash", hashes)
        sql = f"SELECT DISTINCT channels, day FROM suppression WHERE {where} AND day <= ?"
        return [(channels, day) for channels, day in self.store.rows(sql, *values, at.isoformat())]

    def suppressed(self, at: date) -> frozenset[int]:
        """The numbers of those who have a contact detail of somebody who was forgotten."""
        sql = "SELECT DISTINCT subject FROM suppression s JOIN identifier i ON i.hash = s.hash WHERE day <= ?"
        return frozenset(number for (number,) in self.store.rows(sql, at.isoformat()))

    def place_of(self, id_: uuid.UUID) -> int | None:
        """The place of an entry in the log; None while it waits for one."""
        number = log.number_of(self.store, id_)
        return None if number is None else log.place_of(self.store, number)


def seal_of(vault: Vault, settings: Mapping[str, str]) -> str:
    """What shows that nobody changed the settings of a register."""
    return vault.tag(*(f"{name} {value}" for name, value in sorted(settings.items())))
