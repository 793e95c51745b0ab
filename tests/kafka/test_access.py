"""Apache Kafka behind TLS, sign-in and ACLs: every part does its work under its own principal, and nothing else."""

from __future__ import annotations

import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from streams.audit.sequencer import Sequencer
from streams.embedded.process import ChildProcess
from streams.events import EVENTS, AuditSequenced, DocumentMasked, Event, LeakageWindow, RecordTokenized
from streams.kafka.access import Operation, Resource, Role, group, rights
from streams.kafka.topics import (
    AUDIT_ENTRIES,
    LEAKAGE_WINDOWS,
    MASKED_DOCUMENTS,
    PHI_DOCUMENTS,
    TOKENIZED_RECORDS,
    TOPICS,
)
from streams.kafka.worker import Worker
from streams.monitor import monitor_topics
from streams.settings import KafkaSettings
from tests.kafka.locked import LockedKafka, environment
from tests.kafka.transport import parts, settings, submit

pytestmark = pytest.mark.kafka

ALL_TOPICS = sorted(topic.name for topic in (*TOPICS, *monitor_topics(3)))
ANSWER_S = 90.0


@pytest.mark.parametrize("way", ["scram", "certified"])
def test_every_part_works_under_its_own_principal(way: str, locked: LockedKafka, tmp_path: Path) -> None:
    sign_in: Callable[[str], KafkaSettings] = getattr(locked, way)
    with ExitStack() as running:
        running.enter_context(_monitor(sign_in("monitor"), tmp_path))
        running.enter_context(_running(Worker(settings(sign_in("worker"), way), parts(tmp_path)).run))
        running.enter_context(_running(Sequencer(sign_in("sequencer")).run))
        ids = set(submit(sign_in("submitter"), tmp_path, ["release 0"] * 4 + ["review 0", "encrypted 0"]))
        told = _awaited(
            sign_in("analyst"),
            Role.ANALYST,
            [MASKED_DOCUMENTS, TOKENIZED_RECORDS],
            lambda found: sum(event.key in ids for event in found) >= 8,
        )
        audited = _awaited(
            sign_in("auditor"),
            Role.AUDITOR,
            [AUDIT_ENTRIES],
            lambda found: len(ids & {e.entry.document_id for e in found if isinstance(e, AuditSequenced)}) == 6,
        )
        counted = _awaited(
            sign_in("analyst"),
            Role.ANALYST,
            [LEAKAGE_WINDOWS],
            # All but the rejected one, and those of the run before.
            lambda found: sum(e.documents for e in found if isinstance(e, LeakageWindow)) >= (5, 10)[way != "scram"],
        )
    assert sum(isinstance(event, DocumentMasked) for event in told if event.key in ids) == 4
    assert sum(isinstance(event, RecordTokenized) for event in told if event.key in ids) == 4
    assert audited
    assert counted


@pytest.mark.parametrize("role", list(Role))
def test_a_role_reads_what_the_table_says_and_no_other_topic(role: Role, locked: LockedKafka) -> None:
    consumer = _consumer(locked.scram(role.value), _own_group(role))
    seen = {topic: consumer.list_topics(topic, timeout=ANSWER_S).topics[topic].error for topic in ALL_TOPICS}
    assert {error.code() for error in seen.values() if error} <= {KafkaError.TOPIC_AUTHORIZATION_FAILED}
    # Whoever writes a topic sees that it is there: what is in it is asked for as well.
    unanswered = {topic for topic, error in seen.items() if error is None}
    consumer.assign([TopicPartition(topic, 0, 0) for topic in unanswered])
    read: set[str] = set()
    until = time.monotonic() + ANSWER_S
    while unanswered:
        assert time.monotonic() < until, unanswered
        message = consumer.poll(0.5)
        if message is None or message.topic() is None:
            continue
        topic, error = str(message.topic()), message.error()
        unanswered.discard(topic)
        if error is None or error.code() == KafkaError._PARTITION_EOF:
            read.add(topic)
        else:
            assert error.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED
    consumer.close()
    assert read == _topics(role, Operation.READ)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_writes_no_topic_that_the_table_does_not_say(role: Role, locked: LockedKafka) -> None:
    forbidden = set(ALL_TOPICS) - _topics(role, Operation.WRITE)
    producer = Producer({**locked.scram(role.value).client(), "error_cb": lambda _error: None})
    refused: dict[str, Any] = {}
    for topic in forbidden:
        producer.produce(
            topic,
            b"never",
            partition=0,
            on_delivery=lambda error, _record, at=topic: refused.update({at: error and error.code()}),
        )
    assert producer.flush(ANSWER_S) == 0
    assert refused == dict.fromkeys(forbidden, KafkaError.TOPIC_AUTHORIZATION_FAILED)


