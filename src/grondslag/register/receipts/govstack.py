"""The objects of the GovStack Consent Building Block 1.1: policy, agreement, revision, record, signature.

In one thing they differ from that specification on purpose: it asks for SHA-1, which has been broken; here
every hash is SHA-256 and says so (``sha256:`` and 64 digits), so that nobody takes it for the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from grondslag.facts.reading import add_months
from grondslag.ledger.canonical import canonical
from grondslag.register.receipts.lacks import MissingInRecord
from grondslag.register.receipts.organisation import Organisation
from grondslag.register.receipts.process import CONSENTS, about, purpose, shown
from grondslag.register.receipts.stages import GIVEN, NOT_OBJECTED, RENEWED, Record

FORM: Final = "the GovStack Consent Building Block"
METHOD: Final = "https://c2sp.org/tlog-proof@v1"
"""How our signature is checked: it is a proof that the entry stands in the register's log."""

Object = dict[str, Any]


def policy(organisation: Organisation) -> Object:
    """The privacy statement, as the policy that governs the agreements.

    :raises MissingInRecord: when the file of the organisation does not name the statement.
    """
    statement = organisation.statement
    _need({f"statement.{name}": statement.get(name) for name in ("id", "version", "url")})
    found = {
        "id": statement["id"],
        "name": f"{organisation.controller['name']}: {statement['id']}",
        "version": statement["version"],
        "url": statement["url"],
        "jurisdiction": organisation.jurisdiction,
        "storageLocation": ", ".join(organisation.storage) or None,
        "dataRetentionPeriodDays": _days(organisation.retention_months),
    }
    return _known(found)


def data_agreement(of: Record, organisation: Organisation) -> Object:
    """What can be agreed to: one text, for one purpose and one channel; many people share it.

    :raises MissingInRecord: with what the entry or the file of the organisation does not tell.
    """
    notice = shown(of, organisation)
    word = purpose(of)
    _need(
        {
            "purpose": word,
            "privacy_notice.identifier": notice.get("id"),
            "privacy_notice.version": notice.get("version"),
            "controller.url": organisation.controller.get("url"),
            "dpia": organisation.dpia,
        }
    )
    told = ", ".join(about(of))
    return {
        "id": "/".join(filter(None, (notice["id"], notice["version"], word, of.channel, told))),
        "version": notice["version"],
        "controller": {
            "id": organisation.controller["url"],
            "name": organisation.controller["name"],
            "url": organisation.controller["url"],
        },
        "policy": policy(organisation),
        "purpose": f"{word}: {told}" if told else str(word),
        "lawfulBasis": "consent" if of.entry.kind in CONSENTS else "legitimate_interest",
        "dataUse": "data_using_service",
        "dpia": organisation.dpia,
        "forgettable": False,
    }


def revision(schema: str, of: Object, timestamp: str, by: str, predecessor: Object | None = None) -> Object:
    """One version of an object, fixed by its hash.

    :param schema: the name of its schema, such as ``DataAgreement``.
    :param timestamp: when it became so, RFC 3339 in UTC.
    :param by: who made it so: an account of the organisation, not the person.
    """
    snapshot = canonical(
        {
            "objectData": of,
            "schemaName": schema,
            "objectId": of["id"],
            "signedWithoutObjectId": False,
            "timestamp": timestamp,
            "authorizedByOther": by,
        }
    ).decode()
    return {
        "id": f"{of['id']}@{timestamp}",
        "schemaName": schema,
        "objectId": of["id"],
        "signedWithoutObjectId": False,
        "timestamp": timestamp,
        "authorizedByOther": by,
        "serializedSnapshot": snapshot,
        "serializedHash": digest(snapshot),
        **({"predecessorHash": predecessor["serializedHash"]} if predecessor else {}),
    }


def consent_record(of: Record, principal: str, agreed: Object, signed: Object | None = None) -> Object:
    """One person's answer to one revision of an agreement.

    What has expired, was never valid or is not known is ``optIn: false``: the form has no third word, and
    unknown never helps the sender.

    :param agreed: the revision of the agreement.
    :param signed: what :func:`signature` made.
    """
    return {
        "id": of.id,
        "dataAgreementRevision": agreed,
        "dataAgreementRevisionHash": agreed["serializedHash"],
        "individual": {"id": principal},
        "optIn": of.status in (GIVEN, RENEWED, NOT_OBJECTED),
        "state": "signed" if signed else "unsigned",
        **({"signature": signed} if signed else {}),
    }


def signature(of: Object, proof: str, signed_by: str, timestamp: str) -> Object:
    """The register's proof of an entry, as the signature of a revision.

    :param of: the revision.
    :param proof: the tlog-proof, as base64.
    :param signed_by: the verifier key of the log.
    """
    payload = {
        "verificationPayload": of["serializedSnapshot"],
        "verificationPayloadHash": of["serializedHash"],
        "verificationMethod": METHOD,
        "verificationSignedBy": signed_by,
        "timestamp": timestamp,
        "signedWithoutObjectReference": False,
        "objectType": "revision",
        "objectReference": of["id"],
    }
    return {
        "id": f"{of['id']}#proof",
        **payload,
        "payload": canonical(payload).decode(),
        "signature": proof,
        "verificationSignedAs": "delegate",
    }


def digest(text: str) -> str:
    """SHA-256, named: ``sha256:`` and 64 digits."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _days(months: int | None) -> int | None:
    """So many months in days, from the first day of a year that is no leap year."""
    first = date(2001, 1, 1)
    return None if months is None else (add_months(first, months) - first).days


def _known(fields: Mapping[str, Any]) -> Object:
    return {name: value for name, value in fields.items() if value is not None}


def _need(fields: Mapping[str, object]) -> None:
    if missing := sorted(name for name, value in fields.items() if not value):
        raise MissingInRecord(FORM, missing)
