"""What is on file about one person, as one act sees it: the history, weighed once.

Only events up to and including the day of the act count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, TypeVar

from grondslag.answers import NO, UNKNOWN, YES, Answer, answer
from grondslag.facts import beside
from grondslag.facts.reading import (
    add_months,
    day,
    flag,
    full_years,
    listed,
    number,
    part,
    same_party,
    span,
    term,
    text,
)
from grondslag.law.parameters import AGE_OF_CONSENT, AVG_APPLIES, FIRST_CALL_MONTHS
from grondslag.law.situation import Collection, Consent, Relation
from grondslag.law.terms import Customer, Evidence, Incentive, Manner, Naming, OptOut, Source, Span
from grondslag.question import Case, Event, Fields

Record = TypeVar("Record", Consent, Collection, Relation)

DETAIL: Final = {
    "email": frozenset({"email"}),
    "inbox-ad": frozenset({"email"}),
    "sms": frozenset({"phone"}),
    "phone": frozenset({"phone"}),
    "auto-call": frozenset({"phone"}),
    "fax": frozenset({"phone", "fax"}),
    "messenger": frozenset({"phone", "handle"}),
    "social-dm": frozenset({"handle"}),
    "push": frozenset({"device"}),
    "post": frozenset({"address"}),
}
"""Channel → the contact details, any of which it needs."""

_CALLS: Final = ("phone", "auto-call")
"""Who wants no calls wants none from a machine either."""

_OPEN_ENDED: Final = frozenset({"subscription", "membership", "account"})
"""Relations that run until they are ended; others are over when they are made."""
_MAY_RUN: Final = _OPEN_ENDED | {"service"}

_ACCOUNTS: Final = frozenset({"account", "subscription", "trial"})
"""Relations that opening an account makes."""

_BOUGHT: Final = frozenset(
    {"purchase", "subscription", "service", "lottery-play", "membership", "trial", "account"}
)

_IDEAL_RELATIONS: Final = {
    "donation": Customer.GIFT,
    "volunteering": Customer.VOLUNTEER,
    "attendance": Customer.ATTENDEE,
    "petition": Customer.SIGNATORY,
}
_IDEAL_SOURCES: Final = {
    "donation": Customer.GIFT,
    "volunteering": Customer.VOLUNTEER,
    "event": Customer.ATTENDEE,
    "petition": Customer.SIGNATORY,
}
STRONG_EVIDENCE: Final = (
    "login recording recorded recorded-call recorded-confirmation call-recording voice-recording voice-log "
    "voicelog tape opname"
).split()
"""Ways of verifying that show who acted, but tie no number to him: no verification, yet evidence (T-11)."""

_MANNERS: Final = {
    "double-opt-in": Manner.CONFIRMED,
    "written": Manner.CONFIRMED,
    "own-initiative": Manner.CONFIRMED,
    "ticked-box": Manner.ACTIVE,
    "button": Manner.ACTIVE,
    "oral": Manner.ACTIVE,
}


def covers(event: Event, channel: str | None) -> bool:
    """Whether an objection, withdrawal or consent names this channel, all of them, or none in particular."""
    channels = listed(event.fields, "channels")
    if channels is None or "all" in channels or channel is None:
        return True
    return channel in channels or (channel in _CALLS and any(call in channels for call in _CALLS))


class File:
    """The history of one case, sorted by kind, up to the day of the act.

    :ivar evidence: the name of a fact, or a consent, collection or relation → the places in the
        history that it rests on.
    """

    def __init__(self, case: Case, told: bool = True) -> None:
        """:param told: whether to note the evidence, which only an explanation needs."""
        self._told = told
        self.case = case
        self.at = case.act.date
        self.controller = text(case.controller, "name")
        self.product = text(case.act.fields, "product")
        self.evidence: dict[str | Consent | Collection | Relation, tuple[int, ...]] = {}
        self._kinds = defaultdict[str, list[Event]](list)
        for event in case.history:
            if event.date <= self.at:
                self._kinds[event.kind].append(event)
        # Worked out at once and not when asked for: that would take longer than the work itself.
        self._acted_on: list[date] = []
        self._bought_on: list[date] = []
        self._called_on: list[date] = []
        for event in self.all("interaction"):
            self._dealt(event)
        self._registers = {text(event.fields, "name"): event for event in self.all("register")}
        self._see_from(text(case.act.fields, "channel"))

    def _see_from(self, channel: str | None) -> None:
        """Weigh what depends on the channel of the act."""
        self.channel = channel
        self._details: dict[int, Answer] = {}
        self._withdrawals = [event for event in self.all("withdrawal") if covers(event, channel)]
        self._refusals = [event for event in self.marketing_objections() if covers(event, channel)] + [
            event
            for event in self.all("collected")
            if flag(event.fields, "opt_out_used") is YES and self.gives_detail(event) is not NO
        ]
        self._listed_since = beside.listed_since(self) if channel == "post" else None

    def by(self, channel: str) -> File:
        """The same file, as an act by another channel sees it."""
        other = object.__new__(File)
        other.__dict__.update(self.__dict__)  # as copy() does, in a third of the time
        other._see_from(channel)
        return other

    def _dealt(self, event: Event) -> None:
        """Note a day on which the person acted on what was sent, bought or was called.

        Receiving something is no act.
        """
        kind = event.fields.get("kind")
        if kind in ("opened", "clicked", "bought"):
            self._acted_on.append(event.date)
        if kind == "bought":
            self._bought_on.append(event.date)
        if event.fields.get("channel") == "phone":
            self._called_on.append(event.date)

    def all(self, kind: str) -> list[Event]:
        """The events of one kind, oldest first."""
        return self._kinds.get(kind, [])

    def last(self, kind: str, matching: Callable[[Event], bool] = lambda _: True) -> Event | None:
        """The youngest event of one kind that matches."""
        return next((event for event in reversed(self.all(kind)) if matching(event)), None)

    def rests_on(self, fact: str, *events: Event | None) -> None:
        """Note which events a fact rests on, for the explanation."""
        if events and self._told:
            places = tuple([event.place for event in events if event is not None])
            if places:
                self.evidence[fact] = places

    # --- Objection and withdrawal ---------------------------------------------------------------

    def marketing_objections(self) -> list[Event]:
        """Those to profiling apart, and those to being passed on unless that is what is about to be done.

        A processor is no other: it does with the data what the controller itself does (AVG 4, 10).
        """
        act = self.case.act
        passed_on = act.do == "share" and text(act.fields, "for") != "our-instructions"
        apart = ("profiling",) if passed_on else ("profiling", "sharing")
        return [event for event in self.all("objection") if text(event.fields, "scope") not in apart]

    def refusals(self) -> list[Event]:
        """Objections that cover this channel, opt-outs used at collection among them."""
        return self._refusals

    def withdrawals(self) -> list[Event]:
        return self._withdrawals

    # --- Consents -------------------------------------------------------------------------------

    def consents(
        self, purpose: str = "marketing", to: str | None = None, data: tuple[str, ...] | None = None
    ) -> tuple[Consent, ...]:
        """Every consent on file, as it stands for this purpose and party on the day of the act.

        :param to: who will use the data; the controller when left out.
        :param data: the kinds of data that must be covered, for sharing.
        """
        found: dict[Consent, list[Event]] = {}
        for event in self.all("consent"):
            found.setdefault(self._consent(event, purpose, to, data), []).append(event)
        return self._noted(found)

    def _noted(self, found: Mapping[Record, Sequence[Event]]) -> tuple[Record, ...]:
        """The records that differ, and note which events each rests on."""
        for record, events in found.items() if self._told else ():
            self.evidence[record] = tuple(event.place for event in events)
        return tuple(found)

    def _consent(self, event: Event, purpose: str, to: str | None, data: tuple[str, ...] | None) -> Consent:
        fields = event.fields
        about = listed(fields, "about")
        advertiser = text(self.case.act.fields, "on_behalf_of") or beside.only_other(self, fields)
        covered = listed(fields, "data")
        channels = listed(fields, "channels")
        named, stood = listed(fields, "to"), term(Naming, fields.get("naming"))
        stated = number(fields, "months")
        verified, by = part(fields, "verified"), text(fields, "by")
        checked = day(verified, "date")
        strong = text(verified, "by") in STRONG_EVIDENCE
        shown = strong or beside.on_tape(self, event) or (by == "oral" and text(fields, "evidence") == "full")
        withdrawals = [w.date for w in self._withdrawals if not beside.apart(self, event, w)]
        refusals = [*withdrawals, *(refusal.date for refusal in self._refusals)]
        given_for = text(fields, "purpose")
        return Consent(
            exists=YES,
            sender=self._naming(named, stood, to or self.controller),
            advertiser=self._naming(named, stood, advertiser) if advertiser else Naming.UNKNOWN,
            channel=self._channel(event, channels),
            topic=self._topic(about),
            topic_named=UNKNOWN if about is None else answer("anything" not in about),
            purpose=UNKNOWN if given_for is None else answer(given_for == purpose),
            data=UNKNOWN if covered is None or data is None else answer(set(data) <= set(covered)),
            manner=Manner.CONFIRMED if shown and _manner(by) is Manner.ACTIVE else _manner(by),
            unconditional=answer(None if (c := fields.get("conditional")) is None else not c),
            incentive=term(Incentive, fields.get("incentive")),
            informed=flag(fields, "informed"),
            entitled=self._entitled(event),
            evidence=term(Evidence, fields.get("evidence")),
            verified=answer(checked is not None and checked <= self.at and not strong),
            withdrawn=answer(bool(withdrawals) and max(withdrawals) >= event.date),
            after_objection=answer(not refusals or max(refusals) < event.date),
            after_postfilter=answer(self._listed_since is None or event.date > self._listed_since),
            since_interaction=span(max([event.date, *self._acted_on]), self.at),
            stated_term=UNKNOWN if stated is None else answer(self.at <= add_months(event.date, stated)),
            first_call_in_time=self._first_call(event, stated),
            before_avg=answer(event.date < AVG_APPLIES <= self.at),
        )

    def _channel(self, consent: Event, channels: tuple[str, ...] | None) -> Answer:
        """The channel of the act is among those of the form; no listed channel is advertising online."""
        if self.case.act.fields.get("what") == "online-advertising":
            return answer(channels is None or "all" in channels)
        if channels is None or self.channel is None:
            return UNKNOWN
        return answer(covers(consent, self.channel) and not self._machine_only(channels))

    def _machine_only(self, channels: tuple[str, ...]) -> bool:
        """Consent to one kind of call is not consent to the other (only an objection covers both)."""
        return self.channel in _CALLS and self.channel not in channels and "all" not in channels

    def _naming(self, named: tuple[str, ...] | None, stood: Naming, party: str | None) -> Naming:
        """How a party stood on the form: among the named, or as the controller when these are left out."""
        for name in (self.controller,) if named is None else named:
            if same_party(name, party):
                return stood
        return Naming.CATEGORY if stood is Naming.CATEGORY else Naming.ABSENT

    def _topic(self, about: tuple[str, ...] | None) -> Answer:
        if about is None:
            return UNKNOWN
        if "anything" in about:
            return YES
        return UNKNOWN if self.product is None else answer(self.product in about)

    def _entitled(self, event: Event) -> Answer:
        """From sixteen the person itself, before that the parent; the age on file is that of the act day."""
        given_by, age = text(event.fields, "given_by"), number(self.case.person, "age")
        if given_by is None:
            return UNKNOWN
        if age is None:
            return YES
        adult = age - min(age, full_years(event.date, self.at)) >= AGE_OF_CONSENT
        return answer(adult if given_by == "person" else not adult)

    def _first_call(self, consent: Event, stated: int | None) -> Answer:
        limit = add_months(consent.date, FIRST_CALL_MONTHS if stated is None else stated)
        calls = [day for day in self._called_on if day >= consent.date]
        return answer(min([*calls, self.at]) <= limit)

    # --- Collections and relations --------------------------------------------------------------

    def gives_detail(self, event: Event) -> Answer:
        """Whether the detail that this channel needs was obtained then; several facts ask for it."""
        found = self._details.get(id(event))
        if found is None:
            found = self._details[id(event)] = self._gives_detail(event)
        return found

    def _gives_detail(self, event: Event) -> Answer:
        details = listed(event.fields, "details")
        if details is None or self.channel is None:
            return UNKNOWN
        return answer(not DETAIL.get(self.channel, frozenset()).isdisjoint(details))

    def collections(self) -> tuple[Collection, ...]:
        """Every time that contact details were obtained."""
        found: dict[Collection, list[Event]] = {}
        for event in self.all("collected"):
            fields = event.fields
            source = term(Source, fields.get("in"))
            by = text(fields, "by")
            collection = Collection(
                source=source,
                gives_detail=self.gives_detail(event),
                own=answer(
                    source is not Source.THIRD_PARTY and (by is None or same_party(by, self.controller))
                ),
                opt_out=term(OptOut, fields.get("opt_out_offered")),
                opt_out_used=flag(fields, "opt_out_used"),
                informed=flag(fields, "informed"),
                interest_told=flag(fields, "interest_told"),
            )
            found.setdefault(collection, []).append(event)
        return self._noted(found)

    def relations(self) -> tuple[Relation, ...]:
        """Every relation; details got in a gift, volunteering or an event make one too."""
        found: dict[Relation, list[Event]] = {}
        for event in self.all("relation"):
            found.setdefault(self._relation(event), []).append(event)
        for event in self.all("collected"):
            kind = _IDEAL_SOURCES.get(text(event.fields, "in") or "")
            if kind is not None and not any(other.date == event.date for other in self.all("relation")):
                own = answer(
                    text(event.fields, "by") is None or same_party(text(event.fields, "by"), self.controller)
                )
                relation = Relation(kind, own=own, ended=span(event.date, self.at), running=NO)
                found.setdefault(relation, []).append(event)
        return self._noted(found)

    def _relation(self, event: Event) -> Relation:
        fields = event.fields
        kind, other = text(fields, "kind"), text(fields, "with")
        until = day(fields, "until")
        customer = _customer(fields)
        running = answer(until is None or until >= self.at) if kind in _MAY_RUN or until else NO
        if fields.get("cancelled") is True:
            running = NO
        open_ended = running is YES and (kind in _OPEN_ENDED or until is not None)
        bought = [day for day in self._bought_on if day >= event.date]
        ended = max([min(until, self.at) if until else event.date, *bought])
        return Relation(
            customer=customer,
            paid_account=answer(customer is Customer.PAID and kind in _ACCOUNTS),
            own=answer(other is None or same_party(other, self.controller)),
            ended=Span.WITHIN_12_MONTHS if open_ended else span(ended, self.at),
            running=running,
            long_lived=answer(fields.get("long_lived") is True),
            member=answer(kind == "membership" and fields.get("cancelled") is not True),
        )

    # --- Registers and assessments --------------------------------------------------------------

    def assessment(self, kind: str) -> Answer:
        """The latest assessment: yes when it passed and is on record, no when it failed."""
        event = self.last("assessed", lambda e: text(e.fields, "kind") == kind)
        if event is None:
            return UNKNOWN
        self.rests_on(kind.replace("-", "_"), event)
        outcome = text(event.fields, "outcome")
        if outcome == "fail":
            return NO
        return YES if outcome == "pass" and flag(event.fields, "on_record") is YES else UNKNOWN

    def register(self, name: str) -> Event | None:
        """The latest look into one register."""
        return self._registers.get(name)

    def within(self, event: Event | None, days: int) -> bool:
        """Whether a register was consulted no longer than so many days before the act."""
        checked = day(event.fields, "checked") if event else None
        return checked is not None and checked <= self.at <= checked + timedelta(days=days)


def _manner(by: str | None) -> Manner:
    return _MANNERS[by] if by in _MANNERS else term(Manner, by)


def _customer(fields: Fields) -> Customer:
    """What a relation makes of a person (D-04)."""
    kind, model, paid = text(fields, "kind"), text(fields, "model"), fields.get("paid")
    if fields.get("cancelled") is True or kind in ("quote", "none", None):
        return Customer.NONE
    if kind in _IDEAL_RELATIONS:
        return _IDEAL_RELATIONS[kind]
    if kind not in _BOUGHT:
        return Customer.UNKNOWN
    # A model that is paid for was paid for, unless somebody only tried it.
    if (paid is True and model != "free") or (paid is None and model == "paid" and kind != "trial"):
        return Customer.PAID
    if model in ("freemium", "paid") and kind in ("account", "trial", "subscription", "service"):
        terms = fields.get("terms_accepted")
        return (
            Customer.FREEMIUM
            if terms is True and model == "freemium"
            else Customer.NONE
            if terms is False
            else Customer.LINKED
        )
    if paid is None and model is None and kind not in ("account", "trial"):
        return Customer.UNKNOWN
    return Customer.NONE
