"""Hundreds of pages through the real parts: the memory of all processes together does not grow with them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from policies.attack.report import Verdict
from policies.tokens.local import LocalTokenizer
from streams.clock import Deadline
from streams.decode.decoder import Decoder
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.pipeline.pool import PagePool
from tests.bench.memory import Memory
from tests.pipeline.charts import LIMIT_MIB, PATIENT, notes

pytestmark = [pytest.mark.charts_large, pytest.mark.timeout(1800)]
FEW, MANY = 40, 200
SLACK_MIB = 160
"""What the many pages may cost beyond the few: the objects of their findings, and what allocators do not give back."""
TICK_S = 0.01
MOST_HELD_UP_S = 10.0
"""`max.poll.interval.ms` is 300 s."""


@dataclass
class HeldUp:
    """The longest time that another thread of the process, like the one that polls the broker, was held up."""

    longest_s: float = 0.0

    @contextmanager
    def watched(self) -> Iterator[None]:
        over = threading.Event()

        def tick() -> None:
            last = time.monotonic()
            while not over.wait(TICK_S):
                now = time.monotonic()
                self.longest_s, last = max(self.longest_s, now - last), now

        thread = threading.Thread(target=tick)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def test_memory_is_flat_in_the_number_of_pages() -> None:
    few, many, held_up = Memory(), Memory(), HeldUp()
    with Decoder() as decoder, PagePool(2) as pages:
        parts = Parts(decoder, pages, LocalTokenizer(production=False))

        def run(count: int) -> Outcome:
            document = Document("tenant", "chart", notes(count), "hipaa-safe-harbor", subject=PATIENT)
            return process(document, parts, Deadline.after(300))

        run(FEW)  # loads what is loaded once
        with few.watched(os.getpid()):
            run(FEW)
        with many.watched(os.getpid()), held_up.watched():
            outcome = run(MANY)
    assert outcome.verdict is Verdict.RELEASE
    assert outcome.pages == MANY
    assert 0 < many.all < LIMIT_MIB
    assert many.all - few.all < SLACK_MIB
    assert held_up.longest_s < MOST_HELD_UP_S
