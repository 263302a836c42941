"""What is wrong with a schedule: against its schema, and against section 11 of ``docs/law.md``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from jsonschema.protocols import Validator

from grondslag.law import parameters as p
from grondslag.register.schedule.reading import ANY, UNKNOWN, Row
from grondslag.situations import findings
from grondslag.situations.errors import Finding
from grondslag.situations.schema import object_of
from grondslag.vocabulary import EVENTS, PERSON, Field, Flag, ListOf, ListOr, OneOf, one_of

STARTS: Final = ("event", "year", "relation", "dealing", "use", "person", "dispute")
"""From what a period counts: the day of the event; the end of the calendar year of it, or of the end of the
relation; the end of the relation; the last dealing of the person with the controller; the last day on which
the entry was in use for a purpose that is no duty; the last day on which anything else of the person was; the
end of the dispute."""
LEAST_THRESHOLD: Final = 10
FOLLOWING: Final = ("person", "contact", "merged", "split")
"""Who somebody is: needed as long as anything else of the person is on file."""
REFUSING: Final = ("objection", "withdrawal")
KINDS: Final = (*EVENTS, *FOLLOWING, "decided")
_PURPOSES: Final = one_of("marketing contract tax legal-duty claims proof complaint block training")
_CATEGORIES: Final = one_of(
    "marketing-data profile invoice property-vat-file consent-proof suppression-entry recording "
    "order-record investment-recording request-file client-file details"
)


@dataclass(frozen=True, slots=True)
class Term:
    """What the law says of the length of a period.

    :ivar least: months that a statute asks for.
    :ivar most: months beyond which an argument is needed.
    :ivar starts: from what it may count.
    :ivar law: what a row must name: the duty.
    """

    least: int | None
    most: int | None
    starts: tuple[str, ...]
    law: tuple[str, ...] = ()


_VAT: Final = 12 * p.PROPERTY_VAT_YEARS
TERMS: Final[Mapping[str, Term]] = {
    "K-02": Term(p.ADMINISTRATION_MONTHS, p.ADMINISTRATION_MONTHS, ("year",), ("AWR", "BW 2", "BW 3")),
    "K-03": Term(_VAT, _VAT, ("year",), ("Wet OB",)),
    "K-04": Term(None, p.LIMITATION_MONTHS, ("use", "event")),
    "K-05": Term(None, p.LIMITATION_MONTHS, ("relation", "event", "dispute")),
    "K-06": Term(None, p.MARKETING_MONTHS, ("dealing", "relation", "event")),
    "K-08": Term(None, 0, ("person",)),
    "K-09": Term(p.INVESTMENT_MONTHS, p.INVESTMENT_MONTHS_ASKED, ("event", "relation"), ("MiFID",)),
    "K-10": Term(p.CLIENT_FILE_MONTHS, p.CLIENT_FILE_MONTHS, ("relation",), ("Wwft",)),
    "K-11": Term(None, p.RECORDING_MONTHS, ("event",)),
    "K-12": Term(None, p.LIMITATION_MONTHS, ("relation", "event")),
    "K-13": Term(None, p.LIMITATION_MONTHS, ("event",)),
}
"""Section 11: a term for each row of it.  K-01, any other purpose, has none but the controller's own."""


# --- The schema --------------------------------------------------------------------------------------------


def _text(title: str) -> dict[str, Any]:
    return {
        "title": title,
        "type": "string",
        "minLength": 1,
        "maxLength": 500,
        "pattern": r"^[^\x00-\x1f\x7f]+$",
    }


def _one(values: Sequence[str]) -> dict[str, Any]:
    return {"title": f"one of {', '.join(values)}", "enum": [*values]}


def _count(most: int) -> dict[str, Any]:
    return {"title": f"a whole number up to {most}", "type": "integer", "minimum": 0, "maximum": most}


def _words(field: Field) -> list[Any] | None:
    """The values that a condition on a field may name; None for a field of free text."""
    match field.type:
        case Flag():
            return [True, False, UNKNOWN]
        case OneOf(values) | ListOf(OneOf(values)) | ListOr(_, ListOf(OneOf(values))):
            return [*values, UNKNOWN]
    return None


_ANY: Final = {
    "type": ["string", "object"],
    "pattern": rf"^{ANY}$(?!\n)",
    "anyOf": [{"type": "string"}, {"minProperties": 1}],
}
"""Beside an object of some fields: one word, or at least one of them."""


def _conditions(kind: str) -> dict[str, Any]:
    fields = {**EVENTS, "person": PERSON}.get(kind, {})
    known = {
        name: {"title": "a list of words", "type": "array", "minItems": 1, "items": {"enum": words}}
        for name, each in fields.items()
        if (words := _words(each))
    }
    either = object_of(f"{ANY}, or conditions on {kind}", known)
    return either | _ANY


