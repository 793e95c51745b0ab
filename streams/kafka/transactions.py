"""One transaction a document: its events and the progress of its partition become visible together or not at all."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka import Message as KafkaMessage

from detectors.errors import Reason, RedoubtError
from streams.events import Message
from streams.kafka import LOG
from streams.kafka.spread import Spread
from streams.settings import KafkaSettings

Produced = tuple[str, Message]
"""A topic and the record that goes there."""

_LATE_S: Final = 5.0
_CALL_S: Final = 30.0
"""One attempt of a transactional call; the client tells whether to make another."""


class Aborted(Exception):
    """The transaction was rolled back and nothing of it is visible: poll, then try again."""


def _by_hash(_key: bytes) -> int:
    return -1


class Transactions:
    """A transactional producer. One transaction at a time, from one thread.

    `transactional_id` fences: whoever takes the same id later makes this one fail for good. `place` gives the partition
    of a record by its key; by default that is left to the key's hash.
    """

    def __init__(
        self, settings: KafkaSettings, transactional_id: str, place: Callable[[bytes], int] = _by_hash
    ) -> None:
        self._give_up_s = 2.0 * settings.transaction_timeout_ms / 1000
        self._call_s = min(_CALL_S, self._give_up_s)
        self._refused = False
        self._place = place
        self._undelivered: list[int] = []
        self._producer = Producer(
            {
                **settings.client(),
                "transactional.id": transactional_id,
                "transaction.timeout.ms": settings.transaction_timeout_ms,
                "enable.idempotence": True,
                "linger.ms": 0,
                # The coordinator is still closing the last transaction when the next one begins: 14 documents a
                # second with the client's default of 100, 72 with this.
                "retry.backoff.ms": 10,
                "error_cb": self._on_error,
            },
            logger=LOG,
        )

    def spread(self, topic: str) -> Spread:
        """Over the partitions of that topic. Raises RedoubtError(BROKER_UNAVAILABLE)."""
        return Spread.over(self._producer, topic)

    def open(self) -> None:
        """Fence older owners of the id and roll back what they left. Raises RedoubtError(BROKER_UNAVAILABLE)."""
        self._insist(lambda: self._producer.init_transactions(self._call_s))

    def publish(
        self, records: Sequence[Produced], offsets: list[TopicPartition] | None = None, group: Any = None
    ) -> None:
        """All or nothing. `group` is the consumer's group metadata, read fresh: the broker refuses a stale member.
        Who consumes nothing has no `offsets` to send.

        Raises Aborted where nothing happened and another attempt may do; RedoubtError(TOO_MANY_BYTES) where nothing
        happened and none will do, since a record is larger than the broker takes; RedoubtError(BROKER_UNAVAILABLE)
        where this producer is finished: throw it away; what became of the transaction shows in the committed offsets.
        """
        if self._refused:
            raise RedoubtError(Reason.BROKER_UNAVAILABLE)
        self._undelivered = []
        try:
            self._begin()
            self._produce(records)
            if offsets:
                self._send_progress(offsets, group)
        except (KafkaException, BufferError) as error:
            self._roll_back(error)
        self._commit()

    def _begin(self) -> None:
        self._producer.begin_transaction()

    def _produce(self, records: Sequence[Produced]) -> None:
        undelivered = self._undelivered

        def on_delivery(error: KafkaError | None, _message: KafkaMessage) -> None:
            # An undelivered record fails the commit with a code that says nothing; the cause arrives here only.
            if error is not None:
                undelivered.append(error.code())

        for topic, (key, headers, value) in records:
            place = self._place(key)
            self._producer.produce(topic, value, key, headers=headers, partition=place, on_delivery=on_delivery)

    def _send_progress(self, offsets: list[TopicPartition], group: Any) -> None:
        self._insist(lambda: self._producer.send_offsets_to_transaction(offsets, group, self._call_s))

    def _commit(self) -> None:
        """A commit whose answer was lost must be asked again, never rolled back: it may have happened."""
        try:
            self._insist(lambda: self._producer.commit_transaction(self._call_s))
        except KafkaException as error:
            self._roll_back(error)

    def _roll_back(self, error: KafkaException | BufferError) -> None:
        if isinstance(error, KafkaException):
            if error.args[0].fatal():
                raise RedoubtError(Reason.BROKER_UNAVAILABLE) from None
            self._undelivered.append(error.args[0].code())
        try:
            self._insist(lambda: self._producer.abort_transaction(self._call_s))
        except KafkaException:
            raise RedoubtError(Reason.BROKER_UNAVAILABLE) from None
        if KafkaError.MSG_SIZE_TOO_LARGE in self._undelivered:
            raise RedoubtError(Reason.TOO_MANY_BYTES)
        raise Aborted

    def _insist(self, call: Callable[[], Any]) -> None:
        """Repeat while the client says that repeating may help."""
        until = time.monotonic() + self._give_up_s
        while True:
            try:
                self._bounded(call)
                return
            except KafkaException as error:
                failure = error.args[0]
                if failure.fatal() or self._refused:
                    raise RedoubtError(Reason.BROKER_UNAVAILABLE) from None
                if failure.txn_requires_abort() or not failure.retriable():
                    raise
                if time.monotonic() > until:
                    raise RedoubtError(Reason.BROKER_UNAVAILABLE) from None

    def _bounded(self, call: Callable[[], Any]) -> None:
        """Where a broker dies in the middle of a call and comes back, the client (librdkafka 2.16) may never return
        from it, whatever time it was given. Such a producer is finished."""
        answer: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()

        def run() -> None:
            try:
                call()
            except BaseException as error:  # noqa: BLE001  handed over to the thread that asked
                answer.put(error)
            else:
                answer.put(None)

        threading.Thread(target=run, daemon=True).start()
        try:
            error = answer.get(timeout=self._call_s + _LATE_S)
        except queue.Empty:
            raise RedoubtError(Reason.BROKER_UNAVAILABLE) from None
        if error is not None:
            raise error

    def _on_error(self, error: KafkaError) -> None:
        # Sign-in and certificate errors arrive here only; every call would just time out.
        self._refused = self._refused or error.code() in (KafkaError._AUTHENTICATION, KafkaError._SSL)
