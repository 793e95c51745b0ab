"""The most memory that this process and its reading processes have held, from /proc."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


def tree() -> list[int]:
    """This process, and all that it started and that started from there."""
    return [os.getpid(), *_children(os.getpid())]


def peak_mib(pids: Sequence[int]) -> dict[str, float]:
    """MiB of the largest process but the first, and of all, each at its own peak. Those that have ended count as 0."""
    first, *others = (_peak(pid) for pid in pids)
    return {"reading process": max(others), "all": first + sum(others)}


def _children(parent: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{parent}/task").iterdir():
        for pid in map(int, (task / "children").read_text().split()):
            found += [pid, *_children(pid)]
    return found


def _peak(pid: int) -> float:
    try:
        rows = dict(row.split(":", 1) for row in Path(f"/proc/{pid}/status").read_text().splitlines())
    except OSError:
        return 0.0
    return int(rows["VmHWM"].split()[0]) / 1024
