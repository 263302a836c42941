"""The whole register as lines of JSON, and back again without loss: to keep, to move, to read elsewhere.

A line is a row of a table (:data:`~grondslag.register.store.TABLES`), bytes as base64.  What is sealed is
opened: an entry has its ``salt`` and ``body`` in place of ``sealed``, an attachment its ``content``.  Only
what nobody can open stays as it is.  Keys of people are not in it: they are drawn anew.  The register's own
secrets are, wrapped by the master key, without which the lines cannot be read back.  The first line names the
format, the last one says how many there are, so that a file that was cut off is noticed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from grondslag.errors import BadCase, BadLines
from grondslag.ledger.canonical import canonical
from grondslag.register.keys import Master, opened
from grondslag.register.places import opened_store
from grondslag.register.register import Register, seal_of
from grondslag.register.sealing import blob_context, nonces, sealed, unsealed
from grondslag.register.store import BLOBS, TABLES, Busy, Row, Store, chunks, columns
from grondslag.register.vault import Vault

HEADER: Final = {"grondslag": "register", "version": 1}
_CHUNK: Final = 1000
_WHOLE: Final = "copy the whole file"
_ENTRIES: Final = """
(SELECT number, recorded, subject, kind, client, uuid, commitment, coalesce(r.sealed, e.sealed) AS sealed,
CASE WHEN d.entry IS NULL THEN subject ELSE 0 END AS owner
FROM entry e LEFT JOIN resealed r ON r.entry = e.number LEFT JOIN destroyed d ON d.entry = e.number) e
ORDER BY number"""
"""Each entry with the number whose key opens it: none has the number 0."""
_OPENED: Final = {"entry": ["salt", "body"], "held": ["salt", "body"], "blob": ["content"]}
"""What is told, of the tables that have it, in the place of ``sealed``."""


def dump(register: Register) -> Iterator[bytes]:
    """Every line of a register as it is at one moment, whoever writes meanwhile; memory stays flat."""
    yield canonical(HEADER)
    count = 0
    with register.store.reading():
        for table in TABLES:
            for chunk in chunks(register.store.stream(f"SELECT * FROM {_source(table)}"), _CHUNK):
                for row in _told(register.vault, table, chunk):
                    yield canonical({"table": table, **row})
                    count += 1
    yield canonical({"end": count})


def load(place: str | Path, master: Master, lines: Iterable[bytes]) -> int:
    """Make a register of the lines of another, in one transaction.

    :param master: the master key of the register that the lines are of.
    :returns: how many rows.
    :raises BadLines: for what is no line of a register, and for a file that was cut off; nothing is made.
    """
    with closing(opened_store(place, new=True)) as store:
        try:
            with store.writing():
                store.define()
                _Load(store, master).read(_rows(lines))
                store.resume()
        except Busy:
            raise BadLines("the lines", "have a row twice", _WHOLE) from None
        except BadCase:
            raise
        except Exception as wrong:  # what was changed raises almost anything
            told = f"are not those of a register ({type(wrong).__name__})"
            raise BadLines("the lines", told, _WHOLE) from None
    return _counted(place, master)


def _counted(place: str | Path, master: Master) -> int:
    with Register(place, master) as register:
        return sum(register.store.rows(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES)


def _source(table: str) -> str:
    """Where the rows of a table come from: what opens a row goes with it."""
    match table:
        case "entry":
            return _ENTRIES
        case "blob":
            return f"({BLOBS}) b ORDER BY entry, nth"
        case "held":
            return "(SELECT h.*, e.uuid FROM held h JOIN entry e ON e.number = h.entry) h ORDER BY entry"
        case "resealed":  # the entry itself is opened
            return "resealed WHERE false"
    order = ", ".join(columns(table)[:2])
    return f"{table} ORDER BY {order}"


def _told(vault: Vault, table: str, chunk: list[Row]) -> Iterator[dict[str, Any]]:
    names = columns(table)
    where = {"entry": len(names), "blob": len(names), "held": 1}.get(table)
    ciphers = vault.ciphers({row[where] for row in chunk if row[where]}) if where is not None else {}
    for row in chunk:
        told = {name: _plain(value) for name, value in zip(names, row, strict=False) if value is not None}
        if table == "subject_key":
            told = {"subject": row[0]}
        elif where is not None:
            owner, stored = row[where], bytes(row[names.index("sealed")])
            cipher = ciphers.get(owner)
            if cipher or owner is None:
                del told["sealed"]
                told |= _opened(table, row, cipher, stored)
        yield told


def _opened(table: str, row: Row, cipher: Any, stored: bytes) -> dict[str, Any]:
    if table == "blob":
        return {
            "content": _plain(opened(cipher, stored, blob_context(bytes(row[4]), row[1]), "an attachment"))
        }
    id_ = bytes(row[5] if table == "entry" else row[-1])
    salt, body = unsealed(cipher, stored, id_)
    return {"salt": _plain(salt), "body": json.loads(body)}


def _plain(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes | memoryview | bytearray) else value


# --- Back again --------------------------------------------------------------------------------------------


def _rows(lines: Iterable[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each row with the number of its line; the first and last line have been looked at when it ends."""
    told, count = None, 0
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise BadLines(f"line {number}", "is no JSON", "name a file that `grondslag dump` made") from None
        if number == 1:
            if row != HEADER:
                raise BadLines(
                    "line 1", "is not that of a register", "name a file that `grondslag dump` made"
                )
        elif told is not None or not isinstance(row, dict):
            raise BadLines(
                f"line {number}", "does not belong here", "name a file as `grondslag dump` made it"
            )
        elif "end" in row:
            told = row["end"]
        else:
            count += 1
            yield number, row
    if told != count:
        raise BadLines("the lines", f"end after {count} rows, before their end", _WHOLE)


