"""How much waits for the workers, and how much of it for too long."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import pytest
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from streams.kafka.access import read_by
from streams.kafka.topics import REVIEW_DECISIONS, REVIEW_REPLAYS
from streams.monitor.backlog import LONG_S, Backlog
from streams.settings import KafkaSettings

HOUR_S = 3600.0
T = TypeVar("T")


def watching(bootstrap: str) -> Backlog:
    return Backlog(KafkaSettings(bootstrap=bootstrap), lambda *_: None, lambda *_: None)


def done(bootstrap: str, topic: str, offset: int) -> None:
    group = read_by(KafkaSettings().group)[topic]
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": group, "enable.auto.commit": False})
    answered(lambda: consumer.commit(offsets=[TopicPartition(topic, 0, offset)], asynchronous=False))
    consumer.close()


def answered(call: Callable[[], T]) -> T:
    """Of a broker that has just started: it may not have loaded its groups yet."""
    until = time.monotonic() + 30
    while True:
        try:
            return call()
        except KafkaException:
            assert time.monotonic() < until
            time.sleep(0.2)


@pytest.mark.kafka
def test_a_decision_that_has_waited_long_is_told_from_one_that_has_just_come(apache: str) -> None:
    producer, backlog = Producer({"bootstrap.servers": apache}), watching(apache)
    hour_ago_ms = int((time.time() - HOUR_S) * 1000)
    for at_ms in (hour_ago_ms, hour_ago_ms, 0):
        producer.produce(REVIEW_DECISIONS, b"{}", timestamp=at_ms)
    assert producer.flush(30) == 0

    def waiting() -> tuple[int, int]:
        return backlog.measure(REVIEW_DECISIONS), backlog.measure(REVIEW_DECISIONS, LONG_S)

    assert answered(waiting) == (3, 2)
    done(apache, REVIEW_DECISIONS, 1)
    assert waiting() == (2, 1)
    done(apache, REVIEW_DECISIONS, 2)
    assert waiting() == (1, 0)
    done(apache, REVIEW_DECISIONS, 3)
    assert waiting() == (0, 0)


@pytest.mark.kafka
def test_of_a_transaction_that_is_done_one_mark_stays_and_no_more(apache: str) -> None:
    """The alert counts on it."""
    producer = Producer({"bootstrap.servers": apache, "transactional.id": "redoubt-operator-test"})
    producer.init_transactions(30)
    for _ in range(2):
        producer.begin_transaction()
        producer.produce(REVIEW_REPLAYS, b"{}")
        producer.commit_transaction(30)
    backlog, long_s = watching(apache), 0.1
    time.sleep(2 * long_s)
    assert answered(lambda: backlog.measure(REVIEW_REPLAYS, long_s)) > 1
    done(apache, REVIEW_REPLAYS, 3)  # behind the second record stands its mark
    assert backlog.measure(REVIEW_REPLAYS, long_s) <= 1


def test_where_nothing_waits_nothing_waits_long(tansu: str) -> None:
    backlog = watching(tansu)
    assert (backlog.measure(REVIEW_DECISIONS), backlog.measure(REVIEW_DECISIONS, LONG_S)) == (0, 0)
