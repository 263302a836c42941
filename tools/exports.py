"""A made-up export of Mailchimp for measuring, of any size, the same every time.

    python tools/exports.py 200000 build/subscribed.csv

Nobody in it exists.  Seven in ten confirmed a sign-up, one in five was put in by the administrator, and of
one in ten there is no time at all.
"""

from __future__ import annotations

import csv
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

HEADER = (
    "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,"
    "LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS"
).split(",")
FIRST_DAY, SECONDS = datetime(2018, 6, 1), 7 * 365 * 86_400
CONFIRMED, ADMINISTRATOR = 0.7, 0.9


def make(rows: int, file: Path) -> None:
    """Write an export of so many contacts."""
    rng = random.Random(7)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="", encoding="utf-8") as to:
        table = csv.DictWriter(to, HEADER, restval="")
        table.writeheader()
        table.writerows(_contact(rng, number) for number in range(rows))


def _contact(rng: random.Random, number: int) -> dict[str, str]:
    asked = FIRST_DAY + timedelta(seconds=rng.randrange(SECONDS))
    way, ip = rng.random(), ".".join(str(rng.randint(1, 254)) for _ in range(4))
    contact = {
        "Email Address": f"lezer{number}.{rng.randrange(1000)}@post.example",
        "First Name": f"Voornaam{rng.randrange(500)}",
        "Last Name": f"Achternaam{rng.randrange(5000)}",
        "MEMBER_RATING": str(rng.randint(1, 5)),
        "LAST_CHANGED": f"{asked:%Y-%m-%d %H:%M:%S}",
        "LEID": str(1000 + number),
        "EUID": f"{rng.randrange(1 << 40):010x}",
    }
    if way < CONFIRMED:
        contact |= {"OPTIN_TIME": f"{asked:%Y-%m-%d %H:%M:%S}", "OPTIN_IP": ip}
    if way < ADMINISTRATOR:
        later = asked + timedelta(seconds=rng.randrange(60, 86_400))
        contact |= {"CONFIRM_TIME": f"{later:%Y-%m-%d %H:%M:%S}", "CONFIRM_IP": ip}
    return contact


if __name__ == "__main__":
    make(int(sys.argv[1]), Path(sys.argv[2]))
