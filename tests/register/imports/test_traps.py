"""The traps that exports set, and their neighbours: never a yes that nobody gave, never a no that is lost."""

from __future__ import annotations

from datetime import date

import pytest

from tests.register.imports.conftest import AT, Imported, first, kinds, line

ALL_MAIL = ["email"]
ALL_MESSAGES = ["email", "inbox-ad", "sms", "messenger", "social-dm", "push"]
SIGNED_UP = {
    "Email_Address": "a@klant.example",
    "OPTIN_TIME": "2024-03-14 09:12:31",
    "OPTIN_IP": "192.0.2.1",
    "CONFIRM_TIME": "2024-03-14 09:14:00",
    "CONFIRM_IP": "192.0.2.1",
}


# --- Mailchimp ---------------------------------------------------------------------------------------------


def test_a_sign_up_and_a_later_confirmation_are_a_double_opt_in(imported: Imported):
    (row,) = imported(line("mailchimp_subscribed", **SIGNED_UP), "mailchimp-subscribed")
    consent = first(row, "consent")["consent"]
    assert consent["by"] == "double-opt-in"
    assert consent["verified"] == {"date": "2024-03-14", "by": "e-mail"}
    assert consent["evidence"] == "metadata-only"


@pytest.mark.parametrize(
    "changed",
    [
        {"CONFIRM_TIME": "2024-03-14 09:12:31"},
        {"CONFIRM_TIME": "2024-03-14 09:00:00"},
        {"CONFIRM_TIME": ""},
        {"CONFIRM_IP": ""},
        {"OPTIN_IP": ""},
    ],
    ids=["at the same moment", "before it", "no time", "no address", "no address of the sign-up"],
)
def test_anything_less_is_a_sign_up_that_nobody_verified(imported: Imported, changed: dict[str, str]):
    (row,) = imported(line("mailchimp_subscribed", **SIGNED_UP | changed), "mailchimp-subscribed")
    assert first(row, "consent")["consent"] == {"channels": ALL_MAIL, "evidence": "metadata-only"}


def test_a_confirmation_without_a_sign_up_is_of_the_administrator(imported: Imported):
    without = SIGNED_UP | {"OPTIN_TIME": "", "OPTIN_IP": ""}
    for changed in ({"CONFIRM_IP": ""}, {}):
        (row,) = imported(line("mailchimp_subscribed", **without | changed), "mailchimp-subscribed")
        assert first(row, "consent")["consent"] == {"channels": ALL_MAIL, "evidence": "none"}
        assert "administrator" in row.notes[0].en


def admin_rows(*addresses: str) -> str:
    head = line("mailchimp_subscribed", **SIGNED_UP)
    rows = [
        line(
            "mailchimp_subscribed", **SIGNED_UP | {"OPTIN_TIME": "", "OPTIN_IP": "", "CONFIRM_IP": ip}
        ).split("\n")[1]
        for ip in addresses
    ]
    return "\n".join([head, *rows])


def test_one_ip_for_all_that_never_signed_up_is_that_of_the_administrator(imported: Imported):
    """Those who did sign up have addresses of their own, and say nothing about the others."""
    found = imported(admin_rows("192.0.2.99", "192.0.2.99", "192.0.2.99"), "mailchimp-subscribed")
    assert [first(row, "consent")["consent"]["evidence"] for row in found[1:]] == ["none"] * 3
    found = imported(admin_rows("192.0.2.99", "192.0.2.98", "192.0.2.99"), "mailchimp-subscribed")
    assert [first(row, "consent")["consent"]["evidence"] for row in found[1:]] == ["metadata-only"] * 3


def test_an_unsubscription_counts_for_all_mail_and_a_spam_complaint_for_all_messages(imported: Imported):
    left = SIGNED_UP | {"UNSUB_TIME": "2024-05-01 08:00:00"}
    for reason, channels in (
        ("I no longer want to receive these emails", ALL_MAIL),
        ("", ALL_MAIL),
        ("Spam complaint", ALL_MESSAGES),
        ("ABUSE", ALL_MESSAGES),
    ):
        (row,) = imported(
            line("mailchimp_unsubscribed", **left, UNSUB_REASON=reason), "mailchimp-unsubscribed"
        )
        assert first(row, "objection")["objection"] == {"channels": channels}
        assert first(row, "objection")["date"] == "2024-05-01"


