"""Why a person may not be approached, in one plain sentence: Dutch for the files, English for the screen.

By the id of docs/law.md that decides.  The whole story of one person is told by :mod:`grondslag.explain`.
"""

from __future__ import annotations

from typing import Final

REFUSED: Final[dict[str, tuple[str, str]]] = {
    "B-01": ("Ook een bedrijf krijgt alleen e-mail na toestemming.", "Companies too must have consented."),
    "B-02": (
        "Het adres is niet bekendgemaakt om zulke aanbiedingen te ontvangen.",
        "The business address was not published for such offers.",
    ),
    "B-03": (
        "Niet is gebleken dat de regels van het land van de ontvanger zijn nageleefd.",
        "It was not shown that the rules of the recipient's country are met.",
    ),
    "B-04": ("Dit is niet zeker een rechtspersoon.", "This is not certainly a legal person."),
    "B-05": (
        "Een eenmanszaak wordt alleen gebeld na toestemming.",
        "A sole trader is called with consent only.",
    ),
    "B-06": (
        "Het bedrijf wil geen reclame (Non-Mailing-Indicator).",
        "The business wants no advertising (Non-Mailing-Indicator).",
    ),
    "B-07": (
        "Dit is niet zeker een adres van een bedrijf.",
        "This is not certainly a company's own address.",
    ),
    "C-01": ("Er is geen geldige toestemming.", "There is no valid consent."),
    "C-02": (
        "De toestemming was niet vrij, of dat is niet bekend.",
        "The consent was not free, or that is unknown.",
    ),
    "C-03": (
        "De toestemming geldt niet voor deze afzender, dit kanaal, dit doel of dit product.",
        "The consent does not cover this sender, channel, purpose or product.",
    ),
    "C-04": (
        "Bij de toestemming is niet goed verteld waarvoor zij was.",
        "It was not properly told what the consent was for.",
    ),
    "C-05": ("De toestemming is niet actief gegeven.", "The consent was not given by a clear act."),
    "C-06": (
        "Van de toestemming is geen volledig bewijs bewaard.",
        "No full proof of the consent was kept.",
    ),
    "C-07": ("De persoon heeft de toestemming ingetrokken.", "The person withdrew consent."),
    "C-08": (
        "De toestemming is ingetrokken bij een ander die haar ook gebruikte.",
        "The consent was withdrawn with another who relied on it.",
    ),
    "C-09": (
        "De toestemming is niet gegeven door wie haar mag geven (onder de zestien: de ouder).",
        "The consent was not given by who may give it (under sixteen: the parent).",
    ),
    "C-10": ("De toestemming is verlopen.", "The consent has run out."),
    "C-11": (
        "Voor de toestemming is een voordeel gegeven, of dat is niet bekend.",
        "Something was given for the consent, or that is unknown.",
    ),
    "C-12": (
        "Voorwaarden aanvaarden is geen toestemming.",
        "Accepting terms is no consent.",
    ),
    "C-13": (
        "Na een intrekking mag het niet op een andere grond alsnog.",
        "After a withdrawal no other ground may take its place.",
    ),
    "C-14": (
        "De toestemming is van voor de AVG en voldoet er niet aan.",
        "The consent is older than the GDPR and does not meet it.",
    ),
    "C-15": (
        "Het kind heeft de toestemming zelf ingetrokken.",
        "The child itself withdrew the consent.",
    ),
    "D-01": (
        "Er is geen toestemming, en geen uitzondering geldt zeker.",
        "There is no consent, and no exception certainly holds.",
    ),
    "D-02": (
        "Bellen of faxen door een machine mag alleen na toestemming.",
        "A machine may call or fax with consent only.",
    ),
    "D-03": ("De uitzondering voor klanten geldt niet.", "The customer exception does not hold."),
    "D-04": (
        "De persoon is geen klant die iets heeft gekocht en betaald.",
        "The person is no customer who bought and paid for something.",
    ),
    "D-05": (
        "Het gaat niet om eigen klanten, eigen gegevens of eigen producten van deze afzender.",
        "Not the sender's own customers, details or products.",
    ),
    "D-06": (
        "Het aanbod lijkt niet genoeg op wat de klant kocht, of dat is niet beoordeeld.",
        "The offer is not similar to what was bought, or nobody assessed that.",
    ),
    "D-07": (
        "Bij het verkrijgen van het adres is geen afmelding aangeboden, of dat is niet vastgelegd.",
        "No way out was offered when the address was obtained, or that was not recorded.",
    ),
    "D-08": (
        "Het bericht biedt geen makkelijke, gratis afmelding.",
        "The message offers no easy, free way out.",
    ),
    "D-09": (
        "Het bericht zegt niet wie het stuurt, of waar men het kan stoppen.",
        "The message does not say who sends it, or where to stop it.",
    ),
    "D-10": ("De klant is te lang geen klant meer.", "It is too long ago that the person was a customer."),
    "D-11": (
        "Om toestemming vragen is zelf reclame, en mag hier niet.",
        "Asking for consent is itself advertising, and not allowed here.",
    ),
    "D-12": (
        "Ook voor dit kanaal is toestemming nodig.",
        "This channel needs consent too.",
    ),
    "D-13": (
        "Het doorsturen aan een vriend voldoet niet aan de voorwaarden.",
        "The tell-a-friend message does not meet the conditions.",
    ),
    "D-14": (
        "Het adres is niet verkregen bij een gift aan deze organisatie.",
        "The address was not obtained in a gift to this organisation.",
    ),
    "D-15": (
        "De persoon is geen klant en gaf geen toestemming.",
        "The person is no customer and did not consent.",
    ),
    "G-02": ("Het bericht is reclame.", "The message is marketing."),
    "G-03": (
        "In een dienstbericht mag geen reclame aan wie die heeft geweigerd.",
        "A service message may carry no advertising to who refused it.",
    ),
    "G-04": (
        "De persoon heeft hier niet om gevraagd, of te lang geleden.",
        "The person did not ask for this, or too long ago.",
    ),
    "G-07": (
        "Wat nodig is, is niet te bewijzen voor deze persoon.",
        "What is needed cannot be proved for this person.",
    ),
    "G-09": ("Het kanaal is niet bekend.", "The channel is not known."),
    "I-02": (
        "De persoon is niet verteld waar de gegevens vandaan komen.",
        "The person was not told where the details came from.",
    ),
    "L-01": (
        "Het gerechtvaardigd belang is niet gewogen en vastgelegd.",
        "The legitimate interest was not weighed and recorded.",
    ),
    "L-02": (
        "Het gerechtvaardigd belang is niet aangetoond.",
        "The legitimate interest was not shown.",
    ),
    "L-03": (
        "Het belang is bij het verzamelen niet verteld.",
        "The interest was not told when the details were collected.",
    ),
    "L-04": (
        "Een gerechtvaardigd belang is geen grond voor elektronische berichten.",
        "Legitimate interest is no ground for electronic messages.",
    ),
    "P-01": (
        "Niet is beoordeeld dat deze post past bij waarvoor het adres is gegeven.",
        "Nobody assessed that this post fits what the address was given for.",
    ),
    "P-02": ("Voor deze post is geen grond.", "There is no ground for this post."),
    "P-03": (
        "De persoon staat in Postfilter, of dat is niet nagegaan.",
        "The person is in Postfilter, or that was not checked.",
    ),
    "P-04": ("De persoon wil geen reclamepost.", "The person wants no advertising by post."),
    "P-05": (
        "De persoon is overleden, of dat is niet nagegaan.",
        "The person has died, or that was not checked.",
    ),
    "P-06": (
        "De sticker op de brievenbus laat dit niet toe, of is niet bekend.",
        "The sticker on the letter box does not allow it, or is unknown.",
    ),
    "P-07": (
        "Reclame van een ander mag niet mee zonder toestemming.",
        "Advertising of another may not be enclosed without consent.",
    ),
    "R-01": (
        "De persoon heeft bezwaar gemaakt of zich afgemeld.",
        "The person objected or unsubscribed.",
    ),
    "R-02": (
        "Het bericht noemt het recht van bezwaar niet.",
        "The message does not tell of the right to object.",
    ),
    "R-03": (
        "De persoon heeft bezwaar gemaakt; hoe, maakt niet uit.",
        "The person objected; the route does not matter.",
    ),
    "R-04": (
        "Wie op de blokkeerlijst staat, wordt niet gevraagd terug te komen.",
        "Who is on the suppression list is not asked back.",
    ),
    "R-05": (
        "Nieuw verkregen gegevens maken een bezwaar niet ongedaan.",
        "Details that come in anew do not undo an objection.",
    ),
    "S-04": (
        "Deze afzender stond niet bij naam op het formulier.",
        "This sender was not named on the form.",
    ),
    "S-05": (
        "De herkomst van de gekochte gegevens is niet per persoon te bewijzen.",
        "The source of the bought details cannot be proved for this person.",
    ),
    "S-06": (
        "Er is geen toestemming voor aanbiedingen van deze adverteerder.",
        "There is no consent to offers of this advertiser.",
    ),
    "S-07": ("Een zusterbedrijf is een ander.", "A sister company is another party."),
    "T-00": (
        "Het bel-me-niet-register is niet op tijd geraadpleegd, of de persoon staat erin.",
        "The do-not-call register was not checked in time, or the person is in it.",
    ),
    "T-01": ("Er is geen toestemming om te bellen.", "There is no consent to calls."),
    "T-02": ("De uitzondering voor klanten geldt niet.", "The customer exception does not hold."),
    "T-03": (
        "Sinds 1 juli 2026 mag een klant alleen worden gebeld na toestemming.",
        "Since 1 July 2026 a customer is called with consent only.",
    ),
    "T-04": (
        "Deze afzender mag klanten niet zonder toestemming bellen.",
        "This sender may not call customers without consent.",
    ),
    "T-05": (
        "De klantrelatie is langer dan drie jaar voorbij.",
        "The relation ended more than three years ago.",
    ),
    "T-06": (
        "Het nummer is niet verkregen bij een gift, vrijwilligerswerk of een bijeenkomst.",
        "The number was not obtained in a gift, volunteering or a meeting.",
    ),
    "T-07": ("De persoon wil niet worden gebeld.", "The person wants no calls."),
    "T-08": ("Het nummer wordt niet getoond.", "The number is not shown."),
    "T-09": (
        "De beller zegt niet meteen wie hij is en waarvoor hij belt.",
        "The caller does not say at once who calls and why.",
    ),
    "T-11": (
        "Niet is gecontroleerd dat het nummer hoort bij wie toestemming gaf.",
        "It was not verified that the number is of who consented.",
    ),
    "T-12": (
        "Het eerste gesprek komt te laat na de toestemming.",
        "The first call comes too late after the consent.",
    ),
    "T-13": (
        "Het onderzoek bevat een aanbod, of de persoon staat in het onderzoeksfilter.",
        "The survey carries an offer, or the person is in the research filter.",
    ),
    "T-14": (
        "Een aanbod in een servicegesprek maakt het tot reclame.",
        "An offer in a service call makes it marketing.",
    ),
    "T-15": ("Op deze dag wordt niet gebeld.", "No calls on such a day."),
    "T-17": (
        "Ook een eenmanszaak die klant is, wordt alleen gebeld na toestemming.",
        "A sole trader who is a customer is called with consent only, too.",
    ),
    "X-01": (
        "Ook een goed doel heeft toestemming of een relatie nodig.",
        "A charity too needs consent or a relation.",
    ),
    "X-02": (
        "Ook politieke reclame heeft toestemming nodig.",
        "Political canvassing too needs consent.",
    ),
    "X-03": (
        "De loterij heeft niet de vereiste vergunning.",
        "The lottery lacks the licence that is needed.",
    ),
    "X-04": (
        "De uitgave verschijnt niet drie keer per jaar of vaker.",
        "The title does not appear three times a year or more.",
    ),
}

OBSTACLES: Final[dict[str, tuple[str, str]]] = {
    "unknown": ("niets bekend", "nothing is on file"),
    "unreadable": ("onleesbare regel in de gegevens", "a record of the person cannot be read"),
    "unreadable-refusal": ("onleesbaar bezwaar in de gegevens", "an objection in the records cannot be read"),
    "nameless-refusal": (
        "een bezwaar zonder leesbare naam kan van deze persoon zijn",
        "an objection that names nobody may be this person's",
    ),
}
"""Why nobody even asked the rules: what the sender has on file falls short (G-07)."""


def reason(rule: str) -> tuple[str, str]:
    """The sentence for the rule that decides, in Dutch and in English."""
    return REFUSED.get(rule, ("Geen regel staat dit toe.", "No rule allows this."))
