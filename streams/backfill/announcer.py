"""Announces batches of documents so that after a kill it can be told of each whether it was.

The broker and the journal cannot be written in one step. So a batch is one transaction, and in the same transaction its
number is committed as an offset in a group of the journal's own: what the journal is in doubt about, the broker knows.
The offset stands beside a topic that all processes may read and that holds nothing; nobody reads from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from confluent_kafka import Consumer, KafkaException, TopicPartition

from detectors.errors import Reason, RedoubtError
from streams.backfill.journal import Journal, JournalRefused
from streams.kafka import LOG
from streams.kafka.access import Role, group
from streams.kafka.spread import Spread
from streams.kafka.topics import PROBE
from streams.kafka.transactions import Aborted, Produced, Transactions
from streams.settings import KafkaSettings

_ATTEMPTS: Final = 6
_ANSWER_S: Final = 60.0


class Announcer:
    """For one topic and one journal, in one process: a later one fences this one. Everything raises
    RedoubtError(BROKER_UNAVAILABLE)."""

    def __init__(self, settings: KafkaSettings, topic: str, journal: Journal) -> None:
        self._journal = journal
        name = f"{group(Role.SUBMITTER, settings.group)}-{journal.id}"
        self._placed: dict[bytes, int] = {}
        self._transactions = Transactions(settings, name, self._place)
        # Asks for offsets and subscribes to nothing, so it never joins.
        self._group = Consumer(
            {**settings.client(), "group.id": name, "enable.auto.commit": False, "error_cb": lambda _error: None},
            logger=LOG,
        )
        self._topic = topic
        self._spread: Spread | None = None

    def open(self) -> None:
        """End what an earlier run left open, and settle what the journal was in doubt about. Raises JournalRefused
        where the broker has forgotten this journal."""
        self._transactions.open()
        self._spread = self._transactions.spread(self._topic)
        journal = self._journal
        if journal.committed is None:
            self._publish([], 0)
            journal.commit(0)
        elif journal.last > journal.committed:
            known = self._known()
            if known < 0:
                raise JournalRefused(
                    "the broker has forgotten this journal: whether its last documents were sent is unknown"
                )
            if known >= journal.last:
                journal.commit(journal.last)
            else:
                journal.forget(journal.last)

    def announce(self, names: Sequence[bytes], records: Sequence[Produced], pages: Sequence[int]) -> None:
        """All of the batch or nothing. `names` are the files', `sizes` the bytes of their documents."""
        if self._spread is None:
            raise RedoubtError(Reason.INTERNAL)
        self._placed = {
            message[0]: self._spread.next(count) for (_, message), count in zip(records, pages, strict=True)
        }
        batch = self._journal.last + 1
        self._journal.write(batch, names)
        self._publish(records, batch)
        self._journal.commit(batch)

    def close(self) -> None:
        self._group.close()

    def _place(self, key: bytes) -> int:
        return self._placed[key]

    def _publish(self, records: Sequence[Produced], batch: int) -> None:
        for _ in range(_ATTEMPTS):
            try:
                at = [TopicPartition(PROBE, 0, batch)]
                self._transactions.publish(records, at, self._group.consumer_group_metadata())
                return
            except Aborted:
                continue
        raise RedoubtError(Reason.BROKER_UNAVAILABLE)

    def _known(self) -> int:
        try:
            (found,) = self._group.committed([TopicPartition(PROBE, 0)], timeout=_ANSWER_S)
        except KafkaException:
            raise RedoubtError(Reason.BROKER_UNAVAILABLE) from None
        if found.error is not None:
            raise RedoubtError(Reason.BROKER_UNAVAILABLE)
        return int(found.offset)