@pytest.mark.parametrize("when", ["", "gisteren", "2031-01-01 00:00:00"])
def test_who_stands_among_the_unsubscribed_has_unsubscribed_whatever_the_time(imported: Imported, when: str):
    (row,) = imported(line("mailchimp_unsubscribed", **SIGNED_UP, UNSUB_TIME=when), "mailchimp-unsubscribed")
    assert first(row, "objection")["date"] == AT.isoformat()
    assert "time" not in first(row, "objection")


def test_an_unsubscribed_row_among_the_subscribed_still_counts(imported: Imported):
    text = line("mailchimp_unsubscribed", **SIGNED_UP, UNSUB_TIME="2024-05-01 08:00:00")
    (row,) = imported(text, "mailchimp-subscribed")
    assert "objection" in kinds(row)


# --- Times -------------------------------------------------------------------------------------------------


def klaviyo(status: str, when: str, suppressed: str = "") -> str:
    return line(
        "klaviyo_list",
        Email="a@klant.example",
        Email_Marketing_Consent=status,
        Email_Marketing_Consent_Timestamp=when,
        Email_Suppressions=suppressed,
    )


def test_a_consent_of_a_day_to_come_is_a_reject(imported: Imported):
    (row,) = imported(klaviyo("SUBSCRIBED", "2026-11-26T12:00:00+00:00"))
    assert row.entries == ()
    assert row.problem
    assert "after the day of the import" in row.problem.en
    (row,) = imported(klaviyo("SUBSCRIBED", "2026-11-25T12:00:00+00:00"))
    assert (kinds(row), row.problem) == (["consent"], None)


def test_a_confirmation_of_a_day_to_come_confirms_nothing(imported: Imported):
    changed = SIGNED_UP | {"CONFIRM_TIME": "2027-01-01 00:00:00"}
    (row,) = imported(line("mailchimp_subscribed", **changed), "mailchimp-subscribed")
    assert row.entries == ()
    assert row.problem


@pytest.mark.parametrize("when", ["", "0000-00-00 00:00:00"])
def test_a_yes_without_a_day_is_told_and_not_recorded(imported: Imported, when: str):
    (row,) = imported(klaviyo("SUBSCRIBED", when))
    assert (row.entries, row.problem) == ((), None)
    assert "without a day" in row.notes[0].en


@pytest.mark.parametrize(
    "when", ["gisteren", "2024-02-30T00:00:00Z", "1710407551", "14-03-2024", "1066-10-14", "2024-W10-4"]
)
def test_a_time_that_cannot_be_read_makes_a_reject(imported: Imported, when: str):
    (row,) = imported(klaviyo("SUBSCRIBED", when))
    assert row.entries == ()
    assert row.problem
    assert when not in row.problem.en
    assert row.raw == klaviyo("SUBSCRIBED", when).split("\n")[1]


@pytest.mark.parametrize(
    ("when", "day", "time"),
    [
        ("2024-03-14T23:30:00+00:00", "2024-03-15", "2024-03-14T23:30:00Z"),
        ("2024-07-14T22:30:00Z", "2024-07-15", "2024-07-14T22:30:00Z"),
        ("2024-03-14T22:30:00Z", "2024-03-14", "2024-03-14T22:30:00Z"),
        ("2024-03-14T23:30:00-05:00", "2024-03-15", "2024-03-15T04:30:00Z"),
        ("2024-03-14 09:12:31", "2024-03-14", "2024-03-14T09:12:31Z"),
        ("2024-03-14 09:12:31.000000 +0000 UTC", "2024-03-14", "2024-03-14T09:12:31Z"),
        ("2024-03-14 09:12:31.5 +0100 CET", "2024-03-14", "2024-03-14T08:12:31Z"),
        ("20240201T080000", "2024-02-01", "2024-02-01T08:00:00Z"),
        ("2024-03-14", "2024-03-14", None),
    ],
)
def test_a_day_is_that_in_amsterdam_and_a_time_without_a_zone_is_utc(
    imported: Imported, monkeypatch: pytest.MonkeyPatch, when: str, day: str, time: str | None
):
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    (row,) = imported(klaviyo("SUBSCRIBED", when))
    assert (first(row, "consent")["date"], first(row, "consent").get("time")) == (day, time)


# --- A refusal wins, whatever it is worth ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suppressed", "channels"),
    [
        ("UNSUBSCRIBED", ALL_MAIL),
        ("USER_SUPPRESSED", ALL_MAIL),
        ("SPAM_COMPLAINT", ALL_MESSAGES),
        ("HARD_BOUNCE, UNSUBSCRIBED", ALL_MAIL),
        ("SOMETHING_NEW", ALL_MAIL),
    ],
)
def test_a_suppression_wins_from_the_status(imported: Imported, suppressed: str, channels: list[str]):
    (row,) = imported(klaviyo("SUBSCRIBED", "2024-01-01T00:00:00Z", suppressed))
    objection = first(row, "objection")
    assert objection["objection"] == {"channels": channels}
    assert objection["date"] > first(row, "consent")["date"]


