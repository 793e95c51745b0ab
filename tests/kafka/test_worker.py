"""The worker on real brokers: each document once, out of order, whatever it is, and nothing of it in a record."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from confluent_kafka import Producer

from detectors.errors import Reason
from policies.record import TokenizedRecord
from streams.events import AuditEntry, DocumentMasked, DocumentRejected, Refusal, ReviewDecided, derived_id
from streams.kafka.job import Parts
from streams.kafka.topics import (
    AUDIT_PENDING,
    LEAKAGE_OBSERVATIONS,
    MASKED_DOCUMENTS,
    PHI_DOCUMENTS,
    REJECTED_DOCUMENTS,
    REVIEW_DECISIONS,
    REVIEW_TASKS,
    TOKENIZED_RECORDS,
)
from streams.kafka.worker import Worker
from streams.pipeline.document import Document, Outcome
from streams.publish import Addressed, Origin
from streams.watch.health import Health
from tests.events.examples import EXAMPLES
from tests.kafka.processes import limit_messages
from tests.kafka.transport import CANARY, CANARY_MRN, handle, mixed, parts, read, settings, submit

RESULTS = (MASKED_DOCUMENTS, REVIEW_TASKS, REJECTED_DOCUMENTS)
OUTPUTS = (*RESULTS, TOKENIZED_RECORDS, LEAKAGE_OBSERVATIONS, AUDIT_PENDING)


class Seen:
    """What the worker told its observer."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.reasons: list[Reason] = []
        self.retries: list[Reason] = []

    def observe(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    def rejected(self, reason: Reason) -> None:
        self.reasons.append(reason)

    def retried(self, reason: Reason) -> None:
        self.retries.append(reason)


@contextmanager
def working(
    bootstrap: str, folder: Path, instance: str = "worker-0", in_flight: int = 8, made: Parts | None = None
) -> Iterator[Seen]:
    """A worker in a thread; leaves cleanly at the end."""
    seen, stop, codes, health = Seen(), threading.Event(), list[int](), Health(still_s=0)
    worker = Worker(settings(bootstrap, instance, in_flight), made or parts(folder), seen, health)
    thread = threading.Thread(target=lambda: codes.append(worker.run(stop)))
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join(60)
    assert codes == [0]
    assert not health.live, "it never said that its loop turns"


def test_fifty_documents_out_of_order_each_once_and_without_content(bootstrap: str, tmp_path: Path) -> None:
    ids = submit(bootstrap, tmp_path, mixed(46), inline_up_to=0)
    ids += submit(bootstrap, tmp_path, ["review 0", "withhold 0", "encrypted 0"])
    ids += submit(bootstrap, tmp_path, ["release 0"], inline_up_to=10_000)
    with working(bootstrap, tmp_path) as seen:
        found = read(bootstrap, OUTPUTS, expect=50 + 47 + 49 + 50)
    results = [event for topic, event, _ in found if topic in RESULTS]
    assert Counter(event.key for event in results) == Counter(ids)
    assert Counter(topic for topic, _, _ in found) == {
        MASKED_DOCUMENTS: 47,
        TOKENIZED_RECORDS: 47,
        REVIEW_TASKS: 1,
        REJECTED_DOCUMENTS: 2,
        LEAKAGE_OBSERVATIONS: 49,
        AUDIT_PENDING: 50,
    }
    order = [ids.index(outcome.document_id) for outcome in seen.outcomes]
    assert order != sorted(order), "they finished in order: the test shows nothing"
    assert len(seen.outcomes) == 49
    assert seen.reasons == [Reason.ENCRYPTED]

    masked = next(event for event in results if isinstance(event, DocumentMasked))
    assert (tmp_path / "masked" / masked.reference).read_bytes().endswith(masked.document_id.encode())

    records = read(bootstrap, [PHI_DOCUMENTS], expect=50)
    for _, _, text in [*found, *records]:
        assert CANARY not in text
        assert "Featherstonehaugh" not in text
        assert CANARY_MRN not in text
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or CANARY.encode() not in path.read_bytes()


def test_a_record_that_is_no_event_is_rejected_and_kept_sealed(bootstrap: str, tmp_path: Path) -> None:
    producer = Producer({"bootstrap.servers": bootstrap})
    broken = [(b"MRN-7730021946", CANARY.encode(), []), (None, None, []), (b"", b"", [("ce_subject", b"x")])]
    for key, value, headers in broken:
        producer.produce(PHI_DOCUMENTS, value, key, partition=0, headers=headers)
    assert producer.flush(10) == 0
    good = submit(bootstrap, tmp_path, ["release 0"])
    with working(bootstrap, tmp_path) as seen:
        found = read(bootstrap, RESULTS, expect=4)
    rejected = [event for _, event, _ in found if isinstance(event, DocumentRejected)]
    assert [event.reasons for event in rejected] == [(Reason.INVALID_EVENT,)] * 3
    assert sorted(event.offset for event in rejected) == [0, 1, 2]
    assert [event.key for _, event, _ in found if isinstance(event, DocumentMasked)] == good
    assert seen.reasons == [Reason.INVALID_EVENT] * 3
    assert all((tmp_path / "phi" / (event.reference or "none")).is_file() for event in rejected)
    assert not any(CANARY in text or "MRN" in text for _, _, text in found)


@pytest.mark.kafka
def test_after_a_clean_stop_the_next_worker_does_only_what_is_left(kafka: str, tmp_path: Path) -> None:
    first = submit(kafka, tmp_path, ["release 0"] * 10)
    with working(kafka, tmp_path) as seen:
        read(kafka, RESULTS, expect=10, extra_s=0.3)
    assert len(seen.outcomes) == 10
    second = submit(kafka, tmp_path, ["release 0"] * 5)
    with working(kafka, tmp_path) as again:
        found = read(kafka, RESULTS, expect=15)
    assert Counter(event.key for _, event, _ in found) == Counter(first + second)
    assert {outcome.document_id for outcome in again.outcomes} == set(second)


@pytest.mark.kafka
def test_a_slow_chart_in_front_delays_nobody_and_is_finished_before_a_clean_stop(kafka: str, tmp_path: Path) -> None:
    chart = submit(kafka, tmp_path, ["release 4"])
    faxes = submit(kafka, tmp_path, ["release 0"] * 20)
    with working(kafka, tmp_path, in_flight=2) as seen:
        deadline = time.monotonic() + 40
        while len(seen.outcomes) < 20 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert {outcome.document_id for outcome in seen.outcomes} == set(faxes)
    assert [outcome.document_id for outcome in seen.outcomes][-1:] == chart


@pytest.mark.kafka
def test_an_unforeseen_failure_is_tried_again_and_then_rejected(kafka: str, tmp_path: Path) -> None:
    (surprise,) = submit(kafka, tmp_path, ["surprise 0"])
    with working(kafka, tmp_path) as seen:
        found = read(kafka, RESULTS, expect=1)
    ((_, event, text),) = found
    assert isinstance(event, DocumentRejected)
    assert (event.document_id, event.refusal, event.attempts) == (surprise, Refusal.REJECTED, 3)
    assert len(seen.retries) == 2
    assert CANARY not in text


@pytest.mark.kafka
def test_a_document_whose_events_the_broker_does_not_take_is_rejected_and_the_next_one_is_done(
    kafka: str, tmp_path: Path
) -> None:
    limit_messages(kafka, TOKENIZED_RECORDS, 20_000)

    def long(document: Document) -> Outcome:
        outcome = handle(document)
        record = TokenizedRecord(("word " * 10_000,), 90.0)
        return replace(outcome, record=record) if document.id == large else outcome

    (large,) = submit(kafka, tmp_path, ["release 0"])
    others = submit(kafka, tmp_path, ["release 0"] * 5)
    with working(kafka, tmp_path, made=replace(parts(tmp_path), handle=long)) as seen:
        found = read(kafka, RESULTS, expect=6)
    assert Counter(event.key for _, event, _ in found) == Counter([large, *others])
    (rejected,) = [event for _, event, _ in found if isinstance(event, DocumentRejected)]
    assert (rejected.document_id, rejected.reasons) == (large, (Reason.TOO_MANY_BYTES,))
    assert seen.reasons == [Reason.TOO_MANY_BYTES]


@pytest.mark.kafka
def test_decisions_take_the_same_path_and_each_is_carried_out_once(kafka: str, tmp_path: Path) -> None:
    decided = next(example for example in EXAMPLES if isinstance(example, ReviewDecided))
    entry = next(example for example in EXAMPLES if isinstance(example, AuditEntry))
    decided_at = list[tuple[str, int, int]]()

    def decide(event: ReviewDecided, origin: Origin) -> tuple[Addressed, ...]:
        assert event == decided
        decided_at.append((origin.topic, origin.partition, origin.offset))
        return ((AUDIT_PENDING, replace(entry, entry_id=derived_id(str(origin.partition), str(origin.offset)))),)

    made = replace(parts(tmp_path), decide=decide)
    key, headers, value = decided.to_message()
    producer = Producer({"bootstrap.servers": kafka})
    for round_ in (1, 2):
        ids = submit(kafka, tmp_path, ["release 0"] * 4)
        for _ in range(3):
            producer.produce(REVIEW_DECISIONS, value, key, headers=headers, partition=0)
        assert producer.flush(10) == 0
        # A name of its own: to a member that the broker still knows it gives what it had, whatever it subscribes to.
        with working(kafka, tmp_path, "worker-of-decisions", made=made) as seen:
            assert len(read(kafka, [AUDIT_PENDING], expect=7 * round_)) == 7 * round_
        assert {outcome.document_id for outcome in seen.outcomes} == set(ids)
    assert sorted(decided_at) == [(REVIEW_DECISIONS, 0, offset) for offset in range(6)]
