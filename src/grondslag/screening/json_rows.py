"""Reads JSON lines: an object on each line, a field for each column.  A list is joined as in CSV."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from grondslag.errors import BadCase
from grondslag.screening.cells import LIST, Cells
from grondslag.screening.csv_rows import require_different
from grondslag.screening.engine import lines, problem_of, quoted
from grondslag.screening.sources import Source

MOST_FIELDS: Final = 500
"""Different names of fields in one file; with more it is no table."""

_UNSOUND: Final = "chr(1)"


def read(con: Any, file: Source, name: str) -> Cells:
    """The rows of a file.

    :raises BadCase: when the names of its fields are not those of a table.
    """
    text = lines(con, file, name)
    # The engine may look into a line before it has asked whether it is JSON.
    json = "CASE WHEN json_valid(text) THEN text ELSE 'null' END"
    fields = f"SELECT DISTINCT unnest(json_keys({json})) AS field FROM {text} ORDER BY 1"
    columns = tuple(field for (field,) in con.raw_sql(fields).fetchall())
    if not 0 < len(columns) <= MOST_FIELDS:
        problem = f"has {len(columns) or 'no'} different fields"
        raise BadCase(file.name, problem, "write an object on each line, with the same fields")
    require_different(file.name, columns)
    cells = ", ".join(f"{_cell(field)} AS c{n}" for n, field in enumerate(columns))
    con.raw_sql(
        f"""
        CREATE OR REPLACE VIEW {name} AS
        SELECT line, problem, {cells},
            CASE WHEN problem IS NOT NULL THEN regexp_extract_all(text, '"([^"]*)"', 1) END AS named
        FROM (
            SELECT line, text, json, CASE WHEN {problem_of("text")} IS NOT NULL THEN {problem_of("text")}
                WHEN json_type(json) <> 'OBJECT' THEN 'is no JSON object'
                WHEN len(list_distinct(json_keys(json))) < len(json_keys(json)) THEN 'has a field twice'
                END AS problem
            FROM (SELECT line, text, {json} AS json FROM {text} WHERE trim(text) <> ''))
        """
    )
    return Cells(con.table(name), columns, replace(file, columns=columns))


def _cell(field: str) -> str:
    """A field as CSV would have it; what CSV cannot have becomes a cell that is sound in no column.

    That is an object, the sign between items inside an item, and a fraction: written out, two different
    numbers may become one.
    """
    place = quoted("/" + field.replace("~", "~0").replace("/", "~1"))
    items = f"json_extract_string(json_extract(json, {place}), '$[*]')"
    return (
        f"CASE json_type(json, {place}) WHEN 'OBJECT' THEN {_UNSOUND} WHEN 'DOUBLE' THEN {_UNSOUND}"
        f" WHEN 'ARRAY' THEN CASE WHEN contains(array_to_string({items}, ''), '{LIST}') THEN {_UNSOUND}"
        f" ELSE array_to_string({items}, '{LIST}') END"
        f" ELSE nullif(trim(json_extract_string(json, {place})), '') END"
    )
