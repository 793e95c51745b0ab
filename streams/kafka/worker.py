"""The worker: documents in, one transaction a document out.

The commit protocol of a document:
 1. fetch a record, unless its offset is finished already;
 2. decode the event, unwrap its data key, fetch the claim, verify the hash;
 3. handle: the pipeline, in a thread of the document's own, with no transaction open;
 4. store the outputs under their content addresses (again, where a crash came after: the same bytes);
 5. begin the transaction;
 6. produce every event of the document;
 7. progress: send the partition's, with the group's metadata, read fresh;
 8. commit; only then does this worker count the offset as finished.
A crash before 8 leaves nothing visible, and the document is done again; a crash after 8 leaves it finished.

Steps 5 to 8 run in the thread that polls, one document at a time, so that no rebalance comes between them.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka import Message as KafkaMessage

from detectors.errors import Reason, RedoubtError
from streams.fates import FATES, Fate
from streams.kafka import EXIT_OK, exit_code
from streams.kafka.access import backfill_group, decisions_group
from streams.kafka.job import Desk, Finished, Observer, Parts, Record
from streams.kafka.lane import Lane
from streams.kafka.topics import DECISIONS, PHI_BACKFILL, PHI_DOCUMENTS
from streams.kafka.transactions import Aborted, Transactions
from streams.settings import KafkaSettings, Settings
from streams.watch import logs
from streams.watch.health import Health, Part

GRACE_S: Final = 20.0
"""Documents in flight at SIGTERM may still finish: under the 30 s that an orchestrator waits before it kills."""
TRANSACTION_ATTEMPTS: Final = 6
_ABORT_WAIT_S: Final = 0.5
_BUSY_POLL_S: Final = 0.01
"""While documents are in flight a finished one waits no longer than this for its transaction."""
_IDLE_POLL_S: Final = 0.25


class Worker:
    """`run` returns the process's exit code. `observer` is told of outcomes, `parts.handle` does the work."""

    def __init__(
        self, settings: Settings, parts: Parts, observer: Observer | None = None, health: Health | None = None
    ) -> None:
        kafka = settings.kafka
        self._observer, self._health = observer, health or Health()
        self._in_flight_limit = settings.worker.in_flight
        self._over = threading.Event()
        self._desk = Desk(parts, kafka.instance, settings.worker.attempts, observer, self._health, self._over)
        self._finished: queue.SimpleQueue[Finished] = queue.SimpleQueue()
        self._ready: deque[Finished] = deque()
        self._keys_at_work: set[tuple[str, bytes]] = set()
        self._aborts = 0
        self._refused = False
        self._transactions = self._producer(settings)
        self._lane_of: dict[str, Lane] = {}
        self._documents = self._lane(kafka, kafka.group, [PHI_DOCUMENTS])
        of_decisions = [self._lane(kafka, decisions_group(kafka.group), DECISIONS)] if parts.decide else []
        self._today = (self._documents, *of_decisions)
        self._backfill = self._lane(kafka, backfill_group(kafka.group), [PHI_BACKFILL])

    def _lane(self, kafka: KafkaSettings, group: str, topics: Sequence[str]) -> Lane:
        found = Lane(kafka.model_copy(update={"group": group}), topics, self._on_error)
        self._lane_of |= dict.fromkeys(topics, found)
        return found

    def _producer(self, settings: Settings) -> Transactions:
        return Transactions(settings.kafka, f"{settings.kafka.group}-{settings.kafka.instance}")

    def run(self, stop: threading.Event) -> int:
        """Until `stop` is set or the worker cannot go on."""
        code = EXIT_OK
        try:
            self._transactions.open()
            self._health.up(Part.BROKER)
            for lane in self._lanes:
                lane.join()
            while not stop.is_set():
                self._step(taking=not self._desk.waiting)
            self._drain()
        except (RedoubtError, KafkaException) as error:
            code = exit_code(error)
            logs.get("worker").error("worker cannot go on", error=error, code=code)
        finally:
            self._over.set()
            self._desk.close()
            for lane in self._lanes:
                lane.close()
        return code

    @property
    def _lanes(self) -> tuple[Lane, ...]:
        return *self._today, self._backfill

    @property
    def _in_flight(self) -> int:
        return _at_work(self._lanes)

    def _drain(self) -> None:
        """What is at work may still finish; nothing else is begun, and nobody waits for a part that is away."""
        self._in_flight_limit = 0
        until = time.monotonic() + GRACE_S
        while self._in_flight and time.monotonic() < until and not self._desk.waiting:
            self._step(taking=False)

    def _step(self, taking: bool) -> None:
        self._health.turned()
        if self._refused:
            raise RedoubtError(Reason.BROKER_UNAVAILABLE)
        for lane in self._lanes:
            lane.flow(self._in_flight_limit if taking else 0)
        self._collect()
        # One of them waits for its records, the others take what has come meanwhile.
        idle_s = 0 if self._ready else _BUSY_POLL_S if self._in_flight else _IDLE_POLL_S
        for lane in self._lanes:
            message = lane.poll(idle_s if lane is self._documents else 0)
            # A tombstone is a message too, and falsy.
            if message is not None:
                self._take(message)
        if not self._desk.waiting:
            self._start()
        self._collect()
        if self._ready:
            self._publish(self._ready[0])

    def _take(self, message: KafkaMessage) -> None:
        error = message.error()
        if error is not None:
            if error.fatal() or error.code() in _HOPELESS:
                raise RedoubtError(Reason.BROKER_UNAVAILABLE)
            return
        topic, partition, offset = message.topic(), message.partition(), message.offset()
        lane = self._lane_of[topic]
        epoch = lane.assignment.begin((topic, partition), offset)
        if epoch is None:
            return
        headers = list(message.headers() or ())
        lane.waiting.append(Record(topic, partition, offset, epoch, message.key(), headers, message.value()))

    def _start(self) -> None:
        """Of an archive nothing begins while a document or decision of today waits, nor in a slot that one of them
        uses. What of it is at work takes no slot from them: they may have all, as if it were not there. A decision,
        for which a person waits, begins before a document."""
        for lane in reversed(self._today):
            self._begin(lane, self._in_flight_limit - _at_work(self._today))
        if not any(lane.waiting for lane in self._today):
            self._begin(self._backfill, self._in_flight_limit - self._in_flight)

    def _begin(self, lane: Lane, slots: int) -> None:
        """In the order they came, and of one key one after another: of two decisions on one task the one that stands
        first in the topic counts, and not the one that is quicker."""
        put_off = deque[Record]()
        while lane.waiting and slots > 0:
            record = lane.waiting.popleft()
            if lane.assignment.progress_with(record.held, record.offset, record.epoch) is None:
                continue
            if record.key:
                if (record.topic, record.key) in self._keys_at_work:
                    put_off.append(record)
                    continue
                self._keys_at_work.add((record.topic, record.key))
            slots -= 1
            lane.at_work += 1
            self._apart(partial(self._desk.work, record))
        lane.waiting.extendleft(reversed(put_off))

    def _apart(self, work: Callable[[], Finished]) -> None:
        """In a thread of its own. A daemon: a document that hangs must not keep the process from ending."""
        threading.Thread(target=lambda: self._finished.put(work()), daemon=True).start()

    def _collect(self) -> None:
        while not self._finished.empty():
            self._ready.append(self._finished.get())

    def _publish(self, finished: Finished) -> None:
        record = finished.record
        lane = self._lane_of[record.topic]
        progress = lane.assignment.progress_with(record.held, record.offset, record.epoch)
        if progress is None:
            # The partition went to another worker, which does the document again.
            self._drop()
            self._desk.given_back(record)
            return
        if finished.stop:
            # What this document met every other would meet too.
            raise RedoubtError(finished.reason or Reason.INTERNAL)
        offsets = [TopicPartition(record.topic, record.partition, progress.low, metadata=progress.to_metadata())]
        try:
            self._transactions.publish(finished.events, offsets, lane.group_metadata())
        except Aborted:
            self._put_off()
        except RedoubtError as error:
            if FATES[error.reason] is not Fate.REJECT or finished.reason is not None:
                raise
            self._ready.popleft()
            self._apart(partial(self._desk.refuse, record, error.reason))
        else:
            lane.assignment.advance(record.held, progress)
            self._health.up(Part.BROKER)
            self._drop()
            self._desk.committed(finished)
            self._tell(finished)

    def _put_off(self) -> None:
        """Nothing happened. The next poll brings the rebalance that made this member stale, if that was it."""
        self._aborts += 1
        self._health.down(Part.BROKER, Reason.BROKER_UNAVAILABLE)
        if self._aborts >= TRANSACTION_ATTEMPTS:
            raise RedoubtError(Reason.BROKER_UNAVAILABLE)
        self._over.wait(_ABORT_WAIT_S)

    def _drop(self) -> None:
        record = self._ready.popleft().record
        self._lane_of[record.topic].at_work -= 1
        if record.key:
            self._keys_at_work.discard((record.topic, record.key))
        if self._aborts:
            self._aborts = 0
            self._health.up(Part.BROKER)

    def _tell(self, finished: Finished) -> None:
        if self._observer is None:
            return
        if finished.outcome is not None:
            self._observer.observe(finished.outcome)
        elif finished.reason is not None:
            self._observer.rejected(finished.reason)

    def _on_error(self, error: KafkaError) -> None:
        # Sign-in and certificate errors arrive here only; every call would just time out.
        self._refused = self._refused or error.fatal() or error.code() in _HOPELESS


def _at_work(lanes: Iterable[Lane]) -> int:
    return sum(lane.at_work for lane in lanes)


_HOPELESS: Final[frozenset[Any]] = frozenset(
    {
        # What stands for a fatal error is itself not marked as one.
        KafkaError._FATAL,
        KafkaError._AUTHENTICATION,
        KafkaError._SSL,
        KafkaError._FENCED,
        KafkaError.FENCED_INSTANCE_ID,
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
        KafkaError.GROUP_AUTHORIZATION_FAILED,
    }
)
