"""The facts of a whole audience, as one query: for each person on file, one text that says it all.

Every record becomes a *code*: a letter for its kind, the letters of what it says (:mod:`.codes`) and
the letters of how its dates lie, seen from the day of the act.  A person's *file* is the sorted set of
these codes.  People with the same file are in the same situation; :mod:`.decode` tells which.  No rule
and no reading of a policy profile is in here: only days that are compared, and letters looked up in
lists that :mod:`.lens` had from the facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any, Final

import ibis

from grondslag.law.parameters import AGE_OF_CONSENT, AGE_OF_OWN_VOICE, AVG_APPLIES, FIRST_CALL_MONTHS
from grondslag.screening.campaign import NEAREST_FIRST
from grondslag.screening.codes import LEFT_OUT
from grondslag.screening.lens import Lens

KINDS: Final[Mapping[str, str]] = {
    "person": "P",
    "collected": "D",
    "relation": "R",
    "consent": "C",
    "withdrawal": "W",
    "objection": "O",
    "register": "G",
    "published": "B",
    "asked": "A",
    "assessed": "V",
    "interaction": "I",
}
"""The letter with which the code of each kind begins."""
NEAREST: Final = "K"
"""Begins the code of how near the offer is to the nearest product of one sort of relation."""
APART: Final = " "
"""Stands between the codes of a file."""


def facts_table(tables: Mapping[str, Any], lens: Lens) -> Any:
    """One row for each subject in the tables: ``subject``, and ``file`` (null when nothing counts).

    :param tables: kind → Ibis table with the columns of that kind in the format, and ``line``.
    """
    counted = {
        kind: table if kind == "person" else table.filter(table.date <= lens.at)
        for kind, table in tables.items()
    }
    dates = _turning_points(counted, lens)
    coded = [
        _persons(counted["person"], lens),
        _collections(counted["collected"], dates, lens),
        _relations(counted["relation"], dates, lens),
        _nearest(counted["relation"], lens),
        _consents(counted["consent"], dates, counted["person"], lens),
        *(_said(kind, counted[kind], lens) for kind in ("withdrawal", "objection")),
        *(_latest(kind, counted[kind], lens) for kind in ("register", "published", "assessed")),
        _requests(counted["asked"], lens),
        _contacts(counted["interaction"], lens),
        *(_known(table) for table in tables.values()),
    ]
    each = reduce(lambda one, other: one.union(other), coded).distinct()
    return each.group_by("subject").agg(file=each.code.group_concat(sep=APART, order_by=each.code))


def _known(table: Any) -> Any:
    """Somebody is on file, even if nothing of it counts today."""
    return table.select("subject", code=ibis.null("string"))


def _coded(kind: str, table: Any, *letters: Any) -> Any:
    code = ibis.literal(KINDS[kind])
    return table.select("subject", code=code.concat(*letters) if letters else code)


def _flag(condition: Any) -> Any:
    """Yes, no, or left out when one of the days is."""
    return condition.cases((True, "y"), (False, "n"), else_=LEFT_OUT)


def _holds(condition: Any) -> Any:
    """Yes, and no also when one of the days is left out."""
    return condition.fill_null(False).ifelse("y", "n")


def _span(day: Any, lens: Lens) -> Any:
    return ibis.cases(*((day >= border, letter) for letter, border in lens.spans), else_="d")


def _after(day: Any, months: Any) -> Any:
    """The same day so many months on: an engine's interval ends on the last day of the month, as ours."""
    return (day + months.as_interval("M")).cast("date")


# --- Days that one record lends to the weighing of another -------------------------------------------


def _turning_points(counted: Mapping[str, Any], lens: Lens) -> Any:
    """For each subject the days of refusals, withdrawals, responses, purchases and calls."""
    objection, withdrawal = counted["objection"], counted["withdrawal"]
    collected, interaction = counted["collected"], counted["interaction"]
    says = lens.codes.says
    refusals = [
        objection.filter(says("objection", objection, ("channels", "scope")).isin(lens.refusing)),
        collected.filter(says("collected", collected, ("details", "opt_out_used")).isin(lens.opting_out)),
    ]
    withdrawals = withdrawal.filter(says("withdrawal", withdrawal, ("channels",)).isin(lens.withdrawing))
    acted = interaction.filter(says("interaction", interaction, ("kind",)).isin(lens.responding))
    bought = interaction.filter(says("interaction", interaction, ("kind",)).isin(lens.buying))
    called = interaction.filter(says("interaction", interaction, ("channel",)).isin(lens.calling))
    points = [_point(table, "refused") for table in refusals]
    points += [_point(withdrawals, "withdrew"), _point(acted, "acted")]
    points += [_point(bought, "bought"), _point(called, "called")]
    each = reduce(lambda one, other: one.union(other), points)
    return each.group_by("subject").agg(
        first_refusal=each.refused.min(),
        last_no=ibis.coalesce(each.refused, each.withdrew).max(),
        last_withdrawal=each.withdrew.max(),
        last_acted=each.acted.max(),
        last_bought=each.bought.max(),
        calls=each.called.collect(where=each.called.notnull()),
    )


def _point(table: Any, what: str) -> Any:
    names = ("refused", "withdrew", "acted", "bought", "called")
    empty = ibis.null("date")
    return table.select("subject", **{name: table.date if name == what else empty for name in names})


def _beside(table: Any, other: Any) -> Any:
    """The table with, beside each row, the one row of the other on the same subject, if any."""
    return table.left_join(other, "subject").drop("subject_right")


