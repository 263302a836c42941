"""Screening: whom of a whole audience may this campaign reach, on what ground, and why the others not?"""

from grondslag.screening.audience import How
from grondslag.screening.campaign import Campaign, ProductMap
from grondslag.screening.campaign import load as load_campaign
from grondslag.screening.contacts import secret_in, secret_of
from grondslag.screening.files import cases_of, screen_files
from grondslag.screening.screen import Screening, Verdict, screen
from grondslag.screening.summary import ScreeningSummary

__all__ = (
    "Campaign",
    "How",
    "ProductMap",
    "Screening",
    "ScreeningSummary",
    "Verdict",
    "cases_of",
    "load_campaign",
    "screen",
    "screen_files",
    "secret_in",
    "secret_of",
)
