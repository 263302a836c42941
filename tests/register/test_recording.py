from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from grondslag.errors import AmbiguousSubject, BadEntry, ConflictingEvent, Suppressed
from grondslag.register.register import Register
from tests.register.conftest import Opener

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
WRONG = "sha256:" + "0" * 64
ANNA = {"id": "K-1", "email": "Anna@Klant.nl"}


def consent(id_: str = "order-1/consent", subject: dict[str, str] = ANNA, **more: Any) -> dict[str, Any]:
    fields = {"channels": ["email", "phone"], "by": "ticked-box", "naming": "named"}
    return {"id": id_, "subject": subject, "date": "2024-03-14", "consent": fields} | more


def objection(id_: str = "objection-1", subject: dict[str, str] = ANNA, **more: Any) -> dict[str, Any]:
    return {"id": id_, "subject": subject, "date": "2026-11-01", "objection": {"channels": "all"}} | more


def kinds(register: Register, subject: dict[str, str] = ANNA, at: date = TODAY, **more: Any) -> list[str]:
    return [event.kind for event in register.history_of(subject, at=at, **more).events]


def test_what_was_recorded_is_on_file(register: Register, opening: Opener) -> None:
    (done,) = register.record(consent(), at=NOW)
    assert done.new
    (event,) = opening().history_of({"email": "anna@klant.nl"}, at=TODAY).events
    assert (event.kind, event.date, event.fields["channels"]) == (
        "consent", date(2024, 3, 14), ["email", "phone"],
    )  # fmt: skip


def test_the_same_entry_again_is_recorded_once(register: Register) -> None:
    first = register.record(consent(), objection(), at=NOW)
    again = register.record(consent(), objection(), objection(), at=NOW + timedelta(hours=1))
    assert [each.id for each in again] == [first[0].id, first[1].id, first[1].id]
    assert not any(each.new for each in again)
    assert kinds(register) == ["consent", "objection"]


def test_an_id_that_comes_with_other_content_is_a_conflict(register: Register) -> None:
    register.record(consent(), at=NOW)
    changed = consent(date="2024-03-15")
    with pytest.raises(ConflictingEvent, match="recorded before, with other content; give it a new id"):
        register.record(objection(), changed, at=NOW)
    assert kinds(register) == ["consent"], "nothing of a batch is recorded when it cannot be recorded whole"
    with pytest.raises(ConflictingEvent):
        register.record(objection(), objection(date="2026-11-02"), at=NOW)


def test_without_an_id_the_content_tells_an_entry_from_another(register: Register) -> None:
    nameless = {name: each for name, each in consent().items() if name != "id"}
    register.record(nameless, nameless, nameless | {"date": "2024-03-15"}, at=NOW)
    assert kinds(register) == ["consent", "consent"]


def test_what_is_wrong_is_told_and_the_rest_goes_on(register: Register) -> None:
    given = [
        ("line 1", consent()),
        ("line 2", consent("x", consent={"by": "tick-box"})),
        ("line 3", {"date": "2026-01-01"}),
        ("line 4", objection()),
        ("line 5", objection(date="2026-11-02")),
    ]
    told = dict(register.ingest(given, NOW))
    assert "line 2, consent.by" in str(told["line 2"]) and "did you mean ticked-box" in str(told["line 2"])
    assert "has no event" in str(told["line 3"])
    assert isinstance(told["line 5"], ConflictingEvent)
    assert kinds(register) == ["consent", "objection"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"subject": {}}, "subject"),
        ({"subject": {"email": "no address"}}, "subject.email: cannot be read; write an e-mail address"),
        ({"subject": {"phone": "12"}}, "subject.phone: cannot be read"),
        ({"date": "2026-11-26"}, "later than today"),
        ({"date": "2024-02-30"}, "2024-02-30 is no day of the calendar"),
        ({"time": "2024-03-14T10:00:00"}, "time"),
        ({"time": "2024-03-14T23:30:00Z"}, "another day than that of time, in the Netherlands"),
        ({"objection": {"channels": "all"}}, "has the events consent, objection"),
        ({"surname": "Jansen"}, "surname: is not a field of an entry"),
        ({"proof": {"by": "robot"}}, "proof.by"),
        ({"proof": {"attachments": [{"name": "f", "content": "?"}]}}, "attachments[0].content"),
        (
            {"proof": {"attachments": [{"name": "f", "content": "", "sha256": WRONG}]}},
            "not the hash",
        ),
        ({"consent": {"by": "\ud800"}}, "consent.by"),
        ({"proof": {"note": "\ud800"}}, "half a sign"),
        ({"id": None}, "id: is left empty"),
        ({"notice": {"text": "Schrijf u in"}, "consent": {}}, "has the events consent, notice"),
    ],
)
def test_a_bad_entry_is_refused_with_place_and_remedy(
    register: Register, change: dict[str, Any], told: str
) -> None:
    with pytest.raises(BadEntry) as refused:
        register.record(consent() | change, at=NOW)
    assert told in str(refused.value)
    assert "Jansen" not in str(refused.value) and "no address" not in str(refused.value)


