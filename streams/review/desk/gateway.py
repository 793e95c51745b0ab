"""The review desk over the gateway's stream: tasks from the topics, copies from the sealed store, decisions sent."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

from detectors.errors import Reason, RedoubtError
from streams.pipeline.answers import RULE
from streams.review.boxes import from_kept_form
from streams.review.desk.desks import BlackBox, Came, Judgement, Opened, Waiting, What, black_boxes, picture_sizes
from streams.review.reviewer import Decision, Reviewer, Task, tasks
from streams.review.second_looks.looks import Sample, SecondLook, samples
from streams.settings import KafkaSettings
from streams.store.claims import ClaimStore
from streams.store.sealed import SealedStore

_SHOWN: Final = 12
"""Digits of a task's id that a person is shown, as `redoubt review list` shows them."""


class GatewayDesk:
    """Held copies, and what made their boxes black, are from the PHI store, sealed; copies for a second look are from
    the masked store, and blind: nothing is told of what was found, nor of who released them."""

    def __init__(
        self,
        settings: KafkaSettings,
        sealed: Callable[[], AbstractContextManager[SealedStore]],
        actor: str,
        ticket: str,
        tenant: str | None = None,
        masked: ClaimStore | None = None,
    ) -> None:
        """`sealed` opens the store with the reviewer's rights, anew for each copy: such rights end with time. Without
        `masked` there are no second looks."""
        self._settings, self._sealed, self._masked, self._tenant = settings, sealed, masked, tenant
        self._actor, self._ticket = actor, ticket
        self._reviewer, self._second_look = Reviewer(settings), SecondLook(settings)

    def waiting(self) -> list[Waiting]:
        """Second looks last: those copies are out already. One of which only some pages are to be looked at is left to
        `redoubt review show`."""
        held: list[Task | Sample] = [
            task for task in tasks(self._settings) if task.decided is None and self._is_mine(task.event.tenant)
        ]
        held += [
            sample
            for sample in (samples(self._settings) if self._masked else ())
            if sample.judged is None and sample.event.whole and self._is_mine(sample.event.tenant)
        ]
        return [Waiting(each.id, each.id[:_SHOWN], each.at, each.event) for each in held]

    def open(self, waiting: Waiting) -> Opened:
        task = self._task(waiting)
        if isinstance(task, Sample):
            if self._masked is None:
                raise RedoubtError(Reason.CONTENT_MISSING)
            copy = self._second_look.opened(task, self._masked, self._actor, self._ticket)
            sizes = picture_sizes(copy)
            return Opened(waiting, copy, sizes, sizes)
        with self._sealed() as sealed:
            copy, told = self._reviewer.opened(task, sealed, self._actor, self._ticket)
        sizes = picture_sizes(copy)
        boxes = _burned(task) if told is None else black_boxes(from_kept_form(told), task.event)
        return Opened(waiting, copy, sizes, sizes, boxes)

    def decide(self, waiting: Waiting, decision: Decision | Judgement) -> Came:
        task = self._task(waiting)
        if isinstance(task, Sample) and isinstance(decision, Judgement):
            self._second_look.judge(task, decision.places, decision.reviewer, decision.ticket)
            return Came(What.JUDGED)
        if isinstance(task, Task) and isinstance(decision, Decision):
            self._reviewer.decide(task, decision)
            return Came(What.SENT)
        raise RedoubtError(Reason.INVALID_EVENT)

    def _task(self, waiting: Waiting) -> Task | Sample:
        """As the topics have it now. Raises RedoubtError(CONTENT_MISSING) where they have it no more."""
        found = samples(self._settings) if waiting.is_second_look else tasks(self._settings)
        for task in found:
            if task.event == waiting.event:
                return task
        raise RedoubtError(Reason.CONTENT_MISSING)

    def _is_mine(self, tenant: str) -> bool:
        return self._tenant in (None, tenant)


def _burned(task: Task) -> tuple[BlackBox, ...]:
    """All that is known of the boxes where a worker of before held the copy."""
    return tuple(
        BlackBox(place.page, place.left, place.top, place.right, place.bottom, place.kind, RULE)
        for place in task.event.burned
    )
