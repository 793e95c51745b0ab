"""A chart and the faxes behind it, in one partition, through the real pipeline: nobody waits, a kill costs little."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from detectors.subject import Subject
from streams.events import DocumentMasked
from streams.kafka.submit import Request, Submitter
from streams.kafka.topics import MASKED_DOCUMENTS
from tests.kafka.processes import ended, wait_for, worker
from tests.kafka.transport import connection, read, sealed

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(600)]
CHART, FAXES = 320, 3
"""Pages of a chart that is still at work when the faxes are out, on a machine with nothing else to do."""
PATIENT = Subject(names=("Maria Kovacs-Boateng",))


def notes(pages: int) -> bytes:
    with pymupdf.open() as document:
        for number in range(pages):
            page = document.new_page(width=612, height=792)
            page.insert_text((72, 72), f"Progress note, page {number + 1}")
            page.insert_text((72, 100), "Patient: Maria Kovacs-Boateng")
            page.insert_text((72, 128), "Seen with cough. Plan: rest and fluids.")
        return bytes(document.tobytes())


def work(folder: Path) -> dict[str, int]:
    """What is kept of documents that are not done: the pieces' names, and when each was written."""
    found = {}
    for path in (folder / "phi").rglob("work/*"):
        try:
            found[path.name] = path.stat().st_mtime_ns
        except FileNotFoundError:
            continue
    return found


def masked(broker: str, expect: int, timeout_s: float, extra_s: float = 1.0) -> list[DocumentMasked]:
    found = [event for _, event, _ in read(broker, [MASKED_DOCUMENTS], expect, timeout_s, extra_s)]
    return [event for event in found if isinstance(event, DocumentMasked)]


def test_faxes_pass_a_chart_that_goes_on_where_it_was_killed(narrow: str, tmp_path: Path) -> None:
    with Submitter(connection(narrow), sealed(tmp_path)) as submitter:
        request = Request("clinic-a", "hipaa-safe-harbor")
        chart = submitter.submit(notes(CHART), request, PATIENT)
        faxes = {submitter.submit(notes(1), request, PATIENT) for _ in range(FAXES)}
    with worker(narrow, tmp_path, "worker-0", "--pipeline") as first:
        passed = masked(narrow, FAXES, timeout_s=240, extra_s=0)
        assert {event.document_id for event in passed} == faxes
        wait_for(lambda: "read-1" in work(tmp_path), 240)
        assert first.poll() is None
        first.kill()
        first.wait()
    before = work(tmp_path)
    assert not any(b"Kovacs" in path.read_bytes() for path in (tmp_path / "phi").rglob("work/*"))
    with worker(narrow, tmp_path, "worker-0", "--pipeline") as again:
        wait_for(lambda: len(work(tmp_path)) > len(before), 240)
        now = work(tmp_path)
        assert {name: now[name] for name in before if name in now} == before
        found = masked(narrow, FAXES + 1, timeout_s=300)
        assert sorted(event.document_id for event in found) == sorted([chart, *faxes])
        assert next(event.pages for event in found if event.document_id == chart) == CHART
        wait_for(lambda: not work(tmp_path), 60)
        assert ended(again) == 0
