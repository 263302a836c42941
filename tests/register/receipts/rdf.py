"""Documents as RDF and back, by two libraries that share no code: rdflib and pyld."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

import rdflib
from pyld import jsonld
from rdflib import Graph

from grondslag.register.receipts import context
from grondslag.register.receipts.validation import graph

Document = Mapping[str, Any]


def quads(document: Document) -> str:
    """The document in N-Quads, by pyld."""
    return cast(str, jsonld.to_rdf(document, {"format": "application/n-quads"}))


REFERRED = {"@embed": "@never"}
"""A party is told once, under ``party``, and named elsewhere."""
ANY: dict[str, Any] = {"@type": {}}
RIGHTS = {**ANY, "exercised_at": REFERRED}
PARTIES = dict.fromkeys(("pii_controllers", "authority_party", "recipient_third_parties"), REFERRED)
STAGE = {**ANY, "entity_id": REFERRED}
RECORD = {
    "process": {**ANY, **PARTIES, "privacy_rights": RIGHTS},
    "event": STAGE,
    "status": STAGE,
}
FRAME = {**RECORD, "publisher": REFERRED, "record": {**ANY, **RECORD}}


def from_graph(of: Graph, id_: str) -> Any:
    """The document that a graph holds, in the names of our context."""
    statements = json.loads(of.serialize(format="json-ld"))
    options = {"embed": "@always", "omitGraph": True, "omitDefault": True, "pruneBlankNodeIdentifiers": True}
    return jsonld.frame(statements, {"@context": context(), "@id": id_, **FRAME}, options)


def there_and_back(document: Document) -> Any:
    usual, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False  # a moment stays as it was written
    try:
        return from_graph(graph(document), document["id"])
    finally:
        rdflib.NORMALIZE_LITERALS = usual


def fingerprint(document: Document) -> str:
    """The SHA-256 of the canonical RDF: RDFC-1.0, which pyld calls by its older name."""
    options = {"algorithm": "URDNA2015", "format": "application/n-quads"}
    return hashlib.sha256(cast(str, jsonld.normalize(document, options)).encode()).hexdigest()


def ordered(node: Any) -> Any:
    """The same document with its sets in one order: RDF keeps none."""
    if isinstance(node, dict):
        return {name: value if name == "@context" else ordered(value) for name, value in sorted(node.items())}
    if isinstance(node, list):
        return sorted(map(ordered, node), key=lambda each: json.dumps(each, sort_keys=True))
    return node


def words(of: Graph) -> Iterator[str]:
    """Every IRI in a graph."""
    for triple in of:
        for term in triple:
            if type(term).__name__ == "URIRef":
                yield str(term)
