"""A class of input: its topics, read in a consumer group of its own, and what of it waits or is at work.

In one group for all classes the client's cooperative assignor, which counts partitions and not topics, could give all
of today's documents to one worker and the whole archive, or people's decisions, to the other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from confluent_kafka import Consumer, KafkaError
from confluent_kafka import Message as KafkaMessage

from streams.kafka import LOG
from streams.kafka.assignment import Assignment
from streams.kafka.job import Record
from streams.kafka.unheld import Unheld
from streams.settings import KafkaSettings
from streams.watch import logs


class Lane:
    """`waiting` are records taken and not begun; `at_work` counts those begun and not committed. Lives in the thread
    that polls."""

    def __init__(self, settings: KafkaSettings, topics: Sequence[str], on_error: Callable[[KafkaError], None]) -> None:
        self._topics = list(topics)
        self.waiting: deque[Record] = deque()
        self.at_work = 0
        self._consumer = Consumer(
            {
                **settings.client(),
                "group.id": settings.group,
                "group.instance.id": settings.instance,
                "session.timeout.ms": settings.session_timeout_ms,
                "heartbeat.interval.ms": max(500, settings.session_timeout_ms // 10),
                "partition.assignment.strategy": "cooperative-sticky",
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "auto.offset.reset": "earliest",
                # Events are small, documents in flight few: fetching far ahead only delays a rebalance.
                "queued.min.messages": 100,
                "queued.max.messages.kbytes": 16_384,
                # A resumed partition waits for the answer to the fetch that left it out.
                "fetch.wait.max.ms": 100,
                "error_cb": on_error,
            },
            logger=LOG,
        )
        self.assignment = Assignment(self._consumer)
        self._unheld = Unheld(settings, topics)

    def join(self) -> None:
        self._consumer.subscribe(
            self._topics,
            on_assign=self.assignment.on_assign,
            on_revoke=self.assignment.on_revoke,
            on_lost=self.assignment.on_lost,
        )

    def flow(self, limit: int) -> None:
        """Take records while fewer than `limit` wait. Pausing throws away what the client has fetched, so it shall not
        happen at every document: taking starts again once half of them are gone."""
        self.assignment.flow(len(self.waiting) < (limit if self.assignment.flowing else (limit + 1) // 2))

    def poll(self, within_s: float) -> KafkaMessage | None:
        """Serves rebalances too. A message may be an error's."""
        if self._unheld.must_join_again():
            logs.get("worker").warning("partitions that nobody holds: joining again")
            self._consumer.unsubscribe()
            self.join()
        return self._consumer.poll(within_s)

    def group_metadata(self) -> Any:
        """To be read fresh for each transaction: the broker refuses a stale member."""
        return self._consumer.consumer_group_metadata()

    def close(self) -> None:
        self.assignment.close()
        self._consumer.close()
