from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grondslag.decide import decide
from grondslag.errors import BadCase, Suppressed
from grondslag.facts import draw
from grondslag.question import Act, Case
from grondslag.register import lines
from grondslag.register.checking import check
from grondslag.register.export import export
from grondslag.register.figures import Figures
from grondslag.register.history import Known
from grondslag.register.register import Register
from grondslag.register.retaining import lessen, run
from grondslag.register.schedule import carried
from grondslag.register.surveying import survey
from tests.register.conftest import MASTER, Opener
from tests.register.test_forgetting import BOB, PURCHASE
from tests.register.test_recording import ANNA, NOW, TODAY, consent, kinds, objection

SCHEDULE = carried()
LONG_AGO = "2019-05-01"
CARLA = {"id": "K-3", "phone": "0612345678"}


def on(day: date) -> datetime:
    """A moment of that day."""
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


def relation(id_: str, subject: Mapping[str, str], day: str, **fields: Any) -> dict[str, Any]:
    return {"id": id_, "subject": dict(subject), "date": day, "relation": {"kind": "purchase", **fields}}


def withdrawal(id_: str, subject: Mapping[str, str], **fields: Any) -> dict[str, Any]:
    return {"id": id_, "subject": dict(subject), "date": "2026-11-20", "withdrawal": fields}


def held(register: Register, subject: Mapping[str, str] = ANNA) -> dict[str, tuple[str, date]]:
    """Kind → the row and the last day by which it is held."""
    return {
        entry.kind: (hold.reason.split(" (")[0], hold.until)
        for entry, hold in register.held_of(dict(subject))
    }


def may(register: Register, channel: str, at: date = TODAY, subject: Mapping[str, str] = ANNA) -> bool:
    """Whether the register lets somebody be written to about similar products."""
    told = register.history_of(dict(subject), at=at)
    act = Act(at, "contact", {
        "channel": channel, "content": "promotional", "purpose": "commercial", "advertises": "own",
        "product": "shoes", "closeness": "same",
        "message": {"opt_out": "one-click", "identity": True, "address": True},
    })  # fmt: skip
    case = Case({"name": register.controller, "kind": "company"}, told.person, told.events, act)
    return decide(draw(case), at=at).allowed


def whole(register: Register) -> None:
    """Everything that is there is what should be there, and every proof checks."""
    register.publish(NOW)
    assert [str(each) for each in check(register)] == []


# --- The term of marketing ---------------------------------------------------------------------------------


def test_marketing_data_stay_until_the_last_day_of_three_years(register: Register) -> None:
    register.record(consent(), at=on(date(2024, 3, 14)))
    assert survey(register, SCHEDULE, date(2027, 3, 14)).concerned == 0
    assert run(register, SCHEDULE, on(date(2027, 3, 14))).account.held == {}
    assert kinds(register) == ["consent"]
    assert survey(register, SCHEDULE, date(2027, 3, 15)).due == {("proof", "consent", "hold"): 1}
    run(register, SCHEDULE, on(date(2027, 3, 15)))
    assert kinds(register) == []
    # Five years after the last day of use, whenever the run was.
    assert held(register) == {"consent": ("K-04: proof", date(2032, 3, 14))}
    assert run(register, SCHEDULE, on(date(2032, 3, 14))).released == {}
    assert run(register, SCHEDULE, on(date(2032, 3, 15))).released == {
        ("consent", "K-04: proof (Awb art. 5.45 lid 1)"): 1
    }
    assert held(register) == {}
    whole(register)


def test_a_purchase_leaves_marketing_and_stays_for_the_tax(register: Register) -> None:
    register.record(PURCHASE, at=NOW)
    run(register, SCHEDULE, on(date(2027, 3, 15)))
    assert kinds(register) == [] and held(register) == {"relation": ("K-02: tax", date(2031, 12, 31))}
    whole(register)


def test_a_new_dealing_begins_the_term_anew(register: Register) -> None:
    clicked = {"id": "c", "subject": ANNA, "date": "2026-06-01",
               "interaction": {"kind": "clicked", "channel": "email"}}  # fmt: skip
    received = {**clicked, "id": "r", "date": "2026-11-01", "interaction": {"kind": "received"}}
    register.record(consent(), clicked, received, at=NOW)
    assert survey(register, SCHEDULE, date(2029, 6, 1)).concerned == 0
    assert survey(register, SCHEDULE, date(2029, 6, 2)).concerned == 1, "what was only sent is no dealing"


