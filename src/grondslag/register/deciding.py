"""What is decided about a person from the register, kept as evidence, and decided anew with what was known.

A decision that is kept is an entry of kind ``decided``, sealed under the person's key.  It holds what was
asked, which entries were in view, and the receipt.  So it can be done again from those entries, whatever came
in since; and whoever has only the entry can do it again from the facts in the receipt.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from grondslag.decide import Decision, decide
from grondslag.errors import BadCase, UnknownEntry, UnknownSubject
from grondslag.facts import Drawn, draw_with_evidence
from grondslag.law.profiles import STRICT, Profile
from grondslag.ledger.canonical import compact
from grondslag.question import Case, Event
from grondslag.receipt import Replay, receipt, replay
from grondslag.register.history import History, Known, entries_of, history, numbered
from grondslag.register.log import number_of
from grondslag.register.own import Made, enter
from grondslag.register.people import members, roots
from grondslag.register.recording import Recorded
from grondslag.register.sealing import moment
from grondslag.register.store import again
from grondslag.register.vault import Vault
from grondslag.screening.campaign import Campaign
from grondslag.situations import Example, dump, parse_case

DECIDED: Final = "decided"
Question = Campaign | Case
"""What is asked of each person: a campaign, or one act; the history of a case counts for everybody."""


COUNTS_FOR_ALL: Final = ("assessed", "policy")
"""The events of a situation that are of the organisation, and of no person."""


def question(example: Example) -> Case:
    """What a situation asks, to be asked about people on file.

    :raises BadCase: when it tells of a person: the register does, and nothing else may count.
    """
    case = example.case
    strange = sorted({event.kind for event in case.history} - set(COUNTS_FOR_ALL))
    if case.person or strange:
        found = "a person" if case.person else f"the event {strange[0]}"
        raise BadCase(f"situation {example.id}", f"tells of {found}", "leave it out: the register tells it")
    return case


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision about a person on file, and what it rests on.

    :ivar question: the case without the person and without what is on file about the person.
    :ivar entries: every entry in view, in the order of recording.
    :ivar suppressions: channels and day of what was left of somebody who was forgotten.
    :ivar known: what was recorded up to then was in view, in seconds since 1970; 0 when nothing was.
    :ivar subjects: the numbers of the person; none for somebody who is not on file.
    :ivar campaign: the name of the campaign and the hash of its file; empty when there is none.
    """

    case: Case
    drawn: Drawn
    decision: Decision
    question: Case
    entries: tuple[Known, ...]
    suppressions: tuple[tuple[str, str], ...]
    known: int
    subjects: tuple[int, ...] = ()
    campaign: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class View:
    """What was in view of a person.

    :ivar known: the moment that was asked for; None for everything.
    """

    entries: Sequence[Known]
    suppressions: Sequence[tuple[str, str]]
    subjects: Sequence[int] = ()
    known: int | None = None


def decided(question: Question, view: View, at: date, profile: Profile = STRICT) -> Decided:
    """May this be done to this person on this day?"""
    entries = tuple(entry for entry in view.entries if entry.kind != DECIDED)
    told = history(entries, view.suppressions, at)
    if isinstance(question, Campaign):
        case = question.case(told.person, told.events, at)
        asked = Case(case.controller, {}, question.assessments, case.act)
        campaign = (question.name, question.sha256)
    else:
        asked = replace(question, person={}, act=replace(question.act, date=at))
        case, campaign = _with_history(asked, told), ("", "")
    drawn = draw_with_evidence(case)
    decision = decide(drawn.situation, at=at, profile=profile)
    known = max((entry.recorded for entry in entries), default=0) if view.known is None else view.known
    return Decided(
        case, drawn, decision, asked, entries, tuple(sorted(view.suppressions)), known,
        tuple(view.subjects), campaign,
    )  # fmt: skip


def _with_history(question: Case, told: History) -> Case:
    """The case of one person: what counts for everybody first, as a campaign has it."""
    merged = sorted((*question.history, *told.events), key=lambda event: event.date)
    placed = tuple(Event(each.date, each.kind, each.fields, place) for place, each in enumerate(merged))
    return Case(question.controller, told.person, placed, question.act)


# --- Kept --------------------------------------------------------------------------------------------------


def keep(vault: Vault, given: Sequence[Decided], at: datetime) -> list[Recorded | None]:
    """Record decisions, all in one transaction; the same one again is recorded once.

    :returns: for each what became of it; None for somebody who is not on file: no subject is made of a
        question.
    :raises UnknownSubject: when somebody was forgotten since it was decided.
    """
    told = {n: (_own(each, fields), each, fields) for n, each in enumerate(given) if each.subjects
            for fields in [_fields(each)]}  # fmt: skip

    def once() -> dict[str, Recorded]:
        with vault.store.writing():
            vault.current()
            return _keep(vault, {own: (each, fields) for own, each, fields in told.values()}, at)

    done = again(once)
    return [done[told[n][0]] if n in told else None for n in range(len(given))]


