"""A record and a receipt as JSON-LD: the fields of ISO/IEC TS 27560 by their own names, in terms of DPV 2.3.

The document is plain JSON; its ``@context``, which it carries, says what each name means.  Nothing is made
up: a field that is not known is left out, and ``lacks`` names it when the standard or the AVG asks for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final
from urllib.parse import quote

from grondslag.register.receipts import terms
from grondslag.register.receipts.lacks import lacking
from grondslag.register.receipts.organisation import Organisation
from grondslag.register.receipts.states import Record, Stage

SCHEMA: Final = "https://w3id.org/dpv/schema/dpv-27560#"
INCOMPLETE: Final = "nl:IncompleteRecord"
CONSENTS: Final = ("consent", "withdrawal")
"""The kinds of entry that are about consent; the others are about a legitimate interest."""

Node = dict[str, Any]


@cache
def context() -> Node:
    """What each name of a document means; every document carries it."""
    text = resources.files(__package__).joinpath("context.jsonld").read_text("utf-8")
    found: Node = json.loads(text)["@context"]
    return found


def record(of: Record, organisation: Organisation, principal: str) -> Node:
    """The consent record: of one entry, for one channel, as it stands on the day of the record.

    :param principal: a pseudonym that the caller keeps for this person; never an address.
    """
    person = f"urn:grondslag:principal:{quote(principal, safe='')}"
    kind = "dpv:ConsentRecord" if of.entry.kind in CONSENTS else "dpv:DataProcessingRecord"
    notice = _notice(of, organisation)
    body = _known(
        {
            "id": of.id,
            "type": kind,
            "identifier": of.id,
            "record_id": of.id,
            "source": f"urn:uuid:{of.entry.id}",
            "pii_principal_id": person,
            "privacy_notice": notice,
            "language": notice.get("language"),
            "process": _process(of, organisation),
            "party": _parties(organisation),
            "event" if of.entry.kind in CONSENTS else "status": [
                _event(of, stage, organisation, person) for stage in of.stages
            ],
            "judged_on": of.at.isoformat(),
            "falls_short": list(of.short),
        }
    )
    lacks = lacking(body)
    conforms = INCOMPLETE if lacks else f"{SCHEMA}record-eu-gdpr"
    return {"@context": context(), **body, **_known({"lacks": lacks}), "schema_version": conforms}


def receipt(
    records: Sequence[Node],
    organisation: Organisation,
    receipt_id: str,
    issued: str,
    proof: str | None = None,
) -> Node:
    """The receipt that the person gets: a copy of the records, with what receipts have of their own.

    :param records: what :func:`record` made.
    :param receipt_id: a UUID that the caller chose.
    :param issued: the moment, RFC 3339 in UTC.
    :param proof: the tlog-proof of the register, as base64: it shows that the entries are in the log.
    """
    whole = not any("lacks" in each for each in records)
    return {
        "@context": context(),
        "id": f"urn:uuid:{receipt_id}",
        "type": "dpv:ConsentReceipt",
        "receipt_id": receipt_id,
        "schema_version": f"{SCHEMA}receipt-eu-gdpr" if whole else f"{SCHEMA}receipt",
        "issued": issued,
        **_known({"publisher": organisation.controller.get("url"), "proof": proof}),
        "record": [{k: v for k, v in each.items() if k != "@context"} for each in records],
    }


def _known(fields: Mapping[str, Any]) -> Node:
    """The fields that hold something."""
    return {name: value for name, value in fields.items() if value not in (None, [], (), {}, "")}


# --- The sections of the standard -----------------------------------------------------------------------


def _notice(of: Record, organisation: Organisation) -> Node:
    """The exact text that was shown; of a refusal or a customer, the privacy statement."""
    if of.entry.kind == "consent":
        shown, kind = organisation.notice(of.proof.get("notice", {})), "dpv:ConsentNotice"
    else:
        shown, kind = organisation.statement, "dpv:PrivacyNotice"
    if not shown:
        return {}
    named = {"identifier": shown.get("id")}
    same = {name: shown.get(name) for name in ("version", "language", "hash", "url")}
    return {"type": kind, **_known({**named, **same})}


def _process(of: Record, organisation: Organisation) -> Node:
    purpose = of.fields.get("purpose") if of.entry.kind == "consent" else "marketing"
    word = purpose if isinstance(purpose, str) else None
    about = of.fields.get("about")
    told = {
        "type": "dpv:Purpose",
        "broader": [terms.PURPOSES[word]] if word else None,
        "about": [about] if isinstance(about, str) else sorted(set(about or ())),
    }
    return _known(
        {
            "type": "dpv:Process",
            "purpose": _known(told) if word else None,
            "channel": of.channel,
            "lawful_basis": sorted(_grounds(of)),
            "pii_information": _data(of),
            "pii_controllers": organisation.controller.get("url"),
            "collection_method": _source(of),
            "processing_method": list(terms.PROCESSING[word]) if word else None,
            "storage": _storage(organisation),
            "processing_locations": _locations(of, organisation),
            "recipient_third_parties": sorted(
                {each["url"] for each in _reached(organisation) if "url" in each}
            ),
            **_control(of, organisation),
            "privacy_rights": _rights(organisation),
            "jurisdiction": organisation.jurisdiction,
            "authority_party": organisation.authority.get("url"),
            "impact_assessment": {"type": "dpv:DPIA", "url": organisation.dpia}
            if organisation.dpia
            else None,
        }
    )


def _grounds(of: Record) -> tuple[str, ...]:
    match of.entry.kind:
        case "consent":
            return terms.consent_grounds(of.fields.get("by"), of.channel, of.at)
        case "withdrawal":
            return terms.consent_grounds(None, of.channel, of.at)
        case "relation":
            return (terms.INTEREST, *terms.ground("customer", of.at))
        case _:
            return (terms.INTEREST,)


def _data(of: Record) -> list[Node]:
    """What may be shared, or is used to reach the person; of a refusal of everything, all that it names."""
    named = of.fields.get("data")
    if of.entry.kind != "consent" and of.channel in (None, "all"):
        names = sorted(name for name in of.entry.tree.get("subject", {}) if name != "id")
    else:
        names = sorted(set(named)) if isinstance(named, list) else terms.data_of(of.channel)
    return [
        _known(
            {
                "type": "dpv:PersonalData",
                "identifier": name,
                "broader": [terms.DATA[name]] if name in terms.DATA else None,
            }
        )
        for name in names
    ]


def _source(of: Record) -> Node:
    """Where and how it was obtained, as the proof tells."""
    source = of.proof.get("source", {})
    by = of.proof.get("by")
    told = source.get("point") or source.get("format")
    if not told:
        return {}
    kind = "dpv:ThirdPartyDataSource" if by == "processor" else "dpv:DataSubjectDataSource"
    return {"type": kind, "title": told}


def _storage(organisation: Organisation) -> list[Node]:
    months = organisation.retention_months
    where = [{"type": "dpv:StorageLocation", "location": sorted(set(organisation.storage))}]
    term = [{"type": "dpv:StorageDuration", "duration": _months(months)}] if months is not None else []
    return [*(where if organisation.storage else []), *term]


def _months(months: int) -> Node:
    return {"type": "dpv:TemporalDuration", "value": f"P{months}M"}


def _locations(of: Record, organisation: Organisation) -> Node:
    places = {*organisation.storage, *(each["country"] for each in organisation.recipients)}
    return {"type": "dpv:ProcessingLocation", "location": sorted(places)} if places else {}


def _reached(organisation: Organisation) -> list[Mapping[str, Any]]:
    return [organisation.controller, *organisation.recipients]


def _control(of: Record, organisation: Organisation) -> Node:
    """How the person takes it back."""
    if organisation.withdraw_at is None:
        return {}
    at = {"exercised_at": organisation.withdraw_at}
    if of.entry.kind in CONSENTS:
        return {"withdrawal_method": {"type": "dpv:WithdrawConsent", **at}}
    return {"objection_method": {"type": "dpv:ObjectingToProcess", **at}}


def _rights(organisation: Organisation) -> list[Node]:
    at = dict.fromkeys(("withdraw", "object"), organisation.withdraw_at)
    at |= dict.fromkeys(organisation.rights, organisation.rights_at) | {
        "complain": organisation.authority.get("url")
    }
    return [
        {"type": terms.RIGHTS[right], "exercised_at": where} for right, where in sorted(at.items()) if where
    ]


def _parties(organisation: Organisation) -> list[Node]:
    """Everybody who takes part, each once."""
    parties = [
        ("dpv:DataController", organisation.controller),
        ("dpv:DataProtectionOfficer", organisation.officer),
        ("eu-gdpr:DataProtectionAuthority", organisation.authority),
        *(("dpv:Recipient", each) for each in organisation.recipients),
    ]
    once = {of.get("url", role): _party(role, of) for role, of in reversed(parties) if of}
    return [*reversed(once.values())]


def _party(role: str, of: Mapping[str, Any]) -> Node:
    fields = {name: of.get(name) for name in ("name", "address", "email", "phone", "safeguard")}
    where = {
        "contact": of.get("email") or of.get("phone"),
        "location": [of["country"]] if "country" in of else None,
    }
    return _known({"id": of.get("url"), "type": role, "identifier": of.get("url"), **fields, **where})


def _event(of: Record, stage: Stage, organisation: Organisation, person: str) -> Node:
    by = {
        "person": person,
        "parent": "dpv:ParentOfDataSubject",
        "controller": organisation.controller.get("url"),
    }
    months = of.fields.get("months") if stage.entry is of.entry else None
    consent = of.entry.kind in CONSENTS
    time = {"event_time" if "T" in stage.when else "event_date": stage.when}
    return {
        "type": f"dpv:{stage.status}",
        **time,
        **_known(
            {
                "entity_id": by.get(stage.by or ""),
                "duration": {"type": "dpv:IndeterminateDuration"} if months is None else _months(months),
                "lawful_basis": [terms.consent_type(of.fields.get("by"))[0]] if consent else [terms.INTEREST],
                "expression_method": _method(stage),
                "privacy_rights": _right(of, stage),
                "source": f"urn:uuid:{stage.entry.id}" if stage.entry else None,
            }
        ),
    }


def _method(stage: Stage) -> str | None:
    """What the person did, in the words of the proof; else the act or the route of the entry."""
    if stage.entry is None:
        return None
    proof, fields = stage.entry.tree.get("proof", {}), stage.entry.tree[stage.entry.kind]
    told = proof.get("act") or fields.get("by") or fields.get("route")
    return told if isinstance(told, str) else None


def _right(of: Record, stage: Stage) -> list[Node]:
    """The right that the person used."""
    match stage.status:
        case "ConsentWithdrawn":
            return [{"type": terms.RIGHTS["withdraw"]}]
        case "LegitimateInterestObjected":
            return [{"type": word} for word in terms.ground(terms.OBJECTION, of.at)]
        case _:
            return []
