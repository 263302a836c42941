"""A record and a receipt: what stands in them, that the shapes accept it, that RDF loses nothing of it."""

from __future__ import annotations

import copy
import csv
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph, Namespace
from rdflib.namespace import DCTERMS, RDF, SDO, SH, SKOS

from grondslag.register.receipts import (
    context,
    organisation,
    receipt,
    record,
    terms,
)
from grondslag.register.receipts.validation import graph, shapes, violations
from tests.register.receipts import rdf
from tests.register.receipts.shop import SHOP, agreed, entry, of

VECTORS = Path("tests/vectors/consent")
PACKAGE = Path("src/grondslag/register/receipts")
NL = Namespace(terms.NAMESPACE)

CONSENT = record(of(agreed(1, "2026-06-01", time="2026-06-01T09:00:00+02:00"))[0], SHOP, "p-7")
OBJECTION = record(
    of(
        entry(
            2,
            "2026-07-01",
            "objection",
            channels="all",
            route="call",
            proof={"source": {"point": "klantenservice"}},
        )
    )[0],
    SHOP,
    "p-7",
)
RECEIPT = receipt(
    [CONSENT, OBJECTION], SHOP, "0d6e7e3c-8d5f-4f51-9a37-a3e2c6f1a001", "2026-11-25T10:00:00Z", "cHJvb2Y="
)


# --- What stands in them ------------------------------------------------------------------------------


def test_a_consent_that_lacks_nothing_is_a_whole_record():
    assert "lacks" not in CONSENT
    assert CONSENT["schema_version"] == "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr"
    assert violations(CONSENT) == []


def test_a_customer_and_an_objection_have_whole_records_too():
    bought = entry(
        1,
        "2026-06-01",
        "relation",
        kind="purchase",
        product="plants",
        paid=True,
        proof={"source": {"point": "https://wilgenzwaan.example/kassa"}},
    )
    customer = record(of(bought)[0], SHOP, "p-7")
    assert violations(customer) == violations(OBJECTION) == []
    assert customer["process"]["lawful_basis"] == [
        "eu-gdpr:A6-1-f-controller",
        "nl:Tw11-7-4-ExistingCustomer",
    ]
    assert OBJECTION["status"][0]["privacy_rights"] == [{"type": "nl:AVG21-2-Objection"}]


def test_no_record_names_the_address_of_the_person():
    written = json.dumps([CONSENT, OBJECTION, RECEIPT])
    assert "anna" not in written and "K-1" not in written


def test_the_moment_is_told_in_utc_and_a_day_stays_a_day():
    assert CONSENT["event"][0]["event_time"] == "2026-06-01T07:00:00Z"
    assert record(of(agreed(1, "2026-06-01"))[0], SHOP, "p-7")["event"][0]["event_date"] == "2026-06-01"


def test_a_notice_is_told_whole_when_the_organisation_knows_its_text():
    assert CONSENT["privacy_notice"]["hash"] == SHOP.notices[0]["hash"]


def test_a_text_with_another_hash_is_another_text():
    other = {"id": "inschrijven", "version": "3", "hash": "sha256:" + "0" * 64}
    made = record(of(agreed(1, "2026-06-01", proof={"notice": other}))[0], SHOP, "p-7")
    assert made["privacy_notice"]["hash"] == other["hash"]
    assert "privacy_notice.language" in made["lacks"]


def test_what_is_not_known_is_not_made_up():
    bare = record(
        of(agreed(1, "2026-06-01", proof={}, given_by=None, purpose=None))[0],
        organisation("controller: {name: Tuincentrum Wilgenzwaan BV}"),
        "p-7",
    )
    assert bare["schema_version"] == "nl:IncompleteRecord"
    assert violations(bare) == sorted([*bare["lacks"], "lacks"])
    assert {"privacy_notice", "purpose", "event.entity_id", "party.address", "storage"} <= set(bare["lacks"])


def test_a_flawed_consent_is_told_as_flawed():
    made = record(of(agreed(1, "2026-06-01", by="pre-ticked-box"))[0], SHOP, "p-7")
    assert made["event"][-1]["type"] == "dpv:ConsentInvalidated"
    assert "C-05" in made["falls_short"]
    assert made["process"]["lawful_basis"] == ["eu-gdpr:A6-1-a", "nl:Tw11-7-1-Consent"]
    assert violations(made) == []


def test_whom_the_form_named_is_a_party():
    named = agreed(1, "2026-06-01", to=["Tuincentrum Wilgenzwaan BV", "Zaadhuis BV"])
    parties = record(of(named)[0], SHOP, "p-7")["party"]
    assert [each["name"] for each in parties if "id" not in each] == ["Zaadhuis BV"]


