"""A file's content as the file is now, read again where it was changed or put in place anew."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from detectors.errors import Reason, RedoubtError

T = TypeVar("T")


class Fresh(Generic[T]):
    """`read` makes the value of the file; what it raises is raised at every call until the file is right again."""

    def __init__(self, file: Path, read: Callable[[Path], T]) -> None:
        self._file, self._read = file, read
        self._lock = threading.Lock()
        self._kept: tuple[tuple[int, int, int], T] | None = None

    def __call__(self) -> T:
        """Raises RedoubtError(MISCONFIGURED) while the file is missing."""
        with self._lock:
            try:
                status = self._file.stat()
            except OSError:
                raise RedoubtError(Reason.MISCONFIGURED) from None
            seen = (status.st_mtime_ns, status.st_ino, status.st_size)
            if self._kept is None or self._kept[0] != seen:
                self._kept = None
                self._kept = (seen, self._read(self._file))
            return self._kept[1]
