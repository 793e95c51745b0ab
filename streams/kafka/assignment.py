"""The partitions that this worker holds, and the progress of each."""

from __future__ import annotations

from typing import Final

from confluent_kafka import Consumer, KafkaException, TopicPartition

from streams.kafka.progress import Progress

_COMMITTED_S: Final = 90.0
"""The broker answers only once a dead worker's open transaction is rolled back: longer than its time-out."""


class Assignment:
    """Rebalance callbacks and progress. Lives in the thread that polls."""

    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer
        self._progress: dict[int, Progress | None] = {}
        self._epochs: dict[int, int] = {}
        self._next: dict[int, int] = {}
        self._topic = ""
        self._flowing: bool | None = None

    @property
    def flowing(self) -> bool:
        return self._flowing is not False

    def on_assign(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        """Resume where the last commit stood, with the later offsets that were finished by then."""
        for found in consumer.committed(partitions, timeout=_COMMITTED_S) if partitions else ():
            if found.error is not None:
                raise KafkaException(found.error)
            self._topic = found.topic
            self._epochs[found.partition] = self._epochs.get(found.partition, 0) + 1
            self._next.pop(found.partition, None)
            known = found.offset >= 0
            self._progress[found.partition] = Progress.from_metadata(found.offset, found.metadata) if known else None
        consumer.incremental_assign([TopicPartition(p.topic, p.partition) for p in partitions])
        self._flowing = None

    def on_revoke(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        """What is in flight there is dropped when it finishes."""
        self.on_lost(consumer, partitions)

    def on_lost(self, _consumer: Consumer, partitions: list[TopicPartition]) -> None:
        for gone in partitions:
            self._progress.pop(gone.partition, None)
        self._flowing = None

    def flow(self, wanted: bool) -> None:
        """Pause or resume every partition; polling goes on either way."""
        wanted = wanted and all(p is None or p.has_room for p in self._progress.values())
        if wanted is self._flowing or not self._progress:
            return
        held = [TopicPartition(self._topic, partition) for partition in self._progress]
        if wanted:
            self._consumer.resume(held)
        else:
            self._consumer.pause(held)
        self._flowing = wanted

    def begin(self, partition: int, offset: int) -> int | None:
        """The epoch to work under; None for a record that is finished already or not ours any more."""
        if partition not in self._progress:
            return None
        progress = self._progress[partition]
        if progress is None:
            progress = Progress(offset)
        # Offsets that were never delivered are commit markers or compacted records: nobody will finish them.
        expected = self._next.get(partition, progress.low)
        if offset > expected:
            progress = progress.finished(expected, offset)
        self._next[partition] = max(offset + 1, expected)
        self._progress[partition] = progress
        return None if progress.is_done(offset) else self._epochs[partition]

    def progress_with(self, partition: int, offset: int, epoch: int) -> Progress | None:
        """The progress once this offset is finished; None where the partition is not ours under that epoch."""
        progress = self._progress.get(partition)
        if progress is None or self._epochs[partition] != epoch:
            return None
        return progress.finished(offset)

    def advance(self, partition: int, progress: Progress) -> None:
        """After the commit."""
        self._progress[partition] = progress
