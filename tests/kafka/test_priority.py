"""An archive does not delay the documents of today, on real brokers; and it is done, each document once."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from streams.kafka.submit import Priority
from streams.kafka.topics import MASKED_DOCUMENTS
from streams.pipeline.document import Document, Outcome
from tests.kafka.processes import arrived, orchestrated, quiet, visible, wait_for, worker
from tests.kafka.test_rebalance import members
from tests.kafka.test_worker import working
from tests.kafka.transport import handle, mixed, parts, read, submit

A_RELEASE = 4
IN_FLIGHT = 2


class Shelf:
    """A handle in which documents of an archive stay until the test lets them go."""

    def __init__(self) -> None:
        self.archive: set[str] = set()
        self.begun: list[str] = []
        self.open = threading.Event()

    def handle(self, document: Document) -> Outcome:
        self.begun.append(document.id)
        if document.id in self.archive and not self.open.wait(200):
            raise AssertionError("the test forgot it")
        return handle(document)


def released(bootstrap: str, expect: int) -> set[str]:
    return {event.key for _, event, _ in read(bootstrap, [MASKED_DOCUMENTS], expect, timeout_s=90, extra_s=0)}


def waits(shelf: Shelf, begun: int) -> Callable[[], bool]:
    return lambda: len(shelf.begun) >= begun


def test_a_fax_is_out_while_an_archive_holds_every_slot(bootstrap: str, tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.archive = set(submit(bootstrap, tmp_path, ["release 0"] * 20, Priority.BACKFILL))
    made = replace(parts(tmp_path), handle=shelf.handle)
    with working(bootstrap, tmp_path, in_flight=IN_FLIGHT, made=made):
        try:
            wait_for(waits(shelf, IN_FLIGHT), 90)
            faxes = submit(bootstrap, tmp_path, ["release 0"] * 8)
            assert released(bootstrap, len(faxes)) == set(faxes)
            assert len(shelf.archive & set(shelf.begun)) == IN_FLIGHT, "a document of the archive was begun meanwhile"
        finally:
            shelf.open.set()
        found = read(bootstrap, [MASKED_DOCUMENTS], expect=28, timeout_s=90)
    assert Counter(event.key for _, event, _ in found) == Counter([*shelf.archive, *faxes])


@pytest.mark.kafka
@pytest.mark.parametrize("step", ["handle", "commit", "after"])
def test_killed_over_an_archive_and_faxes_each_document_is_visible_once(kafka: str, tmp_path: Path, step: str) -> None:
    submit(kafka, tmp_path, mixed(16), Priority.BACKFILL)
    submit(kafka, tmp_path, mixed(8, seed=8))
    with worker(kafka, tmp_path, "worker-0", "--kill", step, "12") as killed:
        assert killed.wait(90) == -signal.SIGKILL
    with orchestrated(kafka, tmp_path, "worker-0") as codes:
        arrived(kafka, 24 * A_RELEASE, 180)
    assert codes[-1] == 0
    assert visible(kafka) == quiet(kafka, tmp_path, 24)


def shares(bootstrap: str, group: str) -> dict[str, list[str]]:
    """What each member of the group holds."""
    return {
        member.group_instance_id: [f"{p.topic} {p.partition}" for p in member.assignment.topic_partitions]
        for member in members(bootstrap, group)
    }


@pytest.mark.kafka
def test_two_workers_share_each_class_by_itself(kafka: str, tmp_path: Path) -> None:
    """Whoever has people's decisions, each must hold its part of both, or one would do the archive and the other one
    the day's work."""
    with orchestrated(kafka, tmp_path, "worker-0") as first, orchestrated(kafka, tmp_path, "worker-1") as second:
        for group in ("redoubt-worker", "redoubt-worker-backfill"):
            wait_for(
                lambda group=group: sorted(map(len, shares(kafka, group).values())) == [1, 2],  # type: ignore[misc]
                240,
                lambda group=group: (group, shares(kafka, group), first, second),  # type: ignore[misc]
            )
    assert first[-1] == second[-1] == 0
