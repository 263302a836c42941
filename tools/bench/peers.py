"""One small set of e-mail rules in Grondslag, in Cedar and in the ZEN engine: equal answers, then the time.

Seventeen rules, the first that matches decides: soft opt-in, consent, objection, the way out.  Six
discrete facts make 1,620 situations, and every engine must give the same answer to each of them
before anything is timed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from time import process_time
from typing import Any, Final

import cedarpy
import zen

from grondslag.decide import _decide
from tools.bench import small_rulebook
from tools.bench.timing import Job, Table, measure

Facts = dict[str, str]

FACTS: Final = {
    "objected": ("no", "unknown", "yes"),
    "way_out": ("yes", "no", "unknown"),
    "consent": ("none", "valid", "unproven", "withdrawn", "unknown"),
    "customer": ("none", "paid", "free", "unknown"),
    "similar": ("no", "yes", "unknown"),
    "offered": ("no", "yes", "unknown"),
}
BOUGHT: Final = {"customer": "paid"}
ALIKE: Final = {**BOUGHT, "similar": "yes"}
SOFT: Final = {**ALIKE, "offered": "yes"}

RULES: Final[tuple[tuple[str, str, Facts], ...]] = (
    ("objection", "deny", {"objected": "yes"}),
    ("objection-not-known", "deny", {"objected": "unknown"}),
    ("no-way-out", "deny", {"way_out": "no"}),
    ("withdrawn", "deny", {"consent": "withdrawn"}),
    ("consent", "allow", {"consent": "valid", "way_out": "yes"}),
    ("consent-way-out-open", "allow", {"consent": "valid"}),
    ("soft-opt-in", "allow", {**SOFT, "way_out": "yes"}),
    ("soft-opt-in-way-out-open", "allow", SOFT),
    ("no-objection-offered", "deny", {**ALIKE, "offered": "no"}),
    ("offer-not-known", "deny", ALIKE),
    ("not-similar", "deny", {**BOUGHT, "similar": "no"}),
    ("similarity-not-assessed", "deny", BOUGHT),
    ("no-paying-customer", "deny", {"customer": "free"}),
    ("customer-not-known", "deny", {"customer": "unknown"}),
    ("consent-not-proven", "deny", {"consent": "unproven"}),
    ("consent-not-known", "deny", {"consent": "unknown"}),
    ("opt-in", "deny", {}),
)
ALLOWING: Final = [name for name, answer, _ in RULES if answer == "allow"]
FORBIDDING: Final = [name for name, *_ in RULES[: [answer for _, answer, _ in RULES].index("allow")]]
"""The refusals that come before any permission: for Cedar these are `forbid`, the later ones its default."""

SITUATIONS: Final[list[Facts]] = [
    dict(zip(FACTS, values, strict=True)) for values in product(*FACTS.values())
]


def by_hand(facts: Facts) -> tuple[str, str]:
    """The first rule that matches, and its answer: what every engine has to say."""
    return next((a, n) for n, a, when in RULES if all(facts[fact] == value for fact, value in when.items()))


# --- Cedar ---------------------------------------------------------------------------------------


def _cedar_policies() -> str:
    return "\n".join(
        f'@id("{name}") {"permit" if answer == "allow" else "forbid"}(principal, action, resource) when {{ '
        + " && ".join(f'context.{fact} == "{value}"' for fact, value in when.items())
        + " };"
        for name, answer, when in RULES
        if name in ALLOWING or name in FORBIDDING
    )


def _cedar_request(facts: Facts) -> dict[str, Any]:
    return {
        "principal": 'Sender::"shop"',
        "action": 'Action::"email"',
        "resource": 'Person::"p"',
        "context": facts,
    }


class Cedar:
    """Policies and entities parsed once; or, with ``text``, the policies with every request."""

    def __init__(self, text: bool = False) -> None:
        policies = _cedar_policies()
        self._policies = policies if text else cedarpy.PolicySet.from_str(policies)
        self._entities = cedarpy.Entities.from_json_str("[]")

    def one(self, facts: Facts) -> Any:
        return cedarpy.is_authorized(_cedar_request(facts), self._policies, self._entities)

    def batch(self, many: list[Facts]) -> list[Any]:
        requests = [_cedar_request(facts) for facts in many]
        return list(cedarpy.is_authorized_batch(requests, self._policies, self._entities))


def _cedar_says(result: Any) -> tuple[str, str]:
    """Its answer, and the first of the policies that determined it; a default refusal names none."""
    named = set(result.diagnostics.id_annotations_by_reason.values())
    found = [name for name, *_ in RULES if name in named]
    return "allow" if result.allowed else "deny", found[0] if found else ""


# --- ZEN engine ----------------------------------------------------------------------------------


def zen_table() -> Callable[[Facts], dict[str, Any]]:
    """The rules as a decision table, the first hit decides."""
    columns = [{"id": fact, "name": fact, "field": fact} for fact in FACTS]
    told = [{"id": name, "name": name, "field": name} for name in ("answer", "rule")]
    rows = [
        {"_id": name, "answer": f'"{answer}"', "rule": f'"{name}"'}
        | {fact: f'"{when[fact]}"' if fact in when else "" for fact in FACTS}
        for name, answer, when in RULES
    ]
    table = {"hitPolicy": "first", "inputs": columns, "outputs": told, "rules": rows}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {"id": "t", "type": "decisionTableNode", "name": "t", "position": {"x": 1, "y": 0}, "content": table},
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "t", "type": "edge"},
        {"id": "2", "sourceId": "t", "targetId": "out", "type": "edge"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    return lambda facts: decision.evaluate(facts)["result"]


def zen_expression() -> Callable[[Facts], str]:
    """The rules as one compiled expression: `a ? x : b ? y : …`."""
    text = f"'{RULES[-1][1]}|{RULES[-1][0]}'"
    for name, answer, when in reversed(RULES[:-1]):
        facts = " and ".join(f"{fact} == '{value}'" for fact, value in when.items())
        text = f"({facts}) ? '{answer}|{name}' : ({text})"
    return zen.compile_expression(text).evaluate


# --- All together --------------------------------------------------------------------------------


def check() -> None:
    """Every engine on every situation.

    :raises AssertionError: where one differs.
    """
    cedar, table, expression = Cedar(), zen_table(), zen_expression()
    for facts, batched in zip(SITUATIONS, cedar.batch(SITUATIONS), strict=True):
        answer, rule = by_hand(facts)
        named = rule if rule in (*ALLOWING, *FORBIDDING) else ""
        assert _cedar_says(cedar.one(facts)) == _cedar_says(batched) == (answer, named), facts
        assert table(facts) == {"answer": answer, "rule": rule}, facts
        assert expression(facts) == f"{answer}|{rule}", facts
        assert small_rulebook.decided(small_rulebook.situation(facts)).allowed == (answer == "allow"), facts


def peers(*full: Job) -> Table:
    """Grondslag beside Cedar and ZEN.

    :param full: Grondslag's own rulebook on e-mails of the casebook.
    """
    check()
    many, cedar = len(SITUATIONS), Cedar()
    ours = [small_rulebook.situation(facts) for facts in SITUATIONS]

    def each(name: str, ask: Callable[[Facts], object]) -> Job:
        return Job(name, lambda _: [ask(facts) for facts in SITUATIONS], many)

    def small(_: object = None) -> None:
        for situation in ours:
            small_rulebook.decided(situation)

    def forgotten() -> None:
        small()
        _decide.cache_clear()

    rows = measure(
        Job("Grondslag, these rules: seen before", small, many, small),
        Job("Grondslag, these rules: new, every finding", small, many, forgotten),
        *full,
        each("by hand over dicts, no explanation", by_hand),
        each("ZEN engine, one compiled expression", zen_expression()),
        each("ZEN engine, decision table", zen_table()),
        each("Cedar, policies parsed once", cedar.one),
        Job("Cedar, policies parsed once, one batch", lambda _: cedar.batch(SITUATIONS), many),
        each("Cedar, policies as text", Cedar(text=True).one),
        clock=process_time,
    )
    note = (
        f"{len(RULES)} e-mail rules over {len(FACTS)} facts, the first that matches decides; all engines "
        f"were first checked to\ngive equal answers on all {many} situations. Cedar names a rule for a "
        "permission or a ban, not for\nits default refusal; Grondslag gives every finding with every clause, "
        "the others one rule. Its full\nrulebook is timed on the e-mails of the casebook: many more facts "
        "and rules than the others get."
    )
    return Table("The same decision in other engines", note, rows)
