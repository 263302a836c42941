"""A snapshot: what is on file of everybody, a row for each person, weighed on one day.

Screening from event tables weighs every record anew.  A snapshot has done that once: each person is a
number with a *pattern* (who has the same one cannot be told apart by any campaign on that day, see
:mod:`.weigh`) and a *portfolio* (the products bought), beside the history that both are drawn from.  It is
one DuckDB file, changed in one transaction: after a crash it is as it was before.

======================  ===================================================================================
``subjects``            ``number``, ``subject``, and ``id`` if that is a whole number; nothing that is added
                        changes a number (what is taken out does: :mod:`.renewing`)
``states``              ``number``, ``pattern``, ``portfolio``, the days ``since`` and ``turn`` between which
                        these hold, and ``obstacle``: a row could not be read (from 1, a place in
                        :data:`.crowd.BARRED`)
``histories``           a row for each record: ``number`` (whose), ``content``, ``day``, ``other``, ``line``
``contents``            what a number in ``contents`` says (:class:`.contents.Contents`)
``patterns``, ``parts`` a pattern is a number for each of three parts; a part is a list of codes
``portfolios``          ``portfolio``, ``contents``: the relations with a product
``examples``            the records of a few people, one at least for each part, likewise
``about``               one row: the day, the sources, the versions
======================  ===================================================================================
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa

from grondslag.errors import BadCase
from grondslag.receipt import package_version
from grondslag.screening.contents import READ, Contents
from grondslag.screening.crowd import PARTS, Crowd, History, Numbers, histories
from grondslag.screening.engine import as_sql, count, quoted
from grondslag.screening.lookup import ASKED, whole_number
from grondslag.screening.patterns import NAME, Patterns
from grondslag.screening.records import PERSON, REFUSALS, Known, Records

FORMAT: Final = 2
_EPOCH: Final = date(1970, 1, 1)

_TABLES: Final = f"""
    CREATE TABLE {NAME}.subjects (number INTEGER, subject VARCHAR, id BIGINT);
    CREATE TABLE {NAME}.states (number INTEGER, pattern INTEGER, portfolio INTEGER, since DATE, turn DATE,
        obstacle UTINYINT);
    CREATE TABLE {NAME}.histories (number INTEGER, content INTEGER, day DATE, other DATE, line BIGINT);
    CREATE TABLE {NAME}.contents (content INTEGER, sort INTEGER, kind VARCHAR, fields VARCHAR);
    CREATE TABLE {NAME}.parts (part VARCHAR, number INTEGER, codes BIGINT[]);
    CREATE TABLE {NAME}.patterns (pattern INTEGER, c INTEGER, r INTEGER, x INTEGER);
    CREATE TABLE {NAME}.portfolios (portfolio INTEGER, contents INTEGER[]);
    CREATE TABLE {NAME}.examples (number INTEGER, content INTEGER, day DATE, other DATE, line BIGINT);
    CREATE TABLE {NAME}.rejects (file VARCHAR, line BIGINT, reason VARCHAR);
    CREATE TABLE {NAME}.contacts (line BIGINT, subject VARCHAR, email VARCHAR, phone VARCHAR, address VARCHAR,
        postcode VARCHAR, number VARCHAR, addition VARCHAR, file VARCHAR, reason VARCHAR);
    CREATE TABLE {NAME}.about (told VARCHAR);
