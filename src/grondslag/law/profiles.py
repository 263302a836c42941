"""Where serious authorities disagree, a policy profile decides, never a silent choice.

Each switch of docs/law.md section 13 has three settings: *strict* (how AP and ACM read the law;
the default), *balanced* and *permissive* (how the Court of Justice or the industry can be read).
A switch works in one of two ways: it reads a term of the law (the tables below), or it adds a
permission to the rulebook (a rule that names the switch in its ``switch=``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer
from grondslag.errors import UnknownProfile
from grondslag.law.terms import (
    Closeness,
    Content,
    Customer,
    Evidence,
    Incentive,
    Invitation,
    Manner,
    Naming,
    Span,
    Term,
)

SETTINGS: Final = ("strict", "balanced", "permissive")

SWITCHES: Final[Mapping[str, str]] = {
    "P-CUSTOMER": "who is an existing customer",
    "P-SIMILAR": "which products are similar",
    "P-CUSTOMER-TERM": "how long a customer may be e-mailed after the last purchase",
    "P-PHONE-PROOF": "what proves consent to calls",
    "P-AUTOCALL": "whether the customer exception covers calling machines and fax",
    "P-INFOADDR": "which published business address invites offers",
    "P-POST": "post to people who are not customers",
    "P-SHARE": "sharing data for another's marketing",
    "P-AUDIENCE": "uploading contact lists to a platform",
    "P-PARTNERS": "how a party must stand on the consent form",
    "P-CONSENT-TTL": "how long a consent lasts",
    "P-SERVICE-PROMO": "a promotion in a service message",
    "P-INCENTIVE": "an incentive for consenting",
    "P-PETITION": "whether signing a petition is a relation",
    "P-DSAR-FORM": "whether a form may be asked for a request",
}


def _steps(*steps: tuple[Term, ...], unknown: tuple[Term, ...] = ()) -> tuple[dict[Term, Answer], ...]:
    """Per setting the terms that count, each setting adding to the one before; others do not."""
    tables: list[dict[Term, Answer]] = []
    counted: dict[Term, Answer] = dict.fromkeys(unknown, UNKNOWN)
    for step in steps:
        counted = counted | dict.fromkeys(step, YES)
        tables.append(dict(counted))
    return tuple(tables)


READINGS: Final[Mapping[str, tuple[dict[Term, Answer], ...]]] = {
    "P-CUSTOMER": _steps(
        (Customer.PAID,), (Customer.FREEMIUM,), (Customer.LINKED,), unknown=(Customer.UNKNOWN,)
    ),
    "P-SIMILAR": _steps(
        (Closeness.SAME, Closeness.ADJACENT),
        (Closeness.DEPARTMENT,),
        (Closeness.RANGE,),
        unknown=(Closeness.UNKNOWN,),
    ),
    "P-CUSTOMER-TERM": _steps(
        (Span.WITHIN_12_MONTHS, Span.WITHIN_24_MONTHS), (Span.WITHIN_36_MONTHS,), (), unknown=(Span.UNKNOWN,)
    ),
    "P-INFOADDR": _steps(
        (Invitation.EXPRESS,), (Invitation.CONTEXTUAL,), (Invitation.NONE,), unknown=(Invitation.UNKNOWN,)
    ),
    "P-PARTNERS": _steps((Naming.NAMED,), (Naming.LISTED,), (Naming.CATEGORY,), unknown=(Naming.UNKNOWN,)),
    "P-CONSENT-TTL": _steps(
        (Span.WITHIN_12_MONTHS,),
        (Span.WITHIN_24_MONTHS,),
        (Span.WITHIN_36_MONTHS, Span.LONGER),
        unknown=(Span.UNKNOWN,),
    ),
    "P-INCENTIVE": _steps((Incentive.NONE,), (Incentive.MODEST,), (), unknown=(Incentive.UNKNOWN,)),
    "P-SERVICE-PROMO": _steps((Content.FACTUAL,), (Content.MIXED,), ()),
}
"""Switch → one table per setting; a term that no table names is answered no."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A setting for every switch: a preset, or an organisation's own choice per switch."""

    name: str
    """The preset and every deviation from it; two profiles with one name are one profile."""
    levels: Mapping[str, int] = field(compare=False, repr=False)

    @property
    def settings(self) -> dict[str, str]:
        """Switch → setting, for a receipt."""
        return {switch: SETTINGS[level] for switch, level in self.levels.items()}

    @property
    def preset(self) -> str:
        """strict, balanced or permissive: what the profile deviates from."""
        return self.name.partition(",")[0]

    def level(self, switch: str) -> int:
        """0 for strict, 1 for balanced, 2 for permissive."""
        return self.levels[switch]

    def adds(self, switch: tuple[str, str] | None) -> bool:
        """Whether a rule that is only added from a setting onwards is in this profile's book."""
        return switch is None or self.level(switch[0]) >= SETTINGS.index(switch[1])

    def reads(self, switch: str, term: Term) -> Answer:
        """The answer that this profile gives to a contested term."""
        return READINGS[switch][self.level(switch)].get(term, NO)

    def proves_phone_consent(self, verified: Answer, manner: Manner, evidence: Evidence) -> Answer:
        """P-PHONE-PROOF: verified per person; or strong evidence; or a time stamp, IP and screen."""
        level = self.level("P-PHONE-PROOF")
        if verified is YES:
            return YES
        if level >= 1 and manner is Manner.CONFIRMED:
            return YES
        if level == 2 and evidence in (Evidence.FULL, Evidence.METADATA_ONLY):
            return YES
        return verified

    def at_least(self, switch: str, setting: str) -> Answer:
        return YES if self.level(switch) >= SETTINGS.index(setting) else NO

    @classmethod
    def of(cls, preset: str, overrides: Mapping[str, str] | None = None) -> Profile:
        """A preset, with the organisation's own setting for some switches.

        :raises UnknownProfile: for a preset, switch or setting that does not exist.
        """
        chosen = dict(overrides or {})
        if preset not in SETTINGS:
            raise UnknownProfile(f"there is no profile {preset!r}; choose one of: {', '.join(SETTINGS)}")
        for switch, setting in chosen.items():
            if switch not in SWITCHES:
                raise UnknownProfile(f"there is no switch {switch!r}; choose from: {', '.join(SWITCHES)}")
            if setting not in SETTINGS:
                raise UnknownProfile(
                    f"{switch} has no setting {setting!r}; choose one of: {', '.join(SETTINGS)}"
                )
        own = ",".join(
            f"{switch}={chosen[switch]}" for switch in SWITCHES if chosen.get(switch, preset) != preset
        )
        levels = {switch: SETTINGS.index(chosen.get(switch, preset)) for switch in SWITCHES}
        return cls(f"{preset},{own}" if own else preset, levels)

    @classmethod
    def parse(cls, text: str) -> Profile:
        """``strict``, or ``strict,P-CUSTOMER=permissive,P-POST=balanced``."""
        preset, *rest = text.split(",")
        chosen: dict[str, str] = {}
        for switch, _, setting in (item.partition("=") for item in rest):
            if chosen.setdefault(switch.strip(), setting.strip()) != setting.strip():
                raise UnknownProfile(f"{switch.strip()} is set twice; give it one setting")
        return cls.of(preset.strip(), chosen)


STRICT: Final = Profile.of("strict")
BALANCED: Final = Profile.of("balanced")
PERMISSIVE: Final = Profile.of("permissive")
