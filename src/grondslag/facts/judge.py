"""The facts of ``do: judge``: a question of qualification, and the records that it is asked about.

The facts of the question stand in ``facts``.  Words in the same spirit as those of the format are
read too; what cannot be read counts as unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, all_of, answer, any_of, not_
from grondslag.facts import contact
from grondslag.facts.file import File
from grondslag.facts.reading import flag, listed, part, same_party, some, term, text
from grondslag.law.rights_terms import Happening, Query, Question, Role, Subject
from grondslag.law.situation import Consent, Situation
from grondslag.law.terms import Advertises, Channel, Content, Purpose
from grondslag.question import Fields

_ROLES: Final = {
    Role.CARRIER: "transport-provider mailing-tool access-provider internet-provider hosting-provider "
    "telecom-provider email-service-provider software-supplier processor mailing-house",
    Role.BETWEEN: "affiliate-network affiliate network call-centre agency contractor "
    "intermediary data-broker",
    Role.PRINCIPAL: "advertiser publisher list-owner principal controller owner sender",
}
_CONTENTS: Final = {
    Content.CONSENT_REQUEST: "consent permission preference preferences",
    Content.PROMOTIONAL: "promotional promotion promo advertisement advertorial banner offer upsell sale "
    "discount voucher editorial summaries newsletter survey quiz contest details marketing campaign",
    Content.RESEARCH: "research",
    Content.REPLY: "reply requested",
    Content.FACTUAL: "factual service order shipping delivery invoice receipt payment reminder status "
    "confirmation notice recall security password maintenance outage appointment",
}
"""A part of the word for the content → what it is; what sells, sells, whatever else it is called."""
_HAPPENINGS: Final = {
    Happening.WITHDRAWAL: "withdrawal",
    Happening.CHANGE: "rectification erasure restriction",
    Happening.OTHER: "objection access portability proof",
}
_COMMERCIAL: Final = ("commercial", "purely-commercial", "marketing", "direct-marketing")
_CALLED: Final = ("call-by-trader", "call", "outbound-call", "telemarketing")
_PERSON: Final = ("person", "customer", "consumer", "subject")
_WAYS_OUT: Final = {YES: "one-click link reply", NO: "login phone-only none"}
_EFFORT: Final = (
    "one-click click link button ticked-box checkbox box tick reply stop stop-word sms-stop toggle "
    "unsubscribe",
    "email double-opt-in form web-form online-form online app",
    "login account portal phone call oral",
    "phone-office-hours call-office-hours letter registered-letter written paper post shop in-shop in-person",
)
"""Ways to give or withdraw consent, or parts of their names, from the least effort to the most."""
_DETOURS: Final = frozenset({"login", "account", "portal"})
_IN_WRITING: Final = {
    YES: "written signed paper letter email e-mail electronic digital signature online document",
    NO: "oral recorded voice recording phone call spoken tape none",
}
"""Forms of a contract, or parts of their names; what is said aloud is not in writing, however it is kept."""
_PRODUCTS: Final = {
    YES: "electricity gas water heat district-heating energy green-energy electricity-and-gas mobile "
    "mobile-subscription phone-subscription telephone-subscription telephone internet tv television "
    "broadband hosting heat-pump-service maintenance-contract gym membership",
    NO: "solar-panels shoes books book clothes furniture kitchen wine vacuum-cleaner mattress coffee tyres "
    "car toys glasses",
}
_EXCUSES: Final = ("impossible", "disproportionate", "disproportionate_effort")
"""AVG 19: 'tenzij dit onmogelijk blijkt of onevenredig veel inspanning vergt'."""
_HARD: Final = {
    YES: "small-text-link small-refusal-link small-print extra-form hidden hidden-link letter phone login",
    NO: "large-button button equal-button ticked-box same-button checkbox",
}


def judging(file: File) -> Situation:
    """The question with its facts, and everything on file, as the channel of the question sees it."""
    act = file.case.act
    facts = part(act.fields, "facts")
    seen = File(replace(file.case, act=replace(act, fields={**act.fields, **facts})))
    file.evidence = seen.evidence
    question = term(Query, act.fields.get("question"))
    consents = []
    for consent in _consents(seen, facts):
        asked = _as_asked(consent, facts)
        seen.evidence[asked] = seen.evidence[consent]
        consents.append(asked)
    return Situation(
        "judge",
        _question(seen, question, facts),
        contact.person(seen),
        tuple(dict.fromkeys(consents)),
        seen.collections(),
        seen.relations(),
    )


def _consents(file: File, facts: Fields) -> tuple[Consent, ...]:
    """The consents for the purpose that is asked about, or else for what they were given for."""
    given = {text(event.fields, "purpose") for event in file.all("consent")} - {None}
    purpose = text(facts, "purpose_of_consent") or (given.pop() if len(given) == 1 else None)
    return file.consents(purpose=purpose or "marketing")


def _as_asked(consent: Consent, facts: Fields) -> Consent:
    """A question that names no channel or product asks about the consent as it was given."""
    return replace(
        consent,
        channel=consent.channel if "channel" in facts else YES,
        topic=consent.topic if "product" in facts else _not_unknown(consent.topic_named),
    )


def _not_unknown(value: Answer) -> Answer:
    return UNKNOWN if value is UNKNOWN else YES


def _question(file: File, question: Query, facts: Fields) -> Question:
    """The discrete facts; each question reads its own."""
    found = Question(
        question=question,
        channel=term(Channel, facts.get("channel")),
        purpose=_purpose(file, facts),
        advertises=term(Advertises, facts.get("advertises")),
        on_behalf=contact.on_behalf(file),
        opt_out=_word(_WAYS_OUT, facts.get("opt_out_in_message")),
    )
    draw: Mapping[Query, Any] = {
        Query.DIRECT_MARKETING: _marketing,
        Query.SENDER: _sender,
        Query.RESPONSIBLE: _sender,
        Query.CONSENT_VALID: _form,
        Query.PROOF: _proof,
        Query.LEGITIMATE_INTEREST: _interest,
        Query.WRITTEN_FORM: _written,
        Query.WITHDRAWAL_EASY: _withdrawal,
        Query.SANCTIONABLE: _sanction,
        Query.MUST_RECORD: _recording,
    }
    if question is Query.MUST_TELL_RECIPIENTS:
        return replace(found, **_recipients(file, facts))
    return replace(found, **draw[question](facts)) if question in draw else found


def _purpose(file: File, facts: Fields) -> Purpose:
    """A company advertises for commercial purposes, also when nobody says so."""
    purpose = term(Purpose, facts.get("purpose"))
    trades = file.case.controller.get("kind") in ("company", "lottery", "press-publisher")
    return Purpose.COMMERCIAL if purpose is Purpose.UNKNOWN and "purpose" not in facts and trades else purpose


# --- By question ------------------------------------------------------------------------------------


def _marketing(facts: Fields) -> dict[str, Any]:
    """A sales element makes any content marketing; a survey without one is research."""
    sales = _any(facts, "links_to_paid_offer", "commercial_aim", "contains_offer", "advertisement")
    parts = set((text(facts, "content") or "").split("-"))
    content = next((c for c, known in _CONTENTS.items() if parts & set(known.split())), Content.UNKNOWN)
    if sales is YES:
        content = Content.PROMOTIONAL
    elif "survey" in parts and flag(facts, "commercial_aim") is NO:
        content = Content.RESEARCH
    unsold = flag(facts, "links_to_paid_offer") is NO and sales is not YES
    return {
        "content": content,
        "editorial": answer(unsold and "editorial" in parts),
        "directed": flag(facts, "individually_directed"),
    }


def _sender(facts: Fields) -> dict[str, Any]:
    """A carrier carries: dispatching is his trade, and what else he might do would be on record."""
    role = _named(Role, _ROLES, facts.get("role"))
    say = _any(facts, "decides_content", "supplies_addresses", "sets_campaign_rules")
    names = ("monitors_campaigns", "paid_by_advertisers", "steers_publishers")
    engaged = _any(facts, *names, "dispatches")
    if role is Role.CARRIER:
        engaged = answer(any(facts.get(name) is True for name in names))
        rules = ("sets_campaign_rules",) if "sets_campaign_rules" in facts else ()
        say = _any(facts, "decides_content", "supplies_addresses", *rules)
    return {"role": role, "has_say": say, "engaged": engaged}


def _form(facts: Fields) -> dict[str, Any]:
    """How the form put the choice, and who filled it in."""
    refusing = [facts[name] for name in ("refuse", "refusal") if name in facts]
    by = text(facts, "filled_by")
    other = NO if "filled_by" not in facts else UNKNOWN if by is None else answer(by not in _PERSON)
    return {"refusal_hard": some(_word(_HARD, word) for word in refusing), "filled_by_other": other}


def _proof(facts: Fields) -> dict[str, Any]:
    """What was found for this person, and what it shows."""
    shows = [flag(facts, name) for name in ("shows_identity", "shows_wording", "shows_act")]
    recorded = text(facts, "proof") in ("recording", "voice-log", "call-recording")
    found = flag(facts, "form_found")
    if any(name in facts for name in ("shows_identity", "shows_wording", "shows_act")) or recorded:
        found = all_of(*shows) if "form_found" not in facts else all_of(found, *shows)
    return {
        **_form(facts),
        "subject": _subject(facts, recorded),
        "shown": found,
        "before_call": flag(facts, "consent_before_call"),
        "logged": any_of(
            not_(flag(facts, "disclosures_made")),
            all_of(flag(facts, "log_kept"), flag(facts, "recipients_known")),
        ),
    }


def _subject(facts: Fields, recorded: bool) -> Subject:
    of = text(facts, "of") or "consent"
    if of in ("disclosures", "disclosure", "sharing"):
        return Subject.DISCLOSURES
    if of != "consent":
        return Subject.UNKNOWN
    return Subject.RECORDED_CONSENT if recorded else Subject.CONSENT


def _interest(facts: Fields) -> dict[str, Any]:
    """The interest itself, and what is known against its necessity, its balance and its telling."""
    interest = text(facts, "interest")
    return {
        "lawful": flag(facts, "lawful"),
        "commercial": UNKNOWN if interest is None else answer(interest in _COMMERCIAL),
        "in_law": flag(facts, "laid_down_in_law"),
        "unnecessary": _denied(facts, "necessary", "strictly_necessary"),
        "outweighed": _denied(facts, "balanced", "expected", "reasonably_expected"),
        "untold": _denied(facts, "told_at_collection", "interest_told"),
    }


def _written(facts: Fields) -> dict[str, Any]:
    origin = text(facts, "resulted_from")
    said = flag(facts, "regular") if "regular" in facts else not_(flag(facts, "one_off"))
    regular = _word(_PRODUCTS, facts.get("product")) if said is UNKNOWN else said
    return {
        "written": _in_writing(facts.get("form")),
        "from_call": UNKNOWN if origin is None else answer(origin in _CALLED),
        "renewal": flag(facts, "renewal"),
        "regular": regular,
    }


def _withdrawal(facts: Fields) -> dict[str, Any]:
    """No more steps than giving took; a login only when giving asked for one too."""
    given, withdrawn = text(facts, "giving") or "", text(facts, "withdrawing") or ""
    giving, withdrawing = _effort(given), _effort(withdrawn)
    same = withdrawn.startswith("same") or (given != "" and given == withdrawn)
    if _DETOURS & _parts(withdrawn) and not (same or _DETOURS & _parts(given)):
        easy = NO
    elif same or withdrawing == 0:
        easy = YES
    else:
        easy = UNKNOWN if giving is None or withdrawing is None else answer(withdrawing <= giving)
    free = _denied(facts, "free")
    return {"as_easy": easy, "charged": any_of(free, flag(facts, "charge")) if "charge" in facts else free}


def _effort(way: str) -> int | None:
    """The step of a way, or of the parts of its name: a link in an e-mail is a link, a form by post post."""
    steps = {word: step for step, ways in enumerate(_EFFORT) for word in ways.split()}
    known = {steps[word] for word in (_parts(way) if way not in steps else {way}) if word in steps}
    if not known:
        return None
    return 0 if known <= {0, 1} and 0 in known else max(known)


def _parts(words: str) -> set[str]:
    return set(words.split("-"))


def _in_writing(form: object) -> Answer:
    found = _word(_IN_WRITING, form)
    if found is not UNKNOWN or not isinstance(form, str):
        return found
    read = {_word(_IN_WRITING, part) for part in _parts(form)}
    return NO if NO in read else YES if YES in read else UNKNOWN


def _sanction(facts: Fields) -> dict[str, Any]:
    made = [flag(facts, name) for name in ("connection_made", "delivered") if name in facts]
    return {"connected": some(made) if made else UNKNOWN, "breach": flag(facts, "breach")}


def _recording(facts: Fields) -> dict[str, Any]:
    service = text(facts, "service")
    asked = [flag(facts, name) for name in ("intended_to_lead_to_order", "transaction") if name in facts]
    return {
        "investment": UNKNOWN if service is None else answer(service == "investment"),
        "to_order": some(asked) if asked else UNKNOWN,
    }


def _recipients(file: File, facts: Fields) -> dict[str, Any]:
    """Who got the data: by the log, or by other controllers that stood on the consent form."""
    shared = file.all("shared")
    others = [
        event
        for event in file.all("consent")
        if any(not same_party(name, file.controller) for name in listed(event.fields, "to") or ())
    ]
    file.rests_on("recipients", *shared, *others)
    told = [flag(facts, name) for name in ("shared", "disclosures_made") if name in facts]
    return {
        "happening": _named(Happening, _HAPPENINGS, facts.get("event")),
        "one_consent": flag(facts, "one_consent_for_all"),
        "recipients": YES if shared or others else some(told) if told else UNKNOWN,
        "impossible": answer(any(facts.get(name) is True for name in _EXCUSES)),
    }


# --- Reading ----------------------------------------------------------------------------------------


def _named(kind: Any, words: Mapping[Any, str], value: object) -> Any:
    """The member that one of these words names, else the member with that value, else unknown."""
    found = next((member for member, names in words.items() if value in names.split()), None)
    return found or term(kind, value)


def _word(words: Mapping[Answer, str], value: object) -> Answer:
    return next((found for found, names in words.items() if value in names.split()), UNKNOWN)


def _any(facts: Fields, *names: str) -> Answer:
    """Yes when one is true, no when all are false, unknown when one that could be is left out."""
    return some(flag(facts, name) for name in names)


def _denied(facts: Fields, *names: str) -> Answer:
    """Whether something is known against it; what is not mentioned is not at issue."""
    return some(not_(flag(facts, name)) for name in names if name in facts)
