"""Documents whose attempt failed: from then on one at a time, so that none is blamed for what another one does.

A poison document may bring down the reading processes, and with them the work of its neighbours. Every one of them
is then a suspect. The poison fails again when it is tried without the others; they do not.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from streams.kafka.outages import Over

REPEATS: Final = 8
"""How often a last attempt is made again because another document failed while it ran. Each such neighbour was on
its own first attempt, so there is an end to them; against a flood of poison there is this bound."""
_LOOK_S: Final = 0.5


class Suspects:
    """The lane of the suspects, and a count of failures by which one of them sees that it was not alone."""

    def __init__(self, over: threading.Event) -> None:
        self._over = over
        self._lane, self._counting = threading.Lock(), threading.Lock()
        self._failures = 0

    @property
    def failures(self) -> int:
        return self._failures

    def failed(self) -> int:
        """Count one more; how many there are now."""
        with self._counting:
            self._failures += 1
            return self._failures

    @contextmanager
    def turn(self, suspect: bool) -> Iterator[None]:
        """A first attempt runs at once, a suspect when no other suspect does. Raises Over."""
        if not suspect:
            yield
            return
        while not self._lane.acquire(timeout=_LOOK_S):
            if self._over.is_set():
                raise Over
        try:
            yield
        finally:
            self._lane.release()
