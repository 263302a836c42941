"""A checkpoint gets its time from an authority of whom the signature is checked, and from nobody else."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from grondslag.errors import BadEvidence
from grondslag.ledger import timestamp, verifier
from tests.ledger.authority import Authority
from tests.ledger.logs import VECTORS, grow, pack, published, seal

FIXTURES = {
    name: base64.b64decode(data)
    for name, data in json.loads((VECTORS / "timestamp" / "rfc3161-fixtures.json").read_text())[
        "files_base64"
    ].items()
}
NOTE = b"shop.example/register\n1\nAAAA\n"


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tsa") / "other")


def test_a_checkpoint_gets_the_time_of_the_authority(authority, url):
    token = timestamp.stamp(NOTE, url)
    when = timestamp.verify(token, NOTE, authority.root)
    assert abs(datetime.now(UTC) - when) < timedelta(minutes=1)
    assert verifier.stamped(token, NOTE) == when


def test_the_request_holds_the_hash_and_nothing_else_of_the_checkpoint():
    one, two = timestamp.request(NOTE), timestamp.request(NOTE)
    assert hashlib.sha256(NOTE).digest() in one
    assert NOTE not in one
    assert one != two, "each has a nonce of its own"


def test_a_time_is_good_for_these_bytes_and_this_authority_only(authority, other, url):
    token = timestamp.stamp(NOTE, url)
    with pytest.raises(BadEvidence, match="on something else"):
        timestamp.verify(token, NOTE + b"x", authority.root)
    with pytest.raises(BadEvidence, match="not signed by a trusted authority"):
        timestamp.verify(token, NOTE, other.root)
    with pytest.raises(BadEvidence, match="not PEM"):
        timestamp.verify(token, NOTE, b"nonsense")


def test_an_authority_whose_own_certificate_alone_is_given_is_not_vouched_for(authority, url):
    token = timestamp.stamp(NOTE, url)
    with pytest.raises(BadEvidence):
        timestamp.verify(token, NOTE, (authority.folder / "authority.pem").read_bytes())


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda _: (500, b""), "answers 500"),
        (lambda _: (200, b""), "no granted timestamp"),
        (lambda _: (200, b"<html>"), "no granted timestamp"),
        (lambda _: (200, b"0" * (1 << 20 | 1)), "answers too much"),
    ],
    ids=["error", "nothing", "page", "flood"],
)
def test_an_authority_that_does_not_answer_properly_is_named_as_the_trouble(authority, url, answer, why):
    authority.answer = answer
    with pytest.raises(BadEvidence, match="the timestamping authority: .*" + why):
        timestamp.stamp(NOTE, url)


def test_an_answer_to_another_request_is_refused(authority, url):
    authority.answer = lambda _: authority.stamp(timestamp.request(NOTE))
    with pytest.raises(BadEvidence, match="answers another request"):
        timestamp.stamp(NOTE, url)
    authority.answer = lambda _: authority.stamp(timestamp.request(b"another checkpoint"))
    with pytest.raises(BadEvidence, match="on something else"):
        timestamp.stamp(NOTE, url)


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://tsa.example", "", "http://127.0.0.1:1/", "http://"]
)
def test_an_address_where_no_authority_is_is_refused(address):
    with pytest.raises(BadEvidence, match="the timestamping authority"):
        timestamp.stamp(NOTE, address, patience=2)


def test_an_authority_that_keeps_silent_is_not_waited_for(authority, url):
    silence = threading.Event()
    authority.answer = lambda _: (silence.wait(20), (200, b""))[1]
    try:
        with pytest.raises(BadEvidence, match=r"cannot be reached \(TimeoutError\)"):
            timestamp.stamp(NOTE, url, patience=0.2)
    finally:
        silence.set()


# What others recorded


def chain(name: str) -> bytes:
    """The certificates of the authority, as PEM."""
    data = FIXTURES[name.partition("/")[0] + "/ts_chain.pem"]
    return data if data.startswith(b"-") else x509.load_der_x509_certificate(data).public_bytes(Encoding.PEM)


def stamped_data(name: str) -> bytes:
    return FIXTURES["sigstore.mock/payload"] if name.startswith("sigstore.mock") else b"hello"


GOOD = {
    "identrust/issue-104.tsr": "2025-03-11T08:52:08",
    "sigstage/response-no-embedded-cert.tsr": "2025-06-18T08:13:02",
    "sigstage/response-sha256.tsr": "2025-05-09T11:58:55",
    "sigstage/response-sha384.tsr": "2025-05-09T11:58:55",
    "sigstage/response-sha512.tsr": "2025-05-09T11:58:56",
    "sigstore.mock/response-expired.tsr": "2023-02-01T00:00:00",  # expired since; valid when it was signed
    "test_tsa/response-injected-certs.tsr": "2024-10-08T15:40:32",  # signed by the true one
    "test_tsa/response.tsr": "2024-10-08T15:40:32",
}
BAD = {
    "sigstage/response-invalid-signature.tsr",
    "test_tsa/other_response.tsr",
}  # the latter: of another root


def test_the_recorded_responses_are_ten():
    assert {name for name in FIXTURES if name.endswith(".tsr")} == {*GOOD, *BAD}


@pytest.mark.parametrize("name", GOOD)
def test_a_recorded_response_is_good(name):
    when = datetime.fromisoformat(GOOD[name] + "+00:00")
    assert timestamp.verify(FIXTURES[name], stamped_data(name), chain(name)) == when
    with pytest.raises(BadEvidence, match="on something else"):
        timestamp.verify(FIXTURES[name], b"other data", chain(name))


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_recorded_response_that_is_bad_is_refused(name):
    with pytest.raises(BadEvidence, match="not signed by a trusted authority"):
        timestamp.verify(FIXTURES[name], stamped_data(name), chain(name))


def test_certificates_that_somebody_put_in_a_response_are_not_trusted():
    name = "test_tsa/response-injected-certs.tsr"
    with pytest.raises(BadEvidence):
        timestamp.verify(FIXTURES[name], b"hello", chain("sigstage/x"))


@pytest.mark.parametrize(
    "name", ["sigstage/request.der", "test_tsa/request.der", "test_tsa/other_request.der"]
)
def test_a_request_is_no_timestamp(name):
    with pytest.raises(BadEvidence):
        timestamp.verify(FIXTURES[name], b"hello", chain(name))


@given(st.binary(max_size=200) | st.sampled_from([*GOOD]).map(FIXTURES.get), st.data())
@settings(max_examples=300)
def test_any_bytes_as_a_timestamp_get_a_verdict(token, data):
    if token:
        at = data.draw(st.integers(0, len(token) - 1))
        token = token[:at] + data.draw(st.binary(max_size=3)) + token[at + data.draw(st.integers(0, 3)) :]
    with suppress(verifier.Wrong):
        assert verifier.stamped(token, b"hello").tzinfo is not None
    with suppress(BadEvidence):
        assert timestamp.verify(token, b"hello", chain("test_tsa/x")).tzinfo is not None


# In a pack, with the stand-alone verifier


@pytest.fixture
def stamped_pack(tmp_path, authority):
    """A pack with a timestamp on its checkpoint and one on an earlier checkpoint."""
    earlier = published(grow(tmp_path / "then", 20))
    tiles = grow(tmp_path / "log", 20, 300)
    pack(tiles, tmp_path / "pack", range(2), earlier)
    contents = {
        path.relative_to(tmp_path / "pack").as_posix(): path.read_bytes()
        for path in (tmp_path / "pack").rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    contents["timestamp.tsr"] = authority.stamp(timestamp.request(contents["checkpoint"]))[1]
    contents["earlier/1.tsr"] = authority.stamp(timestamp.request(earlier.encode()))[1]
    seal(contents, tmp_path / "pack")
    return tmp_path / "pack"


def told(capsys, *arguments: object) -> tuple[int, str]:
    code = verifier.main([str(argument) for argument in arguments])
    return code, capsys.readouterr().out


def test_the_verifier_says_that_it_did_not_check_who_signed_the_time(stamped_pack, capsys):
    code, out = told(capsys, stamped_pack)
    assert code == 0
    assert out.count("WHO SIGNED THIS TIME WAS NOT CHECKED") == 2


def test_the_verifier_has_openssl_check_who_signed_the_time(stamped_pack, authority, other, capsys):
    assert shutil.which("openssl")
    code, out = told(capsys, stamped_pack, "--tsa-ca", authority.folder / "root.pem")
    assert (code, out.count("signed by that authority"), out.count("NOT CHECKED")) == (0, 2, 0)
    code, out = told(capsys, stamped_pack, "--tsa-ca", other.folder / "root.pem")
    assert (code, out.count("openssl does not find it signed by that authority")) == (1, 2)


def test_without_openssl_the_verifier_says_so(stamped_pack, authority, capsys, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    code, out = told(capsys, stamped_pack, "--tsa-ca", authority.folder / "root.pem")
    assert code == 0
    assert "WAS NOT CHECKED" in out


def test_a_timestamp_on_another_checkpoint_is_wrong(stamped_pack, capsys):
    contents = {
        path.relative_to(stamped_pack).as_posix(): path.read_bytes()
        for path in stamped_pack.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    seal({**contents, "timestamp.tsr": contents["earlier/1.tsr"]}, stamped_pack)
    code, out = told(capsys, stamped_pack)
    assert (code, "timestamp.tsr: is a timestamp on something else" in out) == (1, True)
