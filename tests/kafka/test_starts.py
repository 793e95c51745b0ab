"""A document that ends the whole process: tried a fixed number of times, then rejected, its neighbours unharmed."""

from __future__ import annotations

import dataclasses
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from detectors.errors import Reason
from streams.events import DocumentMasked, DocumentRejected
from streams.kafka.job import Desk
from streams.kafka.outages import Over
from streams.kafka.starts import BESIDE, KEPT, Deaths, Starts, sweep
from streams.kafka.suspects import Suspects
from streams.kafka.topics import MASKED_DOCUMENTS, REJECTED_DOCUMENTS
from streams.kafka.worker import Worker
from streams.pipeline.document import Document, Outcome
from streams.store.claims import open_claims
from tests.kafka.conftest import fresh_topics
from tests.kafka.processes import ended, wait_for, worker
from tests.kafka.test_desk import received, record
from tests.kafka.transport import parts, read, settings, submit
from tests.kafka.worker_process import DIED

ATTEMPTS = 3
ID = "0" * 32


def process(folder: Path) -> Starts:
    """A process's notes."""
    return Starts(open_claims(f"file://{folder}/phi"))


def notes(folder: Path) -> int:
    return len(list((folder / "phi").glob("starts/*")))


def test_deaths_beside_others_make_a_suspect_and_those_after_are_its_own(tmp_path: Path) -> None:
    seen = []
    for _ in range(BESIDE + 2):
        starts = process(tmp_path)
        seen.append(starts.begin(ID))
        if seen[-1].suspect:
            assert starts.begin(ID) == seen[-1], "a suspect that waits for its turn has not begun"
            starts.begin_alone(ID)
            starts.begin_alone(ID)
    assert seen == [Deaths(), Deaths(1), Deaths(BESIDE), Deaths(BESIDE, 1)]


def test_only_a_note_that_no_topic_can_ask_for_is_swept(tmp_path: Path) -> None:
    process(tmp_path).begin(ID)
    store, now = open_claims(f"file://{tmp_path}/phi"), datetime.now(UTC)
    assert sweep(store, now + KEPT - timedelta(hours=1)) == 0
    assert notes(tmp_path) == 1
    assert sweep(store, now + KEPT + timedelta(hours=1)) == 1
    assert notes(tmp_path) == 0


def test_an_end_and_a_process_that_ends_in_order_leave_no_death(tmp_path: Path) -> None:
    ends, stops, gives_back = (process(tmp_path) for _ in range(3))
    ends.begin(ID)
    ends.end(ID)
    assert stops.begin(ID) == Deaths()
    stops.close()
    assert gives_back.begin(ID) == Deaths()
    gives_back.give_back(ID)
    assert notes(tmp_path) == 0
    process(tmp_path).begin(ID)
    after_a_death = process(tmp_path)
    assert after_a_death.begin(ID) == Deaths(1)
    after_a_death.close()
    assert process(tmp_path).begin(ID) == Deaths(1), "the death before stays what it was"


def test_progress_wipes_out_the_deaths_before_it(tmp_path: Path) -> None:
    for _ in range(BESIDE):
        process(tmp_path).begin(ID)
    chart = process(tmp_path)
    assert chart.begin(ID).suspect
    chart.begin_alone(ID)
    chart.progressed(ID)
    assert process(tmp_path).begin(ID) == Deaths(1)


def test_what_must_be_alone_is(tmp_path: Path) -> None:
    """Those at work end before it begins, and those that come wait."""
    suspects, at_work, most = Suspects(threading.Event()), [0], dict[bool, int]()
    lock, first_is_in = threading.Lock(), threading.Event()

    def run(alone: bool) -> None:
        with suspects.turn(suspect=False, alone=alone):
            with lock:
                at_work[0] += 1
                most[alone] = max(most.get(alone, 0), at_work[0])
            first_is_in.set()
            time.sleep(0.02)
            with lock:
                at_work[0] -= 1

    threads = [threading.Thread(target=run, args=(number % 5 == 4,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert first_is_in.is_set()
    assert most[True] == 1
    assert at_work == [0]


def test_the_end_of_the_worker_ends_the_wait_for_a_turn() -> None:
    over = threading.Event()
    suspects = Suspects(over)
    with suspects.turn(suspect=False):
        over.set()
        with pytest.raises(Over), suspects.turn(suspect=False, alone=True):
            pass
    with suspects.turn(suspect=False):
        pass


def test_after_its_deaths_it_is_rejected_without_another_try(tmp_path: Path) -> None:
    def never(document: Document) -> Outcome:
        raise AssertionError

    of = record(received(tmp_path, "release 0"))
    for _ in range(BESIDE + ATTEMPTS):
        starts = process(tmp_path)
        if starts.begin(of.id).suspect:
            starts.begin_alone(of.id)
    finished = Desk(dataclasses.replace(parts(tmp_path), handle=never), "worker-0", ATTEMPTS).work(of)
    assert finished.reason is Reason.WORKER_DIED
    (rejected,) = (DocumentRejected.from_message(*message) for topic, message in finished.events if "reject" in topic)
    assert isinstance(rejected, DocumentRejected)
    assert (rejected.attempts, rejected.reasons) == (BESIDE + ATTEMPTS, (Reason.WORKER_DIED,))


def test_a_worker_that_is_asked_to_end_leaves_no_death(
    tansu: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though what it has at work is not finished within its grace."""
    fresh_topics(tansu)
    monkeypatch.setattr("streams.kafka.worker.GRACE_S", 0.2)
    submit(tansu, tmp_path, ["release 120"] * 2)
    stop, codes = threading.Event(), list[int]()
    worker = Worker(settings(tansu), parts(tmp_path))
    thread = threading.Thread(target=lambda: codes.append(worker.run(stop)))
    thread.start()
    try:
        wait_for(lambda: notes(tmp_path) == 2)
    finally:
        stop.set()
        thread.join(60)
    assert codes == [0]
    assert notes(tmp_path) == 0


@pytest.mark.kafka
def test_a_document_that_kills_the_worker_is_rejected_and_the_rest_released(kafka: str, tmp_path: Path) -> None:
    before = submit(kafka, tmp_path, ["release 0.1"] * 6)
    (poison,) = submit(kafka, tmp_path, ["dies 0.2"])
    after = submit(kafka, tmp_path, ["release 0.1"] * 6)
    codes = list[int]()
    while len(codes) <= BESIDE + ATTEMPTS:
        with worker(kafka, tmp_path, "worker-0") as process:
            wait_for(lambda: process.poll() is not None or bool(rejections(kafka)), 120)
            if process.poll() is None:
                found = read(kafka, [MASKED_DOCUMENTS], expect=12, timeout_s=120, extra_s=2)
                codes.append(ended(process))
                break
            codes.append(process.wait())
    assert codes == [*[DIED] * (BESIDE + ATTEMPTS), 0]
    (rejected,) = rejections(kafka)
    assert (rejected.document_id, rejected.reasons) == (poison, (Reason.WORKER_DIED,))
    assert rejected.attempts == BESIDE + ATTEMPTS
    released = [event.document_id for _, event, _ in found if isinstance(event, DocumentMasked)]
    assert sorted(released) == sorted([*before, *after])


def rejections(bootstrap: str) -> list[DocumentRejected]:
    found = [event for _, event, _ in read(bootstrap, [REJECTED_DOCUMENTS], expect=1, timeout_s=1, extra_s=0.2)]
    return [event for event in found if isinstance(event, DocumentRejected)]
