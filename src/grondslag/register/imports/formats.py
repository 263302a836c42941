"""The formats of the programs that organisations export from, each a mapping in YAML, and those of users.

A mapping says in which columns the contact details stand, how columns are read, and by which rules a row
becomes entries.  ``docs/imports.md`` tells how to write one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from grondslag.errors import BadCase
from grondslag.situations.reading import SIZE_LIMIT, plain
from grondslag.situations.reading import read as read_plain

from .checks import listed, require_meaning, require_sound
from .rows import Said

_CARRIED: Final = resources.files(__package__) / "carried"
NAMES: Final = tuple(
    sorted(file.name.removesuffix(".yaml") for file in _CARRIED.iterdir() if file.name.endswith(".yaml"))
)
"""The formats that are carried."""
_MERGED: Final = ("read", "subject", "left_out")
_JOINED: Final = ("needs", "rules")


@dataclass(frozen=True, slots=True)
class Rule:
    """:ivar kind: of the event that is recorded; empty when there is only a note."""

    when: Mapping[str, Any]
    dated: tuple[str, ...]
    kind: str
    fields: Mapping[str, Any]
    proof: Mapping[str, Any]
    note: Said | None


@dataclass(frozen=True, slots=True)
class Format:
    """One way in which a program writes what it knows.

    :ivar program: what numbers its own: two formats of one program name the same people.
    :ivar needs: the columns without which it is another file.
    :ivar recognise: the columns that tell it beyond doubt; empty when they do not.
    :ivar files: what the name of the file must hold for it to be recognised.
    :ivar read: column → how it is read.
    :ivar subject: detail → column, or text with columns in braces; several for ``phone``.
    :ivar key: the column with the number of the row itself.
    :ivar changed: the column that tells when the row was last changed.
    :ivar rules: in each group the first that holds counts.
    :ivar told: the mapping, for the docs.
    """

    name: str
    program: str
    needs: tuple[str, ...]
    subject: Mapping[str, tuple[str, ...]]
    rules: tuple[tuple[Rule, ...], ...]
    recognise: tuple[str, ...] = ()
    files: re.Pattern[str] | None = None
    read: Mapping[str, str | list[str]] = field(default_factory=dict)
    key: str = ""
    changed: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)


def load(name: str) -> Format:
    """A format that is carried, by its name, or the one in a file of the user.

    :raises BadCase: when there is no such format or file, or the mapping in it is not sound.
    """
    if name in NAMES:
        return _carried(name)
    path, remedy = Path(name), f"name a file with a mapping, or one of {', '.join(NAMES)}"
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise BadCase("--as", f"{name[:80]!r} is no format, and no file ({reason})", remedy) from None
    return _format(content, path.name)


@cache
def _carried(name: str) -> Format:
    return _format((_CARRIED / f"{name}.yaml").read_text("utf-8"), f"{name}.yaml")


def _format(content: str | bytes, name: str) -> Format:
    tree = read_plain(content, name)
    require_sound(name, tree)
    base: Mapping[str, Any] = {}
    if like := tree.get("like"):
        if like not in NAMES:
            raise BadCase(
                name, "is like a format that is not carried", f"write like: one of {', '.join(NAMES)}"
            )
        base = _carried(like).told
    require_meaning(name, tree, base)
    return _of_tree(plain(_merged(base, tree), name))


def _merged(base: Mapping[str, Any], tree: Mapping[str, Any]) -> dict[str, Any]:
    """The base, with what the mapping adds; how to recognise the base does not tell the other."""
    kept = {
        key: value
        for key, value in base.items()
        if key not in ("recognise", "files", "like", "title", "proves")
    }
    merged = kept | {key: value for key, value in tree.items() if key != "like"}
    for key in _MERGED:
        if key in base and key in tree:
            merged[key] = {**base[key], **tree[key]}
    for key in _JOINED:
        if key in base and key in tree:
            merged[key] = [*base[key], *tree[key]]
    return merged


def _of_tree(tree: Mapping[str, Any]) -> Format:
    return Format(
        name=tree["format"],
        program=tree.get("program", tree["format"]),
        needs=tuple(tree["needs"]),
        subject={kind: tuple(listed(columns)) for kind, columns in tree["subject"].items()},
        rules=tuple(tuple(map(_rule, each.get("first", [each]))) for each in tree["rules"]),
        recognise=tuple(tree.get("recognise", ())),
        files=re.compile(tree["files"]) if "files" in tree else None,
        read=tree.get("read", {}),
        key=tree.get("key", ""),
        changed=tree.get("changed", ""),
        told=tree,
    )


def _rule(tree: Mapping[str, Any]) -> Rule:
    ((kind, fields),) = tree["record"].items() if "record" in tree else (("", {}),)
    note = tree.get("note")
    return Rule(
        when=tree.get("when", {}),
        dated=tuple(listed(tree.get("dated", []))),
        kind=kind,
        fields=fields,
        proof=tree.get("proof", {}),
        note=Said(note, note) if isinstance(note, str) else Said(**note) if note else None,
    )


def recognise(header: Sequence[str], file: str = "") -> Format | None:
    """The format that a line with the names of the columns tells beyond doubt; None when it does not.

    :param file: the name of the file: some formats differ in nothing else.
    """
    columns = {column.strip().casefold() for column in header}
    found = [
        (set(map(str.casefold, format.recognise)), format)
        for format in map(_carried, NAMES)
        if format.recognise and columns.issuperset(map(str.casefold, format.recognise))
        if format.files is None or format.files.search(file.casefold())
    ]
    # Who asks for all that the others ask for, and more, is the one.
    return next(
        (format for known, format in found if all(known > other or other is known for other, _ in found)),
        None,
    )
