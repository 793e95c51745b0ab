"""The review desk over the folder of `redoubt redact`: boxes and their rules from the report, decisions at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from detectors.errors import Reason, RedoubtError
from streams.review.desk.desks import Came, Judgement, Opened, Waiting, What, black_boxes, picture_sizes
from streams.review.folder import report as local_report
from streams.review.folder.held import LocalDesk
from streams.review.folder.task import LocalTask
from streams.review.reviewer import Decision

Carry = Callable[[LocalDesk, LocalTask, Decision], str]
"""Masks and validates again, in `LocalDesk.decide`'s words."""


class FolderDesk:
    """Who looks, and under which ticket, is told with each look."""

    def __init__(self, out: Path, carry: Carry, actor: str, ticket: str) -> None:
        self._out, self._carry = out, carry
        self._actor, self._ticket = actor, ticket
        self._local = LocalDesk(out)

    def waiting(self) -> list[Waiting]:
        return [_waiting(task) for task in self._local.tasks()]

    def open(self, waiting: Waiting) -> Opened:
        task = self._task(waiting)
        copy = self._local.opened(task, self._actor, self._ticket)
        boxes = black_boxes(local_report.entry(self._out, task.position).get("boxes", ()), task.event)
        return Opened(_waiting(task), copy, picture_sizes(copy), tuple(self._local.sizes(task)), boxes)

    def decide(self, waiting: Waiting, decision: Decision | Judgement) -> Came:
        if isinstance(decision, Judgement):
            raise RedoubtError(Reason.INVALID_EVENT)
        what = What(self._carry(self._local, self._task(waiting), decision))
        now = local_report.entry(self._out, int(waiting.id))
        if what is What.RELEASED:
            return Came(what, where=str(self._out / now["output"]) if now.get("output") else "")
        return Came(what, tuple(Reason(code) for code in now.get("reasons", ())))

    def _task(self, waiting: Waiting) -> LocalTask:
        """Raises RedoubtError(ALREADY_DECIDED) where it waits no more, or is held in a later round."""
        for task in self._local.tasks():
            if str(task.position) == waiting.id and task.event == waiting.event:
                return task
        raise RedoubtError(Reason.ALREADY_DECIDED)


def _waiting(task: LocalTask) -> Waiting:
    return Waiting(str(task.position), f"file {task.position}", task.at, task.event, task.shows_again)
