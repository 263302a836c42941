"""Documents as RDF and back, by two libraries that share no code: rdflib and pyld."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from pyld import jsonld
from rdflib import Graph

from grondslag.register.receipts import context
from grondslag.register.receipts.validation import graph

Document = Mapping[str, Any]


def quads(document: Document) -> str:
    """The document in N-Quads, by pyld."""
    return cast(str, jsonld.to_rdf(document, {"format": "application/n-quads"}))


def from_graph(of: Graph, id_: str) -> Any:
    """The document that a graph holds, in the names of our context."""
    text = of.serialize(format="nt")
    frame = {"@context": context(), "@id": id_}
    options = {"embed": "@always", "omitGraph": True, "pruneBlankNodeIdentifiers": True}
    return jsonld.frame(jsonld.from_rdf(text, {"useNativeTypes": False}), frame, options)


def there_and_back(document: Document) -> Any:
    return from_graph(graph(document), document["id"])


def fingerprint(document: Document) -> str:
    """The SHA-256 of the canonical RDF (RDFC-1.0)."""
    options = {"algorithm": "RDFC10", "format": "application/n-quads"}
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
