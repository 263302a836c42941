"""Contact details in one spelling, for whole tables, plain or as keyed hash.

Where :mod:`grondslag.spellings` says what the one spelling is, SQL finds that of ordinary ones, and the
library is asked for the rest.  The keyed hash is HMAC-SHA-256 over that spelling, in hexadecimal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from grondslag.errors import BadCase
from grondslag.screening.engine import as_sql, quoted
from grondslag.spellings import (
    ADDRESS,
    CODE_FIRST,
    EASY_DUTCH,
    EASY_EMAIL,
    EASY_LENGTH,
    EASY_PHONE,
    EMAIL,
    PHONE,
    RESERVED,
    STREET_FIRST,
    email,
    phone,
)

LEAST_KEY: Final = 16
"""Bytes in the key of a hash: with fewer it can be guessed."""
BATCH: Final = 10_000
_BLOCK: Final = 64
"""Bytes in a block of SHA-256."""


def easy(kind: str) -> str:
    """SQL for the one spelling of what stands in ``given`` in an ordinary form, and null for the rest.

    Where it is not null it is what :func:`email` and :func:`phone` say; a test holds them together.
    """
    if kind == ADDRESS:
        return _address()
    if kind == EMAIL:
        return (
            f"CASE WHEN length(given) <= {EASY_LENGTH} AND regexp_full_match(given, {quoted(EASY_EMAIL)})"
            f" AND NOT regexp_matches(given, {quoted(RESERVED)}) THEN lower(given) END"
        )
    digits = "replace(replace(given, ' ', ''), '-', '')"
    return (
        f"CASE WHEN regexp_full_match(given, {quoted(EASY_PHONE)})"
        f" AND regexp_full_match({digits}, {quoted(EASY_DUTCH)})"
        f" THEN '+31' || regexp_extract({digits}, {quoted(f'^{EASY_DUTCH}$')}, 1) END"
    )


def _address() -> str:
    """Postcode first, as the columns give it, or street first, as on an envelope."""
    text = r"upper(regexp_replace(trim(given), '\s+', ' ', 'g'))"

    def part_of(pattern: str, code: int, house: int) -> str:
        part = [f"regexp_extract({text}, {quoted(pattern)}, {n})" for n in range(5)]
        # A sign between two numbers is all that keeps them apart.
        apart = rf"regexp_replace({part[house + 1]}, '([0-9])[ /-]+([0-9])', '\1.\2')"
        addition = f"regexp_replace({apart}, '[ /-]', '', 'g')"
        return f"trim({part[code]} || {part[code + 1]} || ' ' || {part[house]} || ' ' || {addition})"

    return (
        f"CASE WHEN regexp_matches({text}, {quoted(CODE_FIRST)}) THEN {part_of(CODE_FIRST, 1, 3)}"
        f" WHEN regexp_matches({text}, {quoted(STREET_FIRST)}) THEN {part_of(STREET_FIRST, 3, 1)} END"
    )


def keyed(con: Any, name: str, rows: Any, kind: str) -> Any:
    """A view with the rows of another table and a column ``key``: what they have ``given``, in one spelling.

    :param rows: an Ibis table; where ``given`` cannot be read, ``key`` is null.
    """
    easily = f"SELECT *, {easy(kind)} AS key FROM ({as_sql(rows)})"
    odd = f"SELECT DISTINCT given FROM ({easily}) WHERE key IS NULL AND given IS NOT NULL"
    schema = pa.schema({"given": pa.string(), "key": pa.string()})
    judged = _judged(con, odd, kind) if kind != ADDRESS else ()
    con.con.from_arrow(pa.RecordBatchReader.from_batches(schema, judged)).create(f"{name}_odd")
    con.raw_sql(
        f"CREATE OR REPLACE VIEW {name} AS SELECT easy.* REPLACE (coalesce(easy.key, odd.key) AS key)"
        f" FROM ({easily}) AS easy LEFT JOIN {name}_odd AS odd USING (given)"
    )
    return con.table(name)


def _judged(con: Any, odd: str, kind: str) -> Iterator[pa.RecordBatch]:
    """Each odd spelling once, by the library."""
    spell = {EMAIL: email, PHONE: phone}[kind]
    reader = con.con.cursor().execute(odd).to_arrow_reader(BATCH)
    for batch in reader:
        given = batch.column("given").to_pylist()
        yield pa.record_batch(
            {"given": pa.array(given, pa.string()), "key": pa.array(map(spell, given), pa.string())}
        )


# --- Keyed hashes ------------------------------------------------------------------------------------------


def secret_in(file: Path) -> bytes | None:
    """The key of the hashes, from a file; a line end after it is no part of it."""
    try:
        return secret_of(file.read_text("utf-8").rstrip("\r\n") or " ", file.name)
    except (OSError, UnicodeDecodeError):
        raise BadCase(str(file), "holds no key", "name a text file with the key of the hashes") from None


def secret_of(text: str, place: str) -> bytes | None:
    """The key of the hashes as it is written; None when there is none.

    :raises BadCase: when it is so short that it can be guessed.
    """
    key = text.encode()
    if 0 < len(key) < LEAST_KEY:
        raise BadCase(
            place, "holds a key that is too short", f"use {LEAST_KEY} bytes or more, drawn at random"
        )
    return key or None


def hashed(con: Any, name: str, rows: Any, secret: bytes) -> Any:
    """A table in which ``key`` has made way for its keyed hash, as :mod:`hmac` makes it."""
    block = (hashlib.sha256(secret).digest() if len(secret) > _BLOCK else secret).ljust(_BLOCK, b"\0")
    outer, inner = (bytes(byte ^ pad for byte in block) for pad in (0x5C, 0x36))
    # As parameters, for a query may be shown in an error.
    con.con.execute(
        f"CREATE OR REPLACE TABLE {name} AS"
        f" SELECT * REPLACE (sha256(?::BLOB || unhex(sha256(?::BLOB || encode(key))))"
        f" AS key) FROM ({as_sql(rows)})",
        [outer, inner],
    )
    return con.table(name)
