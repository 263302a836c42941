"""Screening: whom of a whole audience may this campaign reach, on what ground, and why the others not?

What is named here is loaded when it is asked for: who needs a part of it need not wait for the engine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from grondslag.screening.audience import How
    from grondslag.screening.audit import verify_snapshot
    from grondslag.screening.campaign import Campaign, ProductMap
    from grondslag.screening.campaign import load as load_campaign
    from grondslag.screening.contacts import secret_in, secret_of
    from grondslag.screening.files import cases_of, forecast_files, make_snapshot, screen_files
    from grondslag.screening.forecast import CHANNELS
    from grondslag.screening.progress import on_terminal
    from grondslag.screening.receipts import verify
    from grondslag.screening.summary import ScreeningSummary
    from grondslag.screening.verdicts import Result, Screening, Verdict, screen

__all__ = (
    "CHANNELS", "Campaign", "How", "ProductMap", "Result", "Screening", "ScreeningSummary", "Verdict",
    "cases_of", "forecast_files", "load_campaign", "make_snapshot", "on_terminal", "screen", "screen_files",
    "secret_in", "secret_of", "verify", "verify_snapshot",
)  # fmt: skip
_HOMES: Final = {
    "CHANNELS": "forecast",
    "Campaign": "campaign",
    "How": "audience",
    "ProductMap": "campaign",
    "Result": "verdicts",
    "Screening": "verdicts",
    "ScreeningSummary": "summary",
    "Verdict": "verdicts",
    "cases_of": "files",
    "forecast_files": "files",
    "load_campaign": "campaign:load",
    "make_snapshot": "files",
    "on_terminal": "progress",
    "screen": "verdicts",
    "screen_files": "files",
    "secret_in": "contacts",
    "secret_of": "contacts",
    "verify": "receipts",
    "verify_snapshot": "audit",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, own_name = _HOMES[name].partition(":")
    return getattr(import_module(f"{__name__}.{module}"), own_name or name)
