"""The report of a proof pack, for people to read: Dutch or English, as a PDF."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from grondslag import locale
from grondslag import vocabulary as v
from grondslag.explain import HEADS, explain
from grondslag.register.deciding import DECIDED
from grondslag.register.history import Known
from grondslag.register.proving.choosing import Made, Piece, Scope
from grondslag.register.proving.evidence import Evidence
from grondslag.register.proving.paper import Paper
from grondslag.situations import typed

_SMALL: Final = ("hash", "fields")


@dataclass(slots=True)
class Contents:
    """What a pack holds, as it is told.

    :ivar whole: how many decisions there are of the campaign.
    :ivar outcomes: answer and deciding rule → how many decisions.
    :ivar texts: what was shown, for each notice that has its text on record.
    :ivar pieces: the first ones, to be written out.
    """

    whole: int = 0
    entries: int = 0
    decisions: int = 0
    forgotten: int = 0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    texts: dict[int, Known] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)


def report(evidence: Evidence, scope: Scope, contents: Contents, lang: str) -> bytes:
    """The PDF.

    :param lang: ``nl`` or ``en``.
    """
    return _Report(evidence, scope, contents, lang).made()


class _Report:
    def __init__(self, evidence: Evidence, scope: Scope, contents: Contents, lang: str) -> None:
        self.evidence, self.scope, self.contents, self.lang = evidence, scope, contents, lang
        kind = "person" if scope.subject else "campaign" if scope.sample is None else "sample"
        self.title = self.word(f"title-{kind}")
        self.paper = Paper(self.title, evidence.register.controller, lang, evidence.signed)

    def word(self, name: str, group: str = "proof", **said: object) -> str:
        return locale.word(group, name, self.lang).format(**said)

    def number(self, count: int) -> str:
        return locale.number(count, self.lang)

    def moment(self, moment: datetime) -> str:
        """A moment in full, in UTC."""
        utc = moment.astimezone(UTC)
        return self.word("at", day=locale.day(utc.date(), self.lang), clock=f"{utc:%H:%M:%S}")

    def made(self) -> bytes:
        paper, contents = self.paper, self.contents
        paper.head(self.title, 0)
        self._first()
        told = [piece for piece in contents.pieces if piece.forgotten is None]
        if len(told) < contents.decisions and not self.scope.subject:
            paper.ln(2)
            paper.text_("  " + self.word("some", count=self.number(len(told))))
        if contents.texts:
            paper.head(self.word("shown-texts"))
            for entry in contents.texts.values():
                self._text(entry)
        if self.scope.subject:
            self._recorded(told[0].entries)
        decisions = [(piece, made) for piece in told for made in piece.decisions]
        if decisions:
            paper.head(self.word("decisions"))
        for n, (piece, made) in enumerate(decisions, 1):
            self._decision(n, piece, made)
            if not self.scope.subject:
                for entry in piece.entries:
                    self._entry(entry)
        paper.head(self.word("check"))
        paper.text_("  " + self.word("steps").replace("\n", "\n  "))
        paper.text_("  " + self.word("proves"))
        return bytes(paper.output())

    def _first(self) -> None:
        """Who, what, and the log that vouches for it."""
        evidence, contents, scope = self.evidence, self.contents, self.scope
        row = self.paper.row
        row(self.word("organisation"), evidence.register.controller)
        row(self.word("person"), ", ".join(scope.subject.values()))
        row(self.word("campaign"), scope.campaign)
        if scope.sample is not None:
            told = {"count": self.number(contents.decisions + contents.forgotten), "seed": scope.seed}
            row(self.word("sample"), self.word("drawn", whole=self.number(contents.whole), **told))
        counted = {"entries": self.number(contents.entries), "decisions": self.number(contents.decisions)}
        row(self.word("in-pack"), self.word("counted", **counted))
        if contents.forgotten:
            row("", self.word("forgotten", count=self.number(contents.forgotten)))
        outcomes = [
            f"{self.number(count)} × {self._outcome(*outcome)}"
            for outcome, count in sorted(contents.outcomes.items(), key=lambda told: (-told[1], told[0]))
        ]
        row(self.word("outcomes"), "\n".join(outcomes))
        size = self.number(evidence.checkpoint.size)
        row(self.word("log"), evidence.checkpoint.origin)
        row(self.word("signed"), self.word("over", time=self.moment(evidence.signed), count=size))
        stamped = self.moment(evidence.stamped) if evidence.stamped else self.word("no-stamp")
        row(self.word("stamp"), stamped)
        row(self.word("root"), evidence.checkpoint.root.hex(), small=True)
        row(self.word("key"), evidence.register.signer.vkey, small=True)

    def _outcome(self, answer: str, rule: str) -> str:
        return self.word("outcome", answer=self.word(answer), rule=rule or self.word("no-rule"))

    def _text(self, entry: Known) -> None:
        notice = entry.tree["notice"]
        self.paper.head(self._notice(notice), 2)
        self._place(entry)
        hash_, own = notice.get("hash", ""), text_hash(notice)
        same = f"\n{self.word('same-hash')}" if hash_ == own else ""
        self.paper.row(self.word("hash"), hash_ + same, small=True)
        self.paper.row(self.word("attachments"), _attached(entry), small=True)
        self.paper.quote(notice.get("text", self.word("no-text")))

    def _notice(self, notice: Mapping[str, Any]) -> str:
        version = self.word("version", version=notice["version"]) if "version" in notice else ""
        return ", ".join(filter(None, (notice.get("id", ""), version, notice.get("language", ""))))

    def _recorded(self, entries: Sequence[Known]) -> None:
        self.paper.head(self.word("recorded"))
        if not entries:
            self.paper.text_("  " + self.word("nothing"))
        for entry in entries:
            self._entry(entry)

    # --- One entry -----------------------------------------------------------------------------------------

    def _entry(self, entry: Known) -> None:
        """What was recorded, with its proof, each thing under a label."""
        brief, whole = self._event(entry)
        self.paper.head(f"{locale.day(entry.date, self.lang)} · {brief}", 2)
        self.paper.row(self.word("event"), whole if whole != brief else "")
        for label, text in self._told(entry):
            self.paper.row(self.word(label), text, small=label in _SMALL)
        self._place(entry)

    def _event(self, entry: Known) -> tuple[str, str]:
        """What happened, in words: briefly, and with all that there is a word for."""
        if entry.kind not in v.EVENTS:
            word = self.word(entry.kind, "entries")
            return word, word
        fields = typed(entry.tree[entry.kind], v.EVENTS[entry.kind])
        brief = {name: value for name, value in fields.items() if name in HEADS}
        return locale.event(entry.kind, brief, self.lang), locale.event(entry.kind, fields, self.lang)

    def _told(self, entry: Known) -> Iterator[tuple[str, str]]:
        tree, proof = entry.tree, entry.tree.get("proof", {})
        yield "subject", ", ".join(tree.get("subject", {}).values())
        if "time" in tree:
            yield "time", self._given(tree["time"])
        yield "corrects", tree.get("corrects", "")
        if "notice" in proof:
            yield "notice", self._notice(proof["notice"])
            yield "hash", proof["notice"].get("hash", "")
        yield "act", proof.get("act", "")
        yield "source", _plain(proof.get("source", {}))
        if "by" in proof:
            yield "by", self.word(proof["by"], "entered-by")
        yield "verification", ", ".join(self._verified(proof.get("verification", {})))
        yield "attachments", _attached(entry)
        yield "note", proof.get("note", "")
        yield "fields", _plain(tree[entry.kind])

    def _verified(self, told: Mapping[str, str]) -> Iterator[str]:
        if "method" in told:
            yield self.word(told["method"], "verifications")
        for name in ("requested", "confirmed"):
            if name in told:
                yield self.word(name, time=self._given(told[name]))
        if "ip" in told:
            yield told["ip"]

    def _given(self, text: str) -> str:
        return self.moment(datetime.fromisoformat(text))

    def _place(self, entry: Known) -> None:
        time = self.moment(datetime.fromtimestamp(entry.recorded, UTC))
        told = self.word("in-log", place=self.number(self.evidence.place(entry)), time=time)
        self.paper.row(self.word("place"), f"{told}\n{entry.id}", small=True)

    # --- One decision --------------------------------------------------------------------------------------

    def _decision(self, number: int, piece: Piece, made: Made) -> None:
        told, paper = made.entry.tree[DECIDED], self.paper
        day = date.fromisoformat(told["receipt"]["day"])
        paper.head(f"{self.word('decision', number=number)} · {locale.day(day, self.lang)}", 2)
        paper.row(self.word("campaign"), told.get("campaign", ""))
        paper.row(self.word("answer"), self._outcome(told["receipt"]["answer"], told["receipt"]["rule"]))
        if made.redone is None:
            paper.row(self.word("again"), made.wrong, small=True)
        else:
            decided = made.redone.decided
            paper.text_(explain(decided.decision, decided.drawn, decided.case, self.lang), 8.5)
            same = self.word("again-same" if made.redone.same else "again-other")
            paper.row(self.word("again"), "\n".join((same, *made.redone.changes)), small=True)
        if told["entries"]:
            paper.row(self.word("as-known"), self._given(told["known"]), small=True)
        paper.row(self.word("rests-on"), self._rests_on(piece, told["entries"]), small=True)
        paper.row(self.word("rulebook"), told["receipt"]["rulebook"], small=True)
        paper.row(self.word("receipt"), told["receipt"]["digest"], small=True)
        self._place(made.entry)

    def _rests_on(self, piece: Piece, ids: Sequence[str]) -> str:
        places = [self.evidence.place(entry) for entry in piece.entries if str(entry.id) in ids]
        told = ", ".join(map(self.number, sorted(places)))
        return self.word("rests", places=told) if told else self.word("nothing-known")


def text_hash(notice: Mapping[str, Any]) -> str:
    """The hash of the text that is on record."""
    return "sha256:" + hashlib.sha256(notice.get("text", "").encode()).hexdigest()


def _attached(entry: Known) -> str:
    """The names of the files that went with an entry."""
    return ", ".join(each["name"] for each in entry.tree.get("proof", {}).get("attachments", ()))


def _plain(fields: Mapping[str, Any]) -> str:
    """Fields and values in the words of the format."""
    return " · ".join(f"{name}: {_value(value)}" for name, value in fields.items())


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Mapping():
            return f"({_plain(value)})"
        case list() | tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)
