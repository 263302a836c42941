"""report.html: whole in itself, in two languages, readable by everybody, and about numbers only."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest

from grondslag import locale
from grondslag.law.profiles import SETTINGS, SWITCHES
from grondslag.vocabulary import CONTROLLER, OneOf
from tests.screening.shop import CAMPAIGN, Shop

VOID = {"meta", "input", "rect", "br", "link", "img"}
NASTY = "<script>alert('x')</script> & \"Zomer\""


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def all(self, tag: str) -> list[Element]:
        found = [self] if self.tag == tag else []
        return found + [each for child in self.children for each in child.all(tag)]

    def __str__(self) -> str:
        return " ".join([self.text, *map(str, self.children)])


class Tree(HTMLParser):
    """The elements of a page; a tag that is not closed in its place is an error."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.top = Element("page", {})
        self.open = [self.top]
        self.feed(page)
        assert self.open == [self.top]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].text += data


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An outcome with a bit of everything, of a campaign with a nasty name."""
    shop = Shop(tmp_path_factory.mktemp("report"))
    shop.customers("anna-9041", "bram-9041", "cleo-9041", "dirk-9041", "emma-9041")
    shop.write("campaign.yaml", CAMPAIGN.replace("campaign: Zomer", f"campaign: {json.dumps(NASTY)}"))
    collected = (shop.folder / "records" / "collected.csv").read_text("utf-8")
    shop.records("collected", re.sub("(cleo.*)separately", r"\1never", collected))
    shop.records("objection", "subject,date,channels\nbram-9041,2026-02-01,email\ndirk-9041,2026-02-30,\n")
    shop.audience(*(f"{name}-9041" for name in ("anna", "bram", "cleo", "dirk", "EMMA", "emma", "zoe")))
    return shop.screen().folder


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return (folder / "report.html").read_text("utf-8")


@pytest.fixture(scope="module")
def top(page: str) -> Element:
    return Tree(page).top


def parts(top: Element) -> dict[str, Element]:
    texts = [each for each in top.all("div") if each.attributes.get("class") == "text"]
    return {each.attributes["lang"]: each for each in texts}


# --- What it says --------------------------------------------------------------------------------------


def test_it_gives_the_numbers_of_the_summary_in_both_languages(folder: Path, top: Element) -> None:
    told = json.loads((folder / "summary.json").read_text("utf-8"))
    assert (told["people"], told["allowed"], told["refused"]) == (7, 2, 5)
    for lang, part in parts(top).items():
        said = str(part)
        for count in (*told["grounds"], *told["reasons"], *told["duties"], *told["remedies"]):
            assert count["words_nl" if lang == "nl" else "words"] in said
        numbers = [dd.text.split()[0] for dl in part.all("dl")[:1] for dd in dl.all("dd")]
        assert numbers == ["2", "5"]


def test_the_rows_of_each_chart_add_up_to_its_total(folder: Path, top: Element) -> None:
    told = json.loads((folder / "summary.json").read_text("utf-8"))
    for part in parts(top).values():
        charts = [table for table in part.all("table") if table.attributes.get("class") == "chart"]
        sums = [sum(int(td.text) for td in chart.all("td")) for chart in charts]
        assert sums == [told["allowed"], told["refused"], told["refused"]]


def test_a_bar_is_as_long_as_its_number(top: Element) -> None:
    for chart in (t for t in top.all("table") if t.attributes.get("class") == "chart"):
        for row in chart.all("tr")[1:]:
            (rect,), (cell,) = row.all("rect"), row.all("td")
            width, heads = float(rect.attributes["width"].rstrip("%")), int(cell.text)
            first = chart.all("tr")[1]
            full = float(first.all("rect")[0].attributes["width"].rstrip("%"))
            assert width == pytest.approx(full * heads / int(first.all("td")[0].text), abs=0.02)


def test_it_can_be_used_until_a_day_and_says_so_first(top: Element) -> None:
    assert "tot en met 29 augustus 2026" in str(parts(top)["nl"].all("section")[0])
    assert "until 29 August 2026" in str(parts(top)["en"].all("section")[0])


def test_a_warning_is_not_hidden_and_in_the_language_of_the_page(folder: Path, top: Element) -> None:
    told = json.loads((folder / "summary.json").read_text("utf-8"))
    assert len(told["warnings"]) == len(told["warnings_nl"]) == 2
    for lang, other in (("nl", "en"), ("en", "nl")):
        said = str(parts(top)[lang])
        of = {"nl": told["warnings_nl"], "en": told["warnings"]}
        assert all(warning in said for warning in of[lang])
        assert not any(warning in said for warning in of[other])


def test_the_file_finds_the_rulebook_every_hash_and_the_versions(folder: Path, page: str) -> None:
    receipt = json.loads((folder / "receipt.json").read_text("utf-8"))
    assert receipt["rulebook"] in page
    for file in receipt["inputs"].values():
        assert page.count(file["sha256"]) >= 2
    for name, digest in receipt["outputs"].items():
        assert page.count(digest) == (0 if name == "report.html" else 2)
    assert all(f"<td>{version}</td>" in page for version in receipt["engines"].values())
    assert all(switch in page for switch in SWITCHES)


def test_the_law_is_linked_as_it_read_on_the_day(top: Element) -> None:
    links = {a.attributes["href"] for a in top.all("a")}
    assert any("BWBR0009950" in link for link in links)
    for link in links:
        assert link.startswith("https://")
        assert "wetten.overheid.nl" not in link or "z=2026-08-01&g=2026-08-01" in link


def test_it_holds_no_data_of_anybody_on_the_list(page: str) -> None:
    assert "9041" not in page
    assert "A. de Wit" not in page


# --- How it is made ------------------------------------------------------------------------------------


def test_what_a_campaign_is_called_is_text_and_never_code(page: str, top: Element) -> None:
    assert not top.all("script")
    assert all(h1.text == NASTY for h1 in top.all("h1"))
    assert "&lt;script&gt;" in page


def test_it_asks_for_nothing_from_elsewhere_and_runs_no_script(page: str, top: Element) -> None:
    assert not [tag for tag in ("script", "img", "link", "iframe", "object", "form") if top.all(tag)]
    assert not re.search(r"url\(|@import|\son\w+=|\sstyle=|javascript:|srcset|\ssrc=", page)
    (policy,) = [m for m in top.all("meta") if m.attributes.get("http-equiv") == "Content-Security-Policy"]
    assert policy.attributes["content"].startswith("default-src 'none'; style-src 'sha256-")


def test_its_own_style_is_the_only_one_that_its_policy_lets_through(page: str, top: Element) -> None:
    (style,) = top.all("style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page


def test_each_language_has_one_heading_of_the_first_level_and_skips_none(top: Element) -> None:
    for lang, part in parts(top).items():
        levels = [int(tag[1]) for tag in flat(part) if re.fullmatch("h[1-6]", tag)]
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels)), lang


def flat(element: Element) -> list[str]:
    return [element.tag, *(tag for child in element.children for tag in flat(child))]


def test_every_table_has_a_caption_and_every_head_a_scope(top: Element) -> None:
    for table in top.all("table"):
        assert table.children[0].tag == "caption"
        assert table.children[0].text.strip()
        assert all(th.attributes.get("scope") in ("col", "row") for th in table.all("th"))
        assert all(row.all("th") for row in table.all("tr"))


def test_a_chart_is_hidden_from_a_screen_reader_for_its_numbers_stand_beside_it(top: Element) -> None:
    assert all(svg.attributes["aria-hidden"] == "true" for svg in top.all("svg"))


def test_names_inside_the_page_are_unique_and_lead_somewhere(page: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    named = set(re.findall(r'aria-labelledby="([^"]+)"', page)) | set(re.findall(r'\sfor="([^"]+)"', page))
    assert named <= set(ids)


def test_text_stands_out_from_its_ground(page: str) -> None:
    """WCAG 2.2 AA: 4.5 to 1 for text, and the bars 3 to 1."""
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", page))
    for ground in (colours["paper"], colours["tint"]):
        for ink in (colours["ink"], colours["soft"], "#0a4a9e", colours["yes"], colours["no"]):
            assert contrast(ink, ground) >= 4.5
        for bar in (colours["help"], colours["beyond"]):
            assert contrast(bar, ground) >= 3


def contrast(one: str, other: str) -> float:
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * d for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# --- Its words -----------------------------------------------------------------------------------------


def test_every_text_is_used_and_every_text_that_is_used_is_there() -> None:
    screening = resources.files("grondslag.screening")
    template = (screening / "templates" / "report.html").read_text("utf-8")
    source = template + (screening / "report.py").read_text("utf-8")
    texts = set(json.loads((resources.files(locale) / "screening.json").read_text("utf-8"))["report"])
    assert texts <= set(re.findall(r"""["']([a-z-]+)["']""", source))
    assert set(re.findall(r"\bt\('([a-z-]+)'", template)) <= texts


def test_every_switch_setting_and_kind_of_sender_has_a_word() -> None:
    texts = json.loads((resources.files(locale) / "screening.json").read_text("utf-8"))
    assert set(texts["switches"]) == set(SWITCHES)
    assert {slug: told["en"] for slug, told in texts["switches"].items()} == dict(SWITCHES)
    assert set(texts["settings"]) == set(SETTINGS)
    kinds = CONTROLLER["kind"].type
    assert isinstance(kinds, OneOf)
    assert set(texts["kinds"]) == set(kinds.values)


def test_numbers_are_written_as_the_language_has_them() -> None:
    assert (locale.number(1234567, "nl"), locale.number(1234567, "en")) == ("1.234.567", "1,234,567")
    assert (locale.share(1, 3, "nl"), locale.share(1, 3, "en")) == ("33,3%", "33.3%")
    assert [locale.share(part, 10_000, "nl") for part in (0, 1, 10)] == ["0,0%", "< 0,1%", "0,1%"]
    assert locale.share(0, 0, "nl") == "0,0%"
