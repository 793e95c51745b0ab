"""The memory of processes as the limit of a container sees it, from /proc: pages that several share are counted once.

What a process has *resident* is all that it can see, the pages that it was forked with among them; over several
processes these sum to more than there is. Its *share* has each page divided by those who have it (PSS): the sum over
all is what there is. What it has of its *own* nobody else has (USS): so much more another one takes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

SAMPLE_S: Final = 0.2


@dataclass(frozen=True)
class Held:
    """MiB of one process."""

    resident: float
    share: float
    own: float


@dataclass
class Memory:
    """The most MiB in the time watched: of all together at once; of one of them but the first; and the `floor`, the
    least that all had together, what they hold when they hold little."""

    all: float = 0.0
    resident: float = 0.0
    own: float = 0.0
    floor: float = field(default=float("inf"))

    @contextmanager
    def watched(self, first: int, below: Sequence[int] | None = None) -> Iterator[None]:
        """The process `first`, and these and all below them; without these, all below `first`.

        It costs some hundredths of a second of CPU each time that it looks: nobody's time is measured meanwhile.
        """
        over = threading.Event()

        def watch() -> None:
            while not over.wait(SAMPLE_S):
                self._look(first, children(first) if below is None else below)

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _look(self, first: int, below: Sequence[int]) -> None:
        others = [held(pid) for root in below for pid in tree(root)]
        total = held(first).share + sum(each.share for each in others)
        self.all, self.floor = max(self.all, total), min(self.floor, total)
        self.resident = max([self.resident, *(each.resident for each in others)])
        self.own = max([self.own, *(each.own for each in others)])


def tree(root: int) -> list[int]:
    """A process, and all that it started and that started from there."""
    return [root, *(pid for child in children(root) for pid in tree(child))]


def children(parent: int) -> list[int]:
    found: list[int] = []
    try:
        for task in Path(f"/proc/{parent}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    except OSError:
        pass  # it ended while we looked
    return found


def held(pid: int) -> Held:
    """What has ended holds nothing. Who may not look into a process takes all that it has resident for its own."""
    try:
        resident = _mib(Path(f"/proc/{pid}/status"), "VmRSS")
    except OSError:
        return Held(0.0, 0.0, 0.0)
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup")
        return Held(resident, _mib(rollup, "Pss"), _mib(rollup, "Private_Clean", "Private_Dirty"))
    except ProcessLookupError:
        return Held(0.0, 0.0, 0.0)
    except OSError:
        return Held(resident, resident, resident)


def _mib(path: Path, *names: str) -> float:
    rows = dict(row.split(":", 1) for row in path.read_text().splitlines() if ":" in row)
    return sum(int(rows[name].split()[0]) for name in names if name in rows) / 1024
