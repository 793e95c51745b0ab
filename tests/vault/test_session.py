"""A session with a real vault: set up, signing in, staying signed in, and what each trouble is called."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hvac
import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from policies.tokens.tokenizer import TokenRequest
from policies.tokens.transit import TransitTokenizer
from streams.embedded.certificates import loopback_certificate
from streams.embedded.openbao import EmbeddedVault
from streams.settings import VaultSettings
from streams.vault.client import VaultSession
from streams.vault.connection import attempt
from streams.vault.setup import Role, set_up
from tests.vault.signed_in import CANARY, ENCRYPT, refusal, revoke_all, root, settings, vault

__all__ = ["root", "settings", "vault"]


def test_signs_in_once(settings: VaultSettings, root: hvac.Client) -> None:
    revoke_all(root)
    session = VaultSession(settings)
    for _ in range(3):
        session.write(*ENCRYPT)
    accessors = root.adapter.list("/v1/auth/token/accessors")["data"]["keys"]
    assert len(accessors) == 2  # the root's and ours


def test_signs_in_again_where_its_token_was_ended(settings: VaultSettings, root: hvac.Client) -> None:
    session = VaultSession(settings)
    session.write(*ENCRYPT)
    revoke_all(root)
    assert session.write(*ENCRYPT)


def test_many_threads_share_one_session(settings: VaultSettings, root: hvac.Client) -> None:
    session = VaultSession(settings)
    made: set[object] = set()
    with ThreadPoolExecutor(8) as pool:
        for _ in range(6):
            made.update(pool.map(lambda _: session.write(*ENCRYPT)["ciphertext"], range(40)))
            revoke_all(root)
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
    assert refusal(session, "tokens/decrypt/convergent") is Reason.VAULT_REFUSED
    assert session.write(*ENCRYPT)


def test_a_wrong_secret_is_refused(settings: VaultSettings, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("00000000-0000-0000-0000-000000000000")
    session = VaultSession(settings.model_copy(update={"secret_id_file": tmp_path / "wrong"}))
    assert refusal(session) is Reason.VAULT_REFUSED


def test_an_absent_secret_file_is_a_wrong_setting(settings: VaultSettings, tmp_path: Path) -> None:
    session = VaultSession(settings.model_copy(update={"secret_id_file": tmp_path / "absent"}))
    assert refusal(session) is Reason.MISCONFIGURED


@pytest.mark.parametrize("change", [{"role_id_file": None}, {"secret_id_file": None}, {"address": "http://127.0.0.1"}])
def test_settings_that_cannot_work_are_refused_at_once(settings: VaultSettings, change: dict[str, None]) -> None:
    with pytest.raises(RedoubtError) as said:
        VaultSession(settings.model_copy(update=change))
    assert said.value.reason is Reason.MISCONFIGURED


def test_another_authority_is_refused(settings: VaultSettings, tmp_path: Path) -> None:
    (tmp_path / "other.crt").write_bytes(loopback_certificate().ca)
    session = VaultSession(settings.model_copy(update={"ca_file": tmp_path / "other.crt"}))
    assert refusal(session) is Reason.VAULT_REFUSED


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
    assert refusal(VaultSession(settings), path) is Reason.MISCONFIGURED


def test_a_closed_session_leaves_no_token(settings: VaultSettings, root: hvac.Client) -> None:
    revoke_all(root)
    session = VaultSession(settings)
    session.write(*ENCRYPT)
    session.close()
    session.close()
    assert len(root.adapter.list("/v1/auth/token/accessors")["data"]["keys"]) == 1


def test_logs_hold_no_value_and_no_secret(settings: VaultSettings, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    session = VaultSession(settings)
    TransitTokenizer(session).tokens([TokenRequest("north", "analytics", Kind.PERSON, CANARY)])
    refusal(session, "tokens/decrypt/convergent")
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
    assert refusal(session, "tokens/encrypt/convergent") is Reason.VAULT_REFUSED
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
