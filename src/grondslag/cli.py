"""The command line: test, decide, rules, schema.

Others are in :mod:`.audiences`, :mod:`.registers` and :mod:`.verifying`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from grondslag import audiences, registers, verifying
from grondslag.decide import decide
from grondslag.errors import BadCase, GrondslagError, NoLawInForce
from grondslag.explain import explain, explanation
from grondslag.facts import draw, draw_with_evidence
from grondslag.law.citations import Citation
from grondslag.law.profiles import Profile
from grondslag.law.rulebook import DUTCH
from grondslag.law.rules import Rule
from grondslag.options import FILE, LANG, PROFILE, Day, Program, chosen, plain, say
from grondslag.receipt import package_version, receipt
from grondslag.situations import Example, Expect, load, on_day, schema


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_version(), prog_name="grondslag")
def main() -> None:
    """Mag dat?  May this organisation do this to this person on this day, and on what ground?

    Rules of the Dutch Telecommunicatiewet 11.7 and the AVG (GDPR).  Not legal advice.
    """


@main.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@PROFILE
@click.option("--json", "as_json", is_flag=True, help="A line of JSON per situation on standard output.")
def test(files: tuple[Path, ...], profile: Profile | None, as_json: bool) -> None:
    """Decide each situation of FILES and compare the answer with what it expects.

    A situation passes when the answer is as expected, the expected rule is among those that
    determined it, and the expected duties are open.  One dated before the law that the rulebook
    holds fails alone.  A profile of your own is held to what is expected of the one that it starts
    from.  Exit code: 0 all as expected, 1 some not, 2 not a valid file.
    """
    results = [result for file in files for example in load(file) for result in _outcomes(example, profile)]
    for result in results:
        if as_json:
            click.echo(json.dumps(result, ensure_ascii=False))
        elif not result["pass"]:
            say(_failure(result))
    passed = sum(result["pass"] for result in results)
    if not as_json:
        say(f"{passed} of {len(results)} as expected{_borrowed(profile)}")
    sys.exit(0 if passed == len(results) else 1)


def _outcomes(example: Example, profile: Profile | None) -> Iterator[dict[str, Any]]:
    """One result for the situation's own profile, and one for each entry of ``by_profile``."""
    expect = example.expect
    if expect is None:
        raise _no_expectation(example)
    if profile is not None:
        runs = {profile.name: expect.by_profile.get(profile.preset, expect.answer)}
    else:
        runs = {example.profile: expect.answer, **expect.by_profile}
    for name, expected in runs.items():
        yield _outcome(example, expect, Profile.parse(name), expected)


def _outcome(example: Example, expect: Expect, profile: Profile, expected: bool) -> dict[str, Any]:
    words = ("true", "false") if example.case.act.do == "judge" else ("allow", "deny")
    told = {"id": example.id, "profile": profile.name, "expected": _said(expected, words)}
    try:
        decision = decide(draw(example.case), at=example.case.act.date, profile=profile)
    except NoLawInForce as error:
        nothing: dict[str, Any] = {"answer": None, "expected_rule": expect.rule, "rules": [], "duties": []}
        return {**told, **nothing, "pass": False, "error": str(error)}
    # Another profile may give another answer, and with it other duties; the rule decides either way.
    duties = expect.duties if expected == expect.answer else ()
    good = (
        decision.allowed == expected
        and (expect.rule is None or expect.rule in decision.rules)
        and set(duties) <= set(decision.duties)
    )
    return {
        **told,
        "answer": _said(decision.allowed, words),
        "expected_rule": expect.rule,
        "rules": list(decision.rules),
        "duties": list(decision.duties),
        "pass": good,
    }


def _borrowed(profile: Profile | None) -> str:
    """A file says what it expects of strict, balanced and permissive, not of a profile of one's own."""
    if profile is None or profile.name == profile.preset:
        return ""
    return f" of {profile.preset}, from which {profile.name} deviates"


def _said(answer: bool, words: tuple[str, str]) -> str | bool:
    return answer if words[0] == "true" else words[0] if answer else words[1]


def _failure(result: dict[str, Any]) -> str:
    if "error" in result:
        return f"{result['id']} ({result['profile']}): {result['error']}"
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
    example = chosen(load(file), wanted, file)
    example = example if day is None else on_day(example, day, str(file))
    case = example.case
    drawn = draw_with_evidence(case)
    decision = decide(drawn.situation, at=case.act.date, profile=profile or Profile.parse(example.profile))
    if to is not None:
        _save(receipt(decision), to)
    if as_json:
        told = {**asdict(explanation(decision, drawn, case, lang)), "id": example.id}
        click.echo(
            json.dumps({"explanation": told, "receipt": receipt(decision)}, ensure_ascii=False, default=plain)
        )
    else:
        say(f"{example.id}  {example.title}\n" if example.title else f"{example.id}\n")
        say(explain(decision, drawn, case, lang))
    sys.exit(0 if decision.allowed else 1)


def _save(made: dict[str, Any], to: Path) -> None:
    try:
        to.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as wrong:
        raise BadCase(str(to), f"cannot be written ({wrong.strerror})", "name another file") from None


@main.command()
@click.option("--date", "day", type=Day(), help="The rules in force on this day; without it every version.")
@click.option("--article", help="Only rules of this article, e.g. 11.7, AVG 21 or Tw art. 11.7 lid 4.")
@click.option(
    "--id", "wanted", help="Only rules that implement this id of docs/law.md, e.g. D-03, or with this slug."
)
@click.option("--json", "as_json", is_flag=True, help="A line of JSON per rule.")
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
    if article is not None and not _cites(rule, article):
        return False
    return wanted is None or wanted.upper() in rule.ids or wanted == rule.slug


def _cites(rule: Rule, article: str) -> bool:
    """Whether a rule stands in this article, lid or guidance; the name of the law may be left out."""
    wanted, whole = (name.casefold().replace("art.", " ").split() for name in (article, str(rule.law)))
    without_law = whole[len(rule.law.law.split()) :] if isinstance(rule.law, Citation) else whole
    return bool(wanted) and wanted in (whole[: len(wanted)], without_law[: len(wanted)])


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


@main.command(name="schema")
def schema_() -> None:
    """The JSON Schema of the situation format."""
    click.echo(json.dumps(schema(), indent=2, ensure_ascii=False))


for command in (*audiences.COMMANDS, *registers.COMMANDS, *verifying.COMMANDS):
    main.add_command(command)
