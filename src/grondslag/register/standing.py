"""Refusals that may be of more than one person, and refusals that a later export still holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from grondslag.ledger.canonical import compact
from grondslag.register.history import entries_of
from grondslag.register.people import persons
from grondslag.register.resolving import NOBODY, Asked, Resolver
from grondslag.register.vault import Vault


def copy(vault: Vault, asked: Asked, subject: Mapping[str, str], number: int, more: str = "") -> Asked:
    """The same refusal, as it is recorded of one more person.

    Its id is made of that of the refusal and of the person, so it is the same whenever it is made, and
    nobody's own id can be it.

    :param subject: what this person is known by.
    :param more: part of the id.
    """
    tree: dict[str, Any] = msgspec.json.decode(asked.entry.body)
    base = tree["id"] + more
    tree |= {"id": f"{base}/{vault.tag(base, str(number))}", "subject": dict(subject)}
    entry = asked.entry._replace(id=tree["id"], subject=subject, body=compact(tree))
    return asked._replace(entry=entry, client=vault.client(entry.id))


def standing(vault: Vault, resolver: Resolver, held: Mapping[int, Asked]) -> Iterator[tuple[int, Asked, int]]:
    """The undated refusals that must be recorded once more, of this import.

    A refusal without a day is recorded as of the day of its first import; when the same row is imported
    again it is known, and nothing needs to be done.  But when the person has consented since, that consent
    would lift it (AVG 7 and 21: a later consent opens the way again), although the program still holds the
    refusal.  Whether the program was never told of the consent, or the person refused once more after it,
    nobody can see.  What is unknown never helps the sender: the refusal counts again, as of this import.
    Who knows that the export is older than the consent says so, by importing it as of its own day.

    :param held: refusals whose ids are on file, by their places.
    """
    meant = {n: [each for each in resolver.meant(asked) if each != NOBODY] for n, asked in held.items()}
    people = persons(vault.store, {number for numbers in meant.values() for number in numbers})
    consented = _consented(vault, {each for members in people.values() for each in members})
    for n, asked in held.items():
        for number in meant[n]:
            members = people[number]
            if consented.isdisjoint(members):
                continue
            told = entries_of(vault, members)
            given = [each.tree["date"] for each in told if each.kind == "consent"]
            since = [each.tree["date"] for each in told if _is_of(each.tree["id"], asked.entry.id)]
            if max(since, default="") < max((day for day in given if day <= asked.entry.day), default=""):
                renewed = copy(vault, asked, resolver.own(asked, number), number, f"/{asked.entry.day}")
                yield n, renewed, number


def _is_of(id_: str, refusal: str) -> bool:
    return id_ == refusal or id_.startswith(f"{refusal}/")


def _consented(vault: Vault, subjects: set[int]) -> set[int]:
    """Who of these has ever consented to anything."""
    if not subjects:
        return set()
    where, values = vault.store.within("subject", subjects)
    sql = f"SELECT DISTINCT subject FROM entry WHERE {where} AND kind = 'consent'"
    return {number for (number,) in vault.store.rows(sql, *values)}
