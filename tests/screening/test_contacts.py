"""An audience by e-mail address, telephone number or postal address, plain or as keyed hash."""

from __future__ import annotations

import hmac
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from grondslag import spellings
from grondslag.cli import main
from grondslag.errors import BadCase
from grondslag.screening import How, contacts
from grondslag.spellings import ADDRESS, EMAIL, PHONE
from tests.screening.shop import Shop

CONTACTS = """subject,email,phone,postcode,number,addition
anna,Anna@Voorbeeld.NL,06-12345678,1234 AB,12,a
bram,bram@voorbeeld.nl,+31 20 123 4567,1234 AB,12,
cleo,bram@voorbeeld.nl,,1234AB,12-a,
dirk,dirk@bücher.nl,+32 470 12 34 56,,,
"""
SECRET = "a key that nobody guesses"
NOTHING = "niets bekend"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop(tmp_path)
    made.customers("anna", "bram", "cleo", "dirk")
    made.records("contact", CONTACTS)
    made.records("objection", "subject,date\ncleo,2026-02-01\n")
    return made


# --- Who is found ------------------------------------------------------------------------------------------


def test_people_are_found_by_e_mail_address_however_it_is_spelled(shop: Shop) -> None:
    shop.write(
        "audience.csv", "naam;E-mailadres\nA;ANNA@voorbeeld.nl\nD;dirk@xn--bcher-kva.nl\nX;x@voorbeeld.nl\n"
    )
    outcome = shop.screen()
    assert outcome.allowed() == {"ANNA@voorbeeld.nl", "dirk@xn--bcher-kva.nl"}
    assert outcome.refused() == {"x@voorbeeld.nl": NOTHING}


def test_people_are_found_by_telephone_number_however_it_is_spelled(shop: Shop) -> None:
    shop.write("audience.csv", "mobiel\n+31 6 1234 5678\n0201234567\n0031 612345679\n0032470123456\n")
    outcome = shop.screen()
    assert outcome.allowed() == {"'+31 6 1234 5678", "0201234567", "0032470123456"}
    assert outcome.refused() == {"0031 612345679": NOTHING}


@pytest.mark.parametrize(
    "audience",
    [
        "postcode,huisnummer,toevoeging\n1234ab,12,\n1234 AB,12,A\n9999ZZ,1,\n",
        "adres\n1234 AB 12\n1234AB 12-a\n9999 ZZ 1\n",
        'adres\n"Dorpsstraat 12, 1234 AB Utrecht"\n"Dorpsstraat 12a, 1234 AB Utrecht"\n"Weg 1, 9999ZZ"\n',
    ],
)
def test_people_are_found_by_address_and_the_addition_is_part_of_it(shop: Shop, audience: str) -> None:
    shop.write("audience.csv", audience)
    outcome = shop.screen()
    # Anna and Cleo, who objected, share 12 A; Bram lives at 12.
    assert len(outcome.allowed()) == 1
    assert sorted(outcome.refused().values())[1] == NOTHING
    assert outcome.summary.people == 3


def test_a_shared_detail_is_only_used_when_everybody_who_has_it_may_be_approached(shop: Shop) -> None:
    shop.write("audience.csv", "email\nbram@voorbeeld.nl\n")
    assert shop.screen().allowed() == set()
    shop.records("objection", "subject,date\n")
    assert shop.screen(force=True).allowed() == {"bram@voorbeeld.nl"}


def test_a_detail_of_somebody_whose_id_is_unreadable_is_not_used(shop: Shop) -> None:
    shop.records("contact", "subject,email\nanna,anna@voorbeeld.nl\n,anna@voorbeeld.nl\n")
    shop.write("audience.csv", "email\nanna@voorbeeld.nl\n")
    outcome = shop.screen()
    assert outcome.refused() == {"anna@voorbeeld.nl": NOTHING}
    assert outcome.rejects() == [("contact.csv", 3)]


def test_a_bad_detail_is_reported_and_makes_nobody_unknown(shop: Shop) -> None:
    shop.records("contact", "subject,email,phone\nanna,anna@voorbeeld.nl,n.v.t.\nbram,geen,\n")
    shop.write("audience.csv", "email\nanna@voorbeeld.nl\nbram\n")
    outcome = shop.screen()
    assert outcome.allowed() == {"anna@voorbeeld.nl"}
    assert outcome.rejects() == [("audience.csv", 3), ("contact.csv", 3)]
    shop.audience("bram")
    assert shop.screen(force=True).allowed() == {"bram"}


def test_a_detail_that_stands_there_twice_is_decided_once(shop: Shop) -> None:
    rows = [
        "anna@voorbeeld.nl",
        "Anna@voorbeeld.nl",
        "x@voorbeeld.nl",
        "bram@voorbeeld.nl",
        "bram@voorbeeld.nl",
        "?",
    ]
    shop.write("audience.txt", "\n".join(rows))
    outcome = shop.screen("audience.txt")
    told = outcome.summary
    assert (told.audience_rows, told.people, told.duplicates, told.audience_rejected) == (6, 3, 2, 1)
    assert outcome.allowed() == {"anna@voorbeeld.nl"}
    assert outcome.rejects() == [("audience.txt", 6)]


