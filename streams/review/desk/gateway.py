"""The review desk over the gateway's stream: tasks from the topics, copies from the sealed store, decisions sent."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

from detectors.errors import Reason, RedoubtError
from streams.pipeline.answers import RULE
from streams.review.desk.desks import BlackBox, Came, Opened, Waiting, What, picture_sizes
from streams.review.reviewer import Decision, Reviewer, Task, tasks
from streams.settings import KafkaSettings
from streams.store.sealed import SealedStore

_SHOWN: Final = 12
"""Digits of a task's id that a person is shown, as `redoubt review list` shows them."""


class GatewayDesk:
    """Which rule made a box black is not known outside of the worker: only what people had burned is told."""

    def __init__(
        self,
        settings: KafkaSettings,
        sealed: Callable[[], AbstractContextManager[SealedStore]],
        actor: str,
        ticket: str,
        tenant: str | None = None,
    ) -> None:
        """`sealed` opens the store with the reviewer's rights, anew for each copy: such rights end with time."""
        self._settings, self._sealed, self._tenant = settings, sealed, tenant
        self._actor, self._ticket = actor, ticket
        self._reviewer = Reviewer(settings)

    def waiting(self) -> list[Waiting]:
        """Without second looks: of those nobody may see what was found."""
        return [_waiting(task) for task in self._open_tasks()]

    def open(self, waiting: Waiting) -> Opened:
        task = self._task(waiting)
        with self._sealed() as sealed:
            copy = self._reviewer.opened(task, sealed, self._actor, self._ticket)
        sizes = picture_sizes(copy)
        boxes = tuple(
            BlackBox(place.page, place.left, place.top, place.right, place.bottom, place.kind, RULE)
            for place in task.event.burned
        )
        return Opened(waiting, copy, sizes, sizes, boxes)

    def decide(self, waiting: Waiting, decision: Decision) -> Came:
        self._reviewer.decide(self._task(waiting), decision)
        return Came(What.SENT)

    def _task(self, waiting: Waiting) -> Task:
        """As the topics have it now. Raises RedoubtError(CONTENT_MISSING) where they have it no more."""
        for task in tasks(self._settings):
            if task.event == waiting.event:
                return task
        raise RedoubtError(Reason.CONTENT_MISSING)

    def _open_tasks(self) -> list[Task]:
        return [
            task for task in tasks(self._settings) if task.decided is None and self._tenant in (None, task.event.tenant)
        ]


def _waiting(task: Task) -> Waiting:
    return Waiting(task.id, task.id[:_SHOWN], task.at, task.event)
