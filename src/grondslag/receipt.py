"""A receipt: what a decision rested on, so that anyone can do it again years later.

A receipt holds no data of a person: the situation in it is discrete (no dates of events, no
names, no addresses).  It names the rulebook by hash, so that a replay says whether the law in the
program has changed since, and what difference that makes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final, cast, get_args, get_origin, get_type_hints

from grondslag.answers import Answer
from grondslag.decide import Decision, decide
from grondslag.errors import ReceiptMismatch, UnknownProfile
from grondslag.law.graph import act_facts
from grondslag.law.profiles import Profile
from grondslag.law.rulebook import DUTCH, Rulebook
from grondslag.law.situation import Situation
from grondslag.law.terms import Term
from grondslag.vocabulary import Day

FORMAT: Final = 1
SCREENING: Final = "screening"
"""Stands in the place of the format in the receipt of a screening."""


@cache
def package_version() -> str:
    """The version of the installed package; 'unknown' in a bare source tree."""
    try:
        return version("grondslag")
    except PackageNotFoundError:
        return "unknown"


def encode(value: object) -> Any:
    """A fact, or a dataclass of facts, as plain JSON; facts that have their default are left out."""
    if isinstance(value, Answer | Term):
        return value.value
    if isinstance(value, tuple | frozenset):
        return sorted((encode(item) for item in value), key=canonical)
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: encode(getattr(value, field.name))
            for field in fields(value)
            if getattr(value, field.name) != field.default
        }
    return value


def encode_situation(situation: Situation) -> dict[str, Any]:
    """A situation as plain JSON; the kind of act tells which facts ``act`` holds."""
    return {"act_facts": type(situation.act).__name__, **encode(situation)}


def decode_situation(data: object, place: str = "situation") -> Situation:
    """The situation that :func:`encode_situation` wrote.

    :raises ReceiptMismatch: when a fact or a value is not known to this version.
    """
    facts = _mapping(data, place, ("act_facts", *_hints(Situation)))
    for name in ("act_facts", "do", "act", "person"):
        if name not in facts:
            raise ReceiptMismatch(place, f"lacks {name}", _ANOTHER)
    act = _act_facts().get(facts["do"]) if isinstance(facts["do"], str) else None
    if act is None:
        raise ReceiptMismatch(f"{place}.do", "is no act that this version knows", _ANOTHER)
    if facts["act_facts"] != act.__name__:
        raise ReceiptMismatch(f"{place}.act_facts", f"are not those of {facts['do']}", _ANOTHER)
    hints = _hints(Situation) | {"act": act}
    read = {name: _decode(hints[name], facts[name], f"{place}.{name}") for name in hints if name in facts}
    return Situation(**read)


@cache
def _act_facts() -> dict[str, type]:
    """The kind of act → the dataclass of facts that its rules read."""
    return {rule.do: act_facts(rule) for rule in DUTCH.rules}


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _decode(hint: Any, value: object, place: str) -> Any:
    """The fact, text or record that this plain value stands for."""
    if hint is str and isinstance(value, str):
        return value
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise ReceiptMismatch(place, "is not a list", _ANOTHER)
        return tuple(_decode(get_args(hint)[0], item, f"{place}[{n}]") for n, item in enumerate(value))
    if is_dataclass(hint):
        kind = cast(type, hint)
        facts, hints = _mapping(value, place, _hints(kind)), _hints(kind)
        return kind(**{name: _decode(hints[name], each, f"{place}.{name}") for name, each in facts.items()})
    known = [member.value for member in hint]
    if value not in known:
        raise ReceiptMismatch(place, f"is none of {', '.join(known)}", _ANOTHER)
    return hint(value)


def _mapping(value: object, place: str, known: Iterable[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ReceiptMismatch(place, "is not a mapping", _ANOTHER)
    strange = sorted(str(name) for name in set(value) - set(known))
    if strange:
        raise ReceiptMismatch(place, f"holds {strange[0][:40]}, which this version does not know", _ANOTHER)
    return value


def canonical(data: object) -> str:
    """JSON with sorted keys and no spaces: equal content, equal bytes."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def receipt(decision: Decision) -> dict[str, Any]:
    """The receipt of a decision, as plain JSON."""
    body = {
        "receipt": FORMAT,
        "grondslag": package_version(),
        "rulebook": decision.rulebook,
        "profile": decision.profile.name,
        "switches": decision.profile.settings,
        "day": decision.at.isoformat(),
        "situation": encode_situation(decision.situation),
        "answer": decision.answer.value,
        "rule": decision.rule,
        "rules": list(decision.rules),
        "duties": list(decision.duties),
        "findings": {_name(finding): finding.answer.value for finding in decision.findings},
    }
    return {**body, "digest": _digest(body)}


def _name(finding: Any) -> str:
    return f"{finding.rule.slug} ({finding.rule.in_force.first.isoformat()})"


