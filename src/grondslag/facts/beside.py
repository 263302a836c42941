"""What other records on file say of a consent: days of two records weighed against each other."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from grondslag.facts.reading import listed, part, same_party, text
from grondslag.question import Event, Fields

if TYPE_CHECKING:
    from grondslag.facts.file import File


def on_tape(file: File, consent: Event) -> bool:
    """Whether a recording was made as proof of consent, no earlier than this consent (V-09)."""
    return any(
        event.date >= consent.date and "consent-proof" in (listed(event.fields, "purposes") or ())
        for event in file.all("recorded")
    )


def apart(file: File, consent: Event, withdrawal: Event) -> bool:
    """Whether a withdrawal at another controller leaves this consent of our own be.

    One consent may carry a chain of controllers (C-08, Proximus).  It does not where its form names us
    and not the other, who neither gives us details nor gets them from us.
    """
    other = text(withdrawal.fields, "at")
    if other is None or text(consent.fields, "naming") != "named":
        return False
    act, named = file.case.act, listed(consent.fields, "to") or ()
    supplier = text(act.fields, "from")
    # Who supplies or gets the data is not known: it may be that other.
    if (act.do == "receive" and supplier is None) or (act.do == "share" and "to" not in act.fields):
        return False
    linked = [text(event.fields, "by") for event in file.all("collected")]
    linked += [text(event.fields, "to") for event in file.all("shared")]
    linked += [supplier, text(act.fields, "on_behalf_of"), text(part(act.fields, "to"), "name")]
    ours = any(same_party(name, file.controller) for name in named)
    return ours and not any(same_party(name, other) for name in (*named, *linked, file.controller))


def only_other(file: File, consent: Fields) -> str | None:
    """Whose offer is sent when nobody says so: the one party that stood on the form beside us (S-06)."""
    if text(file.case.act.fields, "advertises") not in ("third-party", "mixed"):
        return None
    named = dict.fromkeys(listed(consent, "to") or ())
    others = [name for name in named if not same_party(name, file.controller)]
    return others[0] if len(others) == 1 and len(named) > 1 else None


def listed_since(file: File) -> date | None:
    """The first look into Postfilter since which every look has found the person listed (P-03)."""
    looks = [event for event in file.all("register") if text(event.fields, "name") == "postfilter"]
    yes = [event.date for event in looks if event.fields.get("listed") is True]
    other = [event.date for event in looks if event.fields.get("listed") is not True]
    if not yes:
        return None
    return min((day for day in yes if not other or day > max(other)), default=max(yes))
