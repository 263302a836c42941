"""``report.html``: one page about a screening, for the marketer to act on and for the file to keep.

Dutch and English, printable, readable without JavaScript, and nothing is fetched from elsewhere.  It holds
counts, and no data of anybody on the list.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from importlib import resources
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grondslag import locale
from grondslag.explain import about_act, profile_words
from grondslag.law.citations import Citation, Law
from grondslag.law.rules import PERMITS, REQUIRES
from grondslag.question import Act
from grondslag.screening.remedies import remedy
from grondslag.screening.summary import Count, Help, ScreeningSummary
from grondslag.screening.verdicts import Screening, Verdict

LANGUAGES: Final = ("nl", "en")
SHOWN: Final = 12
"""How many situations are written out at most; situations.csv holds all."""

Receipt = Mapping[str, Any]

_TEMPLATES: Final = Environment(
    loader=PackageLoader("grondslag.screening"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(screening: Screening, summary: ScreeningSummary, receipt: Receipt) -> str:
    """The page as HTML.

    :param receipt: the contents of the receipt, with the outputs that were written before this one.
    """
    style = (resources.files(__package__) / "templates" / "report.css").read_text("utf-8")
    return _TEMPLATES.get_template("report.html").render(
        texts=[_Text(screening, summary, receipt, lang) for lang in LANGUAGES],
        campaign=summary.campaign,
        style=Markup(style),
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


class _Text:
    """What the page says in one language."""

    def __init__(self, screening: Screening, summary: ScreeningSummary, receipt: Receipt, lang: str) -> None:
        self.lang, self.summary, self.receipt = lang, summary, receipt
        self._screening = screening
        self._laws = dict(_laws(screening.verdicts))

    def __call__(self, key: str, **values: object) -> str:
        """A text of the page by its key, its gaps filled."""
        return locale.word("report", key, self.lang).format(**values)

    # --- Words for values ---

    def number(self, value: int) -> str:
        return locale.number(value, self.lang)

    def share(self, part: int, whole: int) -> str:
        return locale.share(part, whole, self.lang)

    def day(self, value: date) -> str:
        return locale.day(value, self.lang)

    def people(self, heads: int) -> str:
        return self("person") if heads == 1 else self("people", count=self.number(heads))

    def words(self, told: Count | Help) -> str:
        """Of a ground, reason, duty or remedy."""
        return told.words_nl if self.lang == "nl" else told.words

    @property
    def warnings(self) -> tuple[str, ...]:
        return self.summary.warnings_nl if self.lang == "nl" else self.summary.warnings

    def law(self, told: Count) -> tuple[str, str]:
        """Where a ground, reason or duty stands."""
        return self._cited(self._laws.get((told.rule, told.words)))

    def law_of(self, verdict: Verdict) -> tuple[str, str]:
        """Where the rule stands that decides."""
        return self._cited(self._laws.get(_key(verdict)))

    def _cited(self, law: Law | None) -> tuple[str, str]:
        """A place, and a link to its text on the day; no link to what is not statute."""
        return str(law or ""), law.url(self.summary.day) if isinstance(law, Citation) else ""

    # --- Parts of the page ---

    @property
    def act(self) -> str:
        """The act in words, e.g. 'e-mail, advertising'."""
        act = Act(self.summary.day, "contact", self._screening.campaign.act)
        return ", ".join(about_act(act, self.lang))

    @property
    def kind(self) -> str:
        """What sort of organisation the sender is, when it says so."""
        kind = self.receipt["controller"].get("kind", "")
        return locale.word("kinds", kind, self.lang) if kind else ""

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """The act as the campaign file has it."""
        return tuple(_flat(self.receipt["act"]))

    @property
    def reviewed_on(self) -> str:
        on = self._screening.campaign.products.reviewed_on
        return self.day(on) if on else self("unreviewed")

    @property
    def profile(self) -> str:
        return profile_words(self._screening.profile, self.lang)

    @property
    def switches(self) -> tuple[tuple[str, str, str], ...]:
        """Of each contested point: its id, what it is about, and the choice."""
        return tuple(
            (switch, locale.word("switches", switch, self.lang), locale.word("settings", setting, self.lang))
            for switch, setting in self.receipt["switches"].items()
        )

    @property
    def inputs(self) -> tuple[tuple[str, str], ...]:
        """The files that were read, with their hashes."""
        return tuple((name, file["sha256"]) for name, file in self.receipt["inputs"].items())

    @property
    def situations(self) -> Sequence[Verdict]:
        """The largest of each ground and reason, the largest first."""
        largest: dict[tuple[str, str], Verdict] = {}
        for verdict in sorted(self._screening.verdicts, key=lambda verdict: (-verdict.heads, verdict.number)):
            largest.setdefault(_key(verdict), verdict)
        return tuple(largest.values())[:SHOWN]

    def says(self, verdict: Verdict) -> str:
        """The ground or the reason, in a sentence."""
        return _says(verdict, self.lang)

    def remedy(self, verdict: Verdict) -> str:
        return remedy(verdict, self.lang)

    def conditions(self, verdict: Verdict) -> Iterator[tuple[str, str, tuple[str, str]]]:
        """The conditions of the deciding rule: the answer, what is so, and where it stands if elsewhere."""
        finding = verdict.decision.deciding if verdict.decision and not verdict.obstacle else None
        if finding is None:
            return
        for clause in finding.clauses:
            answer = clause.answer.value
            said = locale.clause(finding.rule.slug, str(clause.words), clause.id, self.lang, answer)
            elsewhere = clause.law if clause.law != self._laws[_key(verdict)] else None
            yield locale.word("answers", answer, self.lang), said, self._cited(elsewhere)


def _flat(fields: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Nested fields as rows: ``message.opt_out``, ``one-click``."""
    for name, value in fields.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            said = [each if isinstance(each, str) else json.dumps(each) for each in _listed(value)]
            yield before + name, ", ".join(said)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _says(verdict: Verdict, lang: str) -> str:
    return locale.rule(verdict.slug, lang) if verdict.allowed else verdict.reason(lang)


def _key(verdict: Verdict) -> tuple[str, str]:
    """What the summary counts it under."""
    return verdict.rule, _says(verdict, "en")


def _laws(verdicts: Iterable[Verdict]) -> Iterator[tuple[tuple[str, str], Law]]:
    """Where each ground, reason and open duty stands."""
    for verdict in verdicts:
        finding = verdict.decision.deciding if verdict.decision and not verdict.obstacle else None
        if verdict.decision is None or finding is None:
            continue
        failing = finding.failing if finding.rule.effect == PERMITS else ()
        yield _key(verdict), failing[0].law if failing else finding.rule.law
        for other in verdict.decision.findings:
            if other.rule.effect == REQUIRES and other.rule.ids[0] in verdict.duties:
                yield (other.rule.ids[0], locale.rule(other.rule.slug, "en")), other.rule.law
