"""What an operator runs once, against the real embedded servers."""

from __future__ import annotations

from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient
from typer.testing import CliRunner

from streams.cli import app
from streams.embedded.openbao import EmbeddedVault
from streams.embedded.tansu import EmbeddedBroker
from streams.kafka.topics import TOPICS
from streams.settings import VaultSettings
from streams.vault.client import VaultSession
from streams.vault.setup import Role


def test_topics_are_created_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with EmbeddedBroker(tmp_path / "broker") as broker:
        monkeypatch.setenv("REDOUBT_KAFKA__BOOTSTRAP", broker.bootstrap)
        first = CliRunner().invoke(app, ["create-topics", "--partitions", "2", "--replication", "1"])
        again = CliRunner().invoke(app, ["create-topics", "--partitions", "2", "--replication", "1"])
        present = set(AdminClient({"bootstrap.servers": broker.bootstrap}).list_topics(timeout=10).topics)
    assert first.exit_code == again.exit_code == 0, first.output
    assert {topic.name for topic in TOPICS} <= present & set(first.output.split())
    assert "already" in again.output


def test_the_vaults_roles_are_made_and_the_worker_cannot_decrypt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with EmbeddedVault(tmp_path / "vault") as vault:
        monkeypatch.setenv("REDOUBT_VAULT__ADDRESS", vault.address)
        monkeypatch.setenv("REDOUBT_VAULT__CA_FILE", str(vault.ca_file))
        monkeypatch.setenv("VAULT_TOKEN", vault.root_token)
        done = CliRunner().invoke(app, ["init-vault", "--credentials", str(tmp_path / "credentials")])
        assert done.exit_code == 0, done.output
        lines = dict(line.split(": ", 1) for line in done.output.strip().splitlines())
        assert set(lines) == {role.value for role in Role}
        role_id, secret_id = (Path(p) for p in lines["worker"].split())
        assert role_id.stat().st_mode & 0o777 == 0o600
        session = VaultSession(
            VaultSettings(address=vault.address, ca_file=vault.ca_file, role_id_file=role_id, secret_id_file=secret_id)
        )
        session.probe()  # raises where the worker could turn a token back
        session.close()
        assert vault.root_token
        assert vault.root_token not in done.output


def test_without_a_token_nothing_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VAULT_TOKEN", raising=False)
    done = CliRunner().invoke(app, ["init-vault", "--credentials", str(tmp_path)])
    assert done.exit_code == 2
    assert "VAULT_TOKEN" in done.output
