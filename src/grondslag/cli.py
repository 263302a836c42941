"""The command line: test, decide, rules, replay, screen, schema."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from grondslag.answers import Answer
from grondslag.decide import decide
from grondslag.errors import GrondslagError
from grondslag.explain import explain, explanation
from grondslag.facts import draw, draw_with_evidence
from grondslag.law.citations import Citation
from grondslag.law.profiles import Profile
from grondslag.law.rulebook import DUTCH
from grondslag.law.rules import Rule
from grondslag.question import Act, Case
from grondslag.receipt import package_version, receipt, replay
from grondslag.situations import Example, Expect, load, schema

USAGE: Final = 2
HASH_KEY: Final = "GRONDSLAG_HASH_KEY"
"""In the environment: the key of keyed hashes itself, as text."""
F = TypeVar("F", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A date written 2026-07-01."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{str(value)[:40]!r} is no date; write it as YYYY-MM-DD, e.g. 2026-07-01", param, ctx)


class Policy(click.ParamType[Profile]):
    """strict, balanced, permissive, or strict,P-CUSTOMER=permissive."""

    name = "profile"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Profile:
        if isinstance(value, Profile):
            return value
        try:
            return Profile.parse(str(value))
        except GrondslagError as wrong:
            self.fail(str(wrong), param, ctx)


def clear_errors(command: F) -> F:
    """An error that Grondslag raises on purpose ends in one line and exit code 2, never a traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except GrondslagError as wrong:
            click.echo(f"grondslag: {wrong}", err=True)
            sys.exit(USAGE)
        except OSError as wrong:
            click.echo(f"grondslag: {wrong.filename or ''}: {wrong.strerror or wrong}", err=True)
            sys.exit(USAGE)

    return run  # type: ignore[return-value]


PROFILE = click.option(
    "--profile",
    type=Policy(),
    default=None,
    help="Reading of contested points: strict (default), balanced, permissive, or strict,P-POST=balanced.",
)
LANG = click.option(
    "--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True, help="Language."
)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_version(), prog_name="grondslag")
def main() -> None:
    """Mag dat?  May this organisation do this to this person on this day, and on what ground?

    Rules of the Dutch Telecommunicatiewet 11.7 and the AVG (GDPR).  Not legal advice.
    """


@main.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@PROFILE
@click.option("--json", "as_json", is_flag=True, help="A line of JSON per situation on standard output.")
@clear_errors
def test(files: tuple[Path, ...], profile: Profile | None, as_json: bool) -> None:
    """Decide each situation of FILES and compare the answer with what it expects.

    A situation passes when the answer is as expected, the expected rule is among those that
    determined it, and the expected duties are open.  Exit code: 0 all as expected, 1 some not,
    2 not a valid file.
    """
    results = [result for file in files for example in load(file) for result in _outcomes(example, profile)]
    for result in results:
        if as_json:
            click.echo(json.dumps(result, ensure_ascii=False))
        elif not result["pass"]:
            click.echo(_failure(result))
    passed = sum(result["pass"] for result in results)
    if not as_json:
        click.echo(f"{passed} of {len(results)} as expected")
    sys.exit(0 if passed == len(results) else 1)


def _outcomes(example: Example, profile: Profile | None) -> Iterator[dict[str, Any]]:
    """One result for the situation's own profile, and one for each entry of ``by_profile``."""
    expect = example.expect
    if expect is None:
        raise _no_expectation(example)
    if profile is not None:
        runs = {profile.name: expect.by_profile.get(profile.name, expect.answer)}
    else:
        runs = {example.profile: expect.answer, **expect.by_profile}
    for name, expected in runs.items():
        yield _outcome(example, expect, Profile.parse(name), expected)


def _outcome(example: Example, expect: Expect, profile: Profile, expected: bool) -> dict[str, Any]:
    decision = decide(draw(example.case), at=example.case.act.date, profile=profile)
    words = ("true", "false") if example.case.act.do == "judge" else ("allow", "deny")
    # Another profile may give another answer, and with it other duties; the rule decides either way.
    duties = expect.duties if expected == expect.answer else ()
    good = (
        decision.allowed == expected
        and (expect.rule is None or expect.rule in decision.rules)
        and set(duties) <= set(decision.duties)
    )
    return {
        "id": example.id,
        "profile": decision.profile.name,
        "expected": _said(expected, words),
        "answer": _said(decision.allowed, words),
        "expected_rule": expect.rule,
        "rules": list(decision.rules),
        "duties": list(decision.duties),
        "pass": good,
    }


def _said(answer: bool, words: tuple[str, str]) -> str | bool:
    return answer if words[0] == "true" else words[0] if answer else words[1]


