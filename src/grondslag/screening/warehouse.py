"""screen() where the data live: tables of Ibis on Spark, of which nothing of size leaves the cluster.

The same reading of records, the same query (:mod:`.weigh`), the same drawing and deciding.  What comes here
is what the records say, each different thing once; the patterns that occur in the audience, with how many
people have each; and what is on file of one person of each part.  What goes back is the verdict on each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from grondslag.errors import BadCase
from grondslag.law.profiles import Profile
from grondslag.screening import records as on_file
from grondslag.screening import tables
from grondslag.screening.audience import rows_of, with_reasons
from grondslag.screening.campaign import Campaign
from grondslag.screening.contents import READ, Contents
from grondslag.screening.crowd import BARRED, PARTS, Crowd, History, Numbers, Row, histories
from grondslag.screening.doubts import doubts
from grondslag.screening.identifiers import SUBJECT, by_name
from grondslag.screening.records import CONTACT, REFUSALS, Records
from grondslag.screening.rows import ALLOWED, REFUSED
from grondslag.screening.spark import Spark
from grondslag.screening.verdicts import Result, Verdict, judged
from grondslag.screening.weigh import weigh

_STRANGER: Final = len(BARRED)
"""Stands where an obstacle would, for whoever is not on file."""
_ALIKE: Final = (*PARTS, "portfolio", "obstacle")
"""Who agree in these get one verdict."""
_REJECT: Final = ("file", "line", "reason")

Tables = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WarehouseScreening(Result):
    """What came out, in the cluster.

    :ivar people: an Ibis table with a row for each person asked about: ``subject``, ``times`` (how many rows
        of the audience name him), ``situation`` (the number of a verdict), ``allowed``, and the words of the
        verdict as in the files of a screening.
    :ivar rejects: an Ibis table of the rows that could not be read: ``file``, ``line``, ``reason``.
    :ivar spark: what the cluster keeps for these; its ``forget()`` gives it back.
    """

    people: Any
    rejects: Any
    spark: Spark


def screened(  # noqa: PLR0913
    con: Any, campaign: Campaign, records: Tables, audience: Any, at: date, profile: Profile
) -> WarehouseScreening:
    """:func:`.verdicts.screen` of tables in a Spark session.

    :param con: the Ibis connection to it.
    :raises BadCase: when a table does not follow the format, or is not one of Ibis in that session.
    """
    spark = Spark(con)
    try:
        rows = spark.create_table("rows", _rows(spark, audience))
        asked = spark.by_subject("asked", _asked(rows))
        found = _records(spark, records, at)
        theirs = {
            kind: found.tables[kind].semi_join(asked, "subject") for kind in READ if kind in found.tables
        }
        placed = spark.by_subject("placed", _placed(spark, found, theirs, asked, at))
        near, crowd = _bought(spark, placed, campaign, found.contents, at)
        people = placed.join(near, "p").drop("p")
        alike = spark.to_pyarrow(
            people.group_by(*_ALIKE).agg(heads=people.count(), example=people.subject.min())
        )
        crowd = _crowd(spark, crowd, alike, theirs)
        nameless = _nameless(spark, found)
        verdicts, codes = _judged(crowd, campaign, profile, alike, nameless > 0)
        return WarehouseScreening(
            *(campaign, at, profile, verdicts, *_counts(spark, rows, alike)),
            warnings=tuple(doubts(campaign, nameless)),
            people=_told(spark, people, alike, codes, verdicts),
            rejects=_unread(rows).union(found.rejects.select(*_REJECT)),
            spark=spark,
        )
    except BaseException:
        spark.forget()
        raise


# --- What is given ---------------------------------------------------------------------------------------


def _rows(spark: Spark, audience: Any) -> Any:
    """The rows of the audience, with the ``reason`` of one that cannot be read."""
    cells = tables.of_memory(spark, _lined(spark, "audience", audience), "audience")
    by = by_name(cells.columns, SUBJECT)
    if by is None:
        remedy = f"join the ids of your records to it, in a column {SUBJECT}"
        raise BadCase("audience", "has no column with ids, and Spark looks up nothing else", remedy)
    return with_reasons(rows_of(cells, by, "audience"), by)


def _asked(rows: Any) -> Any:
    """Everybody who is asked about, once, and how many rows name him."""
    good = rows.filter(rows.reason.isnull())
    return good.group_by(subject=good.given.cast("string")).agg(times=good.count())


def _records(spark: Spark, records: Tables, at: date) -> Records:
    if CONTACT in records:
        raise BadCase(CONTACT, "is not looked up on Spark", f"leave it out, and name people by {SUBJECT}")
    return on_file.of_tables(spark, {kind: _lined(spark, kind, each) for kind, each in records.items()}, at)


def _lined(spark: Spark, place: str, table: Any) -> Any:
    if not isinstance(table, ibis.Table) or ibis.get_backend(table) is not spark.con:
        problem = "is no table of Ibis in the Spark session of the others"
        raise BadCase(place, problem, "give all tables from one session")
    return spark.lined(place, table)


# --- Who is alike ----------------------------------------------------------------------------------------


def _placed(spark: Spark, found: Records, theirs: Tables, asked: Any, at: date) -> Any:
    """Everybody who is asked about, with the parts of his pattern, what he bought, what stands in the way."""
    contents = spark.create_table("contents", found.contents.table())
    nothing = ibis.null("array<int64>")
    placed = asked.left_join(_known(found, asked), "subject").drop("subject_right")
    placed = placed.mutate(
        obstacle=placed.obstacle.fill_null(_STRANGER), p=nothing, **dict.fromkeys(PARTS, nothing)
    )
    if theirs:
        weighed = weigh(theirs, contents, at, lambda part: spark.by_subject("part", part))
        placed = (
            placed.drop(*PARTS).left_join(weighed.select("subject", *PARTS), "subject").drop("subject_right")
        )
    if "relation" in theirs:
        relations = theirs["relation"].join(contents.filter(contents.bought).select("content"), "content")
        relations = relations.filter(relations.day <= at)
        bought = relations.group_by("subject").agg(
            p=relations.content.cast("int64").collect(distinct=True).sort()
        )
        placed = placed.drop("p").left_join(bought, "subject").drop("subject_right")
    return placed.select(
        *("subject", "times", "obstacle"), **{name: placed[name].fill_null([]) for name in (*PARTS, "p")}
    )


def _known(found: Records, asked: Any) -> Any:
    """Who is on file, and the place of the obstacle in :data:`.crowd.BARRED`, from 1."""
    bad = found.rejects.filter(found.rejects.subject.notnull())
    each = [table.select("subject", obstacle=ibis.literal(0, "int64")) for table in found.tables.values()]
    each.append(bad.select("subject", obstacle=bad.kind.isin(REFUSALS).cast("int64") + 1))
    known = ibis.union(*each).semi_join(asked, "subject")
    return known.group_by("subject").agg(obstacle=known.obstacle.max())


def _nameless(spark: Spark, found: Records) -> int:
    """How many unreadable refusals may be of anybody."""
    bad = found.rejects
    return spark.count(bad.filter(bad.kind.isin(REFUSALS), bad.subject.isnull()))


def _bought(spark: Spark, placed: Any, campaign: Campaign, contents: Contents, at: date) -> tuple[Any, Crowd]:
    """The portfolios, and for each, ``p``, the number of the first that is as near to the offer."""
    told = spark.to_pyarrow(placed.select("p").distinct())
    lists = told["p"].combine_chunks()
    nobody = np.empty(0, np.int32)
    crowd = Crowd(
        *(at, nobody, nobody, nobody, np.empty((0, len(PARTS)), np.int32)),
        bought=lists.flatten().to_numpy(),
        ends=np.cumsum(pc.list_value_length(lists).to_numpy()),
        contents=contents,
    )
    _, first, place = np.unique(crowd.steps(campaign), return_index=True, return_inverse=True)
    near = told.append_column("portfolio", pa.array(first[place], pa.int64()))
    return spark.create_table("near", near), crowd


# --- What is decided -------------------------------------------------------------------------------------


def _crowd(spark: Spark, portfolios: Crowd, alike: pa.Table, theirs: Tables) -> Crowd:
    """One of all who are alike, as the crowd that is put before a campaign."""
    numbers: tuple[dict[object, int], ...] = tuple({} for _ in PARTS)
    parts = np.empty((len(alike), len(PARTS)), np.int32)
    for place, part in enumerate(PARTS):
        for row, codes in enumerate(alike[part].to_pylist()):
            parts[row, place] = numbers[place].setdefault(tuple(codes), len(numbers[place]))
    obstacle = alike["obstacle"].to_numpy()
    crowd = replace(
        portfolios,
        pattern=np.arange(len(alike)),
        portfolio=alike["portfolio"].to_numpy(),
        obstacle=np.where(obstacle == _STRANGER, 0, obstacle),
        parts=parts,
    )
    return replace(crowd, examples=_histories(spark, crowd, alike["example"], theirs))


def _histories(spark: Spark, crowd: Crowd, names: Any, theirs: Tables) -> dict[int, History]:
    """What is on file of some people, oldest first; of a person's own row the day is null."""
    numbers = crowd.some_of_each()
    rows: list[Row] = [(number, None, None, None, None) for number in numbers.tolist()]
    if theirs and rows:
        wanted = spark.create_table("wanted", pa.table({"number": numbers, "subject": names.take(numbers)}))
        columns = ("number", "content", "day", "other", "line")
        each = [table.join(wanted, "subject").select(*columns) for table in theirs.values()]
        told = spark.to_pyarrow(ibis.union(*each)).to_pylist()
        rows += [tuple(row[name] for name in columns) for row in told]
    return histories(rows, crowd.contents)


