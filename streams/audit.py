"""The audit log: one fenced sequencer gives each entry its index and its leaf in a Merkle tree.

Writers append entries to `audit.pending` in their own transactions, without links: no writer waits for another.
The sequencer reads that one partition and writes `audit.entries`, one partition too, which nobody else may write.
Entries, and the state to go on from, are one transaction; whoever takes over fences the one before.

Hashes as in RFC 6962, section 2.1: leaf SHA-256(0x00 || canonical JSON), node SHA-256(0x01 || left || right).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka import Message as KafkaMessage

from detectors.errors import Reason, RedoubtError
from streams.events import AuditAction, AuditEntry, AuditSequenced, derived_id
from streams.kafka import EXIT_OK, LOG, exit_code
from streams.kafka.topics import AUDIT_ENTRIES, AUDIT_PENDING
from streams.kafka.transactions import Aborted, Transactions
from streams.settings import KafkaSettings

SEQUENCER: Final = "redoubt-sequencer"
"""Group and transactional id: one for the whole gateway, so that a second sequencer fences the first."""

BATCH: Final = 200
"""Entries a transaction: a commit costs the same for one as for two hundred."""
_ATTEMPTS: Final = 6
_WAIT_S: Final = 0.5
_EMPTY: Final = hashlib.sha256(b"").digest()


@dataclass(frozen=True, slots=True)
class Tree:
    """A Merkle tree as far as appending needs it: its size and the roots of its perfect subtrees, largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != self.size.bit_count() or any(len(p) != 32 for p in self.peaks):
            raise ValueError("a tree has one peak for each bit of its size")

    def with_leaf(self, leaf: bytes) -> Self:
        peaks, height = [*self.peaks, leaf], self.size
        while height & 1:
            right, left = peaks.pop(), peaks.pop()
            peaks.append(hashlib.sha256(b"\x01" + left + right).digest())
            height >>= 1
        return type(self)(self.size + 1, tuple(peaks))

    @property
    def root(self) -> bytes:
        """The tree head; of an empty tree the hash of nothing."""
        if not self.peaks:
            return _EMPTY
        root = self.peaks[-1]
        for left in reversed(self.peaks[:-1]):
            root = hashlib.sha256(b"\x01" + left + root).digest()
        return root

    def to_metadata(self) -> str:
        """Well under the 4096 bytes that an offset's metadata may have: 64 peaks are 2.8 kB."""
        return f"1:{self.size}:{base64.b64encode(b''.join(self.peaks)).decode()}"

    @classmethod
    def from_metadata(cls, text: str) -> Self:
        """Raises RedoubtError(MISCONFIGURED) for anything but what this version writes."""
        try:
            version, size, peaks = text.split(":")
            if version != "1":
                raise ValueError
            joined = base64.b64decode(peaks, validate=True)
            return cls(int(size), tuple(joined[at : at + 32] for at in range(0, len(joined), 32)))
        except (ValueError, binascii.Error):
            raise RedoubtError(Reason.MISCONFIGURED) from None


def leaf_hash(entry: AuditEntry) -> bytes:
    """Over the entry's JSON as it stands in the log: keys sorted, no space, ASCII. The same in every language."""
    value = json.loads(entry.to_message()[2])
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def sequenced(tree: Tree, entry: AuditEntry, source_offset: int) -> tuple[Tree, AuditSequenced]:
    """The entry in its place, and the tree with it."""
    leaf = leaf_hash(entry)
    grown = tree.with_leaf(leaf)
    return grown, AuditSequenced(tree.size, leaf.hex(), grown.root.hex(), source_offset, entry)


def checked(tree: Tree, found: AuditSequenced) -> Tree:
    """The tree with an entry of the log. Raises RedoubtError(HASH_MISMATCH) where it was changed or moved."""
    grown, expected = sequenced(tree, found.entry, found.source_offset)
    if expected != found:
        raise RedoubtError(Reason.HASH_MISMATCH)
    return grown


class Sequencer:
    """`run` returns the process's exit code. Exactly one works at a time: a later one ends the earlier one."""

    def __init__(self, settings: KafkaSettings, group: str = SEQUENCER) -> None:
        self._settings, self._group = settings, group
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

        read_log(self._consumer(), take)

    def _consumer(self) -> Consumer:
        return Consumer(
            {
                **self._settings.client(),
                "group.id": self._group,
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "auto.offset.reset": "earliest",
                "enable.partition.eof": True,
                "error_cb": lambda _error: None,
            },
            logger=LOG,
        )


def read_log(consumer: Consumer, take: Callable[[AuditSequenced], None]) -> None:
    """Hand over every entry of the log in order, up to its present end. Closes the consumer.

    Raises RedoubtError(INVALID_EVENT) for a record that is none, KafkaException, and whatever `take` raises.
    """
    try:
        consumer.assign([TopicPartition(AUDIT_ENTRIES, 0, 0)])
        while True:
            message = consumer.poll(_WAIT_S)
            if message is None:
                continue
            error = message.error()
            if error is None:
                take(AuditSequenced.from_message(message.key(), message.headers(), message.value()))
            elif error.code() == KafkaError._PARTITION_EOF:
                return
            else:
                raise KafkaException(error)
    finally:
        consumer.close()


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
