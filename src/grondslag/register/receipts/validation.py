"""Whether a document holds what the shapes ask (the extra ``rdf``); to write documents takes none of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from pyshacl import validate as shacl
from rdflib import Graph
from rdflib.namespace import RDF, SH


def graph(document: Mapping[str, Any]) -> Graph:
    """The document as RDF."""
    return Graph().parse(data=json.dumps(document), format="json-ld")


@cache
def shapes() -> Graph:
    """What a record and a receipt must hold."""
    return Graph().parse(
        data=resources.files(__package__).joinpath("shapes.ttl").read_text("utf-8"), format="turtle"
    )


def violations(document: Mapping[str, Any] | Graph) -> list[str]:
    """The names of the fields that are missing or wrong, sorted; none for a valid document.

    :param document: a record or a receipt, as JSON-LD or as RDF.
    """
    data = document if isinstance(document, Graph) else graph(document)
    _, report, _ = shacl(data, shacl_graph=shapes(), inference="none", advanced=False)
    found = report.subjects(RDF.type, SH.ValidationResult)
    asked = {report.value(each, SH.sourceShape) for each in found}
    return sorted({str(shapes().value(shape, SH.name) or shape) for shape in asked})
