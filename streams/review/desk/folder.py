"""The review desk over the folder of `redoubt redact`: boxes and their rules from the report, decisions at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from streams.review import local_report
from streams.review.desk.desks import BlackBox, Came, Opened, Waiting, What, picture_sizes, rules_of
from streams.review.local import LocalDesk
from streams.review.local_task import LocalTask
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
        rules = rules_of(task.event)

        def box(entry: dict[str, Any]) -> BlackBox:
            rule = rules.get(entry["rule"])
            left, top, right, bottom = (int(entry[side]) for side in ("left", "top", "right", "bottom"))
            because, source = (rule.reason, rule.source) if rule else ("", "")
            return BlackBox(
                entry["page"] - 1, left, top, right, bottom, Kind(entry["kind"]), entry["rule"], because, source
            )

        found = local_report.entry(self._out, task.position).get("boxes", [])
        try:
            boxes = tuple(box(entry) for entry in found)
        except (LookupError, TypeError, ValueError):
            raise RedoubtError(Reason.STORE_UNAVAILABLE) from None
        return Opened(_waiting(task), copy, picture_sizes(copy), tuple(self._local.sizes(task)), boxes)

    def decide(self, waiting: Waiting, decision: Decision) -> Came:
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
