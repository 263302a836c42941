"""E-mail addresses, telephone numbers and postal addresses in one spelling each, plain or as keyed hash.

==========  =============================================================================================
email       By the rules of ``email-validator``, without asking the DNS: Unicode NFC, the domain in ASCII
            (``xn--``), and everything in lower case.  Whether the part before the @ is read with its
            capitals is up to the receiver, so two addresses that differ in them only are taken for one
            person's: a refusal of either is a refusal of both.
phone       E.164 (``+31612345678``) by ``phonenumbers``; a number without a country is Dutch.
address     ``1234AB 12 A``: Dutch postcode, house number, addition, from one text or from columns.  The
            addition is what stands between number and comma or postcode, in capitals without signs
            between.  What is not certainly read so is no address: without its addition it would be the
            neighbour's.  Addresses elsewhere are not read.
==========  =============================================================================================

The keyed hash is HMAC-SHA-256 over that spelling, in hexadecimal.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import phonenumbers
import pyarrow as pa
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from grondslag.errors import BadCase
from grondslag.screening.engine import quoted
from grondslag.screening.identifiers import ADDRESS, EMAIL, PHONE

REGION: Final = "NL"
LONGEST: Final = {EMAIL: 320, PHONE: 40, ADDRESS: 200}
FORMS: Final = {
    EMAIL: "an e-mail address",
    PHONE: "a telephone number",
    ADDRESS: "a Dutch address with postcode and house number",
}
LEAST_KEY: Final = 16
"""Bytes in the key of a hash: with fewer it can be guessed."""
BATCH: Final = 10_000
_BLOCK: Final = 64
"""Bytes in a block of SHA-256."""

_EASY_EMAIL: Final = r"[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*@(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+[A-Za-z]{2,}"
"""Addresses that every reading of the rules allows, unless their domain is reserved."""
_RESERVED: Final = rf"(?i)[.@](?:{'|'.join(SPECIAL_USE_DOMAIN_NAMES)})$"
_PREFIX: Final = r"(?:\+31|0031|0)"
_DIALLED: Final = r"(?:\+|0)[0-9](?:[ -]?[0-9])*"
_EASY_LENGTH: Final = 60
"""No part of an address can be too long in one that is no longer than this."""


def email(text: str) -> str | None:
    """The one spelling of an e-mail address; None for what is none."""
    try:
        found = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return None
    return unicodedata.normalize("NFC", f"{found.local_part.lower()}@{found.ascii_domain}")


def phone(text: str) -> str | None:
    """A telephone number in E.164; None for what is none."""
    try:
        found = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(found):
        return None
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))


def address(text: str) -> str | None:
    """The one spelling of a Dutch address; None for what is not certainly read so."""
    # The engine takes no other space for one, and no letter for two.
    raised = "".join(up if len(up := sign.upper()) == 1 else sign for sign in text)
    tidy = re.sub(r"[ \t\n\f\r]+", " ", raised.strip(" "))
    short, long = _address_patterns()
    if found := short.match(tidy):
        code, letters, house, addition = found.groups()
    elif found := long.match(tidy):
        house, addition, code, letters = found.groups()
    else:
        return None
    apart = re.sub(r"([0-9])[ /-]+([0-9])", r"\1.\2", addition)
    return f"{code}{letters} {house} {re.sub('[ /-]', '', apart)}".strip()


def spelled(kind: str, text: str) -> str | None:
    """:func:`email`, :func:`phone` or :func:`address`, of ordinary ones without asking the library."""
    if len(text) > LONGEST[kind]:
        return None
    if kind == ADDRESS:
        return address(text)
    plain, reserved, dialled, dutch = _easy_patterns()
    if kind == EMAIL:
        ordinary = len(text) <= _EASY_LENGTH and plain.fullmatch(text) and not reserved.search(text)
        return text.lower() if ordinary else email(text)
    if dialled.fullmatch(text) and (found := dutch.fullmatch(text.replace(" ", "").replace("-", ""))):
        return f"+31{found[1]}"
    return phone(text)


def easy(kind: str) -> str:
    """SQL for the one spelling of what stands in ``given`` in an ordinary form, and null for the rest.

    Where it is not null it is what :func:`email` and :func:`phone` say; a test holds them together.
    """
    if kind == ADDRESS:
        return _address()
    if kind == EMAIL:
        return (
            f"CASE WHEN length(given) <= {_EASY_LENGTH} AND regexp_full_match(given, {quoted(_EASY_EMAIL)})"
            f" AND NOT regexp_matches(given, {quoted(_RESERVED)}) THEN lower(given) END"
        )
    digits = "replace(replace(given, ' ', ''), '-', '')"
    return (
        f"CASE WHEN regexp_full_match(given, {quoted(_DIALLED)})"
        f" AND regexp_full_match({digits}, {quoted(_PREFIX + _dutch())})"
        f" THEN '+31' || regexp_extract({digits}, {quoted('^' + _PREFIX + '(.*)$')}, 1) END"
    )


def _dutch() -> str:
    """The library's own pattern of mobile and fixed numbers."""
    known: Any = phonenumbers.PhoneMetadata.metadata_for_region(REGION)
    return f"(?:{known.mobile.national_number_pattern}|{known.fixed_line.national_number_pattern})"


