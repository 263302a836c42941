"""Situation files: what is read, and how every mistake is named with its place and its remedy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from grondslag import vocabulary
from grondslag.errors import BadCase
from grondslag.question import Act, Case, Event
from grondslag.situations import (
    BadSituations,
    Example,
    Expect,
    dump,
    load,
    loads,
    on_day,
    parse,
    parse_case,
    schema,
)
from grondslag.situations.contradictions import ONCE

ROOT = Path(__file__).parents[1]
CASEBOOK = sorted((ROOT / "casebook").glob("*.yaml"))

MEHMET = """\
version: 1
situations:
- id: A-1
  title: Mehmet takes back a yes
  controller: {name: Stroom BV, kind: company}
  person: {kind: consumer, age: 34}
  history:
  - date: 2024-03-01
    consent: {channels: [email], by: ticked-box}
  - date: 2024-05-01
    withdrawal: {channels: all}
  act: {date: 2026-07-01, do: contact, channel: email}
  expect: {answer: deny, rule: C-07}
"""


def errors_in(text: str | bytes, name: str = "policy.yaml") -> BadSituations:
    with pytest.raises(BadSituations) as caught:
        loads(text, name)
    return caught.value


def errors_after(*changes: tuple[str, str]) -> BadSituations:
    text = MEHMET
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return errors_in(text)


# What is read


def test_the_whole_casebook_is_read() -> None:
    examples = [example for path in CASEBOOK for example in load(path)]
    assert len(examples) == len({example.id for example in examples}) > 500


def test_a_situation_is_a_case_and_what_its_author_says_of_it() -> None:
    (example,) = loads(MEHMET)
    assert example == Example(
        id="A-1",
        title="Mehmet takes back a yes",
        profile="strict",
        case=Case(
            controller={"name": "Stroom BV", "kind": "company"},
            person={"kind": "consumer", "age": 34},
            history=(
                Event(date(2024, 3, 1), "consent", {"channels": ["email"], "by": "ticked-box"}, 0),
                Event(date(2024, 5, 1), "withdrawal", {"channels": "all"}, 1),
            ),
            act=Act(date(2026, 7, 1), "contact", {"channel": "email"}),
        ),
        expect=Expect(answer=False, rule="C-07"),
    )


def test_events_are_put_in_order_of_date_and_remember_their_place_in_the_file() -> None:
    (example,) = loads(MEHMET.replace("2024-03-01", "2025-03-01").replace("withdrawal", "objection"))
    assert [(event.kind, event.place) for event in example.case.history] == [("objection", 1), ("consent", 0)]


def test_events_of_one_day_stay_in_the_order_of_the_file() -> None:
    (example,) = loads(MEHMET.replace("2024-03-01", "2024-05-01"))
    assert [event.kind for event in example.case.history] == ["consent", "withdrawal"]


def test_an_event_after_the_act_is_kept_and_pointed_out() -> None:
    (example,) = loads(MEHMET.replace("2024-05-01", "2026-08-01"))
    assert len(example.case.history) == 2
    assert example.later == (1,)


def test_a_date_inside_an_event_or_an_act_is_a_date() -> None:
    history = [{"date": "2024-03-01", "consent": {"verified": {"date": "2024-03-02", "by": "sms"}}}]
    case = parse_case(
        {"history": history, "act": {"date": "2026-07-01", "do": "keep", "since": "2024-01-01"}}
    )
    assert case.history[0].fields["verified"] == {"date": date(2024, 3, 2), "by": "sms"}
    assert case.act.fields["since"] == date(2024, 1, 1)


@pytest.mark.parametrize("day", ["2026-07-01", date(2026, 7, 1)])
def test_a_request_may_hold_dates_or_their_text(day: object) -> None:
    assert parse_case({"history": [], "act": {"date": day, "do": "share"}}).act.date == date(2026, 7, 1)


def test_a_request_may_leave_out_everything_but_the_history_and_the_act() -> None:
    example = parse({"history": [], "act": {"date": "2026-07-01", "do": "share"}})
    assert (example.id, example.profile, example.expect) == ("", "strict", None)
    assert example.case.controller == example.case.person == {}


@pytest.mark.parametrize("words", ["yes", "on", "NO", "2026-07-01", "1:30", "0x1F", "1_000"])
def test_yaml_1_1_does_not_turn_a_name_into_something_else(words: str) -> None:
    (example,) = loads(MEHMET.replace("Stroom BV", words))
    assert example.case.controller["name"] == words


def test_yaml_and_json_say_the_same() -> None:
    for path in CASEBOOK:
        examples = load(path)
        assert loads(json.dumps(dump(*examples)), "casebook.json") == examples
        assert loads(json.dumps(dump(*examples)), "casebook.yaml") == examples


def test_the_facts_of_a_question_are_open() -> None:
    facts = {"channel": "email", "dial_attempts": 3, "supervised": False, "steps": ["a", 2, True]}
    act = {"date": "2026-07-01", "do": "judge", "question": "sender", "facts": facts}
    assert parse_case({"history": [], "act": act}).act.fields["facts"] == facts


def test_a_consent_and_its_withdrawal_may_stand_on_one_day() -> None:
    assert loads(MEHMET.replace("2024-05-01", "2024-03-01"))


def test_a_utf8_byte_order_mark_is_no_part_of_the_text() -> None:
    assert loads(b"\xef\xbb\xbf" + MEHMET.encode()) == loads(MEHMET)


# Words and values


def test_an_unknown_field_is_named_with_its_place_and_the_allowed_ones() -> None:
    error = errors_after(("channel: email}", "chanel: email}"))
    assert error.place == "policy.yaml, line 12, A-1, act.chanel"
    assert error.problem == "is not a field of the act contact"
    assert error.remedy.startswith("did you mean channel? write one of date, do, channel, content")


def test_an_unknown_word_is_named_with_its_place_and_the_allowed_ones() -> None:
    error = errors_after(("ticked-box", "tiked-box"))
    assert error.place == "policy.yaml, line 9, A-1, history[0].consent.by"
    assert error.problem == "tiked-box may not stand here"
    assert error.remedy.startswith("did you mean ticked-box? write one of ticked-box, button")


def test_an_impossible_date_is_named() -> None:
    error = errors_after(("2024-03-01", "2026-02-30"))
    assert error.place == "policy.yaml, line 8, A-1, history[0].date"
    assert error.problem.startswith("2026-02-30 is no day of the calendar")


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (("2024-03-01", "2024-03-01T10:00:00"), "history[0].date", "without a time of day"),
        (("2024-03-01", "20240301"), "history[0].date", "as in 2026-07-01"),
        (("2024-03-01", "2024-W10-5"), "history[0].date", "as in 2026-07-01"),
        (("2024-03-01", "1024-03-01"), "history[0].date", "from 1900-01-01 to 2199-12-31"),
        (("name: Stroom BV", "name: 3310"), "controller.name", "in quotes"),
        (("name: Stroom BV", "name: ''"), "controller.name", "write one line of text"),
        (("name: Stroom BV", r'name: "a\nb"'), "controller.name", "write one line of text"),
        (("name: Stroom BV", "name: " + 201 * "x"), "controller.name", "is longer than 200 characters"),
        (("age: 34", "age: old"), "person.age", "a whole number from 0 to 130"),
        (("age: 34", "age: 34.5"), "person.age", "a whole number from 0 to 130"),
        (("age: 34", "age: 340"), "person.age", "a whole number from 0 to 130"),
        (("age: 34", "deceased: yes"), "person.deceased", "is text; write true or false"),
        (("age: 34", "country: nl"), "person.country", "an ISO country code of two capitals"),
        (("age: 34", "age: "), "person.age", "leave the field out when it is not known"),
        (("[email]", "email"), "history[0].consent.channels", "write all, or a list of one or more of email"),
        (("[email]", "[]"), "history[0].consent.channels", "write all, or a list of one or more"),
        (("[email, ", "[emial, "), "history[0].consent.channels[0]", "did you mean email?"),
        (("{channels: all}", "all"), "history[1].withdrawal", "with fields such as channels, at"),
        (("do: contact", "do: contakt"), "act.do", "did you mean contact?"),
        (("do: contact, ", ""), "act", "lacks do"),
        (("id: A-1", "id:"), "id", "is left empty; write a label of letters"),
        (("- date: 2024-03-01", "- date:"), "history[0].date", "is left empty; write a date, as in"),
        (("date: 2026-07-01", "date: "), "act.date", "is left empty; write a date, as in"),
        (("by: ticked-box", "verified: {date: }"), "history[0].consent.verified.date", "leave the field out"),
        (("date: 2026-07-01, ", ""), "act", "lacks date"),
        (("- date: 2024-03-01\n    con", "- con"), "history[0]", "lacks date"),
        (
            ("consent: {channels: [email], by: ticked-box}", "consnt: {}"),
            "history[0].consnt",
            "mean consent?",
        ),
        (("answer: deny", "answer: false"), "expect.answer", "write one of allow, deny"),
        (("answer: deny, ", ""), "expect", "lacks answer"),
        (("do: contact, channel: email", "do: judge"), "expect.answer", "write true or false"),
        (("id: A-1", "id: a b"), "id", "a label of letters"),
    ],
)
def test_a_value_that_does_not_fit_is_named(change: tuple[str, str], place: str, words: str) -> None:
    text = MEHMET.replace("[email]", "[email, sms]") if "emial" in change[1] else MEHMET
    assert change[0] in text
    error = errors_in(text.replace(*change))
    assert error.place.endswith(f", {place}")
    assert words in str(error)


def test_an_entry_holds_one_event() -> None:
    assert "has a date and no event" in str(errors_after(("    withdrawal: {channels: all}\n", "")))
    both = errors_after(("{channels: all}", "{channels: all}\n    objection: {channels: all}"))
    assert (both.place, both.problem) == ("policy.yaml, line 10, A-1, history[1]", "has more than one event")


def test_what_is_on_file_must_be_said_even_when_it_is_nothing() -> None:
    with pytest.raises(
        BadSituations, match=r"lacks history; add it \(history: \[\] when nothing is on file\)"
    ):
        parse_case({"act": {"date": "2026-07-01", "do": "share"}})


def test_a_history_that_is_left_empty_is_not_to_be_left_out() -> None:
    with pytest.raises(BadSituations) as caught:
        parse_case({"history": None, "act": {"date": "2026-07-01", "do": "share"}})
    remedy = "write a list of events (history: [] when nothing is on file)"
    assert (caught.value.problem, caught.value.remedy) == ("is left empty", remedy)


def test_a_file_of_another_version_is_refused_for_that_alone() -> None:
    error = errors_after(("version: 1", "version: 2"), ("title", "tilte"))
    assert (error.place, error.remedy) == ("policy.yaml, line 1, version", "write version: 1")
    assert len(error.problems) == 1


def test_a_request_holds_no_answer() -> None:
    with pytest.raises(BadSituations, match="expect: is not a field of a request"):
        parse_case(
            {"history": [], "act": {"date": "2026-07-01", "do": "share"}, "expect": {"answer": "allow"}}
        )


def test_all_mistakes_of_a_file_are_reported_together() -> None:
    second = MEHMET.partition("situations:\n")[2].replace("2024-05-01", "2023-05-01")
    text = MEHMET.replace("chan", "chann") + second
    error = errors_in(text)
    assert [problem.place.removeprefix("policy.yaml, ") for problem in error.problems] == [
        "line 9, A-1, history[0].consent.channnels",
        "line 11, A-1, history[1].withdrawal.channnels",
        "line 12, A-1, act.channnel",
        "line 22, A-1, history[1].withdrawal",
        "line 14, A-1, id",
    ]
    assert all(str(problem) in str(error) for problem in error.problems)


def test_no_more_than_twenty_mistakes_are_listed() -> None:
    error = errors_in("version: 1\nsituations:\n" + 1000 * "- {}\n")
    assert len(error.problems) == 20
    assert str(error).endswith("\n- and more")


def test_an_error_repeats_no_data_of_a_person() -> None:
    data = "Jan de Vries 06-12345678"
    for change in [
        ("title: Mehmet takes back a yes", f"tilte: {data}"),
        ("kind: consumer", f"kind: {data}"),
        ("kind: consumer", f"{data}: consumer"),
        ("age: 34", f"age: {data}"),
        ("age: 34", "deceased: " + data),
        ("date: 2024-03-01", f"date: {data}"),
        ("[email]", f"[{data}]"),
        ("id: A-1", f"id: {data}"),
        ("id: A-1", f"id: {{{data}: 1, {data}: 2}}"),
    ]:
        error = str(errors_after(change))
        assert "Jan" not in error
        assert "0612345678" not in error.replace("-", "")


# What contradicts itself


@pytest.mark.parametrize(
    ("event", "place", "problem"),
    [
        ("withdrawal: {channels: all}", "", "withdraws a consent, and there is none on or before its date"),
        ("consent: {verified: {date: 2024-02-29}}", ".verified.date", "is earlier than the consent"),
        ("relation: {kind: trial, until: 2024-02-29}", ".until", "is earlier than the date of the entry"),
        ("dispute: {until: 2024-02-29}", ".until", "is earlier than the date of the entry"),
        ("register: {checked: 2024-03-02}", ".checked", "is later than the date of the entry"),
    ],
)
def test_dates_that_cannot_both_be_right_are_refused(event: str, place: str, problem: str) -> None:
    asked = ("withdrawal: {channels: all}", "asked: {for: call}")
    error = errors_after(asked, ("consent: {channels: [email], by: ticked-box}", event))
    assert error.place == f"policy.yaml, line 9, A-1, history[0].{event.partition(':')[0]}{place}"
    assert error.problem.startswith(problem)


def test_a_withdrawal_without_a_consent_is_told_what_it_may_be() -> None:
    error = errors_after(("2024-05-01", "2024-02-29"))
    assert error.remedy == "record it as an objection, or add the consent that it withdraws"


@pytest.mark.parametrize(
    ("respond", "field"),
    [
        ("received: 2026-07-02", "received"),
        ("received: 2026-06-02, answered: 2026-06-01", "answered"),
        ("received: 2026-06-02, extension_notice: 2026-06-01", "extension_notice"),
        ("answered: 2026-07-02", "answered"),
        ("received: 2026-06-02, extension_notice: 2026-07-02", "extension_notice"),
    ],
)
def test_a_request_is_received_then_answered_and_then_judged(respond: str, field: str) -> None:
    error = errors_after(("do: contact, channel: email", f"do: respond, {respond}"))
    assert error.place.endswith(f"act.{field}")


REQUESTS = """\
  - date: 2026-03-01
    request: {kind: access}
  - date: 2026-05-01
    request: {kind: erasure}
  - date: 2026-07-02
    request: {kind: objection}
