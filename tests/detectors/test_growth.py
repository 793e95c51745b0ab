"""The whole detector on hostile text: four times as much of it takes about four times as long, never sixteen.

CPU seconds, the least of several runs, and a bound halfway to quadratic: no quiet machine is needed.
"""

from __future__ import annotations

import math
import time

import pytest

from detectors.text.analyzer import TextDetector

LENGTH, TIMES = 2_000, 4
MOST = 1.6
"""Exponent of the CPU time in the length of the text: 1 is linear, 2 what one bad pattern or loop makes of it."""


@pytest.mark.parametrize("unit", ["123-", "Maria Kovacs, ", "Name: ", "NY 12345 ", "a@"], ids=lambda unit: unit.strip())
def test_cpu_grows_with_the_text(text_detector: TextDetector, unit: str) -> None:
    def cpu_s(length: int) -> float:
        text = (unit * length)[:length]
        took = []
        for _ in range(2):
            began = time.process_time()
            text_detector.spans(text)
            took.append(time.process_time() - began)
        return min(took)

    cpu_s(LENGTH)
    exponent = math.log(cpu_s(TIMES * LENGTH) / max(cpu_s(LENGTH), 1e-3), TIMES)
    assert exponent < MOST
