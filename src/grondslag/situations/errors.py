"""What is wrong with a situation file or a request, without a word of a person's data."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from .. import vocabulary as v
from ..errors import BadCase

REPORTED: Final = 20

Steps = tuple[str | int, ...]
"""The way from the top of a file, a request or a situation to a field."""
Finding = tuple[Steps, str, str]
"""Where something is wrong, what, and what to do about it."""


class BadSituations(BadCase):
    """Everything that is wrong with a file or a request: ``problems`` holds one error for each."""

    def __init__(self, name: str, problems: Sequence[BadCase]) -> None:
        self.problems = tuple(problems[:REPORTED])
        if len(problems) == 1:
            super().__init__(problems[0].place, problems[0].problem, problems[0].remedy)
        else:
            more = ["and more"] if len(problems) > REPORTED else []
            super().__init__(name, "\n- ".join(["several problems:", *map(str, self.problems), *more]), "")


def shown(value: object) -> str:
    """A word as it was written.  Anything else may be data of a person, and is not repeated."""
    if isinstance(value, bool):
        return json.dumps(value)
    return (
        value[:40]
        if isinstance(value, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", value)
        else "(not shown)"
    )


def refuse(name: str, tree: object, findings: Sequence[Finding]) -> None:
    """Raise what was found, if anything, in the order of the situations."""
    ordered = sorted(
        findings, key=lambda finding: [step for step in finding[0][1:2] if isinstance(step, int)]
    )
    if ordered:
        raise BadSituations(name, [BadCase(place(name, tree, at), *said) for at, *said in ordered])


def refusal(place: str, problem: str, remedy: str) -> BadSituations:
    return BadSituations(place, [BadCase(place, problem, remedy)])


def place(name: str, tree: Any, at: Steps) -> str:
    """The file, the line, the situation and the field, as far as they are known."""
    line, node = 0, tree
    for step in at:
        line, node = getattr(node, "lines", {}).get(step, line), node[step]
        if isinstance(step, int):
            line = next(iter(getattr(node, "lines", {}).values()), line)
    place = [name, f"line {line}"] if line else [name]
    if at[:1] == ("situations",) and len(at) > 1:
        situation = tree["situations"][at[1]]
        label = situation.get("id") if isinstance(situation, dict) else None
        sound = isinstance(label, str) and len(label) <= v.LABEL.most and re.search(v.LABEL.pattern, label)
        place.append(str(label) if sound else f"situation {int(at[1]) + 1}")
        at = at[2:]
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{shown(step)}" for step in at)
    return ", ".join([*place, path.removeprefix(".")] if path else place)
