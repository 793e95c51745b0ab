"""Topics read from beginning to present end, and single records: for people's tools, which join no group."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka import Message as KafkaMessage

from detectors.errors import Reason, RedoubtError
from streams.events import EVENTS, Event, Message, type_of
from streams.kafka import LOG
from streams.settings import KafkaSettings
from streams.watch import logs

_SILENCE_S: Final = 30.0
"""A broker that says nothing for this long, not even that a partition has ended, is away."""
_POLL_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Seen:
    """An event as it stands in its topic. `at` is the record's time."""

    event: Event
    at: datetime


def snapshot(settings: KafkaSettings, role: str, topics: Sequence[str]) -> list[Seen]:
    """What a `read_committed` reader sees now, each partition in its order. `role` begins the name of a group that is
    never joined. A record that is no event is logged and passed over: it must not hide the rest.

    Raises RedoubtError(BROKER_UNAVAILABLE).
    """
    seen: list[Seen] = []
    with _consumer(settings, role) as consumer:
        left = _partitions(consumer, topics)
        consumer.assign([TopicPartition(*each, OFFSET_BEGINNING) for each in sorted(left)])
        until = time.monotonic() + _SILENCE_S
        while left:
            message = consumer.poll(_POLL_S)
            if message is None:
                if time.monotonic() > until:
                    raise RedoubtError(Reason.BROKER_UNAVAILABLE)
                continue
            until = time.monotonic() + _SILENCE_S
            if _is_end(message):
                left.discard((str(message.topic()), int(message.partition() or 0)))
                continue
            event = _event(message)
            if event is None:
                at = {"topic": message.topic(), "partition": message.partition(), "offset": message.offset()}
                logs.get("snapshot").warning("a record is no event", **at)
            else:
                seen.append(Seen(event, datetime.fromtimestamp(message.timestamp()[1] / 1000, UTC)))
    return seen


def record_at(settings: KafkaSettings, role: str, topic: str, partition: int, offset: int) -> Message | None:
    """Key, headers and value of that very record, as it came; None where the topic's retention has taken it.

    Raises RedoubtError(BROKER_UNAVAILABLE).
    """
    with _consumer(settings, role) as consumer:
        consumer.assign([TopicPartition(topic, partition, offset)])
        until = time.monotonic() + _SILENCE_S
        while time.monotonic() < until:
            message = consumer.poll(_POLL_S)
            if message is None:
                continue
            if _is_end(message) or message.offset() != offset:
                return None
            headers = [(name, value or b"") for name, value in message.headers() or ()]
            return bytes(message.key() or b""), headers, bytes(message.value() or b"")
    raise RedoubtError(Reason.BROKER_UNAVAILABLE)


@contextmanager
def _consumer(settings: KafkaSettings, role: str) -> Iterator[Consumer]:
    consumer = Consumer(
        {
            **settings.client(),
            "group.id": f"redoubt-{role}",
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "auto.offset.reset": "earliest",
            "enable.partition.eof": True,
            # A partition's end is told only with the answer to a fetch, and an empty one waits.
            "fetch.wait.max.ms": 50,
            "error_cb": lambda _error: None,
        },
        logger=LOG,
    )
    try:
        yield consumer
    except KafkaException:
        raise RedoubtError(Reason.BROKER_UNAVAILABLE) from None
    finally:
        consumer.close()


def _partitions(consumer: Consumer, topics: Sequence[str]) -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for topic in topics:
        known = consumer.list_topics(topic, timeout=_SILENCE_S).topics[topic]
        if known.error is not None:
            raise KafkaException(known.error)
        found.update((topic, number) for number in known.partitions)
    return found


def _is_end(message: KafkaMessage) -> bool:
    error = message.error()
    if error is None:
        return False
    if error.code() != KafkaError._PARTITION_EOF:
        raise KafkaException(error)
    return True


def _event(message: KafkaMessage) -> Event | None:
    headers = list(message.headers() or ())
    event_type = EVENTS.get(type_of(headers) or "")
    try:
        return event_type.from_message(message.key(), headers, message.value()) if event_type else None
    except RedoubtError:
        return None
