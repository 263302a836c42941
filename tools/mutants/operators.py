"""What is changed in the code: Cosmic Ray's operators, and six for what a rulebook is made of.

Comparisons, numbers, logic and loops are the library's.  The law is written in clauses, days, sets of
channels, named terms and answers, which it does not know; those operators stand here, to the same interface.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum
from functools import cache
from importlib import import_module
from typing import Any, Final

from cosmic_ray.operators.operator import Operator
from cosmic_ray.operators.provider import OperatorProvider
from parso.python.tree import Name, String

_COMPARISONS: Final = (
    "Eq_NotEq NotEq_Eq Is_IsNot IsNot_Is Lt_LtE LtE_Lt Gt_GtE GtE_Gt Lt_GtE LtE_Gt Gt_LtE GtE_Lt"
)
_ARITHMETIC: Final = "Add_Sub Sub_Add Mul_Add Mod_Add FloorDiv_Mul BitOr_BitAnd BitAnd_BitOr"
LIBRARY: Final = (
    *(f"ReplaceComparisonOperator_{pair}" for pair in _COMPARISONS.split()),
    *(f"ReplaceBinaryOperator_{pair}" for pair in _ARITHMETIC.split()),
    *(f"ReplaceUnaryOperator_Delete_{name}" for name in ("Not", "Invert", "USub")),
    *("AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
    *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ZeroIterationForLoop"),
    *("NumberReplacer", "RemoveDecorator"),
)


class Rewrite(Operator):  # type: ignore[misc] # the library has no types
    """Each position has one text that takes the place of a node's own."""

    @abstractmethod
    def becomes(self, node: Any) -> Iterator[str]:
        """The texts that may take the place of a node."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        for _ in self.becomes(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        prefix = node.get_first_leaf().prefix
        return Name(list(self.becomes(node))[index], node.start_pos, prefix)

    @classmethod
    def examples(cls) -> tuple[Any, ...]:
        return ()


def _text(node: Any) -> str:
    return str(node.get_code(include_prefix=False))


class Answers(Rewrite):
    """``YES`` and ``NO`` change places; what is unknown is known."""

    _OTHER: Final = {"YES": ("NO",), "NO": ("YES",), "UNKNOWN": ("YES", "NO")}
    _LOGIC: Final = {"all_of": ("any_of",), "any_of": ("all_of",), "not_": ("all_of",)}

    def becomes(self, node: Any) -> Iterator[str]:
        if node.type != "name" or node.is_definition():
            return
        before = node.get_previous_leaf()
        if before is not None and before.value == ".":
            return
        if node.get_next_leaf().value == "(":
            yield from self._LOGIC.get(node.value, ())
        else:
            yield from self._OTHER.get(node.value, ())


class Clauses(Rewrite):
    """A rule loses a clause."""

    def becomes(self, node: Any) -> Iterator[str]:
        if node.type == "yield_expr":
            yield "yield from ()"


class Days(Rewrite):
    """A day that a law begins or ends is the day before or the day after."""

    def becomes(self, node: Any) -> Iterator[str]:
        if node.type == "string" and re.fullmatch(r'"\d{4}-\d\d-\d\d"', node.value):
            day = date.fromisoformat(node.value[1:-1])
            yield from (f'"{day + timedelta(days=days)}"' for days in (-1, 1))


class Members(Rewrite):
    """One term of the law is taken for the next in its list."""

    def __init__(self) -> None:
        places = ("grondslag.law.terms", "grondslag.law.rights_terms", "grondslag.law.acts")
        found = [thing for place in places for thing in vars(import_module(place)).values()]
        self._next: dict[str, str] = {}
        for kind in found:
            if isinstance(kind, type) and issubclass(kind, Enum) and (names := list(kind.__members__)):
                following = [*names[1:], names[0]]
                self._next |= {
                    f"{kind.__name__}.{a}": f"{kind.__name__}.{b}"
                    for a, b in zip(names, following, strict=True)
                }

    def becomes(self, node: Any) -> Iterator[str]:
        if node.type == "atom_expr" and node.parent.type not in ("dictorsetmaker", "testlist_comp"):
            other = self._next.get(_text(node))
            if other:
                yield other


class Parts(Rewrite):
    """A set, a tuple, a table, a conjunction or a rule's declaration loses one of its parts."""

    _DECLARED: Final = ("when", "over", "until", "per", "do", "switch")

    def becomes(self, node: Any) -> Iterator[str]:
        if node.type == "dictorsetmaker" or (node.type == "testlist_comp" and not _loops(node)):
            items = _items(node.children)
            comma = "," if node.type == "testlist_comp" else ""
            for place in range(len(items)):
                kept = items[:place] + items[place + 1 :]
                yield ", ".join(kept) + (comma if len(kept) == 1 else "")
        elif node.type == "arglist":
            called = node.parent.get_previous_sibling()
            items = _items(node.children)
            for place, item in enumerate(items):
                named = item.partition("=")[0].strip() if "=" in item else ""
                if named in self._DECLARED or (
                    called is not None and called.type == "name" and called.value in ("all_of", "any_of")
                ):
                    yield ", ".join(items[:place] + items[place + 1 :])


def _loops(node: Any) -> bool:
    return any(child.type in ("comp_for", "sync_comp_for") for child in node.children)


def _items(children: list[Any]) -> list[str]:
    """The parts between the commas; none when there are fewer than two, or it is a comprehension."""
    if any(child.type in ("comp_for", "sync_comp_for") for child in children):
        return []
    items, current = [], ""
    for child in children:
        if child.type == "operator" and child.value == ",":
            items.append(current.strip())
            current = ""
        else:
            current += child.get_code()
    items = [item for item in (*items, current.strip()) if item]
    return items if len(items) > 1 else []


class Contains(Rewrite):
    """``in`` and ``not in`` change places."""

    def becomes(self, node: Any) -> Iterator[str]:
        if (
            node.parent is not None
            and node.parent.type == "comparison"
            and _text(node).split() in (["in"], ["not", "in"])
        ):
            yield "in" if _text(node) != "in" else "not in"


class Strings(Rewrite):
    """A name of a field or a word of the vocabulary is another.

    Only where the code compares words, in the facts and queries: a rule's own words are its citations.
    """

    def becomes(self, node: Any) -> Iterator[str]:
        if (
            isinstance(node, String)
            and node.parent.type not in ("simple_stmt", "strings")
            and " " not in node.value
        ):
            yield f"{node.value[:-1]}_{node.value[-1]}" if len(node.value) > 2 else '"_"'


OWN: Final = (Answers, Clauses, Days, Members, Parts, Contains)


@cache
def operators(words: bool) -> dict[str, Operator]:
    """Every operator by its name; with ``words`` also that on strings."""
    provider = OperatorProvider()
    own = (*OWN, Strings) if words else OWN
    return {name: provider[name]() for name in LIBRARY} | {kind.__name__: kind() for kind in own}
