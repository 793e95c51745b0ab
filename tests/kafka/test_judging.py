"""The judge on Apache Kafka: each released canary judged once, and a leak holds its class for every worker."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from detectors.errors import Reason
from streams.canaries.holds import ClassHolds
from streams.canaries.judge import Judging
from streams.events import (
    AuditAction,
    AuditEntry,
    CanaryJudged,
    DocumentClass,
    DocumentMasked,
    DocumentRejected,
    Refusal,
)
from streams.kafka import EXIT_BROKER, EXIT_OK
from streams.kafka.acknowledged import Acknowledged
from streams.kafka.snapshot import snapshot
from streams.kafka.submit import Request, Submitter
from streams.kafka.topics import AUDIT_PENDING, CANARY_RESULTS, MASKED_DOCUMENTS, REJECTED_DOCUMENTS
from streams.pipeline.document import Document, Outcome
from streams.settings import KafkaSettings
from streams.store.claims import open_claims
from tests.canaries.test_judge import masked
from tests.kafka.people import parts, until, working
from tests.kafka.transport import handle, sealed, settings

pytestmark = pytest.mark.kafka

WITHIN_S = 90.0
LEAKING = f"{3:032x}"


def judgement(event: DocumentMasked) -> CanaryJudged:
    leaked = int(event.document_id == LEAKING)
    return CanaryJudged(event.tenant, event.document_id, "lab_report", "strict", "poor", 10, leaked)


@contextmanager
def judging(to: KafkaSettings, holds: ClassHolds) -> Iterator[None]:
    """Started again whenever the broker ended it, as an orchestrator does."""
    stop, codes = threading.Event(), [EXIT_BROKER]

    def run() -> None:
        while codes[-1] == EXIT_BROKER and not stop.is_set():
            codes.append(Judging(to, judgement, holds).run(stop))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(WITHIN_S)
    assert not thread.is_alive()
    assert set(codes) <= {EXIT_OK, EXIT_BROKER}


def test_a_leak_is_told_once_and_holds_its_class(kafka: str, tmp_path: Path) -> None:
    to = settings(kafka).kafka
    phi = open_claims(f"file://{tmp_path}/phi")
    phi.probe()
    holds = ClassHolds(phi)

    def judged() -> list[CanaryJudged]:
        seen = snapshot(to, "auditor", [CANARY_RESULTS])
        return [each.event for each in seen if isinstance(each.event, CanaryJudged)]

    sender = Acknowledged(to)
    for number in range(4):
        sender.send(CANARY_RESULTS, masked("sha256/" + "a" * 64, f"{number:032x}"))
    with judging(to, holds):
        until(judged, 4, WITHIN_S)
    # Started again it has nothing to say of those.
    with judging(to, holds):
        sender.send(CANARY_RESULTS, masked("sha256/" + "a" * 64, f"{9:032x}"))
        until(judged, 5, WITHIN_S)
    entries = [each.event for each in snapshot(to, "auditor", [AUDIT_PENDING]) if isinstance(each.event, AuditEntry)]
    assert [(e.action, e.document_id, e.why) for e in entries] == [(AuditAction.CLASS_HELD, LEAKING, "lab_report")]

    made = parts(tmp_path)

    def heeding(document: Document) -> Outcome:
        return ClassHolds(phi).heeded(document, handle(document), made.is_canary)

    with Submitter(to, sealed(tmp_path)) as submitter:
        held, free = (
            submitter.submit(b"release 0 x", Request("clinic-a", "strict", document_class))
            for document_class in (DocumentClass.LAB_REPORT, DocumentClass.REFERRAL_LETTER)
        )
    with working(kafka, tmp_path, dataclasses.replace(made, handle=heeding)):
        until(lambda: snapshot(to, "operator", [MASKED_DOCUMENTS, REJECTED_DOCUMENTS]), 2, WITHIN_S)
    ended = [seen.event for seen in snapshot(to, "operator", [MASKED_DOCUMENTS, REJECTED_DOCUMENTS])]
    by_id = {event.document_id: event for event in ended if isinstance(event, DocumentMasked | DocumentRejected)}
    letter = by_id[held]
    assert isinstance(letter, DocumentRejected)
    assert (letter.refusal, letter.reasons) == (Refusal.WITHHELD, (Reason.CLASS_HELD,))
    assert letter.event, "the store has all that a replay needs"
    assert isinstance(by_id[free], DocumentMasked)