def schema() -> dict[str, Any]:
    """The format of a schedule as a JSON schema; ``title`` says what is expected, and errors quote it."""
    entries = object_of(f"{ANY}, or kinds of entries", {kind: _conditions(kind) for kind in KINDS})
    name = {**_text("a name of small letters and hyphens"), "pattern": "^[a-z][a-z0-9-]{0,39}$(?!\\n)"}
    units = {"days": _count(36_500), "months": _count(1200), "years": _count(100)}
    one = {"oneOf": [{"required": [unit]} for unit in units]}
    sentences = {lang: _text("a sentence") for lang in ("nl", "en")}
    row = {
        "name": name,
        "purpose": _one(_PURPOSES.values),
        "category": _one(_CATEGORIES.values),
        "entries": entries | _ANY,
        "from": _one(STARTS),
        "period": object_of("a period, as in {years: 7}", units) | one,
        "law": _text("the article, as in AWR art. 52 lid 4"),
        "reason": object_of("{nl: …, en: …}", sentences, *sentences),
        "end": _one(("destroy", "anonymise")),
    }
    rows = object_of("a row", row | {"argument": _text("why so long")}, *row)
    threshold = {"title": f"a whole number of at least {LEAST_THRESHOLD}", "type": "integer"}
    whole = {
        "version": {"enum": [1]},
        "threshold": threshold | {"minimum": LEAST_THRESHOLD, "maximum": 10**6},
        "rows": {"title": "a list of one or more rows", "type": "array", "items": rows, "minItems": 1},
    }
    return object_of("a schedule", whole, *whole)


@cache
def _validator() -> Validator:
    return findings.validator(schema())


def against_schema(tree: object) -> list[Finding]:
    """What the schema has against a schedule."""
    return findings.against(_validator(), tree)


# --- The law -----------------------------------------------------------------------------------------------


def against_the_law(tree: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[Finding]:
    """What may not stand in a schedule, with the rule that says so."""
    names = [row.name for row in rows]
    for n, row in enumerate(rows):
        at = ("rows", n)
        if row.name in names[:n]:
            yield (*at, "name"), "is the name of another row too", "give each its own"
        for field, problem, remedy in _against(row, argued="argument" in tree["rows"][n]):
            yield (*at, field), f"{problem} ({row.rule})", remedy
    for kind in KINDS:
        if not any(_whole(row, kind) for row in rows if row.start == "person") and kind in (
            *FOLLOWING,
            *REFUSING,
        ):
            rule, purpose = ("K-08", "block") if kind in REFUSING else ("K-01", "contract")
            told = f"do not keep every {kind} as long as anything of the person is on file ({rule})"
            yield ("rows",), told, f"add a row with purpose: {purpose}, from: person and {kind}: any"
        elif not any(row.entries is not None and kind in row.entries for row in rows):
            yield ("rows",), f"do not say how long {kind} is kept (K-01)", "add it to a row, or a row for it"


def _whole(row: Row, kind: str) -> bool:
    return row.entries is not None and row.entries.get(kind) == {}


def _against(row: Row, argued: bool) -> Iterator[tuple[str, str, str]]:
    known = TERMS.get(row.rule)
    if known is None:
        return
    if row.start not in known.starts:
        yield (
            "from",
            f"is not from what this period counts: {row.start}",
            f"write {' or '.join(known.starts)}",
        )
    months = _months(row)
    if known.least is not None and months < known.least:
        yield "period", "is shorter than a statute asks", f"write {{months: {known.least}}}"
    if known.law and not row.law.startswith(known.law):
        yield (
            "law",
            "does not name the statute that sets this period",
            f"name an article of {' or '.join(known.law)}",
        )
    if known.most is not None and months > known.most and not argued:
        remedy = f"write {{months: {known.most}}}, or argue under argument why it must be longer"
        yield "period", "is longer than can be defended without an argument", remedy


def _months(row: Row) -> float:
    unit, count = row.period
    return count if unit == "months" else count / 31  # never more months than these days can be


def warnings(tree: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[str]:
    """What is allowed, and should be looked at by whoever answers for it."""
    for each, row in zip(tree["rows"], rows, strict=True):
        known = TERMS.get(row.rule)
        if known and known.most is not None and _months(row) > known.most:
            told = f"longer than {known.most} months, on an argument: {each['argument']}"
            yield f"{row.name}: {told} ({row.rule})"
    for rule, what in (("K-02", "the tax office"), ("K-04", "the proof of a consent")):
        if all(row.rule != rule for row in rows):
            yield f"no row keeps anything for {what} ({rule}); see to it that this is kept elsewhere"
