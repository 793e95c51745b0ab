"""The sampler: released documents in, those drawn out as tasks; what people said of them in, figures out.

    masked.documents ──► draw ──► review.tasks
    review.decisions ──► count ─► leakage.observations, and an audit entry for each page that leaked

One at a time for the whole gateway: a transactional id fences an older one. What comes of a record and the progress
beyond it are one transaction. Of several decisions on a task the one that stands first in the topic counts: it is read
from its beginning at every start, so that the sampler remembers without a store of its own.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka import Message as KafkaMessage
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from detectors.errors import Reason, RedoubtError
from streams.events import AuditAction, AuditEntry, DocumentMasked, SampleJudged, derived_id, type_of
from streams.kafka import EXIT_OK, LOG, exit_code
from streams.kafka.topics import (
    AUDIT_PENDING,
    LEAKAGE_OBSERVATIONS,
    MASKED_DOCUMENTS,
    REVIEW_DECISIONS,
    REVIEW_TASKS,
)
from streams.kafka.transactions import Aborted, Produced, Transactions
from streams.review.second_looks.looks import objection
from streams.review.second_looks.lots import Lots
from streams.settings import KafkaSettings
from streams.watch import logs

SAMPLER: Final = "redoubt-sampler"
"""Group and transactional id."""
_WAIT_S: Final = 0.5
_ATTEMPTS: Final = 6
_ANSWER_S: Final = 90.0
_COMMIT_S: Final = 5.0
"""How long progress alone may wait: a lot drawn again falls as it fell."""

TOLD: Final = {
    "drawn": "Releases drawn for a second look",
    "counted": "Judgements of releases that were drawn",
    "refused": "Judgements that do not count: of nothing drawn, or of what somebody judged before",
}

Place = tuple[str, int]


class Sampler(Collector):
    """`run` returns the process's exit code. Partitions that are added later are seen after the next start.

    As a collector of metrics it tells what it drew and what it counted since it started.
    """

    def __init__(self, settings: KafkaSettings, lots: Lots) -> None:
        self._lots = lots
        self._transactions = Transactions(settings, SAMPLER)
        self._settings = settings
        self._committed: dict[Place, int] = {}
        self._next: dict[Place, int] = {}
        self._judged: set[str] = set()
        self._due_s = 0.0
        self._told: Counter[str] = Counter()

    def collect(self) -> Iterator[Metric]:
        for name, says in TOLD.items():
            yield CounterMetricFamily(f"redoubt_sampler_{name}", says, value=self._told[name])

    def run(self, stop: threading.Event) -> int:
        consumer = self._consumer()
        try:
            # First fence, then read where the fenced one got to.
            self._transactions.open()
            self._resume(consumer)
            while not stop.is_set():
                message = consumer.poll(_WAIT_S)
                if message is not None and _is_record(message):
                    self._take(message, consumer, stop)
                elif self._next != self._committed and time.monotonic() >= self._due_s:
                    self._publish((), consumer, stop)
        except (RedoubtError, KafkaException) as error:
            return exit_code(error)
        finally:
            consumer.close()
        return EXIT_OK

    def _take(self, message: KafkaMessage, consumer: Consumer, stop: threading.Event) -> None:
        place, offset = (str(message.topic()), int(message.partition() or 0)), int(message.offset() or 0)
        try:
            fresh = offset >= self._committed[place]
            records = tuple(self._drawn(message) if place[0] == MASKED_DOCUMENTS else self._counted(message, fresh))
        except RedoubtError as error:
            logs.get("sampler").warning("a record is no event", topic=place[0], offset=offset, error=error)
            records = ()
        if offset < self._committed[place]:
            return
        self._next[place] = offset + 1
        if records:
            self._publish(records, consumer, stop)
            self._told.update(_TELLS[topic] for topic, _ in records[:1])

    def _drawn(self, message: KafkaMessage) -> Iterator[Produced]:
        headers = list(message.headers() or ())
        task = self._lots.draw(DocumentMasked.from_message(message.key(), headers, message.value()))
        if task:
            yield REVIEW_TASKS, task.to_message()

    def _counted(self, message: KafkaMessage, fresh: bool) -> Iterator[Produced]:
        """`fresh`: nobody was told of it yet; else it is only remembered."""
        headers = list(message.headers() or ())
        if type_of(headers) != SampleJudged.TYPE:
            return
        judged = SampleJudged.from_message(message.key(), headers, message.value())
        at = datetime.fromtimestamp(message.timestamp()[1] / 1000, UTC)
        refused = objection(judged) or (None if self._lots.drew(judged.task) else Reason.INVALID_EVENT)
        if refused is None and judged.task.ce_id in self._judged:
            refused = Reason.ALREADY_DECIDED
        if refused:
            yield AUDIT_PENDING, _entry(judged, AuditAction.DECISION_REFUSED, at, reasons=(refused,)).to_message()
            return
        self._judged.add(judged.task.ce_id)
        yield LEAKAGE_OBSERVATIONS, judged.to_message()
        leaking = sorted({place.page for place in judged.places})
        for page in leaking:
            yield AUDIT_PENDING, _entry(judged, AuditAction.SAMPLE_LEAKED, at, page=page + 1).to_message()
        if leaking and fresh:
            logs.get("sampler").error("a released copy leaks", document=judged.document_id, pages=len(leaking))

    def _publish(self, records: tuple[Produced, ...], consumer: Consumer, stop: threading.Event) -> None:
        moved = {place: offset for place, offset in self._next.items() if offset != self._committed[place]}
        progress = [TopicPartition(*place, offset) for place, offset in moved.items()]
        for _ in range(_ATTEMPTS):
            try:
                self._transactions.publish(records, progress, consumer.consumer_group_metadata())
                self._committed |= moved
                self._due_s = time.monotonic() + _COMMIT_S
                return
            except Aborted:
                stop.wait(_WAIT_S)
        raise RedoubtError(Reason.BROKER_UNAVAILABLE)

    def _resume(self, consumer: Consumer) -> None:
        """Releases from where the last one got to, decisions from their beginning."""
        known = [
            TopicPartition(topic, number)
            for topic in (MASKED_DOCUMENTS, REVIEW_DECISIONS)
            for number in consumer.list_topics(topic, timeout=_ANSWER_S).topics[topic].partitions
        ]
        begin = []
        for found in consumer.committed(known, timeout=_ANSWER_S):
            if found.error is not None:
                raise KafkaException(found.error)
            low, _ = consumer.get_watermark_offsets(found, timeout=_ANSWER_S)
            place = (found.topic, found.partition)
            self._committed[place] = self._next[place] = max(found.offset, low)
            start = low if found.topic == REVIEW_DECISIONS else self._committed[place]
            begin.append(TopicPartition(*place, start))
        consumer.assign(begin)

    def _consumer(self) -> Consumer:
        configuration: dict[str, Any] = {
            **self._settings.client(),
            "group.id": SAMPLER,
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "auto.offset.reset": "earliest",
            "error_cb": lambda _error: None,
        }
        return Consumer(configuration, logger=LOG)


_TELLS: Final = {REVIEW_TASKS: "drawn", LEAKAGE_OBSERVATIONS: "counted", AUDIT_PENDING: "refused"}
"""What the first of the events that come of a record says."""


def _is_record(message: KafkaMessage) -> bool:
    error = message.error()
    if error is not None and (error.fatal() or error.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED):
        raise KafkaException(error)
    return error is None


def _entry(
    judged: SampleJudged,
    action: AuditAction,
    at: datetime,
    reasons: tuple[Reason, ...] = (),
    page: int | None = None,
) -> AuditEntry:
    return AuditEntry(
        entry_id=derived_id(action.value, judged.decision, str(page)),
        actor=judged.reviewer,
        action=action,
        time=at,
        tenant=judged.tenant,
        document_id=judged.document_id,
        reasons=reasons,
        profile=judged.profile,
        reference=judged.task.reference,
        why=judged.why.value,
        ticket=judged.ticket,
        page=page,
    )
