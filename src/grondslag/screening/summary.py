"""The counts of a screening, for a marketer to read and for a program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from grondslag import locale
from grondslag.law.rules import REQUIRES
from grondslag.screening.screen import Screening, Verdict


@dataclass(frozen=True, slots=True)
class Count:
    """How many people share a ground or a reason."""

    rule: str
    words: str
    words_nl: str
    heads: int
    share: float
    """Of the people decided on, in percent."""


@dataclass(frozen=True, slots=True)
class Table:
    """How many rows of one input were read, and how many could not be."""

    file: str
    rows: int
    rejected: int


@dataclass(frozen=True, slots=True)
class ScreeningSummary:
    """What came out of a screening, in numbers."""

    campaign: str
    controller: str
    day: date
    profile: str
    audience_rows: int
    duplicates: int
    audience_rejected: int
    people: int
    allowed: int
    refused: int
    situations: int
    grounds: tuple[Count, ...]
    reasons: tuple[Count, ...]
    duties: tuple[Count, ...]
    records: tuple[Table, ...]
    warnings: tuple[str, ...]
    out: Path | None = None

    def plain(self) -> dict[str, Any]:
        """For ``summary.json``."""
        kept = {name: value for name, value in asdict(self).items() if name != "out"}
        return {**kept, "day": self.day.isoformat()}

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def summary(screening: Screening, out: Path | None = None) -> ScreeningSummary:
    """The counts of a screening.

    :raises RuntimeError: when they do not add up: a fault of the program, and no file may be written.
    """
    audience = screening.audience
    decided = int(screening.con.execute(screening.rows.count()))
    if screening.people != decided:
        raise RuntimeError(f"{decided} people, but {screening.people} decisions")
    yes = [verdict for verdict in screening.verdicts if verdict.allowed]
    no = [verdict for verdict in screening.verdicts if not verdict.allowed]
    total = screening.people
    return ScreeningSummary(
        campaign=screening.campaign.name,
        controller=str(screening.campaign.controller.get("name", "")),
        day=screening.at,
        profile=screening.profile.name,
        audience_rows=audience.rows,
        duplicates=screening.duplicates,
        audience_rejected=audience.rejected,
        people=total,
        allowed=screening.allowed,
        refused=screening.refused,
        situations=len(screening.verdicts),
        grounds=_counts(((v.rule, *_both(v.slug), v.heads) for v in yes), total),
        reasons=_counts(((v.rule, v.reason("en"), v.reason("nl"), v.heads) for v in no), total),
        duties=_counts(_duties(yes), total),
        records=tuple(_tables(screening)),
        warnings=screening.warnings,
        out=out,
    )


def _counts(told: Iterable[tuple[str, str, str, int]], total: int) -> tuple[Count, ...]:
    heads: dict[tuple[str, str, str], int] = {}
    for *key, number in told:
        rule, words, words_nl = key
        heads[rule, words, words_nl] = heads.get((rule, words, words_nl), 0) + number
    ordered = sorted(heads.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Count(*key, number, round(100 * number / total, 2)) for key, number in ordered)


def _duties(verdicts: Iterable[Verdict]) -> Iterator[tuple[str, str, str, int]]:
    for verdict in verdicts:
        for finding in verdict.decision.findings if verdict.decision else ():
            if finding.rule.effect == REQUIRES and finding.rule.ids[0] in verdict.duties:
                yield finding.rule.ids[0], *_both(finding.rule.slug), verdict.heads


def _both(slug: str) -> tuple[str, str]:
    """What a rule says, in English and in Dutch."""
    return locale.rule(slug, "en"), locale.rule(slug, "nl")


def _tables(screening: Screening) -> Iterator[Table]:
    con, rejects = screening.con, screening.records.rejects
    bad = con.execute(rejects.group_by("file").agg(n=rejects.count()))
    rejected = dict(zip(bad["file"], bad["n"], strict=True))
    for file in screening.records.sources:
        if file.stem not in screening.records.tables:
            continue
        read = int(con.execute(screening.records.tables[file.stem].count()))
        wrong = int(rejected.get(file.name, 0))
        yield Table(file.name, read + wrong, wrong)


# --- For people to read ----------------------------------------------------------------------------------


def _lines(told: ScreeningSummary) -> Iterator[str]:
    campaign, sender = told.campaign or "Campaign", told.controller or "an unnamed sender"
    yield f"{campaign}: {sender}, {locale.day(told.day, 'en')}, profile {told.profile}"
    yield ""
    yield f"  {told.people:>10,}  people, from {told.audience_rows:,} rows{_apart(told)}"
    yield f"  {told.allowed:>10,}  may be approached      {_share(told.allowed, told.people)}"
    yield f"  {told.refused:>10,}  may not be approached  {_share(told.refused, told.people)}"
    for title, counts in (
        ("May be approached, by ground", told.grounds),
        ("May not be approached, by reason", told.reasons),
        ("Still to be seen to, for those who may be approached", told.duties),
    ):
        if counts:
            yield ""
            yield title
            yield from (f"  {c.heads:>10,}  {c.share:>6.2f}%  {c.rule:<5} {c.words}" for c in counts)
    yield ""
    read, bad = sum(table.rows for table in told.records), sum(table.rejected for table in told.records)
    yield f"{told.situations:,} distinct situations, drawn from {read:,} records ({bad:,} could not be read)."
    for warning in told.warnings:
        yield f"Note: {warning}."
    if told.out:
        yield f"Written to {told.out}: allowed.csv, refused.csv, rejects.csv, situations.csv,"
        yield "  summary.json, receipt.json"


def _apart(told: ScreeningSummary) -> str:
    parts = [(told.duplicates, "repeated"), (told.audience_rejected, "unreadable")]
    said = ", ".join(f"{number:,} {word}" for number, word in parts if number)
    return f" ({said})" if said else ""


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):6.2f}%"
