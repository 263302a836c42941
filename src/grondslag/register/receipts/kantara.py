"""The Kantara Consent Receipt 1.1: an older form, which some systems still read.

It tells less than a record does: it has no state, so only a consent that is good is given in it, and no place
for the evidence.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from grondslag.register.receipts.lacks import MissingInRecord, NoWordFor
from grondslag.register.receipts.organisation import Organisation
from grondslag.register.receipts.process import about, shown
from grondslag.register.receipts.stages import GIVEN, RENEWED, Record
from grondslag.register.receipts.terms import DATA, data_of

FORM: Final = "Kantara Consent Receipt 1.1"
VERSION: Final = "KI-CR-v1.1.0"

_PURPOSES: Final = {
    "marketing": "Marketing",
    "sharing": "Marketing Third Parties",
    "recording": "Recording of calls",
    "directory": "Listing in a directory",
}


def kantara(of: Record, organisation: Organisation, principal: str, receipt_id: str) -> dict[str, Any]:
    """The receipt of one consent.

    Whether data are sensitive is only known of the kinds that Grondslag knows, and none of these is.

    :param principal: a pseudonym of the person; never an address.
    :param receipt_id: a UUID that the caller chose.
    :raises NoWordFor: the consent was withdrawn, has expired, or is not certainly valid.
    :raises MissingInRecord: with the names of what the form asks and nobody recorded.
    """
    if of.status not in (GIVEN, RENEWED):
        raise NoWordFor(FORM, of.status)
    given = of.stages[0].when
    source = of.proof.get("source", {})
    data = of.fields.get("data") or data_of(of.channel)
    found = {
        "pii_information": data,
        "sensitive": all(kind in DATA for kind in data),
        "jurisdiction": organisation.jurisdiction,
        "time": given if "T" in given else None,
        "collection_method": source.get("point"),
        "statement.url": organisation.statement.get("url"),
        "withdraw_at": organisation.withdraw_at,
        "officer.name": organisation.officer.get("name"),
        **{
            f"controller.{name}": organisation.controller.get(name)
            for name in ("address", "email", "phone", "url")
        },
    }
    if missing := sorted(name for name, value in found.items() if not value):
        raise MissingInRecord(FORM, missing)
    language = shown(of, organisation).get("language")
    return {
        "version": VERSION,
        "jurisdiction": found["jurisdiction"],
        "consentTimestamp": int(datetime.fromisoformat(given).timestamp()),
        "collectionMethod": found["collection_method"],
        "consentReceiptID": receipt_id,
        **({"language": language} if language else {}),
        "piiPrincipalId": principal,
        "piiControllers": [
            {
                "piiController": organisation.controller["name"],
                "onBehalf": False,
                "contact": found["officer.name"],
                "address": {"streetAddress": found["controller.address"]},
                "email": found["controller.email"],
                "phone": found["controller.phone"],
                "piiControllerUrl": found["controller.url"],
            }
        ],
        "policyUrl": found["statement.url"],
        "services": [
            {
                "service": organisation.controller["name"],
                "purposes": [{**_purpose(of, organisation), "piiCategory": data}],
            }
        ],
        "sensitive": False,
        "spiCat": [],
    }


def _purpose(of: Record, organisation: Organisation) -> dict[str, Any]:
    word, told = of.fields["purpose"], ", ".join(about(of))
    named = sorted(
        {*of.fields.get("to", ()), *(each["name"] for each in organisation.recipients)}
        - {organisation.controller["name"]}
    )
    months = of.fields.get("months")
    until = f"P{months}M, or until withdrawn at" if months else "until withdrawn at"
    return {
        "purpose": f"{word} by {of.channel}: {told}" if of.channel else f"{word}: {told}",
        "purposeCategory": [_PURPOSES[word]],
        "consentType": "EXPLICIT",  # the other word is IMPLICIT, and without a clear act no consent is good
        "primaryPurpose": False,
        "termination": f"{until} {organisation.withdraw_at}",
        "thirdPartyDisclosure": bool(named),
        **({"thirdPartyName": "; ".join(named)} if named else {}),
    }
