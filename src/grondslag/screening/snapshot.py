"""A snapshot: what is on file of everybody, a row for each person, weighed on one day.

Screening from event tables weighs every record anew.  A snapshot has done that once: each person is a
number with a *pattern* (who has the same one cannot be told apart by any campaign on that day, see
:mod:`.weigh`) and a *portfolio* (the products bought), beside the history that both are drawn from.  It is
one DuckDB file, changed in one transaction: after a crash it is as it was before.

======================  ===================================================================================
``subjects``            ``number``, ``subject``: numbers follow the order of arrival and never change
``states``              ``number``, ``pattern``, ``portfolio``, the days ``since`` and ``turn`` between which
                        these hold, and ``obstacle`` (a row of this person could not be read)
``histories``           ``number``, ``contents``, ``days``, ``others``: what is on file, oldest first
``contents``            what a number in ``contents`` says (:class:`.contents.Contents`)
``patterns``, ``parts`` a pattern is a number for each of three parts; a part is a list of codes
``portfolios``          ``portfolio``, ``contents``: the relations with a product
``examples``            the records of a few people, one at least for each part
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
from grondslag.screening.audience import Audience
from grondslag.screening.contents import READ, Contents
from grondslag.screening.crowd import PARTS, Crowd, History, Numbers
from grondslag.screening.records import PERSON, REFUSALS, Records
from grondslag.screening.tables import quoted
from grondslag.screening.weigh import weigh

FORMAT: Final = 1
NAME: Final = "snapshot"
"""How the database of a snapshot is called on a connection."""
_NO_ROWS: Final = (
    "SELECT NULL::VARCHAR AS subject, NULL::INTEGER AS content, NULL::DATE AS day, NULL::DATE AS other,"
    " NULL::BIGINT AS line WHERE false"
)
_AFTER_OLD: Final = 1 << 40
"""Added to the lines of new rows, so that they stand after what was on file."""
OBSTACLES: Final = ("", "unreadable", "unreadable-refusal")
"""What ``obstacle`` stands for; the later stands before the earlier."""

_TABLES: Final = f"""
    CREATE TABLE {NAME}.subjects (number INTEGER, subject VARCHAR);
    CREATE TABLE {NAME}.states (number INTEGER, pattern INTEGER, portfolio INTEGER, since DATE, turn DATE,
        obstacle UTINYINT);
    CREATE TABLE {NAME}.histories (number INTEGER, contents INTEGER[], days DATE[], others DATE[]);
    CREATE TABLE {NAME}.contents (content INTEGER, sort INTEGER, kind VARCHAR, fields VARCHAR);
    CREATE TABLE {NAME}.parts (part VARCHAR, number INTEGER, codes BIGINT[]);
    CREATE TABLE {NAME}.patterns (pattern INTEGER, c INTEGER, r INTEGER, x INTEGER);
    CREATE TABLE {NAME}.portfolios (portfolio INTEGER, contents INTEGER[]);
    CREATE TABLE {NAME}.examples (number INTEGER, contents INTEGER[], days DATE[], others DATE[]);
    CREATE TABLE {NAME}.rejects (file VARCHAR, line BIGINT, reason VARCHAR);
    CREATE TABLE {NAME}.about (told VARCHAR);
