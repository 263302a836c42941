"""A register by its commands alone, as somebody works with it from a terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from grondslag.cli import main
from grondslag.registers import importing
from tools import exports

ENTRIES = [
    {"id": "a-1", "subject": {"id": "K-1", "email": "anna@klant.nl"}, "date": "2024-03-14",
     "consent": {"channels": ["email"], "by": "ticked-box"}},
    {"id": "a-2", "subject": {"id": "K-1"}, "date": "2024-05-01",
     "relation": {"kind": "purchase", "product": "shoes", "paid": True}},
    {"id": "b-1", "subject": {"id": "K-2", "phone": "0612345678"}, "date": "2024-06-01",
     "objection": {"channels": ["phone"]}},
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty one, in which the commands are given."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GRONDSLAG_KEY", raising=False)
    assert run("new", "shop", "--controller", "Shop BV", "--origin", "shop.example/log").exit_code == 0
    return tmp_path


def run(*given: object, say: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(each) for each in given], input=say)


def done(*given: object, code: int = 0, say: str | None = None) -> str:
    result = run(*given, say=say)
    assert result.exit_code == code, result.output
    return result.output


def lines(entries: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(each) + "\n" for each in entries)


def test_from_the_first_entry_to_another_place(folder: Path) -> None:
    (folder / "events.jsonl").write_text(lines(ENTRIES) + "no json\n")
    assert "3  would be recorded" in done("record", "shop", "events.jsonl", "--dry-run", code=1)
    told = json.loads(done("record", "shop", "events.jsonl", "--json", code=1))
    assert (told["recorded"], told["rejected"]) == (3, 1)
    (reject,) = (folder / "rejects.jsonl").read_text().splitlines()
    assert json.loads(reject)["at"] == "events.jsonl, line 4" and json.loads(reject)["row"] == "no json"
    assert "3  were recorded before" in done("record", "shop", say=lines(ENTRIES))
    done("publish", "shop")

    history = done("history", "shop", "--subject", "email=anna@klant.nl")
    assert "consent" in history and "purchase" in history
    assert "purchase" not in done("history", "shop", "--subject", "id=K-1", "--date", "2024-04-01")
    done("merge", "shop", "--subject", "id=K-2", "--into", "id=K-1", "--reason", "one person")
    assert "objection" in done("history", "shop", "--subject", "id=K-1")
    done("split", "shop", "--subject", "id=K-2", "--reason", "two after all")
    assert "objection" not in done("history", "shop", "--subject", "id=K-1")

    done("rotate", "shop", "--new-key", "new.key")
    assert "not the master key" in done("publish", "shop", code=2)
    done("publish", "shop", "--key", "new.key")
    assert run("verify", "shop", "--key", "new.key").exit_code == 0
    done("dump", "shop", "--key", "new.key", "--out", "shop.jsonl")
    done("load", "copy", "shop.jsonl", "--key", "new.key")
    assert done("history", "copy", "--subject", "id=K-1", "--key", "new.key") == done(
        "history", "shop", "--subject", "id=K-1", "--key", "new.key"
    )


@pytest.mark.parametrize("large", [0, 1 << 30])
def test_another_process_may_read_what_is_imported(
    folder: Path, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr(importing, "LARGE", large)
    (folder / "brevo.csv").write_text("a,b\n1,2\n")
    assert "brevo.csv: is of no format that its columns tell" in done("import", "shop", "brevo.csv", code=2)
    exports.make(50, folder / "subscribed.csv")
    told = json.loads(done("import", "shop", "subscribed.csv", "--json", "--date", "2026-11-30", code=0))
    again = json.loads(done("import", "shop", "subscribed.csv", "--json", "--date", "2026-11-30", code=0))
    assert told["files"] == [{"file": "subscribed.csv", "format": "mailchimp-subscribed", "rows": 50}]
    assert told["recorded"] == sum(told["evidence"].values()) == again["known"] > 40
    assert again["recorded"] == 0


def test_tables_begin_a_register_and_come_out_of_it_again(folder: Path) -> None:
    done("record", "shop", say=lines(ENTRIES))
    done("export", "shop", "--out", "tables")
    done("new", "other", "--controller", "Shop BV", "--origin", "shop.example/other")
    assert "3  recorded" in done("record", "other", "--tables", "tables")
    assert "3  were recorded before" in done("record", "other", "--tables", "tables")
    assert "stands beside FILE" in done("record", "other", "other.key", "--tables", "tables", code=2)
    done("export", "other", "--out", "again")
    for table in ("consent", "relation", "objection"):
        assert (folder / "again" / f"{table}.parquet").read_bytes() == (
            folder / "tables" / f"{table}.parquet"
        ).read_bytes()