def test_a_refusal_is_recorded_when_the_rest_of_its_row_cannot_be_read(imported: Imported):
    (row,) = imported(klaviyo("MAYBE", "2031-01-01T00:00:00Z", "UNSUBSCRIBED"))
    assert kinds(row) == ["objection"]
    assert row.problem
    assert row.raw


@pytest.mark.parametrize("reason", ["HARD_BOUNCE", "INVALID_EMAIL"])
def test_a_bounce_is_no_objection(imported: Imported, reason: str):
    (row,) = imported(klaviyo("NEVER_SUBSCRIBED", "", reason))
    assert row.entries == ()
    assert any("bounced" in note.en for note in row.notes)


def test_a_list_of_suppressions_may_be_nothing_but_addresses(imported: Imported):
    found = imported("Email\r\na@klant.example\r\nb@klant.example\r\n", "klaviyo-suppressions")
    assert [kinds(row) for row in found] == [["objection"], ["objection"]]


def test_a_refusal_without_a_day_is_of_the_day_of_the_import(imported: Imported):
    head = "EMAIL;SMS;EMAIL_BLACKLISTED;SMS_BLACKLISTED;ADDED_TIME;MODIFIED_TIME\n"
    text = head + "a@klant.example;;Yes;No;01-01-2020;01-01-2021\n"
    (row,) = imported(text, at=date(2026, 6, 1))
    assert first(row, "objection")["date"] == "2026-06-01"


@pytest.mark.parametrize("column", ["Opted out of email: Nieuwsbrief", "Opted out of email: One to One"])
def test_an_opt_out_of_one_type_of_message_counts_for_all_mail(imported: Imported, column: str):
    text = f"Record ID,Email,Unsubscribed from all email,Marketing contact status,{column}\n"
    found = imported(
        text + "1,a@klant.example,,Marketing contact,TRUE\n2,b@klant.example,false,Marketing contact,\n"
    )
    assert [kinds(row) for row in found] == [["objection"], []]


def test_marketing_contact_status_is_no_consent(imported: Imported):
    head = "Record ID,Email,Unsubscribed from all email,Marketing contact status\n"
    text = head + "1,a@klant.example,,Marketing contact\n"
    (row,) = imported(text)
    assert (row.entries, row.problem, row.notes) == ((), None, ())


def test_a_no_that_cannot_be_read_is_a_reject_and_no_silence(imported: Imported):
    (row,) = imported(
        line("salesforce_contact", Id="1", Email="a@klant.example", HasOptedOutOfEmail="misschien")
    )
    assert row.entries == ()
    assert row.problem
    assert "'HasOptedOutOfEmail' is not yes or no" in row.problem.en


def test_false_is_no_consent(imported: Imported):
    (row,) = imported(
        line(
            "salesforce_contact",
            Id="1",
            Email="a@klant.example",
            HasOptedOutOfEmail="false",
            DoNotCall="false",
        )
    )
    assert (row.entries, row.problem) == ((), None)


def test_a_refusal_of_calls_is_recorded_for_every_number(imported: Imported):
    text = line(
        "salesforce_contact",
        Id="1",
        Email="a@klant.example",
        DoNotCall="true",
        Phone="020-1234567",
        MobilePhone="06 12345678",
    )
    (row,) = imported(text)
    assert {entry["subject"]["phone"] for entry in row.entries} == {"+31201234567", "+31612345678"}


def test_civicrm_may_write_its_columns_with_other_capitals(imported: Imported):
    text = (
        "Contact ID,Email,Phone,Do not phone,Do not email,Do not mail,Do not sms,Do not trade,"
        "No Bulk Emails (User Opt Out)\n"
        "17,a@klant.example,,0,1,1,1,0,1\n"
    )
    (row,) = imported(text)
    channels = [entry["objection"]["channels"] for entry in row.entries]
    # Two of them say the same.
    assert channels == [["email"], ["post"], ["sms"]]


def test_do_not_trade_is_an_objection_to_being_passed_on(imported: Imported):
    text = line("civicrm_contact", Contact_ID="17", Email="a@klant.example", Do_Not_Trade="1")
    (row,) = imported(text)
    assert first(row, "objection")["objection"] == {"scope": "sharing"}
    assert row.notes == ()


