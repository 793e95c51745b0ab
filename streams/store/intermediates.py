"""What a document leaves beside itself while it is worked on: pages that memory should not hold."""

from __future__ import annotations

import os
import secrets
import tempfile
import weakref
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from detectors.errors import Reason, RedoubtError

HELD_BYTES: Final = 32 * 1024 * 1024
"""So much of a document stays in memory: a fax or a letter never touches the disk."""
_KEY_BITS: Final = 256
_NONCE_BYTES: Final = 12


class Spill:
    """Named pieces of one document; beyond HELD_BYTES they lie in a file that has no name, sealed.

    The key is made for this one document and is nowhere but in this object: with the process it is gone, and the file
    is ciphertext of nobody's, which the kernel frees by itself. Raises RedoubtError(STORE_UNAVAILABLE) where the disk
    fails or is full, HASH_MISMATCH where it gave back something else. For one thread at a time.

    `folder` lies on a disk with room for the copy; None is the system's folder for temporary files.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._cipher = AESGCM(AESGCM.generate_key(_KEY_BITS))
        self._held: dict[str, bytes] = {}
        self._lying: dict[str, tuple[int, int]] = {}
        self._room = HELD_BYTES
        self._file: int | None = None
        self._end = 0

    def put(self, name: str, content: bytes) -> None:
        """Keeps a piece, in place of one of the same name."""
        self._room += len(self._held.pop(name, b""))
        self._lying.pop(name, None)
        if len(content) <= self._room:
            self._held[name] = content
            self._room -= len(content)
            return
        nonce = secrets.token_bytes(_NONCE_BYTES)
        self._append(name, nonce + self._cipher.encrypt(nonce, content, name.encode()))

    def get(self, name: str) -> bytes:
        """Raises KeyError for a piece that was never put."""
        if name in self._held:
            return self._held[name]
        begin, length = self._lying[name]
        failed = Reason.STORE_UNAVAILABLE
        try:
            sealed = os.pread(self._descriptor(), length, begin)
            failed = Reason.HASH_MISMATCH
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name.encode())
        except Exception:  # noqa: BLE001  whatever the disk or the cipher says, the piece is not there
            raise RedoubtError(failed) from None

    def _append(self, name: str, sealed: bytes) -> None:
        try:
            written = 0
            while written < len(sealed):
                written += os.pwrite(self._descriptor(), memoryview(sealed)[written:], self._end + written)
        except OSError:
            raise RedoubtError(Reason.STORE_UNAVAILABLE) from None
        self._lying[name] = (self._end, len(sealed))
        self._end += len(sealed)

    def _descriptor(self) -> int:
        if self._file is None:
            with tempfile.TemporaryFile(dir=self._folder) as file:
                self._file = os.dup(file.fileno())
            # A copy may be read long after its document was worked on: the file goes with the last who holds this.
            weakref.finalize(self, os.close, self._file)
        return self._file
