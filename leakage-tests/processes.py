"""What the processes of a run show to whoever may look at /proc: variables, command lines, files held open."""

from __future__ import annotations

import contextlib
import stat
from collections.abc import Iterator
from pathlib import Path

MAX_BYTES = 16 * 1024 * 1024
"""Of one file that a process holds open, deleted ones included."""
PROC = Path("/proc")


def shown(root: int, sealed: Path) -> Iterator[tuple[str, bytes]]:
    """Of every process that `root` has started, by place; nothing of files below `sealed`, the PHI zone's store."""
    for process in _started_by(root):
        for kind in ("environ", "cmdline"):
            with contextlib.suppress(OSError):
                yield f"{kind} of a process", (process / kind).read_bytes()
        yield from _open_files(process, sealed)


def _open_files(process: Path, sealed: Path) -> Iterator[tuple[str, bytes]]:
    with contextlib.suppress(OSError):
        for descriptor in list((process / "fd").iterdir()):
            with contextlib.suppress(OSError):
                target = str(descriptor.readlink())
                if stat.S_ISREG(descriptor.stat().st_mode) and not target.startswith(str(sealed)):
                    with descriptor.open("rb") as file:
                        yield f"open file {target}", file.read(MAX_BYTES)


def _started_by(root: int) -> list[Path]:
    """Its children and theirs; not itself, which holds the canaries."""
    parents: dict[int, int] = {}
    for status in PROC.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
    found: list[int] = []
    wave = {root}
    while wave:
        wave = {child for child, parent in parents.items() if parent in wave and child not in found}
        found += wave
    return [PROC / str(number) for number in found]
