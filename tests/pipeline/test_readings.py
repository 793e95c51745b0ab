"""The readings of a document: a sequence of which the last used are in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pytest

from detectors.findings import Span
from detectors.pages import PageReading
from detectors.subject import Subject
from streams.clock import Deadline
from streams.pipeline.readings import PAGES_HELD, Readings
from streams.store import intermediates
from streams.store.intermediates import Spill
from tests.pipeline.chart_runs import PAGES, KilledWhile, run
from tests.pipeline.doubles import reading


def test_they_are_a_sequence_however_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intermediates, "HELD_BYTES", 10_000)
    made = [replace(reading(), dpi=float(n + 1)) for n in range(3 * PAGES_HELD)]
    found = Readings(Spill())
    for page in made:
        found.append(page)
    assert len(found._held) == PAGES_HELD
    assert list(found) == made
    assert found[-1] == made[-1]
    assert found[5] == made[5]
    assert found[2:9:3] == made[2:9:3]
    assert len(found) == len(made)
    for index in (len(made), -len(made) - 1):
        with pytest.raises(IndexError):
            found[index]


def test_those_used_last_are_in_memory() -> None:
    found = Readings(Spill())
    for _ in range(PAGES_HELD + 1):
        found.append(reading())
    assert found[0] is found[0]
    assert found[PAGES_HELD] is found[PAGES_HELD]


def test_spans_are_sought_in_readings_that_are_put_away() -> None:
    """The detector is handed each page's reading once, in order."""

    @dataclass
    class Watches(KilledWhile):
        seen: list[float] = field(default_factory=list)

        def detect(
            self, readings: Iterable[PageReading], subject: Subject | None, deadline: Deadline
        ) -> list[list[Span]]:
            asked = list(readings)
            self.seen += [found.dpi for found in asked]
            return super().detect(asked, subject, deadline)

    pages = Watches()
    run(pages)
    assert len(pages.seen) == PAGES
