"""What registers and stickers say about post: Postfilter, the trade register, the deceased, the letter box."""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, all_of, answer, any_of, not_
from grondslag.law.business import KVK
from grondslag.law.citations import Guidance
from grondslag.law.post import ADDRESSED, AVG_ERA, POSTFILTER, acquainted, marketing, natural
from grondslag.law.profiles import Profile
from grondslag.law.rules import Conditions, forbids, permits, requires, since
from grondslag.law.service import asked_for
from grondslag.law.situation import Message, Person
from grondslag.law.terms import Channel, Content, Listing, Recipient, Sticker

CODE_VOR: Final = Guidance(
    "RCC",
    "Code Verspreiding Ongeadresseerd Reclamedrukwerk; verordening van Amsterdam",
    ("S78", "S79", "S80"),
)


@forbids(
    "postfilter",
    "P-03",
    law=POSTFILTER,
    in_force=AVG_ERA,
    over=ADDRESSED,
    per=("consent", "relation"),
    when=natural,
)
def postfilter(message: Message, person: Person, profile: Profile) -> Conditions:
    """Send no addressed advertising to a non-customer in Postfilter; look before you send.

    A consent to post counts when it is younger than the entry; a letter that was asked for is no
    advertising out of the blue.
    """
    yield (
        "staat in Postfilter, of dat is niet nagegaan",
        UNKNOWN
        if person.postfilter in (Listing.UNKNOWN, Listing.STALE)
        else answer(person.postfilter is Listing.LISTED),
    )
    yield "is geen klant, donateur, vrijwilliger of bezoeker", not_(acquainted(message, person, profile))
    given = all_of(person.consent.exists, person.consent.channel, person.consent.after_postfilter)
    yield "heeft sinds de inschrijving geen toestemming gegeven", not_(given)
    if message.content is Content.REPLY:
        yield "heeft er niet om gevraagd", not_(asked_for(person)), "G-04"


@forbids(
    "non-mailing-indicator",
    "B-06",
    law=KVK,
    in_force=AVG_ERA,
    over=ADDRESSED,
    when=lambda m, p: (
        marketing(m, p)
        and p.recipient is not Recipient.CONSUMER
        and p.non_mailing_indicator is not Listing.CLEAR
    ),
)
def non_mailing_indicator(message: Message, person: Person) -> Conditions:
    """Send no advertising to a trade-register address with the Non-Mailing-Indicator.

    It bars the address that stands in the register, not one that the business itself gave.  Who
    takes an address from the register looks at the indicator too; an address of unknown origin
    may be from there once the indicator is known.
    """
    listed = person.non_mailing_indicator is Listing.LISTED
    yield "het bedrijf heeft de Non-Mailing-Indicator, of dat is niet nagegaan", YES if listed else UNKNOWN
    yield (
        "het adres komt uit het Handelsregister",
        person.register_address if listed else answer(person.register_address is YES),
    )


@forbids(
    "deceased",
    "P-05",
    law=POSTFILTER,
    in_force=since("2021-01-01"),
    over=ADDRESSED,
    when=lambda m, p: marketing(m, p) and p.deceased is not NO,
)
def deceased(message: Message, person: Person) -> Conditions:
    """Write to nobody who has died."""
    yield "de persoon is overleden", person.deceased


@requires(
    "deceased-register", "P-05", law=POSTFILTER, in_force=since("2021-01-01"), over=ADDRESSED, when=natural
)
def deceased_register(message: Message, person: Person) -> Conditions:
    """Check the list against the Nationaal Overledenenregister [SR]."""
    listing = person.deceased_register
    yield (
        "het Nationaal Overledenenregister is geraadpleegd",
        UNKNOWN if listing in (Listing.UNKNOWN, Listing.STALE) else answer(listing is Listing.CLEAR),
    )


# --- Unaddressed --------------------------------------------------------------------------------


def _sticker_allows(message: Message, person: Person) -> Answer:
    exempt = answer(message.content in (Content.LOCAL_PAPER, Content.POLITICAL))
    if message.content is Content.UNKNOWN:
        return UNKNOWN
    if message.content in (Content.FACTUAL, Content.RESEARCH):
        return YES  # no advertising, so no sticker is about it
    if person.sticker is Sticker.JA_JA:
        return YES
    if person.sticker is Sticker.NEE_NEE:
        return NO
    if person.sticker is Sticker.NEE_JA:
        return answer(message.content is Content.LOCAL_PAPER)
    # No sticker: free, except in a municipality where only JA/JA opens the box.
    open_box = any_of(exempt, not_(person.opt_in_municipality))
    return open_box if person.sticker is Sticker.NONE else all_of(open_box, UNKNOWN)


@permits("unaddressed-post", "P-06", law=CODE_VOR, in_force=since("2004-05-19"), over={Channel.DOOR_DROP})
def unaddressed_post(message: Message, person: Person) -> Conditions:
    """Deliver folders only where the sticker, or in an opt-in municipality JA/JA, allows it.

    No personal data, so no AVG.  Amsterdam asks for JA/JA since 2018-01-01 (lawful: Hoge Raad,
    September 2021); local papers and political leaflets are excepted there.
    """
    yield "de sticker op de brievenbus laat het toe", _sticker_allows(message, person)