def test_a_subscription_that_runs_is_kept_and_its_term_begins_at_its_end(register: Register) -> None:
    register.record(relation("s", ANNA, LONG_AGO, kind="subscription"), at=NOW)
    assert survey(register, SCHEDULE, date(2040, 1, 1)).concerned == 0
    ended = relation("s-2", ANNA, LONG_AGO, kind="subscription", until="2026-10-31") | {"corrects": "s"}
    register.record(ended, at=NOW)
    assert survey(register, SCHEDULE, date(2029, 10, 31)).concerned == 0
    run(register, SCHEDULE, on(date(2029, 11, 1)))
    assert [hold.until for _, hold in register.held_of(ANNA)] == [date(2033, 12, 31)] * 2
    assert kinds(register) == []


def test_what_was_put_right_does_not_come_into_its_own_again(register: Register) -> None:
    wrong = relation("s", ANNA, LONG_AGO, kind="subscription")
    right = relation("s-2", ANNA, LONG_AGO, kind="quote") | {"corrects": "s"}
    register.record(wrong, right, at=NOW)
    run(register, SCHEDULE, NOW)
    assert kinds(register) == []


# --- Objection, withdrawal, erasure ------------------------------------------------------------------------


def test_an_objection_ends_the_marketing_copy_at_once_and_blocks_that_of_the_tax(
    register: Register, tmp_path: Path
) -> None:
    register.record(consent(), PURCHASE, objection(date="2026-11-25"), consent("b", BOB), at=NOW)
    assert survey(register, SCHEDULE, date(2026, 11, 24)).concerned == 0
    done = run(register, SCHEDULE, NOW)
    assert done.account.held == {
        ("consent", "K-04: proof (Awb art. 5.45 lid 1)", date(2031, 11, 25)): 1,
        ("relation", "K-02: tax (AWR art. 52 lid 4)", date(2031, 12, 31)): 1,
    }
    assert kinds(register) == ["objection"] and kinds(register, BOB) == ["consent"]
    assert export(register, tmp_path / "out", at=TODAY).rows == {"consent": 1, "objection": 1, "contact": 2}
    assert not may(register, "email")
    assert set(held(register)) == {"consent", "relation"}
    with pytest.raises(Suppressed):
        register.record(consent("again", proof={"by": "import"}), at=NOW)
    whole(register)
    assert survey(register, SCHEDULE, TODAY).concerned == 0, "nothing is done twice"


def test_a_withdrawal_ends_the_copy_unless_another_consent_carries_it(register: Register) -> None:
    given = {"channels": ["email", "phone"], "purpose": "marketing"}
    register.record(consent(consent=given), withdrawal("w", ANNA, channels=["email"]), at=NOW)
    assert survey(register, SCHEDULE, TODAY).concerned == 0, "by telephone she still agrees"
    register.record(withdrawal("w-2", ANNA, channels=["phone"]), at=NOW)
    assert survey(register, SCHEDULE, TODAY).due == {("proof", "consent", "hold"): 1}


def test_withdrawal_and_objection_count_in_the_very_next_decision(register: Register) -> None:
    given = {"channels": ["email"], "by": "double-opt-in", "naming": "named", "to": ["Shop BV"],
             "about": "anything", "informed": True, "conditional": False, "given_by": "person",
             "evidence": "full", "purpose": "marketing", "incentive": "none"}  # fmt: skip
    adult = {"id": "p", "subject": ANNA, "date": "2024-03-14", "person": {"kind": "consumer", "age": 40}}
    register.record(consent(consent=given, date="2026-03-14"), adult, at=NOW)
    assert may(register, "email")
    register.record(withdrawal("w", ANNA), at=NOW)
    assert not may(register, "email")
    register.record(consent("new", consent=given, date="2026-11-25"), at=NOW)
    assert may(register, "email")
    register.record(objection(date="2026-11-25"), at=NOW)
    assert not may(register, "email")


