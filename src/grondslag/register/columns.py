"""The fields of an entry as the columns of the table that a screening reads, in SQL and in Arrow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa

from grondslag import vocabulary as v
from grondslag.register.history import CHANNELS_OF
from grondslag.screening.cells import engine_type
from grondslag.screening.records import CONTACT, PERSON, columns_of

DETAILS: Final = tuple(CHANNELS_OF)


def columns(table: str) -> dict[str, v.Type]:
    """Every column of a table, the person first."""
    first: dict[str, v.Type] = {"subject": v.TEXT}
    if table not in (PERSON, CONTACT):
        first["date"] = v.DAY
    found = columns_of(table)
    return first | ({name: found[name] for name in DETAILS} if table == CONTACT else found)


def row(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as columns: ``verified`` in two, a word that stands for a list as a list of one."""
    flat: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}_{inner}": each for inner, each in value.items()}
        elif name == "listed" and isinstance(value, bool):
            flat[name] = str(value).lower()
        elif isinstance(value, str) and name in ("channels", "about") and value in ("all", "anything"):
            flat[name] = [value]
        else:
            flat[name] = value
    return flat


_SUBJECT: Final = '"subject": {"id": "VARCHAR", "email": "VARCHAR", "phone": "VARCHAR", "address": "VARCHAR"}'
HEAD: Final = f'{{{_SUBJECT}, "corrects": "VARCHAR", "person": {{"age": "BIGINT"}}}}'
"""How the engine is to read of an entry whom it is about."""


def shape(kind: str) -> str:
    """How the engine is to read an entry of a kind."""
    return f'{{"date": "DATE", "{kind}": {_shape(kind)}}}'


def _shape(kind: str) -> str:
    inner = {}
    for name, each in v.EVENTS.get(kind, v.PERSON).items():
        match each.type:
            case v.Object(fields):
                types = (f'"{within}": "{sql_type(field.type)}"' for within, field in fields.items())
                inner[name] = "{" + ", ".join(types) + "}"
            case v.ListOr() | v.OneOf(or_flag=True):
                inner[name] = '"JSON"'
            case v.ListOf():
                inner[name] = '["VARCHAR"]'
            case type_:
                inner[name] = f'"{sql_type(type_)}"'
    return "{" + ", ".join(f'"{name}": {each}' for name, each in inner.items()) + "}"


def column(kind: str, name: str, type_: v.Type) -> str:
    """SQL for a column, from an entry that was read so."""
    at = f't."{kind}"."{name}"'
    if name not in v.EVENTS.get(kind, v.PERSON):
        outer, _, inner = name.partition("_")
        at = f't."{kind}"."{outer}"."{inner}"'
    match type_:
        case v.ListOr():
            many = f"""from_json({at}, '["VARCHAR"]')"""
            value = f"CASE json_type({at}) WHEN 'VARCHAR' THEN [{at} ->> '$'] ELSE {many} END"
        case v.OneOf(or_flag=True):
            value = f"{at} ->> '$'"
        case _:
            value = at
    return f'{value} AS "{name}"'


def sql_type(type_: v.Type) -> str:
    """The engine's own word for a type."""
    return {"boolean": "BOOLEAN", "date": "DATE", "int64": "BIGINT", "array<string>": "VARCHAR[]"}.get(
        engine_type(type_), "VARCHAR"
    )


def arrow(table: str) -> pa.Schema:
    """The columns of a table, for Arrow."""
    known = {
        "boolean": pa.bool_(), "date": pa.date32(), "int64": pa.int64(),
        "array<string>": pa.list_(pa.string()),
    }  # fmt: skip
    return pa.schema(
        [(name, known.get(engine_type(type_), pa.string())) for name, type_ in columns(table).items()]
    )
