"""Which partition a document goes to: workers share partitions, and a partition is as much work as it holds pages.

By the hash of an id, as the client would have it, the documents of a partition are even in number and the charts among
them are not. Nobody has opened a document when it is announced, so its pages are guessed; a wrong guess, or a lie,
costs evenness and nothing else.
"""

from __future__ import annotations

import heapq
import random
import re
import time
from typing import Final, Self

from confluent_kafka import KafkaException, Producer

from detectors.errors import Reason, RedoubtError
from streams.decode.limits import MAX_PAGES

_PAGE: Final = re.compile(rb"/Type\s{0,8}/Page(?![A-Za-z])")
"""A page of a PDF, where its dictionaries are not compressed (ISO 32000-1, 7.7.3.3)."""
PAGE_BYTES: Final = 64 * 1024
"""Of a page where none can be counted: about a scan's, in black and white or well compressed."""


def guessed_pages(content: bytes) -> int:
    """At least 1 and at most what the gateway takes."""
    marks = sum(1 for _ in _PAGE.finditer(content)) if content.startswith(b"%PDF-") else 0
    return min(marks or 1 + len(content) // PAGE_BYTES, MAX_PAGES)


_ANSWER_S: Final = 30.0
_AGAIN_S: Final = 0.2


class Spread:
    """Deals documents out so that each partition gets as many pages as the others. One submitter knows of its own
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

    def next(self, pages: int) -> int:
        """The partition that has got the fewest pages so far gets these."""
        dealt, rank, partition = self._dealt[0]
        heapq.heapreplace(self._dealt, (dealt + pages, rank, partition))
        return partition
