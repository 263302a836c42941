"""A receipt: what a decision rested on, so that anyone can do it again years later.

A receipt holds no data of a person: the situation in it is discrete (no dates of events, no
names, no addresses).  It names the rulebook by hash, so that a replay says whether the law in the
program has changed since, and what difference that makes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final, get_args, get_origin, get_type_hints

from grondslag.answers import Answer
from grondslag.decide import Decision, decide
from grondslag.errors import GrondslagError, ReceiptMismatch
from grondslag.law.profiles import Profile
from grondslag.law.rulebook import DUTCH, Rulebook
from grondslag.law.situation import Situation
from grondslag.law.terms import Term

FORMAT: Final = 1
_FACT_MODULES: Final = ("situation", "acts", "rights_terms")
"""The modules of the law that define the facts of acts."""


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


def decode_situation(data: Mapping[str, Any]) -> Situation:
    """The situation that :func:`encode_situation` wrote.

    :raises ReceiptMismatch: when a fact or a value is not known to this version.
    """
    plain = dict(data)
    kind = _act_facts().get(str(plain.pop("act_facts", "")))
    if kind is None:
        raise ReceiptMismatch("the receipt names facts of an act that this version does not know")
    try:
        return Situation(
            do=str(plain["do"]),
            act=_decode(kind, plain.get("act", {})),
            **{
                name: _decode(hint, plain[name])
                for name, hint in _hints(Situation).items()
                if name in plain and name not in ("do", "act")
            },
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise ReceiptMismatch(f"the situation in the receipt cannot be read: {wrong}") from wrong


@cache
def _act_facts() -> dict[str, type]:
    """The name of every dataclass of facts that the law defines."""
    found: dict[str, type] = {}
    for module in _FACT_MODULES:
        names = vars(import_module(f"grondslag.law.{module}"))
        found |= {name: kind for name, kind in names.items() if isinstance(kind, type) and is_dataclass(kind)}
    return found


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _decode(hint: Any, value: Any) -> Any:
    if get_origin(hint) in (tuple, frozenset):
        return get_origin(hint)(_decode(get_args(hint)[0], item) for item in value)
    if isinstance(hint, type) and is_dataclass(hint):
        hints = _hints(hint)
        unknown = set(value) - set(hints)
        if unknown:
            raise ValueError(f"unknown facts: {', '.join(sorted(unknown))}")
        return hint(**{name: _decode(hints[name], item) for name, item in value.items()})
    if isinstance(hint, type) and issubclass(hint, Answer | Term):
        return hint(value)
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


def replay(data: Mapping[str, Any], rulebook: Rulebook = DUTCH) -> Replay:
    """Decide again from a receipt.

    :raises ReceiptMismatch: when the receipt is damaged or not of this format.
    """
    body = {name: value for name, value in data.items() if name != "digest"}
    if data.get("receipt") != FORMAT or "digest" not in data:
        raise ReceiptMismatch(
            "this is not a receipt of format 1; give the file that `decide --receipt` wrote"
        )
    if _digest(body) != data["digest"]:
        raise ReceiptMismatch("the receipt has been altered: its digest does not fit its content")
    try:
        day = date.fromisoformat(data["day"])
        preset = str(data["profile"]).split(",")[0]
        profile = Profile.of(preset, data["switches"])
    except (KeyError, ValueError, GrondslagError) as wrong:
        raise ReceiptMismatch(f"the receipt cannot be read: {wrong}") from wrong
    decision = decide(decode_situation(data["situation"]), at=day, profile=profile, rulebook=rulebook)
    now = receipt(decision)
    same = all(now[name] == data.get(name) for name in ("answer", "rule", "rules", "duties"))
    return Replay(decision, tuple(_changes(data, now)), same)


def _changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    said = []
    if then["rulebook"] != now["rulebook"]:
        said.append(f"the rulebook was {then['rulebook'][:12]}…, now it is {now['rulebook'][:12]}…")
    if then["grondslag"] != now["grondslag"]:
        said.append(f"the package was {then['grondslag']}, now it is {now['grondslag']}")
    for name in ("answer", "rule", "rules", "duties"):
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
