"""Documents whose attempt failed: from then on one at a time, so that none is blamed for what another one does.

A poison document may bring down the reading processes, and with them the work of its neighbours. Every one of them
is then a suspect. The poison fails again when it is tried without the others; they do not.

Where the whole process died, more than once (`streams.kafka.starts`), a suspect has the process to itself: nothing
else is at work, and what dies then died of it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from streams.kafka.outages import Over

REPEATS: Final = 8
"""How often a last attempt is made again because another document failed while it ran, or what all share broke. Each
such neighbour was on its own first attempt, so there is an end to them; against a flood of poison there is this
bound."""
_LOOK_S: Final = 0.5


class Suspects:
    """The lane of the suspects, and a count of failures by which one of them sees that it was not alone."""

    def __init__(self, over: threading.Event) -> None:
        self._over = over
        self._lane, self._counting = threading.Lock(), threading.Lock()
        self._failures = 0
        self._room = threading.Condition()
        self._at_work = 0
        self._to_be_alone = 0
        """Those that have the process to themselves, or wait for it: nobody begins beside them."""

    @property
    def failures(self) -> int:
        return self._failures

    def failed(self) -> int:
        """Count one more; how many there are now."""
        with self._counting:
            self._failures += 1
            return self._failures

    @contextmanager
    def turn(self, suspect: bool, alone: bool = False) -> Iterator[None]:
        """A first attempt runs at once, a suspect when no other suspect does, one that must be alone when nothing
        else is at work. Raises Over."""
        if alone:
            with self._among(alone=True):
                yield
        elif suspect:
            with self._in_lane(), self._among(alone=False):
                yield
        else:
            with self._among(alone=False):
                yield

    @contextmanager
    def _in_lane(self) -> Iterator[None]:
        while not self._lane.acquire(timeout=_LOOK_S):
            if self._over.is_set():
                raise Over
        try:
            yield
        finally:
            self._lane.release()

    @contextmanager
    def _among(self, alone: bool) -> Iterator[None]:
        with self._room:
            self._to_be_alone += alone
            try:
                while self._at_work if alone else self._to_be_alone:
                    self._room.wait(_LOOK_S)
                    if self._over.is_set():
                        raise Over
            except Over:
                self._to_be_alone -= alone
                raise
            self._at_work += 1
        try:
            yield
        finally:
            with self._room:
                self._at_work -= 1
                self._to_be_alone -= alone
                self._room.notify_all()
