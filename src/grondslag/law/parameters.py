"""Numbers that the law, a code or this house sets, each dated and with its source."""

from __future__ import annotations

from datetime import date
from typing import Final

AVG_APPLIES: Final = date(2018, 5, 25)
"""AVG art. 99 lid 2."""
REGISTER_DAYS: Final = 28
"""Besluit bel-me-niet-register art. 13: a washed list is good for four weeks."""
FIRST_CALL_MONTHS: Final = 6
"""Code Telemarketing 2024-10-15 [SR]: the first call within six months, unless another term was stated."""
REACHABLE_MONTHS: Final = 6
"""Code Telemarketing 2024-10-15 [SR]: the number shown stays reachable for six months."""
REQUEST_MONTHS: Final = 3
"""How long a request stays fresh (G-04).  The law sets no number; this is a house term."""
CONFIRMATION_DAYS: Final = 7
"""How long an address counts as entered just now (D-11).  A house term."""
PERIODICAL_ISSUES: Final = 3
"""Tw 11.7 lid 6: 'ten minste driemaal per jaar periodiek verschijnende uitgaven'."""
LICENCES: Final = frozenset({"wok-3", "wok-9", "wok-27b"})
"""Tw 11.7 lid 6: 'de artikelen 3, 9 of 27b van de Wet op de Kansspelen'."""
AGE_OF_CONSENT: Final = 16
"""AVG 8 lid 1; UAVG 5 lid 1."""
AGE_OF_OWN_VOICE: Final = 12
"""UAVG 5 lid 3 and 4, since 2026-09-01."""

ADMINISTRATION_MONTHS: Final = 84
"""AWR 52 lid 4, BW 2:10 lid 3: 'gedurende zeven jaar', the last day included (K-02)."""
PROPERTY_VAT_YEARS: Final = 9
"""Wet OB 34a: 'gedurende negen jaren, volgende op het jaar waarin hij het goed is gaan gebruiken' (K-03)."""
LIMITATION_MONTHS: Final = 60
"""BW 3:307 lid 1, BW 3:310 lid 1, Awb 5:45 lid 1: five years (K-04, K-05, K-12; K-13 by custom)."""
INVESTMENT_MONTHS: Final = 60
"""MiFID II 16 lid 7; Del. Reg. 2017/565 art. 76: five years (K-09)."""
INVESTMENT_MONTHS_ASKED: Final = 84
"""The same: 'where requested by the competent authority, up to seven years' (K-09)."""
CLIENT_FILE_MONTHS: Final = 60
"""Wwft 33: five years after the end of the relation (K-10)."""
MARKETING_MONTHS: Final = 36
"""The longest own term for marketing data (K-06).  A house bound: CNIL held four years too long."""
RECORDING_MONTHS: Final = 12
"""The longest own term for a recording that proves nothing (K-11).  A house bound: weeks to months."""
ANSWER_MONTHS: Final = 1
"""AVG 12 lid 3: 'binnen een maand na ontvangst' (R-08)."""
EXTENDED_MONTHS: Final = 3
"""AVG 12 lid 3: 'met nog eens twee maanden' (R-08)."""
PROOF_DAYS: Final = 5
"""Code Telemarketing 2024-10-15 [SR]: proof of the opt-in within five working days (T-12)."""

OPT_IN_MUNICIPALITIES: Final = {"amsterdam": date(2018, 1, 1)}
"""Municipalities where folders need a JA/JA sticker, and since when (P-06).

Only Amsterdam is documented in docs/law.md; others (Utrecht, Rotterdam, Den Haag …) are left out
until their by-laws are added with a source.
"""

_EEA: Final = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()
)
_EEA_PERIODS: Final = {"HR": (date(2013, 7, 1), None), "GB": (date(2004, 5, 19), date(2020, 12, 31))}


def in_eea(country: str, at: date) -> bool:
    """Whether an ISO 3166 country lay in the European Economic Area on that day."""
    code = country.strip().upper()
    if code in _EEA_PERIODS:
        first, last = _EEA_PERIODS[code]
        return first <= at and (last is None or at <= last)
    return code in _EEA
