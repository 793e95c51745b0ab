"""Whose page is next: documents take turns, so that a fax behind a chart of 2,000 pages is out before the chart is."""

from __future__ import annotations

import threading
from collections import deque

from streams.clock import Deadline


class Turn:
    """A page at work. To be ended once it is; ending it again changes nothing."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._lock = threading.Lock()
        self._over = False

    def end(self) -> None:
        with self._lock:
            if self._over:
                return
            self._over = True
        self._turns.pass_on()


class Turns:
    """A bounded number of pages at work at once; whoever waits longest is next. Thread-safe.

    A document asks for its next turn when it has got the one before, so that first come, first served among those who
    wait is a round robin between documents, however many pages each has.
    """

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    def take(self, deadline: Deadline) -> Turn:
        """Waits for a turn. Raises RedoubtError(DEADLINE), then without one."""
        with self._lock:
            if self._free > 0:
                # Nobody waits while a turn is free.
                self._free -= 1
                return Turn(self)
            called = threading.Event()
            self._waiting.append(called)
        try:
            while not called.wait(deadline.left_s()):
                deadline.left_s()
        except BaseException:
            self._forgo(called)
            raise
        return Turn(self)

    def pass_on(self) -> None:
        """The next in line has the turn that ended."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1

    def _forgo(self, called: threading.Event) -> None:
        with self._lock:
            if not called.is_set():
                self._waiting.remove(called)
                return
        self.pass_on()