def test_a_day_is_the_day_in_the_netherlands(register: Register) -> None:
    late = consent(time="2024-03-14T23:30:00Z")
    del late["date"]
    register.record(late, at=NOW)
    assert register.history_of(ANNA, at=TODAY).events[0].date == date(2024, 3, 15)


def test_a_text_that_was_shown_is_about_nobody(register: Register) -> None:
    text = {"id": "signup/3", "date": "2024-01-01", "notice": {"id": "signup", "version": "3", "text": "Ja!"}}
    (done,) = register.record(text, at=NOW)
    assert done.new
    with pytest.raises(BadEntry, match="names a person"):
        register.record(text | {"id": "x", "subject": ANNA}, at=NOW)
    with pytest.raises(BadEntry, match="names nobody"):
        register.record({"date": "2024-01-01", "consent": {}}, at=NOW)


# --- Who is meant ------------------------------------------------------------------------------------------


def test_one_person_is_found_by_each_detail(register: Register) -> None:
    register.record(consent(subject=ANNA | {"phone": "06-12345678"}), at=NOW)
    for subject in ({"id": "K-1"}, {"email": "ANNA@klant.nl"}, {"phone": "+31 6 12345678"}):
        assert kinds(register, subject) == ["consent"]
    assert kinds(register, {"id": "K-2"}) == []


def test_an_id_tells_people_apart_who_share_an_address(register: Register) -> None:
    register.record(consent(), consent("2", ANNA | {"id": "K-2"}), at=NOW)
    assert kinds(register, {"id": "K-1"}) == kinds(register, {"id": "K-2"}) == ["consent"]
    with pytest.raises(AmbiguousSubject, match="name the id"):
        register.record(consent("3", subject={"email": "anna@klant.nl"}), at=NOW)
    with pytest.raises(AmbiguousSubject):
        register.history_of({"email": "anna@klant.nl"}, at=TODAY)


def test_a_new_telephone_number_does_not_inherit_the_permission_of_the_old_one(register: Register) -> None:
    register.record(consent(subject=ANNA | {"phone": "06-12345678"}), at=NOW)
    assert register.history_of(ANNA, at=TODAY).events[0].fields["channels"] == ["email", "phone"]
    new = {"id": "c", "subject": ANNA, "date": "2025-01-01", "contact": {"phone": "06-87654321"}}
    register.record(new, at=NOW)
    assert register.history_of(ANNA, at=TODAY).events[0].fields["channels"] == ["email"]
    before = register.history_of(ANNA, at=date(2024, 12, 31))
    assert before.events[0].fields["channels"] == ["email", "phone"], "the day before it was still the number"


def test_an_objection_holds_for_the_new_number_too(register: Register) -> None:
    register.record(objection(subject=ANNA | {"phone": "06-12345678"}), at=NOW)
    new = {"subject": ANNA, "date": "2026-11-02", "contact": {"phone": "06-87654321"}}
    register.record(new, at=NOW)
    assert register.history_of(ANNA, at=TODAY).events[0].fields["channels"] == "all"


# --- Putting right -----------------------------------------------------------------------------------------


def test_a_correction_takes_the_place_of_what_it_puts_right(register: Register) -> None:
    register.record(consent(), at=NOW)
    right = consent("2", date="2024-05-01", corrects="order-1/consent")
    register.record(right, at=NOW + timedelta(days=1))
    assert [event.date.month for event in register.history_of(ANNA, at=TODAY).events] == [5]
    assert kinds(register, at=date(2024, 4, 30)) == []
    assert kinds(register, known=NOW) == ["consent"], "what was known then stays as it was known"


def test_what_puts_right_names_an_entry_that_is_on_file(register: Register) -> None:
    with pytest.raises(BadEntry, match="corrects: is the id of no entry that was recorded; name the id"):
        register.record(consent("2", corrects="order-1/consent"), at=NOW)
    with pytest.raises(BadEntry, match="corrects"):
        register.record(consent("2", corrects="order-1/consent"), consent(), at=NOW)
    register.record(consent(), consent("2", corrects="order-1/consent"), at=NOW)
    register.record(consent("3", corrects="2"), at=NOW)
    early = consent("4", date="2026-12-01")
    told = dict(register.ingest([("a", early), ("b", consent("5", corrects="4"))], NOW))
    assert all(isinstance(each, BadEntry) for each in told.values()), "what was refused cannot be put right"


