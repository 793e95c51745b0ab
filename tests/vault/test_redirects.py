"""An answer that points elsewhere is followed to vaults alone: the token goes to no other host."""

from __future__ import annotations

import ssl
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import requests

from detectors.errors import Reason
from streams.embedded.certificates import loopback_certificate
from streams.settings import VaultSettings
from streams.vault.client import VaultSession
from streams.vault.connection import attempt, connect, reason
from streams.vault.transport import Elsewhere, Transport
from tests.vault.signed_in import CANARY, ENCRYPT, root, settings, vault

__all__ = ["root", "settings", "vault"]


class Standby(BaseHTTPRequestHandler):
    """Points to the active node, as a standby does, and takes nothing itself."""

    active = ""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(307)
        self.send_header("Location", f"{self.active}{self.path}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def test_a_standby_that_points_to_the_active_node_is_followed(settings: VaultSettings, tmp_path: Path) -> None:
    own = loopback_certificate()
    (tmp_path / "own.pem").write_bytes(own.chain + own.key)
    (tmp_path / "both.pem").write_bytes(own.ca + Path(str(settings.ca_file)).read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "own.pem")
    with HTTPServer(("127.0.0.1", 0), type("Pointing", (Standby,), {"active": settings.address})) as standby:
        standby.socket = context.wrap_socket(standby.socket, server_side=True)
        serving = threading.Thread(target=standby.serve_forever)
        serving.start()
        try:
            address = f"https://127.0.0.1:{standby.server_port}"
            to = {"address": address, "ca_file": tmp_path / "both.pem"}
            assert VaultSession(settings.model_copy(update=to)).write(*ENCRYPT)["ciphertext"]
        finally:
            standby.shutdown()
            serving.join()


def test_the_token_goes_to_no_other_host() -> None:
    taken: list[str] = []

    class Thief(Standby):
        def do_POST(self) -> None:
            taken.append(str(self.headers["X-Vault-Token"]))
            super().do_POST()

    with HTTPServer(("127.0.0.2", 0), Thief) as thief:
        pointing = type("Pointing", (Standby,), {"active": f"http://127.0.0.2:{thief.server_port}"})
        with HTTPServer(("127.0.0.1", 0), pointing) as standby:
            serving = [threading.Thread(target=server.serve_forever) for server in (thief, standby)]
            for thread in serving:
                thread.start()
            try:
                post = connect(f"http://127.0.0.1:{standby.server_port}", None, token="s.token").adapter.post
                for way in ({}, {"stream": True}):  # the pool of connections, and what is asked of `requests` at once
                    error = attempt(partial(post, "/v1/sys/x", json={"a": CANARY}, **way))
                    assert isinstance(error, Elsewhere)
                    assert reason(error) is Reason.VAULT_REFUSED
                assert not taken
            finally:
                for server, thread in zip((thief, standby), serving, strict=True):
                    server.shutdown()
                    thread.join()


@pytest.mark.parametrize(
    ("address", "has_authority", "to", "follows"),
    [
        ("https://a:8200", True, "https://b:8200/v1/x", True),  # verified with the authority, as every request is
        ("https://a:8200", True, "/v1/x", True),
        ("https://a:8200", True, "//b/v1/x", True),
        ("https://a:8200", True, "http://a:8200/v1/x", False),
        ("https://a:8200", True, "ftp://a/v1/x", False),
        ("https://a:8200", True, "https://a@b/v1/x", False),
        ("https://a:8200", True, "https://b\\@a/v1/x", False),
        ("https://a:8200", False, "https://A:8300/v1/x", True),
        ("https://a:8200", False, "https://b:8200/v1/x", False),
        ("https://a:8200", False, "https://a.b/v1/x", False),
        ("http://a:8200", False, "http://a:8300/v1/x", True),
        ("http://a:8200", False, "https://a:8300/v1/x", True),
        ("http://a:8200", False, "//b/v1/x", False),
        ("http://a:8200", True, "http://b:8200/v1/x", False),
        ("http://a:8200", True, "https://b:8200/v1/x", True),
    ],
)
def test_what_an_answer_may_point_to(tmp_path: Path, address: str, has_authority: bool, to: str, follows: bool) -> None:
    (tmp_path / "ca.pem").write_bytes(loopback_certificate().ca)
    answer = requests.Response()
    answer.status_code, answer.url, answer.headers["Location"] = 307, f"{address}/v1/x", to
    with Transport(address, tmp_path / "ca.pem" if has_authority else None) as transport:
        if follows:
            assert transport.get_redirect_target(answer) == to
        else:
            with pytest.raises(Elsewhere):
                transport.get_redirect_target(answer)