"""


@pytest.mark.parametrize(
    ("respond", "field"),
    [
        # What came in cannot be dated later, nor another day, than what is on file.
        ("received: 2026-05-02, answered: 2026-05-10", "received"),
        ("received: 2026-04-01, answered: 2026-04-10", "received"),
        ("received: 2026-02-01, answered: 2026-05-10", "received"),
        # Unless it says otherwise, the answer is one to the last request.
        ("answered: 2026-04-20", "answered"),
        ("received: 2026-03-01, answered: 2026-04-20", None),
        ("received: 2026-05-01, extension_notice: 2026-05-20", None),
        ("answered: 2026-07-01", None),
    ],
)
def test_what_is_answered_is_a_request_on_file(respond: str, field: str | None) -> None:
    text = MEHMET.replace("do: contact, channel: email", f"do: respond, {respond}")
    text = text.replace("  act:", REQUESTS + "  act:")
    if field:
        assert errors_in(text).place.endswith(f"act.{field}")
    else:
        assert loads(text)


def test_no_term_is_kept_that_has_not_begun() -> None:
    error = errors_after(("do: contact, channel: email", "do: keep, since: 2026-07-02"))
    assert error.place.endswith("act.since")
    assert error.problem == "is later than the act: the term has not begun"
    assert loads(MEHMET.replace("do: contact, channel: email", "do: keep, since: 2026-07-01"))


@pytest.mark.parametrize("whose", ["third-party", "group-company", "mixed", "own", None])
def test_what_advertises_for_another_is_not_only_factual(whose: str | None) -> None:
    said = f"channel: email, content: factual{f', advertises: {whose}' if whose else ''}"
    if whose in ("own", None):
        assert loads(MEHMET.replace("channel: email}", said + "}"))
    else:
        error = errors_after(("channel: email}", said + "}"))
        assert error.place.endswith("act.advertises")
        assert "content: mixed" in error.remedy


@pytest.mark.parametrize(("day", "born"), [("2008-07-01", False), ("2008-07-02", True)])
def test_nobody_consents_before_being_born(day: str, born: bool) -> None:
    text = MEHMET.replace("age: 34", "age: 17").replace("2024-03-01", day)
    if born:
        assert loads(text)
    else:
        error = errors_in(text)
        assert error.place.endswith("history[0].consent")
        assert error.problem == "is dated before a person of this age was born"


def test_data_about_a_person_may_be_older_than_the_person() -> None:
    register = "register: {name: postfilter}"
    text = MEHMET.replace("age: 34", "age: 1").replace(
        "consent: {channels: [email], by: ticked-box}", register
    )
    assert loads(text.replace("withdrawal: {channels: all}", "collected: {in: open-web}"))


REGISTERS = """\
  - date: 2024-05-01
    register: {{name: {0}, listed: true}}
  - date: {1}
    register: {{name: {2}, listed: {3}}}
