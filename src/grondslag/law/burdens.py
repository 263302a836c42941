"""Questions of qualification whose yes is a burden (``do: judge``): yes, unless a release is certain.

Is this direct marketing, is he the sender, does it need a ground?  Here a no would help the controller, so
what nobody recorded does not bring a no about: the burden is presumed, and a release ends it.
"""

from __future__ import annotations

from typing import Final, cast

from grondslag.answers import NO, YES, answer, not_
from grondslag.law.citations import AVG, Guidance, Tw
from grondslag.law.customers import MESSAGES, soft_opt_in, soft_opt_in_2009
from grondslag.law.electronic import CJEU_INBOX
from grondslag.law.profiles import Profile
from grondslag.law.proving import asks
from grondslag.law.rights_terms import Query, Question, Role
from grondslag.law.rules import Conditions, elsewhere, permits, quoted, releases, said, since
from grondslag.law.service import DMCC
from grondslag.law.situation import Message, Person
from grondslag.law.terms import Channel, Content, Purpose

GUISES: Final = Guidance("HvJ EU en ACM", "C-102/20; C-654/23; Daisycon", ("S20", "S23", "S24"))
CODE_EMAIL: Final = Guidance("RCC", "Code Reclame via E-mail: servicemail", ("S16", "S26"))
CODE_TM: Final = Guidance("RCC", "Code Telemarketing: gevraagde oproep, onderzoek", ("S11", "S13", "S62"))
CBB: Final = Guidance("CBb", "ECLI:NL:CBB:2014:371; ECLI:NL:CBB:2018:139", ("S23", "S24", "S28", "S29"))
CARE: Final = Guidance(
    "Rechtbank Rotterdam", "ECLI:NL:RBROT:2023:7534; ACM: ketenaansprakelijkheid", ("S28", "S29", "S30")
)
INTELIGO: Final = Guidance(
    "HvJ EU", "C-654/23 (Inteligo Media), punt 2 van het dictum", ("S20", "S21", "S22")
)

# --- Direct marketing ---------------------------------------------------------------------------------


@permits(
    "direct-marketing",
    "G-02",
    law=GUISES,
    in_force=since("2004-05-19"),
    do="judge",
    when=asks(Query.DIRECT_MARKETING),
)
def direct_marketing(question: Question, person: Person) -> Conditions:
    """A message to one person for commercial, ideal or charitable ends is marketing, whatever its dress.

    Editorial content, a survey or a "check your details" mail changes nothing.
    """
    yield "een individueel gerichte boodschap met een commercieel, ideëel of charitatief doel", YES
    if question.channel in (Channel.SOCIAL_DM, Channel.PUSH, Channel.MESSENGER, Channel.INBOX_AD):
        yield (
            said("ook een bericht, een pushbericht of een advertentie in het postvak", CJEU_INBOX),
            YES,
            "D-12",
        )
    if question.content is Content.CONSENT_REQUEST:
        yield said("ook de vraag om toestemming", DMCC), YES, "D-11"


@releases(
    "not-directed",
    "G-02",
    law=GUISES,
    in_force=since("2004-05-19"),
    do="judge",
    when=lambda q, p: q.question is Query.DIRECT_MARKETING and q.directed is not YES,
)
def not_directed(question: Question, person: Person) -> Conditions:
    """What is directed to nobody in particular is advertising, but not direct marketing."""
    yield "niet aan een persoon gericht, ook niet in zijn postvak", not_(question.directed)


@releases(
    "only-factual",
    "G-03",
    "G-02",
    law=CODE_EMAIL,
    in_force=since("2004-05-19"),
    do="judge",
    when=asks(Query.DIRECT_MARKETING),
)
def only_factual(question: Question, person: Person) -> Conditions:
    """A message that is only factual and needed for the contract or a legal duty is no marketing."""
    yield (
        "als geheel feitelijk, zonder reclame",
        answer(None if question.content is Content.UNKNOWN else question.content is Content.FACTUAL),
    )


@releases(
    "asked-for",
    "G-04",
    "G-02",
    law=CODE_TM,
    in_force=since("2004-05-19"),
    do="judge",
    when=lambda q, p: q.question is Query.DIRECT_MARKETING and q.content is Content.REPLY,
)
def asked_for(question: Question, person: Person) -> Conditions:
    """An answer to what the person asked for is not unsolicited, as far as the request goes."""
    yield "een antwoord op een verzoek, binnen de grenzen van dat verzoek", YES