def test_the_phi_zone_is_open_to_those_who_work_in_it_alone() -> None:
    """Said again by hand, so that a slip in the table does not change table and test at once."""
    assert [role for role in Role if PHI_DOCUMENTS in _topics(role, Operation.READ)] == [Role.WORKER, Role.OPERATOR]
    assert [role for role in Role if PHI_DOCUMENTS in _topics(role, Operation.WRITE)] == [
        Role.SUBMITTER,
        Role.OPERATOR,
    ]
    assert _topics(Role.ANALYST, Operation.READ) == {MASKED_DOCUMENTS, TOKENIZED_RECORDS, LEAKAGE_WINDOWS}
    assert [role for role in Role if AUDIT_ENTRIES in _topics(role, Operation.WRITE)] == [Role.SEQUENCER]
    assert _topics(Role.ANALYST, Operation.WRITE) == _topics(Role.AUDITOR, Operation.WRITE) == set()


@pytest.mark.parametrize("role", list(Role))
def test_a_role_has_no_business_in_other_groups_and_transactions(role: Role, locked: LockedKafka) -> None:
    kafka = locked.scram(role.value)
    admin = AdminClient({**kafka.client(), "error_cb": lambda _error: None})
    for other in [group(r, kafka.group) for r in Role if r is not role] + ["somebody"]:
        # Whoever could move a group's offsets could make its documents be forgotten, or done again.
        moved = ConsumerGroupTopicPartitions(other, [TopicPartition(_visible(role), 0, 0)])
        (future,) = admin.alter_consumer_group_offsets([moved]).values()
        assert _refusal(future) == KafkaError.GROUP_AUTHORIZATION_FAILED, other
        with pytest.raises(KafkaException) as refusal:
            Producer({**kafka.client(), "transactional.id": f"{other}-1"}).init_transactions(ANSWER_S)
        assert refusal.value.args[0].code() == KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, other


@pytest.mark.parametrize("role", list(Role))
def test_a_role_administers_nothing(role: Role, locked: LockedKafka) -> None:
    admin = AdminClient({**locked.scram(role.value).client(), "error_cb": lambda _error: None})
    anyone = AclBinding(
        ResourceType.TOPIC, PHI_DOCUMENTS, ResourcePatternType.LITERAL, f"User:{role.value}", "*", AclOperation.ALL,
        AclPermissionType.ALLOW,
    )  # fmt: skip
    kept = ConfigResource(
        ConfigResource.Type.TOPIC,
        PHI_DOCUMENTS,
        incremental_configs=[ConfigEntry("retention.ms", "1", incremental_operation=AlterConfigOpType.SET)],
    )
    secret = UserScramCredentialUpsertion(
        "worker", ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), b"taken over"
    )
    everything = AclBindingFilter(
        ResourceType.ANY, None, ResourcePatternType.ANY, None, None, AclOperation.ANY, AclPermissionType.ANY
    )
    attempts = {
        "create a topic": lambda: admin.create_topics([NewTopic("mine", 1, 1)]).values(),
        "delete a topic": lambda: admin.delete_topics([PHI_DOCUMENTS]).values(),
        "end retention": lambda: admin.incremental_alter_configs([kept]).values(),
        "take a right": lambda: admin.create_acls([anyone]).values(),
        "take a name": lambda: admin.alter_user_scram_credentials([secret]).values(),
        "end a group": lambda: admin.delete_consumer_groups(["redoubt-nobody"]).values(),
    }
    for what, attempt in attempts.items():
        (future,) = attempt()
        with pytest.raises(KafkaException) as refusal:
            pytest.fail(f"{what}: {future.result(timeout=ANSWER_S)}")
        assert "AUTHORIZATION_FAILED" in refusal.value.args[0].name(), what
    # The client swallows this refusal.
    assert admin.describe_acls(everything).result(timeout=ANSWER_S) == []
    assert PHI_DOCUMENTS in locked.admin().list_topics(timeout=ANSWER_S).topics


