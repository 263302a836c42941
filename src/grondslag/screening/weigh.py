"""The records of everybody weighed on one day, as one query: who cannot be told apart by any campaign?

Every record that counts becomes a *code*: the number of its sort (:mod:`.contents`) and how its days lie,
seen from the day and from the other records of the same person.  A person's codes fall into three parts,
each of which settles a part of the situation, whatever the campaign:

``c``  consents, with the refusals that may end them and the parties that details came from or went to;
``r``  relations, with the collections that make one, such as a gift;
``x``  everything else, with the refusals once more.

Two people with the same codes in a part have the same consents, relations or other facts in the eyes of
:func:`grondslag.facts.draw`, so drawing one of them is enough.  No rule, no reading of a profile and no
channel, product or name of a campaign is in here: only days that are compared.

Each code holds from a day (``since``) until the day before it turns (``turn``), which is how a snapshot
knows whom the passing of time has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import ibis

from grondslag.law.parameters import (
    AGE_OF_CONSENT,
    AVG_APPLIES,
    CONFIRMATION_DAYS,
    FIRST_CALL_MONTHS,
    REGISTER_DAYS,
    REQUEST_MONTHS,
)

SPANS: Final = (12, 24, 36)
"""The spans that the facts tell apart, in months; the last day still counts."""
NEVER: Final = date(9999, 12, 31)
"""Turns on no day."""
LONG_AGO: Final = date(1, 1, 1)

CONSENTS, LINKS, BOTH, RELATIONS, REST = "c", "l", "n", "r", "x"
"""The part that a code is in; a refusal is in those of consents and of the rest.

Without a consent, refusals and links make no part of consents.
"""
LETTERS: Final = 1 << 32
"""A code is the number of a sort times this, and how the days lie, which is less."""

_DAY: Final = timedelta(days=1)

Rows = Mapping[str, Any]
"""Kind → table with ``subject``, ``content``, ``day``, ``other`` and ``line``."""


def weigh(rows: Rows, contents: Any, at: Any, keep: Callable[[Any], Any] = lambda table: table) -> Any:
    """Who is alike on a day: ``subject``, the codes ``c``, ``r`` and ``x``, ``since`` and ``turn``.

    :param contents: the table of :meth:`.contents.Contents.table`.
    :param at: the day, or an expression that stands for it.
    :param keep: runs a part of the query that is read many times, for an engine that would run it each time.
    :return: one row for each subject of whom anything counts, or will.
    """
    at = ibis.literal(at) if isinstance(at, date) else at
    read = {kind: keep(table) for kind, table in _read(rows, contents).items()}
    each = ibis.union(*_codes(read, at, keep))
    consents = each.part.isin((CONSENTS, LINKS, BOTH))
    told = each.group_by("subject").agg(
        consented=(each.part == CONSENTS).any(),
        c=each.code.collect(where=consents),
        r=each.code.collect(where=each.part == RELATIONS),
        x=each.code.collect(where=each.part.isin((BOTH, REST))),
        since=each.since.max(),
        turn=each.turn.min(),
    )
    none = ibis.literal([], "array<int64>")
    return told.select(
        "subject",
        c=(told.consented & told.c.notnull()).ifelse(told.c.unique().sort(), none),
        r=told.r.notnull().ifelse(told.r.unique().sort(), none),
        x=told.x.notnull().ifelse(told.x.unique().sort(), none),
        since=told.since,
        turn=told.turn,
    )


def _read(rows: Rows, contents: Any) -> dict[str, Any]:
    """The rows with, beside each, what the facts make of its sort."""
    about = contents.drop("kind", "fields")
    return {kind: table.join(about, "content") for kind, table in rows.items()}


def _codes(read: Mapping[str, Any], at: Any, keep: Callable[[Any], Any]) -> list[Any]:
    counted = {kind: table.filter(table.day <= at) for kind, table in read.items() if kind != "person"}
    points = _points(read, counted)
    points = points if points is None else keep(points)
    codes = [_later([table for kind, table in read.items() if kind != "person"], at)] if counted else []
    if "person" in read:
        codes.append(_coded(REST, read["person"], since=ibis.literal(LONG_AGO)))
    for kind, weighed in _WEIGHED.items():
        if kind in counted:
            codes += weighed(_beside(counted[kind], points), at)
    if "interaction" in counted:
        codes.append(_contacted(counted["interaction"], at))
    return codes


# --- Codes -----------------------------------------------------------------------------------------------


def _coded(part: Any, table: Any, *letters: tuple[Any, int], since: Any = None, turn: Any = None) -> Any:
    """Codes of the rows of a table.

    :param letters: how the days lie, as numbers, each with how many values it can have.
    """
    packed = ibis.literal(0, "int64")
    for letter, values in letters:
        packed = packed * values + letter.cast("int64")
    return table.select(
        "subject",
        part=ibis.literal(part) if isinstance(part, str) else part,
        code=table.sort.cast("int64") * LETTERS + packed,
        since=table.day if since is None else since,
        turn=ibis.literal(NEVER) if turn is None else turn,
    )


def _later(tables: Sequence[Any], at: Any) -> Any:
    """Records of later days do not count yet; the first of them is a day on which something turns."""
    each = ibis.union(*(table.select("subject", "day") for table in tables))
    later = each.filter(each.day > at)
    return later.select(
        "subject",
        part=ibis.null("string"),
        code=ibis.null("int64"),
        since=ibis.null("date"),
        turn=later.day,
    )


def _months_on(day: Any, months: int | Any) -> Any:
    """The same day so many months on: an engine's interval ends on the last day of the month, as ours."""
    interval = ibis.interval(months=months) if isinstance(months, int) else months.as_interval("M")
    return (day + interval).cast("date")


