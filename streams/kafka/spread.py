"""Which partition a document goes to: workers share partitions, and a partition is as much work as it holds pages.

Nobody has opened a document when it is announced, so its bytes stand for its pages. By the hash of an id, as the client
would have it, the documents of a partition are even in number and the charts among them are not.
"""

from __future__ import annotations

import heapq
import random
import time
from typing import Final, Self

from confluent_kafka import KafkaException, Producer

from detectors.errors import Reason, RedoubtError

PAGE_BYTES: Final = 32 * 1024
"""What a document counts at least: a page of text has hardly any bytes and is read like every other."""
_ANSWER_S: Final = 30.0
_AGAIN_S: Final = 0.2


class Spread:
    """Deals documents out so that each partition gets as many bytes as the others. One submitter knows of its own
    documents alone, so each begins somewhere else."""

    def __init__(self, partitions: int) -> None:
        order = list(range(partitions))
        random.shuffle(order)
        self._dealt = [(0, rank, partition) for rank, partition in enumerate(order)]

    @classmethod
    def over(cls, producer: Producer, topic: str) -> Self:
        """Over the partitions of that topic. Raises RedoubtError(BROKER_UNAVAILABLE), where the topic stays missing
        too: one that was just made, or whose broker has just come back, may be unknown for a moment."""
        until = time.monotonic() + _ANSWER_S
        while True:
            try:
                found = producer.list_topics(topic, timeout=_ANSWER_S).topics[topic]
            except KafkaException:
                raise RedoubtError(Reason.BROKER_UNAVAILABLE) from None
            if found.error is None and found.partitions:
                return cls(len(found.partitions))
            if time.monotonic() > until:
                raise RedoubtError(Reason.BROKER_UNAVAILABLE)
            time.sleep(_AGAIN_S)

    def next(self, size_bytes: int) -> int:
        """The partition that has got the least so far gets this one."""
        dealt, rank, partition = self._dealt[0]
        heapq.heapreplace(self._dealt, (dealt + max(size_bytes, PAGE_BYTES), rank, partition))
        return partition
