"""The facts of ``do: contact``: the message or call, and the person as it sees him."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, answer
from grondslag.facts.file import DETAIL, File, covers
from grondslag.facts.reading import add_months, flag, listed, number, part, same_party, some, term, text
from grondslag.law.parameters import (
    AGE_OF_CONSENT,
    AGE_OF_OWN_VOICE,
    CONFIRMATION_DAYS,
    LICENCES,
    OPT_IN_MUNICIPALITIES,
    PERIODICAL_ISSUES,
    REACHABLE_MONTHS,
    REGISTER_DAYS,
    REQUEST_MONTHS,
    in_eea,
)
from grondslag.law.situation import Message, Person
from grondslag.law.terms import (
    ELSEWHERE,
    Advertises,
    Age,
    Channel,
    Claimed,
    Closeness,
    Content,
    Invitation,
    Listing,
    Purpose,
    Recipient,
    Request,
    Sender,
    Source,
    Sticker,
)
from grondslag.question import Event

_EASY: Final = {"one-click": YES, "link": YES, "reply": YES, "login": NO, "phone-only": NO, "none": NO}
_ASKED_BY: Final = {"call": ("phone",), "message": ("email", "sms", "messenger", "social-dm", "push")}
_STRONGEST: Final = (Request.CALL, Request.REPLY, Request.UNKNOWN, Request.OTHER)


def message(file: File) -> Message:
    """What the message or call is, offers, says and shows."""
    act, controller = file.case.act.fields, file.case.controller
    sent, call, forward = part(act, "message"), part(act, "call"), part(act, "forward")
    issues, months, licence = (
        number(controller, "issues_per_year"),
        number(call, "reachable_months"),
        text(controller, "licence"),
    )
    sender = term(Sender, controller.get("kind"))
    working = text(call, "day")
    return Message(
        channel=term(Channel, act.get("channel")),
        content=term(Content, act.get("content")),
        purpose=term(Purpose, act.get("purpose")),
        advertises=term(Advertises, act.get("advertises")),
        claimed=term(Claimed, act.get("claimed_basis")),
        sender=sender,
        licensed_lottery=answer(licence in LICENCES)
        if licence or sender not in (Sender.LOTTERY, Sender.UNKNOWN)
        else UNKNOWN,
        periodical=_periodical(sender, issues),
        special_category=answer(act.get("special_category") is not None),
        on_behalf=on_behalf(file),
        local_rules_met=flag(act, "local_rules_met"),
        opt_out=_EASY.get(text(sent, "opt_out") or "", UNKNOWN),
        identity=flag(sent, "identity"),
        address=flag(sent, "address"),
        reply_works=flag(sent, "reply_works"),
        objection_right_told=flag(sent, "objection_right_told"),
        source_told=flag(sent, "source_told"),
        number_shown=flag(call, "number_shown"),
        reachable=answer(None if months is None else months >= REACHABLE_MONTHS),
        identity_first=flag(call, "identity_first"),
        objection_offered=flag(call, "objection_offered"),
        working_day=answer(None if working is None else working == "working"),
        reward=flag(forward, "reward"),
        initiator_clear=flag(forward, "initiator_clear"),
        preview=flag(forward, "preview"),
        addresses_stored=flag(forward, "addresses_stored"),
        abuse_protection=flag(forward, "abuse_protection"),
    )


def on_behalf(file: File) -> Answer:
    """The controller uses its own list for another advertiser."""
    advertiser = text(file.case.act.fields, "on_behalf_of")
    return answer(advertiser is not None and not same_party(advertiser, file.controller))


def _periodical(sender: Sender, issues: int | None) -> Answer:
    if issues is not None:
        return answer(issues >= PERIODICAL_ISSUES)
    return UNKNOWN if sender in (Sender.PRESS_PUBLISHER, Sender.UNKNOWN) else NO


def person(file: File) -> Person:
    """What is on file about the person, for every kind of act; consents and relations apart."""
    return Person(**on_any_channel(file), **on_this_channel(file))


def on_any_channel(file: File) -> dict[str, Any]:
    """The facts of the person that are the same whatever is sent to her that day, and by what means."""
    country = text(file.case.person, "country")
    received = [e for e in file.all("interaction") if e.date < file.at]
    file.rests_on("contacted_before", *received)
    return {
        "recipient": term(Recipient, file.case.person.get("kind")),
        "abroad": answer(country is not None and country.strip().upper() != "NL"),
        "outside_eea": answer(country is not None and not in_eea(country, file.at)),
        "age": age(file),
        "deceased": _deceased(file),
        "bel_me_niet": _listing(file, "bel-me-niet", REGISTER_DAYS),
        "postfilter": _listing(file, "postfilter"),
        "non_mailing_indicator": _listing(file, "non-mailing-indicator"),
        "research_filter": _listing(file, "research-filter"),
        "deceased_register": _listing(file, "deceased"),
        "sticker": _sticker(file),
        "opt_in_municipality": _opt_in_municipality(file),
        "contacted_before": answer(bool(received)),
        "compatibility": file.assessment("compatibility"),
        "legitimate_interest": file.assessment("legitimate-interest"),
    }


def on_this_channel(file: File) -> dict[str, Any]:
    """The facts of the person that depend on the act: its channel, its product, how close that is."""
    refusals, withdrawals = file.refusals(), file.withdrawals()
    away = [e for e in withdrawals if (at := text(e.fields, "at")) and not same_party(at, file.controller)]
    published = _published(file)
    from_elsewhere, told_of_source = _source(file)
    file.rests_on("objected", *refusals)
    file.rests_on("withdrawn", *withdrawals)
    file.rests_on("withdrawn_elsewhere", *away)
    file.rests_on("invitation", published)
    return {
        "objected": answer(bool(refusals)),
        "withdrawn": answer(bool(withdrawals)),
        "withdrawn_elsewhere": answer(bool(away)),
        "reimported": _reimported(file, refusals),
        "invitation": _invitation(file, published),
        "invitation_matches": flag(published.fields, "matches_offer") if published else UNKNOWN,
        "invitation_kept": flag(published.fields, "snapshot") if published else UNKNOWN,
        "asked": _asked(file),
        "just_entered": _just_entered(file),
        "register_address": _register_address(file),
        "from_elsewhere": from_elsewhere,
        "told_of_source": told_of_source,
        "closeness": term(Closeness, file.case.act.fields.get("closeness")),
    }


def age(file: File) -> Age:
    """The band of the age on file; nobody has to ask for it (AVG 11), so unknown is no minor."""
    years = number(file.case.person, "age")
    if years is None:
        return Age.UNKNOWN
    if years >= AGE_OF_CONSENT:
        return Age.SIXTEEN_OR_OVER
    return Age.TWELVE_TO_FIFTEEN if years >= AGE_OF_OWN_VOICE else Age.UNDER_TWELVE


def _deceased(file: File) -> Answer:
    listed = file.register("deceased")
    file.rests_on("deceased", listed)
    told = file.case.person.get("deceased") is True
    return answer(told or bool(listed and listed.fields.get("listed") is True))


def _reimported(file: File, refusals: list[Event]) -> Answer:
    """After the first objection the details came in once more, from another or by a form of one's own."""
    if not refusals:
        return NO
    first = min(event.date for event in refusals)
    again = [e for e in file.all("collected") if e.date > first]
    file.rests_on("reimported", *again)
    return answer(bool(again))


