"""The day on which an answer is due: months, working days and the Dutch general holidays.

A term in months ends on the day with the same number (Reg. (EEG, Euratom) 1182/71 art. 3; EDPB
guidelines 01/2022), and on the next working day when that is a Saturday, Sunday or holiday.
"""

from __future__ import annotations

from datetime import date, timedelta

from grondslag.facts.reading import add_months


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the anonymous algorithm)."""
    golden, century = year % 19, year // 100
    skipped = century // 4
    corrected = (8 * century + 13) // 25
    epact = (century - skipped - corrected + 19 * golden + 15) % 30
    moon = epact - (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    sunday = (year + year // 4 + moon + 2 - century + skipped) % 7
    offset = moon - sunday
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4))


def is_holiday(day: date) -> bool:
    """Algemeen erkende feestdagen (Algemene termijnenwet art. 3 lid 1), and Good Friday (lid 2)."""
    king = date(day.year, 4, 27)
    moving = (day - easter(day.year)).days
    return (
        (day.month, day.day) in ((1, 1), (5, 5), (12, 25), (12, 26))
        or day == (king - timedelta(days=1) if king.weekday() == 6 else king)
        or moving in (-2, 1, 39, 50)
    )


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and not is_holiday(day)


def months_later(received: date, months: int) -> date:
    """The last day of a term in months, moved to the next working day."""
    day = add_months(received, months)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_days_later(received: date, days: int) -> date:
    """The last of so many working days; the day of receipt does not count."""
    day = received
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day
