"""The tables that a screening reads, as entries: how who kept such tables begins a register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from grondslag.errors import BadCase, BadEntry
from grondslag.screening import records
from grondslag.screening.contents import READ, event
from grondslag.screening.files import engine
from grondslag.screening.sources import require_unchanged
from grondslag.vocabulary import EVENTS, PERSON, ListOr


def entries(folder: Path, at: date) -> Iterator[tuple[str, Mapping[str, Any] | BadCase]]:
    """For each row its place, and the entry without an id: a row that is there twice is one entry.

    A row that a screening would refuse comes as what is wrong with it.

    :param folder: a table for each kind of record.
    :param at: the day on which the tables say this; of this day is what they say of people themselves.
    :raises BadCase: when the folder holds no such tables, or one is changed while it is read.
    """
    with TemporaryDirectory() as work, engine(Path(work), folder) as con:
        found = records.load(con, folder, Path(work), at)
        files = {source.stem: source.name for source in found.sources}
        for kind in READ:
            if (table := found.tables.get(kind)) is None:
                continue
            for batch in con.to_pyarrow_batches(table.order_by("line")):
                for row in batch.to_pylist():
                    content = found.contents.all[row["content"]]
                    fields = content.fields
                    if kind != records.PERSON:
                        fields = event(content, row["day"], row["other"]).fields
                    yield (
                        f"{files[kind]}, line {row['line']}",
                        {
                            "subject": {"id": row["subject"]},
                            "date": (row["day"] or at).isoformat(),
                            kind: {name: _plain(kind, name, value) for name, value in fields.items()},
                        },
                    )
        for row in con.to_pyarrow(found.rejects.order_by("file", "line")).to_pylist():
            place = f"{row['file']}, line {row['line']}"
            yield place, BadEntry(place, row["reason"], "correct the table")
        require_unchanged(found.sources)


def _plain(kind: str, name: str, value: object) -> Any:
    """A field as plain JSON; a column has a list where the entry may have one word for everything."""
    match EVENTS.get(kind, PERSON)[name].type, value:
        case ListOr(word), [only] if only == word:
            return word
        case _, date():
            return value.isoformat()
        case _, Mapping():
            return {
                inner: each.isoformat() if isinstance(each, date) else each for inner, each in value.items()
            }
    return value
