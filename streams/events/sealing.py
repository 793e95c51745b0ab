"""The part of an event that only the PHI zone may read, and its text form once it is sealed."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field
from typing import Annotated, Final

from pydantic import Field, TypeAdapter, ValidationError

from detectors.errors import Reason, RedoubtError
from detectors.subject import Subject
from streams.events.received import DocumentReceived

PRIVATE: Final = "private"
CONTENT: Final = "content"
"""The names that sealed parts of an event are bound to."""


@dataclass(frozen=True, slots=True)
class Private:
    """What only the PHI zone may know of a document. All but the patient is hexadecimal.

    `terms` is the digest of all that the event says in the clear: whoever can write the topic, and holds no key,
    cannot have a document done under another profile or authorization than it was submitted with. `offset` is the 32
    secret bytes that the patient's dates move by: whoever works on the document cannot derive them.
    """

    commitment_key: str = field(repr=False)
    sha256: str = field(repr=False)
    terms: str = field(repr=False)
    patient: Subject | None = field(default=None, repr=False)
    offset: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = field(default=None, repr=False)

    @classmethod
    def of(
        cls, content: bytes, patient: Subject | None, event: DocumentReceived, offset: bytes | None = None
    ) -> Private:
        """`event` is the one that it will travel in; what is sealed of it may still be missing."""
        digest, moves_by = hashlib.sha256(content).hexdigest(), offset.hex() if offset else None
        return cls(os.urandom(32).hex(), digest, terms_of(event), patient, moves_by)

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
_RECEIVED: Final = TypeAdapter(DocumentReceived)
_SEALED: Final = {"private", "reference", "inline"}
"""What needs no digest: sealed itself, or found by what it leads to, whose SHA-256 is."""


def terms_of(event: DocumentReceived) -> str:
    """SHA-256 of all that the event says in the clear, hexadecimal: the same however its JSON was written."""
    said = _RECEIVED.dump_python(event, mode="json", exclude=_SEALED, exclude_none=True)
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def to_text(sealed: bytes) -> str:
    return base64.b64encode(sealed).decode()


def from_text(text: str) -> bytes:
    """Raises RedoubtError(INVALID_EVENT)."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise RedoubtError(Reason.INVALID_EVENT) from None
