"""A mapping of one's own: what can be said in it, and how it is refused when it cannot be meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from grondslag.errors import BadCase
from grondslag.register.imports import load
from tests.register.imports.conftest import Imported, first, kinds

OWN = """
version: 1
format: ledenlijst
needs: [Klantnummer, E-mail, Nieuwsbrief status]
read:
  Nieuwsbrief status: [Ingeschreven, Uitgeschreven, Niet gevraagd]
  Datum: day-first
  "Geen *": yes-no
subject:
  {id: Klantnummer, email: E-mail, phone: [Mobiel, Telefoon], address: "{Straat}, {Postcode} {Plaats}"}
rules:
  - when: {Nieuwsbrief status: Ingeschreven}
    dated: Datum
    record: {consent: {channels: [email], by: ticked-box, evidence: process-only, purpose: marketing}}
    proof: {act: vinkje gezet en op Aanmelden gedrukt, source: {point: https://winkel.example/inschrijven}}
  - when: {Nieuwsbrief status: Uitgeschreven}
    record: {objection: {channels: [email]}}
  - when: {"Geen *": true}
    record: {objection: {channels: all}}
"""
HEAD = (
    "Klantnummer;E-mail;Mobiel;Telefoon;Straat;Postcode;Plaats;Nieuwsbrief status;Datum;Geen post;Geen sms\n"
)
ROWS = f"""{HEAD}K1;anna@klant.example;06-12345678;;Kerkstraat 1;3511 AA;Utrecht;Ingeschreven;14-03-2024;;nee
K2;bram@klant.example;;;;;;uitgeschreven;;;
K3;cleo@klant.example;;;;;;niet gevraagd;;Nee;Ja
"""


def test_dutch_columns_are_mapped(imported: Imported):
    anna, bram, cleo = imported(ROWS, OWN)
    consent = first(anna, "consent")
    assert consent["subject"] == {
        "id": "K1",
        "email": "anna@klant.example",
        "phone": "+31612345678",
        "address": "3511AA 1",
    }
    assert (consent["date"], "time" in consent) == ("2024-03-14", False)
    assert consent["proof"]["source"]["point"] == "https://winkel.example/inschrijven"
    assert first(bram, "objection")["objection"] == {"channels": ["email"]}
    assert first(cleo, "objection")["objection"] == {"channels": "all"}


def test_a_mapping_may_be_like_one_that_is_carried(imported: Imported):
    mapping = """
version: 1
format: onze-listmonk
like: listmonk
read: {attributes: json}
subject: {phone: attributes.telefoon}
rules:
  - when: {attributes.soort: proef}
    note: een proefadres
"""
    text = (
        "uuid,email,name,attributes,status,created_at,updated_at\n"
        'u1,a@klant.example,A,"{""telefoon"": ""0612345678"", ""soort"": ""proef""}",blocklisted,,\n'
        "u2,b@klant.example,B,{},enabled,,\n"
        "u3,c@klant.example,C,geen json,blocklisted,,\n"
    )
    anna, bram, cleo = imported(text, mapping)
    assert first(anna, "objection")["subject"]["phone"] == "+31612345678"
    assert anna.notes[0].nl == "een proefadres"
    assert (kinds(bram), kinds(cleo)) == ([], ["objection"])
    assert cleo.problem


def test_the_mapping_in_the_docs_is_sound(imported: Imported):
    page = (Path(__file__).parents[3] / "docs" / "imports.md").read_text("utf-8")
    mapping = page.partition("```yaml\n")[2].partition("```")[0]
    text = (
        "Lidnummer,E-mail,Nieuwsbrief status,Datum,Geen sms\n1,a@klant.example,ingeschreven,14-03-2024,ja\n"
    )
    (row,) = imported(text, mapping)
    assert kinds(row) == ["consent", "objection"]


def test_a_full_proof_names_the_notice_that_was_shown(imported: Imported):
    mapping = """
version: 1
format: formulier
needs: [email, versie, tijd]
read: {tijd: time}
subject: {email: email}
rules:
  - when: {versie: filled}
    dated: tijd
    record: {consent: {channels: [email], by: ticked-box, evidence: full, informed: true}}
    proof: {notice: {id: nieuwsbrief, version: {text: versie}, language: nl}}
"""
    (row,) = imported("email,versie,tijd\na@klant.example,3,2024-03-14 09:12:31\n", mapping)
    assert first(row, "consent")["proof"]["notice"] == {"id": "nieuwsbrief", "version": "3", "language": "nl"}
    with pytest.raises(BadCase, match=r"line 10, rules.*evidence: is full, and what was shown is not told"):
        imported(
            "",
            mapping.replace(
                "    proof: {notice: {id: nieuwsbrief, version: {text: versie}, language: nl}}", ""
            ),
        )


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("version: 1", "version: 2", "write version: 1"),
        ("format: ledenlijst", "format: Onze Ledenlijst", "write a name of small letters"),
        ("format: ledenlijst", "formaat: ledenlijst", "did you mean format?"),
        ("needs: [Klantnummer", "need: [Klantnummer", "did you mean needs?"),
        ("Datum: day-first", "Datum: dag-eerst", "is no way to read a cell; write one of time"),
        ("consent: {channels: [email]", "consent: {channels: [emial]", "did you mean email?"),
        ("evidence: process-only", "evidence: sure", "write one of full, metadata-only"),
        ("record: {consent:", "record: {permission:", "is not a field of one event"),
        ("    dated: Datum\n", "", "has no day; add dated"),
        ("dated: Datum", "dated: Plaats", "is not read as a moment"),
        (
            "needs: [Klantnummer, E-mail, Nieuwsbrief status]",
            "needs: [E-mail]",
            "may be missing from the file",
        ),
        ('"Geen *": yes-no', '"Geen *": [ja]', "true or false of a column that is not read so"),
        (
            "{Nieuwsbrief status: Uitgeschreven}",
            "{Nieuwsbrief status: Weg}",
            "a word that its column is not read as",
        ),
        ("{Nieuwsbrief status: Uitgeschreven}", "{Datum: {after: Plaats}}", "is not read as moments"),
        (
            "{Nieuwsbrief status: Uitgeschreven}",
            "{Datum: gisteren}",
            "asks a word of a column that is read as",
        ),
        ("{id: Klantnummer", "{own: x, id: Klantnummer", "has both id and own"),
        ("format: ledenlijst", "format: x\nlike: mailman", "like a format that is not carried"),
        ("format: ledenlijst", "format: x\nfiles: '['", "is no regular expression"),
        ("    record: {objection: {channels: all}}", "    dated: Datum", "records nothing and notes nothing"),
        ("rules:", "rules: &anchor", "has an anchor"),
        ("source: {point: https", "source: {punt: https", "did you mean point?"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused_with_the_place(
    tmp_path: Path, was: str, becomes: str, told: str
):
    assert was in OWN
    file = tmp_path / "mapping.yaml"
    file.write_text(OWN.replace(was, becomes, 1), "utf-8")
    with pytest.raises(BadCase) as error:
        load(str(file))
    assert told in str(error.value)
    assert "mapping.yaml" in str(error.value)


def test_a_format_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path):
    for name in ("mailchip", "", str(tmp_path), str(tmp_path / "x.yaml"), "a\0b"):
        with pytest.raises(BadCase, match="mailchimp-subscribed"):
            load(name)


def test_the_words_of_a_column_are_closed_and_an_unknown_one_is_a_reject(imported: Imported):
    (row,) = imported(HEAD + "K9;x@klant.example;;;;;;misschien;14-03-2024;;Ja\n", OWN)
    assert row.problem
    assert kinds(row) == ["objection"]
