"""Whom a row is about: the contact details of a person, each in one spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from grondslag.facts.file import DETAIL
from grondslag.spellings import ADDRESS, EMAIL, PHONE, spelled
from grondslag.vocabulary import CHANNEL

from .checks import columns_in
from .formats import Format
from .rows import Said, unspelled

_LONGEST_ID: Final = 160
_COLUMN: Final = re.compile(r"\{([^{}]*)\}")
_ORDINARY: Final = re.compile(r"[^\x00-\x1f\x7f\ufffd]+")
_KINDS: Final = {EMAIL: EMAIL, PHONE: PHONE, ADDRESS: ADDRESS}


def reach(channels: Any) -> frozenset[str]:
    """The contact details by which a channel, or any of several, reaches somebody."""
    listed: Iterable[str] = channels if isinstance(channels, list) else CHANNEL.values
    return frozenset(detail for channel in listed for detail in DETAIL.get(channel, ()))


class Subjects:
    """Reads the details of a person as a format says."""

    def __init__(self, format: Format) -> None:
        own = {kind: texts for kind, texts in format.subject.items() if kind in ("id", "own")}
        self._id = next(((kind == "own", texts[0]) for kind, texts in own.items()), None)
        self._details = [(kind, texts) for kind, texts in format.subject.items() if kind in _KINDS]
        self._program = format.program

    def read(
        self, values: Mapping[str, Any], problems: list[Said], notes: list[Said]
    ) -> tuple[dict[str, str], list[str]]:
        """The details, and further telephone numbers.

        :param problems: is told of an e-mail address that cannot be read, ``notes`` of other details.
        """
        subject, further = dict[str, str](), list[str]()
        if self._id is not None:
            is_theirs, template = self._id
            text = _filled(template, values)
            if text and len(text) <= _LONGEST_ID and _ORDINARY.fullmatch(text):
                # Number 51 of one program is not number 51 of another.
                subject["id"] = f"{self._program}:{text}" if is_theirs else text
            elif text:
                notes.append(unspelled(", ".join(columns_in(template))))
        for kind, templates in self._details:
            for template in templates:
                if not (text := _filled(template, values)):
                    continue
                found = spelled(kind, text) if _ORDINARY.fullmatch(text) else None
                if found is None:
                    (problems if kind == EMAIL else notes).append(unspelled(", ".join(columns_in(template))))
                elif kind not in subject:
                    subject[kind] = found
                elif found != subject[kind] and found not in further:
                    further.append(found)
        return subject, further


def _filled(template: str, values: Mapping[str, Any]) -> str:
    """The text with its columns filled in; empty when one of them is."""
    if "{" not in template:
        found = values[template]
        return found if isinstance(found, str) else ""
    parts = {column: values[column] for column in columns_in(template)}
    if not all(isinstance(part, str) and part for part in parts.values()):
        return ""
    return _COLUMN.sub(lambda found: str(parts[found[1]]), template)
