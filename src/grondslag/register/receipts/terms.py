"""The words of Grondslag in the words of the Data Privacy Vocabulary 2.3, and our own where it has none.

``vocabulary.ttl`` defines the words under ``nl:``, with the days on which they are law; a test holds it to
the table of grounds here, and every other word to the lists that the W3C group publishes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from grondslag.facts.file import DETAIL
from grondslag.law.parameters import AVG_APPLIES
from grondslag.law.terms import LID_1_MEANS

NAMESPACE: Final = "urn:grondslag:ns:nl#"

PREFIXES: Final[Mapping[str, str]] = {
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "pd": "https://w3id.org/dpv/pd#",
    "nl": NAMESPACE,
}

PURPOSES: Final = {
    "marketing": "dpv:DirectMarketing",
    "sharing": "dpv:Marketing",
    "recording": "nl:CallRecording",
    "directory": "nl:Tw11-6-Directory",
}
PROCESSING: Final = {
    "marketing": ("dpv:Store", "dpv:Use"),
    "sharing": ("dpv:Share", "dpv:Store"),
    "recording": ("dpv:Record", "dpv:Store"),
    "directory": ("dpv:MakeAvailable", "dpv:Store"),
}

DATA: Final = {
    "email": "pd:EmailAddress",
    "phone": "pd:TelephoneNumber",
    "fax": "pd:TelephoneNumber",
    "address": "pd:PhysicalAddress",
    "handle": "pd:SocialMedia",
    "device": "pd:DeviceBased",
    "name": "pd:Name",
    "residence": "pd:Residency",
    "birth-date": "pd:BirthDate",
    "child-birth-date": "pd:BirthDate",
    "order-history": "pd:Purchase",
}
"""Kinds of data → what they are; others go by their own name."""

RIGHTS: Final = {
    "withdraw": "eu-gdpr:A7-3",
    "access": "eu-gdpr:A15",
    "rectification": "eu-gdpr:A16",
    "erasure": "eu-gdpr:A17",
    "restriction": "eu-gdpr:A18",
    "portability": "eu-gdpr:A20",
    "object": "eu-gdpr:A21",
    "complain": "eu-gdpr:A77",
}

_EXPLICIT: Final = ("dpv:ExplicitlyExpressedConsent", "eu-gdpr:A6-1-a-explicit-consent")
_EXPRESSED: Final = ("dpv:ExpressedConsent", "eu-gdpr:A6-1-a-non-explicit-consent")
_IMPLIED: Final = ("dpv:ImpliedConsent", "eu-gdpr:A6-1-a")
_UNKNOWN: Final = ("dpv:Consent", "eu-gdpr:A6-1-a")
_TYPES: Final = {
    **dict.fromkeys(("double-opt-in", "written", "own-initiative"), _EXPLICIT),
    **dict.fromkeys(("ticked-box", "button", "oral"), _EXPRESSED),
    **dict.fromkeys(("pre-ticked-box", "silence", "terms", "small-refusal-link"), _IMPLIED),
}

INTEREST: Final = "eu-gdpr:A6-1-f-controller"
OBJECTION: Final = "objection"

GROUNDS: Final = (
    ("consent", "nl:Tw11-7-1-Consent", date(2004, 5, 19), None),
    ("call-consent", "nl:Tw11-7-2-TelephoneConsent", date(2021, 7, 1), None),
    ("customer", "nl:Tw11-7-2-ExistingCustomer", date(2004, 5, 19), date(2009, 6, 30)),
    ("customer", "nl:Tw11-7-3-ExistingCustomer", date(2009, 7, 1), date(2021, 6, 30)),
    ("customer", "nl:Tw11-7-4-ExistingCustomer", date(2021, 7, 1), None),
    (OBJECTION, "nl:Wbp41-Objection", date(2001, 9, 1), date(2018, 5, 24)),
    (OBJECTION, "nl:AVG21-2-Objection", date(2018, 5, 25), None),
)
"""Dutch grounds that DPV does not have: what for, the word, its first and its last day."""


def ground(kind: str, at: date) -> tuple[str, ...]:
    """The word for a ground on a day; none when the law had no such ground then."""
    return tuple(
        word
        for what, word, first, last in GROUNDS
        if what == kind and first <= at and (last is None or at <= last)
    )


def consent_type(by: object) -> tuple[str, str]:
    """The sort of consent that an act makes: the word of DPV, and the provision of the AVG."""
    return _TYPES.get(by, _UNKNOWN) if isinstance(by, str) else _UNKNOWN


def consent_grounds(by: object, channel: str | None, at: date) -> tuple[str, ...]:
    """The provisions that a consent answers, for this channel."""
    dutch: tuple[str, ...] = ()
    if channel == "phone":
        dutch = ground("call-consent", at)
    elif channel in {means.value for means in LID_1_MEANS}:
        dutch = ground("consent", at)
    return (*((consent_type(by)[1],) if at >= AVG_APPLIES else ()), *dutch)


def data_of(channel: str | None) -> list[str]:
    """The contact details that a channel needs, any of them."""
    return sorted(DETAIL.get(channel or "", ()))
