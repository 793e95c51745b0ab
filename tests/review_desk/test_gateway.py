"""The desk over the gateway: broker, vault, a worker with the real pipeline; a look, two decisions, two copies."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from policies.attack.finished.raster import finished_page
from policies.scope.authorization import Authorization
from streams.demo.stage import Stage, environment_of, stage
from streams.events import (
    AuditAction,
    AuditEntry,
    DocumentMasked,
    Event,
    ReviewRequested,
    SampleDrawn,
    SampleJudged,
)
from streams.kafka.snapshot import snapshot
from streams.kafka.submit import Request
from streams.kafka.topics import AUDIT_PENDING, LEAKAGE_OBSERVATIONS, MASKED_DOCUMENTS, REVIEW_DECISIONS, REVIEW_TASKS
from streams.review.desk import words
from streams.review.desk.desks import What
from streams.review.second_looks.lots import KEY_BYTES, Lots
from streams.review.second_looks.sampler import Sampler
from streams.store.claims import open_claims
from streams.wiring import submitter
from tests.cli.conftest import page
from tests.review_desk.conftest import ACTOR, CANARIES, TICKET, desk
from tests.review_desk.doubles import Browser

sys.path.insert(0, str(Path(__file__).parents[2] / "leakage-tests"))
from hunt import hunt

CONTENT = page(f"Patient: {CANARIES[0]}", f"MRN: {CANARIES[2]}", f"Phone: (614) {CANARIES[3]}")
FINISH_S = 150.0


@dataclass(frozen=True)
class Room:
    stage: Stage
    documents: list[str]

    def events(self, *topics: str) -> list[Event]:
        return [seen.event for seen in snapshot(self.stage.worker.kafka, "reviewer", topics)]

    def audited(self) -> list[tuple[AuditAction, str | None, str]]:
        found = [event for event in self.events(AUDIT_PENDING) if isinstance(event, AuditEntry)]
        return [(entry.action, entry.ticket, entry.document_id) for entry in found if entry.actor == ACTOR]

    def masked(self, document: str) -> bytes:
        [event] = wait_for(
            lambda: [
                event
                for event in self.events(MASKED_DOCUMENTS)
                if isinstance(event, DocumentMasked) and event.document_id == document
            ]
        )
        return open_claims(self.stage.worker.store.masked_url).get(event.reference)

    def as_reviewer(self) -> dict[str, str]:
        files = {
            f"REDOUBT_VAULT__{kind.upper()}_ID_FILE": str(self.stage.folder / "credentials" / f"reviewer.{kind}-id")
            for kind in ("role", "secret")
        }
        return {**environment_of(self.stage.worker), **files}


def wait_for(look: Callable[[], list[Any]], count: int = 1) -> list[Any]:
    end = time.monotonic() + FINISH_S
    while len(found := look()) < count and time.monotonic() < end:
        time.sleep(0.2)
    return found


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    """Of two documents nobody knows whose they are."""
    with stage(processes=1) as running, running.actor("worker", running.worker):
        request = Request(
            "red-team", "roi-authorization", authorization=Authorization("auth-1", date(2100, 1, 1), False)
        )
        with submitter(running.submitter) as submit:
            documents = [submit.submit(CONTENT, request) for _ in range(2)]
        found = Room(running, documents)
        assert len(wait_for(lambda: found.events(REVIEW_TASKS), 2)) == 2
        yield found


def test_the_same_pages_over_the_stream(room: Room, tmp_path: Path) -> None:
    tasks = {e.document_id: e for e in room.events(REVIEW_TASKS) if isinstance(e, ReviewRequested)}
    one, two = (tasks[document] for document in room.documents)
    pages: list[str] = []
    with desk(None, temporary=tmp_path, environment=room.as_reviewer()) as running:
        browser = Browser.at(running.address)
        browser.enter()
        pages.append(browser.get("/").text)
        for task in (one, two):
            assert task.ce_id[:12] in pages[0]
        assert room.audited() == [], "a list is no look"

        look = browser.open(one.ce_id)
        assert room.audited() == [(AuditAction.REVEALED, TICKET, one.document_id)]
        pages.append(browser.get(f"/held/{one.ce_id}").text)
        assert re.search(r'\[1, [0-9, ]+, "person", "rule others: Who cannot be shown to be the patient', pages[-1])
        assert "others" not in repr(room.events(REVIEW_TASKS)), "which rule it was lies sealed beside the copy"
        picture = browser.get(f"/held/{one.ce_id}/1.png").body
        shown = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
        form = {"look": look, "choice": "release", "why-release": "permitted", "ticket": "ROI-7"}
        assert browser.post(f"/held/{one.ce_id}/decide", form).status == 303
        pages.append(browser.get("/came").text)
        assert words.CAME[What.SENT][1] in pages[-1]
        assert f"Next: {two.ce_id[:12]}" in pages[-1]
        released = finished_page(room.masked(one.document_id), 0).pixels
        assert np.array_equal(shown, released if released.ndim == 2 else cv2.cvtColor(released, cv2.COLOR_RGB2GRAY))
        assert browser.post(f"/held/{one.ce_id}/open").status == 409, "it waits no more"

        look = browser.open(two.ce_id)
        form = {"look": look, "choice": "burn", "why-burn": "precaution", "ticket": "ROI-8", "burn": "1:40,40,300,80"}
        assert browser.post(f"/held/{two.ce_id}/decide", form).status == 303
        [again] = wait_for(
            lambda: [e for e in room.events(REVIEW_TASKS) if isinstance(e, ReviewRequested) and e.round == 2]
        )
        assert again.document_id == two.document_id
        look = browser.open(again.ce_id)
        pages.append(browser.get(f"/held/{again.ce_id}").text)
        assert re.search(r'\[1, [0-9, ]+, "ink", "a person had it burned"\]', pages[-1])
        assert "rule others" in pages[-1]
        form = {"look": look, "choice": "withhold", "why-withhold": "wrong_record", "ticket": "ROI-8"}
        assert browser.post(f"/held/{again.ce_id}/decide", form).status == 303
        assert "Nothing waits" in browser.get("/").text
        assert running.end() == 0
    acts = [(action, document) for action, _, document in room.audited()]
    assert acts[:2] == [(AuditAction.REVEALED, one.document_id), (AuditAction.DECIDED, one.document_id)]
    assert acts.count((AuditAction.REVEALED, two.document_id)) == 2
    assert acts.count((AuditAction.DECIDED, two.document_id)) == 2
    said = {f"said {n}": text.encode() for n, text in enumerate((*running.said, *pages))}
    said |= {topic: repr(room.events(topic)).encode() for topic in (REVIEW_DECISIONS, AUDIT_PENDING)}
    assert hunt(CANARIES, said) == []
    assert list(tmp_path.iterdir()) == [], "nothing is written"


def test_what_was_released_and_drawn_is_judged_there_too(room: Room, tmp_path: Path) -> None:
    """After the first test: one of the documents is out."""
    document = room.documents[0]
    released = finished_page(room.masked(document), 0).pixels
    sampler, stop = Sampler(room.stage.worker.kafka, Lots(bytes(KEY_BYTES), 1.0)), threading.Event()
    thread = threading.Thread(target=sampler.run, args=(stop,), daemon=True)
    thread.start()
    [drawn] = wait_for(lambda: [e for e in room.events(REVIEW_TASKS) if isinstance(e, SampleDrawn)])
    looks = room.audited().count((AuditAction.REVEALED, TICKET, document))
    with desk(None, temporary=tmp_path, environment=room.as_reviewer()) as running:
        browser = Browser.at(running.address)
        browser.enter()
        assert drawn.ce_id[:12] in browser.get("/").text
        look = browser.open(drawn.ce_id)
        assert room.audited().count((AuditAction.REVEALED, TICKET, document)) == looks + 1
        text = browser.get(f"/held/{drawn.ce_id}").text
        assert not [word for word in ("rule others", "permitted", ACTOR + " released") if word in text]
        shown = cv2.imdecode(
            np.frombuffer(browser.get(f"/held/{drawn.ce_id}/1.png").body, np.uint8), cv2.IMREAD_GRAYSCALE
        )
        assert np.array_equal(shown, released if released.ndim == 2 else cv2.cvtColor(released, cv2.COLOR_RGB2GRAY))
        form = {"look": look, "choice": "leaks", "burn": "1:40,40,300,80:person", "ticket": "QA-3"}
        assert browser.post(f"/held/{drawn.ce_id}/decide", form).status == 303
        assert words.CAME[What.JUDGED][0] in browser.get("/came").text
        assert "Nothing waits" in browser.get("/").text
    [judged] = wait_for(lambda: [e for e in room.events(LEAKAGE_OBSERVATIONS) if isinstance(e, SampleJudged)])
    assert (judged.document_id, judged.leaked, judged.reviewer) == (document, True, ACTOR)
    stop.set()
    thread.join(FINISH_S)
    assert not thread.is_alive()
