"""screen(): a whole audience, each distinct situation decided once.

The facts of everybody are drawn by one query; people whose files are equal share one decision, made by
the same rules as that of a single person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Final

import ibis
import pyarrow as pa

from grondslag.decide import Decision, decide
from grondslag.law.profiles import STRICT, Profile
from grondslag.law.situation import Collection, Consent, Relation, Situation
from grondslag.screening import audience as audiences
from grondslag.screening import records as on_file
from grondslag.screening.audience import Audience
from grondslag.screening.campaign import Campaign
from grondslag.screening.codes import Codes
from grondslag.screening.decode import Decoder
from grondslag.screening.facts_table import facts_table
from grondslag.screening.lens import Lens, names_in
from grondslag.screening.reasons import OBSTACLES, reason
from grondslag.screening.records import REFUSALS, Records

Progress = Callable[[str], None]
"""Is told what is being done, a few words at a time."""

_NOBODY: Final = ""
"""Stands for whoever has a contact detail that is nobody's: no id is empty."""

NOT_PROVED: Final = "G-07"
"""The rule that decides where records are missing or unreadable: the sender bears the burden of proof."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One distinct situation, its answer, and how many people are in it.

    :ivar obstacle: why the rules were not asked (a key of :data:`.reasons.OBSTACLES`), or empty.
    """

    number: int
    heads: int
    obstacle: str = ""
    decision: Decision | None = None

    @property
    def allowed(self) -> bool:
        return not self.obstacle and self.decision is not None and self.decision.allowed

    @property
    def rule(self) -> str:
        """The id of docs/law.md that decides."""
        return self.decision.rule if self.decision and not self.obstacle else NOT_PROVED

    @property
    def rules(self) -> tuple[str, ...]:
        return self.decision.rules if self.decision and not self.obstacle else (NOT_PROVED,)

    @property
    def slug(self) -> str:
        """The permission that holds; empty for a no."""
        finding = self.decision.deciding if self.decision and self.allowed else None
        return finding.rule.slug if finding else ""

    @property
    def duties(self) -> tuple[str, ...]:
        return self.decision.duties if self.decision and self.allowed else ()

    def reason(self, lang: str) -> str:
        """Why not, in a sentence; empty for a yes.

        :param lang: ``nl`` or ``en``.
        """
        if self.obstacle or self.decision is None:
            return OBSTACLES[self.obstacle][lang]
        return "" if self.allowed else reason(self.decision, lang)


@dataclass(frozen=True, slots=True)
class Screening:
    """What came out.

    :ivar rows: an Ibis table, one row for each person or contact detail of the audience: the first ``line``,
        what stood there (``subject``), and the number of the ``verdict``.
    :ivar verdicts: what the numbers in it stand for.
    :ivar rejects: an Ibis table of every row that could not be read: ``file``, ``line``, ``reason``.
    :ivar warnings: what the user should know before trusting the outcome.
    """

    campaign: Campaign
    at: date
    profile: Profile
    con: Any
    rows: Any
    verdicts: tuple[Verdict, ...]
    rejects: Any
    audience: Audience
    records: Records
    warnings: tuple[str, ...]

    @property
    def people(self) -> int:
        return self.allowed + self.refused

    @property
    def duplicates(self) -> int:
        """How many rows name somebody who stood there before."""
        return self.audience.rows - self.audience.rejected - self.people

    @property
    def allowed(self) -> int:
        return sum(verdict.heads for verdict in self.verdicts if verdict.allowed)

    @property
    def refused(self) -> int:
        return sum(verdict.heads for verdict in self.verdicts if not verdict.allowed)


def screen(
    campaign: Campaign,
    records: Mapping[str, Any],
    audience: Any,
    at: date,
    profile: Profile = STRICT,
) -> Screening:
    """Who of an audience may be approached, from tables in memory: of DuckDB, Arrow, pandas or Polars.

    Tables of Ibis must be on one DuckDB connection.

    :param records: kind → table with the columns ``subject``, ``date`` and those of the format.
    :param audience: a table with a column ``subject``, or another that :mod:`.identifiers` knows.
    :raises BadCase: when a table does not follow the format.
    :raises NoLawInForce: when the day lies before the law that the rulebook holds.
    """
    expressions = [table for table in (audience, *records.values()) if isinstance(table, ibis.Table)]
    con = ibis.get_backend(expressions[0]) if expressions else ibis.duckdb.connect()
    on_records = on_file.of_tables(con, records)
    people = audiences.of_memory(con, audience, on_records)
    return screened(campaign, on_records, people, at, profile, con)


