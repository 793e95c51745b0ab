"""CPU seconds of this process and everything it started, ended children included once their parent waited."""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def tree_seconds(root: int | None = None) -> float:
    """User and system seconds of a process tree (this one by default), from /proc."""
    stats = dict(filter(None, (_stat(entry) for entry in Path("/proc").iterdir() if entry.name.isdigit())))
    wanted = {root or os.getpid()}
    grew = True
    while grew:
        more = {pid for pid, (parent, _) in stats.items() if parent in wanted} - wanted
        wanted |= more
        grew = bool(more)
    return sum(stats[pid][1] for pid in wanted if pid in stats) / TICKS


def _stat(entry: Path) -> tuple[int, tuple[int, int]] | None:
    try:
        fields = (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None  # ended while we looked
    return int(entry.name), (int(fields[1]), sum(int(fields[i]) for i in range(11, 15)))
