"""The days and terms of the law, each on its last and its first day: ``make mutants`` found them untested."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from grondslag.answers import NO, YES
from grondslag.errors import NoLawInForce
from grondslag.facts import draw
from grondslag.law.rulebook import DUTCH, Rulebook
from grondslag.law.rules import Period
from grondslag.law.situation import Situation
from grondslag.law.terms import Channel, Listing
from grondslag.question import Act, Case, Event


def seen(day: date, *history: Event, channel: str = "phone") -> Situation:
    return draw(Case({"name": "Winkel BV"}, {}, history, Act(day, "contact", {"channel": channel})))


def test_a_look_into_the_register_is_good_for_four_weeks():
    looked = date(2020, 3, 2)
    event = Event(looked, "register", {"name": "bel-me-niet", "listed": False, "checked": looked})
    assert seen(date(2020, 3, 30), event).person.bel_me_niet is Listing.CLEAR
    assert seen(date(2020, 3, 31), event).person.bel_me_niet is Listing.STALE


def test_a_consent_of_the_day_on_which_the_avg_applies_is_not_an_old_one():
    given = [Event(date(2018, 5, day), "consent", {"channels": ["email"]}) for day in (24, 25)]
    old, new = (seen(date(2018, 6, 1), each, channel="email").consents[0] for each in given)
    assert (old.before_avg, new.before_avg) == (YES, NO)
    (then,) = seen(date(2018, 5, 24), given[0], channel="email").consents
    assert then.before_avg is NO, "nobody asks for it before the AVG applies"


@pytest.mark.parametrize(
    ("channel", "first"), [(Channel.POST, date(2018, 5, 25)), (Channel.EMAIL, date(2004, 5, 19))]
)
def test_no_law_is_made_up_for_the_day_before_it_begins(channel: Channel, first: date):
    DUTCH.require_law(first, "contact", channel)
    with pytest.raises(NoLawInForce, match=f"begins on {first}"):
        DUTCH.require_law(first - timedelta(days=1), "contact", channel)


def test_a_rulebook_without_rules_begins_where_ours_does():
    with pytest.raises(NoLawInForce, match="begins on 2004-05-19"):
        Rulebook(()).require_law(date(2004, 5, 18))
    Rulebook(()).require_law(date(2004, 5, 19))


def test_rules_change_on_the_first_day_of_a_rule_and_the_day_after_its_last():
    rule = next(rule for rule in DUTCH.rules if rule.in_force.last)
    assert rule.in_force.last
    assert Rulebook([rule]).changes == (rule.in_force.first, rule.in_force.last + timedelta(days=1))


def test_two_periods_overlap_when_a_day_is_in_both():
    days = [date(2020, 1, day) for day in range(1, 8)]
    ends = (*days[1:6], None)
    periods = [Period(first, last) for first, last in product(days[1:6], ends) if not last or first <= last]
    for one, other in product(periods, repeat=2):
        assert one.overlaps(other) is any(day in one and day in other for day in days)
