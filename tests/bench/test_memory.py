"""What the benches tell of memory: pages that processes share once, what a process takes for itself, and what grows."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.bench.flat import LEAST, SLACK_MIB, is_flat, watched
from tests.bench.memory import SAMPLE_S, Memory, held

LARGE_MIB = 200


def taken(mib: int) -> bytearray:
    return bytearray(os.urandom(1024)) * (1024 * mib)


@contextmanager
def forked(does: Callable[[], object]) -> Iterator[int]:
    """A child that has done so, and waits."""
    done, tells = os.pipe()
    pid = os.fork()
    if not pid:
        kept = does()
        os.write(tells, b"!")
        time.sleep(60)
        os._exit(kept is None)
    try:
        os.read(done, 1)
        yield pid
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(done)
        os.close(tells)


def seen() -> Memory:
    memory = Memory()
    with memory.watched(os.getpid()):
        time.sleep(3 * SAMPLE_S)
    return memory


def test_what_a_child_was_forked_with_is_counted_once() -> None:
    large, before = taken(LARGE_MIB), seen()
    with forked(lambda: None):
        memory = seen()
    assert len(large) == LARGE_MIB << 20
    assert memory.resident > LARGE_MIB
    assert memory.own < LARGE_MIB / 2
    assert memory.all - before.all < LARGE_MIB / 2


def test_what_a_child_takes_is_its_own_and_more_for_all() -> None:
    before = seen()
    with forked(lambda: taken(LARGE_MIB)):
        memory = seen()
    assert memory.own > LARGE_MIB
    assert memory.floor - before.floor > 0.9 * LARGE_MIB


def test_what_has_ended_holds_nothing() -> None:
    with forked(lambda: None) as pid:
        assert held(pid).resident > 0
    assert held(pid).resident == 0


@pytest.mark.parametrize(
    ("floors", "flat"),
    [
        ((700.0, 690.0, 720.0), True),
        ((700.0, 700.0 + SLACK_MIB + 1), False),
        ((700.0,), False),
        ((0.0, 0.0), False),
    ],
)
def test_growth_is_told_from_what_varies(floors: tuple[float, ...], flat: bool) -> None:
    assert is_flat([Memory(floor=floor, all=floor and floor + 200) for floor in floors]) is flat


@pytest.mark.charts_large
@pytest.mark.timeout(1800)
def test_two_hundred_and_fifty_pages_hold_no_more_than_a_hundred_and_fifty() -> None:
    """Scans in doubt, faxes and born-digital pages; `python -m tests.bench.flat` has two thousand."""
    stretches = [memory for _, memory in watched(250, 2 * LEAST, 60_501)]
    assert is_flat(stretches), [round(memory.floor) for memory in stretches]
