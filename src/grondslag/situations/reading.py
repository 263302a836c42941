"""From the text of a file to plain data: strict YAML and JSON, which say the same."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import yaml

from .errors import refusal, shown

SIZE_LIMIT: Final = 16 * 2**20
DEPTH_LIMIT: Final = 10


def read(text: str | bytes, name: str) -> Any:
    """The plain data of a text, which may still be anything but a situation file."""
    try:
        content = text if isinstance(text, bytes) else text.encode()
        decoded = content.decode("utf-8-sig")
    except UnicodeError:
        raise refusal(name, "is not UTF-8 text", "save it as UTF-8") from None
    if len(content) > SIZE_LIMIT:
        raise refusal(name, f"is larger than {SIZE_LIMIT // 2**20} MiB", "split it into several files")
    tree = (_read_json if name.lower().endswith(".json") else _read_yaml)(decoded, name)
    if tree is None:
        raise refusal(name, "is empty", "begin with version: 1 and a list under situations:")
    plain(tree, name)
    return tree


def plain(value: object, name: str) -> Any:
    """A copy of the value as JSON holds it, with dates as text; refuses what JSON cannot hold."""

    def as_text(other: object) -> str:
        if isinstance(other, date):
            return other.isoformat()
        raise TypeError

    def depth(node: object) -> int:
        inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        return 1 + max(map(depth, inner), default=0)

    try:
        text = json.dumps(value, default=as_text, allow_nan=False, ensure_ascii=False)
        copy = json.loads(text.encode())
        too_deep = depth(copy) > DEPTH_LIMIT
    except RecursionError:
        too_deep = True
    except (TypeError, ValueError):
        remedy = "use text, finite numbers, true, false, dates, lists and mappings"
        raise refusal(name, "holds a value that JSON cannot hold", remedy) from None
    if too_deep:
        raise refusal(name, f"is nested more than {DEPTH_LIMIT} levels deep", "write it as the format shows")
    return copy


def _read_json(text: str, name: str) -> Any:
    def entries(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        record: dict[str, Any] = {}
        for key, value in pairs:
            if key in record:
                raise refusal(name, f"has the key {shown(key)} twice in one object", "keep one of them")
            record[key] = value
        return record

    try:
        return json.loads(text, object_pairs_hook=entries)
    except json.JSONDecodeError as error:
        raise refusal(f"{name}, line {error.lineno}", f"is not JSON ({error.msg})", "mend it there") from None
    except (RecursionError, ValueError):
        raise refusal(
            name, "is nested too deep, or holds too long a number", "write it as the format shows"
        ) from None


_YAML_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_YAML_NUMBER: Final = re.compile(
    r"[-+]?(0|[1-9][0-9]{0,17})(?P<float>(\.[0-9]{1,17})?([eE][-+]?[0-9]{1,3})?)"
)
_YAML_WORDS: Final[Mapping[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class _Entries(dict[str, Any]):
    """A mapping of a YAML file, with the line on which each of its keys stands."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}
        self.key: str | None = None


def _read_yaml(text: str, name: str) -> Any:
    """Plain data from the events of the parser: nothing is expanded, so a small file stays small."""
    top: list[Any] = []
    stack: list[Any] = [top]
    try:
        for event in yaml.parse(text, Loader=_YAML_LOADER):
            if isinstance(event, yaml.CollectionEndEvent):
                stack.pop()
            elif isinstance(event, yaml.NodeEvent):
                mark: Any = event.start_mark
                line, value = mark.line + 1, _yaml_value(event)
                if problem := _yaml_fault(event, stack) or _put(stack[-1], value, line):
                    raise refusal(f"{name}, line {line}", *problem)
                if isinstance(event, yaml.CollectionStartEvent):
                    stack.append(value)
    except yaml.MarkedYAMLError as error:
        place = name if error.problem_mark is None else f"{name}, line {error.problem_mark.line + 1}"
        raise refusal(place, f"is not YAML ({error.problem})", "mend it there") from None
    except (yaml.YAMLError, ValueError):
        raise refusal(name, "holds a character that YAML does not allow", "remove it") from None
    return top[0] if top else None


def _yaml_fault(event: yaml.NodeEvent, stack: Sequence[Any]) -> tuple[str, str] | None:
    """What plain data do not have, and what to do about it."""
    if event.anchor:
        return "has an anchor or an alias", "write the value out"
    if getattr(event, "tag", None):
        return "has a tag", "leave the tag out"
    if len(stack) > DEPTH_LIMIT:
        return f"is nested more than {DEPTH_LIMIT} levels deep", "write it as the format shows"
    if len(stack) == 1 and stack[0]:
        return "begins a second document", "put all situations in one list"
    return None


def _yaml_value(event: yaml.NodeEvent) -> Any:
    if not isinstance(event, yaml.ScalarEvent):
        return _Entries() if isinstance(event, yaml.MappingStartEvent) else []
    text, plain = event.value, event.implicit[0]
    if plain and text in _YAML_WORDS:
        return _YAML_WORDS[text]
    if plain and (number := _YAML_NUMBER.fullmatch(text)):
        return float(text) if number["float"] else int(text)
    return text


def _put(holder: Any, value: Any, line: int) -> tuple[str, str] | None:
    """Add a value to the list or mapping that is being read; tells what is wrong with a key."""
    if isinstance(holder, list):
        holder.append(value)
    elif holder.key is not None:
        holder[holder.key], holder.key = value, None
    elif not isinstance(value, str) or value == "<<":
        return "has a key that is not a word, or a merge key", "write each field out under its own name"
    elif value in holder:
        return f"has the key {shown(value)} twice", "keep one of them"
    else:
        holder.key = value
        holder.lines[value] = line
    return None
