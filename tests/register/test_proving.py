"""Somebody with the zip file and Python, and nothing else, sees what was done and decided, and checks it."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import random
import shutil
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from grondslag.cli import main
from grondslag.errors import UnknownEntry, UnknownSubject, Unpublished
from grondslag.register.checking import check
from grondslag.register.history import numbered
from grondslag.register.keys import new_key
from grondslag.register.own import enter
from grondslag.register.proving import Proved, prove
from grondslag.register.proving.choosing import Scope
from grondslag.register.register import Register
from grondslag.register.retaining import run
from grondslag.register.schedule import carried
from grondslag.register.stamping import stamp
from tests.ledger.authority import Authority
from tests.register.test_deciding import BOB, CONSENT, LATER, NOBODY, campaign
from tests.register.test_forgetting import nothing_held
from tests.register.test_recording import ANNA, NOW, TODAY, consent, objection

TEXT = "Ja, stuur mij aanbiedingen per e-mail. Ik kan mij altijd afmelden."
NOTICE = {
    "id": "newsletter", "version": "3", "language": "nl",
    "hash": "sha256:" + hashlib.sha256(TEXT.encode()).hexdigest(),
}  # fmt: skip
PROOF: dict[str, Any] = {
    "notice": NOTICE, "act": "Vinkte het vakje aan en drukte op Verzenden", "by": "person",
    "source": {"point": "https://shop.example/nieuwsbrief", "ip": "198.51.100.7"},
    "verification": {"method": "double-opt-in", "confirmed": "2026-10-01T09:34:11+02:00"},
    "note": "Zoë Dvořák-Ğül, Ελένη, Жанна, 王",
    "attachments": [{"name": "../form.PDF", "content": base64.b64encode(b"the form").decode()}],
}  # fmt: skip
PERSON = Scope(subject={"id": "K-1"})
CHRISTMAS = Scope(campaign="Christmas")


@pytest.fixture
def shop(register: Register) -> Register:
    """Anna consented and later objected; Bob consented; about both it was decided; all is in the log."""
    given: dict[str, Any] = {"consent": CONSENT, "date": "2026-10-01"}
    screen = {"attachments": [{"name": "screen.png", "content": base64.b64encode(b"a screen").decode()}]}
    notice = {"date": "2026-09-01", "notice": {**NOTICE, "text": TEXT}, "proof": screen}
    register.record(notice, at=NOW)
    register.publish(NOW)
    register.record(consent(**given, proof=PROOF), consent("2", BOB, **given), at=NOW)
    register.keep(*[register.decide(who, campaign(), at=TODAY) for who in (ANNA, BOB)], at=NOW)
    register.record(objection(), at=LATER)
    register.keep(register.decide(ANNA, campaign("New Year"), at=LATER.date()), at=LATER)
    register.publish(LATER)
    return register


def proved(register: Register, scope: Scope, out: Path, lang: str = "en") -> Path:
    """The pack, unpacked."""
    prove(register, out.with_suffix(".zip"), scope, lang)
    with zipfile.ZipFile(out.with_suffix(".zip")) as archive:
        archive.extractall(out)
    return out


def alone(pack: Path, *more: str) -> tuple[int, list[str]]:
    """What somebody sees who has the pack and a bare Python."""
    command = [sys.executable, "-I", "-S", "verifier.py", ".", *more]
    run = subprocess.run(command, cwd=pack, capture_output=True, text=True, check=False)
    assert run.stderr == ""
    return run.returncode, run.stdout.splitlines()


def named(told: list[str]) -> set[str]:
    """The files that something is said of."""
    return {line.partition(": ")[0] for line in told}


def trees(pack: Path) -> list[dict[str, Any]]:
    return [json.loads(file.read_bytes()) for file in sorted((pack / "entries").iterdir())]


def kinds(pack: Path) -> list[str]:
    known = ("notice", "consent", "objection", "decided")
    return sorted(kind for tree in trees(pack) for kind in known if kind in tree)


def words(pack: Path) -> str:
    """The text of the report, as a reader has it."""
    text = "\n".join(page.extract_text() for page in PdfReader(pack / "report.pdf").pages)
    return " ".join(text.split())


def test_who_has_the_zip_and_python_checks_it(shop: Register, tmp_path: Path) -> None:
    pack = proved(shop, PERSON, tmp_path / "pack")
    assert kinds(pack) == ["consent", "decided", "decided", "notice", "objection"]
    code, told = alone(pack)
    assert (code, told[-2:]) == (0, ["shop.example/log: 5 entries of a log of 7", "GOOD"])
    assert "earlier/1.proof: grown from 1 entries, of which none was changed" in told
    assert alone(pack, "--vkey", shop.signer.vkey)[0] == 0
    assert alone(pack.with_suffix(".zip").parent / "pack", "--vkey", shop.signer.vkey + "A")[0] == 1
    attached = {file.suffix: file.read_bytes() for file in (pack / "attachments").iterdir()}
    assert attached == {".pdf": b"the form", ".png": b"a screen"}, "no path comes from a name"


def test_every_file_of_a_pack_that_is_another_is_named(shop: Register, tmp_path: Path) -> None:
    pack = proved(shop, PERSON, tmp_path / "pack")
    chance = random.Random(4)
    for file in sorted(path for path in pack.rglob("*") if path.is_file()):
        name, good = file.relative_to(pack).as_posix(), file.read_bytes()
        if name == "verifier.py":  # whoever changes that is found out by the published one
            continue
        bad = bytearray(good)
        bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(7)
        file.write_bytes(bad)
        code, told = alone(pack)
        assert code == 1 and (name in named(told) or name == "manifest.json"), (name, told)
        file.write_bytes(good)
    assert alone(pack)[0] == 0
    shutil.rmtree(pack / "attachments")
    code, told = alone(pack)
    assert code == 1 and sum(line.startswith("attachments/") for line in told) == 2, told


def test_an_attachment_is_found_out_though_the_manifest_was_made_again(
    shop: Register, tmp_path: Path
) -> None:
    pack = proved(shop, PERSON, tmp_path / "pack")
    (attached,) = (pack / "attachments").glob("*.pdf")
    attached.write_bytes(b"a form")
    manifest = json.loads((pack / "manifest.json").read_bytes())
    name = f"attachments/{attached.name}"
    manifest["files"][name] = hashlib.sha256(b"a form").hexdigest()
    (pack / "manifest.json").write_text(json.dumps(manifest))
    assert alone(pack)[1][-2:] == [f"{name}: is not the file whose hash the entry holds", "WRONG"]


def test_the_same_register_gives_the_same_file(shop: Register, tmp_path: Path) -> None:
    for scope in (PERSON, CHRISTMAS):
        first, second = tmp_path / "a.zip", tmp_path / "b.zip"
        prove(shop, first, scope)
        prove(shop, second, scope)
        assert first.read_bytes() == second.read_bytes()
        assert first.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ("Evidence about one person", "1 October 2026", "YES, you may.", "NO, you may not.",
            "the same decision", "Entered by the person", "25 November 2026 at 10:00:00 (UTC)")),
        ("nl", ("Bewijs over één persoon", "1 oktober 2026", "JA, dit mag.", "NEE, dit mag niet.",
            "hetzelfde besluit", "Ingevoerd door de persoon zelf", "25 november 2026 om 10:00:00 uur (UTC)")),
    ],
)  # fmt: skip
def test_the_report_tells_it_to_people(shop: Register, tmp_path: Path, lang: str, said: tuple[str]) -> None:
    pack = proved(shop, PERSON, tmp_path / "pack", lang)
    text = words(pack)
    for each in (*said, TEXT, "Shop BV", "newsletter", PROOF["act"], shop.signer.vkey.split("+")[1]):
        assert each in text, each
    assert "Zoë Dvořák-Ğül, Ελένη, Жанна, [U+738B]" in text, "every letter prints, or its code"
    document = PdfReader(pack / "report.pdf")
    assert document.metadata is not None and document.metadata.title == said[0]
    assert str(document.root_object["/Lang"]).startswith(lang)
    assert "python verifier.py ." in (pack / "README.txt").read_text("utf-8")


def test_a_decision_of_a_pack_is_done_again_from_its_entry(shop: Register, tmp_path: Path) -> None:
    pack = proved(shop, CHRISTMAS, tmp_path / "pack")
    for file in (pack / "entries").iterdir():
        if "decided" in json.loads(file.read_bytes()):
            result = CliRunner().invoke(main, ["replay", str(file)])
            assert (result.exit_code, result.output) == (0, "The same decision: yes, by D-01.\n")


def test_a_campaign_is_proved_by_what_its_decisions_rest_on(shop: Register, tmp_path: Path) -> None:
    pack = proved(shop, CHRISTMAS, tmp_path / "pack")
    assert kinds(pack) == ["consent", "consent", "decided", "decided", "notice"], "the objection came later"
    rows = list(csv.DictReader(io.StringIO((pack / "decisions.csv").read_text())))
    assert [(row["day"], row["answer"], row["decided anew"]) for row in rows] == [
        (TODAY.isoformat(), "yes", "the same")
    ] * 2
    assert "2 × yes, rule D-01" in words(pack)
    anna = proved(shop, Scope({"id": "K-1"}, "New Year"), tmp_path / "anna")
    assert kinds(anna) == ["consent", "decided", "notice", "objection"]
    assert alone(anna)[0] == alone(pack)[0] == 0


def test_the_evidence_of_others_stays_when_somebody_is_erased(shop: Register, tmp_path: Path) -> None:
    before = proved(shop, CHRISTMAS, tmp_path / "before")
    shop.erase(ANNA, nothing_held, "request", LATER)
    shop.publish(LATER)
    done = prove(shop, tmp_path / "p.zip", CHRISTMAS)
    assert done == Proved(entries=2, decisions=1, forgotten=1, others=0)
    after = proved(shop, CHRISTMAS, tmp_path / "after")
    assert kinds(after) == ["consent", "decided"]
    assert len(list((after / "proofs").iterdir())) == 3, "that it was decided about Anna is proved still"
    assert alone(after)[0] == alone(before)[0] == 0
    with pytest.raises(UnknownSubject):
        prove(shop, tmp_path / "anna.zip", PERSON)
    assert not (tmp_path / "anna.zip").exists()


def test_what_waits_for_its_place_is_not_proved(shop: Register, tmp_path: Path) -> None:
    shop.record(objection("bob", BOB), at=LATER)
    out = tmp_path / "pack.zip"
    with pytest.raises(Unpublished, match="waits for its place in the log; run `grondslag publish` first"):
        prove(shop, out, Scope({"id": "K-2"}))
    assert list(tmp_path.glob("*pack*")) == [] and list(tmp_path.glob(".*")) == [], "nothing half is left"
    prove(shop, out, PERSON)
    shop.publish(LATER)
    prove(shop, out, Scope({"id": "K-2"}))


def test_of_what_is_not_there_no_pack_is_made(shop: Register, tmp_path: Path) -> None:
    for scope, wrong in (
        (Scope(NOBODY), UnknownSubject),
        (Scope(campaign="Easter"), UnknownEntry),
        (Scope({"id": "K-2"}, "New Year"), UnknownEntry),
    ):
        with pytest.raises(wrong):
            prove(shop, tmp_path / "pack.zip", scope)


def test_a_text_of_another_hash_is_not_what_was_shown(register: Register, tmp_path: Path) -> None:
    register.record(
        {"date": "2026-09-01", "notice": {**NOTICE, "text": "Another text.", "hash": OTHER}}, at=NOW
    )
    register.record(consent(consent=CONSENT, date="2026-10-01", proof=PROOF), at=NOW)
    register.publish(NOW)
    assert kinds(proved(register, PERSON, tmp_path / "pack")) == ["consent"]
    named = {"id": "newsletter", "version": "3", "language": "nl"}
    register.record(consent("2", BOB, proof={"notice": named}), at=NOW)
    register.publish(NOW)
    pack = proved(register, Scope({"id": "K-2"}), tmp_path / "bob")
    assert kinds(pack) == ["consent", "notice"], "without a hash, the name tells it"
    assert "the same as the hash of the text below" not in words(pack)


OTHER = "sha256:" + "0" * 64


def test_a_decision_of_another_version_is_evidence_all_the_same(shop: Register, tmp_path: Path) -> None:
    (anna,) = shop.subjects_of(ANNA)
    (tree,) = [json.loads(body)["decided"] for entry, _, body in numbered(shop.vault, _decisions(shop))
               if b"New Year" in body]  # fmt: skip
    tree["receipt"]["receipt"] = 9
    with shop.store.writing():
        enter(shop.vault, [("decided", anna, tree)], int(LATER.timestamp()))
    shop.publish(LATER)
    assert prove(shop, tmp_path / "pack.zip", PERSON).others == 1
    pack = proved(shop, PERSON, tmp_path / "pack")
    assert alone(pack)[0] == 0
    assert "Answer no, rule R-01 Decided anew is not a receipt of format 1" in words(pack)


def _decisions(register: Register) -> list[int]:
    return [number for (number,) in register.store.rows("SELECT number FROM entry WHERE kind = 'decided'")]


def test_a_campaign_of_three_hundred_people(register: Register, tmp_path: Path) -> None:
    people = [{"id": f"K-{n}", "email": f"k{n}@klant.nl"} for n in range(300)]
    given: dict[str, Any] = {"consent": CONSENT, "date": "2026-10-01"}
    register.record(*[consent(f"c{n}", who, **given) for n, who in enumerate(people)], at=NOW)
    register.record(*[objection(f"o{n}", who) for n, who in enumerate(people) if n % 3 == 0], at=NOW)
    register.keep(*[register.decide(who, campaign(), at=TODAY) for who in people], at=NOW)
    register.publish(NOW)
    pack = proved(register, CHRISTMAS, tmp_path / "all")
    assert alone(pack)[1][-2:] == ["shop.example/log: 700 entries of a log of 700", "GOOD"]
    text = words(pack)
    assert "200 × yes, rule D-01 100 × no, rule R-01" in text
    assert "The first 10 decisions follow." in text
    some = proved(register, Scope(campaign="Christmas", sample=7, seed="AP 2026-114"), tmp_path / "some")
    lots = sorted(hashlib.sha256(f"AP 2026-114\n{row['decision']}".encode()).digest()
                  for row in csv.DictReader(io.StringIO((pack / "decisions.csv").read_text())))  # fmt: skip
    drawn = [row["decision"] for row in csv.DictReader(io.StringIO((some / "decisions.csv").read_text()))]
    assert sorted(hashlib.sha256(f"AP 2026-114\n{id_}".encode()).digest() for id_ in drawn) == lots[:7]
    assert "7 of 300 decisions, drawn by lot with the text “AP 2026-114”" in words(some)
    assert alone(some)[0] == 0


def test_a_pack_tells_when_an_authority_saw_the_log(
    shop: Register, tmp_path: Path, authority: Authority, url: str
) -> None:
    size, when = stamp(shop.store, url, authority.root)
    assert (size, stamp(shop.store, url)) == (7, (7, when)), "once is enough"
    assert list(check(shop)) == []
    pack = proved(shop, PERSON, tmp_path / "pack")
    (tmp_path / "root.pem").write_bytes(authority.root)
    code, told = alone(pack, "--tsa-ca", str(tmp_path / "root.pem"))
    assert code == 0
    assert f"timestamp.tsr: {when:%Y-%m-%d %H:%M:%S} UTC, signed by that authority" in told
    shop.record(objection("later", BOB), at=LATER)
    shop.publish(LATER + timedelta(days=1))
    later = proved(shop, PERSON, tmp_path / "later")
    assert any(line.startswith("earlier/7.tsr: ") for line in alone(later)[1]), "it is proof of what was then"
    assert alone(later)[0] == 0


# The commands


def test_the_commands_ask_keep_prove_and_verify(tmp_path: Path) -> None:
    place = str(tmp_path / "shop.register")
    master = new_key(Path(f"{place}.key"))
    Register.new(place, master, controller="Shop BV", origin="shop.example/log").close()
    (tmp_path / "campaign.yaml").write_text(json.dumps(CAMPAIGN))
    run = CliRunner().invoke
    asked = ["ask", place, "--subject", "id=K-1", "--campaign", str(tmp_path / "campaign.yaml"), "--keep"]
    asked += ["--date", "2026-11-25", "--lang", "en"]
    result = run(main, asked)
    assert (result.exit_code, "nothing was kept" in result.output) == (1, True)
    with Register(place, master) as register:
        register.record(consent(consent=CONSENT, date="2026-10-01", proof=PROOF), at=NOW)
    result = run(main, asked)
    assert (result.exit_code, "YES, you may." in result.output) == (0, True)
    told = json.loads(run(main, [*asked, "--json"]).output)
    assert result.output.splitlines()[-1] == f"Kept as {told['kept']}."
    replayed = run(main, ["replay", place, "--decision", told["kept"]])
    assert (replayed.exit_code, replayed.output) == (0, "The same decision: yes, by D-01.\n")
    out = str(tmp_path / "pack.zip")
    proving = ["prove", place, "--campaign", "Christmas", "--out", out]
    result = run(main, proving)
    assert (result.exit_code, "grondslag publish" in result.output) == (2, True)
    result = run(main, [*proving, "--publish", "--lang", "en"])
    assert (result.exit_code, result.output) == (0, f"2 entries, 1 of them decisions, in {out}\n")
    for what in (out, f"{place}.ledger", place):
        result = run(main, ["verify", what])
        assert (result.exit_code, result.output.splitlines()[-1]) == (0, "GOOD"), result.output
    data = bytearray(Path(out).read_bytes())
    data[100] ^= 1
    Path(out).write_bytes(data)
    assert run(main, ["verify", out]).exit_code == 1
    with Register(place, master) as register:
        register.store.rows("DELETE FROM identifier")
    result = run(main, ["verify", place])
    assert (result.exit_code, result.output.splitlines()[-1]) == (1, "WRONG")
    assert "is not found by" in result.output and "klant.nl" not in result.output


def test_many_people_are_asked_about_at_once(tmp_path: Path) -> None:
    place, run = str(tmp_path / "shop.register"), CliRunner().invoke
    master = new_key(Path(f"{place}.key"))
    with Register.new(place, master, controller="Shop BV", origin="shop.example/log") as register:
        register.record(consent(consent=CONSENT, date="2026-10-01"), objection("o", BOB), at=NOW)
    (tmp_path / "campaign.yaml").write_text(json.dumps(CAMPAIGN))
    people = tmp_path / "people.jsonl"
    people.write_text("".join(json.dumps(who) + "\n" for who in (ANNA, BOB, NOBODY)))
    asked = ["ask", place, "--people", str(people), "--campaign", str(tmp_path / "campaign.yaml")]
    asked += ["--date", "2026-11-25", "--keep"]
    result = run(main, asked)
    assert result.exit_code == 1
    assert [line.split() for line in result.output.splitlines()] == [
        ["1", "yes,", "by", "D-01"], ["1", "no,", "by", "R-01"], ["1", "no,", "by", "D-15"], ["2", "kept"],
    ]  # fmt: skip
    again = [json.loads(line) for line in run(main, [*asked, "--json"]).output.splitlines()]
    assert [(each["line"], each["answer"], bool(each["kept"])) for each in again] == [
        (1, "yes", True), (2, "no", True), (3, "no", False),
    ]  # fmt: skip
    with Register(place, master) as register:
        assert register.store.rows("SELECT count(*) FROM campaign") == [(2,)]
    people.write_text('{"email": "anna@klant.nl"}\n{"e-mail": "bob@klant.nl"}\n')
    result = run(main, asked)
    assert (result.exit_code, "people.jsonl, line 2: does not name a person" in result.output) == (2, True)
    assert "bob@" not in result.output


def test_a_situation_that_tells_of_a_person_is_no_question(tmp_path: Path) -> None:
    place, run = str(tmp_path / "shop.register"), CliRunner().invoke
    Register.new(
        place, new_key(Path(f"{place}.key")), controller="Shop BV", origin="shop.example/log"
    ).close()
    situation: dict[str, Any] = {
        "id": "S-1", "title": "t", "controller": CAMPAIGN["controller"], "history": [],
        "act": {"date": "2026-11-25", "do": "keep", "what": "marketing-data", "purpose": "marketing"},
    }  # fmt: skip
    file = tmp_path / "situation.json"
    asked = ["ask", place, "--subject", "id=K-1", "--situation", str(file), "--lang", "en"]
    for history, code in (([], (0, 1)), ([{"date": "2026-01-01", "consent": {}}], (2,))):
        file.write_text(json.dumps({"version": 1, "situations": [{**situation, "history": history}]}))
        assert run(main, asked).exit_code in code
    assert "tells of the event consent; leave it out: the register tells it" in run(main, asked).output


CAMPAIGN = {
    "campaign": "Christmas", "controller": {"name": "Shop BV", "kind": "company"},
    "act": {
        "do": "contact", "channel": "email", "content": "promotional", "purpose": "commercial",
        "advertises": "own", "product": "christmas",
        "message": {"opt_out": "one-click", "identity": True, "objection_right_told": True},
    },
}  # fmt: skip


def test_of_whom_a_part_is_gone_the_rest_is_proved(shop: Register, tmp_path: Path) -> None:
    shop.record(objection("o-new", {"id": "K-1"}), at=LATER)
    assert run(shop, carried(), LATER).account.held
    shop.publish(LATER)
    pack = proved(shop, Scope({"id": "K-1"}), tmp_path / "p")
    assert set(kinds(pack)) <= {"objection", "notice", "person", "contact"} and "objection" in kinds(pack)
    assert alone(pack)[0] == 0
    assert [str(each) for each in check(shop)] == []
