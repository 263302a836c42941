"""Whether a snapshot says what the records say that it was made from: it is made anew, and compared.

Numbers of people, contents and patterns are given in the order in which things arrive, so they are not
compared themselves.  Patterns are right when the same people share one; what a pattern means is drawn from
the history of somebody who has it, and histories are compared word for word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from grondslag.screening.crowd import PARTS
from grondslag.screening.engine import quoted
from grondslag.screening.files import about_of, engine, make_snapshot
from grondslag.screening.patterns import NAME
from grondslag.screening.progress import Progress, silent
from grondslag.screening.snapshot import About, Snapshot

ANEW: Final = "anew"
"""How the database of the snapshot that was made to compare with is called."""
_CONTACT: Final = "subject, email, phone, address, postcode, number, addition, reason"


def verify_snapshot(
    path: Path, deliveries: Sequence[Path], progress: Progress = silent
) -> tuple[About, tuple[str, ...]]:
    """What a snapshot says of itself, and in what it differs from its records; empty when in nothing.

    :param deliveries: the folders of records that went into it, in that order.
    :raises BadCase: when the file is no snapshot, or a file of records does not follow the format.
    """
    about = about_of(path)
    with TemporaryDirectory(prefix=".grondslag-", dir=path.parent) as folder:
        made = Path(folder) / "anew.snapshot"
        for records in deliveries:
            make_snapshot(records, made, about.day, progress)
        progress("comparing")
        return about, differences(path, made)


def differences(path: Path, made: Path) -> tuple[str, ...]:
    """In what a snapshot differs from another that was made of its records."""
    of_made = about_of(made)
    with (
        TemporaryDirectory(prefix=".grondslag-", dir=path.parent) as folder,
        engine(Path(folder), path) as con,
    ):
        about = Snapshot.open(con, path).about
        con.raw_sql(f"ATTACH {quoted(str(made))} AS {ANEW} (READ_ONLY)")
        return (*_files(about, of_made), *_people(con))


def _files(kept: About, anew: About) -> Iterator[str]:
    """The files that went into only one of them, and counts that differ."""
    one, other = (Counter((str(s["file"]), str(s["sha256"])) for s in a.sources) for a in (kept, anew))
    for name, sha256 in sorted((one - other).elements()):
        yield f"{name} ({sha256[:12]}…) went into the snapshot, and is not among these records"
    for name, sha256 in sorted((other - one).elements()):
        yield f"{name} ({sha256[:12]}…) is among these records, and did not go into the snapshot"
    for what in ("records", "nameless", "alike"):
        if (told := getattr(kept, what)) != (found := getattr(anew, what)):
            yield f"the snapshot counts {told:,} {_COUNTED[what]}, the records {found:,}"


_COUNTED: Final = {
    "records": "records",
    "nameless": "unreadable refusals that name nobody",
    "alike": "ids that differ from another only in capitals or Unicode form",
}


def _people(con: Any) -> Iterator[str]:
    """How many people differ, and in what; nobody is named."""
    for here, there, words in ((NAME, ANEW, "not in the records"), (ANEW, NAME, "missing")):
        yield from _told(con, f"FROM {here}.subjects ANTI JOIN {there}.subjects USING (subject)", words)
    for name in (NAME, ANEW):
        con.raw_sql(_EVERYBODY.format(db=name))
    both = f"FROM of_{NAME} AS a JOIN of_{ANEW} AS b USING (subject)"
    yield from _told(con, f"{both} WHERE a.history IS DISTINCT FROM b.history", "with another history")
    yield from _told(con, f"{both} WHERE a.bought IS DISTINCT FROM b.bought", "with other products")
    yield from _told(con, f"{both} WHERE (a.turn, a.obstacle) != (b.turn, b.obstacle)", "in another state")
    for part in PARTS:
        con.raw_sql(f"CREATE OR REPLACE TABLE pairs AS SELECT a.{part} AS one, b.{part} AS other {both}")
        split = "one IN (SELECT one FROM pairs GROUP BY one HAVING count(DISTINCT other) > 1)"
        merged = "other IN (SELECT other FROM pairs GROUP BY other HAVING count(DISTINCT one) > 1)"
        yield from _told(con, f"FROM pairs WHERE {split} OR {merged}", f"with a wrong pattern ({part})")
    yield from _told(con, _EXAMPLES, "who stand for others with another history than their own")
    for here, there in ((NAME, ANEW), (ANEW, NAME)):
        rows = f"SELECT {_CONTACT} FROM {here}.contacts EXCEPT ALL SELECT {_CONTACT} FROM {there}.contacts"
        yield from _told(con, f"FROM ({rows})", f"only in the {_SIDES[here]}", _DETAILS)


_DETAILS: Final = ("row of contact details", "rows of contact details")
_SIDES: Final = {NAME: "snapshot", ANEW: "records"}
_EVERYBODY: Final = """
    CREATE TABLE of_{db} AS
    WITH told AS (
        SELECT number, list_sort(list({{kind: kind, fields: fields, day: day, other: other}})) AS history
        FROM {db}.histories JOIN {db}.contents USING (content) GROUP BY number),
    bought AS (
        SELECT portfolio, list_sort(list(fields)) AS bought
        FROM (SELECT portfolio, unnest(contents) AS content FROM {db}.portfolios)
        JOIN {db}.contents USING (content) GROUP BY portfolio)
    SELECT subject, history, bought, turn, obstacle, c, r, x
    FROM {db}.subjects JOIN {db}.states USING (number) JOIN {db}.patterns USING (pattern)
    LEFT JOIN told USING (number) LEFT JOIN bought USING (portfolio)
"""
_EXAMPLES: Final = f"""
    FROM (SELECT DISTINCT number FROM (
        (FROM {NAME}.examples WHERE content IS NOT NULL EXCEPT ALL FROM {NAME}.histories) UNION ALL
        (FROM {NAME}.histories SEMI JOIN {NAME}.examples USING (number) EXCEPT ALL FROM {NAME}.examples)))
"""


def _told(con: Any, rows: str, words: str, whom: tuple[str, str] = ("person", "people")) -> Iterator[str]:
    ((found,),) = con.raw_sql(f"SELECT count(*) {rows}").fetchall()
    if found:
        yield f"{found:,} {whom[found > 1]} {words}"
