"""A vault that is down, hangs or is sealed: told apart from one that refuses, and outlived."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import hvac
import pytest

from detectors.errors import Reason, RedoubtError
from streams.embedded.openbao import EmbeddedVault
from streams.settings import VaultSettings
from streams.vault.client import VaultSession
from tests.vault.signed_in import ENCRYPT, refusal, revoke_all, root, settings, vault

__all__ = ["root", "settings", "vault"]


def _state(task: Path) -> str:
    """The field behind the name in parentheses, see proc(5)."""
    return (task / "stat").read_text().rpartition(")")[2].split()[0]


def test_a_vault_that_is_down_is_unavailable(settings: VaultSettings) -> None:
    session = VaultSession(settings.model_copy(update={"address": "https://127.0.0.1:9"}))
    started = time.monotonic()
    assert refusal(session) is Reason.VAULT_UNAVAILABLE
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
        assert refusal(session) is Reason.VAULT_UNAVAILABLE
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
        assert refusal(session) is Reason.VAULT_UNAVAILABLE
        assert refusal(session, "tokens/decrypt/convergent") is Reason.VAULT_UNAVAILABLE
        assert refusal(fresh) is Reason.VAULT_UNAVAILABLE
    finally:
        vault.unseal()
    assert session.write(*ENCRYPT)
    assert fresh.write(*ENCRYPT)
    assert refusal(session, "tokens/decrypt/convergent") is Reason.VAULT_REFUSED


def test_a_token_that_expired_while_the_vault_was_sealed_is_replaced(
    vault: EmbeddedVault, settings: VaultSettings, root: hvac.Client
) -> None:
    session = VaultSession(settings)
    session.write(*ENCRYPT)
    vault.seal()
    assert refusal(session) is Reason.VAULT_UNAVAILABLE
    vault.unseal()
    revoke_all(root)
    assert session.write(*ENCRYPT)


def test_credentials_that_were_withdrawn_are_refused_once_the_token_is_gone(
    settings: VaultSettings, root: hvac.Client
) -> None:
    session = VaultSession(settings)
    session.write(*ENCRYPT)
    assert settings.secret_id_file
    secret = settings.secret_id_file.read_text()
    root.adapter.post("/v1/auth/approle/role/redoubt-worker/secret-id/destroy", json={"secret_id": secret})
    revoke_all(root)
    assert refusal(session) is Reason.VAULT_REFUSED
