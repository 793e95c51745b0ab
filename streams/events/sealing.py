"""Sealing under a document's data key: AES-256-GCM, bound to tenant, document and part.

The data key itself comes from the vault and travels wrapped; whoever may not unwrap it sees ciphertext only.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import TypeAdapter, ValidationError

from detectors.errors import Reason, RedoubtError
from detectors.subject import Subject

_NONCE_BYTES: Final = 12
"""96 bits, random: safe for far more than the handful of parts that one data key seals (NIST SP 800-38D, 8.3)."""


@dataclass(frozen=True, slots=True)
class Binding:
    """What a ciphertext belongs to; it opens nowhere else."""

    tenant: str
    document_id: str
    part: str

    def associated(self) -> bytes:
        return json.dumps([self.tenant, self.document_id, self.part]).encode()


@dataclass(frozen=True, slots=True)
class Private:
    """What only the PHI zone may know of a document. `commitment_key` and `sha256` are hexadecimal."""

    commitment_key: str = field(repr=False)
    sha256: str = field(repr=False)
    patient: Subject | None = field(default=None, repr=False)

    @classmethod
    def of(cls, content: bytes, patient: Subject | None) -> Private:
        return cls(os.urandom(32).hex(), hashlib.sha256(content).hexdigest(), patient)

    def commitment(self, content: bytes) -> str:
        """HMAC-SHA-256 of the content under this document's own key, hexadecimal."""
        return hmac.new(bytes.fromhex(self.commitment_key), content, hashlib.sha256).hexdigest()

    def to_json(self) -> bytes:
        return _PRIVATE.dump_json(self, exclude_none=True)

    @classmethod
    def from_json(cls, text: bytes) -> Private:
        """Raises RedoubtError(INVALID_EVENT)."""
        try:
            return _PRIVATE.validate_json(text)
        except ValidationError:
            raise RedoubtError(Reason.INVALID_EVENT) from None


_PRIVATE: Final = TypeAdapter(Private)


def seal(key: bytes, binding: Binding, plaintext: bytes) -> bytes:
    """Nonce and ciphertext. `key` has 32 bytes."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, binding.associated())


def unseal(key: bytes, binding: Binding, sealed: bytes) -> bytes:
    """Raises RedoubtError(HASH_MISMATCH) where the bytes were changed or belong elsewhere."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], binding.associated())
    except (InvalidTag, ValueError):
        raise RedoubtError(Reason.HASH_MISMATCH) from None


def to_text(sealed: bytes) -> str:
    return base64.b64encode(sealed).decode()


def from_text(text: str) -> bytes:
    """Raises RedoubtError(INVALID_EVENT)."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise RedoubtError(Reason.INVALID_EVENT) from None
