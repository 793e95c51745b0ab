"""A folder that `redoubt redact` left, with one document held back, and decisions on it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from detectors.errors import Reason
from detectors.findings import Kind
from detectors.geometry import Box
from detectors.pages import PageRaster
from policies.attack.report import Verdict
from policies.masking.assemble import assemble
from policies.record import TokenizedRecord
from streams.events import AuditAction, Grounds, Place, ReviewChoice
from streams.pipeline.document import Document, Outcome
from streams.review.folder.held import LocalDesk
from streams.review.folder.log import LocalLog
from streams.review.folder.task import task_of
from streams.review.reviewer import Decision
from tests.watch.test_metrics import OUTCOME

CONTENT = b"%PDF the original"
WHITE = np.full((1100, 850), 255, np.uint8)
COPY = assemble([PageRaster(WHITE, 100.0)])
DARKER = np.where(np.arange(850)[None, :] < 200, np.uint8(0), WHITE)
DARK = assemble([PageRaster(DARKER, 100.0)])
HELD = dataclasses.replace(OUTCOME, pages=1, reasons=(Reason.UNEXPLAINED_INK,), copy=COPY)
RELEASED = dataclasses.replace(HELD, verdict=Verdict.RELEASE, reasons=())
PLACE = Place(0, 0, 0, 200, 1100, Kind.PERSON, Reason.RESIDUAL_FINDING)
RELEASE = Decision(ReviewChoice.RELEASE, "c.lerk", Grounds.READ_BY_EYE, "ROI-7", answered=(Reason.UNEXPLAINED_INK,))
BURN = dataclasses.replace(RELEASE, choice=ReviewChoice.BURN, why=Grounds.PRECAUTION, places=(PLACE,))
WITHHOLD = dataclasses.replace(RELEASE, choice=ReviewChoice.WITHHOLD, why=Grounds.WRONG_RECORD, answered=())
RECORD = TokenizedRecord(("Cough for three days",), 90.0)


class Signs:
    """Says nothing, for a desk that asks for a statement."""

    def attest(self, release: object, copy: object) -> bytes:
        return b"{}"


@pytest.fixture
def desk(tmp_path: Path) -> LocalDesk:
    return held_in(tmp_path)


def held_in(folder: Path) -> LocalDesk:
    out = folder / "out"
    (out / "review").mkdir(parents=True)
    (folder / "a.pdf").write_bytes(CONTENT)
    (out / "review" / "ab.pdf").write_bytes(COPY)
    (out / "report.json").write_text(json.dumps({"documents": [{"position": 1, "verdict": "review"}]}))
    found = LocalDesk(out)
    found.hold(task_of(HELD, 1, "ab", folder / "a.pdf"))
    return found


def decide(desk: LocalDesk, decision: Decision, outcome: Outcome, content: bytes = CONTENT) -> str:
    (task,) = desk.tasks()
    document = Document("local", "document-1", content, task.event.profile)
    asked: list[Document] = []

    def handle(given: Document) -> Outcome:
        asked.append(given)
        return outcome

    came = desk.decide(task, decision, document, handle, Signs())
    if decision.choice is not ReviewChoice.WITHHOLD:
        (given,) = asked
        assert given.answers.doubts == frozenset(decision.answered)
        assert [mark.box for mark in given.answers.burn] == [
            Box(p.left, p.top, p.right, p.bottom) for p in decision.places
        ]
    return came


def actions(folder: Path) -> list[AuditAction]:
    return [entry.action for entry in LocalLog(folder / "out").entries]


def upgraded(_document: Document) -> Outcome:
    """What another version makes of the same file."""
    return dataclasses.replace(HELD, copy=DARK)


def never(_document: Document) -> Outcome:
    raise AssertionError("nothing is masked again")