def _listing(file: File, name: str, good_for_days: int | None = None) -> Listing:
    event = file.register(name)
    if event is None:
        return Listing.UNKNOWN
    file.rests_on(name.replace("-", "_"), event)
    listed = event.fields.get("listed")
    if not isinstance(listed, bool):
        return Listing.UNKNOWN
    if listed:
        return Listing.LISTED
    if "checked" not in event.fields:
        return Listing.UNKNOWN
    fresh = good_for_days is None or file.within(event, good_for_days)
    return Listing.CLEAR if fresh else Listing.STALE


def _sticker(file: File) -> Sticker:
    event = file.register("door-sticker")
    file.rests_on("sticker", event)
    return term(Sticker, event.fields.get("listed")) if event else Sticker.UNKNOWN


def _opt_in_municipality(file: File) -> Answer:
    name = text(file.case.person, "municipality")
    if name is None:
        return UNKNOWN
    since = OPT_IN_MUNICIPALITIES.get(" ".join(name.casefold().split()))
    return answer(since is not None and since <= file.at)


def _published(file: File) -> Event | None:
    """The latest publication of the detail that this channel needs."""
    details = DETAIL.get(file.channel or "", ())
    return file.last("published", lambda e: text(e.fields, "detail") in details)


def _invitation(file: File, published: Event | None) -> Invitation:
    if published is not None:
        return term(Invitation, published.fields.get("invitation"))
    details = [text(event.fields, "detail") for event in file.all("published")]
    return Invitation.UNKNOWN if None in details else Invitation.OTHER if details else Invitation.ABSENT