@releases(
    "only-research",
    "T-13",
    "G-02",
    law=CODE_TM,
    in_force=since("2004-05-19"),
    do="judge",
    when=lambda q, p: q.question is Query.DIRECT_MARKETING and q.content is Content.RESEARCH,
)
def only_research(question: Question, person: Person) -> Conditions:
    """Purely historical, statistical or scientific research is no marketing; any sales element is."""
    yield "zuiver historisch, statistisch of wetenschappelijk onderzoek", YES


@releases(
    "only-editorial",
    "G-02",
    law=INTELIGO,
    in_force=since("2004-05-19"),
    do="judge",
    when=lambda q, p: q.question is Query.DIRECT_MARKETING and q.editorial is not NO,
)
def only_editorial(question: Question, person: Person) -> Conditions:
    """Editorial content of a company that leads to no paid offer sells nothing.

    C-654/23: a summary that leads to articles one pays for is marketing.  What an ideal or charitable
    organisation writes may serve its cause, and is not released.
    """
    yield "redactionele inhoud die naar geen betaald aanbod leidt", question.editorial
    yield "van een commerciële afzender", answer(question.purpose is Purpose.COMMERCIAL)


# --- Sender and responsibility ----------------------------------------------------------------------------


@permits("sender", "G-05", law=CBB, in_force=since("2004-05-19"), do="judge", when=asks(Query.SENDER))
def sender(question: Question, person: Person) -> Conditions:
    """Advertiser, publisher, list owner and affiliate network can each be the sender."""
    yield "medeverantwoordelijk voor het overbrengen van de communicatie", YES


@permits(
    "responsible-for-contractor",
    "G-05",
    law=CARE,
    in_force=since("2004-05-19"),
    do="judge",
    when=asks(Query.RESPONSIBLE),
)
def responsible_for_contractor(question: Question, person: Person) -> Conditions:
    """Who hires a call centre keeps a duty of care for how it calls, script or no script."""
    yield "de opdrachtgever ziet toe op wie voor hem belt", YES


@releases(
    "mere-carrier",
    "G-05",
    law=CBB,
    in_force=since("2004-05-19"),
    do="judge",
    when=asks(Query.SENDER, Query.RESPONSIBLE),
)
def mere_carrier(question: Question, person: Person) -> Conditions:
    """Only a helper without any say is no sender: a transport provider, a mere mailing tool."""
    role = None if question.role is Role.UNKNOWN else question.role is not Role.PRINCIPAL
    yield "geeft alleen door, of helpt alleen", answer(role)
    yield "heeft geen zeggenschap over inhoud, adressen of regels", not_(question.has_say)
    yield "verzendt niet voor zichzelf, stuurt niet en verdient niet per bericht", not_(question.engaged)


# --- A ground of art. 6 ---------------------------------------------------------------------------------


@permits(
    "needs-art-6-ground",
    "G-01",
    law=AVG("6", 1),
    in_force=since("2018-05-25"),
    do="judge",
    when=asks(Query.NEEDS_ART_6_GROUND),
)
def needs_art_6_ground(question: Question, person: Person) -> Conditions:
    """Marketing needs a ground of art. 6 AVG beside the permission for its channel."""
    yield "De verwerking is alleen rechtmatig indien", YES


@releases(
    "customer-mail-needs-no-ground",
    "G-01",
    law=INTELIGO,
    in_force=since("2021-07-01"),
    do="judge",
    over=MESSAGES,
    when=asks(Query.NEEDS_ART_6_GROUND),
    per=("collection", "relation"),
)
def customer_mail_needs_no_ground(question: Question, person: Person, profile: Profile) -> Conditions:
    """Where every condition of the customer exception is met, art. 6 AVG asks for nothing more.

    CJEU 2025-11-13, C-654/23; it says what the law has been from the start.  Transparency,
    objection, security and accountability stay.
    """
    # The conditions of a message read its purpose, whose products it is about and for whom: the question has all.
    yield from elsewhere(soft_opt_in(cast(Message, question), person, profile), Tw("11.7", 4))
    yield quoted("bij elke verzonden boodschap", Tw("11.7", 4)), question.opt_out, "D-08"


@releases(
    "customer-mail-needs-no-ground",
    "G-01",
    law=INTELIGO,
    in_force=since("2018-05-25", until="2021-06-30"),
    do="judge",
    over=MESSAGES,
    when=asks(Query.NEEDS_ART_6_GROUND),
    per=("collection", "relation"),
)
def customer_mail_needs_no_ground_2018(question: Question, person: Person, profile: Profile) -> Conditions:
    """Where every condition of the customer exception is met, art. 6 AVG asks for nothing more."""
    yield from elsewhere(soft_opt_in_2009(cast(Message, question), person, profile), Tw("11.7", 3))
    yield quoted("bij elke overgebrachte communicatie", Tw("11.7", 3)), question.opt_out, "D-08"