def test_from_twelve_a_child_withdraws_for_itself_what_its_parent_gave(register: Register) -> None:
    child = {"id": "p", "subject": ANNA, "date": "2026-01-01", "person": {"kind": "consumer", "age": 13}}
    given = {"channels": ["email"], "by": "double-opt-in", "given_by": "parent"}
    register.record(child, consent(consent=given), withdrawal("w", ANNA), at=NOW)
    told = register.history_of(ANNA, at=TODAY)
    act = Act(TODAY, "contact", {"channel": "email", "content": "promotional", "advertises": "own"})
    decision = decide(draw(Case({"name": "Shop BV"}, told.person, told.events, act)), at=TODAY)
    assert not decision.allowed and "C-15" in decision.rules
    run(register, SCHEDULE, NOW)
    assert kinds(register) == ["withdrawal"] and "consent" in held(register)


def test_who_asked_to_be_erased_is_not_kept_for_marketing_and_not_imported_again(register: Register) -> None:
    asked = {"id": "e", "subject": ANNA, "date": "2026-11-20", "request": {"kind": "erasure"}}
    register.record(consent(), asked, at=NOW)
    run(register, SCHEDULE, NOW)
    assert kinds(register) == ["request"], "which is being handled"
    run(register, SCHEDULE, on(date(2027, 11, 21)))
    assert kinds(register, at=date(2027, 11, 21)) == ["objection"]
    with pytest.raises(Suppressed):
        register.record(consent("again", proof={"by": "import"}), at=on(date(2027, 11, 21)))
    whole(register)


def test_a_detail_that_only_what_goes_has_given_is_suppressed(register: Register) -> None:
    register.record(consent(subject=ANNA | {"phone": "0612345678"}), at=NOW)
    register.record(objection(subject={"id": "K-1"}), at=NOW)
    assert run(register, SCHEDULE, NOW).account.suppressed == 2
    with pytest.raises(Suppressed):
        register.record(consent("i", {"phone": "06 1234 5678"}, proof={"by": "import"}), at=NOW)
    whole(register)


# --- Duties ------------------------------------------------------------------------------------------------


def test_a_dispute_holds_what_would_go_until_its_last_day(register: Register) -> None:
    training = {"id": "t", "subject": ANNA, "date": "2026-01-01",
                "recorded": {"purposes": ["training"], "announced": "with-purpose"}}  # fmt: skip
    dispute = {"id": "d", "subject": ANNA, "date": "2026-03-01", "dispute": {"until": "2026-12-24"}}
    register.record(training, dispute, at=NOW)
    run(register, SCHEDULE, NOW)
    assert held(register) == {"recorded": ("K-05: legal-hold", date(2026, 12, 24))}
    assert kinds(register) == ["dispute"]
    done = run(register, SCHEDULE, on(date(2026, 12, 25)))
    assert done.account.erased == {"dispute": 1} and sum(done.released.values()) == 1
    whole(register)


def test_the_scan_of_an_invoice_stays_with_what_the_tax_keeps(register: Register) -> None:
    scan = base64.b64encode(b"invoice 2024-17").decode()
    proof = {"attachments": [{"name": "invoice.pdf", "content": scan}]}
    register.record(PURCHASE | {"proof": proof}, consent(proof=proof), objection(), at=NOW)
    run(register, SCHEDULE, NOW)
    files = {entry.kind: register.attachments(entry) for entry, _ in register.held_of(ANNA)}
    assert files["relation"] == [("invoice.pdf", b"invoice 2024-17")]
    whole(register)
    run(register, SCHEDULE, on(date(2032, 1, 1)))
    assert register.store.rows("SELECT count(*) FROM blob") == [(0,)]
    whole(register)


def test_of_two_who_are_one_person_both_halves_are_weighed_together(register: Register) -> None:
    register.record(consent(date="2020-01-01"), PURCHASE | {"subject": BOB}, at=NOW)
    register.merge(BOB, ANNA, "one person", NOW)
    assert survey(register, SCHEDULE, TODAY).concerned == 0, "the last dealing is that of the other half"
    register.record(objection(subject=BOB), at=NOW)
    run(register, SCHEDULE, NOW)
    assert kinds(register) == ["objection"]
    register.split(BOB, "two people after all", NOW)
    whole(register)