def _asked(file: File) -> Request:
    """The person asked for this, on this subject, by a way that fits, within three months."""
    found = {_request(file, event): event for event in file.all("asked")}
    if not found:
        return Request.NONE
    best = next(request for request in _STRONGEST if request in found)
    file.rests_on("asked", found[best])
    return best


def _request(file: File, asked: Event) -> Request:
    about, wanted = text(asked.fields, "about"), text(asked.fields, "for")
    fits = wanted is not None and (wanted not in _ASKED_BY or file.channel in _ASKED_BY[wanted])
    if not fits or file.at > add_months(asked.date, REQUEST_MONTHS):
        return Request.OTHER
    if about is None or file.product is None:
        return Request.UNKNOWN
    if about != file.product:
        return Request.OTHER
    return Request.CALL if wanted == "call" else Request.REPLY


def _just_entered(file: File) -> Answer:
    """The address was entered here at most a week ago, by the person: in a form, or with a consent to us."""
    since = file.at - timedelta(days=CONFIRMATION_DAYS)
    lately = [
        e
        for e in (*file.all("collected"), *file.all("consent"))
        if e.date >= since and term(Source, e.fields.get("in")) not in ELSEWHERE
    ]
    file.rests_on("just_entered", *lately)
    return some(_entered(file, event) for event in lately)


def _entered(file: File, event: Event) -> Answer:
    if event.kind == "collected":
        return file.gives_detail(event)
    named = listed(event.fields, "to")
    ours = named is None or any(same_party(name, file.controller) for name in named)
    if "channels" not in event.fields or file.channel is None:
        return UNKNOWN if ours else NO
    return answer(ours and covers(event, file.channel))


def _register_address(file: File) -> Answer:
    """Whether the detail came from the trade register; who gave it himself took it from nowhere.

    A collection that does not say where may have been from there; without any, nobody knows.
    """
    may_give = [e for e in file.all("collected") if file.gives_detail(e) is not NO]
    if not may_give:
        return UNKNOWN
    told = [(term(Source, e.fields.get("in")), file.gives_detail(e)) for e in may_give]
    file.rests_on("register_address", *may_give)
    if {source for source, gives in told if gives is YES} - ELSEWHERE - {Source.UNKNOWN}:
        return NO
    sources = {source for source, _ in told}
    return YES if sources & {Source.PUBLIC_REGISTER, Source.UNKNOWN} else UNKNOWN


def _source(file: File) -> tuple[Answer, Answer]:
    """Whether this detail came from others only, and whether the person was told (AVG 14)."""
    own: list[Event] = []
    others: list[Event] = []
    for event in file.all("collected"):
        source, by = term(Source, event.fields.get("in")), text(event.fields, "by")
        elsewhere = source in ELSEWHERE or (by is not None and not same_party(by, file.controller))
        # Which details were obtained may be left out: it may have been this one.
        given = file.gives_detail(event)
        if given is YES or (elsewhere and given is UNKNOWN):
            (others if elsewhere else own).append(event)
    file.rests_on("from_elsewhere", *others)
    return (
        answer(bool(others) and not own),
        some(flag(event.fields, "informed") for event in others),
    )
