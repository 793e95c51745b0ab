"""How many documents wait. Measured here and not by the workers: a worker that is down tells of no backlog."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from confluent_kafka import Consumer, KafkaException, TopicPartition

from streams.kafka import LOG
from streams.kafka.topics import PHI_DOCUMENTS
from streams.settings import KafkaSettings
from streams.watch import logs

_EVERY_S: Final = 15.0
_ANSWER_S: Final = 10.0


class Backlog:
    """Records behind the workers' committed offsets, told to `tell` every 15 s while the block lasts.

    Too high by those that are finished out of order. Wrong on Tansu, whose watermarks count batches.
    """

    def __init__(self, settings: KafkaSettings, tell: Callable[[int], None]) -> None:
        self._tell = tell
        self._stop = threading.Event()
        # In the workers' group only to ask for its offsets: it subscribes to nothing, so it never joins.
        self._consumer = Consumer(
            {**settings.client(), "group.id": settings.group, "enable.auto.commit": False, "error_cb": lambda _e: None},
            logger=LOG,
        )
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Backlog:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(_ANSWER_S)

    def measure(self) -> int:
        """Raises KafkaException where the broker does not answer."""
        found = self._consumer.list_topics(PHI_DOCUMENTS, timeout=_ANSWER_S).topics[PHI_DOCUMENTS].partitions
        waiting = 0
        for place in self._consumer.committed([TopicPartition(PHI_DOCUMENTS, p) for p in found], timeout=_ANSWER_S):
            low, high = self._consumer.get_watermark_offsets(place, timeout=_ANSWER_S)
            waiting += max(0, high - max(place.offset, low))
        return waiting

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._tell(self.measure())
            except KafkaException:
                logs.get("monitor").warning("backlog unknown", topic=PHI_DOCUMENTS)
            self._stop.wait(_EVERY_S)
        self._consumer.close()
