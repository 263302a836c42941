"""The rows of an outcome, streamed: what was given beside the verdict on it, never all of it in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from grondslag.screening.engine import quoted
from grondslag.screening.lookup import ASKED
from grondslag.screening.remedies import remedy
from grondslag.screening.screen import Numbers, Screening, Verdict

LIST: Final = "|"
BATCH: Final = 1_000_000
"""Rows in memory at once."""
_FORMULA: Final = r"^[=+\-@\t\r]"

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
    first = screening.lookup.firsts == np.arange(len(screening.codes))
    _copy(screening, folder / f"allowed{suffix}", yes & first, ALLOWED)
    _copy(screening, folder / f"refused{suffix}", ~yes & first, REFUSED)
    _copy(screening, folder / f"repeated{suffix}", ~first, ())


def _copy(screening: Screening, path: Path, mask: Numbers, columns: Sequence[Column]) -> None:
    copied(screening, path, _batches(screening, mask, columns))


def copied(screening: Screening, path: Path, batches: Iterator[pa.RecordBatch]) -> None:
    """Write batches with a column ``subject`` to a CSV or Parquet file."""
    head = next(batches)
    if path.suffix == ".parquet":
        with pq.ParquetWriter(path, head.schema) as file:
            for batch in chain((head,), batches):
                file.write_batch(batch)
        return
    reader = pa.RecordBatchReader.from_batches(head.schema, chain((head,), batches))
    con = screening.snapshot.con.con
    con.register("outgoing", reader)
    # A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    safe = f"CASE WHEN regexp_matches(subject, {quoted(_FORMULA)}) THEN chr(39) || subject ELSE subject END"
    rows = f"SELECT * REPLACE ({safe} AS subject) FROM outgoing"
    con.execute(f"COPY ({rows}) TO {quoted(str(path))} (FORMAT csv, HEADER true)")
    con.unregister("outgoing")


def _batches(screening: Screening, mask: Numbers, columns: Sequence[Column]) -> Iterator[pa.RecordBatch]:
    """The rows of a mask, with a column for each; the first batch comes also when there are none."""
    told = [(name, *_dictionary([tell(v) for v in screening.verdicts])) for name, tell in columns]
    numbers = np.array([verdict.number for verdict in screening.verdicts], np.int32)
    lines = None if told else screening.lookup.lines
    for here, batch in given(screening):
        wanted = mask[here]
        kept = batch.filter(pa.array(wanted))
        codes = screening.codes[here][wanted]
        made: dict[str, Any] = {"subject": kept["subject"]}
        for name, places, words in told:
            made[name] = pa.DictionaryArray.from_arrays(places[codes], words)
        if lines is None:
            made["situation"] = numbers[codes]
        else:
            made["line"] = kept["line"]
            made["first"] = lines[screening.lookup.firsts[here][wanted]]
        yield pa.RecordBatch.from_pydict(made)


def _dictionary(words: Sequence[str]) -> tuple[Numbers, pa.Array]:
    """For each verdict a place among the different words."""
    places: dict[str, int] = {}
    codes = np.array([places.setdefault(word, len(places)) for word in words], np.int32)
    return codes, pa.array(list(places), pa.string())


def given(screening: Screening) -> Iterator[tuple[slice, pa.RecordBatch]]:
    """The readable rows in their order: which they are, their ``line``, and in ``subject`` what stood there.

    An empty batch comes at the end, so that there is one also when there are no rows.
    """
    rows = f"SELECT line, given AS subject FROM {ASKED}"
    if not screening.lookup.alone:
        rows = f"SELECT line, min(given) AS subject FROM {ASKED} GROUP BY line ORDER BY line"
    # A cursor of its own, for the connection is busy writing what comes of these rows.
    cursor = screening.snapshot.con.con.cursor()
    reader = cursor.sql(rows).to_arrow_reader(BATCH)
    start = 0
    for batch in chain(reader, (pa.RecordBatch.from_pylist([], reader.schema),)):
        yield slice(start, start + len(batch)), batch
        start += len(batch)
