"""The facts of a whole audience, as one query: for each person on file, one text that says it all.

Every record becomes a *code*: a letter for its kind, the letters of what it says (:mod:`.codes`) and
the letters of how its dates lie, seen from the day of the act.  A person's *file* is the sorted set of
these codes.  People with the same file are in the same situation; :mod:`.decode` tells which.  No rule
and no reading of a policy profile is in here: only days that are compared, and letters looked up in
lists that :mod:`.lens` had from the facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    "recorded": "T",
}
"""The letter with which the code of each kind begins."""
ENTERED: Final = "E"
"""Begins the code of a consent so young that the address in it was entered just now."""
NEAREST: Final = "K"
"""Begins the code of how near the offer is to the nearest product of one sort of relation."""
APART: Final = " "
"""Stands between the codes of a file."""


def facts_table(tables: Mapping[str, Any], lens: Lens) -> Any:
    """One row for each subject of whom anything counts: ``subject`` and ``file``.

    :param tables: kind → Ibis table with the columns of that kind in the format, and ``line``.
    """
    counted = {
        kind: table if kind == "person" else table.filter(table.date <= lens.at)
        for kind, table in tables.items()
    }
    dates = _turning_points(counted, lens)
    write: dict[str, Callable[[Any], list[Any]]] = {
        "person": lambda table: [_persons(table, lens)],
        "collected": lambda table: [_collections(_beside(_same_day(table, counted), dates), lens)],
        "relation": lambda table: [_relations(_beside(table, dates), lens), *_nearest(table, lens)],
        "consent": lambda table: [
            _consents(_touched(_beside(_aged(table, counted), dates), counted, lens), lens),
            _entered(table, lens),
        ],
        "withdrawal": lambda table: [_said("withdrawal", table, lens)],
        "objection": lambda table: [_said("objection", table, lens)],
        "register": lambda table: [_latest("register", table, lens)],
        "published": lambda table: [_latest("published", table, lens)],
        "asked": lambda table: [_asked(table, lens)],
        "assessed": lambda table: [_latest("assessed", table, lens)],
        # Whether anything was sent or answered before: one code says it.
        "interaction": lambda table: [_coded("interaction", table.filter(table.date < lens.at))],
    }
    coded = [code for kind, table in counted.items() if kind in write for code in write[kind](table)]
    if not coded:
        return next(iter(tables.values())).select("subject", file=ibis.literal("")).limit(0)
    each = _all_of(coded).distinct()
    return each.group_by("subject").agg(file=each.code.group_concat(sep=APART, order_by=each.code))


def _all_of(tables: Sequence[Any]) -> Any:
    return ibis.union(*tables) if len(tables) > 1 else tables[0]


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

_POINTS: Final = ("refused", "acted", "bought", "called", "taped")
_LASTS: Final = (
    *("first_refusal", "last_refusal", "last_acted", "last_bought", "last_taped"),
    "listed_since",
)


def _turning_points(counted: Mapping[str, Any], lens: Lens) -> Any:
    """For each subject the days of refusals, responses, purchases, calls and tapes."""
    matter = (
        ("objection", ("channels", "scope"), lens.refusing, "refused"),
        ("collected", ("details", "opt_out_used"), lens.opting_out, "refused"),
        ("interaction", ("kind",), lens.responding, "acted"),
        ("interaction", ("kind",), lens.buying, "bought"),
        ("interaction", ("channel",), lens.calling, "called"),
    )
    points = [
        _point(table.filter(lens.codes.says(kind, table, names).isin(letters)), what)
        for kind, names, letters, what in matter
        if (table := counted.get(kind)) is not None
    ]
    if "recorded" in counted:
        tapes = counted["recorded"]
        points.append(_point(tapes.filter(tapes.purposes.contains("consent-proof")), "taped"))
    if not points:
        return None
    each = _all_of(points)
    lasts = each.group_by("subject").agg(
        first_refusal=each.refused.min(),
        last_refusal=each.refused.max(),
        last_acted=each.acted.max(),
        last_bought=each.bought.max(),
        last_taped=each.taped.max(),
        calls=each.called.collect(where=each.called.notnull()),
    )
    return _with_entry(lasts, counted, lens)


def _with_entry(lasts: Any, counted: Mapping[str, Any], lens: Lens) -> Any:
    """Beside the turning points, since when every look into Postfilter has found the subject listed."""
    if "register" not in counted or lens.campaign.channel != "post":
        return lasts.mutate(listed_since=ibis.null("date"))
    looks = counted["register"].filter(counted["register"]["name"] == "postfilter")
    found = (looks.listed.cast("string") == "true").fill_null(False)
    dated = looks.select(
        "subject",
        yes=found.ifelse(looks.date, ibis.null("date")),
        no=found.ifelse(ibis.null("date"), looks.date),
    )
    others = dated.group_by("subject").agg(last_other=dated.no.max(), last_yes=dated.yes.max())
    both = dated.left_join(others, "subject").drop("subject_right")
    unbroken = (both.last_other.isnull() | (both.yes > both.last_other)).ifelse(both.yes, ibis.null("date"))
    entries = both.mutate(unbroken=unbroken).group_by("subject")
    entry = entries.agg(since=ibis._.unbroken.min(), latest=ibis._.last_yes.max())
    entry = entry.select(entered="subject", listed_since=ibis.coalesce(entry.since, entry.latest))
    joined = lasts.outer_join(entry, lasts.subject == entry.entered)
    return joined.mutate(subject=ibis.coalesce(joined.subject, joined.entered)).drop("entered")


def _point(table: Any, what: str) -> Any:
    empty = ibis.null("date")
    return table.select("subject", **{name: table.date if name == what else empty for name in _POINTS})


def _beside(table: Any, dates: Any) -> Any:
    """The table with, beside each row, the turning points of its subject."""
    if dates is None:
        return table.mutate(**dict.fromkeys(_LASTS, ibis.null("date")), calls=ibis.null("array<date>"))
    return table.left_join(dates, "subject").drop("subject_right")


def _party(name: Any) -> Any:
    """A name of an organisation, case and spacing aside."""
    return name.re_replace(r"\s+", " ").strip().lower()


def _touched(both: Any, counted: Mapping[str, Any], lens: Lens) -> Any:
    """The consents with, beside each, the last withdrawal that touches it (:func:`.facts.beside.apart`)."""
    if "withdrawal" not in counted:
        return both.mutate(touched=ibis.null("date"))
    table, campaign = counted["withdrawal"], lens.campaign
    covering = table.filter(lens.codes.says("withdrawal", table, ("channels",)).isin(lens.withdrawing))
    gone = covering.select(who="subject", gone="date", other=_party(covering["at"]))
    links = [
        counted[kind].select(linked="subject", link=_party(counted[kind][name]))
        for kind, name in (("collected", "by"), ("shared", "to"))
        if kind in counted
    ]
    if links:
        known = _all_of(links)
        known = known.filter(known.link.notnull()).distinct()
        gone = gone.left_join(known, [gone.who == known.linked, gone.other == known.link])
    else:
        gone = gone.mutate(link=ibis.null("string"))
    own, advertiser = (
        _party(ibis.literal(str(name or "")))
        for name in (campaign.controller.get("name"), campaign.act.get("on_behalf_of"))
    )
    rows = both.mutate(row=ibis.row_number(), named=both["to"].map(_party))
    pairs = rows.select("row", "subject", "named", "naming").inner_join(gone, rows.subject == gone.who)
    apart = (
        (pairs.naming == "named")
        & pairs.named.contains(own)
        & ~pairs.named.contains(pairs.other)
        & pairs.link.isnull()
        & (pairs.other != own)
        & (pairs.other != advertiser)
    )
    reaching = pairs.filter(~apart.fill_null(False))
    last = reaching.group_by("row").agg(touched=reaching.gone.max())
    return rows.left_join(last, "row").drop("row_right", "row", "named")


def _aged(table: Any, counted: Mapping[str, Any]) -> Any:
    """The table with, beside each row, the age of its subject on the day of the act."""
    persons = counted.get("person")
    if persons is None:
        return table.mutate(age=ibis.null("int64"))
    ages = persons.group_by("subject").agg(age=persons.age.max())
    return table.left_join(ages, "subject").drop("subject_right")


def _same_day(table: Any, counted: Mapping[str, Any]) -> Any:
    """The table with, beside each row, whether a relation of the same subject and day is on file."""
    if "relation" not in counted:
        return table.mutate(same_day=ibis.null("boolean"))
    days = counted["relation"].select("subject", "date").distinct().mutate(same_day=True)
    return table.left_join(days, ["subject", "date"]).drop("subject_right", "date_right")


# --- The kinds -----------------------------------------------------------------------------------------


def _persons(table: Any, lens: Lens) -> Any:
    bands = (
        (table.age >= AGE_OF_CONSENT, "c"),
        (table.age >= AGE_OF_OWN_VOICE, "b"),
        (table.age.notnull(), "a"),
    )
    return _coded("person", table, lens.codes.says("person", table), ibis.cases(*bands, else_=LEFT_OUT))


def _collections(both: Any, lens: Lens) -> Any:
    """When it was, whether it makes a relation of its own, and whether it came after a refusal."""
    occasion = lens.codes.says("collected", both, ("in",))
    relating = occasion.isin(lens.relating)
    when = ibis.cases(
        (both.date >= lens.entered_since, "f"), (relating, _span(both.date, lens)), else_=LEFT_OUT
    )
    again = _holds(occasion.isin(lens.from_others) & (both.date > both.first_refusal))
    alone = _holds(relating & both.same_day.isnull())
    return _coded("collected", both, lens.codes.says("collected", both), when, alone, again)


def _relations(both: Any, lens: Lens) -> Any:
    """A relation that runs on, or how long ago it ended; a later purchase renews it."""
    ended = ibis.ifelse(both.until.isnull(), both.date, ibis.least(both.until, ibis.literal(lens.at)))
    renewed = (both.last_bought >= both.date).fill_null(False)
    last = renewed.ifelse(ibis.greatest(ended, both.last_bought), ended)
    running = _flag(both.until >= lens.at)
    return _coded("relation", both, lens.codes.says("relation", both), running, _span(last, lens))


def _nearest(table: Any, lens: Lens) -> list[Any]:
    """For each sort of relation on file, the nearest product by the map of the campaign."""
    steps = lens.campaign.products.in_use(lens.at)
    if not steps:
        return []
    ranks = [(product, NEAREST_FIRST.index(step)) for product, step in steps.items()]
    near = table.filter(table["product"].isin(list(steps)))
    says = lens.codes.says("relation", near)
    ranked = near.select("subject", says=says, step=near["product"].cases(*ranks))
    best = ranked.group_by("subject", "says").agg(step=ranked.step.min())
    return [best.select("subject", code=ibis.literal(NEAREST).concat(best.says, best.step.cast("string")))]


def _consents(both: Any, lens: Lens) -> Any:
    """What hangs on days, in the order of :data:`.decode.DATED`, and when it was verified."""
    limit = _after(both.date, both.months.fill_null(FIRST_CALL_MONTHS))
    called = both.calls.filter(lambda call: (call >= both.date) & (call <= limit)).length() > 0
    # Sixteen then: the birthdays since that would bring the age below it have not yet passed.
    grown = (both.age >= AGE_OF_CONSENT) & (
        _after(both.date, 12 * (ibis.greatest(both.age, AGE_OF_CONSENT) - AGE_OF_CONSENT + 1)) > lens.at
    )
    by_parent = both.given_by == "parent"
    entitled = ibis.cases(
        (both.given_by.isnull(), LEFT_OUT), (both.age.isnull(), "y"), (grown == by_parent, "n"), else_="y"
    )
    last_no = ibis.greatest(
        ibis.coalesce(both.last_refusal, both.touched), ibis.coalesce(both.touched, both.last_refusal)
    )
    old = (both.date < AVG_APPLIES) & ibis.literal(lens.at >= AVG_APPLIES)
    return _coded(
        "consent",
        both,
        lens.codes.says("consent", both),
        _holds(both.touched >= both.date),
        _holds((both.date > last_no) | last_no.isnull()),
        _holds((both.date > both.listed_since) | both.listed_since.isnull()),
        _span(ibis.greatest(both.date, both.last_acted.fill_null(both.date)), lens),
        _flag(_after(both.date, both.months) >= lens.at),
        _holds((limit >= lens.at) | called.fill_null(False)),
        entitled,
        _holds(old),
        _flag(both.verified_date <= lens.at),
        _holds(both.last_taped >= both.date),
    )


def _entered(table: Any, lens: Lens) -> Any:
    """Consents so young that one confirmation may follow."""
    young = table.filter(table.date >= lens.entered_since)
    return young.select("subject", code=ibis.literal(ENTERED).concat(lens.codes.says("consent", young)))


def _asked(table: Any, lens: Lens) -> Any:
    fresh = _holds(table.date >= lens.asked_since)
    return _coded("asked", table, lens.codes.says("asked", table), fresh)


def _said(kind: str, table: Any, lens: Lens) -> Any:
    return _coded(kind, table, lens.codes.says(kind, table))


def _latest(kind: str, table: Any, lens: Lens) -> Any:
    """The latest entry of each register, of what was published of each detail, and of each assessment."""
    says = lens.codes.says(kind, table)
    match kind:
        case "register":
            fresh = (table.checked >= lens.checked_since) & (table.checked <= lens.at)
            about, says, counts = table["name"], says.concat(_flag(fresh)), [table["name"].notnull()]
        case "published":
            about, counts = table["detail"].fill_null(""), [ibis.literal(True)]
        case _:
            # The campaign's own assessment holds for everybody on whom there is no later one.
            newer = [(table["kind"] != own) | (table.date >= day) for own, day in lens.assessed_since.items()]
            about, counts = table["kind"], [table["kind"].notnull(), *newer]
    told = table.filter(*counts).select("subject", "date", "line", about=about, says=says)
    latest = [told.date.desc(), told.line.desc()]
    placed = told.mutate(place=ibis.row_number().over(group_by=["subject", "about"], order_by=latest))
    first = placed.filter(placed.place == 0)
    return _coded(kind, first, first.says)
