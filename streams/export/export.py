"""From the topic of tokenized records into a folder, as far as the topic goes now."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeVar

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicCollection, TopicPartition
from confluent_kafka import Message as KafkaMessage
from confluent_kafka.admin import AdminClient

from detectors.errors import Reason, RedoubtError
from streams.events import RecordTokenized
from streams.export.folder import ExportFolder, Source
from streams.export.tables import Record
from streams.kafka import LOG
from streams.kafka.access import Role, group
from streams.kafka.topics import TOKENIZED_RECORDS
from streams.settings import KafkaSettings

BATCH: Final = 500
"""Records a batch, which are one file a tenant and day: fewer, larger files are read faster."""
_WAIT_S: Final = 0.5
_ANSWER_S: Final = 30.0

_PASSING: Final = (
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
    KafkaError._UNKNOWN_PARTITION,
)

T = TypeVar("T")

Fetch = Callable[[str], bytes]
"""What lies under a content address in the masked store."""


@dataclass(slots=True)
class Exported:
    """Counts of a run. `lost`: offsets that the topic forgot before they were exported."""

    records: int = 0
    lost: int = 0


class Exporter:
    """Reads with a partition at a time, `read_committed`, and commits no offset: the folder knows where to go on."""

    def __init__(self, settings: KafkaSettings, fetch: Fetch, batch: int = BATCH) -> None:
        self._settings, self._fetch, self._batch = settings, fetch, batch

    def run(self, folder: ExportFolder, stop: threading.Event) -> Exported:
        """Raises RedoubtError: BROKER_UNAVAILABLE, INVALID_EVENT, STORE_UNAVAILABLE, CONTENT_MISSING, and
        MISCONFIGURED for a folder of another broker, or of a topic that was made anew."""
        found = Exported()
        try:
            consumer = self._consumer()
            try:
                source, partitions = _patient(lambda: self._topic(consumer))
                known = folder.next_offsets(source)
                for partition in partitions:
                    self._partition(consumer, folder, source, partition, known.get(partition, 0), found, stop)
            finally:
                consumer.close()
        except KafkaException:
            pass
        else:
            return found
        raise RedoubtError(Reason.BROKER_UNAVAILABLE)

    def _partition(
        self,
        consumer: Consumer,
        folder: ExportFolder,
        source: Source,
        partition: int,
        start: int,
        found: Exported,
        stop: threading.Event,
    ) -> None:
        place = TopicPartition(TOKENIZED_RECORDS, partition)
        low, high = _patient(lambda: consumer.get_watermark_offsets(place, timeout=_ANSWER_S))
        if start > high:
            raise RedoubtError(Reason.MISCONFIGURED)
        # A topic that begins at 0 for a first export lost nothing: what was before it nobody asked for.
        found.lost += max(0, low - start) if start else 0
        records: list[Record] = []
        last = start
        for message in _messages(consumer, partition, max(start, low), high, stop):
            records.append(self._record(message))
            last = message.offset() + 1
            if len(records) >= self._batch:
                folder.add(source, partition, last, records)
                found.records += len(records)
                records = []
        if records:
            folder.add(source, partition, last, records)
            found.records += len(records)

    def _record(self, message: KafkaMessage) -> Record:
        event = RecordTokenized.from_message(message.key(), message.headers(), message.value())
        text = event.text if event.text is not None else _pages(self._fetch(str(event.reference)))
        if len(text) != event.pages:
            raise RedoubtError(Reason.INVALID_EVENT)
        return Record(event, text, _time(message).date(), message.partition(), message.offset())

    def _topic(self, consumer: Consumer) -> tuple[Source, list[int]]:
        """What the offsets count in, and the partitions that the topic has."""
        metadata = consumer.list_topics(TOKENIZED_RECORDS, timeout=_ANSWER_S)
        topic = metadata.topics[TOKENIZED_RECORDS]
        if topic.error is not None:
            raise KafkaException(topic.error)
        admin = AdminClient({**self._settings.client(), "error_cb": lambda _error: None}, logger=LOG)
        asked = admin.describe_topics(TopicCollection([TOKENIZED_RECORDS]), request_timeout=_ANSWER_S)
        described = asked[TOKENIZED_RECORDS].result(timeout=_ANSWER_S)
        return Source(str(metadata.cluster_id), str(described.topic_id)), sorted(topic.partitions)

    def _consumer(self) -> Consumer:
        return Consumer(
            {
                **self._settings.client(),
                "group.id": f"{group(Role.ANALYST, self._settings.group)}-export",
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
                "auto.offset.reset": "error",
                "enable.partition.eof": True,
                "error_cb": lambda _error: None,
            },
            logger=LOG,
        )


def _patient(call: Callable[[], T]) -> T:
    """The call's answer, asked for again while the broker is choosing who leads."""
    until = time.monotonic() + _ANSWER_S
    while True:
        try:
            return call()
        except KafkaException as error:
            if error.args[0].code() not in _PASSING or time.monotonic() > until:
                raise
        time.sleep(_WAIT_S)


def _messages(
    consumer: Consumer, partition: int, start: int, end: int, stop: threading.Event
) -> Iterator[KafkaMessage]:
    """What a reader may see from `start` up to the end that the partition has now."""
    if start >= end:
        return
    consumer.assign([TopicPartition(TOKENIZED_RECORDS, partition, start)])
    until = time.monotonic() + _ANSWER_S
    while not stop.is_set():
        message = consumer.poll(_WAIT_S)
        if message is None:
            if time.monotonic() > until:
                raise RedoubtError(Reason.BROKER_UNAVAILABLE)
            continue
        until = time.monotonic() + _ANSWER_S
        error = message.error()
        if error is not None:
            if error.code() == KafkaError._PARTITION_EOF:
                return
            raise KafkaException(error)
        yield message
        if message.offset() + 1 >= end:
            return


def _pages(content: bytes) -> tuple[str, ...]:
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(page, str) for page in found):
        raise RedoubtError(Reason.INVALID_EVENT)
    return tuple(found)


def _time(message: KafkaMessage) -> datetime:
    """When the event happened. Its form was checked when it was read."""
    for name, value in message.headers() or ():
        if name == "ce_time" and value is not None:
            try:
                return datetime.fromisoformat(value.decode("ascii")).astimezone(UTC)
            except ValueError:
                break
    raise RedoubtError(Reason.INVALID_EVENT)
