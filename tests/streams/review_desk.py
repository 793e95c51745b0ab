"""A document that is held for review, through the real pipeline, seals and stores, and decisions on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from detectors.errors import Reason
from detectors.findings import Kind
from detectors.geometry import Box
from detectors.subject import Subject
from policies.tokens.local import LocalTokenizer
from streams.clock import Deadline
from streams.events import (
    Event,
    Grounds,
    Place,
    ReviewChoice,
    ReviewDecided,
    ReviewRequested,
)
from streams.kafka.intake import open_claim
from streams.kafka.submit import Request, announcement
from streams.kafka.topics import REVIEW_TASKS
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.publish import Addressed, Origin, publish
from streams.review.carry_out import CarryOut
from streams.store.claims import open_claims
from tests.events.examples import AT
from tests.kafka.transport import CANARY, CANARY_MRN, sealed
from tests.pipeline.doubles import AttackerInsists, OnePage, Reads, reading

TENANT = "clinic-a"
ID = "0123456789abcdef0123456789abcdef"
DIET = reading().words[-1]
"""What `AttackerInsists` finds however often it is burned."""


@dataclass
class Desk:
    """A document that went through the worker once, and the handler of decisions on it."""

    folder: Path
    pages: Reads = field(default_factory=AttackerInsists)
    document_id: str = ID
    offset: int = 3
    """Of the decision that is carried out."""

    def __post_init__(self) -> None:
        self.sealed = sealed(self.folder)
        self.masked = open_claims(f"file://{self.folder}/masked")
        self.claims = open_claims(f"file://{self.folder}/phi")
        self.handled: list[Outcome] = []

    def handle(self, document: Document) -> Outcome:
        parts = Parts(OnePage(), self.pages, LocalTokenizer(production=False))
        self.handled.append(process(document, parts, Deadline.after(60)))
        return self.handled[-1]

    def submit(self) -> Event:
        seal = self.sealed.create(TENANT, self.document_id)
        patient = Subject(names=(CANARY,), mrn=CANARY_MRN)
        content = f"{CANARY} {CANARY_MRN}".encode()
        event = announcement(self.document_id, content, Request(TENANT, "maximal"), patient, seal)
        claim = open_claim(event, self.sealed)
        origin = Origin("phi.documents", 1, 7, "worker-0", AT)
        [(topic, result), *_] = publish(
            claim, self.handle(claim.document), origin, self.masked, self.sealed, lambda _: False
        )
        assert topic == REVIEW_TASKS or not isinstance(result, ReviewRequested)
        return result

    def task(self) -> ReviewRequested:
        task = self.submit()
        assert isinstance(task, ReviewRequested)
        return task

    def carry_out(self, decided: ReviewDecided, canary: bool = False) -> tuple[Addressed, ...]:
        origin = Origin("review.decisions", 0, self.offset, "worker-1", datetime(2026, 3, 2, tzinfo=UTC))
        return CarryOut(self.handle, self.sealed, self.masked, self.claims, lambda _: canary)(decided, origin)

    def results(self, decided: ReviewDecided) -> list[Event]:
        found = [event for _, event in self.carry_out(decided)]
        for event in found:
            shown = repr(event.to_message()) + repr(event)
            assert CANARY not in shown
            assert CANARY_MRN not in shown
        return found

    def held(self, task: ReviewRequested) -> bytes:
        assert task.reference
        return self.sealed.open(TENANT, self.document_id).get(task.reference)


def decision(task: ReviewRequested, choice: ReviewChoice, **fields: Any) -> ReviewDecided:
    grounds = {
        ReviewChoice.RELEASE: Grounds.FALSE_ALARM,
        ReviewChoice.BURN: Grounds.MISSED_IDENTIFIER,
        ReviewChoice.WITHHOLD: Grounds.NOT_REDACTABLE,
    }
    answered = task.reasons if choice is ReviewChoice.RELEASE else ()
    given = {"decision": "d" * 32, "reviewer": "rev-4", "why": grounds[choice], "answered": answered, **fields}
    return ReviewDecided(task.tenant, task.document_id, choice=choice, ticket="ROI-9", task=task, **given)


def place(box: Box, kind: Kind = Kind.INK, page: int = 0) -> Place:
    return Place(page, box.left, box.top, box.right, box.bottom, kind, Reason.RESIDUAL_FINDING)
