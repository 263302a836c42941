"""A timestamping authority for tests: `openssl ts` behind a web server on this machine."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

CONFIGURATION = """
[req]
distinguished_name = name
[name]
[tsa]
default_tsa = authority
[authority]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
[authority_certificate]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[root_certificate]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
"""


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


class Authority:
    """A timestamping authority with a root of its own: `openssl ts` behind a web server on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.answer = folder, self.stamp
        folder.mkdir()
        (folder / "configuration").write_text(CONFIGURATION.format(folder=folder))
        (folder / "serial").write_text("01\n")
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        for name in ("root", "authority"):
            signed = [] if name == "root" else ["-CA", "root.pem", "-CAkey", "root.key"]
            files = ["-keyout", f"{name}.key", "-out", f"{name}.pem"]
            usage = ["-config", "configuration", "-extensions", f"{name}_certificate", "-days", "3650"]
            openssl(folder, "req", "-x509", *key, *signed, *files, *usage, "-subj", f"/CN=The {name}")

    @property
    def root(self) -> bytes:
        return (self.folder / "root.pem").read_bytes()

    def stamp(self, query: bytes) -> tuple[int, bytes]:
        (self.folder / "query").write_bytes(query)
        by = ["-signer", "authority.pem", "-inkey", "authority.key"]  # its chain would not be in strict DER
        files = ["-config", "configuration", "-queryfile", "query", "-out", "reply"]
        openssl(self.folder, "ts", "-reply", *files, *by)
        return 200, (self.folder / "reply").read_bytes()

    def serve(self) -> Iterator[str]:
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                assert self.headers["Content-Type"] == "application/timestamp-query"
                code, body = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
                with suppress(BrokenPipeError):  # who asked has gone
                    self.send_response(code)
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        with HTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            yield f"http://127.0.0.1:{server.server_port}/"
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tsa") / "authority")


@pytest.fixture
def url(authority):
    authority.answer = authority.stamp
    yield from authority.serve()