"""


@pytest.mark.parametrize(
    ("second", "contradiction"),
    [
        (("2024-05-01", "bel-me-niet", "false"), True),
        (("2024-05-01", "bel-me-niet", "true"), False),
        (("2024-05-02", "bel-me-niet", "false"), False),
        (("2024-05-01", "postfilter", "false"), False),
    ],
)
def test_a_register_does_not_say_two_things_on_one_day(second: tuple[str, ...], contradiction: bool) -> None:
    text = MEHMET.replace("  act:", REGISTERS.format("bel-me-niet", *second) + "  act:")
    if contradiction:
        assert errors_in(text).place == "policy.yaml, line 15, A-1, history[3].register.listed"
    else:
        assert loads(text)


TWICE = """\
  - date: 2024-05-02
    {0}
  - date: {2}
    {1}
"""


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        (
            "collected: {details: [email, phone], in: sale, opt_out_offered: separately}",
            "collected: {details: [phone, email], in: sale, opt_out_offered: never}",
            "opt_out_offered",
        ),
        (
            "collected: {in: sale, opt_out_used: true}",
            "collected: {in: sale, opt_out_used: false}",
            "opt_out_used",
        ),
        ("collected: {in: sale, informed: true}", "collected: {in: sale, informed: false}", "informed"),
        ("collected: {in: sale}", "collected: {in: sale, informed: false}", None),
        ("collected: {in: sale, informed: true}", "collected: {in: survey, informed: false}", None),
        ("collected: {in: sale, informed: true}", "collected: {in: sale, by: X, informed: false}", None),
        ("relation: {kind: purchase, paid: true}", "relation: {kind: purchase, paid: false}", "paid"),
        (
            "relation: {kind: purchase, product: a, paid: true}",
            "relation: {kind: purchase, product: b, paid: false}",
            None,
        ),
        # One of two orders may be cancelled.
        ("relation: {kind: purchase, cancelled: true}", "relation: {kind: purchase, cancelled: false}", None),
        ("relation: {kind: purchase, product: a}", "relation: {kind: none, product: a}", "kind"),
        ("relation: {kind: none}", "relation: {kind: account}", "kind"),
        ("relation: {kind: none, with: X}", "relation: {kind: account}", None),
        ("relation: {kind: purchase}", "relation: {kind: account}", None),
        (
            "consent: {channels: [email], evidence: full}",
            "consent: {channels: [email], evidence: none}",
            "evidence",
        ),
        ("consent: {channels: all, by: button}", "consent: {channels: all, by: silence}", "by"),
        ("consent: {conditional: true}", "consent: {conditional: false}", "conditional"),
        ("consent: {channels: [email], by: button}", "consent: {channels: [phone], by: silence}", None),
        ("consent: {about: [a], by: button}", "consent: {about: [b], by: silence}", None),
        ("consent: {to: [X], by: button}", "consent: {to: [Y], by: silence}", None),
        ("consent: {purpose: sharing, by: button}", "consent: {purpose: marketing, by: silence}", None),
        (
            "assessed: {kind: compatibility, outcome: pass}",
            "assessed: {kind: compatibility, outcome: fail}",
            "outcome",
        ),
        (
            "assessed: {kind: compatibility, outcome: pass}",
            "assessed: {kind: legitimate-interest, outcome: fail}",
            None,
        ),
        ("policy: {retention_months: 12}", "policy: {retention_months: 24}", "retention_months"),
        ("policy: {for: a, retention_months: 12}", "policy: {for: b, retention_months: 24}", None),
        (
            "request: {kind: rectification, plausible: true}",
            "request: {kind: rectification, plausible: false}",
            "plausible",
        ),
        ("objection: {channels: all, route: link}", "objection: {channels: all, route: call}", None),
    ],
)
def test_one_thing_is_not_said_in_two_ways_on_one_day(first: str, second: str, field: str | None) -> None:
    kind = first.partition(":")[0]

    def said(*entries: str) -> str:
        return MEHMET.replace("  act:", TWICE.format(*entries) + "  act:")

    for one, other in ((first, second), (second, first)):
        assert loads(said(one, other, "2024-05-03"))
        if field:
            error = errors_in(said(one, other, "2024-05-02"))
            assert error.place == f"policy.yaml, line 15, A-1, history[3].{kind}.{field}"
            assert error.problem == f"contradicts history[2].{kind}.{field} of the same day"
        else:
            assert loads(said(one, other, "2024-05-02"))


def test_every_field_of_the_contradictions_is_one_of_the_format() -> None:
    for kind, rules in ONCE.items():
        for each in rules:
            assert {*each.same, *each.differ} <= set(vocabulary.fields_of(kind)), kind


# A situation on another day


def test_a_situation_on_another_day_is_held_to_the_format_again() -> None:
    answered = ("do: contact, channel: email", "do: respond, received: 2026-06-02, answered: 2026-06-09")
    (example,) = loads(MEHMET.replace(*answered))
    assert on_day(example, date(2026, 6, 9)).case.act == Act(
        date(2026, 6, 9), "respond", example.case.act.fields
    )
    with pytest.raises(BadSituations, match=r"policy.yaml, A-1, act.answered: is later than the act"):
        on_day(example, date(2026, 6, 8), "policy.yaml")


def test_a_situation_on_a_day_outside_the_calendar_is_refused() -> None:
    (example,) = loads(MEHMET)
    with pytest.raises(BadCase, match=r"act.date: .* from 1900-01-01 to 2199-12-31"):
        on_day(example, date(2200, 1, 1))


# What is expected


@pytest.mark.parametrize(
    ("expected", "place", "problem", "remedy"),
    [
        ("rule: Z-99", "expect.rule", "there is no rule Z-99", "docs/law.md"),
        ("rule: C-O7", "expect.rule", "there is no rule C-O7", "did you mean C-07?"),
        ("rule: D-01, duties: [D-08, QQ-1]", "expect.duties[1]", "there is no rule QQ-1", "docs/law.md"),
    ],
)
def test_a_rule_that_does_not_exist_is_expected_by_mistake(
    expected: str, place: str, problem: str, remedy: str
) -> None:
    error = errors_after(("rule: C-07", expected))
    assert (error.place, error.problem) == (f"policy.yaml, line 13, A-1, {place}", problem)
    assert remedy in error.remedy


def test_each_situation_has_an_id_of_its_own() -> None:
    error = errors_in(MEHMET + MEHMET.partition("situations:\n")[2])
    assert error.place == "policy.yaml, line 14, A-1, id"
    assert error.problem == "is also the id of situation 1 of this file"


# The vocabulary and its schema


def test_the_published_schema_is_current() -> None:
    """When this fails: python -m grondslag.situations > src/grondslag/situations.schema.json."""
    published = (ROOT / "src/grondslag/situations.schema.json").read_text(encoding="utf-8")
    assert published == json.dumps(schema(), indent=2) + "\n"


def test_the_schema_is_a_schema_and_has_a_name() -> None:
    Draft202012Validator.check_schema(schema())
    assert schema()["$id"] == "urn:grondslag:situations:1"


def test_every_record_of_the_schema_is_closed_and_every_field_explained() -> None:
    def records(part: object) -> list[Mapping[str, Any]]:
        inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        found = [record for each in inner for record in records(each)]
        return (
            [part, *found] if isinstance(part, dict) and "title" in part and "properties" in part else found
        )

    closed = [record for record in records(schema()) if record["title"] != "an act"]
    assert len(closed) > 30
    assert all(record["additionalProperties"] is False for record in closed)
    for kind in [*vocabulary.EVENTS, *vocabulary.ACTS, *vocabulary.NESTED, "controller", "person"]:
        assert all(field.about.endswith(".") for field in vocabulary.fields_of(kind).values())


def test_the_schema_alone_accepts_the_casebook() -> None:
    """Whoever reads our files with another tool reads the same format."""
    validator = Draft202012Validator(schema())
    for path in CASEBOOK:
        validator.validate(dump(*load(path)))


def test_a_kind_that_does_not_exist_has_no_fields() -> None:
    with pytest.raises(KeyError):
        vocabulary.fields_of("standing")