def _span(day: Any, at: Any) -> tuple[Any, Any, Any]:
    """Which span a day lies in, since when, and when it will be in the next."""
    ends = [_months_on(day, months) for months in SPANS]
    span = ibis.cases(*((end >= at, place) for place, end in enumerate(ends)), else_=len(SPANS))
    turns = [end + ibis.interval(days=1) for end in ends]
    since = ibis.cases(
        *((end >= at, day if place == 0 else turns[place - 1]) for place, end in enumerate(ends)),
        else_=turns[-1],
    )
    turn = ibis.cases(
        *((end >= at, turns[place]) for place, end in enumerate(ends)), else_=ibis.literal(NEVER)
    )
    return span, since.cast("date"), turn.cast("date")


def _border(holds_until: Any, at: Any) -> tuple[Any, Any, Any]:
    """Whether a last day has not passed yet (0: there is none), since when that is so, and until when."""
    holds = (holds_until >= at).cases((True, 1), (False, 2), else_=0)
    after = (holds_until + ibis.interval(days=1)).cast("date")
    since = (holds_until < at).fill_null(False).ifelse(after, ibis.literal(LONG_AGO))
    turn = (holds_until >= at).fill_null(False).ifelse(after, ibis.literal(NEVER))
    return holds, since, turn


def _earliest(*days: Any) -> Any:
    return ibis.least(*(day.fill_null(NEVER) for day in days))


def _latest(*days: Any) -> Any:
    return ibis.greatest(*(day.fill_null(LONG_AGO) for day in days))


# --- What one record lends to the weighing of another ----------------------------------------------------


def _points(read: Mapping[str, Any], counted: Mapping[str, Any]) -> Any:
    """For each subject the days of refusals, responses, purchases, calls and relations, and the age."""
    kinds = ("refused", "acted", "bought", "called", "related", "taped", "listed", "cleared")
    matter = (
        ("objection", "refuses", "refused"),
        ("withdrawal", "refuses", "refused"),
        ("collected", "refuses", "refused"),
        ("interaction", "acts", "acted"),
        ("interaction", "buys", "bought"),
        ("interaction", "calls", "called"),
        ("recorded", "proves", "taped"),
        ("register", "postfilter", "listed"),
    )
    found = []
    for kind, flag, what in matter:
        if (table := counted.get(kind)) is not None:
            of = table.filter(table[flag].fill_null(False))
            found.append(_point(of, what, of.day, kinds))
    if "register" in counted:
        looks = counted["register"]
        found.append(_point(looks.filter(~looks.postfilter), "cleared", None, kinds))
    if "relation" in counted and "collected" in counted:
        # Whether a gift stands beside a relation of the same day.
        makers = counted["collected"].filter(counted["collected"].relates.fill_null(False))
        found.append(_point(counted["relation"].semi_join(makers, "subject"), "related", None, kinds))
    if "person" in read and "consent" in counted:
        aged = read["person"].filter(read["person"].age.notnull())
        found.append(_point(aged, "", None, kinds, age=aged.age))
    if not found:
        return None
    each = ibis.union(*found) if len(found) > 1 else found[0]
    return each.group_by("subject").agg(
        refusals=each.refused.collect(where=each.refused.notnull()).unique(),
        acted_on=each.acted.max(),
        bought_on=each.bought.max(),
        calls_on=each.called.collect(where=each.called.notnull()),
        relations=each.related.collect(where=each.related.notnull()),
        taped=each.taped.max(),
        listed=each.listed.collect(where=each.listed.notnull()),
        cleared=each.cleared.max(),
        person_age=each.age.max(),
    )


