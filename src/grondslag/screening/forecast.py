"""How the reachable audience shrinks, month by month, when nothing is done; and what would keep most of it.

Nothing that is not on file is guessed: no new purchase, no new consent, no new objection.  What passes is
time: consents run out, customers cease to be customers, requests and registers grow stale, the term ends
for which data are kept, and the law itself changes on days that are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np

from grondslag.errors import NoLawInForce
from grondslag.facts.reading import add_months
from grondslag.law.profiles import Profile
from grondslag.screening.campaign import Campaign
from grondslag.screening.progress import Progress, silent
from grondslag.screening.reasons import reason
from grondslag.screening.remedies import remedy
from grondslag.screening.retention import Retention
from grondslag.screening.snapshot import Snapshot
from grondslag.screening.verdicts import Numbers, Verdict, judged

CHANNELS: Final = ("email", "sms", "phone", "post")


@dataclass(frozen=True, slots=True)
class Loss:
    """Why people who may be approached today may not be later, and what would keep them.

    :ivar remedy: the smallest lawful change in the organisation's own power; empty when there is none.
    """

    rule: str
    words: str
    remedy: str
    heads: int


@dataclass(frozen=True, slots=True)
class Month:
    """One channel, so many months ahead.

    :ivar gone: how many more might be approached, if the term had not ended for which their data are kept.
    """

    day: date
    channel: str
    allowed: int
    lost: tuple[Loss, ...]
    gone: int = 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """Every month and channel that was asked about.

    :ivar people: how many people were looked at, each once.
    :ivar kept: for how many months data are kept for marketing, as first stated; none when it is not.
    """

    campaign: str
    people: int
    months: tuple[Month, ...]
    kept: int | None = None

    def of(self, channel: str) -> tuple[Month, ...]:
        return tuple(month for month in self.months if month.channel == channel)

    def keeps_most(self, channel: str) -> Loss | None:
        """What would keep most of those who are lost at the end; none when nothing would."""
        kept: dict[str, Loss] = {}
        for loss in self.of(channel)[-1].lost if self.of(channel) else ():
            if loss.remedy:
                before = kept.get(loss.remedy, replace(loss, heads=0))
                kept[loss.remedy] = replace(before, heads=before.heads + loss.heads)
        return max(kept.values(), key=lambda loss: loss.heads, default=None)

    def plain(self) -> dict[str, Any]:
        """For ``forecast.json``."""
        return asdict(self)

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def forecast(  # noqa: PLR0913
    campaign: Campaign,
    snapshot: Snapshot,
    numbers: Numbers | None,
    at: date,
    profile: Profile,
    months: int = 12,
    channels: Sequence[str] = CHANNELS,
    lang: str = "en",
    progress: Progress = silent,
) -> Forecast:
    """Month by month from a day.

    :param numbers: those to look at, as a snapshot numbers them; everybody when left out.
    """
    whom = (
        np.arange(snapshot.about.people, dtype=np.int32)
        if numbers is None
        else np.unique(numbers[numbers >= 0])
    )
    nameless = snapshot.about.nameless > 0
    base: dict[str, Numbers] = {}
    found: list[Month] = []
    retention, stated = Retention(campaign, snapshot), None
    for ahead in range(months + 1):
        day = add_months(at, ahead)
        progress("weighing everybody, month by month", ahead, months + 1)
        crowd = snapshot.crowd(day)
        term = retention.on(day)
        stated = stated or term
        for channel in channels:
            seen = replace(campaign, act={**campaign.act, "channel": channel})
            try:
                verdicts, of_state, states = judged(crowd, seen, profile, whom, nameless)
            except NoLawInForce:
                continue
            lawful = np.array([verdict.allowed for verdict in verdicts], bool)[of_state][states]
            yes = lawful & term.kept[whom] if term else lawful
            lost = base.setdefault(channel, lawful) & ~yes
            losses = _losses(verdicts, of_state[states[lost & ~lawful]], lang)
            if term and (gone := int((lost & lawful).sum())):
                losses = _ordered((*losses, Loss(term.ended.rule, reason(term.ended, lang), "", gone)))
            found.append(Month(day, channel, int(yes.sum()), losses, int((lawful & ~yes).sum())))
    return Forecast(campaign.name, len(whom), tuple(found), stated.months if stated else None)


def _losses(verdicts: Sequence[Verdict], codes: Numbers, lang: str) -> tuple[Loss, ...]:
    heads = np.bincount(codes, minlength=len(verdicts))
    found: dict[tuple[str, str, str], int] = {}
    for code in np.flatnonzero(heads).tolist():
        verdict = verdicts[code]
        key = (verdict.rule, verdict.reason(lang), remedy(verdict, lang))
        found[key] = found.get(key, 0) + int(heads[code])
    return _ordered(Loss(*key, number) for key, number in found.items())


def _ordered(losses: Iterable[Loss]) -> tuple[Loss, ...]:
    return tuple(sorted(losses, key=lambda loss: (-loss.heads, loss.rule, loss.words, loss.remedy)))


def _lines(told: Forecast) -> Iterator[str]:
    yield f"{told.campaign or 'Campaign'}: {told.people:,} people, if nothing is done"
    if told.kept is None:
        yield "How long data are kept is not stated (policies, in the campaign): nobody is left out for it."
    else:
        yield f"Data are kept for {told.kept} months after the last time that somebody dealt with you (K-06)."
    for channel in dict.fromkeys(month.channel for month in told.months):
        months = told.of(channel)
        yield ""
        yield f"By {channel}"
        for month in months:
            share = 100 * month.allowed / told.people if told.people else 0.0
            gone = f"  {month.gone:,} no longer kept" if month.gone else ""
            yield f"  {month.day}  {month.allowed:>12,}  {share:6.2f}%  {'#' * round(share / 2)}{gone}"
        for loss in months[-1].lost[:5]:
            yield f"    lost {loss.heads:,}: {loss.rule} {loss.words}"
        if best := told.keeps_most(channel):
            yield f"    What would keep most ({best.heads:,}): {best.remedy}"
