"""A session with a real vault: signing in, staying signed in, and what each trouble is called."""

from __future__ import annotations

import logging
import os
import signal
import ssl
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import hvac
import pytest
import requests

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from policies.tokens.tokenizer import TokenRequest
from policies.tokens.transit import TransitTokenizer
from streams.embedded.certificates import loopback_certificate
from streams.embedded.openbao import EmbeddedVault
from streams.settings import VaultSettings
from streams.vault.client import VaultSession
from streams.vault.connection import attempt, connect, reason
from streams.vault.setup import Role, set_up
from streams.vault.transport import Elsewhere, Transport

CANARY = "Quillfeather-Ombudsdottir"
ENCRYPT = ("tokens/encrypt/convergent", {"plaintext": "AAAA", "context": "AAAA"})


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedVault]:
    with EmbeddedVault(tmp_path_factory.mktemp("vault")) as vault:
        yield vault


@pytest.fixture
def settings(vault: EmbeddedVault, tmp_path: Path) -> VaultSettings:
    bare = VaultSettings(address=vault.address, ca_file=vault.ca_file)
    files = set_up(bare, vault.root_token, tmp_path / "roles", [Role.WORKER])[Role.WORKER]
    return bare.model_copy(update={"role_id_file": files.role_id_file, "secret_id_file": files.secret_id_file})


@pytest.fixture
def root(vault: EmbeddedVault) -> hvac.Client:
    return connect(vault.address, vault.ca_file, vault.root_token)


def _reason(session: VaultSession, path: str = ENCRYPT[0]) -> Reason:
    with pytest.raises(RedoubtError) as said:
        session.write(path, {**ENCRYPT[1], "note": CANARY})
    assert CANARY not in "".join(traceback.format_exception(said.value))
    assert said.value.__context__ is None
    return said.value.reason


def _state(task: Path) -> str:
    """The field behind the name in parentheses, see proc(5)."""
    return (task / "stat").read_text().rpartition(")")[2].split()[0]


def _revoke_all(root: hvac.Client) -> None:
    root.adapter.post("/v1/sys/leases/revoke-prefix/auth/approle")


def test_signs_in_once(settings: VaultSettings, root: hvac.Client) -> None:
    _revoke_all(root)
    session = VaultSession(settings)
    for _ in range(3):
        session.write(*ENCRYPT)
    accessors = root.adapter.list("/v1/auth/token/accessors")["data"]["keys"]
    assert len(accessors) == 2  # the root's and ours


def test_signs_in_again_where_its_token_was_ended(settings: VaultSettings, root: hvac.Client) -> None:
    session = VaultSession(settings)
    session.write(*ENCRYPT)
    _revoke_all(root)
    assert session.write(*ENCRYPT)


def test_many_threads_share_one_session(settings: VaultSettings, root: hvac.Client) -> None:
    session = VaultSession(settings)
    made: set[object] = set()
    with ThreadPoolExecutor(8) as pool:
        for _ in range(6):
            made.update(pool.map(lambda _: session.write(*ENCRYPT)["ciphertext"], range(40)))
            _revoke_all(root)
        made.update(pool.map(lambda _: session.write(*ENCRYPT)["ciphertext"], range(40)))
    assert len(made) == 1
    accessors = root.adapter.list("/v1/auth/token/accessors")["data"]["keys"]
    assert len(accessors) == 2


def test_outlives_its_token(settings: VaultSettings, root: hvac.Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "urllib3")
    role = "/v1/auth/approle/role/redoubt-worker"
    root.adapter.post(role, json={"token_ttl": "2s", "token_max_ttl": "4s"})
    try:
        session = VaultSession(settings)
        until = time.monotonic() + 6
        while time.monotonic() < until:
            assert session.write(*ENCRYPT)
            time.sleep(0.05)
        # Some sixty calls: renewed now and then, not with each.
        assert 1 <= caplog.text.count("renew-self") <= 20
        time.sleep(2.5)
        assert session.write(*ENCRYPT)
    finally:
        root.adapter.post(role, json={"token_ttl": "20m", "token_max_ttl": "24h"})


def test_a_missing_right_is_refused_and_the_token_lives(settings: VaultSettings) -> None:
    session = VaultSession(settings)
    assert _reason(session, "tokens/decrypt/convergent") is Reason.VAULT_REFUSED
    assert session.write(*ENCRYPT)


