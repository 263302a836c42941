"""Turns cases into the tables of a screening, and screens them one campaign at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import ibis
import pyarrow as pa

from grondslag.law.profiles import STRICT, Profile
from grondslag.law.situation import Situation
from grondslag.law.terms import Closeness
from grondslag.question import Case, Event
from grondslag.screening import Campaign, ProductMap, Screening, Verdict, screen
from grondslag.screening.cells import engine_type
from grondslag.screening.records import KINDS, PERSON, columns_of

_ARROW = {
    "string": pa.string(),
    "boolean": pa.bool_(),
    "int64": pa.int64(),
    "date": pa.date32(),
    "array<string>": pa.list_(pa.string()),
}


def campaign_of(case: Case) -> Campaign:
    """The campaign that a case is one person of; its map puts all that was bought at the act's closeness."""
    act = {name: value for name, value in case.act.fields.items() if name != "closeness"}
    closeness = case.act.fields.get("closeness")
    bought = {e.fields["product"] for e in case.history if e.kind == "relation" and "product" in e.fields}
    steps = dict.fromkeys(map(str, bought), Closeness(closeness)) if closeness else {}
    return Campaign(case.controller, act, ProductMap(steps, "the casebook", date(2000, 1, 1)))


def tables_of(people: Mapping[str, Case]) -> dict[str, pa.Table]:
    """The records on some people, a table for each kind; every person gets a row in ``person``."""
    rows: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for subject, case in people.items():
        rows[PERSON].append({"subject": subject, **case.person})
        for event in case.history:
            rows[event.kind].append({"subject": subject, "date": event.date, **_flat(event)})
    return {kind: _table(kind, found) for kind, found in rows.items() if found}


def _flat(event: Event) -> dict[str, Any]:
    """The fields of an event as columns."""
    types = {name: engine_type(type_) for name, type_ in columns_of(event.kind).items()}
    flat: dict[str, Any] = {}
    for name, value in event.fields.items():
        if isinstance(value, dict):
            flat |= {f"{name}_{inner}": each for inner, each in value.items()}
        elif types[name] == "array<string>":
            flat[name] = [value] if isinstance(value, str) else list(value)  # type: ignore[call-overload]
        elif types[name] == "string" and isinstance(value, bool):
            flat[name] = str(value).lower()
        else:
            flat[name] = value
    return flat


def _table(kind: str, rows: list[dict[str, Any]]) -> pa.Table:
    types = {"subject": "string", **({} if kind == PERSON else {"date": "date"})}
    types |= {name: engine_type(type_) for name, type_ in columns_of(kind).items()}
    columns = {name: [row.get(name) for row in rows] for name in types}
    return pa.table({"line": list(range(1, len(rows) + 1)), **columns}, schema=_schema(types))


def _schema(types: Mapping[str, str]) -> pa.Schema:
    return pa.schema({"line": pa.int64(), **{name: _ARROW[type_] for name, type_ in types.items()}})


def records_of(con: Any, people: Mapping[str, Case]) -> dict[str, Any]:
    return {
        kind: con.create_table(f"given_{kind}", ibis.memtable(table), overwrite=True)
        for kind, table in tables_of(people).items()
    }


def screen_people(
    campaign: Campaign, people: Mapping[str, Case], at: date, profile: Profile = STRICT
) -> tuple[Screening, dict[str, Verdict]]:
    """The screening of some people, and the verdict on each."""
    con = ibis.duckdb.connect()
    audience = con.create_table("given_audience", ibis.memtable(pa.table({"subject": list(people)})))
    found = screen(campaign, records_of(con, people), audience, at, profile)
    assert isinstance(found, Screening)
    return found, {subject: found.verdicts[code] for subject, code in zip(people, found.codes, strict=True)}


def unordered(situation: Situation) -> Situation:
    """The situation with its consents, collections and relations as sets."""
    return replace(
        situation,
        consents=frozenset(situation.consents),  # type: ignore[arg-type]
        collections=frozenset(situation.collections),  # type: ignore[arg-type]
        relations=frozenset(situation.relations),  # type: ignore[arg-type]
    )
