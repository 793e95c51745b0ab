"""Signing in without an AppRole: a pod's service account, and a token that an agent keeps in a file. The vault is real;
the cluster's TokenReview API, which the vault asks about service accounts, is a double over TLS."""

from __future__ import annotations

import base64
import json
import os
import secrets
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import hvac
import pytest

from detectors.errors import Reason, RedoubtError
from streams.embedded.certificates import loopback_certificate
from streams.embedded.openbao import EmbeddedVault
from streams.settings import VaultSettings
from streams.vault.client import VaultSession
from streams.vault.connection import connect
from streams.vault.setup import Role, set_up

ENCRYPT = ("tokens/encrypt/convergent", {"plaintext": "AAAA", "context": "AAAA"})
PLACE = ("gateway", "redoubt-worker")


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedVault]:
    folder = tmp_path_factory.mktemp("vault")
    with EmbeddedVault(folder / "server") as vault:
        set_up(_bare(vault), vault.root_token, folder / "roles", [Role.WORKER])
        yield vault


@pytest.fixture
def root(vault: EmbeddedVault) -> hvac.Client:
    return connect(vault.address, vault.ca_file, vault.root_token)


def _bare(vault: EmbeddedVault) -> VaultSettings:
    return VaultSettings(address=vault.address, ca_file=vault.ca_file)


def _reason(session: VaultSession) -> Reason:
    with pytest.raises(RedoubtError) as said:
        session.write(*ENCRYPT)
    return said.value.reason


class Cluster:
    """Knows the service accounts' tokens that it gave out, until it forgets them."""

    def __init__(self, folder: Path) -> None:
        self.known: dict[str, tuple[str, str]] = {}
        certificate = loopback_certificate()
        (folder / "chain.pem").write_bytes(certificate.chain)
        (folder / "key.pem").write_bytes(certificate.key)
        self.ca = certificate.ca.decode()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "chain.pem", folder / "key.pem")
        known = self.known

        class TokenReview(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                found = known.get(asked["spec"]["token"])
                status: dict[str, object] = {"authenticated": found is not None}
                if found:
                    status["user"] = {"username": f"system:serviceaccount:{found[0]}:{found[1]}", "uid": "u-1"}
                said = json.dumps({**asked, "status": status}).encode()
                self.send_response(201)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), TokenReview)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.address = f"https://127.0.0.1:{self.server.server_address[1]}"

    def token(self, namespace: str, name: str) -> str:
        account = {"namespace": namespace, "serviceaccount": {"name": name, "uid": "u-1"}}
        claims = {
            "iss": "https://cluster.example",
            "sub": f"system:serviceaccount:{namespace}:{name}",
            "iat": int(time.time()) - 60,
            "nbf": int(time.time()) - 60,
            "exp": int(time.time()) + 3600,
            "kubernetes.io": account,
        }
        parts = [{"alg": "ES256"}, claims]
        made = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
        signature = base64.urlsafe_b64encode(secrets.token_bytes(64)).decode().rstrip("=")
        token = ".".join([*made, signature])
        self.known[token] = (namespace, name)
        return token


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    found = Cluster(tmp_path_factory.mktemp("cluster"))
    thread = threading.Thread(target=found.server.serve_forever, daemon=True)
    thread.start()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture(scope="module")
def kubernetes(vault: EmbeddedVault, cluster: Cluster) -> VaultSettings:
    """As docs/operations.md tells an administrator to set it up."""
    post = connect(vault.address, vault.ca_file, vault.root_token).adapter.post
    post("/v1/sys/auth/kubernetes", json={"type": "kubernetes"})
    config = {"kubernetes_host": cluster.address, "kubernetes_ca_cert": cluster.ca, "disable_local_ca_jwt": True}
    post("/v1/auth/kubernetes/config", json=config)
    bound = {"bound_service_account_namespaces": PLACE[0], "bound_service_account_names": PLACE[1]}
    rules = {"token_policies": ["redoubt-worker"], "token_no_default_policy": True, "token_ttl": "20m"}
    post("/v1/auth/kubernetes/role/redoubt-worker", json={**bound, **rules})
    return _bare(vault).model_copy(update={"kubernetes_role": "redoubt-worker"})


