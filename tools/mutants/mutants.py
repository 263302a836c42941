"""The mutants of a module: each is the module with one small change that Python does not overlook."""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

from tools.mutants.operators import Rewrite, operators

SOURCE: Final = Path(__file__).parents[2] / "src" / "grondslag"
MODULES: Final = (
    "decide.py",
    *(f"law/{name}.py" for name in "rules rulebook parameters profiles terms situation courses".split()),
    *sorted(str(file.relative_to(SOURCE)) for file in SOURCE.glob("facts/*.py")),
    "screening/weigh.py",
)  # fmt: skip
"""The first in line: what every decision goes through."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one module.

    :ivar name: module, definition and change; it stays the same while the lines around it move.
    :ivar key: says that the whole module is as it was.
    """

    module: str
    operator: str
    line: int
    name: str
    key: str
    code: str


def modules() -> list[str]:
    """The modules that are mutated, the core first."""
    rest = sorted(str(file.relative_to(SOURCE)) for file in SOURCE.glob("law/*.py"))
    return list(dict.fromkeys([*MODULES, *rest]))


def mutants(module: str) -> list[Mutant]:
    """Every mutant of a module, each once, shuffled with a fixed seed: any start is a sample."""
    source = (SOURCE / module).read_text("utf-8")
    overlooked, seen = _overlooked(ast.parse(source)), {source}
    found: list[Mutant] = []
    names: Counter[str] = Counter()
    for operator, start, code in _changed(source, words=not module.startswith("law/")):
        if code in seen or any(first <= start < last for first, last in overlooked) or not _is_python(code):
            continue
        seen.add(code)
        name = f"{_where(source, start[0])}: {_change(source, code)}"
        names[name] += 1
        if names[name] > 1:
            name += f" ({names[name]})"
        key = hashlib.sha256(f"{module}\n{code}".encode()).hexdigest()[:20]
        found.append(Mutant(module, operator, start[0], name, key, code))
    return sorted(
        found, key=lambda mutant: hashlib.sha256(f"1 {mutant.module} {mutant.name}".encode()).digest()
    )


Place = tuple[int, int]
"""Line and column."""


def _changed(source: str, words: bool) -> Iterator[tuple[str, Place, str]]:
    """Operator, place and mutated source, statement by statement: the library parses anew for each change."""
    lines = source.splitlines(keepends=True)
    starts = [min([node.lineno, *_decorated(node)]) - 1 for node in ast.parse(source).body]
    for first, last in pairwise([*dict.fromkeys([0, *starts]), len(lines)]):
        before, after = "".join(lines[:first]), "".join(lines[last:])
        for name, (line, column), code in _changed_statement("".join(lines[first:last]), words):
            yield name, (line + first, column), before + code + after


def _decorated(node: ast.stmt) -> list[int]:
    return [decorator.lineno for decorator in getattr(node, "decorator_list", [])]


def _changed_statement(source: str, words: bool) -> Iterator[tuple[str, Place, str]]:
    tree, lines = get_ast(source), source.splitlines(keepends=True)
    nodes = list(ast_nodes(tree))
    for name, operator in operators(words).items():
        occurrence = 0
        for node in nodes:
            texts = list(operator.becomes(node)) if isinstance(operator, Rewrite) else []
            for index, (start, end) in enumerate(operator.mutation_positions(node)):
                if texts:
                    code = _spliced(lines, start, end, texts[index])
                else:
                    code = mutate_code(source, operator, occurrence)
                occurrence += 1
                yield name, start, code


def _spliced(lines: list[str], start: Place, end: Place, text: str) -> str:
    before = "".join(lines[: start[0] - 1]) + lines[start[0] - 1][: start[1]]
    return before + text + lines[end[0] - 1][end[1] :] + "".join(lines[end[0] :])


def _overlooked(tree: ast.Module) -> list[tuple[Place, Place]]:
    """Where Python looks at nothing: annotations, docstrings."""
    found: list[ast.expr | None] = []
    for node in ast.walk(tree):
        match node:
            case ast.AnnAssign():
                found.append(node.annotation)
            case ast.arg():
                found.append(node.annotation)
            case ast.FunctionDef():
                found.append(node.returns)
            case ast.Expr(value=ast.Constant()):
                found.append(node.value)
    return [
        ((node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0))
        for node in found
        if node is not None
    ]


def _is_python(code: str) -> bool:
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


def _where(source: str, line: int) -> str:
    """The function or class around a line, its decorators included."""
    found = "module"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            first = min([node.lineno, *_decorated(node)])
            if first <= line <= (node.end_lineno or line):
                found = node.name  # the walk goes inwards
    return found


def _change(source: str, code: str) -> str:
    """The changed line, with what changes in it as ``[was → becomes]``."""
    was, becomes = " ".join(source.split()), " ".join(code.split())
    first = next(i for i, (a, b) in enumerate(zip(was, becomes, strict=False)) if a != b)
    tail = next(i for i, (a, b) in enumerate(zip(was[::-1], becomes[::-1], strict=False)) if a != b)
    tail = min(tail, len(was) - first, len(becomes) - first)
    return _excerpt(was, becomes, first, tail)


def _excerpt(was: str, becomes: str, first: int, tail: int) -> str:
    start, end = first, len(was) - tail
    while start > 0 and (was[start - 1].isalnum() or was[start - 1] in "_."):
        start -= 1
    while end < len(was) and (was[end].isalnum() or was[end] in "_."):
        end += 1
    old, new = was[start:end], becomes[start : len(becomes) - (len(was) - end)]
    return f"{was[max(0, start - 40) : start]}[{old} → {new}]{was[end : end + 40]}"
