"""A random key in a private file, made on first use."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

from detectors.errors import Reason, RedoubtError


def read_or_make_key(path: Path, length: int) -> bytes:
    """`length` bytes from `path`, which is created with mode 0600 where absent. Safe against a racing twin.

    Raises RedoubtError(MISCONFIGURED) where the file has another length, is no plain file, belongs to somebody
    else or can be read by others: a key that others know protects nothing.
    """
    found: bytes | None = None
    with contextlib.suppress(OSError):
        if not os.path.lexists(path):
            _make(path, secrets.token_bytes(length))
        found = _read(path)
    if found is None or len(found) != length:
        raise RedoubtError(Reason.MISCONFIGURED)
    return found


def _make(path: Path, key: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Written beside and linked into place: a twin sees no key or a whole one, never half of it.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def _read(path: Path) -> bytes | None:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(file.fileno())
        private = stat.S_ISREG(status.st_mode) and not status.st_mode & 0o077 and status.st_uid == os.getuid()
        return file.read(1024) if private else None
