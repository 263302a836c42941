"""The certificate that something was destroyed: in words and as JSON, without data of a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from grondslag.locale import day, number, word
from grondslag.register.forgetting import Certificate


def as_json(certificate: Certificate, controller: str) -> dict[str, Any]:
    """The certificate as plain JSON: what the log says, and where it says so."""
    told = {"controller": controller, "day": certificate.day.isoformat(), "entry": str(certificate.id)}
    return told | {"ground": certificate.ground} | certificate.account.told()


def in_words(certificate: Certificate, controller: str, lang: str) -> Iterator[str]:
    """The certificate in sentences."""

    def said(key: str, **values: object) -> str:
        return word("certificate", key, lang).format(**values)

    account = certificate.account
    yield said("title")
    yield said("done", day=day(certificate.day, lang), controller=controller)
    yield said("ground", ground=word("grounds", certificate.ground, lang))
    for kind, count in sorted(account.erased.items()):
        yield said("erased", count=number(count, lang), kind=word("kept", kind, lang))
    if account.attachments:
        yield said("files", count=number(account.attachments, lang))
    for (kind, reason, until), count in sorted(account.held.items()):
        yield said("held", day=day(until, lang), count=number(count, lang), kind=word("kept", kind, lang),
                   reason=reason)  # fmt: skip
    if not account.held:
        yield said("nothing")
    if account.suppressed:
        yield said("suppressed", count=number(account.suppressed, lang), controller=controller)
    yield said("entry", id=certificate.id)
