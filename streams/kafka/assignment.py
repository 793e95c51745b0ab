"""The partitions that this worker holds, of every topic it reads, and the progress of each."""

from __future__ import annotations

import time
from typing import Final

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from detectors.errors import Reason, RedoubtError
from streams.kafka.progress import Progress

Partition = tuple[str, int]
"""A topic and the number of one of its partitions."""

_COMMITTED_S: Final = 90.0
"""The broker answers only once a dead worker's open transaction is rolled back: longer than its time-out."""
_AGAIN_S: Final = 0.2
_REFUSED: Final = (
    KafkaError._FATAL,
    KafkaError._AUTHENTICATION,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
)


class Assignment:
    """Rebalance callbacks and progress. Lives in the thread that polls."""

    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer
        self._progress: dict[Partition, Progress | None] = {}
        self._epochs: dict[Partition, int] = {}
        self._next: dict[Partition, int] = {}
        self._flowing: bool | None = None
        self._closed = False

    @property
    def flowing(self) -> bool:
        return self._flowing is not False

    def on_assign(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        """Resume where the last commit stood, with the later offsets that were finished by then."""
        if self._closed:
            return
        starts = []
        for found in _committed(consumer, partitions) if partitions else ():
            held = (found.topic, found.partition)
            self._epochs[held] = self._epochs.get(held, 0) + 1
            self._next.pop(held, None)
            known = found.offset >= 0
            self._progress[held] = Progress.from_metadata(found.offset, found.metadata) if known else None
            # From the very offset that the progress was read with; without one, from the topic's beginning.
            starts.append(TopicPartition(*held, found.offset) if known else TopicPartition(*held))
        consumer.incremental_assign(starts)
        self._flowing = None

    def on_revoke(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        """What is in flight there is dropped when it finishes."""
        self.on_lost(consumer, partitions)

    def on_lost(self, _consumer: Consumer, partitions: list[TopicPartition]) -> None:
        for gone in partitions:
            self._progress.pop((gone.topic, gone.partition), None)
        self._flowing = None

    def close(self) -> None:
        """Takes nothing more. A client that closes may still be given partitions, and would wait for their progress in
        vain: it no longer looks for the broker that has it."""
        self._closed = True

    def flow(self, wanted: bool) -> None:
        """Pause or resume every partition; polling goes on either way."""
        wanted = wanted and all(
            p is None or p.has_room(self._next.get(held, p.low)) for held, p in self._progress.items()
        )
        if wanted is self._flowing or not self._progress:
            return
        partitions = [TopicPartition(*held) for held in self._progress]
        if wanted:
            self._consumer.resume(partitions)
        else:
            self._consumer.pause(partitions)
        self._flowing = wanted

    def begin(self, partition: Partition, offset: int) -> int | None:
        """The epoch to work under; None for a record that is finished already or not ours any more.

        Raises RedoubtError(BROKER_UNAVAILABLE) where the log went back behind what was taken: its topic was made
        anew or its end was lost. What it holds now is not what the progress speaks of.
        """
        if partition not in self._progress:
            return None
        progress = self._progress[partition]
        if progress is None:
            progress = Progress(offset)
        # Offsets that were never delivered are commit markers or compacted records: nobody will finish them.
        expected = self._next.get(partition, progress.low)
        if offset < expected:
            raise RedoubtError(Reason.BROKER_UNAVAILABLE)
        if offset > expected:
            progress = progress.finished(expected, offset)
        self._next[partition] = offset + 1
        self._progress[partition] = progress
        return None if progress.is_done(offset) else self._epochs[partition]

    def progress_with(self, partition: Partition, offset: int, epoch: int) -> Progress | None:
        """The progress once this offset is finished; None where the partition is not ours under that epoch."""
        progress = self._progress.get(partition)
        if progress is None or self._epochs[partition] != epoch:
            return None
        return progress.finished(offset)

    def advance(self, partition: Partition, progress: Progress) -> None:
        """After the commit."""
        self._progress[partition] = progress


def _committed(consumer: Consumer, partitions: list[TopicPartition]) -> list[TopicPartition]:
    """What the broker has of their progress. A broker that has just come back says for a while that it is not the one
    to ask. Raises KafkaException once the time is up."""
    until = time.monotonic() + _COMMITTED_S
    while True:
        left_s = max(1.0, until - time.monotonic())
        try:
            found: list[TopicPartition] = consumer.committed(partitions, timeout=left_s)
            failed = next((f.error for f in found if f.error is not None), None)
            if failed is None:
                return found
            raise KafkaException(failed)
        except KafkaException as error:
            if time.monotonic() > until or error.args[0].code() in _REFUSED:
                raise
        time.sleep(_AGAIN_S)
