"""Finds the subjects of an audience by their contact details, or by keyed hashes of these or of their ids."""

from __future__ import annotations

from typing import Any

import ibis

from grondslag.errors import BadCase
from grondslag.screening.contacts import hashed, keyed
from grondslag.screening.engine import put
from grondslag.screening.identifiers import PARTS, SUBJECT, By
from grondslag.screening.records import CONTACT, Known
from grondslag.spellings import ADDRESS, FORMS


def matched(
    con: Any, rows: Any, by: By, records: Known, secret: bytes | None
) -> tuple[Any, list[Any], list[Any]]:
    """The rows with their ``subject``, the rows that could not be read, and the contact details.

    A row whose detail several subjects share is there for each of them; one whose detail is nobody's is there
    once, without a subject.

    :param rows: ``line``, ``given`` and ``file``.
    :raises BadCase: when the records hold no contact details, or there is no key for the hashes.
    """
    owners, details = _owners(con, by, records)
    unread = []
    if by.hashed:
        if secret is None:
            raise BadCase("--hash-key", "is left out", "name the file that holds the key of the hashes")
        owners = hashed(con, "owners_hashed", owners, secret)
        rows = rows.mutate(key=rows.given.lower())
    else:
        rows = keyed(con, "audience_keyed", rows, by.kind)
        unread.append(_unread(rows.filter(rows.key.isnull()), by.kind))
        rows = rows.filter(rows.key.notnull())
    found = rows.left_join(owners, "key").select("line", "given", "subject")
    return put(con, "audience", found), unread, details


def _owners(con: Any, by: By, records: Known) -> tuple[Any, list[Any]]:
    """``key`` and ``subject``, each pair once, and the contact details that could not be read."""
    if by.kind == SUBJECT:
        return records.subjects.select("subject", key=records.subjects.subject), []
    if records.contacts is None:
        remedy = f"add {CONTACT}.csv with the columns subject and {by.kind}"
        raise BadCase("records", f"have no table {CONTACT} to find people by {by.kind}", remedy)
    given = _detail(records.contacts, by.kind)
    details = records.contacts.select("file", "line", "subject", "reason", given=given)
    details = keyed(con, "contacts_keyed", details, by.kind)
    known = details.filter(details.key.notnull())
    # A detail in a row that is unreadable is somebody's, but whose cannot be trusted.
    owners = known.select("key", subject=known.reason.isnull().ifelse(known.subject, None)).distinct()
    broken = details.filter(details.reason.notnull()).select("file", "line", "reason")
    bad = details.filter(details.reason.isnull() & details.key.isnull() & details.given.notnull())
    return owners, [broken, _unread(bad, by.kind)]


def _detail(contacts: Any, kind: str) -> Any:
    if kind != ADDRESS:
        return contacts[kind]
    first, second, third = (contacts[part] for part in PARTS)
    space = ibis.literal(" ")
    return contacts[ADDRESS].coalesce(first.concat(space, second, space.concat(third).fill_null("")))


def _unread(rows: Any, kind: str) -> Any:
    return rows.select("file", "line", reason=ibis.literal(f"{kind} is not {FORMS[kind]}"))
