"""The two other forms: what they tell, what they refuse, and that they have the shape that is asked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import yaml
from jsonschema import Draft4Validator, Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4

from grondslag.register.receipts import MissingInRecord, govstack
from grondslag.register.receipts.kantara import kantara
from grondslag.register.receipts.lacks import NoWordFor
from tests.register.receipts.shop import SHOP, agreed, entry, of

WHOLE = replace(
    SHOP, controller={**SHOP.controller, "phone": "030-1234567"}, dpia="https://wilgenzwaan.example/dpia/2"
)
(CONSENT,) = of(agreed(1, "2026-06-01", time="2026-06-01T09:00:00+02:00"))
WITHDRAWN = of(agreed(1, "2026-06-01"), entry(2, "2026-07-01", "withdrawal"))[0]

# --- Kantara ------------------------------------------------------------------------------------------

TEXT = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "items": TEXT}


def _closed(optional: str, **fields: Any) -> dict[str, Any]:
    required = [name for name in fields if name not in optional.split()]
    return {"type": "object", "properties": fields, "required": required, "additionalProperties": False}


PURPOSE = {
    **_closed(
        "purpose primaryPurpose thirdPartyName",
        purpose=TEXT,
        purposeCategory=TEXTS,
        consentType=TEXT,
        piiCategory=TEXTS,
        primaryPurpose={"type": "boolean"},
        termination=TEXT,
        thirdPartyDisclosure={"type": "boolean"},
        thirdPartyName=TEXT,
    ),
    "if": {"properties": {"thirdPartyDisclosure": {"const": True}}},
    "then": {"required": ["thirdPartyName"]},
}
KANTARA = _closed(
    "publicKey language",
    version={"const": "KI-CR-v1.1.0"},
    jurisdiction=TEXT,
    consentTimestamp={"type": "integer", "minimum": 0},
    collectionMethod=TEXT,
    consentReceiptID=TEXT,
    publicKey=TEXT,
    language=TEXT,
    piiPrincipalId=TEXT,
    piiControllers={
        "type": "array",
        "minItems": 1,
        "items": _closed(
            "onBehalf piiControllerUrl",
            piiController=TEXT,
            onBehalf={"type": "boolean"},
            contact=TEXT,
            address={"type": "object", "minProperties": 1},
            email=TEXT,
            phone=TEXT,
            piiControllerUrl=TEXT,
        ),
    },
    policyUrl=TEXT,
    services={
        "type": "array",
        "minItems": 1,
        "items": _closed("", service=TEXT, purposes={"type": "array", "minItems": 1, "items": PURPOSE}),
    },
    sensitive={"type": "boolean"},
    spiCat={"type": "array", "items": TEXT},
)
"""Made from the list of fields of the specification; its own schema may not be redistributed."""


def test_a_good_consent_is_a_kantara_receipt():
    told = kantara(CONSENT, WHOLE, "p-7", "r-1")
    Draft202012Validator(KANTARA).validate(told)
    assert told["consentTimestamp"] == 1780297200
    (purpose,) = told["services"][0]["purposes"]
    assert purpose["piiCategory"] == ["email"] and purpose["consentType"] == "EXPLICIT"
    assert purpose["thirdPartyName"] == "Mailtool Inc; Verzendhuis BV"


def test_kantara_has_no_word_for_a_consent_that_was_withdrawn():
    with pytest.raises(NoWordFor, match="ConsentWithdrawn"):
        kantara(WITHDRAWN, WHOLE, "p-7", "r-1")


def test_what_kantara_asks_and_nobody_knows_is_named():
    with pytest.raises(MissingInRecord) as told:
        kantara(of(agreed(1, "2026-06-01"))[0], SHOP, "p-7", "r-1")
    assert told.value.fields == ("controller.phone", "time")


def test_whether_unknown_kinds_of_data_are_sensitive_is_not_guessed():
    shared = agreed(
        1, "2026-06-01", time="2026-06-01T09:00:00Z", purpose="sharing", data=["email", "blood type"]
    )
    with pytest.raises(MissingInRecord, match="sensitive"):
        kantara(of(shared)[0], WHOLE, "p-7", "r-1")


# --- GovStack ----------------------------------------------------------------------------------------


@cache
def _contract() -> dict[str, Any]:
    with open("tests/vectors/consent/consent-openapi.yaml", encoding="utf-8") as file:
        tree = yaml.safe_load(file)
    for schema in tree["components"]["schemas"].values():
        schema["additionalProperties"] = False  # nothing that the specification does not have
        for field in schema["properties"].values():
            if "$ref" in field:  # beside a reference, OpenAPI 3.0 ignores the rest
                for name in field.keys() - {"$ref"}:
                    del field[name]
    return tree


def valid(name: str, told: dict[str, Any]) -> None:
    registry = Registry().with_resource("urn:contract", DRAFT4.create_resource(_contract()))
    Draft4Validator({"$ref": f"urn:contract#/components/schemas/{name}"}, registry=registry).validate(told)


AGREEMENT = govstack.data_agreement(CONSENT, WHOLE)
REVISION = govstack.revision("DataAgreement", AGREEMENT, "2026-05-01T08:00:00Z", "marketing desk")
SIGNATURE = govstack.signature(REVISION, "cHJvb2Y=", "wilgenzwaan.example/log+1+key", "2026-06-01T07:05:00Z")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Policy", govstack.policy(WHOLE)),
        ("DataAgreement", AGREEMENT),
        ("Revision", REVISION),
        ("Revision", govstack.revision("DataAgreement", AGREEMENT, "2026-05-02T08:00:00Z", "desk", REVISION)),
        ("Signature", SIGNATURE),
        ("ConsentRecord", govstack.consent_record(CONSENT, "p-7", REVISION)),
        ("ConsentRecord", govstack.consent_record(WITHDRAWN, "p-7", REVISION, SIGNATURE)),
    ],
)
def test_every_object_has_the_shape_of_the_contract(name: str, told: dict[str, Any]):
    valid(name, told)


@pytest.mark.parametrize("name", ["id", "serializedHash", "timestamp"])
def test_the_contract_refuses_an_object_without_what_it_requires(name: str):
    with pytest.raises(Exception, match=name):
        valid("Revision", {key: value for key, value in REVISION.items() if key != name})


def test_a_revision_is_fixed_by_a_hash_that_says_it_is_sha_256():
    snapshot = REVISION["serializedSnapshot"]
    assert REVISION["serializedHash"] == "sha256:" + hashlib.sha256(snapshot.encode()).hexdigest()
    assert json.loads(snapshot)["objectData"] == AGREEMENT
    later = govstack.revision("DataAgreement", AGREEMENT, "2026-05-02T08:00:00Z", "desk", REVISION)
    assert later["predecessorHash"] == REVISION["serializedHash"]


def test_people_who_saw_the_same_text_agreed_to_the_same_thing():
    (other,) = of(agreed(9, "2026-08-01"))
    assert govstack.data_agreement(other, WHOLE) == AGREEMENT
    (sms,) = of(agreed(9, "2026-08-01", channels=["sms"]))
    assert govstack.data_agreement(sms, WHOLE)["id"] != AGREEMENT["id"]


def test_only_a_consent_that_stands_is_an_opt_in():
    (flawed,) = of(agreed(1, "2026-06-01", conditional=None))
    told = [govstack.consent_record(each, "p-7", REVISION)["optIn"] for each in (CONSENT, WITHDRAWN, flawed)]
    assert told == [True, False, False]


def test_what_govstack_asks_and_nobody_knows_is_named():
    with pytest.raises(MissingInRecord) as told:
        govstack.data_agreement(of(agreed(1, "2026-06-01", proof={}))[0], SHOP)
    assert told.value.fields == ("dpia", "privacy_notice.identifier", "privacy_notice.version")
    with pytest.raises(MissingInRecord, match=r"statement\.url"):
        govstack.policy(replace(SHOP, statement={"id": "s", "version": "1"}))
