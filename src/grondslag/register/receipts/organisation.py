"""Who keeps the records: what every record says of the organisation, read strictly from a YAML or JSON file.

Nothing in it is required but the name of the controller.  What is left out is not made up: the records
then say that they lack it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from jsonschema.protocols import Validator

from grondslag.errors import BadCase
from grondslag.register.vocabulary import NOTICE
from grondslag.situations import findings
from grondslag.situations.errors import place
from grondslag.situations.reading import read
from grondslag.situations.schema import object_of, properties
from grondslag.vocabulary import CONTROLLER, MONTHS, TEXT, Field, Fields, ListOf, Object, Text, one_of

ADDRESS: Final = Text(500, r"^(https?://|mailto:)[!#-;=?-Z_a-z~]+$(?!\n)", "a web address or mailto: address")
COUNTRY: Final = Text(2, r"^[A-Z]{2}$(?!\n)", "an ISO country code of two capitals")
EMAIL: Final = Text(254, r"^[^@\s]+@[^@\s]+$(?!\n)", "an e-mail address")

# fmt: off
_REACHED: Final[Fields] = {
    "name": Field(TEXT, "The name."),
    "url": Field(ADDRESS, "The address of its site; it identifies the party in the records."),
    "address": Field(TEXT, "The postal address, in one line."),
    "email": Field(EMAIL, "The e-mail address for questions about personal data."),
    "phone": Field(TEXT, "The telephone number for such questions."),
}
_NOTICE: Final[Fields] = {**NOTICE, "url": Field(ADDRESS, "Where this version of the text can be read.")}

ORGANISATION: Final[Fields] = {
    "controller": Field(Object({**CONTROLLER, **_REACHED}), "The legal entity, as a situation has it."),
    "officer": Field(Object(_REACHED), "The data protection officer (FG)."),
    "statement": Field(Object(_NOTICE), "The privacy statement (AVG 13 and 14)."),
    "withdraw_at": Field(ADDRESS, "Where consent is withdrawn and an objection is made."),
    "rights_at": Field(ADDRESS, "Where the other rights are used."),
    "rights": Field(ListOf(one_of("access rectification erasure restriction portability")),
        "Which of these rights there are, beside withdrawing, objecting and complaining."),
    "authority": Field(Object({"name": _REACHED["name"], "url": _REACHED["url"]}), "The supervisor."),
    "jurisdiction": Field(COUNTRY, "The country whose law holds."),
    "storage": Field(ListOf(COUNTRY), "The countries in which the data are stored."),
    "dpia": Field(ADDRESS, "Where the data protection impact assessment is."),
    "retention_months": Field(MONTHS, "How long the data are kept after the last contact."),
}
_RECIPIENT: Final[Fields] = {
    "name": _REACHED["name"],
    "url": _REACHED["url"],
    "country": Field(COUNTRY, "The country in which it uses the data."),
    "safeguard": Field(TEXT, "What protects the data outside the EEA, such as standard contractual clauses."),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Organisation:
    """What a file says of the organisation, under the same names.

    :ivar recipients: who gets the data, beside the controller.
    :ivar notices: the texts that were shown, for the entries that name one by ``id`` and ``version``.
    """

    controller: Mapping[str, Any]
    officer: Mapping[str, str] = field(default_factory=dict)
    statement: Mapping[str, str] = field(default_factory=dict)
    withdraw_at: str | None = None
    rights_at: str | None = None
    rights: tuple[str, ...] = ()
    authority: Mapping[str, str] = field(default_factory=dict)
    jurisdiction: str | None = None
    storage: tuple[str, ...] = ()
    dpia: str | None = None
    retention_months: int | None = None
    recipients: tuple[Mapping[str, str], ...] = ()
    notices: tuple[Mapping[str, str], ...] = ()

    @property
    def judged(self) -> Mapping[str, object]:
        """The controller as the rules know it."""
        return {name: value for name, value in self.controller.items() if name in CONTROLLER}

    def notice(self, named: Mapping[str, str]) -> Mapping[str, str]:
        """The text that was shown, as the entry names it, with what is known here of the same text.

        What contradicts the entry is another text, and adds nothing.
        """
        if not named.keys() >= {"id", "version"}:
            return named
        same = (known for known in self.notices if all(known.get(k, v) == v for k, v in named.items()))
        return {**next(same, {}), **named}


def organisation(text: str | bytes, name: str = "organisation.yaml") -> Organisation:
    """What the text of a file says.

    :param name: what errors call the file; JSON when it ends in ``.json``.
    :raises BadCase: with the place, what is wrong there, and the remedy.
    """
    if not text.strip():
        raise BadCase(name, "is empty", "begin with controller: {name: …}")
    tree = read(text, name)
    if wrong := findings.against(_validator(), tree):
        at, problem, remedy = wrong[0]
        raise BadCase(place(name, tree, at), problem, remedy)
    lists = {key: tuple(value) for key, value in tree.items() if isinstance(value, list)}
    return Organisation(**{**tree, **lists})


@cache
def _validator() -> Validator:
    known = properties(ORGANISATION)
    known["controller"]["required"] = ["name"]
    known["recipients"] = _several("recipient", _RECIPIENT, "name", "url", "country")
    known["notices"] = _several("notice", _NOTICE, "id", "version")
    return findings.validator(object_of("the organisation", known, "controller"))


def _several(what: str, fields: Fields, *required: str) -> dict[str, Any]:
    item = object_of(f"a {what}", properties(fields), *required)
    return {"title": f"a list of one or more {what}s", "type": "array", "minItems": 1, "items": item}