def test_who_was_merged_into_somebody_of_whom_nothing_stays_is_not_lost(register: Register) -> None:
    register.record(consent(), consent("c", CARLA), objection(subject=BOB), at=NOW)
    register.merge(BOB, ANNA, "one person", NOW)
    run(register, SCHEDULE, NOW)
    assert register.subjects_of(ANNA) == [] and kinds(register, BOB) == ["objection"]
    register.record(PURCHASE | {"subject": BOB}, at=NOW)
    assert survey(register, SCHEDULE, TODAY).due == {("tax", "relation", "hold"): 1}
    register.merge(BOB, CARLA, "and she", NOW)
    run(register, SCHEDULE, NOW)
    assert kinds(register, CARLA) == ["objection"]
    whole(register)


# --- Cut off, and done again -------------------------------------------------------------------------------


class Stop(Exception):
    """Somebody pressed Ctrl-C."""


def test_a_run_that_is_cut_off_is_taken_up_where_it_was(register: Register, opening: Opener) -> None:
    old = [consent(f"c-{n}", {"id": f"F-{n}"}, date="2015-05-01") for n in range(130)]
    register.record(*old, at=NOW)
    calls: list[str] = []

    def stop(what: str, done: int = 0, total: int | None = None) -> None:
        calls.append(what)
        if len(calls) == 2:  # everybody was looked at, and it is being done
            raise Stop

    with pytest.raises(Stop):
        run(register, SCHEDULE, NOW, stop)
    again = opening()
    whole(again)
    with pytest.raises(BadCase, match="is another than that with which the run of 2026-11-25 was begun"):
        run(again, replace(SCHEDULE, hash="sha256:0"), NOW)
    done = run(again, SCHEDULE, NOW + timedelta(days=2))
    assert (done.day, done.account.erased) == (TODAY, {"consent": 30}), "the rest, as due on the first day"
    assert done.figures[0]["people"] == 130, "all of them: figures are fixed before anything is destroyed"
    assert run(again, SCHEDULE, NOW + timedelta(days=2)).account.erased == {}
    whole(again)


def test_a_register_of_which_a_part_is_gone_is_read_back_without_loss(
    register: Register, tmp_path: Path
) -> None:
    scan = {"attachments": [{"name": "form", "content": base64.b64encode(b"form").decode()}]}
    register.record(
        consent(proof=scan), PURCHASE | {"proof": scan}, objection(proof=scan), consent("b", BOB), at=NOW
    )
    run(register, SCHEDULE, NOW)
    register.publish(NOW)
    told = list(lines.dump(register))
    lines.load(tmp_path / "copy", MASTER, told)
    with Register(tmp_path / "copy", MASTER, tmp_path / "ledger") as copy:
        assert list(lines.dump(copy)) == told
        assert [str(each) for each in check(copy)] == []
        assert kinds(copy) == ["objection"]
        assert {entry.kind: copy.attachments(entry) for entry, _ in copy.held_of(ANNA)} == {
            "consent": [("form", b"form")], "relation": [("form", b"form")],
        }  # fmt: skip


def test_an_export_goes_on_from_an_earlier_one_without_what_is_gone(
    register: Register, tmp_path: Path
) -> None:
    register.record(consent(), PURCHASE, consent("b", BOB), objection(subject={"id": "K-1"}), at=NOW)
    before = export(register, tmp_path / "out", at=TODAY).rows
    run(register, SCHEDULE, NOW)
    again = export(register, tmp_path / "out", at=TODAY)
    assert again.anew == 1 and before["relation"] == 1 and "relation" not in again.rows
    assert again.rows == export(register, tmp_path / "fresh", at=TODAY).rows


def test_the_same_entry_again_after_its_part_is_gone_is_a_no_op(register: Register) -> None:
    register.record(consent(), objection(), at=NOW)
    run(register, SCHEDULE, NOW)
    assert [each.new for each in register.record(consent(), objection(), at=NOW)] == [False, False]
    register.record(consent("new", date="2026-11-25"), at=NOW + timedelta(hours=1))
    assert kinds(register) == ["objection", "consent"]
    whole(register)


