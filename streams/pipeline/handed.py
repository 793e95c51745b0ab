"""A page that was handed to a pool of processes, waited for as long as anybody is there to answer."""

from __future__ import annotations

import time
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Final

from pebble import ProcessFuture, ProcessPool

LOOK_S: Final = 1.0
"""How often a wait looks whether the pool is still there."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A page at work, and the pool that it was handed to."""

    future: ProcessFuture[Any]
    pool: ProcessPool

    def result(self, patience_s: float) -> Any:
        """Raises TimeoutError after `patience_s`, BrokenProcessPool where nobody will ever answer: pebble forgets what
        was handed over while its pool broke, or was at work when it was stopped."""
        until = time.monotonic() + patience_s
        while True:
            try:
                return self.future.result(max(0.0, min(LOOK_S, until - time.monotonic())))
            except TimeoutError:
                if self.future.done():
                    return self.future.result()
                if time.monotonic() >= until:
                    raise
                if not self.pool.active:
                    raise BrokenProcessPool from None
