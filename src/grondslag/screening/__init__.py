"""Screening: whom of a whole audience may this campaign reach, on what ground, and why the others not?"""

from grondslag.screening.audience import How
from grondslag.screening.audit import verify_snapshot
from grondslag.screening.campaign import Campaign, ProductMap
from grondslag.screening.campaign import load as load_campaign
from grondslag.screening.contacts import secret_in, secret_of
from grondslag.screening.files import cases_of, forecast_files, make_snapshot, screen_files
from grondslag.screening.forecast import CHANNELS
from grondslag.screening.progress import on_terminal
from grondslag.screening.receipts import verify
from grondslag.screening.screen import Result, Screening, Verdict, screen
from grondslag.screening.summary import ScreeningSummary

__all__ = (
    "CHANNELS",
    "Campaign",
    "How",
    "ProductMap",
    "Result",
    "Screening",
    "ScreeningSummary",
    "Verdict",
    "cases_of",
    "forecast_files",
    "load_campaign",
    "make_snapshot",
    "on_terminal",
    "screen",
    "screen_files",
    "secret_in",
    "secret_of",
    "verify",
    "verify_snapshot",
)
