"""Audit entries of whoever may not act before the record exists: appended, and acknowledged by the broker."""

from __future__ import annotations

from streams.events import AuditEntry
from streams.kafka.acknowledged import Acknowledged
from streams.kafka.topics import AUDIT_PENDING
from streams.settings import KafkaSettings


class AuditWriter:
    """Appends to `audit.pending`, outside of any document's transaction."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._producer = Acknowledged(settings)

    def append(self, entry: AuditEntry) -> None:
        """Returns once every replica in sync has the entry. Raises RedoubtError(BROKER_UNAVAILABLE): it may have
        arrived all the same, so that an entry appended again keeps its id."""
        self._producer.send(AUDIT_PENDING, entry)
