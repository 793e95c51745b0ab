"""Whether a broker's transactions are any: tried out, not asked for, since a broker may claim what it does not do.

A first producer leaves a record in an open transaction, and a second one takes its transactional id, as a worker that
starts again does after a crash. On Apache Kafka the record is then rolled back: no `read_committed` reader ever sees
it, and the first producer cannot commit. A broker where either is otherwise would show documents twice.
"""

from __future__ import annotations

import time
from typing import Any, Final

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka import Message as KafkaMessage

from streams.kafka import LOG
from streams.kafka.topics import PROBE
from streams.settings import KafkaSettings

_CALL_S: Final = 30.0
SHOWN: Final = "the broker shows records of transactions that were never committed"
NOT_FENCED: Final = "the broker lets a producer commit after another took its transactional id"
_TAKEN: Final[frozenset[Any]] = frozenset({KafkaError._FENCED, KafkaError.INVALID_PRODUCER_EPOCH})


def why_not_transactional(settings: KafkaSettings, transactional_id: str, group: str) -> str | None:
    """None where the broker's transactions hold. `group` is one that this principal may read; it is not joined.

    Raises KafkaException where it could not be tried: an answer or a right is missing.
    """
    first = _producer(settings, transactional_id)
    first.init_transactions(_CALL_S)
    first.begin_transaction()
    delivered: list[tuple[KafkaError | None, KafkaMessage]] = []
    first.produce(PROBE, b"never committed", partition=0, on_delivery=lambda *report: delivered.append(report))
    first.flush(_CALL_S)
    if not delivered:
        raise KafkaException(KafkaError(KafkaError._TIMED_OUT))
    failed, record = delivered[0]
    if failed is not None:
        # A process under the same id was quicker: it was this one that was fenced.
        if failed.code() in _TAKEN:
            return None
        raise KafkaException(failed)
    second = _producer(settings, transactional_id)
    second.init_transactions(_CALL_S)
    if _visible(settings, group, record.offset()):
        return SHOWN
    try:
        first.commit_transaction(_CALL_S)
    except KafkaException:
        return None
    return NOT_FENCED


def _producer(settings: KafkaSettings, transactional_id: str) -> Producer:
    return Producer(
        {
            **settings.client(),
            "transactional.id": transactional_id,
            "transaction.timeout.ms": settings.transaction_timeout_ms,
            "error_cb": lambda _error: None,
        },
        logger=LOG,
    )


def _visible(settings: KafkaSettings, group: str, offset: int) -> bool:
    """Whether a `read_committed` reader is given the record at this offset."""
    consumer = Consumer(
        {
            **settings.client(),
            "group.id": group,
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "error_cb": lambda _error: None,
        },
        logger=LOG,
    )
    try:
        consumer.assign([TopicPartition(PROBE, 0, offset)])
        until = time.monotonic() + _CALL_S
        while time.monotonic() < until:
            message = consumer.poll(0.5)
            if message is None:
                continue
            error = message.error()
            if error is None and message.offset() == offset:
                return True
            if error is None or error.code() == KafkaError._PARTITION_EOF:
                return False
            raise KafkaException(error)
        raise KafkaException(KafkaError(KafkaError._TIMED_OUT))
    finally:
        consumer.close()
