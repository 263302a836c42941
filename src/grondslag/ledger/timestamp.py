"""When a checkpoint was there, by the word of a timestamping authority (RFC 3161)."""

from __future__ import annotations

from datetime import datetime
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from rfc3161_client import (
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.base import HashAlgorithm

from grondslag.errors import BadEvidence
from grondslag.ledger import verifier
from grondslag.ledger.note import refusing

_LARGEST = 1 << 20  # bytes in a reply
_PATIENCE = 30  # seconds


def request(checkpoint: bytes) -> bytes:
    """What to send to an authority: the SHA-256 of the signed checkpoint, and a nonce."""
    return _asked(checkpoint).as_bytes()


def stamp(checkpoint: bytes, url: str, patience: float = _PATIENCE) -> bytes:
    """The response of the authority at that address, on these bytes. Who signed it is for `verify` to say.

    :param patience: seconds to wait for each step of the answer.
    :raises BadEvidence: it does not answer, refuses, or answers something else than was asked.
    """
    asked = _asked(checkpoint)
    token = _post(asked.as_bytes(), url, patience)
    with refusing("the timestamping authority", "try again, or give the address of another"):
        verifier.stamped(token, checkpoint)
        if _decode(token).tst_info.nonce != asked.nonce:
            raise verifier.Wrong("answers another request")
    return token


def verify(token: bytes, checkpoint: bytes, certificates: bytes) -> datetime:
    """When the authority says that it saw these bytes, in UTC.

    :param certificates: PEM: the roots that are trusted to vouch for authorities, intermediate ones, and the
        authority's own if its response does not hold it.
    :raises BadEvidence: the response is on something else, or no such authority signed it.
    """
    try:
        given = x509.load_pem_x509_certificates(certificates)
    except ValueError:
        raise BadEvidence("the certificates", "are not PEM", "give the authority's as one PEM file") from None
    signer = next(filter(_stamps, given), None)
    builder = VerifierBuilder(roots=[one for one in given if one != signer], tsa_certificate=signer)
    with refusing("the timestamp", "ask for a new one, or check which authority is trusted"):
        when = verifier.stamped(token, checkpoint)
        try:
            builder.build().verify_message(_decode(token), checkpoint)
        except (VerificationError, ValueError) as error:
            raise verifier.Wrong(f"is not signed by a trusted authority ({error})") from None
        return when


def _asked(checkpoint: bytes) -> TimeStampRequest:
    """The builder adds a nonce and asks for the authority's certificate."""
    return TimestampRequestBuilder().data(checkpoint).hash_algorithm(HashAlgorithm.SHA256).build()


def _stamps(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return ExtendedKeyUsageOID.TIME_STAMPING in usage


def _decode(token: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(token)
    except ValueError:
        raise verifier.Wrong("is not in the strict form of DER") from None


def _post(query: bytes, url: str, patience: float) -> bytes:
    if urlsplit(url).scheme not in ("http", "https"):
        raise BadEvidence("the timestamping authority", "has no web address", "give one as https://…")
    headers = {"Content-Type": "application/timestamp-query"}
    try:
        with urlopen(Request(url, query, headers), timeout=patience) as reply:
            token: bytes = reply.read(_LARGEST + 1)
    except HTTPError as error:
        problem = f"answers {error.code}"
    except (URLError, OSError, ValueError) as error:
        problem = f"cannot be reached ({type(getattr(error, 'reason', error)).__name__})"
    else:
        if len(token) <= _LARGEST:
            return token
        problem = "answers too much"
    raise BadEvidence(
        "the timestamping authority", problem, "try again later, or give the address of another"
    ) from None
