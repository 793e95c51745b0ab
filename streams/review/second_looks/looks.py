"""What a reviewer does with a released document that was drawn by lot: looks at its pages, says whether one leaks.

Shown blind: the copy as its readers have it, and the profile that says what had to go; nothing of who or what released
it, nor of what was found and burned.
"""

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
from streams.events import AuditAction, AuditEntry, Grounds, Place, SampleDrawn, SampleJudged
from streams.kafka.acknowledged import Acknowledged
from streams.kafka.audit_writer import AuditWriter
from streams.kafka.snapshot import Seen, snapshot
from streams.kafka.topics import REVIEW_DECISIONS, REVIEW_TASKS
from streams.settings import KafkaSettings
from streams.store.claims import ClaimStore, get_addressed

ROLE: Final = "reviewer"
LOOKED: Final = "second-look"
PORTION: Final = 20
"""Pages that a person looks at in one go."""
CLEAN: Final = Grounds.READ_BY_EYE
LEAKS: Final = Grounds.MISSED_IDENTIFIER


@dataclass(frozen=True, slots=True)
class Sample:
    """What waits for a second look, since when, and the judgement that closed it."""

    event: SampleDrawn
    at: datetime
    judged: SampleJudged | None

    @property
    def id(self) -> str:
        return self.event.ce_id


def objection(judged: SampleJudged) -> Reason | None:
    """Why the judgement does not count, whoever comes first; None where it may."""
    task = judged.task
    fits = (judged.tenant, judged.document_id) == (task.tenant, task.document_id)
    fits &= judged.why is (LEAKS if judged.leaked else CLEAN)
    fits &= all(place.page in task.shown for place in judged.places)
    return None if fits else Reason.INVALID_EVENT


def samples(settings: KafkaSettings) -> list[Sample]:
    """Every sample that the topic still holds, the oldest first. Raises RedoubtError(BROKER_UNAVAILABLE)."""
    return _samples(snapshot(settings, ROLE, [REVIEW_TASKS, REVIEW_DECISIONS]))


def _samples(found: list[Seen]) -> list[Sample]:
    judged: dict[SampleDrawn, SampleJudged] = {}
    for seen in found:
        if isinstance(seen.event, SampleJudged) and objection(seen.event) is None:
            judged.setdefault(seen.event.task, seen.event)
    drawn = {
        seen.event.ce_id: Sample(seen.event, seen.at, judged.get(seen.event))
        for seen in found
        if isinstance(seen.event, SampleDrawn)
    }
    return sorted(drawn.values(), key=lambda sample: (sample.at, sample.id))


class SecondLook:
    """Audited and acknowledged before it happens. Everything raises RedoubtError(BROKER_UNAVAILABLE)."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._audit = AuditWriter(settings)
        self._decisions = Acknowledged(settings)

    def reveal(
        self, sample: Sample, portion: int, masked: ClaimStore, reviewer: str, ticket: str | None
    ) -> Iterator[tuple[int, Pixels]]:
        """The pages of a portion, which counts from 1, numbered from 0, as RGB of shape (height, width, 3). Told before
        the copy is opened.

        Raises as the store does, and RedoubtError(CONTENT_MISSING) where the task has no such portion.
        """
        event = sample.event
        pages = event.shown[(portion - 1) * PORTION : portion * PORTION] if portion > 0 else ()
        if not pages:
            raise RedoubtError(Reason.CONTENT_MISSING)
        copy = self.opened(sample, masked, reviewer, ticket)
        for number in pages:
            pixels = finished_page(copy, number).pixels
            shown = cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB) if pixels.ndim == 2 else pixels
            yield number, np.asarray(shown, np.uint8)

    def opened(self, sample: Sample, masked: ClaimStore, reviewer: str, ticket: str | None) -> bytes:
        """The whole copy, to look at. Told before it is opened. Raises as the store does."""
        self._audit.append(_entry(sample.event, AuditAction.REVEALED, reviewer, LOOKED, ticket))
        return get_addressed(masked, sample.event.reference)

    def judge(self, sample: Sample, places: tuple[Place, ...], reviewer: str, ticket: str) -> str:
        """Say where the copy leaks, or that it does not; the decision's id. Raises RedoubtError(ALREADY_DECIDED)."""
        event = SampleJudged(
            tenant=sample.event.tenant,
            document_id=sample.event.document_id,
            decision=secrets.token_hex(16),
            reviewer=reviewer,
            why=LEAKS if places else CLEAN,
            ticket=ticket,
            task=sample.event,
            places=places,
        )
        refused = Reason.ALREADY_DECIDED if sample.judged else objection(event)
        action = AuditAction.DECISION_REFUSED if refused else AuditAction.SAMPLE_JUDGED
        self._audit.append(_entry(sample.event, action, reviewer, event.why.value, ticket, refused))
        if refused:
            raise RedoubtError(refused)
        self._decisions.send(REVIEW_DECISIONS, event)
        return event.decision


def _entry(
    task: SampleDrawn, action: AuditAction, who: str, why: str, ticket: str | None, refused: Reason | None = None
) -> AuditEntry:
    return AuditEntry(
        entry_id=secrets.token_hex(16),
        actor=who,
        action=action,
        time=datetime.now(UTC),
        tenant=task.tenant,
        document_id=task.document_id,
        reasons=(refused,) if refused else (),
        profile=task.profile,
        reference=task.reference,
        why=why,
        ticket=ticket,
    )