# --- The kinds -----------------------------------------------------------------------------------------


def _persons(table: Any, lens: Lens) -> Any:
    bands = (
        (table.age >= AGE_OF_CONSENT, "c"),
        (table.age >= AGE_OF_OWN_VOICE, "b"),
        (table.age.notnull(), "a"),
    )
    return _coded("person", table, lens.codes.says("person", table), ibis.cases(*bands, else_=LEFT_OUT))


def _collections(table: Any, dates: Any, lens: Lens) -> Any:
    both = _beside(table, dates)
    occasion = lens.codes.says("collected", both, ("in",))
    when = ibis.cases(
        (both.date >= lens.entered_since, "f"),
        (occasion.isin(lens.relating), _span(both.date, lens)),
        else_=LEFT_OUT,
    )
    again = _holds(occasion.isin(lens.from_others) & (both.date > both.first_refusal))
    return _coded("collected", both, lens.codes.says("collected", both), when, again)


def _relations(table: Any, dates: Any, lens: Lens) -> Any:
    """A relation that runs on, or how long ago it ended; a later purchase renews it."""
    both = _beside(table, dates)
    ended = ibis.ifelse(both.until.isnull(), both.date, ibis.least(both.until, ibis.date(lens.at)))
    renewed = (both.last_bought >= both.date).fill_null(False)
    last = renewed.ifelse(ibis.greatest(ended, both.last_bought), ended)
    running = _flag(both.until >= lens.at)
    return _coded("relation", both, lens.codes.says("relation", both), running, _span(last, lens))


def _nearest(table: Any, lens: Lens) -> Any:
    """For each sort of relation on file, the nearest product by the map of the campaign."""
    steps = lens.campaign.products.in_use(lens.at)
    if not steps:
        return _known(table.limit(0))
    ranks = [(product, NEAREST_FIRST.index(step)) for product, step in steps.items()]
    ranked = table.select(
        "subject", says=lens.codes.says("relation", table), rank=table.product.cases(*ranks, else_=None)
    )
    best = (
        ranked.filter(ranked["rank"].notnull())
        .group_by("subject", "says")
        .agg(least=lambda t: t["rank"].min())
    )
    return best.select("subject", code=ibis.literal(NEAREST).concat(best.says, best.least.cast("string")))


def _consents(table: Any, dates: Any, persons: Any, lens: Lens) -> Any:
    """The eight facts of a consent that hang on days: in the order of :data:`.decode.DATED`."""
    ages = persons.filter(persons.age.notnull()).group_by("subject").agg(age=persons.age.max())
    both = _beside(_beside(table, dates), ages)
    limit = _after(both.date, both.months.fill_null(FIRST_CALL_MONTHS))
    called = both.calls.filter(lambda call: (call >= both.date) & (call <= limit)).length() > 0
    grown = (both.age >= AGE_OF_CONSENT) & (
        _after(both.date, 12 * (ibis.greatest(both.age, AGE_OF_CONSENT) - AGE_OF_CONSENT + 1)) > lens.at
    )
    by_parent = both.given_by == "parent"
    entitled = ibis.cases(
        (both.given_by.isnull(), LEFT_OUT), (both.age.isnull(), "y"), (grown == by_parent, "n"), else_="y"
    )
    old = (both.date < AVG_APPLIES) & ibis.literal(lens.at >= AVG_APPLIES)
    return _coded(
        "consent",
        both,
        lens.codes.says("consent", both),
        _holds(both.last_withdrawal >= both.date),
        _holds((both.date > both.last_no) | both.last_no.isnull()),
        _span(ibis.greatest(both.date, both.last_acted.fill_null(both.date)), lens),
        _flag(_after(both.date, both.months) >= lens.at),
        _holds((limit >= lens.at) | called.fill_null(False)),
        entitled,
        _holds(both.verified_date <= lens.at),
        _holds(old),
    )


def _said(kind: str, table: Any, lens: Lens) -> Any:
    return _coded(kind, table, lens.codes.says(kind, table))


def _latest(kind: str, table: Any, lens: Lens) -> Any:
    """The latest entry of each register, the latest fitting publication, the latest of each assessment."""
    says = lens.codes.says(kind, table)
    match kind:
        case "register":
            fresh = (table.checked >= lens.checked_since) & (table.checked <= lens.at)
            about, says, counts = table["name"], says.concat(_flag(fresh)), [table["name"].notnull()]
        case "published":
            fits = lens.codes.says(kind, table, ("detail",)).isin(lens.fitting)
            about, counts = ibis.literal(""), [fits]
        case _:
            # The campaign's own assessment holds for everybody on whom there is no later one.
            newer = [(table["kind"] != own) | (table.date >= day) for own, day in lens.assessed_since.items()]
            about, counts = table["kind"], [table["kind"].notnull(), *newer]
    told = table.filter(*counts).select("subject", "date", "line", about=about, says=says)
    latest = [told.date.desc(), told.line.desc()]
    placed = told.mutate(place=ibis.row_number().over(group_by=["subject", "about"], order_by=latest))
    first = placed.filter(placed.place == 0)
    return _coded(kind, first, first.says)


def _requests(table: Any, lens: Lens) -> Any:
    return _said("asked", table.filter(table.date >= lens.asked_since), lens)


def _contacts(table: Any, lens: Lens) -> Any:
    """Whether anything was sent or answered before: one code says it."""
    return _coded("interaction", table.filter(table.date < lens.at))
