"""Authenticated encryption of one object: AES-256-GCM in chunks, after the STREAM construction.

Layout: `RDS1`, 16 bytes of salt, then chunks of CHUNK_BYTES (the last one shorter), each with a tag of 16 bytes.
Each object has a key of its own, HKDF-SHA-256 of the data key and the salt, so that nonces (an 11-byte counter
and one byte that marks the last chunk) never repeat under a key. Chunks cannot be dropped, swapped or cut off
(Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from detectors.errors import Reason, RedoubtError

CHUNK_BYTES: Final = 4 * 1024 * 1024
"""Small enough that a chunk's copy does not double the memory of a large document."""

_MAGIC: Final = b"RDS1"
_SALT_BYTES: Final = 16
_TAG_BYTES: Final = 16


def seal(key: bytes, associated: bytes, content: bytes) -> bytes:
    """`content` sealed under `key` (32 bytes) and bound to `associated`."""
    return b"".join(seal_pieces(key, associated, [content]))


def seal_pieces(key: bytes, associated: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same of a content that is never in memory whole: `pieces` joined are the content, what comes the sealed."""
    salt = secrets.token_bytes(_SALT_BYTES)
    cipher = _cipher(key, salt)
    yield _MAGIC + salt
    pending, index = bytearray(), 0
    for piece in pieces:
        pending += piece
        begin = 0
        # The last chunk is marked, so none is sealed before it is known that more follows.
        while len(pending) - begin > CHUNK_BYTES:
            yield cipher.encrypt(_nonce(index, last=False), bytes(pending[begin : begin + CHUNK_BYTES]), associated)
            begin, index = begin + CHUNK_BYTES, index + 1
        del pending[:begin]
    yield cipher.encrypt(_nonce(index, last=True), bytes(pending), associated)


def unseal(key: bytes, associated: bytes, sealed: bytes) -> bytes:
    """The content again. Raises RedoubtError(HASH_MISMATCH) for another key or binding, or a changed byte."""
    start = len(_MAGIC) + _SALT_BYTES
    content: bytearray | None = bytearray()
    if sealed[: len(_MAGIC)] != _MAGIC or len(sealed) < start + _TAG_BYTES:
        content = None
    else:
        cipher = _cipher(key, sealed[len(_MAGIC) : start])
        try:
            for nonce, chunk in _chunks(memoryview(sealed)[start:], CHUNK_BYTES + _TAG_BYTES):
                content += cipher.decrypt(nonce, chunk, associated)  # type: ignore[operator]
        except InvalidTag:
            content = None
    if content is None:
        raise RedoubtError(Reason.HASH_MISMATCH)
    return bytes(content)


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=b"redoubt-sealed-1").derive(key))


def _nonce(index: int, *, last: bool) -> bytes:
    return index.to_bytes(11, "big") + bytes([last])


def _chunks(content: bytes | memoryview, size: int) -> Iterator[tuple[bytes, memoryview]]:
    """Nonce and chunk; empty content is one empty last chunk."""
    view = memoryview(content)
    count = max(1, -(-len(view) // size))
    for index in range(count):
        yield _nonce(index, last=index == count - 1), view[index * size : (index + 1) * size]
