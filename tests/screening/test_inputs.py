"""Files and tables as people have them: every format and encoding, and all that can be wrong with one."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from grondslag.errors import BadCase
from grondslag.screening import Screening, load_campaign, screen
from grondslag.screening import records as on_file
from grondslag.screening.sources import source
from tests.screening.shop import DAY, Shop

HEAD = "subject;date;channels"
OBJECTIONS = [HEAD, "Zoë;2026-02-01;email", "René;2026-02-01;email"]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop(tmp_path)
    made.customers("anna", "bram", "Zoë", "René", "cleo")
    return made


# --- Encodings ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16LE"),
        ("utf-16-be", "UTF-16BE"),
        ("cp1252", "Windows-1252"),
        ("latin-1", "Windows-1252"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_and_line_end_is_found(shop: Shop, encoding: str, found: str, end: str) -> None:
    shop.records("objection", (end.join(OBJECTIONS) + end).encode(encoding))
    outcome = shop.screen()
    assert outcome.allowed() == {"anna", "bram", "cleo"}
    read_as = outcome.json("receipt")["inputs"]["records/objection.csv"]["read_as"]
    assert read_as == f"CSV, {found}, delimiter semicolon, columns subject date channels"


@pytest.mark.parametrize("most", ["utf-8", "cp1252"])
def test_of_mixed_encodings_the_commoner_is_read_and_the_rest_are_rejects(shop: Shop, most: str) -> None:
    least = "cp1252" if most == "utf-8" else "utf-8"
    lines = [
        HEAD.encode(),
        *(f"x;2026-02-01;ë{n}".encode(most) for n in range(3)),
        "Zoë;2026-02-01;".encode(least),
    ]
    shop.records("objection", b"\n".join(lines))
    outcome = shop.screen(audience="audience.csv")
    assert ("objection.csv", 5) in outcome.rejects()
    # Whose objection it was cannot be read, so it may be anybody's.
    assert outcome.allowed() == set()


def test_bytes_that_mean_nothing_spoil_their_row(shop: Shop) -> None:
    shop.write("audience.csv", b"subject\nanna\nx\x81y\n" + b"Zo\xeb\nRen\xe9\n" * 9)
    outcome = shop.screen()
    assert outcome.allowed() == {"anna", "Zoë", "René"}
    assert outcome.rejects() == [("audience.csv", 3)]


def test_lines_that_end_in_more_than_one_way_keep_their_numbers(shop: Shop) -> None:
    shop.write("audience.csv", b"subject\r\nanna\nbram\r\n\r\n\x01\ncleo\rx\x02\r")
    outcome = shop.screen()
    assert outcome.allowed() == {"anna", "bram", "cleo"}
    assert outcome.rejects() == [("audience.csv", 5), ("audience.csv", 7)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_usual_delimiter_is_found(shop: Shop, delimiter: str) -> None:
    rows = [["naam", "Klantnummer"], ["A", "anna"], ["B", "bram"]]
    shop.write("audience.csv", "".join(delimiter.join(row) + "\n" for row in rows))
    assert shop.screen().allowed() == {"anna", "bram"}


# --- Formats -----------------------------------------------------------------------------------------------


def test_json_lines_say_the_same_as_csv(shop: Shop) -> None:
    (shop.folder / "records/collected.csv").unlink()
    row = {
        "date": "2026-01-05",
        "details": ["email", "address"],
        "in": "sale",
        "opt_out_offered": "separately",
    }
    lines = [json.dumps({"subject": name, **row, "opt_out_used": False}) for name in ("anna", "bram", "Zoë")]
    shop.records("collected", gzip.compress("\n\n".join(lines).encode()), "jsonl.gz")
    shop.write("audience.ndjson", '{"id": "anna", "n": 1.5}\n{"id": "Zo\\u00eb"}\n{"id": {"y": "cleo"}}\n')
    outcome = shop.screen("audience.ndjson")
    assert outcome.allowed() == {"anna", "Zoë"}
    assert outcome.rejects() == [("audience.ndjson", 3)]


@pytest.mark.parametrize(
    "line",
    [
        '{"subject": "anna", "date": "2026-02-01"',
        '["anna"]',
        '{"subject": "anna", "subject": "x", "date": "2026-02-01"}',
        '{"subject": "anna", "date": {"day": 1}}',
        '{"subject": "anna", "date": "2026-02-01", "channels": ["email|x"]}',
        '{"subject": "anna", "date": 20260201}',
    ],
)
def test_an_objection_in_broken_json_is_no_yes(shop: Shop, line: str) -> None:
    shop.records("objection", '{"subject": "x", "date": "2026-02-01", "channels": ["sms"]}\n' + line, "jsonl")
    outcome = shop.screen()
    assert "anna" not in outcome.allowed()
    assert outcome.rejects() == [("objection.jsonl", 2)]


def test_an_id_that_became_a_fraction_is_nobodys(shop: Shop) -> None:
    shop.records("objection", '{"subject": 1001.0, "date": "2026-02-01"}\n', "jsonl")
    assert shop.screen().allowed() == set()


@pytest.mark.parametrize(
    "make",
    [
        ibis.memtable,
        pa.Table.from_pandas,
        lambda frame: pa.Table.from_pandas(frame).to_reader(),
        lambda frame: frame,
        pl.from_pandas,
        lambda frame: duckdb.connect().from_df(frame).query("t", "SELECT * FROM t"),
    ],
    ids=["ibis", "arrow", "reader", "pandas", "polars", "duckdb"],
)
def test_a_table_in_memory_says_the_same_as_a_file(shop: Shop, make: Callable[[Any], Any]) -> None:
    found = in_memory(shop, make, make(pd.DataFrame({"klantnummer": ["anna", "bram", None, "zoe", "anna"]})))
    assert (found.allowed, found.refused, found.rejected, found.duplicates) == (1, 2, 1, 1)


def test_a_file_that_is_broken_halfway_is_named(shop: Shop) -> None:
    path = shop.folder / "records" / "objection.parquet"
    path.unlink(missing_ok=True)
    many = 20_000
    rows = {"subject": [f"p{n}" for n in range(many)], "date": ["2026-02-01"] * many}
    pq.write_table(pa.table(rows), path, compression="none", use_dictionary=False)
    begin = pq.ParquetFile(path).metadata.row_group(0).column(0).data_page_offset
    broken = bytearray(path.read_bytes())
    broken[begin : begin + 40] = b"\xff" * 40
    path.write_bytes(broken)
    with pytest.raises(BadCase, match=r"^objection\.parquet: cannot be read"):
        shop.screen()


def test_tables_on_a_connection_are_left_alone_whatever_they_are_called(shop: Shop) -> None:
    con, called = ibis.duckdb.connect(), iter(("rejects", "audience", "changed", "numbers", "old"))
    asked = con.create_table("asked", pa.table({"subject": ["anna", "bram", "zoe"]}))
    given: list[tuple[str, Any]] = []

    def make(frame: pd.DataFrame) -> Any:
        given.append((name := next(called), frame))
        return con.create_table(name, pa.Table.from_pandas(frame))

    first = in_memory(shop, make, asked)
    assert sorted(con.list_tables()) == sorted(["asked", *(name for name, _ in given)])
    for name, frame in given:
        assert con.table(name).to_pyarrow().num_rows == len(frame)
    again = in_memory(shop, lambda frame: con.table(next(n for n, f in given if f.equals(frame))), asked)
    assert (again.allowed, again.refused) == (first.allowed, first.refused) == (1, 2)


def test_a_column_of_two_types_in_memory_is_refused_without_its_values(shop: Shop) -> None:
    with pytest.raises(BadCase, match="more than one type") as told:
        in_memory(shop, pa.Table.from_pandas, pd.DataFrame({"subject": ["anna", 12345]}))
    assert "12345" not in str(told.value)


def in_memory(shop: Shop, make: Callable[[Any], Any], audience: Any) -> Screening:
    frames = {path.stem: pd.read_csv(path) for path in (shop.folder / "records").iterdir()}
    frames["collected"]["details"] = frames["collected"]["details"].str.split("|")
    frames["objection"] = pd.DataFrame({"subject": ["bram"], "date": ["2026-02-01"], "channels": [["email"]]})
    records = {kind: make(frame) for kind, frame in frames.items()}
    found = screen(load_campaign(shop.folder / "campaign.yaml"), records, audience, DAY)
    assert isinstance(found, Screening)
    return found


# --- Bad input ---------------------------------------------------------------------------------------------


def test_a_field_of_100_mb_is_one_reject_and_takes_no_memory(shop: Shop) -> None:
    path = shop.folder / "audience.csv"
    with path.open("wb") as file:
        file.write(b"subject,name\nanna,x\nbram,")
        for _ in range(100):
            file.write(b"x" * (1 << 20))
        file.write(b"\ncleo,x\n")
    tracemalloc.start()
    found = source(path, shop.folder)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 << 20
    assert found.readable.stat().st_size < 100
    found.readable.unlink()
    outcome = shop.screen()
    assert outcome.allowed() == {"anna", "cleo"}
    assert outcome.rejects() == [("audience.csv", 3)]


def test_an_objection_in_a_line_that_is_too_long_may_be_anybodys(shop: Shop) -> None:
    shop.records("objection", "subject,date,route\nanna,2026-02-01," + "x" * 300_000 + "\n")
    outcome = shop.screen()
    assert outcome.allowed() == set()
    assert outcome.rejects() == [("objection.csv", 2)]


def test_a_column_of_the_wrong_type_in_row_4_000_000_is_one_reject(shop: Shop) -> None:
    rows = "SELECT 's' || i AS subject, CASE WHEN i = 4000000 THEN 'soon' ELSE '2026-02-01' END AS date"
    to = shop.folder / "records/objection.csv"
    duckdb.sql(f"COPY ({rows} FROM range(1, 4000001) AS t(i)) TO '{to}' (HEADER)")
    con = ibis.duckdb.connect(shop.folder / "engine.duckdb")
    found = on_file.load(con, shop.folder / "records", shop.folder, DAY)
    (bad,) = con.to_pyarrow(found.rejects).to_pylist()
    assert (bad["file"], bad["line"], bad["subject"]) == ("objection.csv", 4_000_001, "s4000000")
    assert con.execute(found.tables["objection"].count()) == 3_999_999
    con.disconnect()


def test_no_rows_is_an_error_and_one_row_is_enough(shop: Shop) -> None:
    for name, content in (("none.csv", b"subject\n"), ("none.jsonl", b"\n"), ("none.txt", b"\n\n")):
        shop.write(name, content)
        with pytest.raises(BadCase, match=r"names nobody|has no different fields"):
            shop.screen(name)
    pq.write_table(pa.table({"subject": pa.array([], pa.string())}), shop.folder / "none.parquet")
    with pytest.raises(BadCase, match="names nobody"):
        shop.screen("none.parquet")
    shop.write("one.csv", "subject\nanna")
    assert shop.screen("one.csv").allowed() == {"anna"}


def test_when_no_row_can_be_read_every_row_is_a_reject(shop: Shop) -> None:
    shop.write("audience.csv", "subject,n\n,1\n,2\n")
    outcome = shop.screen()
    assert outcome.rejects() == [("audience.csv", 2), ("audience.csv", 3)]
    assert (outcome.summary.people, outcome.summary.audience_rejected) == (0, 2)
    assert "2 unreadable" in str(outcome.summary)


@pytest.mark.parametrize("name", ["audience.csv", "audience.parquet", "records/relation.csv"])
def test_a_file_that_changes_while_it_is_read_is_refused(shop: Shop, name: str) -> None:
    pq.write_table(pa.table({"subject": ["anna"]}), shop.folder / "audience.parquet")
    path = shop.folder / name

    def change(what: str) -> None:
        if what == "writing the outcome":
            path.write_bytes(path.read_bytes() + b"\n")

    with pytest.raises(BadCase, match="was changed while it was read"):
        shop.screen(name if "audience" in name else "audience.csv", progress=change)
    assert not (shop.folder / "out").exists()


@pytest.mark.parametrize("most", [10_000, 500_000, 1_500_000])
def test_a_full_disk_is_told_and_leaves_nothing_behind(shop: Shop, most: int) -> None:
    shop.customers(*(f"s{n}" for n in range(10_000)))
    before = sorted(shop.folder.iterdir())
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))"
    command = [
        sys.executable,
        "-c",
        f"{limit}; from grondslag.cli import main; main()",
        "screen",
        "campaign.yaml",
    ]
    command += ["--records", "records", "--audience", "audience.csv", "--date", "2026-08-01", "--out", "out"]
    done = subprocess.run(command, cwd=shop.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.strip().endswith("there is no room left on the disk; make room, or write elsewhere")
    assert len(done.stderr.splitlines()) == 1
    assert sorted(shop.folder.iterdir()) == before


@pytest.mark.parametrize("name", ["audience.csv", "audience.jsonl.gz", "audience.parquet"])
def test_what_is_no_table_at_all_is_an_error(shop: Shop, name: str) -> None:
    shop.write(name, b"PK\x03\x04 a workbook")
    with pytest.raises(BadCase, match=r"audience\.\S+: (is|cannot be read)"):
        shop.screen(name)


def test_no_name_stands_in_an_error_about_a_file_without_a_header(shop: Shop) -> None:
    shop.write("audience.csv", "Jan de Vries;1970-01-01\nPiet;1971-01-01\n")
    with pytest.raises(BadCase, match="has no column 'subject'") as told:
        shop.screen()
    shop.records("objection", "Jan de Vries,2026-01-01\n")
    with pytest.raises(BadCase, match="has no column 'date', 'subject'") as also:
        shop.screen()
    assert "Vries" not in str(told.value) + str(also.value)


def test_ids_that_differ_in_unicode_form_are_told_of(shop: Shop) -> None:
    shop.records("objection", "subject,date\nZoe\u0308,2026-02-01\n")
    assert any("Unicode form" in warning for warning in shop.screen().summary.warnings)


def test_a_formula_in_the_audience_is_no_formula_in_the_outcome(shop: Shop) -> None:
    shop.customers('=HYPERLINK("http://x")', "@sum", "+31", "-1")
    rows = ['"=HYPERLINK(""http://x"")"', "@sum", "+31", "-1", "=cmd|' /C calc'!A0"]
    shop.audience(*rows)
    outcome = shop.screen()
    cells = {row["subject"] for name in ("allowed", "refused") for row in outcome.rows(name)}
    assert len(cells) == 5
    assert all(cell.startswith("'") for cell in cells)
