"""Second looks on Apache Kafka: each lot drawn once, each judgement counted once, whoever starts again when."""

from __future__ import annotations

import dataclasses
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from detectors.errors import Reason
from streams.events import AuditAction, AuditEntry, SampleDrawn, SampleJudged
from streams.kafka import EXIT_BROKER, EXIT_OK
from streams.kafka.acknowledged import Acknowledged
from streams.kafka.snapshot import snapshot
from streams.kafka.topics import (
    AUDIT_PENDING,
    LEAKAGE_OBSERVATIONS,
    MASKED_DOCUMENTS,
    REJECTED_DOCUMENTS,
    REVIEW_TASKS,
)
from streams.review.second_looks.looks import Sample, SecondLook, samples
from streams.review.second_looks.lots import Lots
from streams.review.second_looks.sampler import Sampler
from streams.settings import KafkaSettings
from streams.store.claims import open_claims, put_addressed
from tests.canaries.test_leakcheck import packed
from tests.events.examples import PLACE
from tests.kafka.people import refused, until, working
from tests.kafka.transport import settings
from tests.streams.test_samples import KEY, release

pytestmark = pytest.mark.kafka

SHARE = 0.4
COUNT = 20
WITHIN_S = 90.0


@contextmanager
def drawing(to: KafkaSettings) -> Iterator[list[Sampler]]:
    """A sampler that is started again whenever the broker ended it, as an orchestrator does; each that was started."""
    stop, codes, started = threading.Event(), [EXIT_BROKER], list[Sampler]()

    def run() -> None:
        while codes[-1] == EXIT_BROKER and not stop.is_set():
            started.append(Sampler(to, Lots(KEY, SHARE)))
            codes.append(started[-1].run(stop))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield started
    finally:
        stop.set()
        thread.join(WITHIN_S)
    assert not thread.is_alive()
    assert set(codes) <= {EXIT_OK, EXIT_BROKER}


def told(samplers: list[Sampler], name: str) -> float:
    """How often their metrics say that they did this, all together."""
    found = [metric for sampler in samplers for metric in sampler.collect()]
    return sum(metric.samples[0].value for metric in found if metric.name == f"redoubt_sampler_{name}")


def test_lots_are_drawn_and_judgements_counted_once(kafka: str, tmp_path: Path) -> None:
    to = settings(kafka).kafka
    masked = open_claims(f"file://{tmp_path}/masked")
    masked.probe()
    reference = put_addressed(masked, packed([np.full((1100, 850), 255, np.uint8)] * 2))
    releases = [dataclasses.replace(release(number), reference=reference) for number in range(COUNT)]
    expected = {each.document_id for each in releases if Lots(KEY, SHARE).draw(each)}
    assert 3 <= len(expected) < COUNT
    sender, desk = Acknowledged(to), SecondLook(to)

    def waiting() -> list[Sample]:
        return [sample for sample in samples(to) if sample.judged is None]

    for each in releases[: COUNT // 2]:
        sender.send(MASKED_DOCUMENTS, each)
    with drawing(to):
        until(
            lambda: samples(to),
            len(expected & {r.document_id for r in releases[: COUNT // 2]}),
            WITHIN_S,
        )
    for each in releases[COUNT // 2 :]:
        sender.send(MASKED_DOCUMENTS, each)
    with drawing(to) as samplers, working(kafka, tmp_path):
        found = until(waiting, len(expected), WITHIN_S)
        one, two, three, *_ = found
        pages = list(desk.reveal(one, 1, masked, "rev-4", "QA-3"))
        assert [(number, pixels.shape) for number, pixels in pages] == [(0, (1100, 850, 3)), (1, (1100, 850, 3))]
        place = dataclasses.replace(PLACE, page=1)
        desk.judge(one, (place,), "rev-4", "QA-3")
        desk.judge(two, (), "rev-5", "QA-4")
        # As on another reviewer's screen, where `one` is still open; and one that nobody drew.
        desk.judge(one, (), "rev-5", "QA-4")
        made_up = dataclasses.replace(three, event=dataclasses.replace(three.event, proof="0" * 64))
        desk.judge(made_up, (), "rev-5", "QA-4")
        until(lambda: entries(to, AuditAction.DECISION_REFUSED), 2, WITHIN_S)
    # One that the broker ended may have published what it could not tell any more.
    assert 0 < told(samplers, "drawn") <= len(expected)
    assert told(samplers, "refused") <= 2
    # One more start reads all decisions again and counts none twice.
    with drawing(to):
        desk.judge(three, (), "rev-5", "QA-4")
        until(lambda: counted(to), 3, WITHIN_S)
    assert {s.event.document_id for s in samples(to)} == expected
    drawn = [seen.event for seen in snapshot(to, "reviewer", [REVIEW_TASKS])]
    assert Counter(e.document_id for e in drawn if isinstance(e, SampleDrawn)) == Counter(expected)
    assert sorted((e.document_id, e.leaked) for e in counted(to)) == sorted(
        [(one.event.document_id, True), (two.event.document_id, False), (three.event.document_id, False)]
    )
    (leak,) = entries(to, AuditAction.SAMPLE_LEAKED)
    assert (leak.document_id, leak.page, leak.reference, leak.actor) == (one.event.document_id, 2, reference, "rev-4")
    assert {e.reasons for e in entries(to, AuditAction.DECISION_REFUSED)} == {
        (Reason.ALREADY_DECIDED,),
        (Reason.INVALID_EVENT,),
    }
    assert len(entries(to, AuditAction.REVEALED)) == 1
    assert len(entries(to, AuditAction.SAMPLE_JUDGED)) == 5
    assert not snapshot(to, "operator", [REJECTED_DOCUMENTS]), "the worker passed them over"
    closed = next(s for s in samples(to) if s.id == one.id)
    assert refused(lambda: desk.judge(closed, (), "rev-4", "QA-3")) == "already_decided"


def counted(to: KafkaSettings) -> list[SampleJudged]:
    return [
        seen.event for seen in snapshot(to, "auditor", [LEAKAGE_OBSERVATIONS]) if isinstance(seen.event, SampleJudged)
    ]


def entries(to: KafkaSettings, action: AuditAction) -> list[AuditEntry]:
    found = [seen.event for seen in snapshot(to, "auditor", [AUDIT_PENDING]) if isinstance(seen.event, AuditEntry)]
    return [entry for entry in found if entry.action is action]
