"""`python -m tests.contracts.threads ENGINE`: by how many threads a reading is done beside the first of a process.

In a process of its own, where no thread but the engine's has anything to do. What counts is the time on a core that a
thread of this process or of its children takes while pages are read: threads that an engine keeps and does not use
cost nothing, and those that it keeps and uses stand there before it reads.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from tests.contracts.engines import DPI, made, written

READINGS = 5
SAMPLE_S = 0.005
LEAST_TICKS = 2
SHARE = 0.1
"""Of what the busiest thread of its process takes."""


def main() -> None:
    engine = made(sys.argv[1])
    page = written(["The quick brown fox jumps over"] * 8)
    engine.words(page, DPI)
    with Watch() as watch:
        for _ in range(READINGS):
            engine.words(page, DPI)
    print(watch.helpers())


class Watch:
    """Ticks of the clock that each thread of this process and of its children took meanwhile."""

    def __init__(self) -> None:
        self._before = dict(_ticks())
        self._after: dict[tuple[int, int], int] = {}
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch)

    def __enter__(self) -> Watch:
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watcher.join()

    def helpers(self) -> int:
        """Threads but the first of each process that took a share of its work."""
        took = {at: ticks - self._before.get(at, 0) for at, ticks in self._after.items()}
        took.pop((os.getpid(), self._watcher.native_id or 0), None)
        busiest = {process: max(ticks for (p, _), ticks in took.items() if p == process) for process, _ in took}
        return sum(
            thread != process and ticks >= max(LEAST_TICKS, SHARE * busiest[process])
            for (process, thread), ticks in took.items()
        )

    def _watch(self) -> None:
        while not self._done.wait(SAMPLE_S):
            self._after.update(_ticks())


def _ticks() -> Iterator[tuple[tuple[int, int], int]]:
    """Process and thread, and what the thread took until now, for this process and its children."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpid() not in (int(process.name), int(_fields(process)[1])):
                continue
            for thread in (process / "task").iterdir():
                user, system = _fields(thread)[11:13]
                yield (int(process.name), int(thread.name)), int(user) + int(system)
        except (OSError, IndexError):
            continue


def _fields(of: Path) -> list[str]:
    return (of / "stat").read_text().rsplit(")", 1)[1].split()


if __name__ == "__main__":
    main()