def _point(table: Any, what: str, day: Any, kinds: Sequence[str], age: Any = None) -> Any:
    given = table.day if day is None and what else day
    days = {name: given if name == what else ibis.null("date") for name in kinds}
    return table.select("subject", **days, age=ibis.null("int32") if age is None else age)


def _beside(table: Any, points: Any) -> Any:
    """The table with, beside each row, the points of its subject."""
    if points is None:
        days = dict.fromkeys(("acted_on", "bought_on", "taped", "cleared"), ibis.null("date"))
        lists = dict.fromkeys(("refusals", "calls_on", "relations", "listed"), ibis.null("array<date>"))
        return table.mutate(**days, **lists, person_age=ibis.null("int32"))
    return table.left_join(points, "subject").drop("subject_right")


def _count(days: Any) -> Any:
    """How many there are in a list; the length of no list at all is not the same in every engine."""
    return days.isnull().ifelse(0, days.length())


def _place(table: Any) -> tuple[Any, int]:
    """How many days of refusals came before: where a record stands among them."""
    return _count(table.refusals.filter(lambda day: day < table.day)), 1 << 17


# --- The kinds -------------------------------------------------------------------------------------------


def _consents(both: Any, at: Any) -> list[Any]:
    """Where it stands among refusals, when it was last acted on, its terms, who gave it, its verification."""
    span, spanned, next_span = _span(ibis.greatest(both.day, both.acted_on.fill_null(both.day)), at)
    stated, stated_since, stated_turn = _border(_months_on(both.day, both.months), at)
    limit = _months_on(both.day, both.months.fill_null(FIRST_CALL_MONTHS))
    called = _count(both.calls_on.filter(lambda call: (call >= both.day) & (call <= limit))) > 0
    first_call, call_since, call_turn = _border(called.ifelse(ibis.null("date"), limit), at)
    # Sixteen then: the birthdays since that would bring the age below it have not yet passed.
    years = ibis.greatest(both.person_age, AGE_OF_CONSENT) - AGE_OF_CONSENT + 1
    grown_until = (_months_on(both.day, 12 * years) - ibis.interval(days=1)).cast("date")
    grown, grown_since, grown_turn = _border(
        (both.person_age >= AGE_OF_CONSENT).ifelse(grown_until, ibis.null("date")), at
    )
    entitled = ibis.cases((both.person_age.isnull(), 3), else_=grown)
    verified, verified_since, verified_turn = _border(both.other - ibis.interval(days=1), at)
    old = (both.day < AVG_APPLIES) & (at >= AVG_APPLIES)
    avg_turn = (both.day < AVG_APPLIES) & (at < AVG_APPLIES)
    taped = (both.taped >= both.day).fill_null(False)
    # A young consent is also how an address was entered just now.
    fresh, _, fresh_turn = _border(both.day + ibis.interval(days=CONFIRMATION_DAYS), at)
    young = both.mutate(fresh=fresh, fresh_turn=fresh_turn).filter(fresh == 1)
    return [
        _coded(REST, young, (young.fresh, 3), since=young.day, turn=young.fresh_turn),
        _coded(
            CONSENTS,
            both,
            _place(both),
            (span, 4),
            (stated, 3),
            (first_call, 3),
            (entitled, 4),
            (verified, 3),
            (old, 2),
            (taped, 2),
            (_after_listing(both), 2),
            since=_latest(
                both.day,
                spanned,
                stated_since,
                call_since,
                grown_since,
                verified_since,
                old.ifelse(ibis.literal(AVG_APPLIES), ibis.literal(LONG_AGO)),
            ),
            turn=_earliest(
                next_span,
                stated_turn,
                call_turn,
                grown_turn,
                verified_turn,
                avg_turn.ifelse(ibis.literal(AVG_APPLIES), ibis.literal(NEVER)),
            ),
        ),
    ]