def _digest(body: Mapping[str, Any]) -> str:
    return "sha256:" + hashlib.sha256(canonical(body).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Replay:
    """The decision done again, and what differs from the receipt."""

    decision: Decision
    changes: tuple[str, ...]
    """Sentences; empty when the same decision came out under the same rulebook."""
    same: bool
    """Whether the answer, the deciding rules and the duties are the same."""


def read(text: bytes) -> object:
    """What stands in the file of a receipt; ``decide --json`` and a register that keeps it put it inside.

    :raises ReceiptMismatch: when it is not JSON.
    """
    try:
        data = json.loads(text.decode())
    except (ValueError, RecursionError):
        raise ReceiptMismatch("", "is not JSON", _ANOTHER) from None
    if isinstance(data, dict):
        data = data.get("decided", data)
    inside = data.get("receipt") if isinstance(data, dict) else None
    return inside if isinstance(inside, dict) else data


def replay(data: object, rulebook: Rulebook = DUTCH) -> Replay:
    """Decide again from a receipt.

    :raises ReceiptMismatch: when the receipt is damaged or not of this format.
    """
    then = _sound(data)
    try:
        day = Day.read(then["day"])
    except ValueError:
        raise ReceiptMismatch("day", f"is no day from {Day.FIRST} to {Day.LAST}", _ANOTHER) from None
    try:
        profile = Profile.of(then["profile"].split(",")[0], then["switches"])
    except UnknownProfile as wrong:
        raise ReceiptMismatch("switches", f"are not known: {wrong}", _ANOTHER) from None
    if profile.name != then["profile"]:
        raise ReceiptMismatch("profile", "is not the one that switches describe", _ANOTHER)
    decision = decide(decode_situation(then["situation"]), at=day, profile=profile, rulebook=rulebook)
    now = receipt(decision)
    same = all(now[name] == then[name] for name in _OUTCOME)
    return Replay(decision, tuple(_changes(then, now)), same)


_OUTCOME: Final = ("answer", "rule", "rules", "duties")
_ANOTHER: Final = "give the file that `decide --receipt` wrote"
_TEXT, _TEXTS, _WORDS = (str, None, "text"), (list, str, "a list of texts"), (dict, str, "a mapping of texts")
_FIELDS: Final[Mapping[str, tuple[type, type | None, str]]] = {
    "receipt": (int, None, "a number"),
    **dict.fromkeys(("grondslag", "rulebook", "profile", "day", "answer", "rule", "digest"), _TEXT),
    **dict.fromkeys(("rules", "duties"), _TEXTS),
    **dict.fromkeys(("switches", "findings"), _WORDS),
    "situation": (dict, None, "a mapping"),
}
"""What stands in a receipt: its type, the type of what is in it where that is one, and both in words."""


def _sound(data: object) -> Mapping[str, Any]:
    """The fields of a receipt, each of its type, and unaltered."""
    found = data.get("receipt") if isinstance(data, dict) and "digest" in data else None
    if found == SCREENING:
        remedy = "to do it again, run `grondslag screen` on the inputs whose hashes it names"
        raise ReceiptMismatch("", "is the receipt of a screening, not of a decision", remedy)
    if type(found) is not int or found != FORMAT:
        raise ReceiptMismatch("", "is not a receipt of format 1", _ANOTHER)
    data = _mapping(data, "", _FIELDS)
    for name, (kind, inner, words) in _FIELDS.items():
        value = data.get(name)
        items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        if not isinstance(value, kind) or (inner and not all(isinstance(item, inner) for item in items)):
            problem = f"is not {words}" if name in data else "is missing"
            raise ReceiptMismatch(name, problem, _ANOTHER)
    try:
        digest = _digest({name: value for name, value in data.items() if name != "digest"})
    except (TypeError, ValueError, RecursionError):
        raise ReceiptMismatch("", "holds what cannot be written as JSON", _ANOTHER) from None
    if digest != data["digest"]:
        problem = "has been altered: its digest does not fit its content"
        raise ReceiptMismatch("", problem, _ANOTHER)
    return data


def _changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    said = []
    if then["rulebook"] != now["rulebook"]:
        said.append(f"the rulebook was {then['rulebook'][:12]}…, now it is {now['rulebook'][:12]}…")
    if then["grondslag"] != now["grondslag"]:
        said.append(f"the package was {then['grondslag']}, now it is {now['grondslag']}")
    for name in _OUTCOME:
        if then[name] != now[name]:
            said.append(f"{name} was {_shown(then[name])}, now it is {_shown(now[name])}")
    before, after = then["findings"], now["findings"]
    said += [f"no longer in play: {name}" for name in before if name not in after]
    said += [f"newly in play: {name}" for name in after if name not in before]
    said += [
        f"{name} answered {before[name]}, now {after[name]}"
        for name in after
        if name in before and before[name] != after[name]
    ]
    return said


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)
