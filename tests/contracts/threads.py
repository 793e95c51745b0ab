"""`python -m tests.contracts.threads ENGINE`: by how many threads a reading rises above none.

In a process of its own, where no thread but the engine's can come or go. Threads of this process and of its children
are counted while the engine has read and rests, and while it reads; the watcher is there both times. A program that
is run for a page brings a process, whose first thread reads. The least of `TRIES` counts: an engine that reads with
more threads does so each time, and a watcher that sees a child come late does not.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.contracts.engines import DPI, made, written

REST_S = 0.2
TRIES = 3


def main() -> None:
    engine = made(sys.argv[1])
    page = written(["The quick brown fox jumps over"] * 4)
    engine.words(page, DPI)
    resting = most(lambda: time.sleep(REST_S))
    print(min(most(lambda: engine.words(page, DPI)) for _ in range(TRIES)) - resting)


def most(while_running: Callable[[], object]) -> int:
    seen: list[int] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            seen.append(count())
            time.sleep(0.005)

    watcher = threading.Thread(target=watch)
    watcher.start()
    while_running()
    done.set()
    watcher.join()
    return max(seen)


def count() -> int:
    """Threads of this process, and those of its children but the first of each."""
    total = 0
    for task in Path("/proc").glob("[0-9]*"):
        try:
            fields = (task / "stat").read_text().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue
        if int(task.name) == os.getpid():
            total += int(fields[17])
        elif int(fields[1]) == os.getpid():
            total += int(fields[17]) - 1
    return total


if __name__ == "__main__":
    main()
