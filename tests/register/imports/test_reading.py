"""Files as people have them: every encoding and delimiter, broken rows, ZIP files; every row is told once."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from grondslag.errors import BadCase
from grondslag.register.imports import Row, load, read
from tests.register.imports.conftest import AT, SAMPLES, Imported, first, kinds

HEAD = "Email,Suppression Reason,Suppression Timestamp"
GOOD = "a@klant.example,UNSUBSCRIBED,2024-02-01T08:00:00Z"


def refused(found: list[Row]) -> list[tuple[int, str]]:
    return [(row.line, row.raw.rstrip("\r\n")) for row in found if row.problem]


# --- Encodings and dialects --------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_reads_the_same_in_every_encoding_and_dialect(
    imported: Imported, encoding: str, delimiter: str, end: str
):
    lines = [HEAD, GOOD, "renée@klant.example,SPAM_COMPLAINT,", "b@klant.example,HARD_BOUNCE,", ""]
    text = end.join(lines).replace(",", delimiter)
    found = imported(text.encode(encoding))
    assert [kinds(row) for row in found] == [["objection"], ["objection"], []]
    assert found[1].entries[0]["subject"]["email"] == "renée@klant.example"
    assert [row.line for row in found] == [2, 3, 4]


def test_a_row_of_another_encoding_gives_no_false_address(imported: Imported):
    """Cells that are beyond doubt still refuse; letters that were read wrongly name somebody else."""
    rows = [f"k{n}@klant.example,Café,UNSUBSCRIBED" for n in range(20)]
    text = "\n".join(["Email,Name,Suppression Reason", *rows]).encode("cp1252")
    broken = "\nrenée@klant.example,Café,UNSUBSCRIBED\nx@klant.example,Café,UNSUBSCRIBED\n".encode()
    found = imported(text + broken, "klaviyo-suppressions")
    assert [bool(row.problem) for row in found] == [False] * 20 + [True, True]
    assert found[20].entries == ()
    assert found[21].entries[0]["subject"] == {"email": "x@klant.example"}


def test_a_packed_file_is_read(imported: Imported):
    assert kinds(imported(gzip.compress(f"{HEAD}\n{GOOD}\n".encode()), name="weg.csv.gz")[0]) == ["objection"]


def test_a_cell_may_hold_line_breaks_and_the_lines_go_on_counting(imported: Imported):
    head = "Record ID,Email,Unsubscribed from all email,Marketing contact status,Note"
    text = f'{head}\n1,a@klant.example,true,,"een\ntwee, en\n\ndrie"\n\n2,b@klant.example,true,,\n'
    found = imported(text)
    assert [(row.line, kinds(row)) for row in found] == [(2, ["objection"]), (7, ["objection"])]


def test_old_files_of_mailchimp_have_backslashes(imported: Imported):
    head = (SAMPLES / "mailchimp_subscribed.csv").read_text("utf-8").splitlines()[0]
    times = '"2024-03-14 09:12:31",192.0.2.10,"2024-03-14 09:14:00",192.0.2.10,,,,,,,,,1001'
    names = ['Anna,"de\\, Vries"', 'Anna,"de \\"Vries\\""', 'Anna,"de ""Vries"""', 'Anna,"de Vries\\"']
    rows = [f"a@klant.example,{name},4,{times},e{n},," for n, name in enumerate(names)]
    found = imported("\n".join([head, *rows]), "mailchimp-subscribed")
    assert [(kinds(row), row.problem) for row in found] == [(["consent"], None)] * 4


# --- Broken rows -------------------------------------------------------------------------------------------


def test_a_row_that_is_too_short_or_too_long_is_a_reject(imported: Imported):
    rows = ["a@klant.example,UNSUBSCRIBED", f"{GOOD},", f"{GOOD},x,y", GOOD]
    found = imported("\n".join([HEAD, *rows]))
    assert refused(found) == [(2, rows[0]), (3, rows[1]), (4, rows[2])]
    assert [kinds(row) for row in found] == [[], [], [], ["objection"]]


def test_a_quote_that_is_never_closed_hides_nobody_and_lets_nobody_in(imported: Imported):
    """What stands inside quotes was written by anybody: it is told, line by line, and not read as rows."""
    rows = [GOOD, '"b@klant.example,UNSUBSCRIBED,', "c@klant.example,UNSUBSCRIBED,", GOOD]
    found = imported("\n".join([HEAD, *rows]))
    assert refused(found) == [(3, rows[1]), (4, rows[2]), (5, rows[3])]
    assert kinds(found[0]) == ["objection"]