def test_orders_without_a_day_make_no_customer(imported: Imported):
    text = line(
        "shopify_customers",
        Customer_ID="'1",
        Email="a@klant.example",
        Total_Orders="3",
        Accepts_Email_Marketing="yes",
    )
    (row,) = imported(text)
    assert row.entries == ()
    assert len(row.notes) == 2


def test_an_empty_answer_is_never_asked_and_a_no_is_a_no(imported: Imported):
    head = "order_id,order_date,billing_email,meta:mailchimp_woocommerce_is_subscribed\n"
    found = imported(
        head
        + "1,2024-03-14,a@klant.example,\n2,2024-03-14,b@klant.example,0\n3,2024-03-14,c@klant.example,1\n"
    )
    assert [kinds(row) for row in found] == [[], ["objection"], ["consent"]]


# --- Who ---------------------------------------------------------------------------------------------------


def test_a_row_that_names_nobody_is_a_reject(imported: Imported):
    found = imported("Email,Status\n,Unsubscribed\ngeen adres,Unsubscribed\n", "activecampaign")
    assert [bool(row.problem) for row in found] == [True, True]
    assert [row.entries for row in found] == [(), ()]


def test_a_refusal_of_an_unreadable_address_is_kept_under_its_number_and_told(imported: Imported):
    (row,) = imported(
        line(
            "hubspot_contacts_consent_columns",
            Record_ID="5",
            Email="geen adres",
            Unsubscribed_from_all_email="true",
        )
    )
    assert first(row, "objection")["subject"] == {"id": "hubspot:5"}
    assert row.problem


def test_a_consent_to_mail_needs_an_address(imported: Imported):
    text = line(
        "klaviyo_list",
        Klaviyo_ID="01H1",
        Email_Marketing_Consent="SUBSCRIBED",
        Email_Marketing_Consent_Timestamp="2024-01-01",
    )
    (row,) = imported(text)
    assert (row.entries, row.problem) == ((), None)
    assert "missing or unreadable" in row.notes[0].en


def test_numbers_of_two_programs_are_two_people(imported: Imported):
    hubspot = imported(
        line("hubspot_contacts_consent_columns", Record_ID="51", Unsubscribed_from_all_email="true")
    )
    civicrm = imported(line("civicrm_contact", Contact_ID="51", Do_Not_Email="1"))
    assert hubspot[0].entries[0]["subject"] != civicrm[0].entries[0]["subject"]


# --- Ids ---------------------------------------------------------------------------------------------------


def ids(found: list) -> list[str]:
    return [entry["id"] for row in found for entry in row.entries]


def test_the_same_fact_has_the_same_id_in_another_file_on_another_line_on_another_day(imported: Imported):
    head, row = line("salesforce_contact", Id="1", Email="A@klant.example", HasOptedOutOfEmail="true").split(
        "\n"
    )
    other = row.replace('"1"', '"2"').replace("A@", "b@")
    once = imported(f"{head}\n{row}\n")
    again = imported(f"{head}\n{other}\n{row.replace('A@', 'a@')}\n", name="later.csv", at=date(2026, 12, 1))
    assert ids(once) == ids(again)[1:]
    assert len({*ids(again)}) == 2


@pytest.mark.parametrize(("was", "becomes"), [("2024-01-01", "2024-01-02"), ("a@", "b@")])
def test_a_changed_row_is_another_entry(imported: Imported, was: str, becomes: str):
    text = klaviyo("SUBSCRIBED", "2024-01-01T00:00:00Z")
    assert ids(imported(text)) != ids(imported(text.replace(was, becomes)))


def test_a_refusal_that_is_still_there_after_the_contact_changed_is_told_again(imported: Imported):
    """A consent of between the two days would else seem to be the last word."""
    text = line("salesforce_contact", Id="1", HasOptedOutOfEmail="true", LastModifiedDate="2024-02-01")
    assert ids(imported(text)) != ids(imported(text.replace("2024-02-01", "2025-02-01")))


def test_the_three_files_of_mailchimp_repeat_no_consent(imported: Imported):
    was = imported(line("mailchimp_subscribed", **SIGNED_UP, EUID="e1"), "mailchimp-subscribed")
    now = imported(
        line("mailchimp_unsubscribed", **SIGNED_UP, EUID="e1", UNSUB_TIME="2024-05-01"),
        "mailchimp-unsubscribed",
    )
    assert len({*ids(was), *ids(now)}) == 2