class _Load:
    """Writes the rows of a register into an empty store."""

    def __init__(self, store: Store, master: Master) -> None:
        self.store, self.master = store, master
        self.vault: Vault | None = None

    def read(self, rows: Iterator[tuple[int, dict[str, Any]]]) -> None:
        for chunk in chunks(rows, _CHUNK):
            by_table: dict[str, list[tuple[int, dict[str, Any]]]] = {}
            for number, row in chunk:
                by_table.setdefault(str(row.pop("table", "")), []).append((number, row))
            for table, some in by_table.items():
                if table not in TABLES:
                    raise BadLines(f"line {some[0][0]}", "is of no table of a register", _WHOLE)
                self._write(table, some)
        settings: dict[str, str] = dict(self.store.rows("SELECT name, value FROM setting"))
        if settings.pop("seal", None) != seal_of(Vault(self.store, self.master), settings):
            raise BadLines("the lines", "have other settings than the register was made with", _WHOLE)

    def _write(self, table: str, some: list[tuple[int, dict[str, Any]]]) -> None:
        names = columns(table)
        if table not in ("setting", "secret") and self.vault is None:
            self.vault = Vault(self.store, self.master)
        read: Callable[[dict[str, Any]], Row] = lambda row: tuple(  # noqa: E731
            _value(TABLES[table][name], row.get(name)) for name in names
        )
        try:
            for _, row in some:
                _complete(table, row)
            if table == "subject_key":
                assert self.vault is not None
                made = [row for row, _ in self.vault.new_keys(row["subject"] for _, row in some)]
                self.store.insert(table, made)
            elif table in _OPENED:
                self.store.insert(table, self._sealed(table, [row for _, row in some], read))
            else:
                self.store.insert(table, [read(row) for _, row in some])
        except (KeyError, TypeError, ValueError):
            place = f"lines {some[0][0]} to {some[-1][0]}"
            raise BadLines(place, f"have a row that is none of {table}", _WHOLE) from None

    def _sealed(
        self, table: str, some: list[dict[str, Any]], read: Callable[[dict[str, Any]], Row]
    ) -> list[Row]:
        assert self.vault is not None
        rows = [read(row) for row in some]
        owners: list[int | None]
        if table == "entry":
            owners, ids = [row[2] for row in rows], [row[5] for row in rows]
        else:
            where, values = self.store.within("number", [row[0] for row in rows])
            sql = (
                "SELECT number, coalesce(h.keeper, e.subject), uuid FROM entry e"
                f" LEFT JOIN held h ON h.entry = e.number WHERE {where}"
            )
            known = {number: (owner, bytes(id_)) for number, owner, id_ in self.store.rows(sql, *values)}
            ids = [known[row[0]][1] for row in rows]
            owners = [row[1] if table == "held" else known[row[0]][0] for row in rows]
        ciphers = self.vault.ciphers({owner for owner in owners if owner})
        done = []
        for row, told, owner, id_, nonce in zip(rows, some, owners, ids, nonces(len(rows)), strict=True):
            at = columns(table).index("sealed")
            if "sealed" in told:  # nobody can open it
                done.append(row)
                continue
            cipher = ciphers[owner] if owner is not None else None
            payload = (
                _bytes(told["content"]) if table == "blob" else _bytes(told["salt"]) + canonical(told["body"])
            )
            context = blob_context(id_, row[1]) if table == "blob" else id_
            done.append((*row[:at], sealed(cipher, nonce, payload, context), *row[at + 1 :]))
        return done


def _complete(table: str, row: dict[str, Any]) -> None:
    """That a row has every field of its table and no other.

    :raises KeyError: when it has not.
    """
    fields = {"subject"} if table == "subject_key" else set(columns(table))
    if table in _OPENED and "sealed" not in row:
        fields = fields - {"sealed"} | {*_OPENED[table]}
    if table == "entry" and "subject" not in row:  # about nobody
        fields.remove("subject")
    if row.keys() != fields:
        raise KeyError


def _value(type_: str, told: Any) -> Any:
    """What a column of this type holds.

    :raises TypeError: or a ValueError, when it cannot.
    """
    if type_.startswith("BYTES"):
        return _bytes(told)
    if told is None and type_ == "INT":
        return None
    if type(told) is not (int if type_.startswith("INT") else str):
        raise TypeError
    if type(told) is int and not -(2**63) <= told < 2**63:
        raise ValueError
    return told


def _bytes(text: Any) -> bytes:
    return base64.b64decode(text, validate=True) if text is not None else b""
