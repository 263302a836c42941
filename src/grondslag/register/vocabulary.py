"""The words of an entry: the events of the situation format, and what proof of them needs beside.

An *entry* is what is recorded: who, when, one event, and how it is known.  The rules read the event; the
``proof`` is for whoever asks for it later.  ``docs/register.md`` tells the format in prose.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from grondslag.spellings import ADDRESS, EMAIL, LONGEST, PHONE
from grondslag.vocabulary import DAY, EVENTS, PERSON, TEXT, Field, Fields, Number, Object, Text, one_of, word

SCHEMA: Final = "urn:grondslag:entry:1"
"""The name of the format; a leaf of the log tells it."""
MOMENT: Final = Text(
    35,
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$(?!\n)",
    "a moment with its zone, as in 2026-07-01T09:30:00+02:00",
)
HASH: Final = Text(71, r"^sha256:[0-9a-f]{64}$(?!\n)", "sha256: and 64 hexadecimal digits")
PROSE: Final = Text(20_000, r"\S", "text")
BASE64: Final = Text(24 * 2**20, r"^[A-Za-z0-9+/]*={0,2}$(?!\n)", "base64, of at most 18 MiB")

# fmt: off
SUBJECT: Final[Fields] = {
    "id": Field(TEXT, "What the organisation calls this person, such as a customer number."),
    "email": Field(Text(LONGEST[EMAIL]), "An e-mail address of the person."),
    "phone": Field(Text(LONGEST[PHONE]), "A telephone number of the person; Dutch when it has no country."),
    "address": Field(Text(LONGEST[ADDRESS]), "A Dutch postal address, with postcode and house number."),
}

NOTICE: Final[Fields] = {
    "id": Field(TEXT, "Which text or screen was shown."),
    "version": Field(TEXT, "Which version of it."),
    "language": Field(Text(35, r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$(?!\n)", "a language tag such as nl"),
        "In which language."),
    "hash": Field(HASH, "The hash of exactly what was shown."),
}

PROOF: Final[Fields] = {
    "notice": Field(Object(NOTICE), "The exact text or screen that was shown."),
    "act": Field(PROSE, "What the person did: ticked the box and pressed Send, said yes on the telephone …"),
    "source": Field(Object({
        "point": Field(TEXT, "The collection point: a page, a form, a shop, a telephone line."),
        "ip": Field(Text(45), "The network address from which it came."),
        "agent": Field(Text(1000), "The browser or device."),
        "file": Field(TEXT, "The file that it was read from."),
        "format": Field(TEXT, "What program wrote that file."),
        "line": Field(Number(1, 2**53), "The line of that file."),
    }), "Where it came from."),
    "by": word("person employee import processor", "Who entered it."),
    "verification": Field(Object({
        "method": word("double-opt-in call-back sms-code login letter in-person other", "How."),
        "requested": Field(MOMENT, "When verification was asked for."),
        "confirmed": Field(MOMENT, "When it was given."),
        "ip": Field(Text(45), "The network address from which it was given."),
    }), "How it was made sure that this person did it."),
    "note": Field(PROSE, "What else whoever judges it should know."),
}

ATTACHMENT: Final[Fields] = {
    "name": Field(TEXT, "The name of the file."),
    "type": Field(TEXT, "Its media type."),
    "content": Field(BASE64, "What is in it: sealed apart, destroyed when the person is forgotten."),
    "sha256": Field(HASH, "The hash of what is in it; checked when both are given."),
}

OWN: Final[Mapping[str, Fields]] = {
    "person": PERSON,
    "contact": {name: each for name, each in SUBJECT.items() if name != "id"},
}
"""What is known of a person beside what happened; ``contact``: from this day these are the details."""

PUBLIC: Final[Mapping[str, Fields]] = {
    "notice": {**NOTICE, "text": Field(PROSE, "The text itself.")},
}
"""Entries that are about nobody: they are logged as they are."""
# fmt: on

RECORDED: Final[Mapping[str, Fields]] = {**EVENTS, **OWN, **PUBLIC}
"""What may be handed in, by its kind."""

MADE: Final = ("merged", "split", "decided", "erased", "retained", "rotated")
"""What the register itself enters: whom it took for one person, what was decided, what was destroyed."""

NOBODYS: Final = (*PUBLIC, "erased", "retained", "rotated")
"""What names no person: nothing in it is sealed."""

ENVELOPE: Final[Fields] = {
    "id": Field(Text(200), "The client's own id; the same id with the same content is recorded once."),
    "subject": Field(Object(SUBJECT), "Whom it is about: one or more identifiers."),
    "date": Field(DAY, "The day of the event, in the Netherlands; may be left out when time is given."),
    "time": Field(MOMENT, "The moment of the event."),
    "corrects": Field(Text(200), "The id of the entry that this one puts right."),
}

ON_IMPORT: Final = "stood in the export on the day of the import; when it was done is not told"
"""The ``act`` in the proof of an imported entry that has the day of the import for want of its own."""

REFUSALS: Final = one_of("withdrawal objection").values
"""Nothing ever takes the place of these: unknown never helps the sender."""
