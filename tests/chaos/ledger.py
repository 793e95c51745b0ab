"""What `read_committed` readers see of each document, in every topic: the count that nothing may bend."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from confluent_kafka import Consumer, TopicPartition

from policies.attack.report import Verdict
from streams.audit.log import checked
from streams.audit.tree import Tree
from streams.events import (
    EVENTS,
    AuditAction,
    AuditSequenced,
    DocumentMasked,
    Event,
    LeakageObserved,
    LeakageWindow,
    type_of,
)
from streams.kafka import LOG
from streams.kafka.topics import (
    AUDIT_ENTRIES,
    LEAKAGE_OBSERVATIONS,
    LEAKAGE_WINDOWS,
    MASKED_DOCUMENTS,
    REJECTED_DOCUMENTS,
    REVIEW_TASKS,
    TOKENIZED_RECORDS,
)
from streams.settings import KafkaSettings

RESULTS: Final = (MASKED_DOCUMENTS, REVIEW_TASKS, REJECTED_DOCUMENTS)
_ENDS: Final = (AuditAction.RELEASED, AuditAction.HELD, AuditAction.WITHHELD, AuditAction.REJECTED)


@dataclass(frozen=True)
class Result:
    """How a document ended: the topic, and of a released one its content address."""

    topic: str
    reference: str | None
    reasons: tuple[str, ...]


class Ledger:
    """Reads every result topic from its beginning, in no group: faults cannot move it."""

    def __init__(self, settings: KafkaSettings) -> None:
        self.results: dict[str, list[Result]] = defaultdict(list)
        self.records: Counter[str] = Counter()
        self.observations: Counter[str] = Counter()
        self.audited: Counter[str] = Counter()
        self.windows: list[LeakageWindow] = []
        self.log: list[AuditSequenced] = []
        self._consumer = Consumer(
            {
                **settings.client(),
                "group.id": f"ledger-{secrets.token_hex(4)}",
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                "auto.offset.reset": "error",
                "error_cb": lambda _error: None,
            },
            logger=LOG,
        )
        topics = (*RESULTS, TOKENIZED_RECORDS, LEAKAGE_OBSERVATIONS, LEAKAGE_WINDOWS, AUDIT_ENTRIES)
        known = self._consumer.list_topics(timeout=30).topics
        self._consumer.assign([TopicPartition(topic, p, 0) for topic in topics for p in known[topic].partitions])

    def close(self) -> None:
        self._consumer.close()

    def poll(self, timeout_s: float = 0.2) -> None:
        for message in self._consumer.consume(500, timeout_s):
            if message.error() is None:
                headers = list(message.headers() or ())
                event = EVENTS[type_of(headers) or ""].from_message(message.key(), headers, message.value())
                self._take(str(message.topic()), event)

    def _take(self, topic: str, event: Event) -> None:
        if isinstance(event, LeakageWindow):
            self.windows.append(event)
        elif isinstance(event, AuditSequenced):
            self.log.append(event)
            if event.entry.action in _ENDS and event.entry.document_id:
                self.audited[event.entry.document_id] += 1
        elif isinstance(event, LeakageObserved):
            self.observations[event.key] += 1
        elif topic == TOKENIZED_RECORDS:
            self.records[event.key] += 1
        else:
            reference = event.reference if isinstance(event, DocumentMasked) else None
            reasons = tuple(reason.value for reason in getattr(event, "reasons", ()))
            self.results[event.key].append(Result(topic, reference, reasons))

    def finished(self, documents: Mapping[str, object]) -> int:
        return sum(1 for document in documents if self.results[document])


def broken_chain(log: list[AuditSequenced]) -> bool:
    """Whether the audit log is not the one whose roots it tells."""
    tree = Tree()
    for event in log:
        tree = checked(tree, event)
    return [event.index for event in log] != list(range(len(log)))


def windowed(windows: list[LeakageWindow], tenant: str, size_s: int) -> int:
    """Documents in the windows of one length; every window told once, or it counts twice here too."""
    mine = [w for w in windows if w.tenant == tenant and (w.end - w.start).total_seconds() == size_s]
    return sum(w.documents for w in mine)


def observed(results: Mapping[str, list[Result]], documents: Mapping[str, object]) -> int:
    """Documents that got as far as a verdict: only they have figures."""
    verdicts = {MASKED_DOCUMENTS: Verdict.RELEASE, REVIEW_TASKS: Verdict.REVIEW}
    return sum(1 for d in documents if results[d] and results[d][0].topic in verdicts)
