"""One fenced sequencer gives each entry its index and its leaf in the Merkle tree, and signs the tree's heads.

Writers append entries to `audit.pending` in their own transactions, without links: no writer waits for another.
The sequencer reads that one partition and writes `audit.entries`, one partition too, which nobody else may write.
Entries, and the state to go on from, are one transaction; whoever takes over fences the one before.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Any, Final

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka import Message as KafkaMessage

from detectors.errors import Reason, RedoubtError
from streams.audit.counts import Place
from streams.audit.heads import Heads
from streams.audit.log import checked, read_log, reading, sequenced
from streams.audit.tree import Tree
from streams.events import AuditAction, AuditEntry, AuditSequenced, derived_id
from streams.kafka import EXIT_OK, LOG, exit_code
from streams.kafka.topics import AUDIT_ENTRIES, AUDIT_HEADS, AUDIT_PENDING
from streams.kafka.transactions import Aborted, Transactions
from streams.settings import KafkaSettings
from streams.watch import logs

SEQUENCER: Final = "redoubt-sequencer"
"""Group and transactional id: one for the whole gateway, so that a second sequencer fences the first."""

BATCH: Final = 200
"""Entries a transaction: a commit costs the same for one as for two hundred."""
_ATTEMPTS: Final = 6
_WAIT_S: Final = 0.5


class Sequencer:
    """`run` returns the process's exit code. Exactly one works at a time: a later one ends the earlier one.

    `heads` None: the log has no signed heads.
    """

    def __init__(self, settings: KafkaSettings, group: str = SEQUENCER, heads: Heads | None = None) -> None:
        self._settings, self._group, self._heads = settings, group, heads
        self._signed, self._next_head_s = 0, 0.0
        self._tree, self._offset = Tree(), 0
        self._transactions = Transactions(settings, group)

    def run(self, stop: threading.Event) -> int:
        consumer = self._consumer()
        try:
            # First fence, then read where the fenced one got to.
            self._transactions.open()
            self._resume(consumer)
            consumer.assign([TopicPartition(AUDIT_PENDING, 0, self._offset)])
            while not stop.is_set():
                batch = [m for m in consumer.consume(BATCH, _WAIT_S) if _is_record(m)]
                if batch:
                    self._append(batch, consumer.consumer_group_metadata(), stop)
                self._sign()
        except (RedoubtError, KafkaException) as error:
            return exit_code(error)
        finally:
            consumer.close()
        return EXIT_OK

    def _append(self, batch: list[KafkaMessage], group: Any, stop: threading.Event) -> None:
        tree, records = self._tree, []
        for message in batch:
            tree, event = sequenced(tree, _entry(message), message.offset())
            records.append((AUDIT_ENTRIES, event.to_message()))
        next_offset = batch[-1].offset() + 1
        offsets = [TopicPartition(AUDIT_PENDING, 0, next_offset, metadata=tree.to_metadata())]
        for _ in range(_ATTEMPTS):
            try:
                self._transactions.publish(records, offsets, group)
                self._tree, self._offset = tree, next_offset
                return
            except Aborted:
                stop.wait(_WAIT_S)
        raise RedoubtError(Reason.BROKER_UNAVAILABLE)

    def _sign(self) -> None:
        """Publish a head where it is time and the log has grown. Entries do not wait for it: a head that cannot be
        signed now is signed later, over more."""
        if self._heads is None or time.monotonic() < self._next_head_s:
            return
        if self._tree.size == self._signed:
            if self._heads.outside is not None and self._heads.outside.again():
                self._next_head_s = time.monotonic() + self._heads.every_s
            return
        self._next_head_s = time.monotonic() + self._heads.every_s
        try:
            head = self._heads.sign(self._tree)
        except RedoubtError as error:
            logs.get("sequencer").warning("head not signed", reason=error.reason)
            self._heads.counts.refused(Place.TOPIC)
            return
        try:
            self._transactions.publish([(AUDIT_HEADS, head.to_message())])
            self._signed = head.size
            self._heads.counts.put(Place.TOPIC)
        except Aborted:
            self._next_head_s = 0.0

    def _resume(self, consumer: Consumer) -> None:
        """From the committed state; where the broker has forgotten it (an idle group's offsets expire, the embedded
        broker keeps no metadata), from the log itself, which is then read and checked as a whole."""
        self._tree, self._offset = Tree(), 0
        (found,) = consumer.committed([TopicPartition(AUDIT_PENDING, 0)], timeout=90.0)
        if found.error is not None:
            raise KafkaException(found.error)
        if found.offset >= 0 and found.metadata:
            self._tree, self._offset = Tree.from_metadata(found.metadata), found.offset
            return

        def take(event: AuditSequenced) -> None:
            self._tree, self._offset = checked(self._tree, event), event.source_offset + 1

        read_log(self._settings, self._group, take)

    def _consumer(self) -> Consumer:
        return Consumer(reading(self._settings, self._group), logger=LOG)


def _is_record(message: KafkaMessage) -> bool:
    error = message.error()
    if error is not None and (error.fatal() or error.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED):
        raise KafkaException(error)
    return error is None


def _entry(message: KafkaMessage) -> AuditEntry:
    try:
        return AuditEntry.from_message(message.key(), message.headers(), message.value())
    except RedoubtError as error:
        place = derived_id(AUDIT_PENDING, "0", str(message.offset()))
        return AuditEntry(
            entry_id=place,
            actor="sequencer",
            action=AuditAction.UNREADABLE,
            time=datetime.now(UTC),
            tenant="unknown",
            document_id=place,
            reasons=(error.reason,),
        )
