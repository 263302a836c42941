"""What would make it lawful: small, in the organisation's own power, and decided by the same rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grondslag.answers import YES
from grondslag.decide import _decide, decide
from grondslag.explain import Explanation, explanation
from grondslag.facts import draw, draw_with_evidence
from grondslag.law.profiles import Profile
from grondslag.law.terms import MINOR, Channel
from grondslag.moves import MOVES
from grondslag.remedy import other_channels, remedies
from tests.casebook import BY_ID as EXAMPLES


def found(name: str):
    example = EXAMPLES[name]
    case = example.case
    decision = decide(draw(case), at=case.act.date, profile=Profile.parse(example.profile))
    return [{move.slug for move in remedy.moves} for remedy in remedies(decision, case)]


def test_every_remedy_leads_to_a_yes_and_no_part_of_it_can_be_left_out():
    for example in EXAMPLES.values():
        case = example.case
        decision = decide(draw(case), at=case.act.date, profile=Profile.parse(example.profile))
        for remedy in remedies(decision, case):
            assert remedy.decision.allowed, example.id
            for move in remedy.moves:
                rest = [other for other in remedy.moves if other is not move]
                situation = decision.situation
                for other in rest:
                    situation = other.apply(situation) or situation
                assert not decide(situation, at=decision.at, profile=decision.profile).allowed, example.id


@pytest.mark.parametrize(
    "name", ["EML-024", "RGT-017", "TEL-032", "EML-083", "RGT-006", "SHR-007", "RGT-001"]
)
def test_nothing_is_proposed_against_an_objection(name):
    assert found(name) == []


def test_looking_for_a_remedy_keeps_none_of_its_neighbours_in_memory():
    case = EXAMPLES["EML-020"].case
    decision = decide(draw(case), at=case.act.date)
    kept = _decide.cache_info().currsize
    assert remedies(decision)
    assert _decide.cache_info().currsize == kept


def test_a_yes_needs_no_remedy():
    assert found("EML-009") == []


def test_an_unverified_consent_to_calls_is_mended_by_verifying_the_number():
    assert {"verify-number"} in found("TEL-045")


def test_a_missing_way_out_is_mended_by_offering_one():
    assert found("EML-020") == [{"offer-way-out"}]


def test_a_withheld_number_is_mended_by_showing_it():
    assert found("TEL-066") == [{"show-number"}]


def test_a_partner_advert_is_mended_by_leaving_it_out():
    assert {"own-products-only"} in found("EML-018")


def test_consent_is_asked_by_a_channel_that_is_itself_allowed():
    """The volunteer may be called by the charity, so by telephone she may be asked about messages."""
    example = EXAMPLES["EML-090"]
    decision = decide(draw(example.case), at=example.case.act.date)
    [remedy] = [r for r in remedies(decision, example.case) if "ask-consent" in {m.slug for m in r.moves}]
    assert remedy.by is Channel.PHONE
    assert Channel.PHONE in dict(other_channels(example.case, decision))


def test_a_stranger_is_asked_when_he_comes_to_you():
    example = EXAMPLES["EML-003"]
    [remedy] = remedies(decide(draw(example.case), at=example.case.act.date), example.case)
    assert {move.slug for move in remedy.moves} == {"ask-consent"}
    assert remedy.by is None


def test_no_move_touches_what_a_person_said_or_did():
    example = EXAMPLES["EML-083"]
    before = draw(example.case)
    for move in MOVES:
        after = move.apply(before)
        if after is not None:
            assert (after.person.objected, after.person.withdrawn, after.person.age) == (
                before.person.objected,
                before.person.withdrawn,
                before.person.age,
            )
            assert after.collections == before.collections


def test_data_that_the_consent_does_not_name_can_be_left_out():
    assert {"only-the-data-agreed"} in found("SEED-025")


def told(name: str, lang: str = "en") -> Explanation:
    example = EXAMPLES[name]
    drawn = draw_with_evidence(example.case)
    decision = decide(drawn.situation, at=example.case.act.date, profile=Profile.parse(example.profile))
    return explanation(decision, drawn, example.case, lang)


@pytest.mark.parametrize(
    ("name", "move"),
    [
        ("EML-068", "ask-parent"),
        ("N-149", "ask-parent"),
        ("N-415", "ask-parent"),
        ("N-517", "only-to-block"),
        ("N-483", "lighter-means"),
        ("RGT-015", "name-recipients"),
        ("N-466", "charge-nothing"),
        ("RGT-016", "charge-nothing"),
        ("RGT-019", "grant-rectification"),
        ("N-471", "grant-erasure"),
        ("N-473", "grant-access"),
        ("N-476", "grant-access"),
        ("VOX-006", "grant-recording"),
        ("N-425", "inform-in-time"),
    ],
)
def test_what_lies_in_your_own_power_is_proposed(name, move):
    assert {move} in found(name)


def test_a_child_is_never_asked_itself():
    asks = {"ask-consent", "ask-explicit-consent", "ask-consent-to-share", "ask-consent-to-record"}
    for example in EXAMPLES.values():
        if draw(example.case).person.age in MINOR:
            assert not asks & {slug for moves in found(example.id) for slug in moves}, example.id


def test_a_masked_copy_is_only_proposed_where_it_may_be_asked():
    """Under a real doubt, and for sensitive data: for other data a login is the heaviest that is allowed."""
    asked = EXAMPLES["N-483"].case
    sensitive = replace(asked, act=replace(asked.act, fields={**asked.act.fields, "sensitive": True}))
    [remedy] = remedies(decide(draw(sensitive), at=asked.act.date))
    assert [move.slug for move in remedy.moves] == ["lighter-means-or-masked"]
    assert remedy.decision.allowed
    assert found("N-483") == [{"lighter-means"}]


def test_consent_to_pass_data_on_names_the_recipient_and_consent_to_anothers_offer_the_advertiser():
    share = {move for e in EXAMPLES.values() if e.case.act.do == "share" for m in found(e.id) for move in m}
    assert "ask-consent" not in share
    assert "ask-consent-to-share" in share
    for example in EXAMPLES.values():
        if example.case.act.fields.get("advertises") in ("third-party", "group-company", "mixed"):
            assert {"ask-consent"} not in found(example.id), example.id


def test_a_request_keeps_the_selection_that_it_is_for():
    """People picked out on their health are not asked by post either: that is the same selection."""
    assert {"ask-explicit-consent"} in found("PST-006")
    example = EXAMPLES["PST-006"]
    decision = decide(draw(example.case), at=example.case.act.date)
    assert {remedy.by for remedy in remedies(decision, example.case)} == {None}


@pytest.mark.parametrize("name", ["TEL-005", "TEL-027", "TEL-032"])
def test_after_a_refusal_no_other_channel_is_looked_for(name):
    example = EXAMPLES[name]
    decision = decide(draw(example.case), at=example.case.act.date, profile=Profile.parse(example.profile))
    assert not list(other_channels(example.case, decision))
    assert told(name).closing.endswith("Respect it.")


def test_every_refusal_ends_in_a_remedy_or_says_that_there_is_none():
    for example in EXAMPLES.values():
        end = told(example.id)
        refused = not end.allowed and end.do != "judge"
        assert bool(end.remedies or end.closing) == refused or end.do == "judge", example.id
        assert not (end.remedies and end.closing), example.id


def test_nobody_is_told_to_respect_what_nobody_asked():
    for example in EXAMPLES.values():
        if told(example.id).closing.endswith("Respect it."):
            said = draw(example.case)
            refused = (said.person.objected, said.person.withdrawn)
            assert YES in (*refused, getattr(said.act, "profiling_refused", None)), example.id
            assert example.case.act.do in ("contact", "share", "process"), example.id


def test_what_is_late_or_mandatory_is_put_right_as_far_as_it_can():
    assert told("INF-002").closing.startswith("The term has passed. Inform")
    assert told("N-437").closing == "Make the field optional."


def test_what_is_not_known_names_the_field_to_fill_in():
    lines = {line for e in EXAMPLES for line in lines_of(told(e)) if line.startswith("fill in: ")}
    assert "fill in: collected.opt_out_used" in lines
    assert "fill in: controller.issues_per_year" in lines


def lines_of(end: Explanation) -> list[str]:
    reasons = [end.deciding, *end.others] if end.deciding else []
    return [line for reason in reasons for condition in reason.conditions for line in condition.on_file]


def test_a_recording_is_mended_by_announcing_it():
    assert {"announce-with-purpose"} in found("VOX-002")
