"""What speaks against the sender, and what 'unknown' means of a fact: the exact edges of the theorems."""

from __future__ import annotations

from grondslag.answers import NO, UNKNOWN, YES
from grondslag.law.graph import Value
from grondslag.law.terms import Content, Listing, Recipient

WORSE: dict[str, tuple[tuple[Value, ...], ...]] = {
    **dict.fromkeys(
        (
            "person.objected",
            "person.withdrawn",
            "person.withdrawn_elsewhere",
            "person.reimported",
            "person.deceased",
            "consent.withdrawn",
            "collection.opt_out_used",
            "act.special_category",
            "act.profiling_refused",
            "act.refused",
            "act.minor",
        ),
        ((NO,), (UNKNOWN,), (YES,)),
    ),
    "consent.after_objection": ((YES,), (UNKNOWN,), (NO,)),
    "consent.after_postfilter": ((YES,), (UNKNOWN,), (NO,)),
    **dict.fromkeys(
        (
            "person.bel_me_niet",
            "person.postfilter",
            "person.non_mailing_indicator",
            "person.research_filter",
            "person.deceased_register",
        ),
        ((Listing.CLEAR,), (Listing.STALE, Listing.UNKNOWN), (Listing.LISTED,)),
    ),
}
"""What speaks against the sender: for each fact its values, each step worse for him than the one before."""

NOT_ON_FILE = {
    "consent.stated_term": "the form stated no term; the term without interaction counts then",
    "person.age": "nobody has to ask for an age (AVG 11); who is not known to be a child is none",
    "person.non_mailing_indicator": "B-06 asks only who took the address from the trade register to look",
    "person.register_address": "without any record of its origin it is barred once the indicator is known",
    "person.research_filter": "that nobody looked leaves a duty open, and the yes lists it",
    "act.claimed": "a claim is no ground; it only names one more reason why a withdrawal counts",
    "act.on_behalf": "drawn from a name that was given or not, so never in doubt",
    "act.reply_works": "the Code asks for a reply address that works; it is only known when it does not",
}
"""Facts of which 'unknown' means that there is nothing to know, and why that is no help to the sender."""

COUNTS_AS: dict[str, Value] = {"act.content": Content.PROMOTIONAL, "person.recipient": Recipient.CONSUMER}
"""Facts that say which rules apply: in doubt no better than this, the value with the most protection."""

BY_DEFAULT = {
    # P-POST permissive: a legitimate interest is taken for granted until a balancing has failed.
    ("post-to-prospects", "person.legitimate_interest"),
    # And taken to have been told, unless it is known to have been left out.
    ("post-to-prospects", "collection.interest_told"),
    # P-POST balanced: who was informed as AVG 14 asks was told of the interest, one item of that list.
    ("post-to-prospects-with-safeguards", "collection.interest_told"),
    # A reply and a service message advertise nobody, unless the act says so.
    ("requested-reply", "act.advertises"),
    ("requested-post", "act.advertises"),
    ("service-message", "act.advertises"),
}
"""Of these facts a rule takes the better for granted until the worse is known."""
