"""Which field of the format answers a fact that is not known, so that it can be filled in.

A fact that several fields answer names the one that is most often left out; a fact that no single
field answers, such as those of a question of qualification, is not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from grondslag.decide import Finding
from grondslag.law.situation import Situation

_RECORDS: Final = ("consent", "collection", "relation")

_OF_HISTORY: Final = {
    "consent.sender": "consent.naming",
    "consent.advertiser": "consent.to",
    "consent.channel": "consent.channels",
    "consent.topic": "consent.about",
    "consent.topic_named": "consent.about",
    "consent.purpose": "consent.purpose",
    "consent.data": "consent.data",
    "consent.manner": "consent.by",
    "consent.unconditional": "consent.conditional",
    "consent.incentive": "consent.incentive",
    "consent.informed": "consent.informed",
    "consent.entitled": "consent.given_by",
    "consent.evidence": "consent.evidence",
    "collection.source": "collected.in",
    "collection.gives_detail": "collected.details",
    "collection.own": "collected.by",
    "collection.opt_out": "collected.opt_out_offered",
    "collection.opt_out_used": "collected.opt_out_used",
    "collection.informed": "collected.informed",
    "collection.interest_told": "collected.interest_told",
    "relation.customer": "relation.kind",
    "relation.own": "relation.with",
    "relation.ended": "relation.until",
    "relation.running": "relation.until",
    "person.recipient": "person.kind",
    "person.bel_me_niet": "register.checked",
    "person.postfilter": "register.checked",
    "person.non_mailing_indicator": "register.checked",
    "person.research_filter": "register.checked",
    "person.deceased_register": "register.checked",
    "person.sticker": "register.listed",
    "person.opt_in_municipality": "person.municipality",
    "person.invitation": "published.invitation",
    "person.invitation_matches": "published.matches_offer",
    "person.invitation_kept": "published.snapshot",
    "person.asked": "asked.about",
    "person.register_address": "collected.in",
    "person.told_of_source": "collected.informed",
    "person.compatibility": "assessed.outcome",
    "person.legitimate_interest": "assessed.outcome",
}

_MESSAGE: Final = dict.fromkeys(
    "opt_out identity address reply_works objection_right_told source_told".split()
)
_CALL: Final = dict.fromkeys("number_shown identity_first objection_offered".split())
_FORWARD: Final = dict.fromkeys("reward initiator_clear preview addresses_stored abuse_protection".split())

_OF_ACT: Final[Mapping[str, Mapping[str, str]]] = {
    "contact": {
        **{
            name: f"act.{name}" for name in ("channel", "content", "purpose", "advertises", "local_rules_met")
        },
        "claimed": "act.claimed_basis",
        "sender": "controller.kind",
        "licensed_lottery": "controller.licence",
        "periodical": "controller.issues_per_year",
        **{name: f"act.message.{name}" for name in _MESSAGE},
        **{name: f"act.call.{name}" for name in _CALL},
        "reachable": "act.call.reachable_months",
        "working_day": "act.call.day",
        **{name: f"act.forward.{name}" for name in _FORWARD},
    },
    "share": {
        "aim": "act.for",
        "recipient": "act.to.kind",
        "public_body": "controller.kind",
        "contract_28": "act.contract_28",
        "arrangement_26": "act.arrangement_26",
        "consideration": "act.consideration",
        "could_ask": "collected.details",
    },
    "receive": {
        "public_body": "controller.kind",
        "proof": "act.proof_per_person",
        "checked": "act.own_check",
        "informed_14": "act.informed_14_on",
    },
    "process": {
        "use": "act.what",
        "claimed": "act.claimed_basis",
        "public_body": "controller.kind",
        "political_party": "controller.kind",
        "told": "act.told_at_collection",
    },
    "record": {
        **dict.fromkeys(
            "stated contract complaint training legal_duty consent_proof fraud".split(), "act.purposes"
        ),
        "public_body": "controller.kind",
        **{name: f"act.{name}" for name in ("announced", "phase", "service", "card_data", "paused")},
        **{name: f"act.{name}" for name in ("consent_before_call", "objection_offered")},
    },
    "keep": {
        **{name: f"act.{name}" for name in ("what", "purpose", "for_marketing", "stated", "reasoned")},
        "own_term": "act.term_months",
        "bounded": "act.term_months",
        "needed": "act.since",
        "lawful": "recorded.announced",
        "recorded_for": "recorded.purposes",
    },
    "respond": {
        "right": "request.kind",
        "about": "request.about",
        "outcome": "act.outcome",
        "in_time": "act.answered",
        "in_five_days": "act.answered",
        "reasons": "act.reasons_given",
        "naming": "act.answer_names",
        "charged": "act.charge",
        "plausible": "request.plausible",
    },
    "identify": {
        "right": "act.for",
        **{name: f"act.{name}" for name in ("means", "doubt", "sensitive")},
    },
    "inform": {
        "moment": "act.moment",
        "elsewhere": "collected.in",
        **dict.fromkeys(
            (
                *("lacks_purposes", "lacks_interest", "lacks_retention", "lacks_objection"),
                *("lacks_withdrawal", "lacks_source", "lacks_other"),
            ),
            "act.missing",
        ),
        **{name: f"act.{name}" for name in ("clear", "separate", "on_time")},
    },
}

FIELDS: Final = {
    do: {
        **({("person", "closeness"): "act.closeness"} if do in ("contact", "share") else {}),
        **{tuple(fact.split(".")): field for fact, field in _OF_HISTORY.items()},
        **{("act", name): field for name, field in facts.items()},
    }
    for do, facts in _OF_ACT.items()
}
"""Act → the place and name of a fact → the field that answers it, as the format names it."""


def left_out(situation: Situation, finding: Finding, facts: Iterable[Sequence[str]]) -> Iterator[str]:
    """The fields that would answer those of the facts that are not known.

    :param facts: what a clause of the finding read, such as ``("collection", "opt_out_used")``.
    """
    fields = FIELDS.get(situation.do, {})
    seen: dict[str, Any] = {"act": situation.act, "person": situation.person}
    for name in _RECORDS:
        record = getattr(finding, name)
        # Where no record is on file there is none to complete.
        if record is not None and record in getattr(situation, f"{name}s"):
            seen[name] = record
    for place, name in facts:
        if place in seen and getattr(seen[place], name).value == "unknown" and (place, name) in fields:
            yield fields[place, name]