"""


@dataclass(frozen=True, slots=True)
class About:
    """What a snapshot says of itself.

    :ivar day: the day on which everybody was weighed.
    :ivar sources: the files of records that went into it, with hash, rows and rejected rows.
    :ivar nameless: how many unreadable refusals may be of anybody.
    :ivar alike: how many subjects differ from another only in capitals or Unicode form.
    """

    day: date
    people: int = 0
    records: int = 0
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

    def numbers(self, audience: Audience) -> Numbers:
        """For each row of an audience the number of its subject; -1 for somebody who is not on file."""
        found = self.con.con.sql(
            f"SELECT a.rowid AS row, s.number FROM {audience.name} AS a JOIN {NAME}.subjects AS s USING (subject)"
        ).fetchnumpy()
        numbers = np.full(audience.kept, -1, np.int32)
        numbers[found["row"]] = found["number"]
        return numbers

    def crowd(self, at: date) -> Crowd:
        """Everybody as on a day; on another day than that of the snapshot, whoever turned is weighed anew."""
        states = self._arrays(f"SELECT pattern, portfolio, turn, obstacle FROM {NAME}.states")
        turn = states["turn"].astype("datetime64[D]").astype(np.int32)
        patterns, portfolios = f"{NAME}.patterns", f"{NAME}.portfolios"
        if at != self.about.day:
            self._turn(at)
            placed = self._arrays("SELECT number, pattern, portfolio, turn FROM placed")
            states["pattern"][placed["number"]] = placed["pattern"]
            states["portfolio"][placed["number"]] = placed["portfolio"]
            turn[placed["number"]] = placed["turn"].astype("datetime64[D]").astype(np.int32)
            patterns, portfolios = "patterns_now", "portfolios_now"
        parts = self._arrays(f"SELECT c, r, x FROM {patterns} ORDER BY pattern")
        lists = f"(FROM {portfolios} ORDER BY portfolio)"
        bought = self._arrays(f"SELECT unnest(contents) AS content FROM {lists}")
        sizes = self._arrays(f"SELECT len(contents) AS n FROM {lists}")
        crowd = Crowd(
            at=at,
            pattern=states["pattern"],
            portfolio=states["portfolio"],
            turn=turn,
            obstacle=states["obstacle"],
            parts=np.stack([parts[part] for part in PARTS], axis=1),
            bought=bought["content"],
            ends=np.cumsum(sizes["n"]),
            contents=self.contents(),
        )
        return replace(crowd, examples=self._examples(crowd))

    def _examples(self, crowd: Crowd) -> dict[int, History]:
        """What is on file of somebody for each part in use; kept apart for the day of the snapshot."""
        found = self._query(f"FROM {NAME}.examples ORDER BY number").fetchall()
        if crowd.at != self.about.day:
            # Who was an example of a part need not be one on another day.
            numbers = crowd.some_of_each()
            self.con.con.register("wanted", pa.table({"number": numbers}))
            found = self._query(f"FROM {NAME}.histories SEMI JOIN wanted USING (number)").fetchall()
        return {number: tuple(zip(*told, strict=True)) for number, *told in found}

    def _turn(self, at: date) -> None:
        """Weigh whoever is in another situation on a day than on that of the snapshot; nothing is written."""
        self.con.create_table("contents_now", self.contents().table(), overwrite=True)
        for kind in READ:
            self._make(f"new_{kind}", _NO_ROWS.replace("NULL::VARCHAR", "NULL::INTEGER"))
        self._make("renewed", "SELECT NULL::INTEGER AS number WHERE false")
        self._change(at)
        self._weigh(at)
        self._place()

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
        self.con.create_table("contents_now", records.contents.table(), overwrite=True)
        self._number(records)
        self._change(at)
        self._weigh(at)
        self._place()
        self._query("BEGIN TRANSACTION")
        try:
            self._write(histories)
            self._exemplify(histories)
            self._tell(records, at)
            self._query("COMMIT")
        except BaseException:
            self._query("ROLLBACK")
            raise

    def _query(self, sql: str) -> Any:
        return self.con.raw_sql(sql)

    def _make(self, name: str, sql: str) -> None:
        self._query(f"CREATE OR REPLACE TABLE {name} AS {sql}")

    def _see(self, name: str, sql: str) -> None:
        self._query(f"CREATE OR REPLACE VIEW {name} AS {sql}")

    def _number(self, records: Records) -> None:
        """Numbers for new subjects; the new rows, and the rows that could not be read, by these numbers."""
        tables = [self.con.compile(table.select("subject")) for table in records.tables.values()]
        named = " UNION ".join((*tables, "SELECT subject FROM rejects WHERE subject IS NOT NULL"))
        first = f"(SELECT count(*) FROM {NAME}.subjects)"
        self._make(
            "arrived",
            f"SELECT ({first} + row_number() OVER (ORDER BY subject) - 1)::INTEGER AS number, subject"
            f" FROM ({named}) ANTI JOIN {NAME}.subjects USING (subject)",
        )
        self._see("numbers", f"FROM {NAME}.subjects UNION ALL FROM arrived")
        for kind in READ:
            rows = self.con.compile(records.tables[kind]) if kind in records.tables else _NO_ROWS
            self._make(
                f"new_{kind}",
                f"SELECT number AS subject, content, day, other, line + {_AFTER_OLD} AS line"
                f" FROM ({rows}) JOIN numbers USING (subject)",
            )
        refusal = f"(kind IN {REFUSALS})::UTINYINT + 1"
        self._make(
            "spoiled",
            f"""
            SELECT number, max(obstacle) AS obstacle FROM (
                SELECT subject, {refusal} AS obstacle FROM rejects UNION ALL
                SELECT unnest(named) AS subject, {refusal} AS obstacle FROM rejects
            ) JOIN numbers USING (subject) GROUP BY number
            """,
        )

    def _change(self, at: date) -> None:
        """Whom this changes: who has new rows or turns; with all that is on file of them."""
        new = " UNION ".join(f"SELECT subject AS number FROM new_{kind}" for kind in READ)
        self._make("renewed", f"{new} UNION SELECT number FROM arrived UNION SELECT number FROM spoiled")
        day = f"DATE {quoted(str(at))}"
        self._make(
            "changed",
            f"FROM renewed UNION SELECT number FROM {NAME}.states WHERE {day} < since OR {day} >= turn",
        )
        self._make("old", _rows(f"(FROM {NAME}.histories SEMI JOIN changed USING (number))"))
        for kind in READ:
            replaced = "ANTI JOIN new_person USING (subject)" if kind == PERSON else ""
            self._see(
                f"rows_{kind}",
                f"FROM new_{kind} UNION ALL SELECT subject, content, day, other, line FROM old {replaced}"
                f" WHERE kind = {quoted(kind)}",
            )

    def _weigh(self, at: date) -> None:
        rows = {kind: self.con.table(f"rows_{kind}") for kind in READ}
        self._make("weighed", self.con.compile(weigh(rows, self.con.table("contents_now"), at)))
        self._make(
            "bought",
            f"""
            SELECT subject, list_sort(list(DISTINCT content)) AS p
            FROM rows_relation JOIN contents_now USING (content)
            WHERE bought AND day <= DATE {quoted(str(at))} GROUP BY subject
            """,
        )

    def _place(self) -> None:
        """A pattern and a portfolio for everybody who changed; a new number for what was never seen."""
        none = "[]::BIGINT[]"
        self._make(
            "alike",
            f"""
            SELECT number, coalesce(c, {none}) AS c, coalesce(r, {none}) AS r, coalesce(x, {none}) AS x,
                coalesce(p, []::INTEGER[]) AS p, coalesce(since, DATE '0001-01-01') AS since,
                coalesce(turn, DATE '9999-12-31') AS turn
            FROM changed LEFT JOIN weighed ON weighed.subject = number LEFT JOIN bought ON bought.subject = number
            """,
        )
        self._make("sorts", "SELECT DISTINCT c, r, x FROM alike")
        for part in PARTS:
            first = f"(SELECT count(*) FROM {NAME}.parts WHERE part = {quoted(part)})"
            self._make(
                f"new_{part}",
                f"""
                SELECT {quoted(part)} AS part, ({first} + row_number() OVER () - 1)::INTEGER AS number, codes
                FROM (SELECT DISTINCT {part} AS codes FROM sorts) ANTI JOIN
                    (FROM {NAME}.parts WHERE part = {quoted(part)}) USING (codes)
                """,
            )
        new = " UNION ALL ".join(f"FROM new_{part}" for part in PARTS)
        self._see("parts_now", f"FROM {NAME}.parts UNION ALL {new}")
        joins = " ".join(
            f"JOIN parts_now AS {part}s ON {part}s.part = {quoted(part)} AND {part}s.codes = sorts.{part}"
            for part in PARTS
        )
        self._make(
            "sorted",
            f"SELECT sorts.*, cs.number AS cn, rs.number AS rn, xs.number AS xn FROM sorts {joins}",
        )
        self._make(
            "new_patterns",
            f"""
            SELECT ((SELECT count(*) FROM {NAME}.patterns) + row_number() OVER () - 1)::INTEGER AS pattern,
                cn AS c, rn AS r, xn AS x
            FROM sorted ANTI JOIN {NAME}.patterns p ON p.c = cn AND p.r = rn AND p.x = xn
            """,
        )
        self._make(
            "new_portfolios",
            f"""
            SELECT ((SELECT count(*) FROM {NAME}.portfolios) + row_number() OVER () - 1)::INTEGER AS portfolio,
                contents
            FROM (SELECT DISTINCT p AS contents FROM alike) ANTI JOIN {NAME}.portfolios USING (contents)
            """,
        )
        for name in ("patterns", "portfolios"):
            self._see(f"{name}_now", f"FROM {NAME}.{name} UNION ALL FROM new_{name}")
        self._make(
            "placed",
            """
            SELECT number, pattern, portfolio, since, turn
            FROM alike JOIN sorted USING (c, r, x)
            JOIN patterns_now AS p ON p.c = cn AND p.r = rn AND p.x = xn
            JOIN portfolios_now AS b ON b.contents = alike.p
            """,
        )

    def _write(self, histories: bool) -> None:
        new = (
            ("contents", "SELECT content, sort, kind, fields FROM contents_now", "content"),
            ("subjects", "FROM arrived ORDER BY number", None),
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
            self._query(f"DELETE FROM {NAME}.histories WHERE number IN (FROM renewed)")
            self._query(f"INSERT INTO {NAME}.histories {self._lists('renewed')} ORDER BY number")

    def _lists(self, whom: str) -> str:
        """What is on file of the numbers in a table, oldest first; of a person's own row the day is null."""
        every = " UNION ALL ".join(
            f"SELECT *, {place} AS kind FROM rows_{kind} WHERE subject IN (SELECT number FROM {whom})"
            for place, kind in enumerate(READ)
        )
        # Sorting lists of structs is ten times as fast as an ordered aggregate.
        return f"""
            SELECT subject AS number, list_transform(told, lambda t: t.content) AS contents,
                list_transform(told, lambda t: t.day) AS days, list_transform(told, lambda t: t.other) AS others
            FROM (
                SELECT subject, list_sort(list({{first: coalesce(day, DATE '0001-01-01'), kind: kind,
                    line: line, content: content, day: day, other: other}})) AS told
                FROM ({every}) GROUP BY subject)
        """

    def _exemplify(self, histories: bool) -> None:
        """Somebody for each part that is in use, with what is on file of him."""
        self._query(
            f"""
            CREATE OR REPLACE TEMP TABLE chosen AS WITH used AS (
                SELECT first, p.* FROM (SELECT pattern, min(number) AS first FROM {NAME}.states GROUP BY pattern)
                JOIN {NAME}.patterns AS p USING (pattern))
            {" UNION ".join(f"SELECT min(first) AS number FROM used GROUP BY {part}" for part in PARTS)}
            """
        )
        self._query(
            f"DELETE FROM {NAME}.examples WHERE number IN (FROM renewed) OR number NOT IN (FROM chosen)"
        )
        self._query(f"DELETE FROM chosen WHERE number IN (SELECT number FROM {NAME}.examples)")
        kept = f"SELECT * FROM {NAME}.histories WHERE number IN (FROM chosen)"
        self._query(f"INSERT INTO {NAME}.examples {kept if histories else self._lists('chosen')}")

    def _tell(self, records: Records, at: date) -> None:
        ((people,),) = self._query(f"SELECT count(*) FROM {NAME}.subjects").fetchall()
        self._query(f"INSERT INTO {NAME}.rejects SELECT file, line, reason FROM rejects")
        bad = dict(self._query("SELECT file, count(*) FROM rejects GROUP BY file").fetchall())
        read = {kind: int(self.con.execute(table.count())) for kind, table in records.tables.items()}
        new = [
            {
                "file": file.name,
                "sha256": file.sha256,
                "bytes": file.size,
                "rows": read[file.path.stem] + bad.get(file.name, 0),
                "rejected": bad.get(file.name, 0),
            }
            for file in records.sources
        ]
        before = self.about
        self.about = About(
            day=at,
            people=people,
            records=before.records + sum(read.values()),
            nameless=before.nameless + self._nameless(),
            alike=before.alike + self._alike(f"{NAME}.subjects", "arrived"),
            sources=(*before.sources, *new),
        )
        self._query(f"DELETE FROM {NAME}.about")
        self._query(f"INSERT INTO {NAME}.about VALUES ({quoted(str(self.about))})")

    def _alike(self, everybody: str, whom: str) -> int:
        """How many are spelled as one of those in a table, but for capitals and Unicode form."""
        folded = "lower(nfc_normalize(subject)) AS folded"
        ((found,),) = self._query(
            f"""
            SELECT coalesce(sum(n), 0) FROM (
                SELECT folded, count(DISTINCT subject) AS n FROM (SELECT subject, {folded} FROM {everybody})
                SEMI JOIN (SELECT {folded} FROM {whom}) USING (folded) GROUP BY folded) WHERE n > 1
            """
        ).fetchall()
        return int(found)

    def strangers(self, audience: Audience) -> int:
        """How many of an audience are not on file but for capitals or Unicode form."""
        self._make(
            "strangers",
            f"SELECT DISTINCT subject FROM {audience.name} ANTI JOIN {NAME}.subjects USING (subject)",
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


def _rows(histories: str) -> str:
    """The rows of histories, as the tables of records have them, with their kind."""
    return f"""
        SELECT number AS subject, kind, content, day, other, line FROM (
            SELECT number, unnest(contents) AS content, unnest(days) AS day, unnest(others) AS other,
                generate_subscripts(contents, 1) AS line
            FROM {histories})
        JOIN {NAME}.contents USING (content)
    """
