"""Paper: a PDF in which every letter of a name prints, with a title, a language and an outline.

The font is DejaVu Sans, which is free to pass on (``fonts/LICENSE``) and embedded as far as it is used.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from importlib import resources
from typing import Final

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos
from fpdf.prefs import ViewerPreferences

from grondslag import locale

_FONT: Final = "DejaVu"
_GREY, _BLACK, _LINE = (95, 95, 95), (20, 20, 20), (200, 200, 200)
_LABEL: Final = 42
"""Millimetres of the column of labels."""
_TAB: Final = 1.6
"""Millimetres for a space that a line begins with."""


class Paper(FPDF):
    """A4, one column.

    :param lang: ``nl`` or ``en``.
    :param at: when it is said to be made: with the same content it is the same file.
    """

    def __init__(self, title: str, controller: str, lang: str, at: datetime) -> None:
        super().__init__(format="A4")
        logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells of every table that it leaves out
        for style, file in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
            with resources.as_file(resources.files(__package__) / "fonts" / file) as path:
                self.add_font(_FONT, style, path)
        self._lang = lang
        self._widths: dict[tuple[str, str, float], float] = {}
        self.set_title(title)
        self.set_author(controller)
        self.set_creator("Grondslag")
        self.set_lang({"nl": "nl-NL", "en": "en-GB"}[lang])
        self.set_creation_date(at)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.set_margins(20, 18)
        self.c_margin = 0
        self.set_auto_page_break(True, 20)
        self._foot = f"{controller} · {title}"
        self.add_page()

    def footer(self) -> None:
        """The foot of each page."""
        self.set_y(-14)
        self._style(7.5, colour=_GREY)
        pages = locale.word("proof", "page", self._lang).format(page=self.page_no(), pages="{nb}")
        self.cell(0, 5, self.printable(self._foot))
        self.set_x(self.l_margin)
        self.cell(0, 5, pages, align=Align.R)

    def head(self, text: str, level: int = 1) -> None:
        """A heading, that stays with what comes after it; level 0 is the title."""
        size, before, room = ((17, 0, 0), (13, 7, 40), (10, 4, 30))[level]
        if self.will_page_break(room):
            self.add_page()
        else:
            self.ln(before)
        self.start_section(self.printable(text), level=max(level - 1, 0))
        self._style(size, bold=True)
        self._lines(text, size * 0.48)
        self.ln(1.5)

    def row(self, label: str, text: str, small: bool = False) -> None:
        """A label, and what there is to say under it."""
        if not text:
            return
        if self.will_page_break(8):
            self.add_page()
        size = 7.5 if small else 9
        top = self.get_y()
        self._style(size, colour=_GREY)
        self.cell(_LABEL - 2, size * 0.5, label)
        self.set_xy(self.l_margin + _LABEL, top)
        self._style(size)
        self._lines(text, size * 0.5)
        self.ln(0.8)

    def text_(self, text: str, size: float = 9) -> None:
        """Lines of text; one that begins with spaces stands to the right, one with none after an empty one is
        a small heading."""
        first = True
        for line in text.split("\n"):
            inner = line.lstrip()
            if not inner:
                self.ln(1.5)
            else:
                bold = first and inner == line
                if bold and self.will_page_break(12):
                    self.add_page()
                self._style(size, bold=bold)
                self.set_x(self.l_margin + _TAB * (len(line) - len(inner)))
                self._lines(inner, size * 0.5)
            first = not inner
        self.ln(1)

    def quote(self, text: str) -> None:
        """What was shown, word for word."""
        left, top, page = self.l_margin, self.get_y(), self.page
        self.set_left_margin(left + 4)
        self._style(9)
        self._lines(text, 4.6)
        self.set_left_margin(left)
        if self.page == page:
            self.set_draw_color(*_LINE)
            self.set_line_width(0.6)
            self.line(left + 1.5, top, left + 1.5, self.get_y())
        self.ln(2)

    def printable(self, text: str) -> str:
        """The text, with the code of each sign that the font does not have."""
        known = self.fonts[_FONT.lower()].cmap  # type: ignore[union-attr]
        return "".join(
            sign if sign in "\n" or ord(sign) in known else f"[U+{ord(sign):04X}]" for sign in text
        )

    def _lines(self, text: str, height: float) -> None:
        left, room = self.x, self.w - self.r_margin - self.x
        for line in self._wrapped(self.printable(text), room):
            self.set_x(left)
            self.cell(room, height, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _wrapped(self, text: str, room: float) -> Iterator[str]:
        """Lines that fit; fpdf2 would measure a whole line again at each letter."""
        space = self._width(" ")
        for paragraph in text.split("\n"):
            line, left = list[str](), room
            for word in self._words(paragraph, room):
                if line and self._width(word) > left:
                    yield " ".join(line)
                    line, left = [], room
                line.append(word)
                left -= self._width(word) + space
            yield " ".join(line)

    def _words(self, paragraph: str, room: float) -> Iterator[str]:
        """The words; one that is longer than a line, such as a hash, in pieces."""
        for word in paragraph.split():
            rest = word
            while self._width(rest) > room:
                fits = next(n for n in range(len(rest) - 1, 0, -1) if self._width(rest[:n]) <= room)
                yield rest[:fits]
                rest = rest[fits:]
            yield rest

    def _width(self, word: str) -> float:
        key = word, self.font_style, self.font_size
        if key not in self._widths:
            self._widths[key] = self.get_string_width(word)
        return self._widths[key]

    def _style(self, size: float, *, bold: bool = False, colour: tuple[int, int, int] = _BLACK) -> None:
        self.set_font(_FONT, "B" if bold else "", size)
        self.set_text_color(*colour)
