"""Tokens turned back on Apache Kafka and a real vault: what people are told, and what the audit log has of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from confluent_kafka import Consumer, KafkaError, TopicPartition

from detectors.findings import Kind
from policies.tokens.tokenizer import TokenRequest, TokenType
from policies.tokens.transit import TransitTokenizer
from policies.tokens.vaulted import VaultedTokenizer
from streams.embedded.certificates import loopback_certificate
from streams.embedded.openbao import EmbeddedVault
from streams.embedded.process import free_port
from streams.events import AuditAction, AuditEntry
from streams.kafka import EXIT_BROKER
from streams.kafka.topics import AUDIT_PENDING
from streams.reidentify.reidentification import record_id
from streams.settings import VaultSettings
from streams.vault.client import VaultSession
from streams.vault.connection import connect
from streams.vault.rotation import VaultRotation
from streams.vault.setup import TOKEN_KEY, Credentials, Role, set_up
from tests.kafka.locked import LockedKafka, environment
from tests.kafka.processes import wait_for
from tests.kafka.transport import read

CANARY = "Quillfeather-Ombudsdottir"
ENDS_S = 120.0
ATTEMPTS = 5
pytestmark = pytest.mark.kafka


class Town:
    """A vault with a token that the worker made, and whoever turns it back."""

    def __init__(self, vault: EmbeddedVault, folder: Path) -> None:
        self.vault, self._roles = vault, set_up(_bare(vault), vault.root_token, folder / "roles")
        drawn = VaultedTokenizer(VaultSession(self.settings(Role.WORKER)))
        [self.token] = drawn.tokens([TokenRequest("north", "research", Kind.PERSON, CANARY, TokenType.RANDOM)])

    def settings(self, role: Role) -> VaultSettings:
        return _signing_in(_bare(self.vault), self._roles[role])

    def variables(self, role: Role = Role.REIDENTIFIER) -> dict[str, str]:
        own = self._roles[role]
        return {
            "REDOUBT_VAULT__ADDRESS": self.vault.address,
            "REDOUBT_VAULT__CA_FILE": str(self.vault.ca_file),
            "REDOUBT_VAULT__ROLE_ID_FILE": str(own.role_id_file),
            "REDOUBT_VAULT__SECRET_ID_FILE": str(own.secret_id_file),
        }

    def person(self, name: str) -> tuple[str, str]:
        """A person's own Vault token, and the id that Vault knows them by."""
        root = connect(self.vault.address, self.vault.ca_file, self.vault.root_token)
        if "userpass/" not in root.adapter.get("/v1/sys/auth")["data"]:
            root.adapter.post("/v1/sys/auth/userpass", json={"type": "userpass"})
        root.adapter.post(f"/v1/auth/userpass/users/{name}", json={"password": "correct-horse"})
        login = root.adapter.post(f"/v1/auth/userpass/login/{name}", json={"password": "correct-horse"})["auth"]
        return login["client_token"], login["entity_id"]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    with EmbeddedVault(folder / "server") as vault:
        yield Town(vault, folder)


def _bare(vault: EmbeddedVault) -> VaultSettings:
    return VaultSettings(address=vault.address, ca_file=vault.ca_file)


def _signing_in(bare: VaultSettings, files: Credentials) -> VaultSettings:
    return bare.model_copy(update={"role_id_file": files.role_id_file, "secret_id_file": files.secret_id_file})


def _ran(settings: Mapping[str, str], token: str, *options: str) -> subprocess.CompletedProcess[str]:
    named = ["--tenant", "north", "--reason", "investigation", "--ticket", "OPS-17"]
    return _command(settings, "reidentify", "tokens", *named, *options, given=f"{token}\n")


