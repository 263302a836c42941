"""What would make it lawful: small, in the organisation's own power, and decided by the same rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from grondslag.decide import _decide, decide
from grondslag.facts import draw
from grondslag.law.profiles import Profile
from grondslag.law.terms import Channel
from grondslag.moves import MOVES
from grondslag.remedy import other_channels, remedies
from grondslag.situations import load

CASEBOOK = Path(__file__).parent.parent / "casebook"
EXAMPLES = {e.id: e for file in sorted(CASEBOOK.glob("*.yaml")) for e in load(file)}


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


def test_a_recording_is_mended_by_announcing_it():
    assert {"announce-with-purpose"} in found("VOX-002")
