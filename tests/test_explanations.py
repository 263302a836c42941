"""Explanations, reviewed like prose: a change of words shows up here and is read before it is accepted.

To accept: GOLDEN=write .venv/bin/pytest tests/test_explanations.py -n 0, then read the diff aloud.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grondslag.decide import decide
from grondslag.explain import explain, explanation
from grondslag.facts import draw_with_evidence
from grondslag.law.profiles import Profile
from tests.casebook import BY_ID as EXAMPLES

GOLDEN = Path(__file__).parent / "golden"
READ = (
    *("EML-009", "EML-010", "EML-003", "RGT-017", "TEL-010", "TEL-025", "EML-090", "PST-001", "EML-020"),
    *("SHR-006", "SEED-025", "VOX-002", "RGT-002", "SEED-017", "RGT-012", "EML-073"),
)


def told(name: str, lang: str) -> str:
    example = EXAMPLES[name]
    drawn = draw_with_evidence(example.case)
    decision = decide(drawn.situation, at=example.case.act.date, profile=Profile.parse(example.profile))
    return explain(decision, drawn, example.case, lang) + "\n"


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("name", READ)
def test_an_explanation_reads_as_it_was_reviewed(name: str, lang: str):
    file = GOLDEN / f"{name}.{lang}.txt"
    if os.environ.get("GOLDEN") == "write":
        file.write_text(told(name, lang), "utf-8")
    assert told(name, lang) == file.read_text("utf-8")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_situation_of_the_casebook_can_be_explained_without_naming_anybody(lang: str):
    for example in EXAMPLES.values():
        drawn = draw_with_evidence(example.case)
        decision = decide(drawn.situation, at=example.case.act.date, profile=Profile.parse(example.profile))
        text = explain(decision, drawn, example.case, lang)
        name = str(example.case.controller.get("name"))
        assert name not in text, example.id
        assert decision.rule == "" or f"[{decision.rule}]" in text, example.id


def test_each_condition_of_a_yes_rests_on_something_that_is_shown():
    example = EXAMPLES["EML-009"]
    drawn = draw_with_evidence(example.case)
    decision = decide(drawn.situation, at=example.case.act.date)
    deciding = explanation(decision, drawn, example.case, "en").deciding
    assert deciding is not None
    assert all(condition.on_file for condition in deciding.conditions)
