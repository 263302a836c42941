"""From records to patterns: everybody numbered, weighed on a day, and placed with those who are alike.

The steps between the tables of records and those of a :class:`.snapshot.Snapshot`, as tables in the
connection's own database; the snapshot itself is only read here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, Final

import ibis

from grondslag.screening.contents import READ, SCHEMA, Contents
from grondslag.screening.crowd import PARTS
from grondslag.screening.engine import as_sql, put, quoted
from grondslag.screening.records import PERSON, REFUSALS, Records, before_birth
from grondslag.screening.weigh import weigh
from grondslag.situations.births import IMPOSSIBLE, OWN_ACTS

NAME: Final = "snapshot"
"""How the database of a snapshot is called on a connection."""
_NO_ROWS: Final = (
    "SELECT NULL::VARCHAR AS subject, NULL::INTEGER AS content, NULL::DATE AS day, NULL::DATE AS other,"
    " NULL::BIGINT AS line WHERE false"
)
_WEIGHED: Final = "c BIGINT[], r BIGINT[], x BIGINT[], since DATE, turn DATE"
AT_A_TIME: Final = 250_000
"""How many people are weighed at once."""
DELIVERY: Final = 1 << 40
"""Added to the lines of each next delivery, so that they stand after what was on file."""


@ibis.udf.scalar.builtin(name="getvariable", signature=(("string",), "date"))  # type: ignore[untyped-decorator]
def _variable(key: str) -> Any:
    """What the connection has under a name."""


@cache
def _codes(kinds: tuple[str, ...]) -> str:
    """SQL that weighs everybody on ``on_day``; to work it out takes longer than to weigh thousands.

    :param kinds: of which there are records: what the engine has to plan grows with these.
    """
    columns = {"subject": "int32", "content": "int32", "day": "date", "other": "date", "line": "int64"}
    rows = {kind: ibis.table(columns, f"rows_{kind}") for kind in kinds}
    contents = ibis.table(ibis.Schema.from_pyarrow(SCHEMA), "contents_now")
    return as_sql(weigh(rows, contents, _variable("on_day")))


class Patterns:
    """The steps, one after another; each leaves its tables for the next.

    ``arrived`` and ``changed`` say whom it is about, ``placed`` what came of it.
    """

    def __init__(self, con: Any) -> None:
        self.con = con

    def of_records(self, records: Records, at: date, deliveries: int) -> None:
        """Place whoever is in new records, or has turned by a day.

        :param deliveries: how many there were before.
        """
        self._contents(records.contents)
        self._number(records, deliveries * DELIVERY)
        self._change(at)
        # What came in one delivery has been looked through while it was read.
        if self._query("FROM old LIMIT 1").fetchall():
            self._spoil_unborn(at)
        self._weigh(at)
        self._place()

    def of_turned(self, contents: Contents, at: date) -> None:
        """Place whoever is in another situation on a day than on that of the snapshot."""
        self._contents(contents)
        for kind in READ:
            self._make(f"new_{kind}", _NO_ROWS.replace("NULL::VARCHAR", "NULL::INTEGER"))
        for name, column in (("arrived", "subject VARCHAR"), ("spoiled", "obstacle UTINYINT")):
            self._query(f"CREATE OR REPLACE TABLE {name} (number INTEGER, {column})")
        self._change(at)
        self._weigh(at)
        self._place()

    def _contents(self, contents: Contents) -> None:
        put(self.con, "contents_now", contents.table())

    def _number(self, records: Records, after: int) -> None:
        """Numbers for new subjects; the new rows, and the rows that could not be read, by these numbers."""
        tables = map(as_sql, records.subjects.values())
        named = " UNION ".join((*tables, "SELECT subject FROM rejects WHERE subject IS NOT NULL"))
        first = f"(SELECT count(*) FROM {NAME}.subjects)"
        # In this order the numbers of ids that are whole numbers go up with them.
        place = "row_number() OVER (ORDER BY strlen(subject), subject) - 1"
        self._make(
            "arrived",
            f"SELECT ({first} + {place})::INTEGER AS number, subject"
            f" FROM ({named}) ANTI JOIN {NAME}.subjects USING (subject)",
        )
        self._see("numbers", f"SELECT number, subject FROM {NAME}.subjects UNION ALL FROM arrived")
        for kind in READ:
            rows = as_sql(records.tables[kind]) if kind in records.tables else _NO_ROWS
            self._make(
                f"new_{kind}",
                f"SELECT number AS subject, content, day, other, line + {after} AS line"
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
        ((known,),) = self._query(f"SELECT count(*) FROM {NAME}.subjects").fetchall()
        # At first everybody has just arrived.
        others = [f"SELECT subject AS number FROM new_{kind}" for kind in READ] if known else []
        rows = ("SELECT number FROM arrived", "SELECT number FROM spoiled", *others)
        self._make("renewed", " UNION ".join(rows))
        day = f"DATE {quoted(str(at))}"
        self._make(
            "changed",
            f"FROM renewed UNION SELECT number FROM {NAME}.states WHERE {day} < since OR {day} >= turn",
        )
        self._range(0, (1 << 31) - 1)
        self._make(
            "old",
            "SELECT number AS subject, kind, content, day, other, line FROM"
            f" (FROM {NAME}.histories SEMI JOIN changed USING (number)) JOIN {NAME}.contents USING (content)",
        )
        for kind in READ:
            replaced = "ANTI JOIN new_person USING (subject)" if kind == PERSON else ""
            self._see(
                f"rows_{kind}",
                f"FROM (FROM new_{kind} UNION ALL"
                f" SELECT subject, content, day, other, line FROM old {replaced} WHERE kind = {quoted(kind)})"
                " WHERE subject BETWEEN getvariable('first') AND getvariable('last')",
            )

    def _spoil_unborn(self, at: date) -> None:
        """Whose records of before and now would be of acts before birth: neither can be believed."""
        person = self.con.table("rows_person").join(self.con.table("contents_now"), "content")
        person = person.filter(person.age.notnull()).select("subject", "age", told="line")
        found = []
        for kind in OWN_ACTS:
            if kind in READ:
                both = self.con.table(f"rows_{kind}").join(person, "subject")
                late = both.filter(before_birth(both.day, both.age, at))
                # The row that came later is the one to tell of.
                newer = late.line > late.told
                file = newer.ifelse(kind, PERSON)
                line = ibis.greatest(late.line, late.told) % DELIVERY
                found.append(late.select("subject", file=file, line=line, kind=ibis.literal(kind)))
        put(self.con, "unborn", ibis.union(*found))
        self._query(
            f"""
            INSERT INTO rejects BY NAME
            SELECT DISTINCT file, line, {quoted(IMPOSSIBLE)} AS reason, numbers.subject, kind
            FROM unborn JOIN numbers ON numbers.number = unborn.subject
            """
        )
        obstacle = f"max((kind IN {REFUSALS})::UTINYINT + 1)"
        self._query(f"INSERT INTO spoiled SELECT subject, {obstacle} FROM unborn GROUP BY subject")

    def _weigh(self, at: date) -> None:
        new = " UNION ".join(f"(SELECT {quoted(kind)} FROM new_{kind} LIMIT 1)" for kind in READ)
        kinds = {kind for (kind,) in self._query(f"{new} UNION SELECT kind FROM old").fetchall()}
        codes = _codes(tuple(kind for kind in READ if kind in kinds)) if kinds else ""
        self._query(f"SET VARIABLE on_day = DATE {quoted(str(at))}")
        bought = """
            SELECT subject, list_sort(list(DISTINCT content)) AS p
            FROM rows_relation JOIN contents_now USING (content)
            WHERE bought AND day <= getvariable('on_day') GROUP BY subject
        """
        for name, told in (("weighed", _WEIGHED), ("bought", "p INTEGER[]")):
            self._query(f"CREATE OR REPLACE TABLE {name} (subject INTEGER, {told})")
        for _ in self.some_at_a_time("changed"):
            if codes:
                self._query(f"INSERT INTO weighed BY NAME {codes}")
            self._query(f"INSERT INTO bought {bought}")

    def some_at_a_time(self, whom: str) -> Iterator[None]:
        """Let the tables of rows show some of the numbers in a table, then the next, until all have been.

        Lists of many people at once would not fit in memory; of so many at a time they do.
        """
        ((first, last),) = self._query(
            f"SELECT coalesce(min(number), 0), coalesce(max(number), -1) FROM {whom}"
        ).fetchall()
        ((people,),) = self._query(f"SELECT count(*) FROM {whom}").fetchall()
        step = AT_A_TIME if people > AT_A_TIME else max(last - first + 1, 1)
        for start in range(first, last + 1, step):
            self._range(start, min(start + step - 1, last))
            yield
        self._range(0, (1 << 31) - 1)

    def _range(self, first: int, last: int) -> None:
        self._query(f"SET VARIABLE first = {first}")
        self._query(f"SET VARIABLE last = {last}")

    def _place(self) -> None:
        """A pattern and a portfolio for everybody who changed; a new number for what was never seen."""
        none = "[]::BIGINT[]"
        self._make(
            "alike",
            f"""
            SELECT number, coalesce(c, {none}) AS c, coalesce(r, {none}) AS r, coalesce(x, {none}) AS x,
                coalesce(p, []::INTEGER[]) AS p, coalesce(since, DATE '0001-01-01') AS since,
                coalesce(turn, DATE '9999-12-31') AS turn
            FROM changed LEFT JOIN weighed ON weighed.subject = number
            LEFT JOIN bought ON bought.subject = number
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
            SELECT ((SELECT count(*) FROM {NAME}.portfolios) + row_number() OVER () - 1)::INTEGER
                AS portfolio, contents
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

    def rows_of(self, whom: str) -> str:
        """What is on file of the numbers in a table."""
        every = " UNION ALL ".join(f"FROM rows_{kind}" for kind in READ)
        return (
            f"SELECT subject AS number, content, day, other, line FROM ({every})"
            f" WHERE subject IN (SELECT number FROM {whom})"
        )

    def _query(self, sql: str) -> Any:
        return self.con.raw_sql(sql)

    def _make(self, name: str, sql: str) -> None:
        self._query(f"CREATE OR REPLACE TABLE {name} AS {sql}")

    def _see(self, name: str, sql: str) -> None:
        self._query(f"CREATE OR REPLACE VIEW {name} AS {sql}")
