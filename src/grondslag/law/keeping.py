"""How long a copy may be kept (AVG 5 lid 1 onder e; section K): allow means may be kept, deny destroy.

The end is reckoned per copy and purpose: one person can have a deleted marketing copy and a living
tax copy.  Here stand which row governs a copy, what ends it and what goes with it; the terms
themselves stand in :mod:`grondslag.law.retention`.
"""

from __future__ import annotations

from typing import Final

from grondslag.answers import NO, UNKNOWN, YES, Answer, any_of, not_
from grondslag.law.citations import AVG, Citation, Guidance
from grondslag.law.rights_terms import EVIDENCE, RECORDINGS, Kept, KeptFor, Retention
from grondslag.law.rules import Conditions, forbids, requires, reserves, said, since
from grondslag.law.situation import Person

AP: Final = Guidance("AP", "pagina Reclame: bewaartermijnen", ("S18",))
AVG_ERA: Final = since("2018-05-25")

_MARKETING_RECORDS: Final = frozenset({Kept.MARKETING_DATA, Kept.PROFILE})
_LEGAL: Final = EVIDENCE | {KeptFor.LEGAL_DUTY, KeptFor.TAX}
FIXED: Final = {
    Kept.ANONYMOUS_STATISTICS: "K-01",
    Kept.INVOICE: "K-02",
    Kept.PROPERTY_VAT_FILE: "K-03",
    Kept.CONSENT_PROOF: "K-04",
    Kept.SUPPRESSION_ENTRY: "K-08",
    Kept.INVESTMENT_RECORDING: "K-09",
    Kept.REQUEST_FILE: "K-13",
}
_BY_PURPOSE: Final = {
    (Kept.ORDER_RECORD, KeptFor.TAX): "K-02",
    (Kept.ORDER_RECORD, KeptFor.LEGAL_DUTY): "K-02",
    **{(Kept.ORDER_RECORD, purpose): "K-05" for purpose in EVIDENCE},
    (Kept.RECORDING, KeptFor.CONTRACT): "K-12",
    (Kept.RECORDING, KeptFor.CLAIMS): "K-12",
    (Kept.RECORDING, KeptFor.PROOF): "K-04",
    (Kept.RECORDING, KeptFor.LEGAL_DUTY): "K-09",
    (Kept.RECORDING, KeptFor.TRAINING): "K-11",
}


def marketing_copy(kept: Retention) -> Answer:
    """Whether this copy serves marketing; unknown where nobody wrote down what it is kept for."""
    if kept.purpose is KeptFor.MARKETING or kept.for_marketing is YES:
        return YES
    if kept.what in _MARKETING_RECORDS and kept.purpose not in _LEGAL:
        return YES
    return UNKNOWN if kept.purpose is KeptFor.UNKNOWN else NO


def governing(kept: Retention) -> str:
    """The row of section K that governs this copy; K-01 where no other does."""
    if kept.what not in (Kept.ANONYMOUS_STATISTICS, Kept.SUPPRESSION_ENTRY) and marketing_copy(kept) is YES:
        return "K-06"
    return FIXED.get(kept.what) or _BY_PURPOSE.get((kept.what, kept.purpose), "K-01")


def personal(kept: Retention) -> bool:
    """Neither anonymous nor a suppression entry, which have rules of their own."""
    return kept.what not in (Kept.ANONYMOUS_STATISTICS, Kept.SUPPRESSION_ENTRY)


# --- What ends a copy -----------------------------------------------------------------------------


@forbids(
    "marketing-copy-after-objection",
    "K-07",
    "R-01",
    law=AVG("21", 3),
    in_force=AVG_ERA,
    do="keep",
    when=lambda k, p: personal(k) and p.objected is not NO and marketing_copy(k) is not NO,
)
def marketing_copy_after_objection(kept: Retention, person: Person) -> Conditions:
    """After an objection the marketing copy goes, though its own term still runs.

    The fiscal copy stays, blocked for marketing.  An objection on some channels leaves standing
    only what a consent for another channel still carries.
    """
    yield "bezwaar maakt tegen verwerking ten behoeve van direct marketing", person.objected
    yield "niet meer voor deze doeleinden verwerkt", marketing_copy(kept)
    yield said("er is geen toestemming die het bezwaar niet raakt", AP), not_(kept.other_consent)


@forbids(
    "marketing-copy-after-withdrawal",
    "K-07",
    "C-07",
    law=AVG("17", 1),
    in_force=AVG_ERA,
    do="keep",
    when=lambda k, p: personal(k) and p.withdrawn is not NO and marketing_copy(k) is not NO,
)
def marketing_copy_after_withdrawal(kept: Retention, person: Person) -> Conditions:
    """After a withdrawal the marketing copy goes, unless another consent still carries it.

    AVG 17 lid 1 onder b: "en er is geen andere rechtsgrond"; swapping to a legitimate interest is
    no such ground (C-13).
    """
    yield "de betrokkene trekt de toestemming waarop de verwerking … berust, in", person.withdrawn
    yield said("deze kopie dient marketing", AP), marketing_copy(kept)
    yield "en er is geen andere rechtsgrond voor de verwerking", not_(kept.other_consent)