def test_one_bad_detail_in_contact_does_not_help_its_neighbour(shop: Shop) -> None:
    shop.write("audience.csv", "adres\n1234 AB\nDorpsstraat\n10 Downing Street\nPlein 1944 12 6511 JD\n")
    outcome = shop.screen()
    assert (outcome.allowed(), outcome.refused()) == (set(), {})
    assert len(outcome.rejects()) == 4


# --- Keyed hashes ------------------------------------------------------------------------------------------


def digest(text: str) -> str:
    return hmac.new(SECRET.encode(), text.encode(), "sha256").hexdigest()


@pytest.mark.parametrize(
    ("column", "key"),
    [
        ("email_hash", "anna@voorbeeld.nl"),
        ("telefoon_hash", "+31612345678"),
        ("adres_hash", "1234AB 12"),
        ("klantnummer_hash", "anna"),
    ],
)
def test_people_are_found_by_keyed_hash(shop: Shop, column: str, key: str) -> None:
    shop.write("audience.csv", f"{column}\n{digest(key).upper()}\n{digest('x')}\nabc\n")
    outcome = shop.screen(how=How(secret=SECRET.encode()))
    assert outcome.allowed() == {digest(key).upper()}
    assert outcome.refused() == {digest("x"): NOTHING}
    assert outcome.rejects() == [("audience.csv", 4)]


@settings(max_examples=20, deadline=None)
@given(st.binary(min_size=16, max_size=200), st.lists(st.text(), min_size=1))
def test_the_keyed_hash_is_hmac(secret: bytes, texts: list[str]) -> None:
    con = ibis.duckdb.connect()
    rows = con.create_table("rows", pa.table({"key": texts}))
    done = con.to_pyarrow(contacts.hashed(con, "done", rows, secret))
    assert done["key"].to_pylist() == [hmac.new(secret, t.encode(), "sha256").hexdigest() for t in texts]


def test_hashes_need_a_key_that_cannot_be_guessed(shop: Shop) -> None:
    shop.write("audience.csv", f"email_hash\n{digest('anna@voorbeeld.nl')}\n")
    with pytest.raises(BadCase, match="--hash-key"):
        shop.screen()
    with pytest.raises(BadCase, match="too short"):
        contacts.secret_in(shop.write("key", "kort\n"))
    assert contacts.secret_in(shop.write("key", SECRET + "\r\n")) == SECRET.encode()


# --- Which column it is ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("audience", "by", "allowed"),
    [
        ("klantnummer,email\nbram,anna@voorbeeld.nl\n", "", {"bram"}),
        ("id,email\nbram,anna@voorbeeld.nl\n", "email", {"anna@voorbeeld.nl"}),
        ("zakelijk,email,prive\nx,x,anna@voorbeeld.nl\n", "email=prive", {"anna@voorbeeld.nl"}),
        ("a,b\n1234 AB,12\n", "address=a,b", {"1234 AB 12"}),
        ("anna@voorbeeld.nl\n", "", {"anna@voorbeeld.nl"}),
        ("Anna;anna@voorbeeld.nl\nX;x@voorbeeld.nl\n", "", {"anna@voorbeeld.nl"}),
        ("0201234567\n", "phone", {"0201234567"}),
    ],
)
def test_the_column_is_found_by_its_name_its_values_or_what_the_user_says(
    shop: Shop, audience: str, by: str, allowed: set[str]
) -> None:
    shop.records("objection", "subject,date\n")
    shop.write("audience.csv", audience)
    assert shop.screen(how=How(by)).allowed() == allowed


@pytest.mark.parametrize(
    ("audience", "by", "told"),
    [
        ("telefoon,mobiel\n1,2\n", "", "which may each be the phone; say --by phone=telefoon"),
        ("id,email\n1,anna@voorbeeld.nl\n", "", "say --by subject or --by email"),
        ("subject\nanna\n", "fax", "'fax' is nothing to go by; use one of subject, email"),
        ("subject\nanna\n", "email", "has no column 'email'; .* say --by email=COLUMN"),
        ("subject\nanna\n", "email=mail", "has no column 'mail'"),
        ("1001\n1002\n", "", "has no column 'subject', nor one with an e-mail address"),
    ],
)
def test_a_column_that_cannot_be_told_is_asked_for(shop: Shop, audience: str, by: str, told: str) -> None:
    shop.write("audience.csv", audience)
    with pytest.raises(BadCase, match=told):
        shop.screen(how=How(by))


def test_contact_details_that_are_not_on_file_are_asked_for(shop: Shop) -> None:
    (shop.folder / "records/contact.csv").unlink()
    shop.write("audience.csv", "email\nanna@voorbeeld.nl\n")
    with pytest.raises(BadCase, match=r"add contact\.csv with the columns subject and email"):
        shop.screen()