def _collections(both: Any, at: Any) -> list[Any]:
    """Whether it was just now; where it stands among refusals; the relation that it may make."""
    fresh, fresh_since, fresh_turn = _border(both.day + ibis.interval(days=CONFIRMATION_DAYS), at)
    place, places = _place(both)
    days = {"since": _latest(both.day, fresh_since), "turn": fresh_turn}
    part = (both.refuses | both.linked).fill_null(False).ifelse(BOTH, REST)
    codes = [_coded(part, both, (fresh, 3), (place, places), **days)]
    makers = both.filter(both.relates.fill_null(False))
    beside = _count(makers.relations.filter(lambda day: day == makers.day)) > 0
    span, since, turn = _span(makers.day, at)
    codes.append(_coded(RELATIONS, makers, (beside, 2), (span, 4), since=since, turn=turn))
    return codes


def _relations(both: Any, at: Any) -> list[Any]:
    """A relation that runs on, or how long ago it ended; a later purchase renews it."""
    running, running_since, running_turn = _border(both.other, at)
    ended = ibis.ifelse(both.other.isnull(), both.day, ibis.least(both.other, at))
    last = ibis.greatest(ended, both.bought_on.fill_null(ended))
    span, spanned, next_span = _span(last, at)
    runs = (both.other >= at).fill_null(False)
    since = _latest(both.day, runs.ifelse(ibis.literal(LONG_AGO), spanned), running_since)
    turn = _earliest(runs.ifelse(ibis.literal(NEVER), next_span), running_turn)
    return [_coded(RELATIONS, both, (running, 3), (span, 4), since=since, turn=turn)]


def _after_listing(both: Any) -> Any:
    """Whether a consent is younger than the first look into Postfilter that no look contradicts since."""
    unbroken = both.listed.filter(lambda day: both.cleared.isnull() | (day > both.cleared))
    since = ibis.coalesce(unbroken.mins(), both.listed.maxs())
    return (since.isnull() | (both.day > since)).fill_null(True)


def _links(both: Any, at: Any) -> list[Any]:
    return [_coded(LINKS, both)]


def _refusals(both: Any, at: Any) -> list[Any]:
    return [_coded(BOTH, both, _place(both))]


def _registers(table: Any, at: Any) -> list[Any]:
    """The latest look into each register, and whether it is still good."""
    last = _last(table)
    good, good_since, good_turn = _border(last.other + ibis.interval(days=REGISTER_DAYS), at)
    done, done_since, done_turn = _border(last.other - ibis.interval(days=1), at)
    days = {"since": _latest(last.day, good_since, done_since), "turn": _earliest(good_turn, done_turn)}
    return [_coded(REST, last, (good, 3), (done, 3), **days)]


def _published(table: Any, at: Any) -> list[Any]:
    """In their order, since a channel looks at the latest of its own detail."""
    order = ibis.row_number().over(group_by=table.subject, order_by=[table.day, table.line])
    return [_coded(REST, table, (order, 1 << 16))]


def _asked(table: Any, at: Any) -> list[Any]:
    """Requests that are still fresh."""
    fresh, _, turn = _border(_months_on(table.day, REQUEST_MONTHS), at)
    stale = (_months_on(table.day, REQUEST_MONTHS) + ibis.interval(days=1)).cast("date")
    since = (fresh == 1).ifelse(table.day, stale)
    return [_coded(REST, table, (fresh, 3), since=since, turn=turn)]


def _assessed(table: Any, at: Any) -> list[Any]:
    """The latest of each kind with its very day: a campaign may bring an assessment of its own day."""
    last = _last(table)
    return [
        _coded(REST, last, (last.day.epoch_days() - ibis.literal(date(1900, 1, 1)).epoch_days(), 1 << 17))
    ]


def _contacted(table: Any, at: Any) -> Any:
    """Whether anything was sent or answered before the day: one code says it."""
    first = table.group_by("subject").agg(first=table.day.min())
    before = first.first < at
    after = (first.first + ibis.interval(days=1)).cast("date")
    return first.select(
        "subject",
        part=ibis.literal(REST),
        code=before.cast("int64") - 2,
        since=before.ifelse(after, first.first),
        turn=before.ifelse(ibis.literal(NEVER), after),
    )


def _last(table: Any) -> Any:
    """The latest record of each subject on each topic."""
    told = table.filter(table.topic.notnull())
    latest = [told.day.desc(), told.line.desc()]
    placed = told.mutate(place=ibis.row_number().over(group_by=["subject", "topic"], order_by=latest))
    return placed.filter(placed.place == 0).drop("place")


_WEIGHED: Final = {
    "collected": _collections,
    "relation": _relations,
    "consent": _consents,
    "withdrawal": _refusals,
    "objection": _refusals,
    "register": _registers,
    "published": _published,
    "asked": _asked,
    "assessed": _assessed,
    "shared": _links,
}
