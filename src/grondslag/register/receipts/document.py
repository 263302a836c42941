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

from grondslag.facts.reading import same_party
from grondslag.register.receipts import terms
from grondslag.register.receipts.lacks import lacking
from grondslag.register.receipts.organisation import Organisation
from grondslag.register.receipts.process import CONSENTS, Node, known, months_of, process, shown
from grondslag.register.receipts.stages import Record, Stage

SCHEMA: Final = "https://w3id.org/dpv/schema/dpv-27560#"
INCOMPLETE: Final = "nl:IncompleteRecord"


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
    body = known(
        {
            "id": of.id,
            "type": kind,
            "identifier": of.id,
            "record_id": of.id,
            "source": f"urn:uuid:{of.entry.id}",
            "pii_principal_id": person,
            "privacy_notice": notice,
            "language": notice.get("language"),
            "process": process(of, organisation),
            "party": _parties(of, organisation),
            "event" if of.entry.kind in CONSENTS else "status": [
                _event(of, stage, organisation, person) for stage in of.stages
            ],
            "judged_on": of.at.isoformat(),
            "falls_short": list(of.short),
        }
    )
    lacks = lacking(body)
    conforms = INCOMPLETE if lacks else f"{SCHEMA}record-eu-gdpr"
    return {"@context": context(), **body, **known({"lacks": lacks}), "schema_version": conforms}


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
        **known({"publisher": organisation.controller.get("url"), "proof": proof}),
        "record": [{k: v for k, v in each.items() if k != "@context"} for each in records],
    }


# --- The sections of the standard -----------------------------------------------------------------------


def _notice(of: Record, organisation: Organisation) -> Node:
    text = shown(of, organisation)
    kind = "dpv:ConsentNotice" if of.entry.kind == "consent" else "dpv:PrivacyNotice"
    same = {name: text.get(name) for name in ("version", "language", "hash", "url")}
    return {"type": kind, **known({"identifier": text.get("id"), **same})} if text else {}


def _parties(of: Record, organisation: Organisation) -> list[Node]:
    """Everybody who takes part, each once; whom the form named beside the controller, by name."""
    named = [
        name for name in of.fields.get("to", ()) if not same_party(name, organisation.controller["name"])
    ]
    parties = [
        ("dpv:DataController", organisation.controller),
        ("dpv:DataProtectionOfficer", organisation.officer),
        ("eu-gdpr:DataProtectionAuthority", organisation.authority),
        *(("dpv:Recipient", each) for each in organisation.recipients),
        *(("dpv:Recipient", {"name": name}) for name in sorted(set(named))),
    ]
    once = {
        each.get("url", (role, each["name"])): _party(role, each) for role, each in reversed(parties) if each
    }
    return [*reversed(once.values())]


def _party(role: str, of: Mapping[str, Any]) -> Node:
    fields = {name: of.get(name) for name in ("name", "address", "email", "phone", "safeguard")}
    where = {
        "contact": of.get("email") or of.get("phone"),
        "location": [of["country"]] if "country" in of else None,
    }
    return known({"id": of.get("url"), "type": role, "identifier": of.get("url"), **fields, **where})


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
        **known(
            {
                "entity_id": by.get(stage.by or ""),
                "duration": {"type": "dpv:IndeterminateDuration"} if months is None else months_of(months),
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
