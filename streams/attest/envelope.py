"""DSSE, the Dead Simple Signing Envelope, version 1: a payload, its type, and Ed25519 signatures over both.

What is signed is the pre-authentication encoding of type and payload, so that no parser stands before the check
(https://github.com/secure-systems-lab/dsse, protocol.md).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from detectors.errors import Reason, RedoubtError

MAX_BYTES: Final = 16 * 1024 * 1024
"""The statement of the longest document is a fifth of it."""
_PEM_END: Final = "-----END PUBLIC KEY-----"


class Signer(Protocol):
    """Signs with one Ed25519 key. Raises RedoubtError as the key's keeper does."""

    def sign(self, message: bytes) -> tuple[str, bytes]:
        """A hint which key it was, and the signature of 64 bytes."""
        ...


def signed(kind: str, content: bytes, signer: Signer) -> bytes:
    """The envelope of a payload of media type `kind`, as JSON: the same bytes for the same payload and key."""
    key_id, signature = signer.sign(encoding(kind, content))
    envelope = {
        "payload": base64.b64encode(content).decode(),
        "payloadType": kind,
        "signatures": [{"keyid": key_id, "sig": base64.b64encode(signature).decode()}],
    }
    return json.dumps(envelope, sort_keys=True, separators=(",", ":")).encode()


def verified(kind: str, envelope: bytes, keys: Sequence[Ed25519PublicKey]) -> bytes:
    """The payload that one of the keys signed. The key's hint is not asked: it is not signed.

    Raises RedoubtError(HASH_MISMATCH) where none of them signed this, or it is no envelope of this kind.
    """
    content, signatures = _read(kind, envelope)
    message = encoding(kind, content)
    if any(_is_by(key, signature, message) for signature in signatures for key in keys):
        return content
    raise RedoubtError(Reason.HASH_MISMATCH)


def payload(kind: str, envelope: bytes) -> bytes:
    """What the envelope holds, whoever made it. Raises RedoubtError(HASH_MISMATCH) where it is none of this kind."""
    return _read(kind, envelope)[0]


def encoding(kind: str, content: bytes) -> bytes:
    """PAE(type, payload): what is signed."""
    name = kind.encode()
    return b"DSSEv1 %d %s %d %s" % (len(name), name, len(content), content)


def public_keys(files: Iterable[Path]) -> list[Ed25519PublicKey]:
    """The Ed25519 keys of PEM files, which may hold several each: one a version of a rotated key.

    Raises RedoubtError(MISCONFIGURED) for a file that is missing, holds none, or holds another kind of key.
    """
    found: list[Ed25519PublicKey] = []
    for file in files:
        try:
            blocks = file.read_text(encoding="ascii").split(_PEM_END)[:-1]
            keys = [load_pem_public_key(f"{block.strip()}\n{_PEM_END}\n".encode()) for block in blocks]
        except (OSError, ValueError):
            raise RedoubtError(Reason.MISCONFIGURED) from None
        of_kind = [key for key in keys if isinstance(key, Ed25519PublicKey)]
        if not keys or len(of_kind) != len(keys):
            raise RedoubtError(Reason.MISCONFIGURED)
        found += of_kind
    return found


def _read(kind: str, envelope: bytes) -> tuple[bytes, list[bytes]]:
    try:
        if len(envelope) > MAX_BYTES:
            raise ValueError
        data = json.loads(envelope)
        if data["payloadType"] != kind:
            raise ValueError
        signatures = [base64.b64decode(each["sig"], validate=True) for each in data["signatures"]]
        return base64.b64decode(data["payload"], validate=True), signatures
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        raise RedoubtError(Reason.HASH_MISMATCH) from None


def _is_by(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True
