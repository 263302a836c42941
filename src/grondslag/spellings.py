"""E-mail addresses, telephone numbers and postal addresses in one spelling each.

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

:mod:`grondslag.screening.contacts` says the same in SQL, with the patterns of this module.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

import phonenumbers
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

EMAIL, PHONE, ADDRESS = "email", "phone", "address"
REGION: Final = "NL"
LONGEST: Final = {EMAIL: 320, PHONE: 40, ADDRESS: 200}
FORMS: Final = {
    EMAIL: "an e-mail address",
    PHONE: "a telephone number",
    ADDRESS: "a Dutch address with postcode and house number",
}


def _dutch() -> str:
    """The library's own pattern of mobile and fixed numbers."""
    known: Any = phonenumbers.PhoneMetadata.metadata_for_region(REGION)
    return f"(?:{known.mobile.national_number_pattern}|{known.fixed_line.national_number_pattern})"


EASY_EMAIL: Final = r"[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*@(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+[A-Za-z]{2,}"
"""Addresses that every reading of the rules allows, unless their domain is reserved."""
RESERVED: Final = rf"(?i)[.@](?:{'|'.join(SPECIAL_USE_DOMAIN_NAMES)})$"
EASY_LENGTH: Final = 60
"""No part of an address can be too long in one that is no longer than this."""

EASY_PHONE: Final = r"(?:\+|0)[0-9](?:[ -]?[0-9])*"
EASY_DUTCH: Final = rf"(?:\+31|0031|0)({_dutch()})"
"""A Dutch number without spaces and hyphens; the group is what stands after the prefix."""

_POSTCODE: Final = r"([1-9][0-9]{3}) ?([A-Z]{2})"
_HOUSE: Final = r"0*([1-9][0-9]{0,4})"
_LETTERS: Final = r"[ /-]{0,3}[A-Z]{1,4}[0-9]{0,4}"
_SECOND: Final = r"(?:[ /-]{1,3}(?:[A-Z]{1,4}|[0-9]{1,4}))?"
_AFTER_CODE: Final = rf"((?:{_LETTERS}|[ /-]{{1,3}}[0-9]{{1,4}}[A-Z]{{0,4}})?{_SECOND})"
# After a street, a number behind a space may be the house number itself: Plein 1944 12.
_AFTER_STREET: Final = rf"((?:(?:{_LETTERS}| ?[/-] ?[0-9]{{1,4}}[A-Z]{{0,4}}){_SECOND})?)"
_STREET: Final = r"(?:[0-9]+E )?[^0-9,]*[^0-9, ]"
_PLACE: Final = r"(?:[ ,]+[^0-9]*)?"
CODE_FIRST: Final = rf"^{_POSTCODE}[ ,]+{_HOUSE}{_AFTER_CODE}$"
"""As the columns give it; the groups are both halves of the postcode, number, addition."""
STREET_FIRST: Final = rf"^{_STREET} {_HOUSE}{_AFTER_STREET}[ ,]+{_POSTCODE}{_PLACE}$"
"""As on an envelope; the groups are number, addition, both halves of the postcode."""

_easy_email = re.compile(EASY_EMAIL).fullmatch
_reserved = re.compile(RESERVED).search
_easy_phone = re.compile(EASY_PHONE).fullmatch
_easy_dutch = re.compile(EASY_DUTCH).fullmatch


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
    """A Dutch postal address; None for what is not certainly read."""
    # The engine takes no other space for one, and no letter for two.
    raised = "".join(up if len(up := sign.upper()) == 1 else sign for sign in text)
    one_line = re.sub(r"[ \t\n\f\r]+", " ", raised.strip(" "))
    for pattern, code, house in ((CODE_FIRST, 1, 3), (STREET_FIRST, 3, 1)):
        if found := re.match(pattern, one_line):
            # A sign between two numbers is all that keeps them apart.
            apart = re.sub(r"([0-9])[ /-]+([0-9])", r"\1.\2", found[house + 1])
            return f"{found[code]}{found[code + 1]} {found[house]} {re.sub('[ /-]', '', apart)}".strip()
    return None


def spelled(kind: str, text: str) -> str | None:
    """The one spelling of a contact detail; ordinary ones are told without asking the library.

    :param kind: ``email``, ``phone`` or ``address``.
    :returns: None for what is none.
    """
    if len(text) > LONGEST[kind]:
        return None
    match kind:
        case "email":
            ordinary = len(text) <= EASY_LENGTH and _easy_email(text) and not _reserved(text)
            return text.lower() if ordinary else email(text)
        case "phone":
            found = _easy_dutch(text.replace(" ", "").replace("-", "")) if _easy_phone(text) else None
            return f"+31{found[1]}" if found else phone(text)
    return address(text)
