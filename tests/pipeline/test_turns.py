"""Documents take turns at the reading processes, whatever their number of pages."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from detectors.errors import Reason, RedoubtError
from streams.clock import Deadline
from streams.pipeline.turns import Turn, Turns

LONG = 120.0


def until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + LONG
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.005)


class Queue:
    """Documents that wait for their turns, and in which order they got them."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.order: list[str] = []
        self.taken: list[Turn] = []
        self.threads: list[threading.Thread] = []

    def joins(self, name: str, pages: int = 1) -> None:
        before = len(self.turns._waiting)

        def work() -> None:
            for _ in range(pages):
                self.taken.append(self.turns.take(Deadline.after(LONG)))
                self.order.append(name)

        thread = threading.Thread(target=work)
        thread.start()
        self.threads.append(thread)
        until(lambda: len(self.turns._waiting) > before)

    def serve(self, turns: int) -> None:
        """Ends one turn after another, each once whoever got the last one waits again or is done."""
        for number in range(turns):
            waiting = len(self.turns._waiting)
            self.taken[number].end()
            until(lambda number=number, waiting=waiting: len(self.order) > number)  # type: ignore[misc]
            until(lambda: len(self.turns._waiting) == sum(thread.is_alive() for thread in self.threads))
            assert waiting


def test_a_fax_waits_for_one_page_of_a_chart_and_not_for_all() -> None:
    turns = Turns(1)
    queue = Queue(turns)
    queue.taken.append(turns.take(Deadline.after(LONG)))
    queue.joins("chart", pages=6)
    queue.joins("fax", pages=2)
    queue.joins("letter")
    queue.serve(9)
    assert queue.order == ["chart", "fax", "letter", "chart", "fax", "chart", "chart", "chart", "chart"]


def test_no_more_are_at_work_than_there_are_turns() -> None:
    turns = Turns(3)
    at_work = most = done = 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal at_work, most, done
        for _ in range(50):
            turn = turns.take(Deadline.after(LONG))
            with lock:
                at_work += 1
                most = max(most, at_work)
            time.sleep(0)
            with lock:
                at_work -= 1
                done += 1
            turn.end()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert done == 400
    assert 1 <= most <= 3


def test_who_gives_up_waiting_takes_no_turn_along() -> None:
    turns = Turns(1)
    turn = turns.take(Deadline.after(LONG))
    with pytest.raises(RedoubtError) as caught:
        turns.take(Deadline.after(0.05))
    assert caught.value.reason is Reason.DEADLINE
    turn.end()
    turn.end()
    turns.take(Deadline.after(1))
    with pytest.raises(RedoubtError):
        turns.take(Deadline.after(0.05))