def _command(settings: Mapping[str, str], *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """What a person does: once more where the broker had no answer in the few seconds that a person is made to wait."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("REDOUBT_")}
    for _ in range(ATTEMPTS):
        found = subprocess.run(
            [sys.executable, "-m", "streams.cli", *words],
            env={**own, **settings},
            input=given,
            capture_output=True,
            text=True,
            timeout=ENDS_S,
            check=False,
        )
        if "redoubt: kafka:" not in found.stderr:
            break
    return found


def test_in_a_trial_a_typed_name_is_enough(kafka: str, town: Town, tmp_path: Path) -> None:
    people = tmp_path / "people.yaml"
    people.write_text("people:\n  a.okafor: {role: privacy-officer, tenants: [north], hourly: 5}\n")
    token = town.token
    settings = {
        **town.variables(),
        "REDOUBT_ENVIRONMENT": "demo",
        "REDOUBT_KAFKA__BOOTSTRAP": kafka,
        "REDOUBT_REIDENTIFY__PEOPLE_FILE": str(people),
    }

    def run(*options: str, actor: str = "a.okafor") -> subprocess.CompletedProcess[str]:
        return _ran(settings, token, "--actor", actor, *options)

    answered, foreign = run("--purpose", "research"), run("--purpose", "billing", token)
    refused = run("--purpose", "research", token, actor="j.lindt")

    assert (answered.returncode, foreign.returncode, refused.returncode) == (0, 3, 1)
    assert json.loads(answered.stdout) == {"token": token, "value": CANARY}
    assert json.loads(foreign.stdout) == {"token": token, "reason": "token_unknown"}
    assert refused.stdout == ""
    assert "not_entitled" in refused.stderr
    assert CANARY not in answered.stderr + foreign.stdout + foreign.stderr + refused.stderr
    records = read(kafka, [AUDIT_PENDING], 4, timeout_s=ENDS_S)
    entries = [event for _, event, _ in records if isinstance(event, AuditEntry)]
    assert [(entry.action, entry.purpose, entry.actor) for entry in entries] == [
        (AuditAction.REIDENTIFIED, "research", "a.okafor"),
        (AuditAction.REIDENTIFIED, "billing", "a.okafor"),
        (AuditAction.REIDENTIFICATION_REFUSED, "billing", "a.okafor"),
        (AuditAction.REIDENTIFICATION_REFUSED, "research", "j.lindt"),
    ]
    assert {entry.document_id for entry in entries} == {record_id(token)}
    assert not any(CANARY in text for _, _, text in records)


def test_a_mapping_of_old_tokens_is_on_record(kafka: str, town: Town, tmp_path: Path) -> None:
    VaultRotation(VaultSession(town.settings(Role.ROTATOR)), "tokens", TOKEN_KEY).rotate()
    worker, wanted = VaultSession(town.settings(Role.WORKER)), [TokenRequest("north", "research", Kind.MRN, "1234")]
    [old], [new] = (TransitTokenizer(worker, key_version=version).tokens(wanted) for version in (1, 2))
    (tmp_path / "tokens.txt").write_text(f"{old}\n{town.token}\n")
    settings = {
        **town.variables(Role.ROTATOR),
        "REDOUBT_VAULT__TOKEN_KEY_VERSION": "2",
        "REDOUBT_KAFKA__BOOTSTRAP": kafka,
    }
    named = ["--tenant", "north", "--purpose", "research", "--ticket", "OPS-18", "--actor", "m.reyes"]
    files = [str(tmp_path / "tokens.txt"), str(tmp_path / "mapping.csv")]
    ran = _command(settings, "keys", "mapping", *files, *named)
    assert ran.stdout == "1 tokens mapped, 1 stay as they are, 0 left out\n", ran.stderr
    assert ran.returncode == 0
    assert (tmp_path / "mapping.csv").read_text() == f"old,new\n{old},{new}\n"
    [(_, entry, _)] = read(kafka, [AUDIT_PENDING], 1, timeout_s=ENDS_S)
    assert isinstance(entry, AuditEntry)
    assert (entry.action, entry.actor, entry.tenant, entry.purpose, entry.ticket) == (
        AuditAction.TOKENS_MAPPED,
        "m.reyes",
        "north",
        "research",
        "OPS-18",
    )


def test_in_production_a_person_proves_who_they_are(locked: LockedKafka, town: Town, tmp_path: Path) -> None:
    """The service alone has the role and the broker's rights; the person has a Vault token that can do nothing."""
    certificate = loopback_certificate()
    for name in ("ca", "chain", "key"):
        (tmp_path / f"{name}.pem").write_bytes(getattr(certificate, name))
    port, watch = free_port(), free_port()
    token, (known, entity), (stranger, _) = town.token, town.person("okafor"), town.person("lindt")
    people = tmp_path / "people.yaml"
    people.write_text(
        f"people:\n  a.okafor: {{role: privacy-officer, tenants: [north], hourly: 50, entity: {entity}}}\n"
    )
    service = environment(
        locked.scram("reidentifier"),
        **town.variables(),
        REDOUBT_REIDENTIFY__PEOPLE_FILE=str(people),
        REDOUBT_REIDENTIFY__CERTIFICATE_FILE=str(tmp_path / "chain.pem"),
        REDOUBT_REIDENTIFY__KEY_FILE=str(tmp_path / "key.pem"),
        REDOUBT_REIDENTIFY__PORT=str(port),
        REDOUBT_REIDENTIFY__ADDRESS="127.0.0.1",
        REDOUBT_REIDENTIFY__METRICS_PORT=str(watch),
        REDOUBT_REIDENTIFY__METRICS_ADDRESS="127.0.0.1",
    )
    with _orchestrated({name: value for name, value in service.items() if value is not None}, tmp_path):
        wait_for(lambda: _ready(watch), timeout_s=ENDS_S)

        def run(proof: str, *options: str) -> subprocess.CompletedProcess[str]:
            (tmp_path / "proof").write_text(f"{proof}\n")
            settings = {
                "REDOUBT_REIDENTIFY__SERVICE_URL": f"https://127.0.0.1:{port}",
                "REDOUBT_REIDENTIFY__SERVICE_CA_FILE": str(tmp_path / "ca.pem"),
                "REDOUBT_REIDENTIFY__VAULT_TOKEN_FILE": str(tmp_path / "proof"),
            }
            return _ran(settings, token, "--purpose", "research", *options)

        answered, refused, typed = run(known), run(stranger), run(known, "--actor", "a.okafor")
    assert (answered.returncode, refused.returncode, typed.returncode) == (0, 1, 2)
    assert json.loads(answered.stdout) == {"token": token, "value": CANARY}
    assert "not_signed_in" in refused.stderr
    told = (tmp_path / "service.log").read_text()
    for text in (answered.stderr, refused.stdout, refused.stderr, typed.stdout, typed.stderr, told):
        assert CANARY not in text
        assert token not in text
        assert known not in text
    assert "reidentifier started" in told
    assert [(entry.action, entry.actor) for entry in _entries(locked, token)] == [
        (AuditAction.REIDENTIFIED, "a.okafor")
    ]


def _ready(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/ready", timeout=10).status_code == 200
    except requests.RequestException:
        return False


@contextmanager
def _orchestrated(settings: Mapping[str, str], folder: Path) -> Iterator[None]:
    """The service, started again whenever the broker ended it."""
    over, codes = threading.Event(), list[int]()
    own = {name: value for name, value in os.environ.items() if not name.startswith("REDOUBT_")}

    def keep() -> None:
        with (folder / "service.log").open("w") as log:
            while not over.is_set() and set(codes) <= {EXIT_BROKER}:
                command = [sys.executable, "-m", "streams.cli", "reidentifier"]
                process = subprocess.Popen(command, env={**own, **settings}, stdout=log, stderr=log)
                while process.poll() is None and not over.wait(0.1):
                    pass
                process.terminate()
                codes.append(process.wait(ENDS_S))

    keeper = threading.Thread(target=keep)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join(2 * ENDS_S)
    assert codes[-1] == 0


def _entries(locked: LockedKafka, token: str) -> list[AuditEntry]:
    """What the audit log was given about the token."""
    properties = {**locked.scram("admin").client(), "group.id": "redoubt-test", "enable.auto.commit": False}
    consumer = Consumer({**properties, "enable.partition.eof": True})
    found = list[AuditEntry]()
    try:
        for partition in consumer.list_topics(AUDIT_PENDING, timeout=60).topics[AUDIT_PENDING].partitions:
            consumer.assign([TopicPartition(AUDIT_PENDING, partition, 0)])
            until = time.monotonic() + ENDS_S
            while (message := consumer.poll(1.0)) is None or message.error() is None:
                assert time.monotonic() < until
                if message is not None:
                    event = AuditEntry.from_message(message.key(), message.headers(), message.value())
                    found += [event] if event.document_id == record_id(token) else []
            assert message.error().code() == KafkaError._PARTITION_EOF
    finally:
        consumer.close()
    return found
