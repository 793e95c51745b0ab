"""Entries in their places: what the sequencer writes, and how whoever reads the log checks it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Final, TypeVar

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from detectors.errors import Reason, RedoubtError
from streams.audit.tree import Tree
from streams.events import AuditEntry, AuditSequenced, Event
from streams.kafka import LOG
from streams.kafka.topics import AUDIT_ENTRIES
from streams.settings import KafkaSettings

_WAIT_S: Final = 0.5

Read = TypeVar("Read", bound=Event)


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


def read_log(settings: KafkaSettings, group: str, take: Callable[[AuditSequenced], None]) -> None:
    """Hand over every entry of the log in order, up to its present end. Raises as `read_all` does."""
    read_all(settings, group, AUDIT_ENTRIES, AuditSequenced, take)


def read_all(settings: KafkaSettings, group: str, topic: str, kind: type[Read], take: Callable[[Read], None]) -> None:
    """Hand over every event of a topic of one partition in order, up to its present end.

    Raises RedoubtError(INVALID_EVENT) for a record that is none, KafkaException, and whatever `take` raises.
    """
    consumer = Consumer(reading(settings, group), logger=LOG)
    try:
        consumer.assign([TopicPartition(topic, 0, 0)])
        while True:
            message = consumer.poll(_WAIT_S)
            if message is None:
                continue
            error = message.error()
            if error is None:
                take(kind.from_message(message.key(), message.headers(), message.value()))
            elif error.code() == KafkaError._PARTITION_EOF:
                return
            else:
                raise KafkaException(error)
    finally:
        consumer.close()


def reading(settings: KafkaSettings, group: str) -> dict[str, object]:
    """What every reader of the log has in common: it commits nothing by itself, and learns where the log ends."""
    return {
        **settings.client(),
        "group.id": group,
        "isolation.level": "read_committed",
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "auto.offset.reset": "earliest",
        "enable.partition.eof": True,
        "error_cb": lambda _error: None,
    }
