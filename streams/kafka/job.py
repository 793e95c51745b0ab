"""One record, worked on in a thread of its own until it has an end: events to publish, or a reason to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Final, Protocol, TypeVar

from detectors.errors import NobodysFault, Reason, RedoubtError
from streams.attest.attestor import Attests
from streams.events import DocumentReceived, Headers, Refusal, ReviewDecided, SampleJudged, derived_id, type_of
from streams.fates import FATES, Fate
from streams.kafka.assignment import Partition
from streams.kafka.intake import UNKNOWN_TENANT, keep_payload, keep_record, open_claim
from streams.kafka.outages import Outages, Over, Probe
from streams.kafka.starts import Noticed, Starts
from streams.kafka.suspects import REPEATS, Suspects
from streams.kafka.topics import DECISIONS
from streams.kafka.transactions import Produced
from streams.pipeline.document import Document, Outcome
from streams.pipeline.journal import GROUP, Checkpoint
from streams.publish import Addressed, IsCanary, Origin, Refused, publish, refuse
from streams.store.claims import ClaimStore
from streams.store.sealed import SealedStore
from streams.watch.health import Health, Part

Handle = Callable[[Document], Outcome]
"""The pipeline. Keeps the document's deadline itself; raises RedoubtError."""

Decide = Callable[[ReviewDecided, Origin], tuple[Addressed, ...]]
"""What a reviewer's decision leads to: the events to publish, all outputs stored. Raises RedoubtError."""

BACKOFF_S: Final = (1.0, 4.0, 15.0, 60.0)
"""Waits between attempts: reading processes that were brought down are back within them."""

Answer = TypeVar("Answer")


class Observer(Protocol):
    """Told of every end after its transaction is committed, and of every attempt that failed."""

    def observe(self, outcome: Outcome) -> None: ...
    def rejected(self, reason: Reason) -> None: ...
    def retried(self, reason: Reason) -> None: ...


@dataclass(frozen=True, slots=True)
class Record:
    """A record of an input topic. `epoch` numbers the assignment it was fetched under."""

    topic: str
    partition: int
    offset: int
    epoch: int
    key: bytes | None = field(repr=False)
    headers: Headers = field(repr=False)
    value: bytes | None = field(repr=False)

    @property
    def held(self) -> Partition:
        return (self.topic, self.partition)

    @property
    def id(self) -> str:
        """Names it in the store. Of its bytes too: a topic that was made anew has other records at its offsets."""
        return derived_id(self.topic, str(self.partition), str(self.offset), sha256(self.value or b"").hexdigest())


