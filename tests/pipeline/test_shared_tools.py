"""What reading processes load is loaded once: by the process that they are forked from, which runs no second thread."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from detectors.errors import Reason
from streams.clock import Deadline
from streams.pipeline.pool import PagePool
from tests.pipeline.doubles import printed, reading

T = TypeVar("T")
OWN_MIB = 60
"""A process that loads engines, dictionaries and shapes for itself has 113 at its start, and 170 after a page."""


@pytest.fixture(scope="module")
def pool() -> Iterator[PagePool]:
    with PagePool(1) as pool:
        yield pool


def own_mib() -> float:
    """Memory of this process that no other has. It says so itself: nobody else may look."""
    rows = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    return sum(int(row.split()[1]) for row in rows if row.startswith("Private_")) / 1024


def threads_of_the_parent() -> int:
    status = Path(f"/proc/{os.getppid()}/status").read_text()
    return int(next(row for row in status.splitlines() if row.startswith("Threads:")).split()[1])


def times_loaded() -> list[int]:
    """Engine, text detector and second engine."""
    from streams.pipeline import tools

    return [loaded.cache_info().misses for loaded in (tools._engine, tools._text, tools.other_engine)]


def asked(pool: PagePool, question: Callable[[], T]) -> T:
    return pool._each(Reason.READER_FAILED, [question], Deadline.after(120))[0]


def test_a_fresh_process_has_everything_and_little_of_its_own(pool: PagePool) -> None:
    assert asked(pool, times_loaded) == [1, 1, 1]
    assert asked(pool, own_mib) < OWN_MIB


def test_it_is_forked_from_a_process_with_one_thread(pool: PagePool) -> None:
    """A lock that a second thread held would never be released in the fork."""
    assert asked(pool, threads_of_the_parent) == 1


def test_a_page_loads_nothing_anew(pool: PagePool) -> None:
    before = asked(pool, own_mib)
    [(found, _)] = pool.read([printed()], Deadline.after(120))
    pool.detect([found, reading()], None, Deadline.after(120))
    assert asked(pool, times_loaded) == [1, 1, 1]
    assert asked(pool, own_mib) - before < OWN_MIB
