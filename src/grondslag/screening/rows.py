"""The rows of an outcome, streamed: what was given beside the verdict on it, never all of it in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from grondslag.screening.lookup import ASKED
from grondslag.screening.remedies import remedy
from grondslag.screening.verdicts import Numbers, Screening, Verdict

LIST: Final = "|"
BATCH: Final = 500_000
"""Rows in memory at once."""
_AS_TEXT: Final = 50_000
"""Rows written out as text at once."""
_FORMULA: Final = r"^([=+\-@\t\r])"

Column = tuple[str, Callable[[Verdict], str]]

ALLOWED: Final[Sequence[Column]] = (
    ("rule", lambda v: v.rule),
    ("slug", lambda v: v.slug),
    ("duties", lambda v: LIST.join(v.duties)),
)
REFUSED: Final[Sequence[Column]] = (
    ("reason", lambda v: v.reason("nl")),
    ("remedy", lambda v: remedy(v, "nl")),
    ("rule", lambda v: v.rule),
    ("rules", lambda v: LIST.join(v.rules)),
)


def write(screening: Screening, folder: Path, suffix: str) -> None:
    """``allowed``, ``refused`` and ``repeated``: each readable row of the audience in one of them."""
    yes = np.array([verdict.allowed for verdict in screening.verdicts], bool)[screening.codes]
    first = screening.lookup.first
    tables: dict[str, tuple[Numbers, Beside]] = {
        "allowed": (yes & first, _Beside(screening, ALLOWED, until=True)),
        "refused": (~yes & first, _Beside(screening, REFUSED)),
        "repeated": (~first, _repeated(screening)),
    }
    paths = {name: folder / f"{name}{suffix}" for name in tables}
    with ExitStack() as files, ThreadPoolExecutor() as pool:
        writers = {name: files.enter_context(Writer(path)) for name, path in paths.items()}
        before: list[Future[None]] = []
        for here, batch in given(screening):
            # Each writer is another file, and Arrow works outside Python's lock: two write at once, while
            # the engine reads the next batch.
            for each in before:
                each.result()
            before = [
                pool.submit(writers[name].write, batch, np.flatnonzero(mask[here]), here.start, beside)
                for name, (mask, beside) in tables.items()
            ]
        for each in before:
            each.result()


Beside = Callable[[Numbers], Mapping[str, Any]]
"""For some rows of the audience, by number: what stands beside each in a file."""


class Writer:
    """Writes a file of rows, batch by batch, in the format that its name tells: Parquet, or else CSV.

    In CSV a cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: Any = None

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, batch: pa.RecordBatch, here: Numbers, start: int, beside: Beside) -> None:
        """Write some rows of a batch; the first batch makes the file, also when there are none.

        :param here: which rows, by their place in the batch.
        :param start: the number of the first row of the batch.
        """
        made = {"subject": batch["subject"].take(pa.array(here)), **beside(here + start)}
        made = {
            name: column if isinstance(column, pa.Array) else pa.array(column)
            for name, column in made.items()
        }
        # That no cell is missing is said once, and not for each cell.
        schema = pa.schema([pa.field(name, each.type, nullable=False) for name, each in made.items()])
        found = pa.RecordBatch.from_arrays(list(made.values()), schema=schema)
        for some in (found,) if self._path.suffix == ".parquet" else _plainly(found):
            if self._file is None:
                self._file = self._open(some.schema)
            self._file.write_batch(some)

    def _open(self, schema: pa.Schema) -> Any:
        if self._path.suffix != ".parquet":
            options = pacsv.WriteOptions(quoting_style="needed")
            return pacsv.CSVWriter(self._path, schema, write_options=options)
        # Ids differ from row to row: a dictionary of them would only be thrown away.
        few = [name for name in schema.names if name not in ("subject", "line", "first")]
        # Whole numbers in no order hardly get smaller, and to try takes as long as to write them.
        numbers = [field.name for field in schema if pa.types.is_integer(field.type)]
        pressed = {name: "NONE" if name in numbers else "SNAPPY" for name in schema.names}
        return pq.ParquetWriter(
            self._path, schema, use_dictionary=few, write_statistics=["subject"], compression=pressed
        )


def _plainly(rows: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The rows as CSV has them, a part at a time: as text they take many times the room."""
    for start in range(0, max(len(rows), 1), _AS_TEXT):
        some = rows.slice(start, _AS_TEXT)
        yield pa.RecordBatch.from_arrays([_plain(column) for column in some.columns], rows.schema.names)


def _plain(column: Any) -> Any:
    """A column as CSV has it."""
    if pa.types.is_dictionary(column.type):
        column = pa.DictionaryArray.from_arrays(column.indices, _plain(column.dictionary))
        return column.dictionary_decode()
    if not pa.types.is_string(column.type):
        return column
    return pc.replace_substring_regex(column, _FORMULA, r"'\1", max_replacements=1)


class _Beside:
    """The verdict on some rows: texts as places among the few that there are."""

    def __init__(self, screening: Screening, columns: Sequence[Column], until: bool = False) -> None:
        self._codes, self._holds = screening.codes, screening.holds if until else None
        self._told = [(name, *_dictionary([tell(v) for v in screening.verdicts])) for name, tell in columns]
        self._numbers = np.array([verdict.number for verdict in screening.verdicts], np.int32)
        span = (screening.expires - screening.at).days
        days = [screening.at + timedelta(days=n) for n in range(span + 1)]
        self._days = pa.array(days, pa.date32())

    def __call__(self, rows: Numbers) -> Mapping[str, Any]:
        codes = self._codes[rows]
        made: dict[str, Any] = {
            name: pa.DictionaryArray.from_arrays(places[codes], words) for name, places, words in self._told
        }
        if self._holds is not None:
            last = self._holds[rows].astype(np.int8) - np.int8(1)
            made["until"] = pa.DictionaryArray.from_arrays(last, self._days)
        made["situation"] = self._numbers[codes]
        return made


def _repeated(screening: Screening) -> Beside:
    lookup = screening.lookup

    def beside(rows: Numbers) -> Mapping[str, Any]:
        first = lookup.firsts[np.searchsorted(lookup.repeats, rows)]
        return {"line": lookup.lines[rows], "first": lookup.lines[first]}

    return beside


def _dictionary(words: Sequence[str]) -> tuple[Numbers, pa.Array]:
    """For each verdict a place among the different words."""
    places: dict[str, int] = {}
    codes = np.array([places.setdefault(word, len(places)) for word in words], np.int32)
    return codes, pa.array(list(places), pa.string())


def given(screening: Screening) -> Iterator[tuple[slice, pa.RecordBatch]]:
    """The readable rows in their order: which they are, and in ``subject`` what stood there.

    An empty batch comes at the end, so that there is one also when there are no rows.
    """
    rows = f"SELECT given AS subject FROM {ASKED}"
    if screening.lookup.rows is not None:
        rows = f"SELECT min(given) AS subject FROM {ASKED} GROUP BY line ORDER BY line"
    reader = screening.snapshot.con.con.sql(rows).to_arrow_reader(BATCH)
    start = 0
    for batch in chain(reader, (pa.RecordBatch.from_pylist([], reader.schema),)):
        yield slice(start, start + len(batch)), batch
        start += len(batch)