def test_the_command_shows_what_it_found(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop.folder)
    shop.write("audience.csv", f"mail_hash;n\n{digest('anna@voorbeeld.nl')};é\n".encode("cp1252"))
    command = (
        "screen campaign.yaml --records records --audience audience.csv --date 2026-08-01 --out out --force"
    )
    seen = CliRunner().invoke(main, command.split(), env={"GRONDSLAG_HASH_KEY": SECRET})
    assert seen.exit_code == 0
    assert "Found audience.csv: CSV, Windows-1252, delimiter semicolon, columns mail_hash n\n" in seen.stderr
    assert "Found people by email_hash, in mail_hash\n" in seen.stderr
    assert "1  may be approached" in seen.stdout
    shop.write("key", SECRET)
    quiet = CliRunner().invoke(
        main, [*command.split(), "--quiet", "--hash-key", "key", "--by", "email_hash=mail_hash"]
    )
    assert (quiet.exit_code, quiet.stderr) == (0, "")


# --- One spelling ------------------------------------------------------------------------------------------


def easily(kind: str, text: str) -> str | None:
    (row,) = duckdb.execute(
        f"SELECT {contacts.easy(kind)} FROM (SELECT ?::VARCHAR AS given)", [text]
    ).fetchall()
    return row[0]


NUMBERS = st.one_of(
    st.from_regex(r"(\+31|0031|0|)[ -]?[1-9][0-9]([ -]?[0-9]){6,8}", fullmatch=True),
    st.from_regex(r"[+0-9() .-]{5,16}", fullmatch=True),
    st.text("+0123456789 -x", max_size=14),
)
ADDRESSES = st.one_of(
    st.emails(),
    st.from_regex(r"[A-Za-z0-9._+-]{1,8}@([A-Za-z0-9-]{1,5}\.){1,2}(nl|com|test|Local|n1)", fullmatch=True),
    st.text("ab.@-_+é\u212a \u0130A1", max_size=12),
)


@settings(deadline=None)
@given(NUMBERS)
def test_the_fast_spelling_of_a_telephone_number_is_that_of_the_library(text: str) -> None:
    assert easily(PHONE, text) in (None, spellings.phone(text))


@settings(deadline=None)
@given(ADDRESSES)
def test_the_fast_spelling_of_an_e_mail_address_is_that_of_the_library(text: str) -> None:
    assert easily(EMAIL, text) in (None, spellings.email(text))


@pytest.mark.parametrize(
    ("kind", "text"),
    [(EMAIL, "Anna_B.c+d@Voor-Beeld.co.nl"), (PHONE, "+31 6-12345678"), (PHONE, "020 1234567")],
)
def test_what_is_common_takes_the_fast_way(kind: str, text: str) -> None:
    assert easily(kind, text) is not None


PLACES = st.one_of(
    st.from_regex(r"[1-9][0-9]{3} ?[a-zA-Z]{2}[ ,]{1,2}[0-9]{1,6}[ /-]?[a-z0-9-]{0,5}", fullmatch=True),
    st.from_regex(
        r"[A-Z]?[a-z 0-9]{1,8} [0-9]{1,5} ?[a-zI0-9/-]{0,5}[ ,]{1,3}[1-9]{4} [A-Z]{2} ?\w{0,4}",
        fullmatch=True,
    ),
    st.text("1234AB ab,-/\t\n\r\u00a0\u0131\u00df\ufb01Straat", max_size=24),
)


@settings(deadline=None)
@given(st.sampled_from([EMAIL, PHONE, ADDRESS]), st.one_of(NUMBERS, ADDRESSES, PLACES))
def test_one_detail_is_spelled_as_many_are(kind: str, text: str) -> None:
    found = spellings.spelled(kind, text)
    if kind == ADDRESS:
        assert found == easily(kind, text)
    else:
        assert found == {EMAIL: spellings.email, PHONE: spellings.phone}[kind](text)
    assert found is None or spellings.spelled(kind, found) == found


@given(ADDRESSES)
def test_an_address_spelled_out_once_stays_as_it_is(text: str) -> None:
    once = spellings.email(text)
    assert once is None or spellings.email(once) == once


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("1234 ab 12", "1234AB 12"),
        ("1234AB, 012 bis", "1234AB 12 BIS"),
        ("1234 AB 12-a", "1234AB 12 A"),
        ("1234 AB 12A", "1234AB 12 A"),
        ("1234 AB 12-2", "1234AB 12 2"),
        ("1234 AB 12 1-2", "1234AB 12 1.2"),
        ("2e Hugo de Grootstraat 14-II, 1052 LC Amsterdam", "1052LC 14 II"),
        ("Kerkstraat 5 hs 1017GA Amsterdam, Nederland", "1017GA 5 HS"),
        ("Plein 1944 12, 6511 JD Nijmegen", None),
        ("Kerkstraat 5, 2 hoog, 1017 GA Amsterdam", None),
        ("1234 AB 12abcde", None),
        ("1234 AB 123456", None),
        ("0234 AB 1", None),
        ("Rue de la Loi 16, 1000 Bruxelles", None),
    ],
)
def test_an_address_is_read_when_it_can_be_read_in_one_way(text: str, spelled: str | None) -> None:
    assert easily(ADDRESS, text) == spelled
    assert spellings.spelled(ADDRESS, text) == spelled