def test_a_pod_signs_in_with_its_service_account(kubernetes: VaultSettings, cluster: Cluster, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(cluster.token(*PLACE) + "\n")
    session = VaultSession(kubernetes.model_copy(update={"kubernetes_token_file": file}))
    session.probe()
    session.close()
    # What the cluster replaced is read at the next sign-in; what it has forgotten signs nobody in.
    cluster.known.clear()
    assert _reason(session) is Reason.VAULT_REFUSED
    file.write_text(cluster.token(*PLACE))
    assert session.write(*ENCRYPT)
    file.unlink()
    session.close()
    assert _reason(session) is Reason.MISCONFIGURED


@pytest.mark.parametrize("place", [("gateway", "other"), ("other", "redoubt-worker")])
def test_another_service_account_is_refused(
    kubernetes: VaultSettings, cluster: Cluster, tmp_path: Path, place: tuple[str, str]
) -> None:
    (tmp_path / "token").write_text(cluster.token(*place))
    session = VaultSession(kubernetes.model_copy(update={"kubernetes_token_file": tmp_path / "token"}))
    assert _reason(session) is Reason.VAULT_REFUSED


def test_a_pod_s_token_is_renewed_before_it_ends_and_replaced_where_it_cannot_be(
    kubernetes: VaultSettings, cluster: Cluster, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text(cluster.token(*PLACE))
    session = VaultSession(kubernetes.model_copy(update={"kubernetes_token_file": tmp_path / "token"}))

    def half_way() -> str:
        """The token after a call at half of its life."""
        session._renew_at = time.monotonic()
        assert session.write(*ENCRYPT)
        assert session._renew_at > time.monotonic()
        return session._signed.token if session._signed else ""

    session.write(*ENCRYPT)
    first = session._signed
    assert first
    assert half_way() == first.token
    # OpenBao asks the cluster again at a renewal: the service account's token that it signed in with is gone by then.
    cluster.known.clear()
    (tmp_path / "token").write_text(cluster.token(*PLACE))
    assert half_way() != first.token


def _made(root: hvac.Client, **other: object) -> str:
    body = {"policies": ["redoubt-worker"], "no_default_policy": True, "ttl": "20m", **other}
    return str(root.adapter.post("/v1/auth/token/create-orphan", json=body)["auth"]["client_token"])


@contextmanager
def _agent(vault: EmbeddedVault, file: Path, token: str) -> Iterator[VaultSession]:
    file.write_text(token)
    session = VaultSession(_bare(vault).model_copy(update={"token_file": file}))
    yield session
    session.close()


def _put(file: Path, token: str) -> None:
    """As agents do: written beside and renamed into place."""
    draft = file.with_suffix(".draft")
    draft.write_text(token)
    os.replace(draft, file)  # noqa: PTH105


def test_a_token_that_was_replaced_in_its_file_is_taken_up(
    vault: EmbeddedVault, root: hvac.Client, tmp_path: Path
) -> None:
    first, second = _made(root), _made(root)
    with _agent(vault, tmp_path / "token", first) as session:
        session.probe()
        _put(tmp_path / "token", second)
        root.adapter.post("/v1/auth/token/revoke", json={"token": first})
        assert session.write(*ENCRYPT)
        # Gone for a moment: the one at hand holds.
        (tmp_path / "token").unlink()
        assert session.write(*ENCRYPT)
        root.adapter.post("/v1/auth/token/revoke", json={"token": second})
        assert _reason(session) is Reason.MISCONFIGURED
        _put(tmp_path / "token", _made(root))
        assert session.write(*ENCRYPT)


def test_a_token_of_a_file_is_renewed_and_not_ended(vault: EmbeddedVault, root: hvac.Client, tmp_path: Path) -> None:
    token = _made(root, ttl="1h")
    with _agent(vault, tmp_path / "token", token) as session:
        session.write(*ENCRYPT)
        session._renew_at = time.monotonic()
        assert session.write(*ENCRYPT)
        assert session._signed
        assert (session._signed.token, session._signed.own) == (token, False)
    assert root.adapter.post("/v1/auth/token/lookup", json={"token": token})["data"]["ttl"] > 0


def test_a_dead_token_and_an_empty_file_are_refused(vault: EmbeddedVault, root: hvac.Client, tmp_path: Path) -> None:
    token = _made(root)
    root.adapter.post("/v1/auth/token/revoke", json={"token": token})
    for written in (token, ""):
        with _agent(vault, tmp_path / "token", written) as session:
            assert _reason(session) is Reason.VAULT_REFUSED


def test_a_sealed_vault_is_away_and_not_a_refusal(vault: EmbeddedVault, root: hvac.Client, tmp_path: Path) -> None:
    token = _made(root)
    vault.seal()
    try:
        with _agent(vault, tmp_path / "token", token) as session:
            assert _reason(session) is Reason.VAULT_UNAVAILABLE
    finally:
        vault.unseal()


def test_one_way_is_named_and_no_more(vault: EmbeddedVault, tmp_path: Path) -> None:
    ways = {"kubernetes_role": "redoubt-worker", "token_file": tmp_path / "token"}
    for named in ({}, ways):
        with pytest.raises(RedoubtError, match=Reason.MISCONFIGURED.value):
            VaultSession(_bare(vault).model_copy(update=named))