def _failure(result: dict[str, Any]) -> str:
    return (
        f"{result['id']} ({result['profile']}): expected {result['expected']} by {result['expected_rule']}, "
        f"got {result['answer']} by {', '.join(result['rules']) or 'no rule'}; "
        f"open duties: {', '.join(result['duties']) or 'none'}"
    )


def _no_expectation(example: Example) -> GrondslagError:
    return GrondslagError(
        f"situation {example.id} expects nothing; add `expect: {{answer: …, rule: …}}`, "
        "or use `grondslag decide`"
    )


@main.command(name="decide")
@click.argument("file", type=FILE)
@click.option("--id", "wanted", help="Which situation of the file; needed when it holds more than one.")
@click.option("--date", "day", type=Day(), help="Decide as of this day instead of the day of the act.")
@PROFILE
@LANG
@click.option(
    "--json", "as_json", is_flag=True, help="The decision, its explanation and its receipt as JSON."
)
@click.option(
    "--receipt",
    "to",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the receipt to this file.",
)
@clear_errors
def decide_(
    file: Path,
    wanted: str | None,
    day: date | None,
    profile: Profile | None,
    lang: str,
    as_json: bool,
    to: Path | None,
) -> None:
    """Decide one situation of FILE and explain the decision.

    Exit code: 0 yes, 1 no, 2 the question cannot be answered (file, id, date or profile is wrong).
    """
    example = _choose(load(file), wanted, file)
    case = _on(example.case, day)
    drawn = draw_with_evidence(case)
    decision = decide(drawn.situation, at=case.act.date, profile=profile or Profile.parse(example.profile))
    if to is not None:
        to.write_text(json.dumps(receipt(decision), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if as_json:
        told = {**asdict(explanation(decision, drawn, case, lang)), "id": example.id}
        click.echo(
            json.dumps(
                {"explanation": told, "receipt": receipt(decision)}, ensure_ascii=False, default=_plain
            )
        )
    else:
        click.echo(f"{example.id}  {example.title}\n" if example.title else f"{example.id}\n")
        click.echo(explain(decision, drawn, case, lang))
    sys.exit(0 if decision.allowed else 1)


def _plain(value: object) -> Any:
    return value.value if isinstance(value, Answer) else str(value)


def _choose(examples: tuple[Example, ...], wanted: str | None, file: Path) -> Example:
    if wanted is None and len(examples) == 1:
        return examples[0]
    for example in examples:
        if example.id == wanted:
            return example
    some = ", ".join(example.id for example in examples[:8]) + (" …" if len(examples) > 8 else "")
    if wanted is None:
        raise GrondslagError(f"{file} holds {len(examples)} situations; choose one with --id, e.g. {some}")
    raise GrondslagError(f"{file} holds no situation {wanted!r}; it holds {some}")


def _on(case: Case, day: date | None) -> Case:
    return case if day is None else replace(case, act=Act(day, case.act.do, case.act.fields))


@main.command()
@click.option("--date", "day", type=Day(), help="The rules in force on this day; without it every version.")
@click.option("--article", help="Only rules of this article, e.g. 11.7 or AVG 21.")
@click.option(
    "--id", "wanted", help="Only rules that implement this id of docs/law.md, e.g. D-03, or with this slug."
)
@click.option("--json", "as_json", is_flag=True, help="A line of JSON per rule.")
@clear_errors
def rules(day: date | None, article: str | None, wanted: str | None, as_json: bool) -> None:
    """The rulebook: what each rule says, from when to when, and where it stands in the law."""
    if day is not None:
        DUTCH.require_law(day)
    chosen = [rule for rule in DUTCH.rules if _matches(rule, day, article, wanted)]
    if not chosen:
        raise GrondslagError("no rule matches; `grondslag rules` lists them all")
    for rule in chosen:
        click.echo(json.dumps(_as_json(rule, day), ensure_ascii=False) if as_json else _as_text(rule))
    if not as_json:
        click.echo(f"\n{len(chosen)} rules; rulebook {DUTCH.hash[:16]}…")


def _matches(rule: Rule, day: date | None, article: str | None, wanted: str | None) -> bool:
    if day is not None and day not in rule.in_force:
        return False
    if article is not None:
        if not isinstance(rule.law, Citation):
            return False
        name = article.replace("art. ", "").strip().lower()
        if name not in (rule.law.article.lower(), f"{rule.law.law} {rule.law.article}".lower()):
            return False
    return wanted is None or wanted.upper() in rule.ids or wanted == rule.slug


def _as_json(rule: Rule, day: date | None) -> dict[str, Any]:
    first, last = rule.in_force.first, rule.in_force.last
    return {
        "slug": rule.slug,
        "ids": list(rule.ids),
        "effect": rule.effect,
        "do": rule.do,
        "channels": sorted(channel.value for channel in rule.over),
        "law": str(rule.law),
        "url": rule.law.url(day or last or first),
        "first_day": first.isoformat(),
        "last_day": last.isoformat() if last else None,
        "switch": "≥".join(rule.switch) if rule.switch else None,
        "title": rule.title,
        "note": rule.note,
    }


def _as_text(rule: Rule) -> str:
    switch = f"  [{rule.switch[0]} from {rule.switch[1]}]" if rule.switch else ""
    return (
        f"{rule.slug}  {rule.effect} {rule.do}  ({', '.join(rule.ids)}){switch}\n"
        f"    {rule.title}\n    {rule.law}; in force {rule.in_force}"
    )


@main.command(name="replay")
@click.argument("file", metavar="RECEIPT", type=FILE)
@clear_errors
def replay_(file: Path) -> None:
    """Decide again from RECEIPT and say whether the same comes out, or what has changed since.

    Exit code: 0 the same decision, 1 another decision, 2 not a receipt.
    """
    try:
        data = json.loads(file.read_text("utf-8"))
    except ValueError as wrong:
        raise GrondslagError(f"{file} is no receipt: it is not JSON ({type(wrong).__name__})") from wrong
    if not isinstance(data, dict):
        raise GrondslagError(f"{file} is no receipt: give the file that `decide --receipt` wrote")
    # `decide --json` puts the receipt inside; a file of `--receipt` is one.
    inside = data.get("receipt")
    done = replay(inside if isinstance(inside, dict) else data)
    outcome = "The same decision" if done.same else "Another decision"
    verdict = "yes" if done.decision.allowed else "no"
    click.echo(f"{outcome}: {verdict}, by {done.decision.rule or 'no rule'}.")
    for change in done.changes:
        click.echo(f"  - {change}")
    sys.exit(0 if done.same else 1)


@main.command()
@click.argument("campaign", type=FILE)
@click.option(
    "--records",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with a table per kind of event (CSV or Parquet).",
)
@click.option("--audience", required=True, type=FILE, help="Whom: CSV, JSON lines, Parquet or plain lines.")
@click.option(
    "--by",
    default="",
    metavar="WHAT[=COLUMN]",
    help="What names people there: subject, email, phone, address, or one of these with _hash behind it. "
    "Without it the names of the columns tell.",
)
@click.option(
    "--hash-key",
    type=FILE,
    metavar="FILE",
    help=f"The key of keyed hashes (HMAC-SHA-256); without it the text in {HASH_KEY}.",
)
@click.option("--date", "day", required=True, type=Day(), help="The day on which the campaign goes out.")
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the outcome."
)
@PROFILE
@click.option("--force", is_flag=True, help="Replace the outcome of an earlier screening in --out.")
@click.option("--quiet", is_flag=True, help="Do not tell what each input was taken for.")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON.")
@clear_errors
def screen(
    campaign: Path,
    records: Path,
    audience: Path,
    by: str,
    hash_key: Path | None,
    day: date,
    out: Path,
    profile: Profile | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Screen a whole audience for CAMPAIGN: who may be approached, on what ground, who not and why.

    Writes allowed.csv, refused.csv (reason and rule per row), rejects.csv, situations.csv,
    summary.json and receipt.json to --out: all of them, or none.
    """
    try:
        from grondslag.screening import How, screen_files, secret_in, secret_of
    except ModuleNotFoundError as missing:
        raise GrondslagError(
            f"screening needs {missing.name}; install it with: pip install 'grondslag[screening]'"
        ) from missing
    told = screen_files(
        campaign,
        records,
        audience,
        day,
        out,
        profile or Profile.parse("strict"),
        force,
        _progress,
        How(by, secret_in(hash_key) if hash_key else secret_of(os.environ.get(HASH_KEY, ""), HASH_KEY)),
        (lambda _: None) if quiet else _found,
    )
    click.echo(json.dumps(told.plain(), ensure_ascii=False) if as_json else str(told))


def _found(what: str) -> None:
    click.echo(f"Found {what}", err=True)


def _progress(what: str) -> None:
    """Tell on a terminal what is being done; a file or a pipe gets none of it."""
    if sys.stderr.isatty():
        click.echo(f"{what} …", err=True)


@main.command(name="schema")
def schema_() -> None:
    """The JSON Schema of the situation format."""
    click.echo(json.dumps(schema(), indent=2, ensure_ascii=False))
