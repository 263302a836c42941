"""The law of the day: what changed on 1 July 2021 and 1 July 2026, and what did not."""

from __future__ import annotations

from datetime import date

import pytest

from grondslag.answers import NO, YES
from grondslag.law.explore import facts
from grondslag.law.profiles import Profile
from grondslag.law.rulebook import DUTCH
from grondslag.law.rules import PERMITS, RESERVES
from grondslag.law.terms import Channel, Content, Recipient, Sender
from tests.cast import (
    ANNA,
    BAKERY,
    BRAM,
    CASINO,
    CLEO,
    FOUNDATION,
    LOTTERY,
    SHOP,
    WEEKLY,
    Record,
    asks,
    bought,
    got,
    on,
)
from tests.theorems.proofs import differences
from tests.theorems.worlds import PROFILES, Book, World, books, values, yes_world

LAST, FIRST = date(2026, 6, 30), date(2026, 7, 1)
every_profile = pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)


def book_of(day: date, channel: Channel, profile: Profile) -> Book:
    found = [b for b in books(channels=[channel]) if b.first <= day <= b.last and b.profile == profile]
    assert len(found) == 1
    return found[0]


# --- 1 July 2026 ----------------------------------------------------------------------------------


def test_the_rules_on_email_answer_the_same_on_30_june_and_1_july_2026():
    """Rule by rule, in every situation: the new lids say what the old ones said."""
    before, after = (
        {(rule.slug, rule.switch): rule for rule in DUTCH.in_force(day, "contact", Channel.EMAIL)}
        for day in (LAST, FIRST)
    )
    assert set(before) == set(after)
    for slug, rule in before.items():
        if rule is not after[slug] and rule.effect != RESERVES:
            assert differences(rule, after[slug]) == []


@every_profile
def test_email_answers_are_the_same_on_30_june_and_1_july_2026(profile: Profile):
    before, after = (book_of(day, Channel.EMAIL, profile) for day in (LAST, FIRST))
    for permission in [rule for rule in before.rules if rule.effect == PERMITS]:
        world = yes_world(before, permission)
        for fact, those in values(before).items():
            for value in those:
                changed = {**world, fact: value}
                assert before.allows(changed, LAST) == after.allows(changed, FIRST), (
                    permission.slug,
                    fact,
                    value,
                )


def customer_world(profile: Profile) -> tuple[Book, Book, World]:
    before, after = (book_of(day, Channel.PHONE, profile) for day in (LAST, FIRST))
    permission = next(rule for rule in before.rules if rule.slug == "calls-to-customers")
    world = {**yes_world(before, permission), "act.content": Content.PROMOTIONAL}
    return before, after, {**world, "person.recipient": Recipient.CONSUMER, "act.sender": Sender.COMPANY}


GROUNDS_OF_THEIR_OWN = (
    "consent.",
    "act.content",
    "person.asked",
    "person.invitation",
    "person.outside_eea",
    "person.recipient",
)
"""Facts on which a call may rest, customer or not: a consent, a request, a published number, a company."""
EXEMPT = ("act.sender", "act.licensed_lottery", "act.periodical")


@every_profile
def test_being_a_customer_lets_nobody_be_called_since_july_2026(profile: Profile):
    """Whatever else is true of the customer, and of the sender as long as he is not exempt."""
    before, after, world = customer_world(profile)
    assert before.allows(world, LAST)
    for recipient in (Recipient.CONSUMER, Recipient.SOLE_TRADER, Recipient.UNKNOWN):
        for fact, those in values(after).items():
            if not fact.startswith((*GROUNDS_OF_THEIR_OWN, *EXEMPT)):
                for value in those:
                    assert not after.allows({**world, "person.recipient": recipient, fact: value}, FIRST)


@every_profile
def test_publishers_and_licensed_lotteries_may_still_call_their_customers(profile: Profile):
    before, after, world = customer_world(profile)
    for sender, fact in (
        (Sender.PRESS_PUBLISHER, "act.periodical"),
        (Sender.LOTTERY, "act.licensed_lottery"),
    ):
        for answer in (YES, NO):
            named = {
                **world,
                "act.sender": sender,
                "act.periodical": NO,
                "act.licensed_lottery": NO,
                fact: answer,
            }
            assert before.allows(named, LAST)
            assert after.allows(named, FIRST) == (answer is YES)


def test_only_publishers_and_lotteries_rely_on_a_customer_when_they_call():
    """Charities rely on gifts, volunteers and visitors; nobody else on any relation."""
    reading = {
        rule.slug
        for rule in DUTCH.in_force(FIRST, "contact", Channel.PHONE)
        if rule.effect == PERMITS and "P-CUSTOMER" in facts(rule)
    }
    assert reading == {"calls-by-publishers-and-lotteries"}


@pytest.mark.parametrize(
    ("controller", "then", "now"),
    [
        (SHOP, True, False),
        (BAKERY, True, False),
        (CASINO, True, False),
        (WEEKLY, True, True),
        (LOTTERY, True, True),
    ],
    ids=lambda value: str(value.get("name")) if isinstance(value, dict) else "",
)
@pytest.mark.parametrize("person", [ANNA, BRAM], ids=["consumer", "sole trader"])
def test_a_call_to_ones_own_customer_on_the_two_days(
    controller: Record, then: bool, now: bool, person: Record
):
    for day, expected in (("2026-06-30", then), ("2026-07-01", now)):
        call = asks(day, *bought("2026-03-01"), controller=controller, person=person, channel="phone")
        assert call.allowed == expected


def test_a_charity_may_call_its_donors_on_both_days_but_not_the_customers_of_its_shop():
    gift = got("2026-03-01", "donation")
    for day in ("2026-06-30", "2026-07-01"):
        assert asks(day, gift, controller=FOUNDATION, channel="phone", purpose="charitable").allowed
    assert not asks("2026-07-01", *bought("2026-03-01"), controller=FOUNDATION, channel="phone").allowed


# --- 1 July 2021 ----------------------------------------------------------------------------------


def test_a_cold_call_was_allowed_until_30_june_2021_to_whoever_was_not_in_the_register():
    washed = on("2021-06-15", "register", name="bel-me-niet", listed=False, checked=date(2021, 6, 15))
    for person in (ANNA, BRAM):
        last_day = asks("2021-06-30", washed, person=person, channel="phone")
        assert last_day.allowed
        assert {"T-07", "T-08", "T-09"} <= set(last_day.duties)
        assert not asks("2021-07-01", washed, person=person, channel="phone").allowed


def test_a_company_may_be_called_on_both_days():
    for day in ("2021-06-30", "2021-07-01", "2026-06-30", "2026-07-01"):
        assert asks(day, person=CLEO, channel="phone").allowed


@every_profile
def test_no_cold_call_is_permitted_since_july_2021(profile: Profile):
    """A natural person who asked for nothing: no value of any one other fact makes a cold call lawful."""
    for day in (date(2021, 7, 1), date(2022, 6, 29), date(2024, 10, 15), FIRST):
        book = book_of(day, Channel.PHONE, profile)
        for recipient in (Recipient.CONSUMER, Recipient.SOLE_TRADER):
            world = {
                "act.channel": Channel.PHONE,
                "act.content": Content.PROMOTIONAL,
                "act.sender": Sender.COMPANY,
                "person.recipient": recipient,
            }
            for fact, those in values(book).items():
                if fact not in ("act.content", "person.asked", "person.recipient"):
                    assert not any(book.allows({**world, fact: value}, day) for value in those), fact
