"""What the schema has against a file or a request, in the words of the format."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from itertools import islice
from typing import Any, Final, cast

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.protocols import Validator

from .. import vocabulary as v
from .errors import REPORTED, Finding, shown
from .schema import schema


def validator(of: dict[str, Any]) -> Validator:
    """The validator of a schema, with the calendar of the format."""
    calendar = FormatChecker(formats=())
    calendar.checks("date", raises=ValueError)(_is_day)
    return Draft202012Validator(of, format_checker=calendar)


@cache
def _validator(definition: str) -> Validator:
    """The validator of a file or a request."""
    published = schema()
    whole = validator(published)
    return whole if definition == "file" else whole.evolve(schema=published["$defs"][definition])


_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _is_day(value: object) -> bool:
    """Whether text is a day of the format: ``ValueError`` if it is not."""
    return not isinstance(value, str) or bool(v.Day.read(value))


def structure(tree: Any, definition: str) -> list[Finding]:
    """What the schema of a file or a request has against the tree."""
    return against(_validator(definition), tree)


def against(judge: Validator, tree: Any) -> list[Finding]:
    """What a schema has against the tree, in the words of the format: all of it, or more than is reported."""
    findings: dict[Finding, None] = {}  # one missing field may be found several times
    for error in judge.iter_errors(tree):
        findings |= dict.fromkeys(_findings(error))
        if len(findings) > REPORTED:
            break
    if any(at == ("version",) for at, _, _ in findings):
        # A file of another version may be right in every other respect: say only that.
        return [(("version",), "is not a version of the format that this program reads", "write version: 1")]
    return list(findings)


def _findings(error: ValidationError) -> Iterator[Finding]:
    """One error of the schema in the words of the format; its own words would echo whole values."""
    at, value, part = tuple(error.absolute_path), cast(Any, error.instance), cast(Any, error.schema)
    title, known = part.get("title", ""), part.get("properties", {})
    match error.validator:
        case "additionalProperties":
            for name in islice((name for name in value if name not in known), REPORTED):
                yield (*at, name), f"is not a field of {title}", _choice(name, [*known])
        case "required":
            missing = [name for name in part["required"] if name not in value]
            yield (
                at,
                f"{title} lacks {' and '.join(missing)}",
                f"add it{_NOTHING if 'history' in missing else ''}",
            )
        case "minProperties" if "date" in value:
            yield at, "has a date and no event", f"add one of {', '.join(v.EVENTS)}"
        case "minProperties":  # the date that is missing has been told
            pass
        case "maxProperties":
            yield at, "has more than one event", "write an entry for each"
        case _ if value is None and at and at[-1] in _NEEDED and at[-2:] != ("verified", "date"):
            yield at, "is left empty", f"write {title}{_NOTHING if at[-1] == 'history' else ''}"
        case _:
            yield at, *_wrong_value(str(error.validator), value, part)


_NEEDED: Final = ("version", "situations", "id", "history", "act", "date", "do", "answer")
"""What may not be left out; ``verified`` has a date that may."""
_NOTHING: Final = " (history: [] when nothing is on file)"

_IN_WORDS: Final = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list"}


def _wrong_value(keyword: str, value: object, part: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong with a single value, and the remedy."""
    remedy = f"write {part.get('title')}"
    match keyword:
        case _ if value is None:
            return "is left empty", "leave the field out when it is not known"
        case "enum":
            words = [word if isinstance(word, str) else json.dumps(word) for word in part["enum"]]
            return f"{shown(value)} may not stand here", _choice(value, words)
        case "maxLength":
            return f"is longer than {part['maxLength']} characters", "shorten it"
        case "format" if _DAY.fullmatch(str(value)):
            return f"{value} is no day of the calendar from {v.Day.FIRST} to {v.Day.LAST}", remedy
        case "format" if _DAY.match(str(value)):
            return "is more than a date", f"{remedy}, without a time of day"
        case "type":
            if part["type"] == "object" and "properties" in part:
                remedy += f" with fields such as {', '.join([*part['properties']][:3])}"
            elif part["type"] == "string" and "format" not in part and isinstance(value, int | float):
                remedy += ", in quotes"
            return f"is {_IN_WORDS.get(type(value), 'a mapping')}", remedy
    return "does not fit", remedy


def _choice(given: object, allowed: Sequence[str]) -> str:
    near = get_close_matches(given[:40], allowed, 1) if isinstance(given, str) else []
    return "".join(f"did you mean {word}? " for word in near) + f"write one of {', '.join(allowed)}"
