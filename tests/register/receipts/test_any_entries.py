"""Whatever was recorded, a record can be made of it: valid, or with the names of what it lacks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grondslag import vocabulary as v
from grondslag.register.history import Known
from grondslag.register.receipts import MissingInRecord, Organisation, govstack, receipt, record
from grondslag.register.receipts.kantara import kantara
from grondslag.register.receipts.lacks import NoWordFor
from grondslag.register.receipts.stages import RECORDED
from grondslag.register.receipts.validation import violations
from grondslag.register.vocabulary import PROOF
from tests.register.receipts import rdf
from tests.register.receipts.shop import AT, CONSENT, SHOP, entry, of
from tests.register.receipts.shop import PROOF as WHOLE

DAYS = st.dates(date(2004, 1, 1), date(2027, 1, 1))
GOOD = {"ConsentGiven", "RenewedConsentGiven"}


LINES = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1).filter(str.strip)


def values(type_: v.Type) -> st.SearchStrategy[Any]:
    """What a field may hold."""
    match type_:
        case v.Flag():
            return st.booleans()
        case v.Text(most, pattern):
            return (
                LINES
                if pattern == v.Text().pattern
                else st.from_regex(pattern).filter(lambda t: len(t) <= most)
            )
        case v.Day():
            return DAYS.map(date.isoformat)
        case v.Number(least, most):
            return st.integers(least, min(most, 120))
        case v.OneOf(words):
            return st.sampled_from(words)
        case v.ListOf(item, least):
            return st.lists(values(item), min_size=least, max_size=3)
        case v.ListOr(word, items):
            return st.just(word) | values(items)
        case v.Object(fields):
            return records_of(fields)
    raise AssertionError(type_)


def records_of(fields: v.Fields, whole: dict[str, Any] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Any record of these fields, none of which must be there; often like a whole one."""
    drawn = st.fixed_dictionaries({}, optional={name: values(each.type) for name, each in fields.items()})
    if whole is None:
        return drawn
    few = st.lists(st.sampled_from([*whole]), max_size=2)
    near = st.builds(lambda gone: {k: each for k, each in whole.items() if k not in gone}, few)
    return drawn | near | st.builds(lambda some, rest: {**rest, **dict([*some.items()][:2])}, drawn, near)


EVENTS = {
    kind: records_of(v.EVENTS[kind], CONSENT if kind == "consent" else None)
    for kind in (*RECORDED, "interaction")
}
PROOFS = records_of({name: each for name, each in PROOF.items() if name != "verification"}, WHOLE)


@st.composite
def entries(draw: st.DrawFn) -> list[Known]:
    found = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        kind = draw(st.sampled_from([*EVENTS, "consent"]))
        fields = draw(EVENTS[kind])
        made = entry(number, draw(DAYS).isoformat(), kind, proof=draw(PROOFS))
        found.append(replace(made, tree={**made.tree, kind: fields}))
    return found


OPTIONAL = [
    "officer", "statement", "withdraw_at", "rights_at", "rights", "authority", "jurisdiction", "storage",
    "retention_months", "recipients", "notices",
]  # fmt: skip
NOTHING = Organisation(controller={})


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    gone = draw(st.sets(st.sampled_from(OPTIONAL), max_size=3))
    left = draw(st.sets(st.sampled_from(["url", "address", "email"]), min_size=1))
    controller = {k: each for k, each in SHOP.controller.items() if k in ("name", "kind") or k in left}
    return replace(SHOP, controller=controller, **{name: getattr(NOTHING, name) for name in gone})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries(), organisations(), DAYS)
def test_a_record_is_valid_or_names_what_it_lacks(told: list[Known], shop: Organisation, at: date):
    for each in of(*told, at=at)[:1]:
        made = record(each, shop, "p-7")
        lacks = made.get("lacks", [])
        assert violations(made) == (sorted([*lacks, "lacks"]) if lacks else [])
        assert rdf.ordered(rdf.there_and_back(made)) == rdf.ordered(made)
        assert violations(receipt([made], shop, "r", "2026-11-25T10:00:00Z")) == violations(made)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries(), DAYS)
def test_the_states_of_a_consent_follow_each_other_and_a_flaw_is_never_a_yes(told: list[Known], at: date):
    for each in of(*told, at=at):
        days = [stage.when[:10] for stage in each.stages]
        assert days == sorted(days) and days[-1] <= at.isoformat()
        assert each.entry.kind != "consent" or (each.status in GOOD) == (
            not each.short and len(each.stages) == 1
        )
        if each.fields.get("by") in ("silence", "pre-ticked-box", "terms", None):
            assert each.status not in GOOD or each.entry.kind != "consent"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries(), organisations())
def test_the_other_forms_are_made_or_say_why_not(told: list[Known], shop: Organisation):
    for each in of(*told, at=AT)[:3]:
        try:
            assert kantara(each, shop, "p-7", "r")["piiPrincipalId"] == "p-7" and each.status in GOOD
        except NoWordFor:
            assert each.status not in GOOD
        except MissingInRecord as missing:
            assert missing.fields
        try:
            assert govstack.data_agreement(each, shop)["purpose"]
        except MissingInRecord as missing:
            assert "dpia" in missing.fields
