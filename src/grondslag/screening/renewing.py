"""A snapshot that keeps up with its tables: whose rows were made anew, of them it holds the new ones only.

It is made as a new file beside the old one, and takes its place when it is whole.  The engine leaves what is
deleted in the free space of a file; so of the old file is taken over what is on file of everybody else, and
nothing more: no content, pattern or portfolio that was of the others alone.  Numbers are places in arrays, so
whoever comes after somebody who was left out moves up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from grondslag.screening import records as on_file
from grondslag.screening.crowd import PARTS
from grondslag.screening.engine import count, quoted
from grondslag.screening.engine import path as path_of
from grondslag.screening.files import engine, make_snapshot, put
from grondslag.screening.patterns import NAME
from grondslag.screening.progress import Progress, silent
from grondslag.screening.records import CONTACT
from grondslag.screening.snapshot import About, Snapshot
from grondslag.screening.sources import require_unchanged
from grondslag.screening.weigh import LETTERS

OLD: Final = "earlier"
"""How the database of the snapshot of before is called on a connection."""


def renew_snapshot(
    path: Path, records: Path, at: date, renewed: Path | None = None, progress: Progress = silent
) -> About:
    """Bring a snapshot to what a folder of records says on a day; a crash leaves it as it was.

    :param renewed: a Parquet table with each ``subject`` whose rows may be others than those that the
        snapshot was made of, or are gone; everybody when left out.
    :raises BadCase: when a file does not follow the format, or the snapshot is of a later day.
    """
    with _beside(path) as made:
        if renewed is None:
            return make_snapshot(records, made, at, progress)
        with engine(made.parent, path) as con:
            about = Snapshot.open(con, path).about
            con.raw_sql(f"DETACH {NAME}; ATTACH {quoted(str(path))} AS {OLD} (READ_ONLY)")
            # Of whom a row could not be read the place is told, and that is another one in new tables.
            con.raw_sql(
                f"CREATE TABLE names AS SELECT trim(subject) AS subject FROM {path_of(renewed)} UNION"
                f" SELECT subject FROM {OLD}.subjects JOIN {OLD}.states USING (number) WHERE obstacle > 0"
            )
            progress("taking over who stays as he is")
            snapshot = Snapshot.make(con, about.day, made)
            snapshot.about = replace(about, sources=(), nameless=0)
            _take_over(con)
            progress("reading the records")
            found = on_file.load(
                con, records, made.parent, at, snapshot.contents(), con.table("names").subject
            )
            progress("weighing whoever changed")
            snapshot.add(found, at)
            require_unchanged(found.sources)
            _tell(snapshot)
            con.raw_sql(f"DETACH {NAME}")
            return snapshot.about


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A file to make, which takes the place of another when all went well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".grondslag-", dir=path.parent) as folder:
        yield (made := Path(folder) / path.name)
        put(made, path)


def _take_over(con: Any) -> None:
    """What is on file of everybody but those in ``names``, numbered anew."""

    def numbered(name: str, rows: str, old: str) -> None:
        con.raw_sql(
            f"CREATE TABLE {name} AS SELECT *, (row_number() OVER (ORDER BY {old}) - 1)::INTEGER AS new"
            f" FROM ({rows})"
        )

    numbered("stays", f"FROM {OLD}.subjects ANTI JOIN names USING (subject)", "number")
    states = f"{OLD}.states SEMI JOIN stays USING (number)"
    for name in ("pattern", "portfolio"):
        numbered(f"{name}_stays", f"SELECT DISTINCT {name} FROM {states}", name)
    patterns = f"{OLD}.patterns SEMI JOIN pattern_stays USING (pattern)"
    for part in PARTS:
        numbered(f"{part}_stays", f"SELECT DISTINCT {part} FROM {patterns}", part)
    con.raw_sql(_TAKEN_OVER)
    for part in PARTS:
        con.raw_sql(
            f"INSERT INTO {NAME}.parts SELECT part, new, list_sort(list_transform(codes, {_CODE}))"
            f" FROM {OLD}.parts JOIN {part}_stays ON {part} = number WHERE part = {quoted(part)}"
        )


_CODE: Final = (
    f"lambda code: CASE WHEN code < 0 THEN code ELSE code % {LETTERS}"
    f" + {LETTERS} * getvariable('sorts')[code // {LETTERS} + 1]::BIGINT END"
)
"""A code with the number of its sort as it is now; one below zero is of no sort."""
_TAKEN_OVER: Final = f"""
    CREATE TABLE said AS
    WITH used AS (SELECT DISTINCT content FROM {OLD}.histories SEMI JOIN stays USING (number)),
    numbered AS (SELECT content, (row_number() OVER (ORDER BY content) - 1)::INTEGER AS new FROM used)
    SELECT * REPLACE (min(new) OVER (PARTITION BY sort) AS sort)
    FROM {OLD}.contents LEFT JOIN numbered USING (content);
    SET VARIABLE contents = (SELECT list(new ORDER BY content) FROM said);
    SET VARIABLE sorts = (SELECT list(sort ORDER BY content) FROM said);
    INSERT INTO {NAME}.contents SELECT new, sort, kind, fields FROM said WHERE new IS NOT NULL;
    INSERT INTO {NAME}.subjects SELECT new, subject, id FROM stays ORDER BY new;
    INSERT INTO {NAME}.states SELECT s.new, p.new, b.new, since, turn, obstacle
        FROM {OLD}.states JOIN stays AS s USING (number) JOIN pattern_stays AS p USING (pattern)
        JOIN portfolio_stays AS b USING (portfolio) ORDER BY s.new;
    INSERT INTO {NAME}.histories SELECT s.new, c.new, day, other, line
        FROM {OLD}.histories JOIN stays AS s USING (number) JOIN said AS c USING (content);
    INSERT INTO {NAME}.patterns SELECT p.new, c.new, r.new, x.new FROM {OLD}.patterns
        JOIN pattern_stays AS p USING (pattern)
        JOIN c_stays AS c USING (c) JOIN r_stays AS r USING (r) JOIN x_stays AS x USING (x);
    INSERT INTO {NAME}.portfolios
        SELECT new, list_sort(list_transform(contents, lambda each: getvariable('contents')[each + 1]))
        FROM {OLD}.portfolios JOIN portfolio_stays USING (portfolio);
    INSERT INTO {NAME}.contacts BY NAME
        FROM {OLD}.contacts ANTI JOIN names USING (subject) WHERE subject IS NOT NULL;
"""


def _tell(snapshot: Snapshot) -> None:
    """Let a snapshot say of its sources what one says that was made of them at once."""
    sources = []
    for source in snapshot.about.sources:
        stem = str(source["file"]).partition(".")[0]
        rows = 0 if stem == CONTACT else count(snapshot.con, snapshot.con.table(f"raw_{stem}"))
        sources.append({**source, "rows": rows})
    read = sum(source["rows"] - source["rejected"] for source in sources)
    snapshot.tell(replace(snapshot.about, records=read, alike=snapshot.alike(), sources=tuple(sources)))