_POSTCODE: Final = r"([1-9][0-9]{3}) ?([A-Z]{2})"
_HOUSE: Final = r"0*([1-9][0-9]{0,4})"
_LETTERS: Final = r"[ /-]{0,3}[A-Z]{1,4}[0-9]{0,4}"
_SECOND: Final = r"(?:[ /-]{1,3}(?:[A-Z]{1,4}|[0-9]{1,4}))?"
_AFTER_CODE: Final = rf"((?:{_LETTERS}|[ /-]{{1,3}}[0-9]{{1,4}}[A-Z]{{0,4}})?{_SECOND})"
# After a street, a number behind a space may be the house number itself: Plein 1944 12.
_AFTER_STREET: Final = rf"((?:(?:{_LETTERS}| ?[/-] ?[0-9]{{1,4}}[A-Z]{{0,4}}){_SECOND})?)"
_STREET: Final = r"(?:[0-9]+E )?[^0-9,]*[^0-9, ]"
_PLACE: Final = r"(?:[ ,]+[^0-9]*)?"


_SHORT: Final = rf"^{_POSTCODE}[ ,]+{_HOUSE}{_AFTER_CODE}$"
"""Postcode first, as the columns give it."""
_LONG: Final = rf"^{_STREET} {_HOUSE}{_AFTER_STREET}[ ,]+{_POSTCODE}{_PLACE}$"
"""Street first, as on an envelope."""


@cache
def _address_patterns() -> tuple[re.Pattern[str], ...]:
    return re.compile(_SHORT), re.compile(_LONG)


@cache
def _easy_patterns() -> tuple[re.Pattern[str], ...]:
    """An e-mail address, a domain that is reserved, a number as it is dialled, and a Dutch one."""
    return tuple(re.compile(each) for each in (_EASY_EMAIL, _RESERVED, _DIALLED, rf"{_PREFIX}({_dutch()})"))


def _address() -> str:
    text = r"upper(regexp_replace(trim(given), '\s+', ' ', 'g'))"

    def spelling(pattern: str, code: int, house: int) -> str:
        part = [f"regexp_extract({text}, {quoted(pattern)}, {n})" for n in range(5)]
        # A sign between two numbers is all that keeps them apart.
        apart = rf"regexp_replace({part[house + 1]}, '([0-9])[ /-]+([0-9])', '\1.\2')"
        addition = f"regexp_replace({apart}, '[ /-]', '', 'g')"
        return f"trim({part[code]} || {part[code + 1]} || ' ' || {part[house]} || ' ' || {addition})"

    return (
        f"CASE WHEN regexp_matches({text}, {quoted(_SHORT)}) THEN {spelling(_SHORT, 1, 3)}"
        f" WHEN regexp_matches({text}, {quoted(_LONG)}) THEN {spelling(_LONG, 3, 1)} END"
    )


def keyed(con: Any, name: str, rows: Any, kind: str) -> Any:
    """A view with the rows of another table and a column ``key``: what they have ``given``, in one spelling.

    :param rows: an Ibis table; where ``given`` cannot be read, ``key`` is null.
    """
    easily = f"SELECT *, {easy(kind)} AS key FROM ({con.compile(rows)})"
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
        f" AS key) FROM ({con.compile(rows)})",
        [outer, inner],
    )
    return con.table(name)
