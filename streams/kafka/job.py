"""One record, worked on in a thread of its own until it has an end: events to publish, or a reason to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Protocol

from detectors.errors import Reason, RedoubtError
from streams.document import Document, Outcome
from streams.events import DocumentReceived, Headers, derived_id
from streams.events.results import Refusal
from streams.fates import FATES, Fate
from streams.kafka.intake import UNKNOWN_TENANT, keep_payload, keep_record, open_claim
from streams.kafka.transactions import Produced
from streams.publish import Addressed, IsCanary, Origin, Refused, publish, refuse
from streams.store.claims import ClaimStore
from streams.store.sealed import SealedStore

Handle = Callable[[Document], Outcome]
"""The pipeline. Keeps the document's deadline itself; raises RedoubtError."""

BACKOFF_S: Final = (1.0, 4.0, 15.0, 60.0)
"""Waits between attempts: a vault or store that restarts is back within them."""


class Observer(Protocol):
    """Told of every end after its transaction is committed, and of every attempt that failed."""

    def observe(self, outcome: Outcome) -> None: ...
    def rejected(self, reason: Reason) -> None: ...
    def retried(self, reason: Reason) -> None: ...


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the input topic. `epoch` numbers the assignment it was fetched under."""

    topic: str
    partition: int
    offset: int
    epoch: int
    key: bytes | None = field(repr=False)
    headers: Headers = field(repr=False)
    value: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Finished:
    """How a record ended: events to publish, or, where the gateway cannot work at all, the reason to stop."""

    record: Record
    events: tuple[Produced, ...] = field(default=(), repr=False)
    outcome: Outcome | None = field(default=None, repr=False)
    reason: Reason | None = None
    stop: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """What a worker works with."""

    handle: Handle
    sealed: SealedStore
    masked: ClaimStore
    is_canary: IsCanary = lambda _document_id: False


class Desk:
    """Works on records. Holds nothing between them and may be used by many threads at once."""

    def __init__(
        self, parts: Parts, actor: str, attempts: int, observer: Observer | None, over: threading.Event
    ) -> None:
        self._parts, self._actor, self._attempts = parts, actor, attempts
        self._observer, self._over = observer, over

    def work(self, record: Record) -> Finished:
        """Never raises: every failure has a fate."""
        reason = Reason.BROKER_UNAVAILABLE
        for attempt in range(1, self._attempts + 1):
            try:
                return self._attempt(record)
            except RedoubtError as error:
                reason = error.reason
            except Exception:  # noqa: BLE001  the boundary of a document: what nobody foresaw must not release it
                reason = Reason.INTERNAL
            fate = FATES[reason]
            if fate is Fate.STOP:
                return Finished(record, reason=reason, stop=True)
            if fate is not Fate.RETRY or attempt == self._attempts:
                return self._refuse(record, reason, attempt)
            if self._observer:
                self._observer.retried(reason)
            if self._over.wait(BACKOFF_S[min(attempt, len(BACKOFF_S)) - 1]):
                break
        return Finished(record, reason=reason, stop=True)

    def _attempt(self, record: Record) -> Finished:
        event = DocumentReceived.from_message(record.key, record.headers, record.value)
        claim = open_claim(event, self._parts.sealed)
        outcome = self._parts.handle(claim.document)
        addressed = publish(
            claim, outcome, self._origin(record), self._parts.masked, self._parts.sealed, self._parts.is_canary
        )
        return Finished(record, _messages(addressed), outcome=outcome)

    def _refuse(self, record: Record, reason: Reason, attempts: int) -> Finished:
        """The events of a refusal. Where not even the payload can be kept, the worker stops: nothing is lost."""
        try:
            refused = self._keep(record, reason, attempts)
            events = _messages(refuse(refused, self._origin(record), self._parts.is_canary))
        except RedoubtError as error:
            return Finished(record, reason=error.reason, stop=True)
        except Exception:  # noqa: BLE001  the same boundary
            return Finished(record, reason=Reason.MISCONFIGURED, stop=True)
        return Finished(record, events, reason=reason)

    def _keep(self, record: Record, reason: Reason, attempts: int) -> Refused:
        refusal = Refusal.WITHHELD if FATES[reason] in (Fate.WITHHOLD, Fate.REVIEW) else Refusal.REJECTED
        try:
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


def _messages(addressed: tuple[Addressed, ...]) -> tuple[Produced, ...]:
    return tuple((topic, event.to_message()) for topic, event in addressed)