def test_writing_records_loads_no_library_for_rdf():
    check = (
        "import sys, grondslag.register.receipts.kantara, grondslag.register.receipts.govstack;"
        "sys.exit(not {'rdflib', 'pyshacl', 'pyld'}.isdisjoint(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_a_receipt_is_a_copy_of_its_records():
    assert violations(RECEIPT) == []
    assert RECEIPT["schema_version"].endswith("#receipt-eu-gdpr")
    assert [{"@context": context(), **each} for each in RECEIPT["record"]] == [CONSENT, OBJECTION]
    lacking = record(of(agreed(1, "2026-06-01", proof={}))[0], SHOP, "p-7")
    assert receipt([lacking], SHOP, "x", "2026-11-25T10:00:00Z")["schema_version"].endswith("#receipt")


def test_the_docs_tell_of_every_field_and_every_state():
    page = Path("docs/consent-records.md").read_text("utf-8")
    fields = [name for name, meaning in context().items() if isinstance(meaning, dict) and name != "nl"]
    assert [name for name in fields if f"`{name}`" not in page] == []


# --- Only words that exist ----------------------------------------------------------------------------


def _published() -> set[str]:
    found = set()
    for path in VECTORS.glob("*-2.3.csv"):
        with path.open(encoding="utf-8") as file:
            found |= {row["iri"] for row in csv.DictReader(file)}
    return found


def _ours() -> set[str]:
    return {str(each) for each in Graph().parse(PACKAGE / "vocabulary.ttl").subjects()}


OTHERS = ("dct", "rdf", "schema", "skos", "xsd")


def _stranger(word: str) -> bool:
    """Whether a word is in none of the lists; the closed namespaces of rdflib know the other vocabularies."""
    for space in (DCTERMS, RDF, SDO, SKOS):
        if word.startswith(str(space)):
            return word not in space
    invented = word.startswith(
        ("https://w3id.org/dpv#", "https://w3id.org/dpv/legal", "https://w3id.org/dpv/pd", str(NL))
    )
    return invented and word not in PUBLISHED


PUBLISHED = _published() | _ours()


def test_every_name_of_the_context_is_a_word_that_exists():
    known = context()
    for name, meaning in known.items():
        if isinstance(meaning, dict) and name != "nl":
            prefix, _, rest = meaning["@id"].partition(":")
            space = known[prefix] if prefix != "nl" else str(NL)
            assert not _stranger(space + rest), name


def test_every_word_that_a_document_can_hold_exists():
    tables = [*terms.PURPOSES.values(), *terms.DATA.values(), *terms.RIGHTS.values(), terms.INTEREST]
    tables += [word for words in terms.PROCESSING.values() for word in words]
    tables += [word for by in ("written", "oral", "terms", None) for word in terms.consent_type(by)]
    tables += [word for _, word, _, _ in terms.GROUNDS]
    for word in tables:
        prefix, _, rest = word.partition(":")
        assert terms.PREFIXES[prefix] + rest in PUBLISHED, word


@pytest.mark.parametrize("document", [CONSENT, OBJECTION, RECEIPT], ids=["consent", "objection", "receipt"])
def test_every_word_of_a_document_exists(document: dict[str, Any]):
    found = set(rdf.words(graph(document)))
    assert {str(NL.judgedOn), "https://w3id.org/dpv#hasProcess"} <= found
    assert [word for word in found if _stranger(word)] == []


@pytest.mark.parametrize("name", ["shapes.ttl", "vocabulary.ttl"])
def test_the_shapes_and_the_vocabulary_use_no_other_words(name: str):
    found = set(rdf.words(Graph().parse(PACKAGE / name)))
    shaped = {word for word in found if word.startswith(str(NL)) and word.endswith(("Shape", "Kind"))}
    assert [word for word in found - shaped if _stranger(word)] == []


def test_the_vocabulary_dates_its_grounds_as_the_code_does():
    told = Graph().parse(PACKAGE / "vocabulary.ttl")
    for _, word, first, last in terms.GROUNDS:
        term = NL[word.partition(":")[2]]
        days = [str(told.value(term, day)) for day in (SDO.validFrom, SDO.validThrough)]
        assert days == [str(first), str(last)]
        assert [each for each in told.objects(term, SKOS.broader) if not _stranger(str(each))]


# --- There and back -----------------------------------------------------------------------------------


@pytest.mark.parametrize("document", [CONSENT, OBJECTION, RECEIPT], ids=["consent", "objection", "receipt"])
def test_rdf_loses_nothing(document: dict[str, Any]):
    assert rdf.ordered(rdf.there_and_back(document)) == rdf.ordered(document)


def test_two_libraries_read_the_same_statements():
    theirs = Graph().parse(data=rdf.quads(RECEIPT), format="nquads")
    assert theirs.isomorphic(graph(RECEIPT))


def test_the_order_of_writing_makes_no_difference_to_the_fingerprint():
    def shuffled(node: Any) -> Any:
        if isinstance(node, dict):
            pairs = [(name, value if name == "@context" else shuffled(value)) for name, value in node.items()]
            return dict(random.Random(7).sample(pairs, len(pairs)))
        return random.Random(7).sample([*map(shuffled, node)], len(node)) if isinstance(node, list) else node

    assert rdf.fingerprint(shuffled(RECEIPT)) == rdf.fingerprint(RECEIPT)
    assert rdf.fingerprint(rdf.there_and_back(RECEIPT)) == rdf.fingerprint(RECEIPT)
    assert rdf.fingerprint(CONSENT) == FINGERPRINT


FINGERPRINT = "4ca66f120ed2a889fc6481ce3df023c1cb59ddecef7680092187dc4f5d27f38e"
"""Of ``CONSENT``; it changes when, and only when, a record says something else."""


# --- What the shapes refuse -----------------------------------------------------------------------------

Change = Callable[[dict[str, Any]], Any]


def _without(*path: str) -> Change:
    def change(document: dict[str, Any]) -> None:
        node: Any = document
        for step in path[:-1]:
            node = node[step] if isinstance(node, dict) else node[0]
            node = node[0] if isinstance(node, list) else node
        del node[path[-1]]

    return change


def _put(name: str, value: Any, *path: str) -> Change:
    def change(document: dict[str, Any]) -> None:
        node: Any = document
        for step in path:
            node = node[step][0] if isinstance(node[step], list) else node[step]
        node[name] = value

    return change


def _no_storage(kind: str) -> Change:
    def change(document: dict[str, Any]) -> None:
        kept = [each for each in document["process"]["storage"] if each["type"] != kind]
        document["process"]["storage"] = kept

    return change


PROCESS = (
    "purpose pii_information pii_controllers storage recipient_third_parties privacy_rights jurisdiction "
    "lawful_basis collection_method processing_method processing_locations authority_party withdrawal_method"
).split()
HEADER = (
    "schema_version record_id identifier pii_principal_id privacy_notice language process party event".split()
)

CHANGES: dict[str, Change] = {
    **{name: _without(name) for name in HEADER},
    **{name: _without("process", name) for name in PROCESS},
    **{
        f"privacy_notice.{name}": _without("privacy_notice", name)
        for name in "identifier version language hash".split()
    },
    **{f"party.{name}": _without("party", name) for name in "identifier name address contact".split()},
    **{f"event.{name}": _without("event", name) for name in "duration entity_id lawful_basis".split()},
    "event.event_time": _without("event", "event_time"),
    "lacks": _put("lacks", ["anything"]),
    "purpose.broader": _put("broader", [{"@value": "marketing"}], "process", "purpose"),
    "storage.location": _no_storage("dpv:StorageLocation"),
    "storage.duration": _no_storage("dpv:StorageDuration"),
}
OF_INTEREST: dict[str, Change] = {
    "status": _without("status"),
    "objection_method": _without("process", "objection_method"),
}
OF_RECEIPT: dict[str, Change] = {name: _without(name) for name in ("receipt_id", "issued", "record")}


@pytest.mark.parametrize(
    ("document", "name", "change"),
    [
        *((CONSENT, *each) for each in CHANGES.items()),
        *((OBJECTION, *each) for each in OF_INTEREST.items()),
        *((RECEIPT, *each) for each in OF_RECEIPT.items()),
        (CONSENT, "event", _put("type", "nl:ConsentTerminated", "event")),
        (OBJECTION, "status", _put("type", "dpv:ConsentGiven", "status")),
        (CONSENT, "event.event_time", _put("event_time", {"@value": "last summer"}, "event")),
        (
            CONSENT,
            "privacy_notice.hash",
            _put("hash", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "privacy_notice"),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_field_that_is_gone_or_wrong_is_a_violation_of_its_own_name(
    document: Any, name: str, change: Change
):
    changed = copy.deepcopy(document)
    assert violations(changed) == []
    change(changed)
    assert name in violations(changed)


def test_no_constraint_goes_untested():
    named = {str(each) for each in shapes().objects(None, SH.name)}
    assert named == {*CHANGES, *OF_INTEREST, *OF_RECEIPT}
    assert set(shapes().subjects(RDF.type, SH.NodeShape)) >= {NL.RecordShape, NL.EuGdprShape, NL.ReceiptShape}
