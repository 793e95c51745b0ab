"""The part of an event that only the PHI zone may read, and its text form once it is sealed."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
from dataclasses import dataclass, field
from typing import Final

from pydantic import TypeAdapter, ValidationError

from detectors.errors import Reason, RedoubtError
from detectors.subject import Subject

PRIVATE: Final = "private"
CONTENT: Final = "content"
"""The names that sealed parts of an event are bound to."""


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
        found: Private | None = None
        # Raised outside the handler: the chained exception would quote the patient.
        with contextlib.suppress(ValidationError):
            found = _PRIVATE.validate_json(text)
        if found is None:
            raise RedoubtError(Reason.INVALID_EVENT)
        return found


_PRIVATE: Final = TypeAdapter(Private)


def to_text(sealed: bytes) -> str:
    return base64.b64encode(sealed).decode()


def from_text(text: str) -> bytes:
    """Raises RedoubtError(INVALID_EVENT)."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise RedoubtError(Reason.INVALID_EVENT) from None