def screened(  # noqa: PLR0913
    campaign: Campaign,
    records: Records,
    audience: Audience,
    at: date,
    profile: Profile,
    con: Any,
    progress: Progress = lambda _: None,
) -> Screening:
    """:func:`screen` for records and an audience that have been read."""
    progress("looking for ids that differ only in spelling")
    known = con.create_table("known", _subjects(records.tables.values()))
    asked = audience.table.select(subject=audience.table.subject.fill_null(_NOBODY))
    subjects = con.create_table("subjects", asked.distinct())
    warnings, nameless = _doubts(con, records, subjects, known)
    progress("drawing the facts of everybody")
    decoder = Decoder(lens_of(campaign, at, spellings(con, records.tables)))
    wanted = {kind: table.semi_join(subjects, "subject") for kind, table in records.tables.items()}
    files = facts_table(wanted, decoder.lens)
    people = con.create_table("people", _people(subjects, files, known, records.rejects))
    progress("deciding each distinct situation once")
    verdicts, leads = _decided(con, people, decoder, profile, nameless)
    each = people.join(con.create_table("leads", leads), ["obstacle", "file"]).select("subject", "verdict")
    rows = con.create_table("rows", _rows(audience, each, verdicts))
    counts = con.execute(rows.group_by("verdict").agg(heads=rows.count()))
    heads = dict(zip(counts["verdict"], map(int, counts["heads"]), strict=True))
    verdicts = tuple(
        replace(verdict, heads=heads[verdict.number]) for verdict in verdicts if verdict.number in heads
    )
    rejects = audience.rejects.union(records.rejects.select("file", "line", "reason"))
    return Screening(campaign, at, profile, con, rows, verdicts, rejects, audience, records, warnings)


def spellings(con: Any, tables: Mapping[str, Any]) -> tuple[list[str], list[tuple[str, str]]]:
    """How the records spell organisations, and countries and municipalities: what :func:`lens_of` sorts."""
    spelled: list[str] = []
    for kind, column in (("collected", "by"), ("relation", "with"), ("withdrawal", "at"), ("consent", "to")):
        if kind in tables:
            names = tables[kind][column]
            spelled += _distinct(con, names.unnest() if kind == "consent" else names)
    places = [
        (column, name)
        for column in ("country", "municipality")
        if "person" in tables
        for name in _distinct(con, tables["person"][column])
    ]
    return list(dict.fromkeys(spelled)), places


def lens_of(campaign: Campaign, at: date, names: tuple[list[str], list[tuple[str, str]]]) -> Lens:
    """The lens for a campaign on a day, over records that spell names so."""
    return Lens(campaign, at, Codes(campaign, names_in(campaign, at, *names)))


def _distinct(con: Any, column: Any) -> list[str]:
    found = con.execute(column.name("name").as_table().distinct().order_by("name"))
    return [name for name in found["name"] if isinstance(name, str)]


def _rows(audience: Audience, each: Any, verdicts: tuple[Verdict, ...]) -> Any:
    """Each person or contact detail once, with its verdict: of those who share a detail, the worst."""
    allowed = [verdict.number for verdict in verdicts if verdict.allowed]
    given = audience.table.mutate(subject=audience.table.subject.fill_null(_NOBODY))
    if audience.by.is_subject:
        once = given.group_by("subject").agg(line=given.line.min())
        return once.join(each, "subject").select("line", "subject", "verdict")
    found = given.join(each, "subject")
    bad = (~found.verdict.isin(allowed)).ifelse(found.verdict, None)
    lines = found.group_by("line").agg(
        given=found.given.min(),
        verdict=ibis.coalesce(bad.min(), found.verdict.min()),
        people=found.subject.collect(order_by="subject"),
    )
    # Who is not known has no id by which to see that it is the same one.
    who = (lines.people == [_NOBODY]).ifelse(ibis.array([lines.given]), lines.people)
    return lines.group_by(people=who).agg(
        line=lines.line.min(), subject=lines.given.argmin(lines.line), verdict=lines.verdict.min()
    )


