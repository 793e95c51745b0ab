"""Looks at a part from the side, in a thread of its own: who only waits would not notice that it is away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_EVERY_S: Final = 5.0
_ENDS_S: Final = 1.0


@contextmanager
def looking(look: Callable[[], None]) -> Iterator[None]:
    """Calls `look` every few seconds while the block lasts; the first time before the block begins."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_EVERY_S):
            look()

    look()
    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        # A look that waits for its answer does not keep the process from ending.
        thread.join(_ENDS_S)