@forbids(
    "erasure-of-a-copy",
    "R-06",
    law=AVG("17", 1),
    in_force=AVG_ERA,
    do="keep",
    when=lambda k, p: personal(k) and k.what not in RECORDINGS and k.erasure_asked is not NO,
)
def erasure_of_a_copy(kept: Retention, person: Person) -> Conditions:
    """Who asks to be erased is erased from marketing; tax records and claims stay (AVG 17 lid 3)."""
    yield "wissing van hem betreffende persoonsgegevens te verkrijgen", kept.erasure_asked
    yield said("deze kopie dient marketing", AP), marketing_copy(kept)
    yield said("er is geen nieuwe toestemming van na het verzoek", AP), not_(kept.other_consent)


@forbids(
    "unlawful-recording",
    "V-05",
    law=AVG("17", 1),
    in_force=AVG_ERA,
    do="keep",
    when=lambda k, p: k.what in RECORDINGS and (k.lawful is not YES or k.erasure_asked is not NO),
)
def unlawful_recording(kept: Retention, person: Person) -> Conditions:
    """A recording made without a timely announcement of its purposes goes, asked or not.

    A statutory term (V-06) or a claim that is being fought out prevails (AVG 17 lid 3 onder b
    and e).  No trace of the announcement on file counts as none (AVG 5 lid 2).
    """
    yield "de persoonsgegevens zijn onrechtmatig verwerkt", not_(kept.lawful)
    yield (
        said("geen wettelijke bewaarplicht en geen lopend geschil", AP),
        not_(any_of(kept.statutory, kept.hold)),
    )


@forbids(
    "recording-for-another-purpose",
    "V-01",
    law=AVG("5", 1, "b"),
    in_force=AVG_ERA,
    do="keep",
    when=lambda k, p: k.what is Kept.RECORDING and k.recorded_for is not YES,
)
def recording_for_another_purpose(kept: Retention, person: Person) -> Conditions:
    """A recording is kept for what it was made for, not for something else."""
    yield "niet verder op een met die doeleinden onverenigbare wijze worden verwerkt", not_(kept.recorded_for)
    yield said("er loopt geen geschil waarin zij nodig is", AP), not_(kept.hold)


@reserves(
    "invoice-used-for-marketing",
    "K-02",
    "K-07",
    law=Citation("AWR", "52", 4),
    in_force=AVG_ERA,
    do="keep",
    when=lambda k, p: k.what is Kept.INVOICE and marketing_copy(k) is YES,
)
def invoice_used_for_marketing(kept: Retention, person: Person) -> Conditions:
    """The seven years of an invoice are for the tax: what is used for marketing has a term of its own."""
    yield "gedurende zeven jaar te bewaren", YES


# --- What goes with keeping -----------------------------------------------------------------------------


@requires(
    "blocked-for-marketing",
    "K-07",
    law=AP,
    in_force=AVG_ERA,
    do="keep",
    when=lambda k, p: (
        personal(k)
        and marketing_copy(k) is not YES
        and (
            p.objected is not NO
            or p.withdrawn is not NO
            or k.erasure_asked is not NO
            or k.for_marketing is UNKNOWN
        )
    ),
)
def blocked_for_marketing(kept: Retention, person: Person) -> Conditions:
    """Close the copy that stays to marketing, for as long as it stays."""
    yield "de kopie die blijft, is afgesloten voor marketing", UNKNOWN


@requires(
    "entry-only-blocks",
    "R-04",
    law=AP,
    in_force=AVG_ERA,
    do="keep",
    when=lambda k, p: k.what is Kept.SUPPRESSION_ENTRY,
)
def entry_only_blocks(kept: Retention, person: Person) -> Conditions:
    """Keep no more than blocking needs, use it for nothing else, and mail nobody to come back."""
    yield "alleen het minimum, alleen om te blokkeren", UNKNOWN


@requires(
    "destroyed-at-the-end",
    "K-01",
    law=AVG("5", 1, "e"),
    in_force=AVG_ERA,
    do="keep",
    when=lambda k, p: k.what is not Kept.ANONYMOUS_STATISTICS and governing(k) in ("K-01", "K-06", "K-11"),
)
def destroyed_at_the_end(kept: Retention, person: Person) -> Conditions:
    """Destroy or anonymise the copy on the day that its term ends."""
    yield "niet langer te identificeren dan voor de doeleinden … noodzakelijk is", UNKNOWN


@requires(
    "term-in-the-privacy-statement",
    "I-05",
    law=AVG("13", 2),
    in_force=AVG_ERA,
    do="keep",
    when=lambda k, p: k.stated is not YES and governing(k) in ("K-04", "K-05", "K-12", "K-13"),
)
def term_in_the_privacy_statement(kept: Retention, person: Person) -> Conditions:
    """State in the privacy statement how long this is kept."""
    yield "de periode gedurende welke de persoonsgegevens zullen worden opgeslagen", UNKNOWN
