"""At the end of a run: how much the theorems have looked at, in all processes together."""

from __future__ import annotations

import pytest

from tests.theorems.counting import COUNTED, SITUATIONS

_ELSEWHERE: list[tuple[dict[str, int], dict[str, int]]] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The module that takes longest begins first, so that no process works on it alone at the end."""
    items.sort(key=lambda item: "spark" not in item.path.parts)


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:  # a worker of pytest-xdist tells the process that started it
        output["theorems"] = (dict(COUNTED), SITUATIONS)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object, error: object) -> None:
    found = getattr(node, "workeroutput", {}).get("theorems")
    if found:
        _ELSEWHERE.append(found)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counted, situations = COUNTED.copy(), dict(SITUATIONS)
    for numbers, seen in _ELSEWHERE:
        counted.update(numbers)
        situations |= seen
    if counted:
        terminalreporter.write_line(
            f"theorems: {counted['decisions']:,} decisions, {counted['examinations']:,} rule examinations, "
            f"over {sum(situations.values()):,} situations of {len(situations)} rules"
        )
