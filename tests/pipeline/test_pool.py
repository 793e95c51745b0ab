"""The reading processes when they die, hang, throw and are short of time: a code each, and the next page is read."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from pebble import ProcessPool

from detectors.errors import NobodysFault, Reason, RedoubtError
from streams.clock import Deadline
from streams.pipeline.pool import QUEUED, PagePool
from tests.pipeline.doubles import printed, reading

CANARY = "Quillanthe"


def dies(mark: Path) -> None:
    """As the kernel ends a process that ate the memory."""
    mark.write_text("begun")
    os.kill(os.getpid(), signal.SIGKILL)


def hangs() -> None:
    time.sleep(60)


def begins_and_hangs(started: Path) -> None:
    started.touch()
    hangs()


def throws() -> None:
    raise ValueError(f"cannot read {CANARY}")


def throws_what_cannot_travel() -> None:
    class Local(Exception):
        pass

    raise Local(CANARY)


def pid() -> int:
    return os.getpid()


@pytest.fixture(scope="module")
def pool() -> Iterator[PagePool]:
    with PagePool(1) as pool:
        assert pool._each(Reason.READER_FAILED, [pid], Deadline.after(120))
        yield pool


def test_processes_that_cannot_start_are_told_at_once(tmp_path: Path) -> None:
    """Not document by document, each after minutes."""
    with pytest.raises(RedoubtError) as refused, PagePool(1, ner_model=str(tmp_path / "none")):
        pass
    assert refused.value.reason is Reason.MISCONFIGURED


def works(mark: Path) -> None:
    """A page of a chart, that says when it is done."""
    time.sleep(0.05)
    mark.touch()


def failure(pool: PagePool, task: Callable[[], object], seconds: float = 60) -> RedoubtError:
    with pytest.raises(RedoubtError) as caught:
        pool._each(Reason.READER_FAILED, [task], Deadline.after(seconds))
    return caught.value


def test_it_reads_and_detects(pool: PagePool) -> None:
    [(found, ink)] = pool.read([printed()], Deadline.after(120))
    assert "diet" in found.text
    assert 0 <= ink.share <= 1
    [spans] = pool.detect([reading()], None, Deadline.after(120))
    assert any(reading().text[span.start : span.end] == "517-48-2931" for span in spans)
    assert pool.spans(["SSN 517-48-2931", None, ""], 60)[1:] == [[], []]


def test_a_process_killed_over_a_page_fails_that_page_alone(pool: PagePool, tmp_path: Path) -> None:
    with pytest.raises(RedoubtError) as caught:
        pool._each(Reason.ATTACKER_FAILED, [partial(dies, tmp_path / "mark")], Deadline.after(120))
    assert caught.value.reason is Reason.READER_FAILED, "whoever died, the document is tried again"
    assert (tmp_path / "mark").exists()
    assert pool._each(Reason.READER_FAILED, [pid], Deadline.after(120))


def test_a_page_that_hangs_ends_at_the_deadline(pool: PagePool) -> None:
    started = time.monotonic()
    assert failure(pool, hangs, seconds=1).reason is Reason.DEADLINE
    assert time.monotonic() - started < 15
    assert pool._each(Reason.READER_FAILED, [pid], Deadline.after(120))


@pytest.mark.parametrize("task", [throws, throws_what_cannot_travel])
def test_what_a_page_throws_keeps_its_text_to_itself(pool: PagePool, task: Callable[[], object]) -> None:
    error = failure(pool, task)
    assert error.reason is Reason.READER_FAILED
    chain: BaseException | None = error
    while chain is not None:
        assert CANARY not in repr(chain)
        chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)


def test_no_time_left_is_the_deadline(pool: PagePool) -> None:
    assert failure(pool, pid, seconds=0).reason is Reason.DEADLINE


def test_a_process_that_died_idle_costs_nobody_a_page(pool: PagePool) -> None:
    [worker] = pool._each(Reason.READER_FAILED, [pid], Deadline.after(120))
    os.kill(worker, signal.SIGKILL)
    time.sleep(1.5)  # the pool looks at its processes every few tenths of a second
    [next_worker] = pool._each(Reason.READER_FAILED, [pid], Deadline.after(120))
    assert next_worker != worker


def test_a_death_that_takes_a_waiting_page_along_is_nobodys_verdict(pool: PagePool) -> None:
    """pebble then ends what waits with an exception of its own: no attack has failed, the document is tried again."""

    def tried() -> int | None:
        try:
            return pool._each(Reason.ATTACKER_FAILED, [pid], Deadline.after(120))[0]
        except RedoubtError as error:
            reasons.add(error.reason)
            return None

    reasons = set[Reason]()
    for _ in range(4):
        while (worker := tried()) is None:
            pass
        os.kill(worker, signal.SIGKILL)
        assert tried() != worker
    assert reasons <= {Reason.READER_FAILED}


def test_a_broken_pool_is_rebuilt_once_for_all(pool: PagePool) -> None:
    """pebble gives a pool up for good in some deaths: then there is a new one, whoever asks first."""
    broken: ProcessPool = pool._pool
    broken.stop()
    broken.join()
    found: list[int] = []

    def ask() -> None:
        found.extend(pool._each(Reason.READER_FAILED, [pid], Deadline.after(120)))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(found) == 4
    assert len(set(found)) == 1
    assert pool._pool is not broken


def test_a_pool_that_ends_under_a_page_blames_nobody(pool: PagePool, tmp_path: Path) -> None:
    started = tmp_path / "started"
    task = partial(begins_and_hangs, started)
    with ThreadPoolExecutor(1) as threads:
        future = threads.submit(pool._each, Reason.ATTACKER_FAILED, [task], Deadline.after(120))
        while not started.exists():
            time.sleep(0.05)
        pool._pool.stop()
        with pytest.raises(NobodysFault) as caught:
            future.result(120)
    assert caught.value.reason is Reason.READER_FAILED


def test_a_fax_is_not_behind_a_whole_chart(pool: PagePool, tmp_path: Path) -> None:
    """One process, a chart of 60 pages at work: a document of two pages is through when a few more of them are done."""

    def done() -> int:
        return sum(1 for _ in tmp_path.iterdir())

    pages = [partial(works, tmp_path / str(number)) for number in range(60)]
    chart = threading.Thread(target=pool._each, args=(Reason.READER_FAILED, pages, Deadline.after(240)))
    chart.start()
    ends = time.monotonic() + 120
    while done() < 3:
        assert time.monotonic() < ends
        time.sleep(0.01)
    assert pool._each(Reason.READER_FAILED, [pid, pid], Deadline.after(120))
    assert done() < 30
    chart.join(120)
    assert done() == 60


def test_pages_are_taken_only_as_there_is_room_for_them(pool: PagePool, tmp_path: Path) -> None:
    """Whatever a page costs in memory, few of them are ever on their way."""
    taken = 0

    def pages() -> Iterator[Callable[[], None]]:
        nonlocal taken
        for number in range(20):
            taken += 1
            assert taken - sum(1 for _ in tmp_path.iterdir()) <= 4
            yield partial(works, tmp_path / str(number))

    assert len(pool._each(Reason.READER_FAILED, pages(), Deadline.after(240))) == 20


def test_what_the_pages_come_from_may_fail_in_its_own_words(pool: PagePool) -> None:
    def pages() -> Iterator[Callable[[], int]]:
        yield pid
        raise RedoubtError(Reason.DECODER_CRASHED)

    with pytest.raises(RedoubtError) as caught:
        pool._each(Reason.READER_FAILED, pages(), Deadline.after(120))
    assert caught.value.reason is Reason.DECODER_CRASHED
    assert pool._each(Reason.READER_FAILED, [pid], Deadline.after(120))


def test_turns_of_failed_pages_are_given_back(pool: PagePool) -> None:
    for _ in range(5):
        failure(pool, throws)
    assert pool._turns._free == QUEUED
