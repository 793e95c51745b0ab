"""What a reviewer does: sees what waits, looks at a held copy, decides. Audited and acknowledged before it happens."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import cv2
import numpy as np

from detectors.errors import Reason, RedoubtError
from detectors.pages import Pixels
from policies.attack.finished.raster import finished_page
from streams.events import (
    AuditAction,
    AuditEntry,
    Grounds,
    Place,
    ReviewChoice,
    ReviewDecided,
    ReviewRequested,
    derived_id,
)
from streams.kafka.acknowledged import Acknowledged
from streams.kafka.audit_writer import AuditWriter
from streams.kafka.snapshot import snapshot
from streams.kafka.topics import REVIEW_DECISIONS, REVIEW_TASKS
from streams.review import boxes
from streams.review.rules import objection
from streams.settings import KafkaSettings
from streams.store.sealed import SealedStore

ROLE: Final = "reviewer"
LOOKED: Final = "review"
LEARNED: Final = "learn"
"""Why a held copy was opened: to look at it, or to read what a person marked on it."""
OUTLINE: Final = (255, 0, 0)
OUTLINE_PX: Final = 3


@dataclass(frozen=True, slots=True)
class Task:
    """What waits for a person, since when, and the decision that closed it."""

    event: ReviewRequested
    at: datetime
    decided: ReviewDecided | None

    @property
    def id(self) -> str:
        return self.event.ce_id


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says. `places` are to be burned; `answered` are the task's doubts they take upon themself."""

    choice: ReviewChoice
    reviewer: str
    why: Grounds
    ticket: str
    places: tuple[Place, ...] = ()
    answered: tuple[Reason, ...] = ()

    def on(self, task: ReviewRequested) -> ReviewDecided:
        """The decision as an event, with an id of its own."""
        return ReviewDecided(
            tenant=task.tenant,
            document_id=task.document_id,
            decision=secrets.token_hex(16),
            reviewer=self.reviewer,
            choice=self.choice,
            why=self.why,
            ticket=self.ticket,
            task=task,
            answered=self.answered,
            places=self.places,
        )


def tasks(settings: KafkaSettings) -> list[Task]:
    """Every task that the topic still holds, the oldest first. The first decision that may stand and bears the very
    task closes it: one that bears another of its id, made up by whoever may write decisions, is refused by the worker.

    Raises RedoubtError(BROKER_UNAVAILABLE).
    """
    found = snapshot(settings, ROLE, [REVIEW_TASKS, REVIEW_DECISIONS])
    decided: dict[ReviewRequested, ReviewDecided] = {}
    for seen in found:
        if isinstance(seen.event, ReviewDecided) and objection(seen.event) is None:
            decided.setdefault(seen.event.task, seen.event)
    open_and_closed = {
        seen.event.ce_id: Task(seen.event, seen.at, decided.get(seen.event))
        for seen in found
        if isinstance(seen.event, ReviewRequested)
    }
    return sorted(open_and_closed.values(), key=lambda task: (task.at, task.id))


class Reviewer:
    """Writes audit entries and decisions. Everything raises RedoubtError(BROKER_UNAVAILABLE)."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._audit = AuditWriter(settings)
        self._decisions = Acknowledged(settings)

    def decide(self, task: Task, decision: Decision) -> str:
        """Send the decision to the workers; returns its id.

        Raises RedoubtError: ALREADY_DECIDED where somebody was first (the worker says the same where two were too
        close for this to show), and the reason for which such a decision would not be followed. Both are audited.
        """
        event = decision.on(task.event)
        refused = Reason.ALREADY_DECIDED if task.decided else objection(event)
        self._audit.append(_entry(event, refused))
        if refused:
            raise RedoubtError(refused)
        self._decisions.send(REVIEW_DECISIONS, event)
        return event.decision

    def reveal(self, task: Task, sealed: SealedStore, reviewer: str, ticket: str | None = None) -> Iterator[Pixels]:
        """The held copy's pages as RGB, shape (height, width, 3), the places that are in doubt outlined. Told before
        the copy is opened. Raises as `opened` does."""
        event, (copy, _) = task.event, self.opened(task, sealed, reviewer, ticket)
        for number in range(event.pages):
            yield outlined(finished_page(copy, number).pixels, [p for p in event.places if p.page == number])

    def opened(self, task: Task, sealed: SealedStore, reviewer: str, ticket: str | None) -> tuple[bytes, bytes | None]:
        """The held copy, to look at, and what is known of its black boxes (`streams.review.boxes`; None of what an
        older worker held). Told before it is opened. Raises as the store does, and RedoubtError(CONTENT_MISSING)
        without a copy."""
        event = task.event
        if event.reference is None:
            raise RedoubtError(Reason.CONTENT_MISSING)
        self.opening(event, reviewer, ticket, LOOKED)
        seal = sealed.open(event.tenant, event.document_id)
        return seal.get(event.reference), seal.beside(event.reference, boxes.BESIDE)

    def opening(self, event: ReviewRequested, who: str, ticket: str | None, why: str) -> None:
        """Told before a held copy is opened, whatever for."""
        self._audit.append(
            AuditEntry(
                entry_id=secrets.token_hex(16),
                actor=who,
                action=AuditAction.REVEALED,
                time=datetime.now(UTC),
                tenant=event.tenant,
                document_id=event.document_id,
                reasons=event.reasons,
                why=why,
                ticket=ticket,
                reference=event.reference,
            )
        )


def _entry(event: ReviewDecided, refused: Reason | None) -> AuditEntry:
    action = AuditAction.DECISION_REFUSED if refused else AuditAction.DECIDED
    return AuditEntry(
        entry_id=derived_id(AuditEntry.TYPE, event.decision),
        actor=event.reviewer,
        action=action,
        time=datetime.now(UTC),
        tenant=event.tenant,
        document_id=event.document_id,
        reasons=(refused,) if refused else event.task.reasons,
        profile=event.task.profile,
        profile_version=event.task.profile_version,
        why=event.why.value,
        ticket=event.ticket,
    )


def outlined(pixels: Pixels, places: list[Place]) -> Pixels:
    """The page as RGB, a red frame round each of its places."""
    shown = cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB) if pixels.ndim == 2 else pixels.copy()
    for place in places:
        cv2.rectangle(shown, (place.left, place.top), (place.right - 1, place.bottom - 1), OUTLINE, OUTLINE_PX)
    return np.asarray(shown, np.uint8)