"""


@dataclass(frozen=True, slots=True)
class About:
    """What a snapshot says of itself.

    :ivar day: the day on which everybody was weighed.
    :ivar sources: the files of records that went into it, with hash, rows and rejected rows.
    :ivar deliveries: how often records were added.
    :ivar nameless: how many unreadable refusals may be of anybody.
    :ivar alike: how many subjects differ from another only in capitals or Unicode form.
    """

    day: date
    people: int = 0
    records: int = 0
    deliveries: int = 0
    nameless: int = 0
    alike: int = 0
    sources: tuple[Mapping[str, Any], ...] = ()
    version: str = field(default_factory=package_version)
    format: int = FORMAT

    def __str__(self) -> str:
        return json.dumps(asdict(self), default=str)

    @classmethod
    def read(cls, told: str) -> About:
        plain = json.loads(told)
        return cls(**{**plain, "day": date.fromisoformat(plain["day"]), "sources": tuple(plain["sources"])})


class Snapshot:
    """The tables of a snapshot, in a database that is attached to a connection as :data:`NAME`.

    :ivar con: an Ibis connection to DuckDB; what is worked out on the way stands in its own database.
    """

    def __init__(self, con: Any, about: About) -> None:
        self.con, self.about = con, about
        self._patterns = Patterns(con)

    @classmethod
    def make(cls, con: Any, at: date, path: Path | None = None) -> Snapshot:
        """An empty one, in a file or, left out, in memory."""
        con.raw_sql(f"ATTACH {quoted(str(path) if path else ':memory:')} AS {NAME}")
        con.raw_sql(_TABLES)
        return cls(con, About(at))

    @classmethod
    def open(cls, con: Any, path: Path, to_change: bool = False) -> Snapshot:
        """The one in a file.

        :raises BadCase: when the file is no snapshot, or one of another format.
        """
        if not path.is_file():
            raise BadCase(str(path), "is no snapshot", "make one with `grondslag snapshot`")
        try:
            con.raw_sql(f"ATTACH {quoted(str(path))} AS {NAME}{'' if to_change else ' (READ_ONLY)'}")
            ((told,),) = con.raw_sql(f"SELECT told FROM {NAME}.about").fetchall()
            about = About.read(told)
        except (duckdb.Error, ValueError, TypeError, KeyError):
            raise BadCase(str(path), "is no snapshot", "make one with `grondslag snapshot`") from None
        if about.format != FORMAT:
            raise BadCase(str(path), f"is of format {about.format}, not {FORMAT}", "make it anew")
        return cls(con, about)

    def contents(self) -> Contents:
        """What the records say."""
        found = self.con.raw_sql(f"SELECT content, sort, kind, fields FROM {NAME}.contents").to_arrow_table()
        return Contents.read(found.to_pylist())

    # --- Reading -----------------------------------------------------------------------------------------

    def known(self) -> Known:
        """Who is on file, and by which contact details people are found."""
        subjects = self.con.table("subjects", database=NAME).select("subject")
        contacts = self.con.table("contacts", database=NAME)
        return Known(subjects, contacts if count(self.con, contacts) else None)

    def crowd(self, at: date) -> Crowd:
        """Everybody as on a day; on another day than that of the snapshot, whoever turned is weighed anew."""
        states = self._arrays(f"SELECT pattern, portfolio, obstacle FROM {NAME}.states")
        patterns, portfolios = f"{NAME}.patterns", f"{NAME}.portfolios"
        if at != self.about.day:
            self._patterns.of_turned(self.contents(), at)
            placed = self._arrays("SELECT number, pattern, portfolio FROM placed")
            for name in ("pattern", "portfolio"):
                states[name][placed["number"]] = placed[name]
            patterns, portfolios = "patterns_now", "portfolios_now"
        parts = self._arrays(f"SELECT c, r, x FROM {patterns} ORDER BY pattern")
        lists = f"(FROM {portfolios} ORDER BY portfolio)"
        bought = self._arrays(f"SELECT unnest(contents) AS content FROM {lists}")
        sizes = self._arrays(f"SELECT len(contents) AS n FROM {lists}")
        crowd = Crowd(
            at=at,
            pattern=states["pattern"],
            portfolio=states["portfolio"],
            obstacle=states["obstacle"],
            parts=np.stack([parts[part] for part in PARTS], axis=1),
            bought=bought["content"],
            ends=np.cumsum(sizes["n"]),
            contents=self.contents(),
        )
        return replace(crowd, examples=self._examples(crowd))

    def holds(self, at: date, most: int) -> Numbers:
        """For each number how many days his pattern holds from a day, this one included.

        :param most: all above it are told as this, 255 at most.
        """
        told = self.con.con.sql(f"SELECT turn FROM {NAME}.states").to_arrow_table()
        # The days as the engine has them, numbers from 1970 on: to make others of all takes longer.
        found: Numbers = told.column("turn").combine_chunks().cast(pa.int32()).to_numpy()
        if at != self.about.day:
            placed = self._arrays(
                f"SELECT number, (turn - DATE {quoted(str(_EPOCH))})::INTEGER AS day FROM placed"
            )
            found = found.copy()
            found[placed["number"]] = placed["day"]
        return np.minimum(found - np.int32((at - _EPOCH).days), most).astype(np.uint8)

    def _examples(self, crowd: Crowd) -> dict[int, History]:
        """What is on file of somebody for each part in use; kept apart for the day of the snapshot."""
        found = self._query(f"FROM {NAME}.examples").fetchall()
        if crowd.at != self.about.day:
            # Who was an example of a part need not be one on another day.
            numbers = crowd.some_of_each()
            self.con.con.register("wanted", pa.table({"number": numbers}))
            found = self._query(_of_each("wanted", f"{NAME}.histories")).fetchall()
        return histories(found, crowd.contents)

    def _query(self, sql: str) -> Any:
        return self.con.raw_sql(sql)

    def _arrays(self, sql: str) -> dict[str, Numbers]:
        found: dict[str, Numbers] = self.con.con.sql(sql).fetchnumpy()
        return found

    # --- Adding ------------------------------------------------------------------------------------------

    def add(self, records: Records, at: date, histories: bool = True) -> None:
        """Add records, and bring everybody to a day: work in proportion to whom that changes.

        :param histories: keep them, so that more can be added later.
        :raises BadCase: when the day lies before that of the snapshot.
        """
        if at < self.about.day:
            raise BadCase("snapshot", f"is of {self.about.day}, later than {at}", "make one for that day")
        self._patterns.of_records(records, at, self.about.deliveries)
        self._query("BEGIN TRANSACTION")
        try:
            self._write(histories)
            self._exemplify(histories)
            self._tell(records, at)
            self._query("COMMIT")
        except BaseException:
            self._query("ROLLBACK")
            raise

    def _write(self, histories: bool) -> None:
        new = (
            ("contents", "SELECT content, sort, kind, fields FROM contents_now", "content"),
            (
                "subjects",
                f"SELECT number, subject, {whole_number('subject')} FROM arrived ORDER BY number",
                None,
            ),
            *(("parts", f"FROM new_{part}", None) for part in PARTS),
            ("patterns", "FROM new_patterns", None),
            ("portfolios", "FROM new_portfolios", None),
        )
        for name, rows, key in new:
            known = f"SELECT * FROM ({rows}) ANTI JOIN {NAME}.{name} USING ({key})" if key else rows
            self._query(f"INSERT INTO {NAME}.{name} {known}")
        self._query(
            f"""
            UPDATE {NAME}.states SET pattern = placed.pattern, portfolio = placed.portfolio,
                since = placed.since, turn = placed.turn
            FROM placed WHERE placed.number = states.number
            """
        )
        self._query(
            f"""
            INSERT INTO {NAME}.states
            SELECT number, pattern, portfolio, since, turn, 0 FROM placed SEMI JOIN arrived USING (number)
            ORDER BY number
            """
        )
        self._query(
            f"""
            UPDATE {NAME}.states SET obstacle = greatest(states.obstacle, spoiled.obstacle)
            FROM spoiled WHERE spoiled.number = states.number
            """
        )
        if histories:
            # A row in ``person`` takes the place of an earlier one.
            persons = f"SELECT content FROM {NAME}.contents WHERE kind = {quoted(PERSON)}"
            self._query(
                f"DELETE FROM {NAME}.histories WHERE content IN ({persons})"
                " AND number IN (SELECT subject FROM new_person)"
            )
            for kind in READ:
                rows = f"SELECT subject, content, day, other, line FROM new_{kind}"
                self._query(f"INSERT INTO {NAME}.histories {rows}")

    def _exemplify(self, histories: bool) -> None:
        """Somebody for each part that is in use, with what is on file of him."""
        self._query(
            f"""
            CREATE OR REPLACE TEMP TABLE chosen AS WITH used AS (
                SELECT first, p.* FROM {NAME}.patterns AS p JOIN
                    (SELECT pattern, min(number) AS first FROM {NAME}.states GROUP BY pattern)
                    USING (pattern))
            {" UNION ".join(f"SELECT min(first) AS number FROM used GROUP BY {part}" for part in PARTS)}
            """
        )
        self._query(
            f"DELETE FROM {NAME}.examples WHERE number IN (FROM renewed) OR number NOT IN (FROM chosen)"
        )
        self._query(f"DELETE FROM chosen WHERE number IN (SELECT number FROM {NAME}.examples)")
        kept = f"{NAME}.histories" if histories else f"({self._patterns.rows_of('chosen')})"
        self._query(f"INSERT INTO {NAME}.examples {_of_each('chosen', kept)}")

    def _tell(self, records: Records, at: date) -> None:
        ((people,),) = self._query(f"SELECT count(*) FROM {NAME}.subjects").fetchall()
        if records.contacts is not None:
            named = as_sql(records.contacts)
            self._query(f"INSERT INTO {NAME}.contacts BY NAME SELECT * EXCLUDE (named) FROM ({named})")
        self._query(f"INSERT INTO {NAME}.rejects SELECT file, line, reason FROM rejects")
        bad = dict(self._query("SELECT file, count(*) FROM rejects GROUP BY file").fetchall())
        read = {kind: count(self.con, table) for kind, table in records.subjects.items()}
        new = [
            {
                "file": file.name,
                "sha256": file.sha256,
                "bytes": file.size,
                "read_as": file.read_as,
                "rows": read.get(file.stem, 0) + bad.get(file.name, 0),
                "rejected": bad.get(file.name, 0),
            }
            for file in records.sources
        ]
        before = self.about
        about = About(
            day=at,
            people=people,
            records=before.records + sum(read.values()),
            deliveries=before.deliveries + 1,
            nameless=before.nameless + self._nameless(),
            alike=before.alike + self._alike(f"{NAME}.subjects", "arrived"),
            sources=(*before.sources, *new),
        )
        self.tell(about)

    def tell(self, about: About) -> None:
        """Let it say this of itself."""
        self.about = about
        self._query(f"DELETE FROM {NAME}.about")
        self._query(f"INSERT INTO {NAME}.about VALUES ({quoted(str(about))})")

    def alike(self) -> int:
        """How many are spelled as another, but for capitals and Unicode form."""
        return self._alike(f"{NAME}.subjects", f"{NAME}.subjects")

    def _alike(self, everybody: str, whom: str) -> int:
        """How many are spelled as one of those in a table, but for capitals and Unicode form."""
        # Of two that are alike one at least is not as it is folded; hardly any are not.
        folded = "lower(nfc_normalize(subject))"
        ((found,),) = self._query(
            f"""
            WITH told AS (SELECT subject, {folded} AS folded FROM {everybody})
            SELECT coalesce(sum(n), 0) FROM (
                SELECT folded, count(DISTINCT subject) AS n FROM told
                SEMI JOIN (SELECT folded FROM told WHERE folded <> subject) USING (folded)
                SEMI JOIN (SELECT {folded} AS folded FROM {whom}) USING (folded)
                GROUP BY folded) WHERE n > 1
            """
        ).fetchall()
        return int(found)

    def strangers(self) -> int:
        """How many of those who were asked about are not on file but for capitals or Unicode form."""
        self._query(
            "CREATE OR REPLACE TABLE strangers AS "
            f"SELECT DISTINCT subject FROM {ASKED} ANTI JOIN {NAME}.subjects USING (subject)"
            " WHERE subject IS NOT NULL"
        )
        ((some,),) = self._query("SELECT count(*) FROM strangers").fetchall()
        both = f"(SELECT subject FROM {NAME}.subjects UNION ALL FROM strangers)"
        return self._alike(both, "strangers") if some else 0

    def _nameless(self) -> int:
        """How many unreadable refusals name nobody that is known: they may be of anybody."""
        ((found,),) = self._query(
            f"""
            SELECT count(*) FROM rejects
            WHERE kind IN {REFUSALS} AND subject IS NULL AND (file, line) NOT IN (
                SELECT (file, line) FROM (SELECT file, line, unnest(named) AS subject FROM rejects)
                SEMI JOIN numbers USING (subject))
            """
        ).fetchall()
        return int(found)


def _of_each(whom: str, rows: str) -> str:
    """SQL: the records of each number in a table; of who has none, a row with nothing but his number."""
    return f"SELECT number, content, day, other, line FROM {whom} LEFT JOIN {rows} USING (number)"
