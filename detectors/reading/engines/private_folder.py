"""A folder for pixels that must not reach a disk: memory-backed, ours alone, gone even after a kill -9."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final, Self

from detectors.errors import Reason, RedoubtError

SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108  the point is that it is memory; the folder in it is 0700
_PREFIX: Final = "redoubt-ocr-"
_MEMORY_TYPES: Final = frozenset({"tmpfs", "ramfs"})


class PrivateFolder:
    """A folder of mode 0700 under `root`, locked as long as this process lives; folders that nobody locks are swept.

    The lock, and not a process id in the name, tells the living from the dead: pods share /dev/shm across process
    namespaces. Raises RedoubtError(MISCONFIGURED) where `root` is not in memory or cannot be written.
    """

    def __init__(self, root: Path = SHARED_MEMORY) -> None:
        if not in_memory(root):
            raise RedoubtError(Reason.MISCONFIGURED)
        _sweep(root)
        for _ in range(10):
            try:
                path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=root))
            except OSError:
                raise RedoubtError(Reason.MISCONFIGURED) from None
            handle = _locked(path)
            if handle is not None:
                self._path, self._handle = path, handle
                return
        raise RedoubtError(Reason.MISCONFIGURED)

    @property
    def path(self) -> Path:
        return self._path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def empty(self) -> None:
        """Removes what is in the folder. Raises OSError where something stays."""
        for found in self._path.iterdir():
            found.unlink()

    def close(self) -> None:
        """Removes the folder; a second call does nothing."""
        if self._handle >= 0:
            shutil.rmtree(self._path, ignore_errors=True)
            os.close(self._handle)
            self._handle = -1


def in_memory(path: Path) -> bool:
    """Whether the folder exists on a file system that lives in memory."""
    if not path.is_dir():
        return False
    resolved = path.resolve()
    found = ("", "")
    for row in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        _, mount, kind, *_ = row.split(" ")
        if resolved.is_relative_to(mount) and len(mount) >= len(found[0]):
            found = (mount, kind)
    return found[1] in _MEMORY_TYPES


def _locked(path: Path) -> int | None:
    """A descriptor that locks the folder; None where someone else has it, or has just swept it away."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.stat().st_ino == os.fstat(handle).st_ino:
            return handle
    except OSError:
        pass
    os.close(handle)
    return None


def _sweep(root: Path) -> None:
    for path in root.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if path.lstat().st_uid != os.getuid():
                continue
            handle = _locked(path)
            if handle is not None:
                shutil.rmtree(path, ignore_errors=True)
                os.close(handle)
