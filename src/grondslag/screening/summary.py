"""The counts of a screening, for a marketer to read and for a program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from grondslag import locale
from grondslag.law.rules import REQUIRES
from grondslag.screening.compare import Comparison
from grondslag.screening.progress import Progress, silent
from grondslag.screening.remedies import Change, change
from grondslag.screening.verdicts import Result, Verdict


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
class Help:
    """How many of those who may not be approached one and the same change would help."""

    words: str
    words_nl: str
    sure: bool
    """The change suffices; else what comes out of it is not in the sender's hands."""
    heads: int
    share: float
    """Of the people who may not be approached, in percent."""


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
    expires: date
    """The last day on which the outcome may be used."""
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
    remedies: tuple[Help, ...]
    beyond: int
    """How many may not be approached, and nothing in the sender's own power changes that."""
    duties: tuple[Count, ...]
    records: tuple[Table, ...]
    warnings: tuple[str, ...]
    warnings_nl: tuple[str, ...]
    comparison: Comparison | None = None
    out: Path | None = None

    def plain(self) -> dict[str, Any]:
        """For ``summary.json``."""
        apart = ("out", "comparison")
        kept = {name: value for name, value in asdict(self).items() if name not in apart}
        return {**kept, "day": self.day.isoformat(), "expires": self.expires.isoformat()}

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def summary(screening: Result, progress: Progress = silent) -> ScreeningSummary:
    """The counts of a screening.

    :raises RuntimeError: when they do not add up: a fault of the program, and no file may be written.
    """
    total, repeated = screening.allowed + screening.refused, screening.duplicates
    if total + repeated + screening.rejected != screening.rows:
        raise RuntimeError(f"{screening.rows} rows, but {total} decisions and {repeated} repeats")
    yes = [verdict for verdict in screening.verdicts if verdict.allowed]
    no = [verdict for verdict in screening.verdicts if not verdict.allowed]
    helps = _helps(no, screening.refused, progress)
    return ScreeningSummary(
        campaign=screening.campaign.name,
        controller=str(screening.campaign.controller.get("name", "")),
        day=screening.at,
        expires=screening.expires,
        profile=screening.profile.name,
        audience_rows=screening.rows,
        duplicates=repeated,
        audience_rejected=screening.rejected,
        people=total,
        allowed=screening.allowed,
        refused=screening.refused,
        situations=len(screening.verdicts),
        grounds=_counts(((v.rule, *_both(v.slug), v.heads) for v in yes), total),
        reasons=_counts(((v.rule, v.reason("en"), v.reason("nl"), v.heads) for v in no), total),
        remedies=helps,
        beyond=screening.refused - sum(help_.heads for help_ in helps),
        duties=_counts(_duties(yes), total),
        records=tuple(_tables(screening)),
        warnings=tuple(doubt.words("en") for doubt in screening.warnings),
        warnings_nl=tuple(doubt.words("nl") for doubt in screening.warnings),
    )


def _counts(told: Iterable[tuple[str, str, str, int]], total: int) -> tuple[Count, ...]:
    heads: dict[tuple[str, str, str], int] = {}
    for *key, number in told:
        rule, words, words_nl = key
        heads[rule, words, words_nl] = heads.get((rule, words, words_nl), 0) + number
    ordered = sorted(heads.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Count(*key, number, round(100 * number / max(total, 1), 2)) for key, number in ordered)


def _helps(refused: Sequence[Verdict], total: int, progress: Progress) -> tuple[Help, ...]:
    heads: Counter[Change] = Counter()
    for place, verdict in enumerate(refused):
        progress("looking for what would help", place, len(refused))
        if found := change(verdict):
            heads[found] += verdict.heads
    ordered = sorted(heads.items(), key=lambda item: (-item[1], item[0].slugs))
    return tuple(
        Help(each.words("en"), each.words("nl"), each.sure, number, round(100 * number / max(total, 1), 2))
        for each, number in ordered
    )


def _duties(verdicts: Iterable[Verdict]) -> Iterator[tuple[str, str, str, int]]:
    for verdict in verdicts:
        for finding in verdict.decision.findings if verdict.decision else ():
            if finding.rule.effect == REQUIRES and finding.rule.ids[0] in verdict.duties:
                yield finding.rule.ids[0], *_both(finding.rule.slug), verdict.heads


def _both(slug: str) -> tuple[str, str]:
    """What a rule says, in English and in Dutch."""
    return locale.rule(slug, "en"), locale.rule(slug, "nl")


def _tables(screening: Result) -> Iterator[Table]:
    for source in screening.sources:
        yield Table(str(source["file"]), int(source["rows"]), int(source["rejected"]))


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
    if told.refused:
        yield from _what_helps(told)
    yield ""
    read, bad = sum(table.rows for table in told.records), sum(table.rejected for table in told.records)
    yield f"{told.situations:,} distinct situations, drawn from {read:,} records ({bad:,} could not be read)."
    for warning in told.warnings:
        yield f"Note: {warning}."
    yield f"Use it until {locale.day(told.expires, 'en')}, that day included; then screen again."
    if told.out:
        yield f"Written to {told.out}: report.html to read and to keep;"
        yield "  allowed, refused, repeated and rejected rows; situations.csv, summary.json, receipt.json"


def _what_helps(told: ScreeningSummary) -> Iterator[str]:
    yield ""
    yield f"Of these {told.refused:,}, what would help"
    for each in told.remedies:
        yield f"  {each.heads:>10,}  {each.share:>6.2f}%  {each.words}{'' if each.sure else ' *'}"
    if told.beyond:
        share = 100 * told.beyond / told.refused
        yield f"  {told.beyond:>10,}  {share:>6.2f}%  Nothing that you can do yourself."
    if not all(each.sure for each in told.remedies):
        yield f"{'':>22}* Whether you may then depends on the outcome."


def _apart(told: ScreeningSummary) -> str:
    parts = [(told.duplicates, "repeated"), (told.audience_rejected, "unreadable")]
    said = ", ".join(f"{number:,} {word}" for number, word in parts if number)
    return f" ({said})" if said else ""


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):6.2f}%"