def _judged(
    crowd: Crowd, campaign: Campaign, profile: Profile, alike: pa.Table, nameless: bool
) -> tuple[tuple[Verdict, ...], Numbers]:
    """The verdicts, with how many people have each, and for each who are alike the place of theirs."""
    numbers = np.where(alike["obstacle"].to_numpy() == _STRANGER, -1, crowd.pattern)
    verdicts, of_state, states = judged(crowd, campaign, profile, numbers, nameless)
    codes = of_state[states]
    heads = np.zeros(len(verdicts), np.int64)
    np.add.at(heads, codes, alike["heads"].to_numpy())
    return tuple(replace(each, heads=int(n)) for each, n in zip(verdicts, heads, strict=True)), codes


# --- What comes out --------------------------------------------------------------------------------------


def _counts(spark: Spark, rows: Any, alike: pa.Table) -> tuple[int, int, int]:
    """How many rows the audience had, how many could not be read, how many name somebody once more."""
    (told,) = spark.to_pyarrow(rows.agg(rows=rows.count(), bad=rows.reason.count())).to_pylist()
    if not told["rows"]:
        raise BadCase("audience", "names nobody", "list at least one subject")
    people = sum(alike["heads"].to_pylist())
    return told["rows"], told["bad"], told["rows"] - told["bad"] - people


def _told(spark: Spark, people: Any, alike: pa.Table, codes: Numbers, verdicts: Sequence[Verdict]) -> Any:
    """Everybody with the verdict on him, in the cluster."""
    places = alike.select(_ALIKE).append_column("situation", pa.array(codes + 1, pa.int32()))
    words = {name: [tell(verdict) for verdict in verdicts] for name, tell in (*ALLOWED, *REFUSED)}
    verdict = {"situation": [v.number for v in verdicts], "allowed": [v.allowed for v in verdicts], **words}
    schema = pa.schema({"situation": pa.int32(), "allowed": pa.bool_(), **dict.fromkeys(words, pa.string())})
    coded = people.join(spark.create_table("places", places), _ALIKE).select("subject", "times", "situation")
    kept = spark.by_subject("people", coded)
    return kept.join(spark.create_table("verdicts", pa.table(verdict, schema=schema)), "situation")


def _unread(rows: Any) -> Any:
    return rows.filter(rows.reason.notnull()).select(*_REJECT)