@dataclass(frozen=True, slots=True)
class Finished:
    """How a record ended: events to publish, or, where the gateway cannot work at all, the reason to stop.

    `kept` are pages of its document that were put by meanwhile: to be shredded once its end is committed.
    """

    record: Record
    events: tuple[Produced, ...] = field(default=(), repr=False)
    outcome: Outcome | None = field(default=None, repr=False)
    reason: Reason | None = None
    stop: bool = False
    kept: Checkpoint | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a worker works with. `decide` None: decisions are not for this worker, their topic is not read."""

    handle: Handle
    sealed: SealedStore
    masked: ClaimStore
    is_canary: IsCanary = lambda _document_id: False
    attestor: Attests | None = None
    decide: Decide | None = None
    probes: Mapping[Part, Probe] = field(default_factory=dict)


class Desk:
    """Works on records. Holds no record between them and may be used by many threads at once."""

    def __init__(
        self,
        parts: Parts,
        actor: str,
        attempts: int,
        observer: Observer | None = None,
        health: Health | None = None,
        over: threading.Event | None = None,
    ) -> None:
        self._parts, self._actor, self._attempts = parts, actor, attempts
        self._observer, self._over = observer, over or threading.Event()
        self._outages = Outages(parts.probes, health or Health(), self._over)
        self._suspects = Suspects(self._over)
        self._starts = Starts(parts.sealed.claims)

    @property
    def waiting(self) -> bool:
        """Whether a part is away that every document needs: then it is no use to begin another."""
        return self._outages.any

    def work(self, record: Record) -> Finished:
        """Never raises: every failure has a fate."""
        try:
            return self._work(record)
        except Over:
            return Finished(record, stop=True)

    def refuse(self, record: Record, reason: Reason, attempts: int = 1) -> Finished:
        """The same for a record that shall be refused, whatever it holds."""
        try:
            return self._patiently(lambda: self._refused(record, reason, attempts), bounded=False)
        except Over:
            return Finished(record, reason=reason, stop=True)
        except RedoubtError as error:
            # Where not even the payload can be kept, the worker stops: nothing is lost.
            return Finished(record, reason=error.reason, stop=True)
        except Exception:  # noqa: BLE001  the boundary of a document, as below
            return Finished(record, reason=Reason.MISCONFIGURED, stop=True)

    def committed(self, finished: Finished) -> None:
        """What lay in the store for the time of the work goes. What a crash leaves of it goes with the document's
        data key, and a note of a start does no harm."""
        _beside_the_poll(partial(self._starts.end, finished.record.id), finished.kept.shred if finished.kept else None)

    def given_back(self, record: Record) -> None:
        """The record is another worker's now."""
        _beside_the_poll(partial(self._starts.give_back, record.id))

    def close(self) -> None:
        """The worker ends in order: what it had begun counts as not begun."""
        self._starts.close()

    def _work(self, record: Record) -> Finished:
        try:
            deaths = self._patiently(lambda: self._starts.begin(record.id), bounded=False)
        except RedoubtError as error:
            return Finished(record, reason=error.reason, stop=True)
        if deaths.all and self._observer:
            self._observer.retried(Reason.WORKER_DIED)
        if deaths.alone >= self._attempts:
            return self.refuse(record, Reason.WORKER_DIED, deaths.all)
        return self._tried(record, deaths.suspect)

    def _tried(self, record: Record, alone: bool) -> Finished:
        attempt, repeats = 1, 0
        while True:
            with self._suspects.turn(suspect=attempt > 1, alone=alone):
                before = self._suspects.failures
                try:
                    finished = self._patiently(lambda: self._attempt(record, alone), bounded=True)
                    self._outages.went_through()
                    return finished
                except RedoubtError as error:
                    reason, blamed = error.reason, not isinstance(error, NobodysFault)
                except Over:
                    raise
                except Exception:  # noqa: BLE001  the boundary of a document: what nobody foresaw must not release it
                    reason, blamed = Reason.INTERNAL, True
                fate = FATES[reason]
                its_own = fate is not Fate.RETRY or (self._suspects.failed() == before + 1 and blamed)
            if fate is Fate.STOP:
                return Finished(record, reason=reason, stop=True)
            if fate is not Fate.RETRY or (attempt == self._attempts and (its_own or repeats == REPEATS)):
                return self.refuse(record, reason, attempt)
            if attempt < self._attempts:
                attempt += 1
            else:
                repeats += 1
            if self._observer:
                self._observer.retried(reason)
            if self._over.wait(BACKOFF_S[min(max(attempt - 2, 0), len(BACKOFF_S) - 1)]):
                raise Over

    def _patiently(self, call: Callable[[], Answer], bounded: bool) -> Answer:
        """Repeats the call until no part that it needs is away.

        Where the part is there for all others and `bounded`, it is the document's own trouble: after as many tries as
        it has attempts, what the call raised is raised. Never so on the word of the probe alone: a store may be full
        for documents and take what the probe leaves. Only a document that went through shows it.
        """
        tries = in_vain = 0
        passed = self._outages.passed
        while True:
            try:
                return call()
            except RedoubtError as error:
                if FATES[error.reason] is not Fate.WAIT or (bounded and in_vain == self._attempts):
                    raise
                reason = error.reason
            if self._observer:
                self._observer.retried(reason)
            was_away = self._outages.wait_out(reason, tries)
            tries += 1
            in_vain += not was_away and self._outages.passed > passed
            passed = self._outages.passed

    def _attempt(self, record: Record, alone: bool) -> Finished:
        if alone:
            self._starts.begin_alone(record.id)
        if record.topic in DECISIONS:
            return self._decide(record)
        event = DocumentReceived.from_message(record.key, record.headers, record.value)
        claim = open_claim(event, self._parts.sealed)
        checkpoint = Noticed(claim.seal, partial(self._starts.progressed, record.id))
        outcome = self._parts.handle(replace(claim.document, checkpoint=checkpoint))
        addressed = publish(
            claim,
            outcome,
            self._origin(record),
            self._parts.masked,
            self._parts.sealed,
            self._parts.is_canary,
            self._parts.attestor,
        )
        kept = claim.seal if outcome.pages > GROUP else None
        return Finished(record, _messages(addressed), outcome=outcome, kept=kept)

    def _decide(self, record: Record) -> Finished:
        if self._parts.decide is None:
            raise RedoubtError(Reason.MISCONFIGURED)
        if type_of(record.headers) == SampleJudged.TYPE:
            # Said of a copy that is out: the sampler counts it.
            return Finished(record)
        event = ReviewDecided.from_message(record.key, record.headers, record.value)
        return Finished(record, _messages(self._parts.decide(event, self._origin(record))))

    def _refused(self, record: Record, reason: Reason, attempts: int) -> Finished:
        refused = self._keep(record, reason, attempts)
        return Finished(record, _messages(refuse(refused, self._origin(record), self._parts.is_canary)), reason=reason)

    def _keep(self, record: Record, reason: Reason, attempts: int) -> Refused:
        refusal = Refusal.WITHHELD if FATES[reason] in (Fate.WITHHOLD, Fate.REVIEW) else Refusal.REJECTED
        try:
            if record.topic in DECISIONS:
                decided = ReviewDecided.from_message(record.key, record.headers, record.value)
                return Refused(decided.tenant, decided.document_id, refusal, reason, attempts, None)
            event = DocumentReceived.from_message(record.key, record.headers, record.value)
        except RedoubtError:
            # The record's own key may be anything, a patient's number too: it is not repeated.
            document_id = derived_id(record.topic, str(record.partition), str(record.offset))
            kept = keep_record(document_id, record.value, self._parts.sealed)
            return Refused(UNKNOWN_TENANT, document_id, refusal, reason, attempts, kept)
        kept_payload = keep_payload(event, self._parts.sealed)
        return Refused(event.tenant, event.document_id, refusal, reason, attempts, kept_payload)

    def _origin(self, record: Record) -> Origin:
        return Origin(record.topic, record.partition, record.offset, self._actor, datetime.now(UTC))


def _beside_the_poll(*calls: Callable[[], None] | None) -> None:
    """A store that is slow now shall not hold up the poll."""

    def run() -> None:
        for call in calls:
            with suppress(RedoubtError):
                if call:
                    call()

    threading.Thread(target=run, daemon=True).start()


def _messages(addressed: tuple[Addressed, ...]) -> tuple[Produced, ...]:
    return tuple((topic, event.to_message()) for topic, event in addressed)
