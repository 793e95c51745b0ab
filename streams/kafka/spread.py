"""Which partition a document goes to: workers share partitions, and a partition is as much work as it holds pages.

Nobody has opened a document when it is announced, so its bytes stand for its pages. By the hash of an id, as the client
would have it, the documents of a partition are even in number and the charts among them are not.
"""

from __future__ import annotations

import heapq
import random
from typing import Final

PAGE_BYTES: Final = 32 * 1024
"""What a document counts at least: a page of text has hardly any bytes and is read like every other."""


class Spread:
    """Deals documents out so that each partition gets as many bytes as the others. One submitter knows of its own
    documents alone, so each begins somewhere else."""

    def __init__(self, partitions: int) -> None:
        order = list(range(partitions))
        random.shuffle(order)
        self._dealt = [(0, rank, partition) for rank, partition in enumerate(order)]

    def next(self, size_bytes: int) -> int:
        """The partition that has got the least so far gets this one."""
        dealt, rank, partition = self._dealt[0]
        heapq.heapreplace(self._dealt, (dealt + max(size_bytes, PAGE_BYTES), rank, partition))
        return partition
