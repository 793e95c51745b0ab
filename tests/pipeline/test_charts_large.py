"""Hundreds of pages through the real parts: the memory of all processes together does not grow with them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pymupdf
import pytest

from detectors.subject import Subject
from policies.attack.report import Verdict
from policies.tokens.local import LocalTokenizer
from streams.clock import Deadline
from streams.decode.decoder import Decoder
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.pipeline.pool import PagePool

pytestmark = [pytest.mark.charts_large, pytest.mark.timeout(1800)]
LIMIT_MIB = 2048
FEW, MANY = 40, 200
SLACK_MIB = 160
"""What the many pages may cost beyond the few: the objects of their findings, and what allocators do not give back."""
SAMPLE_S = 0.5
TICK_S = 0.01
MOST_HELD_UP_S = 10.0
"""`max.poll.interval.ms` is 300 s."""


def notes(pages: int) -> bytes:
    """Short notes with names, dates and numbers of which no two pages have the same."""
    with pymupdf.open() as document:
        for number in range(pages):
            page = document.new_page(width=612, height=792)
            for row, line in enumerate(
                (
                    f"Progress note, page {number + 1}",
                    "Patient: Maria Kovacs-Boateng   MRN 00123-45",
                    f"Date of service 03/{number % 28 + 1:02d}/2024",
                    "Seen with cough. Plan: rest and fluids.",
                    f"Signed by Dr. A. Nwosu, tel (217) 555-{1000 + number:04d}",
                )
            ):
                page.insert_text((72, 72 + 20 * row), line)
        return bytes(document.tobytes())


@dataclass
class Peak:
    mib: int = 0
    gap_s: float = 0.0
    """The longest time that another thread of the process, like the one that polls the broker, was held up."""


@contextmanager
def watched() -> Iterator[Peak]:
    """The most memory that this process and all below it have at once, shared pages counted once (PSS)."""
    peak, over = Peak(), threading.Event()

    def watch() -> None:
        while not over.wait(SAMPLE_S):
            peak.mib = max(peak.mib, sum(map(_pss_mib, _tree(os.getpid()))))

    def tick() -> None:
        last = time.monotonic()
        while not over.wait(TICK_S):
            now = time.monotonic()
            peak.gap_s, last = max(peak.gap_s, now - last), now

    threads = [threading.Thread(target=work) for work in (watch, tick)]
    for thread in threads:
        thread.start()
    try:
        yield peak
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _tree(root: int) -> list[int]:
    found = [root]
    for pid in found:
        try:
            found += [
                int(child)
                for task in Path(f"/proc/{pid}/task").iterdir()
                for child in (task / "children").read_text().split()
            ]
        except OSError:
            continue
    return found


def _pss_mib(pid: int) -> int:
    try:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(row.split()[1]) // 1024 for row in rows if row.startswith("Pss:")), 0)


def test_memory_is_flat_in_the_number_of_pages() -> None:
    with Decoder() as decoder, PagePool(2) as pages:
        parts = Parts(decoder, pages, LocalTokenizer(production=False))

        def run(count: int) -> Outcome:
            document = Document(
                "tenant", "chart", notes(count), "hipaa-safe-harbor", subject=Subject(names=("Maria Kovacs-Boateng",))
            )
            return process(document, parts, Deadline.after(300))

        with watched() as few:
            run(FEW)
        with watched() as many:
            outcome = run(MANY)
    assert outcome.verdict is Verdict.RELEASE
    assert outcome.pages == MANY
    assert 0 < many.mib < LIMIT_MIB
    assert many.mib - few.mib < SLACK_MIB
    assert many.gap_s < MOST_HELD_UP_S