def test_a_wrong_secret_is_refused(settings: VaultSettings, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("00000000-0000-0000-0000-000000000000")
    session = VaultSession(settings.model_copy(update={"secret_id_file": tmp_path / "wrong"}))
    assert _reason(session) is Reason.VAULT_REFUSED


def test_an_absent_secret_file_is_a_wrong_setting(settings: VaultSettings, tmp_path: Path) -> None:
    session = VaultSession(settings.model_copy(update={"secret_id_file": tmp_path / "absent"}))
    assert _reason(session) is Reason.MISCONFIGURED


@pytest.mark.parametrize("change", [{"role_id_file": None}, {"secret_id_file": None}, {"address": "http://127.0.0.1"}])
def test_settings_that_cannot_work_are_refused_at_once(settings: VaultSettings, change: dict[str, None]) -> None:
    with pytest.raises(RedoubtError) as said:
        VaultSession(settings.model_copy(update=change))
    assert said.value.reason is Reason.MISCONFIGURED


def test_another_authority_is_refused(settings: VaultSettings, tmp_path: Path) -> None:
    (tmp_path / "other.crt").write_bytes(loopback_certificate().ca)
    session = VaultSession(settings.model_copy(update={"ca_file": tmp_path / "other.crt"}))
    assert _reason(session) is Reason.VAULT_REFUSED


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


def test_a_vault_that_is_down_is_unavailable(settings: VaultSettings) -> None:
    session = VaultSession(settings.model_copy(update={"address": "https://127.0.0.1:9"}))
    started = time.monotonic()
    assert _reason(session) is Reason.VAULT_UNAVAILABLE
    assert time.monotonic() - started < 5


def test_a_vault_that_hangs_is_unavailable(
    vault: EmbeddedVault, settings: VaultSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.vault.connection.TIMEOUT_S", (0.5, 0.5))
    session = VaultSession(settings)
    session.write(*ENCRYPT)
    assert vault.pid
    os.kill(vault.pid, signal.SIGSTOP)
    # Each of its threads stops in its own time: until then it may still answer.
    while any(_state(task) != "T" for task in Path(f"/proc/{vault.pid}/task").iterdir()):
        time.sleep(0.01)
    try:
        assert _reason(session) is Reason.VAULT_UNAVAILABLE
    finally:
        os.kill(vault.pid, signal.SIGCONT)
    assert session.write(*ENCRYPT)


def test_a_sealed_vault_is_unavailable_to_the_probe(vault: EmbeddedVault, settings: VaultSettings) -> None:
    session = VaultSession(settings)
    session.probe()
    vault.seal()
    try:
        with pytest.raises(RedoubtError) as said:
            session.probe()
        assert said.value.reason is Reason.VAULT_UNAVAILABLE
    finally:
        vault.unseal()


def test_a_sealed_vault_is_unavailable_and_a_refusal_stays_one_after_it(
    vault: EmbeddedVault, settings: VaultSettings
) -> None:
    session, fresh = VaultSession(settings), VaultSession(settings)
    session.write(*ENCRYPT)
    vault.seal()
    try:
        # With a token and without: neither signing in nor asking after the token is taken for a refusal.
        assert _reason(session) is Reason.VAULT_UNAVAILABLE
        assert _reason(session, "tokens/decrypt/convergent") is Reason.VAULT_UNAVAILABLE
        assert _reason(fresh) is Reason.VAULT_UNAVAILABLE
    finally:
        vault.unseal()
    assert session.write(*ENCRYPT)
    assert fresh.write(*ENCRYPT)
    assert _reason(session, "tokens/decrypt/convergent") is Reason.VAULT_REFUSED


def test_a_token_that_expired_while_the_vault_was_sealed_is_replaced(
    vault: EmbeddedVault, settings: VaultSettings, root: hvac.Client
) -> None:
    session = VaultSession(settings)
    session.write(*ENCRYPT)
    vault.seal()
    assert _reason(session) is Reason.VAULT_UNAVAILABLE
    vault.unseal()
    _revoke_all(root)
    assert session.write(*ENCRYPT)


def test_credentials_that_were_withdrawn_are_refused_once_the_token_is_gone(
    settings: VaultSettings, root: hvac.Client
) -> None:
    session = VaultSession(settings)
    session.write(*ENCRYPT)
    assert settings.secret_id_file
    secret = settings.secret_id_file.read_text()
    root.adapter.post("/v1/auth/approle/role/redoubt-worker/secret-id/destroy", json={"secret_id": secret})
    _revoke_all(root)
    assert _reason(session) is Reason.VAULT_REFUSED


def test_the_probe_refuses_rights_that_are_too_wide(settings: VaultSettings, root: hvac.Client) -> None:
    VaultSession(settings).probe()
    policy = "/v1/sys/policies/acl/redoubt-worker"
    tight = root.adapter.get(policy)["data"]["policy"]
    root.adapter.post(policy, json={"policy": tight.replace("tokens/encrypt/convergent", "tokens/+/convergent")})
    try:
        with pytest.raises(RedoubtError) as said:
            VaultSession(settings).probe()
        assert said.value.reason is Reason.MISCONFIGURED
    finally:
        root.adapter.post(policy, json={"policy": tight})


@pytest.mark.parametrize("path", ["", "tokens", "/tokens/x", "tokens//x", "tokens/../sys", f"tokens/{CANARY}", "a/b?c"])
def test_no_value_can_be_a_path(settings: VaultSettings, path: str) -> None:
    assert _reason(VaultSession(settings), path) is Reason.MISCONFIGURED


def test_a_closed_session_leaves_no_token(settings: VaultSettings, root: hvac.Client) -> None:
    _revoke_all(root)
    session = VaultSession(settings)
    session.write(*ENCRYPT)
    session.close()
    session.close()
    assert len(root.adapter.list("/v1/auth/token/accessors")["data"]["keys"]) == 1


def test_logs_hold_no_value_and_no_secret(settings: VaultSettings, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    session = VaultSession(settings)
    TransitTokenizer(session).tokens([TokenRequest("north", "analytics", Kind.PERSON, CANARY)])
    _reason(session, "tokens/decrypt/convergent")
    assert settings.secret_id_file
    assert caplog.text  # urllib3 does log: the test sees what there is
    assert CANARY not in caplog.text
    assert settings.secret_id_file.read_text() not in caplog.text


def test_the_surroundings_are_not_asked(
    settings: VaultSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
    (tmp_path / ".vault-token").write_text("s.somebody-else")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("VAULT_TOKEN", "s.somebody-else")
    monkeypatch.setenv("VAULT_ADDR", "https://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/absent")
    assert VaultSession(settings).write(*ENCRYPT)


def test_set_up_may_be_run_again(vault: EmbeddedVault, settings: VaultSettings) -> None:
    folder = settings.secret_id_file
    assert folder
    session = VaultSession(settings)
    before = session.write(*ENCRYPT)
    secret = folder.read_text()
    again = set_up(settings, vault.root_token, folder.parent, [Role.WORKER])
    assert again[Role.WORKER].secret_id_file.read_text() == secret
    assert VaultSession(settings).write(*ENCRYPT) == before
    for path in folder.parent.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
    folder.unlink()
    set_up(settings, vault.root_token, folder.parent, [Role.WORKER])
    assert folder.read_text() != secret
    assert VaultSession(settings).write(*ENCRYPT) == before


def test_set_up_refuses_a_key_of_another_shape(vault: EmbeddedVault, root: hvac.Client, tmp_path: Path) -> None:
    root.adapter.post("/v1/sys/mounts/elsewhere", json={"type": "transit"})
    root.adapter.post("/v1/elsewhere/keys/convergent", json={"type": "aes256-gcm96", "derived": True})
    settings = VaultSettings(address=vault.address, ca_file=vault.ca_file, tokens_mount="elsewhere")
    with pytest.raises(RedoubtError) as said:
        set_up(settings, vault.root_token, tmp_path)
    assert said.value.reason is Reason.VAULT_REFUSED
    assert not any(tmp_path.iterdir())


def test_set_up_under_other_mounts(vault: EmbeddedVault, tmp_path: Path) -> None:
    bare = VaultSettings(address=vault.address, ca_file=vault.ca_file, tokens_mount="ring-a", storage_mount="ring-b")
    files = set_up(bare, vault.root_token, tmp_path, [Role.WORKER])[Role.WORKER]
    session = VaultSession(
        bare.model_copy(update={"role_id_file": files.role_id_file, "secret_id_file": files.secret_id_file})
    )
    session.probe()
    assert _reason(session, "tokens/encrypt/convergent") is Reason.VAULT_REFUSED
    # Put the role back for the tests beside this one.
    set_up(VaultSettings(address=vault.address, ca_file=vault.ca_file), vault.root_token, tmp_path, [Role.WORKER])


def test_set_up_without_rights_is_refused(settings: VaultSettings, tmp_path: Path) -> None:
    with pytest.raises(RedoubtError) as said:
        set_up(settings, "s.nobody", tmp_path)
    assert said.value.reason is Reason.VAULT_REFUSED


def test_what_attempt_returns_is_never_raised() -> None:
    error = ValueError(CANARY)

    def fails() -> object:
        raise error

    assert attempt(fails) is error
    assert attempt(lambda: None) == {}
