"""The command line: exit codes, JSON lines, clear errors and never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from grondslag.cli import main

CASEBOOK = Path(__file__).parent.parent / "casebook"
CONTACT = str(CASEBOOK / "contact.yaml")

ONE = """
version: 1
situations:
- id: A-1
  controller: {name: Winkel BV, kind: company}
  person: {kind: consumer}
  history: []
  act: {date: 2026-11-01, do: contact, channel: email, content: promotional, advertises: own}
  expect: {answer: ANSWER, rule: D-01}
"""


@pytest.fixture
def run():
    return lambda *args: CliRunner().invoke(main, list(args))


@pytest.fixture
def one(tmp_path):
    def write(answer="deny", text=ONE):
        file = tmp_path / "one.yaml"
        file.write_text(text.replace("ANSWER", answer), "utf-8")
        return str(file)

    return write


def test_test_exits_0_when_all_is_as_expected(run, one):
    result = run("test", one())
    assert result.exit_code == 0
    assert result.output == "1 of 1 as expected\n"


def test_test_exits_1_and_names_the_situation_that_is_not_as_expected(run, one):
    result = run("test", one("allow"))
    assert result.exit_code == 1
    assert "A-1 (strict): expected allow by D-01, got deny by" in result.output


@pytest.mark.parametrize("text", ["", "x: 1", "version: 1\nsituations: 7", "\x00", "version: 9"])
def test_test_exits_2_for_what_is_no_valid_file(run, one, text):
    result = run("test", one(text=text))
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert result.output.startswith("grondslag: ")


def test_a_test_under_a_profile_of_ones_own_says_which_expectation_it_takes(run):
    own = "balanced,P-POST=permissive"
    told = run("test", "--profile", own, CONTACT).output.splitlines()[-1]
    assert told.endswith(f"as expected of balanced, from which {own} deviates")
    lines = [json.loads(x) for x in run("test", "--json", "--profile", own, CONTACT).stdout.splitlines()]
    under_balanced = run("test", "--json", "--profile", "balanced", CONTACT).stdout.splitlines()
    assert [line["expected"] for line in lines] == [json.loads(x)["expected"] for x in under_balanced]


def test_a_rule_that_does_not_exist_cannot_be_expected(run, one):
    result = run("test", one(text=ONE.replace("D-01", "Z-99").replace("ANSWER", "deny")))
    assert result.exit_code == 2
    assert "A-1, expect.rule: there is no rule Z-99" in result.output


def test_test_prints_a_line_of_json_per_situation_and_profile(run):
    lines = [json.loads(line) for line in run("test", "--json", CONTACT).stdout.splitlines()]
    assert set(lines[0]) == {
        "id", "profile", "expected", "answer", "expected_rule", "rules", "duties", "pass",
    }  # fmt: skip
    profiles = [line["profile"] for line in lines if line["id"] == "EML-006"]
    assert profiles == ["strict", "balanced", "permissive"]
    assert all(line["pass"] for line in lines)


def test_a_situation_of_before_the_law_fails_alone(run, one):
    today = ONE.replace("ANSWER", "deny")
    early = today.partition("situations:\n")[2].replace("A-1", "A-0").replace("2026-11-01", "2001-11-01")
    result = run("test", one(text=today + early))
    assert result.exit_code == 1
    assert "A-0 (strict): no rule is in force on 2001-11-01" in result.output
    assert result.output.endswith("1 of 2 as expected\n")


def test_decide_exits_0_for_yes_and_1_for_no(run):
    assert run("decide", CONTACT, "--id", "EML-009").exit_code == 0
    assert run("decide", CONTACT, "--id", "EML-010").exit_code == 1


def test_decide_explains_in_dutch_and_in_english(run):
    dutch = run("decide", CONTACT, "--id", "EML-010").output
    english = run("decide", CONTACT, "--id", "EML-010", "--lang", "en").output
    assert dutch != english
    for text in (dutch, english):
        assert "D-07" in text
        assert "Tw art. 11.7 lid 4" in text
        assert "&z=2026-11-01&g=2026-11-01" in text
        assert "op het ogenblik dat zij worden verzameld" in text


def test_decide_on_another_day_applies_the_law_of_that_day(run):
    assert run("decide", CONTACT, "--id", "TEL-067", "--date", "2026-06-30").exit_code == 0
    assert run("decide", CONTACT, "--id", "TEL-067", "--date", "2026-07-01").exit_code == 1


def test_decide_on_another_day_refuses_what_cannot_be_true_on_it(run, one):
    act = "do: respond, received: 2026-10-01, answered: 2026-10-20"
    file = one(text=ONE.partition("do: contact")[0] + act + "}\n  expect: {answer: allow}\n")
    assert run("decide", file).exit_code != 2
    result = run("decide", file, "--date", "2026-10-19")
    assert result.exit_code == 2
    assert "A-1, act.answered: is later than the act" in result.output


@pytest.mark.parametrize(
    "day", ["20260701", "2026-W27-3", "9999-12-31", "1899-12-31", "2200-01-01", " ", "x"]
)
@pytest.mark.parametrize("command", ["decide", "rules", "screen"])
def test_a_day_is_written_in_one_way_and_lies_within_the_calendar(run, command, day):
    args = {
        "decide": (CONTACT, "--id", "EML-009"),
        "rules": (),
        "screen": (CONTACT, "--records", ".", "--audience", CONTACT, "--out", "no-such-folder"),
    }
    result = run(command, *args[command], "--date", day)
    assert result.exit_code == 2
    assert "no day from 1900-01-01 to 2199-12-31; write it as YYYY-MM-DD" in " ".join(result.output.split())


def test_decide_says_which_events_do_not_count_yet(run):
    text = run("decide", CONTACT, "--id", "RGT-017", "--date", "2026-10-01", "--lang", "en").output
    assert "10 October 2026" in text


def test_decide_needs_an_id_when_the_file_holds_more_than_one_situation(run):
    result = run("decide", CONTACT)
    assert result.exit_code == 2
    assert "choose one with --id" in result.output


@pytest.mark.parametrize(
    "args",
    [
        ("--id", "NO-SUCH"),
        ("--id", "EML-009", "--date", "2026-13-01"),
        ("--id", "EML-009", "--date", "1999-01-01"),
        ("--id", "EML-009", "--profile", "lenient"),
        ("--id", "EML-009", "--profile", "strict,P-NONE=strict"),
        ("--id", "EML-009", "--profile", "strict,P-POST=strict,P-POST=permissive"),
    ],
)
def test_decide_exits_2_with_a_remedy_for_a_wrong_question(run, args):
    result = run("decide", CONTACT, *args)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert result.output.strip()


def test_a_receipt_written_by_decide_replays_to_the_same_decision(run, tmp_path):
    file = str(tmp_path / "receipt.json")
    run("decide", CONTACT, "--id", "TEL-018", "--receipt", file)
    result = run("replay", file)
    assert result.exit_code == 0
    assert result.output.startswith("The same decision: no, by T-05.")


def test_replay_exits_2_for_what_is_no_receipt(run, tmp_path):
    file = tmp_path / "receipt.json"
    for text in ("", "[]", "{}", "null", "{", "[" * 100_000, '{"receipt": true, "digest": ""}', "\ud800"):
        file.write_text(text, "utf-8", "surrogatepass")
        result = run("replay", str(file))
        assert result.exit_code == 2
        assert result.output.startswith(f"grondslag: {file}: is not ")
        assert "give the file that `decide --receipt` wrote" in result.output


def test_replay_tells_the_receipt_of_a_screening_from_that_of_a_decision(run, tmp_path):
    file = tmp_path / "receipt.json"
    file.write_text('{"receipt": "screening", "digest": ""}')
    result = run("replay", str(file))
    assert result.exit_code == 2
    assert "is the receipt of a screening, not of a decision" in result.output


def test_decide_json_carries_the_explanation_and_the_receipt(run):
    result = run("decide", CONTACT, "--id", "EML-010", "--json")
    data = json.loads(result.output)
    assert result.exit_code == 1
    assert data["receipt"]["rule"] == "D-07"
    assert data["explanation"]["deciding"]["conditions"][0]["answer"] in ("yes", "no", "unknown")


def test_rules_lists_the_soft_opt_in_by_article_id_and_day(run):
    text = run("rules", "--id", "D-03", "--date", "2026-07-01").output
    assert "soft-opt-in  permits contact  (D-03)" in text
    assert "Tw art. 11.7 lid 4; in force 2021-07-01 – …" in text
    assert "lid 3" in run("rules", "--id", "D-03", "--date", "2021-06-30").output
    lines = run("rules", "--article", "AVG 21", "--json").output.splitlines()
    assert lines and all("AVG art. 21" in json.loads(line)["law"] for line in lines)


def test_rules_finds_an_article_as_it_prints_it(run):
    lines = [json.loads(line) for line in run("rules", "--json").output.splitlines()]
    for law in {line["law"] for line in lines}:
        found = run("rules", "--json", "--article", law).output.splitlines()
        assert {line["slug"] for line in lines if line["law"] == law} <= {
            json.loads(x)["slug"] for x in found
        }
    of_lid = run("rules", "--article", "11.7 lid 4", "--json").output
    assert of_lid == run("rules", "--article", "Tw art. 11.7 lid 4", "--json").output
    assert {json.loads(line)["law"] for line in of_lid.splitlines()} == {"Tw art. 11.7 lid 4"}


def test_rules_refuses_a_day_before_the_law_and_a_rule_that_does_not_exist(run):
    assert run("rules", "--date", "2004-05-18").exit_code == 2
    assert run("rules", "--date", "2004-05-19").exit_code == 0
    assert run("rules", "--id", "Z-99").exit_code == 2


# What becomes of the output


def in_a_shell(command, **extra):
    """The command in a shell, as a user types it; `grondslag` is the one of this Python."""
    program = f"{sys.executable} -c 'from grondslag.cli import main; main()'"
    script = command.replace("grondslag", program)
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, **extra)


FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full")


@FULL
@pytest.mark.parametrize(
    "command", ["schema", "rules", "--help", "--version", "decide --help", f"test {CONTACT}"]
)
def test_a_full_disk_is_told_without_a_traceback(command):
    done = in_a_shell(f"grondslag {command} > /dev/full")
    assert done.returncode == 2
    assert done.stderr == "grondslag: standard output: No space left on device\n"


@FULL
def test_a_receipt_that_cannot_be_written_is_named():
    done = in_a_shell(f"grondslag decide {CONTACT} --id EML-009 --receipt /dev/full")
    assert done.returncode == 2
    assert done.stderr.startswith("grondslag: /dev/full: cannot be written (No space left on device)")


def test_who_reads_no_further_ends_the_program_in_silence():
    done = in_a_shell("grondslag rules | true; echo ${PIPESTATUS[0]}")
    assert done.stderr == ""
    assert done.stdout == "141\n"


def test_no_file_can_command_the_terminal(run, one, tmp_path):
    title = '"\\e[2J\\u009b31m\\u202e"'
    result = run(
        "decide", one(text=ONE.replace("ANSWER", "deny").replace("id: A-1", f"id: A-1\n  title: {title}"))
    )
    assert result.exit_code == 2  # no control signs in a title
    title = '"\\u009b31m\\u202eAnna"'
    told = run(
        "decide", one(text=ONE.replace("ANSWER", "deny").replace("id: A-1", f"id: A-1\n  title: {title}"))
    )
    assert told.output.startswith("A-1  \N{REPLACEMENT CHARACTER}31m\N{REPLACEMENT CHARACTER}Anna\n")
    campaign, audience = tmp_path / "campaign.yaml", tmp_path / "audience.csv"
    campaign.write_text(
        "controller: {kind: company}\nact: {do: contact, channel: email, content: promotional}\n"
    )
    audience.write_text("subject\nanna\n")
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "objection.csv").write_bytes(
        b"subject,date,na\x1b[31mme\xc2\x9b2J\nanna,2026-01-01,1\n"
    )
    args = (
        "--records",
        str(tmp_path / "records"),
        "--audience",
        str(audience),
        "--out",
        str(tmp_path / "out"),
    )
    refused = run("screen", str(campaign), *args, "--date", "2026-08-01")
    assert refused.exit_code == 2
    assert "\x1b" not in refused.output and "\x9b" not in refused.output
    assert "31mme" in refused.output
