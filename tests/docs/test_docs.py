"""The docs say what the program does: generated pages are current, every id is accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest

from grondslag.law import rulebook
from grondslag.law.open_norms import BACKGROUND
from grondslag.law.rulebook import DUTCH
from grondslag.law.rules import Rule
from tools import docs

SLUGS = list(dict.fromkeys(rule.slug for rule in DUTCH.rules))
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def pages():
    return docs.pages()


def test_every_generated_page_is_current(pages):
    """When this fails: make docs."""
    stale = [path.name for path, text in pages.items() if docs.read(path) != text]
    gone = [path.name for path in (docs.DOCS / "rules").glob("*.md") if path not in pages]
    assert (stale, gone) == ([], [])


@pytest.mark.parametrize("rule", [DUTCH.versions(slug)[-1] for slug in SLUGS], ids=SLUGS)
def test_every_page_of_a_rule_says_its_days_channels_and_clauses(rule: Rule):
    """When this fails: did the law change?  Then make docs, and read what moved."""
    page = docs.read(docs.DOCS / "rules" / f"{rule.slug}.md") or ""
    said, _, _ = page.partition("\n## Examples in the casebook")
    assert said.rstrip() == (docs.MADE + "\n".join(docs.rule_page(rule.slug, []))).rstrip()


def test_every_page_of_a_rule_is_about_a_rule():
    assert {path.stem for path in (docs.DOCS / "rules").glob("*.md")} == {*SLUGS, "README"}


def test_every_id_of_the_law_table_has_a_rule_or_a_reason():
    with_rule = {name for rule in DUTCH.rules for name in docs.ids_of(rule)}
    ids = set(docs.law_ids())
    assert len(ids) > 120
    assert ids - with_rule == set(BACKGROUND)
    assert with_rule <= ids
    assert rulebook.ids() == ids


def test_every_link_between_the_docs_leads_somewhere():
    import re

    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *docs.DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
