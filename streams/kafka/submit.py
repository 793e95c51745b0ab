"""Submitting a document: the original sealed and stored first, then its event."""

from __future__ import annotations

import dataclasses
import secrets
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Final, Self

from confluent_kafka import KafkaError, KafkaException, Producer
from confluent_kafka import Message as KafkaMessage

from detectors.errors import Reason, RedoubtError
from detectors.subject import Subject
from policies.scope.authorization import Authorization
from policies.tokens.derived import DerivedSecrets
from policies.values.shift import offset_secret
from streams.events import DocumentClass, DocumentReceived
from streams.events.sealing import CONTENT, PRIVATE, Private, to_text
from streams.kafka import LOG
from streams.kafka.spread import Spread, guessed_pages
from streams.kafka.topics import PHI_BACKFILL, PHI_DOCUMENTS
from streams.settings import KafkaSettings
from streams.store.sealed import DocumentSeal, SealedStore

INLINE_LIMIT_BYTES: Final = 256 * 1024
"""Above this a document travels by claim check, whatever the submitter wishes."""
_FLUSH_S: Final = 30.0


class Priority(StrEnum):
    """Whether somebody waits for it today. What is `backfill` is done while nothing urgent waits."""

    URGENT = "urgent"
    BACKFILL = "backfill"

    @property
    def topic(self) -> str:
        return PHI_BACKFILL if self is Priority.BACKFILL else PHI_DOCUMENTS


@dataclass(frozen=True, slots=True)
class Request:
    """What the submitter says of a document besides its bytes and its patient."""

    tenant: str
    profile: str
    document_class: DocumentClass = DocumentClass.UNKNOWN
    purpose: str = "unspecified"
    recipient_class: str = "unspecified"
    source_program: str = "unspecified"
    authorization: Authorization | None = None
    retention_class: str | None = None
    """How long it is kept; None for the policy's default. Stays in the PHI store: no event says it."""
    priority: Priority = Priority.URGENT
    """Which topic it is announced on."""


class Submitter:
    """Seals, stores, announces. A `with` block waits at its end until the broker has every event.

    `inline_up_to` bytes travel inside the event instead of the store; 0 by default, since the payload of a document
    that is later rejected shall lie in the PHI store. Without `offsets` no document's dates can be moved.
    """

    def __init__(
        self,
        settings: KafkaSettings,
        sealed: SealedStore,
        inline_up_to: int = 0,
        offsets: DerivedSecrets | None = None,
    ) -> None:
        self._sealed, self._offsets = sealed, offsets
        self._inline_up_to = min(inline_up_to, INLINE_LIMIT_BYTES)
        self._failed = False
        self._spreads: dict[str, Spread] = {}
        self._producer = Producer(
            {
                **settings.client(),
                "enable.idempotence": True,
                "acks": "all",
                "linger.ms": 5,
                "error_cb": self._on_error,
            },
            logger=LOG,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self.flush()

    def submit(
        self, content: bytes, request: Request, patient: Subject | None = None, document_id: str | None = None
    ) -> str:
        """Returns the document's id, random unless it is given.

        Raises RedoubtError by the part that failed; EMPTY for no bytes.
        """
        if not content:
            raise RedoubtError(Reason.EMPTY)
        document_id = document_id or secrets.token_hex(16)
        topic = request.priority.topic
        partition = self._spread(topic).next(guessed_pages(content))
        offset = offset_secret(self._offsets, request.tenant, request.purpose, patient) if self._offsets else None
        seal = self._sealed.create(request.tenant, document_id, request.retention_class)
        inline = len(content) <= self._inline_up_to
        event = announcement(document_id, content, request, patient, seal, inline, offset)
        key, headers, value = event.to_message()
        try:
            self._producer.produce(
                topic, value, key, headers=headers, partition=partition, on_delivery=self._on_delivery
            )
            self._producer.poll(0)
        except (KafkaException, BufferError):
            raise RedoubtError(Reason.BROKER_UNAVAILABLE) from None
        return document_id

    def flush(self) -> None:
        """Raises RedoubtError(BROKER_UNAVAILABLE) where an event did not reach the broker."""
        if self._producer.flush(_FLUSH_S) or self._failed:
            raise RedoubtError(Reason.BROKER_UNAVAILABLE)

    def _spread(self, topic: str) -> Spread:
        if topic not in self._spreads:
            self._spreads[topic] = Spread.over(self._producer, topic)
        return self._spreads[topic]

    def _on_delivery(self, error: KafkaError | None, _message: KafkaMessage) -> None:
        self._failed = self._failed or error is not None

    def _on_error(self, error: KafkaError) -> None:
        # Sign-in and certificate errors arrive here only; a broker that is merely away is retried by the client.
        if error.code() in (KafkaError._AUTHENTICATION, KafkaError._SSL) or error.fatal():
            self._failed = True


def announcement(
    document_id: str,
    content: bytes,
    request: Request,
    patient: Subject | None,
    seal: DocumentSeal,
    inline: bool = False,
    offset: bytes | None = None,
) -> DocumentReceived:
    """The event of a document whose `seal` was just made; its original is in the store, or in the event if `inline`.
    `offset` is the secret that the patient's dates move by."""
    event = DocumentReceived(
        tenant=request.tenant,
        document_id=document_id,
        profile=request.profile,
        private="",
        reference=None if inline else seal.put(content),
        inline=to_text(seal.seal(CONTENT, content)) if inline else None,
        document_class=request.document_class,
        purpose=request.purpose,
        recipient_class=request.recipient_class,
        source_program=request.source_program,
        authorization=request.authorization,
    )
    private = Private.of(content, patient, event, offset)
    return dataclasses.replace(event, private=to_text(seal.seal(PRIVATE, private.to_json())))
