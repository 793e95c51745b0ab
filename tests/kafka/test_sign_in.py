"""What an operator reads where the broker does not let a process work: setting, broker's words, exit code."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from confluent_kafka.admin import AclBindingFilter, AclOperation, AclPermissionType, ResourcePatternType, ResourceType
from typer.testing import CliRunner

from streams.cli import app
from streams.kafka import EXIT_BROKER, EXIT_STOPPED
from streams.kafka.access import Role, grant
from streams.kafka.preflight import refusal
from streams.kafka.topics import AUDIT_ENTRIES, create_topics
from streams.monitor import monitor_topics
from streams.settings import KafkaSettings, Settings
from tests.kafka.locked import ADMIN, LockedKafka, environment, password

WRONG = "not-the-password"


@pytest.fixture(autouse=True)
def _own_mask() -> Iterator[None]:
    mask = os.umask(0o077)
    yield
    os.umask(mask)


def sequencer(kafka: KafkaSettings) -> Result:
    return CliRunner().invoke(app, ["sequencer"], env=environment(kafka))


def check(done: Result, code: int, *words: str) -> None:
    told = [line for line in done.output.splitlines() if line.startswith("redoubt: kafka: ")]
    assert done.exit_code == code, done.output
    assert [word for word in words if word not in " ".join(told)] == []
    for secret in (WRONG, password("sequencer"), password(ADMIN), "Traceback", "PRIVATE KEY"):
        assert secret not in done.output


@pytest.mark.kafka
def test_a_wrong_password(locked: LockedKafka) -> None:
    done = sequencer(locked.scram("sequencer", sasl_password=WRONG))
    check(done, EXIT_BROKER, "refused to sign this process in", "REDOUBT_KAFKA__SASL_PASSWORD", "invalid credentials")


@pytest.mark.kafka
def test_a_mechanism_that_the_broker_does_not_know(locked: LockedKafka) -> None:
    done = sequencer(locked.scram("sequencer", sasl_mechanism="PLAIN"))
    check(done, EXIT_BROKER, "REDOUBT_KAFKA__SASL_MECHANISM", "supported mechanisms: SCRAM-SHA-512")


@pytest.mark.kafka
def test_an_authority_that_did_not_sign_the_broker(locked: LockedKafka, tmp_path: Path) -> None:
    (tmp_path / "other.crt").write_bytes(locked.stranger().ca)
    done = sequencer(locked.scram("sequencer", ca_file=tmp_path / "other.crt"))
    check(done, EXIT_BROKER, "REDOUBT_KAFKA__CA_FILE", "certificate verify failed")


@pytest.mark.kafka
def test_no_certificate_where_the_broker_wants_one(locked: LockedKafka) -> None:
    done = sequencer(locked.certified("sequencer", certificate_file=None, key_file=None))
    check(done, EXIT_BROKER, "wants one and got none", "REDOUBT_KAFKA__CERTIFICATE_FILE", "alert")


@pytest.mark.kafka
def test_a_certificate_of_another_authority(locked: LockedKafka, tmp_path: Path) -> None:
    issued = locked.stranger()
    (tmp_path / "crt").write_bytes(issued.chain)
    (tmp_path / "key").write_bytes(issued.key)
    done = sequencer(locked.certified("sequencer", certificate_file=tmp_path / "crt", key_file=tmp_path / "key"))
    check(done, EXIT_BROKER, "refused this process's certificate", "REDOUBT_KAFKA__CERTIFICATE_FILE", "alert")


@pytest.mark.kafka
def test_a_principal_without_rights(locked: LockedKafka) -> None:
    done = sequencer(locked.scram("nobody"))
    words = ("the right to WRITE on topic audit.entries is missing", "redoubt create-acls --sequencer")
    check(done, EXIT_STOPPED, *words, "the right to READ on group redoubt-sequencer is missing")


@pytest.mark.kafka
@pytest.mark.parametrize(
    ("resource", "name", "words"),
    [
        (ResourceType.TOPIC, AUDIT_ENTRIES, f"the right to WRITE on topic {AUDIT_ENTRIES} is missing"),
        (
            ResourceType.TRANSACTIONAL_ID,
            "redoubt-sequencer",
            "the right to WRITE on transactional id redoubt-sequencer* is missing",
        ),
    ],
    ids=["a topic's", "the transactional id's"],
)
def test_one_right_that_is_missing(resource: ResourceType, name: str, words: str, locked: LockedKafka) -> None:
    kafka = locked.scram("forgetful")
    grant(locked.scram(ADMIN), {Role.SEQUENCER: "User:forgetful"})
    gone = AclBindingFilter(
        resource, name, ResourcePatternType.ANY, "User:forgetful", None, AclOperation.WRITE, AclPermissionType.ANY
    )
    admin = locked.admin()
    (future,) = admin.delete_acls([gone]).values()
    assert future.result(timeout=30)
    check(sequencer(kafka), EXIT_STOPPED, words)


@pytest.mark.kafka
def test_a_person_without_the_right_to_submit(locked: LockedKafka, tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_bytes(b"%PDF")
    for name in ("role-id", "secret-id"):
        (tmp_path / name).write_text("x")
    roles = {f"REDOUBT_VAULT__{n}_FILE": str(tmp_path / n.lower().replace("_", "-")) for n in ("ROLE_ID", "SECRET_ID")}
    given = environment(locked.scram("analyst"), REDOUBT_VAULT__ADDRESS="https://127.0.0.1:1", **roles)
    command = ["submit", str(tmp_path / "letter.pdf"), "--tenant", "t", "--profile", "maximal"]
    check(CliRunner().invoke(app, command, env=given), 1, "the right to WRITE on topic phi.documents is missing")


@pytest.mark.kafka
def test_rights_are_given_by_those_who_may(locked: LockedKafka) -> None:
    given = environment(locked.scram("worker"))
    done = CliRunner().invoke(app, ["create-acls", "--worker", "User:worker"], env=given)
    assert done.exit_code == 1
    assert "broker_unavailable" in done.output
    for principal in ("worker", "User:*", "User:", "User:a,User:b"):
        assert CliRunner().invoke(app, ["create-acls", "--worker", principal], env=given).exit_code == 2
    assert CliRunner().invoke(app, ["create-acls"], env=given).exit_code == 2


def test_production_refuses_a_broker_that_shows_what_was_never_committed(tansu: str) -> None:
    kafka = KafkaSettings(bootstrap=tansu)
    create_topics(kafka, 3, extra=monitor_topics(3))
    for command in ("sequencer", "monitor"):
        done = CliRunner().invoke(app, [command], env=environment(kafka))
        words = ("transactions that were never committed", "production needs Apache Kafka", "REDOUBT_KAFKA__BOOTSTRAP")
        check(done, EXIT_STOPPED, *words)


def test_a_broker_that_is_not_there() -> None:
    """Ends soon where nobody could come in however long it waits; where a broker may just be starting, after 30 s."""
    found = refusal(Settings(kafka=KafkaSettings(bootstrap="localhost:1")), Role.SEQUENCER, within_s=2)
    assert found is not None
    assert found.code == EXIT_BROKER
    assert "the broker does not answer; check REDOUBT_KAFKA__BOOTSTRAP" in found.lines[0]
    assert "Connection refused" in found.lines[0]
