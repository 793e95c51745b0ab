"""How many documents and decisions wait. Measured here and not by the workers: one that is down tells of no backlog."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

from confluent_kafka import Consumer, KafkaException, TopicPartition

from streams.kafka import LOG
from streams.kafka.access import read_by
from streams.kafka.topics import DECISIONS
from streams.settings import KafkaSettings
from streams.watch import logs

_EVERY_S: Final = 15.0
_ANSWER_S: Final = 10.0
LONG_S: Final = 1800.0
"""A decision is carried out within minutes; over a chart of a thousand pages it takes this long."""


class Backlog:
    """Records behind the workers' committed offsets, told to `tell` by topic every 15 s while the block lasts; of
    people's decisions also those that have waited longer than LONG_S, to `tell_overdue`.

    Too high by those that are finished out of order, and by the marks that transactions of a submitter or a replay
    leave in a topic: up to one a partition stays. Wrong on Tansu, whose watermarks count batches.
    """

    def __init__(
        self, settings: KafkaSettings, tell: Callable[[int, str], None], tell_overdue: Callable[[int, str], None]
    ) -> None:
        self._tell, self._tell_overdue = tell, tell_overdue
        self._stop = threading.Event()
        groups = read_by(settings.group)
        self._consumers: Mapping[str, Consumer] = {topic: _in_group(settings, name) for topic, name in groups.items()}
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Backlog:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(_ANSWER_S)

    def measure(self, topic: str, older_than_s: float | None = None) -> int:
        """How many records wait, or how many of them for longer than so many seconds, by the time that each bears.
        Raises KafkaException where the broker does not answer."""
        consumer = self._consumers[topic]
        found = consumer.list_topics(topic, timeout=_ANSWER_S).topics[topic].partitions
        waiting = 0
        for place in consumer.committed([TopicPartition(topic, p) for p in found], timeout=_ANSWER_S):
            low, high = consumer.get_watermark_offsets(place, timeout=_ANSWER_S)
            if older_than_s is not None:
                since_ms = int((time.time() - older_than_s) * 1000)
                (first,) = consumer.offsets_for_times(
                    [TopicPartition(topic, place.partition, since_ms)], timeout=_ANSWER_S
                )
                high = first.offset if first.offset >= 0 else high  # below 0: nothing is younger
            waiting += max(0, high - max(place.offset, low))
        return waiting

    def _run(self) -> None:
        while not self._stop.is_set():
            for topic in self._consumers:
                try:
                    self._tell(self.measure(topic), topic)
                    if topic in DECISIONS:
                        self._tell_overdue(self.measure(topic, LONG_S), topic)
                except KafkaException:
                    logs.get("monitor").warning("backlog unknown", topic=topic)
            self._stop.wait(_EVERY_S)
        for consumer in self._consumers.values():
            consumer.close()


def _in_group(settings: KafkaSettings, group: str) -> Consumer:
    """In the workers' group only to ask for its offsets: it subscribes to nothing, so it never joins."""
    return Consumer(
        {**settings.client(), "group.id": group, "enable.auto.commit": False, "error_cb": lambda _e: None}, logger=LOG
    )
