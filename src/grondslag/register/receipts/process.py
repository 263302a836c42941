"""The part of a record that is about processing: purpose, ground, data, storage, recipients, rights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from grondslag.register.receipts import terms
from grondslag.register.receipts.organisation import Organisation
from grondslag.register.receipts.stages import Record

CONSENTS: Final = ("consent", "withdrawal")
"""The kinds of entry that are about consent; the others are about a legitimate interest."""

Node = dict[str, Any]


def known(fields: Mapping[str, Any]) -> Node:
    """The fields that hold something."""
    return {name: value for name, value in fields.items() if value not in (None, [], (), {}, "")}


def months_of(months: int) -> Node:
    return {"type": "dpv:TemporalDuration", "value": f"P{months}M"}


def process(of: Record, organisation: Organisation) -> Node:
    """What is done with the data, and why it may be: the part of a record that is about processing."""
    word = purpose(of)
    return known(
        {
            "type": "dpv:Process",
            "purpose": _purpose(of, word) if word else None,
            "channel": of.channel,
            "lawful_basis": sorted(_grounds(of)),
            "pii_information": _data(of),
            "pii_controllers": organisation.controller.get("url"),
            "collection_method": _source(of),
            "processing_method": list(terms.PROCESSING[word]) if word else None,
            "storage": _storage(organisation),
            "processing_locations": _locations(organisation),
            "recipient_third_parties": _recipients(organisation),
            **_control(of, organisation),
            "privacy_rights": _rights(organisation),
            "jurisdiction": organisation.jurisdiction,
            "authority_party": organisation.authority.get("url"),
            "impact_assessment": _assessment(organisation),
        }
    )


def purpose(of: Record) -> str | None:
    """What a consent was given for, if it says; who refuses or buys, it is about marketing."""
    told = of.fields.get("purpose") if of.entry.kind == "consent" else "marketing"
    return told if isinstance(told, str) else None


def _purpose(of: Record, word: str) -> Node:
    return known({"type": "dpv:Purpose", "broader": [terms.PURPOSES[word]], "about": about(of)})


def about(of: Record) -> list[str]:
    """The products that it covers; ``anything`` for all."""
    told = of.fields.get("about", ())
    return [told] if isinstance(told, str) else sorted(set(told))


def shown(of: Record, organisation: Organisation) -> Mapping[str, str]:
    """The exact text that was shown with a consent; else the privacy statement."""
    consent = of.entry.kind == "consent"
    return organisation.notice(of.proof.get("notice", {})) if consent else organisation.statement


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
        known(
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
    if of.proof.get("by") == "processor":
        kind = "dpv:ThirdPartyDataSource"
    else:
        kind = "dpv:DataSubjectDataSource" if "point" in source else "dpv:DataSource"
    told = source.get("point") or source.get("format")
    return {"type": kind, "title": told} if told else {}


def _storage(organisation: Organisation) -> list[Node]:
    months = organisation.retention_months
    where = [{"type": "dpv:StorageLocation", "location": sorted(set(organisation.storage))}]
    term = [{"type": "dpv:StorageDuration", "duration": months_of(months)}] if months is not None else []
    return [*(where if organisation.storage else []), *term]


def _locations(organisation: Organisation) -> Node:
    places = {*organisation.storage, *(each["country"] for each in organisation.recipients)}
    return {"type": "dpv:ProcessingLocation", "location": sorted(places)} if places else {}


def _recipients(organisation: Organisation) -> list[str]:
    got = (organisation.controller, *organisation.recipients)
    return sorted({each["url"] for each in got if "url" in each})


def _assessment(organisation: Organisation) -> Node:
    return {"type": "dpv:DPIA", "url": organisation.dpia} if organisation.dpia else {}


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