def test_reading_goes_on_after_a_quote_that_is_closed_in_the_wrong_place(imported: Imported):
    rows = ['"b@klant.example,UNSUBSCRIBED,', '"c@klant.example",UNSUBSCRIBED,', GOOD]
    found = imported("\n".join([HEAD, *rows]))
    assert refused(found) == [(2, rows[0]), (3, rows[1])]
    assert (found[2].line, kinds(found[2])) == (4, ["objection"])


def test_nothing_is_a_row_once_it_cannot_be_told_where_a_quote_ends(imported: Imported):
    """A note as long as this could hold rows of the writer's own making."""
    rows = [f"k{n}@klant.example,UNSUBSCRIBED,2024-02-01T08:00:00Z" for n in range(20_000)]
    for start in ('"open', '"' + "x" * 140_000, '"' + "x" * 300_000):
        found = imported("\n".join([HEAD, GOOD, start, *rows]) + "\n")
        assert [row.line for row in found] == list(range(2, 20_004))
        assert kinds(found[0]) == ["objection"]
        assert all(row.problem and not row.entries for row in found[1:])
        assert found[-1].raw == rows[-1] + "\n"


def test_a_cell_of_100_mb_is_a_reject_and_not_a_memory(tmp_path: Path):
    file = tmp_path / "groot.csv"
    with file.open("w") as to:
        to.write(f"{HEAD}\n{GOOD}\n")
        for _ in range(1_000):
            to.write("x" * 100_000)
        to.write(f",UNSUBSCRIBED,\n{GOOD}\n")
    found = list(read(file, None, AT))
    assert [(row.line, kinds(row), bool(row.problem)) for row in found] == [
        (2, ["objection"], False),
        (3, [], True),
        (4, [], True),  # the cell may have been in quotes, and go on here
    ]
    assert found[1].raw == ""


def test_blank_lines_are_no_rows(imported: Imported):
    found = imported(f"{HEAD}\n\n,,\n   \n{GOOD}\n;;\n\n".replace(";;", '"","",""'))
    assert [row.line for row in found] == [5]


def test_every_row_is_told_once_and_a_long_file_takes_no_memory_of_rows(tmp_path: Path):
    file = tmp_path / "lang.csv"
    with file.open("w") as to:
        to.write(f"{HEAD}\n" + "".join(f"k{n}@klant.example,UNSUBSCRIBED,\n" for n in range(30_000)))
    rows = read(file, None, AT)
    assert next(rows).line == 2
    assert sum(1 for _ in rows) == 29_999


def test_a_file_with_nothing_but_columns_gives_nothing(imported: Imported):
    assert imported(f"{HEAD}\n") == []


# --- Files that are something else -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "format", "told"),
    [
        (b"", "", "is empty"),
        (b"", "klaviyo", "is empty"),
        (b"naam,plaats\nJan,Utrecht\n", "", "say --as"),
        (b"naam,plaats\nJan,Utrecht\n", "kit", "is not kit: it has no column 'email', 'status'"),
        (
            (SAMPLES / "hubspot_contacts_consent_columns.csv").read_bytes(),
            "salesforce",
            "it looks like hubspot",
        ),
        (b"Email,Status,Status\na@klant.example,Active,Unsubscribed\n", "activecampaign", "'Status' twice"),
        (b"jan@echt.example;Jan Jansen\n", "", "say --as"),
        (b"\x00\xff\x13\x80" * 50, "", "is "),
    ],
)
def test_another_file_is_refused_with_what_to_do_and_without_what_stands_in_it(
    imported: Imported, text: bytes, format: str, told: str
):
    with pytest.raises(BadCase) as error:
        imported(text, format)
    assert told in str(error.value)
    assert "Jan" not in str(error.value)
    assert "echt.example" not in str(error.value)


def test_two_columns_of_one_name_are_refused_when_they_say_something(imported: Imported):
    head = "Record ID,Email,Unsubscribed from all email,Marketing contact status,Tag,Tag"
    assert len(imported(f"{head}\n1,a@klant.example,true,,,\n")) == 1
    with pytest.raises(BadCase, match="'Opted out of email: News' twice"):
        imported(f"{head.replace('Tag', 'Opted out of email: News')}\n1,a@klant.example,,,,true\n")


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(BadCase, match="cannot be opened"):
        list(read(tmp_path / "weg.csv", None, AT))


def test_parquet_is_refused(imported: Imported):
    with pytest.raises(BadCase, match="export it as CSV"):
        imported(f"{HEAD}\n{GOOD}\n\xff", name="export.parquet")


def test_a_file_in_a_zip_is_read_as_what_it_is_and_another_alone_is_not(tmp_path: Path):
    subscribed, unsubscribed = (SAMPLES / f"mailchimp_{kind}.csv" for kind in ("subscribed", "unsubscribed"))
    file = packed(tmp_path / "x.zip", ("unsubscribed_1.csv", unsubscribed.read_bytes()))
    (row,) = read(file, load("mailchimp-subscribed"), AT)
    assert row.format == "mailchimp-unsubscribed"
    with pytest.raises(BadCase, match="is not mailchimp-unsubscribed: it has no column 'UNSUB_TIME'"):
        list(read(subscribed, load("mailchimp-unsubscribed"), AT))


