"""The tests as a mutant meets them: called in process, the quick ones first, until one fails.

The cases of the casebook are read once, before any mutant; they hold nothing of the law.  A mutant then gets
a process of its own, in which the law and every module that stands on it are loaded anew.
"""

from __future__ import annotations

import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import itertools
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final

from tools.mutants.mutants import SOURCE, Mutant

CASEBOOK: Final = "tests.test_casebook"
_LAW: Final = (
    "judging processing sharing receiving recording requests keeping information customers audiences answers "
    "in_play one_step_away parameters"
)
QUICK: Final = (
    f"{CASEBOOK}::test_the_law_answers",
    f"{CASEBOOK}::test_a_contested",
    *(f"tests.law.test_{name}" for name in _LAW.split()),
    f"{CASEBOOK}::test_asking_only",
    f"{CASEBOOK}::test_no_profile",
)
"""A second for a mutant that passes them all."""
WORDS: Final = ("tests.docs.test_docs::test_every_page_of_a_rule", "tests.law.test_words")
"""What rules say, and from when until when; two seconds for all rules."""
SLOW: Final = (
    *(f"{CASEBOOK}::test_leaving", "tests.theorems.test_every_rule"),
    *("tests.theorems.test_records", "tests.theorems.test_days", "tests.test_core"),
    "tests.law.test_rulebook",
    *("tests.law.test_explore", "tests.law.test_courses", "tests.test_remedy", "tests.test_explanations"),
    *("tests.test_receipt", "tests.theorems.test_every_decision"),
)  # fmt: skip
"""A minute."""
_DRAW: Final = "tests.differential.test_screening_equals_draw"
SCREENING: Final = (f"{_DRAW}::test_events", f"{_DRAW}::test_whoever", f"{_DRAW}::test_a_pattern")
SLOW_SCREENING: Final = (_DRAW, "tests.differential.test_snapshot")
KEPT: Final = ("errors", "vocabulary", "question", "locale", "stopping")
"""Modules below the law: cases are made of them, and no mutant changes them."""
PASSED: Final = "survived"
SECONDS: Final = 30
"""Of processor time: a test that takes longer has met an endless loop."""


def tiers(module: str, deep: bool) -> tuple[str, ...]:
    """What a mutant of a module has to pass, in this order: test modules, or tests by how a name begins."""
    if module.startswith("screening/"):
        return SCREENING + (SLOW_SCREENING if deep else ())
    return QUICK + (WORDS if module.startswith("law/") else ()) + (SLOW if deep else ())


def warm(screening: bool) -> None:
    """Load once what every mutant needs: libraries, and the cases of the casebook."""
    for name in (
        "pytest",
        "hypothesis",
        "ibis",
        *(("ibis.backends.duckdb", "phonenumbers") if screening else ()),
    ):
        importlib.import_module(name)
    situations = importlib.import_module("grondslag.situations")
    for file in sorted((SOURCE.parents[1] / "casebook").glob("*.yaml")):
        _CASES[file.name] = situations.load(file)
    for name in [name for name in sys.modules if _stands_on_law(name)]:
        del sys.modules[name]
    gc.collect()
    gc.freeze()


_CASES: dict[str, Any] = {}


def _stands_on_law(name: str) -> bool:
    package, _, rest = name.partition(".")
    return (package in ("tests", "tools") and "mutants" not in name) or (
        package == "grondslag" and rest.partition(".")[0] not in KEPT
    )


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, code: str) -> None:
        super().__init__(name, path)
        self._code = code

    def exec_module(self, module: ModuleType) -> None:
        """A mutant may say an answer that its module did not import."""
        answers = importlib.import_module("grondslag.answers")
        vars(module).update(
            {name: getattr(answers, name) for name in ("YES", "NO", "UNKNOWN", "all_of", "any_of", "not_")}
        )
        super().exec_module(module)

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._code, self.path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the mutant where the module is asked for."""

    def __init__(self, mutant: Mutant) -> None:
        self._path = SOURCE / mutant.module
        self._name = _module(mutant)
        self._code = mutant.code

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        if fullname != self._name:
            return None
        loader = _Loader(fullname, str(self._path), self._code)
        return importlib.util.spec_from_file_location(fullname, self._path, loader=loader)


def tried(mutant: Mutant, first: Sequence[str], deep: bool) -> str:
    """The test that fails, by its name, or nothing; ``first`` are tests that have killed its like."""
    sys.meta_path.insert(0, _Finder(mutant))
    signal.setitimer(signal.ITIMER_PROF, SECONDS)  # ends the process
    try:
        vars(importlib.import_module("grondslag.situations"))["load"] = lambda path: _CASES[Path(path).name]
        importlib.import_module("grondslag.facts")
        of_rules = _module(mutant) if _declares_rules(mutant) and not deep else None
        for name in dict.fromkeys([*first, *tiers(mutant.module, deep)]):
            for title, test in _tests(name, of_rules):
                signal.setitimer(signal.ITIMER_PROF, SECONDS)
                try:
                    test()
                except Exception:
                    return title
    except Exception as error:
        return f"on import: {type(error).__name__}"
    return PASSED


def _module(mutant: Mutant) -> str:
    return "grondslag." + mutant.module.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def _declares_rules(mutant: Mutant) -> bool:
    rules = importlib.import_module("grondslag.law.rules").RULES
    return any(rule.body.__module__ == _module(mutant) for rule in rules)


def _tests(name: str, of_rules: str | None = None) -> Iterator[tuple[str, Callable[[], Any]]]:
    """The tests of a module, or those whose name begins so; of tests of one rule only those of a module's."""
    place, _, start = name.partition("::")
    for called, function in vars(importlib.import_module(place)).items():
        wanted = called.startswith(start) or start.startswith(f"{called}[")
        if called.startswith("test_") and inspect.isfunction(function) and wanted:
            for title, about, test in _calls(called, function):
                if title.startswith(start) and (of_rules is None or about in (None, of_rules)):
                    yield f"{place}::{title}", test


def _calls(name: str, function: Callable[..., Any]) -> Iterator[tuple[str, str | None, Callable[[], Any]]]:
    """A test once for each set of its parameters, with the module of the rule that it is about, if any.

    A test that asks for a fixture is left to pytest.
    """
    marks = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"]
    for place, sets in enumerate(itertools.product(*(_parameters(mark) for mark in marks))):
        arguments = {key: value for each in sets for key, value in each.items()}
        if set(inspect.signature(function).parameters) <= set(arguments):
            rule = getattr(arguments.get("rule"), "body", None)
            about = getattr(rule, "__module__", None)
            yield f"{name}[{place}]" if marks else name, about, partial(function, **arguments)


def _parameters(mark: Any) -> Iterator[dict[str, Any]]:
    names, values = mark.args[0], mark.args[1]
    names = [each.strip() for each in names.split(",")] if isinstance(names, str) else list(names)
    for value in values:
        plain = value.values if hasattr(value, "marks") else [value] if len(names) == 1 else value
        yield dict(zip(names, plain, strict=True))


def in_a_process(mutant: Mutant, first: Sequence[str], deep: bool) -> tuple[int, int]:
    """Start a process in which the mutant is tried: its id, and the pipe in which it says what failed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    os.close(reading)
    gc.set_threshold(100_000)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    said = "crash"
    try:
        said = tried(mutant, first, deep)
    except BaseException as error:  # a mutant may raise anything, SystemExit too
        said = f"crash: {type(error).__name__}"
    finally:
        os.write(writing, said.encode()[:4000])
        os._exit(0)
