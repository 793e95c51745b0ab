"""Kills before every step of the commit protocol, on Apache Kafka: the only broker whose answer counts."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path

import pytest
from confluent_kafka import Consumer, IsolationLevel, TopicPartition

from detectors.errors import Reason, RedoubtError
from streams.kafka import EXIT_BROKER
from streams.kafka.topics import LEAKAGE_OBSERVATIONS, MASKED_DOCUMENTS, PHI_DOCUMENTS
from streams.kafka.transactions import Aborted, Transactions
from streams.kafka.worker import Worker
from tests.events.examples import EXAMPLES
from tests.kafka.processes import OUTPUTS, arrived, committed, ended, limit_messages, outputs, quiet, visible, worker
from tests.kafka.transport import mixed, parts, read, read_to_end, settings, submit
from tests.kafka.worker_process import STEPS

pytestmark = pytest.mark.kafka
A_RELEASE = 4
"""Events of a released document: the copy, the record, the figures, the audit entry."""


def same_as_quiet(bootstrap: str, folder: Path, documents: int) -> None:
    """Each event of each document once, byte for byte those of a quiet run; the stored outputs too."""
    assert visible(bootstrap) == quiet(bootstrap, folder, documents)
    assert outputs(folder / "masked") == outputs(folder / "quiet")


@pytest.mark.parametrize("step", STEPS)
def test_killed_before_any_step_each_document_is_visible_once(kafka: str, tmp_path: Path, step: str) -> None:
    submit(kafka, tmp_path, mixed(16))
    with worker(kafka, tmp_path, "worker-0", "--kill", step, "6") as killed:
        assert killed.wait(60) == -signal.SIGKILL
    with worker(kafka, tmp_path, "worker-0") as again:
        arrived(kafka, 16 * A_RELEASE)
        assert ended(again) == 0
    same_as_quiet(kafka, tmp_path, 16)


@pytest.mark.parametrize("step", ["begin", "produce", "progress", "commit", "after"])
def test_what_a_killed_transaction_held_is_not_visible(kafka: str, tmp_path: Path, step: str) -> None:
    submit(kafka, tmp_path, mixed(12))
    with worker(kafka, tmp_path, "worker-0", "--kill", step, "6") as killed:
        assert killed.wait(60) == -signal.SIGKILL
    done, sent = {"progress": (5, 6), "commit": (5, 6), "after": (6, 6)}.get(step, (5, 5))
    arrived(kafka, done * A_RELEASE)
    assert len(read_to_end(kafka, OUTPUTS, end=IsolationLevel.READ_COMMITTED)) == done * A_RELEASE
    assert len(read_to_end(kafka, OUTPUTS, sees=IsolationLevel.READ_UNCOMMITTED)) == sent * A_RELEASE


def test_a_killed_worker_that_never_returns_is_replaced_by_another(kafka: str, tmp_path: Path) -> None:
    submit(kafka, tmp_path, mixed(16))
    with worker(kafka, tmp_path, "worker-0", "--kill", "commit", "5") as killed:
        assert killed.wait(60) == -signal.SIGKILL
    with worker(kafka, tmp_path, "worker-1") as other:
        arrived(kafka, 16 * A_RELEASE)
        assert ended(other) == 0
    same_as_quiet(kafka, tmp_path, 16)


def test_a_chart_open_in_front_of_fifty_faxes_survives_a_kill(narrow: str, tmp_path: Path) -> None:
    """All in one partition: the chart at n is open, n+1 to n+50 are published, then the worker is killed."""
    submit(narrow, tmp_path, ["release 15"])
    submit(narrow, tmp_path, ["release 0"] * 50)
    with worker(narrow, tmp_path, "worker-0", "--kill", "after", "50") as killed:
        assert killed.wait(60) == -signal.SIGKILL
    (state,) = committed(narrow, 1)
    assert (state.offset, state.metadata) == (0, "1:1+1e")
    with worker(narrow, tmp_path, "worker-0") as again:
        arrived(narrow, 51 * A_RELEASE)
        assert ended(again) == 0
    same_as_quiet(narrow, tmp_path, 51)
    (state,) = committed(narrow, 1)
    assert (state.offset, state.metadata) == (51, "1")


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