def _people(subjects: Any, files: Any, known: Any, bad: Any) -> Any:
    """Each subject with its file, or what stands in the way, one row each."""
    told = bad.mutate(refuses=bad.kind.isin(REFUSALS))
    sure = told.filter(told.subject.notnull()).select("subject", "refuses")
    named = sure.union(told.select(subject=told.named.unnest(), refuses=told.refuses))
    spoiled = named.group_by("subject").agg(refuses=named.refuses.any())
    every = subjects
    for beside in (files, known.mutate(known=True), spoiled):
        every = every.left_join(beside, "subject").drop("subject_right")
    obstacle = ibis.cases(
        (every.refuses.fill_null(False), "unreadable-refusal"),
        (every.refuses.notnull(), "unreadable"),
        (every.known.isnull(), "unknown"),
        else_="",
    )
    told = every.select("subject", obstacle=obstacle, file=every.file.fill_null(""))
    return told.mutate(file=(told.obstacle == "").ifelse(told.file, ""))


def _decided(
    con: Any, people: Any, decoder: Decoder, profile: Profile, nameless: bool
) -> tuple[tuple[Verdict, ...], Any]:
    """A verdict for each distinct situation, and the table that leads from files to verdicts."""
    distinct = people.select("obstacle", "file").distinct().order_by("obstacle", "file")
    found: dict[object, Verdict] = {}
    leads: dict[str, list[Any]] = {"obstacle": [], "file": [], "verdict": []}
    for batch in distinct.to_pyarrow_batches():
        for row in batch.to_pylist():
            key: object = row["obstacle"] or settled(decoder.situation(row["file"]))
            verdict = found.get(key)
            if verdict is None:
                verdict = _verdict(len(found) + 1, key, decoder, profile, nameless)
            found[key] = verdict
            leads["obstacle"].append(row["obstacle"])
            leads["file"].append(row["file"])
            leads["verdict"].append(verdict.number)
    schema = pa.schema({"obstacle": pa.string(), "file": pa.string(), "verdict": pa.int64()})
    return tuple(found.values()), ibis.memtable(pa.table(leads, schema=schema))


def _verdict(number: int, key: object, decoder: Decoder, profile: Profile, nameless: bool) -> Verdict:
    if not isinstance(key, Situation):
        return Verdict(number, 0, str(key))
    decision = decide(key, at=decoder.lens.at, profile=profile)
    return Verdict(number, 0, "nameless-refusal" if nameless and decision.allowed else "", decision)


@cache
def _spelled(record: Consent | Collection | Relation) -> str:
    """What a record sorts by; there are few different ones."""
    return repr(record)


def settled(situation: Situation) -> Situation:
    """The situation with its consents, collections and relations in one settled order.

    The order of what is on file must make no difference between two people.
    """
    return replace(
        situation,
        consents=tuple(sorted(situation.consents, key=_spelled)),
        collections=tuple(sorted(situation.collections, key=_spelled)),
        relations=tuple(sorted(situation.relations, key=_spelled)),
    )


def _subjects(tables: Iterable[Any]) -> Any:
    subjects = [table.select("subject") for table in tables]
    return (ibis.union(*subjects) if len(subjects) > 1 else subjects[0]).distinct()


def _doubts(con: Any, records: Records, subjects: Any, known: Any) -> tuple[tuple[str, ...], bool]:
    """Warnings, and whether an unreadable refusal is of nobody that we know."""
    ids = con.create_table("ids", _subjects([subjects, known]))
    spelled = ids.mutate(alike=_nfc_normalize(ids.subject).lower())
    several = spelled.group_by("alike").having(spelled.subject.count() > 1).agg(n=spelled.subject.count())
    alike = spelled.semi_join(several, "alike").semi_join(subjects, "subject").count()
    rejects = records.rejects
    bad = rejects.filter(rejects.kind.isin(REFUSALS), rejects.subject.isnull())
    guessed = bad.mutate(guess=bad.named.unnest()).semi_join(ids, [("guess", "subject")])
    attributed = guessed.select("file", "line").distinct()
    nameless = int(con.execute(bad.count())) - int(con.execute(attributed.count()))
    warnings = []
    if nameless:
        warnings.append(
            f"{nameless} unreadable row(s) of {' and '.join(REFUSALS)} name nobody that is known: they may "
            "be of anyone, so nobody may be approached until they are mended (see rejects.csv)"
        )
    if found := int(con.execute(alike)):
        warnings.append(
            f"{found} subject(s) of the audience differ from another id only in capitals or Unicode form: "
            "they were taken for different people"
        )
    for kind in REFUSALS:
        if not any(file.stem == kind for file in records.sources) and records.sources:
            warnings.append(f"there is no table {kind}: nobody counts as having made one")
    return tuple(warnings), nameless > 0


@ibis.udf.scalar.builtin(name="nfc_normalize")  # type: ignore[untyped-decorator]
def _nfc_normalize(text: str) -> str:
    """The composed Unicode form (the engine's own function)."""
    raise NotImplementedError