def _refusal(future: Any) -> Any:
    """The error of an attempt to move offsets: of the group or, where the group may be seen, of the partition."""
    try:
        (moved,) = future.result(timeout=ANSWER_S).topic_partitions
    except KafkaException as error:
        return error.args[0].code()
    return moved.error and moved.error.code()


def _topics(role: Role, operation: Operation) -> set[str]:
    return {r.name for r in rights(role) if r.resource is Resource.TOPIC and r.operation is operation}


def _visible(role: Role) -> str:
    """A topic that the role sees, so that what is refused is the group."""
    return next(right.name for right in rights(role) if right.resource is Resource.TOPIC)


def _own_group(role: Role) -> str:
    owned = {r.name: r.prefixed for r in rights(role) if r.resource is Resource.GROUP and r.operation is Operation.READ}
    name, prefixed = next(iter(owned.items()), ("none-of-its-own", False))
    return f"{name}-{secrets.token_hex(4)}" if prefixed else name


def _consumer(kafka: KafkaSettings, name: str) -> Consumer:
    return Consumer(
        {
            **kafka.client(),
            "group.id": name,
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "auto.offset.reset": "earliest",
            "enable.partition.eof": True,
            "error_cb": lambda _error: None,
        }
    )


def _awaited(
    kafka: KafkaSettings, role: Role, topics: Sequence[str], enough: Callable[[list[Event]], bool]
) -> list[Event]:
    """What a member of one of the role's groups reads until it is enough. Fails where that never comes."""
    consumer = _consumer(kafka, _own_group(role))
    consumer.subscribe(list(topics))
    found: list[Event] = []
    until = time.monotonic() + ANSWER_S
    while not enough(found):
        assert time.monotonic() < until, f"{len(found)} records"
        message = consumer.poll(0.5)
        if message is None:
            continue
        error = message.error()
        if error is not None:
            assert error.code() == KafkaError._PARTITION_EOF
            continue
        headers = list(message.headers() or ())
        found.append(EVENTS[dict(headers)["ce_type"].decode()].from_message(message.key(), headers, message.value()))
    consumer.close()
    return found


@contextmanager
def _running(run: Callable[[threading.Event], int]) -> Iterator[None]:
    """In a thread, until the block ends; it must end well."""
    stop, codes = threading.Event(), list[int]()
    thread = threading.Thread(target=lambda: codes.append(run(stop)))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(60)
    assert codes == [0]


@contextmanager
def _monitor(kafka: KafkaSettings, folder: Path) -> Iterator[None]:
    given = environment(
        kafka,
        REDOUBT_MONITOR__EXACTLY_ONCE="true",
        REDOUBT_MONITOR__WINDOWS_S="[2]",
        REDOUBT_MONITOR__GRACE_S="0.5",
        REDOUBT_MONITOR__METRICS_PORT="0",
        REDOUBT_MONITOR__METRICS_ADDRESS="127.0.0.1",
    )
    command = [sys.executable, "-m", "streams.cli", "monitor"]
    child = ChildProcess(
        "monitor", command, folder, {name: value for name, value in given.items() if value is not None}
    )
    try:
        yield
        assert child.alive(), (folder / "monitor.log").read_text()
    finally:
        child.stop()
