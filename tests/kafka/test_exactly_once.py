"""Kill tests between the steps of the commit protocol, on Apache Kafka: the only broker whose answer counts."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource

from detectors.errors import Reason, RedoubtError
from streams.kafka import EXIT_BROKER
from streams.kafka.topics import (
    AUDIT_PENDING,
    LEAKAGE_OBSERVATIONS,
    MASKED_DOCUMENTS,
    PHI_DOCUMENTS,
    REJECTED_DOCUMENTS,
    REVIEW_TASKS,
    TOKENIZED_RECORDS,
    create_topics,
)
from streams.kafka.transactions import Aborted, Transactions
from streams.kafka.worker import Worker
from tests.events.examples import EXAMPLES
from tests.kafka.transport import mixed, parts, read, settings, submit

pytestmark = pytest.mark.kafka
RESULTS = (MASKED_DOCUMENTS, REVIEW_TASKS, REJECTED_DOCUMENTS)
EVENTS = (MASKED_DOCUMENTS, TOKENIZED_RECORDS, LEAKAGE_OBSERVATIONS, AUDIT_PENDING)
SCRIPT = Path(__file__).with_name("worker_process.py")


def worker(bootstrap: str, folder: Path, *more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, str(SCRIPT), bootstrap, str(folder), *more], cwd=Path(__file__).parents[2])


def committed(bootstrap: str) -> list[TopicPartition]:
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "redoubt-worker", "enable.auto.commit": False})
    try:
        return list(consumer.committed([TopicPartition(PHI_DOCUMENTS, p) for p in range(3)], timeout=30))
    finally:
        consumer.close()


@pytest.mark.parametrize("step", ["produce", "send_progress", "commit", "after"])
def test_killed_at_any_step_each_document_is_visible_once(kafka: str, tmp_path: Path, step: str) -> None:
    ids = submit(kafka, tmp_path, mixed(30))
    killed = worker(kafka, tmp_path, "worker-0", step, "8")
    assert killed.wait(60) == -signal.SIGKILL
    before = read(kafka, [MASKED_DOCUMENTS], expect=8, timeout_s=4)
    assert len(before) in ((8,) if step == "after" else (7,))
    again = worker(kafka, tmp_path, "worker-0")
    try:
        found = read(kafka, EVENTS, expect=120, timeout_s=60, extra_s=2)
    finally:
        again.terminate()
    assert again.wait(60) == 0
    for topic in EVENTS:
        assert Counter(event.key for at, event, _ in found if at == topic) == Counter(ids), topic


def test_a_killed_worker_that_never_returns_is_replaced_by_another(kafka: str, tmp_path: Path) -> None:
    ids = submit(kafka, tmp_path, mixed(20))
    killed = worker(kafka, tmp_path, "worker-0", "commit", "5")
    assert killed.wait(60) == -signal.SIGKILL
    other = worker(kafka, tmp_path, "worker-1")
    try:
        found = read(kafka, RESULTS, expect=20, timeout_s=90, extra_s=2)
    finally:
        other.terminate()
    assert other.wait(60) == 0
    assert Counter(event.key for _, event, _ in found) == Counter(ids)


def test_a_chart_open_in_front_of_fifty_faxes_survives_a_kill(kafka: str, tmp_path: Path) -> None:
    """All in one partition: the chart at n is open, n+1 to n+50 are published, then the worker is killed."""
    admin = AdminClient({"bootstrap.servers": kafka})
    admin.delete_topics([PHI_DOCUMENTS])[PHI_DOCUMENTS].result(10)
    time.sleep(0.5)
    create_topics(settings(kafka).kafka, partitions=1)
    chart = submit(kafka, tmp_path, ["release 15"])
    faxes = submit(kafka, tmp_path, ["release 0"] * 50)
    killed = worker(kafka, tmp_path, "worker-0", "after", "50")
    assert killed.wait(60) == -signal.SIGKILL
    (state,) = committed(kafka)[:1]
    assert (state.offset, state.metadata) == (0, "1:1+1e")
    again = worker(kafka, tmp_path, "worker-0")
    try:
        found = read(kafka, EVENTS, expect=51 * 4, timeout_s=60, extra_s=2)
    finally:
        again.terminate()
    assert again.wait(60) == 0
    for topic in EVENTS:
        assert Counter(event.key for at, event, _ in found if at == topic) == Counter(chart + faxes), topic
    (state,) = committed(kafka)[:1]
    assert (state.offset, state.metadata) == (51, "1")


def test_two_workers_share_the_work(kafka: str, tmp_path: Path) -> None:
    workers = [worker(kafka, tmp_path, f"worker-{n}") for n in range(2)]
    try:
        time.sleep(3)
        ids = submit(kafka, tmp_path, mixed(60))
        found = read(kafka, [*RESULTS, AUDIT_PENDING], expect=120, timeout_s=60, extra_s=2)
    finally:
        for one in workers:
            one.terminate()
    assert [one.wait(60) for one in workers] == [0, 0]
    assert Counter(event.key for topic, event, _ in found if topic != AUDIT_PENDING) == Counter(ids)
    actors = {event.actor for topic, event, _ in found if topic == AUDIT_PENDING}  # type: ignore[attr-defined]
    assert actors == {"worker-0", "worker-1"}


def limit_messages(bootstrap: str, topic: str, limit_bytes: int) -> None:
    admin = AdminClient({"bootstrap.servers": bootstrap})
    entry = ConfigEntry("max.message.bytes", str(limit_bytes), incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])
    admin.incremental_alter_configs([resource])[resource].result(10)


def group_of(bootstrap: str) -> Consumer:
    return Consumer({"bootstrap.servers": bootstrap, "group.id": "transactions", "enable.auto.commit": False})


def test_the_transaction_of_a_member_that_left_is_rolled_back_and_the_next_one_works(kafka: str) -> None:
    consumer, transactions = group_of(kafka), Transactions(settings(kafka).kafka, "aborting")
    transactions.open()
    record = [(MASKED_DOCUMENTS, EXAMPLES[1].to_message())]
    consumer.subscribe([PHI_DOCUMENTS])
    until = time.monotonic() + 30
    while not consumer.assignment() and time.monotonic() < until:
        consumer.poll(0.1)
    stale = consumer.consumer_group_metadata()
    consumer.close()
    with pytest.raises(Aborted):
        transactions.publish(record, [TopicPartition(PHI_DOCUMENTS, 0, 1)], stale)
    assert read(kafka, [MASKED_DOCUMENTS], expect=1, timeout_s=3) == []
    transactions.publish(record, [TopicPartition(PHI_DOCUMENTS, 0, 1)], group_of(kafka).consumer_group_metadata())
    assert len(read(kafka, [MASKED_DOCUMENTS], expect=1)) == 1


@pytest.mark.parametrize("size", [100_000, 5_000_000], ids=["for_the_topic", "for_the_client"])
def test_a_record_too_large_is_named_and_hides_its_neighbours(kafka: str, size: int) -> None:
    limit_messages(kafka, LEAKAGE_OBSERVATIONS, 50_000)
    consumer, transactions = group_of(kafka), Transactions(settings(kafka).kafka, "large")
    transactions.open()
    key, headers, value = EXAMPLES[1].to_message()
    group, offsets = consumer.consumer_group_metadata(), [TopicPartition(PHI_DOCUMENTS, 0, 1)]
    too_large = (LEAKAGE_OBSERVATIONS, (key, headers, b"x" * size))
    with pytest.raises(RedoubtError) as caught:
        transactions.publish([(MASKED_DOCUMENTS, (key, headers, value)), too_large], offsets, group)
    assert caught.value.reason is Reason.TOO_MANY_BYTES
    assert read(kafka, [MASKED_DOCUMENTS], expect=1, timeout_s=3) == []
    consumer.close()


def test_a_later_owner_of_the_id_fences_the_earlier_one(kafka: str) -> None:
    consumer = group_of(kafka)
    old, new = (Transactions(settings(kafka).kafka, "fenced") for _ in range(2))
    old.open()
    new.open()
    record = [(MASKED_DOCUMENTS, EXAMPLES[1].to_message())]
    with pytest.raises(RedoubtError) as caught:
        old.publish(record, [], consumer.consumer_group_metadata())
    assert caught.value.reason is Reason.BROKER_UNAVAILABLE
    new.publish(record, [], consumer.consumer_group_metadata())
    assert len(read(kafka, [MASKED_DOCUMENTS], expect=1)) == 1
    consumer.close()


def test_a_worker_without_a_broker_ends_with_its_code(tmp_path: Path) -> None:
    started = time.monotonic()
    nobody = settings("127.0.0.1:1")
    nobody = nobody.model_copy(update={"kafka": nobody.kafka.model_copy(update={"transaction_timeout_ms": 1000})})
    assert Worker(nobody, parts(tmp_path)).run(threading.Event()) == EXIT_BROKER
    assert time.monotonic() - started < 60