def _fields(each: Decided) -> dict[str, Any]:
    (asked,) = dump(Example("", "", each.decision.profile.name, each.question))["situations"]
    name, file = each.campaign
    return {
        **({"campaign": name, "file": f"sha256:{file}"} if name else {}),
        "question": asked,
        "known": moment(each.known),
        "entries": [str(entry.id) for entry in each.entries],
        **({"suppressions": [list(pair) for pair in each.suppressions]} if each.suppressions else {}),
        "receipt": receipt(each.decision),
    }


def _own(each: Decided, fields: Mapping[str, Any]) -> str:
    """The own id of a kept decision: the same decision about the same person has the same one."""
    return f"{DECIDED}:{hashlib.sha256(compact({'subject': each.subjects[0], **fields})).hexdigest()}"


def _keep(
    vault: Vault, told: Mapping[str, tuple[Decided, dict[str, Any]]], at: datetime
) -> dict[str, Recorded]:
    store = vault.store
    own = {vault.client(own): own for own in told}
    where, values = store.within("client", own)
    rows = store.rows(f"SELECT client, uuid FROM entry WHERE {where}", *values) if own else []
    before = {own[bytes(client)]: Recorded(bytes(id_), new=False) for client, id_ in rows}
    fresh = {own: each for own, each in told.items() if own not in before}
    subjects = {each.subjects[0] for each, _ in fresh.values()}
    if len(vault.ciphers(subjects, lock=True)) < len(subjects):
        raise UnknownSubject("a decision", "is about somebody who was forgotten meanwhile", "decide anew")
    made: list[Made] = [(DECIDED, each.subjects[0], fields) for each, fields in fresh.values()]
    entered = enter(vault, made, int(at.timestamp()), list(fresh))
    store.insert("campaign", [
        (campaign_hash(vault, name), number)
        for (each, _), (_, number) in zip(fresh.values(), entered, strict=True)
        if (name := each.campaign[0])
    ])  # fmt: skip
    after = {own: Recorded(id_.bytes, new=True) for own, (id_, _) in zip(fresh, entered, strict=True)}
    return before | after


def campaign_hash(vault: Vault, name: str) -> bytes:
    """What leads to the decisions of a campaign: without the key nobody learns its name from it."""
    return vault.index("campaign", name)


# --- Done again --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Redone:
    """A kept decision done again from the entries that were in view.

    :ivar changes: sentences; empty when the same decision came out of the same facts by the same rulebook.
    :ivar same: whether the facts, the answer, the deciding rules and the duties are the same.
    """

    decided: Decided
    changes: tuple[str, ...]
    same: bool


def kept(vault: Vault, id_: uuid.UUID) -> tuple[int, Known]:
    """A kept decision, and the number of its person.

    :raises UnknownEntry: when there is none under that id, or the person was forgotten.
    """
    sql = "SELECT number, subject FROM entry WHERE number = ? AND kind = ?"
    for number, subject in vault.store.rows(sql, number_of(vault.store, id_), DECIDED):
        for entry, _, _ in numbered(vault, [number]):
            return subject, entry
    raise UnknownEntry(str(id_), "is no decision on file", "name the id under which it was kept")


def in_view(vault: Vault, subject: int, entry: Known) -> list[Known]:
    """The entries of a person that a kept decision was made on."""
    told = entry.tree[DECIDED]
    until, listed = _second(told["known"]), set(told["entries"])
    root = roots(vault.store, [subject], until).get(subject, subject)
    found = entries_of(vault, members(vault.store, root, until), until)
    return [each for each in found if str(each.id) in listed]


def redo(subject: int, entry: Known, entries: Sequence[Known]) -> Redone:
    """Decide anew what was decided then.

    :param entries: those that were in view.
    """
    told = entry.tree[DECIDED]
    question, day = parse_case(told["question"]), date.fromisoformat(told["receipt"]["day"])
    done: Replay = replay(told["receipt"])
    suppressions = [(channels, day_) for channels, day_ in told.get("suppressions", ())]
    view = View(entries, suppressions, (subject,), _second(told["known"]))
    anew = decided(question, view, day, done.decision.profile)
    gone = len(told["entries"]) - len(entries)
    changes = [f"{gone} of the entries that were in view are not on file any more"] if gone else []
    if anew.drawn.situation != done.decision.situation:
        changes.append("the facts that are drawn from the register are others than those of the receipt")
    campaign = (told.get("campaign", ""), told.get("file", "").removeprefix("sha256:"))
    return Redone(replace(anew, campaign=campaign), (*changes, *done.changes), done.same and not changes)


def _second(told: str) -> int:
    return int(datetime.fromisoformat(told).timestamp())
