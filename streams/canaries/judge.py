"""Whether a planted document leaked: the released copy, fetched as any reader fetches it, against what was planted."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from confluent_kafka import Consumer, KafkaException, TopicPartition

from detectors.errors import Reason, RedoubtError
from detectors.reading.engines.engine import Engine
from policies import profile as profiles
from streams.canaries.documents import Format, Layout, one
from streams.canaries.holds import ClassHolds
from streams.canaries.layers import missed_by
from streams.canaries.leakcheck import check, read_untouched
from streams.canaries.ledger import CanaryLedger
from streams.events import CanaryJudged, DocumentMasked, MissedBy, type_of
from streams.kafka import EXIT_OK, LOG, exit_code
from streams.kafka.topics import AUDIT_PENDING, CANARY_RESULTS
from streams.kafka.transactions import Aborted, Transactions
from streams.settings import KafkaSettings
from streams.store.claims import ClaimStore, get_addressed
from streams.watch import logs

JUDGE: Final = "redoubt-judge"
"""Group and transactional id: one for the whole gateway, so that no document is judged twice."""
_WAIT_S: Final = 0.5
_ATTEMPTS: Final = 6

Judgement = Callable[[DocumentMasked], CanaryJudged]


@dataclass(frozen=True, slots=True)
class Judge:
    """Reads a released canary with an engine that no part of the gateway uses for it."""

    ledger: CanaryLedger
    masked: ClaimStore
    engine: Engine

    def __call__(self, event: DocumentMasked) -> CanaryJudged:
        """Raises RedoubtError: CONTENT_MISSING for a document that nobody planted, and as store and engine do. A copy
        whose pages do not fit, or that is no copy, counts as one that leaks everything."""
        planted = self.ledger.find(event.document_id)
        if planted is None:
            raise RedoubtError(Reason.CONTENT_MISSING)
        document = one(planted.seed, planted.index, Layout(planted.layout), Format(planted.format))
        profile = profiles.load(event.profile)
        copy = get_addressed(self.masked, event.reference)
        taken_out = [i for i, p in enumerate(document.identifiers) if profile.acts_on(p.kind, p.owner, p.text)]
        untouched = read_untouched(document, self.engine)
        try:
            found = check(document, copy, profile.acts_on, self.engine, untouched)
            missed = missed_by(document, untouched, event.counts, taken_out, found)
        except RedoubtError as error:
            if error.reason not in (Reason.PAGE_COUNT_CHANGED, Reason.DAMAGED):
                raise
            missed = Counter({MissedBy.MASK: len(taken_out)})
        return CanaryJudged(
            tenant=event.tenant,
            document_id=event.document_id,
            document_class=document.document_class,
            profile=event.profile,
            quality=document.difficulty.value,
            planted=len(taken_out),
            leaked=missed.total(),
            missed=dict(missed),
        )


class Judging:
    """Judges every released canary once. `run` returns the process's exit code."""

    def __init__(self, settings: KafkaSettings, judge: Judgement, holds: ClassHolds) -> None:
        self._judge, self._holds = judge, holds
        self._transactions = Transactions(settings, JUDGE)
        self._consumer = Consumer(
            {
                **settings.client(),
                "group.id": JUDGE,
                "session.timeout.ms": settings.session_timeout_ms,
                "isolation.level": "read_committed",
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "auto.offset.reset": "earliest",
                "error_cb": lambda _error: None,
            },
            logger=LOG,
        )

    def run(self, stop: threading.Event) -> int:
        try:
            self._transactions.open()
            self._consumer.subscribe([CANARY_RESULTS])
            while not stop.is_set():
                message = self._consumer.poll(_WAIT_S)
                if message is not None and message.error() is None:
                    self._take(message, stop)
        except (RedoubtError, KafkaException) as error:
            return exit_code(error)
        finally:
            self._consumer.close()
        return EXIT_OK

    def _take(self, message: Any, stop: threading.Event) -> None:
        if type_of(message.headers()) != DocumentMasked.TYPE:
            return
        event = DocumentMasked.from_message(message.key(), message.headers(), message.value())
        judged = self._judge(event)
        if judged.leaked:
            logs.get("judge").error("canary leaked", document=event.document_id, findings=judged.leaked)
        events = [(CANARY_RESULTS, judged.to_message())]
        # Before anybody is told: a leak that was told of and holds nothing would be forgotten.
        entry = self._holds.placed(judged, datetime.fromtimestamp(message.timestamp()[1] / 1000, UTC))
        if entry:
            logs.get("judge").error("class held", document=event.document_id)
            events.append((AUDIT_PENDING, entry.to_message()))
        progress = [TopicPartition(CANARY_RESULTS, message.partition(), message.offset() + 1)]
        for _ in range(_ATTEMPTS):
            try:
                self._transactions.publish(events, progress, self._consumer.consumer_group_metadata())
                return
            except Aborted:
                stop.wait(_WAIT_S)
        raise RedoubtError(Reason.BROKER_UNAVAILABLE)
