"""What the topics say became of each document: the demonstration's own, independent count."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable
from types import TracebackType
from typing import Final, Self

from confluent_kafka import Consumer, KafkaError

from streams.events import (
    DocumentMasked,
    DocumentRejected,
    LeakageWindow,
    RecordTokenized,
    Refusal,
    ReviewRequested,
)
from streams.events.envelope import Event
from streams.kafka.topics import (
    AUDIT_ENTRIES,
    LEAKAGE_WINDOWS,
    MASKED_DOCUMENTS,
    REJECTED_DOCUMENTS,
    REVIEW_TASKS,
    TOKENIZED_RECORDS,
)
from streams.settings import KafkaSettings

EVENT_OF: Final[dict[str, type[Event]]] = {
    MASKED_DOCUMENTS: DocumentMasked,
    REVIEW_TASKS: ReviewRequested,
    REJECTED_DOCUMENTS: DocumentRejected,
    TOKENIZED_RECORDS: RecordTokenized,
    LEAKAGE_WINDOWS: LeakageWindow,
}
RESULTS: Final = (MASKED_DOCUMENTS, REVIEW_TASKS, REJECTED_DOCUMENTS)
"""Exactly one event a document on these three together."""


class Ledger:
    """Reads the output topics from their beginning, in a group of its own."""

    def __init__(self, settings: KafkaSettings) -> None:
        self.results: dict[str, list[Event]] = defaultdict(list)
        self.records: dict[str, list[Event]] = defaultdict(list)
        self.windows: list[LeakageWindow] = []
        self.audited = 0
        self._consumer = Consumer(
            {
                **settings.client(),
                "group.id": f"demo-ledger-{secrets.token_hex(4)}",
                "session.timeout.ms": settings.session_timeout_ms,
                "auto.offset.reset": "earliest",
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
                "error_cb": _quiet,
            }
        )
        self._consumer.subscribe([*EVENT_OF, AUDIT_ENTRIES])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._consumer.close()

    def poll(self, timeout_s: float = 0.2) -> None:
        """Takes in what has come."""
        for message in self._consumer.consume(200, timeout_s):
            if message.error() is not None:
                continue
            topic = str(message.topic())
            if topic == AUDIT_ENTRIES:
                self.audited += 1
                continue
            event = EVENT_OF[topic].from_message(message.key(), message.headers(), message.value())
            if isinstance(event, LeakageWindow):
                self.windows.append(event)
            else:
                (self.results if topic in RESULTS else self.records)[event.key].append(event)

    def finished(self, documents: Iterable[str]) -> int:
        return sum(1 for document in documents if self.results[document])

    def lost(self, documents: Iterable[str]) -> int:
        return sum(1 for document in documents if not self.results[document])

    def observed(self, documents: Iterable[str]) -> int:
        """Documents that got as far as a verdict: only they have figures, and so a place in a window."""
        firsts = (self.results[document][0] for document in documents if self.results[document])
        return sum(not (isinstance(e, DocumentRejected) and e.refusal is Refusal.REJECTED) for e in firsts)

    def doubled(self, documents: Iterable[str]) -> int:
        return sum(1 for d in documents if len(self.results[d]) > 1 or len(self.records[d]) > 1)


def _quiet(_error: KafkaError) -> None:
    """A missing document is counted; the reason is in the worker's log."""
