"""The receipt of a screening: what the outcome was made from, until when it may be used; and its check."""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from grondslag import locale
from grondslag.errors import ReceiptMismatch
from grondslag.law.rulebook import DUTCH, Rulebook
from grondslag.receipt import canonical, package_version
from grondslag.screening.sources import Source
from grondslag.screening.verdicts import Screening
from grondslag.screening.workplace import COMPARED, files

FORMAT: Final = 1
_ENGINES: Final = ("duckdb", "ibis-framework", "pyarrow")


def contents(
    screening: Screening,
    inputs: Mapping[str, Source],
    outputs: Mapping[str, str],
    after: Screening | None = None,
) -> dict[str, Any]:
    """What the outcome was made from: enough to make it again, and to see that nothing was changed since.

    The same input gives the same receipt: it holds no time of the clock.

    :param outputs: name of a file → its hash.
    :param after: the screening that it was compared with.
    """
    campaign, book = screening.campaign, {v.decision.rulebook for v in screening.verdicts if v.decision}
    body = {
        "receipt": "screening",
        "format": FORMAT,
        "grondslag": package_version(),
        "rulebook": next(iter(book), DUTCH.hash),
        **_question(screening),
        "expires": screening.expires.isoformat(),
        "controller": dict(campaign.controller),
        "act": {"do": "contact", **campaign.act},
        "inputs": {
            **{name: _named(file.sha256, file.size, file.read_as) for name, file in sorted(inputs.items())},
            **dict(_records(screening.snapshot.about.sources)),
        },
        **({"compared": _question(after)} if after else {}),
        "outputs": dict(outputs),
        "engines": {"python": platform.python_version(), **{name: version(name) for name in _ENGINES}},
    }
    plain: dict[str, Any] = json.loads(json.dumps(body, default=str))
    return plain


def _question(screening: Screening) -> dict[str, Any]:
    """What was asked: the day, the reading of contested points and the campaign."""
    return {
        "day": screening.at.isoformat(),
        "profile": screening.profile.name,
        "switches": screening.profile.settings,
        "campaign": {"name": screening.campaign.name, "sha256": screening.campaign.sha256},
    }


def _records(sources: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The files of records; of deliveries to a snapshot, several may bear one name."""
    times: Counter[str] = Counter()
    for source in sources:
        name = f"records/{source['file']}"
        times[name] += 1
        told = _named(source["sha256"], source["bytes"], source["read_as"])
        yield name if times[name] == 1 else f"{name} ({times[name]})", told


def _named(sha256: str, size: int, read_as: str) -> dict[str, Any]:
    return {"sha256": sha256, "bytes": size, "read_as": read_as}


def sealed(body: Mapping[str, Any]) -> dict[str, Any]:
    """The receipt: its contents and their digest."""
    return {**body, "digest": _digest(body)}


def _digest(body: Mapping[str, Any]) -> str:
    return "sha256:" + hashlib.sha256(canonical(body).encode(errors="surrogatepass")).hexdigest()


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- The check -------------------------------------------------------------------------------------------


def verify(folder: Path, at: date, rulebook: Rulebook = DUTCH) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """The receipt of an outcome, and why the outcome may not be used on that day; empty when it may.

    It shows that files were mixed up, changed or are out of date.  It is no seal against who writes a new
    receipt with other files.

    :raises ReceiptMismatch: when the folder holds no receipt of a screening.
    """
    receipt = _read(folder)
    return receipt, tuple(_faults(receipt, folder, at, rulebook))


def _read(folder: Path) -> Mapping[str, Any]:
    path = folder / "receipt.json"
    try:
        receipt = json.loads(path.read_text("utf-8"))
        if receipt["receipt"] == "screening" and receipt["format"] == FORMAT:
            date.fromisoformat(receipt["day"]), date.fromisoformat(receipt["expires"])
            outputs = receipt["outputs"]
            if isinstance(outputs, dict) and isinstance(receipt["rulebook"], str) and "digest" in receipt:
                return dict(receipt)
    except FileNotFoundError:
        remedy = "name the folder that `grondslag screen` wrote"
        raise ReceiptMismatch(str(folder), "holds no receipt.json", remedy) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise ReceiptMismatch(str(path), f"is no receipt of a screening in format {FORMAT}", "screen again")


def _faults(receipt: Mapping[str, Any], folder: Path, at: date, rulebook: Rulebook) -> Iterator[str]:
    body = {name: value for name, value in receipt.items() if name != "digest"}
    if _digest(body) != receipt["digest"]:
        yield "receipt.json was changed: its digest does not fit its content"
    compared = [name for name in COMPARED if name in receipt["outputs"] or (folder / name).exists()]
    suffix = ".parquet" if "allowed.parquet" in receipt["outputs"] else ".csv"
    for name in (*files(suffix)[:-1], *compared):
        path = folder / name
        if not path.is_file():
            yield f"{name} is missing"
        elif hash_of(path) != receipt["outputs"].get(name):
            yield f"{name} is not the file that the receipt names"
    if receipt["rulebook"] != rulebook.hash:
        yield "it was decided by another rulebook than the one that is installed: screen again"
    first, last = date.fromisoformat(receipt["day"]), date.fromisoformat(receipt["expires"])
    if at < first:
        yield f"it is for {locale.day(first, 'en')}, and may not be used on {locale.day(at, 'en')} yet"
    if at > last:
        yield f"it could be used until {locale.day(last, 'en')}: screen again"
