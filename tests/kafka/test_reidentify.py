"""`redoubt reidentify` on Apache Kafka and a real vault: what it prints, and what the audit log has of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from detectors.findings import Kind
from policies.tokens.tokenizer import TokenRequest, TokenType
from policies.tokens.vaulted import VaultedTokenizer
from streams.embedded.openbao import EmbeddedVault
from streams.events import AuditAction, AuditEntry
from streams.kafka.topics import AUDIT_PENDING
from streams.settings import VaultSettings
from streams.vault.client import VaultSession
from streams.vault.reidentification import record_id
from streams.vault.setup import Role, set_up
from tests.kafka.transport import read

CANARY = "Quillfeather-Ombudsdottir"
pytestmark = pytest.mark.kafka


def test_a_token_is_turned_back_on_record_and_for_those_who_may(kafka: str, tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_text("people:\n  a.okafor: {role: privacy-officer, tenants: [north], hourly: 5}\n")
    with EmbeddedVault(tmp_path / "server") as vault:
        bare = VaultSettings(address=vault.address, ca_file=vault.ca_file)
        roles = set_up(bare, vault.root_token, tmp_path / "roles")
        files = roles[Role.WORKER]
        worker = {"role_id_file": files.role_id_file, "secret_id_file": files.secret_id_file}
        drawn = VaultedTokenizer(VaultSession(bare.model_copy(update=worker)))
        [token] = drawn.tokens([TokenRequest("north", "research", Kind.PERSON, CANARY, TokenType.RANDOM)])
        own = roles[Role.REIDENTIFIER]
        settings = {
            "REDOUBT_ENVIRONMENT": "demo",
            "REDOUBT_KAFKA__BOOTSTRAP": kafka,
            "REDOUBT_VAULT__ADDRESS": vault.address,
            "REDOUBT_VAULT__CA_FILE": str(vault.ca_file),
            "REDOUBT_VAULT__ROLE_ID_FILE": str(own.role_id_file),
            "REDOUBT_VAULT__SECRET_ID_FILE": str(own.secret_id_file),
            "REDOUBT_REIDENTIFY__PEOPLE_FILE": str(tmp_path / "people.yaml"),
        }

        def run(*options: str, actor: str = "a.okafor") -> subprocess.CompletedProcess[str]:
            named = ["--tenant", "north", "--reason", "investigation", "--ticket", "OPS-17", "--actor", actor]
            command = [sys.executable, "-m", "streams.cli", "reidentify", "tokens", *named, *options]
            environment = {**os.environ, **settings}
            return subprocess.run(
                command, env=environment, input=f"{token}\n", capture_output=True, text=True, timeout=120, check=False
            )

        answered, foreign = run("--purpose", "research"), run("--purpose", "billing", token)
        refused = run("--purpose", "research", token, actor="j.lindt")

    assert (answered.returncode, foreign.returncode, refused.returncode) == (0, 3, 1)
    assert json.loads(answered.stdout) == {"token": token, "value": CANARY}
    assert json.loads(foreign.stdout) == {"token": token, "reason": "token_unknown"}
    assert refused.stdout == ""
    assert "not_entitled" in refused.stderr
    assert CANARY not in answered.stderr + foreign.stdout + foreign.stderr + refused.stderr
    records = read(kafka, [AUDIT_PENDING], 4)
    entries = [event for _, event, _ in records if isinstance(event, AuditEntry)]
    assert [(entry.action, entry.purpose, entry.actor) for entry in entries] == [
        (AuditAction.REIDENTIFIED, "research", "a.okafor"),
        (AuditAction.REIDENTIFIED, "billing", "a.okafor"),
        (AuditAction.REIDENTIFICATION_REFUSED, "billing", "a.okafor"),
        (AuditAction.REIDENTIFICATION_REFUSED, "research", "j.lindt"),
    ]
    assert {entry.document_id for entry in entries} == {record_id(token)}
    assert not any(CANARY in text for _, _, text in records)