def test_a_spreadsheet_is_refused(tmp_path: Path):
    file = tmp_path / "export.xlsx"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("[Content_Types].xml", "<x/>")
    with pytest.raises(BadCase, match="save it as CSV"):
        list(read(file, None, AT))


def test_the_unsubscribed_of_mailchimp_are_never_taken_for_subscribed(imported: Imported):
    """Without the column of the time only the name of the file tells them apart."""
    text = (SAMPLES / "mailchimp_subscribed.csv").read_bytes()
    for name in ("unsubscribed_export.csv", "cleaned_export.csv", "nonsubscribed_export.csv", "export.csv"):
        with pytest.raises(BadCase, match="say --as"):
            imported(text, name=name)
    assert len(imported(text, name="subscribed_export.csv")) == 2


# --- ZIP ---------------------------------------------------------------------------------------------------


def packed(file: Path, *inside: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in inside:
            made.writestr(name, text)
    return file


def test_names_in_a_zip_lead_nowhere(tmp_path: Path):
    text = f"{HEAD}\n{GOOD}\n".encode()
    names = ("../../weg.csv", "/etc/weg.csv", "a\\b\\weg.csv", ".csv", "map/weg.csv")
    found = list(read(packed(tmp_path / "x.zip", *((name, text) for name in names)), None, AT))
    assert {row.file for row in found} == {"weg.csv", "csv"}
    assert len(found) == 5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.zip"]


def test_what_a_mac_adds_to_a_zip_is_passed_over(tmp_path: Path):
    text = f"{HEAD}\n{GOOD}\n".encode()
    file = packed(
        tmp_path / "x.zip", ("weg.csv", text), ("__MACOSX/._weg.csv", b"\0\5"), (".DS_Store", b"\0")
    )
    assert len(list(read(file, None, AT))) == 1


def test_a_bomb_is_refused(tmp_path: Path):
    bomb = packed(tmp_path / "bomb.zip", ("weg.csv", f"{HEAD}\n".encode() + b" " * (60 << 20)))
    assert bomb.stat().st_size < 100_000
    with pytest.raises(BadCase, match="suspiciously large"):
        list(read(bomb, None, AT))


@pytest.mark.parametrize("inside", [[], [(f"{n}.csv", b"x") for n in range(51)]])
def test_a_zip_of_no_or_of_very_many_files_is_refused(tmp_path: Path, inside: list[tuple[str, bytes]]):
    with pytest.raises(BadCase, match=r"holds (0|51) files"):
        list(read(packed(tmp_path / "x.zip", *inside), None, AT))


def test_a_zip_in_a_zip_is_refused(tmp_path: Path):
    inner = packed(tmp_path / "inner.zip", ("weg.csv", GOOD.encode()))
    with pytest.raises(BadCase, match="zip file"):
        list(read(packed(tmp_path / "x.zip", ("inner.zip", inner.read_bytes())), None, AT))


def test_a_damaged_zip_is_refused_whichever_byte_is_wrong(tmp_path: Path):
    whole = packed(tmp_path / "x.zip", ("weg.csv", f"{HEAD}\n{GOOD}\n".encode())).read_bytes()
    right = [row.entries for row in read(tmp_path / "x.zip", None, AT)]
    for place in range(len(whole)):
        (tmp_path / "y.zip").write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            found = [row.entries for row in read(tmp_path / "y.zip", None, AT)]
        except BadCase:
            continue
        assert len(found) == len(right)  # a byte that says nothing of the rows, such as a date


# --- Agreement ---------------------------------------------------------------------------------------------


def test_rows_are_those_of_the_csv_of_python(tmp_path: Path):
    notes = ['een "citaat"', "twee\nregels", "komma, punt", "", "'=1+1", "\\", "é"]
    file = tmp_path / "x.csv"
    with file.open("w", newline="", encoding="utf-8") as to:
        writer = csv.writer(to)
        writer.writerow(["Record ID", "Email", "Unsubscribed from all email", "Note"])
        for n, note in enumerate(notes * 5):
            writer.writerow([n, f"k{n}@klant.example", "true", note])
    found = list(read(file, load("hubspot"), date(2026, 11, 25)))
    assert [first(row, "objection")["subject"]["id"] for row in found] == [f"hubspot:{n}" for n in range(35)]
    lines = io.StringIO(file.read_text("utf-8"))
    assert found[-1].line <= sum(1 for _ in lines)
