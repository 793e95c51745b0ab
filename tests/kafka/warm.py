"""Processes forked from one that has imported what they need: a start in milliseconds, where a fresh interpreter takes
seconds. What such a process does, how it ends and how it is killed is that of any other."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

_CONTEXT: Final = multiprocessing.get_context("forkserver")
_LOCK: Final = threading.Lock()
"""A start looks at all that were started before, and an exit code can be read but once."""
_IMPORTED: Final = ("tests.backfill.process", "tests.kafka.deciding_process")


class WarmProcess:
    """`main(words)` in a process of its own, whose exit code is what it returns. Has the face of `subprocess.Popen`."""

    def __init__(self, main: Callable[[Sequence[str]], int], words: Sequence[str]) -> None:
        _CONTEXT.set_forkserver_preload(list(_IMPORTED))
        self._process = _CONTEXT.Process(target=_run, args=(main, list(words)))
        with _LOCK:
            self._process.start()

    @property
    def pid(self) -> int:
        return int(self._process.pid or 0)

    def poll(self) -> int | None:
        with _LOCK:
            return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        until = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired("a warm process", timeout or 0.0)
            time.sleep(0.02)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _run(main: Callable[[Sequence[str]], int], words: Sequence[str]) -> None:
    sys.exit(main(words))