def test_whoever_has_the_register_open_reads_and_records_on(register: Register, opening: Opener) -> None:
    other = opening()
    register.record(consent(), objection(), at=NOW)
    run(register, SCHEDULE, NOW)
    other.record(objection("o-2"), at=NOW)
    assert kinds(other) == ["objection", "objection"]
    whole(other)


# --- One person at once ------------------------------------------------------------------------------------


def test_the_marketing_copy_of_one_person_goes_on_an_objection(register: Register) -> None:
    register.record(consent(), relation("s", ANNA, LONG_AGO, kind="subscription"), at=NOW)
    with pytest.raises(BadCase, match="record it first"):
        lessen(register, register.subjects_of(ANNA), SCHEDULE, "objection", NOW)
    register.record(objection(), at=NOW)
    certificate = lessen(register, register.subjects_of(ANNA), SCHEDULE, "objection", NOW)
    assert certificate.account.held == {
        ("consent", "K-04: proof (Awb art. 5.45 lid 1)", date(2031, 11, 1)): 1
    }
    assert kinds(register) == ["relation", "objection"], "the subscription runs on"
    whole(register)


# --- Anonymous figures -------------------------------------------------------------------------------------


def test_figures_are_of_ten_people_at_least_and_do_not_betray_the_rest(register: Register) -> None:
    many = [consent(f"c-{n}", {"id": f"F-{n}"}, date="2019-05-01") for n in range(12)]
    many += [consent(f"d-{n}", {"id": f"G-{n}"}, date="2019-06-01") for n in range(11)]
    many += [consent(f"e-{n}", {"id": f"H-{n}"}, date="2019-07-01") for n in range(2)]
    many += [relation(f"r-{n}", {"id": f"I-{n}"}, LONG_AGO) for n in range(9)]
    register.record(*many, at=NOW)
    done = run(register, SCHEDULE, NOW)
    may_ = {"month": "2019-05", "channels": "email phone", "people": 12}
    assert done.figures == [{"kind": "consent", "people": 25, "figures": [may_], "rest": 13}]
    ((told,),) = register.store.rows(
        "SELECT sealed FROM entry WHERE kind = 'retained' ORDER BY number DESC LIMIT 1"
    )
    assert json.loads(bytes(told)[32:])["retained"]["figures"] == done.figures


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(1, 5), st.sampled_from(["email", "phone", "sms"])),
        max_size=120,
    ),
    st.integers(10, 12),
)
def test_no_figure_and_no_difference_is_about_fewer_than_the_threshold(people: Any, threshold: int) -> None:
    figures = Figures()
    for n, (kind, month, channel) in enumerate(people):
        tree = {"date": f"2020-0{month}-01", kind: {"channels": [channel]}}
        figures.add([Known(None, n, 0, kind, tree)])  # type: ignore[arg-type]
    for each in figures.told(threshold):
        told = [cell["people"] for cell in each["figures"]]
        assert all(count >= threshold for count in (*told, each["people"]))
        assert each["rest"] == each["people"] - sum(told)
        assert each["rest"] == 0 or each["rest"] >= threshold


def test_one_person_counts_once_for_each_kind() -> None:
    figures = Figures()
    trees: list[Any] = [{"date": f"2020-0{n}-01", "asked": {}} for n in range(1, 9)]
    figures.add(Known(None, n, 0, "asked", tree) for n, tree in enumerate(trees))  # type: ignore[arg-type]
    assert figures.people["asked"] == {("2020-08", ""): 1}


def test_who_is_numbered_by_another_program_is_still_known_by_that_number(register: Register) -> None:
    contact = {"id": "mailchimp:51", "email": "carla@klant.nl"}
    register.record(consent("c", contact), relation("s", contact, LONG_AGO, kind="subscription"), at=NOW)
    register.record(objection("o", contact), at=NOW)
    lessen(register, register.subjects_of(contact), SCHEDULE, "objection", NOW)
    whole(register)
    register.record(consent("d", contact | {"id": "mailchimp:52"}, date="2026-11-25"), at=NOW)
    assert kinds(register, {"id": "mailchimp:52"}) == ["consent"], "another number is another contact"
