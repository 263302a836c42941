"""What comes of one row of an export."""

from __future__ import annotations

from typing import Any, Final, NamedTuple


class Said(NamedTuple):
    """One sentence for people, in English and in plain Dutch; without data of a person."""

    en: str
    nl: str


class Row(NamedTuple):
    """One row of an export, and what it comes to.

    A row may have both entries and a ``problem``: a refusal is recorded whatever else is wrong with its row,
    and then nothing but refusals is.  Entries may share parts with those of other rows: do not change them.

    :ivar line: where the row begins in its file; the line with the names of the columns is 1.
    :ivar file: the name of the file, or of the one inside a ZIP.
    :ivar format: as what it was read.
    :ivar entries: in the entry format of the register; the ``id`` tells whether it was imported before.
    :ivar problem: why the row, or the rest of it, was not read.
    :ivar raw: its text, for the file of rejects; empty when it is too long to keep.
    :ivar notes: what the export says and the register cannot hold, or does not believe.
    """

    line: int
    file: str
    format: str
    entries: tuple[dict[str, Any], ...] = ()
    problem: Said | None = None
    raw: str = ""
    notes: tuple[Said, ...] = ()


TOO_LONG: Final = Said("is longer than a row can be", "is langer dan een regel kan zijn")
BROKEN: Final = Said(
    "holds a quote that is not closed where it should be, or stands after one or after a row that is"
    " too long: mend that in the file",
    "heeft een aanhalingsteken dat niet goed sluit, of staat na zo'n teken of na een te lange regel:"
    " herstel dat in het bestand",
)
NOBODY: Final = Said(
    "names nobody: no readable e-mail address, telephone number, address or number of its own",
    "noemt niemand: geen leesbaar e-mailadres, telefoonnummer, adres of eigen nummer",
)
GARBLED: Final = Said(
    "is not text of the encoding of the file", "is geen tekst in de codering van het bestand"
)
UNDATED: Final = Said(
    "a yes without a day is not recorded: it could seem to be of after a refusal",
    "een ja zonder datum is niet vastgelegd: het zou van na een weigering kunnen lijken",
)
UNREACHED: Final = Said(
    "a yes for which the detail is missing or unreadable is not recorded",
    "een ja waarvan het contactgegeven ontbreekt of onleesbaar is, is niet vastgelegd",
)


def ragged(cells: int, width: int) -> Said:
    return Said(f"has {cells} cells and not {width}", f"heeft {cells} cellen in plaats van {width}")


def unreadable(column: str, form: Said) -> Said:
    return Said(f"column {column!r} is not {form.en}", f"kolom {column!r} is geen {form.nl}")


def early(column: str) -> Said:
    return Said(
        f"column {column!r} lies after the day of the import",
        f"kolom {column!r} ligt na de dag van de import",
    )


def unspelled(column: str) -> Said:
    """A contact detail is left out."""
    return Said(
        f"column {column!r} holds a contact detail that cannot be read",
        f"kolom {column!r} heeft een contactgegeven dat niet te lezen is",
    )