def test_no_objection_is_corrected_away(register: Register) -> None:
    register.record(objection(), at=NOW)
    register.record(objection("2", objection={"channels": ["post"]}, corrects="objection-1"), at=NOW)
    said = [event.fields["channels"] for event in register.history_of(ANNA, at=TODAY).events]
    assert said == ["all", ["post"]]


# --- Time --------------------------------------------------------------------------------------------------


def test_what_was_known_then_is_told_apart_from_what_was_so_then(register: Register) -> None:
    register.record(consent(), at=NOW)
    register.record(objection(date="2024-06-01"), at=NOW + timedelta(days=10))
    assert kinds(register, at=date(2024, 7, 1)) == ["consent", "objection"]
    assert kinds(register, at=date(2024, 7, 1), known=NOW + timedelta(days=9)) == ["consent"]
    assert kinds(register, at=date(2024, 5, 31)) == ["consent"]


def test_a_clock_that_goes_back_loses_nothing_and_turns_no_order_around(register: Register) -> None:
    register.record(consent(), at=NOW)
    register.record(objection(), at=NOW - timedelta(days=3))
    assert kinds(register) == ["consent", "objection"]
    assert kinds(register, known=NOW - timedelta(days=1)) == []
    first, second = register.history_of(ANNA, at=TODAY).entries
    assert first.recorded == second.recorded == int(NOW.timestamp())


# --- Imports -----------------------------------------------------------------------------------------------


def test_an_import_brings_nobody_back_who_has_objected(register: Register) -> None:
    register.record(objection(), at=NOW)
    with pytest.raises(Suppressed, match="has objected or withdrawn"):
        register.record(consent(proof={"by": "import"}), at=NOW)
    register.record(consent(), at=NOW)
    assert kinds(register) == ["consent", "objection"], "a consent with its own proof is for the law to judge"


@pytest.mark.parametrize("refused", ["K-1", "K-2", "K-3"])
def test_an_import_brings_nobody_back_of_whom_the_other_half_has_objected(
    register: Register, refused: str
) -> None:
    people = [{"id": id_, "email": f"{id_}@klant.nl"} for id_ in ("K-1", "K-2", "K-3")]
    register.record(*(consent(each["id"], each) for each in people), at=NOW)
    register.record(objection(subject={"id": refused}), at=NOW)
    register.merge(people[0], people[1], "one person", NOW)
    register.merge(people[1], people[2], "and so is this one", NOW)
    for each in people:
        with pytest.raises(Suppressed, match="has objected or withdrawn"):
            register.record(consent("again", each, proof={"by": "import"}), at=NOW)
    register.split(people[0], "two after all", NOW)
    if refused != "K-1":
        register.record(consent("again", people[0], proof={"by": "import"}), at=NOW)


def test_attachments_are_sealed_apart(register: Register) -> None:
    form = base64.b64encode(b"a form, signed by Anna").decode()
    register.record(consent(proof={"attachments": [{"name": "form.txt", "content": form}]}), at=NOW)
    ((stored,),) = register.store.rows("SELECT sealed FROM blob")
    assert b"Anna" not in bytes(stored)
    (entry,) = register.history_of(ANNA, at=TODAY).entries
    (attached,) = entry.tree["proof"]["attachments"]
    assert attached["sha256"].startswith("sha256:") and "content" not in attached
    assert register.attachments(entry) == [("form.txt", b"a form, signed by Anna")]


def test_who_signed_up_by_address_alone_is_the_customer_who_orders_with_it(register: Register) -> None:
    register.record(objection(subject={"email": "anna@klant.nl"}), at=NOW)
    register.record(consent(), at=NOW)
    assert kinds(register, {"id": "K-1"}) == ["consent", "objection"]
    register.record(consent("2", ANNA | {"id": "K-2"}), at=NOW)
    assert kinds(register, {"id": "K-2"}) == ["consent"], "the second id with that address is somebody else"


def test_a_new_detail_finds_the_person_from_then_on(register: Register) -> None:
    register.record(
        consent(), {"subject": ANNA, "date": "2026-01-01", "contact": {"phone": "0612345678"}}, at=NOW
    )
    assert kinds(register, {"phone": "06 1234 5678"}) == ["consent"]
